/* people/normalise.h - one spelling for what people type or paste as a number. */
#ifndef PEOPLE_NORMALISE_H
#define PEOPLE_NORMALISE_H

#include <stdbool.h>
#include <stddef.h>

/* Full-width to ASCII, letters to upper case; blanks, hyphens and invisible characters out.
 * False if the text is longer than OUT, not UTF-8, or holds any other character. Normalising
 * twice changes nothing. */
bool normalise_number(const char *text, char *out, size_t out_bytes);

#endif
