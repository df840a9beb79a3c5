/* bank/parameter.c - reads the adopted parameters. */
#include "bank/parameter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "store/db.h"

static double millionths(const struct query *q, int column)
{
    return query_is_null(q, column) ? NAN : (double)query_get_int(q, column) / 1e6;
}

static bool read_all(struct query *q, struct arena *a, struct item_parameter **out,
                     size_t *count, struct err *e)
{
    size_t room = 0;
    *out = NULL;
    *count = 0;
    while (query_next(q, e)) {
        if (*count == room) {
            size_t more = room ? room * 2 : 64;
            *out = arena_grow(a, *out, room, more, sizeof **out);
            room = more;
        }
        (*out)[(*count)++] = (struct item_parameter){
            .version_id = query_get_id(q, 0),
            .model = query_get_text(q, 1, a),
            .a = millionths(q, 2),
            .b = millionths(q, 3),
            .c = millionths(q, 4),
            .se_a = millionths(q, 5),
            .se_b = millionths(q, 6),
            .se_c = millionths(q, 7),
            .answers = query_get_int(q, 8),
            .adopted_ms = query_get_int(q, 9),
            .calibration = query_get_id(q, 10),
        };
    }
    return e->code == ERR_NONE;
}

static int by_version(const void *x, const void *y)
{
    return memcmp(x, y, ID_BYTES); /* version_id comes first */
}

/* Where the engine orders bytes in another way than memcmp does, bsearch would miss some. */
static bool read_sorted(struct query *q, struct arena *a, struct item_parameter **out,
                        size_t *count, struct err *e)
{
    if (!read_all(q, a, out, count, e))
        return false;
    if (*count)
        qsort(*out, *count, sizeof **out, by_version);
    return true;
}

bool item_parameters(const struct bank *b, const char *programme, struct item_parameter **out,
                     size_t *count, struct err *e)
{
    struct query *q = db_query(b->db, SQL_item_parameter_pool);
    query_id(q, b->actor->body);
    query_text(q, programme);
    return read_sorted(q, b->arena, out, count, e);
}

bool item_parameters_of_form(const struct bank *b, struct id form, struct item_parameter **out,
                             size_t *count, struct err *e)
{
    struct query *q = db_query(b->db, SQL_item_parameter_form);
    query_id(q, b->actor->body);
    query_id(q, form);
    return read_sorted(q, b->arena, out, count, e);
}

const struct item_parameter *item_parameter_of(const struct item_parameter *list, size_t count,
                                               struct id version_id)
{
    return count ? bsearch(&version_id, list, count, sizeof *list, by_version) : NULL;
}

bool item_parameter_history(const struct bank *b, struct id item, struct item_parameter **out,
                            size_t *count, struct err *e)
{
    struct query *q = db_query(b->db, SQL_item_parameter_history);
    query_id(q, b->actor->body);
    query_id(q, item);
    return read_all(q, b->arena, out, count, e);
}
