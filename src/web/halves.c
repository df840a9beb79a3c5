/* web/halves.c - halves of release keys that wait for the second person. */
#include "web/halves.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/crypto.h"

enum { PLACES = 64 };

struct place {
    bool taken, envelope, there[2];
    struct id room, account[2];
    int64_t at_ms;
    char text[2][HALF_TEXT_BYTES];
};

struct half_desk {
    pthread_mutex_t lock;
    struct place places[PLACES];
};

struct half_desk *half_desk_create(void)
{
    struct half_desk *d = secret_alloc(sizeof *d);
    memset(d, 0, sizeof *d);
    pthread_mutex_init(&d->lock, NULL);
    return d;
}

void half_desk_destroy(struct half_desk *d)
{
    if (!d)
        return;
    pthread_mutex_destroy(&d->lock);
    secret_free(d);
}

static struct place *place_of(struct half_desk *d, struct id room, int64_t now_ms)
{
    struct place *found = NULL;
    for (size_t i = 0; i < PLACES; i++) {
        struct place *p = &d->places[i];
        if (p->taken && p->at_ms + HALF_KEEP_MS < now_ms)
            secret_wipe(p, sizeof *p);
        if (p->taken && id_equal(p->room, room))
            found = p;
    }
    return found;
}

static struct place *free_place(struct half_desk *d)
{
    for (size_t i = 0; i < PLACES; i++)
        if (!d->places[i].taken)
            return &d->places[i];
    return NULL;
}

static void take_pair(struct place *p, int mine, int64_t first_ms, struct half_pair *out)
{
    out->both = true;
    out->first = p->account[!mine];
    out->first_half = !mine;
    out->first_ms = first_ms;
    memcpy(out->a, p->text[0], HALF_TEXT_BYTES);
    memcpy(out->b, p->text[1], HALF_TEXT_BYTES);
    secret_wipe(p, sizeof *p);
}

static void put_half(struct place *p, const struct half_in *in, int half, int64_t at_ms)
{
    p->taken = true;
    p->envelope = in->envelope;
    p->room = in->room;
    p->at_ms = at_ms;
    p->there[half] = true;
    p->account[half] = in->account;
    snprintf(p->text[half], HALF_TEXT_BYTES, "%s", in->text);
}

bool half_put(struct half_desk *d, const struct half_in *in, struct half_pair *out,
              struct err *e)
{
    bool ok = true;
    *out = (struct half_pair){0};
    pthread_mutex_lock(&d->lock);
    struct place *p = place_of(d, in->room, in->now_ms);
    if (p && p->envelope != in->envelope) /* begun another way: that one is over */
        secret_wipe(p, sizeof *p);
    else if (!p)
        p = free_place(d);
    int half = in->half == HALF_NEXT ? p && p->there[0] : in->half;
    if (!p) {
        ok = FAIL(e, TOO_MANY, "/half", "同时等待的考场过多。");
    } else if (p->there[!half] && id_equal(p->account[!half], in->account)) {
        ok = FAIL(e, FORBIDDEN, "/half", "另一半须由另一个人录入。");
    } else {
        int64_t first_ms = p->at_ms;
        put_half(p, in, half, in->now_ms);
        if (p->there[!half])
            take_pair(p, half, first_ms, out);
    }
    pthread_mutex_unlock(&d->lock);
    return ok;
}

void half_put_back(struct half_desk *d, const struct half_in *second,
                   const struct half_pair *pair)
{
    struct half_in first = *second;
    first.account = pair->first;
    first.text = pair->first_half ? pair->b : pair->a;
    pthread_mutex_lock(&d->lock);
    struct place *p = place_of(d, second->room, second->now_ms) ? NULL : free_place(d);
    if (p)
        put_half(p, &first, pair->first_half, pair->first_ms);
    pthread_mutex_unlock(&d->lock);
}

int half_waiting(struct half_desk *d, struct id room, int64_t now_ms, bool *envelope)
{
    pthread_mutex_lock(&d->lock);
    const struct place *p = place_of(d, room, now_ms);
    int bits = p ? p->there[0] + 2 * p->there[1] : 0;
    *envelope = p && p->envelope;
    pthread_mutex_unlock(&d->lock);
    return bits;
}
