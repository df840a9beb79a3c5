/* web/rehearsal.c - what rehearsals of a session measured, on the desk. */
#include "sitting/rehearsal.h"

#include "base/json_out.h"
#include "web/app.h"
#include "web/handlers.h"
#include "web/session.h"

bool session_rehearsals_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct session session;
    struct rehearsal *list;
    size_t count;
    bool arranges;
    if (!session_visible(rq, rq->id[0], &session, &arranges, e) ||
        !rehearsal_list(rq->db, rq->arena, session.body, session.id, &list, &count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "rehearsals");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_id(o, "id", list[i].id);
        put_id(o, "node", list[i].node);
        put_text(o, "node_name", list[i].node_name);
        put_int(o, "at_ms", list[i].at_ms);
        put_bool(o, "passed", list[i].passed);
        put_json(o, "report", list[i].report);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}
