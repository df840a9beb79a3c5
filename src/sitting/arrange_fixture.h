/* sitting/arrange_fixture.h - for tests: a body with accepted candidates, staff and a site. */
#ifndef SITTING_ARRANGE_FIXTURE_H
#define SITTING_ARRANGE_FIXTURE_H

#include "entry/entry_fixture.h"
#include "people/viewer.h"
#include "sitting/arrange.h"
#include "sitting/ticket.h"

enum { HALL_CANDIDATES = 16, HALL_STAFF = 8 };

struct hall {
    struct entry_fixture *f;
    struct db *db;
    struct arranger by, stranger; /* the stranger is another body's registrar */
    struct actor actor;           /* by's: its time may be moved */
    struct id entries[HALL_CANDIDATES], persons[HALL_CANDIDATES];
    /* 0-2 invigilators, 3-5 examiners, 6 quality supervisor, 7 release officer */
    struct id staff[HALL_STAFF];
    struct site site;
    struct session session; /* theory, 90 minutes, 100 days from now, with one room of 5 x 6 */
    struct room room;
};

struct hall *hall_create(void);
void hall_destroy(struct hall *h);

struct session hall_session(struct hall *h, const char *component, int64_t starts_ms);
struct room hall_room(struct hall *h, struct id session, const char *name);
/* Seats all, assigns two invigilators to the room. */
void hall_fill(struct hall *h);
void hall_assign(struct hall *h, size_t staff, enum duty duty, struct id room);
struct viewer hall_viewer(const struct hall *h, uint32_t roles, struct id person);
/* Everything that the use cases of the arrangement may change, in one number. */
uint64_t hall_snapshot(struct hall *h);

#endif
