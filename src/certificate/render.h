/* certificate/render.h - the A4 sheet (人社鉴发〔2021〕1号, DOMAIN §1.3) as a PDF.
 *
 * A pure function of what is stored: the same certificate gives the same bytes, so the file need
 * not be kept. The signed credential is attached to it. Fields are 小四号 (12 pt) FangSong where the
 * machine has that font, else Song. */
#ifndef CERTIFICATE_RENDER_H
#define CERTIFICATE_RENDER_H

#include "base/bytes.h"
#include "base/err.h"

struct arena;
struct certificate;
struct certificate_secrets;

struct certificate_sheet {
    const struct certificate *certificate;
    const struct certificate_secrets *secrets;
    struct bytes photo; /* JPEG; at NULL: none */
    const char *public_url;
};

/* INVALID at "text" naming a character that no font has. */
bool certificate_can_be_printed(struct arena *a, const struct certificate *c,
                                struct err *e) MUST_USE;
bool certificate_render(struct arena *a, const struct certificate_sheet *s, struct bytes *pdf,
                        struct err *e) MUST_USE;

#endif
