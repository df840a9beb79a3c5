/* sitting/session.c - the states of a session and the duties in it, from their tables. */
#include "sitting/session.h"

#include <string.h>

#include "people/viewer.h"

#define S(state)                               (1u << SESSION_##state)
#define SESSION_STATE(name, may_become, label) {#name, label, may_become},
static const struct {
    const char *name, *label;
    unsigned may_become;
} states[SESSION_STATES] = {
#include "sitting/session_states.def"
};
#undef SESSION_STATE
#undef S

#define DUTY(name, role, label) {#name, label, role},
static const struct {
    const char *name, *label;
    int role;
} duties[DUTIES] = {
#include "sitting/staff_duties.def"
};
#undef DUTY

const char *session_state_name(enum session_state s)
{
    return states[s].name;
}

const char *session_state_label(enum session_state s)
{
    return states[s].label;
}

bool session_state_find(const char *name, enum session_state *out)
{
    for (int i = 0; i < SESSION_STATES; i++)
        if (strcmp(states[i].name, name) == 0) {
            *out = (enum session_state)i;
            return true;
        }
    return false;
}

bool session_state_may(enum session_state from, enum session_state to)
{
    return states[from].may_become & (1u << to);
}

const char *duty_name(enum duty d)
{
    return duties[d].name;
}

const char *duty_label(enum duty d)
{
    return duties[d].label;
}

bool duty_find(const char *name, enum duty *out)
{
    for (int i = 0; i < DUTIES; i++)
        if (strcmp(duties[i].name, name) == 0) {
            *out = (enum duty)i;
            return true;
        }
    return false;
}

int duty_role(enum duty d)
{
    return duties[d].role;
}

int64_t session_ends_ms(const struct session *s)
{
    return s->starts_ms + s->minutes * 60000;
}

enum session_state session_now(const struct session *s, int64_t now_ms)
{
    if (s->state != SESSION_sealed || !s->released_ms)
        return s->state;
    if (!s->began_ms)
        return SESSION_released;
    int64_t began = s->began_ms > s->starts_ms ? s->began_ms : s->starts_ms;
    bool over = s->to_come == 0 || now_ms >= began + s->minutes * 60000;
    return s->working == 0 && over ? SESSION_finished : SESSION_running;
}
