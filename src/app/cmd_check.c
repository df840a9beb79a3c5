/* app/cmd_check.c - `heng check`: can this number of a document, an organisation, a phone be true? */
#include <stdio.h>
#include <string.h>

#include "app/command.h"
#include "base/calendar.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "people/document.h"

struct checked {
    bool valid;
    const char *number; /* normalised, if valid */
    struct identity identity;
    bool is_document;
    char text[DOCUMENT_NUMBER_BYTES];
};

static bool check_one(const char *kind, const char *value, struct checked *out, struct err *e,
                      struct err *why)
{
    date_days today = date_of_instant(clock_now_ms(), CHINA_OFFSET_MS);
    if (strcmp(kind, "id") == 0) {
        out->is_document = true;
        out->valid = document_check_any(value, today, &out->identity, why);
        out->number = out->identity.number;
    } else if (strcmp(kind, "uscc") == 0) {
        out->valid = uscc_check(value, out->text, why);
        out->number = out->text;
    } else if (strcmp(kind, "phone") == 0) {
        out->valid = phone_check(value, out->text, why);
        out->number = out->text;
    } else {
        return FAIL(e, INVALID, kind, "只能检查 id、uscc 或 phone。");
    }
    return true;
}

/* Only numbers like a resident's tell birth and sex; for others they are null. */
static void print_json(struct arena *a, const struct checked *c, const struct err *why)
{
    char birth[DATE_TEXT_BYTES];
    struct json_out *o = json_out_create(a);
    out_object(o);
    put_bool(o, "valid", c->valid);
    put_text(o, "why", c->valid ? NULL : why->text);
    if (c->is_document) {
        const struct identity *i = &c->identity;
        bool known = c->valid && i->birth_known;
        if (known)
            date_write(i->birth, birth);
        put_text(o, "birth", known ? birth : NULL);
        put_text(o, "sex", c->valid ? sex_word(i->sex) : NULL);
    }
    out_object_end(o);
    command_print(o);
}

static void print_words(const struct checked *c, const struct err *why)
{
    char birth[DATE_TEXT_BYTES];
    if (!c->valid) {
        printf("无效：%s\n", why->text);
        return;
    }
    printf("有效：%s\n", c->number);
    if (c->is_document && c->identity.birth_known) {
        date_write(c->identity.birth, birth);
        printf("%s　出生日期 %s　性别 %s\n", document_title(c->identity.kind), birth,
               c->identity.sex == SEX_MALE ? "男" : "女");
    }
}

int cmd_check(struct arena *a, int argc, char **argv)
{
    bool json = false;
    const struct option rows[] = {{"--json", OPTION_FLAG, &json, false}};
    struct arguments rest = {.min = 2, .max = 2};
    struct err e = {0}, why = {0};
    struct checked c = {0};
    if (!OPTIONS_READ(a, rows, argc, argv, &rest, &e) ||
        !check_one(rest.at[0], rest.at[1], &c, &e, &why))
        return command_failed(&e);
    if (json)
        print_json(a, &c, &why);
    else
        print_words(&c, &why);
    return c.valid ? EXIT_DONE : EXIT_NO;
}
