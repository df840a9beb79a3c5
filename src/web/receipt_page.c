/* web/receipt_page.c - writes the page that checks receipts. */
#include "web/receipt_page.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/calendar.h"
#include "base/json.h"
#include "web/html.h"

enum word {
#define RECEIPT_WORD(name, chinese, english) WORD_##name,
#include "web/receipt_words.def"
#undef RECEIPT_WORD
    WORDS
};

static const char *const words[WORDS][2] = {
#define RECEIPT_WORD(name, chinese, english) [WORD_##name] = {chinese, english},
#include "web/receipt_words.def"
#undef RECEIPT_WORD
};

struct writer {
    struct html *h;
    struct arena *a;
    const struct receipt_page *p;
};

static const char *say(const struct writer *w, enum word which)
{
    return words[which][w->p->english];
}

static const char *language(const struct writer *w)
{
    return w->p->english ? "?lang=en" : "";
}

/* 2026-11-28 10:42:07 +08:00: to the second, for the receipt says so. */
static const char *instant(const struct writer *w, int64_t ms)
{
    char day[DATE_TEXT_BYTES];
    int64_t seconds = (ms + CHINA_OFFSET_MS) % DAY_MS / 1000;
    date_write(date_of_instant(ms, CHINA_OFFSET_MS), day);
    return arena_printf(w->a, "%s %02d:%02d:%02d +08:00", day, (int)(seconds / 3600),
                        (int)(seconds / 60 % 60), (int)(seconds % 60));
}

static void write_verdict(struct writer *w, const char *class, enum word verdict)
{
    html_line(w->h, "<div class=\"v %\" role=\"status\"><h1>%</h1><p>", class, say(w, verdict));
}

static void fact(struct writer *w, enum word label, const char *class, const char *value)
{
    html_line(w->h, "<dt>%</dt><dd class=\"%\">%</dd>", say(w, label), class, value);
}

static void number_fact(struct writer *w, enum word label, const char *name)
{
    fact(w, label, "",
         arena_printf(w->a, "%lld", (long long)json_member_int(w->p->receipt, name, 0)));
}

static void write_facts(struct writer *w)
{
    const json_t *r = w->p->receipt;
    html_raw(w->h, "<div class=\"paper\"><dl class=\"f\">");
    fact(w, WORD_seal_code, "mono", json_member_text(r, "seal_code"));
    fact(w, WORD_sealed_at, "", instant(w, json_member_int(r, "sealed_at", 0)));
    fact(w, WORD_stored_at, "", instant(w, json_member_int(r, "server_ms", 0)));
    number_fact(w, WORD_entries, "entries");
    number_fact(w, WORD_answered, "answered");
    fact(w, WORD_head, "mono", json_member_text(r, "head"));
    fact(w, WORD_paper, "mono", json_member_text(r, "paper_sha256"));
    fact(w, WORD_batch, "mono",
         arena_printf(w->a, "%lld · %.16s", (long long)json_member_int(r, "batch", 0),
                      json_member_text(r, "batch_hash")));
    fact(w, WORD_attempt, "mono", json_member_text(r, "attempt"));
    fact(w, WORD_session, "mono", json_member_text(r, "session"));
    fact(w, WORD_key, "mono", json_member_text(r, "kid"));
    html_raw(w->h, "</dl></div>\n");
}

/* The receipt itself goes along: who came with the code alone can keep it. */
static void write_file(struct writer *w)
{
    struct err e = {0};
    struct bytes text;
    if (!jcs_write(w->a, w->p->receipt, &text, &e))
        return;
    html_line(w->h,
              "<div class=\"acts\"><a class=\"btn\" download=\"heng-receipt-%.json\""
              " href=\"data:application/json;base64,%\">%</a></div>\n",
              json_member_text(w->p->receipt, "seal_code"),
              base64_write(w->a, text.at, text.len), say(w, WORD_own));
}

