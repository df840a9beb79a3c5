/* fault/part_network.c - devices behind a bad network (proxy.c): each save may be cut anywhere,
 * delayed, repeated and overtaken; now and then the whole line is down, and once the server's too. */
#include "app/client.h"
#include "base/clock.h"
#include "fault.h"
#include "parts.h"
#include "proxy.h"

enum { PLAYERS = 10, SHORT_MS = 5000, ALL_MS = 240000, CALL_MS = 700, DOWN_MS = 500 };
enum { UP_MS = 1200 };

static void play_network(struct world *w, struct proxy *proxy)
{
    int64_t lasts = w->part->all ? ALL_MS : SHORT_MS;
    if (w->part->limit_ms && w->part->limit_ms < lasts)
        lasts = w->part->limit_ms;
    int64_t end = clock_boot_ms() + lasts;
    while (clock_boot_ms() < end) {
        sleep_ms(UP_MS / 2 + draw_below(&w->part->seed, UP_MS));
        proxy_set_down(proxy, 1);
        figure_add(w->part, "line_down", 1);
        if (draw_below(&w->part->seed, 3) == 0) {
            world_kill(w);
            figure_add(w->part, "kills", 1);
            world_serve_again(w);
        }
        sleep_ms(draw_below(&w->part->seed, DOWN_MS));
        proxy_set_down(proxy, 0);
    }
}

void part_network(struct part *p)
{
    static const char *const names[] = {
#define X(name) [FATE_##name] = #name,
        FATES(X)
#undef X
    };
    struct world w;
    world_begin(&w, p, PLAYERS, false);
    struct proxy *proxy = proxy_start(w.stage.server.port, p->seed);
    w.via = proxy_url(proxy);
    for (size_t i = 0; i < w.player_count; i++) {
        client_destroy(w.players[i].client);
        w.players[i].client = client_create(w.via);
        player_timeout(&w.players[i], CALL_MS);
    }
    players_start(&w);
    play_network(&w, proxy);
    judge_end(&w);
    for (int f = 0; f < FATE_COUNT; f++)
        figure_add(p, names[f], proxy_count(proxy, (enum fate)f));
    figure_add(p, "arrived_late", proxy_late(proxy));
    proxy_stop(proxy);
    world_end(&w);
}
