/* entry/photo_fuzz.c */
/* Whatever comes in, the answer is a refusal or findings; where a master is given it is a JPEG of
 * exactly 295 x 413 that our own decoder reads. */
#include "entry/photo.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "entry/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct arena *a = arena_create((size_t)480 << 20);
    struct err e = {0};
    struct bytes said, jpeg;
    struct image im;
    if (parse_photo(a, (struct bytes){data, len}, &said, &e)) {
        json_t *json = json_read(a, said.at, said.len, &e);
        const char *text = json ? json_member_text(json, "jpeg") : NULL;
        if (!text || !base64_read(a, text, strlen(text), &jpeg))
            abort();
        bool refused = json_is_true(json_object_get(json, "refused"));
        if (refused != (jpeg.len == 0))
            abort();
        if (!refused && (!image_decode(a, jpeg, (struct size){0, 0}, &im, &e) ||
                         im.width != PHOTO_WIDTH || im.height != PHOTO_HEIGHT))
            abort();
    } else if (e.code == ERR_NONE || !*e.text) {
        abort();
    }
    arena_destroy(a);
    return 0;
}
