/* app/demo_body.c - makes a demonstration body by the same use cases that people go through. */
#include "app/demo_body.h"

#include <stdio.h>
#include <string.h>

#include "app/hash_crew.h"
#include "app/instance.h"
#include "bank/bank.h"
#include "base/arena.h"
#include "base/bytes.h"
#include "base/crypto.h"
#include "base/embed.h"
#include "paper/paper.h"
#include "people/account.h"
#include "people/body.h"
#include "people/people.h"
#include "people/recusal.h"
#include "people/totp.h"
#include "store/db.h"

enum { ACCOUNTS_MAX = 64, TOTP_ENROLLED_BEFORE_MS = 600000 };

static const struct {
    const char *login, *name;
    uint32_t roles;
} rows[] = {
#define DEMO_ACCOUNT(login, name, roles) {login, name, roles},
#include "app/demo_accounts.def"
#undef DEMO_ACCOUNT
};

enum { ROWS = sizeof rows / sizeof *rows };

struct making {
    struct arena *arena;
    struct instance *instance;
    struct db *db;
    const struct demo_options *options;
    struct demo_body *body;
};

static void say(const struct making *m, const char *what)
{
    if (m->options->progress)
        m->options->progress(what);
}

static struct actor actor_of(const struct making *m, struct id account, enum role role)
{
    return (struct actor){.account = account,
                          .body = m->body->id,
                          .role = (int16_t)role,
                          .request = id_random(),
                          .now_ms = m->options->now_ms};
}

static bool make_body(struct making *m, struct err *e)
{
    struct body b = {.name = "衡演示评价机构",
                     .is_filed = true,
                     .is_demo = true,
                     .type_letter = "S",
                     .filed_code = "0000",
                     .province = "11",
                     .site_serial = "000001",
                     .profile = PASSWORD_NIST};
    struct body first;
    struct err none = {0};
    if (body_first(m->db, m->arena, &first, &none))
        return FAIL(e, CONFLICT, "--data", "数据文件夹中已有评价机构。");
    struct actor who = actor_of(m, (struct id){{0}}, ROLE_NONE);
    if (!body_create(m->db, &who, &b, e))
        return false;
    m->body->id = b.id;
    return true;
}

static void random_password(struct arena *a, char out[DEMO_PASSWORD_BYTES])
{
    unsigned char bytes[15];
    random_bytes(bytes, sizeof bytes);
    snprintf(out, DEMO_PASSWORD_BYTES, "%s", crockford_write(a, bytes, sizeof bytes * 8));
    secret_wipe(bytes, sizeof bytes);
}

/* Enrolled with the code of some minutes ago, so that the present one is still unused. */
static bool enrol(struct making *m, struct demo_account *account, uint32_t roles, struct err *e)
{
    struct actor who = actor_of(m, account->id, ROLE_NONE);
    struct people p = {m->db, m->arena, m->instance->master, &who};
    struct viewer v = {.account = account->id, .body = m->body->id, .roles = roles};
    struct totp_offer offer;
    struct totp_enrolled done;
    struct bytes seed;
    char code[7];
    who.now_ms -= TOTP_ENROLLED_BEFORE_MS;
    if (!totp_begin(&p, &v, NULL, &offer, e))
        return false;
    account->secret = offer.secret;
    if (!base32_read(m->arena, offer.secret, strlen(offer.secret), &seed))
        return FAIL(e, INTERNAL, "totp", "一次性验证码的密钥无法读取。");
    totp_code(code, seed.at, seed.len, who.now_ms);
    return totp_confirm(&p, &v, code, &done, e);
}

/* An examiner's card for the first occupation, every level. */
bool demo_examiner_card(struct db *db, struct arena *a, const struct actor *who,
                        struct id account, struct err *e)
{
    struct people p = {db, a, NULL, who};
    struct staff_occupation occupation = {"4-13-01-05", 1};
    struct staff_profile profile = {.account = account,
                                    .card_no = "DEMO",
                                    .occupations = &occupation,
                                    .occupation_count = 1};
    return staff_profile_put(&p, &profile, e);
}

static bool make_account(struct making *m, size_t row, const struct hash_job *hashed,
                         struct err *e)
{
    struct demo_account *account = &m->body->accounts[m->body->count];
    struct actor who = actor_of(m, (struct id){{0}}, ROLE_NONE);
    struct people p = {m->db, m->arena, m->instance->master, &who};
    char unused[FIRST_PASSWORD_BYTES];
    struct account made;
    *account = (struct demo_account){.login = rows[row].login, .name = rows[row].name};
    snprintf(account->password, sizeof account->password, "%s", hashed->password);
    struct account_new n = {.login = account->login,
                            .display_name = account->name,
                            .roles = rows[row].roles,
                            .partner = rows[row].roles & R(partner) ? id_random()
                                                                    : (struct id){{0}},
                            .password = account->password,
                            .password_hash = hashed->hash};
    if (!account_create(&p, &n, &made, unused, e))
        return false;
    account->id = made.id;
    m->body->count++;
    if (rows[row].roles & (R(examiner) | R(head_examiner) | R(panel_member)) &&
        !demo_examiner_card(m->db, m->arena, &who, made.id, e))
        return false;
    return enrol(m, account, rows[row].roles, e);
}

