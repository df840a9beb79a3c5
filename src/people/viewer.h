/* people/viewer.h - who is looking: the account behind a sign-in, its roles and its scope. */
#ifndef PEOPLE_VIEWER_H
#define PEOPLE_VIEWER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"

enum role {
    ROLE_NONE,
#define ROLE(number, name, label, staff) ROLE_##name = number,
#include "people/roles.def"
#undef ROLE
};

#define R(name) (UINT32_C(1) << ROLE_##name)
enum {
    MAY_PUBLIC = -1,
    MAY_ANY_ROLE = -2,
    MAY_ANY_STAFF = -3,
};

enum may {
#define MAY(name, roles) MAY_##name,
#include "people/permissions.def"
#undef MAY
    MAY_COUNT
};

struct viewer {
    struct id account; /* zero: nobody is signed in */
    struct id body;    /* the assessment body; every statement is limited to it */
    struct id person;  /* of a candidate; zero for staff */
    struct id partner; /* of a partner's account: sees only its own candidates */
    struct id sign_in;
    uint32_t roles; /* bits of R() */
    bool totp_enrolled;
    bool must_change_password;
    const char *display_name;
};

const char *role_name(enum role role);
const char *role_label(enum role role);
bool role_is_staff(enum role role);
enum role role_find(const char *name); /* ROLE_NONE if there is none */
bool roles_have_staff(uint32_t roles); /* of R() bits */

bool viewer_has(const struct viewer *v, enum role role);
/* UNAUTHENTICATED when nobody is signed in and somebody must be, FORBIDDEN otherwise; staff
 * without TOTP reach nothing but enrolment (S35). */
bool viewer_may(const struct viewer *v, enum may may, struct err *e);
/* The lowest-numbered role with which the viewer may: it enters the audit row. */
enum role viewer_role_for(const struct viewer *v, enum may may);

#endif
