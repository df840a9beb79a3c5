/* sitting/ticket_rules.h - what a ticket tells its bearer, from the programme's data. Pure. */
#ifndef SITTING_TICKET_RULES_H
#define SITTING_TICKET_RULES_H

#include "sitting/session.h"

struct programme;

struct ticket_rules {
    const char **at;
    size_t count;
};
/* In the order in which they matter: to enter, while there, to leave, the result. */
void ticket_rules(struct arena *a, const struct programme *p, const struct session *s,
                  struct ticket_rules *out);

/* 2026年11月28日（星期六）; 09:00–10:30; 09:30. */
const char *session_day_text(struct arena *a, const struct session *s);
const char *session_time_text(struct arena *a, const struct session *s);
const char *session_clock_text(struct arena *a, const struct session *s, int64_t at_ms);
const char *session_zone_text(struct arena *a, const struct session *s); /* 北京时间 */

#endif
