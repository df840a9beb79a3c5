/* sitting/conduct.c - online, recorded, in Safe Exam Browser: set, read, asked for. */
#include "sitting/conduct.h"

#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/json.h"
#include "sitting/session_store.h"
#include "store/db.h"

bool conduct_get(struct db *db, struct arena *a, struct id session, struct conduct *out,
                 struct err *e)
{
    bool found;
    struct query *q = db_query(db, SQL_session_conduct_get);
    *out = (struct conduct){.session = session, .seb_browser_keys = ""};
    query_id(q, session);
    if (!query_maybe(q, &found, e) || !found)
        return e->code == ERR_NONE;
    out->body = query_get_id(q, 0);
    out->online = query_get_int(q, 1) != 0;
    out->recorded = query_get_int(q, 2) != 0;
    out->seb = query_get_int(q, 3) != 0;
    out->seb_settings = query_get_text(q, 4, a);
    out->seb_browser_keys = query_get_text(q, 5, a);
    out->changed_ms = query_get_int(q, 6);
    query_done(q);
    return true;
}

/* --- setting ------------------------------------------------------------------------------------ */
struct setting {
    const struct arranger *by;
    struct conduct *to;
};

static struct query *with_conduct(struct query *q, const struct conduct *c)
{
    query_id(q, c->session);
    query_id(q, c->body);
    query_int(q, c->online);
    query_int(q, c->recorded);
    query_int(q, c->seb);
    query_text(q, c->seb_settings);
    query_text(q, c->seb_browser_keys);
    query_int(q, c->changed_ms);
    return q;
}

static bool put_conduct(struct db *db, void *ctx, struct err *e)
{
    const struct setting *s = ctx;
    const struct conduct *c = s->to;
    struct session now;
    if (!session_get(db, s->by->arena, (struct owned){c->body, c->session}, &now, e))
        return false;
    struct query *q = with_conduct(db_query(db, SQL_session_conduct_put), c);
    json_t *change = json_keep(s->by->arena, json_pack("{s:b, s:b, s:b}", "online", c->online,
                                                       "recorded", c->recorded, "seb", c->seb));
    return query_change_one(q, "/state", "试卷封装之后不能再改施考方式。", e) &&
           session_audit(db, s->by, ACT_conduct_set, c->session, json_incref(change), e);
}

bool conduct_keep(struct db *db, const struct conduct *c, struct err *e)
{
    return query_run(with_conduct(db_query(db, SQL_node_conduct_put), c), e);
}

/* Lines of 64 hex digits; upper case and spaces around are how people paste them. */
static bool keys_read(struct arena *a, const char *text, const char **out, struct err *e)
{
    char *to = arena_alloc(a, strlen(text) + 2, 1), *start = to;
    for (const char *c = text; *c;) {
        size_t n = strspn(c, " \t\r\n,;");
        c += n;
        n = strcspn(c, " \t\r\n,;");
        if (n == 0)
            break;
        if (n != SEB_KEY_TEXT - 1 || strspn(c, "0123456789abcdefABCDEF") < n)
            return FAIL(e, INVALID, "/seb_browser_keys",
                        "浏览器密钥（Browser Exam Key）是 64 位十六进制数，每行一个。");
        for (size_t i = 0; i < n; i++)
            *to++ = c[i] >= 'A' && c[i] <= 'F' ? (char)(c[i] - 'A' + 'a') : c[i];
        *to++ = '\n';
        c += n;
    }
    *to = '\0';
    *out = start;
    return true;
}

/* A Browser Exam Key belongs to the settings with their salt: whoever writes it down here must not change
 * them by that. */
static bool make_settings(struct arena *a, const struct conduct_input *in,
                          const struct conduct *before, const char **out, struct err *e)
{
    unsigned char salt[32], hash[HASH_BYTES];
    char typed[SEB_KEY_TEXT];
    struct bytes text, kept;
    const json_t *old = NULL;
    if (before->seb &&
        !(old = json_read(a, before->seb_settings, strlen(before->seb_settings), e)))
        return false;
    const char *salt_text = json_member_text(old, "examKeySalt"),
               *quit = json_member_text(old, "hashedQuitPassword");
    if (salt_text && base64_read(a, salt_text, strlen(salt_text), &kept) &&
        kept.len == sizeof salt)
        memcpy(salt, kept.at, sizeof salt);
    else
        random_bytes(salt, sizeof salt);
    if (in->quit_password) {
        hash_of(hash, in->quit_password, strlen(in->quit_password));
        hex_write(typed, hash, sizeof hash);
        quit = *in->quit_password ? typed : NULL;
    }
    json_t *settings = seb_settings(a, conduct_start_url(a, in->online, in->origin), quit,
                                    salt);
    if (!jcs_write(a, settings, &text, e))
        return false;
    *out = (const char *)text.at;
    return true;
}

