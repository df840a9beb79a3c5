/* people/password.h - which passwords are good enough (SECURITY §8.2, NIST SP 800-63B-4). Pure. */
#ifndef PEOPLE_PASSWORD_H
#define PEOPLE_PASSWORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto.h"
#include "base/err.h"

struct arena;

enum password_profile {
    PASSWORD_NIST,   /* >= 15 characters alone, >= 8 beside a second factor; no composition */
    PASSWORD_DENGBAO /* GB/T 22239: also three kinds of characters and 90 days */
};

enum {
    PASSWORD_MIN_ALONE = 15,
    PASSWORD_MIN_WITH_FACTOR = 8,
    PASSWORD_MAX = 256, /* characters */
    PASSWORD_AGE_DAYS = 90,
    FIRST_PASSWORD_HOURS = 24,
    FIRST_PASSWORD_BYTES = 24 /* of its text */
};

const char *password_profile_word(enum password_profile p); /* "nist", "dengbao" */
bool password_profile_read(const char *word, enum password_profile *out);

struct password_rules {
    enum password_profile profile;
    bool second_factor;       /* has one, or cannot do anything before having one */
    const char *const *words; /* own words: login, name, body; refused like the block list */
    size_t word_count;
};

/* INVALID at FIELD with what is missing. Needs the embedded lists of data/passwords/: words
 * that a password must not be made of, and 200,000 passwords that people have had (tools/make-common-passwords). */
bool password_check(struct arena *a, const struct password_rules *rules, const char *password,
                    const char *field, struct err *e) MUST_USE;

bool password_is_over_age(enum password_profile p, int64_t set_ms, int64_t now_ms);

/* 100 random bits as XXXXX-XXXXX-XXXXX-XXXXX. */
void password_first(struct arena *a, char out[FIRST_PASSWORD_BYTES]);

/* Names that look like a mobile number are candidates' and are hashed at a candidate's cost, all
 * others at that of staff: so the time taken never tells whether a name exists. */
enum password_cost password_cost_of_login(const char *login);

#endif
