/* programme/vocabulary.c - makes the lists of vocabulary.h. */
#include "programme/vocabulary.h"

#include <stddef.h>
#include <string.h>

#define VALUE(value, label) #value,
#define WORD(value, label)  {#value, label},
#define VOCABULARY(name, list)                                                                 \
    const char *const name##_values[] = {list(VALUE) NULL};                                    \
    const struct word name##_words[] = {list(WORD){NULL, NULL}};
VOCABULARIES(VOCABULARY)

const char *word_label(const struct word *words, const char *value)
{
    for (; words->value; words++)
        if (strcmp(words->value, value) == 0)
            return words->label;
    return value;
}
