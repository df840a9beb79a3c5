/* web/html_test.c - nothing from outside becomes markup; forms are read exactly. */
#include "web/html.h"

#include "base/arena.h"
#include "test/check.h"
#include "web/form.h"

void html_escapes_test(void)
{
    struct arena *a = arena_create(4 << 20);
    struct html *h = html_create(a);
    html_line(h, "<a title=\"%\">%</a>", "\"'&<>", "<script>");
    html_text(h, NULL);
    CHECK_TEXT("escaped", (const char *)html_bytes(h).at,
               "<a title=\"&quot;&#39;&amp;&lt;&gt;\">&lt;script&gt;</a>");
    for (int i = 0; i < 10000; i++)
        html_text(h, "证书");
    CHECK_INT("grows", html_bytes(h).len > 60000, true);
    arena_destroy(a);
}

void form_read_test(void)
{
    static const struct {
        const char *body, *n, *m;
        bool good;
    } cases[] = {
        {"n=S1&m=%E9%A1%BE", "S1", "顾", true},
        {"n=a+b&m=", "a b", "", true},
        {"n=%2B&m=%26%3D", "+", "&=", true},
        {"", "", "", true},
        {"&&", "", "", true},
        {"n", "", "", true},
        {"n=%", "", "", false},
        {"n=%4", "", "", false},
        {"n=%4g", "", "", false},
        {"n=%00", "", "", false},
        {"n=%FF", "", "", false},
        {"n=1&n=2", "", "", false},
        {"a=&b=&c=&d=&e=&f=&g=&h=&i=&j=&k=&l=&o=&p=&q=&r=&s=", "", "", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *a = arena_create(1 << 20);
        struct form f;
        struct err e = {0};
        const struct bytes body = {(const unsigned char *)cases[i].body, strlen(cases[i].body)};
        CHECK_INT(cases[i].body, form_read(a, body, &f, &e), cases[i].good);
        if (cases[i].good) {
            CHECK_TEXT(cases[i].body, form_get(&f, "n"), cases[i].n);
            CHECK_TEXT(cases[i].body, form_get(&f, "m"), cases[i].m);
        } else {
            CHECK_INT(cases[i].body, e.code, ERR_INVALID);
        }
        arena_destroy(a);
    }
}
