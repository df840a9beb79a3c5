/* certificate/face.c - labels of the printed facts, and the facts as JSON. */
#include "certificate/face.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"

static const struct {
    const char *word, *level, *level_english, *training, *training_english;
} rows[FACE_KEYS] = {
#define FACE(key, level_label, level_english, training_label, training_english)                \
    [FACE_##key] = {#key, level_label, level_english, training_label, training_english},
#include "certificate/faces.def"
#undef FACE
};

const char *face_key_word(enum face_key k)
{
    assert(k < FACE_KEYS);
    return rows[k].word;
}

const char *face_label(const struct certificate_face *f, enum face_key k)
{
    assert(k < FACE_KEYS);
    return f->is_level ? rows[k].level : rows[k].training;
}

const char *face_label_english(const struct certificate_face *f, enum face_key k)
{
    assert(k < FACE_KEYS);
    return f->is_level ? rows[k].level_english : rows[k].training_english;
}

static void put(json_t *o, const char *key, const char *text)
{
    if (text)
        json_object_set_new(o, key, json_string(text));
}

/* {"title":…, "facts":[{"key","label","label_english","value"}, …]}, in printed order. */
json_t *face_json(struct arena *a, const struct certificate_face *f)
{
    json_t *o = json_keep(a, json_object()), *facts = json_array();
    put(o, "title", f->title);
    put(o, "title_english", f->title_english);
    put(o, "text", f->text);
    put(o, "text_english", f->text_english);
    put(o, "site", f->site);
    put(o, "body_site", f->body_site);
    json_object_set_new(o, "class",
                        json_string(f->is_level ? "level_certificate" : "training"));
    for (int k = 0; k < FACE_KEYS; k++) {
        if (!f->value[k])
            continue;
        json_t *one = json_object();
        put(one, "key", rows[k].word);
        put(one, "label", face_label(f, (enum face_key)k));
        put(one, "label_english", face_label_english(f, (enum face_key)k));
        put(one, "value", f->value[k]);
        json_array_append_new(facts, one);
    }
    json_object_set_new(o, "facts", facts);
    return o;
}

static const char *text_of(struct arena *a, const json_t *v, const char *name)
{
    return arena_text(a, json_member_text(v, name));
}

bool face_read(struct arena *a, const json_t *v, struct certificate_face *out, struct err *e)
{
    const json_t *facts = json_object_get(v, "facts");
    const char *class = json_member_text(v, "class");
    *out = (struct certificate_face){
        .title = text_of(a, v, "title"),
        .title_english = text_of(a, v, "title_english"),
        .text = text_of(a, v, "text"),
        .text_english = text_of(a, v, "text_english"),
        .site = text_of(a, v, "site"),
        .body_site = text_of(a, v, "body_site"),
        .is_level = class && strcmp(class, "level_certificate") == 0,
    };
    if (!out->title || !class || !json_is_array(facts))
        return FAIL(e, INVALID, "/facts", "证书内容残缺。");
    for (size_t i = 0; i < json_array_size(facts); i++) {
        const json_t *one = json_array_get(facts, i);
        const char *word = json_member_text(one, "key");
        for (int k = 0; word && k < FACE_KEYS; k++)
            if (strcmp(rows[k].word, word) == 0)
                out->value[k] = text_of(a, one, "value");
    }
    return true;
}
