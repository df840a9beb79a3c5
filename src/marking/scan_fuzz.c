/* Any bytes as a picture, as a file of pictures, as the cage's answer, and as the words of a QR code. What reads as a
 * label is written as the same bytes; an answer that unpacks holds only places and marks there can be. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "marking/scan_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_label(struct arena *a, struct bytes in)
{
    struct scan_label l;
    const char *text = arena_copy(a, in.at, in.len);
    if (scan_label_read(text, &l) && strcmp(scan_label_write(a, &l), text) != 0)
        abort();
}

static void check_unpacked(struct arena *a, struct bytes in)
{
    struct err e = {0};
    struct scan_read_pages pages;
    bool more;
    if (!scan_unpack(a, in, &pages, &more, &e))
        return;
    for (size_t i = 0; i < pages.count; i++)
        for (size_t k = 0; !pages.at[i].refused && k < pages.at[i].count; k++)
            for (int row = 0; row < SCAN_ROWS_MAX; row++)
                if (pages.at[i].readings[k].place >= SCAN_PLACES_MAX ||
                    pages.at[i].readings[k].marks[row] >= 1 << SCAN_CHOICES_MAX)
                    abort();
}

/* Any picture is refused with a sentence, or has a page and a label. The decoders of JPEG, PNG and TIFF
 * are libraries of Debian and run in the cage; here it is our own reader of what they give. */
static void check_picture(struct arena *a, struct bytes in)
{
    struct scan_page p;
    if (in.len < 3)
        return;
    int w = 100 + in.at[0], h = 100 + in.at[1];
    unsigned char *at = arena_alloc(a, (size_t)w * (size_t)h, 1);
    for (int i = 0; i < w * h; i++)
        at[i] = in.at[2 + (size_t)i % (in.len - 2)];
    struct scan_grey g = {at, w, h};
    scan_page_find(a, &g, &p);
    if (!p.refused && (!p.grey || !p.label))
        abort();
}

/* The pages of a TIFF's directories and of a PDF's streams, found by us; nothing is decoded. It ends, and
 * the second way through finds as many. */
static void check_walk(struct arena *a, struct bytes in)
{
    struct err e = {0};
    size_t pages[2] = {0, 0};
    for (int i = 0; i < 2; i++) {
        struct scan_walk walk;
        const char *why;
        if (!scan_walk_begin(in, &walk, &e))
            return;
        while (scan_walk_next(&walk, a, NULL, &why))
            if (!why || ++pages[i] > in.len + 1)
                abort();
    }
    if (pages[0] != pages[1] || pages[0] == 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (len == 0)
        return 0;
    struct arena *a = arena_create(512 << 20);
    struct bytes in = {data + 1, len - 1};
    if (data[0] % 4 == 0)
        check_label(a, in);
    else if (data[0] % 4 == 1)
        check_unpacked(a, in);
    else if (data[0] % 4 == 3)
        check_walk(a, in);
    else
        check_picture(a, in);
    arena_destroy(a);
    return 0;
}
