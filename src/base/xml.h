/* base/xml.h - XML in, by expat: as events, or as a tree of what is there.
 *
 * Refused, by SECURITY §8.3: a DOCTYPE (so there are no entities to blow up and none to fetch),
 * nesting deeper than 64, more than 64 MiB, and for the tree more than 1,000,000 nodes. Names come
 * without their namespace prefix. */
#ifndef BASE_XML_H
#define BASE_XML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"
#include "base/err.h"

struct arena;

enum { XML_BYTES_MAX = 64 << 20, XML_NODES_MAX = 1000000 };

/* Any function may be NULL. */
struct xml_reader {
    void (*open)(void *ctx, const char *name, const char **attributes);
    void (*text)(void *ctx, const char *text, int len);
    void (*close)(void *ctx, const char *name);
    void (*comment)(void *ctx, const char *text);
    void *ctx;
};

/* Piece by piece: begun, fed while true comes back, ended once. End says what was wrong: INVALID or
 * TOO_LARGE at "file". */
struct xml_stream;
struct xml_stream *xml_stream_begin(const struct xml_reader *r);
bool xml_stream_feed(struct xml_stream *s, const char *piece, size_t len);
bool xml_stream_end(struct xml_stream *s, struct err *e) MUST_USE;

/* An element, a run of text (name NULL) or a comment (name "#comment"). All in the arena. */
struct xml_node {
    const char *name;
    const char *text;        /* of text and comments */
    const char **attributes; /* name, value, …, NULL; names without prefix */
    struct xml_node *parent, *first, *last, *next;
    struct xml_node *previous; /* for the comment that stands before an element */
};

struct xml_node *xml_read(struct arena *a, struct bytes text, struct err *e); /* NULL: failed */

const char *xml_attribute(const struct xml_node *n,
                          const char *name); /* NULL if it is not there */
/* The first child element of this name, the next sibling of it; NULL past the last. */
struct xml_node *xml_child(const struct xml_node *n, const char *name);
struct xml_node *xml_next(const struct xml_node *n, const char *name);
/* The first element of this name below, in document order. */
struct xml_node *xml_find(const struct xml_node *n, const char *name);
/* The one after N in that order, within TOP. */
struct xml_node *xml_find_after(const struct xml_node *n, const struct xml_node *top,
                                const char *name);
/* All text below, joined; "" where there is none. N may be NULL. */
const char *xml_text(struct arena *a, const struct xml_node *n);
bool xml_is(const struct xml_node *n, const char *name);

#endif
