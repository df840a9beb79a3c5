/* sitting/apply_test.c - the apply rule: cases, and a breadth-first walk over all that two devices,
 * a network that repeats and reorders, a restored profile, extra time and a forced close can do
 * in up to eight steps, on the code that runs in the exam (S13). */
#include "sitting/apply.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "test/check.h"

/* --- the world ---------------------------------------------------------------------------------- */
enum { ENTRIES = 4, EPOCHS = 3, DEVICES = 2, STEPS = 8, TABLE = 1 << 22 };
enum { NOWHERE, ON_MAIN, ON_ASIDE };
enum fault { FAULT_NONE, FAULT_OLD_EPOCH, FAULT_DROP_ASIDE, FAULT_FORK_AS_REPEAT, FAULT_GAP };

/* An entry that some device has written; 0 stands for the beginning of its epoch. */
struct made_entry {
    unsigned char epoch, seq, parent, kind, device;
};
struct device {
    unsigned char epoch, last; /* last: index of its newest entry + 1 in this epoch, 0 none */
    unsigned char saved_epoch, saved_last, snapshots;
    unsigned char acked; /* bits of entries the server has acknowledged to it */
};
/* Small and without padding, so that states are compared as bytes. */
struct world {
    unsigned char state, epoch, seq, head, main_count, entry_count, reopened, closed;
    unsigned char owner[EPOCHS + 1];
    unsigned char main[ENTRIES]; /* entry index + 1, in order */
    unsigned char where[ENTRIES];
    struct made_entry entries[ENTRIES];
    struct device devices[DEVICES];
};

struct walk {
    enum fault fault;
    bool forget_recent; /* as if every repeat were older than the head remembers */
    const char *broken; /* the invariant that a step broke */
    struct world *states;
    size_t count, room;
    unsigned *table;
};

static void hash_as(unsigned char out[HASH_BYTES], unsigned char kind, unsigned char n)
{
    memset(out, 0, HASH_BYTES);
    out[0] = kind;
    out[1] = n;
}

static void entry_of(const struct world *w, unsigned index, struct journal_entry *out)
{
    const struct made_entry *m = &w->entries[index];
    *out = (struct journal_entry){.epoch = m->epoch, .seq = m->seq, .kind = m->kind};
    hash_as(out->hash, 1, (unsigned char)(index + 1));
    if (m->parent)
        hash_as(out->before, 1, m->parent);
    else
        hash_as(out->before, 2, m->epoch);
}

static void head_of(const struct walk *k, const struct world *w, struct attempt_head *h)
{
    *h = (struct attempt_head){
        .state = (enum attempt_state)w->state, .epoch = w->epoch, .seq = w->seq};
    if (w->head)
        hash_as(h->hash, 1, w->head);
    else
        hash_as(h->hash, 2, w->epoch);
    for (unsigned i = 0; i < w->main_count && !k->forget_recent; i++) {
        const struct made_entry *m = &w->entries[w->main[i] - 1];
        if (m->epoch == w->epoch)
            hash_as(h->recent[m->seq % HEAD_RECENT], 1, w->main[i]);
    }
}

static enum stored stored_in_world(void *ctx, const struct journal_entry *entry)
{
    const struct world *w = ctx;
    switch (w->where[entry->hash[1] - 1]) {
    case ON_MAIN:
        return STORED_MAIN;
    case ON_ASIDE:
        return STORED_ASIDE;
    default:
        return STORED_NOT;
    }
}

static void broke(struct walk *k, const char *invariant)
{
    if (!k->broken)
        k->broken = invariant;
}

static void put_on_main(struct walk *k, struct world *w, unsigned index)
{
    const struct made_entry *m = &w->entries[index];
    if (w->where[index] != NOWHERE)
        broke(k, "J2 disjoint");
    if (m->epoch != w->epoch)
        broke(k, "J4 old epoch");
    if (w->state != ATTEMPT_OPEN)
        broke(k, "J5 after the end");
    if (m->seq != w->seq + 1 || m->parent != w->head)
        broke(k, "J3 gapless and linked");
    if (w->owner[m->epoch] != m->device + 1)
        broke(k, "J3 one device");
    w->where[index] = ON_MAIN;
    if (w->main_count < ENTRIES)
        w->main[w->main_count++] = (unsigned char)(index + 1);
    w->seq = m->seq;
    w->head = (unsigned char)(index + 1);
    if (m->kind == ENTRY_SEAL)
        w->state = ATTEMPT_SEALED;
}

/* What a server with a mistake would do. */
static enum apply_outcome with_fault(const struct walk *k, const struct attempt_head *h,
                                     const struct journal_entry *entry, enum apply_outcome o)
{
    if (k->fault == FAULT_OLD_EPOCH && o == APPLY_ASIDE && entry->epoch < h->epoch)
        return APPLY_MAIN;
    if (k->fault == FAULT_FORK_AS_REPEAT && o == APPLY_ASIDE && entry->epoch == h->epoch &&
        entry->seq <= h->seq)
        return APPLY_AGAIN_MAIN;
    if (k->fault == FAULT_GAP && o == APPLY_GAP)
        return APPLY_MAIN;
    return o;
}

