/* measure/session_similarity.c - the answers of a session as a table, its pairs, decisions about them. */
#include "measure/session_similarity.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "measure/session_scores.h"
#include "store/db.h"

enum { REASON_MAX = 600, TABLE_CELLS_MAX = 8 << 20 };

/* --- items and answers ----------------------------------------------------------------------------- */
struct kept_item {
    const char *code;
    int64_t part;
    bool by_people;
    const char **texts; /* of its answers, by number */
    size_t count, room;
};
/* An answer as it stands in one paper. */
struct given {
    int64_t n;
    size_t item;
    int16_t answer;
    bool right;
};
struct reading {
    const struct marking *m;
    const struct session_scores *scores;
    struct kept_item *items;
    size_t count, room;
    struct given **given; /* of each attempt, one a place */
};

static size_t item_at(struct reading *r, const struct paper_place *p, size_t guess)
{
    for (size_t k = 0; k < r->count; k++) {
        size_t i = (guess + k) % r->count; /* the same form: usually the first look */
        if (r->items[i].part == p->part && strcmp(r->items[i].code, p->code) == 0)
            return i;
    }
    if (r->count == r->room) {
        size_t room = r->room ? r->room * 2 : 128;
        r->items = arena_grow(r->m->arena, r->items, r->room, room, sizeof *r->items);
        r->room = room;
    }
    r->items[r->count] = (struct kept_item){.code = p->code, .part = p->part};
    return r->count++;
}

static bool answer_at(struct reading *r, struct kept_item *it, const json_t *response,
                      int16_t *out, struct err *e)
{
    struct bytes text;
    if (!jcs_write(r->m->arena, response, &text, e))
        return false;
    for (size_t i = 0; i < it->count; i++)
        if (strlen(it->texts[i]) == text.len && memcmp(it->texts[i], text.at, text.len) == 0) {
            *out = (int16_t)i;
            return true;
        }
    if (it->count == INT16_MAX) {
        *out = ANSWER_NONE;
        return true;
    }
    if (it->count == it->room) {
        size_t room = it->room ? it->room * 2 : 8;
        it->texts = arena_grow(r->m->arena, it->texts, it->room, room, sizeof *it->texts);
        it->room = room;
    }
    it->texts[it->count] = arena_copy(r->m->arena, text.at, text.len);
    *out = (int16_t)it->count++;
    return true;
}

static bool read_attempt(struct reading *r, size_t j, struct err *e)
{
    const struct attempt_score *s = &r->scores->at[j];
    r->given[j] = arena_array(r->m->arena, struct given, s->count + 1);
    for (size_t i = 0; i < s->count; i++) {
        const struct place_mark *mark = &s->marks[i];
        struct given *g = &r->given[j][i];
        *g = (struct given){.n = mark->n,
                            .item = item_at(r, &s->places[i], i),
                            .answer = ANSWER_NONE,
                            .right = mark->millimarks == mark->full_millimarks};
        struct kept_item *it = &r->items[g->item];
        it->by_people |= mark->needs_marker;
        if (mark->answered && !mark->unreadable &&
            !answer_at(r, it, mark->response, &g->answer, e))
            return false;
    }
    return true;
}

static bool fill_table(const struct reading *r, struct answer_table *t, struct err *e)
{
    size_t cells = r->scores->count * r->count;
    if (cells > TABLE_CELLS_MAX)
        return FAIL(e, TOO_LARGE, "session", "这一场的作答太多，请按考点分场后再比对。");
    int16_t *answer = arena_array(r->m->arena, int16_t, cells + 1);
    bool *right = arena_array(r->m->arena, bool, cells + 1);
    for (size_t i = 0; i < cells; i++)
        answer[i] = ANSWER_NONE;
    for (size_t j = 0; j < r->scores->count; j++)
        for (size_t i = 0; i < r->scores->at[j].count; i++) {
            const struct given *g = &r->given[j][i];
            if (r->items[g->item].by_people)
                continue;
            answer[j * r->count + g->item] = g->answer;
            right[j * r->count + g->item] = g->right;
        }
    *t = (struct answer_table){r->scores->count, r->count, answer, right};
    return true;
}

/* --- seats ----------------------------------------------------------------------------------------- */
static int by_attempt(const void *x, const void *y)
{
    return memcmp(x, y, ID_BYTES);
}

