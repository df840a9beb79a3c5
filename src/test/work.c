/* test/work.c - counts what this thread does; see work.h. */
#include "test/work.h"

#include <stddef.h>

#include "base/crypto.h"
#include "store/db.h"

static _Thread_local struct test_work done;

struct test_work test_work_take(void)
{
    struct test_work out = done;
    done = (struct test_work){0};
    return out;
}

/* libsodium's own: every keyed hash begins with it. */
int __real_crypto_generichash_init(void *state, const unsigned char *key, size_t key_len,
                                   size_t out_len);
int __wrap_crypto_generichash_init(void *state, const unsigned char *key, size_t key_len,
                                   size_t out_len);
int __wrap_crypto_generichash_init(void *state, const unsigned char *key, size_t key_len,
                                   size_t out_len)
{
    done.hashes++;
    return __real_crypto_generichash_init(state, key, key_len, out_len);
}

void __real_master_key(const struct master *m, enum key_purpose purpose,
                       unsigned char out[KEY_BYTES]);
void __wrap_master_key(const struct master *m, enum key_purpose purpose,
                       unsigned char out[KEY_BYTES]);
void __wrap_master_key(const struct master *m, enum key_purpose purpose,
                       unsigned char out[KEY_BYTES])
{
    done.derived++;
    __real_master_key(m, purpose, out);
}

bool __real_secret_equal(const void *x, const void *y, size_t len);
bool __wrap_secret_equal(const void *x, const void *y, size_t len);
bool __wrap_secret_equal(const void *x, const void *y, size_t len)
{
    done.compared++;
    return __real_secret_equal(x, y, len);
}

struct query *__real_db_query(struct db *db, enum sql which);
struct query *__wrap_db_query(struct db *db, enum sql which);
struct query *__wrap_db_query(struct db *db, enum sql which)
{
    done.queries++;
    return __real_db_query(db, which);
}
