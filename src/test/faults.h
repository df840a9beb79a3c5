/* test/faults.h - what src/test/faults.c and requests.c know of each other. */
#ifndef TEST_FAULTS_H
#define TEST_FAULTS_H

#include <stdbool.h>
#include <stddef.h>

struct db;

/* From now on, in this thread: no transaction is failed by itself; acts and commits are counted. */
void faults_watch(struct db *db, int nth, bool forever);
/* The same, but what fails is all behind the first commit. */
void faults_watch_behind(struct db *db);
struct faults_seen {
    bool fired;
    size_t commits;
};
struct faults_seen faults_watched(struct db *db);
/* The acts of the last run are now known to be whole; false if each was before. */
bool faults_say_whole(void);
/* Is a test failing calls, or asks for none? */
bool faults_left_alone(struct db *db);
/* The next request to the route of PATH fails (requests.c): every call to the database, or every one behind its
 * commit. */
void requests_fail(const char *path, bool behind);

#endif
