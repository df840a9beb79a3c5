/* paper/envelope_desk.c - the two halves of each envelope, in locked memory until they are printed. */
#include <jansson.h>
#include <pthread.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "paper/paper_store.h"
#include "store/db.h"

enum { DESK_ROOMS_MAX = 256 };

struct waiting_room {
    struct id session, printed_by;
    uint32_t room, revision;
    unsigned char bags[2][KEY_BYTES];
    bool there[2];
};

struct envelope_desk {
    pthread_mutex_t lock;
    size_t next; /* the place that is given away when all are taken */
    struct waiting_room rooms[DESK_ROOMS_MAX];
};

struct envelope_desk *envelope_desk_create(void)
{
    struct envelope_desk *d = secret_alloc(sizeof *d);
    memset(d, 0, sizeof *d);
    pthread_mutex_init(&d->lock, NULL);
    return d;
}

void envelope_desk_destroy(struct envelope_desk *d)
{
    if (!d)
        return;
    pthread_mutex_destroy(&d->lock);
    secret_free(d);
}

static struct waiting_room *find(struct envelope_desk *d, struct id session, uint32_t room)
{
    for (size_t i = 0; i < DESK_ROOMS_MAX; i++)
        if (d->rooms[i].room == room && id_equal(d->rooms[i].session, session))
            return &d->rooms[i];
    return NULL;
}

void envelope_desk_put(struct envelope_desk *d, struct id session, uint32_t room,
                       uint32_t revision, unsigned char bags[2][KEY_BYTES])
{
    pthread_mutex_lock(&d->lock);
    struct waiting_room *r = find(d, session, room);
    for (size_t i = 0; !r && i < DESK_ROOMS_MAX; i++)
        r = d->rooms[i].room == 0 ? &d->rooms[i] : NULL;
    if (!r)
        r = &d->rooms[d->next++ % DESK_ROOMS_MAX];
    *r = (struct waiting_room){
        .session = session, .room = room, .revision = revision, .there = {true, true}};
    memcpy(r->bags, bags, sizeof r->bags);
    pthread_mutex_unlock(&d->lock);
}

int envelope_desk_waiting(struct envelope_desk *d, struct id session, uint32_t room)
{
    if (!d)
        return 0;
    pthread_mutex_lock(&d->lock);
    const struct waiting_room *r = find(d, session, room);
    int n = r ? r->there[0] + r->there[1] : 0;
    pthread_mutex_unlock(&d->lock);
    return n;
}

struct taking {
    const struct actor *who;
    const struct envelope_take *take;
};

static bool put_audit(struct db *db, void *ctx, struct err *e)
{
    const struct taking *t = ctx;
    struct arena *a = arena_create(1 << 16);
    json_t *change = json_keep(a, json_pack("{s:I, s:s}", "room", (json_int_t)t->take->room,
                                            "half", t->take->half == 0 ? "A" : "B"));
    bool ok = audit_write(db, t->who,
                          &(struct audit_row){.act = ACT_envelope_print,
                                              .object_type = "se",
                                              .object = t->take->session,
                                              .change = change},
                          e);
    arena_destroy(a);
    return ok;
}

static struct waiting_room *room_of(struct envelope_desk *d, const struct actor *who,
                                    const struct envelope_take *t, struct err *e)
{
    struct waiting_room *r = find(d, t->session, t->room);
    if (!r || !r->there[t->half])
        FAIL(e, CONFLICT, "/half", "这一半信封已经打印过，或者试卷封存后程序重启过。");
    else if (id_equal(r->printed_by, who->account))
        FAIL(e, FORBIDDEN, "/half", "两半信封须由两个人分别打印。");
    else
        return r;
    return NULL;
}

/* Drawn, then its audit row, then taken: a half that cannot be drawn is not lost, and one that was printed
 * without a row would be nobody's. */
bool envelope_take(struct envelope_desk *d, struct db *db, const struct actor *who,
                   struct envelope_take *t, struct err *e)
{
    struct taking taking = {who, t};
    if (!d)
        return FAIL(e, CONFLICT, "/half", "没有可打印的信封。");
    pthread_mutex_lock(&d->lock);
    struct waiting_room *r = room_of(d, who, t, e);
    if (r)
        t->revision = r->revision;
    bool ok = r && t->draw(t, r->bags[t->half], e) && db_transact(db, put_audit, &taking, e);
    if (ok) {
        secret_wipe(r->bags[t->half], KEY_BYTES);
        r->there[t->half] = false;
        r->printed_by = who->account;
    }
    pthread_mutex_unlock(&d->lock);
    return ok;
}
