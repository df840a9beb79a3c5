/* sitting/ticket_draw.h - the faces of what is printed: texts in, pages out; no database. */
#ifndef SITTING_TICKET_DRAW_H
#define SITTING_TICKET_DRAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "sitting/session.h"

enum {
    PRINT_ACCENT = 0x0B5C5F,
    PRINT_WASH = 0xE4F0EF,
    PRINT_INK = 0x16201F,
    PRINT_INK_2 = 0x465251,
    PRINT_LINE = 0xC3CCCA,
    PRINT_SAMPLE = 0xE9EEED
};

struct ticket_face {
    const char *body, *batch;
    const char *number; /* 14 digits */
    const char *name, *document_title, *document_mask;
    const char *occupation, *level, *direction; /* direction "--" where there is none */
    const char *component;
    const char *day, *time, *zone; /* 2026年11月28日（星期六）, 09:00–10:30, 北京时间 */
    const char *latest;            /* 最迟 09:30 入场 */
    const char *site, *address, *room, *seat;
    const char *const *rules;
    size_t rule_count;
    struct bytes photo; /* at == NULL: none */
    int64_t issued_ms, zone_offset_ms;
    bool demo;
};
bool ticket_draw(struct arena *a, const struct ticket_face *t, struct bytes *pdf,
                 struct err *e) MUST_USE;

/* One line of a list: a seat, taken or empty. */
struct roster_line {
    struct seat seat;
    const char *number; /* of the ticket, grouped; "" while none is issued */
    const char *name, *name_mask, *document_title, *document_mask, *level, *direction;
};

struct roster_room {
    struct room room;
    const char *site, *address;
    const struct roster_line *lines; /* every seat, by number */
    size_t line_count, taken;
    const char *invigilators; /* names, 、 between */
};

struct roster {
    const char *body, *batch, *title, *component, *when;
    const struct roster_room *rooms;
    size_t room_count;
    int64_t now_ms;
    bool demo;
};
bool sign_in_sheet_draw(struct arena *a, const struct roster *r, struct bytes *pdf,
                        struct err *e) MUST_USE;
bool door_list_draw(struct arena *a, const struct roster *r, struct bytes *pdf,
                    struct err *e) MUST_USE;

#endif
