/* sitting/arrange_rules.c - what must hold of rooms, seats, times and candidates. Pure. */
#include "sitting/arrange_rules.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "programme/programme.h"

#define FINDING(name, blocks, source) {#name, blocks, source},
static const struct {
    const char *name;
    bool blocks;
    const char *source;
} rules[] = {
#include "sitting/findings.def"
};
#undef FINDING

enum { SENTENCE_BYTES = 480 };

void finding_add(struct checker *c, enum finding_rule rule, const struct finding_place *at,
                 const char *fmt, ...)
{
    char sentence[SENTENCE_BYTES];
    va_list args;
    va_start(args, fmt);
    vsnprintf(sentence, sizeof sentence, fmt, args);
    va_end(args);
    struct findings *out = c->out;
    if (out->count == c->room) {
        out->at = arena_grow(c->arena, out->at, c->room, c->room * 2 + 8, sizeof *out->at);
        c->room = c->room * 2 + 8;
    }
    out->blocking += rules[rule].blocks;
    out->at[out->count++] = (struct arrange_finding){
        .rule = rules[rule].name,
        .blocks = rules[rule].blocks,
        .where = at->where,
        .where_id = at->id,
        .name = at->name,
        .sentence = arena_text(c->arena, sentence),
        .source = rules[rule].source,
    };
}

void finding_source(struct checker *c, const struct source *src, const char *text)
{
    const char *where = programme_source(c->w->programme, c->arena, src);
    c->out->at[c->out->count - 1].source = text
                                               ? arena_printf(c->arena, "%s：“%s”", where, text)
                                               : where;
}

bool arrange_overlap(int64_t x_ms, int64_t x_minutes, int64_t y_ms, int64_t y_minutes)
{
    return x_ms < y_ms + y_minutes * 60000 && y_ms < x_ms + x_minutes * 60000;
}

int64_t arranged_count(const struct arrangement *w, struct id room)
{
    int64_t n = 0;
    for (size_t i = 0; i < w->candidate_count; i++) {
        const struct arranged_candidate *c = &w->candidates[i];
        n += !id_is_zero(c->seat) && (id_is_zero(room) || id_equal(room, c->room));
    }
    return n;
}

static void check_session(struct checker *c)
{
    const struct arrangement *w = c->w;
    struct finding_place here = {"session", {{0}}, w->session.title};
    int64_t seated = arranged_count(w, (struct id){{0}});
    if (w->room_count == 0)
        finding_add(c, RULE_no_rooms, &here, "还没有考场。");
    if (seated == 0)
        finding_add(c, RULE_no_candidates, &here, "还没有考生入座。");
    if (w->session.starts_ms <= w->now_ms)
        finding_add(c, RULE_starts_past, &here, "开考时间已过，不能再编排。");
    if (seated < (int64_t)w->candidate_count)
        finding_add(c, RULE_unseated, &here, "还有 %lld 名审核通过的考生没有安排座位。",
                    (long long)((int64_t)w->candidate_count - seated));
    const struct component *part = programme_component(w->programme, w->session.component);
    if (part && w->session.minutes < part->min_minutes) {
        finding_add(c, RULE_minutes_minimum, &here, "%s安排了 %lld 分钟，至少应为 %lld 分钟。",
                    part->name, (long long)w->session.minutes, (long long)part->min_minutes);
        finding_source(c, part->minutes_src, part->minutes_text);
    }
}

static void check_rooms(struct checker *c)
{
    const struct arrangement *w = c->w;
    for (size_t i = 0; i < w->room_count; i++) {
        const struct room *r = &w->rooms[i];
        struct finding_place here = {"room", r->id, r->name};
        int64_t n = arranged_count(w, r->id);
        if (n > r->capacity)
            finding_add(c, RULE_room_capacity, &here, "%s容量 %lld 人，安排了 %lld 人。",
                        r->name, (long long)r->capacity, (long long)n);
        if (n == 0)
            finding_add(c, RULE_room_empty, &here, "%s没有安排考生。", r->name);
        if (w->room_clashes && w->room_clashes[i])
            finding_add(c, RULE_room_clash, &here, "%s同一时间也用于“%s”。", r->name,
                        w->room_clashes[i]);
    }
}

static void check_candidate(struct checker *c, const struct arranged_candidate *k,
                            const struct component *part)
{
    struct finding_place here = {"candidate", k->entry, k->name};
    if (k->clash)
        finding_add(c, RULE_candidate_clash, &here, "%s同一时间还要参加“%s”。", k->name,
                    k->clash);
    if (k->clash_seat > 1)
        finding_add(c, RULE_candidate_twice, &here, "%s在本场次占了 %lld 个座位。", k->name,
                    (long long)k->clash_seat);
    if (!k->accepted)
        finding_add(c, RULE_candidate_stands, &here, "%s的申报已不是“审核通过”，请移出座位。",
                    k->name);
    if (part && !component_at_level(part, k->level)) {
        const struct level *l = programme_level(c->w->programme, k->level);
        finding_add(c, RULE_candidate_level, &here, "%s申报%s，这一等级不考%s。", k->name,
                    l ? l->name : "的等级", part->name);
        finding_source(c, part->src, part->text);
    }
}

void arrange_check(struct arena *a, const struct arrangement *w, struct findings *out)
{
    *out = (struct findings){0};
    struct checker c = {a, w, out, 0};
    const struct component *part = programme_component(w->programme, w->session.component);
    check_session(&c);
    check_rooms(&c);
    staff_rules_check(&c);
    for (size_t i = 0; i < w->candidate_count; i++)
        if (!id_is_zero(w->candidates[i].seat))
            check_candidate(&c, &w->candidates[i], part);
}

void findings_put(struct json_out *o, const struct findings *f)
{
    put_array(o, "findings");
    for (size_t i = 0; i < f->count; i++) {
        const struct arrange_finding *x = &f->at[i];
        out_object(o);
        put_text(o, "rule", x->rule);
        put_bool(o, "blocks", x->blocks);
        put_text(o, "where", x->where);
        put_id(o, "where_id", x->where_id);
        put_text(o, "name", x->name);
        put_text(o, "sentence", x->sentence);
        put_text(o, "source", x->source);
        out_object_end(o);
    }
    out_array_end(o);
    put_int(o, "blocking", (int64_t)f->blocking);
}
