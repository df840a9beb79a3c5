/* web/walk.h - for tests that walk the table of routes: an address and a body for any row.
 *
 * Both come from the tables themselves, so a route or a field that is added tomorrow is walked, too. */
#ifndef WEB_WALK_H
#define WEB_WALK_H

#include "base/id.h"
#include "web/route.h"

struct arena;
struct err;

struct walk {
    struct arena *arena;
    struct id id;      /* for every {id} and every field of ids */
    struct id second;  /* for the second {id} of an address; zero: the same */
    struct id in_body; /* for the fields of ids; zero: the same */
    const char
        *text; /* for every text that is not one of a list; cut and filled up as the row says */
    const char *unknown; /* a member that no table has, NULL for none */
};

const char *walk_method(const struct route *r);
const char *walk_path(const struct walk *w, const struct route *r);
/* A body with every member of the table, each within its bounds; "" if the route takes no JSON. */
const char *walk_body(const struct walk *w, const struct route *r);
/* Does the table have a field of ids, anywhere in it? */
bool walk_has_id(const struct route *r);
/* Does the table have a text that anybody may choose, anywhere in it? */
bool walk_has_text(const struct route *r);
/* Asked with any body it would end the asker's own sign-in, or wait for events. */
bool walk_leaves_out(const struct route *r);

/* Every how many tries such a body is worth sending: 1, but where a passphrase is stretched (argon2id,
 * up to 256 MiB) before anything is looked up, and where the text is never stored. */
int walk_stride(const struct route *r);

#endif
