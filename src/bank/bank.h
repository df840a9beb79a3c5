/* bank/bank.h - the item bank: import, authoring, review, reading.
 *
 * An item has versions; a version is never changed. Its text (question, key, explanation) is
 * sealed under the bank key, bound to the version; what composing needs lies in the clear.
 *
 *   draft → review → proof → live → frozen → retired       (bank/item_state.h draws it)
 *
 * draft: being written · review: handed in, waits for two · proof: two approved, waits for the
 * proof-reader · live: proof-read · frozen: stands in a paper. Any edit makes a new version in draft: the stamps of the old one do not count for it.
 * Statements are limited to the actor's body. */
#ifndef BANK_BANK_H
#define BANK_BANK_H

#include "bank/item.h"
#include "bank/item_state.h"
#include "base/id.h"
#include "store/audit.h"

struct db;
struct exchange;
struct exchange_format;
struct json_out;
struct master;
struct programme;
struct programme_set;

/* What every use case of the bank needs. */
struct bank {
    struct db *db;
    struct arena *arena;
    const struct master *master;
    const struct programme_set *programmes;
    const struct actor *actor; /* its body is the bank's owner */
};

/* An item as lists and composing see it. Strings live in the arena. */
struct item_row {
    struct id id, version_id;
    const char *code; /* item_meta.id */
    const char *programme;
    const char *kind;
    enum item_state state;
    int64_t version; /* the newest */
    struct id author;
    int64_t approvals; /* of this version */
    int64_t changed_ms;
    const char *area, *point; /* what it counts for */
    int64_t *levels;
    size_t level_count;
    const char **directions, **enemies;
    size_t direction_count, enemy_count;
    int64_t difficulty;
    const char *cognitive, *importance;
    bool practice;   /* candidates may see it (bank/practice.h); no exam has it */
    bool calibrated; /* in a pool: the next three are measured (bank/parameter.h) */
    double a, b, c;
    const char
        *law_problem; /* NULL, or why the law that it cites is no longer the one in force */
};

/* --- import --------------------------------------------------------------------------------- */
struct import_problem {
    int64_t row;        /* line of the file, row of the sheet */
    const char *column; /* heading, or JSON pointer; "" = the whole row */
    const char *what;
};

struct import_report {
    int64_t rows, added, changed, unchanged;
    struct import_problem *problems;
    size_t problem_count;
    const struct exchange *exchange; /* what was not carried; NULL without a format */
};

struct import_order {
    const char *programme;
    struct bytes file; /* without a format: JSONL, CSV or XLSX, told apart by content */
    const struct exchange_format *format; /* of another system (bank/exchange.h) */
    const struct json_t *fill;            /* members for items whose format has none, or NULL */
    const char *program; /* for the parser cage of XLSX; NULL: read here (cage.h) */
    bool hand_in;        /* straight to review instead of draft */
    bool try_only;       /* report, change nothing */
};

/* All or nothing: any problem (not: any loss) and nothing is stored; false only where the store failed. The same
 * file again changes nothing (all rows `unchanged`). */
bool bank_import(const struct bank *b, const struct import_order *order,
                 struct import_report *out, struct err *e) MUST_USE;

/* --- authoring -------------------------------------------------------------------------------- */
/* Creates (item zero) or edits; `version` is the one the author saw (CONFLICT if it is not the
 * newest). *out is the stored item's row. An unchanged text makes no new version. */
struct save_order {
    struct id item;
    int64_t version;
    const char *programme;
    const struct json_t *object; /* the flat object; "author" and "reviewed_by" are set by us */
};
bool bank_save(const struct bank *b, const struct save_order *order, struct id *item,
               int64_t *version, struct err *e) MUST_USE;
bool bank_hand_in(const struct bank *b, struct id item, int64_t version,
                  struct err *e) MUST_USE;

/* --- review ----------------------------------------------------------------------------------- */
enum review_verdict { REVIEW_APPROVE, REVIEW_RETURN };
struct review_order {
    const struct id *items;
    const int64_t *versions; /* NULL: the newest of each */
    size_t count;
    enum review_verdict verdict;
    const char *note; /* required to return */
};
/* The actor's account is the reviewer or, for what is in proof, the proof-reader: nobody whose words it holds
 * (bank/wording.h), once a version. The second approval hands an item to the proof-reader, the third makes it live; one
 * return makes it draft again. All of the list or none. doc/decisions/0051. */
bool bank_review(const struct bank *b, const struct review_order *order,
                 struct err *e) MUST_USE;
bool bank_retire(const struct bank *b, struct id item, const char *reason,
                 struct err *e) MUST_USE;

/* --- reading ---------------------------------------------------------------------------------- */
enum bank_whose { BANK_ALL, BANK_MINE, BANK_TO_REVIEW };  /* of the actor; what it may review */
struct bank_filter {                                      /* NULL and 0: any */
    const char *programme, *kind, *area, *state, *search; /* search: in code and point */
    int64_t level;
    enum bank_whose whose;
    int64_t limit, offset;
};
bool bank_list(const struct bank *b, const struct bank_filter *f, struct item_row **out,
               size_t *count, int64_t *total, struct err *e) MUST_USE;
bool bank_row(const struct bank *b, struct id item, struct item_row *out,
              struct err *e) MUST_USE;
/* Question and key of a version (0: newest). For authors and reviewers; composing and marking
 * read through bank_open_version. */
bool bank_open(const struct bank *b, struct id item, int64_t version, struct item *out,
               struct err *e) MUST_USE;
bool bank_open_version(struct db *db, struct arena *a, const struct master *m,
                       struct id version_id, struct item *out, struct err *e) MUST_USE;
/* Everything a paper may be composed from: live and frozen, of a programme, citing no law that has
 * changed since; with its parameters where it has any. */
bool bank_pool(const struct bank *b, const char *programme, struct item_row **out,
               size_t *count, struct err *e) MUST_USE;

struct review_row {
    int64_t version;
    struct id reviewer;
    enum review_verdict verdict;
    const char *note;
    int64_t at_ms;
};
bool bank_reviews(const struct bank *b, struct id item, struct review_row **out, size_t *count,
                  struct err *e) MUST_USE;

/* Inside a transaction of paper/: these versions stand in a paper from now on. CONFLICT at
 * "/items" where one is no longer the live one. */
bool bank_freeze(struct db *db, const struct actor *who, const struct id *items,
                 const struct id *versions, size_t count, struct err *e) MUST_USE;

void item_row_write(const struct item_row *r, struct json_out *o);
void item_row_put(const struct item_row *r, struct json_out *o); /* into the open object */

#endif
