/* bank/upload.c - a candidate's file told by its content, in the cage. */
#include "bank/upload.h"

#include <string.h>

#include "base/arena.h"
#include "base/cage.h"
#include "base/zipped.h"
#include "entry/image.h"
#include "entry/photo.h"

enum { PDF_TAIL_BYTES = 1024 };

const char *const upload_types[] = {
#define UPLOAD_TYPE(word, type, ending) #word,
#include "bank/upload_types.def"
#undef UPLOAD_TYPE
    NULL};
static const struct {
    const char *type, *ending;
} rows[] = {
#define UPLOAD_TYPE(word, type, ending) {type, ending},
#include "bank/upload_types.def"
#undef UPLOAD_TYPE
};
enum { TYPES = sizeof rows / sizeof *rows };

static size_t place_of(const char *word)
{
    size_t i = 0;
    while (i < TYPES && strcmp(upload_types[i], word) != 0)
        i++;
    return i;
}

const char *upload_media_type(const char *word)
{
    size_t i = place_of(word);
    return i < TYPES ? rows[i].type : NULL;
}

const char *upload_extension(const char *word)
{
    size_t i = place_of(word);
    return i < TYPES ? rows[i].ending : NULL;
}

static bool is_broken(struct err *e)
{
    return FAIL(e, INVALID, "/file", "文件不完整或已损坏，无法接收。");
}

static bool look_pdf(struct bytes f, struct err *e)
{
    size_t tail = f.len < PDF_TAIL_BYTES ? f.len : PDF_TAIL_BYTES;
    return memmem(f.at + f.len - tail, tail, "%%EOF", 5) || is_broken(e);
}

static bool look_image(struct arena *a, struct bytes f, struct err *e)
{
    struct image im;
    struct err why = {0};
    return image_decode(a, f, (struct size){0, 0}, &im, &why) || is_broken(e);
}

/* The parts that make it a document or a table; none that runs. */
static const char *look_office(struct arena *a, struct bytes f, struct err *e)
{
    const char *type = NULL, *name;
    struct err why = {0};
    struct zipped *z = zipped_open(a, f, &why);
    if (!z) {
        is_broken(e);
        return NULL;
    }
    for (size_t i = 0; (name = zipped_name(z, i)); i++) {
        if (strstr(name, "vbaProject") || strstr(name, "activeX")) {
            FAIL(e, MEDIA, "/file", "文件里带有宏或控件，不接收；请另存为不带宏的格式。");
            return NULL;
        }
        if (strcmp(name, "word/document.xml") == 0)
            type = "docx";
        if (strcmp(name, "xl/workbook.xml") == 0)
            type = "xlsx";
    }
    if (!type)
        FAIL(e, MEDIA, "/file", "压缩包不是 Word 文档或 Excel 表格，不接收。");
    return type;
}

/* Text of a table: no control character but tab and line ends. */
static bool is_text(struct bytes f)
{
    for (size_t i = 0; i < f.len; i++)
        if ((f.at[i] < 0x20 && f.at[i] != '\t' && f.at[i] != '\n' && f.at[i] != '\r') ||
            f.at[i] == 0x7F)
            return false;
    const unsigned char *first = f.at;
    size_t left = f.len;
    while (left > 0 && (*first <= ' ' || *first >= 0x80)) {
        first++;
        left--;
    }
    return left == 0 || *first != '<'; /* a page of markup is no table */
}

static const char *type_of(struct arena *a, struct bytes f, struct err *e)
{
    enum image_kind image = image_sniff(f);
    if (f.len >= 5 && memcmp(f.at, "%PDF-", 5) == 0)
        return look_pdf(f, e) ? "pdf" : NULL;
    if (image != IMAGE_NONE)
        return !look_image(a, f, e) ? NULL : image == IMAGE_PNG ? "png" : "jpeg";
    if (f.len >= 4 && memcmp(f.at, "PK\x03\x04", 4) == 0)
        return look_office(a, f, e);
    if (f.len > 0 && is_text(f))
        return "csv";
    FAIL(e, MEDIA, "/file", "只接收 PDF、Word（docx）、Excel（xlsx）、CSV、PNG、JPEG 文件。");
    return NULL;
}

bool parse_handed_in(struct arena *a, struct bytes file, struct bytes *out, struct err *e)
{
    const char *type = type_of(a, file, e);
    if (!type)
        return false;
    *out = (struct bytes){(const unsigned char *)type, strlen(type)};
    return true;
}

bool upload_look(struct arena *a, const char *program, struct bytes file, const char **type,
                 struct err *e)
{
    struct cage_job job = {program, PARSE_handed_in, parse_handed_in, file};
    struct bytes said;
    if (file.len > UPLOAD_BYTES_MAX)
        return FAIL(e, TOO_LARGE, "/file", "文件超过 %d MiB。", UPLOAD_BYTES_MAX >> 20);
    if (!cage_run(a, &job, &said, e))
        return false;
    size_t i = place_of(arena_copy(a, said.at, said.len));
    *type = upload_types[i];
    return *type || is_broken(e);
}
