/* bank/import.c - a file of items into the bank: all of it or, with any fault, nothing. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "bank/attachment.h"
#include "bank/exchange.h"
#include "bank/item_file.h"
#include "bank/item_store.h"
#include "base/arena.h"
#include "base/json.h"
#include "programme/programme.h"
#include "store/db.h"

struct importing {
    const struct bank *bank;
    const struct import_order *order;
    const struct programme *programme;
    struct item_record *records;
    struct item_file file;
    struct import_report *report;
};

static int by_text(const void *x, const void *y)
{
    const struct item_file_row *const *a = x, *const *b = y;
    int order = strcmp((*a)->item.meta.id, (*b)->item.meta.id);
    return order ? order : ((*a)->line > (*b)->line) - ((*a)->line < (*b)->line);
}

/* An id twice in one file: which of the two would count? */
static void find_twice(struct arena *a, struct item_file *f)
{
    size_t n = 0;
    const struct item_file_row **sorted = arena_array(a, const struct item_file_row *,
                                                      f->count);
    for (size_t i = 0; i < f->count; i++)
        if (f->rows[i].item.kind)
            sorted[n++] = &f->rows[i];
    qsort(sorted, n, sizeof *sorted, by_text);
    for (size_t i = 1; i < n; i++)
        if (strcmp(sorted[i]->item.meta.id, sorted[i - 1]->item.meta.id) == 0)
            item_file_problem(a, f, sorted[i]->line, "/id",
                              arena_printf(a, "编号 %s 与第 %lld 行重复。",
                                           sorted[i]->item.meta.id,
                                           (long long)sorted[i - 1]->line));
}

static bool take(const struct bank *b, const char *program, const struct item_attached *one,
                 struct attached *out, struct err *e)
{
    struct bytes bytes;
    if (!item_attached_data(b->arena, one, &bytes, e))
        return false;
    return strcmp(one->list, "media") == 0 ? media_take(b->arena, program, bytes, out, e)
                                           : picture_take(b->arena, program, bytes, out, e);
}

/* What travels with the item is taken in the cage; what only is named must be there. */
static bool take_attached(struct importing *m, const struct item_meta *meta,
                          struct item_record *record, struct err *e)
{
    const struct bank *b = m->bank;
    record->brought = arena_array(b->arena, struct attached, item_attached_count(meta) + 1);
    for (size_t i = 0; i < item_attached_count(meta); i++) {
        struct item_attached one = item_attached_at(meta, i);
        struct attached *taken = &record->brought[record->brought_count];
        char hex[2 * HASH_BYTES + 1];
        const char *place = arena_printf(b->arena, "/%s", one.list);
        bool there = true;
        if (!one.data && !attachment_is_there(b, one.sha256, &there, e))
            return false;
        if (!there)
            return FAIL(e, INVALID, place, "%s %s 不在文件里，题库中也没有。", one.what,
                        one.id);
        if (!one.data)
            continue;
        if (!take(b, m->order->program, &one, taken, e)) {
            err_under(e, place);
            return false;
        }
        hex_write(hex, taken->digest, HASH_BYTES);
        if (strcmp(hex, one.sha256) != 0 || taken->width != one.width ||
            taken->height != one.height || taken->duration_ms != one.duration_ms ||
            strcmp(taken->type, one.type) != 0)
            return FAIL(e, INVALID, place,
                        "%s %s 写明的摘要、类型、宽高或时长与整理后的内容不符。", one.what,
                        one.id);
        record->brought_count++;
    }
    return true;
}

static void make_records(struct importing *m)
{
    struct arena *a = m->bank->arena;
    struct item_file *f = &m->file;
    m->records = arena_array(a, struct item_record, f->count + 1);
    for (size_t i = 0; i < f->count; i++) {
        struct err e = {0};
        const struct item *item = &f->rows[i].item;
        if (item->kind &&
            (!item_record_make(a, m->bank->master, m->programme, item, &m->records[i], &e) ||
             !take_attached(m, &item->meta, &m->records[i], &e)))
            item_file_problem(a, f, f->rows[i].line, e.field, e.text);
    }
}

