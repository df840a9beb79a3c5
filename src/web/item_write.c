/* web/item_write.c - single items: written, previewed, handed in, reviewed, retired. */
#include <jansson.h>
#include <string.h>

#include "bank/lint.h"
#include "bank/seen.h"
#include "bank/similar.h"
#include "base/arena.h"
#include "base/json.h"
#include "web/app.h"
#include "web/bank_of.h"
#include "web/handlers.h"

struct item_new_body {
    const char *programme;
    struct json_t *object;
};
static const struct field item_new_rows[] = {
    {FIELD(struct item_new_body, programme, TEXT), .required = true, .min = 1, .max = 60},
    {FIELD(struct item_new_body, object, JSON), .required = true},
};
const struct fields item_new_fields = FIELDS("item_new", struct item_new_body, item_new_rows);

static void reply_saved(struct reply *rp, int status, struct id item, int64_t version)
{
    struct json_out *o = reply_json_with(rp, status);
    put_id(o, "id", item);
    put_int(o, "version", version);
}

bool items_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct item_new_body *in = rq->input;
    struct bank b = bank_of(rq);
    struct save_order order = {.programme = in->programme, .object = in->object};
    struct id item;
    int64_t version;
    if (!bank_save(&b, &order, &item, &version, e))
        return false;
    reply_saved(rp, 201, item, version);
    return true;
}

/* What lint would say of it: an author need not wait for the page of the whole bank. */
static bool put_findings(struct request *rq, const struct item *item, struct json_out *o,
                         struct err *e)
{
    struct lint found;
    struct law_list *laws = law_list_embedded(rq->arena, e);
    if (!laws)
        return false;
    item_lint(rq->arena, item, laws, &found);
    put_array(o, "findings");
    for (size_t i = 0; i < found.count; i++)
        out_text(o, found.problems[i].what);
    out_array_end(o);
    return true;
}

/* Reads and checks without storing: the page shows what a candidate would see. While somebody writes, an item
 * that would be refused is an expected answer: "refused" says where and why. */
bool item_preview_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct item_new_body *in = rq->input;
    const struct programme *p;
    struct item item;
    if (!programme_of(rq, in->programme, &p, e))
        return false;
    struct err refused = {0};
    if (item_read(rq->arena, in->object, &item, &refused) && item_fits(&item, p, &refused)) {
        struct json_out *o = reply_json(rp);
        out_key(o, "preview");
        item_write_presented(rq->arena, &item, o);
        return put_findings(rq, &item, o, e);
    }
    err_under(&refused, "/object");
    if (refused.code != ERR_INVALID && refused.code != ERR_RULE) {
        *e = refused;
        return false;
    }
    struct json_out *o = reply_json(rp);
    put_object(o, "refused");
    put_text(o, "code", err_name(refused.code));
    put_text(o, "field", refused.field);
    put_text(o, "text", refused.text);
    out_object_end(o);
    return true;
}

/* What the bank already has like it; the object may be half written. */
bool items_similar_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct item_new_body *in = rq->input;
    struct bank b = bank_of(rq);
    struct similar near[SIMILAR_MAX];
    size_t count;
    if (!json_is_object(in->object))
        return FAIL(e, INVALID, "/object", "须为一个 JSON 对象。");
    struct id versions[SIMILAR_MAX];
    if (!bank_similar(&b, in->object, near, &count, e))
        return false;
    for (size_t i = 0; i < count; i++)
        versions[i] = near[i].version_id;
    if (!bank_note_seen(&b, SEEN_similar, versions, count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "similar");
    for (size_t i = 0; i < count; i++) {
        struct item item;
        if (!bank_open_version(rq->db, rq->arena, b.master, near[i].version_id, &item, e))
            return false;
        out_object(o);
        put_id(o, "id", near[i].item);
        put_text(o, "code", near[i].code);
        put_text(o, "state", near[i].state);
        put_int(o, "percent", near[i].percent);
        put_text(o, "stem", pictures_worded(rq->arena, &item.meta, item_stem(&item)));
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

struct item_edit_body {
    int64_t version;
    struct json_t *object;
};
static const struct field item_edit_rows[] = {
    {FIELD(struct item_edit_body, version, INT), .required = true, .min = 1, .max = 1000000},
    {FIELD(struct item_edit_body, object, JSON), .required = true},
};
const struct fields item_edit_fields = FIELDS("item_edit", struct item_edit_body,
                                              item_edit_rows);

bool item_edit_put(struct request *rq, struct reply *rp, struct err *e)
{
    const struct item_edit_body *in = rq->input;
    struct bank b = bank_of(rq);
    struct item_row row;
    struct id item;
    int64_t version;
    if (!bank_row(&b, rq->id[0], &row, e))
        return false;
    struct save_order order = {rq->id[0], in->version, row.programme, in->object};
    if (!bank_save(&b, &order, &item, &version, e))
        return false;
    reply_saved(rp, 200, item, version);
    return true;
}

struct item_hand_in_body {
    int64_t version;
};
static const struct field item_hand_in_rows[] = {
    {FIELD(struct item_hand_in_body, version, INT), .required = true, .min = 1, .max = 1000000},
};
const struct fields item_hand_in_fields = FIELDS("item_hand_in", struct item_hand_in_body,
                                                 item_hand_in_rows);

bool item_hand_in_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct item_hand_in_body *in = rq->input;
    struct bank b = bank_of(rq);
    (void)rp;
    return bank_hand_in(&b, rq->id[0], in->version, e);
}

struct item_retire_body {
    const char *reason;
};
static const struct field item_retire_rows[] = {
    {FIELD(struct item_retire_body, reason, TEXT), .required = true, .min = 2, .max = 200},
};
const struct fields item_retire_fields = FIELDS("item_retire", struct item_retire_body,
                                                item_retire_rows);

bool item_retire_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct item_retire_body *in = rq->input;
    struct bank b = bank_of(rq);
    (void)rp;
    return bank_retire(&b, rq->id[0], in->reason, e);
}

struct item_review_body {
    struct id *items;
    size_t item_count;
    int64_t *versions;
    size_t version_count;
    const char *verdict, *note;
};
static const char *const verdicts[] = {"approve", "return", NULL};
static const struct field item_review_rows[] = {
    {FIELD(struct item_review_body, items, IDS),
     FIELD_COUNT(struct item_review_body, item_count), .required = true, .min = 1, .max = 1000},
    {FIELD(struct item_review_body, versions, INTS),
     FIELD_COUNT(struct item_review_body, version_count), .required = true, .min = 1,
     .max = 1000},
    {FIELD(struct item_review_body, verdict, TEXT), .required = true, .allowed = verdicts},
    {FIELD(struct item_review_body, note, TEXT), .max = 1000},
};
const struct fields item_review_fields = FIELDS("item_review", struct item_review_body,
                                                item_review_rows);

bool item_reviews_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct item_review_body *in = rq->input;
    struct bank b = bank_of(rq);
    (void)rp;
    if (in->version_count != in->item_count)
        return FAIL(e, INVALID, "/versions", "每道题都要写明所审的版本。");
    struct review_order order = {
        .items = in->items,
        .versions = in->versions,
        .count = in->item_count,
        .verdict = strcmp(in->verdict, "approve") == 0 ? REVIEW_APPROVE : REVIEW_RETURN,
        .note = in->note,
    };
    return bank_review(&b, &order, e);
}
