/* fault/serve.c - a stage for the parts that play in a browser (tests/browser/fault.mjs). Prints a
 * line of JSON with the address and the seats, then obeys lines on stdin and answers each with one:
 *
 *   admit          the invigilator lets everybody in and starts the room
 *   kill, start    the server dies, comes back
 *   run MS         time goes on by MS for the server (clients were asleep)
 *   utc MS         the server's time of day is set by MS
 *   takeover N     the invigilator gives a code for seat N
 *   tile N         seat N as the invigilator sees it
 *   answers N      what the journal of seat N on the disk folds to */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/client.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/json_out.h"
#include "fault.h"
#include "serve.h"

enum { LINE_BYTES = 80, CALL_ARENA_BYTES = 16 << 20 };

static void say(struct json_out *o)
{
    puts(json_out_text(o));
    fflush(stdout);
}

static void say_seats(struct world *w)
{
    struct json_out *o = json_out_create(w->arena);
    out_object(o);
    put_text(o, "url", w->stage.server.url);
    put_int(o, "minutes", STAGE_MINUTES);
    put_array(o, "seats");
    for (size_t i = 0; i < w->stage.count; i++) {
        out_object(o);
        put_id(o, "attempt", w->stage.seats[i].attempt);
        put_text(o, "ticket", w->stage.seats[i].ticket);
        put_text(o, "document", w->stage.seats[i].document);
        out_object_end(o);
    }
    out_array_end(o);
    out_object_end(o);
    say(o);
}

static void say_done(struct world *w, bool ok)
{
    struct json_out *o = json_out_create(w->arena);
    out_object(o);
    put_bool(o, "ok", ok);
    put_int(o, "now_ms",
            clock_now_ms() + atomic_load(&w->shim->utc_shift_ms) +
                atomic_load(&w->shim->run_shift_ms));
    out_object_end(o);
    say(o);
}

static void say_tile(struct world *w, size_t seat)
{
    struct arena *a = arena_create(CALL_ARENA_BYTES);
    struct err e = {0};
    json_t *room, *tile, *found = NULL;
    char id[ID_TEXT_BYTES], attempt[ID_TEXT_BYTES];
    size_t i;
    id_write(w->stage.rooms[0].id, id);
    id_write(w->stage.seats[seat].attempt, attempt);
    NEED(client_json(w->invigilator, a, "GET", arena_printf(a, "/api/rooms/%s", id), NULL,
                     &room, &e),
         "the room", &e);
    json_array_foreach(json_object_get(room, "tiles"), i, tile)
    {
        const char *text = json_member_text(tile, "attempt");
        if (text && strcmp(text, attempt) == 0)
            found = tile;
    }
    struct json_out *o = json_out_create(a);
    out_object(o);
    put_json(o, "tile", found);
    put_json(o, "clock", json_object_get(room, "clock"));
    out_object_end(o);
    say(o);
    arena_destroy(a);
}

static void say_code(struct world *w, size_t seat)
{
    struct arena *a = arena_create(CALL_ARENA_BYTES);
    struct err e = {0};
    json_t *answer;
    char id[ID_TEXT_BYTES], attempt[ID_TEXT_BYTES];
    id_write(w->stage.rooms[0].id, id);
    id_write(w->stage.seats[seat].attempt, attempt);
    NEED(client_json(w->invigilator, a, "POST", arena_printf(a, "/api/rooms/%s/takeover", id),
                     json_pack("{s:s, s:s}", "attempt", attempt, "reason", "主机损坏"), &answer,
                     &e),
         "the code", &e);
    struct json_out *o = json_out_create(a);
    out_json(o, answer);
    say(o);
    arena_destroy(a);
}

static bool is_seat(const struct world *w, long long n)
{
    return n >= 0 && (size_t)n < w->stage.count;
}

/* The line is obeyed whole or the harness ends: a script that mistypes must not pass. */
static void obey(struct world *w, const char *line)
{
    char word[16] = "";
    long long n = 0;
    int words = sscanf(line, "%15s %lld", word, &n);
    struct err e = {0};
    if (strcmp(word, "admit") == 0) {
        say_done(w, stage_admit(&w->stage, w->invigilator, 0, &e));
    } else if (strcmp(word, "kill") == 0) {
        world_kill(w);
        say_done(w, true);
    } else if (strcmp(word, "start") == 0) {
        say_done(w, world_serve(w));
    } else if (strcmp(word, "run") == 0 && words == 2) {
        atomic_fetch_add(&w->shim->run_shift_ms, n);
        say_done(w, true);
    } else if (strcmp(word, "utc") == 0 && words == 2) {
        atomic_fetch_add(&w->shim->utc_shift_ms, n);
        say_done(w, true);
    } else if (strcmp(word, "takeover") == 0 && words == 2 && is_seat(w, n)) {
        say_code(w, (size_t)n);
    } else if (strcmp(word, "tile") == 0 && words == 2 && is_seat(w, n)) {
        say_tile(w, (size_t)n);
    } else if (strcmp(word, "answers") == 0 && words == 2 && is_seat(w, n)) {
        say_answers(w, (size_t)n);
    } else {
        die(line, NULL);
    }
}

int serve(size_t candidates, long zone_minutes)
{
    struct part unused = {
        .name = "serve", .seed = 1, .zone_offset_ms = (int64_t)zone_minutes * 60000};
    struct world w;
    char line[LINE_BYTES];
    world_stage(&w, &unused, candidates, true);
    say_seats(&w);
    while (fgets(line, sizeof line, stdin))
        obey(&w, line);
    world_end(&w);
    return 0;
}
