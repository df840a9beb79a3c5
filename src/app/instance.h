/* app/instance.h - an opened data folder: store, master secret, programmes, calendar.
 *
 * The master secret lies beside the folder (DIR.key), never in it: a copy of the folder opens
 * nothing. */
#ifndef APP_INSTANCE_H
#define APP_INSTANCE_H

#include "base/err.h"
#include "web/app.h"

struct arena;

struct instance {
    struct app app;
    struct store *store;
    struct master *master;
};

/* Makes the folder, the master secret and the schema where they are missing, then opens. */
bool instance_create(struct arena *a, const char *folder, struct instance *out,
                     struct err *e) MUST_USE;
/* NOT_FOUND at --data if it was never made. */
bool instance_open(struct arena *a, const char *folder, struct instance *out,
                   struct err *e) MUST_USE;
void instance_close(struct instance *i);

#endif
