/* marking/scan_sheets.c - whose answer sheet looks how, and the sheets as PDF. */
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/json_out.h"
#include "entry/entry.h"
#include "marking/scan.h"
#include "marking/scan_draw.h"
#include "marking/typed.h"
#include "paper/paper.h"
#include "paper/render.h"
#include "people/body.h"
#include "people/people.h"
#include "people/person.h"
#include "sitting/session.h"
#include "store/db.h"

enum { FORMS_MAX = 32, EXAM_ARENA_BYTES = 64 << 20 };

/* The forms of a session, opened once. */
struct forms {
    struct id id[FORMS_MAX];
    struct form at[FORMS_MAX];
    size_t count;
};

static bool open_form(const struct marking *m, struct forms *f, struct id id,
                      const struct form **out, struct err *e)
{
    struct bank bank = {m->db, m->arena, m->master, m->programmes, m->actor};
    for (size_t i = 0; i < f->count; i++)
        if (id_equal(f->id[i], id)) {
            *out = &f->at[i];
            return true;
        }
    if (f->count == FORMS_MAX)
        return FAIL(e, INVALID, "/forms", "一个场次最多 %d 套试卷。", FORMS_MAX);
    f->id[f->count] = id;
    *out = &f->at[f->count];
    return form_open(&bank, id, &f->at[f->count++], e);
}

/* What a typist sees of the exam JSON, too: the places without their stems. The exam itself is not kept. */
static bool places_of(const struct marking *m, const struct form *form, struct id paper,
                      const unsigned char seed[SEED_BYTES], const json_t **out, struct err *e)
{
    struct arena *scratch = arena_create(EXAM_ARENA_BYTES);
    struct json_out *o = json_out_create(scratch);
    struct paper_head head = {.paper = paper, .title = ""};
    exam_write(scratch, form, &head, seed, o);
    const char *text = json_out_text(o);
    const json_t *exam = json_read(scratch, text, strlen(text), e);
    if (exam)
        *out = json_keep(m->arena, json_deep_copy(typed_places(scratch, exam)));
    arena_destroy(scratch);
    return exam != NULL;
}

static bool lay_out(struct arena *a, struct scan_subject_row *s, struct err *e)
{
    size_t count = json_array_size(s->places);
    struct scan_place *places = arena_array(a, struct scan_place, count + 1);
    for (size_t i = 0; i < count; i++)
        places[i] = scan_place_of(json_array_get(s->places, i));
    s->subject.code = scan_code(a, places, count);
    return scan_lay_out(a, places, count, &s->layout, e);
}

/* Form and seed stand in the key set; the keys themselves are not looked at. */
static bool fill_subject(const struct marking *m, const json_t *papers, struct id paper,
                         struct forms *forms, struct scan_subject_row *s, struct err *e)
{
    char name[ID_TEXT_BYTES];
    unsigned char seed[SEED_BYTES];
    const struct form *form = NULL;
    id_write(paper, name);
    const json_t *entry = json_object_get(papers, name);
    const char *form_text = json_member_text(entry, "form"),
               *seed_text = json_member_text(entry, "seed");
    if (!form_text || !seed_text || !id_read(form_text, &s->subject.form) ||
        !hex_read(seed, SEED_BYTES, seed_text))
        return FAIL(e, NOT_FOUND, "paper", "答案集中没有这份试卷。");
    return open_form(m, forms, s->subject.form, &form, e) &&
           places_of(m, form, paper, seed, &s->places, e) && lay_out(m->arena, s, e);
}

struct attempt_paper {
    struct scan_subject_row row;
    struct id paper;
};

static bool list_attempts(const struct marking *m, struct id session, struct id attempt,
                          struct attempt_paper **out, size_t *count, struct err *e)
{
    size_t room = 64;
    *out = arena_array(m->arena, struct attempt_paper, room);
    *count = 0;
    struct query *q = db_query(m->db, SQL_scan_attempts);
    query_id(q, session);
    query_id(q, m->actor->body);
    while (query_next(q, e)) {
        struct attempt_paper p = {.paper = query_get_id(q, 2)};
        p.row = (struct scan_subject_row){.attempt = query_get_id(q, 0),
                                          .entry = query_get_id(q, 1),
                                          .seat_no = query_get_int(q, 3),
                                          .room = query_get_text(q, 5, m->arena)};
        p.row.subject.session = session;
        p.row.subject.ticket = query_get_text(q, 4, m->arena);
        if (!id_is_zero(attempt) && !id_equal(attempt, p.row.attempt))
            continue;
        if (*count == room) {
            *out = arena_grow(m->arena, *out, room, room * 2, sizeof **out);
            room *= 2;
        }
        (*out)[(*count)++] = p;
    }
    return e->code == ERR_NONE;
}

