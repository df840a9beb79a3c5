/* paper/envelope_desk_test.c - each half of an envelope is handed out once, to two people, and only as a sheet that
 * was drawn. */
#include "paper/paper_store.h"
#include "store/db.h"
#include "test/check.h"
#include "test/store.h"
#include "test/whole.h"

static const struct id session = {{7}};
enum { ROOM = 3, REVISION = 2 };

struct printer {
    bool broken;
    int64_t revision;
    unsigned char piece[KEY_BYTES];
};

static bool draw(const struct envelope_take *t, const unsigned char piece[KEY_BYTES],
                 struct err *e)
{
    struct printer *p = t->ctx;
    if (p->broken)
        return FAIL(e, INTERNAL, "pdf", "画不出来。");
    p->revision = t->revision;
    memcpy(p->piece, piece, KEY_BYTES);
    return true;
}

static bool take(struct envelope_desk *d, struct test_store *t, int half, struct printer *p,
                 struct err *e)
{
    struct envelope_take take = {
        .session = session, .room = ROOM, .half = half, .draw = draw, .ctx = p};
    *e = (struct err){0};
    return envelope_take(d, t->db, &t->actor, &take, e);
}

void envelope_halves_go_to_two_test(void)
{
    struct test_store *t = test_store_create();
    struct envelope_desk *d = envelope_desk_create();
    unsigned char bags[2][KEY_BYTES] = {{1, 2, 3}, {4, 5, 6}};
    struct printer p = {.broken = true};
    struct err e;
    envelope_desk_put(d, session, ROOM, REVISION, bags);
    CHECK_REFUSED("a sheet that cannot be drawn", take(d, t, 0, &p, &e), &e, INTERNAL, "pdf");
    CHECK_INT("loses nothing", envelope_desk_waiting(d, session, ROOM), 2);
    p.broken = false;
    CHECK_WHOLE("taken", t, t->db, take(d, t, 0, &p, &e), &e);
    CHECK("the piece", memcmp(p.piece, bags[0], KEY_BYTES) == 0);
    CHECK_INT("of this revision", p.revision, REVISION);
    CHECK_INT("one is left", envelope_desk_waiting(d, session, ROOM), 1);
    CHECK_REFUSED("once", take(d, t, 0, &p, &e), &e, CONFLICT, "/half");
    CHECK_REFUSED("to one each", take(d, t, 1, &p, &e), &e, FORBIDDEN, "/half");
    t->actor.account = (struct id){{9}};
    CHECK_OK("another", take(d, t, 1, &p, &e), &e);
    CHECK("gets the other", memcmp(p.piece, bags[1], KEY_BYTES) == 0);
    CHECK_INT("none is left", envelope_desk_waiting(d, session, ROOM), 0);
    envelope_desk_destroy(d);
    test_store_destroy(t);
}
