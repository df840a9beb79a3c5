/* marking/scan_seen.h - what is known of one attempt's scans; for the files of scan_*.c. */
#ifndef MARKING_SCAN_SEEN_H
#define MARKING_SCAN_SEEN_H

#include "marking/scan.h"

struct scan_seen {
    bool begun; /* a page counts */
    int pages;  /* that count */
    struct {
        bool read;
        struct scan_reading reading;
        struct id page;
        int64_t px;
    } * places;                   /* by place, from 0 */
    const struct json_t *decided; /* {"n": response in own letters} */
    bool entered, widened;
    struct id checker;
};
/* Reads on DB, which may be in a transaction. */
bool scan_seen_load(const struct marking *m, struct db *db, const struct scan_subject_row *s,
                    struct scan_seen *out, struct err *e) MUST_USE;
bool scan_is_decided(const struct marking *m, const struct scan_seen *seen, size_t place);
size_t scan_undecided(const struct marking *m, const struct scan_subject_row *s,
                      const struct scan_seen *seen);

/* The row that keeps others away from this attempt until the transaction ends; made where there is
 * none. */
bool scan_hold(const struct marking *m, struct db *db, const struct scan_subject_row *s,
               struct err *e) MUST_USE;

/* All answers of the machine's sheet, in the item's own letters. */
const struct json_t *scan_answers(const struct marking *m, const struct scan_subject_row *s,
                                  const struct scan_seen *seen);
/* A sheet of marking/typed.h, handed in by ACCOUNT; audited. */
bool scan_sheet_put(const struct marking *m, struct db *db, const struct scan_subject_row *s,
                    struct id account, const struct json_t *answers, int64_t looked_at,
                    struct err *e) MUST_USE;
/* Hands in the machine's sheet where all pages are in and nothing is doubtful any more. */
bool scan_enter(const struct marking *m, struct db *db, const struct scan_subject_row *s,
                bool *entered, struct err *e) MUST_USE;

#endif
