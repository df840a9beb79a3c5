/* web/verify_page.c - writes the verification page. */
#include "web/verify_page.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/calendar.h"
#include "base/data_proof.h"
#include "base/json.h"
#include "certificate/lookup.h"
#include "web/html.h"

enum word {
#define VERIFY_WORD(name, chinese, english) WORD_##name,
#include "web/verify_words.def"
#undef VERIFY_WORD
    WORDS
};

static const char *const words[WORDS][2] = {
#define VERIFY_WORD(name, chinese, english) [WORD_##name] = {chinese, english},
#include "web/verify_words.def"
#undef VERIFY_WORD
};

struct writer {
    struct html *h;
    struct arena *a;
    const struct verify_page *p;
};

static const char *say(const struct writer *w, enum word which)
{
    return words[which][w->p->english];
}

/* 2026-06-26, in China. */
static const char *day_text(const struct writer *w, int64_t ms)
{
    char *text = arena_alloc(w->a, DATE_TEXT_BYTES, 1);
    date_write(date_of_instant(ms, CHINA_OFFSET_MS), text);
    return text;
}

static const char *minute_text(const struct writer *w, int64_t ms)
{
    int64_t minutes = (ms + CHINA_OFFSET_MS) % DAY_MS / 60000;
    return arena_printf(w->a, "%s %02d:%02d", day_text(w, ms), (int)(minutes / 60),
                        (int)(minutes % 60));
}

static const char *language(const struct writer *w)
{
    return w->p->english ? "?lang=en" : "";
}

static void write_verdict(struct writer *w, const char *class, enum word verdict)
{
    html_line(w->h, "<div class=\"v %\" role=\"status\"><h1>%</h1><p>", class, say(w, verdict));
}

static const struct certificate_event *end_of(const struct lookup_answer *a)
{
    for (size_t i = 0; i < a->history_count; i++)
        if (a->history[i].kind == CERTIFICATE_EVENT_revoked ||
            a->history[i].kind == CERTIFICATE_EVENT_voided ||
            a->history[i].kind == CERTIFICATE_EVENT_corrected)
            return &a->history[i];
    return NULL;
}

/* Who holds a replaced certificate has done nothing wrong: it is not called revoked. */
static enum word ended_word(const struct certificate *c)
{
    return c->state == CERTIFICATE_REPLACED ? WORD_replaced
           : c->state == CERTIFICATE_VOID   ? WORD_ended_void
                                            : WORD_ended;
}

static void write_ended(struct writer *w, const struct lookup_answer *a)
{
    const struct certificate_event *end = end_of(a);
    const char *day = end ? day_text(w, end->at_ms) : "", *reason = end ? end->reason : "";
    write_verdict(w, "bad", ended_word(&a->certificate));
    if (a->certificate.state == CERTIFICATE_REPLACED)
        html_line(w->h, say(w, WORD_replaced_on), day, reason, a->replaced_by);
    else
        html_line(
            w->h,
            say(w, a->certificate.state == CERTIFICATE_VOID ? WORD_void_on : WORD_revoked_on),
            day, reason);
}

static enum word confirmed_word(const char *confirmed)
{
    return strcmp(confirmed, "name") == 0       ? WORD_confirmed_name
           : strcmp(confirmed, "document") == 0 ? WORD_confirmed_document
           : strcmp(confirmed, "phone") == 0    ? WORD_confirmed_phone
           : strcmp(confirmed, "qr") == 0       ? WORD_confirmed_qr
                                                : WORD_confirmed_two;
}

static void write_found_verdict(struct writer *w, const struct lookup_answer *a)
{
    const struct certificate *c = &a->certificate;
    if (c->state == CERTIFICATE_VALID) {
        write_verdict(w, "good", WORD_valid);
        html_line(w->h, say(w, WORD_valid_by), c->face.value[FACE_issuer],
                  minute_text(w, w->p->now_ms));
    } else {
        write_ended(w, a);
    }
    html_line(w->h, " %</p></div>\n", say(w, confirmed_word(a->confirmed)));
    if (c->specimen)
        html_line(w->h, "<p class=\"mark\">▲ %</p>\n", say(w, WORD_specimen));
    if (a->old_print) {
        html_raw(w->h, "<p class=\"mark\">▲ ");
        html_line(w->h, say(w, WORD_old_print), c->print_serial);
        html_raw(w->h, "</p>\n");
    }
}

static void write_fact(struct writer *w, const char *label, const char *english,
                       const char *value)
{
    if (w->p->english)
        html_line(w->h, "<dt>%<small lang=\"zh-CN\">%</small></dt><dd>%</dd>", english, label,
                  value);
    else
        html_line(w->h, "<dt>%</dt><dd>%</dd>", label, value);
}

