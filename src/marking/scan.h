/* marking/scan.h - answer sheets printed, scanned sheets read, doubtful marks decided, a sample checked.
 *
 * What the reader saw clearly, with what people said of every doubtful place, is one of the two sheets
 * of marking/typed.h: the machine's, whose account is nobody's. The other comes from a person who did not
 * decide any doubtful place of that attempt: they read a sample of the clear places and all doubtful
 * ones from the picture, without being shown what was read. Where one sampled clear mark differs, all
 * of the attempt is theirs to read. From there on it is as with two typists (doc/decisions/0046).
 *
 * Limited to the actor's body. */
#ifndef MARKING_SCAN_H
#define MARKING_SCAN_H

#include "marking/marking.h"
#include "marking/scan_read.h"

struct blob_place;

/* One candidate's sheet: whose it is, how it is laid out, its places as the exam JSON has them. */
struct scan_subject_row {
    struct id attempt, entry;
    struct scan_subject subject;
    const struct json_t *places;
    struct scan_layout layout;
    const char *room;
    int64_t seat_no;
};
struct scan_subjects {
    struct scan_subject_row *at;
    size_t count;
};
/* Of a theory session whose papers are prepared; from before the release on: a sheet says nothing of
 * the questions but their kind and how many options they have. CONFLICT at "/state" before. ATTEMPT
 * zero: all. */
bool scan_subjects(const struct marking *m, struct id session, struct id attempt,
                   struct scan_subjects *out, struct err *e) MUST_USE;

bool scan_sheets_print(const struct marking *m, struct id session, struct id attempt,
                       bool specimen, struct bytes *pdf, struct err *e) MUST_USE;

/* --- scans in ---------------------------------------------------------------------------------- */
struct scan_upload {
    struct id session;
    struct bytes file;
    const char *program; /* as in base/cage.h */
    const struct blob_place *blobs;
};
struct scan_report {
    struct id file;
    int64_t pages, read, refused, doubtful,
        entered; /* entered: attempts whose sheet is complete now */
    bool known;  /* the same file came before: nothing was done */
};
/* Every page counts or is refused with its sentence; a page that counts already is refused, so the same
 * scan twice changes nothing. */
bool scan_take(const struct marking *m, const struct scan_upload *u,
               const struct scan_subjects *subjects, struct scan_report *out,
               struct err *e) MUST_USE;

struct scan_page_row {
    struct id id, attempt;
    int64_t no, page, px, at_ms, doubtful;
    const char *refused;
    struct id file;
};
bool scan_page_list(const struct marking *m, struct id session, struct scan_page_row **out,
                    size_t *count, struct err *e) MUST_USE;
struct scan_page_at {
    struct id session, attempt, page;
};
/* The straightened page of that attempt, its head left white. */
bool scan_picture(const struct marking *m, const struct blob_place *blobs,
                  const struct scan_page_at *at, struct bytes *jpeg, struct err *e) MUST_USE;

/* --- what people say ---------------------------------------------------------------------------- */
/* A place to look at, and where it is in the picture. */
struct scan_look {
    int64_t n;
    const struct json_t *place; /* without its stem */
    struct id page;
    struct scan_box box;
    int64_t px;
    enum scan_doubt doubt;
    bool decided;
};
struct scan_looks {
    struct scan_look *at;
    size_t count;
};
/* The doubtful places of an attempt that nobody decided yet. */
bool scan_doubts(const struct marking *m, const struct scan_subject_row *s,
                 struct scan_looks *out, struct err *e) MUST_USE;
struct scan_verdict {
    int64_t n;
    const struct json_t *response; /* as printed; null: left open */
};
/* CONFLICT at "/n" where nothing is to be decided. *entered: it was the last one. */
bool scan_decide(const struct marking *m, const struct scan_subject_row *s,
                 const struct scan_verdict *v, bool *entered, struct err *e) MUST_USE;

enum scan_state { SCAN_INCOMPLETE, SCAN_DOUBTFUL, SCAN_TO_CHECK, SCAN_DONE };
extern const char *const scan_state_names[]; /* "incomplete", "doubtful", "check", "done" */
struct scan_progress {
    int64_t pages_read, doubtful; /* undecided */
    bool entered, widened, may_check;
    enum scan_state state;
};
/* False where nothing was scanned of it: *found. */
bool scan_progress(const struct marking *m, const struct scan_subject_row *s, bool *found,
                   struct scan_progress *out, struct err *e) MUST_USE;

/* The places that the actor is to read. FORBIDDEN for who decided one of them, CONFLICT at "/state"
 * where there is nothing to check. */
bool scan_check_open(const struct marking *m, const struct scan_subject_row *s,
                     struct scan_looks *out, struct err *e) MUST_USE;
/* ANSWERS {"n": response as printed} for exactly those places. *widened: a clear mark was read
 * otherwise; nothing is handed in, all places are to be read now. */
bool scan_check_save(const struct marking *m, const struct scan_subject_row *s,
                     const struct json_t *answers, bool *widened, struct err *e) MUST_USE;

#endif
