/* web/scan_hall.h - for tests of answer sheets over HTTP: a session of the starter bank, its papers sealed,
 * and scans of its sheets as people would fill them in. */
#ifndef WEB_SCAN_HALL_H
#define WEB_SCAN_HALL_H

#include "marking/scan.h"
#include "marking/scan_fixture.h"
#include "web/hall.h"

struct scan_hall {
    struct hall *hall;
    struct arena *arena; /* of pictures, which are large */
    struct asker invigilator, marker, checker, auditor;
    struct id session;
    struct id *attempts;
    size_t count;
    const char *path; /* /api/sessions/ID */
    struct release_desk *desk;
    struct id officers[2];
    int64_t open_at_ms;
    struct scan_grey *pages; /* as printed, one a candidate (scan_hall_print) */
};

/* COUNT candidates of one form, of whom the first two have applied and have a name. */
struct scan_hall_order {
    size_t count;
    bool whole; /* the form of the blueprint, a hundred questions; else one of a page */
    const char *program; /* that reads scans: a child of a whole server has no room to */
};
struct scan_hall *scan_hall_open(const struct scan_hall_order *o);
void scan_hall_close(struct scan_hall *h);

/* What a use case needs that is called without HTTP: as the registrar, in A. */
struct marking scan_hall_marking(struct scan_hall *h, struct arena *a, struct actor *who);

/* Two officers open the papers. */
void scan_hall_release(struct scan_hall *h);

/* The sheets as the registrar downloads them, rendered; of forms of a page only. */
void scan_hall_print(struct scan_hall *h);
/* Everybody marks the first choice everywhere; of the first candidate the second question has two
 * marks and the third half a one. */
void scan_hall_fill(struct scan_hall *h);
/* Some of them from a scanner, in one file. */
struct bytes scan_hall_file(struct scan_hall *h, size_t from, size_t count, int dpi,
                            enum scan_file_kind kind);
/* POST of a file of scans by WHO: the status. */
long scan_hall_send(struct scan_hall *h, struct asker *who, const char *type,
                    struct bytes file);

/* "/api/sessions/ID/typed/ATTEMPT" and REST. */
const char *scan_hall_path(struct scan_hall *h, size_t candidate, const char *rest);

#endif
