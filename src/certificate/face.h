/* certificate/face.h - the printed facts of a certificate, in printed order, with their labels.
 *
 * Certificate, verification page and credential show the same labels in the same order (UI
 * decision 14); the rows are faces.def. */
#ifndef CERTIFICATE_FACE_H
#define CERTIFICATE_FACE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct arena;
struct json_t;

enum face_key {
#define FACE(key, level_label, level_english, training_label, training_english) FACE_##key,
#include "certificate/faces.def"
#undef FACE
    FACE_KEYS
};

struct certificate_face {
    const char *title, *title_english; /* 职业技能等级证书 */
    const char *text, *text_english;   /* the sentence under it */
    const char *value[FACE_KEYS];      /* NULL: this certificate does not have the field */
    const char *site, *body_site;      /* official query addresses, of level certificates */
    bool is_level;                     /* a 职业技能等级证书: which labels are used */
};

const char *face_key_word(enum face_key k); /* in JSON: "name", "document_kind", … */
const char *face_label(const struct certificate_face *f, enum face_key k);
const char *face_label_english(const struct certificate_face *f, enum face_key k);

struct json_t *face_json(struct arena *a, const struct certificate_face *f);
bool face_read(struct arena *a, const struct json_t *v, struct certificate_face *out,
               struct err *e) MUST_USE;

#endif
