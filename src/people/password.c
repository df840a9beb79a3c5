/* people/password.c - length, variety and the block list; first passwords. */
#include "people/password.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/calendar.h"
#include "base/embed.h"

enum {
    OWN_CHARACTERS_MIN = 4, /* characters that no common word covers */
    DISTINCT_MIN = 5,
    WORD_BYTES_MIN = 3, /* shorter words would cover everything */
    FIRST_BITS = 100
};

static const char *const profile_words[] = {
    [PASSWORD_NIST] = "nist", [PASSWORD_DENGBAO] = "dengbao"};

const char *password_profile_word(enum password_profile p)
{
    return profile_words[p];
}

bool password_profile_read(const char *word, enum password_profile *out)
{
    for (int i = PASSWORD_NIST; i <= PASSWORD_DENGBAO; i++)
        if (word && strcmp(word, profile_words[i]) == 0) {
            *out = (enum password_profile)i;
            return true;
        }
    return false;
}

static bool begins_character(char c)
{
    return ((unsigned char)c & 0xC0) != 0x80;
}

static size_t characters(const char *s)
{
    size_t n = 0;
    for (; *s; s++)
        n += begins_character(*s);
    return n;
}

static char *lower(struct arena *a, const char *s)
{
    char *out = arena_text(a, s);
    for (char *c = out; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return out;
}

/* covered[i]: byte i lies in an occurrence of a common word. Occurrences may overlap, so the
 * order in which words are tried does not matter. */
static void cover(const char *text, const char *word, size_t len, bool *covered)
{
    if (len < WORD_BYTES_MIN)
        return;
    size_t text_len = strlen(text);
    for (size_t i = 0; i + len <= text_len; i++)
        if (memcmp(text + i, word, len) == 0)
            memset(covered + i, 1, len);
}

static void cover_listed(const char *text, bool *covered)
{
    const struct embedded *list = embedded_find("passwords/blocked.txt");
    assert(list && "the block list is part of the program");
    const char *line = (const char *)list->bytes, *end = line + list->len;
    while (line < end) {
        size_t len = strcspn(line, "\n");
        if (*line != '#')
            cover(text, line, len, covered);
        line += len + 1;
    }
}

/* A password is common when hardly anything is left beside common words: "password2026!". */
static size_t own_characters(struct arena *a, const struct password_rules *rules,
                             const char *password)
{
    const char *text = lower(a, password);
    size_t len = strlen(text), own = 0;
    bool *covered = arena_array(a, bool, len + 1);
    cover_listed(text, covered);
    for (size_t i = 0; i < rules->word_count; i++)
        if (rules->words[i]) {
            const char *word = lower(a, rules->words[i]);
            cover(text, word, strlen(word), covered);
        }
    for (size_t i = 0; i < len; i++)
        own += !covered[i] && begins_character(text[i]);
    return own;
}

/* Of data/passwords/common.bin: "HNCP", the count, sorted prefixes of hashes. */
enum { COMMON_HEAD_BYTES = 8, COMMON_PREFIX_BYTES = 5 };

static bool is_listed(struct arena *a, const char *password)
{
    const struct embedded *list = embedded_find("passwords/common.bin");
    assert(list && list->len > COMMON_HEAD_BYTES && "the list is part of the program");
    const char *text = lower(a, password);
    unsigned char hash[HASH_BYTES];
    hash_of(hash, text, strlen(text));
    size_t low = 0, high = be32_get(list->bytes + 4);
    assert(list->len == COMMON_HEAD_BYTES + high * COMMON_PREFIX_BYTES);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = memcmp(list->bytes + COMMON_HEAD_BYTES + middle * COMMON_PREFIX_BYTES, hash,
                           COMMON_PREFIX_BYTES);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static size_t distinct_bytes(const char *s)
{
    bool seen[256] = {false};
    size_t n = 0;
    for (; *s; s++) {
        n += !seen[(unsigned char)*s];
        seen[(unsigned char)*s] = true;
    }
    return n;
}

/* Upper, lower, digit, anything else. */
static int classes(const char *s)
{
    unsigned seen = 0;
    for (; *s; s++)
        seen |= *s >= 'A' && *s <= 'Z'   ? 1u
                : *s >= 'a' && *s <= 'z' ? 2u
                : *s >= '0' && *s <= '9' ? 4u
                                         : 8u;
    return (int)(seen & 1) + (int)(seen >> 1 & 1) + (int)(seen >> 2 & 1) + (int)(seen >> 3 & 1);
}

bool password_check(struct arena *a, const struct password_rules *rules, const char *password,
                    const char *field, struct err *e)
{
    size_t length = characters(password);
    size_t least = rules->second_factor ? PASSWORD_MIN_WITH_FACTOR : PASSWORD_MIN_ALONE;
    if (length < least)
        return FAIL(e, INVALID, field, "密码至少 %zu 个字符，现为 %zu 个。", least, length);
    if (length > PASSWORD_MAX)
        return FAIL(e, INVALID, field, "密码至多 %d 个字符。", PASSWORD_MAX);
    if (distinct_bytes(password) < DISTINCT_MIN)
        return FAIL(e, INVALID, field, "密码中不同的字符太少。");
    if (own_characters(a, rules, password) < OWN_CHARACTERS_MIN)
        return FAIL(e, INVALID, field,
                    "密码太常见：不要用常见密码、连续的数字或字母、账号名、姓名或机构名拼成。");
    if (is_listed(a, password))
        return FAIL(e, INVALID, field, "这个密码已被许多人用过，在常见密码表上，请另选一个。");
    if (rules->profile == PASSWORD_DENGBAO && classes(password) < 3)
        return FAIL(e, INVALID, field,
                    "密码须含大写字母、小写字母、数字、符号中的至少三类（GB/T 22239）。");
    return true;
}

bool password_is_over_age(enum password_profile p, int64_t set_ms, int64_t now_ms)
{
    return p == PASSWORD_DENGBAO && now_ms - set_ms > (int64_t)PASSWORD_AGE_DAYS * DAY_MS;
}

void password_first(struct arena *a, char out[FIRST_PASSWORD_BYTES])
{
    unsigned char chance[(FIRST_BITS + 7) / 8];
    random_bytes(chance, sizeof chance);
    const char *text = crockford_write(a, chance, FIRST_BITS);
    for (int i = 0; *text; text++) {
        out[i++] = *text;
        if (i % 6 == 5 && text[1])
            out[i++] = '-';
        out[i] = '\0';
    }
    secret_wipe(chance, sizeof chance);
}

enum password_cost password_cost_of_login(const char *login)
{
    size_t len = strlen(login);
    bool mobile = len == 11 && login[0] == '1' && strspn(login, "0123456789") == len;
    return mobile ? PASSWORD_CANDIDATE : PASSWORD_STAFF;
}
