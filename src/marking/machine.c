/* marking/machine.c - scores what can be scored without a person. */
#include "marking/machine.h"

#include <string.h>

#include "bank/kind.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/json_out.h"
#include "paper/paper.h"
#include "sitting/fold.h"

static const struct answer *answer_to(const struct attempt_answers *answers, int64_t n)
{
    for (size_t i = 0; i < answers->count; i++)
        if (answers->items[i].item == n)
            return &answers->items[i];
    return NULL;
}

static const json_t *response_of(struct arena *a, const struct answer *answer)
{
    struct err ignored = {0};
    if (!answer || !answer->response.at)
        return NULL;
    return json_read(a, answer->response.at, answer->response.len, &ignored);
}

/* The better of the place's own key and those that were accepted beside it. */
static bool score_place(const struct paper_place *p, const json_t *response,
                        struct item_score *out)
{
    struct err why = {0};
    struct score_order order = {p->millimarks, p->partial};
    bool readable = p->kind->score(p->body, response, &order, out, &why);
    for (size_t i = 0; readable && i < p->also_count; i++) {
        struct item_score other = {0};
        readable = p->kind->score(p->also[i], response, &order, &other, &why);
        if (readable && other.millimarks > out->millimarks)
            *out = other;
    }
    return readable;
}

static struct place_mark mark_one(struct arena *a, const struct paper_place *p,
                                  const struct answer *answer)
{
    struct item_score score = {0};
    const json_t *response = response_of(a, answer);
    bool unreadable = !p->credit && ((answer && answer->response.at && !response) ||
                                     !score_place(p, response, &score));
    if (p->credit)
        score = (struct item_score){.millimarks = p->millimarks};
    return (struct place_mark){
        .n = p->n,
        .code = p->code,
        .area = p->area,
        .point = p->point,
        .full_millimarks = p->millimarks,
        .millimarks = unreadable ? 0 : score.millimarks,
        .answered = response && !response_is_blank(response),
        .needs_marker = !unreadable && score.needs_marker && response &&
                        !response_is_blank(response),
        .unreadable = unreadable,
        .response = response,
    };
}

void machine_mark(struct arena *a, const struct paper_place *places, size_t count,
                  const struct attempt_answers *answers, struct place_mark *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = mark_one(a, &places[i], answer_to(answers, places[i].n));
}

size_t marks_by_area(struct arena *a, const struct place_mark *marks, size_t count,
                     struct area_mark **out)
{
    struct area_mark *areas = arena_array(a, struct area_mark, count ? count : 1);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        const char *area = marks[i].area ? marks[i].area : "";
        size_t k = 0;
        while (k < n && strcmp(areas[k].area, area) != 0)
            k++;
        if (k == n)
            areas[n++].area = area;
        areas[k].full_millimarks += marks[i].full_millimarks;
        areas[k].millimarks += marks[i].millimarks;
    }
    *out = areas;
    return n;
}

void place_marks_write(const struct place_mark *marks, size_t count, struct json_out *o)
{
    out_array(o);
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_int(o, "n", marks[i].n);
        put_text(o, "code", marks[i].code);
        put_text(o, "area", marks[i].area);
        put_int(o, "full", marks[i].full_millimarks);
        put_int(o, "millimarks", marks[i].millimarks);
        put_bool(o, "answered", marks[i].answered);
        put_bool(o, "needs_marker", marks[i].needs_marker);
        put_bool(o, "unreadable", marks[i].unreadable);
        out_object_end(o);
    }
    out_array_end(o);
}

void area_marks_write(const struct area_mark *areas, size_t count, struct json_out *o)
{
    out_array(o);
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_text(o, "area", areas[i].area);
        put_int(o, "full", areas[i].full_millimarks);
        put_int(o, "millimarks", areas[i].millimarks);
        out_object_end(o);
    }
    out_array_end(o);
}
