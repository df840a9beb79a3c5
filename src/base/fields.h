/* base/fields.h - one table per type: it reads, checks and writes JSON, and exports the schema.
 *
 *     static const struct field rows[] = {
 *         {FIELD(struct entry_start, batch_id, ID), .required = true},
 *         {FIELD(struct entry_start, level, INT), .required = true, .min = 1, .max = 5},
 *         {FIELD(struct entry_start, direction, TEXT), .max = 1},
 *     };
 *     const struct fields entry_start_fields = FIELDS("entry_start", struct entry_start, rows);
 *
 * Unknown members are refused. Errors carry the JSON pointer of the member. A member that is
 * absent or null leaves zero / NULL in the struct (and `present` tells the two apart where it
 * matters: see has_offset). */
#ifndef BASE_FIELDS_H
#define BASE_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arena;
struct json_out;
struct json_t;

enum field_kind {
    FIELD_TEXT,    /* const char *; min and max count characters, not bytes */
    FIELD_INT,     /* int64_t */
    FIELD_BOOL,    /* bool */
    FIELD_ID,      /* struct id */
    FIELD_DATE,    /* date_days; DATE_NONE when absent */
    FIELD_TEXTS,   /* const char ** and size_t at count_offset */
    FIELD_IDS,     /* struct id * and size_t at count_offset */
    FIELD_INTS,    /* int64_t * and size_t at count_offset */
    FIELD_OBJECT,  /* const struct sub *, read by `sub` */
    FIELD_OBJECTS, /* struct sub * (array) and size_t at count_offset */
    FIELD_JSON     /* struct json_t *, any JSON, borrowed from the document */
};

enum { DATE_NONE = INT32_MIN };

struct fields;

struct field {
    const char *name;
    enum field_kind kind;
    size_t offset;
    size_t count_offset; /* FIELD_TEXTS, FIELD_IDS, FIELD_INTS, FIELD_OBJECTS */
    bool required;
    int64_t min, max;           /* of the number, the characters or the elements; 0,0 = free */
    const char *const *allowed; /* FIELD_TEXT: NULL-ended list of allowed values */
    const struct fields *sub;
};

struct fields {
    const char *name;
    size_t size;
    const struct field *rows;
    size_t count;
};

#define FIELD(type, member, what)                                                              \
    .name = #member, .kind = FIELD_##what, .offset = offsetof(type, member)
#define FIELD_COUNT(type, member) .count_offset = offsetof(type, member)
#define FIELDS(name_, type, rows_)                                                             \
    {                                                                                          \
        name_, sizeof(type), rows_, sizeof(rows_) / sizeof *(rows_)                            \
    }

/* OUT must be `size` bytes; it is overwritten whole. */
bool fields_read(const struct fields *f, const struct json_t *object, struct arena *a,
                 void *out, struct err *e) MUST_USE;
/* Writes the members of an object that the caller has opened. */
void fields_write_members(const struct fields *f, const void *in, struct json_out *o);
void fields_write(const struct fields *f, const void *in, struct json_out *o);
/* JSON Schema of the type, for OpenAPI. */
void fields_write_schema(const struct fields *f, struct json_out *o);

#endif
