/* paper/phone_code.c - release codes: derived, written in groups, read with the wrong group named. */
#include "paper/phone_code.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"

enum { GROUP_DIGITS = 5, GROUP_RANGE = 100000, GROUP_TEXT = 6 };
/* The largest multiple of 10^5 below 2^64: words from it on would favour small groups. */
static const uint64_t WORD_LIMIT = UINT64_C(18446744073709500000);

/* Damm's quasigroup of order 10. */
static const unsigned char damm[10][10] = {
    {0, 3, 1, 7, 5, 9, 8, 6, 4, 2}, {7, 0, 9, 2, 1, 5, 4, 8, 6, 3},
    {4, 2, 0, 6, 8, 7, 1, 3, 5, 9}, {1, 7, 5, 0, 9, 8, 3, 4, 2, 6},
    {6, 1, 2, 3, 0, 4, 5, 9, 7, 8}, {3, 6, 7, 4, 2, 0, 9, 5, 8, 1},
    {5, 8, 6, 9, 7, 2, 0, 1, 3, 4}, {8, 9, 4, 5, 3, 6, 2, 0, 1, 7},
    {9, 4, 3, 8, 6, 1, 7, 2, 0, 5}, {2, 5, 8, 1, 4, 3, 6, 7, 9, 0}};

int damm_digit(const char *digits, int count)
{
    int row = 0;
    for (int i = 0; i < count; i++)
        row = damm[row][digits[i] - '0'];
    return row;
}

static uint64_t word_of(const unsigned char key[KEY_BYTES], uint32_t i)
{
    unsigned char number[4], word[16];
    be32_put(number, i);
    keyed_hash(word, sizeof word, key, number, sizeof number);
    return be64_get(word);
}

void phone_code_half(char out[CODE_HALF_TEXT_BYTES], const unsigned char session_key[KEY_BYTES],
                     uint32_t room, uint32_t revision, int half)
{
    static const char *const labels[2] = {"officerA", "officerB"};
    unsigned char parent[KEY_BYTES], key[KEY_BYTES];
    uint32_t next = 0;
    key_derive(parent, session_key, KEY_CODE, (uint64_t)room * 65536 + revision);
    keyed_hash(key, sizeof key, parent, labels[half], strlen(labels[half]));
    for (int g = 0; g < CODE_GROUPS; g++) {
        uint64_t word = word_of(key, next++);
        char digits[GROUP_DIGITS + 1];
        while (word >= WORD_LIMIT)
            word = word_of(key, next++);
        snprintf(digits, sizeof digits, "%05u", (unsigned)(word % GROUP_RANGE));
        memcpy(out + g * (GROUP_TEXT + 1), digits, GROUP_DIGITS);
        out[g * (GROUP_TEXT + 1) + GROUP_DIGITS] = (char)('0' +
                                                          damm_digit(digits, GROUP_DIGITS));
        out[g * (GROUP_TEXT + 1) + GROUP_TEXT] = g + 1 < CODE_GROUPS ? ' ' : '\0';
        secret_wipe(digits, sizeof digits);
    }
    secret_wipe(parent, sizeof parent);
    secret_wipe(key, sizeof key);
}

bool phone_code_read(const char *typed, char digits[CODE_HALF_DIGITS + 1], struct err *e)
{
    char all[CODE_GROUPS * GROUP_TEXT];
    size_t n = 0;
    for (const char *c = typed; *c; c++) {
        if (*c == ' ' || *c == '-')
            continue;
        if (*c < '0' || *c > '9' || n == sizeof all)
            return FAIL(e, INVALID, "/half", "启封码一半为 18 位数字。");
        all[n++] = *c;
    }
    if (n != sizeof all)
        return FAIL(e, INVALID, "/half", "启封码一半为 18 位数字，现在有 %zu 位。", n);
    for (int g = 0; g < CODE_GROUPS; g++) {
        char field[16];
        snprintf(field, sizeof field, "/groups/%d", g + 1);
        if (damm_digit(all + g * GROUP_TEXT, GROUP_TEXT) != 0)
            return FAIL(e, INVALID, field, "第 %d 组听错或打错了，请再核对这一组。", g + 1);
        memcpy(digits + g * GROUP_DIGITS, all + g * GROUP_TEXT, GROUP_DIGITS);
    }
    digits[CODE_HALF_DIGITS] = '\0';
    secret_wipe(all, sizeof all);
    return true;
}
