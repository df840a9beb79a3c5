/* entry/timeline.h - how far a batch and an application are, what is due when, what comes next.
 *
 * Due dates in working days need the State Council's notice of that year: without it the date is
 * left open and the sentence says which year is missing (DOMAIN §3.6), never a guess. */
#ifndef ENTRY_TIMELINE_H
#define ENTRY_TIMELINE_H

#include "entry/batch.h"
#include "entry/entry.h"

struct programme;
struct workday_calendar;

enum stage {
#define STAGE(word, label, road, due, of_batch, of_entry) STAGE_##word,
#include "entry/stages.def"
#undef STAGE
    STAGES
};
const char *stage_word(enum stage s);
const char *stage_label(enum stage s);
const char *stage_road(enum stage s); /* "" = not on the candidate's road */

struct stage_due {
    date_days day;    /* DATE_NONE: none, or not known yet */
    const char *note; /* why it is not known; NULL */
};
/* By when everybody of the batch should have reached the stage. */
struct stage_due stage_due(struct arena *a, const struct batch *b,
                           const struct workday_calendar *calendar, enum stage s);

struct batch_stage {
    int64_t count, of; /* have reached it, of how many who should */
    struct stage_due due;
    bool late;
};
bool batch_stages(struct db *db, struct arena *a, const struct batch *b,
                  const struct workday_calendar *calendar, date_days today,
                  struct batch_stage out[STAGES], struct err *e) MUST_USE;

/* One application: when it reached each stage (0 = not yet). */
struct entry_progress {
    int64_t at_ms[STAGES];
    bool failed; /* by what is published: no certificate comes of it */
};
bool entry_progress(struct db *db, const struct entry *n, struct entry_progress *out,
                    struct err *e) MUST_USE;

enum road_state { ROAD_DONE, ROAD_HERE, ROAD_TODO, ROAD_LATE };
struct road_stage {
    enum stage stage;
    enum road_state state;
    int64_t at_ms, by_ms; /* 0 = not known */
    const char *note;
};
struct road {
    struct road_stage stages[STAGES];
    size_t count;
    const struct road_stage *next; /* NULL: nothing more to come */
    const char *title, *text;      /* of what comes next */
    const char *path, *action;     /* page of the portal and its button; NULL */
};
/* What comes next for the applicant. Pure. */
struct road_facts {
    const struct entry *entry;
    const struct batch *batch;
    const struct entry_progress *progress;
    const struct workday_calendar *calendar;
    int64_t now_ms;
};
void road_of(struct arena *a, const struct road_facts *f, struct road *out);
const char *road_state_name(enum road_state s);

#endif
