/* base/cage_frame.c - writes and reads the answer of a caged child. */
#include "base/cage_frame.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"

enum { DONE = 0, REFUSED = 1 };

size_t cage_frame_refusal(unsigned char *out, const struct err *e)
{
    out[0] = REFUSED;
    out[1] = (unsigned char)e->code;
    size_t at = 2;
    at += (size_t)snprintf((char *)out + at, ERR_FIELD_BYTES, "%s", e->field) + 1;
    at += (size_t)snprintf((char *)out + at, ERR_TEXT_BYTES, "%s", e->text) + 1;
    return at;
}

/* Only what a parser may say: its input is wrong. Anything else from a child is a broken child. */
static enum err_code code_of(unsigned char byte)
{
    enum err_code code = (enum err_code)byte;
    return code == ERR_TOO_LARGE || code == ERR_MEDIA || code == ERR_RULE ? code : ERR_INVALID;
}

static bool is_text(const unsigned char *at, size_t len)
{
    json_t *text = json_stringn((const char *)at, len);
    json_decref(text);
    return text != NULL;
}

bool cage_frame_read(struct arena *a, struct bytes frame, struct bytes *out, struct err *e)
{
    if (frame.len < CAGE_FRAME_HEAD_BYTES || frame.at[0] > REFUSED)
        return FAIL(e, INVALID, "/file", "文件内容异常，无法处理。");
    if (frame.at[0] == DONE) {
        out->len = frame.len - 1;
        out->at = arena_copy(a, frame.at + 1, out->len);
        return true;
    }
    const unsigned char *field = frame.at + 2, *end = frame.at + frame.len;
    const unsigned char *close = frame.len > 2 && frame.len <= CAGE_REFUSAL_BYTES_MAX
                                     ? memchr(field, 0, (size_t)(end - field))
                                     : NULL;
    const unsigned char *text = close ? close + 1 : end;
    if (text >= end || end[-1] != 0 || !is_text(field, (size_t)(close - field)) ||
        !is_text(text, (size_t)(end - 1 - text)))
        return FAIL(e, INVALID, "/file", "文件内容异常，无法处理。");
    return err_set(e, code_of(frame.at[1]), __FILE__, __LINE__, (const char *)field, "%s",
                   (const char *)text);
}
