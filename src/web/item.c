/* web/item.c - single items: listed, shown, who saw them. */
#include <jansson.h>
#include <string.h>

#include "bank/exchange.h"
#include "bank/parameter.h"
#include "bank/seen.h"
#include "bank/wording.h"
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
    int64_t own;
    if (!bank_row(&b, rq->id[0], &row, e) || !wording_of_item(rq->db, &b, rq->id[0], &own, e) ||
        !bank_open(&b, rq->id[0], request_query_int(rq, "version", 0), &item, e) ||
        !bank_note_seen(&b, SEEN_open, &row.version_id, 1, e))
        return false;
    struct json_out *o = reply_json(rp);
    out_key(o, "item");
    item_row_write(&row, o);
    put_text(o, "state_label", item_state_label(row.state));
    put_bool(o, "mine", id_equal(row.author, rq->viewer.account));
    put_int(o, "own_version", own);
    out_key(o, "object");
    item_write(&item, o);
    out_key(o, "preview");
    item_write_presented(rq->arena, &item, o);
    return put_drawn(rq, &item, o, e) && put_reviews(rq, &b, o, e) &&
           put_parameters(&b, &row, o, e);
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
