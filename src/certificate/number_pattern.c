/* certificate/number_pattern.c - numbers of training certificates, made by a programme's pattern. */
#include "certificate/number_pattern.h"

#include <string.h>

enum { SERIAL_MIN_WIDTH = 4, SERIAL_MAX_WIDTH = 9 };

static bool wrong(struct err *e, const char *what)
{
    return FAIL(e, INVALID, "/number_pattern", "编号样式不对：%s。", what);
}

/* The text between braces: a name, perhaps a colon and one digit. */
static bool read_part(const char *text, size_t len, struct number_part *out, struct err *e)
{
    static const struct {
        const char *name;
        enum number_part_kind kind;
        int width;
    } fixed[] = {
        {"year", PART_YEAR, 4},
        {"year:2", PART_YEAR, 2},
        {"level", PART_LEVEL, 1},
    };
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (strlen(fixed[i].name) == len && memcmp(text, fixed[i].name, len) == 0) {
            out->kind = fixed[i].kind;
            out->width = fixed[i].width;
            return true;
        }
    if (len != strlen("serial:N") || memcmp(text, "serial:", 7) != 0 ||
        text[7] < '0' + SERIAL_MIN_WIDTH || text[7] > '0' + SERIAL_MAX_WIDTH)
        return wrong(e, "花括号内只能是 year、year:2、level 或 serial:4 至 serial:9");
    out->kind = PART_SERIAL;
    out->width = text[7] - '0';
    return true;
}

