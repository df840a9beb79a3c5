/* people/password_gate.h - how many passwords may be hashed at once (SECURITY §8.2).
 *
 * argon2id takes 64 MiB and a core for 80 ms; max(1, cores / 2) run at a time and 64 may wait.
 * One gate for the process, for it is the process's cores that are shared. Never enter it on an
 * event thread, never inside a transaction. */
#ifndef PEOPLE_PASSWORD_GATE_H
#define PEOPLE_PASSWORD_GATE_H

#include "base/err.h"

enum { PASSWORD_GATE_QUEUE = 64 };

/* TOO_MANY when the queue is full; otherwise waits its turn and must be left again. */
bool password_gate_enter(struct err *e) MUST_USE;
void password_gate_leave(void);
long password_gate_places(void); /* how many run at a time */

#endif
