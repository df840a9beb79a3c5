/* test/rounds.c - plays the fault loop on what a room node does unasked, when its round with the centre is at it:
 * it puts a package to use, and clears a session that was handed up.
 *
 * Both are parts that are whole by themselves; whichever call fails in whichever part, the node does it
 * again in its next round, so here. The acts are printed as src/test/requests.c does, where
 * HENG_TEST_WHOLE_REQUESTS is set. Linked with --wrap for both functions into heng_faulted. */
#include <stdlib.h>

#include "sitting/node_self.h"
#include "store/db.h"
#include "test/faults.h"

enum { LOOKS_AT_WORK = 2, EACH_CALL_UNTIL = 24 };

typedef bool round_fn(const struct node_here *h, struct id id, struct err *e);

static bool play(const char *what, round_fn *work, const struct node_here *h, struct id id,
                 struct err *e)
{
    for (int nth = 1;; nth += nth < EACH_CALL_UNTIL ? 1 : nth / 4) {
        struct err said = *e;
        bool forever = nth % 2 == 0;
        faults_watch_parts(h->db, nth, forever);
        bool ok = work(h, id, &said);
        struct faults_seen seen = faults_watched(h->db);
        if (!seen.fired) {
            *e = said;
            return ok;
        }
        if (ok)
            faults_bug(what, nth, forever, "a failed call was not told", &said);
        if (said.code != ERR_STORE)
            faults_bug(what, nth, forever, "a failed call was told as something else", &said);
        if (!db_is_idle(h->db))
            faults_bug(what, nth, forever, "something is left begun", &said);
    }
}

/* A node has one thread for its rounds. */
static bool look(int *looks, const char *what, round_fn *work, const struct node_here *h,
                 struct id id, struct err *e)
{
    if (!getenv("HENG_TEST_WHOLE_REQUESTS") || faults_left_alone(h->db) ||
        ++*looks > LOOKS_AT_WORK)
        return work(h, id, e);
    bool ok = play(what, work, h, id, e);
    if (ok && faults_say_whole())
        *looks = 0;
    return ok;
}

round_fn __real_node_package_complete, __real_node_clear;
round_fn __wrap_node_package_complete, __wrap_node_clear;

bool __wrap_node_package_complete(const struct node_here *h, struct id room, struct err *e)
{
    static int looks;
    return look(&looks, "node_package_complete", __real_node_package_complete, h, room, e);
}

bool __wrap_node_clear(const struct node_here *h, struct id session, struct err *e)
{
    static int looks;
    return look(&looks, "node_clear", __real_node_clear, h, session, e);
}
