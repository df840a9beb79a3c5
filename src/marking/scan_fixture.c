/* marking/scan_fixture.c - pencils and bad scanners. */
#include "marking/scan_fixture.h"

#include <fcntl.h>
#include <leptonica/allheaders.h>
#include <math.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "entry/image.h"
#include "test/check.h"

static const double PX = 300 / 25.4;

static uint32_t next(struct rolled *r)
{
    r->at = r->at * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(r->at >> 33);
}

double roll(struct rolled *r, double from, double to)
{
    return from + (to - from) * next(r) / 2147483648.0;
}

int roll_below(struct rolled *r, int n)
{
    return (int)(next(r) % (uint32_t)n);
}

/* --- printed ------------------------------------------------------------------------------------- */
static struct scan_grey read_pgm(struct arena *a, const char *path)
{
    struct scan_grey g = {NULL, 0, 0};
    FILE *f = fopen(path, "rb");
    CHECK(path, f);
    CHECK_INT("a PGM", fscanf(f, "P5 %d %d 255", &g.width, &g.height), 2);
    fgetc(f);
    size_t len = (size_t)g.width * (size_t)g.height;
    unsigned char *at = arena_alloc(a, len, 1);
    CHECK_INT("all of it", fread(at, 1, len, f), len);
    fclose(f);
    g.at = at;
    return g;
}

struct scan_grey *scan_fixture_raster(struct arena *a, struct bytes pdf, size_t *count)
{
    char folder[] = "/tmp/heng-scan-XXXXXX", name[96], prefix[40];
    struct scan_grey *out = arena_array(a, struct scan_grey, 64);
    pid_t pid;
    int status;
    CHECK("a folder", mkdtemp(folder));
    snprintf(name, sizeof name, "%s/in.pdf", folder);
    snprintf(prefix, sizeof prefix, "%s/p", folder);
    FILE *f = fopen(name, "wb");
    CHECK("a file", f);
    CHECK_INT("written", fwrite(pdf.at, 1, pdf.len, f), pdf.len);
    fclose(f);
    char *argv[] = {(char[]){"pdftoppm"},
                    (char[]){"-gray"},
                    (char[]){"-r"},
                    (char[]){"300"},
                    name,
                    prefix,
                    NULL};
    CHECK_INT("poppler", posix_spawnp(&pid, "pdftoppm", NULL, NULL, argv, environ), 0);
    CHECK("it ends", waitpid(pid, &status, 0) == pid && status == 0);
    unlink(name);
    *count = 0;
    for (int width = 1; width <= 3 && *count == 0; width++)
        for (int page = 1; page < 64; page++) {
            snprintf(name, sizeof name, "%s-%0*d.pgm", prefix, width, page);
            if (access(name, R_OK) != 0)
                break;
            out[(*count)++] = read_pgm(a, name);
            unlink(name);
        }
    rmdir(folder);
    return out;
}

/* --- filled in ----------------------------------------------------------------------------------- */
bool scan_pen_means(enum scan_pen pen)
{
    return pen != PEN_ERASED;
}

static void darken(const struct scan_grey *g, int x, int y, double dark)
{
    if (x < 0 || y < 0 || x >= g->width || y >= g->height)
        return;
    unsigned char *at =
        (unsigned char *)(uintptr_t)&g->at[(size_t)y * (size_t)g->width + (size_t)x];
    double v = 255 * (1 - dark);
    if (v < *at)
        *at = (unsigned char)(v < 0 ? 0 : v);
}

/* Whether a point of the bubble's own coordinates (1: its outline) is under the pen. */
static bool under(enum scan_pen pen, double x, double y, double grown)
{
    double r = hypot(x, y);
    switch (pen) {
    case PEN_HALF:
        return r <= grown && x < 0;
    case PEN_TICK:
        return fabs(y + 0.5 - fabs(x)) < 0.16 && fabs(x) < 1.2;
    case PEN_CIRCLE:
        return r > 1.32 && r < 1.55;
    case PEN_BLOT:
        return r <= 1.75;
    default:
        return r <= grown;
    }
}

static double darkness(enum scan_pen pen, struct rolled *r)
{
    return pen == PEN_LIGHT    ? roll(r, 0.30, 0.55)
           : pen == PEN_ERASED ? roll(r, 0.10, 0.28)
                               : roll(r, 0.70, 0.98);
}

void scan_fixture_fill(const struct scan_grey *page, struct scan_point at, enum scan_pen pen,
                       struct rolled *r)
{
    double a = SCAN_BUBBLE_WIDTH / 2 * PX, b = SCAN_BUBBLE_HEIGHT / 2 * PX;
    double cx = (at.x + roll(r, -0.25, 0.25)) * PX, cy = (at.y + roll(r, -0.25, 0.25)) * PX;
    double dark = darkness(pen, r), grown = roll(r, 0.92, 1.15);
    for (int y = (int)(cy - 2 * b); y <= (int)(cy + 2 * b); y++)
        for (int x = (int)(cx - 2 * a); x <= (int)(cx + 2 * a); x++)
            if (under(pen, (x - cx) / a, (y - cy) / b, grown))
                darken(page, x, y, dark + roll(r, -0.08, 0.08));
}

