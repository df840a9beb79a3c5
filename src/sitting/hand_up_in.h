/* sitting/hand_up_in.h - between hand_up_in.c (parts), hand_up_blob.c (files and recordings) and
 * hand_up_close.c (the end). */
#ifndef SITTING_HAND_UP_IN_H
#define SITTING_HAND_UP_IN_H

#include "base/bytes.h"
#include "sitting/hand_up.h"
#include "sitting/node.h"

struct query;

/* Attempts of a session that a node serves, sorted by id. */
struct own_attempt {
    struct id id, room, entry;
};
struct own_attempts {
    struct own_attempt *at;
    size_t count;
};
bool own_attempts_load(struct db *db, struct arena *a, struct id session, struct id node,
                       struct own_attempts *out, struct err *e) MUST_USE;
const struct own_attempt *own_attempt_find(const struct own_attempts *o, struct id id);
bool own_room(const struct own_attempts *o, struct id room);

/* Members of a part's rows; false where one is of another kind. Null ids read as zero, null texts
 * and bytes as NULL, null numbers as "absent". */
bool value_int(const struct json_t *v, int64_t *out);
bool value_id(const struct json_t *v, struct id *out);
bool value_bytes(struct arena *a, const struct json_t *v, struct bytes *out);
void bind_value_int(struct query *q, const struct json_t *v);

/* A part that is taken, row by row. */
struct taking {
    const struct node_desk *desk;
    const struct node *node;
    struct id session;
    const char *kind;
    const struct json_t *rows;
    struct own_attempts own;
    size_t at;
};
/* INVALID at the row that is looked at. */
bool taking_refuse(const struct taking *t, const char *what, struct err *e);
/* hand_up_blob.c */
bool take_blob(struct db *db, const struct taking *t, const struct json_t *row,
               struct err *e) MUST_USE;
bool take_lost(struct db *db, const struct taking *t, const struct json_t *row,
               struct err *e) MUST_USE;

#endif