static bool read_seats(const struct marking *m, struct id session,
                       const struct session_scores *scores, struct seated_person **out,
                       struct err *e)
{
    struct seated_person *list = NULL;
    size_t count = 0, room = 0;
    struct query *q = db_query(m->db, SQL_similarity_seats);
    query_id(q, session);
    query_id(q, m->actor->body);
    while (query_next(q, e)) {
        if (count == room) {
            size_t more = room ? room * 2 : 64;
            list = arena_grow(m->arena, list, room, more, sizeof *list);
            room = more;
        }
        list[count++] = (struct seated_person){.attempt = query_get_id(q, 0),
                                               .room = query_get_id(q, 1),
                                               .seat_no = query_get_int(q, 2),
                                               .name = query_get_text(q, 3, m->arena),
                                               .row = query_get_int(q, 4),
                                               .col = query_get_int(q, 5),
                                               .room_name = query_get_text(q, 6, m->arena)};
    }
    if (e->code != ERR_NONE)
        return false;
    if (count)
        qsort(list, count, sizeof *list, by_attempt);
    *out = arena_array(m->arena, struct seated_person, scores->count + 1);
    for (size_t j = 0; j < scores->count; j++) {
        const struct seated_person *found = count ? bsearch(&scores->at[j].attempt->id, list,
                                                            count, sizeof *list, by_attempt)
                                                  : NULL;
        (*out)[j] = found ? *found
                          : (struct seated_person){.attempt = scores->at[j].attempt->id,
                                                   .name = "",
                                                   .room_name = ""};
    }
    return true;
}

/* Around one another, corners included; by number where the room has no plan. */
static bool sit_near(const void *ctx, size_t first, size_t second)
{
    const struct seated_person *seats = ctx;
    const struct seated_person *x = &seats[first], *y = &seats[second];
    if (id_is_zero(x->room) || !id_equal(x->room, y->room))
        return false;
    if (x->row == 0 || y->row == 0)
        return llabs(x->seat_no - y->seat_no) == 1;
    return llabs(x->row - y->row) <= 1 && llabs(x->col - y->col) <= 1;
}

/* --- what both had wrong ---------------------------------------------------------------------------- */
static int64_t given_by(const struct answer_table *t, size_t item, int16_t answer)
{
    int64_t n = 0;
    for (size_t j = 0; j < t->persons; j++) {
        int16_t x = t->answer[j * t->items + item];
        n += answer == ANSWER_NONE ? x != ANSWER_NONE : x == answer;
    }
    return n;
}

static int64_t number_of(const struct reading *r, size_t person, size_t item)
{
    for (size_t i = 0; i < r->scores->at[person].count; i++)
        if (r->given[person][i].item == item)
            return r->given[person][i].n;
    return 0;
}

static void list_wrong(const struct reading *r, const struct answer_table *t,
                       struct alike_pair *p)
{
    p->wrong = arena_array(r->m->arena, struct wrong_answer, p->figures.both_wrong + 1);
    for (size_t i = 0; i < t->items; i++) {
        size_t x = p->figures.first * t->items + i, y = p->figures.second * t->items + i;
        if (t->answer[x] == ANSWER_NONE || t->answer[y] == ANSWER_NONE || t->right[x] ||
            t->right[y])
            continue;
        p->wrong[p->wrong_count++] = (struct wrong_answer){
            .code = r->items[i].code,
            .part = r->items[i].part,
            .first_n = number_of(r, p->figures.first, i),
            .second_n = number_of(r, p->figures.second, i),
            .first = r->items[i].texts[t->answer[x]],
            .second = r->items[i].texts[t->answer[y]],
            .same = t->answer[x] == t->answer[y],
            .answered = given_by(t, i, ANSWER_NONE),
            .gave_same = given_by(t, i, t->answer[x])};
    }
}

/* --- decisions ------------------------------------------------------------------------------------- */
struct decided {
    struct id first, second; /* the smaller first: sorted by both */
    const char *verdict, *reason;
    struct id actor;
    int64_t at_ms;
};
struct decided_list {
    struct decided *at;
    size_t count;
};

static bool read_decided(const struct marking *m, struct id session, struct decided_list *out,
                         struct err *e)
{
    size_t room = 0;
    struct query *q = db_query(m->db, SQL_similarity_review_list);
    query_id(q, session);
    while (query_next(q, e)) {
        if (out->count == room) {
            size_t more = room ? room * 2 : 16;
            out->at = arena_grow(m->arena, out->at, room, more, sizeof *out->at);
            room = more;
        }
        out->at[out->count++] = (struct decided){.first = query_get_id(q, 0),
                                                 .second = query_get_id(q, 1),
                                                 .verdict = query_get_text(q, 2, m->arena),
                                                 .reason = query_get_text(q, 3, m->arena),
                                                 .actor = query_get_id(q, 4),
                                                 .at_ms = query_get_int(q, 5)};
    }
    return e->code == ERR_NONE;
}

static void order_ids(struct id *first, struct id *second)
{
    if (memcmp(first, second, sizeof *first) > 0) {
        struct id smaller = *second;
        *second = *first;
        *first = smaller;
    }
}

