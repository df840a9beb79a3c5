/* certificate/number.c - the 22-character certificate number and its 16-digit forerunner. */
#include "certificate/number.h"

#include <assert.h>
#include <string.h>

#include "people/normalise.h"

/* Where each field lies. The letter is written apart. */
static const struct {
    int at, width;
} body_at = {1, 4}, province_at = {5, 2}, site_at = {7, 6}, year_at = {13, 2},
  level_at = {15, 1}, serial_at = {16, 6};

/* GB/T 2260 with 66, which the corps in Xinjiang uses by custom. */
static bool province_exists(int p)
{
    static const int last_of[] = {0, 15, 23, 37, 46, 54, 66, 71, 82};
    int first = p / 10;
    return first >= 1 && first <= 8 && p >= first * 10 + (first != 5) && p <= last_of[first];
}

static bool digits_only(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return true;
}

static int number_at(const char *text, int at, int width)
{
    int n = 0;
    for (int i = at; i < at + width; i++)
        n = n * 10 + (text[i] - '0');
    return n;
}

static void put_number(char *text, int at, int width, int n)
{
    for (int i = at + width - 1; i >= at; i--, n /= 10)
        text[i] = (char)('0' + n % 10);
}

#define GET(text, field)    number_at(text, field##_at.at, field##_at.width)
#define PUT(text, field, n) put_number(text, field##_at.at, field##_at.width, (n))

static struct certificate_number fields_of(const char *text)
{
    return (struct certificate_number){
        .type = text[0],
        .body = GET(text, body),
        .province = GET(text, province),
        .site = GET(text, site),
        .year = GET(text, year),
        .level = GET(text, level),
        .serial = GET(text, serial),
    };
}

bool certificate_number_is_valid(struct certificate_number n)
{
    return (n.type == 'Y' || n.type == 'S') && n.body >= 0 && n.body <= 9999 &&
           province_exists(n.province) && n.site >= 0 && n.site <= 999999 && n.year >= 0 &&
           n.year <= 99 && n.level >= 1 && n.level <= 5 && n.serial >= 1 &&
           n.serial <= CERTIFICATE_SERIAL_MAX;
}

bool certificate_number_parse(const char *text, size_t len, struct certificate_number *out)
{
    if (len != CERTIFICATE_NUMBER_LEN || !digits_only(text + 1, len - 1))
        return false;
    struct certificate_number n = fields_of(text);
    if (!certificate_number_is_valid(n))
        return false;
    *out = n;
    return true;
}

void certificate_number_format(struct certificate_number n,
                               char out[CERTIFICATE_NUMBER_LEN + 1])
{
    assert(certificate_number_is_valid(n));
    out[0] = n.type;
    PUT(out, body, n.body);
    PUT(out, province, n.province);
    PUT(out, site, n.site);
    PUT(out, year, n.year);
    PUT(out, level, n.level);
    PUT(out, serial, n.serial);
    out[CERTIFICATE_NUMBER_LEN] = '\0';
}

bool certificate_number_read(const char *text, struct certificate_number *out, struct err *e)
{
    char n[CERTIFICATE_NUMBER_LEN + 8];
    if (!normalise_number(text, n, sizeof n) || strlen(n) != CERTIFICATE_NUMBER_LEN ||
        !digits_only(n + 1, CERTIFICATE_NUMBER_LEN - 1))
        return FAIL(e, INVALID, "/number",
                    "证书编号应为 1 位字母加 21 位数字（人社鉴发〔2019〕2号）。");
    if (n[0] != 'Y' && n[0] != 'S')
        return FAIL(e, INVALID, "/number",
                    "证书编号首位应为 Y（用人单位）或 S（社会培训评价组织）。");
    struct certificate_number fields = fields_of(n);
    if (!province_exists(fields.province))
        return FAIL(e, INVALID, "/number", "证书编号第 6、7 位不是省级代码（GB/T 2260）。");
    if (fields.level < 1 || fields.level > 5)
        return FAIL(e, INVALID, "/number", "证书编号第 16 位是等级，应为 1 至 5。");
    if (fields.serial < 1)
        return FAIL(e, INVALID, "/number", "证书编号末 6 位是流水号，从 000001 开始。");
    *out = fields;
    return true;
}

bool old_certificate_number_parse(const char *text, size_t len,
                                  struct old_certificate_number *out)
{
    if (len != OLD_CERTIFICATE_NUMBER_LEN || !digits_only(text, len))
        return false;
    struct old_certificate_number n = {
        .year = number_at(text, 0, 2),
        .province = number_at(text, 2, 2),
        .city = number_at(text, 4, 2),
        .body_type = number_at(text, 6, 1),
        .body_serial = number_at(text, 7, 3),
        .level = number_at(text, 10, 1),
        .serial = number_at(text, 11, 5),
    };
    /* 00 for the province is let through: a person judges the evidence, this only reads it. */
    if ((n.province != 0 && !province_exists(n.province)) || n.level < 1 || n.level > 5)
        return false;
    *out = n;
    return true;
}

void old_certificate_number_format(struct old_certificate_number n,
                                   char out[OLD_CERTIFICATE_NUMBER_LEN + 1])
{
    put_number(out, 0, 2, n.year);
    put_number(out, 2, 2, n.province);
    put_number(out, 4, 2, n.city);
    put_number(out, 6, 1, n.body_type);
    put_number(out, 7, 3, n.body_serial);
    put_number(out, 10, 1, n.level);
    put_number(out, 11, 5, n.serial);
    out[OLD_CERTIFICATE_NUMBER_LEN] = '\0';
}

bool old_certificate_number_read(const char *text, struct old_certificate_number *out,
                                 struct err *e)
{
    char n[OLD_CERTIFICATE_NUMBER_LEN + 8];
    return (normalise_number(text, n, sizeof n) &&
            old_certificate_number_parse(n, strlen(n), out)) ||
           FAIL(e, INVALID, "/number",
                "职业资格证书编号应为 16 位数字：年 2、省 2、市 2、机构 4、等级 1（1 至 "
                "5）、流水号 5。");
}
