/* bank/item_state.c - names of the states and what may follow what. */
#include "bank/item_state.h"

#include <stddef.h>
#include <string.h>

#define TO(s)                               (1u << ITEM_##s)
#define ITEM_STATE(name, label, may_become) {#name, label, may_become},
static const struct {
    const char *name, *label;
    unsigned may_become;
} states[ITEM_STATES] = {
#include "bank/item_states.def"
};
#undef ITEM_STATE
#undef TO

const char *item_state_name(enum item_state s)
{
    return states[s].name;
}

const char *item_state_label(enum item_state s)
{
    return states[s].label;
}

enum item_state item_state_find(const char *name)
{
    for (int s = 0; s < ITEM_STATES; s++)
        if (name && strcmp(states[s].name, name) == 0)
            return (enum item_state)s;
    return ITEM_STATES;
}

bool item_state_may(enum item_state from, enum item_state to)
{
    return states[from].may_become >> to & 1;
}
