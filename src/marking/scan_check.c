/* marking/scan_check.c - a second person reads a sample of the clear marks and every doubtful one. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "marking/scan_seen.h"
#include "marking/typed.h"
#include "store/db.h"

enum { SAMPLE_LEAST = 5, SAMPLE_SHARE = 10 };

struct drawn {
    unsigned char hash[16];
    size_t place;
};

static int by_hash(const void *x, const void *y)
{
    return memcmp(((const struct drawn *)x)->hash, ((const struct drawn *)y)->hash, 16);
}

/* Which clear places are in the sample: drawn under a key, so that nobody knows before. One in ten,
 * five at least; all of them once one was read otherwise. */
static void draw_sample(const struct marking *m, const struct scan_subject_row *s,
                        const struct scan_seen *seen, bool *in)
{
    struct drawn *all = arena_array(m->arena, struct drawn, s->layout.count + 1);
    unsigned char key[KEY_BYTES], text[ID_BYTES + 8];
    size_t count = 0;
    master_key(m->master, KEY_PSEUD, key);
    memcpy(text, s->attempt.bytes, ID_BYTES);
    for (size_t i = 0; i < s->layout.count; i++) {
        in[i] = seen->places[i].reading.doubt != SCAN_CLEAR || seen->widened;
        if (in[i])
            continue;
        all[count].place = i;
        be64_put(text + ID_BYTES, i);
        keyed_hash(all[count++].hash, 16, key, text, sizeof text);
    }
    secret_wipe(key, sizeof key);
    qsort(all, count, sizeof *all, by_hash);
    size_t wanted = (count + SAMPLE_SHARE - 1) / SAMPLE_SHARE;
    if (wanted < SAMPLE_LEAST)
        wanted = SAMPLE_LEAST;
    for (size_t i = 0; i < count && i < wanted; i++)
        in[all[i].place] = true;
}

static bool may_check(const struct marking *m, struct db *db, const struct scan_subject_row *s,
                      const struct scan_seen *seen, struct err *e)
{
    int64_t sheets = 0;
    struct query *q = db_query(db, SQL_typed_count);
    query_id(q, s->attempt);
    if (!query_one(q, "attempt", e))
        return false;
    sheets = query_get_int(q, 0);
    query_done(q);
    if (!seen->entered)
        return FAIL(e, CONFLICT, "/state", "还有页面没有读到，或有存疑涂写没有认定。");
    if (sheets != 1)
        return FAIL(e, CONFLICT, "/state", "这份答卷已有两份录入，不用再复核。");
    if (seen->widened && !id_equal(seen->checker, m->actor->account))
        return FAIL(e, CONFLICT, "/state", "另一人正在全部复核这份答卷。");
    return typed_is_apart(m, db, s->attempt, e);
}

bool scan_check_open(const struct marking *m, const struct scan_subject_row *s,
                     struct scan_looks *out, struct err *e)
{
    struct scan_seen seen;
    bool *in = arena_array(m->arena, bool, s->layout.count + 1);
    *out = (struct scan_looks){arena_array(m->arena, struct scan_look, s->layout.count + 1), 0};
    if (!scan_seen_load(m, m->db, s, &seen, e) || !may_check(m, m->db, s, &seen, e))
        return false;
    draw_sample(m, s, &seen, in);
    for (size_t i = 0; i < s->layout.count; i++)
        if (in[i])
            out->at[out->count++] = (struct scan_look){.n = (int64_t)i + 1,
                                                       .place = json_array_get(s->places, i),
                                                       .page = seen.places[i].page,
                                                       .box = s->layout.boxes[i],
                                                       .px = seen.places[i].px};
    return true;
}

struct checking {
    const struct marking *m;
    const struct scan_subject_row *s;
    const json_t *answers; /* in own letters, of the places in the sample */
    bool *widened;
};

static bool widen(struct checking *c, struct db *db, int64_t differ, struct err *e)
{
    const struct actor *who = c->m->actor;
    struct query *q = db_query(db, SQL_scan_attempt_widen);
    query_id(q, c->s->attempt);
    query_id(q, who->account);
    query_int(q, who->now_ms);
    struct audit_row row = {
        .act = ACT_scan_widen, .object_type = "at", .object = c->s->attempt};
    row.change = json_keep(c->m->arena, json_pack("{s:I}", "differ", (json_int_t)differ));
    *c->widened = true;
    return query_change_one(q, "/state", "这份答卷的复核刚刚有了变化，请重新读取。", e) &&
           audit_write(db, who, &row, e);
}

static const char *name_of(const struct marking *m, size_t place)
{
    return arena_printf(m->arena, "%zu", place + 1);
}

static bool put_check(struct db *db, void *ctx, struct err *e)
{
    struct checking *c = ctx;
    struct scan_seen seen;
    int64_t differ = 0;
    bool *in = arena_array(c->m->arena, bool, c->s->layout.count + 1);
    *c->widened = false;
    if (!scan_hold(c->m, db, c->s, e) || !typed_not_scored(db, c->s->attempt, e) ||
        !scan_seen_load(c->m, db, c->s, &seen, e) || !may_check(c->m, db, c->s, &seen, e))
        return false;
    draw_sample(c->m, c->s, &seen, in);
    json_t *sheet = json_keep(c->m->arena, json_deep_copy(scan_answers(c->m, c->s, &seen)));
    for (size_t i = 0; i < c->s->layout.count; i++) {
        const char *name = name_of(c->m, i);
        json_t *own = json_object_get(c->answers, name);
        if (in[i] != (own != NULL))
            return FAIL(e, CONFLICT, "/answers", "第 %s 题%s：请重新读取要复核的题。", name,
                        in[i] ? "没有填" : "不在复核之列");
        if (!in[i])
            continue;
        differ += seen.places[i].reading.doubt == SCAN_CLEAR &&
                  !json_equal(own, json_object_get(sheet, name));
        json_object_set(sheet, name, own);
    }
    if (differ > 0 && !seen.widened)
        return widen(c, db, differ, e);
    return scan_sheet_put(c->m, db, c->s, c->m->actor->account, sheet,
                          (int64_t)json_object_size(c->answers), e);
}

bool scan_check_save(const struct marking *m, const struct scan_subject_row *s,
                     const struct json_t *answers, bool *widened, struct err *e)
{
    json_t *own = json_keep(m->arena, json_object()), *value;
    const char *name;
    if (!json_is_object(answers))
        return FAIL(e, INVALID, "/answers", "须为 JSON 对象。");
    json_object_foreach((json_t *)(uintptr_t)answers, name, value)
    {
        json_t *one;
        if (!typed_response(m, s->places, strtoll(name, NULL, 10), value, &one, e)) {
            err_under(e, arena_printf(m->arena, "/answers/%.8s", name));
            return false;
        }
        json_object_set(own, name, one);
    }
    struct checking c = {m, s, own, widened};
    return db_transact(m->db, put_check, &c, e);
}
