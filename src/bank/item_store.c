/* bank/item_store.c - items in and out of the database, their texts sealed under K_bank. */
#include "bank/item_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bank/attachment.h"
#include "bank/parameter.h"
#include "bank/sketch.h"
#include "base/arena.h"
#include "base/crypto.h"
#include "programme/programme.h"
#include "store/db.h"

enum { ITEM_PAD_BYTES = 16384, SKETCH_ARENA_BYTES = 4 << 20, SEAL_ARENA_BYTES = 4 << 20 };

bool item_record_make(struct arena *a, const struct master *m, const struct programme *p,
                      const struct item *item, struct item_record *out, struct err *e)
{
    unsigned char key[KEY_BYTES];
    out->item = *item;
    out->item.json = attached_without_data(a, item->json);
    if (!item_fits(item, p, e) || !item_text(a, &out->item, &out->text, e))
        return false;
    out->area = programme_area_of_point(p, item->meta.points[0]);
    if (!out->area)
        return FAIL(e, INVALID, "/points/0", "鉴定点“%.40s”不属于任何考核范围。",
                    item->meta.points[0]);
    master_key(m, KEY_BANK, key);
    keyed_hash(out->digest, sizeof out->digest, key, out->text.at, out->text.len);
    secret_wipe(key, sizeof key);
    return true;
}

/* ",4,3," and ",A,C,": a list that LIKE can search for ",4,". */
static const char *join(struct arena *a, const char *const *parts, size_t count)
{
    const char *text = ",";
    for (size_t i = 0; i < count; i++)
        text = arena_printf(a, "%s%s,", text, parts[i]);
    return text;
}

static const char *join_levels(struct arena *a, const struct item_meta *m)
{
    const char **parts = arena_array(a, const char *, m->level_count + 1);
    for (size_t i = 0; i < m->level_count; i++)
        parts[i] = arena_printf(a, "%lld", (long long)m->levels[i]);
    return join(a, parts, m->level_count);
}

static size_t split(struct arena *a, const char *text, const char ***out)
{
    size_t commas = 0, n = 0;
    for (const char *c = text; *c; c++)
        commas += *c == ',';
    *out = arena_array(a, const char *, commas + 1);
    for (const char *c = strchr(text, ','); c && c[1]; c = strchr(c + 1, ',')) {
        size_t len = strcspn(c + 1, ",");
        (*out)[n++] = arena_copy(a, c + 1, len);
    }
    return n;
}

static void read_row(const struct query *q, struct arena *a, struct item_row *out)
{
    const char **levels;
    *out = (struct item_row){
        .id = query_get_id(q, 0),
        .version_id = query_get_id(q, 1),
        .code = query_get_text(q, 2, a),
        .programme = query_get_text(q, 3, a),
        .kind = query_get_text(q, 4, a),
        .state = item_state_find(query_get_text(q, 5, a)),
        .version = query_get_int(q, 6),
        .author = query_get_id(q, 7),
        .approvals = query_get_int(q, 8),
        .changed_ms = query_get_int(q, 9),
        .area = query_get_text(q, 10, a),
        .point = query_get_text(q, 11, a),
        .difficulty = query_get_int(q, 15),
        .cognitive = query_get_text(q, 16, a),
        .importance = query_get_text(q, 17, a),
        .practice = query_get_int(q, 18) == 1,
    };
    out->level_count = split(a, query_get_text(q, 12, a), &levels);
    out->levels = arena_array(a, int64_t, out->level_count + 1);
    for (size_t i = 0; i < out->level_count; i++)
        out->levels[i] = strtoll(levels[i], NULL, 10);
    out->direction_count = split(a, query_get_text(q, 13, a), &out->directions);
    out->enemy_count = split(a, query_get_text(q, 14, a), &out->enemies);
}

bool item_row_find(struct db *db, struct arena *a, struct id body, const char *code,
                   struct item_row *out, bool *found, struct err *e)
{
    struct query *q = db_query(db, SQL_item_row_by_code);
    query_id(q, body);
    query_text(q, code);
    if (!query_maybe(q, found, e))
        return false;
    if (*found) {
        read_row(q, a, out);
        query_done(q);
    }
    return true;
}

bool item_row_get(struct db *db, struct arena *a, struct id body, struct id item,
                  struct item_row *out, struct err *e)
{
    struct query *q = db_query(db, SQL_item_row_get);
    query_id(q, item);
    query_id(q, body);
    if (!query_one(q, "item", e))
        return false;
    read_row(q, a, out);
    query_done(q);
    return true;
}

bool item_is_unchanged(struct db *db, struct arena *a, const struct item_row *row,
                       const struct item_record *record, bool *same, struct err *e)
{
    struct query *q = db_query(db, SQL_item_version_digest);
    query_id(q, row->version_id);
    if (!query_one(q, "item", e))
        return false;
    *same = bytes_equal(query_get_bytes(q, 0, a),
                        (struct bytes){record->digest, sizeof record->digest});
    query_done(q);
    return true;
}

