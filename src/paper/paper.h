/* paper/paper.h - forms and papers: composed, sealed before the session, opened at its start.
 *
 * A form is one set of items for a level and direction. A paper is one candidate's own copy of a
 * form, in an order of its own, sealed (SECURITY §3). The order of events:
 *
 *   form_compose → paper_prepare (a session's papers, key set, officers' boxes, manifests)
 *   → officer_arm by two officers from T−60 min → paper_release at T0 → paper_key / paper_open
 *
 * Exam JSON (what a candidate's client gets; doc/exam-paper.md):
 *   {"paper","title","minutes","millimarks","sections":[{"name","kind","count","millimarks",
 *     "items":[{"n":1,"kind","stem","options":[{"id","text"}]}, …]}]}
 * A case is {"kind":"case","stem","items":[{"n":81,"kind",…}]}: each part has its own n. Every
 * answerable place has a number n from 1, in reading order. */
#ifndef PAPER_PAPER_H
#define PAPER_PAPER_H

#include "bank/bank.h"
#include "base/crypto.h"
#include "paper/blueprint.h"
#include "paper/parallel.h"
#include "paper/slots.h"

struct db;
struct json_t;
struct master;

/* --- forms ------------------------------------------------------------------------------------ */
struct form_order {
    const char *name; /* "A 卷" */
    struct blueprint_order blueprint;
    unsigned char seed[SEED_BYTES];
    const struct id *avoid_forms; /* forms that should share no item */
    size_t avoid_count;
    size_t forms;           /* parallel forms at once, 0 and 1: one; "A 卷 A", "A 卷 B" */
    enum form_aim aim;      /* what they are to be alike in */
    int64_t exposure;       /* sittings an item may serve in, this one included; 0: no limit */
    const int64_t *overlap; /* items two of them may share; NULL: as few as can be */
    const struct id *must, *may_not; /* items */
    size_t must_count, may_not_count;
};
/* Assembles and stores all of them in one transaction; FORMS has room for order->forms. RULE at
 * "/layout" naming the starving cells or conflicting conditions where it cannot be done, INVALID at
 * "/must/N" or "/may_not/N" for an item that is not live. */
bool form_compose(const struct bank *b, const struct form_order *order, struct id *forms,
                  struct err *e) MUST_USE;
/* The same without storing anything. */
bool form_try(const struct bank *b, const struct form_order *order,
              const struct blueprint *blueprint, struct parallel_forms *out,
              struct err *e) MUST_USE;
/* How many forms without a common item the bank bears, and what is to be written for order->forms
 * of them. */
bool form_life(const struct bank *b, const struct form_order *order,
               const struct blueprint *blueprint, struct parallel_life *out,
               struct err *e) MUST_USE;
const char *form_set_name(struct arena *a, const char *name, size_t i, size_t of);

struct form_row {
    struct id id;
    const char *name, *programme, *component, *direction, *state; /* "draft", "sealed" */
    int64_t level, items, millimarks, created_ms;
};
bool form_list(const struct bank *b, const char *programme, struct form_row **out,
               size_t *count, struct err *e) MUST_USE;

/* A form with its items opened, for preview, printing and preparing. */
struct form_item {
    size_t section;
    struct id item_id, version_id;
    const char *area, *point;
    int64_t millimarks;
    struct item item;
};
/* SHOWN: to candidates; else only an explanation has it. */
struct form_picture {
    struct attached picture;
    bool shown;
};
enum { FORM_PICTURE_BYTES_MAX = 4 << 20 }; /* shown ones together */
struct form {
    struct form_row row;
    const struct layout_part *parts;
    size_t part_count;
    const struct form_item *items;
    size_t item_count;
    const char *certificate;             /* JSON; "": composed before there were any */
    const struct form_picture *pictures; /* of its items, each once */
    size_t picture_count;
    const struct item_media
        *media; /* shown to candidates, each once; the bytes are in the bank */
    size_t media_count;
};
bool form_open(const struct bank *b, struct id form, struct form *out, struct err *e) MUST_USE;

