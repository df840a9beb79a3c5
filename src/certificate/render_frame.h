/* certificate/render_frame.h - the engraved frame of the sheet; for render.c. */
#ifndef CERTIFICATE_RENDER_FRAME_H
#define CERTIFICATE_RENDER_FRAME_H

struct pdf;

void render_frame(struct pdf *p);
/* Where the seal goes: a dashed circle of 40 mm around the point. */
void render_seal_place(struct pdf *p, double x, double y);

#endif
