/* bank/bulk.c - chooses items, plans one change to all of them, and makes it as it was seen. */
#include "bank/bulk.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "bank/item_store.h"
#include "bank/law.h"
#include "bank/parameter.h"
#include "base/arena.h"
#include "base/json.h"
#include "programme/programme.h"
#include "store/db.h"

enum { ENEMIES_TOGETHER_MAX = 100, ITEM_ARENA_BYTES = 8 << 20 };

struct planning {
    const struct bank *bank;
    const struct bulk_change *change;
    struct bulk_plan *plan;
    struct item_record *records; /* of the lines that an edit changes */
    const char **codes;
    struct law_list *laws;
};

/* --- the chosen ---------------------------------------------------------------------------------- */
static int by_code(const void *x, const void *y)
{
    const struct item_row *a = x, *b = y;
    return strcmp(a->code, b->code);
}

static bool choose_ids(const struct bank *b, const struct bulk_choice *choice,
                       struct item_row **rows, struct err *e)
{
    if (choice->count > BULK_ITEMS_MAX)
        return FAIL(e, INVALID, "/items", "一次最多改 %d 道题。", BULK_ITEMS_MAX);
    *rows = arena_array(b->arena, struct item_row, choice->count + 1);
    for (size_t i = 0; i < choice->count; i++)
        if (!item_row_get(b->db, b->arena, b->actor->body, choice->items[i], &(*rows)[i], e))
            return false;
    qsort(*rows, choice->count, sizeof **rows, by_code);
    for (size_t i = 1; i < choice->count; i++)
        if (strcmp((*rows)[i].code, (*rows)[i - 1].code) == 0)
            return FAIL(e, INVALID, "/items", "试题 %s 选了两次。", (*rows)[i].code);
    return item_rows_mark_laws(b, *rows, choice->count, e);
}

static bool choose(const struct bank *b, const struct bulk_choice *choice,
                   struct item_row **rows, size_t *count, struct err *e)
{
    int64_t total = 0;
    *count = choice->count;
    if (choice->count)
        return choose_ids(b, choice, rows, e);
    if (!choice->filter)
        return FAIL(e, INVALID, "/items", "请选试题，或给出筛选条件。");
    struct bank_filter f = *choice->filter;
    f.limit = BULK_ITEMS_MAX;
    f.offset = 0;
    if (!bank_list(b, &f, rows, count, &total, e))
        return false;
    if (total > BULK_ITEMS_MAX)
        return FAIL(e, INVALID, "/filter",
                    "符合条件的有 %lld 道，一次最多改 %d 道：请收窄条件。", (long long)total,
                    BULK_ITEMS_MAX);
    if (*count)
        qsort(*rows, *count, sizeof **rows, by_code);
    return *count > 0 || FAIL(e, INVALID, "/filter", "没有试题符合条件。");
}

/* Those of the lines whose newest version has adopted parameters, a programme at a time. */
static bool mark_parameters(struct planning *p, struct err *e)
{
    const struct bank *b = p->bank;
    struct bulk_line *lines = p->plan->lines;
    for (size_t i = 0; i < p->plan->count; i++) {
        struct item_parameter *list;
        size_t known;
        bool seen = false;
        for (size_t k = 0; k < i && !seen; k++)
            seen = strcmp(lines[k].row.programme, lines[i].row.programme) == 0;
        if (seen)
            continue;
        if (!item_parameters(b, lines[i].row.programme, &list, &known, e))
            return false;
        for (size_t k = i; k < p->plan->count; k++)
            lines[k].parameters = lines[k].parameters ||
                                  item_parameter_of(list, known, lines[k].row.version_id) !=
                                      NULL;
    }
    return true;
}

/* --- what becomes of one ------------------------------------------------------------------------- */
static const char *law_problem_of(const struct planning *p, const struct item_meta *m)
{
    const char *problem = NULL;
    for (size_t i = 0; i < m->law_count && !problem; i++)
        problem = law_problem(p->bank->arena, p->laws, &m->law[i]);
    return problem;
}

/* The new text of a line; what the item's own rules say of it is not an error of ours. */
static bool make_record(struct planning *p, struct bulk_line *line, json_t *changed,
                        struct item_record *out, struct err *e)
{
    const struct bank *b = p->bank;
    const struct programme *programme = programme_find(b->programmes, line->row.programme);
    struct item item;
    struct err why = {0};
    json_object_set_new(changed, "reviewed_by", json_array()); /* by us, as bank_save does */
    if (programme && item_read(b->arena, changed, &item, &why) &&
        item_record_make(b->arena, b->master, programme, &item, out, &why)) {
        line->law_problem = law_problem_of(p, &item.meta);
        return true;
    }
    if (programme && why.code != ERR_INVALID && why.code != ERR_RULE) {
        *e = why;
        return false;
    }
    line->outcome = BULK_REFUSED;
    line->why = programme ? arena_printf(b->arena, "%s", why.text) : "它的项目已不在。";
    return true;
}

