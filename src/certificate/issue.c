/* certificate/issue.c - turn a decided award into a signed certificate, or into nothing. */
#include "certificate/issue.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/calendar.h"
#include "base/crypto.h"
#include "base/json.h"
#include "certificate/credential.h"
#include "certificate/draft.h"
#include "certificate/issue_in.h"
#include "certificate/qr.h"
#include "certificate/render.h"
#include "certificate/status_list.h"
#include "certificate/words.h"
#include "people/body.h"
#include "store/audit.h"
#include "store/db.h"
#include "store/signer.h"

/* What is known of the holder only under seal. */
struct secret_facts {
    char letter; /* of the document's kind */
    const char *document_number;
    struct bytes salt;
    struct id published_by, published_second;
};

/* 印制流水码: two digits each of year and month, then the count of the body's prints. */
static bool take_print_serial(struct db *db, const struct certificate_office *o,
                              struct certificate *c, struct err *e)
{
    int64_t serial;
    char body[ID_TEXT_BYTES];
    struct civil day = civil_of(date_of_instant(o->who->now_ms, CHINA_OFFSET_MS));
    int month = day.year % 100 * 100 + day.month;
    id_write(c->body, body);
    if (!certificate_serial_take(db, arena_printf(o->arena, "print %s %04d", body, month),
                                 &serial, e))
        return false;
    c->print_serial = arena_printf(o->arena, "%04d%04lld", month, (long long)serial);
    return true;
}

static bool take_number(struct db *db, const struct certificate_office *o,
                        struct certificate *c, struct err *e)
{
    const char *scope;
    int64_t serial;
    return certificate_number_scope(o, c, &scope, e) &&
           certificate_serial_take(db, scope, &serial, e) &&
           certificate_number_make(o, c, serial, e);
}

static bool sign_credential(struct db *db, const struct certificate_office *o,
                            const struct secret_facts *s, struct certificate *c, struct err *e)
{
    struct arena *a = o->arena;
    unsigned char digest[HASH_BYTES];
    struct bytes text;
    const struct programme *p = programme_find(o->programmes, c->programme);
    const struct sign_order order = {KEY_USE_credential, "credential",
                                     o->who->now_ms,     c->id,
                                     s->published_by,    s->published_second};
    credential_holder_digest(s->salt, c->number, s->letter, s->document_number, digest);
    json_t *v = credential_make(a, c, p, s->letter, digest, o->public_url);
    if (!signer_prove(o->signer, db, a, &order,
                      arena_printf(a, "%s/.well-known/heng-keys.json", o->public_url), v, e) ||
        !jcs_write(a, v, &text, e))
        return false;
    c->credential = (const char *)text.at;
    hash_of(c->credential_digest, text.at, text.len);
    return true;
}

static void fill_claim(const struct certificate_office *o, const struct secret_facts *s,
                       const struct certificate *c, struct qr_claim *q)
{
    const struct programme *p = programme_find(o->programmes, c->programme);
    const struct direction *d = *c->direction ? programme_direction(p, c->direction) : NULL;
    *q = (struct qr_claim){
        .programme_no = (int)p->no,
        .level = (int)c->level,
        .direction_no = d ? (int)d->no : 0,
        .issued = date_of_instant(c->issued_ms, CHINA_OFFSET_MS),
        .valid_to = c->valid_to,
        .document_letter = s->letter,
    };
    assert(strlen(c->number) < sizeof q->number);
    memcpy(q->number, c->number, strlen(c->number) + 1);
    qr_holder(c->number, s->letter, s->document_number, q->holder);
    if (!id_is_zero(c->photo))
        memcpy(q->photo, c->photo_digest, sizeof q->photo);
    memcpy(q->credential, c->credential_digest, sizeof q->credential);
    qr_put_name(q, c->name);
}

static bool sign_qr(struct db *db, const struct certificate_office *o,
                    const struct secret_facts *s, const struct certificate *c,
                    struct bytes *sealed, struct err *e)
{
    struct qr_claim claim;
    struct public_key key;
    struct signature signature;
    unsigned char body[QR_BODY_BYTES];
    const struct sign_order order = {KEY_USE_certificate, "cert-qr",
                                     o->who->now_ms,      c->id,
                                     s->published_by,     s->published_second};
    if (!signer_key(db, o->arena, KEY_USE_certificate, o->who->now_ms, &key, e))
        return false;
    fill_claim(o, s, c, &claim);
    memcpy(claim.kid, key.kid, sizeof claim.kid);
    struct bytes b = {body, qr_body_write(&claim, body)};
    if (!signer_sign(o->signer, db, &order, b, &signature, e))
        return false;
    const char *text = qr_text_write(o->arena, o->public_url, b, signature.bytes);
    *sealed = field_seal(o->arena, o->master, "certificate", "qr_sealed", c->id, text,
                         strlen(text));
    return true;
}

static struct bytes index_of(const struct certificate_office *o, const char *country,
                             char letter, const char *number)
{
    unsigned char *index = arena_alloc(o->arena, BLIND_INDEX_BYTES, 1);
    blind_index(index, o->master, country, letter, number);
    return (struct bytes){index, BLIND_INDEX_BYTES};
}

