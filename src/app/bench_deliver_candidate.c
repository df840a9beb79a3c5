/* app/bench_deliver_candidate.c - one candidate of the load: each step of the exam protocol sends a
 * request and reads its answer; what is refused for a time is sent again. */
#include <stdlib.h>
#include <string.h>

#include "app/bench_deliver_load.h"
#include "base/arena.h"
#include "base/clock.h"
#include "paper/blob.h"

enum load_step {
    STEP_ENTER,
    STEP_WAIT,
    STEP_CLAIM,
    STEP_PAPER,
    STEP_KEY,
    STEP_START,
    STEP_SAVE,
    STEP_SEAL,
    STEP_RECEIPT,
    STEPS
};

enum { SCRATCH_BYTES = 8 << 20, AGAIN_MS = 200, WAIT_MS = 2000, ITEMS = 100 };
static const char journal_type[] = "application/vnd.heng.journal";

static void take_step(void *ctx);

/* --- what is sent ------------------------------------------------------------------------------- */
static void answered(void *ctx, const struct wire_answer *answer);

static void call(struct load_candidate *c, struct wire_connection *via, struct wire_call *call)
{
    call->answered = answered;
    call->ctx = c;
    call->due_us = c->due_us;
    wire_call(via, call);
}

static void post(struct load_candidate *c, const char *path, const char *json)
{
    struct wire_call request = {
        .method = "POST", .path = path, .body = {(const unsigned char *)json, strlen(json)}};
    call(c, c->line, &request);
}

static void get(struct load_candidate *c, struct arena *a, const char *what)
{
    char id[ID_TEXT_BYTES];
    id_write(c->seat->attempt, id);
    struct wire_call request = {.method = "GET",
                                .path = arena_printf(a, "/api/sit/%s/%s", id, what)};
    request.authorization = play_authorization(c->device, a, "GET", request.path,
                                               (struct bytes){NULL, 0});
    call(c, c->line, &request);
}

static void send_enter(struct load_candidate *c, struct arena *a)
{
    post(c, "/api/sit/enter",
         arena_printf(a, "{\"ticket\":\"%s\",\"document\":\"%s\"}", c->seat->ticket,
                      c->seat->document));
}

static void send_wait(struct load_candidate *c, struct arena *a)
{
    char id[ID_TEXT_BYTES];
    id_write(c->seat->attempt, id);
    post(c, "/api/sit/wait",
         arena_printf(a, "{\"attempt\":\"%s\",\"challenge\":\"%s\"}", id,
                      base64url_write(a, c->challenge, sizeof c->challenge)));
}

static void send_claim(struct load_candidate *c, struct arena *a)
{
    char id[ID_TEXT_BYTES], claim[ID_TEXT_BYTES];
    unsigned char signature[64];
    play_claim_sign(c->device, c->challenge, c->claim, signature);
    id_write(c->seat->attempt, id);
    id_write(c->claim, claim);
    post(c, "/api/sit/claim",
         arena_printf(a,
                      "{\"attempt\":\"%s\",\"claim_id\":\"%s\",\"pub\":\"%s\",\"sig\":\"%s\"}",
                      id, claim, base64url_write(a, c->device->pub, DEVICE_PUBLIC_BYTES),
                      base64url_write(a, signature, sizeof signature)));
}

static void send_save(struct load_candidate *c, struct arena *a)
{
    char id[ID_TEXT_BYTES];
    id_write(c->seat->attempt, id);
    struct wire_call request = {.method = "POST",
                                .path = arena_printf(a, "/api/sit/%s/journal", id),
                                .media_type = journal_type,
                                .body = play_body(c->device, a)};
    call(c, c->via, &request);
}

/* --- what is written ---------------------------------------------------------------------------- */
static void remember(struct load_candidate *c)
{
    if (c->sent == c->hashes_room) {
        c->hashes_room = c->hashes_room ? c->hashes_room * 2 : 32;
        c->hashes = realloc(c->hashes, c->hashes_room * sizeof *c->hashes);
        if (!c->hashes)
            abort();
    }
    memcpy(c->hashes[c->sent++], c->device->head, HASH_BYTES);
}

