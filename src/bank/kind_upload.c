/* bank/kind_upload.c - 上传题: a file is handed in; people read it along a scoring guide (decision 0070). */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "bank/guide.h"
#include "bank/kind.h"
#include "bank/upload.h"
#include "base/bytes.h"
#include "base/crypto.h"
#include "base/fields.h"
#include "base/json.h"
#include "base/json_out.h"

struct upload_body {
    const char *stem;
    const char **accept; /* words of upload_types.def */
    size_t accept_count;
    int64_t max_kib; /* 0: as large as any may be */
    GUIDED_MEMBERS;
};

static const struct field rows[] = {
    {FIELD(struct upload_body, stem, TEXT), .required = true, .min = 1, .max = 4000},
    {FIELD(struct upload_body, accept, TEXTS), FIELD_COUNT(struct upload_body, accept_count),
     .required = true, .min = 1, .max = UPLOAD_TYPES_MAX},
    {FIELD(struct upload_body, max_kib, INT), .min = 0, .max = UPLOAD_BYTES_MAX >> 10},
    GUIDED_ROWS(struct upload_body),
};
static const struct fields body = FIELDS("item_upload", struct upload_body, rows);

static bool check(void *b, struct arena *a, struct err *e)
{
    const struct upload_body *x = b;
    char field[32];
    (void)a;
    for (size_t i = 0; i < x->accept_count; i++) {
        snprintf(field, sizeof field, "/accept/%zu", i);
        if (!upload_media_type(x->accept[i]))
            return FAIL(e, INVALID, field, "没有文件类型“%.20s”。", x->accept[i]);
        for (size_t k = 0; k < i; k++)
            if (strcmp(x->accept[i], x->accept[k]) == 0)
                return FAIL(e, INVALID, field, "文件类型 %s 写了两次。", x->accept[i]);
    }
    return true;
}

static int64_t most_bytes(const struct upload_body *x)
{
    return x->max_kib > 0 ? x->max_kib << 10 : UPLOAD_BYTES_MAX;
}

/* What it may be is `types`: `accept` is a word of the guide. */
static void present(const void *b, struct shuffle *s, struct json_out *o)
{
    const struct upload_body *x = b;
    (void)s;
    put_text(o, "stem", x->stem);
    put_array(o, "types");
    for (size_t i = 0; i < x->accept_count; i++)
        out_text(o, x->accept[i]);
    out_array_end(o);
    put_int(o, "max_bytes", most_bytes(x));
}

static bool is_accepted(const struct upload_body *x, const char *type)
{
    for (size_t i = 0; type && i < x->accept_count; i++)
        if (strcmp(x->accept[i], type) == 0)
            return true;
    return false;
}

static bool score(const void *b, const struct json_t *response, const struct score_order *order,
                  struct item_score *out, struct err *e)
{
    const struct upload_body *x = b;
    unsigned char digest[HASH_BYTES];
    (void)order;
    *out = (struct item_score){0};
    if (response_is_blank(response))
        return true;
    const char *sha256 = json_member_text(response, "sha256"),
               *name = json_member_text(response, "name");
    int64_t bytes = json_member_int(response, "bytes", 0);
    if (!json_is_object(response) || json_object_size(response) != 4)
        return FAIL(e, INVALID, "", "上传题的作答须写明文件的摘要、类型、大小和名称。");
    if (!sha256 || !hex_read(digest, sizeof digest, sha256))
        return FAIL(e, INVALID, "/sha256", "文件的摘要读不出来。");
    if (!name || strlen(name) > 4 * UPLOAD_NAME_MAX)
        return FAIL(e, INVALID, "/name", "文件的名称读不出来。");
    if (bytes < 1 || bytes > most_bytes(x))
        return FAIL(e, INVALID, "/bytes", "文件为 1 字节至 %lld KiB。",
                    (long long)(most_bytes(x) >> 10));
    if (!is_accepted(x, json_member_text(response, "type")))
        return FAIL(e, INVALID, "/type", "这道题不收这种文件。");
    out->needs_marker = true;
    return true;
}

const struct item_kind item_kind_upload = {
    .name = "upload",
    .label = "上传题",
    .body = &body,
    .check = check,
    .present = present,
    .score = score,
};
