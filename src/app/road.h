/* app/road.h - the whole road, played through the API of a server of its own: what `heng demo road`
 * does, cut into the stages it prints. */
#ifndef APP_ROAD_H
#define APP_ROAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/client.h"
#include "app/demo_body.h"
#include "app/server_child.h"
#include "base/id.h"

struct arena;
struct instance;
struct road_pace;

enum { ROAD_STAFF_MAX = 160, ROAD_THREADS = 4, ROAD_THREADS_MAX = 64, ROAD_SKILLS_GROUP = 50 };

struct road_candidate {
    size_t number;
    const char *name, *document, *phone, *password;
    struct id entry, attempt;
    int64_t level;
    const char *direction;
    const char *ticket;
    size_t room;         /* of the theory session, from 0 */
    int64_t row, col;    /* there */
    bool alike;          /* answers as another beside it does: the two of app/road_alike.c */
    const char *url;     /* where it is sat; NULL: at the road's server */
    const char *seb_key; /* the Config Key it is sat with; NULL: in any browser */
    int64_t expected;    /* thousandths of marks of what was answered rightly */
    const char *certificate, *certificate_id; /* number and id; NULL: none */
};

/* A member of staff who is signed in. */
struct road_staff {
    const struct demo_account *account;
    struct client *client;
    int64_t totp_step; /* the newest used: a step counts once */
};

struct road {
    struct arena *arena; /* lives to the end */
    const char *folder, *program;
    struct server_child server;
    struct demo_body body;
    struct demo_account *extra; /* invigilators and examiners beyond the demo body's */
    size_t extra_count;
    struct road_staff staff[ROAD_STAFF_MAX];
    size_t staff_count;
    struct road_candidate *candidates;
    size_t count;
    struct id batch, site, theory, skills[16], panel;
    size_t skills_count;
    int64_t theory_starts_ms;
    /* Of a rehearsal: nothing but the theory session, in rooms so small, so long ahead. Zeros: as
     * the demonstration has it. */
    bool theory_only;
    bool hands_in_files; /* every candidate a file of its own, beside the answers */
    int64_t lead_ms;
    size_t room_rows, room_columns, room_count;
    struct id rooms[64];
    const char *phone_memory; /* MiB of the phone codes; NULL: as designed */
    const char *beside;       /* its folder is made as BESIDE.rehearsal-…; NULL: in /tmp */
    int threads;              /* candidates at once; 0: ROAD_THREADS */
    struct road_pace *pace;   /* how long the candidates' calls took; NULL: nobody asks */
    int64_t issued;
    bool keep; /* the folder stays at the end */
};

/* Starts from nothing: a folder, a body, a server as a child. */
/* STORE: a PostgreSQL URL, or NULL for SQLite. */
bool road_begin(struct arena *a, size_t candidates, const char *store, struct road *r,
                struct err *e) MUST_USE;
void road_end(struct road *r); /* stops the server and removes the folder, unless it is kept */
/* CPU of this process and of the server with its children, in ms. */
int64_t road_cpu_ms(const struct road *r);

/* Signed in as a member of the demo body; NULL with *e set. */
struct client *road_as(struct road *r, const char *login, struct err *e);
/* A one-time code of somebody signed in, not used before. */
const char *road_code(struct road *r, const char *login, struct err *e);
/* Confirms an approval that an answer (202) named, as somebody else. */
bool road_confirm(struct road *r, const char *login, const json_t *waiting,
                  struct err *e) MUST_USE;

/* Calls WORK for every candidate from the road's threads, each with a client and an arena of its
 * own for the call. The first error ends it. */
bool road_each(struct road *r,
               bool (*work)(struct road *r, struct road_candidate *c, struct client *client,
                            struct arena *a, struct err *e),
               struct err *e) MUST_USE;

/* Of at least ROAD_ALIKE_MIN two neighbours answer alike; R's tickets are there. */
enum { ROAD_ALIKE_MIN = 40 };
void road_choose_alike(struct road *r);
/* What such a candidate answers; NULL: nothing. */
const char *road_alike_answer(struct arena *a, const json_t *item, const char *right);
/* The two are flagged and nobody else, a head examiner sees why and says what it is, and no mark moves. */
bool road_compare_answers(struct road *r, struct err *e) MUST_USE;
/* What the candidates know they answered, against what is marked. */
bool road_marks_agree(struct road *r, struct err *e) MUST_USE;

/* The last of several candidates: answers are typed in (app/road_type.c); a rehearsal types nothing. */
bool road_writes_on_paper(const struct road *r, const struct road_candidate *c);

/* Who applies for level 2 or 1 stands before a panel, too: arranged with the rest. */
bool road_meets_panel(const struct road_candidate *c);
bool road_arrange_panel(struct road *r, struct client *registrar, int64_t starts_ms,
                        struct err *e) MUST_USE;

/* After publication: whose result has the panel's part. */
bool road_panel_counts(struct road *r, struct client *registrar, struct err *e) MUST_USE;

/* One session's steps, as a registrar takes them. */
struct road_duty {
    struct id session, room; /* a zero room: the whole session */
    const char *login, *duty;
};
bool road_make_session(struct road *r, struct client *c, const char *component,
                       int64_t starts_ms, int64_t minutes, struct id *out,
                       struct err *e) MUST_USE;
bool road_make_rooms(struct road *r, struct client *c, struct id session, size_t seats,
                     struct id *rooms, size_t *count, struct err *e) MUST_USE;
bool road_assign(struct road *r, struct client *c, const struct road_duty *d,
                 struct err *e) MUST_USE;
bool road_close_session(struct road *r, struct client *c, struct id session,
                        struct err *e) MUST_USE;
/* All sheets of a session by one who scores, who differs from the others by OWN and takes LESS percent
 * off the first sheet. */
struct road_scoring {
    struct client *client;
    struct id session;
    size_t own;
    int64_t less;
};
bool road_score_session(const struct road_scoring *s, int64_t *count, struct err *e) MUST_USE;

/* "/api/entries/<id><rest>" */
const char *road_path(struct arena *a, const char *before, struct id id, const char *after);
bool road_id(const json_t *object, const char *member, struct id *out, struct err *e) MUST_USE;

/* The parts of the sitting: all sign in at their seats; an invigilator lets everybody of the rooms
 * at R's server in and starts them; all answer and hand in. */
bool road_enter_all(struct road *r, struct err *e) MUST_USE;
bool road_open_rooms(struct road *r, struct err *e) MUST_USE;
bool road_answer_all(struct road *r, struct err *e) MUST_USE;
/* The server again, at the same port. */
bool road_restart(struct road *r, struct err *e) MUST_USE;
bool road_arm(struct road *r, const char *login, struct err *e) MUST_USE;

/* The stages. Each says how many it did. */
typedef bool road_stage_fn(struct road *r, int64_t *count, struct err *e);
road_stage_fn road_apply, road_review, road_arrange, road_tickets, road_papers, road_release,
    road_sit, road_type, road_mark, road_score_skills, road_panel, road_publish, road_correct,
    road_calibrate, road_issue, road_verify, road_revoke, road_traces;

#endif
