/* base/log.h - one line a request or job, key=value; every key is a row of log.def.
 *
 * There is no way to log a free string: words are literals of the program. LOG_CLIENT (they did
 * wrong) and LOG_US (we did) are levels of their own; only the second wakes people. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "base/id.h"

enum log_level { LOG_INFO, LOG_CLIENT, LOG_SECURITY, LOG_US };

enum log_key {
#define LOG_KEY(name, kind) LOG_##name,
#include "base/log.def"
#undef LOG_KEY
    LOG_KEYS
};

struct log_item {
    enum log_key key;
    int64_t number;
    const char *word; /* a literal; anything but [A-Za-z0-9_./{}:-] is written as ? */
    struct id id;
};

#define LOG_ITEM_INT(k, v)  ((struct log_item){.key = LOG_##k, .number = (v)})
#define LOG_ITEM_WORD(k, v) ((struct log_item){.key = LOG_##k, .word = (v)})
#define LOG_ITEM_ID(k, v)   ((struct log_item){.key = LOG_##k, .id = (v)})

/* EVENT is a literal such as "request" or "sign_in". Thread safe: one write(2) a line. */
void log_line(enum log_level level, const char *event, const struct log_item *items, size_t n);
#define LOG_LINE(level, event, ...)                                                            \
    log_line((level), (event), (struct log_item[]){__VA_ARGS__},                               \
             sizeof((struct log_item[]){__VA_ARGS__}) / sizeof(struct log_item))

/* Where lines go: a file descriptor, 2 at start; -1 = nowhere. Set before threads start. */
void log_to(int fd);

#endif
