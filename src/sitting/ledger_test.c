/* sitting/ledger_test.c - remaining time as a function of rows. */
#include "sitting/ledger.h"

#include "base/arena.h"
#include "test/check.h"

enum { MIN = 60000 };

/* clang-format off */
#define SESSION    {{1}}
#define ROOM       {{2}}
#define OTHER_ROOM {{3}}
#define ATTEMPT    {{4}}
/* clang-format on */

#define ROW(kind_, scope_, id_, at_, minutes_)                                                 \
    {                                                                                          \
        .kind = LEDGER_##kind_, .scope = SCOPE_##scope_, .scope_id = id_, .at_ms = (at_)*MIN,  \
        .minutes = (minutes_), .reason = "x"                                                   \
    }

void ledger_clock_test(void)
{
    static const struct {
        const char *what;
        struct ledger_row rows[8];
        size_t count;
        int64_t now, remaining, deadline; /* minutes; deadline -1: none */
        bool paused;
    } cases[] = {
        {"nothing yet", {{0}}, 0, 100, 90, -1, false},
        {"start ahead", {ROW(START, ROOM, ROOM, 110, 0)}, 1, 100, 90, -1, false},
        {"running", {ROW(START, ROOM, ROOM, 100, 0)}, 1, 130, 60, 190, false},
        {"over", {ROW(START, ROOM, ROOM, 100, 0)}, 1, 500, 0, 190, false},
        {"another room's start", {ROW(START, ROOM, OTHER_ROOM, 100, 0)}, 1, 130, 90, -1, false},
        {"the narrowest start counts",
         {ROW(START, SESSION, SESSION, 100, 0), ROW(START, ATTEMPT, ATTEMPT, 110, 0),
          ROW(START, ROOM, ROOM, 105, 0)},
         3,
         130,
         70,
         200,
         false},
        {"put off, and nobody has set a start",
         {ROW(PUT_OFF, SESSION, SESSION, 120, 0)},
         1,
         130,
         90,
         -1,
         false},
        {"put off behind the room's start",
         {ROW(START, ROOM, ROOM, 100, 0), ROW(PUT_OFF, SESSION, SESSION, 120, 0)},
         2,
         130,
         80,
         210,
         false},
        {"put off to before the room's start",
         {ROW(PUT_OFF, SESSION, SESSION, 100, 0), ROW(START, ROOM, ROOM, 110, 0)},
         2,
         130,
         70,
         200,
         false},
        {"put off when the room had begun",
         {ROW(START, ROOM, ROOM, 100, 0),
          {.kind = LEDGER_PUT_OFF,
           .scope = SCOPE_SESSION,
           .scope_id = SESSION,
           .at_ms = (int64_t)120 * MIN,
           .server_ms = (int64_t)101 * MIN,
           .reason = "x"}},
         2,
         130,
         60,
         190,
         false},
        {"extra time of each scope, each once",
         {ROW(START, ROOM, ROOM, 100, 0), ROW(EXTEND, SESSION, SESSION, 100, 5),
          ROW(EXTEND, ROOM, ROOM, 120, 10), ROW(EXTEND, ATTEMPT, ATTEMPT, 125, 20),
          ROW(EXTEND, ROOM, OTHER_ROOM, 125, 40)},
         5,
         130,
         95,
         225,
         false},
        {"extra time before the start",
         {ROW(EXTEND, ATTEMPT, ATTEMPT, 90, 30), ROW(START, ROOM, ROOM, 100, 0)},
         2,
         130,
         90,
         220,
         false},
        {"extra time after the end",
         {ROW(START, ROOM, ROOM, 100, 0), ROW(EXTEND, ROOM, ROOM, 195, 10)},
         2,
         196,
         4,
         200,
         false},
        {"paused now",
         {ROW(START, ROOM, ROOM, 100, 0), ROW(PAUSE, ROOM, ROOM, 120, 0)},
         2,
         150,
         70,
         -1,
         true},
        {"paused and resumed",
         {ROW(START, ROOM, ROOM, 100, 0), ROW(PAUSE, ROOM, ROOM, 120, 0),
          ROW(RESUME, ROOM, ROOM, 150, 0)},
         3,
         160,
         60,
         220,
         false},
        {"overlapping pauses count once",
         {ROW(START, ROOM, ROOM, 100, 0), ROW(PAUSE, ROOM, ROOM, 120, 0),
          ROW(PAUSE, ATTEMPT, ATTEMPT, 130, 0), ROW(RESUME, ROOM, ROOM, 140, 0),
          ROW(RESUME, ATTEMPT, ATTEMPT, 150, 0)},
         5,
         160,
         60,
         220,
         false},
        {"a pause before the start",
         {ROW(PAUSE, ROOM, ROOM, 90, 0), ROW(START, ROOM, ROOM, 100, 0),
          ROW(RESUME, ROOM, ROOM, 110, 0)},
         3,
         120,
         80,
         200,
         false},
        {"a pause after the end moves nothing",
         {ROW(START, ROOM, ROOM, 100, 0), ROW(PAUSE, ROOM, ROOM, 200, 0),
          ROW(RESUME, ROOM, ROOM, 220, 0)},
         3,
         300,
         0,
         190,
         false},
        {"a pause inside, asked long after",
         {ROW(START, ROOM, ROOM, 100, 0), ROW(PAUSE, ROOM, ROOM, 120, 0),
          ROW(RESUME, ROOM, ROOM, 150, 0)},
         3,
         900,
         0,
         220,
         false},
    };
    struct ledger_who who = {SESSION, ROOM, ATTEMPT};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct exam_clock c = ledger_clock(cases[i].rows, cases[i].count, &who, 90,
                                           cases[i].now * MIN);
        CHECK_INT(cases[i].what, c.remaining_ms, cases[i].remaining * MIN);
        CHECK_INT(cases[i].what, c.paused, cases[i].paused);
        CHECK_INT(cases[i].what, c.deadline_ms,
                  cases[i].deadline < 0 ? 0 : cases[i].deadline * MIN);
    }
}

