/* web/item_bulk.c - one change to many items: previewed, then done as it was previewed. */
#include <string.h>

#include "bank/bulk.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/json_out.h"
#include "web/bank_of.h"
#include "web/handlers.h"

struct filter_body {
    const char *programme, *kind, *area, *state, *search, *whose;
    int64_t level;
};
static const char *const whoses[] = {"mine", "queue", NULL};
static const struct field filter_rows[] = {
    {FIELD(struct filter_body, programme, TEXT), .max = 60},
    {FIELD(struct filter_body, kind, TEXT), .max = 40},
    {FIELD(struct filter_body, area, TEXT), .max = 60},
    {FIELD(struct filter_body, state, TEXT), .max = 20},
    {FIELD(struct filter_body, search, TEXT), .max = 100},
    {FIELD(struct filter_body, whose, TEXT), .allowed = whoses},
    {FIELD(struct filter_body, level, INT), .min = 0, .max = 9},
};
static const struct fields filter_fields = FIELDS("item_bulk_filter", struct filter_body,
                                                  filter_rows);

#define LIST(member, count, what)                                                              \
    FIELD(struct bulk_change, member, what), FIELD_COUNT(struct bulk_change, count)
static const struct field change_rows[] = {
    {LIST(levels, level_count, INTS), .max = 20},
    {LIST(directions, direction_count, TEXTS), .max = 20},
    {FIELD(struct bulk_change, every_direction, BOOL)},
    {FIELD(struct bulk_change, first_point, TEXT), .min = 1, .max = 60},
    {LIST(points_add, points_add_count, TEXTS), .max = 20},
    {LIST(points_remove, points_remove_count, TEXTS), .max = 20},
    {FIELD(struct bulk_change, difficulty, INT), .min = 1, .max = 5},
    {FIELD(struct bulk_change, cognitive, TEXT), .min = 1, .max = 20},
    {FIELD(struct bulk_change, importance, TEXT), .min = 1, .max = 20},
    {FIELD(struct bulk_change, enemies_together, BOOL)},
    {LIST(enemies_add, enemies_add_count, TEXTS), .max = 100},
    {LIST(enemies_remove, enemies_remove_count, TEXTS), .max = 100},
    {FIELD(struct bulk_change, source, TEXT), .min = 1, .max = 200},
    {FIELD(struct bulk_change, law, TEXT), .min = 1, .max = 100},
    {FIELD(struct bulk_change, law_version, TEXT), .min = 4, .max = 20},
};
#undef LIST
static const struct fields change_fields = FIELDS("item_bulk_change", struct bulk_change,
                                                  change_rows);

/* One body for all four: what a route has no row for stays empty. */
struct bulk_body {
    struct id *items;
    size_t item_count;
    const struct filter_body *filter;
    const struct bulk_change *change;
    const char *reason, *digest;
};
#define CHOICE_ROWS                                                                            \
    {FIELD(struct bulk_body, items, IDS), FIELD_COUNT(struct bulk_body, item_count),           \
     .max = BULK_ITEMS_MAX},                                                                   \
    {                                                                                          \
        FIELD(struct bulk_body, filter, OBJECT), .sub = &filter_fields                         \
    }
#define CHANGE_ROW                                                                             \
    {                                                                                          \
        FIELD(struct bulk_body, change, OBJECT), .required = true, .sub = &change_fields       \
    }
#define REASON_ROW                                                                             \
    {                                                                                          \
        FIELD(struct bulk_body, reason, TEXT), .required = true, .min = 2, .max = 200          \
    }
#define DIGEST_ROW                                                                             \
    {                                                                                          \
        FIELD(struct bulk_body, digest, TEXT), .required = true, .min = 64, .max = 64          \
    }
static const struct field edit_preview_rows[] = {CHOICE_ROWS, CHANGE_ROW};
static const struct field edit_rows[] = {CHOICE_ROWS, CHANGE_ROW, DIGEST_ROW};
static const struct field retire_preview_rows[] = {CHOICE_ROWS, REASON_ROW};
static const struct field retire_rows[] = {CHOICE_ROWS, REASON_ROW, DIGEST_ROW};
const struct fields bulk_edit_preview_fields = FIELDS("bulk_edit_preview", struct bulk_body,
                                                      edit_preview_rows);
const struct fields bulk_edit_fields = FIELDS("bulk_edit", struct bulk_body, edit_rows);
const struct fields bulk_retire_preview_fields = FIELDS("bulk_retire_preview", struct bulk_body,
                                                        retire_preview_rows);
const struct fields bulk_retire_fields = FIELDS("bulk_retire", struct bulk_body, retire_rows);

struct asked {
    struct bulk_choice choice;
    struct bank_filter filter;
    struct bulk_change change;
};

static void asked_of(const struct bulk_body *in, struct asked *out)
{
    *out = (struct asked){.choice = {.items = in->items, .count = in->item_count}};
    if (in->filter) {
        out->filter = (struct bank_filter){
            .programme = in->filter->programme,
            .kind = in->filter->kind,
            .area = in->filter->area,
            .state = in->filter->state,
            .search = in->filter->search,
            .level = in->filter->level,
            .whose = bank_whose_of(in->filter->whose),
        };
        out->choice.filter = &out->filter;
    }
    if (in->change)
        out->change = *in->change;
    out->change.retire = in->reason;
}

static void put_line(const struct bulk_line *line, struct json_out *o)
{
    static const char *const outcomes[] = {
        [BULK_CHANGES] = "changes", [BULK_SAME] = "same", [BULK_REFUSED] = "refused"};
    out_object(o);
    put_id(o, "id", line->row.id);
    put_text(o, "code", line->row.code);
    put_text(o, "state", item_state_name(line->row.state));
    put_int(o, "version", line->row.version);
    put_text(o, "outcome", outcomes[line->outcome]);
    if (line->why)
        put_text(o, "why", line->why);
    if (line->outcome == BULK_CHANGES && line->was) {
        put_json(o, "was", line->was);
        put_json(o, "is", line->is);
    }
    put_int(o, "stamps", line->stamps);
    put_bool(o, "parameters", line->parameters);
    if (line->law_problem)
        put_text(o, "law_problem", line->law_problem);
    out_object_end(o);
}

static void put_plan(const struct bulk_plan *plan, struct json_out *o)
{
    char hex[2 * HASH_BYTES + 1];
    hex_write(hex, plan->digest, HASH_BYTES);
    put_text(o, "digest", hex);
    put_int(o, "changes", (int64_t)plan->changes);
    put_int(o, "refused", (int64_t)plan->refused);
    put_array(o, "lines");
    for (size_t i = 0; i < plan->count; i++)
        put_line(&plan->lines[i], o);
    out_array_end(o);
}

bool items_bulk_preview_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct bank b = bank_of(rq);
    struct asked asked;
    struct bulk_plan plan;
    asked_of(rq->input, &asked);
    if (!bulk_preview(&b, &asked.choice, &asked.change, &plan, e))
        return false;
    put_plan(&plan, reply_json(rp));
    return true;
}

bool items_bulk_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct bulk_body *in = rq->input;
    struct bank b = bank_of(rq);
    struct asked asked;
    struct bulk_plan plan;
    unsigned char seen[HASH_BYTES];
    asked_of(in, &asked);
    if (!hex_read(seen, sizeof seen, in->digest))
        return FAIL(e, INVALID, "/digest", "预览的摘要须为 64 位十六进制。");
    if (!bulk_apply(&b, &asked.choice, &asked.change, seen, &plan, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_int(o, "changed", (int64_t)plan.changes);
    put_int(o, "left", (int64_t)(plan.count - plan.changes));
    return true;
}
