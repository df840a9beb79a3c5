/* certificate/qr.c - HNC1: what the QR code claims, as bytes, as text, and whether it is true. */
#include "certificate/qr.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/fields.h"
#include "certificate/number.h"

enum { SUITE = 1, VERSION_LEVEL = 1, VERSION_TRAINING = 2, DAY_2000 = 10957, DAYS_MAX = 65535 };
enum { NUMBER_BCD_BYTES = 11 };

void qr_holder(const char *number, char letter, const char *document_number,
               unsigned char out[QR_HOLDER_BYTES])
{
    struct hash_state h;
    unsigned char hash[HASH_BYTES];
    hash_begin(&h);
    hash_add(&h, "heng/holder/1", sizeof "heng/holder/1");
    hash_add(&h, number, strlen(number));
    hash_add(&h, &letter, 1);
    hash_add(&h, document_number, strlen(document_number));
    hash_end(&h, hash);
    memcpy(out, hash, QR_HOLDER_BYTES);
}

void qr_put_name(struct qr_claim *c, const char *name)
{
    size_t len = strlen(name);
    if (len > QR_NAME_BYTES)
        for (len = QR_NAME_BYTES; len > 0 && ((unsigned char)name[len] & 0xC0) == 0x80;)
            len--;
    memset(c->name, 0, sizeof c->name);
    memcpy(c->name, name, len);
}

static bool number_is_level(const char *number)
{
    struct certificate_number n;
    return certificate_number_parse(number, strlen(number), &n);
}

static unsigned char *level_number_write(unsigned char *to, const char *number)
{
    *to++ = (unsigned char)number[0];
    for (size_t i = 1; i < CERTIFICATE_NUMBER_LEN; i += 2) {
        unsigned high = (unsigned)(number[i] - '0');
        unsigned low = i + 1 < CERTIFICATE_NUMBER_LEN ? (unsigned)(number[i + 1] - '0') : 15;
        *to++ = (unsigned char)(high << 4 | low);
    }
    return to;
}

static unsigned char *add(unsigned char *to, const void *bytes, size_t len)
{
    memcpy(to, bytes, len);
    return to + len;
}

static unsigned char *add_day(unsigned char *to, date_days day)
{
    int since = day == DATE_NONE ? 0 : day - DAY_2000;
    assert(since >= 0 && since <= DAYS_MAX);
    be16_put(to, (uint16_t)since);
    return to + 2;
}

size_t qr_body_write(const struct qr_claim *c, unsigned char out[QR_BODY_BYTES])
{
    bool level = number_is_level(c->number);
    size_t number_len = strlen(c->number), name_len = strlen(c->name);
    unsigned char *to = out;
    assert(number_len > 0 && name_len <= QR_NAME_BYTES);
    *to++ = (unsigned char)((level ? VERSION_LEVEL : VERSION_TRAINING) << 4 | SUITE);
    bool hex = hex_read(to, 4, c->kid);
    assert(hex);
    (void)hex;
    to += 4;
    if (level) {
        to = level_number_write(to, c->number);
    } else {
        *to++ = (unsigned char)number_len;
        to = add(to, c->number, number_len);
    }
    be16_put(to, (uint16_t)c->programme_no);
    to += 2;
    *to++ = (unsigned char)c->level;
    *to++ = (unsigned char)c->direction_no;
    to = add_day(to, c->issued);
    to = add_day(to, c->valid_to);
    *to++ = (unsigned char)c->document_letter;
    to = add(to, c->holder, sizeof c->holder);
    to = add(to, c->photo, sizeof c->photo);
    to = add(to, c->credential, sizeof c->credential);
    *to++ = (unsigned char)name_len;
    to = add(to, c->name, name_len);
    return (size_t)(to - out);
}

/* Takes LEN bytes from the front; NULL when there are not so many. */
static const unsigned char *take(struct bytes *from, size_t len)
{
    const unsigned char *at = from->at;
    if (from->len < len)
        return NULL;
    from->at += len;
    from->len -= len;
    return at;
}

static bool level_number_read(struct bytes *from, char *number)
{
    const unsigned char *at = take(from, 1 + NUMBER_BCD_BYTES);
    if (!at || (at[NUMBER_BCD_BYTES] & 15) != 15)
        return false;
    number[0] = (char)at[0];
    for (size_t i = 1; i < CERTIFICATE_NUMBER_LEN; i++) {
        unsigned nibble = at[(i + 1) / 2] >> (i % 2 ? 4 : 0) & 15u;
        number[i] = (char)('0' + nibble);
    }
    number[CERTIFICATE_NUMBER_LEN] = '\0';
    return number_is_level(number);
}