void ledger_rules_test(void)
{
    struct ledger_row started = ROW(START, ROOM, ROOM, 100, 0);
    struct ledger_row paused[] = {started, ROW(PAUSE, ROOM, ROOM, 110, 0)};
    static const struct {
        const char *what, *field;
        bool with_pause;
        struct ledger_row row;
        enum err_code code;
    } cases[] = {
        {"pause", NULL, false, ROW(PAUSE, ROOM, ROOM, 120, 0), ERR_NONE},
        {"pause twice", "/kind", true, ROW(PAUSE, ROOM, ROOM, 120, 0), ERR_CONFLICT},
        {"pause of another scope", NULL, true, ROW(PAUSE, ATTEMPT, ATTEMPT, 120, 0), ERR_NONE},
        {"resume", NULL, true, ROW(RESUME, ROOM, ROOM, 120, 0), ERR_NONE},
        {"resume what runs", "/kind", false, ROW(RESUME, ROOM, ROOM, 120, 0), ERR_CONFLICT},
        {"extend", NULL, false, ROW(EXTEND, ROOM, ROOM, 120, 240), ERR_NONE},
        {"extend by nothing", "/minutes", false, ROW(EXTEND, ROOM, ROOM, 120, 0), ERR_INVALID},
        {"extend too far", "/minutes", false, ROW(EXTEND, ROOM, ROOM, 120, 241), ERR_INVALID},
        {"start again", "/kind", false, ROW(START, ROOM, ROOM, 120, 0), ERR_CONFLICT},
        {"start another", NULL, false, ROW(START, ROOM, OTHER_ROOM, 120, 0), ERR_NONE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = {0};
        bool ok = ledger_may_add(paused, cases[i].with_pause ? 2 : 1, &cases[i].row, 120 * MIN,
                                 &e);
        CHECK_INT(cases[i].what, e.code, cases[i].code);
        CHECK_INT(cases[i].what, ok, cases[i].code == ERR_NONE);
        if (!ok)
            CHECK_TEXT(cases[i].what, e.field, cases[i].field);
    }
    struct ledger_row silent = ROW(EXTEND, ROOM, ROOM, 120, 5);
    struct err e = {0};
    silent.reason = "";
    CHECK_REFUSED("no reason", ledger_may_add(&started, 1, &silent, 120 * MIN, &e), &e, INVALID,
                  "/reason");
}
