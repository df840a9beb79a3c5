/* sitting/ticket_roster.c - everybody of a session, room by room: for lists and for the export. */
#include <string.h>

#include "base/arena.h"
#include "base/csv.h"
#include "base/json.h"
#include "entry/batch.h"
#include "entry/entry.h"
#include "people/account.h"
#include "people/body.h"
#include "people/document.h"
#include "people/mask.h"
#include "people/people.h"
#include "people/person.h"
#include "programme/programme.h"
#include "sitting/session_store.h"
#include "sitting/ticket.h"
#include "sitting/ticket_draw.h"
#include "sitting/ticket_rules.h"
#include "store/db.h"

struct gathering {
    struct db *db;
    const struct printing *p;
    struct session session;
    const struct programme *programme;
    struct seat_list seats;
    struct ticket_list tickets;
    struct staff_list staff;
    struct roster *out;
};

static const char *ticket_number_of(const struct gathering *g, struct id entry)
{
    for (size_t i = 0; i < g->tickets.count; i++)
        if (id_equal(g->tickets.at[i].entry, entry)) {
            char grouped[TICKET_GROUPED_BYTES];
            ticket_number_group(g->tickets.at[i].number, grouped);
            return arena_text(g->p->by->arena, grouped);
        }
    return "";
}

static bool fill_line(const struct gathering *g, const struct seat *seat,
                      struct roster_line *out, struct err *e)
{
    struct arena *a = g->p->by->arena;
    struct people people = {g->db, a, g->p->master, g->p->by->actor};
    struct entry_scope scope = entry_scope_body(g->session.body);
    struct entry entry;
    struct person person;
    *out = (struct roster_line){*seat, "", "", "", "", "", "", ""};
    if (id_is_zero(seat->entry))
        return true;
    if (!entry_get(g->db, a, &scope, seat->entry, &entry, e) ||
        !person_get(&people, entry.person, &person, e))
        return false;
    const struct level *level = programme_level(g->programme, entry.level);
    out->number = ticket_number_of(g, seat->entry);
    out->name = person.name;
    out->name_mask = mask_name(a, person.name);
    out->document_title = person.has_document ? document_title(person.kind) : "";
    out->document_mask = person.document_mask ? person.document_mask : "";
    if (level && !level->not_printed)
        out->level = level->skill_level ? level->skill_level : level->name;
    out->direction = entry.direction;
    return true;
}

static bool invigilators_of(const struct gathering *g, struct id room, const char **out,
                            struct err *e)
{
    struct people people = {g->db, g->p->by->arena, g->p->master, g->p->by->actor};
    *out = "";
    for (size_t i = 0; i < g->staff.count; i++) {
        const struct session_staff *s = &g->staff.at[i];
        struct account account;
        if (s->duty != DUTY_invigilator || !(id_is_zero(s->room) || id_equal(s->room, room)))
            continue;
        if (!account_get(&people, s->account, &account, e))
            return false;
        *out = arena_printf(g->p->by->arena, "%s%s%s", *out, **out ? "、" : "",
                            account.display_name);
    }
    return true;
}

static bool fill_room(const struct gathering *g, const struct room *room,
                      struct roster_room *out, struct err *e)
{
    struct site site;
    struct roster_line *lines = arena_array(g->p->by->arena, struct roster_line,
                                            (size_t)room->capacity + 1);
    *out = (struct roster_room){.room = *room, .lines = lines};
    if (!site_get(g->db, g->p->by->arena, owned_by(g->p->by, room->site), &site, e) ||
        !invigilators_of(g, room->id, &out->invigilators, e))
        return false;
    out->site = site.name;
    out->address = site.address;
    for (size_t i = 0; i < g->seats.count; i++) {
        if (!id_equal(g->seats.at[i].room, room->id))
            continue;
        if (!fill_line(g, &g->seats.at[i], &lines[out->line_count++], e))
            return false;
        out->taken += !id_is_zero(g->seats.at[i].entry);
    }
    return true;
}

static bool fill_heads(struct gathering *g, struct err *e)
{
    struct arena *a = g->p->by->arena;
    struct batch batch;
    struct body body;
    if (!batch_get(g->db, a, g->session.body, g->session.batch, &batch, e) ||
        !batch_programme(g->db, a, g->p->by->programmes, &batch, &g->programme, e) ||
        !body_get(g->db, a, g->session.body, &body, e))
        return false;
    const struct component *part = programme_component(g->programme, g->session.component);
    *g->out = (struct roster){
        .body = body.name,
        .batch = batch.title,
        .title = g->session.title,
        .component = part ? part->name : "",
        .when = arena_printf(a, "%s %s", session_day_text(a, &g->session),
                             session_time_text(a, &g->session)),
        .now_ms = g->p->by->actor->now_ms,
        .demo = g->p->demo || body.is_demo,
    };
    return true;
}

