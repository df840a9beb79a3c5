/* base/crypto_must.h - only for base/crypto_*.c: what cannot fail short of a bug. */
#ifndef BASE_CRYPTO_MUST_H
#define BASE_CRYPTO_MUST_H

#include <stdbool.h>

/* Stops the process with a report unless it WORKED: no key, no memory, a broken library. */
void crypto_must(bool worked, const char *what);

#endif
