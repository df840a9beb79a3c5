/* measure/link_criterion.c - the smallest sum of squares over the two constants of a link. */
#include "measure/link_criterion.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"

/* Levenberg-Marquardt on two unknowns; derivatives by central differences. */
void link_minimise(struct arena *work, size_t room, link_residuals residuals, const void *ctx,
                   struct linking *out)
{
    double *r = arena_array(work, double, room), *up = arena_array(work, double, room);
    double *down = arena_array(work, double, room), *ja = arena_array(work, double, room);
    double lambda = 1e-3, h = 1e-6;
    size_t n = residuals(ctx, out->a, out->b, r);
    out->criterion = 0;
    for (size_t i = 0; i < n; i++)
        out->criterion += r[i] * r[i];
    for (int step = 0; step < 200; step++) {
        double gradient[2] = {0, 0}, m[3] = {0, 0, 0};
        residuals(ctx, out->a + h, out->b, up);
        residuals(ctx, out->a - h, out->b, down);
        for (size_t i = 0; i < n; i++)
            ja[i] = (up[i] - down[i]) / (2 * h);
        residuals(ctx, out->a, out->b + h, up);
        residuals(ctx, out->a, out->b - h, down);
        for (size_t i = 0; i < n; i++) {
            double jb = (up[i] - down[i]) / (2 * h);
            gradient[0] += ja[i] * r[i];
            gradient[1] += jb * r[i];
            m[0] += ja[i] * ja[i];
            m[1] += ja[i] * jb;
            m[2] += jb * jb;
        }
        double p = m[0] * (1 + lambda), s = m[2] * (1 + lambda), det = p * s - m[1] * m[1];
        double da = -(s * gradient[0] - m[1] * gradient[1]) / det;
        double db = -(p * gradient[1] - m[1] * gradient[0]) / det, now = 0;
        out->known = isfinite(da) && isfinite(db);
        if (!out->known)
            return;
        if (out->a + da > 0.01) {
            residuals(ctx, out->a + da, out->b + db, up);
            for (size_t i = 0; i < n; i++)
                now += up[i] * up[i];
        }
        if (out->a + da <= 0.01 || now > out->criterion) {
            lambda *= 10;
            if (lambda > 1e12)
                return;
            continue;
        }
        memcpy(r, up, n * sizeof *r);
        out->a += da;
        out->b += db;
        out->criterion = now;
        lambda = fmax(lambda / 10, 1e-12);
        if (fabs(da) + fabs(db) < 1e-12)
            return;
    }
}