/* The LEN newest entries of the chain that ends in INDEX arrive as one save. */
static size_t chain(const struct world *w, unsigned index, size_t len,
                    struct journal_entry out[ENTRIES], unsigned path[ENTRIES])
{
    unsigned at = index + 1;
    for (size_t i = len; i-- > 0; at = w->entries[at - 1].parent) {
        if (at == 0)
            return 0;
        path[i] = at - 1;
        entry_of(w, at - 1, &out[i]);
    }
    return len;
}

static void arrive(struct walk *k, struct world *w, unsigned index, size_t len, bool told)
{
    struct journal_entry entries[ENTRIES];
    unsigned path[ENTRIES];
    enum apply_outcome outcomes[ENTRIES];
    struct attempt_head h, before;
    struct journal_save save = {.entries = entries,
                                .count = chain(w, index, len, entries, path)};
    struct apply_asked ask = {stored_in_world, w};
    head_of(k, w, &h);
    before = h;
    size_t done = apply_save(&h, &save, &ask, outcomes);
    if (k->fault == FAULT_GAP && done < len) {
        for (; done < len; done++)
            outcomes[done] = APPLY_GAP;
    }
    for (size_t i = 0; i < done; i++) {
        unsigned x = path[i];
        enum apply_outcome o = with_fault(k, &before, &entries[i], outcomes[i]);
        if (o == APPLY_MAIN)
            put_on_main(k, w, x);
        if (o == APPLY_ASIDE && w->where[x] != NOWHERE)
            broke(k, "J2 disjoint");
        if (o == APPLY_ASIDE && k->fault != FAULT_DROP_ASIDE)
            w->where[x] = ON_ASIDE;
        if (w->where[x] == NOWHERE)
            broke(k, "J1 acknowledged is stored");
        if ((o == APPLY_AGAIN_MAIN && w->where[x] != ON_MAIN) ||
            (o == APPLY_AGAIN_ASIDE && w->where[x] != ON_ASIDE))
            broke(k, "J1 answered as stored");
        if (told)
            w->devices[w->entries[x].device].acked |= (unsigned char)(1u << x);
    }
    if (!k->fault && (h.seq != w->seq || (unsigned)h.state != w->state))
        broke(k, "the head says what main says");
}

/* Each entry that a device still holds can be stored: with its whole chain, if need be after the
 * device has claimed again. */
static void check_deliverable(struct walk *k, const struct world *w)
{
    for (unsigned x = 0; x < w->entry_count; x++) {
        struct journal_entry entries[ENTRIES];
        unsigned path[ENTRIES];
        enum apply_outcome outcomes[ENTRIES];
        struct world copy = *w;
        struct attempt_head h;
        struct journal_save save = {.entries = entries,
                                    .count = chain(w, x, w->entries[x].seq, entries, path)};
        struct apply_asked ask = {stored_in_world, &copy};
        head_of(k, w, &h);
        if (save.count == 0 || apply_save(&h, &save, &ask, outcomes) != save.count)
            broke(k, "J6 deliverable");
    }
}

static void remember(struct walk *k, const struct world *w)
{
    const unsigned char *bytes = (const unsigned char *)w;
    uint64_t h = 1469598103934665603u;
    for (size_t i = 0; i < sizeof *w; i++)
        h = (h ^ bytes[i]) * 1099511628211u;
    size_t at = (size_t)(h ^ h >> 32) % TABLE;
    for (; k->table[at]; at = (at + 1) % TABLE)
        if (memcmp(&k->states[k->table[at] - 1], w, sizeof *w) == 0)
            return;
    if (k->count == k->room) {
        k->room *= 2;
        k->states = realloc(k->states, k->room * sizeof *k->states);
        CHECK("memory", k->states);
    }
    k->states[k->count++] = *w;
    k->table[at] = (unsigned)k->count;
}

static void step_to(struct walk *k, const struct world *w)
{
    if (!k->broken)
        check_deliverable(k, w);
    remember(k, w);
}

static void try_claim(struct walk *k, const struct world *from, unsigned d)
{
    struct world w = *from;
    struct attempt_head h;
    unsigned char first[HASH_BYTES];
    head_of(k, &w, &h);
    if (!apply_may_claim(&h) || w.epoch == EPOCHS)
        return;
    hash_as(first, 2, (unsigned char)(w.epoch + 1));
    apply_claim(&h, first);
    if (h.epoch != w.epoch + 1u)
        broke(k, "J7 by one");
    w.state = (unsigned char)h.state;
    w.epoch = (unsigned char)h.epoch;
    w.seq = w.head = 0;
    w.owner[w.epoch] = (unsigned char)(d + 1);
    struct world unheard =
        w; /* the answer is lost: the device keeps writing in its old epoch */
    step_to(k, &unheard);
    w.devices[d].epoch = w.epoch;
    w.devices[d].last = 0;
    step_to(k, &w);
}