/* --- scanned ------------------------------------------------------------------------------------- */
struct scan_day scan_day_roll(struct rolled *r)
{
    static const int dpi[] = {150, 200, 200, 300};
    return (struct scan_day){.dpi = dpi[roll_below(r, 4)],
                             .turn = roll_below(r, 4),
                             .skew = roll(r, -5, 5),
                             .bow = roll(r, -0.012, 0.012),
                             .noise = roll(r, 0, 14),
                             .shade = roll(r, 0, 45),
                             .paper = roll(r, 205, 255),
                             .ink = roll(r, 5, 50),
                             .missing_corner = -1};
}

static double pixel(const struct scan_grey *g, double x, double y)
{
    int ix = (int)floor(x), iy = (int)floor(y);
    double fx = x - ix, fy = y - iy;
    if (ix < 0 || iy < 0 || ix + 1 >= g->width || iy + 1 >= g->height)
        return 255;
    const unsigned char *at = g->at + (size_t)iy * (size_t)g->width + ix;
    return (at[0] * (1 - fx) + at[1] * fx) * (1 - fy) +
           (at[g->width] * (1 - fx) + at[g->width + 1] * fx) * fy;
}

/* A mean over as much of the page as one pixel of the scanner sees. */
static double seen(const struct scan_grey *g, double x, double y, double step)
{
    double sum = 0;
    int n = step > 1.2 ? 2 : 1;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < n; k++)
            sum += pixel(g, x + (i - (n - 1) / 2.0) * step / n,
                         y + (k - (n - 1) / 2.0) * step / n);
    return sum / (n * n);
}

static bool is_torn(const struct scan_grey *g, const struct scan_day *day, double x, double y)
{
    if (day->missing_corner < 0)
        return false;
    const struct scan_point *c = &scan_corners[day->missing_corner];
    return hypot(x - c->x * PX, y - c->y * PX) < 14 * PX && g->at;
}

void scan_fixture_scan(struct arena *a, const struct scan_grey *page,
                       const struct scan_day *day, struct rolled *r, struct scan_grey *out)
{
    double step = 300.0 / day->dpi,
           angle = (day->skew + 90 * day->turn) * 3.14159265358979 / 180, cosine = cos(angle),
           sine = sin(angle);
    double margin = 1 + fabs(sin(day->skew * 3.14159265358979 / 180)) * 1.1;
    bool lies = day->turn % 2;
    int w = (int)((lies ? page->height : page->width) / step * margin),
        h = (int)((lies ? page->width : page->height) / step * margin);
    unsigned char *to = arena_alloc(a, (size_t)w * (size_t)h, 1);
    *out = (struct scan_grey){to, w, h};
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            double dx = (x - w / 2.0) * step, dy = (y - h / 2.0) * step;
            double px = dx * cosine + dy * sine, py = -dx * sine + dy * cosine;
            px *= 1 + day->bow * py / page->height;
            px += page->width / 2.0;
            py += page->height / 2.0;
            double v = is_torn(page, day, px, py) ? 255 : seen(page, px, py, step);
            v = day->ink + v / 255 * (day->paper - day->ink) - day->shade * x / w;
            double noise = (roll(r, -1, 1) + roll(r, -1, 1) + roll(r, -1, 1)) * day->noise;
            v += noise;
            *to++ = (unsigned char)(v < 0 ? 0 : v > 255 ? 255 : v);
        }
}

static PIX *pix_of(const struct scan_grey *g)
{
    PIX *p = pixCreate(g->width, g->height, 8);
    l_uint32 *row = pixGetData(p);
    for (int y = 0; y < g->height; y++, row += pixGetWpl(p))
        for (int x = 0; x < g->width; x++)
            SET_DATA_BYTE(row, x, g->at[(size_t)y * (size_t)g->width + (size_t)x]);
    return p;
}

struct bytes scan_fixture_file(struct arena *a, const struct scan_grey *pages, size_t count,
                               enum scan_file_kind kind)
{
    l_uint8 *data = NULL;
    size_t size = 0;
    PIXA *all = pixaCreate((l_int32)count);
    for (size_t i = 0; i < count; i++)
        pixaAddPix(all, pix_of(&pages[i]), L_INSERT);
    PIX *first = pixaGetPix(all, 0, L_CLONE);
    if (kind == FILE_TIFF)
        CHECK_INT("tiff", pixaWriteMemMultipageTiff(&data, &size, all), 0);
    else if (kind == FILE_PNG)
        CHECK_INT("png", pixWriteMemPng(&data, &size, first, 0), 0);
    else
        CHECK_INT("jpeg", pixWriteMemJpeg(&data, &size, first, 60, 0), 0);
    struct bytes out = {arena_copy(a, data, size), size};
    lept_free(data);
    pixDestroy(&first);
    pixaDestroy(&all);
    return out;
}
