/* fault/main.c - plays one part and prints its figures as one JSON object.
 *
 *   heng_fault PART [--all] [--seed N] [--seconds S] [--plant WORD]
 *   heng_fault serve CANDIDATES        a stage for the browser's parts (serve.c)
 *
 * HENG_PROGRAM is the program that is hurt, HENG_FAULT_SHIM the preloaded library. Exit codes as
 * everywhere: 0 nothing lost, 1 something was, 2 usage, 3 the stage could not be set. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/json_out.h"
#include "fault.h"
#include "parts.h"
#include "serve.h"

static const struct {
    const char *name, *what;
    void (*play)(struct part *p);
} parts[] = {
#define PART(name, what) {#name, what, part_##name},
#include "parts.def"
#undef PART
};
enum { PARTS = sizeof parts / sizeof *parts };

/* --- figures -------------------------------------------------------------------------------------- */
static struct figure *figure(struct part *p, const char *name)
{
    for (size_t i = 0; i < p->count; i++)
        if (strcmp(p->figures[i].name, name) == 0)
            return &p->figures[i];
    NEED(p->count < sizeof p->figures / sizeof *p->figures, "room for figures", NULL);
    p->figures[p->count] = (struct figure){.name = name};
    return &p->figures[p->count++];
}

void figure_add(struct part *p, const char *name, int64_t more)
{
    figure(p, name)->value += more;
}

void figure_text(struct part *p, const char *name, const char *text)
{
    figure(p, name)->text = text;
}

void figure_fault(struct part *p, const char *name, int64_t more)
{
    struct figure *f = figure(p, name);
    f->value += more;
    f->must_be_zero = true;
}

int64_t figure_get(const struct part *p, const char *name)
{
    for (size_t i = 0; i < p->count; i++)
        if (strcmp(p->figures[i].name, name) == 0)
            return p->figures[i].value;
    return 0;
}

static bool print(const struct part *p, int64_t ms)
{
    struct arena *a = arena_create(1 << 20);
    struct json_out *o = json_out_create(a);
    bool ok = true;
    out_object(o);
    put_text(o, "part", p->name);
    put_bool(o, "all", p->all);
    put_int(o, "ms", ms);
    for (size_t i = 0; i < p->count; i++) {
        const struct figure *f = &p->figures[i];
        if (f->text)
            put_text(o, f->name, f->text);
        else
            put_int(o, f->name, f->value);
        ok = ok && !(f->must_be_zero && f->value != 0);
    }
    put_bool(o, "ok", ok);
    out_object_end(o);
    puts(json_out_text(o));
    arena_destroy(a);
    return ok;
}

static int64_t began_ms;

_Noreturn void part_over(struct part *p)
{
    print(p, clock_boot_ms() - began_ms);
    exit(1);
}

static int play(int which, struct part *p)
{
    uint64_t seed = p->seed;
    began_ms = clock_boot_ms();
    p->name = parts[which].name;
    parts[which].play(p);
    int64_t ms = clock_boot_ms() - began_ms;
    figure_add(p, "seed", (int64_t)seed);
    return print(p, ms) ? 0 : 1;
}

static int usage(void)
{
    fprintf(stderr, "heng_fault PART [--all] [--seed N] [--seconds S] [--plant WORD]\n");
    for (int i = 0; i < PARTS; i++)
        fprintf(stderr, "  %-8s %s\n", parts[i].name, parts[i].what);
    return 2;
}

int main(int argc, char **argv)
{
    struct part p = {.seed = 1};
    struct err e = {0};
    int which = -1;
    NEED(crypto_start(&e), "cryptography", &e);
    if ((argc == 3 || argc == 4) && strcmp(argv[1], "serve") == 0)
        return serve(strtoul(argv[2], NULL, 10), argc == 4 ? strtol(argv[3], NULL, 10) : 0);
    for (int i = 0; i < PARTS && argc > 1; i++)
        if (strcmp(argv[1], parts[i].name) == 0)
            which = i;
    if (which < 0)
        return usage();
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--all") == 0)
            p.all = true;
        else if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc)
            p.seed = strtoull(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--plant") == 0 && i + 1 < argc)
            p.plant = argv[++i];
        else if (strcmp(argv[i], "--seconds") == 0 && i + 1 < argc)
            p.limit_ms = strtoll(argv[++i], NULL, 10) * 1000;
        else
            return usage();
    }
    return play(which, &p);
}
