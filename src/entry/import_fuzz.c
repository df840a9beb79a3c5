/* entry/import_fuzz.c */
/* Every row of a table that is read is either right – a document that can be true, a level that
 * the batch offers, facts that can be read – or has a problem that names it. */
#include "entry/import.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/json.h"
#include "programme/facts.h"
#include "programme/programme.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const struct programme *national(void)
{
    /* Read once; the only state of the fuzzer's process. */
    static const struct programme *p;
    static struct arena *a;
    if (!p) {
        struct err e = {0};
        a = arena_create((size_t)256 << 20);
        struct programme_set set;
        if (!crypto_start(&e) || !programmes_load_embedded(a, &set, &e))
            abort();
        p = programme_find(&set, "national-2023");
    }
    return p;
}

static void check_row(struct arena *a, const struct batch *b, const struct import_row *row)
{
    struct err e = {0};
    struct facts facts;
    json_t *json = json_read(a, row->facts, strlen(row->facts), &e);
    if (!row->name || !*row->name || !row->identity.number[0] || !batch_level(b, row->level) ||
        !json || !facts_read(a, json, &facts, &e))
        abort();
}

static bool is_named(const struct import_problems *p, int64_t line)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->at[i].row == line)
            return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct arena *a = arena_create((size_t)480 << 20);
    struct batch_level levels[] = {{4, 0, 0}, {3, 0, 0}};
    struct batch b = {.levels = levels, .level_count = 2};
    struct import_frame f = {a, national(), &b, 20778};
    struct table t;
    struct import_rows rows;
    struct import_problems problems;
    struct err e = {0};
    if (len < 4096 &&
        csv_read(a, (struct bytes){data, len}, (struct csv_form){.comments = true}, &t, &e) &&
        import_read(&f, &t, &rows, &problems, &e)) {
        size_t wrong = 0;
        for (size_t i = 1; i < t.count; i++)
            wrong += is_named(&problems, (int64_t)t.rows[i].line);
        for (size_t i = 0; i < rows.count; i++) {
            check_row(a, &b, &rows.at[i]);
            if (is_named(&problems, rows.at[i].line))
                abort();
        }
        if (wrong + rows.count != rows.total)
            abort();
    }
    arena_destroy(a);
    return 0;
}
