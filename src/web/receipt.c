/* web/receipt.c - the public page that checks hand-in receipts, and the one file that does so
 * without us (S16). */
#include "sitting/receipt.h"

#include <string.h>

#include "base/arena.h"
#include "base/embed.h"
#include "base/json.h"
#include "base/signed_json.h"
#include "people/body.h"
#include "store/signer.h"
#include "web/app.h"
#include "web/form.h"
#include "web/handlers.h"
#include "web/people_of.h"
#include "web/rate.h"
#include "web/receipt_page.h"

static bool answer_page(struct request *rq, struct reply *rp, struct receipt_page *p,
                        int status)
{
    struct body body;
    struct err none = {0};
    const char *lang = request_query(rq, "lang");
    p->english = lang && strcmp(lang, "en") == 0;
    if (body_first(rq->db, rq->arena, &body, &none))
        p->body_name = body.name;
    reply_page(rp, status, FACE_VERIFY, receipt_page_write(rq->arena, p));
    return true;
}

bool receipt_page_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct receipt_page p = {.kind = RECEIPT_ASK};
    (void)e;
    return answer_page(rq, rp, &p, 200);
}

static bool may_ask(struct request *rq, struct reply *rp, bool *answered)
{
    struct receipt_page p = {.kind = RECEIPT_TOO_MANY, .retry_s = 60};
    struct err why = {0};
    *answered = !address_allowed(rq, RATE_receipt, &why);
    if (!*answered)
        return true;
    reply_header(rp, "Retry-After", "60");
    return answer_page(rq, rp, &p, 429);
}

/* One text for every way it can fail: the signature is what is believed. */
static bool judge(struct request *rq, const json_t *receipt, struct receipt_page *p,
                  struct err *e)
{
    struct key_table keys;
    struct err why = {0};
    if (!signer_key_table(rq->db, rq->arena, &keys, e))
        return false;
    if (!receipt_verify(rq->arena, &keys, receipt, &why)) {
        p->kind = RECEIPT_FALSE;
        p->why = arena_text(rq->arena, why.text);
        return true;
    }
    p->kind = RECEIPT_TRUE;
    p->receipt = receipt;
    return receipt_is_followed(rq->db, rq->arena, receipt, &p->followed, e);
}

static bool judge_code(struct request *rq, const char *code, struct receipt_page *p,
                       struct err *e)
{
    struct err why = {0};
    json_t *receipt;
    if (!receipt_by_code(rq->db, rq->arena, code, &receipt, &why)) {
        if (why.code != ERR_INVALID) {
            *e = why;
            return false;
        }
        p->kind = RECEIPT_UNREAD;
        p->why = arena_text(rq->arena, why.text);
        return true;
    }
    if (receipt)
        return judge(rq, receipt, p, e);
    p->kind = RECEIPT_NONE;
    return true;
}

static bool judge_text(struct request *rq, const char *text, struct receipt_page *p,
                       struct err *e)
{
    struct err why = {0};
    json_t *receipt = json_read(rq->arena, text, strlen(text), &why);
    if (receipt)
        return judge(rq, receipt, p, e);
    p->kind = RECEIPT_UNREAD;
    p->why = p->english ? "This is not the text of a receipt."
                        : "这不是回执的文字：应以 { 开头，以 } 结尾。";
    return true;
}

bool receipt_page_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct receipt_page p = {.kind = RECEIPT_ASK};
    struct form f;
    struct err why = {0};
    bool answered;
    if (!may_ask(rq, rp, &answered) || answered)
        return answered;
    if (!form_read(rq->arena, rq->body, &f, &why)) {
        p = (struct receipt_page){.kind = RECEIPT_UNREAD, .why = why.text};
        return answer_page(rq, rp, &p, 400);
    }
    const char *text = form_get(&f, "receipt"), *code = form_get(&f, "code");
    bool ok = *text ? judge_text(rq, text, &p, e) : judge_code(rq, code, &p, e);
    return ok && answer_page(rq, rp, &p, p.kind == RECEIPT_UNREAD ? 400 : 200);
}

/* What the QR code of a receipt says: HTTPS://HOST/R/CODE. */
bool receipt_code_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct receipt_page p = {.kind = RECEIPT_ASK};
    bool answered;
    if (!may_ask(rq, rp, &answered) || answered)
        return answered;
    return judge_code(rq, rq->word[0], &p, e) &&
           answer_page(rq, rp, &p, p.kind == RECEIPT_UNREAD ? 400 : 200);
}

/* The page's code with our key table inside; `<` cannot end the script element. */
bool receipt_offline_get(struct request *rq, struct reply *rp, struct err *e)
{
    static const char place[] = "\"HENG_KEY_TABLE\"";
    const struct embedded *file = embedded_find("ui/heng-receipt.html");
    struct key_table keys;
    struct bytes table;
    if (!file)
        return FAIL(e, NOT_FOUND, "path", "程序中没有这一页：界面尚未构建。");
    if (!signer_key_table(rq->db, rq->arena, &keys, e) ||
        !jcs_write(rq->arena, key_table_json(rq->arena, &keys), &table, e))
        return false;
    const char *at = memmem(file->bytes, file->len, place, sizeof place - 1);
    if (!at || memchr(table.at, '<', table.len))
        return FAIL(e, INTERNAL, "path", "离线核对页中没有公钥表的位置。");
    size_t before = (size_t)(at - (const char *)file->bytes), after = before + sizeof place - 1;
    unsigned char *page = arena_alloc(rq->arena, file->len + table.len, 1), *to = page;
    memcpy(to, file->bytes, before);
    memcpy(to += before, table.at, table.len);
    memcpy(to += table.len, file->bytes + after, file->len - after);
    to += file->len - after;
    reply_file(rp, "text/html; charset=utf-8", "heng-receipt.html",
               (struct bytes){page, (size_t)(to - page)});
    rp->face = FACE_FILE;
    return true;
}
