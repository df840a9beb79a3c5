/* award/publish.c - two people publish what was computed, and the awards follow. */
#include <string.h>

#include "award/award.h"
#include "base/arena.h"
#include "base/json.h"
#include "store/db.h"

struct published {
    struct result_list results;
    int64_t fresh; /* not published before */
    unsigned char digest[HASH_BYTES];
};

/* All newest results of the batch; the digest covers those that wait for publication. */
static bool read_waiting(struct db *db, struct arena *a, struct id body, struct id batch,
                         struct published *out, struct err *e)
{
    struct actor who = {.body = body};
    struct award_desk d = {.marking = {.db = db, .arena = a, .actor = &who}};
    struct hash_state h;
    *out = (struct published){0};
    if (!result_list(&d, batch, &out->results, e))
        return false;
    hash_begin(&h);
    for (size_t i = 0; i < out->results.count; i++) {
        const struct result *r = &out->results.at[i];
        unsigned char n[8];
        if (r->published_ms)
            continue;
        out->fresh++;
        hash_add(&h, r->entry.bytes, ID_BYTES);
        hash_add(&h, r->component, strlen(r->component) + 1);
        be64_put(n, (uint64_t)r->version);
        hash_add(&h, n, sizeof n);
        be64_put(n, (uint64_t)r->millimarks);
        hash_add(&h, n, sizeof n);
        hash_add(&h, r->source, HASH_BYTES);
    }
    hash_end(&h, out->digest);
    return true;
}

bool result_digest(struct db *db, struct arena *a, struct id body, struct id batch,
                   char digest[2 * HASH_BYTES + 1], int64_t *count, struct err *e)
{
    struct published p;
    if (!read_waiting(db, a, body, batch, &p, e))
        return false;
    hex_write(digest, p.digest, HASH_BYTES);
    *count = p.fresh;
    return true;
}

static bool decide_award(struct db *db, const struct actor *who, const struct result *first,
                         size_t count, struct id batch, const char *programme, bool *passed,
                         struct err *e)
{
    unsigned char digest[HASH_BYTES];
    struct hash_state h;
    *passed = true;
    hash_begin(&h);
    for (size_t i = 0; i < count; i++) {
        *passed = *passed && first[i].passed;
        hash_add(&h, first[i].source, HASH_BYTES);
    }
    hash_end(&h, digest);
    if (!*passed) {
        int64_t rows;
        struct query *q = db_query(db, SQL_award_void);
        query_id(q, first->entry);
        query_id(q, who->body);
        return query_change(q, &rows, e);
    }
    struct query *q = db_query(db, SQL_award_put);
    query_id(q, id_random());
    query_id(q, who->body);
    query_id(q, batch);
    query_id(q, first->entry);
    query_id(q, first->person);
    query_text(q, programme);
    query_int(q, first->level);
    query_text(q, first->direction);
    query_bytes(q, (struct bytes){digest, HASH_BYTES});
    query_int(q, who->now_ms);
    if (!query_run(q, e))
        return false;
    struct audit_row row = {
        .act = ACT_award_decide, .object_type = "en", .object = first->entry};
    return audit_write(db, who, &row, e);
}

/* Results come ordered by entry, so those of one entry stand together. */
static bool decide_awards(struct db *db, const struct actor *who, const struct published *p,
                          struct id batch, const char *programme, int64_t *passed,
                          struct err *e)
{
    const struct result *at = p->results.at;
    *passed = 0;
    for (size_t i = 0; i < p->results.count;) {
        size_t n = 1;
        bool one;
        while (i + n < p->results.count && id_equal(at[i].entry, at[i + n].entry))
            n++;
        if (!decide_award(db, who, at + i, n, batch, programme, &one, e))
            return false;
        *passed += one;
        i += n;
    }
    return true;
}

static bool put_publication(struct db *db, const struct actor *who, struct id batch,
                            const struct published *p, int64_t passed, struct err *e)
{
    struct query *q = db_query(db, SQL_publication_put);
    query_id(q, id_random());
    query_id(q, who->body);
    query_id(q, batch);
    query_bytes(q, (struct bytes){p->digest, HASH_BYTES});
    query_int(q, p->fresh);
    query_int(q, passed);
    query_id(q, who->account);
    query_id(q, who->second);
    query_int(q, who->now_ms);
    return query_run(q, e);
}

static bool mark_published(struct db *db, const struct actor *who, struct id batch,
                           struct err *e)
{
    struct query *q = db_query(db, SQL_result_publish);
    query_id(q, batch);
    query_id(q, who->body);
    query_int(q, who->now_ms);
    return query_run(q, e);
}

static const char *programme_of(struct db *db, struct arena *a, struct id body, struct id batch,
                                struct err *e)
{
    struct query *q = db_query(db, SQL_award_batch_programme);
    query_id(q, batch);
    query_id(q, body);
    if (!query_one(q, "batch", e))
        return NULL;
    const char *programme = query_get_text(q, 0, a);
    query_done(q);
    return programme;
}

bool result_publish(struct db *db, struct arena *a, const struct actor *who, struct id batch,
                    const char *digest, struct err *e)
{
    struct published p;
    char now[2 * HASH_BYTES + 1];
    int64_t passed;
    if (!read_waiting(db, a, who->body, batch, &p, e))
        return false;
    hex_write(now, p.digest, HASH_BYTES);
    if (p.fresh == 0)
        return FAIL(e, CONFLICT, "/digest", "没有等待公布的成绩。");
    if (strcmp(now, digest) != 0)
        return FAIL(e, CONFLICT, "/digest", "提请公布之后成绩有了变化，请重新提请。");
    if (id_is_zero(who->second))
        return FAIL(e, FORBIDDEN, "/second", "公布成绩须由两人办理。");
    const char *programme = programme_of(db, a, who->body, batch, e);
    if (!programme || !decide_awards(db, who, &p, batch, programme, &passed, e) ||
        !put_publication(db, who, batch, &p, passed, e) || !mark_published(db, who, batch, e))
        return false;
    struct audit_row row = {.act = ACT_result_publish, .object_type = "ba", .object = batch};
    row.change = json_keep(a, json_pack("{s:s, s:I, s:I}", "digest", now, "results",
                                        (json_int_t)p.fresh, "passed", (json_int_t)passed));
    return audit_write(db, who, &row, e);
}
