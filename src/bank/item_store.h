/* bank/item_store.h - items in and out of the database; decisions are in the use cases. */
#ifndef BANK_ITEM_STORE_H
#define BANK_ITEM_STORE_H

#include "bank/bank.h"

/* One new version as it will stand in the tables. */
struct item_record {
    struct item item;
    const char *area;
    struct bytes text; /* canonical */
    unsigned char digest[32];
    struct attached *brought; /* with the item, to be stored before it */
    size_t brought_count;
};

/* Text, area and keyed digest of an item that fits the programme. */
bool item_record_make(struct arena *a, const struct master *m, const struct programme *p,
                      const struct item *item, struct item_record *out, struct err *e) MUST_USE;

/* *found = false: no such code in this body. */
bool item_row_find(struct db *db, struct arena *a, struct id body, const char *code,
                   struct item_row *out, bool *found, struct err *e) MUST_USE;
bool item_row_get(struct db *db, struct arena *a, struct id body, struct id item,
                  struct item_row *out, struct err *e) MUST_USE;
/* Sets law_problem of each row whose version cites an outdated law. */
bool item_rows_mark_laws(const struct bank *b, struct item_row *rows, size_t count,
                         struct err *e) MUST_USE;
bool item_is_unchanged(struct db *db, struct arena *a, const struct item_row *row,
                       const struct item_record *record, bool *same, struct err *e) MUST_USE;

/* Inside a transaction. BEFORE NULL: a new item; else the next version of it. */
struct item_change {
    const struct master *master;
    const struct actor *who;
    const char *programme;
    enum item_state state; /* of the new version */
    const struct item_row *before;
};
bool item_put(struct db *db, const struct item_change *c, const struct item_record *record,
              struct id *item, int64_t *version, struct err *e) MUST_USE;
bool item_set_state(struct db *db, const struct actor *who, const struct item_row *row,
                    enum item_state to, struct err *e) MUST_USE;
bool item_open_version(struct db *db, struct arena *a, const struct master *m,
                       struct id version_id, struct item *out, struct err *e) MUST_USE;

#endif
