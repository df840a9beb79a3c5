/* base/crypto_slow.h - inside base/: every call of argon2id stands between these two. */
#ifndef BASE_CRYPTO_SLOW_H
#define BASE_CRYPTO_SLOW_H

void slow_call_begin(void);
void slow_call_end(void);

#endif