bool conduct_set(struct db *db, const struct arranger *by, const struct conduct_input *in,
                 struct conduct *out, struct err *e)
{
    struct setting s = {by, out};
    struct conduct before;
    *out = (struct conduct){.session = in->session,
                            .body = by->actor->body,
                            .online = in->online,
                            .recorded = in->recorded,
                            .seb = in->seb,
                            .seb_browser_keys = "",
                            .changed_ms = by->actor->now_ms};
    if (in->recorded && !in->online)
        return FAIL(e, INVALID, "/recorded", "只有线上考试由考生的摄像头和麦克风录制。");
    if (in->seb && in->seb_browser_keys &&
        !keys_read(by->arena, in->seb_browser_keys, &out->seb_browser_keys, e))
        return false;
    if (in->seb && (!conduct_get(db, by->arena, in->session, &before, e) ||
                    !make_settings(by->arena, in, &before, &out->seb_settings, e)))
        return false;
    return db_transact(db, put_conduct, &s, e);
}

/* --- as it is served ---------------------------------------------------------------------------- */
/* The page of online sittings has another address: only there may a page use the camera. */
const char *conduct_start_url(struct arena *a, bool online, const char *origin)
{
    return arena_printf(a, "%s/sit%s", origin, online ? "/online" : "");
}

json_t *conduct_settings(struct arena *a, const struct conduct *c, const char *origin,
                         struct err *e)
{
    json_t *settings = json_read(a, c->seb_settings, strlen(c->seb_settings), e);
    return settings ? seb_settings_at(a, settings, conduct_start_url(a, c->online, origin))
                    : NULL;
}

/* --- where ------------------------------------------------------------------------------------- */
bool conduct_suits(bool online, const char *user_agent, const char *mobile, struct err *e)
{
    static const char *const words[] = {"Mobi", "Android", "iPhone", "iPad", "iPod", "Tablet"};
    bool hand_held = mobile && strcmp(mobile, "?1") == 0;
    for (size_t i = 0; user_agent && i < sizeof words / sizeof *words; i++)
        hand_held = hand_held || strstr(user_agent, words[i]);
    return !online || !hand_held ||
           FAIL(e, FORBIDDEN, "/device",
                "本场线上考试只能用电脑参加，不能用手机或平板。请换电脑打开考试地址登录。");
}

/* --- asked for ---------------------------------------------------------------------------------- */
static bool is_ours(const char *url, const char *origin)
{
    size_t n = strlen(origin);
    return strncmp(url, origin, n) == 0 && url[n] == '/';
}

static bool same_key(const char *sent, const char *want)
{
    return sent && strlen(sent) == SEB_KEY_TEXT - 1 && strcmp(sent, want) == 0;
}

static bool browser_is_known(const struct conduct *c, const struct browser_proof *proof)
{
    char key[SEB_KEY_TEXT], want[SEB_KEY_TEXT];
    if (!*c->seb_browser_keys)
        return true;
    for (const char *at = c->seb_browser_keys; *at; at += SEB_KEY_TEXT) {
        memcpy(key, at, SEB_KEY_TEXT - 1);
        key[SEB_KEY_TEXT - 1] = '\0';
        seb_request_hash(proof->url, key, want);
        if (same_key(proof->browser_hash, want))
            return true;
    }
    return false;
}

bool conduct_admits(struct arena *a, const struct conduct *c, const char *origin,
                    const struct browser_proof *proof, struct err *e)
{
    char key[SEB_KEY_TEXT], want[SEB_KEY_TEXT];
    if (!c->seb)
        return true;
    if (!proof->url || !proof->config_hash || !is_ours(proof->url, origin))
        return FAIL(e, FORBIDDEN, "/seb", "本场考试须用 SEB 考试浏览器打开。");
    json_t *settings = conduct_settings(a, c, origin, e);
    if (!settings || !seb_config_key(a, settings, key, e))
        return false;
    seb_request_hash(proof->url, key, want);
    if (!same_key(proof->config_hash, want))
        return FAIL(e, FORBIDDEN, "/seb",
                    "SEB 的设置不是本场考试的设置，请用本场的设置文件打开。");
    return browser_is_known(c, proof) ||
           FAIL(e, FORBIDDEN, "/seb", "这个 SEB 程序不在本场考试准用之列，请换用核准的版本。");
}
