/* app/cmd_serve.c - `heng serve`: the server, until it is told to stop. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "app/command.h"
#include "app/instance.h"
#include "app/serving.h"
#include "base/arena.h"
#include "paper/slots.h"

static int serve(struct arena *a, struct instance *i, const struct serving_options *o)
{
    struct err e = {0};
    serving_keep_signals();
    struct serving *s = serving_start(a, i, o, &e);
    if (!s)
        return command_failed(&e);
    puts(serving_address(a, o, serving_port(s)));
    fflush(stdout);
    serving_wait();
    serving_stop(s);
    return EXIT_DONE;
}

/* As many connections as the machine lets us have open. */
static void raise_file_limit(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
}

int cmd_serve(struct arena *a, int argc, char **argv)
{
    struct err e = {0};
    struct instance i;
    struct serving_options o = {.host = "127.0.0.1", .port = 8080};
    struct instance_place place = {0};
    const char *listen = NULL;
    int64_t phone_mib = 0;
    const struct option rows[] = {
        INSTANCE_OPTIONS(place, true),
        {"--listen", OPTION_TEXT, &listen, false},
        {"--rate-factor", OPTION_INT, &o.rate_factor, false},
        {"--public-url", OPTION_TEXT, &o.public_url, false},
        {"--phone-memory", OPTION_INT, &phone_mib, false},
        {"--trusted-proxies", OPTION_TEXT, &o.trusted_proxies, false},
        {"--anchors", OPTION_TEXT, &o.anchors, false},
        {"--anchor-copy", OPTION_TEXT, &o.anchor_copy, false},
        {"--anchor-ms", OPTION_INT, &o.anchor_ms, false},
    };
    struct arguments none = {.max = 0};
    if (!OPTIONS_READ(a, rows, argc, argv, &none, &e) ||
        (listen && !serving_listen(a, listen, &o, &e)) || !instance_open_at(a, &place, &i, &e))
        return command_failed(&e);
    if (i.app.node) {
        instance_close(&i);
        FAIL(&e, INVALID, "--data", "%s 是考场节点，请用 heng room 启动。", place.data);
        return command_failed(&e);
    }
    if (phone_mib > 0) /* rehearsals and tests; the manifest says which cost it was */
        o.phone_cost = (struct slow_cost){(uint32_t)phone_mib, SLOT_PASSES};
    raise_file_limit();
    int code = serve(a, &i, &o);
    instance_close(&i);
    return code;
}