/* --- preparing a session ------------------------------------------------------------------------ */
struct paper_candidate {
    struct id attempt;
    struct id form;
};
struct paper_room {
    uint32_t room; /* number in the session, from 1 */
    const struct paper_candidate *candidates;
    size_t count;
    /* Where room nodes serve it: for whom the package is sealed, and the sealed roster. */
    const struct paper_node *nodes;
    size_t node_count;
    struct bytes roster;
};
/* Signs BYTES (already with their type prefix) with the body's release key. */
struct release_signer {
    const char *kid; /* 8 hex digits */
    void *ctx;
    bool (*sign)(void *ctx, struct bytes message, unsigned char signature[SIGNATURE_BYTES],
                 struct err *e);
};
struct prepare_order {
    struct id session;
    const char *title;
    int64_t minutes;
    int64_t open_at_ms, close_at_ms;
    const struct paper_room *rooms;
    size_t room_count;
    const struct id *officers; /* accounts of 2 or 3 release officers who have keys */
    size_t officer_count;
    struct release_signer signer;
    /* Asked inside the transaction that stores them; NULL: yes. The sitting knows whether somebody
     * has begun, and papers lie to its left. */
    bool (*may)(struct db *db, struct id session, struct err *e);
    struct slow_cost phone_cost; /* zero: as designed (slots.h) */
    /* Where the pieces for the envelopes go; they are stored nowhere. */
    struct envelope_desk *envelopes;
};

/* The pieces for envelopes wait in locked memory until two people have printed them, each one half
 * and each half once; after a restart of the program the papers must be sealed anew to print. One
 * for the process; it locks itself. */
struct envelope_desk;
struct envelope_desk *envelope_desk_create(void);
void envelope_desk_destroy(struct envelope_desk *d); /* NULL is fine */
/* How many halves of a room wait to be printed: 2, 1 or 0. */
int envelope_desk_waiting(struct envelope_desk *d, struct id session, uint32_t room);
struct envelope_take {
    struct id session;
    uint32_t room, revision; /* revision: out */
    int half;                /* 0 A, 1 B */
    /* Makes the sheet of the piece; nothing is taken before it is there, and it may be handed out
     * only if the whole succeeded. */
    bool (*draw)(const struct envelope_take *t, const unsigned char piece[KEY_BYTES],
                 struct err *e);
    void *ctx; /* for DRAW */
};
/* Takes one half out for good, with its audit row. CONFLICT at "/half" if it is not there any
 * more, FORBIDDEN at "/half" if WHO has printed the other one. */
bool envelope_take(struct envelope_desk *d, struct db *db, const struct actor *who,
                   struct envelope_take *t, struct err *e) MUST_USE;

/* Everything in one transaction. Spares: max(2, 5 %) a room. Each blob is opened again and
 * compared before its plain text is dropped; K_S is split for the officers and wiped. A second
 * call for the session makes the next revision, until it is released (then CONFLICT). */
bool paper_prepare(const struct bank *b, const struct prepare_order *order,
                   struct err *e) MUST_USE;

struct paper_row {
    struct id id, session, attempt, form; /* attempt zero: a spare */
    uint32_t room, index, revision;
    bool spare;
    int64_t bytes, open_at_ms;
    unsigned char sha256[HASH_BYTES];
};
/* The paper of an attempt (NOT_FOUND at "paper" before preparing). */
bool paper_of_attempt(struct db *db, struct id attempt, struct paper_row *out,
                      struct err *e) MUST_USE;
bool paper_get(struct db *db, struct id paper, struct paper_row *out, struct err *e) MUST_USE;
bool paper_blob(struct db *db, struct arena *a, struct id paper, struct bytes *blob,
                struct err *e) MUST_USE;
