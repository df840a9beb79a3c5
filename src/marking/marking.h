/* marking/marking.h - from sealed attempts and examiners' sheets to the marks of a component.
 *
 * Everything is limited to the actor's body. Marks are millimarks. Texts live in the arena. */
#ifndef MARKING_MARKING_H
#define MARKING_MARKING_H

#include "base/crypto.h"
#include "base/err.h"
#include "base/id.h"
#include "marking/agree.h"
#include "marking/rubric.h"
#include "store/audit.h"

struct arena;
struct db;
struct json_t;
struct progress;
struct master;
struct programme;
struct programme_set;

struct marking {
    struct db *db;
    struct arena *arena;
    const struct master *master;
    const struct programme_set *programmes;
    const struct actor *actor;
    struct progress *progress; /* of what reads many attempts; NULL: nobody waits */
};

/* What a session belongs to: its batch's programme and its component. */
struct marking_session {
    struct id session, batch;
    const char *component;
    const struct programme *programme;
};
bool marking_session(const struct marking *m, struct id session, struct marking_session *out,
                     struct err *e) MUST_USE;
/* Scored by a panel (国家职业标准 1.9.3 综合评审委员), every member of which scores every candidate; else
 * by examiners, of whom enough do. */
bool marking_by_panel(const struct marking_session *s);

/* --- theory ------------------------------------------------------------------------------------ */
struct theory_report {
    int64_t attempts; /* sealed or closed */
    int64_t scored;   /* now; what was scored before with the same key is left as it is */
    int64_t open;     /* still being taken: not scored */
    int64_t waiting;  /* answers from paper that are not settled: not scored */
    int64_t scripts;  /* written answers handed to markers */
    int64_t doubtful; /* attempts with answers that a person should look at */
};
/* Scores every attempt that has ended; can be called again. CONFLICT at "/state" where a score of
 * the same key would come out differently: something that must not change has changed. */
bool score_theory(const struct marking *m, struct id session, struct theory_report *out,
                  struct err *e) MUST_USE;

/* --- written answers --------------------------------------------------------------------------- */
struct script {
    struct id id, session, entry;
    int64_t n;
    const char *code, *area, *stem, *guide, *response; /* guide and response: JSON */
    int64_t full_millimarks, limit_millimarks;
    const char *state;  /* "waiting", "third", "settled" */
    int64_t marks;      /* how many have marked */
    int64_t millimarks; /* when settled */
};
struct script_list {
    struct script *at;
    size_t count;
    int64_t total;
};
/* Those the actor may still mark: not marked by them, nobody of their own kin or pupils. */
bool script_list(const struct marking *m, int64_t limit, int64_t offset,
                 struct script_list *out, struct err *e) MUST_USE;
struct script_vote {
    struct id script;
    int64_t millimarks;
    const char *note;
};
/* One that the actor may mark. NOT_FOUND at "script" also for another body's, and where recused. */
bool script_to_mark(const struct marking *m, struct id id, struct script *out,
                    struct err *e) MUST_USE;
/* The version of the item whose pictures, sounds and films hold this one. NOT_FOUND at "picture" where its
 * question shows no such file. */
bool script_shows(const struct marking *m, const struct script *s, const char *sha256,
                  struct id *version, struct err *e) MUST_USE;
/* Which file its answer names (sitting/handed_in.h). NOT_FOUND at "file" for an answer that is a text. */
struct handed_place;
bool script_names_file(const struct marking *m, const struct script *s,
                       struct handed_place *out, struct err *e) MUST_USE;
/* INVALID /millimarks out of range; CONFLICT where it is settled or was marked by the actor;
 * FORBIDDEN where the actor is recused. */
bool script_mark(const struct marking *m, const struct script_vote *vote,
                 struct err *e) MUST_USE;

/* --- practical work and panel ------------------------------------------------------------------ */
struct sheet {
    struct id entry;
    const char *label; /* "考生 0007": nobody is named before all have submitted */
    int64_t level;
    const char *direction;
    const char *scores;                              /* JSON {point: millimarks} */
    const char *note;                                /* NULL if none */
    int64_t total_millimarks, version, submitted_ms; /* version 0: not begun */
    bool recused;
};
struct sheet_list {
    struct sheet *at;
    size_t count;
};
/* The candidates of a session as the actor sees them: own sheets only. FORBIDDEN without the duty: a
 * member of the panel where there is one, else an examiner or the head examiner. */
bool sheet_list_own(const struct marking *m, struct id session, struct sheet_list *out,
                    struct err *e) MUST_USE;
struct sheet_save {
    struct id session, entry;
    const struct json_t *scores;
    const char *note;
    int64_t version; /* the one that was read */
    bool submit;     /* for good: every point must be scored */
};
bool sheet_save(const struct marking *m, const struct sheet_save *save, int64_t *version,
                struct err *e) MUST_USE;

struct sheet_vote {
    const char *examiner;
    const char *scores, *note;
    int64_t total_millimarks;
};
struct component_mark {
    struct id entry;
    const char *label;
    enum agreement state;
    int64_t millimarks;       /* settled: final; AGREE_DECIDES: the mean, not final */
    int64_t needed;           /* sheets */
    struct sheet_vote *votes; /* only when all needed are in: blind until then */
    size_t votes_count, submitted;
    const char *decision; /* the head examiner's reason; NULL if none was needed */
};
struct component_marks {
    struct component_mark *at;
    size_t count;
};
/* Every candidate of a practical or panel session. */
bool component_marks(const struct marking *m, struct id session, struct component_marks *out,
                     struct err *e) MUST_USE;
struct score_decision {
    struct id session, entry;
    int64_t millimarks;
    const char *reason; /* 4 to 500 characters */
};
/* CONFLICT where no decision is needed or one was made; FORBIDDEN without the duty. */
bool score_decide(const struct marking *m, const struct score_decision *d,
                  struct err *e) MUST_USE;

/* --- what award/ asks -------------------------------------------------------------------------- */
struct entry_mark {
    struct id entry;
    int64_t level;
    const char *direction;
    bool complete;       /* all that has to be marked is marked */
    const char *missing; /* a sentence, where it is not */
    int64_t millimarks, full_millimarks;
    const char *areas;                /* JSON [{area, full, millimarks}] */
    unsigned char source[HASH_BYTES]; /* of everything it was computed from */
    int64_t key_version;
};
/* Every candidate of a session, of whichever component. */
struct session_marks {
    struct entry_mark *at;
    size_t count;
};
bool marking_of_session(const struct marking *m, const struct marking_session *s,
                        struct session_marks *out, struct err *e) MUST_USE;

#endif
