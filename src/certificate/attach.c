/* certificate/attach.c - appends an embedded file to a PDF (ISO 32000-1, 7.5.6 and 7.11.4). */
#include "certificate/attach.h"

#include <string.h>

#include "base/arena.h"

/* Marks the stream that is ours; the length behind it is direct. */
static const char MARK[] = "<< /Type /EmbeddedFile /Subtype /application#2Fjson /Length ";

enum { NUMBER_DIGITS = 10 };

struct trailer {
    size_t xref; /* offset of the cross-reference table */
    long size;   /* number of objects */
    long root;
    const char *info; /* "/Info 12 0 R" or "" */
};

static const unsigned char *find_last(struct bytes in, const char *what)
{
    size_t len = strlen(what);
    for (size_t i = in.len >= len ? in.len - len + 1 : 0; i-- > 0;)
        if (memcmp(in.at + i, what, len) == 0)
            return in.at + i;
    return NULL;
}

static const unsigned char *find_first(struct bytes in, size_t from, const char *what)
{
    size_t len = strlen(what);
    for (size_t i = from; i + len <= in.len; i++)
        if (memcmp(in.at + i, what, len) == 0)
            return in.at + i;
    return NULL;
}

/* A number of at most 10 digits behind blanks at AT; -1 if there is none. */
static long read_number(struct bytes in, const unsigned char *at)
{
    const unsigned char *end = in.at + in.len;
    long n = 0;
    int digits = 0;
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\r'))
        at++;
    for (; at < end && *at >= '0' && *at <= '9' && digits < NUMBER_DIGITS; at++, digits++)
        n = n * 10 + (*at - '0');
    return digits ? n : -1;
}

static long number_behind(struct bytes in, const unsigned char *from, const char *key)
{
    const unsigned char *at = find_first(in, (size_t)(from - in.at), key);
    return at ? read_number(in, at + strlen(key)) : -1;
}

static bool read_trailer(struct arena *a, struct bytes pdf, struct trailer *t)
{
    const unsigned char *start = find_last(pdf, "startxref"), *at = find_last(pdf, "trailer");
    if (!start || !at || at > start)
        return false;
    long xref = read_number(pdf, start + strlen("startxref"));
    t->size = number_behind(pdf, at, "/Size");
    t->root = number_behind(pdf, at, "/Root");
    long info = number_behind(pdf, at, "/Info");
    t->info = info > 0 ? arena_printf(a, "/Info %ld 0 R ", info) : "";
    if (xref <= 0 || (size_t)xref >= pdf.len || t->size <= 0 || t->root <= 0)
        return false;
    t->xref = (size_t)xref;
    return pdf.len - t->xref > 4 && memcmp(pdf.at + t->xref, "xref", 4) == 0;
}

/* The dictionary of object N without its brackets. */
static const char *object_body(struct arena *a, struct bytes pdf, long n)
{
    const char *head = arena_printf(a, "\n%ld 0 obj", n);
    const unsigned char *at = find_last(pdf, head);
    if (!at)
        return NULL;
    size_t from = (size_t)(at - pdf.at) + strlen(head);
    const unsigned char *open = find_first(pdf, from, "<<"),
                        *end = find_first(pdf, from, "endobj");
    if (!open || !end || open > end)
        return NULL;
    char *body = arena_copy(a, open + 2, (size_t)(end - open) - 2);
    char *close = NULL;
    for (char *c = strstr(body, ">>"); c; c = strstr(c + 1, ">>"))
        close = c;
    if (!close || strstr(body, "/Names") || strstr(body, "/AF"))
        return NULL;
    *close = '\0';
    return body;
}

bool pdf_attach(struct arena *a, struct bytes pdf, const char *name, struct bytes content,
                struct bytes *out, struct err *e)
{
    struct trailer t;
    const char *catalog;
    if (!read_trailer(a, pdf, &t) || !(catalog = object_body(a, pdf, t.root)))
        return FAIL(e, INTERNAL, "pdf", "不能在这个 PDF 中加入附件。");
    long file = t.size, spec = t.size + 1;
    const char *head = arena_printf(a, "%ld 0 obj\n%s%zu >>\nstream\n", file, MARK,
                                    content.len);
    const char *after = arena_printf(
        a,
        "\nendstream\nendobj\n"
        "%ld 0 obj\n<< /Type /Filespec /F (%s) /UF (%s) /AFRelationship /Data"
        " /EF << /F %ld 0 R >> >>\nendobj\n",
        spec, name, name, file);
    const char *root = arena_printf(
        a,
        "%ld 0 obj\n<<%s/Names << /EmbeddedFiles << /Names [(%s) %ld 0 R] >> >> /AF [%ld 0 R]"
        " >>\nendobj\n",
        t.root, catalog, name, spec, spec);

    size_t file_at = pdf.len,
           spec_at = file_at + strlen(head) + content.len + strlen("\nendstream\nendobj\n");
    size_t root_at = file_at + strlen(head) + content.len + strlen(after);
    size_t xref_at = root_at + strlen(root);
    const char *tail = arena_printf(
        a,
        "xref\n%ld 1\n%010zu 00000 n \n%ld 2\n%010zu 00000 n \n%010zu 00000 n \n"
        "trailer\n<< /Size %ld /Root %ld 0 R %s/Prev %zu >>\nstartxref\n%zu\n%%%%EOF\n",
        t.root, root_at, file, file_at, spec_at, spec + 1, t.root, t.info, t.xref, xref_at);

    size_t len = xref_at + strlen(tail);
    unsigned char *all = arena_alloc(a, len + 1, 1), *to = all;
    const struct bytes parts[] = {
        pdf,
        {(const unsigned char *)head, strlen(head)},
        content,
        {(const unsigned char *)after, strlen(after)},
        {(const unsigned char *)root, strlen(root)},
        {(const unsigned char *)tail, strlen(tail)},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        memcpy(to, parts[i].at, parts[i].len);
        to += parts[i].len;
    }
    *out = (struct bytes){all, len};
    return true;
}

bool pdf_attachment(struct bytes pdf, struct bytes *out)
{
    const unsigned char *at = find_last(pdf, MARK);
    if (!at)
        return false;
    long len = read_number(pdf, at + strlen(MARK));
    const unsigned char *stream = find_first(pdf, (size_t)(at - pdf.at), ">>\nstream\n");
    if (len < 0 || !stream)
        return false;
    stream += strlen(">>\nstream\n");
    if ((size_t)len > (size_t)(pdf.at + pdf.len - stream))
        return false;
    *out = (struct bytes){stream, (size_t)len};
    return true;
}