bool paper_list(struct db *db, struct arena *a, struct id session, struct paper_row **out,
                size_t *count, struct err *e) MUST_USE;
/* Gives the next unused spare of that form in the room to an attempt (moved or broken). Inside
 * a transaction. */
bool paper_take_spare(struct db *db, struct id session, uint32_t room, struct id form,
                      struct id attempt, struct paper_row *out, struct err *e) MUST_USE;
/* The signed manifest of a room, as JCS text. */
bool paper_manifest(struct db *db, struct arena *a, struct id session, uint32_t room,
                    struct bytes *out, struct err *e) MUST_USE;
/* The sealed roster of a room that nodes serve. */
bool paper_roster(struct db *db, struct arena *a, struct id session, uint32_t room,
                  struct bytes *out, struct err *e) MUST_USE;
/* What the door list and the public page show: hex SHA-256 of the manifest. */
bool paper_manifest_check(struct arena *a, struct bytes manifest,
                          const unsigned char release_public[SIGN_PUBLIC_BYTES],
                          struct json_t **out, struct err *e) MUST_USE;

/* What is sealed beside the papers of one form in one room because it is too large to lie in each of
 * them: a sound or film (decision 0069). Its key stands in those papers. */
enum { OBJECT_FIRST = 1 << 24, SESSION_MEDIA_BYTES_MAX = 256 << 20 };
struct paper_object {
    struct id id, session, form;
    uint32_t room, index, revision; /* index from OBJECT_FIRST */
    int64_t bytes;
    unsigned char sha256[HASH_BYTES]; /* of the sealed bytes */
};
/* Of a room, by index; of a paper: those of its form in its room. */
bool paper_objects_of_room(struct db *db, struct arena *a, struct id session, uint32_t room,
                           struct paper_object **out, size_t *count, struct err *e) MUST_USE;
bool paper_objects_of(struct db *db, struct arena *a, struct id paper,
                      struct paper_object **out, size_t *count, struct err *e) MUST_USE;
/* NOT_FOUND at "object". */
bool paper_object_blob(struct db *db, struct arena *a, struct id object, struct bytes *blob,
                       struct err *e) MUST_USE;

/* --- officers and release ------------------------------------------------------------------------ */
enum { OFFICER_PASSPHRASE_MIN = 15, OFFICER_MEM_MIB = 256, OFFICER_PASSES = 3 };
/* A new X25519 key, its private half under the passphrase. MEM_MIB 0: OFFICER_MEM_MIB. */
bool officer_enrol(struct db *db, struct arena *a, const struct actor *who,
                   const char *passphrase, uint32_t mem_mib, struct err *e) MUST_USE;
bool officer_has_key(struct db *db, struct id account, bool *has, struct err *e) MUST_USE;

/* Shares that officers have armed, in locked memory, until release or ARM_BEFORE_MS + a day. One
 * for the process, made by app/; it locks itself. It knows wall and boot clock of its start. */
struct release_desk;
struct release_desk *release_desk_create(int64_t now_ms, int64_t boot_ms);
void release_desk_destroy(struct release_desk *d);

enum { ARM_BEFORE_MS = 60 * 60 * 1000, CLOCK_STEP_MAX_MS = 2000 };

struct arm_order {
    struct id session;
    const char *passphrase;
    int64_t now_ms, boot_ms; /* wall and CLOCK_BOOTTIME */
};
/* The actor opens the own box. From T−60 min; FORBIDDEN where the account is no officer of the
 * session or the passphrase is wrong; CONFLICT at "/open_at_ms" before T−60 min. *armed: how many
 * different officers have. */
bool officer_arm(struct release_desk *d, const struct bank *b, const struct arm_order *order,
                 int *armed, struct err *e) MUST_USE;
/* With two armed and not before open_at: K_S is rebuilt, each K_R checked against its
 * commitment and kept wrapped under the store key, K_S wiped. CONFLICT at "/open_at_ms" before
 * the time or when the wall clock stepped against the boot clock; CONFLICT at "/officers" with
 * fewer than two. */
