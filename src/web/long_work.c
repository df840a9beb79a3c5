/* web/long_work.c - one flag. */
#include "web/long_work.h"

#include <stdatomic.h>
#include <stdlib.h>

struct long_work {
    atomic_flag busy;
};

struct long_work *long_work_create(void)
{
    struct long_work *w = malloc(sizeof *w);
    if (!w)
        abort();
    atomic_flag_clear(&w->busy);
    return w;
}

void long_work_destroy(struct long_work *w)
{
    free(w);
}

bool long_work_begin(struct long_work *w, struct err *e)
{
    return !w || !atomic_flag_test_and_set(&w->busy) ||
           FAIL(e, TOO_MANY, "", "服务器正在做另一项要读许多场考试的计算，请过一会儿再试。");
}

void long_work_end(struct long_work *w)
{
    if (w)
        atomic_flag_clear(&w->busy);
}
