/* store/postgres_statement.c - arguments in, rows out, in the server's binary forms.
 *
 * A statement whose arguments are arrays (`unnest`) takes many rows: the values of a slot pile up,
 * next_row ends a row, and one call stores them all. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/postgres_in.h"

enum { ARRAY_HEAD_BYTES = 20, VALUE_FIRST_BYTES = 64 };

struct engine_statement *pg_start(struct engine_connection *c, enum sql which, bool writing)
{
    struct engine_statement **at = writing ? &c->on_writing[which] : &c->on_reading[which];
    if (!*at) {
        *at = calloc(1, sizeof **at);
        if (!*at)
            abort();
        (*at)->c = c;
        (*at)->which = which;
        (*at)->writing = writing;
    }
    if (!(*at)->shape)
        (*at)->shape = pg_shape_of(which);
    return *at;
}

/* --- arguments ---------------------------------------------------------------------------------- */
static Oid element_of(Oid type)
{
    return type == INT8_ARRAY    ? INT8_TYPE
           : type == BYTES_ARRAY ? BYTES_TYPE
           : type == TEXT_ARRAY  ? TEXT_TYPE
                                 : 0;
}

/* The shapes are learned when a store is opened; a raw connection before that learns one as it runs it. */
static Oid type_of(struct engine_statement *s, int slot)
{
    if (!s->shape) {
        struct err e = {0};
        struct pg_link *link = s->c->link ? s->c->link : link_borrow(s->c, &e);
        if (!link || !link_prepare(link, s->which, &e)) {
            fprintf(stderr, "heng: statement %s: %s\n", statement_name(s->which), e.text);
            abort();
        }
        if (link != s->c->link)
            link_give_back(s->c, link);
        s->shape = pg_shape_of(s->which);
    }
    assert(slot <= s->shape->count && "more arguments than the statement has");
    return s->shape->types[slot - 1];
}

static void append(struct pg_value *v, const void *bytes, size_t len)
{
    if (v->len + len + 1 > v->room) {
        size_t room = v->room ? v->room : VALUE_FIRST_BYTES;
        while (room < v->len + len + 1)
            room *= 2;
        v->at = realloc(v->at, room);
        if (!v->at)
            abort();
        v->room = room;
    }
    if (len)
        memcpy(v->at + v->len, bytes, len);
    v->len += len;
    v->at[v->len] = 0; /* what is sent as text ends here */
}

static void put(struct engine_statement *s, int slot, bool is_array, struct bytes b, int format)
{
    struct pg_value *v = &s->values[slot - 1];
    if (is_array) {
        unsigned char len[4];
        static const unsigned char head[ARRAY_HEAD_BYTES] = {0};
        if (v->len == 0)
            append(v, head, sizeof head);
        be32_put(len, (uint32_t)b.len);
        append(v, len, sizeof len);
    } else {
        v->len = 0;
    }
    append(v, b.at, b.len);
    v->format = is_array ? 1 : format;
    v->is_null = false;
}

void pg_bind_int(struct engine_statement *s, int slot, int64_t n)
{
    Oid type = type_of(s, slot), element = element_of(type);
    unsigned char eight[8];
    char text[24];
    if (type == INT8_TYPE || element == INT8_TYPE) {
        be64_put(eight, (uint64_t)n);
        put(s, slot, element != 0, (struct bytes){eight, sizeof eight}, 1);
        return;
    }
    int len = snprintf(text, sizeof text, "%lld", (long long)n);
    put(s, slot, element != 0, (struct bytes){(unsigned char *)text, (size_t)len}, 0);
}

void pg_bind_text(struct engine_statement *s, int slot, const char *text)
{
    Oid type = type_of(s, slot), element = element_of(type);
    bool raw = element || type == TEXT_TYPE || type == VARCHAR_TYPE || type == BYTES_TYPE;
    put(s, slot, element != 0, (struct bytes){(const unsigned char *)text, strlen(text)}, raw);
}

void pg_bind_bytes(struct engine_statement *s, int slot, struct bytes b)
{
    put(s, slot, element_of(type_of(s, slot)) != 0, b, 1);
}

void pg_bind_null(struct engine_statement *s, int slot)
{
    struct pg_value *v = &s->values[slot - 1];
    static const unsigned char none[4] = {0xff, 0xff, 0xff, 0xff};
    static const unsigned char head[ARRAY_HEAD_BYTES] = {0};
    if (!element_of(type_of(s, slot))) {
        v->is_null = true;
        return;
    }
    if (v->len == 0)
        append(v, head, sizeof head);
    append(v, none, sizeof none);
    v->format = 1;
    v->has_null = true;
}

bool pg_next_row(struct engine_statement *s, struct err *e)
{
    s->rows++;
    return s->c->again ? FAIL(e, STORE, "store", "数据库正忙，请稍后再试。") : true;
}

bool pg_end_rows(struct engine_statement *s, struct err *e)
{
    return s->rows == 0 || pg_step(s, e) == STEP_DONE;
}

/* Dimensions, "has NULLs", element type, length, first index. */
static void finish_array(struct pg_value *v, Oid element, int rows)
{
    be32_put(v->at, 1);
    be32_put(v->at + 4, v->has_null);
    be32_put(v->at + 8, element);
    be32_put(v->at + 12, (uint32_t)rows);
    be32_put(v->at + 16, 1);
}

