/* programme/programme_certificates.c - reads what is handed in, the certificate, how it is
 * verified, and the texts that are only held and shown. */
#include <stdio.h>
#include <string.h>

#include "programme/programme_fields.h"

static const char *const classes[] = {"level_certificate", "training", NULL};
static const char *const name_parts[] = {"name", "document_number", "month_day", NULL};
static const char *const lookup_fields[] = {"name", "document", "phone", NULL};

/* clang-format off */
static const struct field part_rows[] = {
    {FIELD(struct name_part, field, TEXT), .allowed = name_parts},
    {FIELD(struct name_part, literal, TEXT), .min = 1, .max = 60},
    {FIELD(struct name_part, last, INT), .min = 0, .max = 30},
};
static const struct fields part_fields = FIELDS("name_part", struct name_part, part_rows);

static const struct field pattern_rows[] = {
    {FIELD(struct name_pattern, id, TEXT), .required = true, .min = 1, .max = 40},
    {TEXTS(struct name_pattern, applies_to, applies_count)},
    {LIST(struct name_pattern, parts, part_count, part_fields), .required = true, .min = 1,
     .max = 10},
    {FIELD(struct name_pattern, joiner, TEXT), .max = 3},
    {FIELD(struct name_pattern, text, TEXT)},
    {FIELD(struct name_pattern, note, TEXT)},
    {ONE(struct name_pattern, src, source_fields)},
};
const struct fields name_pattern_fields =
    FIELDS("name_pattern", struct name_pattern, pattern_rows);

static const struct field material_rows[] = {
    {FIELD(struct material, id, TEXT), .required = true, .min = 1, .max = 40},
    {FIELD(struct material, name, TEXT), .required = true, .min = 1, .max = 100},
    {FIELD(struct material, use, TEXT), .required = true},
    {FIELD(struct material, text, TEXT)},
    {ONE(struct material, src, source_fields)},
};
const struct fields material_fields = FIELDS("material", struct material, material_rows);

static const struct field upload_rows[] = {
    {FIELD(struct upload_rule, use, TEXT), .required = true},
    {FIELD(struct upload_rule, before, TEXT)},
    {FIELD(struct upload_rule, day, TEXT)},
    {FIELD(struct upload_rule, send_as, TEXT)},
    {FIELD(struct upload_rule, send_to, TEXT)},
    {FIELD(struct upload_rule, text, TEXT)},
    {ONE(struct upload_rule, src, source_fields)},
};
const struct fields upload_rule_fields =
    FIELDS("upload_rule", struct upload_rule, upload_rows);

static const struct field certificate_rows[] = {
    {FIELD(struct certificate_rule, class, TEXT), .required = true, .allowed = classes},
    {FIELD(struct certificate_rule, name, TEXT), .required = true, .min = 1, .max = 100},
    {FIELD(struct certificate_rule, issuer, TEXT)},
    {FIELD(struct certificate_rule, number_pattern, TEXT), .min = 1, .max = 60},
    {FIELD(struct certificate_rule, text, TEXT)},
    {ONE(struct certificate_rule, src, source_fields)},
};
const struct fields certificate_rule_fields =
    FIELDS("certificate_rule", struct certificate_rule, certificate_rows);

static const struct field verification_rows[] = {
    {FIELD(struct verification_rule, any_of, INT), .required = true, .min = 0, .max = 3},
    {TEXTS(struct verification_rule, fields, field_count)},
    {FIELD(struct verification_rule, site, TEXT)},
    {FIELD(struct verification_rule, text, TEXT)},
    {ONE(struct verification_rule, src, source_fields)},
};
const struct fields verification_rule_fields =
    FIELDS("verification_rule", struct verification_rule, verification_rows);

