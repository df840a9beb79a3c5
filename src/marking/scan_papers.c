/* marking/scan_papers.c - whose answer sheet looks how. The layout of a sheet follows from the form and
 * the order of the paper alone; the paper itself is opened only for who looks at a mark of it. */
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/json_out.h"
#include "marking/scan.h"
#include "marking/typed.h"
#include "paper/paper.h"
#include "paper/render.h"
#include "store/db.h"

enum { FORMS_MAX = 32, EXAM_ARENA_BYTES = 64 << 20 };

/* A form of the session, opened once, and how the places of each of its items look. */
struct sheet_form {
    struct id id;
    struct form form;
    struct item_places {
        const struct scan_place *at;
        size_t count;
    } * items;
    size_t count; /* of all places */
};
struct sheet_forms {
    struct sheet_form at[FORMS_MAX];
    size_t count;
};

/* --- a form --------------------------------------------------------------------------------------- */
static struct item_places places_of_item(struct arena *a, const json_t *item)
{
    const json_t *parts = json_object_get(item, "items");
    size_t count = parts ? json_array_size(parts) : 1;
    struct scan_place *at = arena_array(a, struct scan_place, count + 1);
    for (size_t i = 0; i < count; i++)
        at[i] = scan_place_of(parts ? json_array_get(parts, i) : item);
    return (struct item_places){at, count};
}

/* EXAM is the form's in the order in which it was composed. */
static bool take_places(struct arena *a, const json_t *exam, struct sheet_form *f,
                        struct err *e)
{
    static const unsigned char composed[SEED_BYTES];
    uint32_t *order = arena_array(a, uint32_t, f->form.item_count + 1);
    json_t *section, *item;
    size_t i, k, at = 0;
    paper_order(&f->form, composed, order);
    f->items = arena_array(a, struct item_places, f->form.item_count + 1);
    json_array_foreach(json_object_get(exam, "sections"), i, section)
        json_array_foreach(json_object_get(section, "items"), k, item)
    {
        if (at == f->form.item_count)
            return FAIL(e, INTERNAL, "/form", "试卷里多出了题目。");
        struct item_places *own = &f->items[order[at++]];
        *own = places_of_item(a, item);
        f->count += own->count;
    }
    return at == f->form.item_count || FAIL(e, INTERNAL, "/form", "试卷的题目不全。");
}

static bool open_form(const struct marking *m, struct sheet_forms *all, struct id id,
                      const struct sheet_form **out, struct err *e)
{
    struct bank bank = {m->db, m->arena, m->master, m->programmes, m->actor};
    static const unsigned char composed[SEED_BYTES];
    for (size_t i = 0; i < all->count; i++)
        if (id_equal(all->at[i].id, id)) {
            *out = &all->at[i];
            return true;
        }
    if (all->count == FORMS_MAX)
        return FAIL(e, INVALID, "/forms", "一个场次最多 %d 套试卷。", FORMS_MAX);
    struct sheet_form *f = &all->at[all->count++];
    f->id = id;
    *out = f;
    if (!form_open(&bank, id, &f->form, e))
        return false;
    struct arena *scratch = arena_create(EXAM_ARENA_BYTES);
    struct json_out *o = json_out_create(scratch);
    struct paper_head head = {.title = ""};
    struct form bare = f->form;
    bare.picture_count = 0; /* their bytes say nothing of a sheet */
    exam_write(scratch, &bare, &head, composed, o);
    const char *text = json_out_text(o);
    const json_t *exam = json_read(scratch, text, strlen(text), e);
    bool ok = exam && take_places(m->arena, exam, f, e);
    arena_destroy(scratch);
    return ok;
}

/* --- a candidate ---------------------------------------------------------------------------------- */
static bool lay_out(struct arena *a, const struct sheet_form *f,
                    const unsigned char seed[SEED_BYTES], struct scan_subject_row *s,
                    struct err *e)
{
    size_t count = 0;
    uint32_t *order = arena_array(a, uint32_t, f->form.item_count + 1);
    struct scan_place *places = arena_array(a, struct scan_place, f->count + 1);
    paper_order(&f->form, seed, order);
    for (size_t i = 0; i < f->form.item_count; i++) {
        const struct item_places *own = &f->items[order[i]];
        for (size_t k = 0; k < own->count; k++)
            places[count++] = own->at[k];
    }
    s->subject.code = scan_code(a, places, count);
    return scan_lay_out(a, places, count, &s->layout, e);
}

