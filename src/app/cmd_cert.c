/* app/cmd_cert.c - `heng cert verify`: is this certificate true, and is it valid now.
 *
 * FILE is a PDF of ours, the signed data or the text of a QR code; else the argument itself is a
 * number or that text. With --data the register says the state; with --keys alone only the
 * signature is known, and with --status also the state as of the list. Never "valid" without a
 * state (SECURITY §7). */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/command.h"
#include "app/instance.h"
#include "base/arena.h"
#include "base/calendar.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/json_out.h"
#include "certificate/check.h"
#include "certificate/lookup.h"
#include "certificate/status_list.h"
#include "store/db.h"
#include "store/signer.h"

enum { FILE_BYTES_MAX = 32 << 20, STATUS_DAYS_MAX = 7, QR_TEXT_MIN = 120 };

struct verdict {
    bool valid;
    const char *words;     /* "有效", "signature true; state unknown", … */
    const char *signature; /* "true", "false", "unknown" */
    const char *state;     /* "valid", "revoked", "void", "replaced", "unknown" */
    const char *why;       /* NULL: nothing to add */
    const char *number, *document;
    const struct certificate_face *face; /* NULL: only what a QR code says */
    const struct qr_claim *claim;
    struct certificate_event *history;
    size_t history_count;
};

struct verify {
    struct arena *arena;
    const char *target, *data, *keys_file, *status_file, *root;
    bool json;
    struct instance instance;
    struct db *db; /* NULL: offline */
    struct key_table keys;
    struct check_result check;
    struct certificate certificate;
    struct verdict out;
};

static bool open_register(struct verify *v, struct err *e)
{
    if (!instance_open(v->arena, v->data, &v->instance, e))
        return false;
    v->db = db_open(v->instance.store, e);
    return v->db && signer_key_table(v->db, v->arena, &v->keys, e);
}

static bool read_keys(struct verify *v, struct err *e)
{
    struct bytes text;
    if (!file_read(v->arena, v->keys_file, FILE_BYTES_MAX, &text, e))
        return false;
    json_t *file = json_read(v->arena, text.at, text.len, e);
    return file && key_table_read(v->arena, file, v->root, &v->keys, e);
}

static bool open_source(struct verify *v, struct err *e)
{
    if (!v->data && !v->keys_file && instance_exists(v->arena, "var/data"))
        v->data = "var/data"; /* where ./run keeps its data */
    if (v->data)
        return open_register(v, e);
    if (v->keys_file)
        return read_keys(v, e);
    return FAIL(e, INVALID, "--data", "须给出 --data 数据文件夹，或 --keys 公钥表文件。");
}

static bool is_number(const char *text)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789- ";
    size_t len = strlen(text);
    return len >= 8 && len < PATTERN_NUMBER_BYTES && strspn(text, allowed) == len;
}

/* A PDF without our attachment, or no JSON at all, is bad input; a false signature is an answer. */
static bool is_bad_input(const struct err *e)
{
    return e->code != ERR_INVALID || strcmp(e->field, "/pdf") == 0 || *e->field == '\0';
}

static void say_false(struct verify *v, const struct err *why)
{
    v->out = (struct verdict){.words = "signature false",
                              .signature = "false",
                              .state = "unknown",
                              .why = arena_text(v->arena, why->text)};
}

static bool read_register(struct verify *v, const char *number, bool *found, struct err *e)
{
    char *plain = arena_text(v->arena, number), *to = plain;
    for (const char *c = number; *c; c++)
        if (*c != ' ')
            *to++ = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
    *to = '\0';
    if (!certificate_by_number(v->db, v->arena, plain, &v->certificate, found, e))
        return false;
    return !*found || certificate_history(v->db, v->arena, v->certificate.id, &v->out.history,
                                          &v->out.history_count, e);
}

/* The words of the verification page. */
static const char *state_words(enum certificate_state s)
{
    return s == CERTIFICATE_VALID      ? "有效"
           : s == CERTIFICATE_REPLACED ? "已换发"
           : s == CERTIFICATE_VOID     ? "已作废"
                                       : "已撤销";
}

/* The register knows it: its state is the answer. */
static void say_state(struct verify *v, const char *signature)
{
    const struct certificate *c = &v->certificate;
    v->out.valid = c->state == CERTIFICATE_VALID;
    v->out.words = state_words(c->state);
    v->out.signature = signature;
    v->out.state = certificate_state_word(c->state);
    v->out.number = c->number;
    v->out.face = &v->certificate.face;
}

static void say_none(struct verify *v, const char *signature)
{
    v->out.words = "未查到";
    v->out.signature = signature;
    v->out.state = "unknown";
}

/* What the file says must be what is registered; an earlier print differs in its serial only. */
static bool verify_registered(struct verify *v, struct err *e)
{
    bool found;
    if (!read_register(v, v->check.number, &found, e))
        return false;
    if (!found) {
        say_none(v, "true");
        return true;
    }
    say_state(v, "true");
    const unsigned char *own = v->check.kind == CHECK_QR ? v->check.claim.credential
                                                         : v->check.credential_digest;
    if (memcmp(own, v->certificate.credential_digest, QR_CREDENTIAL_BYTES) != 0)
        v->out.why = "登记中有更新的印制（遗失补发），请核对印制流水码。";
    return true;
}

