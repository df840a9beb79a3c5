/* app/rehearse_clean.c - what is left on the nodes after the hand-up: nothing of the papers, no name,
 * no document, and chains that prove themselves (S2, S5, S15). */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "app/rehearse.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/json.h"
#include "base/needles.h"

enum { PATIENCE_MS = 60000, LOOK_MS = 500 };
#define FILE_BYTES_MAX ((size_t)1 << 30)

/* What must not be there. */
struct traces {
    const char **at;
    size_t count;
};

static void add(struct arena *a, struct traces *n, const char *text)
{
    n->at = arena_grow(a, n->at, n->count, n->count + 1, sizeof *n->at);
    n->at[n->count++] = text;
}

/* Stems of the bank the papers were made of. */
static bool stems(struct arena *a, struct traces *n, struct err *e)
{
    const struct embedded *f;
    for (size_t i = 0; (f = embedded_under("banks/national-2023/", i)); i++) {
        const char *line = (const char *)f->bytes, *end = line + f->len;
        while (line < end) {
            const char *stop = memchr(line, '\n', (size_t)(end - line));
            size_t len = (size_t)((stop ? stop : end) - line);
            struct err why = {0};
            json_t *item = len ? json_read(a, line, len, &why) : NULL;
            const char *stem = json_member_text(item, "stem");
            if (stem && strlen(stem) > 30)
                add(a, n, stem);
            line += len + 1;
        }
    }
    return n->count > 0 || FAIL(e, INTERNAL, "stems", "题库里没有题干。");
}

static bool file_is_clean(const char *path, const struct needles *n, struct err *e)
{
    struct arena *a = arena_create(FILE_BYTES_MAX + (1 << 20));
    struct bytes content;
    bool ok = file_read(a, path, FILE_BYTES_MAX, &content, e);
    const char *found = ok ? needles_in(n, content) : NULL;
    if (found)
        ok = FAIL(e, INTERNAL, "clean", "%s 里还有“%.30s…”。", path, found);
    arena_destroy(a);
    return ok;
}

static bool folder_is_clean(struct arena *a, const char *path, const struct needles *n,
                            int64_t *files, struct err *e)
{
    DIR *d = opendir(path);
    struct dirent *one;
    bool ok = d != NULL || FAIL(e, STORE, path, "读不了。");
    while (ok && (one = readdir(d))) {
        if (one->d_name[0] == '.')
            continue;
        const char *inner = arena_printf(a, "%s/%s", path, one->d_name);
        if (one->d_type == DT_DIR) {
            ok = folder_is_clean(a, inner, n, files, e);
        } else {
            ok = file_is_clean(inner, n, e);
            ++*files;
        }
    }
    if (d)
        closedir(d);
    return ok;
}

static bool chain_is_whole(struct rehearse_run *h, const char *data, struct err *e)
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_WRONLY);
        dup2(null, STDOUT_FILENO);
        execl(h->road.program, h->road.program, "room", "verify", "--data", data, (char *)NULL);
        _exit(127);
    }
    return (pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
            WEXITSTATUS(status) == 0) ||
           FAIL(e, INTERNAL, "verify", "%s 的日志链不完整。", data);
}

/* The node clears itself right after the receipt; it may still be at it. */
bool rehearse_clean(struct rehearse_run *h, int64_t *count, struct err *e)
{
    struct road *r = &h->road;
    struct traces t = {0};
    int64_t until = clock_boot_ms() + PATIENCE_MS;
    if (!stems(r->arena, &t, e))
        return false;
    for (size_t i = 0; i < r->count; i++) {
        add(r->arena, &t, r->candidates[i].document);
        add(r->arena, &t, r->candidates[i].ticket);
    }
    const struct needles *n = needles_create(r->arena, t.at, t.count);
    for (size_t i = 0; i < REHEARSE_NODES; i++) {
        struct err why = {0};
        while (!folder_is_clean(r->arena, h->nodes[i].data, n, count, &why)) {
            if (clock_boot_ms() > until) {
                *e = why;
                return false;
            }
            why = (struct err){0};
            *count = 0;
            nanosleep(&(struct timespec){0, LOOK_MS * 1000000L}, NULL);
        }
        if (!chain_is_whole(h, h->nodes[i].data, e))
            return false;
    }
    return chain_is_whole(h, arena_printf(r->arena, "%s/data", r->folder), e);
}
