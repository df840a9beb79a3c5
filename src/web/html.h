/* web/html.h - HTML out, for the few pages that the server writes itself.
 *
 * Markup is a literal of the program; everything else goes through html_text, which escapes it for
 * text and for attribute values in double quotes alike. */
#ifndef WEB_HTML_H
#define WEB_HTML_H

#include <stdbool.h>

#include "base/bytes.h"

struct arena;
struct html;

struct html *html_create(struct arena *a);
void html_raw(struct html *h, const char *literal);
void html_text(struct html *h, const char *text); /* NULL writes nothing */
/* Each '%' of the literal becomes the next text, escaped: html_line(h, "<b>%</b>", name). */
void html_line(struct html *h, const char *literal, ...);
/* A page for whoever asks, up to where its content begins: in the language that it is in, with a way to the
 * other. PATH is where the page is; OTHER the word for the other language. */
struct public_page {
    const char *path, *title, *body_name, *other;
    bool english;
};
void html_public_page(struct html *h, const struct public_page *page);
struct bytes html_bytes(const struct html *h);

#endif