/* --- running ------------------------------------------------------------------------------------ */
static PGresult *run(struct engine_statement *s, struct pg_link *link)
{
    const char *values[ARGUMENTS_MAX];
    int lengths[ARGUMENTS_MAX], formats[ARGUMENTS_MAX];
    int count = s->shape ? s->shape->count : 0;
    for (int i = 0; i < count; i++) {
        struct pg_value *v = &s->values[i];
        Oid element = element_of(s->shape->types[i]);
        if (element && v->len)
            finish_array(v, element, s->rows ? s->rows : 1);
        values[i] = v->is_null || !v->at ? NULL : (const char *)v->at;
        lengths[i] = (int)v->len;
        formats[i] = v->format;
    }
    return PQexecPrepared(link->at, statement_name(s->which), count, values, lengths, formats,
                          1);
}

static enum pg_outcome run_on(struct engine_statement *s, struct pg_link *link, struct err *e)
{
    if (!link->at)
        return PG_LOST;
    if (!link_prepare(link, s->which, e))
        return link->at && PQstatus(link->at) == CONNECTION_OK ? PG_REFUSED : PG_LOST;
    s->shape = pg_shape_of(s->which);
    s->result = run(s, link);
    enum pg_outcome outcome = pg_outcome_of(link, s->result);
    if (outcome == PG_REFUSED)
        pg_fail(link, s->result, e);
    return outcome;
}

/* Inside a transaction what was lost is the whole of it: db_transact begins again. */
static bool run_in_transaction(struct engine_statement *s, struct err *e)
{
    struct engine_connection *c = s->c;
    struct err why = {0};
    enum pg_outcome outcome = c->again ? PG_AGAIN : run_on(s, c->link, &why);
    if (outcome == PG_FINE)
        return true;
    c->again = outcome != PG_REFUSED;
    if (c->again)
        return FAIL(e, STORE, "store", "数据库正忙，请稍后再试。");
    if (e->code == ERR_NONE)
        *e = why;
    return false;
}

/* A reading query alone may simply be asked again. */
static bool run_alone(struct engine_statement *s, struct err *e)
{
    struct engine_connection *c = s->c;
    struct pg_link *link = c->link ? c->link : link_borrow(c, e);
    enum pg_outcome outcome;
    struct err why;
    if (!link)
        return false;
    do {
        why = (struct err){0};
        PQclear(s->result);
        s->result = NULL;
        outcome = run_on(s, link, &why);
    } while (outcome == PG_AGAIN || (outcome == PG_LOST && link_open(c, link, &why)));
    if (link != c->link)
        link_give_back(c, link);
    if (outcome == PG_FINE)
        return true;
    if (e->code == ERR_NONE)
        *e = why;
    return false;
}

enum engine_step pg_step(struct engine_statement *s, struct err *e)
{
    if (!s->result) {
        if (!(s->c->in_transaction ? run_in_transaction(s, e) : run_alone(s, e)))
            return STEP_FAILED;
        s->row = -1;
        s->row_count = PQntuples(s->result);
    }
    return ++s->row < s->row_count ? STEP_ROW : STEP_DONE;
}

int64_t pg_changed(const struct engine_statement *s)
{
    return strtoll(PQcmdTuples(s->result), NULL, 10);
}

void pg_finish(struct engine_statement *s)
{
    PQclear(s->result);
    s->result = NULL;
    s->rows = 0;
    for (int i = 0; i < ARGUMENTS_MAX; i++) {
        struct pg_value *v = &s->values[i];
        if (!v->at && !v->is_null)
            continue;
        v->len = 0;
        v->is_null = true; /* as SQLite has it: what is not bound is NULL */
        v->has_null = false;
    }
}

void pg_statements_drop(struct engine_connection *c)
{
    struct engine_statement **both[] = {c->on_reading, c->on_writing};
    for (size_t k = 0; k < sizeof both / sizeof *both; k++)
        for (int i = 0; i < SQL_COUNT; i++) {
            struct engine_statement *s = both[k][i];
            if (!s)
                continue;
            PQclear(s->result);
            for (int v = 0; v < ARGUMENTS_MAX; v++)
                free(s->values[v].at);
            free(s);
        }
}

/* --- rows --------------------------------------------------------------------------------------- */
bool pg_is_null(const struct engine_statement *s, int column)
{
    return PQgetisnull(s->result, s->row, column);
}

/* Sums of 64-bit numbers come as decimal ones: base 10000, most significant first. */
static int64_t decimal_of(const unsigned char *in)
{
    int digits = be16_get(in), weight = (int16_t)be16_get(in + 2);
    int64_t n = 0;
    for (int i = 0; i <= weight; i++)
        n = n * 10000 + (i < digits ? be16_get(in + 8 + 2 * i) : 0);
    return be16_get(in + 4) == 0x4000 ? -n : n;
}

int64_t pg_get_int(const struct engine_statement *s, int column)
{
    const unsigned char *at = (const unsigned char *)PQgetvalue(s->result, s->row, column);
    if (pg_is_null(s, column))
        return 0;
    switch (PQftype(s->result, column)) {
    case INT8_TYPE:
        return (int64_t)be64_get(at);
    case INT4_TYPE:
        return (int32_t)be32_get(at);
    case INT2_TYPE:
        return (int16_t)be16_get(at);
    case BOOL_TYPE:
        return *at;
    case NUMERIC_TYPE:
        return decimal_of(at);
    default:
        assert(0 && "a column that is not a number");
        return 0;
    }
}

struct bytes pg_get_bytes(const struct engine_statement *s, int column)
{
    if (pg_is_null(s, column))
        return (struct bytes){NULL, 0};
    return (struct bytes){(const unsigned char *)PQgetvalue(s->result, s->row, column),
                          (size_t)PQgetlength(s->result, s->row, column)};
}
