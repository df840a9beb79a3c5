/* sitting/handed_in.h - files that a candidate hands in as an answer: taken in pieces, kept whole.
 *
 * A piece is a blob under the session's key; its row is written on the journal's own thread, between two
 * group commits, as recordings are. When the last piece is there the file is put together, its SHA-256
 * compared with the one it was announced by, and told in the cage (bank/upload.h): only then it is
 * handed in, and an answer of the journal may name it. What was handed in is never changed or removed: an
 * answer that names another file later leaves the older one beside it. Files never stand in the way of
 * answers: they have limits of their own, and a disk that grows full refuses them first (decision 0070).
 *
 * A room node does the same; the whole file is sealed to the centre then and waits for the hand-up (sitting/carry.h). */
#ifndef SITTING_HANDED_IN_H
#define SITTING_HANDED_IN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/id.h"

struct arena;
struct blob;
struct blob_place;
struct db;
struct journal_writer;
struct live_attempt;
struct master;

enum { HANDED_PIECE_BYTES = 1 << 20 };

/* "12.<sha256>.<bytes>.<place>": the question, the whole file, where this piece begins. */
struct handed_name {
    int64_t item, total, place;
    unsigned char digest[HASH_BYTES];
};
/* INVALID at "path". */
bool handed_name_read(const char *word, struct handed_name *out, struct err *e) MUST_USE;

struct handed_limits {
    int64_t attempt_bytes, session_bytes, disk_kept_bytes;
};
extern const struct handed_limits handed_limits;

/* Is more than KEPT left of the disk under FOLDER once MORE is written? False where nobody can say. */
bool handed_disk_has_room(const char *folder, int64_t more, int64_t kept);

struct handed_piece {
    struct live_attempt *attempt;
    struct handed_name name;
    struct bytes content;
    const char *program; /* as in base/cage.h */
    const struct handed_limits *limits;
    const unsigned char
        *carry; /* on a room node: the key to seal whole files to; NULL at the centre */
    int64_t now_ms;
};
struct handed {
    int64_t have;     /* bytes of it that are on disk */
    const char *type; /* a word of bank/upload_types.def; NULL: not whole yet */
};
/* PLACE has the session's key. All that OUT says is on disk. Sending a piece again changes nothing.
 * INVALID at "path" for a piece of another size or place, at "/file" for a file of another digest or a
 * broken one, MEDIA at "/file" for one that nobody takes, TOO_LARGE at "/file" above a limit, STORE at
 * "/disk" where the disk grows full, CONFLICT at "/state" where the attempt is not open. A file that was refused
 * is forgotten. */
bool handed_in_take(struct journal_writer *w, struct db *db, const struct blob_place *place,
                    struct arena *a, const struct handed_piece *in, struct handed *out,
                    struct err *e) MUST_USE;

/* Under which a session's files lie: of the master's, and of no other session. */
void handed_in_key(const struct master *m, struct id session, unsigned char out[KEY_BYTES]);

/* Files that a room node handed up, at the centre, in the caller's transaction; BLOB is written with the
 * session's key. One that is there already changes nothing. */
#define HANDED_FILE_PURPOSE "handed_file"
struct handed_up_file {
    struct id session, attempt;
    int64_t item, received_ms;
    const char *type;
    const struct blob *blob;
};
bool handed_in_keep(struct db *db, const struct handed_up_file *in, struct err *e) MUST_USE;

/* The one that somebody's answer names, for who marks it. NOT_FOUND at "file". */
struct handed_place {
    struct id session, entry;
    unsigned char digest[HASH_BYTES];
};
struct handed_file {
    const char *type;
    struct bytes bytes;
};
bool handed_in_open(struct db *db, const struct blob_place *place, struct arena *a,
                    const struct handed_place *at, struct handed_file *out,
                    struct err *e) MUST_USE;

#endif
