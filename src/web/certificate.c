/* web/certificate.c - issuing, printing, revoking and reissuing certificates over HTTP. */
#include <string.h>

#include "base/arena.h"
#include "certificate/award_facts.h"
#include "certificate/render.h"
#include "certificate/words.h"
#include "people/body.h"
#include "people/consent.h"
#include "store/blob.h"
#include "store/db.h"
#include "web/app.h"
#include "web/approvals.h"
#include "web/events.h"
#include "web/handlers.h"
#include "web/people_of.h"

static bool office_of(struct request *rq, const struct actor *who, struct db *db,
                      struct certificate_office *o, struct err *e)
{
    struct body *body = arena_new(rq->arena, struct body);
    *o = (struct certificate_office){
        .db = db,
        .arena = rq->arena,
        .master = rq->app->master,
        .signer = rq->app->signer,
        .programmes = rq->app->programmes,
        .body = body,
        .who = who,
        .public_url = rq->app->public_url,
    };
    return body_get(db, rq->arena, who->body, body, e);
}

static void put_certificate(struct json_out *o, const struct certificate *c)
{
    put_id(o, "id", c->id);
    put_text(o, "number", c->number);
    put_text(o, "class", c->class == CERTIFICATE_LEVEL ? "level_certificate" : "training");
    put_text(o, "title", c->face.title);
    put_text(o, "programme", c->programme);
    put_int(o, "level", c->level);
    put_text(o, "level_name", c->face.value[FACE_level]);
    put_text(o, "direction", c->direction);
    put_text(o, "direction_name", c->face.value[FACE_direction]);
    put_text(o, "name", c->name);
    put_text(o, "state", certificate_state_word(c->state));
    put_int(o, "issued_ms", c->issued_ms);
    put_text(o, "print_serial", c->print_serial);
    put_bool(o, "photo_public", c->photo_public);
    put_bool(o, "specimen", c->specimen);
    put_id(o, "award", c->award);
    put_id(o, "entry", c->entry);
    put_id(o, "person", c->person);
    put_id(o, "replaced_by", c->replaced_by);
    put_int(o, "version", c->version);
}

static bool issue_one(struct request *rq, const struct certificate_office *o, struct id award,
                      struct certificate_issued *out, struct err *e)
{
    struct award_facts facts;
    struct certificate_holder holder;
    struct people p = people_of(rq);
    return award_facts_load(rq->db, rq->arena, rq->viewer.body, award, &facts, e) &&
           certificate_holder_load(&p, facts.person, &holder, e) &&
           certificate_issue(o, &facts, &holder, out, e);
}

bool award_certificate_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct certificate_office o;
    struct certificate_issued done;
    if (!office_of(rq, &rq->actor, rq->db, &o, e) || !issue_one(rq, &o, rq->id[0], &done, e))
        return false;
    struct json_out *out = reply_json_with(rp, 201);
    put_id(out, "id", done.id);
    put_text(out, "number", done.number);
    return true;
}

static void publish_progress(struct request *rq, size_t done, size_t of)
{
    if (rq->app->events)
        events_publish(rq->app->events, rq->id[0], "certificates",
                       arena_printf(rq->arena, "{\"done\":%zu,\"of\":%zu}", done, of));
}

/* Each in its own transaction: what cannot be issued is named and does not stop the rest. Those
 * that were issued are not due any more, so it is safe to send twice. */
bool batch_certificates_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct certificate_office o;
    struct id *due;
    size_t count, issued = 0;
    if (!office_of(rq, &rq->actor, rq->db, &o, e) ||
        !awards_due(rq->db, rq->arena, rq->viewer.body, rq->id[0], &due, &count, e))
        return false;
    struct json_out *out = reply_json(rp);
    put_array(out, "refused");
    for (size_t i = 0; i < count; i++) {
        struct certificate_issued done;
        struct err why = {0};
        if (issue_one(rq, &o, due[i], &done, &why)) {
            issued++;
        } else if (why.code == ERR_STORE || why.code == ERR_INTERNAL) {
            *e = why;
            rp->json = NULL;
            return false;
        } else {
            out_object(out);
            put_id(out, "award", due[i]);
            put_text(out, "code", err_name(why.code));
            put_text(out, "field", why.field);
            put_text(out, "text", why.text);
            out_object_end(out);
        }
        publish_progress(rq, i + 1, count);
    }
    out_array_end(out);
    put_int(out, "due", (int64_t)count);
    put_int(out, "issued", (int64_t)issued);
    return true;
}

