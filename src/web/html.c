/* web/html.c - markup and escaped text, in order. */
#include "web/html.h"

#include <stdarg.h>
#include <string.h>

#include "base/arena.h"

struct html {
    struct arena *arena;
    char *text;
    size_t len, room;
};

struct html *html_create(struct arena *a)
{
    struct html *h = arena_new(a, struct html);
    h->arena = a;
    h->room = 16 << 10;
    h->text = arena_alloc(a, h->room, 1);
    return h;
}

static void add(struct html *h, const char *bytes, size_t len)
{
    if (h->len + len + 1 > h->room) {
        size_t room = (h->len + len + 1) * 2;
        h->text = arena_grow(h->arena, h->text, h->len, room, 1);
        h->room = room;
    }
    memcpy(h->text + h->len, bytes, len);
    h->len += len;
    h->text[h->len] = '\0';
}

void html_raw(struct html *h, const char *literal)
{
    add(h, literal, strlen(literal));
}

void html_text(struct html *h, const char *text)
{
    for (const char *c = text ? text : ""; *c; c++) {
        const char *safe = *c == '&'    ? "&amp;"
                           : *c == '<'  ? "&lt;"
                           : *c == '>'  ? "&gt;"
                           : *c == '"'  ? "&quot;"
                           : *c == '\'' ? "&#39;"
                                        : NULL;
        if (safe)
            html_raw(h, safe);
        else
            add(h, c, 1);
    }
}

void html_line(struct html *h, const char *literal, ...)
{
    va_list texts;
    va_start(texts, literal);
    for (const char *at = literal; *at;) {
        size_t len = strcspn(at, "%");
        add(h, at, len);
        at += len;
        if (*at == '%') {
            html_text(h, va_arg(texts, const char *));
            at++;
        }
    }
    va_end(texts);
}

void html_public_page(struct html *h, const struct public_page *page)
{
    html_line(h,
              "<!doctype html>\n<html lang=\"%\"><head><meta charset=\"utf-8\">"
              "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
              "<meta name=\"robots\" content=\"noindex\">"
              "<title>%</title><link rel=\"stylesheet\" href=\"/verify.css\">"
              "<link rel=\"icon\" type=\"image/svg+xml\" href=\"/icon.svg\"></head>\n<body>\n",
              page->english ? "en" : "zh-CN", page->title);
    html_line(h,
              "<header class=\"bar\"><a class=\"brand\" href=\"/\">衡</a><b>%</b>"
              "<span class=\"soft\">%</span>",
              page->title, page->body_name);
    html_line(h,
              "<a class=\"push\" href=\"%%\" lang=\"%\">%</a></header>\n"
              "<main class=\"wrap\">\n",
              page->path, page->english ? "" : "?lang=en", page->english ? "zh-CN" : "en",
              page->other);
}

struct bytes html_bytes(const struct html *h)
{
    return (struct bytes){(const unsigned char *)h->text, h->len};
}
