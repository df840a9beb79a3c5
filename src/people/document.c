/* people/document.c - which number can belong to which identity document. */
#include "people/document.h"

#include <string.h>

#include "people/normalise.h"

enum { RESIDENT_LEN = 18, OLD_LEN = 15, FIRST_YEAR = 1900 };

static const struct {
    char letter;
    const char *word, *title, *country;
} kinds[DOCUMENT_KINDS] = {
#define DOCUMENT(name, letter, word, title, country)                                           \
    [DOCUMENT_##name] = {letter, word, title, country},
#include "people/documents.def"
#undef DOCUMENT
};

char document_letter(enum document_kind kind)
{
    return kinds[kind].letter;
}

const char *document_word(enum document_kind kind)
{
    return kinds[kind].word;
}

const char *document_title(enum document_kind kind)
{
    return kinds[kind].title;
}

const char *document_country(enum document_kind kind)
{
    return kinds[kind].country;
}

bool document_kind_read(const char *word, enum document_kind *out)
{
    for (int i = 0; i < DOCUMENT_KINDS; i++)
        if (strcmp(kinds[i].word, word) == 0) {
            *out = (enum document_kind)i;
            return true;
        }
    return false;
}

bool document_kind_of_letter(char letter, enum document_kind *out)
{
    for (int i = 0; i < DOCUMENT_KINDS; i++)
        if (kinds[i].letter == letter) {
            *out = (enum document_kind)i;
            return true;
        }
    return false;
}

const char *sex_word(enum sex s)
{
    return s == SEX_MALE ? "male" : s == SEX_FEMALE ? "female" : NULL;
}

/* '9' a digit, '@' a letter, '*' either, any other character itself. */
static bool looks_like(const char *number, const char *pattern)
{
    for (; *pattern && *number; pattern++, number++) {
        bool digit = *number >= '0' && *number <= '9';
        bool letter = *number >= 'A' && *number <= 'Z';
        if (*pattern == '9'   ? !digit
            : *pattern == '@' ? !letter
            : *pattern == '*' ? !digit && !letter
                              : *pattern != *number)
            return false;
    }
    return *pattern == *number;
}

static bool looks_like_any(const char *number, const char *const *patterns)
{
    for (; *patterns; patterns++)
        if (looks_like(number, *patterns))
            return true;
    return false;
}

/* GB/T 2260: 11-15 21-23 31-37 41-46 50-54 61-65 71 81 82. */
static bool province_exists(const char *two)
{
    static const char last_of[] = {'0', '5', '3', '7', '6', '4', '5', '1', '2', '0'};
    char first = two[0], second = two[1];
    if (first < '1' || first > '8')
        return false;
    return second >= (first == '5' ? '0' : '1') && second <= last_of[first - '0'];
}

/* ISO 7064 MOD 11-2 as GB 11643 spells it. */
static char check_digit(const char *seventeen)
{
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < RESIDENT_LEN - 1; i++)
        sum += weights[i] * (seventeen[i] - '0');
    return "10X98765432"[sum % 11];
}

static int number_of(const char *digits, int count)
{
    int n = 0;
    while (count-- > 0)
        n = n * 10 + (*digits++ - '0');
    return n;
}

/* What the 18 digits of all these documents share: a real birth date, sex, the check digit. */
static bool read_resident_form(struct identity *d, date_days as_of, struct err *e)
{
    const char *n = d->number;
    struct civil birth = {number_of(n + 6, 4), number_of(n + 10, 2), number_of(n + 12, 2)};
    if (!civil_is_real(birth))
        return FAIL(e, INVALID, "/number", "号码中的出生日期 %.8s 不存在。", n + 6);
    if (birth.year < FIRST_YEAR)
        return FAIL(e, INVALID, "/number", "号码中的出生日期早于 %d 年。", FIRST_YEAR);
    if (date_of(birth) > as_of)
        return FAIL(e, INVALID, "/number", "号码中的出生日期晚于今天。");
    if (check_digit(n) != n[RESIDENT_LEN - 1])
        return FAIL(e, INVALID, "/number", "校验码不对，请逐位核对号码（GB 11643）。");
    d->birth_known = true;
    d->birth = date_of(birth);
    d->sex = (n[16] - '0') % 2 ? SEX_MALE : SEX_FEMALE;
    return true;
}

static bool has_resident_form(const char *n)
{
    return looks_like(n, "99999999999999999*") && (n[17] <= '9' || n[17] == 'X');
}

/* Whose 18 digits these are: the first six tell residence permits, a leading 9 foreigners. */
static enum document_kind kind_of_resident_form(const char *n)
{
    if (n[0] == '9')
        return DOCUMENT_FOREIGN_CARD;
    if (strncmp(n, "810000", 6) == 0 || strncmp(n, "820000", 6) == 0)
        return DOCUMENT_HK_MO_CARD;
    if (strncmp(n, "830000", 6) == 0)
        return DOCUMENT_TW_CARD;
    return DOCUMENT_RESIDENT_ID;
}

