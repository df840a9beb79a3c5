/* app/instance.c - opens a data folder. */
#include "app/instance.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/workday.h"
#include "programme/programme.h"
#include "sitting/node_self.h"
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
static bool ready_keys(struct arena *a, struct instance *i, bool node, struct err *e)
{
    struct node_self *self = arena_new(a, struct node_self);
    bool found = false;
    i->app.signer = signer_create(a, i->master);
    struct db *db = db_open(i->store, e);
    bool ok = db && node_self_find(db, a, self, &found, e);
    if (found)
        i->app.node = self;
    ok = ok && (node || found || signer_keys_ensure(i->app.signer, db, clock_now_ms(), e));
    db_close(db);
    return ok;
}

static const char *url_file_of(struct arena *a, const char *folder)
{
    return arena_printf(a, "%s/store.url", folder);
}

/* NULL with *e clear if there is none. It may hold a password: nobody else may read it. */
static const char *read_url_file(struct arena *a, const char *folder, struct err *e)
{
    const char *path = url_file_of(a, folder);
    struct stat st;
    struct bytes text;
    if (stat(path, &st) != 0)
        return NULL;
    if ((st.st_mode & 077) != 0) {
        FAIL(e, INVALID, "store.url", "%s 只许所有者读（chmod 600）。", path);
        return NULL;
    }
    if (!file_read(a, path, PATH_BYTES, &text, e))
        return NULL;
    char *url = arena_copy(a, text.at, text.len);
    url[strcspn(url, "\r\n")] = 0;
    if (!store_url_is_postgres(url))
        FAIL(e, INVALID, "store.url", "%s 的第一行须是 postgresql://…", path);
    return url;
}

/* A path to SQLite's file or a URL; NULL with *e set. */
static const char *url_of(struct arena *a, const struct instance_place *p, struct err *e)
{
    if (p->store && !store_url_is_postgres(p->store)) {
        FAIL(e, INVALID, "--store", "须是 postgresql://…");
        return NULL;
    }
    if (p->store && store_url_has_password(p->store)) {
        FAIL(e, INVALID, "--store",
             "密码不要写在命令行上：写进 PGPASSFILE、服务文件或 %s（权限 0600）。",
             url_file_of(a, p->data));
        return NULL;
    }
    const char *url = p->store ? p->store : read_url_file(a, p->data, e);
    if (e->code != ERR_NONE)
        return NULL;
    return url ? url : arena_printf(a, "%s/heng.db", p->data);
}

static bool open_all(struct arena *a, const struct instance_place *p, struct instance *out,
                     struct err *e)
{
    char *program = arena_alloc(a, PATH_BYTES, 1);
    if (readlink("/proc/self/exe", program, PATH_BYTES - 1) < 0)
        return FAIL(e, STORE, "program", "找不到程序自身的路径。");
    const char *url = url_of(a, p, e);
    if (!url)
        return false;
    out->master = master_file_read(arena_printf(a, "%s.key", p->data), e);
    if (!out->master)
        return false;
    out->store = store_open_with(url, p->connections, e);
    out->app = (struct app){
        .store = out->store,
        .master = out->master,
        .blobs = {.folder = arena_text(a, p->data), .master = out->master},
        .data_folder = arena_text(a, p->data),
        .program = program,
    };
    return out->store && load_rules(a, &out->app, e) && ready_keys(a, out, p->node, e);
}

bool instance_exists(struct arena *a, const char *folder)
{
    return access(arena_printf(a, "%s/heng.db", folder), R_OK | W_OK) == 0 ||
           access(url_file_of(a, folder), R_OK) == 0;
}

bool instance_open_at(struct arena *a, const struct instance_place *p, struct instance *out,
                      struct err *e)
{
    *out = (struct instance){0};
    if (!p->store && !instance_exists(a, p->data))
        return FAIL(e, NOT_FOUND, "--data", "%s 中没有数据；先运行 heng init。", p->data);
    if (open_all(a, p, out, e))
        return true;
    instance_close(out);
    return false;
}

bool instance_open(struct arena *a, const char *folder, struct instance *out, struct err *e)
{
    return instance_open_at(a, &(struct instance_place){.data = folder}, out, e);
}

/* The next commands need no --store. What is there already stays. */
static bool write_url_file(struct arena *a, const struct instance_place *p, struct err *e)
{
    const char *path = url_file_of(a, p->data);
    if (!p->store || access(path, F_OK) == 0)
        return true;
    if (access(arena_printf(a, "%s/heng.db", p->data), F_OK) == 0)
        return FAIL(e, CONFLICT, "--store", "%s 中已有 SQLite 数据。", p->data);
    return file_write(path, p->store, strlen(p->store), 0600, e);
}

bool instance_create_at(struct arena *a, const struct instance_place *p, struct instance *out,
                        struct err *e)
{
    *out = (struct instance){0};
    const char *key = arena_printf(a, "%s.key", p->data);
    if (!folder_make(p->data, 0700, e) || !url_of(a, p, e))
        return false;
    if (access(key, F_OK) != 0 && !master_file_create(key, e))
        return false;
    if (open_all(a, p, out, e) && write_url_file(a, p, e))
        return true;
    instance_close(out);
    return false;
}

bool instance_create(struct arena *a, const char *folder, struct instance *out, struct err *e)
{
    return instance_create_at(a, &(struct instance_place){.data = folder}, out, e);
}

bool instance_create_node(struct arena *a, const char *folder, struct instance *out,
                          struct err *e)
{
    return instance_create_at(a, &(struct instance_place){.data = folder, .node = true}, out,
                              e);
}

void instance_close(struct instance *i)
{
    store_close(i->store);
    master_destroy(i->master);
    *i = (struct instance){0};
}
