/* app/road_traces.c - after the road: no document number and no phone of any candidate stands in what the
 * program has written, its database and the log of that, its files, the log of the server (S22). */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/road.h"
#include "base/arena.h"
#include "base/file.h"

enum { PHONE_DIGITS = 11, DOCUMENT_CHARACTERS = 18, FOLDERS_DEEP = 8 };
#define FILE_BYTES_MAX ((size_t)1 << 30)

struct search {
    const char **phones, **documents; /* sorted */
    size_t count;
    const char
        *name; /* of somebody: personal, but kept as it is; a search that misses it is blind */
    bool name_seen, database_seen;
};

static int by_text(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static int phone_order(const void *at, const void *one)
{
    return memcmp(at, *(const char *const *)one, PHONE_DIGITS);
}

static int document_order(const void *at, const void *one)
{
    return memcmp(at, *(const char *const *)one, DOCUMENT_CHARACTERS);
}

static bool holds_number(const struct search *s, struct bytes b)
{
    size_t run =
        0; /* digits up to here, this one too: a number may stand within a longer run */
    for (size_t i = 0; i < b.len; i++) {
        run = b.at[i] >= '0' && b.at[i] <= '9' ? run + 1 : 0;
        if (run >= PHONE_DIGITS && bsearch(&b.at[i + 1 - PHONE_DIGITS], s->phones, s->count,
                                           sizeof *s->phones, phone_order))
            return true;
        if (run >= DOCUMENT_CHARACTERS - 1 && i + 1 < b.len &&
            bsearch(&b.at[i + 2 - DOCUMENT_CHARACTERS], s->documents, s->count,
                    sizeof *s->documents, document_order))
            return true;
    }
    return false;
}

static bool search_file(struct search *s, const char *path, struct err *e)
{
    struct bytes content;
    struct arena *a = arena_create(FILE_BYTES_MAX + ((size_t)1 << 20));
    bool ok = file_read(a, path, FILE_BYTES_MAX, &content, e);
    if (ok && holds_number(s, content))
        ok = FAIL(e, INTERNAL, "traces", "%s 里有考生的证件号码或手机号码。", path);
    s->name_seen = s->name_seen ||
                   (ok && memmem(content.at, content.len, s->name, strlen(s->name)) != NULL);
    s->database_seen = s->database_seen || strstr(path, "/heng.db") != NULL;
    arena_destroy(a);
    return ok;
}

static bool search_folder(struct search *s, struct arena *a, const char *path, int deep,
                          struct err *e)
{
    DIR *d = opendir(path);
    const struct dirent *one;
    bool ok = d != NULL || FAIL(e, STORE, "traces", "%s 无法打开。", path);
    while (ok && (one = readdir(d))) {
        struct stat is;
        if (strcmp(one->d_name, ".") == 0 || strcmp(one->d_name, "..") == 0)
            continue;
        const char *below = arena_printf(a, "%s/%s", path, one->d_name);
        if (lstat(below, &is) != 0)
            continue; /* the server still runs: a temporary file is gone again */
        if (S_ISDIR(is.st_mode))
            ok = deep > 0 && search_folder(s, a, below, deep - 1, e);
        else if (S_ISREG(is.st_mode))
            ok = search_file(s, below, e);
    }
    if (d)
        closedir(d);
    return ok;
}

/* Numbers planted in other digits are found, or the search proves nothing. */
static bool finds_planted(struct arena *a, const struct search *s)
{
    for (size_t i = 0; i < s->count; i++) {
        const char *phone = arena_printf(a, "7%s8", s->phones[i]),
                   *document = arena_printf(a, "\"%s\"", s->documents[i]);
        if (!holds_number(s, (struct bytes){(const unsigned char *)phone, strlen(phone)}) ||
            !holds_number(s, (struct bytes){(const unsigned char *)document, strlen(document)}))
            return false;
    }
    return true;
}

bool road_traces(struct road *r, int64_t *count, struct err *e)
{
    struct search s = {.phones = arena_array(r->arena, const char *, r->count),
                       .documents = arena_array(r->arena, const char *, r->count),
                       .count = r->count,
                       .name = r->candidates[0].name};
    for (size_t i = 0; i < r->count; i++) {
        s.phones[i] = r->candidates[i].phone;
        s.documents[i] = r->candidates[i].document;
    }
    qsort(s.phones, s.count, sizeof *s.phones, by_text);
    qsort(s.documents, s.count, sizeof *s.documents, by_text);
    if (!finds_planted(r->arena, &s))
        return FAIL(e, INTERNAL, "traces", "搜索没有找到有意放入的号码。");
    if (!search_folder(&s, r->arena, r->folder, FOLDERS_DEEP, e))
        return false;
    /* Where the database is a server's, its files are not here to be read. */
    if (s.database_seen && !s.name_seen)
        return FAIL(e, INTERNAL, "traces", "连姓名也没有找到：没有搜到数据库的内容。");
    *count = (int64_t)(2 * r->count);
    return true;
}
