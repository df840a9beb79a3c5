/* bank/fold_text.h - whether two short answers say the same, whatever keyboard typed them. */
#ifndef BANK_FOLD_TEXT_H
#define BANK_FOLD_TEXT_H

struct arena;

/* Full-width forms become plain ones, letters small, Chinese punctuation its ASCII sibling; blanks
 * and a closing full stop go. Bytes that are no UTF-8 stay as they are. */
const char *fold_text(struct arena *a, const char *text);

#endif
