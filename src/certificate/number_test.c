/* certificate/number_test.c - the samples, each field's borders, and patterns that must not be. */
#include "certificate/number.h"

#include "base/arena.h"
#include "base/embed.h"
#include "base/json.h"
#include "certificate/number_pattern.h"
#include "test/check.h"

static const json_t *samples(struct arena *a, const char *part)
{
    struct err e = {0};
    const struct embedded *f = embedded_find("samples/certificate_numbers.json");
    CHECK("samples", f != NULL);
    const json_t *file = json_read(a, f->bytes, f->len, &e);
    CHECK_OK("samples", file != NULL, &e);
    return json_object_get(file, part);
}

void certificate_numbers_test(void)
{
    struct arena *a = arena_create(1 << 20);
    const json_t *good = samples(a, "valid"), *bad = samples(a, "invalid");
    CHECK("not fewer", json_array_size(good) >= 5 && json_array_size(bad) >= 12);
    for (size_t i = 0; i < json_array_size(good); i++) {
        const json_t *one = json_array_get(good, i);
        const char *text = json_member_text(one, "number");
        struct certificate_number n, typed;
        struct err e = {0};
        char again[CERTIFICATE_NUMBER_LEN + 1];
        CHECK(text, certificate_number_parse(text, strlen(text), &n));
        CHECK_INT(text, n.type, json_member_text(one, "type")[0]);
        CHECK_INT(text, n.body, json_member_int(one, "body", -1));
        CHECK_INT(text, n.province, json_member_int(one, "province", -1));
        CHECK_INT(text, n.site, json_member_int(one, "site", -1));
        CHECK_INT(text, n.year, json_member_int(one, "year", -1));
        CHECK_INT(text, n.level, json_member_int(one, "level", -1));
        CHECK_INT(text, n.serial, json_member_int(one, "serial", -1));
        certificate_number_format(n, again);
        CHECK_TEXT("round trip", again, text);
        CHECK_OK(text, certificate_number_read(text, &typed, &e), &e);
    }
    for (size_t i = 0; i < json_array_size(bad); i++) {
        const char *text = json_string_value(json_array_get(bad, i));
        struct certificate_number n;
        CHECK_INT(text, certificate_number_parse(text, strlen(text), &n), false);
    }
    arena_destroy(a);
}

void certificate_number_typed_test(void)
{
    static const struct {
        const char *text;
        bool good;
    } cases[] = {
        {"s0000 44 990001 26 4 000001", true},
        {"Ｓ００００４４９９０００１２６４０００００１", true},
        {"S0000-44-990001-26-4-000001", true},
        {"X000044990001264000001", false},
        {"S000099990001264000001", false},
        {"S000044990001266000001", false},
        {"S000044990001264000000", false},
        {"S00004499000126400000A", false},
        {"S00004499000126400001", false},
        {"S0000449900012640000011", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct certificate_number n;
        struct err e = {0};
        if (cases[i].good)
            CHECK_OK(cases[i].text, certificate_number_read(cases[i].text, &n, &e), &e);
        else
            CHECK_REFUSED(cases[i].text, certificate_number_read(cases[i].text, &n, &e), &e,
                          INVALID, "/number");
    }
}

void old_certificate_numbers_test(void)
{
    struct arena *a = arena_create(1 << 20);
    const json_t *cases = samples(a, "old");
    CHECK("not fewer", json_array_size(cases) >= 7);
    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *one = json_array_get(cases, i);
        const char *text = json_member_text(one, "number");
        struct old_certificate_number n;
        struct err e = {0};
        char again[OLD_CERTIFICATE_NUMBER_LEN + 1];
        bool good = old_certificate_number_read(text, &n, &e);
        CHECK_INT(text, good, json_is_true(json_object_get(one, "valid")));
        CHECK_INT(text, old_certificate_number_parse(text, strlen(text), &n), good);
        if (!good)
            continue;
        CHECK_INT(text, n.level, json_member_int(one, "level", -1));
        CHECK_INT(text, n.serial, json_member_int(one, "serial", -1));
        CHECK_INT(text, n.body_serial, json_member_int(one, "body_serial", -1));
        old_certificate_number_format(n, again);
        CHECK_TEXT("round trip", again, text);
    }
    arena_destroy(a);
}

