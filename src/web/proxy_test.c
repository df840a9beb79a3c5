/* web/proxy_test.c - S40: what a header says of the client counts only where a named proxy wrote it. */
#include "web/proxy.h"

#include <string.h>

#include "base/arena.h"
#include "test/check.h"
#include "web/asker.h"

static const struct {
    const char *what, *peer, *forwarded, *forwarded_for, *client;
} cases[] = {
    {"nothing said", "192.0.2.7", NULL, NULL, "192.0.2.7"},
    {"a stranger says", "192.0.2.7", "for=203.0.113.9", "203.0.113.9", "192.0.2.7"},
    {"a proxy says", "10.0.0.5", NULL, "203.0.113.9", "203.0.113.9"},
    {"a proxy says, the newer way", "10.0.0.5", "for=203.0.113.9;proto=https", NULL,
     "203.0.113.9"},
    {"both: the newer way", "10.0.0.5", "for=203.0.113.9", "198.51.100.1", "203.0.113.9"},
    {"the client forged the left end", "10.0.0.5", NULL, "1.1.1.1, 203.0.113.9", "203.0.113.9"},
    {"two proxies", "10.0.0.5", NULL, "203.0.113.9, 10.0.0.6", "203.0.113.9"},
    {"two proxies and a forger", "10.0.0.5", NULL, "10.0.0.9, 203.0.113.9, 10.0.0.6",
     "203.0.113.9"},
    {"all of them proxies", "10.0.0.5", NULL, "10.0.0.7,10.0.0.6", "10.0.0.7"},
    {"a port", "10.0.0.5", NULL, "203.0.113.9:4711", "203.0.113.9"},
    {"IPv6", "10.0.0.5", "for=\"[2001:db8::17]:4711\"", NULL, "2001:db8::17"},
    {"IPv6 in the older way", "10.0.0.5", NULL, "2001:db8::17", "2001:db8::17"},
    {"mapped", "10.0.0.5", NULL, "::ffff:203.0.113.9", "203.0.113.9"},
    {"a proxy that came mapped", "::ffff:10.0.0.5", NULL, "203.0.113.9", "203.0.113.9"},
    {"unknown", "10.0.0.5", "for=unknown", NULL, "10.0.0.5"},
    {"nonsense at the right end", "10.0.0.5", NULL, "203.0.113.9, <script>", "10.0.0.5"},
    {"nothing in it", "10.0.0.5", NULL, " , ,", "10.0.0.5"},
    {"parameters without for", "10.0.0.5", "proto=https;by=10.0.0.5", NULL, "10.0.0.5"},
    {"order of parameters", "10.0.0.5", "proto=https; For=203.0.113.9", NULL, "203.0.113.9"},
    {"a proxy named alone", "192.168.3.4", NULL, "203.0.113.9", "203.0.113.9"},
    {"its neighbour", "192.168.3.5", NULL, "203.0.113.9", "192.168.3.5"},
    {"an IPv6 network", "fd00::1", NULL, "203.0.113.9", "203.0.113.9"},
};

void proxies_say_who_asks_test(void)
{
    struct arena *a = arena_create(1 << 20);
    struct err e = {0};
    struct proxies *p;
    CHECK_OK("read", proxies_read(a, "10.0.0.0/8, 192.168.3.4,fd00::/8", &p, &e), &e);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct forwarding f = {cases[i].peer, cases[i].forwarded, cases[i].forwarded_for};
        CHECK_TEXT(cases[i].what, proxy_client(a, p, &f), cases[i].client);
    }
    const struct forwarding f = {"10.0.0.5", NULL, "203.0.113.9"};
    CHECK_TEXT("no proxy is named", proxy_client(a, NULL, &f), "10.0.0.5");
    static const char *const bad[] = {
        "", " , ", "proxy", "10.0.0.0/0", "10.0.0.0/33", "10.0.0.0/8x", "::1/129", "1.2.3"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        e = (struct err){0};
        CHECK_REFUSED(bad[i], proxies_read(a, bad[i], &p, &e), &e, INVALID,
                      "--trusted-proxies");
    }
    arena_destroy(a);
}

/* Over HTTP: a stranger who sends another address with each try is still one address. */
void forwarded_is_read_from_proxies_only_test(void)
{
    struct site *s = site_start();
    struct arena *a = s->t->arena;
    struct asker stranger = {.site = s};
    for (int trusted = 0; trusted < 2; trusted++) {
        struct err e = {0};
        long last = 0;
        if (trusted)
            CHECK_OK(
                "named",
                proxies_read(a, "127.0.0.1", (struct proxies **)(uintptr_t)&s->app.proxies, &e),
                &e);
        for (int i = 0; i < 21; i++) {
            /* Two lines, as a proxy that adds its own leaves them: the forged one first. */
            const char *const headers[] = {
                arena_printf(a, "X-Forwarded-For: 198.51.100.%d", 200 - i),
                arena_printf(a, "X-Forwarded-For: 203.0.113.%d", 1 + i), NULL};
            last = ask_with(&stranger, "GET", "/.well-known/heng-anchors.jsonl", NULL, headers);
        }
        CHECK_INT(trusted ? "each is another client" : "all are one client", last,
                  trusted ? 200 : 429);
    }
    /* And behind the proxy, one client is one, whatever it writes to the left. */
    long last = 0;
    for (int i = 0; i < 21; i++) {
        const char *const headers[] = {arena_printf(a, "X-Forwarded-For: 198.51.100.%d", i),
                                       "X-Forwarded-For: 203.0.113.200", NULL};
        last = ask_with(&stranger, "GET", "/.well-known/heng-anchors.jsonl", NULL, headers);
    }
    CHECK_INT("one client", last, 429);
    site_stop(s);
}

/* Nothing of the machine is shown, whatever is asked for (S40). */
void debug_addresses_do_not_exist_test(void)
{
    static const char *const paths[] = {"/debug",
                                        "/debug/vars",
                                        "/metrics",
                                        "/status",
                                        "/server-status",
                                        "/.git/config",
                                        "/.env",
                                        "/api",
                                        "/api/",
                                        "/api/debug",
                                        "/api/config",
                                        "/.well-known/",
                                        "/var/data/heng.db",
                                        "/heng.db",
                                        "/outbound.json",
                                        "/store.url"};
    struct site *s = site_start();
    struct asker stranger = {.site = s};
    /* Where the pages are built in, an address of nobody's shows the portal's own page. */
    const char *portal = ask(&stranger, "GET", "/", NULL) == 200
                             ? arena_text(s->t->arena, stranger.text)
                             : "";
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        long status = ask(&stranger, "GET", paths[i], NULL);
        CHECK(paths[i], status == 404 || (status == 200 && strncmp(paths[i], "/api/", 5) != 0 &&
                                          strcmp(stranger.text, portal) == 0));
        CHECK(paths[i], !strstr(stranger.headers, "Server:") && !strstr(stranger.text, "src/"));
    }
    site_stop(s);
}
