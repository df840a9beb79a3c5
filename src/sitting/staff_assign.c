/* sitting/staff_assign.c - staff get a duty in a session, or lose it. */
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "sitting/arrange_rules.h"
#include "sitting/session_store.h"
#include "store/db.h"

struct assigning {
    const struct arranger *by;
    const struct staff_input *in;
    struct session_staff *out;
    struct id session, staff;
};

static bool check_room(const struct arrangement *w, struct id room, struct err *e)
{
    for (size_t i = 0; i < w->room_count; i++)
        if (id_equal(w->rooms[i].id, room))
            return true;
    return id_is_zero(room) || FAIL(e, NOT_FOUND, "/room", "本场次没有这个考场。");
}

/* The rules that look at one person, with the new duty as the last of the list. */
static bool check_person(const struct arranger *by, struct arrangement *w,
                         const struct arranged_staff *fresh, struct err *e)
{
    struct arranged_staff *all = arena_array(by->arena, struct arranged_staff,
                                             w->staff_count + 1);
    if (w->staff_count)
        memcpy(all, w->staff, w->staff_count * sizeof *all);
    all[w->staff_count] = *fresh;
    w->staff = all;
    w->staff_count++;
    struct findings found = {0};
    struct checker c = {by->arena, w, &found, 0};
    staff_person_check(&c, w->staff_count - 1);
    return found.count == 0 ||
           FAIL(e, RULE, "/account", "%s（%s）", found.at[0].sentence, found.at[0].source);
}

static bool load_clash(struct db *db, const struct arranger *by, const struct session *s,
                       struct arranged_staff *fresh, struct err *e)
{
    struct taken_list taken;
    if (!staff_clashes(db, by->arena, s, &taken, e))
        return false;
    for (size_t i = 0; i < taken.count; i++)
        if (id_equal(taken.at[i].id, fresh->at.account))
            fresh->clash = taken.at[i].title;
    return true;
}

static bool assign(struct db *db, void *ctx, struct err *e)
{
    struct assigning *x = ctx;
    const struct staff_input *in = x->in;
    struct arrangement w;
    struct arranged_staff fresh = {.at = {.id = id_random(),
                                          .session = in->session,
                                          .account = in->account,
                                          .room = in->room,
                                          .duty = in->duty}};
    bool same;
    if (!arrangement_load(db, x->by, in->session, &w, e) ||
        !session_touch_draft(db, owned_by(x->by, in->session), e) ||
        !check_room(&w, in->room, e) ||
        !staff_same(db, x->by->actor->body, &fresh.at, &same, e))
        return false;
    if (same)
        return FAIL(e, CONFLICT, "/account", "此人在本场次已经担任%s。", duty_label(in->duty));
    if (!arrange_load_staff(db, x->by, &fresh, e) ||
        !load_clash(db, x->by, &w.session, &fresh, e) || !check_person(x->by, &w, &fresh, e))
        return false;
    *x->out = fresh.at;
    char account[ID_TEXT_BYTES];
    id_write(in->account, account);
    return staff_put(db, x->by->actor->body, &fresh.at, e) &&
           session_audit(
               db, x->by, ACT_staff_assign, in->session,
               json_pack("{s:s, s:s}", "account", account, "duty", duty_name(in->duty)), e);
}

bool staff_assign(struct db *db, const struct arranger *by, const struct staff_input *in,
                  struct session_staff *out, struct err *e)
{
    struct assigning x = {.by = by, .in = in, .out = out};
    return db_transact(db, assign, &x, e);
}

static bool remove_staff(struct db *db, void *ctx, struct err *e)
{
    struct assigning *x = ctx;
    struct owned which = owned_by(x->by, x->session);
    struct session s;
    char staff[ID_TEXT_BYTES];
    id_write(x->staff, staff);
    return session_get(db, x->by->arena, which, &s, e) && session_touch_draft(db, which, e) &&
           staff_delete(db, owned_by(x->by, x->staff), x->session, e) &&
           session_audit(db, x->by, ACT_staff_remove, x->session,
                         json_pack("{s:s}", "staff", staff), e);
}

bool staff_remove(struct db *db, const struct arranger *by, struct id session,
                  struct id session_staff, struct err *e)
{
    struct assigning x = {.by = by, .session = session, .staff = session_staff};
    return db_transact(db, remove_staff, &x, e);
}
