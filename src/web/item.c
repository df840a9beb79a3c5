/* web/item.c - single items: list, write, preview, hand in, review, retire. */
#include <jansson.h>
#include <string.h>

#include "bank/attachment.h"
#include "bank/exchange.h"
#include "bank/parameter.h"
#include "bank/seen.h"
#include "bank/similar.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/shuffle.h"
#include "measure/numbers.h"
#include "programme/programme.h"
#include "web/app.h"
#include "web/bank_of.h"
#include "web/handlers.h"

struct bank bank_of(struct request *rq)
{
    return (struct bank){rq->db, rq->arena, rq->app->master, rq->app->programmes, &rq->actor};
}

bool programme_of(struct request *rq, const char *name, const struct programme **out,
                  struct err *e)
{
    *out = programme_find(rq->app->programmes, name);
    return *out || FAIL(e, NOT_FOUND, "programme", "没有项目“%.60s”。", name);
}

/* The words of forms and filters. */
bool item_words_get(struct request *rq, struct reply *rp, struct err *e)
{
    const struct item_kind *k;
    const struct exchange_format *f;
    struct json_out *o = reply_json(rp);
    (void)rq, (void)e;
    put_array(o, "kinds");
    for (size_t i = 0; (k = item_kind_at(i)); i++) {
        out_object(o);
        put_text(o, "name", k->name);
        put_text(o, "label", k->label);
        out_object_end(o);
    }
    out_array_end(o);
    put_array(o, "states");
    for (int s = 0; s < ITEM_STATES; s++) {
        out_object(o);
        put_text(o, "name", item_state_name((enum item_state)s));
        put_text(o, "label", item_state_label((enum item_state)s));
        out_object_end(o);
    }
    out_array_end(o);
    put_array(o, "formats");
    for (size_t i = 0; (f = exchange_format_at(i)); i++) {
        out_object(o);
        put_text(o, "name", f->name);
        put_text(o, "label", f->label);
        put_text(o, "extension", f->extension);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

/* ?whose=mine · ?whose=queue: what the viewer may review and has not yet. */
enum bank_whose bank_whose_of(const char *name)
{
    if (!name)
        return BANK_ALL;
    return strcmp(name, "mine") == 0    ? BANK_MINE
           : strcmp(name, "queue") == 0 ? BANK_TO_REVIEW
                                        : BANK_ALL;
}

static bool rows_seen(const struct bank *b, const struct item_row *rows, size_t count,
                      struct err *e)
{
    struct id *versions = arena_array(b->arena, struct id, count + 1);
    for (size_t i = 0; i < count; i++)
        versions[i] = rows[i].version_id;
    return bank_note_seen(b, SEEN_list, versions, count, e);
}

bool items_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct bank b = bank_of(rq);
    struct page page = request_page(rq);
    struct item_row *rows;
    size_t count;
    int64_t total;
    struct bank_filter f = {
        .programme = request_query(rq, "programme"),
        .kind = request_query(rq, "kind"),
        .area = request_query(rq, "area"),
        .state = request_query(rq, "state"),
        .search = request_query(rq, "search"),
        .level = request_query_int(rq, "level", 0),
        .whose = bank_whose_of(request_query(rq, "whose")),
        .limit = page.limit,
        .offset = page.offset,
    };
    if (!bank_list(&b, &f, &rows, &count, &total, e) || !rows_seen(&b, rows, count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "items");
    for (size_t i = 0; i < count; i++) {
        struct item item;
        if (!bank_open_version(rq->db, rq->arena, b.master, rows[i].version_id, &item, e))
            return false;
        out_object(o);
        item_row_put(&rows[i], o);
        put_text(o, "stem", pictures_worded(rq->arena, &item.meta, item_stem(&item)));
        out_object_end(o);
    }
    out_array_end(o);
    put_int(o, "total", total);
    return true;
}

static bool put_reviews(struct request *rq, const struct bank *b, struct json_out *o,
                        struct err *e)
{
    struct review_row *reviews;
    size_t count;
    if (!bank_reviews(b, rq->id[0], &reviews, &count, e))
        return false;
    put_array(o, "reviews");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_int(o, "version", reviews[i].version);
        put_id(o, "reviewer", reviews[i].reviewer);
        put_bool(o, "mine", id_equal(reviews[i].reviewer, rq->viewer.account));
        put_text(o, "verdict", reviews[i].verdict == REVIEW_APPROVE ? "approve" : "return");
        put_text(o, "note", reviews[i].note);
        put_int(o, "at_ms", reviews[i].at_ms);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

/* What was measured, the latest adopted first; only those of the newest text are the item's. */
static bool put_parameters(const struct bank *b, const struct item_row *row, struct json_out *o,
                           struct err *e)
{
    struct item_parameter *list;
    size_t count;
    if (!item_parameter_history(b, row->id, &list, &count, e))
        return false;
    put_array(o, "parameters");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_bool(o, "current", id_equal(list[i].version_id, row->version_id));
        put_text(o, "model", list[i].model);
        put_real(o, "a", list[i].a);
        put_real(o, "b", list[i].b);
        put_real(o, "c", list[i].c);
        put_real(o, "se_a", list[i].se_a);
        put_real(o, "se_b", list[i].se_b);
        put_real(o, "se_c", list[i].se_c);
        put_int(o, "answers", list[i].answers);
        put_int(o, "adopted_ms", list[i].adopted_ms);
        put_id(o, "calibration", list[i].calibration);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

/* What copies of a template look like, with their answers: who reviews it judges more than its example.
 * The same ones each time. */
static bool put_drawn(struct request *rq, const struct item *item, struct json_out *o,
                      struct err *e)
{
    enum { DRAWN_SHOWN = 4 };
    const struct item_drawing *drawing = item->kind->drawing;
    if (!drawing)
        return true;
    put_array(o, "drawn");
    for (int i = 0; i < DRAWN_SHOWN; i++) {
        struct shuffle s;
        struct item filled;
        shuffle_begin(&s, (const unsigned char[SEED_BYTES]){(unsigned char)i, 1});
        if (!item_fill(rq->arena, item,
                       json_keep(rq->arena, drawing->draw(item->body, &s, rq->arena)), &filled,
                       e))
            return false;
        out_object(o);
        put_text(o, "stem", item_stem(&filled));
        put_json(o, "key", json_object_get(filled.json, "key"));
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

/* ?version=2: an older one. */
bool item_one_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct bank b = bank_of(rq);
    struct item_row row;
    struct item item;
    if (!bank_row(&b, rq->id[0], &row, e) ||
        !bank_open(&b, rq->id[0], request_query_int(rq, "version", 0), &item, e) ||
        !bank_note_seen(&b, SEEN_open, &row.version_id, 1, e))
        return false;
    struct json_out *o = reply_json(rp);
    out_key(o, "item");
    item_row_write(&row, o);
    put_text(o, "state_label", item_state_label(row.state));
    put_bool(o, "mine", id_equal(row.author, rq->viewer.account));
    out_key(o, "object");
    item_write(&item, o);
    out_key(o, "preview");
    item_write_presented(rq->arena, &item, o);
    return put_drawn(rq, &item, o, e) && put_reviews(rq, &b, o, e) &&
           put_parameters(&b, &row, o, e);
}

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
        return true;
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

/* Who saw its question or key, and what for. */
bool item_seen_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct bank b = bank_of(rq);
    struct item_row row;
    struct seen_row *rows;
    size_t count;
    if (!bank_row(&b, rq->id[0], &row, e) || !bank_seen(&b, rq->id[0], &rows, &count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "seen");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_int(o, "version", rows[i].version);
        put_text(o, "name", rows[i].name);
        put_text(o, "role", role_label((enum role)rows[i].role));
        put_text(o, "purpose", rows[i].purpose);
        put_int(o, "days", rows[i].days);
        put_int(o, "first_ms", rows[i].first_ms);
        put_int(o, "last_ms", rows[i].last_ms);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

/* --- pictures ------------------------------------------------------------------------------- */
bool item_picture_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct bank b = bank_of(rq);
    struct attached picture;
    char hex[2 * HASH_BYTES + 1];
    if (!attachment_bring(&b, rq->app->program, rq->body, &picture, e))
        return false;
    struct json_out *o = reply_json_with(rp, 201);
    hex_write(hex, picture.digest, HASH_BYTES);
    put_object(o, "picture");
    put_text(o, "sha256", hex);
    put_text(o, "type", picture.type);
    put_int(o, "width", picture.width);
    put_int(o, "height", picture.height);
    put_int(o, "bytes", (int64_t)picture.bytes.len);
    out_object_end(o);
    return true;
}

bool item_media_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct bank b = bank_of(rq);
    struct attached media;
    char hex[2 * HASH_BYTES + 1];
    if (!attachment_bring_media(&b, rq->app->program, rq->body, &media, e))
        return false;
    struct json_out *o = reply_json_with(rp, 201);
    hex_write(hex, media.digest, HASH_BYTES);
    put_object(o, "media");
    put_text(o, "sha256", hex);
    put_text(o, "type", media.type);
    put_int(o, "duration_ms", media.duration_ms);
    put_int(o, "width", media.width);
    put_int(o, "height", media.height);
    put_int(o, "bytes", (int64_t)media.bytes.len);
    out_object_end(o);
    return true;
}

/* For who reads the bank of the own body; a candidate has what the paper shows inside the paper. */
bool item_picture_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct bank b = bank_of(rq);
    struct attached picture;
    if (!attachment_open(&b, rq->word[0], &picture, e))
        return false;
    reply_file(rp, picture.type,
               strcmp(picture.type, "image/png") == 0 ? "picture.png" : "picture.jpg",
               picture.bytes);
    return true;
}

/* The page fetches it whole and plays it from memory: no range is asked for. */
bool item_media_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct bank b = bank_of(rq);
    struct attached media;
    if (!attachment_open(&b, rq->word[0], &media, e))
        return false;
    reply_file(rp, media.type, arena_printf(rq->arena, "media.%s", media_extension(media.type)),
               media.bytes);
    return true;
}
