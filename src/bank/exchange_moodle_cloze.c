/* bank/exchange_moodle_cloze.c - the answers that Moodle writes inside a text:
 * {weight:TYPE:answer~answer}, where an answer is [=|%n%]text[#feedback]. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "bank/exchange_build.h"
#include "bank/exchange_moodle.h"
#include "base/arena.h"
#include "base/text_out.h"

enum { CHOICES_MAX = 32, PARTS_MAX = 24, TYPE_BYTES = 16 };

enum field_kind { FIELD_WORD, FIELD_NUMBER, FIELD_CHOICE, FIELD_SEVERAL };

struct inline_field {
    enum field_kind kind;
    long weight;
    struct choice choices[CHOICES_MAX];
    double percents[CHOICES_MAX];
    size_t count;
};

struct cloze {
    struct exchange *x;
    const char *id;
    struct text_out stem;
    struct inline_field fields[PARTS_MAX];
    size_t count;
    bool all_words, broken;
};

static bool kind_of(const char *name, enum field_kind *out)
{
    static const struct {
        const char *name;
        enum field_kind kind;
    } known[] = {{"SHORTANSWER", FIELD_WORD},
                 {"SA", FIELD_WORD},
                 {"MW", FIELD_WORD},
                 {"SHORTANSWER_C", FIELD_WORD},
                 {"SAC", FIELD_WORD},
                 {"MWC", FIELD_WORD},
                 {"NUMERICAL", FIELD_NUMBER},
                 {"NM", FIELD_NUMBER},
                 {"MULTICHOICE", FIELD_CHOICE},
                 {"MC", FIELD_CHOICE},
                 {"MULTICHOICE_V", FIELD_CHOICE},
                 {"MCV", FIELD_CHOICE},
                 {"MULTICHOICE_H", FIELD_CHOICE},
                 {"MCH", FIELD_CHOICE},
                 {"MULTICHOICE_S", FIELD_CHOICE},
                 {"MCS", FIELD_CHOICE},
                 {"MULTICHOICE_VS", FIELD_CHOICE},
                 {"MCVS", FIELD_CHOICE},
                 {"MULTICHOICE_HS", FIELD_CHOICE},
                 {"MCHS", FIELD_CHOICE},
                 {"MULTIRESPONSE", FIELD_SEVERAL},
                 {"MR", FIELD_SEVERAL},
                 {"MULTIRESPONSE_H", FIELD_SEVERAL},
                 {"MRH", FIELD_SEVERAL},
                 {"MULTIRESPONSE_S", FIELD_SEVERAL},
                 {"MRS", FIELD_SEVERAL},
                 {"MULTIRESPONSE_HS", FIELD_SEVERAL},
                 {"MRHS", FIELD_SEVERAL}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i].name, name) == 0) {
            *out = known[i].kind;
            return true;
        }
    return false;
}

/* One answer up to an unescaped '~', '#' or '}'. */
static const char *read_choice(struct cloze *c, struct inline_field *f, const char *s)
{
    struct text_out text = {.arena = c->x->arena}, feedback = {.arena = c->x->arena};
    double percent = 0;
    if (*s == '=') {
        percent = 100;
        s++;
    } else if (*s == '%') {
        char *end;
        percent = strtod(s + 1, &end);
        s = *end == '%' ? end + 1 : s + 1;
    }
    struct text_out *into = &text;
    for (; *s && *s != '~' && *s != '}'; s++) {
        if (*s == '#' && into == &text) {
            into = &feedback;
            continue;
        }
        if (*s == '\\' && s[1])
            s++;
        text_put_bytes(into, s, 1);
    }
    if (feedback.len > 0)
        exchange_lose(c->x, c->id, "cloze/#", "反馈“%.60s”未带入。", text_out_text(&feedback));
    if (f->count < CHOICES_MAX) {
        f->percents[f->count] = percent;
        f->choices[f->count++] = (struct choice){
            trimmed(c->x->arena, text_out_text(&text), text.len),
            f->kind == FIELD_SEVERAL ? percent > 0 : percent >= 100};
    }
    return s;
}

/* Marks that are not all, nothing or equal shares. */
static void lose_weights(const struct cloze *c, const struct inline_field *f)
{
    bool several = f->kind == FIELD_SEVERAL, first = true;
    size_t right = 0;
    for (size_t i = 0; i < f->count; i++) {
        right += f->choices[i].right;
        if (f->kind != FIELD_WORD && !several && f->choices[i].right && !first)
            exchange_lose(c->x, c->id, "cloze/=", "答案“%.40s”也算对，未带入：只有一个答案。",
                          f->choices[i].text);
        first &= !f->choices[i].right;
    }
    for (size_t i = 0; i < f->count; i++)
        if (!is_usual_weight(f->percents[i], several ? right : 1, several))
            exchange_lose(c->x, c->id, "cloze/%", "答案“%.40s”的部分分 %g%% 未带入。",
                          f->choices[i].text, f->percents[i]);
}

