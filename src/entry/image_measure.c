/* entry/image_measure.c - cutting, averaging down, and how fine the structure of a picture is. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "entry/image.h"

/* The largest part of the ratio of TO, in the middle. */
static void cut(const struct image *from, struct size to, struct size *part, int64_t *x,
                int64_t *y)
{
    part->width = from->width;
    part->height = from->height;
    if (from->width * to.height > from->height * to.width)
        part->width = from->height * to.width / to.height;
    else
        part->height = from->width * to.height / to.width;
    *x = (from->width - part->width) / 2;
    *y = (from->height - part->height) / 2;
}

/* The mean over the source area of one target pixel, its borders in proportion. */
static void average(const struct image *from, const double box[4], unsigned char out[3])
{
    double sum[3] = {0}, area = 0;
    for (int64_t y = (int64_t)box[1]; y < from->height && (double)y < box[3]; y++) {
        double high = fmin((double)y + 1, box[3]) - fmax((double)y, box[1]);
        for (int64_t x = (int64_t)box[0]; x < from->width && (double)x < box[2]; x++) {
            double part = high * (fmin((double)x + 1, box[2]) - fmax((double)x, box[0]));
            const unsigned char *p = from->rgb + (y * from->width + x) * 3;
            for (int c = 0; c < 3; c++)
                sum[c] += part * p[c];
            area += part;
        }
    }
    for (int c = 0; c < 3; c++)
        out[c] = (unsigned char)(area > 0 ? sum[c] / area + 0.5 : 0);
}

void image_fit(struct arena *a, const struct image *from, struct size to, struct image *out)
{
    struct size part;
    int64_t x0, y0;
    cut(from, to, &part, &x0, &y0);
    *out = (struct image){arena_alloc(a, (size_t)(to.width * to.height), 3), to.width,
                          to.height, from->source_width, from->source_height};
    double dx = (double)part.width / (double)to.width;
    double dy = (double)part.height / (double)to.height;
    for (int64_t y = 0; y < to.height; y++)
        for (int64_t x = 0; x < to.width; x++) {
            double left = (double)x0 + (double)x * dx, top = (double)y0 + (double)y * dy;
            const double box[4] = {left, top, left + dx, top + dy};
            average(from, box, out->rgb + (y * to.width + x) * 3);
        }
}

static double *grey_of(struct arena *a, const struct image *im)
{
    double *g = arena_array(a, double, (size_t)(im->width * im->height));
    for (int64_t i = 0; i < im->width * im->height; i++)
        g[i] = 0.299 * im->rgb[3 * i] + 0.587 * im->rgb[3 * i + 1] + 0.114 * im->rgb[3 * i + 2];
    return g;
}

/* Energy of the second differences over energy of the first, in both directions. An enlarged
 * picture is smooth between its old pixels: its second differences are small beside its first. A
 * dead zone keeps coding noise in flat parts out of both sums. */
double image_sharpness(struct arena *a, const struct image *im)
{
    enum { NOISE = 12 };
    const double *g = grey_of(a, im);
    const int64_t w = im->width, steps[2] = {1, w};
    double fine = 0, all = 0;
    for (int64_t y = 1; y + 1 < im->height; y++)
        for (int64_t x = 1; x + 1 < w; x++)
            for (int d = 0; d < 2; d++) {
                const double *p = g + y * w + x;
                double before = p[0] - p[-steps[d]], after = p[steps[d]] - p[0];
                if (fabs(before) + fabs(after) < NOISE)
                    continue;
                fine += (after - before) * (after - before);
                all += before * before + after * after;
            }
    return all > 0 ? fine / all : 0;
}
