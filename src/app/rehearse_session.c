/* app/rehearse_session.c - a rehearsal of a session of this centre: what it is like, and its report kept
 * with it. The rehearsal itself never opens this centre's store. */
#include "app/rehearse_session.h"

#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "store/audit.h"
#include "store/db.h"

static bool look(struct arena *a, struct instance *i, const char *session,
                 struct rehearsal_plan *plan, struct err *e)
{
    if (!id_read(session, &plan->session))
        return FAIL(e, INVALID, "--session", "场次编号须为 32 位十六进制数。");
    struct db *db = db_open(i->store, e);
    bool ok = db && rehearsal_may_begin(db, a, clock_now_ms(), plan, e);
    db_close(db);
    return ok;
}

bool rehearse_session_look(struct arena *a, const char *data, const char *session,
                           struct rehearse_target *out, struct err *e)
{
    struct instance i;
    out->data = data;
    if (!instance_open(a, data, &i, e))
        return false;
    out->postgres = access(arena_printf(a, "%s/heng.db", data), F_OK) != 0;
    bool ok = look(a, &i, session, &out->plan, e);
    instance_close(&i);
    return ok;
}

bool rehearse_session_keep(struct arena *a, const struct rehearse_target *t,
                           const struct json_t *report, const struct rehearsal_limits *limits,
                           bool *passed, struct err *e)
{
    struct instance i;
    if (!instance_open(a, t->data, &i, e))
        return false;
    struct actor who = {.body = t->plan.body, .request = id_random(), .now_ms = clock_now_ms()};
    struct rehearsal_input in = {
        .session = t->plan.session, .report = report, .limits = limits};
    struct db *db = db_open(i.store, e);
    bool ok = db && rehearsal_keep(db, a, &who, &in, passed, e);
    db_close(db);
    instance_close(&i);
    return ok;
}