static void try_write(struct walk *k, const struct world *from, unsigned d, unsigned char kind)
{
    struct world w = *from;
    struct device *dev = &w.devices[d];
    if (dev->epoch == 0 || w.entry_count == ENTRIES)
        return;
    if (dev->last && w.entries[dev->last - 1].kind == ENTRY_SEAL)
        return; /* a client writes nothing behind its seal */
    w.entries[w.entry_count] = (struct made_entry){
        .epoch = dev->epoch,
        .seq = (unsigned char)(dev->last ? w.entries[dev->last - 1].seq + 1 : 1),
        .parent = dev->last,
        .kind = kind,
        .device = (unsigned char)d};
    dev->last = ++w.entry_count;
    step_to(k, &w);
}

/* Two views of one device that know nothing of each other: a profile copied and put back, or two
 * tabs whose lease (Web Lock, token in the store) has failed. */
static void try_profile(struct walk *k, const struct world *from, unsigned d)
{
    struct world w = *from;
    struct device *dev = &w.devices[d];
    if (dev->snapshots == 0) { /* a copy of the profile is made */
        dev->snapshots = 1;
        dev->saved_epoch = dev->epoch;
        dev->saved_last = dev->last;
    } else { /* and put back; or it is the other tab's turn: both lines go on */
        unsigned char epoch = dev->epoch, last = dev->last;
        if (epoch == dev->saved_epoch && last == dev->saved_last)
            return;
        dev->epoch = dev->saved_epoch;
        dev->last = dev->saved_last;
        dev->saved_epoch = epoch;
        dev->saved_last = last;
    }
    step_to(k, &w);
}

static void try_acts(struct walk *k, const struct world *from)
{
    struct world w = *from;
    struct attempt_head h;
    head_of(k, &w, &h);
    if (!w.closed) {
        apply_close(&h);
        w.closed = 1;
        w.state = (unsigned char)h.state;
        step_to(k, &w);
    }
    w = *from;
    head_of(k, &w, &h);
    if (!w.reopened && apply_reopen(&h)) {
        w.reopened = 1;
        w.state = (unsigned char)h.state;
        step_to(k, &w);
    }
}

static void step(struct walk *k, const struct world *from)
{
    for (unsigned d = 0; d < DEVICES; d++) {
        try_claim(k, from, d);
        try_write(k, from, d, ENTRY_ANSWER);
        try_write(k, from, d, ENTRY_SEAL);
        try_profile(k, from, d);
    }
    for (unsigned x = 0; x < from->entry_count; x++)
        for (size_t len = 1; len <= from->entries[x].seq; len++) {
            struct world lost = *from, told = *from;
            arrive(k, &lost, x, len, false);
            step_to(k, &lost);
            arrive(k, &told, x, len, true);
            step_to(k, &told);
        }
    try_acts(k, from);
}

static const char *walk(enum fault fault, bool forget_recent, size_t *states)
{
    struct walk k = {.fault = fault, .forget_recent = forget_recent, .room = 1 << 16};
    struct world start;
    memset(&start, 0, sizeof start);
    start.state = ATTEMPT_ADMITTED;
    k.states = malloc(k.room * sizeof *k.states);
    k.table = calloc(TABLE, sizeof *k.table);
    CHECK("memory", k.states && k.table);
    remember(&k, &start);
    size_t from = 0;
    for (int n = 0; n < STEPS && !k.broken; n++)
        for (size_t end = k.count; from < end && !k.broken; from++) {
            CHECK("the table has room", k.count < TABLE / 2);
            struct world w = k.states[from];
            step(&k, &w);
        }
    *states = k.count;
    free(k.states);
    free(k.table);
    return k.broken;
}

void apply_model_test(void)
{
    static const struct {
        const char *what;
        enum fault fault;
        bool forget_recent;
        bool found;
    } cases[] = {
        {"the rule", FAULT_NONE, false, false},
        {"the rule, asking the store", FAULT_NONE, true, false},
        {"old epoch accepted", FAULT_OLD_EPOCH, false, true},
        {"aside dropped", FAULT_DROP_ASIDE, false, true},
        {"fork taken for a repeat", FAULT_FORK_AS_REPEAT, false, true},
        {"gap accepted", FAULT_GAP, false, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t states;
        const char *broken = walk(cases[i].fault, cases[i].forget_recent, &states);
        print_message("%s: %zu states, %s\n", cases[i].what, states, broken ? broken : "holds");
        CHECK_INT(cases[i].what, broken != NULL, cases[i].found);
    }
}
