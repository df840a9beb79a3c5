/* marking/scan_marks.c - timing marks, bubbles, and what is doubtful about them. */
#include "marking/scan_marks.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"

/* Limits, in parts of one: header of scan_marks.h, figures in doc/answer-sheets.md. */
static const double INK = 0.35, MARKED_INSIDE = 0.60, EMPTY_INSIDE = 0.10, EMPTY_MEAN = 0.16,
                    EMPTY_AROUND = 0.10, MARKED_AROUND = 0.40, INNER = 0.84, RING_FROM = 1.25,
                    RING_TO = 1.62, TIMING_NEAR_MM = 1.2;
enum { TIMING_MISSING_MAX = 6 };

static const struct {
    const char *name, *text;
} doubts[SCAN_DOUBTS] = {
    {"", ""},
#define DOUBT(name, text) {#name, text},
#include "marking/scan_doubts.def"
#undef DOUBT
};

const char *scan_doubt_name(enum scan_doubt d)
{
    return doubts[d].name;
}

const char *scan_doubt_text(enum scan_doubt d)
{
    return doubts[d].text;
}

bool scan_doubt_find(const char *name, enum scan_doubt *out)
{
    for (int d = 0; d < SCAN_DOUBTS; d++)
        if (strcmp(doubts[d].name, name) == 0) {
            *out = (enum scan_doubt)d;
            return true;
        }
    return false;
}

/* --- timing marks -------------------------------------------------------------------------------- */
/* How far each row of the picture lies from where it was printed, at both sides, in mm. */
struct offsets {
    struct scan_point at[SCAN_LINES][2];
};

static bool find_timing(const struct scan_page *p, struct scan_point want,
                        struct scan_point *off)
{
    const double w = SCAN_TIMING_WIDTH / 2 + TIMING_NEAR_MM,
                 h = SCAN_TIMING_HEIGHT / 2 + TIMING_NEAR_MM;
    double sum = 0, sx = 0, sy = 0;
    for (int y = (int)((want.y - h) * SCAN_PX); y <= (int)((want.y + h) * SCAN_PX); y++)
        for (int x = (int)((want.x - w) * SCAN_PX); x <= (int)((want.x + w) * SCAN_PX); x++) {
            double d = scan_dark(p, x, y);
            if (d < 0.5)
                continue;
            sum += 1;
            sx += x + 0.5;
            sy += y + 0.5;
        }
    double full = SCAN_TIMING_WIDTH * SCAN_TIMING_HEIGHT * SCAN_PX * SCAN_PX;
    if (sum < 0.6 * full || sum > 1.4 * full)
        return false;
    *off = (struct scan_point){sx / sum / SCAN_PX - want.x, sy / sum / SCAN_PX - want.y};
    return fabs(off->x) < TIMING_NEAR_MM && fabs(off->y) < TIMING_NEAR_MM;
}

static bool find_offsets(const struct scan_page *p, struct offsets *out)
{
    int missing = 0;
    for (int side = 0; side < 2; side++) {
        struct scan_point last = {0, 0};
        for (int line = 0; line < SCAN_LINES; line++) {
            missing += !find_timing(p, scan_timing(line, side), &last);
            out->at[line][side] = last; /* of a mark that is gone: as its neighbour lies */
        }
    }
    return missing <= TIMING_MISSING_MAX;
}

static struct scan_point moved(const struct offsets *o, int line, struct scan_point at)
{
    double t = (at.x - SCAN_CORNER_LEFT) / (SCAN_CORNER_RIGHT - SCAN_CORNER_LEFT);
    const struct scan_point *l = &o->at[line][0], *r = &o->at[line][1];
    return (struct scan_point){at.x + l->x * (1 - t) + r->x * t,
                               at.y + l->y * (1 - t) + r->y * t};
}

/* --- bubbles ------------------------------------------------------------------------------------- */
static struct scan_ink ink_at(const struct scan_page *p, struct scan_point m)
{
    const double a = SCAN_BUBBLE_WIDTH / 2 * SCAN_PX, b = SCAN_BUBBLE_HEIGHT / 2 * SCAN_PX,
                 cx = m.x * SCAN_PX, cy = m.y * SCAN_PX;
    double inside = 0, ink = 0, mean = 0, around = 0, spilt = 0;
    for (int y = (int)(cy - b * RING_TO) - 1; y <= (int)(cy + b * RING_TO) + 1; y++)
        for (int x = (int)(cx - a * RING_TO) - 1; x <= (int)(cx + a * RING_TO) + 1; x++) {
            double r = hypot((x + 0.5 - cx) / a, (y + 0.5 - cy) / b), d = scan_dark(p, x, y);
            if (r <= INNER) {
                inside += 1;
                mean += d;
                ink += d >= INK;
            } else if (r >= RING_FROM && r <= RING_TO) {
                around += 1;
                spilt += d >= INK;
            }
        }
    return (struct scan_ink){ink / inside, mean / inside, spilt / around};
}

enum scan_mark scan_mark_of(const struct scan_ink *i)
{
    if (i->inside >= MARKED_INSIDE)
        return i->around <= MARKED_AROUND ? SCAN_MARKED : SCAN_SMUDGE;
    if (i->inside > EMPTY_INSIDE || i->mean > EMPTY_MEAN)
        return SCAN_WEAK;
    return i->around <= EMPTY_AROUND ? SCAN_EMPTY : SCAN_OUTSIDE;
}

static const enum scan_doubt doubt_of[] = {[SCAN_EMPTY] = SCAN_CLEAR,
                                           [SCAN_MARKED] = SCAN_CLEAR,
                                           [SCAN_WEAK] = DOUBT_weak,
                                           [SCAN_OUTSIDE] = DOUBT_outside,
                                           [SCAN_SMUDGE] = DOUBT_smudge};

static void read_row(const struct scan_page *p, const struct scan_place *place,
                     const struct scan_box *box, const struct offsets *o, int row,
                     struct scan_reading *r)
{
    int marked = 0;
    for (int c = 0; c < place->choices; c++) {
        struct scan_ink ink = ink_at(p, moved(o, box->line + row, scan_bubble(box, row, c)));
        enum scan_mark mark = scan_mark_of(&ink);
        if (mark == SCAN_MARKED) {
            r->marks[row] |= (unsigned char)(1u << c);
            marked++;
        }
        if (r->doubt == SCAN_CLEAR)
            r->doubt = doubt_of[mark];
    }
    if (marked > 1 && place->kind != SCAN_multiple)
        r->doubt = DOUBT_two;
}

bool scan_marks_read(struct arena *a, struct scan_page *p, const struct scan_layout *l,
                     int page, struct scan_reading **out, size_t *count)
{
    struct offsets o;
    *out = arena_array(a, struct scan_reading, l->count + 1);
    *count = 0;
    if (!find_offsets(p, &o)) {
        p->refused = "两侧的定位黑块缺损或被涂写，请重新扫描；仍不行的由人录入。";
        return false;
    }
    for (size_t i = 0; i < l->count; i++) {
        if (l->boxes[i].page != page)
            continue;
        struct scan_reading *r = &(*out)[(*count)++];
        r->place = i;
        if (l->places[i].kind == SCAN_written)
            r->doubt = DOUBT_written;
        for (int row = 0; l->places[i].kind != SCAN_written && row < l->places[i].rows; row++)
            read_row(p, &l->places[i], &l->boxes[i], &o, row, r);
    }
    return true;
}
