/* store/postgres_in.h - only for the files postgres*.c.
 *
 * A store has a pool of links (sessions of the server). A connection of engine.h borrows a link for
 * one reading query, or for a transaction, or keeps one for good (`hold`): results are read whole,
 * so nothing holds a link while its rows are looked at, and a few links serve any number of
 * threads. Nobody waits for a second link while it has one. */
#ifndef STORE_POSTGRES_IN_H
#define STORE_POSTGRES_IN_H

#include <libpq-fe.h>
#include <pthread.h>

#include "store/engine.h"

enum {
    ARGUMENTS_MAX = 40,
    BOOL_TYPE = 16,
    BYTES_TYPE = 17,
    INT8_TYPE = 20,
    INT2_TYPE = 21,
    INT4_TYPE = 23,
    TEXT_TYPE = 25,
    BYTES_ARRAY = 1001,
    TEXT_ARRAY = 1009,
    INT8_ARRAY = 1016,
    VARCHAR_TYPE = 1043,
    NUMERIC_TYPE = 1700
};

/* What the server says the arguments of a statement are, integers widened to 64 bits: an argument
 * that is first compared with 0 would else be one of 32. */
struct pg_shape {
    int count;
    Oid types[ARGUMENTS_MAX];
};

/* NULL: not known yet. The same for all pools of the process: what they open has one schema. */
const struct pg_shape *pg_shape_of(enum sql which);

struct pg_link {
    PGconn *at;   /* NULL: not connected */
    int64_t slot; /* its row in store_commit and its lock, kept over reconnections */
    bool prepared[SQL_COUNT];
    struct pg_link *next; /* in the pool */
};

struct engine_pool {
    char *url;
    bool raw; /* of one connection that runs scripts; its transactions leave no mark */
    size_t most, made;
    pthread_mutex_t lock;
    pthread_cond_t given_back;
    struct pg_link *idle;
};

struct pg_value {
    unsigned char *at; /* the argument as sent; of an array: behind ARRAY_HEAD_BYTES */
    size_t len, room;
    int format;
    bool is_null, has_null;
};

struct engine_statement {
    struct engine_connection *c;
    enum sql which;
    bool writing;
    const struct pg_shape *shape;
    struct pg_value values[ARGUMENTS_MAX];
    int rows; /* ended by next_row, for statements that take arrays */
    PGresult *result;
    int row, row_count;
};

struct engine_connection {
    struct engine_pool *pool;
    struct pg_link *link; /* while in a transaction, or held for good */
    const char *held;     /* the name of the lock it keeps, or NULL */
    int64_t hold_ms;      /* how long it waits for it */
    bool in_transaction;
    bool again;          /* the transaction failed for what trying again can mend */
    int64_t patience_ms; /* how long a lost connection is looked for */
    struct engine_statement *on_reading[SQL_COUNT], *on_writing[SQL_COUNT];
};

/* postgres_link.c: sessions. link_open tries until PATIENCE_MS have passed; false: no connection. */
struct pg_link *link_borrow(struct engine_connection *c, struct err *e);
void link_give_back(struct engine_connection *c, struct pg_link *link);
bool link_open(struct engine_connection *c, struct pg_link *link, struct err *e);
bool link_prepare(struct pg_link *link, enum sql which, struct err *e);
bool link_prepare_all(struct pg_link *link, struct err *e);
/* Runs a text of ours; NULL if there is no connection any more. */
PGresult *link_run(struct pg_link *link, const char *sql);
struct engine_pool *pool_create(const char *url, size_t most, bool raw);
void pool_destroy(struct engine_pool *p);

/* What became of a call: went well; again helps; the connection is gone; no. */
enum pg_outcome { PG_FINE, PG_AGAIN, PG_LOST, PG_REFUSED };
enum pg_outcome pg_outcome_of(const struct pg_link *link, const PGresult *r);
/* FAIL with what the server said, without values of rows. */
bool pg_fail(const struct pg_link *link, const PGresult *r, struct err *e);

/* postgres_statement.c */
struct engine_statement *pg_start(struct engine_connection *c, enum sql which, bool writing);
void pg_bind_int(struct engine_statement *s, int slot, int64_t v);
void pg_bind_text(struct engine_statement *s, int slot, const char *v);
void pg_bind_bytes(struct engine_statement *s, int slot, struct bytes v);
void pg_bind_null(struct engine_statement *s, int slot);
bool pg_next_row(struct engine_statement *s, struct err *e);
bool pg_end_rows(struct engine_statement *s, struct err *e);
enum engine_step pg_step(struct engine_statement *s, struct err *e);
int64_t pg_changed(const struct engine_statement *s);
void pg_finish(struct engine_statement *s);
bool pg_is_null(const struct engine_statement *s, int column);
int64_t pg_get_int(const struct engine_statement *s, int column);
struct bytes pg_get_bytes(const struct engine_statement *s, int column);
void pg_statements_drop(struct engine_connection *c);

#endif
