/* base/zipped.c - ZIP by libzip, stopped at what no honest document holds. */
#include "base/zipped.h"

#include <string.h>
#include <sys/stat.h>
#include <zip.h>

#include "base/arena.h"
#include "base/xml.h"

enum {
    ENTRIES_MAX = 10000,
    ALL_BYTES_MAX = 256 << 20,
    PART_BYTES_MAX = 64 << 20,
    RATIO_MAX = 100,
    RATIO_FROM_BYTES = 1 << 20,
    CHUNK_BYTES = 16384
};

struct zipped {
    zip_t *zip;
    struct arena *arena;
    bool *read; /* by entry: it was asked for */
};

static void close_zip(void *zip)
{
    zip_discard(zip);
}

/* "a/../b", "/a", "C:/a": names that mean something outside the archive when somebody unpacks it. */
static bool stays_inside(const char *name)
{
    static const char separators[] = "/\\";
    bool inside = !strchr(separators, *name) && !(*name && name[1] == ':');
    for (size_t len; *name && inside; name += len + (name[len] != 0)) {
        len = strcspn(name, separators);
        inside = len != 2 || memcmp(name, "..", 2) != 0;
    }
    return inside;
}

static bool is_link(zip_t *zip, zip_uint64_t i)
{
    zip_uint8_t system;
    zip_uint32_t attributes;
    return zip_file_get_external_attributes(zip, i, 0, &system, &attributes) == 0 &&
           system == ZIP_OPSYS_UNIX && (attributes >> 16 & S_IFMT) == S_IFLNK;
}

/* What no honest writer puts into an archive: a name twice (which of the two counts?), one that leads
 * out of it, a link. */
static bool entry_is_honest(zip_t *zip, zip_uint64_t i, const char *name, struct err *e)
{
    if (!stays_inside(name))
        return FAIL(e, INVALID, "file", "压缩包中的文件名“%.80s”指向包外，拒绝读取。", name);
    if (is_link(zip, i))
        return FAIL(e, INVALID, "file", "压缩包中的“%.80s”是链接，拒绝读取。", name);
    if (zip_name_locate(zip, name, 0) != (zip_int64_t)i)
        return FAIL(e, INVALID, "file", "压缩包中有两个“%.80s”，拒绝读取。", name);
    return true;
}

/* Sizes as the directory states them; what is really read is counted again in read_part. */
static bool within_limits(zip_t *zip, struct err *e)
{
    zip_int64_t n = zip_get_num_entries(zip, 0);
    uint64_t all = 0;
    if (n > ENTRIES_MAX)
        return FAIL(e, TOO_LARGE, "file", "压缩包内的文件超过 %d 个。", ENTRIES_MAX);
    for (zip_int64_t i = 0; i < n; i++) {
        zip_stat_t s;
        if (zip_stat_index(zip, (zip_uint64_t)i, 0, &s) != 0)
            return FAIL(e, INVALID, "file", "压缩包目录损坏。");
        if ((s.valid & ZIP_STAT_ENCRYPTION_METHOD) && s.encryption_method != ZIP_EM_NONE)
            return FAIL(e, INVALID, "file", "文件有密码保护，请去掉密码后再上传。");
        if (!(s.valid & ZIP_STAT_NAME))
            return FAIL(e, INVALID, "file", "压缩包目录损坏。");
        if (!entry_is_honest(zip, (zip_uint64_t)i, s.name, e))
            return false;
        all += s.size;
        if (all > ALL_BYTES_MAX)
            return FAIL(e, TOO_LARGE, "file", "解压后超过 256 MiB。");
        if (s.size > RATIO_FROM_BYTES && s.size / RATIO_MAX > s.comp_size)
            return FAIL(e, TOO_LARGE, "file", "压缩比超过 %d 倍，拒绝解压。", RATIO_MAX);
    }
    return true;
}

struct zipped *zipped_open(struct arena *a, struct bytes file, struct err *e)
{
    zip_error_t why;
    zip_error_init(&why);
    zip_source_t *source = zip_source_buffer_create(file.at, file.len, 0, &why);
    zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY, &why) : NULL;
    if (source && !zip)
        zip_source_free(source);
    zip_error_fini(&why);
    if (!zip) {
        FAIL(e, INVALID, "file", "不是有效的 XLSX、DOCX 或 ZIP 文件。");
        return NULL;
    }
    arena_defer(a, close_zip, zip);
    if (!within_limits(zip, e))
        return NULL;
    struct zipped *z = arena_new(a, struct zipped);
    *z = (struct zipped){zip, a, arena_array(a, bool, (size_t)zip_get_num_entries(zip, 0) + 1)};
    return z;
}

/* The part, its length checked against what is really there; NULL on an error or if it is not
 * there. */
static zip_file_t *part_open(struct zipped *z, const char *name, bool *found, struct err *e)
{
    zip_int64_t at = zip_name_locate(z->zip, name, 0);
    zip_file_t *f = at < 0 ? NULL : zip_fopen_index(z->zip, (zip_uint64_t)at, 0);
    *found = f;
    if (f)
        z->read[at] = true;
    if (!f && zip_error_code_zip(zip_get_error(z->zip)) != ZIP_ER_NOENT)
        FAIL(e, INVALID, "file", "压缩包内容损坏。");
    return f;
}

bool zipped_xml(struct zipped *z, const char *name, const struct xml_reader *r, bool *found,
                struct err *e)
{
    char chunk[CHUNK_BYTES];
    zip_int64_t got = 0;
    struct err part = {0};
    zip_file_t *f = part_open(z, name, found, &part);
    if (!f)
        return part.code == ERR_NONE || FAIL(e, INVALID, "file", "%s", part.text);
    struct xml_stream *s = xml_stream_begin(r);
    while ((got = zip_fread(f, chunk, sizeof chunk)) > 0 &&
           xml_stream_feed(s, chunk, (size_t)got))
        ;
    zip_fclose(f);
    if (got < 0)
        FAIL(&part, INVALID, "file", "压缩包内容损坏。");
    if (!xml_stream_end(s, &part)) {
        err_set(e, part.code, part.file, part.line, part.field, "%s", part.text);
        return false;
    }
    return true;
}

bool zipped_bytes(struct zipped *z, const char *name, struct bytes *out, bool *found,
                  struct err *e)
{
    struct err part = {0};
    zip_file_t *f = part_open(z, name, found, &part);
    if (!f)
        return part.code == ERR_NONE || FAIL(e, INVALID, "file", "%s", part.text);
    zip_int64_t got = 0;
    size_t len = 0, room = CHUNK_BYTES;
    unsigned char *at = arena_alloc(z->arena, room, 1);
    while ((got = zip_fread(f, at + len, room - len)) > 0) {
        len += (size_t)got;
        if (len > PART_BYTES_MAX)
            break;
        if (len == room) {
            at = arena_grow(z->arena, at, len, room * 2, 1);
            room *= 2;
        }
    }
    zip_fclose(f);
    if (len > PART_BYTES_MAX)
        return FAIL(e, TOO_LARGE, "file", "压缩包中的 %.80s 超过 64 MiB。", name);
    if (got < 0)
        return FAIL(e, INVALID, "file", "压缩包内容损坏。");
    *out = (struct bytes){at, len};
    return true;
}

bool zipped_was_read(const struct zipped *z, size_t i)
{
    return z->read[i];
}

const char *zipped_name(struct zipped *z, size_t i)
{
    return zip_get_name(z->zip, i, ZIP_FL_ENC_GUESS);
}
