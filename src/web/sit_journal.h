/* web/sit_journal.h - saves, on the event threads. */
#ifndef WEB_SIT_JOURNAL_H
#define WEB_SIT_JOURNAL_H

struct journal_writer;

/* A hot handler gets no app: this is the one writer of the process; NULL while there is none. */
void sit_journal_use(struct journal_writer *w);

#endif
