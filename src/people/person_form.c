/* people/person_form.c - what a form says about a person, checked and sealed. */
#include <string.h>

#include "base/arena.h"
#include "people/people.h"
#include "people/person_row.h"
#include "store/audit.h"

enum { NAME_MAX = 64, EMAIL_MAX = 254 };

struct bytes person_phone_index(const struct people *p, const char *phone)
{
    unsigned char index[BLIND_INDEX_BYTES];
    blind_index(index, p->master, "CN", 'M', phone);
    return (struct bytes){arena_copy(p->arena, index, sizeof index), sizeof index};
}

struct bytes person_document_index(const struct people *p, const struct identity *d,
                                   const char *country)
{
    unsigned char index[BLIND_INDEX_BYTES];
    const char *issuer = d->kind == DOCUMENT_PASSPORT ? country : document_country(d->kind);
    blind_index(index, p->master, issuer, document_letter(d->kind), d->number);
    return (struct bytes){arena_copy(p->arena, index, sizeof index), sizeof index};
}

static struct bytes seal(const struct people *p, const char *column, struct id row,
                         const char *text)
{
    return field_seal(p->arena, p->master, "person", column, row, text, strlen(text));
}

static bool fill_name(const struct people *p, const char *name, struct person_row *r,
                      struct person_changes *changed, struct err *e)
{
    size_t n = 0;
    name += strspn(name, " ");
    size_t len = strlen(name);
    while (len > 0 && name[len - 1] == ' ')
        len--;
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)name[i] < 0x20)
            return FAIL(e, INVALID, "/name", "姓名中有不可见的控制字符。");
        n += ((unsigned char)name[i] & 0xC0) != 0x80;
    }
    if (n < 1 || n > NAME_MAX)
        return FAIL(e, INVALID, "/name", "姓名应为 1 至 %d 个字。", NAME_MAX);
    const char *text = arena_copy(p->arena, name, len);
    changed->name = !r->is.name || strcmp(r->is.name, text) != 0;
    r->is.name = text;
    return true;
}

static bool country_check(const char *country, struct err *e)
{
    bool two = country && strlen(country) == 2 && country[0] >= 'A' && country[0] <= 'Z' &&
               country[1] >= 'A' && country[1] <= 'Z';
    return two || FAIL(e, INVALID, "/document_country",
                       "护照须注明签发国家或地区的两个字母代码（ISO 3166）。");
}

static void clear_document(struct person_row *r)
{
    r->document_sealed = r->document_index = (struct bytes){NULL, 0};
    r->is.has_document = false;
    r->is.country = NULL;
}

static bool same_index(struct bytes x, struct bytes y)
{
    return x.at && y.at && bytes_equal(x, y);
}

static bool store_document(const struct people *p, const struct identity *d,
                           const char *country, struct person_row *r,
                           struct person_changes *changed, struct err *e)
{
    if (d->kind != DOCUMENT_PASSPORT)
        country = document_country(d->kind);
    else if (!country_check(country, e))
        return false;
    struct bytes index = person_document_index(p, d, country);
    changed->document = !same_index(index, r->document_index);
    if (!changed->document)
        return true;
    r->is.has_document = true;
    r->is.kind = d->kind;
    r->is.country = country;
    r->document_index = index;
    r->document_sealed = seal(p, "document", r->is.id, d->number);
    return true;
}

/* The document is what it was, what the form says, or none. *d is set if there is one. */
static bool fill_document(const struct people *p, const struct person_input *in,
                          struct person_row *r, struct person_changes *changed,
                          struct identity *d, struct err *e)
{
    struct err why = {0};
    struct person_secrets old;
    enum document_kind kind = r->is.has_document ? r->is.kind : DOCUMENT_RESIDENT_ID;
    date_days today = date_of_instant(p->who->now_ms, CHINA_OFFSET_MS);
    if (in->document_kind && !document_kind_read(in->document_kind, &kind))
        return FAIL(e, INVALID, "/document_kind", "没有“%.40s”这种证件。", in->document_kind);
    if (in->document_number && !*in->document_number) {
        changed->document = r->is.has_document;
        clear_document(r);
        return true;
    }
    const char *number = in->document_number;
    if (!number) {
        if (!r->is.has_document)
            return true;
        if (kind != r->is.kind)
            return FAIL(e, INVALID, "/document_number", "更改证件类型时请同时填写证件号码。");
        if (!person_row_secrets(p, r, &old, e))
            return false;
        number = old.document_number;
    }
    if (!document_check(kind, number, today, d, &why))
        return FAIL(e, INVALID, "/document_number", "%s", why.text);
    return !in->document_number || store_document(p, d, in->document_country, r, changed, e);
}