static void write_photo(struct writer *w, const struct certificate *c)
{
    if (id_is_zero(c->photo))
        return;
    html_raw(w->h, "<figure>");
    if (w->p->photo)
        html_line(w->h, "<img class=\"ph\" src=\"%\" alt=\"%\" width=\"120\" height=\"168\">",
                  w->p->photo, say(w, WORD_photo_alt));
    html_line(w->h, "<figcaption>%</figcaption></figure>",
              say(w, w->p->photo ? WORD_photo_note : WORD_photo_none));
}

static void write_paper(struct writer *w, const struct lookup_answer *a)
{
    const struct certificate *c = &a->certificate;
    bool valid = c->state == CERTIFICATE_VALID;
    html_line(w->h,
              "<div class=\"paper\"><h2 lang=\"zh-CN\">%</h2><p class=\"en\" lang=\"en\">%</p>"
              "<div class=\"mid\"><dl class=\"f\">",
              c->face.title, c->face.title_english);
    for (int k = 0; k < FACE_KEYS; k++)
        if (c->face.value[k])
            write_fact(w, face_label(&c->face, (enum face_key)k),
                       face_label_english(&c->face, (enum face_key)k), c->face.value[k]);
    html_line(w->h, "<dt>%</dt><dd>%</dd>", say(w, WORD_print), c->print_serial);
    html_line(w->h, "<dt>%</dt><dd><b class=\"%\">%</b></dd></dl>", say(w, WORD_state),
              valid ? "ok" : "danger", say(w, valid ? WORD_valid : ended_word(c)));
    write_photo(w, c);
    html_raw(w->h, "</div></div>\n");
}

static void write_event(struct writer *w, const struct certificate_event *v)
{
    bool bad = v->kind == CERTIFICATE_EVENT_revoked || v->kind == CERTIFICATE_EVENT_voided ||
               v->kind == CERTIFICATE_EVENT_corrected;
    html_line(w->h, "<li><time datetime=\"%\">%</time><span class=\"m %\">%</span><div>",
              day_text(w, v->at_ms), day_text(w, v->at_ms), bad ? "danger" : "ok",
              bad ? "✕" : "✓");
    html_line(w->h, "<b class=\"%\">%</b>", bad ? "danger" : "",
              certificate_event_label(v->kind, w->p->english));
    if (!id_is_zero(v->second))
        html_line(w->h, "　%", say(w, WORD_two_people));
    html_raw(w->h, "<small>");
    html_text(w->h, v->reason);
    if (*v->print_serial) {
        html_raw(w->h, *v->reason ? " · " : "");
        html_line(w->h, say(w, WORD_print_is), v->print_serial);
    }
    if (*v->number) {
        html_raw(w->h, " · ");
        html_line(w->h, say(w, WORD_other_number), v->number);
    }
    html_raw(w->h, "</small></div></li>");
}

static void write_history(struct writer *w, const struct lookup_answer *a)
{
    html_line(w->h, "<section class=\"sheet\"><h2>%</h2><ol class=\"h\">",
              say(w, WORD_history));
    for (size_t i = 0; i < a->history_count; i++)
        write_event(w, &a->history[i]);
    html_raw(w->h, "</ol></section>\n");
}

static void write_steps(struct writer *w, const struct certificate *c, const char *file)
{
    html_line(w->h, "<details><summary>%</summary><ol class=\"steps\"><li>%</li><li>%",
              say(w, WORD_how), say(w, WORD_step_1), say(w, WORD_step_2));
    html_line(w->h, "<pre>heng cert verify % --keys heng-keys.json</pre></li><li>%</li>", file,
              say(w, WORD_step_3));
    html_line(w->h, "<li>%<pre>%</pre></li></ol></details></section>\n", say(w, WORD_step_4),
              arena_printf(w->a, "%s/status/%lld  [%lld]", w->p->public_url,
                           (long long)c->status_list, (long long)c->status_index));
}

static void write_self(struct writer *w, const struct certificate *c)
{
    struct err e = {0};
    const json_t *v = json_read(w->a, c->credential, strlen(c->credential), &e);
    const char *created = json_member_text(json_object_get(v, "proof"), "created");
    const char *file = arena_printf(w->a, "%s.json", c->number);
    html_line(w->h, "<section class=\"sheet self\"><h2>%</h2><p>%</p><dl class=\"k\">",
              say(w, WORD_self), say(w, WORD_self_text));
    html_line(w->h, "<dt>%</dt><dd class=\"mono\">%</dd><dt>%</dt><dd>%</dd></dl>",
              say(w, WORD_key), data_proof_kid(v), say(w, WORD_signed_at), created);
    html_line(w->h,
              "<div class=\"acts\"><a class=\"btn\" download=\"%\""
              " href=\"data:application/json;base64,%\">%</a>",
              file,
              base64_write(w->a, (const unsigned char *)c->credential, strlen(c->credential)),
              say(w, WORD_data));
    html_line(w->h,
              "<a class=\"btn\" download=\"heng-keys.json\""
              " href=\"/.well-known/heng-keys.json\">%</a></div>\n",
              say(w, WORD_keys));
    write_steps(w, c, file);
}