static bool plan_edit(struct planning *p, size_t i, struct err *e)
{
    const struct bank *b = p->bank;
    struct bulk_line *line = &p->plan->lines[i];
    struct arena *own = arena_create(ITEM_ARENA_BYTES);
    struct item item;
    bool ok = item_open_version(b->db, own, b->master, line->row.version_id, &item, e);
    if (ok) {
        json_t *changed = bulk_changed(b->arena, item.json, p->change, p->codes,
                                       p->plan->count);
        if (bulk_difference(b->arena, item.json, changed, &line->was, &line->is))
            ok = make_record(p, line, changed, &p->records[i], e);
        else
            line->outcome = BULK_SAME;
    }
    arena_destroy(own);
    return ok;
}

static bool plan_one(struct planning *p, size_t i, struct err *e)
{
    struct bulk_line *line = &p->plan->lines[i];
    line->why = bulk_refusal(&line->row, p->change);
    line->law_problem = line->row.law_problem;
    line->outcome = line->why ? BULK_REFUSED : BULK_CHANGES;
    if (!line->why && !p->change->retire && !plan_edit(p, i, e))
        return false;
    if (line->outcome == BULK_CHANGES && !p->change->retire)
        line->stamps = line->row.approvals;
    else
        line->parameters = false;
    p->plan->changes += line->outcome == BULK_CHANGES;
    p->plan->refused += line->outcome == BULK_REFUSED;
    return true;
}

/* --- the digest ---------------------------------------------------------------------------------- */
static void add_int(struct hash_state *h, int64_t v)
{
    unsigned char n[8];
    be64_put(n, (uint64_t)v);
    hash_add(h, n, sizeof n);
}

static void add_text(struct hash_state *h, const char *text)
{
    add_int(h, text ? (int64_t)strlen(text) : -1);
    if (text)
        hash_add(h, text, strlen(text));
}

static void digest(struct planning *p)
{
    struct hash_state h;
    hash_begin(&h);
    hash_add(&h, "heng/bulk/1", 11);
    add_text(&h, p->change->retire);
    for (size_t i = 0; i < p->plan->count; i++) {
        const struct bulk_line *line = &p->plan->lines[i];
        hash_add(&h, line->row.id.bytes, ID_BYTES);
        hash_add(&h, line->row.version_id.bytes, ID_BYTES);
        add_int(&h, line->row.state);
        add_int(&h, line->row.approvals);
        add_int(&h, line->outcome);
        add_int(&h, line->parameters);
        add_text(&h, line->why);
        add_text(&h, line->law_problem);
        if (line->outcome == BULK_CHANGES && !p->change->retire)
            hash_add(&h, p->records[i].digest, sizeof p->records[i].digest);
    }
    hash_end(&h, p->plan->digest);
}

/* --- the plan ------------------------------------------------------------------------------------ */
/* A code that names no item is a slip of the pen, and would stay in every text. */
static bool enemies_are_known(const struct bank *b, const struct bulk_change *c, struct err *e)
{
    for (size_t i = 0; i < c->enemies_add_count; i++) {
        struct item_row row;
        bool found;
        if (!item_row_find(b->db, b->arena, b->actor->body, c->enemies_add[i], &row, &found, e))
            return false;
        if (!found)
            return FAIL(e, INVALID, "/change/enemies_add", "题库中没有试题“%.64s”。",
                        c->enemies_add[i]);
    }
    return true;
}

static bool together_fits(const struct bulk_change *c, size_t count, struct err *e)
{
    if (!c->enemies_together)
        return true;
    if (count < 2)
        return FAIL(e, INVALID, "/change/enemies_together", "互斥题一组至少要选两道题。");
    return count <= ENEMIES_TOGETHER_MAX ||
           FAIL(e, INVALID, "/change/enemies_together", "互斥题一组最多 %d 道，选了 %zu 道。",
                ENEMIES_TOGETHER_MAX, count);
}

