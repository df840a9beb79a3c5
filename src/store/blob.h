/* store/blob.h - files that belong to a record: photos, evidence, PDFs, recordings.
 *
 * The bytes lie encrypted (under the master's field key or a key given with the place, bound to the
 * blob's id) in the folder
 * blobs/ of the data folder; the row says what they are. A file is written and synced before its
 * row commits; a file without a row is rubbish that `heng doctor` removes. */
#ifndef STORE_BLOB_H
#define STORE_BLOB_H

#include "base/bytes.h"
#include "base/err.h"
#include "base/id.h"

struct arena;
struct db;
struct master;

struct blob_place {
    const char *folder; /* of the data folder */
    const struct master *master;
    const unsigned char *key; /* instead of the master's field key; NULL: that one */
    /* Sealed to whoever has the secret half of this key, and so not to be opened here again; NULL: not
     * (doc/decisions/0073). */
    const unsigned char *box_public;
};

struct blob {
    struct id id;
    const char *purpose;    /* "photo", "evidence", "certificate", … */
    const char *media_type; /* "image/jpeg" */
    int64_t size;           /* of the plain bytes */
    unsigned char digest[32];
    /* Of the file as it lies there; set by blob_write with a box_public. */
    int64_t sealed_size;
    unsigned char sealed_digest[32];
};

/* Writes the file; the row comes with blob_put_row inside the use case's transaction. */
bool blob_write(const struct blob_place *place, struct arena *a, const char *purpose,
                const char *media_type, struct bytes plain, struct blob *out,
                struct err *e) MUST_USE;
bool blob_put_row(struct db *db, const struct blob *b, int64_t now_ms, struct err *e) MUST_USE;
bool blob_get(struct db *db, struct arena *a, struct id id, struct blob *out,
              struct err *e) MUST_USE;
/* Opens the file and checks its digest. */
bool blob_read(const struct blob_place *place, struct arena *a, const struct blob *b,
               struct bytes *plain, struct err *e) MUST_USE;

/* The file as it lies there. NOT_FOUND at "file". */
bool blob_read_sealed(const struct blob_place *place, struct arena *a, struct id id,
                      struct bytes *sealed, struct err *e) MUST_USE;
/* What was written with a box_public, opened by both halves of that key. INVALID at "blob" for anything else, or
 * where it is not of the blob's digest and size. */
struct blob_box {
    const unsigned char *box_public, *box_secret;
};
bool blob_open_sealed(struct arena *a, const struct blob_box *with, const struct blob *b,
                      struct bytes sealed, struct bytes *plain, struct err *e) MUST_USE;

/* The encrypted file; one that is gone already is fine. The row goes in the caller's transaction. */
bool blob_remove_file(const struct blob_place *place, struct arena *a, struct id id,
                      struct err *e) MUST_USE;

#endif
