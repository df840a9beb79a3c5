/* base/xml.c - expat within limits, and the tree. */
#include "base/xml.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text_out.h"

enum { XML_DEPTH_MAX = 64 };

struct xml_stream {
    struct arena *arena; /* its own */
    struct xml_reader reader;
    XML_Parser parser;
    int depth;
    size_t fed;
    bool broken, too_large;
    const char *refused; /* why we stopped it */
};

static const char *local_name(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

static void stop(struct xml_stream *s, const char *why)
{
    s->refused = why;
    XML_StopParser(s->parser, XML_FALSE);
}

static void on_open(void *ctx, const char *name, const char **attributes)
{
    struct xml_stream *s = ctx;
    if (++s->depth > XML_DEPTH_MAX)
        stop(s, "XML 嵌套过深");
    else if (s->reader.open)
        s->reader.open(s->reader.ctx, local_name(name), attributes);
}

static void on_close(void *ctx, const char *name)
{
    struct xml_stream *s = ctx;
    s->depth--;
    if (s->reader.close && !s->refused)
        s->reader.close(s->reader.ctx, local_name(name));
}

static void on_text(void *ctx, const char *text, int len)
{
    struct xml_stream *s = ctx;
    if (s->reader.text && !s->refused)
        s->reader.text(s->reader.ctx, text, len);
}

static void on_comment(void *ctx, const char *text)
{
    struct xml_stream *s = ctx;
    if (s->reader.comment && !s->refused)
        s->reader.comment(s->reader.ctx, text);
}

/* Entities are declared in a DOCTYPE only; without one there is nothing to blow up. */
static void on_doctype(void *ctx, const char *name, const char *system_id,
                       const char *public_id, int has_subset)
{
    (void)name, (void)system_id, (void)public_id, (void)has_subset;
    stop(ctx, "XML 中有 DOCTYPE");
}

struct xml_stream *xml_stream_begin(const struct xml_reader *r)
{
    struct arena *own = arena_create(1 << 20);
    struct xml_stream *s = arena_new(own, struct xml_stream);
    *s = (struct xml_stream){.arena = own, .reader = *r, .parser = XML_ParserCreate(NULL)};
    XML_SetUserData(s->parser, s);
    XML_SetElementHandler(s->parser, on_open, on_close);
    XML_SetCharacterDataHandler(s->parser, on_text);
    XML_SetCommentHandler(s->parser, on_comment);
    XML_SetStartDoctypeDeclHandler(s->parser, on_doctype);
    return s;
}

bool xml_stream_feed(struct xml_stream *s, const char *piece, size_t len)
{
    enum { STEP = 1 << 20 };
    s->fed += len;
    s->too_large |= s->fed > XML_BYTES_MAX;
    while (len > 0 && !s->broken && !s->too_large) {
        int step = len > STEP ? STEP : (int)len;
        s->broken = XML_Parse(s->parser, piece, step, 0) == XML_STATUS_ERROR;
        piece += step;
        len -= (size_t)step;
    }
    return !s->broken && !s->too_large;
}

/* Expat's own words are English. */
static const char *fault(enum XML_Error code)
{
    static const struct {
        enum XML_Error code;
        const char *text;
    } known[] = {{XML_ERROR_NO_ELEMENTS, "没有内容，或者没有写完"},
                 {XML_ERROR_INVALID_TOKEN, "有不允许的字符，或者标签写错"},
                 {XML_ERROR_BAD_CHAR_REF, "有不允许的字符"},
                 {XML_ERROR_PARTIAL_CHAR, "字符编码不是 UTF-8"},
                 {XML_ERROR_UNKNOWN_ENCODING, "字符编码不是 UTF-8"},
                 {XML_ERROR_INCORRECT_ENCODING, "字符编码与声明的不同"},
                 {XML_ERROR_UNCLOSED_TOKEN, "标签没有写完"},
                 {XML_ERROR_TAG_MISMATCH, "标签没有配对"},
                 {XML_ERROR_DUPLICATE_ATTRIBUTE, "属性重复"},
                 {XML_ERROR_JUNK_AFTER_DOC_ELEMENT, "结束之后还有内容"},
                 {XML_ERROR_UNDEFINED_ENTITY, "用了没有定义的实体"},
                 {XML_ERROR_UNBOUND_PREFIX, "用了没有声明的命名空间前缀"}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].code == code)
            return known[i].text;
    return "不合 XML 的写法";
}

bool xml_stream_end(struct xml_stream *s, struct err *e)
{
    bool ok = true;
    if (s->too_large)
        ok = FAIL(e, TOO_LARGE, "file", "XML 内容超过 64 MiB。");
    else if (s->broken || XML_Parse(s->parser, "", 0, 1) == XML_STATUS_ERROR)
        ok = FAIL(e, INVALID, "file", "XML 内容有误（第 %lu 行）：%s。",
                  (unsigned long)XML_GetCurrentLineNumber(s->parser),
                  s->refused ? s->refused : fault(XML_GetErrorCode(s->parser)));
    XML_ParserFree(s->parser);
    arena_destroy(s->arena);
    return ok;
}

