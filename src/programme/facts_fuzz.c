/* Facts that are accepted read the same after they are written: the verdict of every level, with
 * its reasons, is equal to the byte. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/fields.h"
#include "base/json.h"
#include "base/json_out.h"
#include "programme/eligibility.h"
#include "programme/facts.h"
#include "programme/programme.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static struct programme_set set; /* read once; its arena stays until the end */
static struct arena *set_arena;

static const char *verdicts(struct arena *a, const struct programme *p, const struct facts *f)
{
    struct json_out *o = json_out_create(a);
    out_array(o);
    for (size_t l = 0; l < p->level_count; l++) {
        struct err e = {0};
        struct eligibility v;
        struct eligibility_question q = {p, p->levels[l].level, NULL, f,
                                         f->as_of == DATE_NONE ? 19905 : f->as_of};
        if (!eligibility_judge(a, &q, &v, &e))
            abort();
        eligibility_write(&v, o);
    }
    out_array_end(o);
    return json_out_text(o);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct err e = {0};
    if (!crypto_start(&e))
        abort();
    if (!set_arena) {
        set_arena = arena_create(64 << 20);
        if (!programmes_load_embedded(set_arena, &set, &e))
            abort();
    }
    struct arena *a = arena_create(256 << 20);
    struct facts f, again;
    json_t *json = json_read(a, data, len, &e);
    if (json && facts_read(a, json, &f, &e)) {
        struct json_out *o = json_out_create(a);
        fields_write(&facts_fields, &f, o);
        json_t *copy = json_read(a, json_out_text(o), json_out_len(o), &e);
        if (!copy || !facts_read(a, copy, &again, &e))
            abort();
        for (size_t i = 0; i < set.count; i++)
            if (strcmp(verdicts(a, set.at[i], &f), verdicts(a, set.at[i], &again)) != 0)
                abort();
    }
    arena_destroy(a);
    return 0;
}