static bool read_eighteen(struct identity *d, date_days as_of, struct err *e)
{
    const char *n = d->number;
    if (strlen(n) == OLD_LEN && d->kind == DOCUMENT_RESIDENT_ID &&
        looks_like(n, "999999999999999"))
        return FAIL(e, INVALID, "/number",
                    "15 位第一代身份证号自 2013 年 1 月 1 日起停用，请填 18 位号码。");
    if (strlen(n) != RESIDENT_LEN)
        return FAIL(e, INVALID, "/number", "%s号码应为 18 位，现为 %zu 位。",
                    kinds[d->kind].title, strlen(n));
    if (!has_resident_form(n))
        return FAIL(e, INVALID, "/number", "号码前 17 位应为数字，末位为数字或 X。");
    enum document_kind real = kind_of_resident_form(n);
    /* Foreigners' numbers hold 9, region(2), country(3): the region is one digit further on. */
    if (real != DOCUMENT_TW_CARD && !province_exists(real == DOCUMENT_FOREIGN_CARD ? n + 1 : n))
        return FAIL(e, INVALID, "/number", "号码中的省级代码不存在（GB/T 2260）。");
    if (real != d->kind)
        return FAIL(e, INVALID, "/number", "这是%s的号码，不是%s的号码。", kinds[real].title,
                    kinds[d->kind].title);
    return read_resident_form(d, as_of, e);
}

static bool read_patterns(const struct identity *d, const char *const *patterns,
                          const char *form, struct err *e)
{
    return looks_like_any(d->number, patterns) ||
           FAIL(e, INVALID, "/number", "%s号码应为%s。", kinds[d->kind].title, form);
}

static bool read_passport(const struct identity *d, struct err *e)
{
    size_t len = strlen(d->number);
    for (size_t i = 0; i < len; i++)
        if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<", d->number[i]))
            return FAIL(e, INVALID, "/number", "护照号码只能由字母、数字和 < 组成。");
    return (len >= 5 && len <= 17) || FAIL(e, INVALID, "/number", "护照号码应为 5 至 17 位。");
}

static bool read_by_kind(struct identity *d, date_days as_of, struct err *e)
{
    static const char *const hk_mo[] = {"H99999999",   "M99999999",   "HA9999999", "MA9999999",
                                        "H9999999999", "M9999999999", NULL};
    static const char *const tw[] = {"99999999", "9999999999", "9999999999*", "9999999999(*)",
                                     NULL};
    static const char *const foreign_old[] = {"@@@999999999999", NULL};
    switch (d->kind) {
    case DOCUMENT_HK_MO_PERMIT:
        return read_patterns(d, hk_mo,
                             " H 或 M 加 8 位数字、HA 或 MA 加 7 位数字，"
                             "旧证为 H 或 M 加 10 位数字",
                             e);
    case DOCUMENT_TW_PERMIT:
        return read_patterns(d, tw, " 8 位数字，旧证为 10 位数字加一位签发次数", e);
    case DOCUMENT_FOREIGN_CARD:
        return looks_like_any(d->number, foreign_old) || read_eighteen(d, as_of, e);
    case DOCUMENT_PASSPORT:
        return read_passport(d, e);
    case DOCUMENT_RESIDENT_ID:
    case DOCUMENT_HK_MO_CARD:
    case DOCUMENT_TW_CARD:
    case DOCUMENT_KINDS:
        break;
    }
    return read_eighteen(d, as_of, e);
}

static bool normalise(const char *text, char out[DOCUMENT_NUMBER_BYTES], struct err *e)
{
    if (!normalise_number(text, out, DOCUMENT_NUMBER_BYTES))
        return FAIL(e, INVALID, "/number", "号码太长，或含有号码中不会出现的字符。");
    return *out || FAIL(e, INVALID, "/number", "请填写证件号码。");
}

bool document_check(enum document_kind kind, const char *text, date_days as_of,
                    struct identity *out, struct err *e)
{
    struct identity d = {.kind = kind};
    if (!normalise(text, d.number, e) || !read_by_kind(&d, as_of, e))
        return false;
    *out = d;
    return true;
}

bool document_check_any(const char *text, date_days as_of, struct identity *out, struct err *e)
{
    char number[DOCUMENT_NUMBER_BYTES];
    enum document_kind kind = DOCUMENT_RESIDENT_ID;
    if (!normalise(text, number, e))
        return false;
    if (has_resident_form(number))
        kind = kind_of_resident_form(number);
    return document_check(kind, number, as_of, out, e);
}

bool document_upgrade_old(const char *text, char out[DOCUMENT_NUMBER_BYTES], struct err *e)
{
    char old[DOCUMENT_NUMBER_BYTES];
    struct identity d = {.kind = DOCUMENT_RESIDENT_ID};
    if (!normalise(text, old, e))
        return false;
    if (!looks_like(old, "999999999999999"))
        return FAIL(e, INVALID, "/number", "第一代身份证号应为 15 位数字。");
    memcpy(d.number, old, 6);
    memcpy(d.number + 6, "19", 2);
    memcpy(d.number + 8, old + 6, 9);
    d.number[17] = check_digit(d.number);
    if (!read_eighteen(&d, date_of((struct civil){1999, 12, 31}), e))
        return false;
    memcpy(out, d.number, DOCUMENT_NUMBER_BYTES);
    return true;
}