static bool put_sketch(struct db *db, const struct master *m, struct id version_id,
                       const struct item *item, struct err *e)
{
    struct sketch sketch;
    struct arena *a = arena_create(SKETCH_ARENA_BYTES);
    sketch_of(a, m, item->json, &sketch);
    arena_destroy(a);
    struct query *q = db_query(db, SQL_item_sketch_put);
    query_id(q, version_id);
    query_bytes(q, (struct bytes){sketch.at, sizeof sketch.at});
    return query_run(q, e);
}

static bool put_laws(struct db *db, struct id version_id, const struct item_meta *m,
                     struct err *e)
{
    for (size_t i = 0; i < m->law_count; i++) {
        struct query *q = db_query(db, SQL_item_law_put);
        query_id(q, version_id);
        query_text(q, m->law[i].name);
        query_text(q, m->law[i].version);
        query_text(q, m->law[i].article ? m->law[i].article : "");
        if (!query_run(q, e))
            return false;
    }
    return true;
}

struct version_key {
    struct id item, id;
    int64_t number;
};

static bool put_version(struct db *db, const struct item_change *c, const struct version_key *v,
                        const struct item_record *r, struct err *e)
{
    const struct item_meta *m = &r->item.meta;
    struct arena *a = arena_create(SEAL_ARENA_BYTES);
    struct query *q = db_query(db, SQL_item_version_put);
    query_id(q, v->id);
    query_id(q, v->item);
    query_int(q, v->number);
    query_id(q, c->who->account);
    query_int(q, c->who->now_ms);
    query_bytes(q, (struct bytes){r->digest, sizeof r->digest});
    query_bytes(q, purpose_seal(a, c->master, KEY_BANK, "item_version", "sealed", v->id,
                                ITEM_PAD_BYTES, r->text.at, r->text.len));
    query_text(q, m->kind);
    query_text(q, join_levels(a, m));
    query_text(q, join(a, m->directions, m->direction_count));
    query_text(q, r->area);
    query_text(q, m->points[0]);
    query_text(q, join(a, m->points, m->point_count));
    query_int(q, m->difficulty);
    query_text(q, m->cognitive);
    query_text(q, m->importance);
    query_text(q, join(a, m->enemies, m->enemy_count));
    bool ok = query_run(q, e);
    arena_destroy(a);
    return ok && put_sketch(db, c->master, v->id, &r->item, e) && put_laws(db, v->id, m, e) &&
           attachments_refer(db, c->master, c->who, v->id, m, e);
}

static bool put_item(struct db *db, const struct item_change *c, const struct version_key *v,
                     const char *code, struct err *e)
{
    struct query *q;
    if (c->before) {
        q = db_query(db, SQL_item_advance);
        query_id(q, v->item);
        query_id(q, c->who->body);
        query_int(q, c->before->version);
        query_id(q, v->id);
        query_text(q, item_state_name(c->state));
        query_int(q, c->who->now_ms);
        return query_change_one(q, "/version", "这道题刚刚被别人改过，请重新打开。", e);
    }
    q = db_query(db, SQL_item_put);
    query_id(q, v->item);
    query_id(q, c->who->body);
    query_text(q, code);
    query_text(q, c->programme);
    query_text(q, item_state_name(c->state));
    query_id(q, v->id);
    query_int(q, c->who->now_ms);
    return query_run(q, e);
}

bool item_put(struct db *db, const struct item_change *c, const struct item_record *record,
              struct id *item, int64_t *version, struct err *e)
{
    struct version_key v = {
        .item = c->before ? c->before->id : id_random(),
        .id = id_random(),
        .number = c->before ? c->before->version + 1 : 1,
    };
    *item = v.item;
    *version = v.number;
    return put_item(db, c, &v, record->item.meta.id, e) && put_version(db, c, &v, record, e);
}

bool item_set_state(struct db *db, const struct actor *who, const struct item_row *row,
                    enum item_state to, struct err *e)
{
    if (!item_state_may(row->state, to))
        return FAIL(e, CONFLICT, "/state", "“%s”的试题 %s 不能变为“%s”。",
                    item_state_label(row->state), row->code, item_state_label(to));
    struct query *q = db_query(db, SQL_item_set_state);
    query_id(q, row->id);
    query_id(q, who->body);
    query_int(q, row->version);
    query_text(q, item_state_name(to));
    query_int(q, who->now_ms);
    query_text(q, item_state_name(row->state));
    return query_change_one(q, "/state", "这道题刚刚被别人处理过，请重新打开。", e);
}

bool item_open_version(struct db *db, struct arena *a, const struct master *m,
                       struct id version_id, struct item *out, struct err *e)
{
    struct bytes plain;
    struct query *q = db_query(db, SQL_item_version_sealed);
    query_id(q, version_id);
    if (!query_one(q, "item", e))
        return false;
    struct bytes sealed = query_get_bytes(q, 0, a);
    query_done(q);
    return purpose_open(a, m, KEY_BANK, "item_version", "sealed", version_id, sealed, &plain,
                        e) &&
           item_read_text(a, plain.at, plain.len, out, e);
}

