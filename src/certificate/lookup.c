/* certificate/lookup.c - finds the one certificate that two facts fit. */
#include "certificate/lookup.h"

#include <string.h>

#include "base/arena.h"
#include "base/calendar.h"
#include "base/crypto.h"
#include "certificate/certificate_store.h"
#include "certificate/number_pattern.h"
#include "certificate/qr.h"
#include "people/document.h"
#include "people/normalise.h"
#include "store/anchor.h"
#include "store/db.h"

enum { LAST_FOUR = 4, ANY_TWO = 2 };

static bool given(const char *text)
{
    return text && *text;
}

/* Blanks around and full-width blanks between are how people type names. */
static const char *trimmed(struct arena *a, const char *text)
{
    while (*text == ' ' || *text == '\t')
        text++;
    size_t len = strlen(text);
    while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t'))
        len--;
    return arena_copy(a, text, len);
}

/* The document may be of any kind: each has its own index. */
static size_t document_indexes(struct arena *a, const struct master *m, const char *text,
                               unsigned char (**out)[BLIND_INDEX_BYTES])
{
    char number[DOCUMENT_NUMBER_BYTES];
    if (!normalise_number(text, number, sizeof number) || !*number)
        return 0;
    *out = arena_alloc(a, DOCUMENT_KINDS, BLIND_INDEX_BYTES);
    for (int k = 0; k < DOCUMENT_KINDS; k++)
        blind_index((*out)[k], m, document_country((enum document_kind)k),
                    document_letter((enum document_kind)k), number);
    return DOCUMENT_KINDS;
}

static bool phone_index(const struct master *m, const char *text,
                        unsigned char out[BLIND_INDEX_BYTES])
{
    char phone[PHONE_BYTES];
    struct err e = {0};
    if (!phone_check(text, phone, &e))
        return false;
    blind_index(out, m, "CN", 'M', phone);
    return true;
}

static bool index_is(struct bytes stored, const unsigned char index[BLIND_INDEX_BYTES])
{
    return stored.len == BLIND_INDEX_BYTES && secret_equal(stored.at, index, BLIND_INDEX_BYTES);
}

static bool last_four_match(const char *mask, const char *text)
{
    char typed[DOCUMENT_NUMBER_BYTES];
    size_t len = mask ? strlen(mask) : 0;
    return len > LAST_FOUR && normalise_number(text, typed, sizeof typed) &&
           strlen(typed) == LAST_FOUR && strcmp(mask + len - LAST_FOUR, typed) == 0;
}

/* Which of the holder's facts the text is; NULL: none. All are tried, so that the time taken says
 * nothing about which is near. */
static const char *second_match(struct arena *a, const struct master *m,
                                const struct certificate *c,
                                const struct certificate_private *p, const char *text)
{
    unsigned char(*indexes)[BLIND_INDEX_BYTES], phone[BLIND_INDEX_BYTES];
    const char *found = NULL;
    size_t n = document_indexes(a, m, text, &indexes);
    if (phone_index(m, text, phone) && p->phone_index.at && index_is(p->phone_index, phone))
        found = "phone";
    for (size_t i = 0; i < n; i++)
        if (index_is(p->document_index, indexes[i]))
            found = "document";
    if (last_four_match(c->face.value[FACE_document], text))
        found = "document";
    if (strcmp(trimmed(a, text), c->name) == 0)
        found = "name";
    return found;
}

static bool normal_number(const char *text, char out[PATTERN_NUMBER_BYTES])
{
    size_t n = 0;
    for (; *text; text++) {
        char c = *text >= 'a' && *text <= 'z' ? (char)(*text - 'a' + 'A') : *text;
        if (c == ' ')
            continue;
        if (n + 1 == PATTERN_NUMBER_BYTES)
            return false;
        out[n++] = c;
    }
    out[n] = '\0';
    return n > 0;
}

static bool by_number(struct db *db, struct arena *a, const struct master *m,
                      const struct lookup_question *q, struct lookup_answer *out, struct err *e)
{
    bool found;
    char number[PATTERN_NUMBER_BYTES];
    /* A number that does not exist is compared with an empty row all the same. */
    struct certificate c = {.name = "", .face = {.value = {[FACE_document] = ""}}};
    struct certificate_private p = {0};
    if (!normal_number(q->number, number))
        memcpy(number, "-", 2);
    if (!certificate_by_number(db, a, number, &c, &found, e) ||
        (found && !certificate_private_get(db, a, c.id, &p, e)))
        return false;
    out->confirmed = second_match(a, m, &c, &p, q->second);
    out->found = found && out->confirmed;
    out->certificate = c;
    return true;
}

static bool ask_two(struct db *db, struct arena *a, const char *programme, const char *name,
                    struct bytes document, struct bytes phone, struct lookup_answer *out,
                    struct err *e)
{
    struct query *q = db_query(db, name && document.at ? SQL_certificate_find_name_document
                                   : name              ? SQL_certificate_find_name_phone
                                                       : SQL_certificate_find_document_phone);
    query_text(q, programme);
    if (name)
        query_text(q, name);
    if (document.at)
        query_bytes(q, document);
    if (phone.at && !(name && document.at))
        query_bytes(q, phone);
    return certificate_maybe(q, a, &out->certificate, &out->found, e);
}

