/* web/ground.h - for tests of S21: two bodies, each with people and one object of every kind that an
 * address names. */
#ifndef WEB_GROUND_H
#define WEB_GROUND_H

#include "people/viewer.h"
#include "web/asker.h"

/* What one account of the desks may be at once. */
#define EVERY_DESK                                                                             \
    (R(registrar) | R(item_author) | R(item_reviewer) | R(marker) | R(examiner) |              \
     R(head_examiner) | R(panel_member) | R(invigilator) | R(quality_supervisor) | R(issuer) | \
     R(release_officer))

/* Named by the segment before the {id}: "entries"; of the second in an address by both:
 * "entries/evidence". */
struct object {
    const char *segment;
    struct id id;
};

enum { OBJECTS_MAX = 48 };

/* One body. The candidate owns entry, evidence, certificate; the desk has every duty of the room. */
struct side {
    struct site *site;
    struct body body;
    const char *mark; /* in logins and names */
    struct asker desk, candidate, security, system;
    struct object objects[OBJECTS_MAX];
    size_t count;
};

struct ground {
    struct site *site;
    struct side ours, theirs;
    struct asker neighbour; /* a candidate of ours who owns nothing of it */
    struct asker colleague; /* an invigilator of ours without a duty */
};

struct ground *ground_open(void);
void ground_close(struct ground *g);

struct id ground_object(const struct side *s,
                        const char *segment); /* zero: none of that kind */
void ground_add(struct side *s, const char *segment, struct id id);
const char *ground_text(const struct side *s, const char *segment); /* its 32 digits */

/* What an account cannot make with one request: rows as the use cases leave them. */
void ground_rows(struct side *s);

#endif