void number_patterns_test(void)
{
    struct arena *a = arena_create(1 << 20);
    const json_t *cases = samples(a, "patterns");
    CHECK("not fewer", json_array_size(cases) >= 25);
    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *one = json_array_get(cases, i);
        const char *text = json_member_text(one, "pattern");
        const char *makes = json_member_text(one, "makes");
        struct number_pattern p;
        struct err e = {0};
        char number[PATTERN_NUMBER_BYTES];
        struct training_number n = {2026, 4, json_member_int(one, "serial", 1)}, back;
        bool good = number_pattern_parse(text, &p, &e);
        CHECK_INT(text, good, makes != NULL);
        if (!good) {
            CHECK_TEXT(text, err_name(e.code), json_member_text(one, "refused"));
            CHECK_TEXT(text, e.field, "/number_pattern");
            continue;
        }
        CHECK_OK(text, number_pattern_make(&p, n, number, &e), &e);
        CHECK_TEXT(text, number, makes);
        CHECK(text, number_pattern_read(&p, number, &back) && back.serial == n.serial);
        number[0] = '*';
        CHECK_INT("another first character", number_pattern_read(&p, number, &back), false);
        CHECK_INT("longer", number_pattern_read(&p, arena_printf(a, "%s0", makes), &back),
                  false);
    }
    arena_destroy(a);
}

void number_pattern_borders_test(void)
{
    struct number_pattern p;
    struct err e = {0};
    char number[PATTERN_NUMBER_BYTES];
    struct training_number n = {2026, 4, 9999}, back;
    CHECK_OK("pattern", number_pattern_parse("A{year:2}{level}-{serial:4}", &p, &e), &e);
    CHECK_OK("last serial", number_pattern_make(&p, n, number, &e), &e);
    CHECK_TEXT("last serial", number, "A264-9999");
    n.serial = 10000;
    CHECK_REFUSED("used up", number_pattern_make(&p, n, number, &e), &e, CONFLICT, "/serial");
    e = (struct err){0};
    n.serial = 0;
    CHECK_REFUSED("from 1", number_pattern_make(&p, n, number, &e), &e, CONFLICT, "/serial");
    e = (struct err){0};
    n = (struct training_number){2026, 10, 1};
    CHECK_REFUSED("level", number_pattern_make(&p, n, number, &e), &e, INVALID, "/level");
    e = (struct err){0};
    n = (struct training_number){1999, 4, 1};
    CHECK_REFUSED("year", number_pattern_make(&p, n, number, &e), &e, INVALID, "/year");
    CHECK_INT("serial 0 is none", number_pattern_read(&p, "A264-0000", &back), false);
    CHECK_INT("a blank", number_pattern_read(&p, "A264- 001", &back), false);
    CHECK("read", number_pattern_read(&p, "A253-0042", &back));
    CHECK_INT("year", back.year, 2025);
    CHECK_INT("level", back.level, 3);
    CHECK_INT("serial", back.serial, 42);
}

/* Every programme that is shipped must be able to number its certificates. */
void number_patterns_of_programmes_test(void)
{
    struct arena *a = arena_create(16 << 20);
    const struct embedded *f;
    size_t found = 0;
    for (size_t i = 0; (f = embedded_under("programmes/", i)); i++) {
        const char *at = strstr((const char *)f->bytes, "\"number_pattern\": \"");
        if (!at)
            continue;
        at += strlen("\"number_pattern\": \"");
        char *text = arena_copy(a, at, strcspn(at, "\""));
        struct number_pattern p;
        struct err e = {0};
        CHECK_OK(f->name, number_pattern_parse(text, &p, &e), &e);
        found++;
    }
    CHECK("some programmes have patterns", found >= 1);
    arena_destroy(a);
}