static bool by_two(struct db *db, struct arena *a, const struct master *m,
                   const struct lookup_question *q, struct lookup_answer *out, struct err *e)
{
    unsigned char phone[BLIND_INDEX_BYTES], (*documents)[BLIND_INDEX_BYTES];
    const char *name = given(q->name) ? trimmed(a, q->name) : NULL;
    bool has_phone = given(q->phone) && phone_index(m, q->phone, phone);
    struct bytes phone_bytes = {has_phone ? phone : NULL, has_phone ? BLIND_INDEX_BYTES : 0};
    const struct bytes none = {NULL, 0};
    size_t n = given(q->document) ? document_indexes(a, m, q->document, &documents) : 0;
    if ((name != NULL) + has_phone + (n > 0) < ANY_TWO)
        return true;
    out->confirmed = name && n > 0 ? "name, document"
                     : name        ? "name, phone"
                                   : "document, phone";
    if (n == 0)
        return ask_two(db, a, q->programme, name, none, phone_bytes, out, e);
    for (size_t i = 0; i < n && !out->found; i++)
        if (!ask_two(db, a, q->programme, name, (struct bytes){documents[i], BLIND_INDEX_BYTES},
                     name ? none : phone_bytes, out, e))
            return false;
    return true;
}

static bool public_history(struct db *db, struct arena *a, struct lookup_answer *out,
                           struct err *e)
{
    const struct certificate *c = &out->certificate;
    struct certificate next;
    size_t n, kept = 0;
    if (!certificate_history(db, a, c->id, &out->history, &n, e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (certificate_event_is_public(out->history[i].kind))
            out->history[kept++] = out->history[i];
    out->history_count = kept;
    if (id_is_zero(c->replaced_by))
        return true;
    if (!certificate_get(db, a, c->body, c->replaced_by, &next, e))
        return false;
    out->replaced_by = next.number;
    return true;
}

bool lookup_allows_two(const struct programme *p)
{
    return p && p->verification && p->verification->any_of == ANY_TWO;
}

bool certificate_lookup(struct db *db, struct arena *a, const struct master *m,
                        const struct programme_set *programmes, const struct lookup_question *q,
                        struct lookup_answer *out, struct err *e)
{
    *out = (struct lookup_answer){0};
    if (given(q->number)) {
        if (given(q->second) && !by_number(db, a, m, q, out, e))
            return false;
    } else if (given(q->programme) &&
               lookup_allows_two(programme_find(programmes, q->programme))) {
        if (!by_two(db, a, m, q, out, e))
            return false;
    }
    if (!out->found)
        *out = (struct lookup_answer){0};
    return !out->found || public_history(db, a, out, e);
}

/* All that the QR says must be the row's; only the credential may be of an earlier print. */
static bool claim_fits(const struct qr_claim *q, const struct certificate *c)
{
    struct qr_claim own = {0};
    static const unsigned char no_photo[QR_PHOTO_BYTES];
    qr_put_name(&own, c->name);
    return strcmp(q->number, c->number) == 0 && q->level == (int)c->level &&
           q->issued == date_of_instant(c->issued_ms, CHINA_OFFSET_MS) &&
           strcmp(q->name, own.name) == 0 &&
           memcmp(q->photo, id_is_zero(c->photo) ? no_photo : c->photo_digest,
                  QR_PHOTO_BYTES) == 0;
}

bool certificate_was_anchored(struct db *db, const struct key_table *keys,
                              struct id certificate, int64_t before_ms, bool *out,
                              struct err *e)
{
    return anchored_before(db, keys, ACT_certificate_issue, certificate, before_ms, out, e);
}

/* Signed by a key that was stolen: by its owner, if the issue was anchored before. */
static bool settle_doubt(struct db *db, const struct key_table *keys,
                         const struct public_key *key, struct lookup_answer *out, struct err *e)
{
    bool anchored = false;
    if (key->state != KEY_COMPROMISED)
        return true;
    if (out->found && !certificate_was_anchored(db, keys, out->certificate.id,
                                                key->compromised_ms, &anchored, e))
        return false;
    if (!anchored)
        *out = (struct lookup_answer){.in_doubt = true};
    return true;
}

bool certificate_lookup_qr(struct db *db, struct arena *a, const struct key_table *keys,
                           const char *text, struct lookup_answer *out, struct err *e)
{
    struct qr_claim claim;
    const struct public_key *key;
    struct err why = {0};
    *out = (struct lookup_answer){0};
    if (!qr_signed(a, keys, text, &claim, &key, &why))
        return true;
    if (!certificate_by_number(db, a, claim.number, &out->certificate, &out->found, e))
        return false;
    out->found = out->found && claim_fits(&claim, &out->certificate);
    if (!settle_doubt(db, keys, key, out, e))
        return false;
    if (!out->found)
        return true;
    out->confirmed = "qr";
    out->old_print = memcmp(claim.credential, out->certificate.credential_digest,
                            QR_CREDENTIAL_BYTES) != 0;
    return public_history(db, a, out, e);
}
