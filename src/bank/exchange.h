/* bank/exchange.h - items in the formats of other systems.
 *
 * A format is one file, exchange_<name>.c, one row in formats.def and samples in
 * tests/samples/exchange/<name>/. What passes between is the flat item object (doc/item-format.md).
 *
 * What a format cannot hold travels as a note of ours beside the question: the members that differ
 * between the item and what its visible question reads back as, with a digest of what they replace.
 * So our own export reads back byte for byte; and where somebody changed the visible question in
 * between, their change counts and the note gives way. Whatever is not carried is named in losses. */
#ifndef BANK_EXCHANGE_H
#define BANK_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"
#include "base/err.h"

struct arena;
struct json_out;
struct json_t;

struct exchange_loss {
    const char
        *item; /* its id here, or what the file calls a refused one; "" = the whole file */
    const char *name;    /* what the file calls it where that is another; "" = the same */
    const char *element; /* as the format calls it: "questiontext/img", "####", "rubricBlock" */
    const char *sentence;
    size_t place; /* of its item in items, from 1; 0: of none */
};

/* One file being read or written. All in the arena. */
struct exchange {
    struct arena *arena;
    const struct exchange_format *format;
    struct json_t *items;      /* array of flat objects, in the file's order */
    const struct json_t *fill; /* members for items whose format has none; NULL: none */
    struct exchange_loss *losses;
    size_t loss_count, loss_room;
    size_t settled; /* losses of questions that are done with */
    bool trial; /* reading back what was just written: every question counts, sound or not */
    size_t refused; /* questions that did not become items; each has a loss */
};

struct exchange_item { /* to be written */
    const char *id;
    const struct json_t *object; /* what is written: of a template its example */
    const struct json_t *whole;
    const char *note; /* JSON on one line, or NULL */
    bool written;     /* set by the writer */
};

struct exchange_format {
    const char *name, *label, *extension;
    bool notes;      /* has a place for our note */
    bool files;      /* pictures, sounds and films stand in the file beside the notes */
    bool writes_all; /* our own: every kind as it is */
    /* False only where the file as a whole is not of this format. */
    bool (*read)(struct exchange *x, struct bytes file, struct err *e);
    /* One question for each item that is `written`, in order. The ids are the file's own. */
    bool (*write)(struct exchange *x, struct exchange_item *items, size_t count,
                  struct bytes *out, struct err *e);
};

const struct exchange_format *
exchange_format_find(const char *name);                     /* NULL if there is none */
const struct exchange_format *exchange_format_at(size_t i); /* NULL past the last */

/* Reads FILE. FILL: an object of members given to every item that lacks them, or NULL. */
bool exchange_read(struct arena *a, const struct exchange_format *f, const struct json_t *fill,
                   struct bytes file, struct exchange *out, struct err *e) MUST_USE;
/* The same for bytes that somebody uploaded: in the parser cage (base/cage.h for PROGRAM). */
bool exchange_read_upload(struct arena *a, const char *program, const struct exchange_format *f,
                          const struct json_t *fill, struct bytes file, struct exchange *out,
                          struct err *e) MUST_USE;
/* The cage's parser: format name, LF, fill object, LF, file. Answers with items and losses. */
bool parse_exchange(struct arena *a, struct bytes input, struct bytes *out, struct err *e);

/* Writes the items (flat objects). out->losses names what other programs will not see. */
bool exchange_write(struct arena *a, const struct exchange_format *f,
                    const struct json_t *const *objects, size_t count, struct bytes *file,
                    struct exchange *out, struct err *e) MUST_USE;

/* Members that an item must have before it can be stored and these lack (levels, points, …). */
const char *exchange_lacks(struct arena *a, const struct json_t *object); /* "" = nothing */
/* "losses":[…] and "incomplete":[…] into the open object. */
void exchange_report_put(const struct exchange *x, struct json_out *o);

/* --- for the formats ------------------------------------------------------------------------- */
/* Adds a question as read: NAME is what the file calls it (its id here, as far as it can be one),
 * NOTE our note beside it or NULL. Refused ones become losses. OBJECT is the reader's to give away. */
void exchange_add(struct exchange *x, struct json_t *object, const char *name,
                  const char *note);
/* A question that cannot become an item as it stands. Where our note is beside it, the note alone makes
 * the item; else it is a loss. */
void exchange_refuse(struct exchange *x, const char *name, const char *note,
                     const char *element, const char *why);
/* Files that are plain text, with a zero behind it: NULL, with INVALID at "file", for what is not UTF-8 (GBK,
 * UTF-16) or holds NUL. */
char *exchange_text(struct exchange *x, struct bytes file, struct err *e);
void exchange_lose(struct exchange *x, const char *item, const char *element, const char *fmt,
                   ...) PRINTF_LIKE(4, 5);

#define EXCHANGE_FORMAT(name) extern const struct exchange_format exchange_format_##name;
#include "bank/formats.def"
#undef EXCHANGE_FORMAT

#endif
