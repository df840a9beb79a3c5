/* certificate/template.c - reads the template of a class and fills in names. */
#include "certificate/template.h"

#include "base/arena.h"
#include "base/embed.h"
#include "base/json.h"
#include "people/body.h"

enum certificate_class certificate_class_of(const struct programme *p, const struct body *body)
{
    return body->is_filed && programme_certificate_class(p) == CERTIFICATE_LEVEL
               ? CERTIFICATE_LEVEL
               : CERTIFICATE_TRAINING;
}

bool certificate_template_load(struct arena *a, const struct programme *p,
                               const struct body *body, struct certificate_template *out,
                               struct err *e)
{
    bool level = certificate_class_of(p, body) == CERTIFICATE_LEVEL;
    const struct certificate_rule *rule = p->certificate;
    const struct embedded *f = embedded_find(level ? "certificates/level.json"
                                                   : "certificates/training.json");
    const json_t *v = f ? json_read(a, f->bytes, f->len, e) : NULL;
    if (!v)
        return FAIL(e, INTERNAL, "template", "程序中没有证书模板。");
    *out = (struct certificate_template){
        .title = json_member_text(v, "title"),
        .title_english = json_member_text(v, "title_english"),
        .text = json_member_text(v, "text"),
        .text_english = json_member_text(v, "text_english"),
        .site = json_member_text(v, "site"),
        .body_site = json_member_text(v, "body_site"),
        .issuer = !level && rule && rule->issuer ? rule->issuer : body->name,
    };
    if (!out->title) /* a programme that asks for a level certificate has no name for another */
        out->title = rule && programme_certificate_class(p) == CERTIFICATE_TRAINING
                         ? rule->name
                         : "培训合格证书";
    return true;
}