static void write_answer(struct writer *w)
{
    const struct receipt_page *p = w->p;
    html_raw(w->h, "<article class=\"sheet\">\n");
    switch (p->kind) {
    case RECEIPT_TRUE:
        write_verdict(w, "good", WORD_good);
        html_text(w->h, say(w, WORD_good_why));
        break;
    case RECEIPT_FALSE:
        write_verdict(w, "bad", WORD_bad);
        html_text(w->h, p->why);
        break;
    case RECEIPT_NONE:
        write_verdict(w, "none", WORD_none);
        html_text(w->h, say(w, WORD_none_why));
        break;
    case RECEIPT_TOO_MANY:
        write_verdict(w, "none", WORD_too_many);
        html_line(w->h, say(w, WORD_too_many_why),
                  arena_printf(w->a, "%lld", (long long)p->retry_s));
        break;
    case RECEIPT_UNREAD:
    case RECEIPT_ASK:
        write_verdict(w, "none", WORD_unread);
        html_text(w->h, p->why);
        break;
    }
    html_raw(w->h, "</p></div>\n");
    if (p->kind == RECEIPT_TRUE && p->followed)
        html_line(w->h, "<p class=\"mark\">▲ %</p>\n", say(w, WORD_followed));
    if (p->kind == RECEIPT_TRUE) {
        write_facts(w);
        write_file(w);
    }
    html_raw(w->h, "</article>\n");
}

static void write_forms(struct writer *w)
{
    html_line(w->h,
              "<form class=\"sheet find\" method=\"post\" action=\"/receipt%\"><h2>%</h2>"
              "<div class=\"row pair\"><div><label for=\"code\">%</label>"
              "<input id=\"code\" name=\"code\" placeholder=\"ABCD-EFGH-JKMN-PQRS\""
              " autocomplete=\"off\" spellcheck=\"false\" maxlength=\"40\"></div>",
              language(w), say(w, WORD_by_code), say(w, WORD_seal_code));
    html_line(w->h, "<button class=\"btn primary\">%</button></div></form>\n", say(w, WORD_go));
    html_line(w->h,
              "<form class=\"sheet find\" method=\"post\" action=\"/receipt%\"><h2>%</h2>"
              "<div class=\"row pair\"><div><label for=\"receipt\">%</label>"
              "<textarea id=\"receipt\" name=\"receipt\" rows=\"5\" placeholder=\"%\""
              " autocomplete=\"off\" spellcheck=\"false\" maxlength=\"4000\"></textarea></div>",
              language(w), say(w, WORD_by_text), say(w, WORD_text), say(w, WORD_text_hint));
    html_line(w->h, "<button class=\"btn primary\">%</button></div></form>\n", say(w, WORD_go));
    html_line(w->h,
              "<section class=\"sheet self\"><h2>%</h2><p>%</p><div class=\"acts\">"
              "<a class=\"btn\" href=\"/receipt/heng-receipt.html\" download>%</a>",
              say(w, WORD_offline), say(w, WORD_offline_why), say(w, WORD_page));
    html_line(w->h,
              "<a class=\"btn\" download=\"heng-keys.json\""
              " href=\"/.well-known/heng-keys.json\">%</a></div></section>\n"
              "<p class=\"end\">%</p>\n</main>\n</body></html>\n",
              say(w, WORD_keys), say(w, WORD_end));
}

struct bytes receipt_page_write(struct arena *a, const struct receipt_page *p)
{
    struct writer w = {html_create(a), a, p};
    html_public_page(w.h, &(struct public_page){"/receipt", say(&w, WORD_title), w.p->body_name,
                                                say(&w, WORD_other), w.p->english});
    if (p->kind == RECEIPT_ASK)
        html_line(w.h, "<h1>%</h1>\n", say(&w, WORD_title));
    else
        write_answer(&w);
    write_forms(&w);
    return html_bytes(w.h);
}
