/* marking/scan_sheets.c - the answer sheets as PDF. */
#include "base/arena.h"
#include "base/json.h"
#include "entry/entry.h"
#include "marking/scan.h"
#include "marking/scan_draw.h"
#include "people/body.h"
#include "people/people.h"
#include "people/person.h"
#include "sitting/session.h"
#include "store/db.h"

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

struct noting {
    const struct marking *m;
    struct id session, attempt;
    size_t count;
};

/* A sheet that our check is on leaves the program: who could fill in a second one is known. */
static bool note_print(struct db *db, void *ctx, struct err *e)
{
    const struct noting *n = ctx;
    bool one = !id_is_zero(n->attempt);
    struct audit_row row = {
        .act = ACT_scan_print,
        .object_type = one ? "at" : "se",
        .object = one ? n->attempt : n->session,
        .change = json_keep(n->m->arena, json_pack("{s:I}", "sheets", (json_int_t)n->count))};
    return audit_write(db, n->m->actor, &row, e);
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
    struct noting noted = {m, session, attempt, subjects.count};
    return ok && scan_draw(m->arena, &job, pdf, e) && db_transact(m->db, note_print, &noted, e);
}