static bool plan_all(struct planning *p, const struct bulk_choice *choice, struct err *e)
{
    const struct bank *b = p->bank;
    struct bulk_plan *plan = p->plan;
    struct item_row *rows;
    *plan = (struct bulk_plan){0};
    if (!bulk_change_check(p->change, e) || !choose(b, choice, &rows, &plan->count, e) ||
        !together_fits(p->change, plan->count, e) || !enemies_are_known(b, p->change, e) ||
        !(p->laws = law_list_embedded(b->arena, e)))
        return false;
    plan->lines = arena_array(b->arena, struct bulk_line, plan->count + 1);
    p->records = arena_array(b->arena, struct item_record, plan->count + 1);
    p->codes = arena_array(b->arena, const char *, plan->count + 1);
    for (size_t i = 0; i < plan->count; i++) {
        plan->lines[i].row = rows[i];
        p->codes[i] = rows[i].code;
    }
    if (!mark_parameters(p, e))
        return false;
    for (size_t i = 0; i < plan->count; i++)
        if (!plan_one(p, i, e))
            return false;
    digest(p);
    return true;
}

bool bulk_preview(const struct bank *b, const struct bulk_choice *choice,
                  const struct bulk_change *change, struct bulk_plan *out, struct err *e)
{
    struct planning p = {.bank = b, .change = change, .plan = out};
    return plan_all(&p, choice, e);
}

/* --- doing it ------------------------------------------------------------------------------------ */
/* Between the plan and here somebody may have been quicker. */
static bool is_as_planned(struct db *db, const struct bank *b, const struct bulk_line *line,
                          struct err *e)
{
    struct item_row now;
    return item_row_get(db, b->arena, b->actor->body, line->row.id, &now, e) &&
           ((id_equal(now.version_id, line->row.version_id) && now.state == line->row.state &&
             now.approvals == line->row.approvals) ||
            FAIL(e, CONFLICT, "/digest", "试题 %s 刚刚被别人改过，请重新预览。", now.code));
}

static bool edit_one(struct db *db, const struct planning *p, size_t i, struct err *e)
{
    const struct bank *b = p->bank;
    const struct bulk_line *line = &p->plan->lines[i];
    struct item_change change = {
        .master = b->master,
        .who = b->actor,
        .programme = line->row.programme,
        .state = ITEM_draft,
        .before = &line->row,
    };
    struct id item;
    int64_t version;
    if (!item_put(db, &change, &p->records[i], &item, &version, e))
        return false;
    json_t *said = json_keep(b->arena, json_pack("{s:I}", "version", (json_int_t)version));
    return audit_write(
        db, b->actor,
        &(struct audit_row){
            .act = ACT_item_save, .object_type = "it", .object = item, .change = said},
        e);
}

static bool retire_one(struct db *db, const struct planning *p, size_t i, struct err *e)
{
    const struct bank *b = p->bank;
    const struct item_row *row = &p->plan->lines[i].row;
    json_t *said = json_keep(b->arena,
                             json_pack("{s:s, s:s}", "before", item_state_name(row->state),
                                       "reason", p->change->retire));
    return item_set_state(db, b->actor, row, ITEM_retired, e) &&
           audit_write(db, b->actor,
                       &(struct audit_row){.act = ACT_item_retire,
                                           .object_type = "it",
                                           .object = row->id,
                                           .change = said},
                       e);
}

static bool write_audit(struct db *db, const struct planning *p, struct err *e)
{
    char hex[2 * HASH_BYTES + 1];
    hex_write(hex, p->plan->digest, HASH_BYTES);
    json_t *said = json_keep(p->bank->arena,
                             json_pack("{s:s, s:s, s:I, s:I}", "what",
                                       p->change->retire ? "retire" : "edit", "digest", hex,
                                       "changed", (json_int_t)p->plan->changes, "left",
                                       (json_int_t)(p->plan->count - p->plan->changes)));
    return audit_write(db, p->bank->actor,
                       &(struct audit_row){.act = ACT_item_bulk,
                                           .object_type = "bk",
                                           .object = p->bank->actor->body,
                                           .change = said},
                       e);
}

static bool do_all(struct db *db, void *ctx, struct err *e)
{
    const struct planning *p = ctx;
    for (size_t i = 0; i < p->plan->count; i++) {
        if (p->plan->lines[i].outcome != BULK_CHANGES)
            continue;
        if (!is_as_planned(db, p->bank, &p->plan->lines[i], e) ||
            !(p->change->retire ? retire_one : edit_one)(db, p, i, e))
            return false;
    }
    return write_audit(db, p, e);
}

bool bulk_apply(const struct bank *b, const struct bulk_choice *choice,
                const struct bulk_change *change, const unsigned char seen[HASH_BYTES],
                struct bulk_plan *out, struct err *e)
{
    struct planning p = {.bank = b, .change = change, .plan = out};
    if (!plan_all(&p, choice, e))
        return false;
    if (memcmp(out->digest, seen, HASH_BYTES) != 0)
        return FAIL(e, CONFLICT, "/digest", "预览之后有试题变过，请重新预览。");
    if (out->changes == 0)
        return FAIL(e, CONFLICT, "/items", "没有一道题会改变。");
    return db_transact(b->db, do_all, &p, e);
}