static bool literal_may_hold(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

static bool read_literal(const char *text, size_t len, struct number_part *out, struct err *e)
{
    if (len >= sizeof out->literal)
        return wrong(e, "太长");
    for (size_t i = 0; i < len; i++)
        if (!literal_may_hold(text[i]))
            return wrong(e, "固定部分只能用大写字母、数字和连字符");
    out->kind = PART_LITERAL;
    out->width = (int)len;
    memcpy(out->literal, text, len);
    return true;
}

static bool read_parts(const char *text, struct number_pattern *p, struct err *e)
{
    while (*text) {
        if (p->count == PATTERN_PARTS_MAX)
            return wrong(e, "部分太多");
        struct number_part *part = &p->parts[p->count++];
        size_t len;
        if (*text == '{') {
            len = strcspn(text, "}");
            if (!text[len])
                return wrong(e, "花括号没有闭合");
            if (!read_part(text + 1, len - 1, part, e))
                return false;
            len++;
        } else {
            len = strcspn(text, "{");
            if (!read_literal(text, len, part, e))
                return false;
        }
        text += len;
        p->len += (size_t)part->width;
    }
    return true;
}

static size_t times_used(const struct number_pattern *p, enum number_part_kind kind)
{
    size_t n = 0;
    for (size_t i = 0; i < p->count; i++)
        n += p->parts[i].kind == kind;
    return n;
}

/* All numbers of a pattern at once: a literal character stands for itself, '#' for any digit.
 * Hyphens are kept or dropped, for the desk drops them from what people type. */
static size_t write_shape(const struct number_pattern *p, bool with_hyphens,
                          char out[PATTERN_NUMBER_BYTES])
{
    size_t n = 0;
    for (size_t i = 0; i < p->count; i++)
        for (int j = 0; j < p->parts[i].width; j++) {
            char c = p->parts[i].kind == PART_LITERAL ? p->parts[i].literal[j] : '#';
            if (c != '-' || with_hyphens)
                out[n++] = c;
        }
    out[n] = '\0';
    return n;
}

/* FORM: 'Y' for a letter Y or S, '#' for a digit. Provinces and levels are not looked at: a
 * pattern that only they keep apart is refused too. */
static bool may_have_form(const char *shape, const char *form)
{
    for (; *shape && *form; shape++, form++) {
        bool digit = *shape == '#' || (*shape >= '0' && *shape <= '9');
        bool letter = *shape == 'Y' || *shape == 'S';
        if (*form == 'Y' ? !letter : !digit)
            return false;
    }
    return *shape == *form;
}

static bool cannot_be_mistaken(const struct number_pattern *p, struct err *e)
{
    static const char level_form[] = "Y#####################"; /* letter and 21 digits */
    static const char old_form[] = "################";         /* 16 digits */
    for (int with_hyphens = 0; with_hyphens < 2; with_hyphens++) {
        char shape[PATTERN_NUMBER_BYTES];
        write_shape(p, with_hyphens, shape);
        if (may_have_form(shape, level_form))
            return FAIL(e, RULE, "/number_pattern",
                        "按此样式编出的编号会与职业技能等级证书的 22 位编号混同，"
                        "培训证书不得使用（人社部函〔2022〕25号）。");
        if (may_have_form(shape, old_form))
            return FAIL(e, RULE, "/number_pattern",
                        "按此样式编出的编号会与职业资格证书的 16 位编号混同，"
                        "培训证书不得使用（人社部函〔2022〕25号）。");
    }
    return true;
}

bool number_pattern_parse(const char *text, struct number_pattern *out, struct err *e)
{
    struct number_pattern p = {.count = 0};
    if (!read_parts(text, &p, e))
        return false;
    if (p.len >= PATTERN_NUMBER_BYTES)
        return wrong(e, "编号不得长于 40 个字符");
    if (times_used(&p, PART_SERIAL) != 1)
        return wrong(e, "须有且只有一个 {serial:N}");
    if (times_used(&p, PART_YEAR) > 1 || times_used(&p, PART_LEVEL) > 1)
        return wrong(e, "{year} 和 {level} 各至多一个");
    if (!cannot_be_mistaken(&p, e))
        return false;
    *out = p;
    return true;
}

static int64_t power_of_ten(int width)
{
    int64_t n = 1;
    while (width-- > 0)
        n *= 10;
    return n;
}

static int64_t value_for(const struct number_part *part, struct training_number n)
{
    switch (part->kind) {
    case PART_YEAR:
        return n.year % power_of_ten(part->width);
    case PART_LEVEL:
        return n.level;
    case PART_SERIAL:
        return n.serial;
    case PART_LITERAL:
        break;
    }
    return 0;
}

static bool fits(const struct number_pattern *p, struct training_number n, struct err *e)
{
    for (size_t i = 0; i < p->count; i++) {
        const struct number_part *part = &p->parts[i];
        if (part->kind == PART_YEAR && (n.year < 2000 || n.year > 2999))
            return FAIL(e, INVALID, "/year", "发证年份须在 2000 至 2999 之间。");
        if (part->kind == PART_LEVEL && (n.level < 0 || n.level > 9))
            return FAIL(e, INVALID, "/level", "等级须为一位数字。");
        if (part->kind == PART_SERIAL &&
            (n.serial < 1 || n.serial >= power_of_ten(part->width)))
            return FAIL(e, CONFLICT, "/serial", "%d 位流水号已经用完。", part->width);
    }
    return true;
}

bool number_pattern_make(const struct number_pattern *p, struct training_number n,
                         char out[PATTERN_NUMBER_BYTES], struct err *e)
{
    size_t at = 0;
    if (!fits(p, n, e))
        return false;
    for (size_t i = 0; i < p->count; i++) {
        const struct number_part *part = &p->parts[i];
        int64_t value = value_for(part, n);
        if (part->kind == PART_LITERAL)
            memcpy(out + at, part->literal, (size_t)part->width);
        else
            for (int j = part->width - 1; j >= 0; j--, value /= 10)
                out[at + (size_t)j] = (char)('0' + value % 10);
        at += (size_t)part->width;
    }
    out[at] = '\0';
    return true;
}

bool number_pattern_read(const struct number_pattern *p, const char *text,
                         struct training_number *out)
{
    struct training_number n = {0};
    char again[PATTERN_NUMBER_BYTES];
    struct err unused = {0};
    if (strlen(text) != p->len)
        return false;
    const char *at = text;
    for (size_t i = 0; i < p->count; at += p->parts[i++].width) {
        const struct number_part *part = &p->parts[i];
        int64_t value = 0;
        for (int j = 0; part->kind != PART_LITERAL && j < part->width; j++) {
            if (at[j] < '0' || at[j] > '9')
                return false;
            value = value * 10 + (at[j] - '0');
        }
        if (part->kind == PART_YEAR)
            n.year = (int)value + (part->width == 2 ? 2000 : 0);
        else if (part->kind == PART_LEVEL)
            n.level = (int)value;
        else if (part->kind == PART_SERIAL)
            n.serial = value;
    }
    if (!number_pattern_make(p, n, again, &unused) || strcmp(again, text) != 0)
        return false;
    *out = n;
    return true;
}
