/* certificate/render_frame.c - two lines with a woven band between them, and four corners. */
#include "certificate/render_frame.h"

#include <math.h>
#include <stdint.h>

#include "base/pdf.h"

/* Millimetres on the sheet of 210 x 297. */
static const double OUTER = 10.4, INNER = 16.6, BAND = 11.0, CORNER = 5.2;
static const double SHORT_RUN = 177.0, LONG_RUN = 264.0, WAVE_ROOM = 16.5;
enum { SHORT_WAVES = 30, LONG_WAVES = 44, POINTS = 1 + 6 * LONG_WAVES, SEAL_DASHES = 60 };
#define TEAL   0x0B5C5Fu
#define THREAD 0x4F8F90u

/* One thread: a wave of the amplitude along a run; six of them make the band. */
static void thread(struct pdf *p, double x, double y, double amplitude, bool upright)
{
    double xy[POINTS][2];
    int waves = upright ? LONG_WAVES : SHORT_WAVES;
    double step = (upright ? LONG_RUN : SHORT_RUN) / waves / 6.0;
    size_t n = 0;
    for (int i = 0; i <= waves * 6; i++) {
        static const double offset[6] = {0, -1, -1, 0, 1, 1};
        double along = i * step, across = offset[i % 6] * amplitude;
        xy[n][0] = PDF_MM(upright ? x + across : x + along);
        xy[n][1] = PDF_MM(upright ? y + along : y + across);
        n++;
    }
    pdf_curves(p, (const double(*)[2])xy, n, PDF_MM(0.12), THREAD);
}

static void band(struct pdf *p, double x, double y, bool upright)
{
    static const double amplitudes[] = {3.1, -3.1, 2.1, -2.1, 1.1, -1.1};
    for (size_t i = 0; i < sizeof amplitudes / sizeof *amplitudes; i++)
        thread(p, x, y, amplitudes[i], upright);
}

static void square(struct pdf *p, double x, double y, double side)
{
    pdf_frame(p, (struct pdf_box){PDF_MM(x), PDF_MM(y), PDF_MM(side), PDF_MM(side)},
              PDF_MM(0.25), TEAL);
}

static void corner(struct pdf *p, double x, double y)
{
    square(p, x, y, CORNER);
    square(p, x + 1.2, y + 1.2, CORNER - 2.4);
}

void render_frame(struct pdf *p)
{
    double far_x = 210.0 - BAND - CORNER, far_y = 297.0 - BAND - CORNER;
    pdf_frame(p,
              (struct pdf_box){PDF_MM(OUTER), PDF_MM(OUTER), PDF_MM(210 - 2 * OUTER),
                               PDF_MM(297 - 2 * OUTER)},
              PDF_MM(0.45), TEAL);
    pdf_frame(p,
              (struct pdf_box){PDF_MM(INNER), PDF_MM(INNER), PDF_MM(210 - 2 * INNER),
                               PDF_MM(297 - 2 * INNER)},
              PDF_MM(0.25), TEAL);
    band(p, WAVE_ROOM, 13.5, false);
    band(p, WAVE_ROOM, 283.5, false);
    band(p, 13.5, WAVE_ROOM, true);
    band(p, 196.5, WAVE_ROOM, true);
    corner(p, BAND, BAND);
    corner(p, far_x, BAND);
    corner(p, BAND, far_y);
    corner(p, far_x, far_y);
}

void render_seal_place(struct pdf *p, double x, double y)
{
    const double radius = PDF_MM(20.0), turn = 2.0 * acos(-1.0) / SEAL_DASHES;
    for (int i = 0; i < SEAL_DASHES; i++) {
        double from = i * turn, to = from + turn * 0.55;
        double k = 4.0 / 3.0 * tan((to - from) / 4.0) * radius;
        const double xy[4][2] = {
            {x + radius * cos(from), y + radius * sin(from)},
            {x + radius * cos(from) - k * sin(from), y + radius * sin(from) + k * cos(from)},
            {x + radius * cos(to) + k * sin(to), y + radius * sin(to) - k * cos(to)},
            {x + radius * cos(to), y + radius * sin(to)},
        };
        pdf_curves(p, xy, 4, PDF_MM(0.25), 0x8A9694u);
    }
}
