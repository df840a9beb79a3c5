/* paper/package_fuzz.c - hostile manifests: refused, or read into what is within its bounds. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/signed_json.h"
#include "paper/package.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* The fuzzer signs what it made, so that every member is reached. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static unsigned char public[SIGN_PUBLIC_BYTES], secret[SIGN_SECRET_BYTES];
    static bool started;
    struct err e = {0};
    struct package p;
    struct bytes message, text;
    unsigned char signature[SIGNATURE_BYTES];
    if (!started) {
        if (!crypto_start(&e))
            abort();
        sign_keypair(public, secret);
        started = true;
    }
    struct arena *a = arena_create(64 << 20);
    json_t *o = json_read(a, data, size, &e);
    if (json_is_object(o)) {
        struct err why = {0};
        json_object_set_new(o, "type", json_string("manifest"));
        if (signed_json_message(a, "manifest", o, &message, &why)) {
            sign_bytes(signature, message.at, message.len, secret);
            signed_json_put_signature(a, o, signature);
            if (jcs_write(a, o, &text, &why) && package_read(a, text, public, &p, &why) &&
                (p.paper_count == 0 || p.room == 0 || p.room > 65535 || p.revision == 0))
                abort();
        }
    }
    struct err raw = {0};
    if (package_read(a, (struct bytes){data, size}, public, &p, &raw))
        abort(); /* nobody but us has the key */
    arena_destroy(a);
    return 0;
}
