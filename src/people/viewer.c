/* people/viewer.c - roles by name, and which of them a route asks for. */
#include "people/viewer.h"

#include <string.h>

static const struct {
    enum role role;
    const char *name, *label;
    bool staff;
} roles[] = {
#define ROLE(number, name, label, staff) {ROLE_##name, #name, label, staff},
#include "people/roles.def"
#undef ROLE
};

/* MAY_PUBLIC and its like are negative, sets of R() bits are not. */
static const int64_t who_may[MAY_COUNT] = {
#define MAY(name, roles) [MAY_##name] = (int64_t)(roles),
#include "people/permissions.def"
#undef MAY
};

enum { ROLE_ROWS = sizeof roles / sizeof *roles };

const char *role_name(enum role role)
{
    for (int i = 0; i < ROLE_ROWS; i++)
        if (roles[i].role == role)
            return roles[i].name;
    return NULL;
}

const char *role_label(enum role role)
{
    for (int i = 0; i < ROLE_ROWS; i++)
        if (roles[i].role == role)
            return roles[i].label;
    return NULL;
}

bool role_is_staff(enum role role)
{
    for (int i = 0; i < ROLE_ROWS; i++)
        if (roles[i].role == role)
            return roles[i].staff;
    return false;
}

enum role role_find(const char *name)
{
    for (int i = 0; i < ROLE_ROWS; i++)
        if (strcmp(roles[i].name, name) == 0)
            return roles[i].role;
    return ROLE_NONE;
}

static uint32_t bit(enum role role)
{
    return UINT32_C(1) << role;
}

bool roles_have_staff(uint32_t set)
{
    for (int i = 0; i < ROLE_ROWS; i++)
        if (roles[i].staff && set & bit(roles[i].role))
            return true;
    return false;
}

bool viewer_has(const struct viewer *v, enum role role)
{
    return (v->roles & bit(role)) != 0;
}

/* The roles of V with which it may; 0 for nobody, for strangers and for the wrong role. */
static uint32_t fitting(const struct viewer *v, enum may may)
{
    int64_t who = who_may[may];
    if (who == MAY_PUBLIC || who == MAY_ANY_ROLE)
        return v->roles;
    if (who != MAY_ANY_STAFF)
        return v->roles & (uint32_t)who;
    uint32_t staff = 0;
    for (int i = 0; i < ROLE_ROWS; i++)
        if (roles[i].staff)
            staff |= bit(roles[i].role);
    return v->roles & staff;
}

bool viewer_may(const struct viewer *v, enum may may, struct err *e)
{
    if (who_may[may] == MAY_PUBLIC)
        return true;
    if (may == MAY_NOBODY)
        return FAIL(e, FORBIDDEN, "role", "这个地址没有对任何人开放。");
    if (id_is_zero(v->account))
        return FAIL(e, UNAUTHENTICATED, "session", "请先登录。");
    if (!fitting(v, may))
        return FAIL(e, FORBIDDEN, "role", "您的角色不能进行这项操作。");
    if (may == MAY_ENROL_TOTP)
        return true;
    if (v->must_change_password)
        return FAIL(e, FORBIDDEN, "password", "请先修改密码，再进行其他操作。");
    if (roles_have_staff(v->roles) && !v->totp_enrolled)
        return FAIL(e, FORBIDDEN, "totp", "请先绑定动态口令，再进行其他操作。");
    return true;
}

enum role viewer_role_for(const struct viewer *v, enum may may)
{
    uint32_t set = fitting(v, may);
    for (int i = 0; i < ROLE_ROWS; i++)
        if (set & bit(roles[i].role))
            return roles[i].role;
    return ROLE_NONE;
}