static bool read_status(struct verify *v, struct status_answer *answer, struct err *e)
{
    struct bytes text;
    if (!file_read(v->arena, v->status_file, FILE_BYTES_MAX, &text, e))
        return false;
    json_t *list = json_read(v->arena, text.at, text.len, e);
    return list && status_list_read(v->arena, &v->keys, list, v->check.credential.status_index,
                                    answer, e);
}

static bool verify_offline(struct verify *v, struct err *e)
{
    struct status_answer answer;
    char at[INSTANT_TEXT_BYTES];
    v->out.words = "signature true; state unknown";
    v->out.signature = "true";
    v->out.state = "unknown";
    v->out.number = v->check.number;
    if (!v->status_file || v->check.kind != CHECK_CREDENTIAL)
        return true;
    if (!read_status(v, &answer, e))
        return false;
    instant_write(answer.as_of_ms, at);
    if (clock_now_ms() - answer.as_of_ms > (int64_t)STATUS_DAYS_MAX * DAY_MS) {
        v->out.why = "状态列表已超过 7 天，不足为凭。";
        return true;
    }
    v->out.valid = !answer.ended;
    v->out.state = answer.ended ? "revoked" : "valid";
    v->out.words = arena_printf(v->arena, "signature true; state as of %s", at);
    return true;
}

/* What a stolen key signed counts where the audit trail anchored its issue before; without the register
 * nobody can say. */
static bool settle_doubt(struct verify *v, struct err *e)
{
    bool anchored = false;
    if (v->check.compromised_ms == 0 ||
        (v->db && !id_is_zero(v->certificate.id) &&
         !certificate_was_anchored(v->db, &v->keys, v->certificate.id, v->check.compromised_ms,
                                   &anchored, e)))
        return e->code == ERR_NONE;
    if (!anchored) {
        v->out.valid = false;
        v->out.words = "signature not sufficient";
        v->out.signature = "insufficient";
        v->out.state = "unknown";
        v->out.why =
            "签名不足为凭：钥匙已宣布泄露，没有记录表明是在泄露之前所签。请向签发机构查询。";
    }
    return true;
}

static bool same_face(const struct certificate_face *x, const struct certificate_face *y)
{
    for (int k = 0; k < FACE_KEYS; k++)
        if (strcmp(x->value[k] ? x->value[k] : "", y->value[k] ? y->value[k] : "") != 0)
            return false;
    return true;
}

/* Who has only the number is told what the register holds: that is signed, like a file. */
static bool check_registered(struct verify *v, struct err *e)
{
    const struct certificate *c = &v->certificate;
    struct bytes kept = {(const unsigned char *)c->credential, strlen(c->credential)};
    struct err why = {0};
    bool fits = certificate_check(v->arena, &v->keys, kept, &v->check, &why);
    if (why.code != ERR_NONE && why.code != ERR_INVALID)
        return *e = why, false;
    if (fits && same_face(&v->check.credential.face, &c->face))
        return settle_doubt(v, e);
    v->out.valid = false;
    v->out.words = "登记的内容与签名不符";
    v->out.signature = "false";
    v->out.why = fits ? NULL : arena_text(v->arena, why.text);
    return true;
}

static bool verify_number(struct verify *v, struct err *e)
{
    bool found;
    if (!v->db)
        return FAIL(e, INVALID, "--data", "只有编号时须查登记：请给出 --data。");
    if (!read_register(v, v->target, &found, e))
        return false;
    if (!found) {
        say_none(v, "unknown");
        return true;
    }
    say_state(v, "true");
    return check_registered(v, e);
}

static bool verify_signed(struct verify *v, struct bytes content, struct err *e)
{
    struct err why = {0};
    if (!certificate_check(v->arena, &v->keys, content, &v->check, &why)) {
        if (is_bad_input(&why)) {
            *e = why;
            return false;
        }
        say_false(v, &why);
        return true;
    }
    if (v->db ? !verify_registered(v, e) : !verify_offline(v, e))
        return false;
    if (!settle_doubt(v, e))
        return false;
    v->out.number = v->check.number;
    v->out.document = v->check.document_number;
    if (v->check.kind == CHECK_CREDENTIAL)
        v->out.face = &v->check.credential.face; /* what this very file says */
    else if (!v->out.face)
        v->out.claim = &v->check.claim;
    return true;
}

static bool verify(struct verify *v, struct err *e)
{
    struct bytes content = {(const unsigned char *)v->target, strlen(v->target)};
    if (access(v->target, F_OK) == 0)
        return file_read(v->arena, v->target, FILE_BYTES_MAX, &content, e) &&
               verify_signed(v, content, e);
    if (is_number(v->target))
        return verify_number(v, e);
    if (content.len >= QR_TEXT_MIN)
        return verify_signed(v, content, e);
    return FAIL(e, INVALID, "FILE-OR-NUMBER",
                "“%.60s”既不是文件，也不是证书编号或二维码的文字。", v->target);
}

