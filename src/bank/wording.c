/* bank/wording.c - who may not review an item, because words of it are theirs. */
#include "bank/wording.h"

#include "base/arena.h"
#include "store/db.h"

enum { JUDGES = 3 }; /* two reviewers, a proof-reader */

int64_t wording_of(const struct wording *versions, size_t count, struct id who)
{
    for (size_t i = 0; i < count && (i == 0 || !versions[i].judged); i++)
        if (id_equal(versions[i].author, who))
            return versions[i].version;
    return 0;
}

bool wording_of_item(struct db *db, const struct bank *b, struct id item, int64_t *version,
                     struct err *e)
{
    struct wording *list = NULL;
    size_t count = 0, room = 0;
    struct query *q = db_query(db, SQL_item_wordings);
    query_id(q, item);
    while (query_next(q, e)) {
        if (count == room) {
            list = arena_grow(b->arena, list, room, room + 16, sizeof *list);
            room += 16;
        }
        list[count++] = (struct wording){query_get_int(q, 0), query_get_id(q, 1),
                                         query_get_int(q, 2) >= JUDGES};
    }
    *version = wording_of(list, count, b->actor->account);
    return e->code == ERR_NONE;
}
