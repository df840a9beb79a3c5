/* sitting/roster_fuzz.c - hostile rosters: refused, or within their bounds. */
#include <stdlib.h>

#include "base/arena.h"
#include "sitting/roster.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static unsigned char public[BOX_PUBLIC_BYTES], secret[BOX_SECRET_BYTES];
    static bool started;
    struct err e = {0}, raw = {0};
    struct roster r;
    if (!started) {
        if (!crypto_start(&e))
            abort();
        box_keypair(public, secret);
        started = true;
    }
    struct arena *a = arena_create(256 << 20);
    struct roster_secret with = {"0badcafe", public, secret};
    if (roster_open(a, (struct bytes){data, size}, &with, &r, &raw))
        abort(); /* nobody sealed to this key */
    if (roster_read(a, (struct bytes){data, size}, &r, &e)) {
        if (r.plan.attempt_count == 0 || r.room.no < 1 || r.plan.minutes < 1)
            abort();
        for (size_t i = 0; i < r.plan.attempt_count; i++)
            if (id_is_zero(r.plan.attempts[i].id) || r.plan.attempts[i].seat_no < 1)
                abort();
    } else if (e.code == ERR_NONE) {
        abort();
    }
    arena_destroy(a);
    return 0;
}
