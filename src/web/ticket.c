/* web/ticket.c - admission tickets, and the lists of a session on paper. */
#include "sitting/ticket.h"

#include <string.h>

#include "base/arena.h"
#include "entry/batch.h"
#include "web/app.h"
#include "web/handlers.h"
#include "web/session.h"

static const char pdf_type[] = "application/pdf";

static struct printing printing_of(struct request *rq, const struct arranger *by)
{
    return (struct printing){by, rq->app->master, &rq->app->blobs, rq->app->demo};
}

bool session_tickets_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct arranger by = arranger_of(rq);
    struct ticket_issue t = {.session = rq->id[0]};
    struct ticket_list list;
    if (!ticket_issue(rq->db, &by, &t, e) ||
        !ticket_list_session(rq->db, rq->arena, owned_of(rq, rq->id[0]), &list, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_int(o, "issued", t.issued);
    put_int(o, "total", (int64_t)list.count);
    return true;
}

static bool write_ticket(struct request *rq, struct json_out *o, const struct ticket *t,
                         struct err *e)
{
    char grouped[TICKET_GROUPED_BYTES];
    struct session session;
    struct batch batch;
    struct room room;
    struct site site;
    if (!session_get(rq->db, rq->arena, owned_of(rq, t->session), &session, e) ||
        !batch_get(rq->db, rq->arena, rq->viewer.body, session.batch, &batch, e) ||
        !room_get(rq->db, rq->arena, owned_of(rq, t->room), &room, e) ||
        !site_get(rq->db, rq->arena, owned_of(rq, room.site), &site, e))
        return false;
    int64_t opens = ticket_opens_ms(&session, batch.policy.ticket_days);
    bool stands = session.state != SESSION_draft && session.state != SESSION_cancelled;
    ticket_number_group(t->number, grouped);
    out_object(o);
    put_text(o, "number", t->number);
    put_text(o, "printed", grouped);
    put_id(o, "entry", t->entry);
    put_id(o, "session", t->session);
    put_text(o, "batch_title", batch.title);
    put_text(o, "title", session.title);
    put_text(o, "component", session.component);
    put_int(o, "starts_ms", session.starts_ms);
    put_int(o, "minutes", session.minutes);
    put_int(o, "zone_offset_ms", session.zone_offset_ms);
    put_int(o, "latest_ms", session.starts_ms + session.late_limit_ms);
    put_text(o, "site", site.name);
    put_text(o, "address", site.address);
    put_text(o, "room", room.name);
    put_int(o, "opens_ms", opens);
    put_bool(o, "printable", stands && rq->now_ms >= opens);
    put_text(o, "state", session_state_name(session_now(&session, rq->now_ms)));
    out_object_end(o);
    return true;
}

bool my_tickets_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct ticket_list list = {0};
    if (!id_is_zero(rq->viewer.person) &&
        !ticket_list_person(rq->db, rq->arena, owned_of(rq, rq->viewer.person), &list, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "tickets");
    for (size_t i = 0; i < list.count; i++)
        if (!write_ticket(rq, o, &list.at[i], e))
            return false;
    out_array_end(o);
    put_int(o, "total", (int64_t)list.count);
    return true;
}

bool entry_ticket_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct arranger by = arranger_of(rq);
    struct printing p = printing_of(rq, &by);
    const char *session = request_query(rq, "session");
    struct ticket_print t = {.entry = rq->id[0]};
    if (session && !id_read(session, &t.session))
        return FAIL(e, INVALID, "/session", "场次应为 32 位十六进制。");
    if (!ticket_pdf(rq->db, &p, &rq->viewer, &t, e))
        return false;
    reply_file(rp, pdf_type, t.file_name, t.pdf);
    return true;
}

/* ------------------------------------------------------------------ lists */
/* Those who arrange, and of the staff of the session who watch or supervise it. */
static bool may_list(struct request *rq, struct session *session, struct err *e)
{
    bool arranges;
    struct staff_list staff;
    if (!session_visible(rq, rq->id[0], session, &arranges, e) ||
        !staff_list(rq->db, rq->arena, owned_of(rq, rq->id[0]), &staff, e))
        return false;
    for (size_t i = 0; i < staff.count; i++)
        if (id_equal(staff.at[i].account, rq->viewer.account) &&
            (staff.at[i].duty == DUTY_invigilator ||
             staff.at[i].duty == DUTY_quality_supervisor))
            return true;
    return arranges || FAIL(e, FORBIDDEN, "duty", "考场名单只对监考人员和质量督导员开放。");
}

bool door_list_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct arranger by = arranger_of(rq);
    struct printing p = printing_of(rq, &by);
    struct session session;
    struct bytes pdf;
    if (!may_list(rq, &session, e) || !door_list_pdf(rq->db, &p, session.id, &pdf, e))
        return false;
    reply_file(rp, pdf_type, arena_printf(rq->arena, "考场座位图-%s.pdf", session.title), pdf);
    return true;
}

bool sign_in_sheet_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct arranger by = arranger_of(rq);
    struct printing p = printing_of(rq, &by);
    struct session session;
    struct bytes pdf;
    if (!may_list(rq, &session, e) || !sign_in_sheet_pdf(rq->db, &p, session.id, &pdf, e))
        return false;
    reply_file(rp, pdf_type, arena_printf(rq->arena, "考生签到表-%s.pdf", session.title), pdf);
    return true;
}

bool seating_csv_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct arranger by = arranger_of(rq);
    struct printing p = printing_of(rq, &by);
    struct session session;
    struct bytes csv;
    if (!session_get(rq->db, rq->arena, owned_of(rq, rq->id[0]), &session, e) ||
        !seating_csv(rq->db, &p, session.id, &csv, e))
        return false;
    reply_file(rp, "text/csv; charset=utf-8",
               arena_printf(rq->arena, "排座表-%s.csv", session.title), csv);
    return true;
}
