/* base/progress.c - counting, and asking whether to go on. */
#include "base/progress.h"

static bool tell(struct progress *p, struct err *e)
{
    return p->tell(p) || FAIL(e, TOO_MANY, "stopped", "已停止。");
}

bool progress_begin(struct progress *p, const char *step, int64_t total, struct err *e)
{
    if (!p)
        return true;
    p->step = step;
    p->done = 0;
    p->total = total;
    return tell(p, e);
}

bool progress_on(struct progress *p, int64_t by, struct err *e)
{
    if (!p)
        return true;
    p->done += by;
    return tell(p, e);
}
