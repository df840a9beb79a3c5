/* people/organisation_number.c - unified social credit codes (GB 32100-2015) and mobile phones. */
#include <string.h>

#include "people/document.h"
#include "people/normalise.h"

enum { USCC_LEN = 18, ORG_AT = 8, ORG_LEN = 9, PHONE_LEN = 11 };

static const char uscc_digits[] = "0123456789ABCDEFGHJKLMNPQRTUWXY"; /* no I O S V Z */

/* Powers of 3 modulo 31, from the left. */
static char uscc_check_digit(const char *seventeen)
{
    int sum = 0, weight = 1;
    for (int i = 0; i < USCC_LEN - 1; i++) {
        sum += (int)(strchr(uscc_digits, seventeen[i]) - uscc_digits) * weight;
        weight = weight * 3 % 31;
    }
    return uscc_digits[(31 - sum % 31) % 31];
}

/* GB 11714: letters count from 10 in the full alphabet. */
static char org_check_digit(const char *eight)
{
    static const int weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < ORG_LEN - 1; i++)
        sum += weights[i] * (eight[i] <= '9' ? eight[i] - '0' : eight[i] - 'A' + 10);
    return "0X987654321"[sum % 11];
}

bool uscc_check(const char *text, char out[USCC_BYTES], struct err *e)
{
    char n[32];
    if (!normalise_number(text, n, sizeof n) || strlen(n) != USCC_LEN)
        return FAIL(e, INVALID, "/uscc", "统一社会信用代码应为 18 位数字和大写字母。");
    for (int i = 0; i < USCC_LEN; i++)
        if (!strchr(uscc_digits, n[i]))
            return FAIL(e, INVALID, "/uscc",
                        "第 %d 位“%c”不在统一社会信用代码的字符集内（没有 I O S V Z）。", i + 1,
                        n[i]);
    for (int i = 2; i < ORG_AT; i++)
        if (n[i] > '9')
            return FAIL(e, INVALID, "/uscc", "第 3 至 8 位是登记机关行政区划码，应为数字。");
    if (uscc_check_digit(n) != n[USCC_LEN - 1])
        return FAIL(e, INVALID, "/uscc", "校验码不对，请逐位核对（GB 32100）。");
    if (org_check_digit(n + ORG_AT) != n[ORG_AT + ORG_LEN - 1])
        return FAIL(e, INVALID, "/uscc", "第 9 至 17 位的主体标识码校验不对（GB 11714）。");
    memcpy(out, n, USCC_BYTES);
    return true;
}

bool phone_check(const char *text, char out[PHONE_BYTES], struct err *e)
{
    char n[32];
    const char *at = n;
    if (!normalise_number(text, n, sizeof n))
        return FAIL(e, INVALID, "/phone", "手机号码应为 11 位数字。");
    if (strncmp(at, "+86", 3) == 0)
        at += 3;
    else if (strncmp(at, "0086", 4) == 0)
        at += 4;
    if (strlen(at) != PHONE_LEN || strspn(at, "0123456789") != PHONE_LEN)
        return FAIL(e, INVALID, "/phone", "手机号码应为 11 位数字。");
    if (at[0] != '1' || at[1] < '3')
        return FAIL(e, INVALID, "/phone", "手机号码应以 13 至 19 开头。");
    memcpy(out, at, PHONE_BYTES);
    return true;
}