/* Form and seed stand in the key set; the keys themselves are not looked at. */
static bool fill_subject(const struct marking *m, const json_t *papers,
                         struct sheet_forms *forms, struct scan_subject_row *s, struct err *e)
{
    char name[ID_TEXT_BYTES];
    unsigned char seed[SEED_BYTES];
    const struct sheet_form *form = NULL;
    id_write(s->paper, name);
    const json_t *entry = json_object_get(papers, name);
    const char *form_text = json_member_text(entry, "form"),
               *seed_text = json_member_text(entry, "seed");
    if (!form_text || !seed_text || !id_read(form_text, &s->subject.form) ||
        !hex_read(seed, SEED_BYTES, seed_text))
        return FAIL(e, NOT_FOUND, "paper", "答案集中没有这份试卷。");
    return open_form(m, forms, s->subject.form, &form, e) &&
           lay_out(m->arena, form, seed, s, e);
}

static bool list_attempts(const struct marking *m, struct id session, struct id attempt,
                          struct scan_subjects *out, struct err *e)
{
    size_t room = 64;
    *out = (struct scan_subjects){arena_array(m->arena, struct scan_subject_row, room), 0};
    struct query *q = db_query(m->db, SQL_scan_attempts);
    query_id(q, session);
    query_id(q, m->actor->body);
    while (query_next(q, e)) {
        struct scan_subject_row row = {.attempt = query_get_id(q, 0),
                                       .entry = query_get_id(q, 1),
                                       .paper = query_get_id(q, 2),
                                       .seat_no = query_get_int(q, 3),
                                       .room = query_get_text(q, 5, m->arena)};
        row.subject.session = session;
        row.subject.ticket = query_get_text(q, 4, m->arena);
        if (!id_is_zero(attempt) && !id_equal(attempt, row.attempt))
            continue;
        if (out->count == room) {
            out->at = arena_grow(m->arena, out->at, room, room * 2, sizeof *out->at);
            room *= 2;
        }
        out->at[out->count++] = row;
    }
    return e->code == ERR_NONE;
}

bool scan_subjects(const struct marking *m, struct id session, struct id attempt,
                   struct scan_subjects *out, struct err *e)
{
    struct key_set set;
    struct sheet_forms *forms = arena_new(m->arena, struct sheet_forms);
    struct scan_subjects all;
    *out = (struct scan_subjects){NULL, 0};
    if (!list_attempts(m, session, attempt, &all, e))
        return false;
    if (all.count == 0)
        return id_is_zero(attempt) ? FAIL(e, CONFLICT, "/state", "这个场次还没有排好的试卷。")
                                   : FAIL(e, NOT_FOUND, "attempt", "这个场次没有这份答卷。");
    if (!paper_key_set(m->db, m->arena, m->master, session, &set, e))
        return false;
    out->at = all.at;
    for (size_t i = 0; i < all.count; i++) {
        if (id_is_zero(all.at[i].paper))
            continue;
        struct scan_subject_row *s = &out->at[out->count++];
        *s = all.at[i];
        if (!fill_subject(m, json_object_get(set.json, "papers"), forms, s, e))
            return false;
    }
    return out->count > 0 || FAIL(e, CONFLICT, "/state", "这名考生还没有试卷。");
}

/* --- what stands on the paper ---------------------------------------------------------------------- */
bool scan_released(const struct marking *m, const struct scan_subject_row *s, struct err *e)
{
    unsigned char key[KEY_BYTES];
    bool ok = s->places ||
              paper_key_of(m->db, m->arena, m->master, s->paper, m->actor->now_ms, key, e);
    secret_wipe(key, sizeof key);
    return ok;
}

bool scan_places(const struct marking *m, struct scan_subject_row *s, struct err *e)
{
    unsigned char key[KEY_BYTES];
    json_t *exam;
    if (s->places)
        return true;
    if (!paper_key_of(m->db, m->arena, m->master, s->paper, m->actor->now_ms, key, e))
        return false;
    struct arena *scratch = arena_create(EXAM_ARENA_BYTES);
    bool ok = paper_open(m->db, scratch, s->paper, key, &exam, e);
    secret_wipe(key, sizeof key);
    if (ok)
        s->places = json_keep(m->arena, json_deep_copy(typed_places(scratch, exam)));
    arena_destroy(scratch);
    return ok && (json_array_size(s->places) == s->layout.count ||
                  FAIL(e, STORE, "/places", "试卷的题数与答题卡不符。"));
}

bool scan_subject_open(const struct marking *m, struct id session, struct id attempt,
                       struct scan_subject_row *out, struct err *e)
{
    struct scan_subjects one;
    if (!scan_subjects(m, session, attempt, &one, e))
        return false;
    *out = one.at[0];
    return scan_places(m, out, e);
}
