/* sitting/journal_entry.h - the bytes of a journal entry and of a save (SECURITY §5.1).
 *
 * What a client sends is what is hashed and stored. Reading borrows from the input; every input
 * that is accepted writes back to itself byte for byte. */
#ifndef SITTING_JOURNAL_ENTRY_H
#define SITTING_JOURNAL_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/id.h"

struct arena;

enum {
    ENTRY_HEAD_BYTES = 88,
    ENTRY_PAYLOAD_MAX = 65536,
    SAVE_ENTRIES_MAX = 256,
    SAVE_BYTES_MAX = 256 << 10
};

enum entry_kind {
    ENTRY_START = 1,
    ENTRY_ANSWER,
    ENTRY_CLEAR,
    ENTRY_FLAG,
    ENTRY_VISIT,
    ENTRY_COMMAND,
    ENTRY_UPLOAD,
    ENTRY_CLOCK,
    ENTRY_EVENT,
    ENTRY_CHECKPOINT,
    ENTRY_SEAL
};

struct journal_entry {
    struct id attempt;
    uint32_t epoch, seq; /* both from 1 */
    uint8_t kind;        /* enum entry_kind */
    uint8_t suite;       /* 1 */
    uint16_t item;       /* number in the paper, 0 none */
    int64_t client_ms;   /* the device's UTC */
    int64_t mono_ms;     /* never goes back within an epoch */
    uint32_t ledger_no;  /* last ledger row the client knew */
    unsigned char before[HASH_BYTES];
    struct bytes payload; /* JCS, not parsed here */

    struct bytes bytes; /* the whole entry as it came */
    unsigned char hash[HASH_BYTES];
};

/* Entries in order, linked, of one attempt and epoch, and the tag behind them. */
struct journal_save {
    struct journal_entry *entries;
    size_t count; /* at least 1 */
    unsigned char tag[TAG_BYTES];
};

/* One entry at the start of IN; *used says how long it is. Fields are set but for `hash`. */
bool journal_entry_read(struct bytes in, struct journal_entry *out, size_t *used,
                        struct err *e) MUST_USE;
/* OUT holds ENTRY_HEAD_BYTES + payload.len; returns that many. */
size_t journal_entry_write(const struct journal_entry *in, unsigned char *out);

/* Refuses with INVALID at "/body/<entry number>/<field>" what is no save; entries are hashed and
 * must be linked. The tag is not checked: that needs the key. */
bool journal_save_read(struct arena *a, struct bytes body, struct journal_save *out,
                       struct err *e) MUST_USE;
void journal_save_tag(unsigned char out[TAG_BYTES], const unsigned char save_key[KEY_BYTES],
                      const struct journal_save *s);
bool journal_save_tag_is_true(const unsigned char save_key[KEY_BYTES],
                              const struct journal_save *s);

/* The hash that seq 1 of an epoch builds on: it binds paper, device and what came before. */
void journal_first_before(unsigned char out[HASH_BYTES], struct id attempt, uint32_t epoch,
                          const unsigned char paper_digest[HASH_BYTES],
                          const unsigned char pub_hash[HASH_BYTES],
                          const unsigned char main_head[HASH_BYTES]);

/* "ABCD-EFGH-JKMN-PQRS": the first 80 bits of the head of a sealed journal. */
enum { SEAL_CODE_BYTES = 20 };
void seal_code_write(char out[SEAL_CODE_BYTES], const unsigned char head[HASH_BYTES]);

#endif
