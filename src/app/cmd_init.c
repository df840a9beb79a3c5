/* app/cmd_init.c - `heng init`: a data folder with its master secret, and on request a
 * demonstration body. `heng totp`: the one-time code of a secret. */
#include <stdio.h>
#include <string.h>

#include "app/command.h"
#include "app/demo_body.h"
#include "app/instance.h"
#include "base/arena.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/file.h"

static void say(const char *what)
{
    fprintf(stderr, "  · %s\n", what);
}

static bool make_demo(struct arena *a, struct instance *i, const char *folder, struct err *e)
{
    struct demo_body body;
    struct demo_options o = {.now_ms = clock_now_ms(), .progress = say};
    if (!demo_body_create(a, i, &o, &body, e))
        return false;
    const char *text = demo_accounts_text(a, &body);
    const char *path = arena_printf(a, "%s.accounts", folder);
    if (!file_write(path, text, strlen(text), 0400, e))
        return false;
    printf("演示账号（只显示这一次；已保存在 %s，仅所有者可读）：\n%s", path, text);
    return true;
}

int cmd_init(struct arena *a, int argc, char **argv)
{
    struct err e = {0};
    struct instance i;
    struct instance_place place = {0};
    bool demo = false;
    const struct option rows[] = {
        INSTANCE_OPTIONS(place, true),
        {"--demo", OPTION_FLAG, &demo, false},
    };
    struct arguments none = {.max = 0};
    if (!OPTIONS_READ(a, rows, argc, argv, &none, &e) || !instance_create_at(a, &place, &i, &e))
        return command_failed(&e);
    bool ok = !demo || make_demo(a, &i, place.data, &e);
    instance_close(&i);
    return ok ? EXIT_DONE : command_failed(&e);
}

int cmd_totp(struct arena *a, int argc, char **argv)
{
    struct err e = {0};
    struct bytes seed;
    char code[7];
    struct arguments secret = {.min = 1, .max = 1};
    if (!options_read(a, NULL, 0, argc, argv, &secret, &e))
        return command_failed(&e);
    if (!base32_read(a, secret.at[0], strlen(secret.at[0]), &seed)) {
        FAIL(&e, INVALID, "SECRET", "不是 base32 密钥。");
        return command_failed(&e);
    }
    totp_code(code, seed.at, seed.len, clock_now_ms());
    puts(code);
    return EXIT_DONE;
}