static bool make_officer_key(struct making *m, struct demo_account *account, struct err *e)
{
    char passphrase[DEMO_PASSWORD_BYTES];
    struct actor who = actor_of(m, account->id, ROLE_release_officer);
    random_password(m->arena, passphrase);
    account->passphrase = arena_text(m->arena, passphrase);
    return officer_enrol(m->db, m->arena, &who, account->passphrase,
                         m->options->officer_mem_mib, e);
}

static const struct hash_job *hash_all(struct arena *a)
{
    struct hash_job *jobs = arena_array(a, struct hash_job, ROWS);
    for (size_t i = 0; i < ROWS; i++) {
        char password[DEMO_PASSWORD_BYTES];
        random_password(a, password);
        jobs[i] = (struct hash_job){.login = rows[i].login,
                                    .password = arena_text(a, password)};
    }
    hash_crew(jobs, ROWS);
    return jobs;
}

static bool make_accounts(struct making *m, struct err *e)
{
    m->body->accounts = arena_array(m->arena, struct demo_account, ACCOUNTS_MAX);
    const struct hash_job *hashed = hash_all(m->arena);
    for (size_t i = 0; i < ROWS; i++) {
        if (!make_account(m, i, &hashed[i], e))
            return false;
        struct demo_account *account = &m->body->accounts[m->body->count - 1];
        if (rows[i].roles & R(release_officer) && !make_officer_key(m, account, e))
            return false;
    }
    return true;
}

/* "banks/national-2023/law.jsonl" → "national-2023". */
static const char *programme_of(struct arena *a, const char *name)
{
    const char *from = name + strlen("banks/");
    return arena_copy(a, from, strcspn(from, "/"));
}

static bool import_file(const struct bank *b, const struct embedded *file, struct err *e)
{
    struct import_order order = {.programme = programme_of(b->arena, file->name),
                                 .file = {file->bytes, file->len},
                                 .hand_in = true};
    struct import_report report;
    if (!bank_import(b, &order, &report, e))
        return false;
    if (report.problem_count > 0)
        return FAIL(e, INVALID, file->name, "第 %lld 行 %s：%s",
                    (long long)report.problems[0].row, report.problems[0].column,
                    report.problems[0].what);
    return true;
}

/* One after the other: by its time a review is a reviewer's or the proof-reader's. */
static bool review_all(struct bank *b, const struct demo_account *reviewer, struct actor *who,
                       struct err *e)
{
    struct bank_filter f = {.whose = BANK_TO_REVIEW, .limit = 100000};
    struct item_row *items;
    size_t count;
    int64_t total;
    *who = (struct actor){.account = reviewer->id,
                          .body = who->body,
                          .role = ROLE_item_reviewer,
                          .request = id_random(),
                          .now_ms = who->now_ms + 1};
    if (!bank_list(b, &f, &items, &count, &total, e))
        return false;
    struct id *ids = arena_array(b->arena, struct id, count + 1);
    for (size_t i = 0; i < count; i++)
        ids[i] = items[i].id;
    struct review_order order = {.items = ids, .count = count, .verdict = REVIEW_APPROVE};
    return count == 0 || bank_review(b, &order, e);
}

static bool make_bank(struct making *m, struct err *e)
{
    const struct embedded *file;
    struct actor who = actor_of(m, demo_account(m->body, "author")->id, ROLE_item_author);
    struct bank b = {m->db, m->arena, m->instance->master, m->instance->app.programmes, &who};
    for (size_t i = 0; (file = embedded_under("banks/", i)); i++) {
        const char *of = programme_of(m->arena, file->name);
        if (m->options->programme && strcmp(of, m->options->programme) != 0)
            continue;
        if (!import_file(&b, file, e))
            return false;
    }
    return review_all(&b, demo_account(m->body, "reviewer"), &who, e) &&
           review_all(&b, demo_account(m->body, "reviewer2"), &who, e) &&
           review_all(&b, demo_account(m->body, "proofreader"), &who, e);
}

bool demo_body_create(struct arena *a, struct instance *i, const struct demo_options *o,
                      struct demo_body *out, struct err *e)
{
    struct making m = {.arena = a, .instance = i, .options = o, .body = out};
    *out = (struct demo_body){0};
    m.db = db_open(i->store, e);
    if (!m.db)
        return false;
    bool ok = make_body(&m, e);
    if (ok) {
        say(&m, "建立各角色的账号");
        ok = make_accounts(&m, e);
    }
    if (ok) {
        say(&m, "导入随附题库并完成审题和校对");
        ok = make_bank(&m, e);
    }
    db_close(m.db);
    return ok;
}

const struct demo_account *demo_account(const struct demo_body *b, const char *login)
{
    for (size_t i = 0; i < b->count; i++)
        if (strcmp(b->accounts[i].login, login) == 0)
            return &b->accounts[i];
    return NULL;
}

const char *demo_accounts_text(struct arena *a, const struct demo_body *b)
{
    const char *text =
        "# 登录名\t密码\t一次性验证码密钥（heng totp 密钥 显示验证码）\t启封口令\t姓名\n";
    for (size_t i = 0; i < b->count; i++) {
        const struct demo_account *c = &b->accounts[i];
        text = arena_printf(a, "%s%s\t%s\t%s\t%s\t%s\n", text, c->login, c->password, c->secret,
                            c->passphrase ? c->passphrase : "-", c->name);
    }
    return text;
}
