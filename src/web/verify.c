/* web/verify.c - the public page on which a stranger verifies a certificate (SECURITY §7). */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/embed.h"
#include "base/json.h"
#include "base/signed_json.h"
#include "certificate/lookup.h"
#include "certificate/status_list.h"
#include "people/body.h"
#include "people/consent.h"
#include "people/people.h"
#include "store/blob.h"
#include "store/db.h"
#include "store/signer.h"
#include "web/app.h"
#include "web/form.h"
#include "web/handlers.h"
#include "web/rate.h"
#include "web/verify_page.h"

enum { PHOTO_TOKEN_SECONDS = 600, PHOTO_MAC_BYTES = 16, PHOTO_TOKEN_CHARACTERS = 80 };

static bool asked_in_english(struct request *rq)
{
    const char *language = request_query(rq, "lang");
    return language && strcmp(language, "en") == 0;
}

static bool answer_page(struct request *rq, struct reply *rp, struct verify_page *p, int status,
                        struct err *e)
{
    struct body body;
    struct err none = {0};
    (void)e;
    p->english = asked_in_english(rq);
    p->programmes = rq->app->programmes;
    p->public_url = rq->app->public_url;
    p->now_ms = rq->now_ms;
    if (body_first(rq->db, rq->arena, &body, &none))
        p->body_name = body.name;
    reply_page(rp, status, FACE_VERIFY, verify_page_write(rq->arena, p));
    return true;
}

/* Looked at before anything is looked up; a miss counts once more afterwards. */
static bool may_look(struct request *rq, int64_t *retry_s)
{
    static const enum rate limits[] = {RATE_verify_minute, RATE_verify_hour};
    const char *who = request_household(rq);
    *retry_s = 60;
    if (!rate_left(rq->app->rates, RATE_verify_miss, who, rq->now_ms))
        return false;
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        if (!rate_take(rq->app->rates, limits[i], who, rq->now_ms, retry_s))
            return false;
    return true;
}

static bool too_many(struct request *rq, struct reply *rp, int64_t retry_s, struct err *e)
{
    struct verify_page p = {.kind = VERIFY_TOO_MANY, .retry_s = retry_s};
    reply_header(rp, "Retry-After", arena_printf(rq->arena, "%lld", (long long)retry_s));
    return answer_page(rq, rp, &p, 429, e);
}

static void photo_mac(struct request *rq, const char *claim, char hex[2 * PHOTO_MAC_BYTES + 1])
{
    unsigned char key[KEY_BYTES], mac[PHOTO_MAC_BYTES];
    const char *bound = arena_printf(rq->arena, "heng/verify-photo/1 %s", claim);
    master_key(rq->app->master, KEY_TOKEN, key);
    keyed_hash(mac, sizeof mac, key, bound, strlen(bound));
    secret_wipe(key, sizeof key);
    hex_write(hex, mac, sizeof mac);
}

/* An address that nobody can guess and that ends: the blob, until when, and our mark. */
static const char *photo_address(struct request *rq, struct id blob)
{
    char id[ID_TEXT_BYTES], mac[2 * PHOTO_MAC_BYTES + 1];
    id_write(blob, id);
    const char *claim = arena_printf(
        rq->arena, "%s.%llx", id,
        (unsigned long long)(rq->now_ms / 1000 + PHOTO_TOKEN_SECONDS));
    photo_mac(rq, claim, mac);
    return arena_printf(rq->arena, "/verify/photo/%s.%s", claim, mac);
}

/* By consent: the mark on the certificate, and the consent itself still in force. */
static bool photo_is_shown(struct request *rq, const struct certificate *c, bool *shown,
                           struct err *e)
{
    struct actor who = {.body = c->body, .now_ms = rq->now_ms};
    const struct people p = {rq->db, rq->arena, rq->app->master, &who};
    *shown = false;
    return !c->photo_public || id_is_zero(c->photo) ||
           consent_in_force(&p, c->person, CONSENT_PHOTO, shown, e);
}

/* ASKED NULL: by the QR code, whose page has an address. */
static bool answer_found(struct request *rq, struct reply *rp, const struct lookup_answer *a,
                         const struct lookup_question *asked, struct err *e)
{
    bool shown = false;
    int64_t ignored;
    struct verify_page p = {
        .kind = VERIFY_ANSWER, .answer = a, .asked = a->found ? NULL : asked};
    if (!asked)
        p.path = arena_printf(rq->arena, "/Q/%s", rq->word[0]);
    if (!a->found)
        (void)rate_take(rq->app->rates, RATE_verify_miss, request_household(rq), rq->now_ms,
                        &ignored);
    else if (!photo_is_shown(rq, &a->certificate, &shown, e))
        return false;
    if (shown)
        p.photo = photo_address(rq, a->certificate.photo);
    return answer_page(rq, rp, &p, 200, e);
}

