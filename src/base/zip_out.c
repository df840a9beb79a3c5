/* base/zip_out.c - ZIP by libzip into memory. */
#include "base/zip_out.h"

#include <zip.h>

#include "base/arena.h"

enum { FIXED_DATE = 0x5821, FIXED_TIME = 0 }; /* 2024-01-01 in DOS form */

struct zip_out {
    struct arena *arena;
    zip_t *zip; /* NULL once closed */
    zip_source_t *source;
    bool failed;
};

static void give_up(void *ctx)
{
    struct zip_out *z = ctx;
    if (z->zip)
        zip_discard(z->zip);
    if (z->source)
        zip_source_free(z->source);
}

struct zip_out *zip_out_begin(struct arena *a, struct err *e)
{
    zip_error_t why;
    struct zip_out *z = arena_new(a, struct zip_out);
    zip_error_init(&why);
    z->arena = a;
    z->source = zip_source_buffer_create(NULL, 0, 0, &why);
    if (z->source) {
        zip_source_keep(z->source);
        z->zip = zip_open_from_source(z->source, ZIP_CREATE | ZIP_TRUNCATE, &why);
        if (!z->zip)
            zip_source_free(z->source); /* the reference that the archive would have taken */
    }
    zip_error_fini(&why);
    arena_defer(a, give_up, z);
    if (!z->zip) {
        FAIL(e, STORE, "file", "不能建立压缩包。");
        return NULL;
    }
    return z;
}

void zip_out_add(struct zip_out *z, const char *name, struct bytes bytes)
{
    zip_source_t *part = zip_source_buffer(z->zip, bytes.at, bytes.len, 0);
    zip_int64_t at = part ? zip_file_add(z->zip, name, part, ZIP_FL_ENC_UTF_8) : -1;
    if (part && at < 0)
        zip_source_free(part);
    z->failed |= at < 0 ||
                 zip_file_set_dostime(z->zip, (zip_uint64_t)at, FIXED_TIME, FIXED_DATE, 0) != 0;
}

bool zip_out_end(struct zip_out *z, struct bytes *out, struct err *e)
{
    zip_stat_t s;
    zip_stat_init(&s);
    if (z->failed || zip_close(z->zip) != 0)
        return FAIL(e, STORE, "file", "不能写出压缩包。");
    z->zip = NULL;
    if (zip_source_stat(z->source, &s) != 0 || zip_source_open(z->source) != 0)
        return FAIL(e, STORE, "file", "不能写出压缩包。");
    unsigned char *at = arena_alloc(z->arena, s.size ? s.size : 1, 1);
    zip_int64_t got = zip_source_read(z->source, at, s.size);
    zip_source_close(z->source);
    *out = (struct bytes){at, s.size};
    return got == (zip_int64_t)s.size || FAIL(e, STORE, "file", "不能写出压缩包。");
}
