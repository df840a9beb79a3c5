/* people/body.h - the assessment body: to whom people, batches and certificates belong. */
#ifndef PEOPLE_BODY_H
#define PEOPLE_BODY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"
#include "people/password.h"

struct actor;
struct arena;
struct db;

struct body {
    struct id id; /* zero: body_create chooses one */
    const char *name;
    bool is_filed; /* may issue 职业技能等级证书; else training certificates only */
    bool registered_issuer; /* its name is exempt from the banned words (DOMAIN §1.5) */
    bool is_demo;           /* 样张 across what it prints */
    /* The parts of the 22-character number (cert_number rule); "" where not filed. */
    const char *type_letter; /* "Y" employer, "S" social body */
    const char *filed_code;  /* "0001" to "9999", "0000" if first filed with a province */
    const char *province;    /* two digits of GB/T 2260 */
    const char *site_serial; /* six digits */
    enum password_profile profile;
    int64_t created_ms;
};

/* INVALID where a part of the number has the wrong shape. Sets body->id where it is zero. The
 * audit row goes to the new body's own chain. */
bool body_create(struct db *db, const struct actor *who, struct body *body,
                 struct err *e) MUST_USE;
bool body_get(struct db *db, struct arena *a, struct id id, struct body *out,
              struct err *e) MUST_USE;
/* The oldest body: of an installation that has one, the one to which registration leads. */
bool body_first(struct db *db, struct arena *a, struct body *out, struct err *e) MUST_USE;

#endif
