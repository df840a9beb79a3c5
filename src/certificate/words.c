/* certificate/words.c - finds banned words in what would be printed, and keeps releases. */
#include "certificate/words.h"

#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/embed.h"
#include "base/json.h"
#include "certificate/template.h"
#include "people/body.h"
#include "programme/programme.h"
#include "store/audit.h"
#include "store/db.h"

struct search {
    struct arena *arena;
    const struct programme *programme;
    const char *exempt; /* name of the registered issuer; NULL: none */
    const json_t *words;
    struct word_finding *found;
    size_t count;
};

static void note(struct search *s, const char *place, const char *word, const char *why,
                 const char *text)
{
    struct hash_state h;
    s->found = arena_grow(s->arena, s->found, s->count, s->count + 1, sizeof *s->found);
    struct word_finding *f = &s->found[s->count++];
    *f = (struct word_finding){s->programme->id, place, word, why, text, {0}, false};
    hash_begin(&h);
    hash_add(&h, "heng/word/1", sizeof "heng/word/1");
    hash_add(&h, s->programme->id, strlen(s->programme->id) + 1);
    hash_add(&h, place, strlen(place) + 1);
    hash_add(&h, word, strlen(word) + 1);
    hash_add(&h, text, strlen(text) + 1);
    hash_end(&h, f->digest);
}

/* The text with the exempt name taken out, so that what is left is searched. */
static const char *without_exempt(struct search *s, const char *text)
{
    if (!s->exempt || !*s->exempt)
        return text;
    char *rest = arena_text(s->arena, text), *at;
    size_t len = strlen(s->exempt);
    while ((at = strstr(rest, s->exempt)))
        memmove(at, at + len, strlen(at + len) + 1);
    return rest;
}

static void search_text(struct search *s, const char *place, const char *text)
{
    if (!text)
        return;
    const char *rest = without_exempt(s, text);
    for (size_t i = 0; i < json_array_size(s->words); i++) {
        const json_t *one = json_array_get(s->words, i);
        const char *word = json_member_text(one, "word");
        if (strstr(rest, word))
            note(s, place, word, json_member_text(one, "why"), text);
    }
}

static bool load_words(struct arena *a, const json_t **words, struct err *e)
{
    const struct embedded *f = embedded_find("banned_words.json");
    const json_t *file = f ? json_read(a, f->bytes, f->len, e) : NULL;
    *words = json_object_get(file, "words");
    return json_array_size(*words) > 0 || FAIL(e, INTERNAL, "words", "程序中没有禁用词表。");
}

bool words_find(struct arena *a, const struct programme *p, const struct body *body,
                struct word_finding **out, size_t *count, struct err *e)
{
    struct certificate_template t;
    struct search s = {.arena = a, .programme = p};
    *out = NULL;
    *count = 0;
    if (!p->certificate || certificate_class_of(p, body) == CERTIFICATE_LEVEL)
        return true;
    if (!load_words(a, &s.words, e) || !certificate_template_load(a, p, body, &t, e))
        return false;
    s.exempt = body->registered_issuer ? t.issuer : NULL;
    if (!body->registered_issuer && strcmp(t.issuer, body->name) != 0)
        note(&s, "/certificate/issuer", t.issuer, "印的发证机构不是本机构", t.issuer);
    search_text(&s, "/certificate/name", t.title);
    search_text(&s, "/certificate/issuer", t.issuer);
    search_text(&s, "/name", p->name);
    for (size_t i = 0; i < p->level_count; i++)
        if (!p->levels[i].not_printed)
            search_text(&s, arena_printf(a, "/levels/%zu/name", i), p->levels[i].name);
    search_text(&s, "template", t.text);
    *out = s.found;
    *count = s.count;
    return true;
}

