/* people/consent.c - consents given and taken back. */
#include "people/consent.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/embed.h"
#include "base/json.h"
#include "people/people.h"
#include "store/audit.h"
#include "store/db.h"

static const struct {
    const char *word, *version, *title;
    bool needed;
} kinds[CONSENT_KINDS] = {
#define CONSENT(name, word, version, needed, title)                                            \
    [CONSENT_##name] = {word, version, title, needed},
#include "people/consents.def"
#undef CONSENT
};

const char *consent_word(enum consent_kind k)
{
    return kinds[k].word;
}

const char *consent_title(enum consent_kind k)
{
    return kinds[k].title;
}

const char *consent_version(enum consent_kind k)
{
    return kinds[k].version;
}

bool consent_needed(enum consent_kind k)
{
    return kinds[k].needed;
}

const char *consent_text(enum consent_kind k)
{
    char name[80];
    snprintf(name, sizeof name, "consents/%s-%s.txt", kinds[k].word, kinds[k].version);
    const struct embedded *file = embedded_find(name);
    assert(file && "every row of consents.def has its text");
    return (const char *)file->bytes;
}

bool consent_kind_read(const char *word, enum consent_kind *out)
{
    for (int i = 0; i < CONSENT_KINDS; i++)
        if (word && strcmp(kinds[i].word, word) == 0) {
            *out = (enum consent_kind)i;
            return true;
        }
    return false;
}

bool consent_in_force(const struct people *p, struct id person, enum consent_kind kind,
                      bool *is, struct err *e)
{
    struct query *q = db_query(p->db, SQL_consent_in_force);
    query_id(q, person);
    query_text(q, kinds[kind].word);
    query_text(q, kinds[kind].version);
    if (!query_maybe(q, is, e))
        return false;
    if (*is)
        query_done(q);
    return true;
}

struct consenting {
    const struct people *p;
    struct id person;
    enum consent_kind kind;
};

static bool note(const struct consenting *c, enum act act, struct err *e)
{
    struct audit_row audit = {
        .act = act,
        .object_type = "pe",
        .object = c->person,
        .change = json_keep(c->p->arena, json_pack("{s:s,s:s}", "kind", kinds[c->kind].word,
                                                   "version", kinds[c->kind].version))};
    return audit_write(c->p->db, c->p->who, &audit, e);
}

static bool give(struct db *db, void *ctx, struct err *e)
{
    const struct consenting *c = ctx;
    bool is;
    unsigned char hash[HASH_BYTES];
    const char *text = consent_text(c->kind);
    if (!consent_in_force(c->p, c->person, c->kind, &is, e))
        return false;
    if (is)
        return true;
    hash_of(hash, text, strlen(text));
    struct query *q = db_query(db, SQL_consent_put);
    query_id(q, id_random());
    query_id(q, c->person);
    query_text(q, kinds[c->kind].word);
    query_text(q, kinds[c->kind].version);
    query_bytes(q, (struct bytes){hash, sizeof hash});
    query_int(q, c->p->who->now_ms);
    return query_run(q, e) && note(c, ACT_consent_give, e);
}

bool consent_give(const struct people *p, struct id person, enum consent_kind kind,
                  const char *version, struct err *e)
{
    struct consenting c = {p, person, kind};
    if (strcmp(version, kinds[kind].version) != 0)
        return FAIL(e, CONFLICT, "/version", "告知文本已更新为 %s 版，请重新阅读。",
                    kinds[kind].version);
    return db_transact(p->db, give, &c, e);
}

static bool withdraw(struct db *db, void *ctx, struct err *e)
{
    const struct consenting *c = ctx;
    int64_t rows;
    struct query *q = db_query(db, SQL_consent_withdraw);
    query_id(q, c->person);
    query_text(q, kinds[c->kind].word);
    query_int(q, c->p->who->now_ms);
    if (!query_change(q, &rows, e))
        return false;
    if (rows == 0)
        return FAIL(e, NOT_FOUND, "/kind", "没有可以撤回的同意。");
    return note(c, ACT_consent_withdraw, e);
}

bool consent_withdraw(const struct people *p, struct id person, enum consent_kind kind,
                      struct err *e)
{
    struct consenting c = {p, person, kind};
    return db_transact(p->db, withdraw, &c, e);
}

bool consent_list(const struct people *p, struct id person, struct consent **out, size_t *count,
                  struct err *e)
{
    struct query *q = db_query(p->db, SQL_consent_list);
    query_id(q, person);
    *out = NULL;
    *count = 0;
    while (query_next(q, e)) {
        enum consent_kind kind;
        if (!consent_kind_read(query_get_text(q, 0, p->arena), &kind))
            continue; /* of a kind that is no longer asked for */
        *out = arena_grow(p->arena, *out, *count, *count + 1, sizeof **out);
        (*out)[(*count)++] = (struct consent){.kind = kind,
                                              .version = query_get_text(q, 1, p->arena),
                                              .at_ms = query_get_int(q, 2),
                                              .withdrawn_ms = query_get_int(q, 3)};
    }
    return e->code == ERR_NONE;
}
