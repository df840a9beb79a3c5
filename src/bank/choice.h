/* bank/choice.h - what the kinds with lettered options share; nobody else includes it. */
#ifndef BANK_CHOICE_H
#define BANK_CHOICE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct json_out;
struct json_t;
struct shuffle;

enum { OPTIONS_MIN = 2, OPTIONS_MAX = 8 };

/* Place of "A" … in the options, -1 if it is none of them. */
int option_place(const char *letter, size_t count);
/* That no text under the pointer PLACE is blank or given twice. */
bool texts_differ(const char *place, const char *const *texts, size_t count, struct err *e);
bool options_check(const char *const *options, size_t count, struct err *e);
void options_present(const char *const *options, size_t count, struct shuffle *s,
                     struct json_out *o);
/* An array of letters, each at most once, as bits. */
bool options_response(const struct json_t *response, size_t count, uint32_t *bits,
                      struct err *e);

#endif
