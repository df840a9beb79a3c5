/* bank/item_state.h - the life of an item, as a table of what may follow what. */
#ifndef BANK_ITEM_STATE_H
#define BANK_ITEM_STATE_H

#include <stdbool.h>

enum item_state {
#define ITEM_STATE(name, label, may_become) ITEM_##name,
#include "bank/item_states.def"
#undef ITEM_STATE
    ITEM_STATES
};

const char *item_state_name(enum item_state s);    /* "draft", in the database and the API */
const char *item_state_label(enum item_state s);   /* in Chinese */
enum item_state item_state_find(const char *name); /* ITEM_STATES if there is none */
bool item_state_may(enum item_state from, enum item_state to);

#endif
