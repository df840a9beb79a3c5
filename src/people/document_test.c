/* people/document_test.c - every sample of data/samples/documents.json, and every single slip. */
#include "people/document.h"

#include "base/arena.h"
#include "base/embed.h"
#include "base/json.h"
#include "people/normalise.h"
#include "test/check.h"

static const json_t *samples(struct arena *a, const char *part)
{
    struct err e = {0};
    const struct embedded *f = embedded_find("samples/documents.json");
    CHECK("samples", f != NULL);
    const json_t *file = json_read(a, f->bytes, f->len, &e);
    CHECK_OK("samples", file != NULL, &e);
    return json_object_get(file, part);
}

static date_days day(const char *text)
{
    date_days d = 0;
    CHECK(text, date_read(text, &d));
    return d;
}

static void check_identity(const json_t *one, const struct identity *d, const char *what)
{
    const char *birth = json_member_text(one, "birth"),
               *number = json_member_text(one, "number");
    char text[DATE_TEXT_BYTES];
    CHECK_TEXT(what, d->number, number ? number : json_member_text(one, "text"));
    CHECK_INT(what, d->birth_known, birth != NULL);
    CHECK_TEXT(what, sex_word(d->sex), json_member_text(one, "sex"));
    if (birth) {
        date_write(d->birth, text);
        CHECK_TEXT(what, text, birth);
    }
}

void document_samples_test(void)
{
    struct arena *a = arena_create(4 << 20);
    const json_t *cases = samples(a, "documents");
    CHECK("not fewer", json_array_size(cases) >= 70);
    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *one = json_array_get(cases, i);
        const char *text = json_member_text(one, "text");
        char *what = arena_printf(a, "%s (%s)", text, json_member_text(one, "why"));
        bool valid = json_is_true(json_object_get(one, "valid"));
        enum document_kind kind;
        struct identity d;
        struct err e = {0};
        CHECK(what, document_kind_read(json_member_text(one, "kind"), &kind));
        bool good = document_check(kind, text, day("2026-11-21"), &d, &e);
        CHECK_INT(what, good, valid);
        if (good)
            check_identity(one, &d, what);
        else
            CHECK_REFUSED(what, good, &e, INVALID, "/number");
    }
    arena_destroy(a);
}

void document_any_test(void)
{
    static const struct {
        const char *text;
        bool good;
        enum document_kind kind;
    } cases[] = {
        {"11010519491231002x", true, DOCUMENT_RESIDENT_ID},
        {"810000199003079992", true, DOCUMENT_HK_MO_CARD},
        {"830000197811249990", true, DOCUMENT_TW_CARD},
        {"911840198705049995", true, DOCUMENT_FOREIGN_CARD},
        {"990000199001010017", false, DOCUMENT_FOREIGN_CARD},
        {"H00000001", false, DOCUMENT_RESIDENT_ID},
        {"130503670401001", false, DOCUMENT_RESIDENT_ID},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct identity d;
        struct err e = {0};
        bool good = document_check_any(cases[i].text, day("2026-11-21"), &d, &e);
        CHECK_INT(cases[i].text, good, cases[i].good);
        if (good)
            CHECK_INT(cases[i].text, d.kind, cases[i].kind);
    }
}

/* MOD 11-2 finds every wrong digit and every swap of neighbours; other checks may be faster. */
void document_slips_test(void)
{
    static const char good[] = "11010519491231002X";
    struct identity d;
    for (size_t i = 0; i < 18; i++)
        for (const char *c = "0123456789X"; *c; c++) {
            char bad[19];
            struct err e = {0};
            memcpy(bad, good, sizeof bad);
            bad[i] = *c;
            CHECK_INT(bad, document_check_any(bad, day("2026-11-21"), &d, &e), *c == good[i]);
        }
    for (size_t i = 0; i + 1 < 18; i++) {
        char bad[19];
        struct err e = {0};
        memcpy(bad, good, sizeof bad);
        bad[i] = good[i + 1];
        bad[i + 1] = good[i];
        CHECK_INT(bad, document_check_any(bad, day("2026-11-21"), &d, &e),
                  good[i] == good[i + 1]);
    }
}

