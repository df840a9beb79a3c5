/* entry/entry_store.h - applications in and out of the database: for the use cases here. */
#ifndef ENTRY_ENTRY_STORE_H
#define ENTRY_ENTRY_STORE_H

#include "entry/entry.h"
#include "store/audit.h"

/* All of these run inside a transaction. What loses a race is CONFLICT at "/version". */
bool entry_put(struct db *db, const struct entry *n, struct err *e) MUST_USE;
bool entry_find_live(struct db *db, const struct entry *like, struct id *id, bool *found,
                     struct err *e) MUST_USE;
bool entry_save_draft(struct db *db, const struct entry *n, int64_t now_ms,
                      struct err *e) MUST_USE;
bool entry_save_facts(struct db *db, const struct entry *n, int64_t now_ms,
                      struct err *e) MUST_USE;
bool entry_save_photo(struct db *db, const struct entry *n, int64_t now_ms,
                      struct err *e) MUST_USE;
bool entry_touch(struct db *db, const struct entry *n, int64_t now_ms, struct err *e) MUST_USE;
bool entry_put_submission(struct db *db, const struct entry *n, bool holds_place,
                          int64_t now_ms, struct err *e) MUST_USE;

struct entry_decision {
    const struct entry *entry; /* as it was read */
    enum entry_state to;
    const char *reason;  /* NULL = none */
    const char *verdict; /* NULL leaves the stored one */
    bool holds_place;
};
bool entry_put_decision(struct db *db, const struct entry_decision *d, const struct actor *who,
                        struct err *e) MUST_USE;

/* Every change leaves a line in the application's history and a row in the audit chain.
 * DETAIL (a small object without personal values; NULL = none) goes into the row. */
struct entry_step {
    struct id entry;
    enum act act;
    int from, to;       /* entry_state; 0 = it came to be */
    const char *reason; /* class P: only in the history, never in the chain */
    struct json_t *detail;
};
bool entry_step_write(struct db *db, struct arena *a, const struct actor *who,
                      const struct entry_step *s, struct err *e) MUST_USE;

/* Places: taken and freed with the change of state, guarded in the statement. RULE at "/level"
 * when none is left. */
bool entry_take_place(struct db *db, const struct entry *n, struct err *e) MUST_USE;
bool entry_free_place(struct db *db, const struct entry *n, struct err *e) MUST_USE;

struct entry_event {
    int64_t seq, at_ms;
    struct id actor;
    enum act act;
    int from, to;
    const char *reason;
};
/* Newest first. The caller has looked the entry up in the viewer's scope. */
bool entry_events(struct db *db, struct arena *a, struct id entry, struct entry_event **out,
                  size_t *count, struct err *e) MUST_USE;

/* A registrar's list. */
struct entry_filter {
    struct entry_scope scope;
    struct id batch;
    enum entry_state state; /* 0 = every */
    const char *q;          /* part of a name; NULL = all */
    int64_t limit, offset;
};
struct entry_line { /* an application with what a list shows of its person */
    struct entry entry;
    const char *name;
    int64_t evidence_count;
};
bool entry_lines(struct db *db, struct arena *a, const struct entry_filter *f,
                 struct entry_line **out, size_t *count, int64_t *total,
                 struct err *e) MUST_USE;
/* A candidate's own, newest first. */
bool entry_list_own(struct db *db, struct arena *a, const struct entry_scope *scope,
                    struct entry_list *out, struct err *e) MUST_USE;

#endif
