/* app/cmd_room.c - `heng room`: a machine becomes a room node, serves its rooms, proves its chain. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/cmd_room.h"
#include "app/command.h"
#include "app/instance.h"
#include "app/room_join.h"
#include "app/room_round.h"
#include "app/serving.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json_out.h"

enum { CODE_LINE_BYTES = 80, PEM_BYTES_MAX = 1 << 20, CONTACT_MS = 10000 };

struct room_command {
    const char *data, *join, *code, *ca, *listen, *public_url, *tls_certificate, *tls_key;
    int64_t contact_ms, rate_factor;
    bool json;
};

/* --- join ------------------------------------------------------------------------------------------- */
struct stage {
    const char *name;
    int64_t count, ms, cpu_ms;
};

static void print_stages(struct arena *a, const struct stage *stages, size_t count)
{
    struct json_out *o = json_out_create(a);
    out_object(o);
    put_array(o, "stages");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_text(o, "name", stages[i].name);
        put_int(o, "count", stages[i].count);
        put_int(o, "ms", stages[i].ms);
        put_int(o, "cpu_ms", stages[i].cpu_ms);
        out_object_end(o);
    }
    out_array_end(o);
    out_object_end(o);
    command_print(o);
}

/* Typed where nobody looks into the history of the shell. */
static const char *ask_code(struct arena *a)
{
    char line[CODE_LINE_BYTES] = "";
    fputs("加入码：", stderr);
    if (!fgets(line, sizeof line, stdin))
        return "";
    line[strcspn(line, "\r\n")] = '\0';
    return arena_text(a, line);
}

static bool join(struct arena *a, const struct room_command *c, struct stage stages[2],
                 struct err *e)
{
    struct instance i;
    struct room_joining j = {c->join, c->code ? c->code : ask_code(a), c->ca};
    struct room_counts n = {0};
    int64_t began = clock_boot_ms(), cpu = clock_cpu_ms();
    if (!instance_create_node(a, c->data, &i, e))
        return false;
    bool ok = room_join(a, &i, &j, e);
    instance_close(&i);
    stages[0] = (struct stage){"join", 1, clock_boot_ms() - began, clock_cpu_ms() - cpu};
    if (!ok)
        return false;
    began = clock_boot_ms(), cpu = clock_cpu_ms();
    ok = instance_open(a, c->data, &i, e) && room_round(&i, c->ca, &n, e);
    instance_close(&i);
    stages[1] = (struct stage){"packages", n.packages, clock_boot_ms() - began,
                               clock_cpu_ms() - cpu};
    return ok;
}

/* --- serve ------------------------------------------------------------------------------------------- */
static bool read_pem(struct arena *a, const char *path, const char **out, struct err *e)
{
    struct bytes text;
    if (!path)
        return true;
    if (!file_read(a, path, PEM_BYTES_MAX, &text, e))
        return false;
    *out = (const char *)text.at;
    return true;
}

static bool read_serving(struct arena *a, const struct room_command *c,
                         struct serving_options *o, struct err *e)
{
    *o = (struct serving_options){.public_url = c->public_url, .rate_factor = c->rate_factor};
    if (!serving_listen(a, c->listen, o, e))
        return false;
    if (!c->tls_certificate != !c->tls_key)
        return FAIL(e, INVALID, "--tls-key", "证书和私钥须一同给出。");
    if (!c->tls_certificate && !serving_is_local(o))
        return FAIL(e, INVALID, "--tls-certificate",
                    "考场节点须使用 TLS；不加密只能在本机（127.0.0.1 或 ::1）。");
    return read_pem(a, c->tls_certificate, &o->tls_certificate, e) &&
           read_pem(a, c->tls_key, &o->tls_key, e);
}

static int serve(struct arena *a, struct instance *i, const struct room_command *c,
                 const struct serving_options *o)
{
    struct err e = {0};
    serving_keep_signals();
    struct serving *s = serving_start(a, i, o, &e);
    if (!s)
        return command_failed(&e);
    struct room_rounds *rounds = room_rounds_start(i, c->ca, c->contact_ms);
    printf("%s\n", i->app.public_url);
    fflush(stdout);
    serving_wait();
    room_rounds_stop(rounds);
    serving_stop(s);
    return EXIT_DONE;
}

static int run(struct arena *a, const struct room_command *c)
{
    struct err e = {0};
    struct instance i;
    struct serving_options o;
    if (!read_serving(a, c, &o, &e) || !instance_open(a, c->data, &i, &e))
        return command_failed(&e);
    int code;
    if (!i.app.node) {
        FAIL(&e, NOT_FOUND, "--data", "%s 不是考场节点，请先用 --join 加入中心。", c->data);
        code = command_failed(&e);
    } else {
        code = serve(a, &i, c, &o);
    }
    instance_close(&i);
    return code;
}

int cmd_room(struct arena *a, int argc, char **argv)
{
    struct err e = {0};
    struct room_command c = {.contact_ms = CONTACT_MS};
    struct stage stages[2] = {{"join", 0, 0, 0}, {"packages", 0, 0, 0}};
    const struct option rows[] = {
        {"--data", OPTION_FOLDER, &c.data, true},
        {"--join", OPTION_TEXT, &c.join, false},
        {"--code", OPTION_TEXT, &c.code, false},
        {"--ca", OPTION_TEXT, &c.ca, false},
        {"--listen", OPTION_TEXT, &c.listen, false},
        {"--public-url", OPTION_TEXT, &c.public_url, false},
        {"--tls-certificate", OPTION_TEXT, &c.tls_certificate, false},
        {"--tls-key", OPTION_TEXT, &c.tls_key, false},
        {"--contact-ms", OPTION_INT, &c.contact_ms, false},
        {"--rate-factor", OPTION_INT, &c.rate_factor, false},
        {"--json", OPTION_FLAG, &c.json, false},
    };
    struct arguments none = {.max = 0};
    if (argc > 0 && strcmp(argv[0], "verify") == 0)
        return cmd_room_verify(a, argc - 1, argv + 1);
    if (!OPTIONS_READ(a, rows, argc, argv, &none, &e))
        return command_failed(&e);
    if (!c.join && !c.listen) {
        FAIL(&e, INVALID, "arguments", "给出 --join 中心地址、--listen 地址:端口，或 verify。");
        return command_failed(&e);
    }
    if (c.join && !join(a, &c, stages, &e))
        return command_failed(&e);
    if (c.join && (c.json || !c.listen))
        print_stages(a, stages, 2);
    return c.listen ? run(a, &c) : EXIT_DONE;
}
