/* base/csv_fuzz.c - a table that is read and written again, every cell between quotes, reads as the same. */
#include "base/csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

struct writing {
    char *at;
    size_t len;
};

static void put(struct writing *w, char c)
{
    w->at[w->len++] = c;
}

static void put_cell(struct writing *w, const char *cell)
{
    put(w, '"');
    for (; *cell; cell++) {
        if (*cell == '"')
            put(w, '"');
        put(w, *cell);
    }
    put(w, '"');
}

static struct bytes written(struct arena *a, const struct table *t)
{
    size_t room = 1;
    for (size_t r = 0; r < t->count; r++)
        for (size_t c = 0; c < t->rows[r].count; c++)
            room += 2 * strlen(t->rows[r].cells[c]) + 4;
    struct writing w = {arena_alloc(a, room + t->count, 1), 0};
    for (size_t r = 0; r < t->count; r++) {
        for (size_t c = 0; c < t->rows[r].count; c++) {
            if (c > 0)
                put(&w, ',');
            put_cell(&w, t->rows[r].cells[c]);
        }
        put(&w, '\n');
    }
    return (struct bytes){(unsigned char *)w.at, w.len};
}

static bool same(const struct table *x, const struct table *y)
{
    bool equal = x->count == y->count;
    for (size_t r = 0; equal && r < x->count; r++) {
        equal = x->rows[r].count == y->rows[r].count && x->rows[r].count <= TABLE_COLUMNS_MAX;
        for (size_t c = 0; equal && c < x->rows[r].count; c++)
            equal = strcmp(x->rows[r].cells[c], y->rows[r].cells[c]) == 0;
    }
    return equal;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct table t, again;
    struct err e = {0}, second = {0};
    if (size == 0 || size > 65536)
        return 0;
    struct arena *a = arena_create(64 << 20);
    const struct csv_form form = {.comments = data[0] & 1, .any_separator = data[0] & 2};
    if (csv_read(a, (struct bytes){data + 1, size - 1}, form, &t, &e)) {
        if (!csv_read(a, written(a, &t), (struct csv_form){0}, &again, &second) ||
            !same(&t, &again))
            abort();
    } else if (e.code == ERR_NONE || !e.text[0]) {
        abort();
    }
    arena_destroy(a);
    return 0;
}
