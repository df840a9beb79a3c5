/* people/password_test.c - both profiles, the block list, own words (S34). */
#include "people/password.h"

#include <pthread.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/embed.h"
#include "people/password_gate.h"
#include "test/check.h"

static const char *const own_words[] = {"lihua", "李华", "衡阳测试评价中心"};

static const struct {
    const char *what, *password;
    bool factor, dengbao, good;
} cases[] = {
    {"14 alone", "vkqz-pmwt-xrbn", false, false, false},
    {"15 alone", "vkqz-pmwt-xrbnd", false, false, true},
    {"7 with a factor", "vkqz-pm", true, false, false},
    {"8 with a factor", "vkqz-pmw", true, false, true},
    {"8 alone", "vkqz-pmw", false, false, false},
    {"Chinese characters count one each", "风急天高猿啸哀渚清沙白鸟飞回", false, false, false},
    {"15 of them", "风急天高猿啸哀渚清沙白鸟飞回无", false, false, true},
    {"no composition is asked for", "vkqzpmwtxrbndjg", false, false, true},
    {"a common word and a year", "password20262027", false, false, false},
    {"in capitals", "PASSWORD-Password", false, false, false},
    {"keyboard rows", "qwertyuiop123456", false, false, false},
    {"sequence", "123456789012345678", false, false, false},
    {"one character", "zzzzzzzzzzzzzzzzzz", false, false, false},
    {"Chinese habit", "woaini5201314520", false, false, false},
    {"Chinese words", "我爱你中国我爱你中国我爱你中国", false, false, false},
    {"own login", "lihua-lihua-lihua", false, false, false},
    {"own name and body", "衡阳测试评价中心李华衡阳测试评价中心", false, false, false},
    {"a common word inside a long one", "dragon-vkqz-pmwtxr", false, false, true},
    {"one that leaked, alone", "zqjphsyf6ctifgu", false, false, false},
    {"in other capitals", "zQjphsyf6ctIFGU", false, false, false},
    {"and one more character", "zqjphsyf6ctifgux", false, false, true},
    {"one that leaked, with a factor", "titleist", true, false, false},
    {"the last thousands of the list", "planetcl", true, false, false},
    {"a name turned round", "tsieltit", true, false, true},
    {"two classes", "vkqz-pmwt-xrbnd", false, true, false},
    {"three classes", "vkqz-pmwt-xrbnD", false, true, true},
};

void password_rules_test(void)
{
    struct arena *a = arena_create(16 << 20);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = {0};
        struct password_rules rules = {cases[i].dengbao ? PASSWORD_DENGBAO : PASSWORD_NIST,
                                       cases[i].factor, own_words, 3};
        bool ok = password_check(a, &rules, cases[i].password, "/new", &e);
        CHECK_INT(cases[i].what, ok, cases[i].good);
        CHECK_TEXT(cases[i].what, e.field, ok ? "" : "/new");
    }
    char long_one[PASSWORD_MAX + 2];
    for (int i = 0; i <= PASSWORD_MAX; i++)
        long_one[i] = (char)('!' + (i * 37) % 90);
    long_one[PASSWORD_MAX + 1] = '\0';
    struct password_rules rules = {PASSWORD_NIST, false, own_words, 3};
    struct err e = {0};
    CHECK_REFUSED("257", password_check(a, &rules, long_one, "/new", &e), &e, INVALID, "/new");
    long_one[PASSWORD_MAX] = '\0';
    e = (struct err){0};
    CHECK_OK("256", password_check(a, &rules, long_one, "/new", &e), &e);
    arena_destroy(a);
}