static void set_clocks(struct load_candidate *c)
{
    c->device->client_ms = clock_now_ms();
    c->device->mono_ms = clock_boot_ms();
}

static void write_start(struct load_candidate *c)
{
    set_clocks(c);
    play_write(c->device, ENTRY_START, 0, "{\"client\":\"bench\"}");
    remember(c);
}

static void write_answer(struct load_candidate *c)
{
    static const char *const choices[] = {"[\"A\"]", "[\"B\"]", "[\"C\"]", "[\"D\"]"};
    set_clocks(c);
    play_write(c->device, ENTRY_ANSWER, (uint16_t)(c->sent % ITEMS + 1), choices[c->sent % 4]);
    remember(c);
}

static void write_seal(struct load_candidate *c, struct arena *a)
{
    set_clocks(c);
    play_write_signed(c->device, a, ENTRY_SEAL,
                      "{\"answered\":100,\"deadline_ms\":0,\"ledger\":0,"
                      "\"reason\":\"hand_in\"}");
    remember(c);
}

/* --- what is answered ----------------------------------------------------------------------------- */
/* The text value of a member whose name occurs once in the answer. */
static const char *member(struct arena *a, const struct wire_answer *answer, const char *name)
{
    const char *want = arena_printf(a, "\"%s\":\"", name);
    const char *at = memmem(answer->body.at, answer->body.len, want, strlen(want));
    if (!at)
        return NULL;
    at += strlen(want);
    return arena_copy(a, at, strcspn(at, "\""));
}

static bool member_bytes(struct arena *a, const struct wire_answer *answer, const char *name,
                         unsigned char *out, size_t len)
{
    struct bytes value;
    const char *text = member(a, answer, name);
    if (!text || !base64url_read(a, text, strlen(text), &value) || value.len != len)
        return false;
    memcpy(out, value.at, len);
    return true;
}

static bool says(const struct wire_answer *answer, const char *what)
{
    return memmem(answer->body.at, answer->body.len, what, strlen(what)) != NULL;
}

static bool read_enter(struct load_candidate *c, struct arena *a,
                       const struct wire_answer *answer)
{
    c->step = says(answer, "\"admitted\":true") ? STEP_CLAIM : STEP_WAIT;
    if (!member_bytes(a, answer, "challenge", c->challenge, sizeof c->challenge))
        return false;
    c->load->entered[c->seat->room]++;
    return true;
}

static bool read_wait(struct load_candidate *c, const struct wire_answer *answer)
{
    if (says(answer, "\"admitted\":true"))
        c->step = STEP_CLAIM;
    return true;
}

static void stream_began(void *ctx, const struct wire_answer *answer)
{
    struct load_candidate *c = ctx;
    if (answer->status != 200 && !c->load->survives)
        load_error(c->load, "events", answer);
}

static void open_events(struct load_candidate *c, struct arena *a)
{
    char id[ID_TEXT_BYTES];
    id_write(c->seat->attempt, id);
    struct wire_call request = {.method = "GET",
                                .path = arena_printf(a, "/api/sit/%s/events", id),
                                .stream = true,
                                .answered = stream_began,
                                .ctx = c};
    request.authorization = play_authorization(c->device, a, "GET", request.path,
                                               (struct bytes){NULL, 0});
    wire_call(c->events, &request);
}

static bool read_claim(struct load_candidate *c, struct arena *a,
                       const struct wire_answer *answer)
{
    unsigned char save[KEY_BYTES], main_head[HASH_BYTES];
    const char *head = member(a, answer, "main_head"), *sha = member(a, answer, "sha256");
    if (!member_bytes(a, answer, "save", save, sizeof save) || !head || !sha ||
        !hex_read(main_head, HASH_BYTES, head) || !hex_read(c->paper_sha, HASH_BYTES, sha) ||
        !says(answer, "\"epoch\":1,"))
        return false;
    play_claimed(c->device, 1, save, c->paper_sha, main_head);
    c->step = STEP_PAPER;
    open_events(c, a);
    return true;
}

