/* app/instance.h - an opened data folder: store, master secret, programmes, calendar.
 *
 * The master secret lies beside the folder (DIR.key), never in it: a copy of the folder opens
 * nothing. */
#ifndef APP_INSTANCE_H
#define APP_INSTANCE_H

#include <stdint.h>

#include "base/err.h"
#include "web/app.h"

struct arena;

struct instance {
    struct app app;
    struct store *store;
    struct master *master;
};

/* Where the data are: files in DATA, and rows in DATA/heng.db or, if STORE is given or the file
 * DATA/store.url holds one, in a PostgreSQL database. */
struct instance_place {
    const char *data, *store;
    int64_t connections; /* 0: as many as the store thinks best */
    bool node; /* of a room node that is going to join: a centre's keys are not made */
};
/* The options that say it, for a command's rows. */
#define INSTANCE_OPTIONS(place, data_required)                                                 \
    {"--data", OPTION_FOLDER, &(place).data, (data_required)},                                 \
        {"--store", OPTION_TEXT, &(place).store, false},                                       \
    {                                                                                          \
        "--store-connections", OPTION_INT, &(place).connections, false                         \
    }

/* A STORE with a password in it is refused: command lines are no secret. PGPASSFILE, a service file or
 * DATA/store.url (0600) may hold one. instance_create_at writes STORE into DATA/store.url. */
bool instance_create_at(struct arena *a, const struct instance_place *p, struct instance *out,
                        struct err *e) MUST_USE;
bool instance_open_at(struct arena *a, const struct instance_place *p, struct instance *out,
                      struct err *e) MUST_USE;
/* Has anything been made in this folder? */
bool instance_exists(struct arena *a, const char *folder);

/* Makes the folder, the master secret and the schema where they are missing, then opens. */
bool instance_create(struct arena *a, const char *folder, struct instance *out,
                     struct err *e) MUST_USE;
/* The same for a room node that is going to join: no keys of a centre are made. app.node stays NULL
 * until it has joined and is opened again. */
bool instance_create_node(struct arena *a, const char *folder, struct instance *out,
                          struct err *e) MUST_USE;
/* NOT_FOUND at --data if it was never made. */
bool instance_open(struct arena *a, const char *folder, struct instance *out,
                   struct err *e) MUST_USE;
void instance_close(struct instance *i);

#endif