static bool write_list(struct request *rq, struct reply *rp, struct certificate_filter *f,
                       struct err *e)
{
    struct certificate *list;
    size_t count;
    int64_t total;
    struct page page = request_page(rq);
    f->limit = page.limit;
    f->offset = page.offset;
    if (!certificate_list(rq->db, rq->arena, f, &list, &count, &total, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "certificates");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_certificate(o, &list[i]);
        out_object_end(o);
    }
    out_array_end(o);
    put_int(o, "total", total);
    return true;
}

/* ?batch=ID&programme=…&state=valid&text=… of number or name; state=unfounded: valid ones of awards that
 * amended results undid, for two people to revoke */
bool certificates_get(struct request *rq, struct reply *rp, struct err *e)
{
    enum certificate_state ignored;
    const char *programme = request_query(rq, "programme"), *state = request_query(rq, "state"),
               *batch = request_query(rq, "batch");
    struct certificate_filter f = {.body = rq->viewer.body,
                                   .programme = programme && *programme ? programme : NULL,
                                   .state = state && *state ? state : NULL,
                                   .text = request_query(rq, "text")};
    f.unfounded = f.state && strcmp(f.state, "unfounded") == 0;
    f.state = f.unfounded ? NULL : f.state;
    if (f.state && !certificate_state_read(f.state, &ignored))
        return FAIL(e, INVALID, "/state", "没有“%.20s”这种状态。", f.state);
    if (batch && *batch && !id_read(batch, &f.batch))
        return FAIL(e, INVALID, "/batch", "须为 32 位十六进制编号。");
    return write_list(rq, rp, &f, e);
}

bool my_certificates_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct certificate_filter f = {.body = rq->viewer.body, .person = rq->viewer.person};
    if (id_is_zero(f.person)) { /* nobody's data yet: no filter must not mean all */
        struct json_out *o = reply_json(rp);
        put_array(o, "certificates");
        out_array_end(o);
        put_int(o, "total", 0);
        return true;
    }
    return write_list(rq, rp, &f, e);
}

static void write_facts(struct json_out *o, const struct certificate *c)
{
    put_array(o, "facts");
    for (int k = 0; k < FACE_KEYS; k++) {
        if (!c->face.value[k])
            continue;
        out_object(o);
        put_text(o, "key", face_key_word((enum face_key)k));
        put_text(o, "label", face_label(&c->face, (enum face_key)k));
        put_text(o, "label_english", face_label_english(&c->face, (enum face_key)k));
        put_text(o, "value", c->face.value[k]);
        out_object_end(o);
    }
    out_array_end(o);
}

static void write_history(struct json_out *o, const struct certificate_event *v, size_t count)
{
    put_array(o, "history");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_text(o, "event", certificate_event_word(v[i].kind));
        put_text(o, "label", certificate_event_label(v[i].kind, false));
        put_int(o, "at_ms", v[i].at_ms);
        put_text(o, "reason", v[i].reason);
        put_text(o, "print_serial", v[i].print_serial);
        put_text(o, "other_number", v[i].number);
        put_id(o, "account", v[i].account);
        put_id(o, "second", v[i].second);
        out_object_end(o);
    }
    out_array_end(o);
}

static bool is_unfounded(struct request *rq, const struct certificate *c, bool *out,
                         struct err *e)
{
    struct certificate *list;
    size_t count;
    int64_t total;
    struct certificate_filter f = {
        .body = c->body, .person = c->person, .text = c->number, .unfounded = true, .limit = 1};
    if (!certificate_list(rq->db, rq->arena, &f, &list, &count, &total, e))
        return false;
    *out = count > 0;
    return true;
}

