/* entry/image.h - pictures as rows of RGB bytes: decoding, resampling, encoding. Runs in the
 * parser cage; pure, no file, no clock. */
#ifndef ENTRY_IMAGE_H
#define ENTRY_IMAGE_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

struct arena;

struct image {
    unsigned char *rgb; /* 3 bytes a pixel, rows without gaps */
    int64_t width, height;
    int64_t source_width, source_height; /* before a decoder scaled it down */
};

/* A JPEG comes out as its camera says it was held (Exif). LEAST: a JPEG may be decoded at 1/2, 1/4, 1/8 while both sides stay at least twice this wide
 * and high; 0 = full size. Refuses what is no JPEG or PNG (MEDIA), more than 50 megapixels
 * (TOO_LARGE) and broken files (INVALID), all at "/photo". */
struct size {
    int64_t width, height;
};
bool image_decode(struct arena *a, struct bytes file, struct size least, struct image *out,
                  struct err *e) MUST_USE;

/* Exif's orientation of a JPEG, 1 to 8; 1 = as it lies, also where nothing legible says
 * otherwise. 5 to 8 swap width and height. */
int image_orientation(struct bytes jpeg);
bool image_lies_on_its_side(int orientation);
/* Turns and mirrors IM (and its source size) so that orientation 1 is true of it. */
void image_turn(struct arena *a, int orientation, struct image *im);

/* The middle part of the ratio WIDTH : HEIGHT, averaged down to that size (never up). */
void image_fit(struct arena *a, const struct image *from, struct size to, struct image *out);

/* How much of the structure is as fine as the pixels allow: about 0.15 and more for a sharp
 * picture, near 0 for one that was enlarged. */
double image_sharpness(struct arena *a, const struct image *im);

bool image_encode_jpeg(struct arena *a, const struct image *im, int quality, struct bytes *out,
                       struct err *e) MUST_USE;
bool image_encode_png(struct arena *a, const struct image *im, struct bytes *out,
                      struct err *e) MUST_USE;

#endif
