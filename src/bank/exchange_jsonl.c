/* bank/exchange_jsonl.c - our own form: one flat object a line. */
#include <jansson.h>
#include <string.h>

#include "bank/exchange.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/text_out.h"

static void read_line(struct exchange *x, const unsigned char *line, size_t len, size_t number)
{
    struct err e = {0};
    json_t *object = json_read(x->arena, line, len, &e);
    if (!json_is_object(object)) {
        x->refused++;
        exchange_lose(x, "", arena_printf(x->arena, "line %zu", number), "这一行未导入：%s",
                      object ? "须为 JSON 对象。" : e.text);
        return;
    }
    exchange_add(x, json_deep_copy(object), NULL, NULL);
}

static bool read_file(struct exchange *x, struct bytes file, struct err *e)
{
    (void)e;
    size_t number = 1;
    for (size_t from = 0; from < file.len; number++) {
        const unsigned char *end = memchr(file.at + from, '\n', file.len - from);
        size_t len = end ? (size_t)(end - file.at) - from : file.len - from, blank = 0;
        while (blank < len && memchr(" \t\r", file.at[from + blank], 3))
            blank++;
        if (blank < len)
            read_line(x, file.at + from, len, number);
        from += len + 1;
    }
    return true;
}

static bool write_file(struct exchange *x, struct exchange_item *items, size_t count,
                       struct bytes *out, struct err *e)
{
    struct text_out o = {.arena = x->arena};
    (void)e;
    for (size_t i = 0; i < count; i++) {
        text_putf(&o, "%s\n", json_compact(x->arena, items[i].object));
        items[i].written = true;
    }
    *out = text_out_bytes(&o);
    return true;
}

const struct exchange_format exchange_format_jsonl = {
    .name = "jsonl",
    .label = "JSON Lines",
    .extension = "jsonl",
    .notes = true,
    .writes_all = true,
    .read = read_file,
    .write = write_file,
};
