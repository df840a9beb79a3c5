/* web/limits.h - what may come in, and how much of it (SECURITY §8.3). */
#ifndef WEB_LIMITS_H
#define WEB_LIMITS_H

#include <stddef.h>

enum {
    LIMIT_HEAD_BYTES = 8 << 10,
    /* What a connection holds while it is idle, and 10,000 of them are: a head, the library's
     * entries for it, and the head of the answer. */
    LIMIT_HEAD_POOL_BYTES = 12 << 10,
    LIMIT_JSON_BYTES = 256 << 10,
    LIMIT_REQUEST_ARENA_BYTES = 64 << 20, /* beyond any body of JSON and page of rows */
    LIMIT_UPLOAD_ARENA_BYTES = 768 << 20, /* a table of 50 MiB becomes many small cells */
    LIMIT_ROWS_PER_PAGE = 200,
    LIMIT_HEAD_SECONDS = 10, /* from the connection to the end of its first head */
    LIMIT_IDLE_SECONDS = 85, /* from one answer to the end of the next head */
    LIMIT_BODY_SECONDS = 30, /* a body below LIMIT_JSON_BYTES */
    LIMIT_UPLOAD_FLOOR_BYTES_PER_SECOND = 1024,
    LIMIT_WORK_QUEUE = 512,   /* requests of the desk that wait for a worker; then 429 */
    LIMIT_DOOR_QUEUE = 64,    /* who gives a password and waits for it to be stretched */
    LIMIT_EXAM_QUEUE = 16384, /* of the exam: a whole session signs in at once */
    LIMIT_PATH_IDS = 3
};

#endif
