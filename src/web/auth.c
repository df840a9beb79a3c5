/* web/auth.c - signing in and out, one's own password, second factor and sign-ins. */
#include <qrencode.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/log.h"
#include "people/account.h"
#include "people/body.h"
#include "people/sign_in.h"
#include "people/totp.h"
#include "web/app.h"
#include "web/device_word.h"
#include "web/handlers.h"
#include "web/people_of.h"
#include "web/session_cookie.h"

struct sign_in_body {
    const char *login, *password, *code;
};
static const struct field sign_in_rows[] = {
    {FIELD(struct sign_in_body, login, TEXT), .required = true, .min = 1, .max = 64},
    {FIELD(struct sign_in_body, password, TEXT), .required = true, .min = 1, .max = 256},
    {FIELD(struct sign_in_body, code, TEXT), .max = 32},
};
const struct fields sign_in_fields = FIELDS("sign_in", struct sign_in_body, sign_in_rows);

static bool reply_account(struct reply *rp, int status, const struct account *a)
{
    struct json_out *o = reply_json_with(rp, status);
    put_object(o, "account");
    put_account(o, a);
    out_object_end(o);
    return true;
}

bool sign_in_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct sign_in_body *b = rq->input;
    struct people p = people_of(rq);
    struct sign_in_done done;
    char device[DEVICE_TEXT_MAX];
    device_word(request_header(rq, "User-Agent"), device, sizeof device);
    struct sign_in_try t = {b->login, b->password, b->code, device};
    if (!address_allowed(rq, RATE_sign_in, e))
        return false;
    if (!sign_in(&p, &t, &done, e)) {
        LOG_LINE(LOG_SECURITY, "sign_in_failed", LOG_ITEM_ID(request, rq->actor.request),
                 LOG_ITEM_WORD(error, err_name(e->code)));
        return false;
    }
    session_cookie_set(rp, done.token);
    reply_account(rp, 200, &done.account);
    if (done.used_recovery_code)
        put_int(rp->json, "recovery_codes_left", done.recovery_codes_left);
    return true;
}

/* Signing out twice, or with a sign-in that has ended, is no error: the cookie goes. */
bool sign_out_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct people p = people_of(rq);
    session_cookie_clear(rp);
    return id_is_zero(rq->viewer.account) || sign_in_end(&p, rq->viewer.sign_in, e);
}

bool me_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct people p = people_of(rq);
    struct account account;
    struct body body;
    if (!account_get(&p, rq->viewer.account, &account, e) ||
        !body_get(rq->db, rq->arena, rq->viewer.body, &body, e))
        return false;
    /* An aged password is the viewer's to know, not the row's. */
    account.must_change_password = rq->viewer.must_change_password;
    reply_account(rp, 200, &account);
    put_object(rp->json, "body");
    put_id(rp->json, "id", body.id);
    put_text(rp->json, "name", body.name);
    put_bool(rp->json, "is_demo", body.is_demo);
    put_bool(rp->json, "is_filed", body.is_filed);
    out_object_end(rp->json);
    return true;
}

struct password_body {
    const char *old, *new;
};
static const struct field password_rows[] = {
    {FIELD(struct password_body, old, TEXT), .required = true, .min = 1, .max = 256},
    {FIELD(struct password_body, new, TEXT), .required = true, .min = 1, .max = 1024},
};
const struct fields password_fields = FIELDS("password", struct password_body, password_rows);

bool me_password_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct password_body *b = rq->input;
    struct people p = people_of(rq);
    struct password_change c = {b->old, b->new};
    struct sign_in_done done;
    if (!address_allowed(rq, RATE_sign_in, e) ||
        !password_change(&p, &rq->viewer, &c, &done, e))
        return false;
    session_cookie_set(rp, done.token);
    return reply_account(rp, 200, &done.account);
}

