/* base/xlsx_zip.c - ZIP by libzip and XML by expat, stopped at what no honest table holds. */
#include "base/xlsx_zip.h"

#include <expat.h>
#include <string.h>
#include <zip.h>

#include "base/arena.h"

enum {
    ENTRIES_MAX = 10000,
    ALL_BYTES_MAX = 256 << 20,
    PART_BYTES_MAX = 64 << 20,
    RATIO_MAX = 100,
    RATIO_FROM_BYTES = 1 << 20,
    XML_DEPTH_MAX = 64,
    CHUNK_BYTES = 16384
};

struct xlsx_zip {
    zip_t *zip;
    struct arena *arena;
};

static void close_zip(void *zip)
{
    zip_discard(zip);
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
        all += s.size;
        if (all > ALL_BYTES_MAX)
            return FAIL(e, TOO_LARGE, "file", "解压后超过 256 MiB。");
        if (s.size > RATIO_FROM_BYTES && s.size / RATIO_MAX > s.comp_size)
            return FAIL(e, TOO_LARGE, "file", "压缩比超过 %d 倍，拒绝解压。", RATIO_MAX);
    }
    return true;
}

struct xlsx_zip *xlsx_zip_open(struct arena *a, struct bytes file, struct err *e)
{
    zip_error_t why;
    zip_error_init(&why);
    zip_source_t *source = zip_source_buffer_create(file.at, file.len, 0, &why);
    zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY, &why) : NULL;
    if (source && !zip)
        zip_source_free(source);
    zip_error_fini(&why);
    if (!zip) {
        FAIL(e, INVALID, "file", "不是有效的 XLSX 文件。");
        return NULL;
    }
    arena_defer(a, close_zip, zip);
    if (!within_limits(zip, e))
        return NULL;
    struct xlsx_zip *z = arena_new(a, struct xlsx_zip);
    *z = (struct xlsx_zip){zip, a};
    return z;
}

struct parse {
    const struct xlsx_reader *reader;
    XML_Parser parser;
    int depth;
    const char *refused; /* why we stopped it */
};

static const char *local_name(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

static void on_open(void *ctx, const char *name, const char **attributes)
{
    struct parse *p = ctx;
    if (++p->depth > XML_DEPTH_MAX) {
        p->refused = "XML 嵌套过深";
        XML_StopParser(p->parser, XML_FALSE);
        return;
    }
    if (p->reader->open)
        p->reader->open(p->reader->ctx, local_name(name), attributes);
}

static void on_close(void *ctx, const char *name)
{
    struct parse *p = ctx;
    p->depth--;
    if (p->reader->close)
        p->reader->close(p->reader->ctx, local_name(name));
}

static void on_text(void *ctx, const char *text, int len)
{
    struct parse *p = ctx;
    if (p->reader->text)
        p->reader->text(p->reader->ctx, text, len);
}

/* Entities are declared in a DOCTYPE only; without one there is nothing to blow up. */
static void on_doctype(void *ctx, const char *name, const char *system_id,
                       const char *public_id, int has_subset)
{
    struct parse *p = ctx;
    (void)name, (void)system_id, (void)public_id, (void)has_subset;
    p->refused = "XML 中有 DOCTYPE";
    XML_StopParser(p->parser, XML_FALSE);
}

static bool feed(struct parse *p, zip_file_t *f, struct err *e)
{
    char chunk[CHUNK_BYTES];
    zip_int64_t got;
    uint64_t all = 0;
    while ((got = zip_fread(f, chunk, sizeof chunk)) > 0) {
        all += (uint64_t)got;
        if (all > PART_BYTES_MAX)
            return FAIL(e, TOO_LARGE, "file", "工作表解压后超过 64 MiB。");
        if (XML_Parse(p->parser, chunk, (int)got, 0) == XML_STATUS_ERROR)
            break;
    }
    if (got < 0)
        return FAIL(e, INVALID, "file", "压缩包内容损坏。");
    if (p->refused || got > 0 || XML_Parse(p->parser, chunk, 0, 1) == XML_STATUS_ERROR)
        return FAIL(e, INVALID, "file", "XLSX 内容有误：%s。",
                    p->refused ? p->refused : XML_ErrorString(XML_GetErrorCode(p->parser)));
    return true;
}

bool xlsx_part(struct xlsx_zip *z, const char *name, const struct xlsx_reader *r, bool *found,
               struct err *e)
{
    zip_file_t *f = zip_fopen(z->zip, name, 0);
    *found = f;
    if (!f)
        return zip_error_code_zip(zip_get_error(z->zip)) == ZIP_ER_NOENT ||
               FAIL(e, INVALID, "file", "压缩包内容损坏。");
    struct parse p = {.reader = r, .parser = XML_ParserCreate(NULL)};
    XML_SetUserData(p.parser, &p);
    XML_SetElementHandler(p.parser, on_open, on_close);
    XML_SetCharacterDataHandler(p.parser, on_text);
    XML_SetStartDoctypeDeclHandler(p.parser, on_doctype);
    bool ok = feed(&p, f, e);
    XML_ParserFree(p.parser);
    zip_fclose(f);
    return ok;
}