bool paper_release(struct release_desk *d, const struct bank *b, struct id session,
                   int64_t now_ms, int64_t boot_ms, struct err *e) MUST_USE;

/* After the release: the halves of the phone codes that are for the actor, one a room; audited. */
struct release_code {
    uint32_t room;
    int half; /* 0 A, 1 B */
    const char *text;
};
bool release_codes(const struct bank *b, struct id session, struct release_code **out,
                   size_t *count, struct err *e) MUST_USE;
/* K_R of a released room, for a room that takes it online. CONFLICT at "/open_at_ms" before. */
bool paper_room_key(struct db *db, struct arena *a, const struct master *m, struct id session,
                    uint32_t room, unsigned char key[KEY_BYTES], struct err *e) MUST_USE;

struct release_state {
    bool prepared, released;
    int64_t open_at_ms, released_ms;
    int officers, armed;
    int64_t papers, spares;
};
bool paper_release_state(struct release_desk *d, struct db *db, struct id session,
                         struct release_state *out, struct err *e) MUST_USE;

/* --- after release ---------------------------------------------------------------------------- */
/* K_P of a paper: CONFLICT at "/open_at_ms" before release or open_at. */
bool paper_key_of(struct db *db, struct arena *a, const struct master *m, struct id paper,
                  int64_t now_ms, unsigned char key[KEY_BYTES], struct err *e) MUST_USE;
/* The exam JSON, with the key from there. */
bool paper_open(struct db *db, struct arena *a, struct id paper,
                const unsigned char key[KEY_BYTES], struct json_t **exam,
                struct err *e) MUST_USE;

/* --- scoring ---------------------------------------------------------------------------------- */
/* One answerable place of a paper. */
struct paper_place {
    int64_t n;
    const char *code; /* of the item */
    struct id version_id;
    int64_t part; /* of a case, from 0; -1: the whole item */
    const char *area, *point;
    const struct item_kind *kind; /* of the place */
    const void *body;             /* kind->score(body, response, millimarks, …) */
    int32_t millimarks;
    enum partial_credit partial;    /* as the section of the paper says */
    const char *stem;               /* for the marker; of a case: of the part */
    const struct json_t *item_json; /* the whole item with its key, guide, explanation */
    bool credit;                    /* everybody gets the marks (paper/key_change.h) */
    const void *const *also;        /* bodies whose keys are right too */
    size_t also_count;
};
struct key_set {
    struct id session;
    int64_t version;                      /* of the key set */
    unsigned char commitment[HASH_BYTES]; /* equals answer_key_commit of the manifests */
    const struct json_t *json;
};
/* The sealed key set of a session; INVALID at "/answer_key_commit" if it does not open to what
 * was committed before the sitting (S6). */
bool paper_key_set(struct db *db, struct arena *a, const struct master *m, struct id session,
                   struct key_set *out, struct err *e) MUST_USE;
/* The places of one paper, by n from 1: places[0].n == 1. Items are parsed once for the set. */
struct key_reader;
struct key_reader *key_reader_create(struct arena *a, const struct key_set *set, struct err *e);
bool paper_places(struct key_reader *r, struct arena *a, struct id paper,
                  struct paper_place **out, size_t *count, struct err *e) MUST_USE;

/* --- on paper ------------------------------------------------------------------------------------ */
struct print_order {
    const char *body_name;
    const char *title, *notes; /* notes may be NULL */
    int64_t minutes, created_ms;
    bool key;                       /* with key and explanation, for the marker */
    bool specimen;                  /* 样张 across each page */
    unsigned char seed[SEED_BYTES]; /* all zero: items and options as composed */
};
bool paper_print(struct arena *a, const struct form *form, const struct print_order *order,
                 struct bytes *pdf, struct err *e) MUST_USE;

#endif
