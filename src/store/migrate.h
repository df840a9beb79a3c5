/* store/migrate.h - the numbered scripts under migrations/, run forward, each in a transaction.
 *
 * A script is one text for both engines; lines between "-- only sqlite" (or postgres) and
 * "-- end" are for that engine. Opening a store whose recorded digests differ is refused. */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

struct arena;

/* The part of a script that ENGINE ("sqlite", "postgres") runs. */
const char *migration_for_engine(struct arena *a, const char *script, const char *engine);

#endif
