/* marking/scan_page.c - corner marks, homography, the right way up. */
#include "marking/scan_page.h"

#include <leptonica/allheaders.h>
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "marking/scan_qr.h"

enum {
    FIND_LONG_PX = 1400,
    CANDIDATES_MAX = 48,
    WHITE = 200,
    INK_BELOW = 120,
    OPEN_PX = 5,
    TILE_PX = 10 * SCAN_PX,
    TILES_ACROSS = SCAN_WIDTH / TILE_PX,
    TILES_DOWN = (SCAN_HEIGHT + TILE_PX - 1) / TILE_PX
};

static const char no_corners[] =
    "找不到四个角上的黑块：请检查是否缺角、折角、没有扫全，或者不是答题卡。";
static const char no_label[] = "读不出二维码：请检查二维码处是否被涂写、遮挡，再重新扫描。";
static const char blank_page[] = "这一页是空白的。";

/* --- pictures of leptonica, released with the arena ---------------------------------------------- */
static void drop(void *pix)
{
    PIX *p = pix;
    pixDestroy(&p);
}

static PIX *keep(struct arena *a, PIX *p)
{
    if (p)
        arena_defer(a, drop, p);
    return p;
}

static PIX *pix_of(struct arena *a, const struct scan_grey *g)
{
    PIX *p = keep(a, pixCreate(g->width, g->height, 8));
    if (!p)
        return NULL;
    l_uint32 *data = pixGetData(p);
    l_int32 wpl = pixGetWpl(p);
    for (int y = 0; y < g->height; y++)
        for (int x = 0; x < g->width; x++)
            SET_DATA_BYTE(data + (size_t)y * (size_t)wpl, x,
                          g->at[(size_t)y * (size_t)g->width + (size_t)x]);
    return p;
}

/* Enough for black squares: shadows and yellow paper evened out, paper becomes 200. */
static PIX *evened(struct arena *a, PIX *grey)
{
    PIX *even = keep(a, pixBackgroundNormSimple(grey, NULL, NULL));
    return even ? even : grey;
}

/* --- corner marks -------------------------------------------------------------------------------- */
struct candidate {
    double x, y, side;
};
struct candidates {
    struct candidate at[CANDIDATES_MAX];
    int count;
};

/* A filled square, as it may lie up to some degrees askew; a filled bubble is smaller and longer.
 * EXPECTED in pixels, where the page fills the picture. */
static bool is_mark(PIX *one, double expected, double *side)
{
    l_int32 w = pixGetWidth(one), h = pixGetHeight(one), ink = 0;
    pixCountPixels(one, &ink, NULL);
    double ratio = (double)w / h;
    *side = sqrt((double)ink);
    return ratio > 0.8 && ratio < 1.25 && ink > 0.72 * w * h && *side > 0.7 * expected &&
           *side < 1.5 * expected;
}

static void find_marks(PIX *black, double expected, struct candidates *out)
{
    PIXA *parts = NULL;
    BOXA *boxes = pixConnComp(black, &parts, 8);
    out->count = 0;
    for (l_int32 i = 0; boxes && i < boxaGetCount(boxes) && out->count < CANDIDATES_MAX; i++) {
        PIX *one = pixaGetPix(parts, i, L_CLONE);
        l_int32 x, y;
        l_float32 cx, cy;
        double side;
        if (is_mark(one, expected, &side) &&
            boxaGetBoxGeometry(boxes, i, &x, &y, NULL, NULL) == 0 &&
            pixCentroid(one, NULL, NULL, &cx, &cy) == 0)
            out->at[out->count++] = (struct candidate){x + (double)cx, y + (double)cy, side};
        pixDestroy(&one);
    }
    boxaDestroy(&boxes);
    pixaDestroy(&parts);
}

static double apart(const struct candidate *p, const struct candidate *q)
{
    return hypot(p->x - q->x, p->y - q->y);
}

static double unlike(double x, double y)
{
    return fabs(x - y) / ((x + y) / 2);
}

/* How far four marks, clockwise from the top left, are from the corners of a printed page; above 1:
 * they are none. */
static double misfit(const struct candidate *const p[4])
{
    const double tall = SCAN_CORNER_BOTTOM - SCAN_CORNER_TOP,
                 wide = SCAN_CORNER_RIGHT - SCAN_CORNER_LEFT;
    double top = apart(p[0], p[1]), right = apart(p[1], p[2]), bottom = apart(p[2], p[3]),
           left = apart(p[3], p[0]), across = (top + bottom) / 2, down = (left + right) / 2;
    double ratio = down > across ? down / across : across / down;
    double mm = (down > across ? across : down) / wide, worst = 0;
    const double parts[] = {unlike(top, bottom) / 0.04, unlike(left, right) / 0.04,
                            unlike(apart(p[0], p[2]), apart(p[1], p[3])) / 0.03,
                            unlike(ratio, tall / wide) / 0.04};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        worst = fmax(worst, parts[i]);
    for (int i = 0; i < 4; i++)
        worst = fmax(worst, unlike(p[i]->side, mm * SCAN_CORNER_SIDE) / 0.25);
    return worst;
}

