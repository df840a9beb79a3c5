/* base/log.c - writes log lines. */
#include "base/log.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/calendar.h"
#include "base/clock.h"

enum log_kind { LOG_KIND_INT, LOG_KIND_WORD, LOG_KIND_ID };
enum { LINE_BYTES = 1024 };

static const struct {
    const char *name;
    enum log_kind kind;
} keys[LOG_KEYS] = {
#define LOG_KEY(name, kind) [LOG_##name] = {#name, LOG_KIND_##kind},
#include "base/log.def"
#undef LOG_KEY
};

static const char *const levels[] = {"info", "client", "security", "us"};

/* Process-wide by nature; set once before threads start. */
static int log_fd = STDERR_FILENO;

void log_to(int fd)
{
    log_fd = fd;
}

static void write_word(char *out, size_t room, const char *word)
{
    size_t n = 0;
    for (; word && *word && n + 1 < room; word++, n++)
        out[n] = isalnum((unsigned char)*word) || strchr("_./{}:-", *word) ? *word : '?';
    out[n] = '\0';
}

static int write_item(char *out, size_t room, const struct log_item *item)
{
    char text[200];
    switch (keys[item->key].kind) {
    case LOG_KIND_INT:
        snprintf(text, sizeof text, "%" PRId64, item->number);
        break;
    case LOG_KIND_WORD:
        write_word(text, sizeof text, item->word);
        break;
    case LOG_KIND_ID:
        id_write(item->id, text);
        break;
    }
    return snprintf(out, room, " %s=%s", keys[item->key].name, text);
}

void log_line(enum log_level level, const char *event, const struct log_item *items, size_t n)
{
    if (log_fd < 0)
        return;
    char line[LINE_BYTES], when[INSTANT_TEXT_BYTES];
    instant_write(clock_now_ms(), when);
    size_t len = (size_t)snprintf(line, sizeof line, "%s level=%s event=%s", when,
                                  levels[level], event);
    for (size_t i = 0; i < n && len < sizeof line - 2; i++)
        len += (size_t)write_item(line + len, sizeof line - 1 - len, &items[i]);
    if (len > sizeof line - 2)
        len = sizeof line - 2;
    line[len++] = '\n';
    /* A log that cannot be written must not stop an exam. */
    ssize_t written = write(log_fd, line, len);
    (void)written;
}
