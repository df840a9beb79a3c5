/* certificate/certificate_store.c - statements in, structs out. */
#include "certificate/certificate_store.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/fields.h"
#include "base/json.h"
#include "store/db.h"

static const char *const states[] = {
    [CERTIFICATE_VALID] = "valid",
    [CERTIFICATE_REVOKED] = "revoked",
    [CERTIFICATE_VOID] = "void",
    [CERTIFICATE_REPLACED] = "replaced",
};

static const struct {
    int kind;
    const char *word, *label, *english;
    bool is_public;
} events[] = {
#define CERTIFICATE_EVENT(name, number, label_, english_, public_)                             \
    {number, #name, label_, english_, public_},
#include "certificate/events.def"
#undef CERTIFICATE_EVENT
};

const char *certificate_state_word(enum certificate_state s)
{
    assert(s >= CERTIFICATE_VALID && s <= CERTIFICATE_REPLACED);
    return states[s];
}

bool certificate_state_read(const char *word, enum certificate_state *out)
{
    for (int i = CERTIFICATE_VALID; word && i <= CERTIFICATE_REPLACED; i++)
        if (strcmp(states[i], word) == 0) {
            *out = (enum certificate_state)i;
            return true;
        }
    return false;
}

static size_t event_at(enum certificate_event_kind k)
{
    size_t i = 0;
    while (i < sizeof events / sizeof *events && events[i].kind != (int)k)
        i++;
    assert(i < sizeof events / sizeof *events);
    return i;
}

const char *certificate_event_word(enum certificate_event_kind k)
{
    return events[event_at(k)].word;
}

const char *certificate_event_label(enum certificate_event_kind k, bool english)
{
    return english ? events[event_at(k)].english : events[event_at(k)].label;
}

bool certificate_event_is_public(enum certificate_event_kind k)
{
    return events[event_at(k)].is_public;
}

static void copy_digest(unsigned char out[HASH_BYTES], struct bytes b)
{
    if (b.len == HASH_BYTES)
        memcpy(out, b.at, HASH_BYTES);
}

static bool read_row(const struct query *q, struct arena *a, struct certificate *c,
                     struct err *e)
{
    *c = (struct certificate){
        .id = query_get_id(q, 0),
        .body = query_get_id(q, 1),
        .award = query_get_id(q, 2),
        .entry = query_get_id(q, 3),
        .person = query_get_id(q, 4),
        .number = query_get_text(q, 5, a),
        .class = (enum certificate_class)query_get_int(q, 6),
        .programme = query_get_text(q, 7, a),
        .level = query_get_int(q, 8),
        .direction = query_get_text(q, 9, a),
        .name = query_get_text(q, 10, a),
        .state = (enum certificate_state)query_get_int(q, 11),
        .issued_ms = query_get_int(q, 12),
        .valid_to = query_is_null(q, 13) ? DATE_NONE : (date_days)query_get_int(q, 13),
        .print_serial = query_get_text(q, 14, a),
        .credential = query_get_text(q, 16, a),
        .photo = query_get_id(q, 19),
        .photo_public = query_get_int(q, 21) != 0,
        .specimen = query_get_int(q, 22) != 0,
        .status_list = query_get_int(q, 23),
        .status_index = query_get_int(q, 24),
        .replaced_by = query_get_id(q, 25),
        .version = query_get_int(q, 26),
    };
    copy_digest(c->credential_digest, query_get_bytes(q, 17, a));
    copy_digest(c->result_digest, query_get_bytes(q, 18, a));
    copy_digest(c->photo_digest, query_get_bytes(q, 20, a));
    const char *face = query_get_text(q, 15, a);
    json_t *v = json_read(a, face, strlen(face), e);
    return v && face_read(a, v, &c->face, e);
}

bool certificate_maybe(struct query *q, struct arena *a, struct certificate *out, bool *found,
                       struct err *e)
{
    if (!query_maybe(q, found, e))
        return false;
    if (!*found)
        return true;
    bool ok = read_row(q, a, out, e);
    query_done(q);
    return ok;
}

bool certificate_get(struct db *db, struct arena *a, struct id body, struct id id,
                     struct certificate *out, struct err *e)
{
    bool found;
    struct query *q = db_query(db, SQL_certificate_get);
    query_id(q, id);
    query_id(q, body);
    return certificate_maybe(q, a, out, &found, e) &&
           (found || FAIL(e, NOT_FOUND, "certificate", "没有这张证书。"));
}

bool certificate_by_number(struct db *db, struct arena *a, const char *number,
                           struct certificate *out, bool *found, struct err *e)
{
    struct query *q = db_query(db, SQL_certificate_by_number);
    query_text(q, number);
    return certificate_maybe(q, a, out, found, e);
}

bool certificate_of_entry(struct db *db, struct arena *a, struct id body, struct id entry,
                          struct certificate *out, bool *found, struct err *e)
{
    struct query *q = db_query(db, SQL_certificate_of_entry);
    query_id(q, entry);
    query_id(q, body);
    return certificate_maybe(q, a, out, found, e);
}

bool certificate_of_award(struct db *db, struct arena *a, struct id award,
                          struct certificate *out, bool *found, struct err *e)
{
    struct query *q = db_query(db, SQL_certificate_of_award);
    query_id(q, award);
    return certificate_maybe(q, a, out, found, e);
}

/* '%' and '_' of the asker's text would match anything: they are dropped. */
static const char *like_pattern(struct arena *a, const char *text)
{
    if (!text || !*text)
        return NULL;
    char *p = arena_printf(a, "%%%s%%", text);
    size_t len = strlen(p), to = 1;
    for (size_t i = 1; i + 1 < len; i++)
        if (p[i] != '%' && p[i] != '_')
            p[to++] = p[i];
    p[to++] = '%';
    p[to] = '\0';
    return p;
}

static void bind_filter(struct query *q, struct arena *a, const struct certificate_filter *f)
{
    enum certificate_state s;
    query_id(q, f->body);
    query_id(q, f->person);
    query_text(q, f->programme);
    query_int(q, certificate_state_read(f->state, &s) ? (int64_t)s : 0);
    query_text(q, like_pattern(a, f->text));
    query_id(q, f->batch);
    query_int(q, f->unfounded);
}

bool certificate_list(struct db *db, struct arena *a, const struct certificate_filter *f,
                      struct certificate **out, size_t *count, int64_t *total, struct err *e)
{
    struct query *q = db_query(db, SQL_certificate_count);
    bind_filter(q, a, f);
    if (!query_one(q, "certificate", e))
        return false;
    *total = query_get_int(q, 0);
    query_done(q);

    *out = NULL;
    *count = 0;
    q = db_query(db, SQL_certificate_list);
    bind_filter(q, a, f);
    query_int(q, f->limit);
    query_int(q, f->offset);
    while (query_next(q, e)) {
        *out = arena_grow(a, *out, *count, *count + 1, sizeof **out);
        if (!read_row(q, a, &(*out)[*count], e)) {
            query_done(q);
            return false;
        }
        ++*count;
    }
    return e->code == ERR_NONE;
}

bool certificate_put(struct db *db, const struct certificate *c,
                     const struct certificate_private *p, struct err *e)
{
    struct arena *a = arena_create(1 << 20);
    struct bytes face;
    if (!jcs_write(a, face_json(a, &c->face), &face, e)) {
        arena_destroy(a);
        return false;
    }
    struct query *q = db_query(db, SQL_certificate_put);
    query_id(q, c->id);
    query_id(q, c->body);
    query_id(q, c->award);
    query_id(q, c->entry);
    query_id(q, c->person);
    query_text(q, c->number);
    query_int(q, c->class);
    query_text(q, c->programme);
    query_int(q, c->level);
    query_text(q, c->direction);
    query_text(q, c->name);
    query_int(q, c->state);
    query_int(q, c->issued_ms);
    if (c->valid_to == DATE_NONE)
        query_null(q);
    else
        query_int(q, c->valid_to);
    query_text(q, c->print_serial);
    query_text(q, (const char *)face.at);
    query_text(q, c->credential);
    query_bytes(q, (struct bytes){c->credential_digest, HASH_BYTES});
    query_bytes(q, (struct bytes){c->result_digest, HASH_BYTES});
    query_id(q, c->photo);
    query_bytes(q, (struct bytes){c->photo_digest, HASH_BYTES});
    query_int(q, c->photo_public);
    query_int(q, c->specimen);
    query_int(q, c->status_list);
    query_int(q, c->status_index);
    query_id(q, c->replaced_by);
    query_int(q, c->version);
    query_id(q, p->published_by);
    query_id(q, p->published_second);
    query_bytes(q, p->document_index);
    query_bytes(q, p->phone_index);
    query_bytes(q, p->document_sealed);
    query_bytes(q, p->salt_sealed);
    query_bytes(q, p->qr_sealed);
    bool ok = query_run(q, e);
    arena_destroy(a);
    return ok;
}

bool certificate_private_get(struct db *db, struct arena *a, struct id id,
                             struct certificate_private *out, struct err *e)
{
    struct query *q = db_query(db, SQL_certificate_secrets);
    query_id(q, id);
    if (!query_one(q, "certificate", e))
        return false;
    *out = (struct certificate_private){
        .document_sealed = query_get_bytes(q, 0, a),
        .salt_sealed = query_get_bytes(q, 1, a),
        .qr_sealed = query_get_bytes(q, 2, a),
        .document_index = query_get_bytes(q, 3, a),
        .phone_index = query_is_null(q, 4) ? (struct bytes){0} : query_get_bytes(q, 4, a),
        .published_by = query_get_id(q, 5),
        .published_second = query_get_id(q, 6),
    };
    query_done(q);
    return true;
}

static bool open_text(struct arena *a, const struct master *m, const char *column,
                      struct id row, struct bytes sealed, struct bytes *out, struct err *e)
{
    return field_open(a, m, "certificate", column, row, sealed, out, e);
}

bool certificate_secrets(struct db *db, struct arena *a, const struct master *m,
                         const struct certificate *c, struct certificate_secrets *out,
                         struct err *e)
{
    struct certificate_private p;
    struct bytes document, qr;
    if (!certificate_private_get(db, a, c->id, &p, e) ||
        !open_text(a, m, "document_sealed", c->id, p.document_sealed, &document, e) ||
        !open_text(a, m, "salt_sealed", c->id, p.salt_sealed, &out->salt, e) ||
        !open_text(a, m, "qr_sealed", c->id, p.qr_sealed, &qr, e))
        return false;
    out->document_number = arena_copy(a, document.at, document.len);
    out->qr = arena_copy(a, qr.at, qr.len);
    return true;
}

bool certificate_end(struct db *db, const struct certificate *c, enum certificate_state state,
                     struct id replaced_by, struct err *e)
{
    struct query *q = db_query(db, SQL_certificate_end);
    query_id(q, c->id);
    query_id(q, c->body);
    query_int(q, state);
    query_id(q, replaced_by);
    return query_change_one(q, "/state", "这张证书已不是有效状态。", e);
}

bool certificate_replaced_by(struct db *db, const struct certificate *old, struct id by,
                             struct err *e)
{
    struct query *q = db_query(db, SQL_certificate_replaced_by);
    query_id(q, old->id);
    query_id(q, by);
    return query_change_one(q, "/state", "这张证书已不是有效状态。", e);
}

bool certificate_reprint(struct db *db, const struct certificate *c, struct bytes qr_sealed,
                         struct err *e)
{
    struct arena *a = arena_create(1 << 20);
    struct bytes face;
    bool ok = jcs_write(a, face_json(a, &c->face), &face, e);
    if (ok) {
        struct query *q = db_query(db, SQL_certificate_reprint);
        query_id(q, c->id);
        query_id(q, c->body);
        query_text(q, c->print_serial);
        query_text(q, (const char *)face.at);
        query_text(q, c->credential);
        query_bytes(q, (struct bytes){c->credential_digest, HASH_BYTES});
        query_bytes(q, qr_sealed);
        ok = query_change_one(q, "/state", "这张证书已不是有效状态。", e);
    }
    arena_destroy(a);
    return ok;
}

bool certificate_event_put(struct db *db, struct id certificate,
                           const struct certificate_event *v, struct err *e)
{
    struct query *q = db_query(db, SQL_certificate_event_put);
    query_id(q, certificate);
    query_int(q, v->kind);
    query_int(q, v->at_ms);
    query_text(q, v->reason ? v->reason : "");
    query_text(q, v->print_serial ? v->print_serial : "");
    query_id(q, v->account);
    query_id(q, v->second);
    query_text(q, v->number ? v->number : "");
    return query_run(q, e);
}

bool certificate_history(struct db *db, struct arena *a, struct id certificate,
                         struct certificate_event **out, size_t *count, struct err *e)
{
    *out = NULL;
    *count = 0;
    struct query *q = db_query(db, SQL_certificate_event_list);
    query_id(q, certificate);
    while (query_next(q, e)) {
        *out = arena_grow(a, *out, *count, *count + 1, sizeof **out);
        (*out)[(*count)++] = (struct certificate_event){
            .kind = (enum certificate_event_kind)query_get_int(q, 0),
            .at_ms = query_get_int(q, 1),
            .reason = query_get_text(q, 2, a),
            .print_serial = query_get_text(q, 3, a),
            .account = query_get_id(q, 4),
            .second = query_get_id(q, 5),
            .number = query_get_text(q, 6, a),
        };
    }
    return e->code == ERR_NONE;
}

bool certificate_serial_take(struct db *db, const char *scope, int64_t *serial, struct err *e)
{
    assert(db_in_transaction(db));
    struct query *q = db_query(db, SQL_certificate_serial_take);
    query_text(q, scope);
    if (!query_one(q, "serial", e))
        return false;
    *serial = query_get_int(q, 0);
    query_done(q);
    return true;
}
