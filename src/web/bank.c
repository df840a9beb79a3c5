/* web/bank.c - the bank as a whole: import, template, lint, coverage. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "bank/exchange.h"
#include "bank/export.h"
#include "bank/lint.h"
#include "bank/template.h"
#include "base/arena.h"
#include "base/json.h"
#include "paper/coverage.h"
#include "programme/programme.h"
#include "web/app.h"
#include "web/bank_of.h"
#include "web/handlers.h"

#define XLSX_TYPE "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

bool item_template_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct bytes file;
    if (!item_template_write(rq->arena, rq->app->data_folder, &file, e))
        return false;
    reply_file(rp, XLSX_TYPE, "试题导入模板.xlsx", file);
    return true;
}

static void put_problems(struct json_out *o, const struct import_report *r)
{
    put_array(o, "problems");
    for (size_t i = 0; i < r->problem_count; i++) {
        out_object(o);
        put_int(o, "row", r->problems[i].row);
        put_text(o, "column", r->problems[i].column);
        put_text(o, "what", r->problems[i].what);
        out_object_end(o);
    }
    out_array_end(o);
}

/* ?level=4&point=K4.5.2.1&difficulty=3&cognitive=…&importance=…&explanation=…: for the items of another
 * system that lack them. */
static const json_t *fill_of(struct request *rq)
{
    static const char *const texts[] = {"cognitive", "importance", "explanation"};
    json_t *fill = json_keep(rq->arena, json_object());
    int64_t level = request_query_int(rq, "level", 0),
            difficulty = request_query_int(rq, "difficulty", 0);
    const char *point = request_query(rq, "point");
    if (level)
        json_object_set_new(fill, "levels", json_pack("[I]", (json_int_t)level));
    if (difficulty)
        json_object_set_new(fill, "difficulty", json_integer(difficulty));
    if (point && *point)
        json_object_set_new(fill, "points", json_pack("[s]", point));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (request_query(rq, texts[i]) && *request_query(rq, texts[i]))
            json_object_set_new(fill, texts[i], json_string(request_query(rq, texts[i])));
    return fill;
}

static bool format_of(struct request *rq, const struct exchange_format **out, struct err *e)
{
    const char *name = request_query(rq, "format");
    *out = name && *name ? exchange_format_find(name) : NULL;
    return *out || !name || !*name || FAIL(e, INVALID, "format", "没有这种格式。");
}

/* ?hand_in=1 straight to review · ?try=1 only the report · ?format=gift another system's file. With any
 * problem nothing is stored; what the format holds and we do not is in losses. */
bool bank_import_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct bank b = bank_of(rq);
    struct import_report report;
    struct import_order order = {
        .programme = rq->word[0],
        .file = rq->body,
        .program = rq->app->program,
        .hand_in = request_query_int(rq, "hand_in", 0) != 0,
        .try_only = request_query_int(rq, "try", 0) != 0,
        .fill = fill_of(rq),
    };
    if (!format_of(rq, &order.format, e) || !bank_import(&b, &order, &report, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_object(o, "report");
    put_bool(o, "stored", report.problem_count == 0 && !order.try_only);
    put_int(o, "rows", report.rows);
    put_int(o, "added", report.added);
    put_int(o, "changed", report.changed);
    put_int(o, "unchanged", report.unchanged);
    put_problems(o, &report);
    if (report.exchange)
        exchange_report_put(report.exchange, o);
    out_object_end(o);
    return true;
}

struct bank_export_body {
    const char *format, *state, *reason;
};
static const struct field bank_export_rows[] = {
    {FIELD(struct bank_export_body, format, TEXT), .required = true, .min = 1, .max = 20},
    {FIELD(struct bank_export_body, state, TEXT), .max = 20},
    {FIELD(struct bank_export_body, reason, TEXT), .required = true, .min = 2, .max = 200},
};
const struct fields bank_export_fields = FIELDS("bank_export", struct bank_export_body,
                                                bank_export_rows);

/* The file itself; its name says how many are in it and how much of them it does not carry. */
bool bank_export_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct bank_export_body *in = rq->input;
    struct bank b = bank_of(rq);
    const struct programme *p;
    struct exported out;
    struct export_order order = {.state = in->state && *in->state ? in->state : NULL,
                                 .format = exchange_format_find(in->format),
                                 .reason = in->reason};
    if (!order.format)
        return FAIL(e, INVALID, "/format", "没有这种格式。");
    if (!programme_of(rq, rq->word[0], &p, e))
        return false;
    order.programme = p->id;
    if (!bank_export(&b, &order, &out, e))
        return false;
    reply_file(rp, "application/octet-stream",
               arena_printf(rq->arena, "%s-%lld题-%zu处未带出.%s", p->id, (long long)out.items,
                            out.exchange->loss_count, order.format->extension),
               out.file);
    return true;
}

bool bank_lint_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct bank b = bank_of(rq);
    const struct programme *p;
    struct pool pool;
    struct lint found;
    if (!programme_of(rq, rq->word[0], &p, e) || !pool_open(&b, p, &pool, e))
        return false;
    struct law_list *laws = law_list_embedded(rq->arena, e);
    if (!laws)
        return false;
    bank_lint(rq->arena, &pool, laws, &found);
    struct json_out *o = reply_json(rp);
    put_int(o, "items", (int64_t)pool.seen);
    put_array(o, "problems");
    for (size_t i = 0; i < found.count; i++) {
        out_object(o);
        put_text(o, "item", found.problems[i].item);
        put_text(o, "what", found.problems[i].what);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

/* Of each point how many items of each kind; a kind without any is left out. */
static void put_point_kinds(struct json_out *o, const struct coverage *c,
                            const struct item_row *rows, size_t count)
{
    const struct item_kind *kind;
    put_array(o, "point_kinds");
    for (size_t i = 0; i < c->point_count; i++)
        for (size_t k = 0; (kind = item_kind_at(k)); k++) {
            int64_t have = 0;
            for (size_t r = 0; r < count; r++)
                have += strcmp(rows[r].point, c->points[i].point) == 0 &&
                        strcmp(rows[r].kind, kind->name) == 0;
            if (have == 0)
                continue;
            out_object(o);
            put_text(o, "point", c->points[i].point);
            put_text(o, "kind", kind->name);
            put_int(o, "have", have);
            out_object_end(o);
        }
    out_array_end(o);
}

/* What a paper may be composed from, against what one paper needs. */
bool bank_coverage_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct bank b = bank_of(rq);
    const struct programme *p;
    struct item_row *rows;
    size_t count;
    struct coverage c;
    if (!programme_of(rq, rq->word[0], &p, e) || !bank_pool(&b, p->id, &rows, &count, e) ||
        !bank_coverage(rq->arena, p, rows, count, &c, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_text(o, "programme", p->id);
    put_int(o, "items", (int64_t)count);
    coverage_write(&c, o);
    put_point_kinds(o, &c, rows, count);
    return true;
}