static void note_decision(const struct decided_list *list, struct alike_pair *p)
{
    struct id first = p->first->attempt, second = p->second->attempt;
    order_ids(&first, &second);
    for (size_t i = 0; i < list->count; i++) {
        const struct decided *d = &list->at[i];
        if (!id_equal(d->first, first) || !id_equal(d->second, second))
            continue;
        p->verdict = d->verdict;
        p->reason = d->reason;
        p->actor = d->actor;
        p->decided_ms = d->at_ms;
    }
}

/* --- the whole ------------------------------------------------------------------------------------- */
static void keep_shown(const struct reading *r, const struct similar_order *order,
                       const struct similar_pairs *pairs, const struct decided_list *decided,
                       struct session_similarity *out)
{
    const struct seated_person *seats = order->ctx;
    size_t room = 0;
    for (size_t i = 0; i < pairs->count; i++) {
        struct alike_pair p = {.figures = pairs->at[i],
                               .first = &seats[pairs->at[i].first],
                               .second = &seats[pairs->at[i].second]};
        out->flagged += p.figures.flagged;
        note_decision(decided, &p);
        if (i >= ALIKE_SHOWN && !p.figures.flagged && !p.verdict)
            continue;
        list_wrong(r, order->table, &p);
        if (out->count == room) {
            size_t more = room ? room * 2 : 2 * ALIKE_SHOWN;
            out->at = arena_grow(r->m->arena, out->at, room, more, sizeof *out->at);
            room = more;
        }
        out->at[out->count++] = p;
    }
}

static size_t items_compared(const struct reading *r)
{
    size_t n = 0;
    for (size_t i = 0; i < r->count; i++)
        n += !r->items[i].by_people;
    return n;
}

bool session_similarity(const struct marking *m, struct id session, bool all,
                        struct session_similarity *out, struct err *e)
{
    struct session_scores scores;
    struct reading r = {.m = m, .scores = &scores};
    struct decided_list decided = {NULL, 0};
    struct answer_table table;
    struct seated_person *seats;
    struct similar_pairs pairs;
    *out = (struct session_similarity){0};
    if (!session_scores(m, session, &scores, e))
        return false;
    r.given = arena_array(m->arena, struct given *, scores.count + 1);
    for (size_t j = 0; j < scores.count; j++)
        if (!read_attempt(&r, j, e))
            return false;
    if (!fill_table(&r, &table, e) || !read_seats(m, session, &scores, &seats, e) ||
        !read_decided(m, session, &decided, e))
        return false;
    const struct similar_order order = {&table, sit_near, seats, all};
    similar_pairs(m->arena, &order, &pairs);
    out->persons = scores.count;
    out->items = items_compared(&r);
    out->pairs = pairs.count;
    out->enough = pairs.enough;
    keep_shown(&r, &order, &pairs, &decided, out);
    return true;
}

/* --- deciding ---------------------------------------------------------------------------------------- */
struct deciding {
    const struct marking *m;
    struct similarity_decision in;
};

static bool decide(struct db *db, void *ctx, struct err *e)
{
    const struct deciding *d = ctx;
    const struct similarity_decision *in = &d->in;
    char second[ID_TEXT_BYTES];
    id_write(in->second, second);
    struct query *q = db_query(db, SQL_similarity_review_put);
    query_id(q, in->session);
    query_id(q, in->first);
    query_id(q, in->second);
    query_text(q, in->verdict);
    query_text(q, in->reason);
    query_id(q, d->m->actor->account);
    query_int(q, d->m->actor->now_ms);
    json_t *change = json_keep(d->m->arena,
                               json_pack("{s:s, s:s, s:s}", "second", second, "verdict",
                                         in->verdict, "reason", in->reason));
    return query_change_one(q, "/first", "这两人的雷同提示已经有人复核过。", e) &&
           audit_write(db, d->m->actor,
                       &(struct audit_row){.act = ACT_similarity_review,
                                           .object_type = "at",
                                           .object = in->first,
                                           .chain_owner = in->session,
                                           .change = change},
                       e);
}

bool similarity_decide(const struct marking *m, const struct similarity_decision *in,
                       struct err *e)
{
    struct deciding d = {m, *in};
    bool found;
    if (strcmp(in->verdict, "harmless") != 0 && strcmp(in->verdict, "violation") != 0)
        return FAIL(e, INVALID, "/verdict", "请选择“无碍”或“疑似违纪”。");
    if (strlen(in->reason) < 2 || strlen(in->reason) > REASON_MAX)
        return FAIL(e, INVALID, "/reason", "请写明理由（2 至 200 字）。");
    order_ids(&d.in.first, &d.in.second);
    struct query *q = db_query(m->db, SQL_similarity_pair);
    query_id(q, in->session);
    query_id(q, d.in.first);
    query_id(q, d.in.second);
    query_id(q, m->actor->body);
    if (!query_maybe(q, &found, e))
        return false;
    if (!found)
        return FAIL(e, NOT_FOUND, "/first", "这一场没有这两份已交的答卷。");
    query_done(q);
    return db_transact(m->db, decide, &d, e);
}
