/* measure/patterns.h - responses as the calibration wants them: categories from 0 without holes, and
 * equal rows once with their count. */
#ifndef MEASURE_PATTERNS_H
#define MEASURE_PATTERNS_H

#include "measure/em.h"
#include "measure/responses.h"

struct patterns {
    struct responses rows;
    struct em_data data;
    size_t *categories;                       /* per item */
    uint8_t (*codes)[RESPONSE_CODES_MAX + 1]; /* per item: the code that a category had */
    size_t empty;                             /* rows with nothing answered: left out */
};

/* BINARY: codes are 0 and 1 (or right and wrong by a key) and nothing else. Refuses columns in which
 * everybody gave the same answer, by name. */
bool patterns_read(struct arena *a, const char *path, const struct response_form *form,
                   const char *key, bool binary, struct patterns *out, struct err *e) MUST_USE;

#endif