/* What the number says wins; a form that says otherwise has a slip in one of the two. */
static bool fill_birth(const struct person_input *in, const struct identity *d,
                       struct person_row *r, struct person_changes *changed, struct err *e)
{
    date_days birth = r->is.birth;
    bool known = r->is.birth_known;
    if (in->birth && *in->birth) {
        if (!date_read(in->birth, &birth))
            return FAIL(e, INVALID, "/birth", "出生日期应写作 2000-01-31 这样。");
        known = true;
        if (d->birth_known && birth != d->birth)
            return FAIL(e, INVALID, "/birth", "出生日期与证件号码不一致。");
    }
    if (d->birth_known) {
        birth = d->birth;
        known = true;
    }
    changed->birth = known != r->is.birth_known || (known && birth != r->is.birth);
    r->is.birth_known = known;
    r->is.birth = birth;
    return true;
}

static bool fill_sex(const struct person_input *in, const struct identity *d,
                     struct person_row *r, struct person_changes *changed, struct err *e)
{
    enum sex sex = r->is.sex;
    if (in->sex && *in->sex) {
        sex = strcmp(in->sex, "male") == 0     ? SEX_MALE
              : strcmp(in->sex, "female") == 0 ? SEX_FEMALE
                                               : SEX_UNKNOWN;
        if (sex == SEX_UNKNOWN)
            return FAIL(e, INVALID, "/sex", "性别应为 male 或 female。");
        if (d->sex != SEX_UNKNOWN && sex != d->sex)
            return FAIL(e, INVALID, "/sex", "性别与证件号码不一致。");
    }
    if (d->sex != SEX_UNKNOWN)
        sex = d->sex;
    changed->sex = sex != r->is.sex;
    r->is.sex = sex;
    return true;
}

static bool fill_phone(const struct people *p, const char *phone, struct person_row *r,
                       struct person_changes *changed, struct err *e)
{
    char number[PHONE_BYTES];
    if (!*phone) {
        changed->phone = r->phone_sealed.at != NULL;
        r->phone_sealed = r->phone_index = (struct bytes){NULL, 0};
        return true;
    }
    if (!phone_check(phone, number, e))
        return false;
    struct bytes index = person_phone_index(p, number);
    changed->phone = !same_index(index, r->phone_index);
    if (changed->phone) {
        r->phone_index = index;
        r->phone_sealed = seal(p, "phone", r->is.id, number);
    }
    return true;
}

/* One @ with something on both sides and no blanks: more would refuse real addresses. */
static bool fill_email(const struct people *p, const char *email, struct person_row *r,
                       struct person_changes *changed, struct err *e)
{
    changed->email = true;
    if (!*email) {
        r->email_sealed = (struct bytes){NULL, 0};
        return true;
    }
    const char *at = strchr(email, '@');
    bool ok = at && at > email && at[1] && !strchr(at + 1, '@') && strlen(email) <= EMAIL_MAX;
    for (const char *c = email; *c; c++)
        ok = ok && (unsigned char)*c > ' ' && *c != 0x7F;
    if (!ok)
        return FAIL(e, INVALID, "/email", "电子邮箱的写法不对。");
    r->email_sealed = seal(p, "email", r->is.id, email);
    return true;
}

bool person_row_fill(const struct people *p, const struct person_input *in,
                     struct person_row *r, struct person_changes *changed, struct err *e)
{
    struct identity d = {.birth_known = false};
    *changed = (struct person_changes){0};
    if (in->name && !fill_name(p, in->name, r, changed, e))
        return false;
    if (!fill_document(p, in, r, changed, &d, e) || !fill_birth(in, &d, r, changed, e) ||
        !fill_sex(in, &d, r, changed, e) ||
        (in->phone && !fill_phone(p, in->phone, r, changed, e)) ||
        (in->email && !fill_email(p, in->email, r, changed, e)))
        return false;
    if (!r->is.name)
        return FAIL(e, INVALID, "/name", "请填写姓名。");
    if (in->by_oneself && r->is.identity_checked && changed->name)
        return FAIL(e, RULE, "/name", "姓名已与证件核对，更正请联系报名审核员。");
    if (in->by_oneself && r->is.identity_checked && changed->document)
        return FAIL(e, RULE, "/document_number", "证件已经核对，更正请联系报名审核员。");
    if (!id_is_zero(in->photo)) {
        changed->photo = !id_equal(in->photo, r->is.photo);
        r->is.photo = in->photo;
    }
    return true;
}
