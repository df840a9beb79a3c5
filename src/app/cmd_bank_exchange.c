/* app/cmd_bank_exchange.c - `heng bank import FILE --format F --report R.json [--out ITEMS.jsonl]
 * [--fill MEMBERS.json]` and `heng bank export [PATH] --format F --out FILE [--report R.json]`. */
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "app/cmd_bank.h"
#include "app/command.h"
#include "bank/exchange.h"
#include "bank/pool.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/json.h"
#include "base/json_out.h"
#include "base/text_out.h"
#include "programme/programme.h"

enum { EXCHANGE_BYTES_MAX = 50 << 20, FILL_BYTES_MAX = 1 << 20, FILE_MODE = 0644 };

struct exchange_order {
    const char *path, *format_name, *report, *out, *fill, *programme;
    const struct exchange_format *format;
    bool json;
};

static bool find_format(struct arena *a, struct exchange_order *order, struct err *e)
{
    const struct exchange_format *f;
    struct text_out names = {.arena = a};
    order->format = exchange_format_find(order->format_name);
    for (size_t i = 0; (f = exchange_format_at(i)); i++)
        text_putf(&names, "%s%s", i ? " " : "", f->name);
    return order->format || FAIL(e, INVALID, "--format", "没有格式“%.20s”，可用：%s。",
                                 order->format_name, text_out_text(&names));
}

/* The report to its file, and on stdout as JSON or as sentences. COUNTED: "imported" or "exported". */
static bool say(struct arena *a, const struct exchange_order *order, const struct exchange *x,
                const char *counted, struct err *e)
{
    struct json_out *o = json_out_create(a);
    size_t count = json_array_size(x->items);
    out_object(o);
    put_text(o, "format", order->format->name);
    put_int(o, counted, (int64_t)count);
    exchange_report_put(x, o);
    out_object_end(o);
    const char *text = arena_printf(a, "%s\n", json_out_text(o));
    if (order->report && !file_write(order->report, text, strlen(text), FILE_MODE, e))
        return false;
    if (order->json) {
        fputs(text, stdout);
        return true;
    }
    for (size_t i = 0; i < x->loss_count; i++) {
        const struct exchange_loss *loss = &x->losses[i];
        fprintf(stderr, "%s%s%s: %s\n", loss->item,
                *loss->name   ? arena_printf(a, "（原名 %s） ", loss->name)
                : *loss->item ? " "
                              : "",
                loss->element, loss->sentence);
    }
    fprintf(stderr, "%s %zu, refused %zu, losses %zu\n", counted, count, x->refused,
            x->loss_count);
    return true;
}

static bool write_lines(struct arena *a, const char *path, const struct exchange *x,
                        struct err *e)
{
    struct text_out o = {.arena = a};
    for (size_t i = 0; i < json_array_size(x->items); i++)
        text_putf(&o, "%s\n", json_compact(a, json_array_get(x->items, i)));
    return file_write(path, text_out_text(&o), o.len, FILE_MODE, e);
}

static int import(struct arena *a, const struct exchange_order *order, struct err *e)
{
    struct bytes file, members;
    struct exchange x;
    const json_t *fill = NULL;
    if (!file_read(a, order->path, EXCHANGE_BYTES_MAX, &file, e))
        return command_failed(e);
    if (order->fill) {
        if (!file_read(a, order->fill, FILL_BYTES_MAX, &members, e) ||
            !(fill = json_read(a, members.at, members.len, e)))
            return command_failed(e);
        if (!json_is_object(fill)) {
            FAIL(e, INVALID, "--fill", "须为一个 JSON 对象：{\"levels\":[4],\"points\":[…]}。");
            return command_failed(e);
        }
    }
    if (!exchange_read(a, order->format, fill, file, &x, e) ||
        (order->out && !write_lines(a, order->out, &x, e)) || !say(a, order, &x, "imported", e))
        return command_failed(e);
    return json_array_size(x.items) == 0 ? EXIT_NO : EXIT_DONE;
}

static int export_items(struct arena *a, const struct exchange_order *order, struct err *e)
{
    struct programme_set set;
    struct pool pool;
    struct exchange x;
    struct bytes file;
    if (!programmes_load_embedded(a, &set, e))
        return command_failed(e);
    const struct programme *p = programme_find(&set, order->programme);
    if (!p) {
        FAIL(e, INVALID, "--programme", "没有项目“%.60s”。", order->programme);
        return command_failed(e);
    }
    if (!(order->path ? pool_read(a, p, order->path, &pool, e) : pool_embedded(a, p, &pool, e)))
        return command_failed(e);
    const json_t **objects = arena_array(a, const json_t *, pool.count + 1);
    for (size_t i = 0; i < pool.count; i++)
        objects[i] = pool.items[i].json;
    if (!exchange_write(a, order->format, objects, pool.count, &file, &x, e))
        return command_failed(e);
    for (size_t i = 0; i < pool.problem_count; i++) {
        x.refused++;
        exchange_lose(&x, pool.problem_places[i], pool.problems[i].column,
                      "这一道有误，未写出：%s", pool.problems[i].what);
    }
    if (!file_write(order->out, file.at, file.len, FILE_MODE, e) ||
        !say(a, order, &x, "exported", e))
        return command_failed(e);
    return json_array_size(x.items) == 0 ? EXIT_NO : EXIT_DONE;
}

int bank_exchange(struct arena *a, int argc, char **argv)
{
    struct err e = {0};
    struct exchange_order order = {.programme = "national-2023"};
    bool importing = strcmp(argv[0], "import") == 0;
    const struct option rows[] = {
        {"--format", OPTION_TEXT, &order.format_name, true},
        {"--report", OPTION_TEXT, &order.report, false},
        {"--out", OPTION_TEXT, &order.out, !importing},
        {"--fill", OPTION_TEXT, &order.fill, false},
        {"--programme", OPTION_TEXT, &order.programme, false},
        {"--json", OPTION_FLAG, &order.json, false},
    };
    struct arguments rest = {.min = importing ? 2 : 1, .max = 2};
    if (!OPTIONS_READ(a, rows, argc, argv, &rest, &e) || !find_format(a, &order, &e))
        return command_failed(&e);
    order.path = rest.count > 1 ? rest.at[1] : NULL;
    return importing ? import(a, &order, &e) : export_items(a, &order, &e);
}
