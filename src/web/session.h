/* web/session.h - what the handlers of the arrangement share. */
#ifndef WEB_SESSION_H
#define WEB_SESSION_H

#include "sitting/arrange.h"

struct live_room;
struct request;

struct arranger arranger_of(struct request *rq);
struct owned owned_of(struct request *rq, struct id id);
/* The members of a session, into an object that is open. */
void put_session(struct json_out *o, const struct session *s, int64_t now_ms);

/* Those who arrange see every session of the body; others where they have a duty: NOT_FOUND
 * otherwise. *arranges says which. */
bool session_visible(struct request *rq, struct id session, struct session *out, bool *arranges,
                     struct err *e) MUST_USE;

/* The live room of the address, if the viewer invigilates there. CONFLICT for whatever changes something
 * where a room node serves it. */
bool room_invigilated(struct request *rq, struct live_room **out, struct err *e) MUST_USE;

/* Who invigilates or supervises in the session, or arranges and decides for the body. */
bool session_watched(struct request *rq, struct id session, struct err *e) MUST_USE;

#endif
