/* bank/law_of_items.c - stored items whose law has changed since: found whenever items are read, so that a new list of
 * laws (data/laws.json) flags every body's items at once, with nothing to run and nothing to forget. */
#include "bank/bank.h"
#include "bank/item_store.h"
#include "bank/law.h"
#include "base/arena.h"
#include "store/db.h"

struct outdated {
    struct id version_id;
    const char *problem;
};

/* Those of the newest versions of the body's items that cite what is no longer in force. */
static bool outdated_of(const struct bank *b, struct outdated **out, size_t *count,
                        struct err *e)
{
    struct law_list *laws = law_list_embedded(b->arena, e);
    size_t room = 0;
    *out = NULL;
    *count = 0;
    if (!laws)
        return false;
    struct query *q = db_query(b->db, SQL_item_law_cited);
    query_id(q, b->actor->body);
    while (query_next(q, e)) {
        struct item_law cited = {.name = query_get_text(q, 1, b->arena),
                                 .version = query_get_text(q, 2, b->arena),
                                 .article = query_get_text(q, 3, b->arena)};
        const char *problem = law_problem(b->arena, laws, &cited);
        if (!problem)
            continue;
        if (*count == room) {
            size_t more = room ? room * 2 : 16;
            *out = arena_grow(b->arena, *out, room, more, sizeof **out);
            room = more;
        }
        (*out)[(*count)++] = (struct outdated){query_get_id(q, 0), problem};
    }
    return e->code == ERR_NONE;
}

bool item_rows_mark_laws(const struct bank *b, struct item_row *rows, size_t count,
                         struct err *e)
{
    struct outdated *outdated;
    size_t outdated_count;
    if (!outdated_of(b, &outdated, &outdated_count, e))
        return false;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < outdated_count && !rows[i].law_problem; k++)
            if (id_equal(rows[i].version_id, outdated[k].version_id))
                rows[i].law_problem = outdated[k].problem;
    return true;
}
