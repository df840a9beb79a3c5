/* web/html.h - HTML out, for the few pages that the server writes itself.
 *
 * Markup is a literal of the program; everything else goes through html_text, which escapes it for
 * text and for attribute values in double quotes alike. */
#ifndef WEB_HTML_H
#define WEB_HTML_H

#include "base/bytes.h"

struct arena;
struct html;

struct html *html_create(struct arena *a);
void html_raw(struct html *h, const char *literal);
void html_text(struct html *h, const char *text); /* NULL writes nothing */
/* Each '%' of the literal becomes the next text, escaped: html_line(h, "<b>%</b>", name). */
void html_line(struct html *h, const char *literal, ...);
struct bytes html_bytes(const struct html *h);

#endif
