/* entry/evidence.h - what an applicant hands in besides the form: the photo and proofs.
 *
 * Files are sniffed by their first bytes (JPEG, PNG, PDF), at most 20 MiB each, 60 files and
 * 200 MiB a person; pictures are encoded again in the cage, all are kept encrypted. */
#ifndef ENTRY_EVIDENCE_H
#define ENTRY_EVIDENCE_H

#include "entry/desk.h"
#include "entry/photo.h"
#include "store/blob.h"

enum { EVIDENCE_BYTES_MAX = 20 << 20, EVIDENCE_FILES_MAX = 60 };
#define EVIDENCE_PERSON_BYTES_MAX (INT64_C(200) << 20)
enum { PHOTO_BYTES_MAX = 5 << 20 };

struct evidence {
    struct id id, blob;
    const char *kind; /* "education", "work", "certificate", "title", "document", "other" */
    const char *fact; /* the id of a fact, "" = the whole application */
    const char *name; /* of the file, as the applicant calls it */
    const char *media_type;
    int64_t size, at_ms;
};

extern const char *const evidence_kinds[]; /* ended by NULL */
/* NULL if it is none of the three. */
const char *evidence_media_type(struct bytes file);

/* Checks the photo and makes it the application's and the person's. `photo` says what was found;
 * where it is refused nothing is kept, and that is not an error. */
bool entry_photo_put(const struct entry_desk *d, struct id entry, struct bytes file,
                     struct photo *photo, struct err *e) MUST_USE;
bool entry_photo_get(const struct entry_desk *d, struct id entry, struct bytes *jpeg,
                     struct err *e) MUST_USE;

struct evidence_upload {
    struct id entry, id;
    const char *kind;
    const char
        *fact; /* its id or its place now, "/work/0"; NULL or "" = the whole application */
    const char *name; /* may be NULL */
    struct bytes file;
};
bool evidence_add(const struct entry_desk *d, const struct evidence_upload *u,
                  struct evidence *out, struct err *e) MUST_USE;
bool evidence_remove(const struct entry_desk *d, struct id entry, struct id evidence,
                     struct err *e) MUST_USE;
bool evidence_list(const struct entry_desk *d, struct id entry, struct evidence **out,
                   size_t *count, struct err *e) MUST_USE;
/* The file itself. The entry is looked up in the desk's scope. */
bool evidence_read(const struct entry_desk *d, struct id entry, struct id evidence,
                   struct evidence *out, struct bytes *file, struct err *e) MUST_USE;

#endif
