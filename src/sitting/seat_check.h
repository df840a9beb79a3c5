/* sitting/seat_check.h - what the check page found at a workstation before the exam, and whether it
 * is enough. The page may be opened by anybody who has the room's link: the token in it is ours.
 * The newest check of a seat is kept; the invigilator sees it beside the seat. */
#ifndef SITTING_SEAT_CHECK_H
#define SITTING_SEAT_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"

struct actor;
struct arena;
struct db;
struct master;

enum { SEAT_CHECK_TOKEN_TEXT = 33 };

struct seat_check {
    struct id room, session;
    int64_t seat_no;
    const char *browser;    /* name and version, as the page read it */
    int64_t storage_bytes;  /* what the browser grants */
    bool persisted;         /* storage is not thrown away when the disk is full */
    bool strict;            /* IndexedDB wrote with durability: strict, and read it again */
    bool subtle;            /* crypto.subtle: a key was made, stored and used */
    bool reloads;           /* a service worker: a reload without network works */
    int64_t offset_ms;      /* the PC's clock less the server's */
    int64_t rtt_ms, kbit_s; /* median of answers; link to the server */
    int64_t width, height;  /* CSS pixels of the screen */
    const char *camera, *microphone; /* "ok", "refused", "none", "not_asked" */
    bool seb;                        /* opened in Safe Exam Browser */
    int64_t at_ms;                   /* out of a read */
    bool passed;                     /* out */
};

/* Names of what is not enough, joined by commas ("storage,camera"); "" if all is. Pure. */
const char *seat_check_judge(struct arena *a, const struct seat_check *c, bool recorded);

void seat_check_token(const struct master *m, struct id room, char out[SEAT_CHECK_TOKEN_TEXT]);
/* CONFLICT at "/seat" where the room has no such seat. */
bool seat_check_put(struct db *db, const struct actor *who, struct arena *a,
                    struct seat_check *c, bool recorded, struct err *e) MUST_USE;
struct seat_check_list {
    struct seat_check *at;
    size_t count;
};
bool seat_check_of_room(struct db *db, struct arena *a, struct id room,
                        struct seat_check_list *out, struct err *e) MUST_USE;

#endif