static void put_day(struct json_out *o, const char *key, date_days d)
{
    char text[DATE_TEXT_BYTES];
    date_write(d, text);
    put_text(o, key, text);
}

static void put_facts(struct json_out *o, const struct verdict *r)
{
    put_object(o, "facts");
    for (int k = 0; r->face && k < FACE_KEYS; k++)
        if (r->face->value[k])
            put_text(o, face_key_word((enum face_key)k),
                     k == FACE_document && r->document ? r->document : r->face->value[k]);
    if (r->claim) {
        put_text(o, "name", r->claim->name);
        put_text(o, "number", r->claim->number);
        put_int(o, "programme_no", r->claim->programme_no);
        put_int(o, "level", r->claim->level);
        put_int(o, "direction_no", r->claim->direction_no);
        put_day(o, "issued", r->claim->issued);
    }
    out_object_end(o);
}

static void put_history(struct json_out *o, const struct verdict *r)
{
    put_array(o, "history");
    for (size_t i = 0; i < r->history_count; i++) {
        const struct certificate_event *v = &r->history[i];
        if (!certificate_event_is_public(v->kind))
            continue;
        out_object(o);
        put_day(o, "date", date_of_instant(v->at_ms, CHINA_OFFSET_MS));
        put_text(o, "event", certificate_event_word(v->kind));
        put_text(o, "reason", v->reason);
        put_text(o, "print_serial", v->print_serial);
        put_text(o, "other_number", v->number);
        out_object_end(o);
    }
    out_array_end(o);
}

static void print_json(struct arena *a, const struct verdict *r)
{
    struct json_out *o = json_out_create(a);
    out_object(o);
    put_bool(o, "valid", r->valid);
    put_text(o, "verdict", r->words);
    put_text(o, "signature", r->signature);
    put_text(o, "state", r->state);
    put_text(o, "number", r->number);
    put_text(o, "why", r->why);
    put_facts(o, r);
    put_history(o, r);
    out_object_end(o);
    command_print(o);
}

/* What SECURITY §7 has in English for a program is said to a person. */
static void print_words(const struct verdict *r)
{
    static const char *const said[][2] = {
        {"signature true; state unknown", "签名成立；状态未知，有效与否须查登记或状态列表"},
        {"signature true; state as of ", "签名成立；状态截至 "},
        {"signature not sufficient", "签名不足为凭"},
        {"signature false", "签名不成立"},
    };
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        size_t len = strlen(said[i][0]);
        if (strncmp(r->words, said[i][0], len) == 0) {
            printf("%s%s", said[i][1], r->words + len);
            puts(strcmp(r->state, "valid") == 0     ? "：有效"
                 : strcmp(r->state, "revoked") == 0 ? "：已撤销"
                                                    : "");
            return;
        }
    }
    puts(r->words);
    if (strcmp(r->signature, "unknown") != 0)
        printf("签名：%s\n", strcmp(r->signature, "true") == 0 ? "成立" : "不成立");
}

static void print_text(const struct verdict *r)
{
    print_words(r);
    if (r->why)
        printf("%s\n", r->why);
    if (r->claim)
        printf("姓名：%s\n证书编号：%s\n", r->claim->name, r->claim->number);
    for (int k = 0; r->face && k < FACE_KEYS; k++)
        if (r->face->value[k])
            printf("%s：%s\n", face_label(r->face, (enum face_key)k),
                   k == FACE_document && r->document ? r->document : r->face->value[k]);
    for (size_t i = 0; i < r->history_count; i++) {
        char day[DATE_TEXT_BYTES];
        date_write(date_of_instant(r->history[i].at_ms, CHINA_OFFSET_MS), day);
        if (certificate_event_is_public(r->history[i].kind))
            printf("%s %s %s\n", day, certificate_event_label(r->history[i].kind, false),
                   r->history[i].reason);
    }
}

int cmd_cert(struct arena *a, int argc, char **argv)
{
    struct err e = {0};
    struct verify v = {.arena = a};
    struct arguments rest = {.min = 2, .max = 2};
    const struct option rows[] = {
        {"--data", OPTION_FOLDER, &v.data, false},
        {"--keys", OPTION_TEXT, &v.keys_file, false},
        {"--root", OPTION_TEXT, &v.root, false},
        {"--status", OPTION_TEXT, &v.status_file, false},
        {"--json", OPTION_FLAG, &v.json, false},
    };
    if (!OPTIONS_READ(a, rows, argc, argv, &rest, &e))
        return command_failed(&e);
    if (strcmp(rest.at[0], "verify") != 0) {
        FAIL(&e, INVALID, rest.at[0], "cert 只有 verify。");
        return command_failed(&e);
    }
    v.target = rest.at[1];
    bool ok = open_source(&v, &e) && verify(&v, &e);
    if (ok && v.json)
        print_json(a, &v.out);
    else if (ok)
        print_text(&v.out);
    db_close(v.db);
    instance_close(&v.instance);
    return !ok ? command_failed(&e) : v.out.valid ? EXIT_DONE : EXIT_NO;
}
