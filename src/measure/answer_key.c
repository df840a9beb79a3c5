/* measure/answer_key.c - reads the key of a test. */
#include "measure/answer_key.h"

#include <string.h>

#include "base/arena.h"
#include "base/csv.h"
#include "base/file.h"
#include "measure/responses.h"

enum { KEY_FILE_MAX = 4 << 20 };

/* Answers alone, one below the other, stand in the order of the items. */
static const char *key_of(const struct table *t, const char *id, size_t at, size_t items)
{
    int item = table_column(t, "item"), key = table_column(t, "key");
    if (key == 0 && t->rows[0].count == 1 && t->count == items + 1)
        return table_cell(&t->rows[at + 1], key);
    if (item < 0 || key < 0) {
        int column = table_column(t, id);
        return t->count > 1 && column >= 0 ? table_cell(&t->rows[1], column) : NULL;
    }
    for (size_t i = 1; i < t->count; i++)
        if (strcmp(table_cell(&t->rows[i], item), id) == 0)
            return table_cell(&t->rows[i], key);
    return NULL;
}

static bool read_table(struct arena *a, const char *path, struct table *out, struct err *e)
{
    struct bytes text;
    if (file_read(a, path, KEY_FILE_MAX, &text, e) &&
        csv_read(a, text, (struct csv_form){.comments = true, .any_separator = true}, out, e))
        return true;
    e->code = e->code == ERR_STORE ? ERR_INVALID : e->code;
    memcpy(e->field, "--key", sizeof "--key");
    return false;
}

bool answer_key_names(struct arena *a, const char *path, const char *const **names,
                      size_t *count, struct err *e)
{
    struct table t;
    if (!read_table(a, path, &t, e))
        return false;
    int item = table_column(&t, "item");
    bool listed = item >= 0 && table_column(&t, "key") >= 0, row = !listed && t.count == 2;
    size_t n = t.count == 0 ? 0 : listed ? t.count - 1 : row ? t.rows[0].count : 0;
    const char **out = arena_array(a, const char *, n + 1);
    *count = 0;
    for (size_t i = 0; i < n; i++)
        if (listed || *table_cell(&t.rows[1], (int)i))
            out[(*count)++] = listed ? table_cell(&t.rows[i + 1], item) : t.rows[0].cells[i];
    *names = out;
    return true;
}

const unsigned *answer_key_read(struct arena *a, const char *path, struct response_reader *r,
                                struct err *e)
{
    struct table t;
    if (!read_table(a, path, &t, e))
        return NULL;
    unsigned *key = arena_array(a, unsigned, responses_items(r));
    for (size_t j = 0; j < responses_items(r); j++) {
        const char *id = responses_ids(r)[j], *answer = key_of(&t, id, j, responses_items(r));
        if (!answer || !*answer) {
            FAIL(e, INVALID, "--key",
                 "答案表里没有题目“%.60s”的答案（列 item,key，一行答案，或按题序的一列 key）。",
                 id);
            return NULL;
        }
        key[j] = responses_code(r, answer);
    }
    return key;
}