bool verify_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct verify_page p = {.kind = VERIFY_ASK};
    return answer_page(rq, rp, &p, 200, e);
}

bool verify_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct form f;
    struct err why = {0};
    struct lookup_answer a;
    int64_t retry_s;
    if (!may_look(rq, &retry_s))
        return too_many(rq, rp, retry_s, e);
    if (!form_read(rq->arena, rq->body, &f, &why)) {
        struct verify_page p = {.kind = VERIFY_BAD, .what = why.text};
        return answer_page(rq, rp, &p, 400, e);
    }
    const struct lookup_question q = {
        .number = form_get(&f, "number"),
        .second = form_get(&f, "second"),
        .programme = form_get(&f, "programme"),
        .name = form_get(&f, "name"),
        .document = form_get(&f, "document"),
        .phone = form_get(&f, "phone"),
    };
    return certificate_lookup(rq->db, rq->arena, rq->app->master, rq->app->programmes, &q, &a,
                              e) &&
           answer_found(rq, rp, &a, &q, e);
}

bool verify_qr_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct key_table keys;
    struct lookup_answer a;
    int64_t retry_s;
    if (!may_look(rq, &retry_s))
        return too_many(rq, rp, retry_s, e);
    return signer_key_table(rq->db, rq->arena, &keys, e) &&
           certificate_lookup_qr(rq->db, rq->arena, &keys, rq->word[0], &a, e) &&
           answer_found(rq, rp, &a, NULL, e);
}

bool verify_photo_get(struct request *rq, struct reply *rp, struct err *e)
{
    char id_text[ID_TEXT_BYTES], mac[2 * PHOTO_MAC_BYTES + 1];
    struct id id;
    struct blob blob;
    struct bytes jpeg;
    const char *word = rq->word[0], *mark = strrchr(word, '.');
    bool whole = mark && strlen(word) <= PHOTO_TOKEN_CHARACTERS &&
                 word[ID_TEXT_BYTES - 1] == '.';
    if (whole) {
        const char *claim = arena_copy(rq->arena, word, (size_t)(mark - word));
        photo_mac(rq, claim, mac);
        whole = strlen(mark + 1) == sizeof mac - 1 &&
                secret_equal(mark + 1, mac, sizeof mac - 1);
    }
    if (!whole || strtoll(word + ID_TEXT_BYTES, NULL, 16) < rq->now_ms / 1000)
        return FAIL(e, NOT_FOUND, "path", "这个地址没有内容。");
    memcpy(id_text, word, sizeof id_text - 1);
    id_text[sizeof id_text - 1] = '\0';
    if (!id_read(id_text, &id) || !blob_get(rq->db, rq->arena, id, &blob, e) ||
        !blob_read(&rq->app->blobs, rq->arena, &blob, &jpeg, e))
        return e->code ? false : FAIL(e, NOT_FOUND, "path", "这个地址没有内容。");
    reply_bytes(rp, 200, blob.media_type, jpeg);
    rp->face = FACE_FILE;
    return true;
}

bool verify_style_get(struct request *rq, struct reply *rp, struct err *e)
{
    const struct embedded *f = embedded_find("verify/verify.css");
    (void)rq;
    if (!f)
        return FAIL(e, NOT_FOUND, "path", "这个地址没有内容。");
    reply_bytes(rp, 200, "text/css; charset=utf-8", (struct bytes){f->bytes, f->len});
    rp->face = FACE_VERIFY;
    return true;
}

static bool reply_jcs(struct request *rq, struct reply *rp, const json_t *v, struct err *e)
{
    struct bytes text;
    if (!jcs_write(rq->arena, v, &text, e))
        return false;
    reply_bytes(rp, 200, "application/json", text);
    return true;
}

/* Public keys, each row signed by the root (SECURITY §2.5). */
bool keys_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct key_table keys;
    return signer_key_table(rq->db, rq->arena, &keys, e) &&
           reply_jcs(rq, rp, key_table_json(rq->arena, &keys), e);
}

/* /status/1: the signed list of what is no longer valid. */
bool status_list_get(struct request *rq, struct reply *rp, struct err *e)
{
    char *end;
    json_t *v;
    long long list = strtoll(rq->word[0], &end, 10);
    if (*end || list < 1 || list > 1000000 || rq->word[0][0] < '1' || rq->word[0][0] > '9')
        return FAIL(e, NOT_FOUND, "path", "没有这张状态列表。");
    const struct certificate_office o = {.db = rq->db,
                                         .arena = rq->arena,
                                         .master = rq->app->master,
                                         .signer = rq->app->signer,
                                         .public_url = rq->app->public_url};
    return status_list_make(&o, list, rq->now_ms, &v, e) && reply_jcs(rq, rp, v, e);
}