bool words_mark_released(struct db *db, struct id body, struct word_finding *f, size_t count,
                         struct err *e)
{
    for (size_t i = 0; i < count; i++) {
        struct query *q = db_query(db, SQL_word_release_get);
        query_id(q, body);
        query_bytes(q, (struct bytes){f[i].digest, HASH_BYTES});
        if (!query_maybe(q, &f[i].released, e))
            return false;
        if (f[i].released)
            query_done(q);
    }
    return true;
}

static bool find_marked(struct db *db, struct arena *a, const struct programme *p,
                        const struct body *body, struct word_finding **out, size_t *count,
                        struct err *e)
{
    return words_find(a, p, body, out, count, e) &&
           words_mark_released(db, body->id, *out, *count, e);
}

bool words_must_be_released(struct db *db, struct arena *a, const struct programme *p,
                            const struct body *body, struct err *e)
{
    struct word_finding *f;
    size_t count;
    if (!find_marked(db, a, p, body, &f, &count, e))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!f[i].released)
            return FAIL(e, RULE, "/programme",
                        "证书上的“%s”含有“%s”（%s），须先由两人放行（人社部函〔2022〕25号）。",
                        f[i].text, f[i].word, f[i].why);
    return true;
}

static json_t *digests_of(struct arena *a, const struct word_finding *f, size_t count)
{
    json_t *list = json_keep(a, json_array());
    for (size_t i = 0; i < count; i++) {
        char text[2 * HASH_BYTES + 1];
        hex_write(text, f[i].digest, HASH_BYTES);
        json_array_append_new(list, json_string(text));
    }
    return list;
}

bool words_release_propose(struct db *db, struct arena *a, const struct programme *p,
                           const struct body *body, const char *reason, struct bytes *payload,
                           const char **summary, struct err *e)
{
    struct word_finding *f;
    size_t count, open = 0;
    if (!find_marked(db, a, p, body, &f, &count, e))
        return false;
    for (size_t i = 0; i < count; i++)
        open += !f[i].released;
    if (open == 0)
        return FAIL(e, CONFLICT, "/programme", "这个项目没有待放行的用词。");
    json_t *v = json_keep(a, json_pack("{s:s, s:O, s:s}", "programme", p->id, "findings",
                                       digests_of(a, f, count), "reason", reason));
    *summary = arena_printf(a, "放行“%s”证书上的 %zu 处用词：%s", p->name, open, reason);
    return jcs_write(a, v, payload, e);
}

static bool put_releases(struct db *db, const struct word_finding *f, size_t count,
                         const struct actor *who, const char *reason, struct err *e)
{
    for (size_t i = 0; i < count; i++) {
        struct query *q = db_query(db, SQL_word_release_put);
        query_id(q, who->body);
        query_bytes(q, (struct bytes){f[i].digest, HASH_BYTES});
        query_text(q, reason);
        query_id(q, who->account);
        query_id(q, who->second);
        query_int(q, who->now_ms);
        if (!query_run(q, e))
            return false;
    }
    return true;
}

bool words_release_execute(struct db *db, struct arena *a, const struct programme_set *set,
                           const struct body *body, const struct actor *who,
                           struct bytes payload, struct err *e)
{
    struct word_finding *f;
    size_t count;
    const json_t *v = json_read(a, payload.at, payload.len, e);
    const char *name = json_member_text(v, "programme"),
               *reason = json_member_text(v, "reason");
    const struct programme *p = name ? programme_find(set, name) : NULL;
    if (!p || !reason)
        return FAIL(e, CONFLICT, "/programme", "没有这个项目。");
    if (!words_find(a, p, body, &f, &count, e))
        return false;
    if (!json_equal(digests_of(a, f, count), json_object_get(v, "findings")))
        return FAIL(e, CONFLICT, "/programme", "证书上的文字在提请之后改过，请重新提请。");
    struct audit_row row = {.act = ACT_word_release,
                            .object_type = "pr",
                            .object = who->body,
                            .change = json_keep(a, json_copy((json_t *)(uintptr_t)v))};
    return put_releases(db, f, count, who, reason, e) && audit_write(db, who, &row, e);
}
