/* bank/exchange_html.c - plain text out of the HTML that other systems keep in their questions. It is
 * read leniently, as browsers do: what is no tag is text. Nothing of it is ever shown as HTML. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "bank/exchange.h"
#include "bank/exchange_build.h"
#include "base/arena.h"
#include "base/text_out.h"

enum { NAME_MAX_BYTES = 32, NAMED_MAX = 64 };

struct html_reading {
    struct exchange *x;
    const char *item, *element;
    const struct html_files *files; /* NULL: none come with it */
    struct text_out out;
    bool kept_lines;                           /* within <pre> */
    char named[NAMED_MAX][NAME_MAX_BYTES + 1]; /* tags already in the losses */
    size_t named_count;
};

static bool is_one_of(const char *name, const char *const *names)
{
    for (size_t i = 0; names[i]; i++)
        if (strcasecmp(name, names[i]) == 0)
            return true;
    return false;
}

static void name_once(struct html_reading *h, const char *tag)
{
    for (size_t i = 0; i < h->named_count; i++)
        if (strcasecmp(h->named[i], tag) == 0)
            return;
    if (h->named_count == NAMED_MAX)
        return;
    memcpy(h->named[h->named_count++], tag, strlen(tag) + 1);
    exchange_lose(h->x, h->item, arena_printf(h->x->arena, "%s/%s", h->element, tag),
                  "网页元素 <%s> 未带入，只留其中的文字。", tag);
}

static void new_line(struct html_reading *h)
{
    while (h->out.len > 0 && h->out.at[h->out.len - 1] == ' ')
        h->out.at[--h->out.len] = 0;
    if (h->out.len > 0 && h->out.at[h->out.len - 1] != '\n')
        text_put(&h->out, "\n");
}

/* The '>' that ends the tag at S, which may stand inside quotes; where a quote is left open, the first. */
static const char *tag_end(const char *s)
{
    const char *end = s + strcspn(s, ">\"'");
    while (*end == '"' || *end == '\'') {
        end = strchr(end + 1, *end);
        if (!end)
            return strchr(s, '>');
        end += 1 + strcspn(end + 1, ">\"'");
    }
    return *end ? end : NULL;
}

/* A value as text: its entities undone. */
static const char *value_text(struct html_reading *h, const char *value, size_t len)
{
    struct text_out out = {.arena = h->x->arena};
    for (const char *s = arena_copy(h->x->arena, value, len); *s;) {
        if (*s == '&')
            s = html_entity(&out, s + 1);
        else
            text_put_bytes(&out, s++, 1);
    }
    return trimmed(h->x->arena, text_out_text(&out), out.len);
}

/* The value of an attribute of the tag from TAG (its name) to END (its '>'); "" without one. */
static const char *attribute_of(struct html_reading *h, const char *tag, const char *end,
                                const char *name)
{
    const char *s = tag + strcspn(tag, " \t\r\n/>");
    while (s < end) {
        s += strspn(s, " \t\r\n/");
        const char *from = s, *value;
        s += strcspn(s, " \t\r\n=/>");
        size_t len = (size_t)(s - from), value_len = 0;
        const char *equals = s + strspn(s, " \t\r\n");
        if (*equals != '=') {
            s += s == from && s < end; /* a sign that belongs to nothing */
            continue;
        }
        value = equals + 1 + strspn(equals + 1, " \t\r\n");
        if (*value == '"' || *value == '\'') {
            const char *close = strchr(value + 1, *value);
            value_len = close && close < end ? (size_t)(close - value - 1)
                                             : (size_t)(end - value - 1);
            s = value + 1 + value_len + (close && close < end);
            value++;
        } else {
            value_len = strcspn(value, " \t\r\n>");
            s = value + value_len;
        }
        if (len == strlen(name) && strncasecmp(from, name, len) == 0)
            return value_text(h, value, value_len);
    }
    return "";
}

static void put_named(struct html_reading *h, const char *id, const char *alt)
{
    if (id)
        text_putf(&h->out, "![%s]", id);
    else if (*alt)
        text_putf(&h->out, "［图：%s］", alt);
}

static const char *take(struct html_reading *h, const char *tag, const char *address,
                        const char *alt)
{
    return h->files->take(h->files->ctx, tag, address, alt);
}

/* A sound or film, which may be named by a source inside; what else stands inside is for browsers that play
 * none. Returns the '>' of its end. */
static const char *read_played(struct html_reading *h, const char *name, const char *tag,
                               const char *end)
{
    const char *close = strcasestr(end, arena_printf(h->x->arena, "</%s", name)),
               *address = attribute_of(h, tag, end, "src"), *s = end;
    while (!*address && close && (s = strcasestr(s, "<source")) != NULL && s < close) {
        const char *source_end = tag_end(s + 1);
        address = source_end ? attribute_of(h, s + 1, source_end, "src") : "";
        s++;
    }
    put_named(h, take(h, name, address, attribute_of(h, tag, end, "title")), "");
    return close && strchr(close, '>') ? strchr(close, '>') : end;
}

