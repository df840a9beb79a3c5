/* web/entry_of.h - what the handlers for batches and applications share. */
#ifndef WEB_ENTRY_OF_H
#define WEB_ENTRY_OF_H

#include "entry/desk.h"

struct json_out;
struct request;

/* Staff: the body's applications; a partner: its candidates'; a candidate: the own. */
struct entry_desk entry_desk_of(struct request *rq);
/* The own, whoever asks. */
struct entry_desk entry_desk_own(struct request *rq);

void put_date(struct json_out *o, const char *key, date_days d); /* null for DATE_NONE */
/* {"id","title","programme","level", …}: members of an object that is open. */
void put_batch(struct json_out *o, const struct batch *b, const struct programme *p);
/* "level" and "direction" with the names that people read. P may be NULL: they are null then. */
void put_level(struct json_out *o, const struct programme *p, int64_t level,
               const char *direction);
/* The application without its person. */
void put_entry(struct json_out *o, const struct entry *n, const struct programme *p);

#endif
