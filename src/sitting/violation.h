/* sitting/violation.h - violations: recorded at the time by one, witnessed by another, answered by
 * the candidate, decided by two people. Codes and consequences are data/violation_codes.json,
 * after 人社部令第31号; a decided violation voids the result (award/). */
#ifndef SITTING_VIOLATION_H
#define SITTING_VIOLATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"

struct actor;
struct approval;
struct arena;
struct db;
struct journal_writer;
struct json_out;
struct live_attempt;

/* The codes as their file has them, as members of an open object: "source", "codes". */
bool violation_codes_put(struct arena *a, struct json_out *o, struct err *e) MUST_USE;

/* What the file calls a code; the code itself where the file has none. */
const char *violation_code_name(struct arena *a, const char *code);

struct violation {
    struct id id, session, attempt, entry, reporter, witness;
    const char *code;
    int64_t trigger; /* index into the code's triggers */
    const char *note;
    bool told; /* the candidate was told at the time */
    int64_t at_ms;
    const char *statement; /* of the candidate; NULL */
    const char *state;     /* reported, witnessed, decided, dismissed */
    const char *decided_code, *decision;
    struct id decided_by, decided_second;
    int64_t decided_ms, seat_no;
    const char *name;
};

struct violation_report {
    const char *code, *note;
    int64_t trigger;
    bool told;
    struct id id; /* out */
};
/* INVALID at "/code", "/trigger", "/note". The candidate's page is told when TOLD. */
bool violation_report(struct journal_writer *w, const struct actor *who, struct live_attempt *a,
                      struct violation_report *in, struct err *e) MUST_USE;
/* Another invigilator signs: CONFLICT at "/witness" for the reporter or when it is signed. */
bool violation_witness(struct db *db, const struct actor *who, struct id violation,
                       struct err *e) MUST_USE;
bool violation_statement(struct db *db, const struct actor *who, struct id violation,
                         const char *text, struct err *e) MUST_USE;
/* Execute of the approval; {"violation","code"|null,"decision"}: code null dismisses it. */
bool violation_decide_execute(struct db *db, struct arena *a, const struct approval *p,
                              const struct actor *who, void *app, struct err *e);

bool violation_get(struct db *db, struct arena *a, struct id body, struct id id,
                   struct violation *out, struct err *e) MUST_USE;
bool violation_list(struct db *db, struct arena *a, struct id body, struct id session,
                    struct violation **out, size_t *count, struct err *e) MUST_USE;
void violation_out(struct json_out *o, const struct violation *v);

#endif
