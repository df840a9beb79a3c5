/* app/rehearse.h - a whole session with room nodes, on synthetic candidates: what `heng rehearse`
 * does, cut into the stages it prints (SECURITY §3.4: every way in is practised). */
#ifndef APP_REHEARSE_H
#define APP_REHEARSE_H

#include "app/line.h"
#include "app/road.h"
#include "app/road_pace.h"

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

struct rehearse_run {
    struct road road;
    struct rehearse_node nodes[REHEARSE_NODES];
    bool keep;                     /* the folder stays */
    bool seb;                      /* the session is sat in Safe Exam Browser */
    const char *engine;            /* "sqlite", "postgresql": of its centre */
    int64_t put_off_ms, extend_ms; /* until the act had reached the last node; 0: it has not */
};

/* What is rehearsed, and where. */
struct rehearse_order {
    size_t candidates, room_seats; /* room_seats 0: as many as three rooms need */
    bool seb;                      /* in Safe Exam Browser */
    const char *store;             /* a PostgreSQL URL for the centre; NULL: SQLite */
    const char *beside;            /* as of the road; NULL: in /tmp */
};
bool rehearse_begin(struct arena *a, const struct rehearse_order *o, struct rehearse_run *h,
                    struct err *e) MUST_USE;
void rehearse_end(struct rehearse_run *h);
int64_t rehearse_cpu_ms(const struct rehearse_run *h);

/* The session asks for Safe Exam Browser; the candidates have it, with the settings of their node;
 * whoever comes in another browser is sent away. Each nothing where the session does not ask. */
bool rehearse_seb_ask(struct rehearse_run *h, struct err *e) MUST_USE;
bool rehearse_seb_keys(struct rehearse_run *h, struct err *e) MUST_USE;
bool rehearse_seb_others(struct rehearse_run *h, struct err *e) MUST_USE;

/* --- what came of it ---------------------------------------------------------------------------- */
struct rehearse_stage {
    const char *name;
    bool done;
    int64_t count, ms, cpu_ms;
};
struct rehearse_stages {
    const struct rehearse_stage *at;
    size_t count;
    int64_t began_ms;
    const char *failed; /* the stage that did not come through; NULL: none */
    const char *why;    /* its sentence */
};
/* A report as sitting/rehearsal.h has it, before it is judged. */
json_t *rehearse_report(struct rehearse_run *h, const struct rehearse_stages *s);

typedef bool rehearse_fn(struct rehearse_run *h, int64_t *count, struct err *e);
rehearse_fn rehearse_apply, rehearse_arrange, rehearse_join, rehearse_seal, rehearse_packages,
    rehearse_envelopes, rehearse_put_off, rehearse_early, rehearse_online, rehearse_phone,
    rehearse_envelope, rehearse_extend, rehearse_sit, rehearse_hand_up, rehearse_mark,
    rehearse_clean;

#endif
