/* bank/media_take.c - a sound or film that somebody brings: looked through and cleaned in the cage. */
#include <stdio.h>
#include <string.h>

#include "bank/media.h"
#include "bank/media_container.h"
#include "base/arena.h"
#include "base/cage.h"

enum { HEAD_BYTES = 13 };

static const struct media_container *const containers[] = {
#define MEDIA_CONTAINER(name) &media_container_##name,
#include "bank/media_containers.def"
#undef MEDIA_CONTAINER
};

static const struct {
    const char *name, *extension;
} types[] = {
#define MEDIA_TYPE(type, extension) {type, extension},
#include "bank/media_types.def"
#undef MEDIA_TYPE
};
enum { TYPE_COUNT = sizeof types / sizeof *types };

bool media_unplayed(struct err *e, const char *coding)
{
    return FAIL(e, MEDIA, "/media", "%s。", coding);
}

bool media_broken(struct err *e)
{
    return FAIL(e, INVALID, "/media", "音视频文件不完整，或与其格式不符。");
}

static size_t type_of(const char *type)
{
    size_t i = 0;
    while (i < TYPE_COUNT && strcmp(types[i].name, type) != 0)
        i++;
    return i;
}

const char *media_extension(const char *type)
{
    size_t i = type_of(type);
    return i < TYPE_COUNT ? types[i].extension : "bin";
}

bool media_is_film(const char *type)
{
    return strncmp(type, "video/", strlen("video/")) == 0;
}

static const struct media_container *container_of(struct bytes file)
{
    for (size_t i = 0; i < sizeof containers / sizeof *containers; i++)
        if (containers[i]->is(file))
            return containers[i];
    return NULL;
}

static bool no_media(struct err *e)
{
    return FAIL(e, MEDIA, "/media",
                "只接受 MP3、M4A、WAV、Opus（Ogg）声音和 MP4（H.264）、WebM 视频。");
}

static bool is_too_large(struct err *e)
{
    return FAIL(e, TOO_LARGE, "/media", "音视频超过 %d MiB：请降低码率或剪短。",
                MEDIA_BYTES_MAX >> 20);
}

/* Measures that an item may have, whoever says them. */
static bool measures_fit(const struct attached *m, struct err *e)
{
    bool film = media_is_film(m->type);
    if (m->duration_ms < 1)
        return media_broken(e);
    if (m->duration_ms > MEDIA_MS_MAX)
        return FAIL(e, TOO_LARGE, "/media", "音视频长 %lld 秒，至多 %d 分钟。",
                    (long long)(m->duration_ms / 1000), MEDIA_MS_MAX / 60000);
    if (film && (m->width < 1 || m->height < 1))
        return media_broken(e);
    return (m->width <= MEDIA_SIDE_MAX && m->height <= MEDIA_SIDE_MAX) ||
           FAIL(e, TOO_LARGE, "/media", "视频为 %lld×%lld 像素，每边至多 %d 像素。",
                (long long)m->width, (long long)m->height, MEDIA_SIDE_MAX);
}

bool parse_media(struct arena *a, struct bytes file, struct bytes *out, struct err *e)
{
    struct attached m = {.type = ""};
    const struct media_container *c = container_of(file);
    if (!c)
        return no_media(e);
    if (file.len > MEDIA_BYTES_MAX)
        return is_too_large(e);
    if (!c->read(a, file, &m, e) || !measures_fit(&m, e))
        return false;
    unsigned char *said = arena_alloc(a, HEAD_BYTES + m.bytes.len, 1);
    said[0] = (unsigned char)type_of(m.type);
    be32_put(said + 1, (uint32_t)m.width);
    be32_put(said + 5, (uint32_t)m.height);
    be32_put(said + 9, (uint32_t)m.duration_ms);
    memcpy(said + HEAD_BYTES, m.bytes.at, m.bytes.len);
    *out = (struct bytes){said, HEAD_BYTES + m.bytes.len};
    return true;
}

/* The child has read hostile bytes: its answer is checked like any input. */
static bool read_said(struct bytes said, struct attached *out, struct err *e)
{
    if (said.len <= HEAD_BYTES || said.len > HEAD_BYTES + MEDIA_BYTES_MAX ||
        said.at[0] >= TYPE_COUNT)
        return media_broken(e);
    *out = (struct attached){
        .type = types[said.at[0]].name,
        .width = be32_get(said.at + 1),
        .height = be32_get(said.at + 5),
        .duration_ms = be32_get(said.at + 9),
        .bytes = {said.at + HEAD_BYTES, said.len - HEAD_BYTES},
    };
    if (!container_of(out->bytes))
        return media_broken(e);
    hash_of(out->digest, out->bytes.at, out->bytes.len);
    return measures_fit(out, e);
}

bool media_take(struct arena *a, const char *program, struct bytes file, struct attached *out,
                struct err *e)
{
    struct cage_job job = {program, PARSE_media, parse_media, file};
    struct bytes said;
    if (!container_of(file))
        return no_media(e);
    if (file.len > MEDIA_BYTES_MAX)
        return is_too_large(e);
    return cage_run(a, &job, &said, e) && read_said(said, out, e);
}

bool media_take_here(struct arena *a, struct bytes file, struct attached *out, struct err *e)
{
    struct bytes said;
    return parse_media(a, file, &said, e) && read_said(said, out, e);
}
