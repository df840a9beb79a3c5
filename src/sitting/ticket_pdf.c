/* sitting/ticket_pdf.c - one candidate's ticket: may it be printed, and with what on it. */
#include "base/arena.h"
#include "base/calendar.h"
#include "base/pdf.h"
#include "entry/batch.h"
#include "entry/entry.h"
#include "people/body.h"
#include "people/document.h"
#include "people/people.h"
#include "people/person.h"
#include "people/viewer.h"
#include "programme/programme.h"
#include "sitting/session_store.h"
#include "sitting/ticket_draw.h"
#include "sitting/ticket_rules.h"
#include "sitting/ticket_store.h"
#include "store/blob.h"
#include "store/db.h"

struct ticket_case {
    struct db *db;
    const struct printing *p;
    struct entry entry;
    struct ticket ticket;
    struct session session;
    struct batch batch;
    struct body body;
    struct person person;
    struct room room;
    struct site site;
    struct seat seat;
    const struct programme *programme;
};

/* That of the session asked for, or else the next one that is not over, or else the last. */
static bool choose_ticket(struct ticket_case *x, struct id session, struct err *e)
{
    struct arena *a = x->p->by->arena;
    struct ticket_list list;
    struct owned entry = {x->entry.body, x->entry.id};
    if (!ticket_list_entry(x->db, a, entry, &list, e))
        return false;
    for (size_t i = 0; i < list.count; i++) {
        bool wanted = id_is_zero(session) || id_equal(list.at[i].session, session);
        if (!wanted)
            continue;
        x->ticket = list.at[i];
        if (!session_get(x->db, a, (struct owned){x->entry.body, x->ticket.session},
                         &x->session, e))
            return false;
        if (session_ends_ms(&x->session) > x->p->by->actor->now_ms)
            return true;
    }
    return x->ticket.number || FAIL(e, NOT_FOUND, "ticket", "还没有准考证。");
}

static bool find_seat(struct ticket_case *x, struct err *e)
{
    struct seat_list seats;
    struct owned which = {x->entry.body, x->session.id};
    if (!seat_list(x->db, x->p->by->arena, which, &seats, e))
        return false;
    for (size_t i = 0; i < seats.count; i++)
        if (id_equal(seats.at[i].id, x->ticket.seat)) {
            x->seat = seats.at[i];
            return true;
        }
    return FAIL(e, NOT_FOUND, "seat", "没有这个座位。");
}

static bool load_case(struct ticket_case *x, const struct viewer *v, struct id session,
                      struct id entry, struct err *e)
{
    struct arena *a = x->p->by->arena;
    struct id body = v->body;
    struct people people = {x->db, a, x->p->master, x->p->by->actor};
    struct entry_scope scope = entry_scope_of(v);
    /* The whole body's tickets, with name and photo, are for those who arrange. */
    if (id_is_zero(scope.person) && id_is_zero(scope.partner) && !viewer_may(v, MAY_ARRANGE, e))
        return false;
    return entry_get(x->db, a, &scope, entry, &x->entry, e) && choose_ticket(x, session, e) &&
           batch_get(x->db, a, body, x->session.batch, &x->batch, e) &&
           batch_programme(x->db, a, x->p->by->programmes, &x->batch, &x->programme, e) &&
           body_get(x->db, a, body, &x->body, e) &&
           person_get(&people, x->entry.person, &x->person, e) &&
           room_get(x->db, a, (struct owned){body, x->ticket.room}, &x->room, e) &&
           site_get(x->db, a, (struct owned){body, x->room.site}, &x->site, e) &&
           find_seat(x, e);
}

/* Staff who arrange print at any time; everybody else from the day that the batch sets. */
static bool may_print(const struct ticket_case *x, const struct viewer *v, struct err *e)
{
    struct arena *a = x->p->by->arena;
    struct err ignored = {0};
    int64_t opens = ticket_opens_ms(&x->session, x->batch.policy.ticket_days);
    if (x->session.state == SESSION_draft || x->session.state == SESSION_cancelled)
        return FAIL(e, CONFLICT, "/state", "场次%s，暂时不能打印准考证。",
                    session_state_label(x->session.state));
    if (x->p->by->actor->now_ms >= opens || viewer_may(v, MAY_ARRANGE, &ignored))
        return true;
    struct session at = x->session;
    at.starts_ms = opens;
    const struct deadline *d = programme_deadline(x->programme, "ticket");
    return FAIL(e, RULE, "/opens_ms", "准考证从%s起可以打印（%s）。", session_day_text(a, &at),
                d ? d->text : programme_source(x->programme, a, NULL));
}

static bool load_photo(struct ticket_case *x, struct bytes *photo, struct err *e)
{
    struct arena *a = x->p->by->arena;
    struct id id = id_is_zero(x->entry.photo) ? x->person.photo : x->entry.photo;
    struct blob blob;
    *photo = (struct bytes){0};
    return id_is_zero(id) ||
           (blob_get(x->db, a, id, &blob, e) && blob_read(x->p->blobs, a, &blob, photo, e));
}

static const char *direction_text(struct arena *a, const struct programme *p, const char *id)
{
    const struct direction *d = id && *id ? programme_direction(p, id) : NULL;
    return d ? arena_printf(a, "%s　%s", d->id, d->name) : "--";
}

static void fill_face(const struct ticket_case *x, struct ticket_face *t)
{
    struct arena *a = x->p->by->arena;
    const struct session *s = &x->session;
    const struct programme *p = x->programme;
    const struct component *part = programme_component(p, s->component);
    const struct level *level = programme_level(p, x->entry.level);
    struct ticket_rules rules;
    ticket_rules(a, p, s, &rules);
    *t = (struct ticket_face){
        .body = x->body.name,
        .batch = x->batch.title,
        .number = x->ticket.number,
        .name = *x->person.name ? x->person.name : "--",
        .document_title = x->person.has_document ? document_title(x->person.kind) : "证件号码",
        .document_mask = x->person.document_mask ? x->person.document_mask : "--",
        .occupation = p->occupation ? p->occupation->name : p->name,
        .level = level && !level->not_printed ? level->name : "--",
        .direction = direction_text(a, p, x->entry.direction),
        .component = part ? part->name : s->component,
        .day = session_day_text(a, s),
        .time = session_time_text(a, s),
        .latest = arena_printf(a, "%s　最迟 %s 入场", session_zone_text(a, s),
                               session_clock_text(a, s, s->starts_ms + s->late_limit_ms)),
        .site = x->site.name,
        .address = arena_printf(a, "考点地址：%s%s%s", x->site.address,
                                x->site.note && *x->site.note ? "　" : "",
                                x->site.note ? x->site.note : ""),
        .room = x->room.name,
        .seat = arena_printf(a, "%02d", (int)x->seat.number),
        .rules = rules.at,
        .rule_count = rules.count,
        .issued_ms = x->ticket.issued_ms,
        .zone_offset_ms = s->zone_offset_ms,
        .demo = x->p->demo || x->body.is_demo,
    };
}

bool ticket_pdf(struct db *db, const struct printing *p, const struct viewer *v,
                struct ticket_print *t, struct err *e)
{
    struct ticket_case x = {.db = db, .p = p};
    struct ticket_face face;
    struct bytes photo;
    if (!load_case(&x, v, t->session, t->entry, e) || !may_print(&x, v, e) ||
        !load_photo(&x, &photo, e))
        return false;
    fill_face(&x, &face);
    face.photo = photo;
    t->file_name = arena_printf(p->by->arena, "准考证-%s.pdf", x.ticket.number);
    return ticket_draw(p->by->arena, &face, &t->pdf, e);
}
