/* fault/shim.h - what the preloaded library (shim.c) and the harness share: a page of memory in a
 * file. The server runs as it is released; its calls to the system pass through the library. */
#ifndef FAULT_SHIM_H
#define FAULT_SHIM_H

#include <stdatomic.h>
#include <stdint.h>

/* What can be made to fail. */
#define SHIM_KINDS(X)                                                                          \
    X(WRITE, "write")     /* write, pwrite, ftruncate on a file */                             \
    X(SYNC, "fsync")      /* fsync, fdatasync */                                               \
    X(OPEN, "open")       /* open of a file */                                                 \
    X(ALLOC, "alloc")     /* malloc, calloc, realloc and their kin */                          \
    X(SEND, "send")       /* send, sendmsg, writev on a socket */                              \
    X(RECEIVE, "receive") /* recv, recvmsg, read on a socket */                                \
    X(ACCEPT, "accept")                                                                        \
    X(CONNECT, "connect")

enum shim_kind {
#define X(name, word) SHIM_##name,
    SHIM_KINDS(X)
#undef X
        SHIM_KIND_COUNT
};

struct shim {
    _Atomic int64_t calls[SHIM_KIND_COUNT]; /* made so far */
    _Atomic int kind;                       /* the one that fails; -1 none */
    _Atomic int64_t left;                   /* calls until it does */
    _Atomic int forever;                    /* and all after it */
    _Atomic int64_t fired;
    _Atomic int full;             /* the disk: what would grow a file gets ENOSPC */
    _Atomic int64_t utc_shift_ms; /* added to the time of day */
    _Atomic int64_t run_shift_ms; /* added to the time of day and to the monotonic clocks */
    _Atomic int record;           /* writes and syncs of files go to SHIM_LOG */
    _Atomic int lie; /* a sync says "done" and does nothing: the harness must see it */
};

#define SHIM_PAGE "HENG_SHIM_PAGE" /* environment: path of the page */
#define SHIM_LOG  "HENG_SHIM_LOG"  /* environment: path of the record, for power cuts */

/* The record: one of these, the path, and for a write the bytes that were there and the new ones. */
enum shim_record_kind { RECORD_WRITE = 1, RECORD_SYNC, RECORD_SYNC_FAILED, RECORD_TRUNCATE };
struct shim_record {
    uint32_t kind, path_len;
    int64_t offset;
    uint32_t old_len, new_len;
};

#endif