static bool put_attached(struct db *db, const struct bank *b, const struct item_record *r,
                         struct err *e)
{
    struct id id;
    for (size_t i = 0; i < r->brought_count; i++)
        if (!attachment_put(db, b->master, b->actor, &r->brought[i], &id, e))
            return false;
    return true;
}

static bool put_one(struct db *db, struct importing *m, const struct item_record *r,
                    struct err *e)
{
    const struct bank *b = m->bank;
    struct item_row row;
    bool found, same = false;
    struct id item;
    int64_t version;
    if (!item_row_find(db, b->arena, b->actor->body, r->item.meta.id, &row, &found, e) ||
        (found && !item_is_unchanged(db, b->arena, &row, r, &same, e)))
        return false;
    if (found && strcmp(row.programme, m->programme->id) != 0)
        return FAIL(e, CONFLICT, "/id", "编号 %s 已用于另一个项目的试题。", row.code);
    if (same) {
        m->report->unchanged++;
        return true;
    }
    if (found)
        m->report->changed++;
    else
        m->report->added++;
    struct item_change change = {
        .master = b->master,
        .who = b->actor,
        .programme = m->programme->id,
        .state = m->order->hand_in ? ITEM_review : ITEM_draft,
        .before = found ? &row : NULL,
    };
    return m->order->try_only ||
           (put_attached(db, b, r, e) && item_put(db, &change, r, &item, &version, e));
}

static bool write_audit(struct db *db, const struct importing *m, struct err *e)
{
    json_t *change = json_keep(m->bank->arena,
                               json_pack("{s:s, s:I, s:I, s:I}", "programme", m->programme->id,
                                         "added", (json_int_t)m->report->added, "changed",
                                         (json_int_t)m->report->changed, "unchanged",
                                         (json_int_t)m->report->unchanged));
    return audit_write(db, m->bank->actor,
                       &(struct audit_row){.act = ACT_item_import,
                                           .object_type = "bk",
                                           .object = m->bank->actor->body,
                                           .change = change},
                       e);
}

static bool put_all(struct db *db, void *ctx, struct err *e)
{
    struct importing *m = ctx;
    m->report->added = m->report->changed = m->report->unchanged = 0;
    for (size_t i = 0; i < m->file.count; i++)
        if (!put_one(db, m, &m->records[i], e))
            return false;
    return m->order->try_only || m->report->added + m->report->changed == 0 ||
           write_audit(db, m, e);
}

static bool read_file(struct importing *m, struct err *e)
{
    struct arena *a = m->bank->arena;
    const struct import_order *order = m->order;
    if (!order->format) {
        item_file_read(a, order->program, order->file, &m->file);
        return true;
    }
    struct exchange *x = arena_new(a, struct exchange);
    if (!exchange_read_upload(a, order->program, order->format, order->fill, order->file, x, e))
        return false;
    m->report->exchange = x;
    item_file_of(a, x, &m->file);
    return true;
}

bool bank_import(const struct bank *b, const struct import_order *order,
                 struct import_report *out, struct err *e)
{
    struct importing m = {.bank = b, .order = order, .report = out};
    *out = (struct import_report){0};
    m.programme = programme_find(b->programmes, order->programme);
    if (!m.programme)
        return FAIL(e, NOT_FOUND, "programme", "没有项目“%.60s”。", order->programme);
    if (!read_file(&m, e))
        return false;
    find_twice(b->arena, &m.file);
    make_records(&m);
    if (m.file.count == 0 && m.file.problem_count == 0)
        item_file_problem(b->arena, &m.file, 0, "", "文件中没有试题。");
    out->rows = (int64_t)m.file.count;
    out->problems = m.file.problems;
    out->problem_count = m.file.problem_count;
    return out->problem_count > 0 || db_transact(b->db, put_all, &m, e);
}
