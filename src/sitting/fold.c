/* sitting/fold.c - current answers from the rows of a journal; pure. */
#include "sitting/fold.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"

void fold_estimate(const struct journal_row *const *rows, size_t count, int64_t opened_ms,
                   struct made *out)
{
    int64_t known_ms = opened_ms, at_mono = count ? rows[0]->entry.mono_ms : 0;
    for (size_t i = 0; i < count; i++) {
        const struct journal_entry *entry = &rows[i]->entry;
        if (entry->kind == ENTRY_CLOCK) {
            struct arena *a = arena_create(1 << 20);
            struct err e = {0};
            json_t *v = json_read(a, entry->payload.at, entry->payload.len, &e);
            int64_t told = v ? json_member_int(v, "server_ms", 0) : 0;
            if (told > known_ms + (entry->mono_ms - at_mono)) {
                known_ms = told;
                at_mono = entry->mono_ms;
            }
            arena_destroy(a);
        }
        out[i].estimate_ms = known_ms + (entry->mono_ms - at_mono);
    }
    int64_t latest = INT64_MAX;
    for (size_t i = count; i-- > 0;) {
        if (i + 1 < count && latest != INT64_MAX) {
            int64_t between = rows[i + 1]->entry.mono_ms - rows[i]->entry.mono_ms;
            latest -= between > 0 ? between : 0;
        }
        if (rows[i]->received_ms < latest)
            latest = rows[i]->received_ms;
        out[i].latest_ms = latest;
        if (out[i].estimate_ms > latest)
            out[i].estimate_ms = latest;
    }
}

static bool is_accepted(const struct fold_input *in, const struct journal_row *r)
{
    for (size_t i = 0; i < in->decision_count; i++)
        if (in->decisions[i].epoch == r->entry.epoch && r->entry.seq <= in->decisions[i].seq)
            return true;
    return false;
}

/* By epoch and seq; what was accepted from aside behind the main line's entry of that place. */
static int by_place(const void *x, const void *y)
{
    const struct journal_row *p = *(const struct journal_row *const *)x;
    const struct journal_row *q = *(const struct journal_row *const *)y;
    if (p->entry.epoch != q->entry.epoch)
        return p->entry.epoch < q->entry.epoch ? -1 : 1;
    if (p->entry.seq != q->entry.seq)
        return p->entry.seq < q->entry.seq ? -1 : 1;
    if (p->branch != q->branch)
        return p->branch < q->branch ? -1 : 1;
    return p->id < q->id ? -1 : p->id > q->id;
}

struct folding {
    struct arena *arena;
    const struct fold_input *in;
    struct attempt_answers *out;
    size_t item_max;
    struct answer *by_item; /* index 0 is not used */
    bool *seen;
};

static bool is_json(const struct journal_entry *entry)
{
    struct arena *a = arena_create(64 << 20);
    struct err e = {0};
    bool ok = json_read(a, entry->payload.at, entry->payload.len, &e) != NULL;
    arena_destroy(a);
    return ok;
}

static void take(struct folding *f, const struct journal_entry *entry)
{
    bool about_item = entry->item > 0 &&
                      (entry->kind == ENTRY_ANSWER || entry->kind == ENTRY_CLEAR ||
                       entry->kind == ENTRY_FLAG || entry->kind == ENTRY_VISIT);
    if (!is_json(entry)) {
        f->out->unreadable++;
        return;
    }
    if (!about_item)
        return;
    struct answer *x = &f->by_item[entry->item];
    f->seen[entry->item] = true;
    x->item = entry->item;
    switch (entry->kind) {
    case ENTRY_ANSWER:
        x->response = entry->payload;
        x->client_ms = entry->client_ms;
        x->visited = true;
        f->out->last_item = entry->item;
        break;
    case ENTRY_CLEAR:
        x->response = (struct bytes){NULL, 0};
        x->client_ms = entry->client_ms;
        break;
    case ENTRY_FLAG:
        x->flagged = entry->payload.len == 4 && memcmp(entry->payload.at, "true", 4) == 0;
        break;
    default:
        x->visited = true;
        f->out->last_item = entry->item;
    }
}

/* One epoch: says of each row when it was made and takes those that count. */
static void fold_epoch(struct folding *f, const struct journal_row *const *rows, size_t count)
{
    uint32_t epoch = rows[0]->entry.epoch;
    int64_t opened = epoch <= f->in->epoch_count ? f->in->opened_ms[epoch - 1] : 0;
    struct made *made = arena_array(f->arena, struct made, count);
    fold_estimate(rows, count, opened, made);
    for (size_t i = 0; i < count; i++) {
        int64_t deadline = f->in->deadline_ms;
        if (deadline && made[i].estimate_ms > deadline) {
            f->out->late++;
            continue;
        }
        if (deadline && made[i].latest_ms > deadline && !f->in->vouched)
            f->out->doubtful++;
        take(f, &rows[i]->entry);
    }
}

static void gather(struct folding *f)
{
    size_t items = 0;
    for (size_t i = 1; i <= f->item_max; i++)
        items += f->seen[i];
    f->out->items = arena_array(f->arena, struct answer, items);
    for (size_t i = 1; i <= f->item_max; i++)
        if (f->seen[i]) {
            f->out->items[f->out->count++] = f->by_item[i];
            f->out->answered += f->by_item[i].response.at != NULL;
        }
}

void fold(struct arena *a, const struct fold_input *in, struct attempt_answers *out)
{
    struct arena *scratch = arena_create((size_t)64 << 20);
    const struct journal_row **rows = arena_array(a, const struct journal_row *, in->count + 1);
    size_t count = 0;
    enum attempt_state state = out->state;
    *out = (struct attempt_answers){.state = state, .deadline_ms = in->deadline_ms};
    struct folding f = {.arena = a, .in = in, .out = out};
    for (size_t i = 0; i < in->count; i++) {
        const struct journal_row *r = &in->rows[i];
        if (r->entry.item > f.item_max)
            f.item_max = r->entry.item;
        out->entries += r->branch == BRANCH_MAIN;
        out->aside += r->branch == BRANCH_ASIDE;
        if (r->branch == BRANCH_MAIN || is_accepted(in, r))
            rows[count++] = r;
    }
    f.by_item = arena_array(scratch, struct answer, f.item_max + 1);
    f.seen = arena_array(scratch, bool, f.item_max + 1);
    qsort(rows, count, sizeof *rows, by_place);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i; end < count && rows[end]->entry.epoch == rows[i]->entry.epoch;)
            end++;
        fold_epoch(&f, rows + i, end - i);
    }
    gather(&f);
    plays_count(a, in->rows, in->count, &out->plays);
    arena_destroy(scratch);
}
