/* app/bench_deliver_gate.c - everybody signs in at once beside the saves: ten thousand passwords that the
 * server stretches or turns away at its door, each from an address of its own (S34). What such a crowd costs
 * without any password is measured beside it. */
#include <stdio.h>
#include <string.h>

#include "app/bench_deliver_load.h"
#include "base/arena.h"

enum { FIRST_ADDRESS = 60000 }; /* of no candidate's lines */

struct gate {
    struct wire_connection **lines;
    size_t count, stretched, waits, shown, others;
};

static void answered(void *ctx, const struct wire_answer *answer)
{
    struct gate *g = ctx;
    if (answer->status == 401)
        g->stretched++;
    else if (answer->status == 429)
        g->waits++;
    else if (answer->status == 200)
        g->shown++;
    else
        g->others++;
}

static struct gate *gate_open(struct load *l, size_t count, bool passwords)
{
    struct gate *g = arena_new(l->arena, struct gate);
    *g = (struct gate){.count = count};
    g->lines = arena_array(l->arena, struct wire_connection *, count);
    for (size_t i = 0; i < count; i++) {
        const char *body = arena_printf(
            l->arena, "{\"login\":\"nobody-%zu\",\"password\":\"vkqz-pmwt-xrbnd-2\"}", i);
        struct wire_call call = {
            .method = "GET", .path = "/api/programmes", .answered = answered, .ctx = g};
        if (passwords) {
            call.method = "POST";
            call.path = "/api/sign-in";
            call.body = (struct bytes){(const unsigned char *)body, strlen(body)};
        }
        g->lines[i] = wire_connection(l->wire, (uint32_t)(FIRST_ADDRESS + i));
        wire_call(g->lines[i], &call);
    }
    return g;
}

bool load_paced_beside_crowd(struct load *l, struct phase *p, const struct gate_order *o,
                             struct err *e)
{
    struct gate *g = gate_open(l, o->people, o->passwords);
    bool ok = load_paced(l, p, o->think_ms, o->seconds, e);
    p->name = o->passwords ? "sign_ins" : "crowd";
    p->label = o->passwords ? "保存（旁有登录）" : "保存（旁有人群）";
    /* Nobody of them exists, so a sign-in that is let in is a fault, too. */
    p->errors += (int64_t)(g->others + (o->passwords ? g->shown : 0));
    fprintf(stderr,
            "同时来了 %zu 人：口令算过 %zu 次，请稍后再试（429）%zu 次，看到页面 %zu 人，其他 "
            "%zu\n",
            g->count, g->stretched, g->waits, g->shown, g->others);
    for (size_t i = 0; i < g->count; i++)
        wire_close(g->lines[i]);
    return ok;
}
