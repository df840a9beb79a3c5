/* bank/exchange_mathml.c - MathML's layout said with ^ _ / and brackets. Taken as plain text, x² would
 * be x2: another formula. */
#include "bank/exchange_mathml.h"

#include <string.h>

#include "bank/exchange_build.h"
#include "base/arena.h"
#include "base/text_out.h"
#include "base/xml.h"

/* The N-th element below, from 0. */
static const struct xml_node *part(const struct xml_node *n, size_t at)
{
    const struct xml_node *c = n->first;
    for (;; c = c->next) {
        while (c && (!c->name || c->name[0] == '#'))
            c = c->next;
        if (!c || at-- == 0)
            return c;
    }
}

static void put(struct text_out *o, const struct xml_node *n);

static void put_parts(struct text_out *o, const struct xml_node *n, const char *between)
{
    const struct xml_node *c;
    for (size_t i = 0; (c = part(n, i)) != NULL; i++) {
        text_put(o, i ? between : "");
        put(o, c);
    }
}

/* In brackets unless it is one sign or one number. */
static void put_operand(struct text_out *o, const struct xml_node *n)
{
    struct text_out inner = {.arena = o->arena};
    if (n)
        put(&inner, n);
    const char *text = text_out_text(&inner);
    size_t signs = 0;
    for (const char *s = text; *s; s++)
        signs += ((unsigned char)*s & 0xC0) != 0x80;
    bool plain = signs <= 1 || !text[strspn(text, "0123456789.")];
    text_putf(o, plain ? "%s" : "(%s)", text);
}

static void put_script(struct text_out *o, const struct xml_node *n, const char *mark,
                       size_t at)
{
    text_put(o, mark);
    put_operand(o, part(n, at));
}

static void put_fraction(struct text_out *o, const struct xml_node *n)
{
    put_operand(o, part(n, 0));
    text_put(o, "/");
    put_operand(o, part(n, 1));
}

static void put_root(struct text_out *o, const struct xml_node *n)
{
    bool square = xml_is(n, "msqrt");
    struct text_out inner = {.arena = o->arena};
    if (square)
        put_parts(&inner, n, "");
    else if (part(n, 0))
        put(&inner, part(n, 0));
    text_put(o, "√");
    if (!square && part(n, 1)) {
        text_put(o, "[");
        put(o, part(n, 1));
        text_put(o, "]");
    }
    text_putf(o, "(%s)", text_out_text(&inner));
}

static void put_fenced(struct text_out *o, const struct xml_node *n)
{
    const char *open = xml_attribute(n, "open"), *close = xml_attribute(n, "close");
    text_put(o, open ? open : "(");
    put_parts(o, n, ",");
    text_put(o, close ? close : ")");
}

static void put_text(struct text_out *o, const struct xml_node *n)
{
    const char *text = xml_text(o->arena, n);
    text_put(o, trimmed(o->arena, text, strlen(text)));
}

static bool is_any(const struct xml_node *n, const char *const *names)
{
    for (size_t i = 0; names[i]; i++)
        if (xml_is(n, names[i]))
            return true;
    return false;
}

static void put_scripts(struct text_out *o, const struct xml_node *n)
{
    static const char *const below[] = {"msub", "munder", NULL}, *const above[] = {
                                                                     "msup", "mover", NULL};
    put_operand(o, part(n, 0));
    if (is_any(n, below)) {
        put_script(o, n, "_", 1);
    } else if (is_any(n, above)) {
        put_script(o, n, "^", 1);
    } else {
        put_script(o, n, "_", 1);
        put_script(o, n, "^", 2);
    }
}

static void put(struct text_out *o, const struct xml_node *n)
{
    static const char *const tokens[] = {"mi", "mn", "mo", "mtext", "ms", NULL},
                             *const scripts[] = {"msup",   "msub",       "msubsup", "mover",
                                                 "munder", "munderover", NULL},
                             *const tables[] = {"mtable", NULL}, *const rows[] = {"mtr", NULL};
    if (is_any(n, tokens))
        put_text(o, n);
    else if (is_any(n, scripts))
        put_scripts(o, n);
    else if (xml_is(n, "mfrac"))
        put_fraction(o, n);
    else if (xml_is(n, "msqrt") || xml_is(n, "mroot"))
        put_root(o, n);
    else if (xml_is(n, "mfenced"))
        put_fenced(o, n);
    else if (xml_is(n, "semantics") && part(n, 0)) /* the rest is the same said otherwise */
        put(o, part(n, 0));
    else
        put_parts(o, n, is_any(n, tables) ? "; " : is_any(n, rows) ? ", " : "");
}

const char *mathml_line(struct arena *a, const struct xml_node *math)
{
    struct text_out o = {.arena = a};
    put(&o, math);
    return text_out_text(&o);
}