bool certificate_one_get(struct request *rq, struct reply *rp, struct err *e)
{
    bool unfounded;
    struct certificate c;
    struct certificate_event *events;
    size_t count;
    if (!certificate_get(rq->db, rq->arena, rq->viewer.body, rq->id[0], &c, e) ||
        !certificate_history(rq->db, rq->arena, c.id, &events, &count, e) ||
        !is_unfounded(rq, &c, &unfounded, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_certificate(o, &c);
    put_bool(o, "unfounded", unfounded);
    write_facts(o, &c);
    write_history(o, events, count);
    return true;
}

/* --- the sheet ------------------------------------------------------------------------------- */
struct print {
    struct request *rq;
    struct id certificate;
};

static bool note_print(struct db *db, void *ctx, struct err *e)
{
    const struct print *p = ctx;
    struct audit_row row = {
        .act = ACT_certificate_print, .object_type = "ce", .object = p->certificate};
    return audit_write(db, &p->rq->actor, &row, e);
}

static bool read_photo(struct request *rq, const struct certificate *c, struct bytes *jpeg,
                       struct err *e)
{
    struct blob photo;
    *jpeg = (struct bytes){0};
    return id_is_zero(c->photo) || (blob_get(rq->db, rq->arena, c->photo, &photo, e) &&
                                    blob_read(&rq->app->blobs, rq->arena, &photo, jpeg, e));
}

/* The sheet shows the document number in full: seeing it is an audited act (SECURITY §9). */
static bool reply_sheet(struct request *rq, struct reply *rp, const struct certificate *c,
                        struct err *e)
{
    struct certificate_secrets secrets;
    struct bytes photo, pdf;
    struct print p = {rq, c->id};
    if (c->state != CERTIFICATE_VALID)
        return FAIL(e, CONFLICT, "/state", "证书已不是有效状态，不再打印。");
    if (!certificate_secrets(rq->db, rq->arena, rq->app->master, c, &secrets, e) ||
        !read_photo(rq, c, &photo, e))
        return false;
    const struct certificate_sheet s = {c, &secrets, photo, rq->app->public_url};
    if (!certificate_render(rq->arena, &s, &pdf, e) || !db_transact(rq->db, note_print, &p, e))
        return false;
    reply_file(rp, "application/pdf", arena_printf(rq->arena, "%s.pdf", c->number), pdf);
    return true;
}

bool certificate_pdf_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct certificate c;
    return certificate_get(rq->db, rq->arena, rq->viewer.body, rq->id[0], &c, e) &&
           reply_sheet(rq, rp, &c, e);
}

static bool own_certificate(struct request *rq, struct certificate *c, struct err *e)
{
    if (!certificate_get(rq->db, rq->arena, rq->viewer.body, rq->id[0], c, e))
        return false;
    return (!id_is_zero(rq->viewer.person) && id_equal(c->person, rq->viewer.person)) ||
           FAIL(e, NOT_FOUND, "certificate", "没有这张证书。");
}

bool my_certificate_pdf_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct certificate c;
    return own_certificate(rq, &c, e) && reply_sheet(rq, rp, &c, e);
}

struct photo_consent_body {
    bool show;
};
static const struct field photo_consent_rows[] = {
    {FIELD(struct photo_consent_body, show, BOOL), .required = true},
};
const struct fields photo_consent_fields = FIELDS("photo_consent", struct photo_consent_body,
                                                  photo_consent_rows);

/* Showing needs the consent that the holder gave to its text (POST /api/my/consents, "photo"). */
bool my_photo_consent_put(struct request *rq, struct reply *rp, struct err *e)
{
    const struct photo_consent_body *in = rq->input;
    struct certificate_office o;
    struct certificate c;
    struct people p = people_of(rq);
    bool given = true;
    if (!office_of(rq, &rq->actor, rq->db, &o, e) || !own_certificate(rq, &c, e) ||
        (in->show && !consent_in_force(&p, c.person, CONSENT_PHOTO, &given, e)))
        return false;
    if (!given)
        return FAIL(e, RULE, "/show", "公开照片须先同意“%s”（个人信息保护法第二十九条）。",
                    consent_title(CONSENT_PHOTO));
    if (!certificate_photo_consent(&o, c.id, c.person, in->show, e))
        return false;
    put_bool(reply_json(rp), "photo_public", in->show);
    return true;
}

/* --- acts of two people ---------------------------------------------------------------------- */
struct certificate_change_body {
    const char *kind, *reason;
};
static const char *const end_kinds[] = {"revoke", "void", NULL};
static const char *const reissue_kinds[] = {"lost", "correct", NULL};
static const struct field end_rows[] = {
    {FIELD(struct certificate_change_body, kind, TEXT), .allowed = end_kinds},
    {FIELD(struct certificate_change_body, reason, TEXT), .required = true, .min = 4,
     .max = 200},
};
static const struct field reissue_rows[] = {
    {FIELD(struct certificate_change_body, kind, TEXT), .required = true,
     .allowed = reissue_kinds},
    {FIELD(struct certificate_change_body, reason, TEXT), .required = true, .min = 4,
     .max = 200},
};
const struct fields certificate_end_fields = FIELDS("certificate_end",
                                                    struct certificate_change_body, end_rows);
const struct fields certificate_reissue_fields = FIELDS(
    "certificate_reissue", struct certificate_change_body, reissue_rows);

