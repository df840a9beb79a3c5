/* certificate/draft.c - from award, holder and body to the words of a certificate. */
#include "certificate/draft.h"

#include <string.h>

#include "base/arena.h"
#include "base/fields.h"
#include "certificate/number.h"
#include "certificate/number_pattern.h"
#include "certificate/template.h"
#include "people/body.h"
#include "people/mask.h"
#include "store/audit.h"

static bool award_is_final(const struct award_facts *f, struct err *e)
{
    if (!f->passed || f->decided_ms == 0)
        return FAIL(e, CONFLICT, "/award", "还没有评定为合格，不能签发证书。");
    if (!f->published)
        return FAIL(e, CONFLICT, "/award", "成绩还没有由两人公布，不能签发证书。");
    return true;
}

/* 人社鉴发〔2021〕1号: the face has name, document and photo. */
static bool holder_is_whole(const struct certificate_holder *h, bool level, struct err *e)
{
    if (!h->name || !*h->name)
        return FAIL(e, RULE, "/name", "没有姓名，不能签发证书（人社鉴发〔2021〕1号）。");
    if (!h->document_number || !*h->document_number)
        return FAIL(e, RULE, "/document_number", "没有证件号码，不能签发证书。");
    if (level && id_is_zero(h->photo))
        return FAIL(e, RULE, "/photo",
                    "没有照片，不能签发职业技能等级证书（人社鉴发〔2021〕1号）。");
    return true;
}

const char *certificate_date_text(struct arena *a, int64_t ms)
{
    struct civil c = civil_of(date_of_instant(ms, CHINA_OFFSET_MS));
    return arena_printf(a, "%d年%d月%d日", c.year, c.month, c.day);
}

static bool class_is_possible(const struct certificate_office *o, const struct programme *p,
                              struct err *e)
{
    if (!p->certificate)
        return FAIL(e, RULE, "/class", "“%s”没有规定证书，不能签发。", p->name);
    if (certificate_class_of(p, o->body) == CERTIFICATE_TRAINING &&
        !p->certificate->number_pattern)
        return FAIL(e, RULE, "/class",
                    "本机构没有备案，不能签发职业技能等级证书（职业教育法第五十一条）；“%s”"
                    "也没有培训证书的编号样式。",
                    p->name);
    return true;
}

static void fill_face(const struct certificate_office *o, const struct programme *p,
                      const struct certificate_holder *h, const struct certificate_template *t,
                      struct certificate *c)
{
    struct arena *a = o->arena;
    const struct level *level = programme_level(p, c->level);
    const struct direction *d = *c->direction ? programme_direction(p, c->direction) : NULL;
    bool is_level = c->class == CERTIFICATE_LEVEL;
    const char *occupation = is_level && p->occupation ? p->occupation->name : p->name;
    c->face = (struct certificate_face){
        .title = t->title,
        .title_english = t->title_english,
        .text = t->text,
        .text_english = t->text_english,
        .site = t->site           ? t->site
                : p->verification ? p->verification->site
                                  : NULL,
        .body_site = t->body_site,
        .is_level = is_level,
        .value =
            {
                [FACE_name] = h->name,
                [FACE_document_kind] = document_title(h->kind),
                [FACE_document] = mask_document(a, h->document_number),
                [FACE_occupation] = occupation,
                [FACE_direction] = d          ? d->name
                                   : is_level ? "--"
                                              : NULL,
                [FACE_level] = level && !level->not_printed ? level->name : NULL,
                [FACE_issuer] = t->issuer,
                [FACE_issued] = certificate_date_text(a, c->issued_ms),
            },
    };
}