/* TYPED comes back where nothing was found: whoever mistyped one of 22 characters looks for it. What
 * may be a document number or a phone does not. */
static void write_field(struct writer *w, const char *name, enum word label, const char *hint,
                        const char *typed)
{
    html_line(w->h,
              "<div><label for=\"%\">%</label><input id=\"%\" name=\"%\" placeholder=\"%\""
              " value=\"%\" autocomplete=\"off\" spellcheck=\"false\" maxlength=\"80\"></div>",
              name, say(w, label), name, name, hint, typed);
}

static struct lookup_question typed_before(const struct writer *w)
{
    return w->p->asked ? *w->p->asked : (struct lookup_question){0};
}

/* Programmes whose certificates any two facts find. */
static void write_two_form(struct writer *w)
{
    const struct lookup_question q = typed_before(w);
    bool any = false;
    for (size_t i = 0; i < w->p->programmes->count; i++)
        any = any || lookup_allows_two(w->p->programmes->at[i]);
    if (!any)
        return;
    html_line(w->h,
              "<form class=\"sheet find\" method=\"post\" action=\"/verify%\"><h2>%</h2>"
              "<div class=\"row two\"><div><label for=\"programme\">%</label>"
              "<select id=\"programme\" name=\"programme\">",
              language(w), say(w, WORD_no_number), say(w, WORD_programme));
    for (size_t i = 0; i < w->p->programmes->count; i++) {
        const struct programme *p = w->p->programmes->at[i];
        if (!lookup_allows_two(p))
            continue;
        html_raw(w->h, q.programme && strcmp(q.programme, p->id) == 0 ? "<option selected"
                                                                      : "<option");
        html_line(w->h, " value=\"%\">%</option>", p->id,
                  p->certificate ? p->certificate->name : p->title);
    }
    html_raw(w->h, "</select></div>");
    write_field(w, "name", WORD_name, "", q.name);
    write_field(w, "document", WORD_document, "", NULL);
    write_field(w, "phone", WORD_phone, "", NULL);
    html_line(w->h,
              "<p class=\"end\">%</p><button class=\"btn primary\">%</button></div></form>\n",
              say(w, WORD_any_two), say(w, WORD_go));
}

static void write_forms(struct writer *w)
{
    const struct lookup_question q = typed_before(w);
    html_line(w->h,
              "<form class=\"sheet find\" method=\"post\" action=\"/verify%\"><h2>%</h2>"
              "<div class=\"row\">",
              language(w),
              say(w, w->p->kind == VERIFY_ASK || w->p->asked ? WORD_find : WORD_find_next));
    write_field(w, "number", WORD_number, say(w, WORD_number_hint), q.number);
    write_field(w, "second", WORD_second, "", NULL);
    html_line(w->h, "<button class=\"btn primary\">%</button></div></form>\n", say(w, WORD_go));
    write_two_form(w);
    html_line(w->h, "<p class=\"end\">% %</p>\n</main>\n</body></html>\n", say(w, WORD_end),
              say(w, WORD_end_official));
}

static void write_answer(struct writer *w)
{
    const struct lookup_answer *a = w->p->answer;
    html_raw(w->h, "<article class=\"sheet\">\n");
    if (!a->found) {
        write_verdict(w, "none", a->in_doubt ? WORD_doubt : WORD_none);
        html_line(w->h, "%</p></div></article>\n",
                  say(w, a->in_doubt ? WORD_doubt_why : WORD_none_number));
        return;
    }
    write_found_verdict(w, a);
    write_paper(w, a);
    html_raw(w->h, "</article>\n");
    write_history(w, a);
    write_self(w, &a->certificate);
}

static void write_notice(struct writer *w)
{
    bool many = w->p->kind == VERIFY_TOO_MANY;
    html_raw(w->h, "<article class=\"sheet\">\n");
    write_verdict(w, "none", many ? WORD_too_many : WORD_bad);
    if (many)
        html_line(w->h, say(w, WORD_too_many_why),
                  arena_printf(w->a, "%lld", (long long)w->p->retry_s));
    else
        html_text(w->h, w->p->what);
    html_raw(w->h, "</p></div></article>\n");
}

struct bytes verify_page_write(struct arena *a, const struct verify_page *p)
{
    struct writer w = {html_create(a), a, p};
    html_public_page(w.h,
                     &(struct public_page){p->path ? p->path : "/verify", say(&w, WORD_title),
                                           w.p->body_name, say(&w, WORD_other), w.p->english});
    if (p->kind == VERIFY_ASK)
        html_line(w.h, "<h1>%</h1>\n", say(&w, WORD_title));
    else if (p->kind == VERIFY_ANSWER)
        write_answer(&w);
    else
        write_notice(&w);
    write_forms(&w);
    return html_bytes(w.h);
}