struct code_body {
    const char *code;
};
static const struct field code_rows[] = {
    {FIELD(struct code_body, code, TEXT), .required = true, .min = 6, .max = 6},
};
const struct fields code_fields = FIELDS("code", struct code_body, code_rows);
static const struct field maybe_code_rows[] = {
    {FIELD(struct code_body, code, TEXT), .min = 6, .max = 6},
};
const struct fields maybe_code_fields = FIELDS("maybe_code", struct code_body, maybe_code_rows);

/* The dark modules of a QR code as the path of an SVG, one unit a module; "" where TEXT is too long
 * for one. */
static const char *qr_path(struct arena *a, const char *text)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (!code)
        return "";
    size_t side = (size_t)code->width, used = 0, room = side * side * 20 + 1;
    char *path = arena_array(a, char, room);
    for (size_t i = 0; i < side * side; i++)
        if (code->data[i] & 1)
            used += (size_t)snprintf(path + used, room - used, "M%zu %zuh1v1h-1z", i % side,
                                     i / side);
    QRcode_free(code);
    return path;
}

bool me_totp_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct code_body *b = rq->input;
    struct people p = people_of(rq);
    struct totp_offer offer;
    if (!totp_begin(&p, &rq->viewer, b->code, &offer, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_text(o, "secret", offer.secret);
    put_text(o, "uri", offer.uri);
    put_text(o, "qr", qr_path(rq->arena, offer.uri));
    return true;
}

bool me_totp_confirm_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct code_body *b = rq->input;
    struct people p = people_of(rq);
    struct totp_enrolled enrolled;
    if (!totp_confirm(&p, &rq->viewer, b->code, &enrolled, e))
        return false;
    session_cookie_set(rp, enrolled.sign_in.token);
    reply_account(rp, 200, &enrolled.sign_in.account);
    put_array(rp->json, "recovery_codes");
    for (int i = 0; i < RECOVERY_CODES; i++)
        out_text(rp->json, enrolled.codes[i]);
    out_array_end(rp->json);
    return true;
}

bool me_sign_ins_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct people p = people_of(rq);
    struct sign_in_seen *seen;
    size_t count;
    if (!sign_in_list(&p, &seen, &count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "sign_ins");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_id(o, "id", seen[i].id);
        put_int(o, "created_ms", seen[i].created_ms);
        put_int(o, "seen_ms", seen[i].seen_ms);
        put_int(o, "ends_ms", seen[i].ends_ms);
        put_text(o, "device", seen[i].device);
        put_bool(o, "current", id_equal(seen[i].id, rq->viewer.sign_in));
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

bool me_sign_in_delete(struct request *rq, struct reply *rp, struct err *e)
{
    struct people p = people_of(rq);
    if (!sign_in_end(&p, rq->id[0], e))
        return false;
    if (id_equal(rq->id[0], rq->viewer.sign_in))
        session_cookie_clear(rp);
    return true;
}

struct register_body {
    const char *login, *password, *display_name;
};
static const struct field register_rows[] = {
    {FIELD(struct register_body, login, TEXT), .required = true, .min = 1, .max = 64},
    {FIELD(struct register_body, password, TEXT), .required = true, .min = 1, .max = 1024},
    {FIELD(struct register_body, display_name, TEXT), .required = true, .min = 1, .max = 64},
};
const struct fields register_fields = FIELDS("register", struct register_body, register_rows);

bool register_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct register_body *b = rq->input;
    struct people p = people_of(rq);
    char device[DEVICE_TEXT_MAX];
    device_word(request_header(rq, "User-Agent"), device, sizeof device);
    struct registration r = {b->login, b->password, b->display_name, device};
    struct sign_in_done done;
    struct body body;
    if (!address_allowed(rq, RATE_register, e) || !body_first(rq->db, rq->arena, &body, e))
        return false;
    rq->actor.body = body.id;
    if (!account_register(&p, &r, &done, e))
        return false;
    session_cookie_set(rp, done.token);
    return reply_account(rp, 201, &done.account);
}
