/* certificate/check.c - recognises what it is given, and checks its signature. */
#include "certificate/check.h"

#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/json.h"
#include "certificate/attach.h"

enum { QR_TEXT_MIN = 120 };

static bool begins(struct bytes content, const char *with)
{
    size_t len = strlen(with);
    return content.len >= len && memcmp(content.at, with, len) == 0;
}

/* The file tells the document number: it must be the one that was signed. */
static bool disclosed_fits(struct arena *a, const json_t *told, struct check_result *out,
                           struct err *e)
{
    unsigned char salt[SALT_BYTES], digest[HASH_BYTES];
    char hex[2 * HASH_BYTES + 1];
    const char *number = json_member_text(told, "document_number");
    const char *salt_text = json_member_text(told, "salt");
    if (!number || !salt_text || !hex_read(salt, sizeof salt, salt_text) ||
        strlen(out->credential.document_letter) != 1)
        return FAIL(e, INVALID, "/disclosed", "附件中的证件号码残缺。");
    credential_holder_digest((struct bytes){salt, sizeof salt}, out->number,
                             out->credential.document_letter[0], number, digest);
    hex_write(hex, digest, sizeof digest);
    if (strcmp(hex, out->credential.holder_digest) != 0)
        return FAIL(e, INVALID, "/disclosed", "附件中的证件号码与签名的内容不符。");
    out->document_number = arena_text(a, number);
    return true;
}

static bool check_json(struct arena *a, const struct key_table *keys, struct bytes content,
                       struct check_result *out, struct err *e)
{
    struct bytes text;
    json_t *v = json_read(a, content.at, content.len, e);
    if (!v)
        return false;
    const json_t *inner = json_object_get(v, "credential"),
                 *told = json_object_get(v, "disclosed"), *credential = inner ? inner : v;
    out->kind = CHECK_CREDENTIAL;
    if (!credential_verify(a, keys, credential, &out->credential, e) ||
        !jcs_write(a, credential, &text, e))
        return false;
    out->number = out->credential.number;
    out->compromised_ms = out->credential.compromised_ms;
    hash_of(out->credential_digest, text.at, text.len);
    return !told || disclosed_fits(a, told, out, e);
}

static bool check_qr(struct arena *a, const struct key_table *keys, struct bytes content,
                     struct check_result *out, struct err *e)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:/.-_[]";
    char *text = arena_copy(a, content.at, content.len);
    text[strcspn(text, "\r\n \t")] = '\0';
    if (strlen(text) < QR_TEXT_MIN || strspn(text, allowed) != strlen(text))
        return FAIL(e, INVALID, "", "内容既不是证书文件、签名数据，也不是二维码的文字。");
    const struct public_key *key;
    out->kind = CHECK_QR;
    if (!qr_signed(a, keys, text, &out->claim, &key, e))
        return false;
    out->compromised_ms = key->state == KEY_COMPROMISED ? key->compromised_ms : 0;
    out->number = out->claim.number;
    return true;
}

bool certificate_check(struct arena *a, const struct key_table *keys, struct bytes content,
                       struct check_result *out, struct err *e)
{
    struct bytes inside;
    *out = (struct check_result){0};
    if (begins(content, "%PDF-")) {
        if (!pdf_attachment(content, &inside))
            return FAIL(e, INVALID, "/pdf",
                        "这个 PDF 中没有本系统的签名附件：请用证书编号或二维码核验。");
        return check_json(a, keys, inside, out, e);
    }
    if (begins(content, "{"))
        return check_json(a, keys, content, out, e);
    return check_qr(a, keys, content, out, e);
}
