/* bank/exchange_html.c - plain text out of the HTML that other systems keep in their questions. It is
 * read leniently, as browsers do: what is no tag is text. Nothing of it is ever shown as HTML. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "bank/exchange.h"
#include "bank/exchange_build.h"
#include "base/arena.h"
#include "base/text_out.h"

enum { NAME_MAX_BYTES = 32, NAMED_MAX = 16 };

struct html_reading {
    struct exchange *x;
    const char *item, *element;
    struct text_out out;
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

/* The value of alt="…" within a tag's text. */
static const char *alt_of(struct arena *a, const char *tag, size_t len)
{
    const char *text = arena_copy(a, tag, len), *alt = strstr(text, "alt=\"");
    const char *end = alt ? strchr(alt + 5, '"') : NULL;
    return end ? arena_copy(a, alt + 5, (size_t)(end - alt - 5)) : "";
}

/* After '<': passes over the tag. Where no tag begins here, '<' is text. */
static const char *read_tag(struct html_reading *h, const char *s)
{
    static const char *const lines[] = {"p",  "div", "br", "li", "tr", "ul",         "ol",
                                        "h1", "h2",  "h3", "h4", "h5", "blockquote", NULL},
                             *const silent[] = {"span", "pre",  "font", "tbody",
                                                "html", "body", NULL},
                             *const hidden[] = {"script", "style", NULL};
    char name[NAME_MAX_BYTES + 1] = {0};
    const char *at = s + (*s == '/');
    size_t len = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
    if (strncmp(s, "!--", 3) == 0) {
        const char *end = strstr(s + 3, "-->");
        return end ? end + 3 : s + strlen(s);
    }
    const char *end = len > 0 && len <= NAME_MAX_BYTES ? strchr(at, '>') : NULL;
    if (!end) {
        text_put(&h->out, "<");
        return s;
    }
    for (size_t i = 0; i < len; i++)
        name[i] = at[i];
    if (is_one_of(name, lines))
        new_line(h);
    else if (!is_one_of(name, silent) && *s != '/')
        name_once(h, name);
    if (strcasecmp(name, "img") == 0 && *alt_of(h->x->arena, at, (size_t)(end - at)))
        text_putf(&h->out, "［图：%s］", alt_of(h->x->arena, at, (size_t)(end - at)));
    if (is_one_of(name, hidden) && *s != '/') {
        const char *close = strcasestr(end, arena_printf(h->x->arena, "</%s", name));
        const char *after = close ? strchr(close, '>') : NULL;
        return after ? after + 1 : end + strlen(end);
    }
    return end + 1;
}

static void put_code_point(struct text_out *o, unsigned long c)
{
    char s[5] = {0};
    if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        return;
    if (c < 0x80) {
        s[0] = (char)c;
    } else if (c < 0x800) {
        s[0] = (char)(0xC0 | c >> 6);
        s[1] = (char)(0x80 | (c & 63));
    } else if (c < 0x10000) {
        s[0] = (char)(0xE0 | c >> 12);
        s[1] = (char)(0x80 | (c >> 6 & 63));
        s[2] = (char)(0x80 | (c & 63));
    } else {
        s[0] = (char)(0xF0 | c >> 18);
        s[1] = (char)(0x80 | (c >> 12 & 63));
        s[2] = (char)(0x80 | (c >> 6 & 63));
        s[3] = (char)(0x80 | (c & 63));
    }
    text_put(o, s);
}

/* After '&'. An unknown entity stays as it is written. */
static const char *read_entity(struct html_reading *h, const char *s)
{
    static const struct {
        const char *name, *text;
    } known[] = {{"amp;", "&"},    {"lt;", "<"},     {"gt;", ">"},    {"quot;", "\""},
                 {"apos;", "'"},   {"nbsp;", " "},   {"ldquo;", "“"}, {"rdquo;", "”"},
                 {"lsquo;", "‘"},  {"rsquo;", "’"},  {"mdash;", "—"}, {"ndash;", "–"},
                 {"hellip;", "…"}, {"middot;", "·"}, {"times;", "×"}, {"divide;", "÷"},
                 {"le;", "≤"},     {"ge;", "≥"},     {"ne;", "≠"},    {"permil;", "‰"},
                 {"plusmn;", "±"}, {"yen;", "¥"}};
    if (*s == '#') {
        bool hex = s[1] == 'x' || s[1] == 'X';
        char *end;
        unsigned long c = strtoul(s + 1 + hex, &end, hex ? 16 : 10);
        if (*end == ';' && end > s + 1 + hex) {
            put_code_point(&h->out, c);
            return end + 1;
        }
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strncmp(s, known[i].name, strlen(known[i].name)) == 0) {
            text_put(&h->out, known[i].text);
            return s + strlen(known[i].name);
        }
    text_put(&h->out, "&");
    return s;
}

const char *html_plain(struct exchange *x, const char *item, const char *element,
                       const char *html)
{
    struct html_reading h = {
        .x = x, .item = item, .element = element, .out = {.arena = x->arena}};
    for (const char *s = html; *s;) {
        if (*s == '<') {
            s = read_tag(&h, s + 1);
        } else if (*s == '&') {
            s = read_entity(&h, s + 1);
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