bool scan_subjects(const struct marking *m, struct id session, struct id attempt,
                   struct scan_subjects *out, struct err *e)
{
    struct attempt_paper *papers;
    struct key_set set;
    size_t count;
    struct forms *forms = arena_new(m->arena, struct forms);
    *out = (struct scan_subjects){NULL, 0};
    if (!list_attempts(m, session, attempt, &papers, &count, e))
        return false;
    if (count == 0)
        return id_is_zero(attempt) ? FAIL(e, CONFLICT, "/state", "这个场次还没有排好的试卷。")
                                   : FAIL(e, NOT_FOUND, "attempt", "这个场次没有这份答卷。");
    if (!paper_key_set(m->db, m->arena, m->master, session, &set, e))
        return false;
    out->at = arena_array(m->arena, struct scan_subject_row, count);
    for (size_t i = 0; i < count; i++) {
        if (id_is_zero(papers[i].paper))
            continue;
        struct scan_subject_row *s = &out->at[out->count++];
        *s = papers[i].row;
        if (!fill_subject(m, json_object_get(set.json, "papers"), papers[i].paper, forms, s, e))
            return false;
    }
    return out->count > 0 || FAIL(e, CONFLICT, "/state", "这名考生还没有试卷。");
}

/* --- on paper ------------------------------------------------------------------------------------ */
static bool name_of(const struct marking *m, struct id entry_id, const char **out,
                    struct err *e)
{
    struct people people = {m->db, m->arena, m->master, m->actor};
    struct entry_scope scope = entry_scope_body(m->actor->body);
    struct entry entry;
    struct person person;
    if (!entry_get(m->db, m->arena, &scope, entry_id, &entry, e) ||
        !person_get(&people, entry.person, &person, e))
        return false;
    *out = person.name;
    return true;
}

static bool make_sheet(const struct marking *m, const unsigned char key[KEY_BYTES],
                       const struct scan_subject_row *s, struct scan_sheet *out, struct err *e)
{
    *out = (struct scan_sheet){.ticket = s->subject.ticket, .layout = s->layout};
    out->seat = arena_printf(m->arena, "%s　%lld 号座", s->room, (long long)s->seat_no);
    out->labels = arena_array(m->arena, const char *, (size_t)s->layout.pages);
    for (int i = 0; i < s->layout.pages; i++) {
        struct scan_label label;
        if (!scan_label_make(&s->subject, key, i + 1, s->layout.pages, &label, e))
            return false;
        out->labels[i] = scan_label_write(m->arena, &label);
    }
    return name_of(m, s->entry, &out->name, e);
}

bool scan_sheets_print(const struct marking *m, struct id session, struct id attempt,
                       bool specimen, struct bytes *pdf, struct err *e)
{
    struct scan_subjects subjects;
    struct session s;
    struct body body;
    unsigned char key[KEY_BYTES];
    struct owned which = {m->actor->body, session};
    if (!session_get(m->db, m->arena, which, &s, e) ||
        !body_get(m->db, m->arena, m->actor->body, &body, e) ||
        !scan_subjects(m, session, attempt, &subjects, e))
        return false;
    struct scan_sheet *sheets = arena_array(m->arena, struct scan_sheet, subjects.count);
    bool ok = true;
    master_key(m->master, KEY_SCAN, key);
    for (size_t i = 0; ok && i < subjects.count; i++)
        ok = make_sheet(m, key, &subjects.at[i], &sheets[i], e);
    secret_wipe(key, sizeof key);
    struct scan_print job = {body.name,        s.title, specimen,
                             m->actor->now_ms, sheets,  subjects.count};
    return ok && scan_draw(m->arena, &job, pdf, e);
}