bool bank_open_version(struct db *db, struct arena *a, const struct master *m,
                       struct id version_id, struct item *out, struct err *e)
{
    return item_open_version(db, a, m, version_id, out, e);
}

/* --- lists -------------------------------------------------------------------------------------- */
static bool read_rows(struct query *q, struct arena *a, struct item_row **out, size_t *count,
                      struct err *e)
{
    size_t room = 0;
    *out = NULL;
    *count = 0;
    while (query_next(q, e)) {
        if (*count == room) {
            size_t more = room ? room * 2 : 64;
            *out = arena_grow(a, *out, room, more, sizeof **out);
            room = more;
        }
        read_row(q, a, &(*out)[(*count)++]);
    }
    return e->code == ERR_NONE;
}

static const char *or_any(const char *text)
{
    return text ? text : "";
}

static struct query *filtered(const struct bank *b, enum sql which, const struct bank_filter *f)
{
    struct query *q = db_query(b->db, which);
    query_id(q, b->actor->body);
    query_text(q, or_any(f->programme));
    query_text(q, or_any(f->kind));
    query_text(q, or_any(f->area));
    query_text(q, or_any(f->state));
    query_text(q, f->level ? arena_printf(b->arena, ",%lld,", (long long)f->level) : ",");
    query_text(q, or_any(f->search));
    query_int(q, f->whose);
    query_id(q, b->actor->account);
    return q;
}

bool bank_list(const struct bank *b, const struct bank_filter *f, struct item_row **out,
               size_t *count, int64_t *total, struct err *e)
{
    struct query *q = filtered(b, SQL_item_row_count, f);
    if (!query_one(q, "items", e))
        return false;
    *total = query_get_int(q, 0);
    query_done(q);
    q = filtered(b, SQL_item_row_list, f);
    query_int(q, f->limit > 0 ? f->limit : 50);
    query_int(q, f->offset);
    return read_rows(q, b->arena, out, count, e) && item_rows_mark_laws(b, *out, *count, e);
}

bool bank_row(const struct bank *b, struct id item, struct item_row *out, struct err *e)
{
    return item_row_get(b->db, b->arena, b->actor->body, item, out, e) &&
           item_rows_mark_laws(b, out, 1, e);
}

static bool mark_parameters(const struct bank *b, const char *programme, struct item_row *rows,
                            size_t count, struct err *e)
{
    struct item_parameter *list;
    size_t known;
    if (!item_parameters(b, programme, &list, &known, e))
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct item_parameter *p = item_parameter_of(list, known, rows[i].version_id);
        if (!p)
            continue;
        rows[i].calibrated = true;
        rows[i].a = p->a;
        rows[i].b = p->b;
        rows[i].c = p->c;
    }
    return true;
}

bool bank_pool(const struct bank *b, const char *programme, struct item_row **out,
               size_t *count, struct err *e)
{
    struct query *q = db_query(b->db, SQL_item_pool);
    query_id(q, b->actor->body);
    query_text(q, programme);
    if (!read_rows(q, b->arena, out, count, e) || !item_rows_mark_laws(b, *out, *count, e) ||
        !mark_parameters(b, programme, *out, *count, e))
        return false;
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++)
        if (!(*out)[i].law_problem)
            (*out)[kept++] = (*out)[i];
    *count = kept;
    return true;
}

bool bank_open(const struct bank *b, struct id item, int64_t version, struct item *out,
               struct err *e)
{
    struct item_row row;
    if (!bank_row(b, item, &row, e))
        return false;
    if (version == 0 || version == row.version)
        return item_open_version(b->db, b->arena, b->master, row.version_id, out, e);
    struct query *q = db_query(b->db, SQL_item_version_find);
    query_id(q, item);
    query_int(q, version);
    query_id(q, b->actor->body);
    if (!query_one(q, "version", e))
        return false;
    struct id version_id = query_get_id(q, 0);
    query_done(q);
    return item_open_version(b->db, b->arena, b->master, version_id, out, e);
}

bool bank_reviews(const struct bank *b, struct id item, struct review_row **out, size_t *count,
                  struct err *e)
{
    struct query *q = db_query(b->db, SQL_item_review_list);
    size_t room = 0;
    query_id(q, item);
    query_id(q, b->actor->body);
    *out = NULL;
    *count = 0;
    while (query_next(q, e)) {
        if (*count == room) {
            size_t more = room ? room * 2 : 8;
            *out = arena_grow(b->arena, *out, room, more, sizeof **out);
            room = more;
        }
        (*out)[(*count)++] = (struct review_row){
            .version = query_get_int(q, 0),
            .reviewer = query_get_id(q, 1),
            .verdict = query_get_int(q, 2) == 1 ? REVIEW_APPROVE : REVIEW_RETURN,
            .note = query_get_text(q, 3, b->arena),
            .at_ms = query_get_int(q, 4),
        };
    }
    return e->code == ERR_NONE;
}
