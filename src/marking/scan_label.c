/* marking/scan_label.c - the QR code of an answer sheet, written, read, checked. */
#include "marking/scan_label.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "marking/scan_layout.h"

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

static bool is_ticket_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           c == '-';
}

/* Exactly LEN hex digits and the character AFTER. */
static const char *take_hex(const char *at, char *out, size_t len, char after)
{
    if (!at)
        return NULL;
    for (size_t i = 0; i < len; i++) {
        if (!is_hex(at[i]))
            return NULL;
        out[i] = at[i];
    }
    out[len] = 0;
    return at[len] != after ? NULL : after ? at + len + 1 : at + len;
}

static const char *take_ticket(const char *at, char *out)
{
    size_t n = 0;
    while (at && n < SCAN_TICKET_MAX && is_ticket_char(at[n])) {
        out[n] = at[n];
        n++;
    }
    out[n] = 0;
    return at && n > 0 && at[n] == ':' ? at + n + 1 : NULL;
}

static const char *take_number(const char *at, int *out, char after)
{
    int n = 0, digits = 0;
    while (at && digits < 2 && at[digits] >= '0' && at[digits] <= '9')
        n = n * 10 + (at[digits++] - '0');
    *out = n;
    if (!at || digits == 0 || at[0] == '0' || at[digits] != after)
        return NULL;
    return at + digits + 1;
}

bool scan_label_read(const char *text, struct scan_label *out)
{
    *out = (struct scan_label){.page = 0};
    const char *at = strncmp(text, "HS1:", 4) == 0 ? text + 4 : NULL;
    at = take_hex(at, out->session, SCAN_ID_CHARS, ':');
    at = take_hex(at, out->form, SCAN_ID_CHARS, ':');
    at = take_ticket(at, out->ticket);
    at = take_number(at, &out->page, '/');
    at = take_number(at, &out->pages, ':');
    at = take_hex(at, out->check, SCAN_CHECK_CHARS, 0);
    return at && out->page <= out->pages && out->pages <= SCAN_PAGES_MAX;
}

const char *scan_label_write(struct arena *a, const struct scan_label *l)
{
    return arena_printf(a, "HS1:%s:%s:%s:%d/%d:%s", l->session, l->form, l->ticket, l->page,
                        l->pages, l->check);
}

static void check_of(const struct scan_subject *s, const unsigned char key[KEY_BYTES],
                     const struct scan_label *l, char out[SCAN_CHECK_CHARS + 1])
{
    struct tag_state t;
    unsigned char tag[TAG_BYTES];
    char pages[32];
    int len = snprintf(pages, sizeof pages, "HS1 %d/%d ", l->page, l->pages);
    tag_begin(&t, key);
    tag_add(&t, pages, (size_t)len);
    tag_add(&t, s->session.bytes, ID_BYTES);
    tag_add(&t, s->form.bytes, ID_BYTES);
    tag_add(&t, s->ticket, strlen(s->ticket) + 1);
    tag_add(&t, s->code, strlen(s->code));
    tag_end(&t, tag);
    hex_write(out, tag, SCAN_CHECK_CHARS / 2);
}

static void short_id(struct id id, char out[SCAN_ID_CHARS + 1])
{
    hex_write(out, id.bytes, SCAN_ID_CHARS / 2);
}

bool scan_label_make(const struct scan_subject *s, const unsigned char key[KEY_BYTES], int page,
                     int pages, struct scan_label *out, struct err *e)
{
    size_t len = strlen(s->ticket);
    *out = (struct scan_label){.page = page, .pages = pages};
    for (size_t i = 0; i < len; i++)
        if (!is_ticket_char(s->ticket[i]) || len > SCAN_TICKET_MAX)
            return FAIL(e, INVALID, "/ticket", "准考证号里有答题卡不能印的字符。");
    memcpy(out->ticket, s->ticket, len + 1);
    short_id(s->session, out->session);
    short_id(s->form, out->form);
    check_of(s, key, out, out->check);
    return true;
}

bool scan_label_is_of(const struct scan_label *l, const struct scan_subject *s,
                      const unsigned char key[KEY_BYTES])
{
    char check[SCAN_CHECK_CHARS + 1], session[SCAN_ID_CHARS + 1], form[SCAN_ID_CHARS + 1];
    check_of(s, key, l, check);
    short_id(s->session, session);
    short_id(s->form, form);
    return strcmp(session, l->session) == 0 && strcmp(form, l->form) == 0 &&
           strcmp(s->ticket, l->ticket) == 0 && secret_equal(check, l->check, SCAN_CHECK_CHARS);
}