static const struct field held_rows[] = {
    {FIELD(struct held_text, id, TEXT), .required = true, .min = 1, .max = 100},
    {FIELD(struct held_text, topic, TEXT), .required = true},
    {FIELD(struct held_text, name, TEXT)},
    {FIELD(struct held_text, text, TEXT)},
    {FIELD(struct held_text, note, TEXT)},
    {TEXTS(struct held_text, items, item_count)},
    {ONE(struct held_text, src, source_fields)},
};
const struct fields held_text_fields = FIELDS("held_text", struct held_text, held_rows);
/* clang-format on */

/* A training number must never look like the 22 characters of a level certificate (one letter
 * and 21 digits, 人社鉴发〔2019〕2号): a hyphen in the pattern makes that impossible. */
static bool number_pattern_check(const char *pattern, struct err *e)
{
    const char *at = "/certificate/number_pattern";
    static const char *const plain[] = {"{year}", "{level}", "{direction}"};
    bool serial = false, hyphen = false;
    for (const char *s = pattern; *s;) {
        if (*s != '{') {
            bool letter = (*s >= 'A' && *s <= 'Z') || (*s >= '0' && *s <= '9') || *s == '-';
            if (!letter)
                return FAIL(e, INVALID, at, "编号样式只可用大写字母、数字、- 和 { }。");
            hyphen |= *s++ == '-';
            continue;
        }
        size_t taken = 0;
        for (size_t i = 0; i < sizeof plain / sizeof *plain && !taken; i++)
            if (strncmp(s, plain[i], strlen(plain[i])) == 0)
                taken = strlen(plain[i]);
        if (!taken && strncmp(s, "{serial:", 8) == 0 && s[8] >= '4' && s[8] <= '9' &&
            s[9] == '}') {
            if (serial)
                return FAIL(e, INVALID, at, "编号样式有两个流水号。");
            serial = true;
            taken = 10;
        }
        if (!taken)
            return FAIL(e, INVALID, at, "编号样式里有不认识的“%.12s”。", s);
        s += taken;
    }
    if (!serial || !hyphen)
        return FAIL(e, INVALID, at,
                    "编号样式须有流水号（如 {serial:6}）和连字符，不得与22位证书编号相混。");
    return true;
}

static bool verification_check(const struct verification_rule *v, struct err *e)
{
    for (size_t i = 0; i < v->field_count; i++) {
        bool known = false;
        for (const char *const *f = lookup_fields; *f; f++)
            known |= strcmp(*f, v->fields[i]) == 0;
        if (!known)
            return FAIL(e, INVALID, "/verification/fields", "没有查询项 %.40s。", v->fields[i]);
    }
    if ((v->any_of || v->field_count) && (v->any_of < 2 || v->field_count < (size_t)v->any_of))
        return FAIL(e, INVALID, "/verification/any_of", "至少凭两项信息查询。");
    return true;
}

bool certificates_check(const struct programme *p, struct err *e)
{
    const struct certificate_rule *c = p->certificate;
    if (programme_certificate_class(p) == CERTIFICATE_LEVEL && c->number_pattern)
        return FAIL(e, INVALID, "/certificate/number_pattern",
                    "职业技能等级证书按22位规则编号，不另设样式。");
    if (programme_certificate_class(p) == CERTIFICATE_TRAINING && !c->number_pattern)
        return FAIL(e, INVALID, "/certificate/number_pattern", "培训证书须有编号样式。");
    if (c->number_pattern && !number_pattern_check(c->number_pattern, e))
        return false;

    char at[ERR_FIELD_BYTES];
    for (size_t i = 0; i < p->name_pattern_count; i++)
        for (size_t k = 0; k < p->name_patterns[i].part_count; k++) {
            const struct name_part *part = &p->name_patterns[i].parts[k];
            snprintf(at, sizeof at, "/name_patterns/%zu/parts/%zu", i, k);
            if (!part->field == !part->literal)
                return FAIL(e, INVALID, at, "须有 field 或 literal 之一。");
        }
    return verification_check(p->verification, e);
}
