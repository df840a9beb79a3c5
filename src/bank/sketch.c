/* bank/sketch.c - keyed MinHash over character trigrams. */
#include "bank/sketch.h"

#include <jansson.h>
#include <stdint.h>
#include <string.h>

#include "bank/fold_text.h"
#include "base/arena.h"
#include "base/bytes.h"
#include "base/crypto.h"
#include "base/text_out.h"

enum { GRAM = 3, LANE_BYTES = 16, STEM_CHARACTERS_MIN = 12 };

static void put_texts(struct text_out *o, const json_t *value)
{
    const json_t *one;
    size_t i;
    if (json_is_string(value))
        text_putf(o, "%s\n", json_string_value(value));
    else if (json_is_array(value))
        json_array_foreach((json_t *)value, i, one) put_texts(o, one);
}

static void put_question(struct text_out *o, const json_t *object)
{
    static const char *const members[] = {"stem", "premises", "options"};
    const json_t *parts = json_object_get(object, "items");
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        put_texts(o, json_object_get(object, members[i]));
    for (size_t i = 0; i < json_array_size(parts); i++)
        put_question(o, json_array_get(parts, i));
}

/* Where each character begins, runs of digits being one '0'; the end last. */
static size_t characters_of(struct arena *a, const char *text, const char ***out)
{
    size_t count = 0;
    char *plain = arena_text(a, text), *to = plain;
    for (const char *s = text; *s; s++)
        if (*s < '0' || *s > '9')
            *to++ = *s;
        else if (to == plain || to[-1] != '0')
            *to++ = '0';
    *to = 0;
    *out = arena_array(a, const char *, strlen(plain) + 2);
    for (const char *s = plain; *s; s++)
        if (((unsigned char)*s & 0xC0) != 0x80)
            (*out)[count++] = s;
    (*out)[count] = to;
    return count;
}

/* Public mixing of a secret value: lane I of a trigram (splitmix64). */
static uint64_t mixed(uint64_t v)
{
    v = (v ^ (v >> 30)) * 0xbf58476d1ce4e5b9u;
    v = (v ^ (v >> 27)) * 0x94d049bb133111ebu;
    return v ^ (v >> 31);
}

static void take_gram(uint64_t least[SKETCH_LANES], const unsigned char key[KEY_BYTES],
                      const char *from, const char *to)
{
    unsigned char secret[LANE_BYTES];
    keyed_hash(secret, sizeof secret, key, from, (size_t)(to - from));
    uint64_t base = be64_get(secret), step = be64_get(secret + 8) | 1;
    for (size_t i = 0; i < SKETCH_LANES; i++) {
        uint64_t v = mixed(base + step * i);
        least[i] = v < least[i] ? v : least[i];
    }
}

static size_t characters_in(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += ((unsigned char)*text & 0xC0) != 0x80;
    return count;
}

/* A text shorter than a trigram is one by itself. */
static void half_of(struct arena *a, const unsigned char key[KEY_BYTES], const char *text,
                    unsigned char out[SKETCH_LANES])
{
    uint64_t least[SKETCH_LANES];
    const char **at, *folded = fold_text(a, text);
    size_t count = characters_of(a, folded, &at);
    memset(least, 0xFF, sizeof least);
    for (size_t i = 0; i + GRAM <= count; i++)
        take_gram(least, key, at[i], at[i + GRAM]);
    if (count > 0 && count < GRAM)
        take_gram(least, key, at[0], at[count]);
    for (size_t i = 0; i < SKETCH_LANES; i++)
        out[i] = (unsigned char)least[i];
}

void sketch_of(struct arena *a, const struct master *m, const struct json_t *object,
               struct sketch *out)
{
    static const char purpose[] = "heng item sketch";
    unsigned char bank[KEY_BYTES], key[KEY_BYTES];
    struct text_out whole = {.arena = a}, stem = {.arena = a};
    put_question(&whole, object);
    put_texts(&stem, json_object_get(object, "stem"));
    master_key(m, KEY_BANK, bank);
    keyed_hash(key, sizeof key, bank, purpose, sizeof purpose - 1);
    /* The whole stands behind a short stem so that two short stems alone are not near. */
    bool is_short = characters_in(text_out_text(&stem)) < STEM_CHARACTERS_MIN;
    half_of(a, key, text_out_text(is_short ? &whole : &stem), out->at);
    half_of(a, key, text_out_text(&whole), out->at + SKETCH_LANES);
    secret_wipe(bank, sizeof bank);
    secret_wipe(key, sizeof key);
}

static int half_percent(const unsigned char *x, const unsigned char *y)
{
    int equal = 0;
    for (size_t i = 0; i < SKETCH_LANES; i++)
        equal += x[i] == y[i];
    /* One byte in 256 agrees by chance. */
    int percent = ((equal * 256 - SKETCH_LANES) * 100) / (SKETCH_LANES * 255);
    return percent < 0 ? 0 : percent;
}

int sketch_percent(const struct sketch *x, const struct sketch *y)
{
    int stem = half_percent(x->at, y->at),
        whole = half_percent(x->at + SKETCH_LANES, y->at + SKETCH_LANES);
    return stem > whole ? stem : whole;
}
