/* sitting/seal_code.h - reading a seal code that a person typed: the first 80 bits of the head of a
 * sealed journal, sixteen characters of Crockford base 32 in four groups (SECURITY §5.4). Writing
 * one is seal_code_write in sitting/fold.h. */
#ifndef SITTING_SEAL_CODE_H
#define SITTING_SEAL_CODE_H

#include <stdbool.h>

#include "sitting/journal_entry.h"

enum { SEAL_CODE_HEAD_BYTES = 10 };

/* Upper case, hyphens where they belong; letters that Crockford leaves out read as what they look
 * like. False: not sixteen characters of the alphabet. */
bool seal_code_plain(const char *text, char out[SEAL_CODE_BYTES]);
/* The bytes of the head that the code says. */
bool seal_code_read(const char *text, unsigned char head[SEAL_CODE_HEAD_BYTES]);

#endif
