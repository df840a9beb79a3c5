/* bank/exchange_qti.h - QTI content packages. The three versions differ in names only, so one reader
 * (exchange_qti.c finds the items, …_item.c and …_interaction.c read one) and one writer serve them. */
#ifndef BANK_EXCHANGE_QTI_H
#define BANK_EXCHANGE_QTI_H

#include "bank/exchange.h"

struct text_out;
struct xml_node;
struct zipped;

struct qti_version {
    const char *item_namespace, *manifest_namespace, *schema, *schema_version;
    const char *resource_type; /* of an item in the manifest */
    bool hyphened;             /* 3.0: qti-choice-interaction for choiceInteraction */
};

bool qti_read(struct exchange *x, struct bytes file, struct err *e);
bool qti_write(struct exchange *x, const struct qti_version *v, struct exchange_item *items,
               size_t count, struct bytes *out, struct err *e);

/* Where the files lie that an item names; z NULL: an item without a package. */
struct qti_files {
    struct zipped *z;
    const char *from; /* the item's own name, which theirs are relative to */
};
/* One assessmentItem, names as in 2.x whatever the version. NAME: what to call it. */
void qti_item_read(struct exchange *x, const struct xml_node *item, const char *name,
                   const char *note, struct qti_files files);
/* "qti-choice-interaction" → "choiceInteraction", on the whole tree with its attributes. */
void qti_names_plain(struct arena *a, struct xml_node *n);

/* "images/<sha256>.png", "media/<sha256>.mp3": a picture's, a sound's name in the package. */
const char *qti_picture_file(struct arena *a, const struct json_t *picture);
/* An item's XML. */
void qti_item_write(struct text_out *o, const struct qti_version *v,
                    const struct exchange_item *item);

#endif