static bool read_paper(struct load_candidate *c, const struct wire_answer *answer)
{
    unsigned char hash[HASH_BYTES];
    hash_of(hash, answer->body.at, answer->body.len);
    if (memcmp(hash, c->paper_sha, HASH_BYTES) != 0)
        return false;
    c->blob_len = answer->body.len;
    c->blob = malloc(c->blob_len);
    if (!c->blob)
        abort();
    memcpy(c->blob, answer->body.at, c->blob_len);
    c->step = STEP_KEY;
    return true;
}

/* The sealed paper opens, and question 1 is in it. */
static bool read_key(struct load_candidate *c, struct arena *a,
                     const struct wire_answer *answer)
{
    unsigned char key[KEY_BYTES];
    struct bytes plain;
    struct err e = {0};
    bool ok = member_bytes(a, answer, "key", key, sizeof key) &&
              blob_open(a, (struct bytes){c->blob, c->blob_len}, key, NULL, &plain, &e) &&
              memmem(plain.at, plain.len, "\"n\":1,", 6);
    free(c->blob);
    c->blob = NULL;
    c->step = STEP_START;
    return ok;
}

static void log_acknowledged(struct load_candidate *c, uint32_t from)
{
    char id[ID_TEXT_BYTES], hash[2 * HASH_BYTES + 1];
    id_write(c->seat->attempt, id);
    for (uint32_t seq = from + 1; seq <= c->acknowledged; seq++) {
        hex_write(hash, c->hashes[seq - 1], HASH_BYTES);
        fprintf(c->load->log, "%s %u %u %s\n", id, c->device->epoch, seq, hash);
    }
}

/* It must name the very bytes that were sent, and the main line. */
static bool read_saved(struct load_candidate *c, const struct wire_answer *answer)
{
    char want[16 + 2 * HASH_BYTES] = "\"hash\":\"";
    hex_write(want + 8, c->device->head, HASH_BYTES);
    if (!says(answer, want) || !says(answer, "\"branch\":\"main\""))
        return false;
    uint32_t from = c->acknowledged;
    c->acknowledged = c->sent;
    play_acknowledged(c->device);
    if (c->load->log)
        log_acknowledged(c, from);
    return true;
}

static bool read_receipt(struct load_candidate *c, const struct wire_answer *answer)
{
    char want[16 + 2 * HASH_BYTES] = "\"head\":\"";
    hex_write(want + 8, c->device->head, HASH_BYTES);
    c->load->handed_in++;
    return says(answer, want) && says(answer, "\"sig\":\"");
}

/* --- the script ----------------------------------------------------------------------------------- */
static void over(struct load_candidate *c)
{
    c->load->busy--;
    if (c->after)
        c->after(c, c->after_ctx);
}

static void stop(struct load_candidate *c)
{
    c->stopped = true;
    c->load->stopped++;
    over(c);
}

static void again_after(struct load_candidate *c, int64_t ms)
{
    int64_t us = ms * 750 + load_chance(c->load, ms * 500);
    c->due_us = wire_now_us() + us;
    wire_at(c->load->wire, c->due_us, take_step, c);
}

static void go_on(struct load_candidate *c, int before)
{
    struct load *l = c->load;
    switch (before) {
    case STEP_START:
        c->ready = true;
        l->ready++;
        latency_add(&l->phase->latency, wire_now_us() - c->began_us);
        over(c);
        return;
    case STEP_SAVE:
        over(c);
        return;
    case STEP_SEAL:
        c->sealed = true;
        c->step = STEP_RECEIPT;
        break;
    case STEP_RECEIPT:
        latency_add(&l->phase->latency, wire_now_us() - c->began_us);
        over(c);
        return;
    default:
        break;
    }
    if (c->step == STEP_WAIT)
        again_after(c, WAIT_MS);
    else
        take_step(c);
}

