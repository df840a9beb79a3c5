/* web/seat_fixture.h - for tests: one candidate seated before a whole server, and invigilators. */
#ifndef WEB_SEAT_FIXTURE_H
#define WEB_SEAT_FIXTURE_H

#include "sitting/device_play.h"
#include "web/asker.h"

#define SEAT_TICKET   "26112800100010"
#define SEAT_DOCUMENT "11010519491231002X"

struct seated {
    struct site *site;
    struct asker asker;
    struct id session, room, attempt;
    struct actor who;
    struct play_device dev;
    char attempt_text[ID_TEXT_BYTES];
};

struct arena *arena_of(struct seated *s);
const char *path_of(struct seated *s, const char *rest); /* /api/sit/ATTEMPT/REST */

struct seat_plan {
    int64_t starts_ms, late_limit_ms;
    const char
        *conduct; /* what a registrar PUTs before the session is prepared; NULL: nothing */
    struct asker *registrar; /* out, with a conduct */
};
/* Seat 7 of 第一考场, a session of 90 minutes. */
struct seated *seat_with(const struct seat_plan *p);
struct seated *seat_one(void); /* it starts now */
void unseat(struct seated *s);

/* Each the status of the answer, or a step that must work. */
void admit(struct seated *s);
long enter(struct seated *s, const char *with_document);
struct bytes decoded(struct seated *s, const char *member); /* base64url in the last answer */
/* The body of a claim with the challenge of the last `enter`; MORE: further members, "" or
 * ",\"x\":1". */
const char *claim_body(struct seated *s, struct bytes challenge, struct id claim_id,
                       const char *more);
long claim(struct seated *s, struct bytes challenge, struct id claim_id);
void take_keys(struct seated *s);
void open_attempt(struct seated *s);
long save(struct seated *s, struct bytes body);
long get_with_proof(struct seated *s, const char *rest);

/* An invigilator of the body, signed in, with the seed of the second factor. */
struct watcher {
    struct asker asker;
    struct id account;
    struct bytes seed; /* of the second factor */
};

struct watcher watcher_of(struct seated *s, const char *login);
void give_duty(struct seated *s, struct id account); /* in the room */

#endif
