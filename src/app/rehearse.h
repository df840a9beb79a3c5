/* app/rehearse.h - a whole session with room nodes, on synthetic candidates: what `heng rehearse`
 * does, cut into the stages it prints (SECURITY §3.4: every way in is practised). */
#ifndef APP_REHEARSE_H
#define APP_REHEARSE_H

#include "app/line.h"
#include "app/road.h"

enum { REHEARSE_NODES = 3 };

/* A node is opened one way: online, by phone, by envelopes. */
struct rehearse_node {
    const char *name, *data, *way;
    struct id id;
    struct line *line;
    struct server_child child;
    struct road at; /* the road's people, signed in at this node */
    size_t room;    /* the room of a way that is typed */
    const char *halves[2];
};

struct rehearsal {
    struct road road;
    struct rehearse_node nodes[REHEARSE_NODES];
    bool keep; /* the folder stays */
};

bool rehearse_begin(struct arena *a, size_t candidates, struct rehearsal *h,
                    struct err *e) MUST_USE;
void rehearse_end(struct rehearsal *h);
int64_t rehearse_cpu_ms(const struct rehearsal *h);

typedef bool rehearse_fn(struct rehearsal *h, int64_t *count, struct err *e);
rehearse_fn rehearse_apply, rehearse_arrange, rehearse_join, rehearse_seal, rehearse_packages,
    rehearse_envelopes, rehearse_put_off, rehearse_early, rehearse_online, rehearse_phone,
    rehearse_envelope, rehearse_extend, rehearse_sit, rehearse_hand_up, rehearse_mark,
    rehearse_clean;

#endif
