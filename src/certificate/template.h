/* certificate/template.h - which class of certificate a body issues, and the words around the
 * facts: data/certificates/level.json and training.json. */
#ifndef CERTIFICATE_TEMPLATE_H
#define CERTIFICATE_TEMPLATE_H

#include "base/err.h"
#include "programme/programme.h"

struct arena;
struct body;

struct certificate_template {
    const char *title, *title_english, *text, *text_english;
    const char *issuer;           /* as printed */
    const char *site, *body_site; /* NULL on training certificates */
};

/* A 职业技能等级证书 only where the programme is of that class and the body is filed with the
 * authorities (人社部发〔2019〕90号); a training certificate otherwise. */
enum certificate_class certificate_class_of(const struct programme *p, const struct body *body);
bool certificate_template_load(struct arena *a, const struct programme *p,
                               const struct body *body, struct certificate_template *out,
                               struct err *e) MUST_USE;

#endif
