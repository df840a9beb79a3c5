/* entry/desk.h - what the use cases of this folder work with, and their calls.
 *
 * Each is one transaction: all of it or nothing. Ids of what comes to be are given by the caller.
 * An object outside the scope is NOT_FOUND; a version that is not the stored one is CONFLICT at
 * "/version"; a rule of the field is RULE, with the source of the rule in the sentence. */
#ifndef ENTRY_DESK_H
#define ENTRY_DESK_H

#include "entry/batch.h"
#include "entry/entry.h"
#include "people/people.h"
#include "programme/eligibility.h"

struct blob_place;
struct fields;
struct json_t;
struct programme_set;

struct entry_desk {
    struct people people; /* db, arena, master, who */
    const struct programme_set *programmes;
    struct entry_scope scope;
    const struct blob_place *blobs; /* where uploads go */
    const char *program;            /* for the parser cage; NULL in tests: cage.h */
};

/* --- batches (registrar) ------------------------------------------------------------------ */
bool batch_create(const struct entry_desk *d, const struct batch_input *in, struct id id,
                  struct err *e) MUST_USE;
struct batch_change {
    struct id id;
    int64_t version;
    enum batch_state to;    /* 0 leaves it */
    int64_t apply_until_ms; /* 0 leaves it */
    int64_t quota;          /* -1 leaves it */
};
bool batch_change(const struct entry_desk *d, const struct batch_change *c,
                  struct err *e) MUST_USE;

/* --- applying (the person) ------------------------------------------------------------------ */
struct entry_start {
    struct id id, batch;
    int64_t level;
    const char *direction; /* NULL or "" = not chosen yet */
};
bool entry_start(const struct entry_desk *d, const struct entry_start *s,
                 struct err *e) MUST_USE;

/* The whole draft at once. Facts may be incomplete, but not of another shape than
 * programme/facts.h; what a candidate says of evidence and scope does not count: an unchanged
 * fact keeps what a registrar has set, any other is claimed. */
struct entry_save {
    struct id id;
    int64_t version;
    int64_t level;              /* 0 leaves it */
    const char *direction;      /* NULL leaves it */
    const struct json_t *facts; /* NULL leaves them */
};
bool entry_save(const struct entry_desk *d, const struct entry_save *s, struct err *e) MUST_USE;
/* Needs the identity data, both consents, the photo, a level and a direction that the batch
 * offers, facts that are complete and do not exclude the person, and a free place. */
bool entry_submit(const struct entry_desk *d, struct id id, int64_t version,
                  struct err *e) MUST_USE;
bool entry_withdraw(const struct entry_desk *d, struct id id, int64_t version,
                    const char *reason, struct err *e) MUST_USE;

/* --- reviewing (registrar, never the own application) ---------------------------------------- */
struct entry_review {
    struct id id;
    int64_t version;
    enum entry_state to; /* ACCEPTED, RETURNED or REFUSED */
    const char *reason;  /* needed to return, to refuse, and to accept what is only UNKNOWN */
    /* What a later stage has to say or to note where it is accepted, in the same transaction. */
    bool (*also)(struct db *db, void *ctx, const struct entry *n, struct err *e);
    void *ctx; /* of also; NULL: nothing */
};
bool entry_review(const struct entry_desk *d, const struct entry_review *r,
                  struct err *e) MUST_USE;

struct fact_ruling {
    const char *fact;     /* "/work/0" */
    const char *evidence; /* "proved", "claimed"; NULL leaves it */
    const char *scope;    /* of work and certificates: "related_field" …; NULL leaves it */
};
extern const struct fields fact_ruling_fields;
struct entry_ruling {
    struct id id;
    int64_t version;
    const char *reason; /* needed where a scope is set */
    struct fact_ruling *rulings;
    size_t count;
};
bool entry_confirm_facts(const struct entry_desk *d, const struct entry_ruling *r,
                         struct err *e) MUST_USE;

/* --- the verdict ------------------------------------------------------------------------------ */
/* As it stands: judged on the day of submission, a draft on the day of NOW. */
bool entry_judge(const struct entry_desk *d, const struct programme *p, const struct entry *n,
                 struct eligibility *out, struct err *e) MUST_USE;
/* The batch and the programme of an application. */
bool entry_frame(const struct entry_desk *d, const struct entry *n, struct batch *batch,
                 const struct programme **programme, struct err *e) MUST_USE;

#endif
