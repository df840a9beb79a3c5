/* people/mask.h - what others may see of a person (SECURITY section 9): one spelling for all. */
#ifndef PEOPLE_MASK_H
#define PEOPLE_MASK_H

struct arena;

char *mask_name(struct arena *a, const char *name); /* 张*三, 李*; one star alone for one */
char *mask_document(struct arena *a, const char *number);  /* 110105********002X, on desks */
char *mask_last_four(struct arena *a, const char *number); /* **************002X, in notices */
char *mask_phone(struct arena *a, const char *phone);      /* 138****0000 */
char *mask_mail(struct arena *a, const char *address);     /* z***@example.com */

#endif