bool certificate_draft(const struct certificate_office *o, const struct award_facts *f,
                       const struct certificate_holder *h, struct certificate *c, struct err *e)
{
    struct certificate_template t;
    const struct programme *p = programme_find(o->programmes, f->programme);
    const char *direction = f->direction ? f->direction : "";
    if (!p)
        return FAIL(e, RULE, "/programme", "没有“%s”这个项目。", f->programme);
    if (!award_is_final(f, e) || !programme_accepts(p, f->level, direction, e) ||
        !class_is_possible(o, p, e) || !certificate_template_load(o->arena, p, o->body, &t, e))
        return false;
    *c = (struct certificate){
        .body = o->body->id,
        .award = f->award,
        .entry = f->entry,
        .person = h->person,
        .class = certificate_class_of(p, o->body),
        .programme = p->id,
        .level = f->level,
        .direction = direction,
        .name = h->name,
        .state = CERTIFICATE_VALID,
        .issued_ms = o->who->now_ms,
        .valid_to = DATE_NONE,
        .photo = h->photo,
        .photo_public = h->photo_public && !id_is_zero(h->photo),
        .specimen = o->body->is_demo,
        .version = 1,
    };
    memcpy(c->result_digest, f->result_digest, sizeof c->result_digest);
    if (!id_is_zero(h->photo))
        memcpy(c->photo_digest, h->photo_digest, sizeof c->photo_digest);
    if (!holder_is_whole(h, c->class == CERTIFICATE_LEVEL, e))
        return false;
    fill_face(o, p, h, &t, c);
    return true;
}

static int digits_of(const char *text)
{
    int n = 0;
    for (; text && *text >= '0' && *text <= '9' && n < 1000000; text++)
        n = n * 10 + (*text - '0');
    return n;
}

static int year_of(const struct certificate *c)
{
    return civil_of(date_of_instant(c->issued_ms, CHINA_OFFSET_MS)).year;
}

static bool level_number(const struct certificate_office *o, const struct certificate *c,
                         int64_t serial, char out[CERTIFICATE_NUMBER_LEN + 1], struct err *e)
{
    const struct body *b = o->body;
    if (serial > CERTIFICATE_SERIAL_MAX)
        return FAIL(e, CONFLICT, "/serial", "本年度这个等级的证书流水号已用完。");
    struct certificate_number n = {
        .type = b->type_letter[0],
        .body = digits_of(b->filed_code),
        .province = digits_of(b->province),
        .site = digits_of(b->site_serial),
        .year = year_of(c) % 100,
        .level = (int)c->level,
        .serial = (int32_t)serial,
    };
    if (!certificate_number_is_valid(n))
        return FAIL(e, RULE, "/number", "机构的备案编号不全，不能编出证书编号。");
    certificate_number_format(n, out);
    return true;
}

static bool training_number(const struct certificate_office *o, const struct certificate *c,
                            int64_t serial, char out[PATTERN_NUMBER_BYTES], struct err *e)
{
    struct number_pattern p;
    const struct programme *programme = programme_find(o->programmes, c->programme);
    const struct training_number n = {year_of(c), (int)c->level, serial};
    return number_pattern_parse(programme->certificate->number_pattern, &p, e) &&
           number_pattern_make(&p, n, out, e);
}

static bool number_text(const struct certificate_office *o, const struct certificate *c,
                        int64_t serial, char out[PATTERN_NUMBER_BYTES], struct err *e)
{
    return c->class == CERTIFICATE_LEVEL ? level_number(o, c, serial, out, e)
                                         : training_number(o, c, serial, out, e);
}

/* The number with serial 1 is the same for all that share a count, whatever a pattern holds. */
bool certificate_number_scope(const struct certificate_office *o, const struct certificate *c,
                              const char **scope, struct err *e)
{
    char first[PATTERN_NUMBER_BYTES];
    if (!number_text(o, c, 1, first, e))
        return false;
    *scope = arena_printf(o->arena, "number %s", first);
    return true;
}

bool certificate_number_make(const struct certificate_office *o, struct certificate *c,
                             int64_t serial, struct err *e)
{
    char number[PATTERN_NUMBER_BYTES];
    if (!number_text(o, c, serial, number, e))
        return false;
    c->number = arena_text(o->arena, number);
    c->face.value[FACE_number] = c->number;
    return true;
}