/* An element that may name a file; NULL where it is none of them. */
static const char *read_file_tag(struct html_reading *h, const char *name, const char *tag,
                                 const char *end)
{
    if (strcasecmp(name, "img") == 0) {
        const char *alt = attribute_of(h, tag, end, "alt");
        put_named(h, take(h, name, attribute_of(h, tag, end, "src"), alt), alt);
        return end;
    }
    if (strcasecmp(name, "audio") == 0 || strcasecmp(name, "video") == 0)
        return read_played(h, name, tag, end);
    const char *link = strcasecmp(name, "a") == 0 ? attribute_of(h, tag, end, "href") : "";
    if (!*link || !h->files->has(h->files->ctx, link))
        return NULL;
    put_named(h, take(h, name, link, ""), "");
    return end;
}

/* "10<sup>3</sup>" must not become 103. */
static const char *read_script(struct html_reading *h, const char *name, const char *inner)
{
    const char *close = strcasestr(inner, arena_printf(h->x->arena, "</%s", name)),
               *behind = close ? strchr(close, '>') : NULL;
    if (!behind)
        return inner;
    const char *text = html_plain(h->x, h->item, h->element,
                                  arena_copy(h->x->arena, inner, (size_t)(close - inner)));
    size_t signs = 0;
    for (const char *c = text; *c; c++)
        signs += ((unsigned char)*c & 0xC0) != 0x80;
    bool plain = signs == 1 || !text[strspn(text, "0123456789")];
    if (*text)
        text_putf(&h->out, plain ? "%s%s" : "%s(%s)", strcasecmp(name, "sup") == 0 ? "^" : "_",
                  text);
    return behind + 1;
}

/* Cells of a row apart. */
static void put_cell_mark(struct html_reading *h)
{
    if (h->out.len > 0 && h->out.at[h->out.len - 1] != '\n')
        text_put(&h->out, " | ");
}

/* After '<': passes over the tag. Where no tag begins here, '<' is text. */
static const char *read_tag(struct html_reading *h, const char *s)
{
    static const char
        *const lines[] = {"p",  "div", "br", "li", "tr", "ul",         "ol",
                          "h1", "h2",  "h3", "h4", "h5", "blockquote", NULL},
               *const silent[] = {"span", "pre", "font", "tbody", "html", "body", NULL},
               *const hidden[] = {"script", "style", NULL}, *const cells[] = {"td", "th", NULL};
    char name[NAME_MAX_BYTES + 1] = {0};
    const char *at = s + (*s == '/');
    size_t len = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
    if (strncmp(s, "!--", 3) == 0) {
        const char *end = strstr(s + 3, "-->");
        return end ? end + 3 : s + strlen(s);
    }
    const char *end = len > 0 && len <= NAME_MAX_BYTES ? tag_end(at) : NULL;
    if (!end) {
        text_put(&h->out, "<");
        return s;
    }
    for (size_t i = 0; i < len; i++)
        name[i] = at[i];
    const char *behind = h->files && *s != '/' ? read_file_tag(h, name, at, end) : NULL;
    if (behind)
        return behind + 1;
    if (is_one_of(name, lines))
        new_line(h);
    else if (!is_one_of(name, silent) && *s != '/')
        name_once(h, name);
    if (strcasecmp(name, "img") == 0)
        put_named(h, NULL, attribute_of(h, at, end, "alt"));
    if (*s != '/' && (strcasecmp(name, "sup") == 0 || strcasecmp(name, "sub") == 0))
        return read_script(h, name, end + 1);
    if (strcasecmp(name, "pre") == 0)
        h->kept_lines = *s != '/';
    if (is_one_of(name, cells) && *s != '/')
        put_cell_mark(h);
    if (is_one_of(name, hidden) && *s != '/') {
        const char *close = strcasestr(end, arena_printf(h->x->arena, "</%s", name));
        const char *after = close ? strchr(close, '>') : NULL;
        return after ? after + 1 : end + strlen(end);
    }
    return end + 1;
}

const char *html_shown(struct exchange *x, const char *item, const char *element,
                       const char *html, const struct html_files *files)
{
    struct html_reading h = {
        .x = x, .item = item, .element = element, .files = files, .out = {.arena = x->arena}};
    for (const char *s = html; *s;) {
        if (*s == '<') {
            s = read_tag(&h, s + 1);
        } else if (*s == '&') {
            s = html_entity(&h.out, s + 1);
        } else if (h.kept_lines && *s == '\n') {
            text_put(&h.out, "\n");
            s++;
        } else if (memchr(" \t\r\n", *s, 4)) { /* runs of white space are one blank */
            if (h.out.len > 0 && h.out.at[h.out.len - 1] != ' ' &&
                h.out.at[h.out.len - 1] != '\n')
                text_put(&h.out, " ");
            s++;
        } else {
            size_t run = strcspn(s, "<& \t\r\n");
            text_put_bytes(&h.out, s, run);
            s += run;
        }
    }
    return trimmed(x->arena, text_out_text(&h.out), h.out.len);
}

const char *html_plain(struct exchange *x, const char *item, const char *element,
                       const char *html)
{
    return html_shown(x, item, element, html, NULL);
}
