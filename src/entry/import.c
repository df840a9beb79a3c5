/* entry/import.c - takes the right rows of a registration table into the database, by fifties. */
#include "entry/import.h"

#include <string.h>

#include "base/arena.h"
#include "base/caged_table.h"
#include "base/crypto.h"
#include "base/json.h"
#include "base/json_out.h"
#include "entry/entry_store.h"
#include "people/person.h"
#include "programme/programme.h"
#include "store/db.h"

struct importing {
    const struct entry_desk *d;
    const struct import_request *r;
    struct batch batch;
    const struct import_row *rows;
    size_t count;
    bool *left_out;    /* rows that the database refused */
    size_t from, upto; /* the fifty at work */
    size_t fell;       /* the row that made the transaction fail */
    int64_t total, added, present, refused;
    int64_t added_before, present_before; /* this fifty */
};

/* The person with that document, or a new one. An existing one is not changed by a table. */
static bool person_of(struct importing *c, const struct import_row *row, struct id *id,
                      struct err *e)
{
    const struct people *p = &c->d->people;
    struct person known;
    if (!person_find_by_document(p, &row->identity, row->country, id, e))
        return false;
    if (!id_is_zero(*id))
        return person_get(p, *id, &known, e) &&
               (strcmp(known.name, row->name) == 0 ||
                FAIL(e, CONFLICT, "/name", "该证件号码已登记，姓名与登记的不一致。"));
    struct person_input in = {.name = row->name,
                              .sex = row->sex,
                              .document_kind = row->document_kind,
                              .document_number = row->document_number,
                              .document_country = row->country,
                              .phone = row->phone};
    return person_put(p, &in, id, e);
}

static bool add_row(struct db *db, struct importing *c, const struct import_row *row,
                    struct err *e)
{
    const struct people *p = &c->d->people;
    struct entry n = {.id = id_random(),
                      .body = c->batch.body,
                      .batch = c->batch.id,
                      .partner = c->r->partner,
                      .level = row->level,
                      .direction = row->direction,
                      .state = ENTRY_DRAFT,
                      .facts = row->facts,
                      .created_ms = p->who->now_ms};
    struct id live;
    bool found;
    if (!person_of(c, row, &n.person, e) || !entry_find_live(db, &n, &live, &found, e))
        return false;
    if (found) {
        c->present++;
        return true;
    }
    c->added++;
    struct entry_step step = {.entry = n.id, .act = ACT_entry_import, .to = ENTRY_DRAFT};
    return entry_put(db, &n, e) && entry_step_write(db, p->arena, p->who, &step, e);
}

static bool put_progress(struct db *db, const struct importing *c, size_t done, bool finished,
                         struct err *e)
{
    struct query *q = db_query(db, SQL_import_run_step);
    query_id(q, c->r->run);
    query_id(q, c->batch.body);
    query_int(q, (int64_t)done);
    query_int(q, c->added);
    query_int(q, c->present);
    query_int(q, c->refused);
    query_int(q, finished);
    return query_run(q, e);
}

static bool write_audit(struct db *db, const struct importing *c, struct err *e)
{
    const struct people *p = &c->d->people;
    struct audit_row row = {
        .act = ACT_entry_import,
        .object_type = "ba",
        .object = c->batch.id,
        .change = json_keep(
            p->arena, json_pack("{s:I, s:I, s:I, s:I}", "rows", (json_int_t)c->total, "added",
                                (json_int_t)c->added, "present", (json_int_t)c->present,
                                "refused", (json_int_t)c->refused))};
    return audit_write(db, p->who, &row, e);
}

/* One fifty. Counts are taken afresh, for the transaction may run again. */
static bool take_fifty(struct db *db, void *ctx, struct err *e)
{
    struct importing *c = ctx;
    c->added = c->added_before;
    c->present = c->present_before;
    bool last = c->upto == c->count, ok = true;
    for (size_t i = c->from; ok && i < c->upto; i++) {
        c->fell = i;
        ok = c->left_out[i] || add_row(db, c, &c->rows[i], e);
    }
    c->fell = ok ? c->count : c->fell;
    return ok && put_progress(db, c, c->upto, last, e) && (!last || write_audit(db, c, e));
}

/* What the database says against a row is that row's problem; the others go in without it. */
static bool is_the_rows_fault(const struct importing *c, const struct err *e)
{
    return c->fell < c->count &&
           (e->code == ERR_CONFLICT || e->code == ERR_INVALID || e->code == ERR_RULE);
}