/* The best four, one in each quarter of the picture. */
static bool choose_marks(const struct candidates *c, double width, double height,
                         struct scan_point out[4])
{
    const struct candidate *quarter[4][CANDIDATES_MAX], *best[4] = {NULL};
    int count[4] = {0};
    double least = 1;
    for (int i = 0; i < c->count; i++) {
        bool right = c->at[i].x > width / 2, low = c->at[i].y > height / 2;
        int q = low ? (right ? 2 : 3) : right;
        quarter[q][count[q]++] = &c->at[i];
    }
    for (int i = 0; i < count[0]; i++)
        for (int j = 0; j < count[1]; j++)
            for (int k = 0; k < count[2]; k++)
                for (int l = 0; l < count[3]; l++) {
                    const struct candidate *const four[4] = {quarter[0][i], quarter[1][j],
                                                             quarter[2][k], quarter[3][l]};
                    double m = misfit(four);
                    if (m < least) {
                        least = m;
                        memcpy(best, four, sizeof best);
                    }
                }
    for (int i = 0; best[0] && i < 4; i++)
        out[i] = (struct scan_point){best[i]->x, best[i]->y};
    return best[0] != NULL;
}

enum found { FOUND_PAGE, FOUND_NONE, FOUND_BLANK };
static enum found find_corners(struct arena *a, PIX *grey, struct scan_point out[4])
{
    l_int32 w = pixGetWidth(grey), h = pixGetHeight(grey), ink = 0;
    double scale = (double)FIND_LONG_PX / (w > h ? w : h);
    PIX *small = keep(a, pixScale(grey, (l_float32)scale, (l_float32)scale));
    PIX *black = small ? keep(a, pixThresholdToBinary(evened(a, small), INK_BELOW)) : NULL;
    PIX *open = black ? keep(a, pixOpenBrick(NULL, black, OPEN_PX, OPEN_PX)) : NULL;
    struct candidates c;
    if (!open)
        return FOUND_NONE;
    find_marks(open, SCAN_CORNER_SIDE / 297.0 * FIND_LONG_PX, &c);
    if (choose_marks(&c, w * scale, h * scale, out)) {
        double fx = (double)w / pixGetWidth(small), fy = (double)h / pixGetHeight(small);
        for (int i = 0; i < 4; i++)
            out[i] = (struct scan_point){(out[i].x + 0.5) * fx - 0.5,
                                         (out[i].y + 0.5) * fy - 0.5};
        return FOUND_PAGE;
    }
    pixCountPixels(black, &ink, NULL);
    return ink < 0.0008 * pixGetWidth(black) * pixGetHeight(black) ? FOUND_BLANK : FOUND_NONE;
}

/* --- straightening ------------------------------------------------------------------------------- */
static PTA *points(const struct scan_point p[4])
{
    PTA *out = ptaCreate(4);
    for (int i = 0; out && i < 4; i++)
        ptaAddPt(out, (l_float32)p[i].x, (l_float32)p[i].y);
    return out;
}

/* Page pixel (u, v) lies at ((c0 u + c1 v + c2) / d, (c3 u + c4 v + c5) / d), d = c6 u + c7 v + 1. */
static bool homography(const struct scan_point picture[4], int turn, double c[8])
{
    struct scan_point page[4], to[4];
    l_float32 *found = NULL;
    for (int i = 0; i < 4; i++) {
        page[i] = (struct scan_point){scan_corners[i].x * SCAN_PX, scan_corners[i].y * SCAN_PX};
        to[i] = picture[(i + turn) % 4];
    }
    PTA *from = points(page), *into = points(to);
    bool ok = from && into && getProjectiveXformCoeffs(from, into, &found) == 0 && found;
    for (int i = 0; ok && i < 8; i++)
        c[i] = (double)found[i];
    lept_free(found);
    ptaDestroy(&from);
    ptaDestroy(&into);
    return ok;
}

static unsigned char sample(const struct scan_grey *g, double x, double y)
{
    if (!(x >= 0 && y >= 0 && x < g->width - 1 && y < g->height - 1))
        return 255;
    int ix = (int)x, iy = (int)y;
    double fx = x - ix, fy = y - iy;
    const unsigned char *row = g->at + (size_t)iy * (size_t)g->width + (size_t)ix,
                        *next = row + g->width;
    double top = row[0] * (1 - fx) + row[1] * fx, low = next[0] * (1 - fx) + next[1] * fx;
    return (unsigned char)(top * (1 - fy) + low * fy + 0.5);
}

static unsigned char *straighten(struct arena *a, const struct scan_grey *g, const double c[8])
{
    unsigned char *out = arena_alloc(a, (size_t)SCAN_WIDTH * SCAN_HEIGHT, 1), *at = out;
    for (int v = 0; v < SCAN_HEIGHT; v++)
        for (int u = 0; u < SCAN_WIDTH; u++) {
            double d = 1 / (c[6] * u + c[7] * v + 1);
            *at++ = sample(g, (c[0] * u + c[1] * v + c[2]) * d,
                           (c[3] * u + c[4] * v + c[5]) * d);
        }
    return out;
}