static struct bytes seal(const struct certificate_office *o, const char *column, struct id row,
                         const void *plain, size_t len)
{
    return field_seal(o->arena, o->master, "certificate", column, row, plain, len);
}

static struct certificate_private private_of(const struct certificate_office *o,
                                             const struct certificate_holder *h,
                                             const struct secret_facts *s,
                                             const struct certificate *c)
{
    struct certificate_private p = {
        .published_by = s->published_by,
        .published_second = s->published_second,
        .document_index = index_of(o, document_country(h->kind), s->letter, h->document_number),
        .document_sealed = seal(o, "document_sealed", c->id, h->document_number,
                                strlen(h->document_number)),
        .salt_sealed = seal(o, "salt_sealed", c->id, s->salt.at, s->salt.len),
    };
    if (h->phone && *h->phone)
        p.phone_index = index_of(o, "CN", 'M', h->phone);
    return p;
}

static bool note_issue(struct db *db, const struct certificate_office *o,
                       const struct certificate *c, const char *replaces, struct err *e)
{
    struct arena *a = o->arena;
    const struct certificate_event v = {
        .kind = CERTIFICATE_EVENT_issued,
        .at_ms = o->who->now_ms,
        .print_serial = c->print_serial,
        .account = o->who->account,
        .second = o->who->second,
        .number = replaces,
    };
    struct audit_row row = {
        .act = ACT_certificate_issue,
        .object_type = "ce",
        .object = c->id,
        .change = json_keep(a,
                            json_pack("{s:s, s:s, s:s}", "number", c->number, "print_serial",
                                      c->print_serial, "replaces", replaces ? replaces : "")),
    };
    return certificate_event_put(db, c->id, &v, e) && audit_write(db, o->who, &row, e);
}

bool certificate_issue_in(struct db *db, const struct certificate_office *o,
                          const struct award_facts *f, const struct certificate_holder *h,
                          const char *replaces, struct certificate *c, struct err *e)
{
    bool found;
    struct certificate other;
    unsigned char salt[SALT_BYTES];
    const struct programme *p = programme_find(o->programmes, f->programme);
    assert(db_in_transaction(db));
    if (!certificate_draft(o, f, h, c, e) ||
        !certificate_of_award(db, o->arena, f->award, &other, &found, e))
        return false;
    if (found)
        return FAIL(e, CONFLICT, "/award", "这个评定已签发证书 %s。", other.number);
    random_bytes(salt, sizeof salt);
    struct secret_facts s = {document_letter(h->kind),
                             h->document_number,
                             {arena_copy(o->arena, salt, sizeof salt), sizeof salt},
                             f->published_by,
                             f->published_second};
    c->id = id_random();
    if (!words_must_be_released(db, o->arena, p, o->body, e) || !take_number(db, o, c, e) ||
        !take_print_serial(db, o, c, e) || !status_index_take(db, c, e) ||
        !sign_credential(db, o, &s, c, e))
        return false;
    struct certificate_private own = private_of(o, h, &s, c);
    return sign_qr(db, o, &s, c, &own.qr_sealed, e) && certificate_put(db, c, &own, e) &&
           note_issue(db, o, c, replaces, e);
}

bool certificate_print_again_in(struct db *db, const struct certificate_office *o,
                                struct certificate *c, struct err *e)
{
    struct certificate_private p;
    struct certificate_secrets open;
    struct credential_read before;
    struct bytes sealed;
    const json_t *v = json_read(o->arena, c->credential, strlen(c->credential), e);
    if (!v || !certificate_private_get(db, o->arena, c->id, &p, e) ||
        !certificate_secrets(db, o->arena, o->master, c, &open, e) ||
        !credential_peek(o->arena, v, &before, e) || !take_print_serial(db, o, c, e))
        return false;
    const struct secret_facts s = {before.document_letter[0], open.document_number, open.salt,
                                   p.published_by, p.published_second};
    return sign_credential(db, o, &s, c, e) && sign_qr(db, o, &s, c, &sealed, e) &&
           certificate_reprint(db, c, sealed, e);
}

struct issue {
    const struct certificate_office *office;
    const struct award_facts *facts;
    const struct certificate_holder *holder;
    struct certificate_issued *out;
};

static bool issue(struct db *db, void *ctx, struct err *e)
{
    struct issue *i = ctx;
    struct certificate c;
    if (!certificate_issue_in(db, i->office, i->facts, i->holder, NULL, &c, e))
        return false;
    *i->out = (struct certificate_issued){c.id, c.number};
    return true;
}

/* A failure anywhere rolls the number back too, so numbers have no holes to explain. The PDF is a
 * pure function of the row and is drawn when it is asked for: outside the writers' lock. Whether
 * it can be drawn is tried before. */
bool certificate_issue(const struct certificate_office *o, const struct award_facts *f,
                       const struct certificate_holder *h, struct certificate_issued *out,
                       struct err *e)
{
    struct certificate draft;
    struct issue i = {o, f, h, out};
    return certificate_draft(o, f, h, &draft, e) &&
           certificate_can_be_printed(o->arena, &draft, e) && db_transact(o->db, issue, &i, e);
}
