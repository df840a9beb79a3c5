/* entry/entry.c - the states of an application and whose applications one may see. */
#include "entry/entry.h"

#include <assert.h>
#include <string.h>

#include "base/json_out.h"
#include "people/viewer.h"

#define TO(s) (1u << ENTRY_##s)
#define ENTRY_STATE(number, name, word, label, next)                                           \
    [ENTRY_##name] = {word, label, (unsigned)(next)},
static const struct {
    const char *word, *label;
    unsigned may_become;
} states[] = {
#include "entry/states.def"
};
#undef ENTRY_STATE
#undef TO

enum { STATES = sizeof states / sizeof *states };

static bool is_state(unsigned s)
{
    return s < STATES && states[s].word;
}

const char *entry_state_name(enum entry_state s)
{
    assert(is_state(s));
    return states[s].word;
}

const char *entry_state_label(enum entry_state s)
{
    assert(is_state(s));
    return states[s].label;
}

bool entry_state_read(const char *name, enum entry_state *out)
{
    for (unsigned s = 0; name && s < STATES; s++)
        if (is_state(s) && strcmp(states[s].word, name) == 0) {
            *out = (enum entry_state)s;
            return true;
        }
    return false;
}

bool entry_may_become(enum entry_state from, enum entry_state to)
{
    assert(is_state(from) && is_state(to));
    return states[from].may_become & (1u << to);
}

bool entry_move(enum entry_state from, enum entry_state to, struct err *e)
{
    return entry_may_become(from, to) ||
           FAIL(e, CONFLICT, "/state", "申报现在是“%s”，不能变为“%s”。", states[from].label,
                states[to].label);
}

void entry_states_put(struct json_out *o)
{
    put_array(o, "entry");
    for (unsigned s = 0; s < STATES; s++) {
        if (!is_state(s))
            continue;
        out_object(o);
        put_text(o, "name", states[s].word);
        put_text(o, "label", states[s].label);
        put_array(o, "next");
        for (unsigned to = 0; to < STATES; to++)
            if (states[s].may_become & (1u << to))
                out_text(o, states[to].word);
        out_array_end(o);
        out_object_end(o);
    }
    out_array_end(o);
}

/* An id that no row has, so that a candidate's account without a person sees nothing: a zero
 * would bind NULL and open the whole body. */
static const struct id nobody = {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                  0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};

static struct id or_nobody(struct id id)
{
    return id_is_zero(id) ? nobody : id;
}

struct entry_scope entry_scope_body(struct id body)
{
    return (struct entry_scope){.body = or_nobody(body)};
}

struct entry_scope entry_scope_own(const struct viewer *v)
{
    return (struct entry_scope){.body = or_nobody(v->body), .person = or_nobody(v->person)};
}

struct entry_scope entry_scope_of(const struct viewer *v)
{
    if (viewer_has(v, ROLE_partner))
        return (struct entry_scope){.body = or_nobody(v->body),
                                    .partner = or_nobody(v->partner)};
    if (v->roles & ~R(candidate))
        return entry_scope_body(v->body);
    return entry_scope_own(v);
}
