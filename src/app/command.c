/* app/command.c - options, errors and output of sub-commands. */
#include "app/command.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/calendar.h"
#include "base/json_out.h"

static bool read_int(const struct option *o, const char *text, struct err *e)
{
    char *end;
    errno = 0;
    long long v = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end)
        return FAIL(e, INVALID, o->name, "“%.60s”不是整数。", text);
    *(int64_t *)o->to = v;
    return true;
}

static bool read_real(const struct option *o, const char *text, struct err *e)
{
    char *end;
    double v = strtod(text, &end);
    if (end == text || *end || !isfinite(v))
        return FAIL(e, INVALID, o->name, "“%.60s”不是数。", text);
    *(double *)o->to = v;
    return true;
}

static bool read_folder(const struct option *o, const char *text, struct arena *a,
                        struct err *e)
{
    size_t len = strlen(text);
    while (len > 0 && text[len - 1] == '/')
        len--;
    if (len == 0)
        return FAIL(e, INVALID, o->name, "须是一个文件夹，不能是根目录。");
    *(const char **)o->to = arena_copy(a, text, len);
    return true;
}

static bool read_value(const struct option *o, const char *text, struct arena *a, struct err *e)
{
    switch (o->kind) {
    case OPTION_FLAG:
        break;
    case OPTION_TEXT:
        *(const char **)o->to = text;
        return true;
    case OPTION_FOLDER:
        return read_folder(o, text, a, e);
    case OPTION_INT:
        return read_int(o, text, e);
    case OPTION_REAL:
        return read_real(o, text, e);
    case OPTION_DATE:
        return date_read(text, o->to) ||
               FAIL(e, INVALID, o->name, "“%.60s”不是 YYYY-MM-DD 形式的真实日期。", text);
    }
    return false;
}

static const struct option *find(const struct option *rows, size_t count, const char *word)
{
    size_t len = strcspn(word, "=");
    for (size_t i = 0; i < count; i++)
        if (strlen(rows[i].name) == len && strncmp(rows[i].name, word, len) == 0)
            return &rows[i];
    return NULL;
}

/* One option at argv[*i], with its value behind = or as the next word. */
static bool read_option(const struct option *o, int argc, char **argv, int *i, struct arena *a,
                        struct err *e)
{
    const char *equals = strchr(argv[*i], '=');
    if (o->kind == OPTION_FLAG) {
        if (equals)
            return FAIL(e, INVALID, o->name, "这个选项没有值。");
        *(bool *)o->to = true;
        return true;
    }
    if (equals)
        return read_value(o, equals + 1, a, e);
    if (*i + 1 >= argc)
        return FAIL(e, INVALID, o->name, "缺少值。");
    return read_value(o, argv[++*i], a, e);
}

bool options_read(struct arena *a, const struct option *rows, size_t count, int argc,
                  char **argv, struct arguments *rest, struct err *e)
{
    bool *seen = arena_array(a, bool, count ? count : 1);
    bool options_over = false;
    rest->at = arena_array(a, const char *, (size_t)argc + 1);
    rest->count = 0;
    for (int i = 0; i < argc; i++) {
        if (!options_over && strcmp(argv[i], "--") == 0) {
            options_over = true;
        } else if (!options_over && argv[i][0] == '-' && argv[i][1] == '-') {
            const struct option *o = find(rows, count, argv[i]);
            if (!o)
                return FAIL(e, INVALID, argv[i], "没有这个选项。");
            seen[o - rows] = true;
            if (!read_option(o, argc, argv, &i, a, e))
                return false;
        } else {
            rest->at[rest->count++] = argv[i];
        }
    }
    for (size_t i = 0; i < count; i++)
        if (rows[i].required && !seen[i])
            return FAIL(e, INVALID, rows[i].name, "缺少这个选项。");
    if (rest->count < rest->min)
        return FAIL(e, INVALID, "arguments", "缺少参数。");
    if (rest->count > rest->max)
        return FAIL(e, INVALID, rest->at[rest->max], "多余的参数。");
    return true;
}

int command_failed(const struct err *e)
{
    if (*e->field)
        fprintf(stderr, "%s: %s\n", e->field, e->text);
    else
        fprintf(stderr, "%s\n", e->text);
    return e->code == ERR_STORE || e->code == ERR_INTERNAL ? EXIT_SYSTEM : EXIT_INPUT;
}

void command_print(struct json_out *o)
{
    puts(json_out_text(o));
}