/* The level of the paper in a tile: more than half of every tile is paper. A tile is wide enough that
 * a mark of a soft pencil is not taken for a shadow. */
static double paper_of(const unsigned char *grey, int left, int top)
{
    int count[256] = {0}, seen = 0, level = 255;
    for (int y = top; y < top + TILE_PX && y < SCAN_HEIGHT; y++)
        for (int x = left; x < left + TILE_PX && x < SCAN_WIDTH; x++)
            count[grey[y * SCAN_WIDTH + x]]++;
    for (int i = 0; i < 256; i++)
        seen += count[i];
    for (int above = 0; level > 1; level--) {
        above += count[level];
        if (above > seen * 2 / 5)
            break;
    }
    return level < 60 ? 60 : level;
}

/* Shadows evened out: paper becomes WHITE everywhere. */
static void even_out(struct arena *a, unsigned char *grey)
{
    double *paper = arena_array(a, double, TILES_ACROSS *TILES_DOWN);
    for (int r = 0; r < TILES_DOWN; r++)
        for (int c = 0; c < TILES_ACROSS; c++)
            paper[r * TILES_ACROSS + c] = paper_of(grey, c * TILE_PX, r * TILE_PX);
    for (int y = 0; y < SCAN_HEIGHT; y++) {
        double ty = (y - TILE_PX / 2.0) / TILE_PX;
        int r = ty < 0 ? 0 : (int)ty, r2 = r + 1 < TILES_DOWN ? r + 1 : r;
        double fy = ty < 0 ? 0 : ty - r;
        for (int x = 0; x < SCAN_WIDTH; x++) {
            double tx = (x - TILE_PX / 2.0) / TILE_PX;
            int c = tx < 0 ? 0 : (int)tx, c2 = c + 1 < TILES_ACROSS ? c + 1 : c;
            double fx = tx < 0 ? 0 : tx - c;
            const double *up = paper + r * TILES_ACROSS, *low = paper + r2 * TILES_ACROSS;
            double level = (up[c] * (1 - fx) + up[c2] * fx) * (1 - fy) +
                           (low[c] * (1 - fx) + low[c2] * fx) * fy;
            unsigned char *at = &grey[y * SCAN_WIDTH + x];
            double v = *at * WHITE / level;
            *at = (unsigned char)(v > 255 ? 255 : v);
        }
    }
}

static void turn_over(unsigned char *grey)
{
    for (size_t i = 0, k = (size_t)SCAN_WIDTH * SCAN_HEIGHT - 1; i < k; i++, k--) {
        unsigned char kept = grey[i];
        grey[i] = grey[k];
        grey[k] = kept;
    }
}

/* The mean of the middles of the four marks. */
static double ink_of(const unsigned char *grey)
{
    enum { HALF = 2 * SCAN_PX };
    double sum = 0;
    for (int i = 0; i < 4; i++)
        for (int dy = -HALF; dy < HALF; dy++)
            for (int dx = -HALF; dx < HALF; dx++)
                sum += grey[((int)(scan_corners[i].y * SCAN_PX) + dy) * SCAN_WIDTH +
                            (int)(scan_corners[i].x * SCAN_PX) + dx];
    return sum / (4 * 4 * HALF * HALF);
}

double scan_dark(const struct scan_page *p, int x, int y)
{
    if (x < 0 || y < 0 || x >= SCAN_WIDTH || y >= SCAN_HEIGHT)
        return 0;
    double d = (WHITE - p->grey[y * SCAN_WIDTH + x]) / (WHITE - p->black);
    return d < 0 ? 0 : d > 1 ? 1 : d;
}

void scan_page_find(struct arena *a, const struct scan_grey *picture, struct scan_page *out)
{
    struct scan_point corners[4];
    double c[8];
    *out = (struct scan_page){.refused = no_corners};
    PIX *grey = pix_of(a, picture);
    enum found found = grey ? find_corners(a, grey, corners) : FOUND_NONE;
    if (found == FOUND_BLANK)
        out->refused = blank_page;
    if (found != FOUND_PAGE)
        return;
    bool lies = hypot(corners[1].x - corners[0].x, corners[1].y - corners[0].y) >
                hypot(corners[3].x - corners[0].x, corners[3].y - corners[0].y);
    if (!homography(corners, lies ? 1 : 0, c))
        return;
    out->grey = straighten(a, picture, c);
    even_out(a, out->grey);
    out->black = ink_of(out->grey);
    out->refused = NULL;
    if (out->black > WHITE / 2.0) {
        out->refused = no_corners;
        return;
    }
    for (int turn = 0; turn < 2 && !out->label; turn++) {
        if (turn)
            turn_over(out->grey);
        out->label = scan_qr_read(a, out->grey);
    }
    if (!out->label)
        out->refused = no_label;
}
