/* bank/exchange_moodle_text.c - the texts of a Moodle question, and the files that stand beside each: base64 in
 * <file name path>, named in the text as @@PLUGINFILE@@/path/name. */
#include <string.h>
#include <strings.h>

#include "bank/exchange_build.h"
#include "bank/exchange_moodle.h"
#include "base/arena.h"
#include "base/text_out.h"
#include "base/xml.h"

struct one_file {
    const struct xml_node *node;
    const char *name, *path; /* "a.png", "/sub/a.png" */
    const char *id;          /* once it was taken */
    bool tried;
};

/* One text with its files. */
struct text_files {
    const struct moodle_question *q;
    const char *element;
    struct one_file *files;
    size_t count;
};

static const char *attribute(const struct xml_node *n, const char *name, const char *otherwise)
{
    const char *value = xml_attribute(n, name);
    return value ? value : otherwise;
}

static struct text_files files_of(const struct moodle_question *q, const struct xml_node *n,
                                  const char *element)
{
    struct arena *a = q->x->arena;
    struct text_files t = {q, element, NULL, 0};
    for (const struct xml_node *f = xml_child(n, "file"); f; f = xml_next(f, "file"))
        t.count++;
    t.files = arena_array(a, struct one_file, t.count + 1);
    size_t at = 0;
    for (const struct xml_node *f = xml_child(n, "file"); f; f = xml_next(f, "file")) {
        const char *name = attribute(f, "name", ""), *folder = attribute(f, "path", "/");
        t.files[at++] = (struct one_file){
            .node = f, .name = name, .path = arena_printf(a, "%s%s", folder, name)};
    }
    return t;
}

static struct one_file *find(struct text_files *t, const char *address)
{
    static const char head[] = MOODLE_FILES;
    if (strncmp(address, head, sizeof head - 1) != 0)
        return NULL;
    const char *path = address_plain(t->q->x->arena, address + sizeof head - 1);
    for (size_t i = 0; i < t->count; i++)
        if (strcmp(t->files[i].path, path) == 0)
            return &t->files[i];
    return NULL;
}

static bool has(void *ctx, const char *address)
{
    return find(ctx, address) != NULL;
}

/* Base64 may be broken into lines. */
static bool decode(struct arena *a, const struct xml_node *file, struct bytes *out)
{
    char *text = arena_text(a, xml_text(a, file)), *to = text;
    for (const char *s = text; *s; s++)
        if (!memchr(" \t\r\n", *s, 4))
            *to++ = *s;
    return strcasecmp(attribute(file, "encoding", "base64"), "base64") == 0 &&
           base64_read(a, text, (size_t)(to - text), out) && out->len > 0;
}

/* "p1" of "p1.png" */
static const char *stem_of(struct arena *a, const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot ? arena_copy(a, name, (size_t)(dot - name)) : name;
}

static const char *take_bytes(struct text_files *t, const char *tag,
                              const struct brought_file *file)
{
    return strcmp(tag, "img") == 0 ? brought_picture(&t->q->brought, file)
                                   : brought_media(&t->q->brought, file);
}

/* What a link leads to: "img" for a picture. */
static const char *kind_of(const char *tag, struct bytes b)
{
    bool picture = b.len > 3 &&
                   (memcmp(b.at, "\x89PN", 3) == 0 || memcmp(b.at, "\xFF\xD8\xFF", 3) == 0);
    return strcasecmp(tag, "img") == 0 || (strcasecmp(tag, "a") == 0 && picture) ? "img" : "";
}

static const char *take_file(struct text_files *t, const char *tag, struct one_file *one,
                             const char *alt)
{
    struct arena *a = t->q->x->arena;
    struct brought_file file = {.element = arena_printf(a, "%s/file", t->element),
                                .name = one->name,
                                .id = stem_of(a, one->name),
                                .alt = alt};
    if (one->tried)
        return one->id;
    one->tried = true;
    if (decode(a, one->node, &file.bytes))
        one->id = take_bytes(t, kind_of(tag, file.bytes), &file);
    else
        exchange_lose(t->q->x, t->q->id, file.element, "附件 %.80s 未带入：内容不是 Base64。",
                      one->name);
    return one->id;
}