/* "{1:WORD:" is meant as a field whatever the word: as text it would show its answers. */
static bool is_meant(const char *s)
{
    s += 1 + strspn(s + 1, "0123456789 ");
    size_t word = *s == ':' ? strspn(s + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") : 0;
    return word > 0 && s[1 + word] == ':';
}

/* "{1:SA:=a~b}" at S; NULL where it is no such field. */
static const char *read_field(struct cloze *c, const char *s)
{
    char *end;
    long weight = strtol(s + 1, &end, 10);
    const char *name = end + 1, *colon = *end == ':' ? strchr(name, ':') : NULL;
    struct inline_field f = {.weight = end == s + 1 ? 1 : weight};
    if (!colon || colon - name > TYPE_BYTES ||
        !kind_of(arena_copy(c->x->arena, name, (size_t)(colon - name)), &f.kind))
        return NULL;
    s = colon;
    do
        s = read_choice(c, &f, s + 1);
    while (*s == '~');
    if (*s != '}' || c->count == PARTS_MAX)
        return NULL;
    lose_weights(c, &f);
    c->all_words &= f.kind == FIELD_WORD;
    c->fields[c->count++] = f;
    return s + 1;
}

static json_t *accepted_of(const struct inline_field *f)
{
    json_t *list = json_array();
    for (size_t i = 0; i < f->count; i++)
        if (f->choices[i].right)
            json_array_append_new(list, json_string(f->choices[i].text));
    return list;
}

static json_t *part_of(struct cloze *c, const struct inline_field *f, size_t number)
{
    struct arena *a = c->x->arena;
    const char *stem = arena_printf(a, "第 %zu 空", number);
    json_t *part = NULL;
    if (f->kind == FIELD_CHOICE || f->kind == FIELD_SEVERAL) {
        part = build_choice(stem, f->choices, f->count, f->kind == FIELD_SEVERAL);
    } else if (f->kind == FIELD_WORD) {
        json_t *gaps = json_array();
        json_array_append_new(gaps, accepted_of(f));
        part = build_blank(a, stem, gaps);
    } else {
        for (size_t i = 0; i < f->count && !part; i++)
            if (f->choices[i].right) {
                const char *text = f->choices[i].text, *colon = strchr(text, ':');
                part = colon
                           ? build_numeric(a, stem, arena_copy(a, text, (size_t)(colon - text)),
                                           colon + 1, NULL)
                           : build_numeric(a, stem, text, "0", NULL);
            }
        if (!part)
            part = build_short(stem, NULL);
    }
    json_object_set_new(part, "marks", json_integer(f->weight > 0 ? f->weight : 1));
    return part;
}

struct json_t *cloze_read(struct exchange *x, const char *id, const char *text)
{
    struct cloze *c = arena_new(x->arena, struct cloze);
    *c = (struct cloze){.x = x, .id = id, .stem = {.arena = x->arena}, .all_words = true};
    for (const char *s = text; *s;) {
        const char *after = *s == '{' ? read_field(c, s) : NULL;
        c->broken |= !after && *s == '{' && is_meant(s);
        if (after)
            text_putf(&c->stem, "____");
        else
            text_put_bytes(&c->stem, s, 1);
        s = after ? after : s + 1;
    }
    if (c->count == 0 || c->broken)
        return NULL;
    json_t *list = json_array(), *object;
    if (c->all_words) {
        for (size_t i = 0; i < c->count; i++) {
            json_array_append_new(list, accepted_of(&c->fields[i]));
            if (c->fields[i].weight != 1)
                exchange_lose(x, id, "cloze/weight", "第 %zu 空的权重 %ld 未带入。", i + 1,
                              c->fields[i].weight);
        }
        return build_blank(x->arena, text_out_text(&c->stem), list);
    }
    for (size_t i = 0; i < c->count; i++)
        json_array_append_new(list, part_of(c, &c->fields[i], i + 1));
    object = json_object();
    json_object_set_new(object, "kind", json_string("case"));
    json_object_set_new(object, "stem", json_string(text_out_text(&c->stem)));
    json_object_set_new(object, "items", list);
    return object;
}
