/* app/rehearse_session.h - the session that a rehearsal is for. */
#ifndef APP_REHEARSE_SESSION_H
#define APP_REHEARSE_SESSION_H

#include <stdbool.h>

#include "app/instance.h"
#include "sitting/rehearsal.h"

struct rehearse_target {
    const char *data; /* the centre's folder */
    bool postgres;    /* its store */
    struct rehearsal_plan plan;
};
/* INVALID or NOT_FOUND at "--session", CONFLICT as rehearsal_may_begin has it. */
bool rehearse_session_look(struct arena *a, const char *data, const char *session,
                           struct rehearse_target *out, struct err *e) MUST_USE;
bool rehearse_session_keep(struct arena *a, const struct rehearse_target *t,
                           const struct json_t *report, const struct rehearsal_limits *limits,
                           bool *passed, struct err *e) MUST_USE;

#endif
