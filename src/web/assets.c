/* web/assets.c - serves the built pages. */
#include "web/assets.h"

#include <string.h>

#include "base/arena.h"
#include "base/embed.h"
#include "web/reply.h"
#include "web/request.h"

static const struct {
    const char *ending, *media_type;
} types[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".webmanifest", "application/manifest+json"},
    {".json", "application/json"},
    {".woff2", "font/woff2"},
};

/* Client-side routes: every path below shows the same page. */
static const struct {
    const char *prefix, *page;
    enum face face;
} pages[] = {
    {"/desk", "ui/desk.html", FACE_DESK},
    {"/sit/online", "ui/exam.html", FACE_HOME}, /* before /sit */
    {"/sit", "ui/exam.html", FACE_EXAM},
    {"/", "ui/index.html", FACE_PORTAL},
};

static const char *media_type_of(const char *name)
{
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].ending, dot) == 0)
            return types[i].media_type;
    return NULL;
}

bool assets_may_be_kept(const char *path)
{
    return strncmp(path, "/assets/", 8) == 0;
}

static bool is_page_address(const char *path, const char *prefix)
{
    size_t len = strlen(prefix);
    if (strncmp(path, prefix, len) != 0)
        return false;
    return prefix[len - 1] == '/' || path[len] == '/' || path[len] == '\0';
}

static enum face face_of(const char *path)
{
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        if (is_page_address(path, pages[i].prefix))
            return pages[i].face;
    return FACE_PORTAL;
}

/* The build puts a compressed copy beside what is worth it. */
static bool send_file(struct request *rq, struct reply *rp, const char *name, const char *type)
{
    const char *accepts = request_header(rq, "Accept-Encoding");
    const struct embedded *file = NULL;
    if (accepts && strstr(accepts, "gzip"))
        file = embedded_find(arena_printf(rq->arena, "%s.gz", name));
    if (file)
        reply_header(rp, "Content-Encoding", "gzip");
    else
        file = embedded_find(name);
    if (!file)
        return false;
    reply_header(rp, "Vary", "Accept-Encoding");
    reply_bytes(rp, 200, type, (struct bytes){file->bytes, file->len});
    return true;
}

bool assets_answer(struct request *rq, struct reply *rp, struct err *e)
{
    const char *type = media_type_of(rq->path);
    if (type) {
        rp->face = face_of(rq->path);
        return send_file(rq, rp, arena_printf(rq->arena, "ui%s", rq->path), type) ||
               FAIL(e, NOT_FOUND, "path", "这个地址没有内容。");
    }
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        if (!is_page_address(rq->path, pages[i].prefix))
            continue;
        rp->face = pages[i].face;
        return send_file(rq, rp, pages[i].page, types[0].media_type) ||
               FAIL(e, NOT_FOUND, "path", "程序中没有这一页：界面尚未构建。");
    }
    return FAIL(e, NOT_FOUND, "path", "这个地址没有内容。");
}
