/* bank/choice.c - options: letters, equality, order, and a response's letters. */
#include "bank/choice.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/json_out.h"
#include "base/shuffle.h"

int option_place(const char *letter, size_t count)
{
    if (!letter || letter[0] < 'A' || letter[0] > 'Z' || letter[1])
        return -1;
    int place = letter[0] - 'A';
    return (size_t)place < count ? place : -1;
}

/* Equal but for blanks. */
static bool same_text(const char *x, const char *y)
{
    for (;;) {
        x += strspn(x, " \t");
        y += strspn(y, " \t");
        if (*x != *y)
            return false;
        if (!*x)
            return true;
        x++, y++;
    }
}

bool texts_differ(const char *place, const char *const *texts, size_t count, struct err *e)
{
    char field[48];
    for (size_t i = 0; i < count; i++) {
        snprintf(field, sizeof field, "%s/%zu", place, i);
        if (!texts[i][strspn(texts[i], " \t\r\n")])
            return FAIL(e, INVALID, field, "第 %zu 项为空。", i + 1);
        for (size_t k = 0; k < i; k++)
            if (same_text(texts[i], texts[k]))
                return FAIL(e, INVALID, field, "第 %zu 项与第 %zu 项相同。", i + 1, k + 1);
    }
    return true;
}

bool options_check(const char *const *options, size_t count, struct err *e)
{
    char field[32];
    for (size_t i = 0; i < count; i++) {
        snprintf(field, sizeof field, "/options/%zu", i);
        if (!options[i][strspn(options[i], " \t\r\n")])
            return FAIL(e, INVALID, field, "选项 %c 为空。", (char)('A' + i));
        for (size_t k = 0; k < i; k++)
            if (same_text(options[i], options[k]))
                return FAIL(e, INVALID, field, "选项 %c 与选项 %c 相同。", (char)('A' + i),
                            (char)('A' + k));
    }
    return true;
}

void options_present(const char *const *options, size_t count, struct shuffle *s,
                     struct json_out *o)
{
    uint32_t order[OPTIONS_MAX];
    for (uint32_t i = 0; i < count; i++)
        order[i] = i;
    if (s)
        shuffle_order(s, order, (uint32_t)count);
    put_array(o, "options");
    for (size_t i = 0; i < count; i++) {
        char letter[2] = {(char)('A' + order[i]), 0};
        out_object(o);
        put_text(o, "id", letter);
        put_text(o, "text", options[order[i]]);
        out_object_end(o);
    }
    out_array_end(o);
}

bool options_response(const struct json_t *response, size_t count, uint32_t *bits,
                      struct err *e)
{
    *bits = 0;
    if (!json_is_array(response))
        return FAIL(e, INVALID, "", "作答须为选项字母的数组。");
    for (size_t i = 0; i < json_array_size(response); i++) {
        char field[24];
        snprintf(field, sizeof field, "/%zu", i);
        int place = option_place(json_string_value(json_array_get(response, i)), count);
        if (place < 0)
            return FAIL(e, INVALID, field, "没有这个选项。");
        if (*bits >> place & 1)
            return FAIL(e, INVALID, field, "同一选项出现两次。");
        *bits |= UINT32_C(1) << place;
    }
    return true;
}
