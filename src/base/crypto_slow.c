/* base/crypto_slow.c - counts the calls that are slow on purpose. Any thread. */
#include "base/crypto_slow.h"

#include <stdatomic.h>

#include "base/crypto.h"

static atomic_int_fast64_t made, running, most;

void slow_call_begin(void)
{
    int_fast64_t now = atomic_fetch_add(&running, 1) + 1, before = atomic_load(&most);
    atomic_fetch_add(&made, 1);
    while (now > before && !atomic_compare_exchange_weak(&most, &before, now))
        ;
}

void slow_call_end(void)
{
    atomic_fetch_sub(&running, 1);
}

struct slow_calls slow_calls(void)
{
    return (struct slow_calls){atomic_load(&made), atomic_load(&most)};
}