static bool read_answer(struct load_candidate *c, const struct wire_answer *answer)
{
    struct arena *a = arena_create(SCRATCH_BYTES);
    bool ok = false;
    switch (c->step) {
    case STEP_ENTER:
        ok = read_enter(c, a, answer);
        break;
    case STEP_WAIT:
        ok = read_wait(c, answer);
        break;
    case STEP_CLAIM:
        ok = read_claim(c, a, answer);
        break;
    case STEP_PAPER:
        ok = read_paper(c, answer);
        break;
    case STEP_KEY:
        ok = read_key(c, a, answer);
        break;
    case STEP_RECEIPT:
        ok = read_receipt(c, answer);
        break;
    default:
        ok = read_saved(c, answer);
        break;
    }
    arena_destroy(a);
    return ok;
}

static const struct {
    const char *name;
    int row; /* of phase.steps */
} step_names[STEPS] = {
    [STEP_ENTER] = {"enter", 0}, [STEP_WAIT] = {"wait", 1}, [STEP_CLAIM] = {"claim", 2},
    [STEP_PAPER] = {"paper", 3}, [STEP_KEY] = {"key", 4},   [STEP_START] = {"start", 5},
    [STEP_SAVE] = {"save", 0},   [STEP_SEAL] = {"seal", 0}, [STEP_RECEIPT] = {"receipt", 1},
};

static void answered(void *ctx, const struct wire_answer *answer)
{
    struct load_candidate *c = ctx;
    struct load *l = c->load;
    int step = c->step;
    if (answer->status == 429 || answer->status == 503) {
        l->phase->refused++;
        again_after(c, answer->retry_ms ? answer->retry_ms : AGAIN_MS);
        return;
    }
    if (answer->status == 0) {
        if (!l->survives)
            load_error(l, step_names[step].name, answer);
        again_after(c, AGAIN_MS);
        return;
    }
    l->phase->steps[step_names[step].row].name = step_names[step].name;
    latency_add(&l->phase->steps[step_names[step].row].latency, answer->us);
    if (answer->status != 200 || !read_answer(c, answer)) {
        load_error(l, step_names[step].name, answer);
        stop(c);
        return;
    }
    c->due_us = 0;
    go_on(c, step);
}

static void take_step(void *ctx)
{
    struct load_candidate *c = ctx;
    struct arena *a = arena_create(SCRATCH_BYTES);
    switch (c->step) {
    case STEP_ENTER:
        send_enter(c, a);
        break;
    case STEP_WAIT:
        send_wait(c, a);
        break;
    case STEP_CLAIM:
        send_claim(c, a);
        break;
    case STEP_PAPER:
        get(c, a, "paper");
        break;
    case STEP_KEY:
        get(c, a, "key");
        break;
    case STEP_START:
        if (c->device->len == 0)
            write_start(c);
        send_save(c, a);
        break;
    case STEP_SAVE:
        if (c->device->len == 0)
            write_answer(c);
        send_save(c, a);
        break;
    case STEP_SEAL:
        if (c->device->len == 0)
            write_seal(c, a);
        send_save(c, a);
        break;
    default:
        get(c, a, "receipt");
        break;
    }
    arena_destroy(a);
}

static void begin(struct load_candidate *c, int step, struct wire_connection *via)
{
    c->step = step;
    c->via = via;
    c->began_us = wire_now_us();
    c->due_us = 0;
    c->after = NULL;
    c->load->busy++;
}

void candidate_sign_in(struct load_candidate *c)
{
    begin(c, STEP_ENTER, c->line);
    take_step(c);
}

void candidate_save(struct load_candidate *c, struct wire_connection *via, int64_t due_us,
                    void (*after)(struct load_candidate *c, void *ctx), void *ctx)
{
    begin(c, STEP_SAVE, via);
    c->due_us = due_us;
    c->after = after;
    c->after_ctx = ctx;
    take_step(c);
}

void candidate_hand_in(struct load_candidate *c)
{
    begin(c, STEP_SEAL, c->line);
    take_step(c);
}
