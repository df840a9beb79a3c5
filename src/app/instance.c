/* app/instance.c - opens a data folder. */
#include "app/instance.h"

#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/workday.h"
#include "programme/programme.h"
#include "store/db.h"
#include "store/signer.h"

enum { PATH_BYTES = 4096 };

static bool load_rules(struct arena *a, struct app *app, struct err *e)
{
    struct programme_set *set = arena_new(a, struct programme_set);
    app->programmes = set;
    app->calendar = workday_calendar_embedded(a, e);
    return app->calendar && programmes_load_embedded(a, set, e);
}

/* The keys that sign are made when the folder is opened for the first time. */
static bool ready_keys(struct arena *a, struct instance *i, struct err *e)
{
    i->app.signer = signer_create(a, i->master);
    struct db *db = db_open(i->store, e);
    bool ok = db && signer_keys_ensure(i->app.signer, db, clock_now_ms(), e);
    db_close(db);
    return ok;
}

static bool open_all(struct arena *a, const char *folder, struct instance *out, struct err *e)
{
    char *program = arena_alloc(a, PATH_BYTES, 1);
    if (readlink("/proc/self/exe", program, PATH_BYTES - 1) < 0)
        return FAIL(e, STORE, "program", "找不到程序自身的路径。");
    out->master = master_file_read(arena_printf(a, "%s.key", folder), e);
    if (!out->master)
        return false;
    out->store = store_open(arena_printf(a, "%s/heng.db", folder), e);
    out->app = (struct app){
        .store = out->store,
        .master = out->master,
        .blobs = {arena_text(a, folder), out->master},
        .data_folder = arena_text(a, folder),
        .program = program,
    };
    return out->store && load_rules(a, &out->app, e) && ready_keys(a, out, e);
}

bool instance_open(struct arena *a, const char *folder, struct instance *out, struct err *e)
{
    *out = (struct instance){0};
    if (access(arena_printf(a, "%s/heng.db", folder), R_OK | W_OK) != 0)
        return FAIL(e, NOT_FOUND, "--data", "%s 中没有数据；先运行 heng init。", folder);
    if (open_all(a, folder, out, e))
        return true;
    instance_close(out);
    return false;
}

bool instance_create(struct arena *a, const char *folder, struct instance *out, struct err *e)
{
    *out = (struct instance){0};
    const char *key = arena_printf(a, "%s.key", folder);
    if (!folder_make(folder, 0700, e))
        return false;
    if (access(key, F_OK) != 0 && !master_file_create(key, e))
        return false;
    if (open_all(a, folder, out, e))
        return true;
    instance_close(out);
    return false;
}

void instance_close(struct instance *i)
{
    store_close(i->store);
    master_destroy(i->master);
    *i = (struct instance){0};
}
