/* entry/photo.h - an identity photo becomes the 295 x 413 master, or is told what is wrong with it.
 *
 * 25 x 35 mm at 300 dpi, white background, JPEG or PNG source of at most 5 MiB and 50 megapixels,
 * not upscaled (DOMAIN §1.3, §1.4; one-inch photo of the national HR examinations). Pictures are
 * decoded only inside the parser cage; what is kept is our own re-encoding. */
#ifndef ENTRY_PHOTO_H
#define ENTRY_PHOTO_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

struct arena;
struct json_out;

enum { PHOTO_WIDTH = 295, PHOTO_HEIGHT = 413 };
#define PHOTO_PIXELS_MAX  INT64_C(50000000)
#define PHOTO_BYTES_SMALL (10 << 10)

enum image_kind { IMAGE_NONE, IMAGE_JPEG, IMAGE_PNG };
/* By the first bytes; names and headers of the upload do not count. */
enum image_kind image_sniff(struct bytes file);
const char *image_media_type(enum image_kind k);

struct photo_finding {
    const char *code; /* "too_small", "ratio", "upscaled", "soft", "background", "few_bytes" */
    const char *text; /* for the applicant */
    bool refused;     /* else the registrar looks at it */
};

struct photo {
    int64_t source_width, source_height;
    const struct photo_finding *findings;
    size_t finding_count;
    bool refused;      /* one of the findings refuses */
    struct bytes jpeg; /* 295 x 413; empty where refused */
};

/* Checks FILE in the cage. False only where it is no picture, too large, or the cage failed; a
 * picture that does not do is a finding. PROGRAM as in base/cage.h. */
bool photo_check(struct arena *a, const char *program, struct bytes file, struct photo *out,
                 struct err *e) MUST_USE;
/* "findings":[…] and the like, members of an open object. */
void photo_put(struct json_out *o, const struct photo *p);

/* Any picture (evidence), decoded in the cage and encoded again as JPEG or PNG as it came, at
 * most 4,000 pixels a side, so that nothing hides in it. */
bool image_clean(struct arena *a, const char *program, struct bytes file, struct bytes *out,
                 struct err *e) MUST_USE;

/* The parsers of the cage's kinds `photo` and `image`. */
bool parse_photo(struct arena *a, struct bytes file, struct bytes *out, struct err *e);
bool parse_image(struct arena *a, struct bytes file, struct bytes *out, struct err *e);

#endif