static void leave_out(struct importing *c, struct import_problems *p, const struct err *why)
{
    c->left_out[c->fell] = true;
    c->refused++;
    if (p->count == IMPORT_PROBLEMS_MAX)
        return;
    if (!p->at)
        p->at = arena_array(p->arena, struct import_problem, IMPORT_PROBLEMS_MAX);
    p->at[p->count++] = (struct import_problem){c->rows[c->fell].line, "",
                                                arena_text(p->arena, why->text)};
}

static bool take_rows(struct importing *c, struct import_problems *problems, struct err *e)
{
    struct db *db = c->d->people.db;
    do { /* once even without a row: the run is finished then */
        c->from = c->upto;
        c->upto = c->from + IMPORT_CHUNK < c->count ? c->from + IMPORT_CHUNK : c->count;
        c->added_before = c->added;
        c->present_before = c->present;
        struct err why = {0};
        while (!db_transact(db, take_fifty, c, &why)) {
            if (!is_the_rows_fault(c, &why)) {
                *e = why;
                return false;
            }
            leave_out(c, problems, &why);
            why = (struct err){0};
        }
        if (c->r->progress)
            c->r->progress(c->r->progress_ctx, (int64_t)c->upto, (int64_t)c->count);
    } while (c->upto < c->count);
    return true;
}

static bool put_run(struct db *db, void *ctx, struct err *e)
{
    const struct importing *c = ctx;
    const struct actor *who = c->d->people.who;
    unsigned char digest[HASH_BYTES];
    hash_of(digest, c->r->file.at, c->r->file.len);
    struct query *q = db_query(db, SQL_import_run_put);
    query_id(q, c->r->run);
    query_id(q, c->batch.body);
    query_id(q, c->batch.id);
    query_bytes(q, (struct bytes){digest, sizeof digest});
    query_id(q, who->account);
    query_int(q, who->now_ms);
    query_int(q, c->total);
    return query_run(q, e);
}

bool entry_import(const struct entry_desk *d, const struct import_request *r,
                  struct import_report *out, struct err *e)
{
    const struct people *p = &d->people;
    struct importing c = {.d = d, .r = r};
    const struct programme *programme;
    struct table table;
    struct import_rows rows;
    *out = (struct import_report){0};
    if (!batch_get(p->db, p->arena, d->scope.body, r->batch, &c.batch, e) ||
        !batch_programme(p->db, p->arena, d->programmes, &c.batch, &programme, e))
        return false;
    if (c.batch.state != BATCH_OPEN || p->who->now_ms >= c.batch.apply_until_ms)
        return FAIL(e, RULE, "/batch", "本批次报名已截止，不能再导入。");
    struct import_frame f = {p->arena, programme, &c.batch,
                             date_of_instant(p->who->now_ms, CHINA_OFFSET_MS)};
    if (!table_read_upload(p->arena, d->program, r->file, &table, e) ||
        !import_read(&f, &table, &rows, &out->problems, e))
        return false;
    c.rows = rows.at;
    c.count = rows.count;
    c.total = (int64_t)rows.total;
    c.refused = (int64_t)(rows.total - rows.count);
    c.left_out = arena_array(p->arena, bool, rows.count + 1);
    if (!db_transact(p->db, put_run, &c, e) || !take_rows(&c, &out->problems, e))
        return false;
    out->total = c.total;
    out->added = c.added;
    out->present = c.present;
    out->refused = c.refused;
    return true;
}

void import_report_put(struct json_out *o, const struct import_report *r)
{
    put_int(o, "total", r->total);
    put_int(o, "added", r->added);
    put_int(o, "present", r->present);
    put_int(o, "refused", r->refused);
    put_array(o, "problems");
    for (size_t i = 0; i < r->problems.count; i++) {
        const struct import_problem *p = &r->problems.at[i];
        out_object(o);
        put_int(o, "row", p->row);
        put_text(o, "column", p->column);
        put_text(o, "text", p->text);
        out_object_end(o);
    }
    out_array_end(o);
}

bool import_runs(const struct entry_desk *d, struct id batch, struct import_run **out,
                 size_t *count, struct err *e)
{
    enum { MAX = 100 }; /* the statement's own limit */
    const struct people *p = &d->people;
    *out = arena_array(p->arena, struct import_run, MAX);
    *count = 0;
    struct query *q = db_query(p->db, SQL_import_run_list);
    query_id(q, batch);
    query_id(q, d->scope.body);
    while (query_next(q, e))
        (*out)[(*count)++] = (struct import_run){.id = query_get_id(q, 0),
                                                 .at_ms = query_get_int(q, 1),
                                                 .total = query_get_int(q, 3),
                                                 .done = query_get_int(q, 4),
                                                 .added = query_get_int(q, 5),
                                                 .present = query_get_int(q, 6),
                                                 .refused = query_get_int(q, 7),
                                                 .finished = query_get_int(q, 8)};
    return e->code == ERR_NONE;
}