/* --- the tree -------------------------------------------------------------------------------- */
struct growing {
    struct arena *arena;
    struct xml_node *root, *open;
    struct text_out text; /* of the run being read */
    size_t nodes;
};

static struct xml_node *append(struct growing *g, const char *name)
{
    if (g->nodes >= XML_NODES_MAX)
        return NULL;
    g->nodes++;
    struct xml_node *n = arena_new(g->arena, struct xml_node);
    n->name = name;
    n->parent = g->open;
    if (!g->open)
        return n;
    n->previous = g->open->last;
    if (g->open->last)
        g->open->last->next = n;
    else
        g->open->first = n;
    g->open->last = n;
    return n;
}

static void close_run(struct growing *g)
{
    if (g->text.len == 0)
        return;
    struct xml_node *n = g->open ? append(g, NULL) : NULL;
    if (n)
        n->text = arena_copy(g->arena, g->text.at, g->text.len);
    g->text.len = 0;
}

static void tree_open(void *ctx, const char *name, const char **attributes)
{
    struct growing *g = ctx;
    size_t count = 0;
    close_run(g);
    struct xml_node *n = append(g, arena_text(g->arena, name));
    if (!n)
        return;
    while (attributes[count])
        count++;
    n->attributes = arena_array(g->arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        n->attributes[i] = arena_text(g->arena,
                                      i % 2 == 0 ? local_name(attributes[i]) : attributes[i]);
    if (!g->root)
        g->root = n;
    g->open = n;
}

static void tree_close(void *ctx, const char *name)
{
    struct growing *g = ctx;
    (void)name;
    close_run(g);
    /* Past the limit elements are no longer opened, so the counts no longer agree; the whole is
     * refused below. */
    if (g->open && g->nodes < XML_NODES_MAX)
        g->open = g->open->parent;
}

static void tree_text(void *ctx, const char *text, int len)
{
    struct growing *g = ctx;
    text_put_bytes(&g->text, text, (size_t)len);
}

static void tree_comment(void *ctx, const char *text)
{
    struct growing *g = ctx;
    close_run(g);
    struct xml_node *n = g->open ? append(g, "#comment") : NULL;
    if (n)
        n->text = arena_text(g->arena, text);
}

struct xml_node *xml_read(struct arena *a, struct bytes text, struct err *e)
{
    struct growing g = {.arena = a, .text = {.arena = a}};
    struct xml_reader r = {tree_open, tree_text, tree_close, tree_comment, &g};
    struct xml_stream *s = xml_stream_begin(&r);
    if (text.len > 0)
        xml_stream_feed(s, (const char *)text.at, text.len);
    if (!xml_stream_end(s, e))
        return NULL;
    if (g.nodes >= XML_NODES_MAX) {
        FAIL(e, TOO_LARGE, "file", "XML 中的元素超过 %d 个。", XML_NODES_MAX);
        return NULL;
    }
    return g.root;
}

const char *xml_attribute(const struct xml_node *n, const char *name)
{
    for (size_t i = 0; n && n->attributes && n->attributes[i]; i += 2)
        if (strcmp(n->attributes[i], name) == 0)
            return n->attributes[i + 1];
    return NULL;
}

bool xml_is(const struct xml_node *n, const char *name)
{
    return n && n->name && strcmp(n->name, name) == 0;
}

static struct xml_node *from_here(struct xml_node *n, const char *name)
{
    while (n && !xml_is(n, name))
        n = n->next;
    return n;
}

struct xml_node *xml_child(const struct xml_node *n, const char *name)
{
    return n ? from_here(n->first, name) : NULL;
}

struct xml_node *xml_next(const struct xml_node *n, const char *name)
{
    return from_here(n->next, name);
}

/* The node after N in document order, within TOP. */
static struct xml_node *after(const struct xml_node *n, const struct xml_node *top)
{
    if (n->first)
        return n->first;
    while (n != top && !n->next)
        n = n->parent;
    return n == top ? NULL : n->next;
}

struct xml_node *xml_find(const struct xml_node *n, const char *name)
{
    for (struct xml_node *i = n ? after(n, n) : NULL; i; i = after(i, n))
        if (xml_is(i, name))
            return i;
    return NULL;
}

struct xml_node *xml_find_after(const struct xml_node *n, const struct xml_node *top,
                                const char *name)
{
    for (struct xml_node *i = after(n, top); i; i = after(i, top))
        if (xml_is(i, name))
            return i;
    return NULL;
}

const char *xml_text(struct arena *a, const struct xml_node *n)
{
    struct text_out o = {.arena = a};
    for (const struct xml_node *i = n ? after(n, n) : NULL; i; i = after(i, n))
        if (!i->name)
            text_put(&o, i->text);
    return text_out_text(&o);
}
