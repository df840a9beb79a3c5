/* sitting/node_store.h - rows of room nodes, for the files of this folder. */
#ifndef SITTING_NODE_STORE_H
#define SITTING_NODE_STORE_H

#include "sitting/node.h"

struct query;

enum { NODE_COLUMN_COUNT = 16 };
void node_row_read(struct query *q, struct arena *a, struct node *out);
/* Copies exactly LEN bytes of a column; leaves OUT alone where it is of another length. */
void column_copy(struct query *q, int column, unsigned char *out, size_t len);

#endif
