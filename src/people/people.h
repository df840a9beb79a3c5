/* people/people.h - what the use cases of this folder work with, in one piece.
 *
 * Everything that is read or changed is limited to who->body. `who` also brings the time. */
#ifndef PEOPLE_PEOPLE_H
#define PEOPLE_PEOPLE_H

struct actor;
struct arena;
struct db;
struct master;

struct people {
    struct db *db;
    struct arena *arena; /* results live here */
    const struct master
        *master; /* opens and seals fields; may be NULL where nothing is sealed */
    const struct actor *who;
};

#endif