static const char *take(void *ctx, const char *tag, const char *address, const char *alt)
{
    struct text_files *t = ctx;
    struct arena *a = t->q->x->arena;
    struct one_file *one = find(t, address);
    struct brought_file file = {
        .element = arena_printf(a, "%s/%s", t->element, tag), .name = "data:", .alt = alt};
    if (one)
        return take_file(t, tag, one, alt);
    if (data_address_read(a, address, &file.bytes))
        return take_bytes(t, kind_of(tag, file.bytes), &file);
    exchange_lose(t->q->x, t->q->id, file.element, "%.100s 未带入：题目里没有这个文件。",
                  strncmp(address, "data:", 5) == 0 ? "data:" : address);
    return NULL;
}

/* Markdown names a picture as ![what it shows](address). */
static const char *markdown(struct text_files *t, const char *text)
{
    struct arena *a = t->q->x->arena;
    struct text_out o = {.arena = a};
    for (const char *at; (at = strstr(text, "![")) != NULL;) {
        size_t alt = strcspn(at + 2, "]\n");
        const char *open = at + 2 + alt, *address = open + 2;
        size_t len = strncmp(open, "](", 2) == 0 ? strcspn(address, " )\n") : 0;
        const char *close = len ? strchr(address + len, ')') : NULL;
        text_put_bytes(&o, text, (size_t)(at - text));
        text = close ? close + 1 : at + 2;
        const char *words = arena_copy(a, at + 2, alt),
                   *id = close ? take(t, "img", arena_copy(a, address, len), words) : NULL;
        if (id)
            text_putf(&o, "![%s]", id);
        else if (close && *words)
            text_putf(&o, "［图：%s］", words);
        else if (!close)
            text_put(&o, "![");
    }
    text_put(&o, text);
    return text_out_text(&o);
}

/* Line ends are meant as such. */
static const char *with_breaks(struct arena *a, const char *text)
{
    struct text_out o = {.arena = a};
    for (; *text; text++) {
        text_put(&o, *text == '\n' ? "<br>" : "");
        text_put_bytes(&o, text, 1);
    }
    return text_out_text(&o);
}

static void lose_unused(const struct text_files *t, const char *why)
{
    for (size_t i = 0; i < t->count; i++)
        if (!t->files[i].tried)
            exchange_lose(t->q->x, t->q->id,
                          arena_printf(t->q->x->arena, "%s/file", t->element),
                          "附件 %.80s 未带入：%s", t->files[i].name, why);
}

static const char *read_text(struct text_files *t, const struct xml_node *n,
                             const struct html_files *files)
{
    const char *format = attribute(n, "format", ""),
               *text = xml_text(t->q->x->arena, xml_child(n, "text"));
    if (strcmp(format, "plain_text") == 0)
        return text;
    if (strcmp(format, "markdown") == 0)
        return files ? markdown(t, text) : text;
    if (strcmp(format, "moodle_auto_format") == 0)
        text = with_breaks(t->q->x->arena, text);
    return html_shown(t->q->x, t->q->id, t->element, text, files);
}

const char *moodle_text(const struct moodle_question *q, const struct xml_node *n,
                        const char *element)
{
    struct text_files t = files_of(q, n, element);
    const char *text = read_text(&t, n, &(struct html_files){take, has, &t});
    lose_unused(&t, "文中没有用到。");
    return text;
}

const char *moodle_words(const struct moodle_question *q, const struct xml_node *n,
                         const char *element)
{
    struct text_files t = files_of(q, n, element);
    const char *text = read_text(&t, n, NULL);
    lose_unused(&t, "它所在的文字没有带入。");
    return text;
}
