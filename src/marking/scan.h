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

/* One candidate's sheet: whose it is, how it is laid out. */
struct scan_subject_row {
    struct id attempt, entry, paper;
    struct scan_subject subject;
    struct scan_layout layout;
    const struct json_t *places; /* as the exam JSON has them; NULL until scan_places */
    const char *room;
    int64_t seat_no;
};
struct scan_subjects {
    struct scan_subject_row *at;
    size_t count;
};
/* Of a theory session whose papers are prepared; from before the release on: a sheet says nothing of
 * the questions but their kind and how many options they have. CONFLICT at "/state" before. ATTEMPT
 * zero: all. A form is read once and no paper is: a session of hundreds costs little more than one. */
bool scan_subjects(const struct marking *m, struct id session, struct id attempt,
                   struct scan_subjects *out, struct err *e) MUST_USE;
/* CONFLICT at "/open_at_ms" before the release: nobody has marked a sheet yet. */
bool scan_released(const struct marking *m, const struct scan_subject_row *s,
                   struct err *e) MUST_USE;
/* The places of one of them, from the paper itself. CONFLICT at "/open_at_ms" before its release. */
bool scan_places(const struct marking *m, struct scan_subject_row *s, struct err *e) MUST_USE;
/* That one with its places. */
bool scan_subject_open(const struct marking *m, struct id session, struct id attempt,
                       struct scan_subject_row *out, struct err *e) MUST_USE;

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

/* A page that does not count, and why. */
struct scan_refusal {
    struct id page, file, attempt; /* attempt zero: nobody's of this session */
    int64_t no, sheet_page,
        at_ms;               /* no: in the file, from 1; sheet_page: 0 where it is not known */
    const char *why, *aside; /* aside: why it is set aside; NULL: it is not */
};
struct scan_refusals {
    struct scan_refusal *at;
    size_t count;
};
/* Newest file first. */
bool scan_refused_list(const struct marking *m, struct id session, struct scan_refusals *out,
                       struct err *e) MUST_USE;

/* A page that does not count is of no more interest; noted with its reason. CONFLICT at "/state" where it counts
 * or is set aside already. */
bool scan_set_aside(const struct marking *m, struct id session, struct id page,
                    const char *reason, struct err *e) MUST_USE;

/* A page that counts or counted. */
struct scan_kept_page {
    struct id page;
    int64_t sheet_page, at_ms;
    const char *withdrawn; /* why; NULL: it counts */
    int64_t withdrawn_ms;
};
bool scan_pages(const struct marking *m, struct id session, struct id attempt,
                struct scan_kept_page **out, size_t *count, struct err *e) MUST_USE;

/* Whose page it is, where it counts; CONFLICT at "/state" where it does not, and where it is too late: results are
 * published, or written answers are with the markers. */
struct scan_page_owner {
    struct id attempt, entry;
    int64_t sheet_page, seat_no;
    const char *room;
};
bool scan_may_withdraw(const struct marking *m, struct id session, struct id page,
                       struct scan_page_owner *out, struct err *e) MUST_USE;
/* By two people, inside a transaction on m->db: the page counts no more, another can come in its place. What was
 * said, entered and marked of the attempt is of a round that is over (doc/decisions/0090); results that are not
 * published are to be computed again. */
bool scan_withdraw(const struct marking *m, struct id session, struct id page,
                   const char *reason, struct err *e) MUST_USE;

enum scan_state {
    SCAN_NONE,       /* no page yet */
    SCAN_INCOMPLETE, /* some */
    SCAN_DOUBTFUL,
    SCAN_TO_CHECK,
    SCAN_TYPING, /* somebody types the paper; nothing is to be done here */
    SCAN_DONE
};
extern const char *const scan_state_names[];
struct scan_progress {
    int64_t pages_read, doubtful; /* undecided */
    bool entered, widened, may_check;
    enum scan_state state;
};
/* Of each of SUBJECTS, in their order. */
bool scan_progress_list(const struct marking *m, struct id session,
                        const struct scan_subjects *subjects, struct scan_progress **out,
                        struct err *e) MUST_USE;

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

/* The places that the actor is to read. FORBIDDEN for who decided one of them, CONFLICT at "/state"
 * where there is nothing to check. */
bool scan_check_open(const struct marking *m, const struct scan_subject_row *s,
                     struct scan_looks *out, struct err *e) MUST_USE;
/* ANSWERS {"n": response as printed} for exactly those places. *widened: a clear mark was read
 * otherwise; nothing is handed in, all places are to be read now. */
bool scan_check_save(const struct marking *m, const struct scan_subject_row *s,
                     const struct json_t *answers, bool *widened, struct err *e) MUST_USE;

#endif
