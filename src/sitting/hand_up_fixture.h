/* sitting/hand_up_fixture.h - a session that a node has held and the centre awaits, for tests of the hand-up. */
#ifndef SITTING_HAND_UP_FIXTURE_H
#define SITTING_HAND_UP_FIXTURE_H

#include "sitting/delivery_fixture.h"
#include "sitting/hand_up.h"
#include "sitting/node.h"

enum { NODE_CHAIN = 2, ANSWERS = 6, SAVED_TOGETHER = 2 };

struct handing {
    struct delivery *node, *centre;
    struct actor who;
    struct signer *signer;
    struct node at_centre;
    unsigned char sign_secret[SIGN_SECRET_BYTES];
    struct json_t *journal, *batch, *ledger, *attempts; /* as the node has them */
    struct hand_up_totals totals;
};

/* The first candidate answers and seals on the node; BEFORE_SEAL (NULL: nothing) is called while that attempt is
 * open. The hand-up is begun and the audit rows are there. */
typedef void handing_hook(struct handing *h);
struct handing *handing_create(handing_hook *before_seal);
void handing_destroy(struct handing *h);
struct node_desk handing_desk(struct handing *h);
/* All rows of a part, as the node sends them. */
struct json_t *handing_rows(struct handing *h, const char *kind);
bool handing_send(struct handing *h, const char *kind, struct json_t *rows, struct err *e);
bool handing_close(struct handing *h, struct err *e);
const char *handing_missing(struct handing *h); /* as the desk shows it; NULL: nothing */

#endif
