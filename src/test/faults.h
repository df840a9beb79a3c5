/* test/faults.h - what src/test/faults.c and requests.c know of each other. */
#ifndef TEST_FAULTS_H
#define TEST_FAULTS_H

#include <stdbool.h>
#include <stddef.h>

struct db;
struct err;

/* From now on, in this thread: no transaction is failed by itself; acts and commits are counted. */
void faults_watch(struct db *db, int nth, bool forever);
/* The same, but what fails is all behind the first commit. */
void faults_watch_behind(struct db *db);
/* The same, past every commit: of work whose parts are whole by themselves, and done by doing it again. */
void faults_watch_parts(struct db *db, int nth, bool forever);
struct faults_seen {
    bool fired;
    size_t commits;
};
struct faults_seen faults_watched(struct db *db);
/* Says in HENG_FAULTED, or on stderr, what WHERE did when its NTH call failed, and stops the program. */
_Noreturn void faults_bug(const char *where, int nth, bool forever, const char *what,
                          const struct err *e);
/* The acts of the last run are now known to be whole; false if each was before. */
bool faults_say_whole(void);
/* A run that failed ended its process: the next, another, counts it. */
void faults_failed_elsewhere(void);
/* Is a test failing calls, or asks for none? */
bool faults_left_alone(struct db *db);
/* The next request to the route of PATH fails (requests.c): every call to the database, or every one behind its
 * commit. */
void requests_fail(const char *path, bool behind);

#endif