static bool training_number_read(struct bytes *from, char *number)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
    const unsigned char *len = take(from, 1), *at;
    if (!len || *len == 0 || *len >= PATTERN_NUMBER_BYTES || !(at = take(from, *len)))
        return false;
    memcpy(number, at, *len);
    number[*len] = '\0';
    return strspn(number, allowed) == *len && !number_is_level(number);
}

static bool utf8_is_whole(const unsigned char *at, size_t len)
{
    for (size_t i = 0; i < len;) {
        size_t more = at[i] < 0x80             ? 0
                      : (at[i] & 0xE0) == 0xC0 ? 1
                      : (at[i] & 0xF0) == 0xE0 ? 2
                      : (at[i] & 0xF8) == 0xF0 ? 3
                                               : 9;
        if (at[i] == 0 || more > 3 || i + more >= len)
            return false;
        for (size_t k = 1; k <= more; k++)
            if ((at[i + k] & 0xC0) != 0x80)
                return false;
        i += more + 1;
    }
    return true;
}

static date_days day_read(const unsigned char at[2], date_days none)
{
    int since = be16_get(at);
    return since == 0 ? none : DAY_2000 + since;
}

static bool tail_read(struct bytes b, struct qr_claim *c)
{
    const unsigned char *at = take(&b, 9);
    if (!at || be16_get(at) == 0)
        return false;
    c->programme_no = be16_get(at);
    c->level = at[2];
    c->direction_no = at[3];
    c->issued = day_read(at + 4, DAY_2000);
    c->valid_to = day_read(at + 6, DATE_NONE);
    c->document_letter = (char)at[8];
    if (at[8] < 'A' || at[8] > 'Z')
        return false;
    at = take(&b, QR_HOLDER_BYTES + QR_PHOTO_BYTES + QR_CREDENTIAL_BYTES + 1);
    if (!at)
        return false;
    memcpy(c->holder, at, QR_HOLDER_BYTES);
    memcpy(c->photo, at + QR_HOLDER_BYTES, QR_PHOTO_BYTES);
    memcpy(c->credential, at + QR_HOLDER_BYTES + QR_PHOTO_BYTES, QR_CREDENTIAL_BYTES);
    size_t len = at[QR_HOLDER_BYTES + QR_PHOTO_BYTES + QR_CREDENTIAL_BYTES];
    if (len > QR_NAME_BYTES || b.len != len || !utf8_is_whole(b.at, len))
        return false;
    memcpy(c->name, b.at, len);
    return true;
}

bool qr_body_read(struct bytes body, struct qr_claim *out)
{
    *out = (struct qr_claim){0};
    const unsigned char *at = take(&body, 5);
    if (!at || (at[0] & 15) != SUITE)
        return false;
    hex_write(out->kid, at + 1, 4);
    int version = at[0] >> 4;
    if (version == VERSION_LEVEL      ? !level_number_read(&body, out->number)
        : version == VERSION_TRAINING ? !training_number_read(&body, out->number)
                                      : true)
        return false;
    return tail_read(body, out);
}

const char *qr_text_write(struct arena *a, const char *public_url, struct bytes body,
                          const unsigned char signature[64])
{
    unsigned char *all = arena_alloc(a, body.len + 64, 1);
    memcpy(all, body.at, body.len);
    memcpy(all + body.len, signature, 64);
    char *text = arena_printf(a, "%s/Q/%s", public_url, base32_write(a, all, body.len + 64));
    for (char *c = text; *c; c++)
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    return text;
}

bool qr_signed(struct arena *a, const struct key_table *t, const char *text,
               struct qr_claim *out, const struct public_key **key, struct err *e)
{
    struct bytes all;
    const char *slash = strrchr(text, '/');
    const char *code = slash ? slash + 1 : text;
    if (!base32_read(a, code, strlen(code), &all) || all.len <= SIGNATURE_BYTES ||
        all.len - SIGNATURE_BYTES > QR_BODY_BYTES)
        return FAIL(e, INVALID, "/qr", "这不是本系统的证书二维码。");
    struct bytes body = {all.at, all.len - SIGNATURE_BYTES};
    if (!qr_body_read(body, out))
        return FAIL(e, INVALID, "/qr", "二维码的内容残缺或被改动。");
    const struct public_key *k = key_table_find(t, out->kid);
    struct bytes message = signed_message(a, "cert-qr", body);
    if (!k || k->use != KEY_USE_certificate ||
        !signature_is_true(all.at + body.len, message.at, message.len, k->pub))
        return FAIL(e, INVALID, "/qr", "二维码的签名不成立。");
    *key = k;
    return true;
}

bool qr_verify(struct arena *a, const struct key_table *t, const char *text,
               struct qr_claim *out, struct err *e)
{
    const struct public_key *k;
    return qr_signed(a, t, text, out, &k, e) &&
           (k->state != KEY_COMPROMISED ||
            FAIL(e, INVALID, "/qr", "签名不足为凭：钥匙已宣布泄露，请向签发机构查询。"));
}
