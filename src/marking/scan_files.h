/* marking/scan_files.h - the pictures in a file of scans. Runs in the parser cage. */
#ifndef MARKING_SCAN_FILES_H
#define MARKING_SCAN_FILES_H

#include "base/bytes.h"
#include "marking/scan_page.h"

enum { SCAN_FILE_PAGES_MAX = 60 };

/* Goes through the pages of FILE. A walk lives with its arena; a page in the arena given with it. */
struct scan_walk {
    struct bytes file;
    int kind;
    size_t at; /* where the next page begins; of a TIFF its number, from 0 */
    size_t pages;
    bool cut; /* what names a further page points past the end */
    bool over;
};
/* INVALID at "/file" where it is no file of pictures. */
bool scan_walk_begin(struct bytes file, struct scan_walk *out, struct err *e) MUST_USE;
/* False at the end. *page.at NULL where this one cannot be read: *why says so. What a file should have and
 * has not is a page that cannot be read, too: nothing is left out in silence. A NULL goes past a page
 * without decoding it. */
bool scan_walk_next(struct scan_walk *w, struct arena *a, struct scan_grey *page,
                    const char **why);

#endif
