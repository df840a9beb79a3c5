/* entry/draft_facts.h - the facts of an application as JSON: what a candidate may write into
 * them, and what only a registrar may. Pure. */
#ifndef ENTRY_DRAFT_FACTS_H
#define ENTRY_DRAFT_FACTS_H

#include "base/err.h"
#include "entry/desk.h"

enum { FACTS_PER_LIST_MAX = 40, FACT_TEXT_MAX = 200 };

struct draft_facts {
    const char *json;
    int64_t version; /* of the application as stored; grows with every change */
};

/* GIVEN as a candidate sent it, over STORED. Refuses (INVALID, pointer below "/facts") members
 * that programme/facts.h does not know, too many facts, texts of more than 200 characters, an id
 * twice. A fact without an id keeps the one of the very same stored fact, else it gets one made of
 * the version, so that no id is ever used again. */
bool draft_facts_merge(struct arena *a, const struct json_t *given,
                       const struct draft_facts *stored, const char **out,
                       struct err *e) MUST_USE;

/* The id of the fact that NAME means in STORED: an id itself, or a place, "/work/0". Refuses what
 * is neither (INVALID, "/fact"). */
bool draft_facts_find(struct arena *a, const char *stored, const char *name, const char **id,
                      struct err *e) MUST_USE;

/* The registrar's rulings applied to STORED; pointers below "/rulings". */
bool draft_facts_rule(struct arena *a, const char *stored, const struct fact_ruling *rulings,
                      size_t count, const char **out, struct err *e) MUST_USE;

#endif