void document_old_numbers_test(void)
{
    char number[DOCUMENT_NUMBER_BYTES];
    struct err e = {0};
    CHECK_OK("old", document_upgrade_old("130503 670401 001", number, &e), &e);
    CHECK_TEXT("19 and a check digit", number, "130503196704010016");
    CHECK_REFUSED("a date that is none", document_upgrade_old("130503670231001", number, &e),
                  &e, INVALID, "/number");
    e = (struct err){0};
    CHECK_REFUSED("14 digits", document_upgrade_old("13050367040100", number, &e), &e, INVALID,
                  "/number");
}

void document_kinds_test(void)
{
    for (int i = 0; i < DOCUMENT_KINDS; i++) {
        enum document_kind kind = (enum document_kind)i, back;
        CHECK_INT("by word", document_kind_read(document_word(kind), &back) && back == kind,
                  true);
        CHECK_INT("by letter",
                  document_kind_of_letter(document_letter(kind), &back) && back == kind, true);
        CHECK_INT("country", strlen(document_country(kind)), 2);
        CHECK("title", *document_title(kind));
    }
    enum document_kind none;
    CHECK_INT("no such word", document_kind_read("driving_licence", &none), false);
    CHECK_INT("no such letter", document_kind_of_letter('Z', &none), false);
}

static void check_numbers(const char *part, size_t at_least, const char *field,
                          bool (*check)(const char *, char *, struct err *))
{
    struct arena *a = arena_create(4 << 20);
    const json_t *cases = samples(a, part);
    CHECK("not fewer", json_array_size(cases) >= at_least);
    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *one = json_array_get(cases, i);
        const char *text = json_member_text(one, "text"),
                   *want = json_member_text(one, "number");
        char got[USCC_BYTES];
        struct err e = {0};
        bool good = check(text, got, &e);
        CHECK_INT(json_member_text(one, "why"), good,
                  json_is_true(json_object_get(one, "valid")));
        if (good)
            CHECK_TEXT(text, got, want ? want : text);
        else
            CHECK_REFUSED(text, good, &e, INVALID, field);
    }
    arena_destroy(a);
}

void uscc_samples_test(void)
{
    check_numbers("uscc", 13, "/uscc", uscc_check);
}

void phone_samples_test(void)
{
    check_numbers("phones", 11, "/phone", phone_check);
}

void normalise_test(void)
{
    static const struct {
        const char *what, *text, *want; /* NULL: refused */
    } cases[] = {
        {"nothing", "", ""},
        {"full-width letters", "ＡＢｃ", "ABC"},
        {"all the blanks",
         "1 2\t3\xC2\xA0"
         "4\xE3\x80\x80"
         "5\xEF\xBB\xBF"
         "6\r\n",
         "123456"},
        {"all the hyphens",
         "1-2\xE2\x80\x90"
         "3\xE2\x80\x94"
         "4\xEF\xBC\x8D"
         "5\xE2\x88\x92"
         "6",
         "123456"},
        {"too long", "12345678", NULL},
        {"just fits", "1234567", "1234567"},
        {"a Chinese character", "12中", NULL},
        {"cut UTF-8", "12\xE4\xB8", NULL},
        {"overlong NUL", "12\xC0\x80", NULL},
        {"overlong A", "\xE0\x81\x81", NULL},
        {"four bytes", "\xF0\x9F\x98\x80", NULL},
        {"control character", "12\x01", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[8];
        bool good = normalise_number(cases[i].text, out, sizeof out);
        CHECK_INT(cases[i].what, good, cases[i].want != NULL);
        if (good)
            CHECK_TEXT(cases[i].what, out, cases[i].want);
    }
}