static bool gather(struct db *db, const struct printing *p, struct id session,
                   struct roster *out, struct err *e)
{
    struct gathering g = {.db = db, .p = p, .out = out};
    struct arena *a = p->by->arena;
    struct owned which = owned_by(p->by, session);
    struct room_list rooms;
    if (!session_get(db, a, which, &g.session, e) || !fill_heads(&g, e) ||
        !room_list(db, a, which, &rooms, e) || !seat_list(db, a, which, &g.seats, e) ||
        !ticket_list_session(db, a, which, &g.tickets, e) ||
        !staff_list(db, a, which, &g.staff, e))
        return false;
    struct roster_room *all = arena_array(a, struct roster_room, rooms.count + 1);
    for (size_t i = 0; i < rooms.count; i++)
        if (!fill_room(&g, &rooms.at[i], &all[i], e))
            return false;
    out->rooms = all;
    out->room_count = rooms.count;
    return true;
}

bool sign_in_sheet_pdf(struct db *db, const struct printing *p, struct id session,
                       struct bytes *pdf, struct err *e)
{
    struct roster r;
    return gather(db, p, session, &r, e) && sign_in_sheet_draw(p->by->arena, &r, pdf, e);
}

bool door_list_pdf(struct db *db, const struct printing *p, struct id session,
                   struct bytes *pdf, struct err *e)
{
    struct roster r;
    return gather(db, p, session, &r, e) && door_list_draw(p->by->arena, &r, pdf, e);
}

/* ------------------------------------------------------------------ export */
struct text {
    struct arena *arena;
    char *at;
    size_t len, room;
};

static void append(struct text *t, const char *s)
{
    size_t len = strlen(s);
    if (t->len + len > t->room) {
        size_t room = (t->len + len) * 2;
        t->at = arena_grow(t->arena, t->at, t->room, room, 1);
        t->room = room;
    }
    memcpy(t->at + t->len, s, len);
    t->len += len;
}

static void append_cells(struct text *t, const char *const *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        append(t, i ? "," : "");
        append(t, csv_cell(t->arena, cells[i]));
    }
    append(t, "\r\n");
}

static void write_table(struct arena *a, const struct roster *r, struct bytes *csv)
{
    static const char *const heads[] = {"考点",     "考场",     "座位", "准考证号", "姓名",
                                        "证件类型", "证件号码", "等级", "方向"};
    struct text t = {.arena = a};
    append(&t, "\xEF\xBB\xBF"); /* for spreadsheets that ask for it */
    append_cells(&t, heads, sizeof heads / sizeof *heads);
    for (size_t i = 0; i < r->room_count; i++)
        for (size_t k = 0; k < r->rooms[i].line_count; k++) {
            const struct roster_line *l = &r->rooms[i].lines[k];
            const char *cells[] = {
                r->rooms[i].site,
                r->rooms[i].room.name,
                arena_printf(a, "%lld", (long long)l->seat.number),
                l->number,
                l->name,
                l->document_title,
                l->document_mask,
                l->level,
                l->direction,
            };
            if (!id_is_zero(l->seat.entry))
                append_cells(&t, cells, sizeof cells / sizeof *cells);
        }
    *csv = (struct bytes){(const unsigned char *)t.at, t.len};
}

struct exporting {
    const struct printing *p;
    struct id session;
    struct bytes *csv;
};

/* Many names leave the system at once: who took them is in the audit chain. */
static bool export_seating(struct db *db, void *ctx, struct err *e)
{
    struct exporting *x = ctx;
    struct roster r;
    if (!gather(db, x->p, x->session, &r, e) ||
        !session_audit(db, x->p->by, ACT_seating_export, x->session, json_object(), e))
        return false;
    write_table(x->p->by->arena, &r, x->csv);
    return true;
}

bool seating_csv(struct db *db, const struct printing *p, struct id session, struct bytes *csv,
                 struct err *e)
{
    struct exporting x = {p, session, csv};
    return db_transact(db, export_seating, &x, e);
}
