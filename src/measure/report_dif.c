/* measure/report_dif.c - `analyze dif`: Mantel-Haenszel for each item, with purification. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "measure/analyze.h"
#include "measure/answer_key.h"
#include "measure/dif.h"
#include "measure/numbers.h"
#include "measure/responses.h"

enum { PURIFY_MAX = 20 };

struct dif_data {
    struct responses r;
    bool *is_focal; /* per row */
    double persons[2];
};

/* Statistics of one item; ANCHOR tells which other items make the total. */
static struct mh_result one_item(const struct dif_data *d, size_t item, const bool *anchor,
                                 bool corrected, struct mh_table *strata)
{
    size_t n = d->r.items, top = 0;
    memset(strata, 0, (n + 1) * sizeof *strata);
    for (size_t i = 0; i < d->r.rows; i++) {
        const uint8_t *x = d->r.x + i * n;
        size_t total = x[item];
        for (size_t j = 0; j < n; j++)
            total += anchor[j] && j != item ? x[j] : 0;
        top = total > top ? total : top;
        double *cell = x[item] ? strata[total].right : strata[total].wrong;
        cell[d->is_focal[i]] += d->r.weight[i];
    }
    return mantel_haenszel(strata, top + 1, corrected);
}

static bool read_data(struct arena *a, const struct analyze_options *o, struct dif_data *d,
                      struct err *e)
{
    struct response_form form = {
        .items = o->items, .missing = o->missing, .numeric = !o->key, .group = o->group};
    const unsigned *key = NULL;
    if (!o->group || !o->focal)
        return FAIL(e, INVALID, o->group ? "--focal" : "--group", "缺少这个选项。");
    if (o->key && !answer_key_names(a, o->key, &form.only, &form.only_count, e))
        return false;
    if (!responses_read(a, o->file, &form, &d->r, e) ||
        (o->key && !(key = answer_key_read(a, o->key, d->r.reader, e))))
        return false;
    d->is_focal = arena_array(a, bool, d->r.rows);
    for (size_t i = 0; i < d->r.rows; i++) {
        const char *label = responses_group(d->r.reader, d->r.group[i]);
        bool blank = !label || !*label || strcmp(label, "NA") == 0;
        d->is_focal[i] = label && strcmp(label, o->focal) == 0;
        for (size_t j = 0; j < d->r.items; j++) {
            uint8_t *x = &d->r.x[i * d->r.items + j];
            if (key && *x != RESPONSE_MISSING)
                *x = *x == key[j];
            if (*x > 1 && *x != RESPONSE_MISSING)
                return FAIL(
                    e, INVALID, "file",
                    "第 %u 行、列“%.60s”：%u 不是 0 或 1；选项字母或编号请用 --key 给出答案。",
                    d->r.line[i], d->r.ids[j], *x);
            blank |= *x == RESPONSE_MISSING;
        }
        if (blank) {
            d->r.weight[i] = 0;
            memset(d->r.x + i * d->r.items, 0, d->r.items);
        }
        d->persons[d->is_focal[i]] += d->r.weight[i];
    }
    if (!(d->persons[1] > 0))
        return FAIL(e, INVALID, "--focal", "列“%.60s”里没有“%.60s”（且作答完整的）人。",
                    o->group, o->focal);
    if (!(d->persons[0] > 0))
        return FAIL(e, INVALID, "--focal", "列“%.60s”里没有参照组的人。", o->group);
    return true;
}

static void put_item(struct json_out *out, const char *id, const struct mh_result *r,
                     double alpha)
{
    char size[2] = {ets_by_size(r), 0}, test[2] = {ets_by_test(r, alpha), 0};
    out_object(out);
    put_text(out, "id", id);
    put_real(out, "chi2", r->known ? r->chi2 : NAN);
    put_real(out, "p", r->known ? r->p : NAN);
    put_real(out, "alpha", r->known ? r->alpha : NAN);
    put_real(out, "delta", r->known ? r->delta : NAN);
    put_real(out, "se_delta", r->known ? 2.35 * r->se_log_alpha : NAN);
    put_text(out, "ets", *size == '?' ? NULL : size);
    put_text(out, "ets_with_test", *test == '?' ? NULL : test);
    put_bool(out, "flagged", r->known && r->p < alpha);
    put_text(out, "favours",
             !r->known || !(r->p < alpha) ? NULL
             : r->delta < 0               ? "reference"
                                          : "focal");
    out_object_end(out);
}

bool analyze_dif(struct arena *a, const struct analyze_options *o, struct json_out *out,
                 struct err *e)
{
    struct dif_data d = {.persons = {0, 0}};
    if (!(o->alpha > 0 && o->alpha < 1))
        return FAIL(e, INVALID, "--alpha", "须在 0 与 1 之间。");
    if (!read_data(a, o, &d, e))
        return false;
    size_t n = d.r.items, rounds = 0;
    bool *anchor = arena_array(a, bool, n), *flagged = arena_array(a, bool, n), changed = true;
    struct mh_result *r = arena_array(a, struct mh_result, n);
    struct mh_table *strata = arena_array(a, struct mh_table, n + 1);
    memset(anchor, 1, n * sizeof *anchor);
    for (size_t round = 0; round <= (o->purify ? PURIFY_MAX : 0) && changed; round++) {
        changed = false;
        for (size_t j = 0; j < n; j++) {
            r[j] = one_item(&d, j, anchor, !o->no_correction, strata);
            bool now = r[j].known && r[j].p < o->alpha;
            changed |= now != flagged[j];
            flagged[j] = now;
        }
        rounds = round;
        for (size_t j = 0; j < n; j++)
            anchor[j] = !flagged[j];
    }
    put_object(out, "conventions");
    put_text(out, "matching", "total of the anchor items and the studied item");
    put_text(out, "anchor",
             o->purify ? "items that are not flagged, until none changes" : "all items");
    put_bool(out, "continuity_correction", !o->no_correction);
    put_text(out, "strata", "those with an empty margin are passed over");
    put_text(out, "delta", "-2.35 ln alpha; negative favours the reference group");
    put_text(out, "ets", "by the size of delta: A < 1 <= B < 1.5 <= C");
    put_text(out, "ets_with_test",
             "A also where delta does not differ from 0; C only where its "
             "size differs from 1");
    put_number(out, "significance", o->alpha);
    put_text(out, "missing", "rows with a missing answer or group are left out");
    put_passed_over(out, d.r.reader);
    out_object_end(out);
    put_number(out, "reference", d.persons[0]);
    put_number(out, "focal", d.persons[1]);
    put_bool(out, "purified", o->purify);
    put_int(out, "purifications", (int64_t)rounds);
    put_bool(out, "stable", !changed || !o->purify);
    put_array(out, "items");
    for (size_t j = 0; j < n; j++)
        put_item(out, d.r.ids[j], &r[j], o->alpha);
    out_array_end(out);
    return true;
}