static enum act act_of(enum certificate_change c)
{
    static const enum act acts[CERTIFICATE_CHANGES] = {
        [CERTIFICATE_CHANGE_revoke] = ACT_certificate_revoke,
        [CERTIFICATE_CHANGE_void] = ACT_certificate_void,
        [CERTIFICATE_CHANGE_lost] = ACT_certificate_reissue,
        [CERTIFICATE_CHANGE_correct] = ACT_certificate_correct,
    };
    return acts[c];
}

/* {"kind":"revoke"|"void"|"lost"|"correct","reason":…}; waits for the second person. */
bool certificate_change_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct certificate_change_body *in = rq->input;
    struct certificate_office o;
    struct bytes payload;
    struct certificate_change_order order = {.certificate = rq->id[0], .reason = in->reason};
    struct proposal p = {.object = rq->id[0]};
    if (!certificate_change_read(in->kind ? in->kind : "revoke", &order.change))
        return FAIL(e, INVALID, "/kind", "没有这种改动。");
    if (!office_of(rq, &rq->actor, rq->db, &o, e) ||
        !certificate_change_propose(&o, &order, &payload, &p.summary, e))
        return false;
    p.act = act_of(order.change);
    p.payload = arena_copy(rq->arena, payload.at, payload.len);
    return propose(rq, rp, &p, e);
}

bool certificate_change_confirm(struct db *db, struct arena *a, const struct approval *p,
                                const struct actor *who, void *app, struct err *e)
{
    struct request *rq = app;
    struct certificate_office o;
    struct certificate_change_order order;
    struct certificate_issued done;
    struct certificate c;
    struct certificate_holder holder;
    const struct people people = {db, a, rq->app->master, who};
    if (!office_of(rq, who, db, &o, e) ||
        !certificate_change_order_read(a, p->payload, &order, e))
        return false;
    if (act_of(order.change) != p->act)
        return FAIL(e, CONFLICT, "/payload", "提请的内容与它的种类不符。");
    bool correct = order.change == CERTIFICATE_CHANGE_correct;
    if (correct && (!certificate_get(db, a, who->body, order.certificate, &c, e) ||
                    !certificate_holder_load(&people, c.person, &holder, e)))
        return false;
    return certificate_change_execute(&o, &order, correct ? &holder : NULL, &done, e);
}

/* --- banned words ------------------------------------------------------------------------------ */
bool word_findings_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct certificate_office of;
    int64_t total = 0;
    if (!office_of(rq, &rq->actor, rq->db, &of, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "findings");
    for (size_t i = 0; i < of.programmes->count; i++) {
        struct word_finding *f;
        size_t count;
        if (!words_find(rq->arena, of.programmes->at[i], of.body, &f, &count, e) ||
            !words_mark_released(rq->db, of.body->id, f, count, e)) {
            rp->json = NULL;
            return false;
        }
        for (size_t k = 0; k < count; k++, total++) {
            out_object(o);
            put_text(o, "programme", f[k].programme);
            put_text(o, "place", f[k].place);
            put_text(o, "word", f[k].word);
            put_text(o, "why", f[k].why);
            put_text(o, "text", f[k].text);
            put_bool(o, "released", f[k].released);
            out_object_end(o);
        }
    }
    out_array_end(o);
    put_int(o, "total", total);
    return true;
}

struct word_release_body {
    const char *programme, *reason;
};
static const struct field word_release_rows[] = {
    {FIELD(struct word_release_body, programme, TEXT), .required = true, .min = 1, .max = 80},
    {FIELD(struct word_release_body, reason, TEXT), .required = true, .min = 4, .max = 200},
};
const struct fields word_release_fields = FIELDS("word_release", struct word_release_body,
                                                 word_release_rows);

bool word_release_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct word_release_body *in = rq->input;
    struct certificate_office o;
    struct bytes payload;
    struct proposal p = {.act = ACT_word_release, .object = rq->viewer.body};
    const struct programme *programme = programme_find(rq->app->programmes, in->programme);
    if (!programme)
        return FAIL(e, INVALID, "/programme", "没有“%.60s”这个项目。", in->programme);
    if (!office_of(rq, &rq->actor, rq->db, &o, e) ||
        !words_release_propose(rq->db, rq->arena, programme, o.body, in->reason, &payload,
                               &p.summary, e))
        return false;
    p.payload = arena_copy(rq->arena, payload.at, payload.len);
    return propose(rq, rp, &p, e);
}

bool word_release_confirm(struct db *db, struct arena *a, const struct approval *p,
                          const struct actor *who, void *app, struct err *e)
{
    struct request *rq = app;
    struct certificate_office o;
    return office_of(rq, who, db, &o, e) &&
           words_release_execute(db, a, o.programmes, o.body, who, p->payload, e);
}