/* What the list costs those who choose well: nothing that they would notice. */
void password_list_is_long_and_exact_test(void)
{
    const struct embedded *list = embedded_find("passwords/common.bin");
    CHECK("there", list);
    CHECK("a hundred thousand and more", be32_get(list->bytes + 4) >= 100000);
    for (size_t at = 8; at + 10 <= list->len; at += 5)
        if (memcmp(list->bytes + at, list->bytes + at + 5, 5) >= 0)
            CHECK("sorted, once each", false);
    struct arena *a = arena_create(512 << 20);
    const struct password_rules rules = {PASSWORD_NIST, true, NULL, 0};
    int refused = 0;
    for (int i = 0; i < 2000; i++) {
        unsigned char hash[HASH_BYTES];
        struct err e = {0};
        hash_of(hash, &i, sizeof i);
        refused += !password_check(a, &rules, base64url_write(a, hash, 12), "/new", &e);
    }
    CHECK_INT("none of 2,000 that nobody has", refused, 0);
    arena_destroy(a);
}

void first_passwords_are_good_test(void)
{
    struct arena *a = arena_create(64 << 20);
    struct password_rules rules = {PASSWORD_NIST, false, own_words, 3};
    char last[FIRST_PASSWORD_BYTES] = "";
    for (int i = 0; i < 200; i++) {
        struct err e = {0};
        char one[FIRST_PASSWORD_BYTES];
        password_first(a, one);
        CHECK_INT("as printed", strlen(one), FIRST_PASSWORD_BYTES - 1);
        CHECK_OK(one, password_check(a, &rules, one, "/new", &e), &e);
        CHECK("another", strcmp(one, last) != 0);
        memcpy(last, one, sizeof last);
    }
    CHECK("age", !password_is_over_age(PASSWORD_NIST, 0, INT64_MAX));
    CHECK("90 days", !password_is_over_age(PASSWORD_DENGBAO, 0, 90LL * 86400000));
    CHECK("and a bit", password_is_over_age(PASSWORD_DENGBAO, 0, 90LL * 86400000 + 1));
    arena_destroy(a);
}

struct crowd {
    pthread_mutex_t mutex;
    int inside, most, refused, through;
};

static void *come_and_go(void *ctx)
{
    struct crowd *c = ctx;
    struct err e = {0};
    bool in = password_gate_enter(&e);
    pthread_mutex_lock(&c->mutex);
    c->inside += in;
    c->refused += !in;
    if (c->inside > c->most)
        c->most = c->inside;
    pthread_mutex_unlock(&c->mutex);
    if (!in)
        return e.code == ERR_TOO_MANY ? NULL : ctx;
    char hash[PASSWORD_HASH_BYTES];
    password_hash(hash, "vkqz-pmwt-xrbnd", PASSWORD_CANDIDATE);
    pthread_mutex_lock(&c->mutex);
    c->inside--;
    c->through++;
    pthread_mutex_unlock(&c->mutex);
    password_gate_leave();
    return NULL;
}

enum { CROWD = 100, CORES_MAX = 128 };

void password_gate_holds_test(void)
{
    struct crowd c = {.mutex = PTHREAD_MUTEX_INITIALIZER};
    struct err e = {0};
    pthread_t threads[CROWD];
    int held = 0;
    /* Fill every place, so that all who come must queue. */
    long cores = password_gate_places();
    CHECK("places", cores >= 1 && cores <= CORES_MAX);
    for (; held < cores; held++)
        CHECK_OK("a place", password_gate_enter(&e), &e);
    for (int i = 0; i < CROWD; i++)
        CHECK_INT("thread", pthread_create(&threads[i], NULL, come_and_go, &c), 0);
    for (bool done = false; !done;) {
        pthread_mutex_lock(&c.mutex);
        done = c.refused == CROWD - PASSWORD_GATE_QUEUE;
        pthread_mutex_unlock(&c.mutex);
    }
    while (held-- > 0)
        password_gate_leave();
    for (int i = 0; i < CROWD; i++) {
        void *bad;
        pthread_join(threads[i], &bad);
        CHECK("refused with too_many", !bad);
    }
    CHECK_INT("the queue got through", c.through, PASSWORD_GATE_QUEUE);
    CHECK_INT("the rest did not", c.refused, CROWD - PASSWORD_GATE_QUEUE);
    CHECK("never more than places", c.most <= cores);
}
