/* bank/law.h - the laws that items may cite, and which version of each is in force (data/laws.json).
 *
 * A version is named by the day it was passed or the day it came into force. An item that cites an
 * older version stands while the amendments since have not touched its article. */
#ifndef BANK_LAW_H
#define BANK_LAW_H

#include "bank/item.h"

struct law_list;

struct law_list *law_list_embedded(struct arena *a, struct err *e);
struct law_list *law_list_read(struct arena *a, struct bytes text, struct err *e);
/* NULL where it is in force; else the sentence that says what is wrong. */
const char *law_problem(struct arena *a, const struct law_list *l, const struct item_law *law);

#endif
