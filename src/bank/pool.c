/* bank/pool.c - items from bank files as composing sees them. */
#include "bank/pool.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/json.h"
#include "programme/programme.h"

enum { POOL_FILE_BYTES_MAX = 50 << 20, POOL_FILES_MAX = 1000 };

void item_row_of(struct arena *a, const struct item *item, const struct programme *p,
                 struct item_row *out)
{
    const struct item_meta *m = &item->meta;
    *out = (struct item_row){
        .code = m->id,
        .programme = p->id,
        .kind = m->kind,
        .state = ITEM_live,
        .version = 1,
        .area = programme_area_of_point(p, m->points[0]),
        .point = m->points[0],
        .level_count = m->level_count,
        .direction_count = m->direction_count,
        .enemy_count = m->enemy_count,
        .difficulty = m->difficulty,
        .cognitive = m->cognitive,
        .importance = m->importance,
    };
    out->levels = arena_copy(a, m->levels, m->level_count * sizeof *m->levels);
    out->directions = arena_copy(a, m->directions, m->direction_count * sizeof *m->directions);
    out->enemies = arena_copy(a, m->enemies, m->enemy_count * sizeof *m->enemies);
}

static void grow(struct arena *a, struct pool *p, size_t more)
{
    size_t room = p->count + more;
    p->rows = arena_grow(a, p->rows, p->count, room, sizeof *p->rows);
    p->items = arena_grow(a, p->items, p->count, room, sizeof *p->items);
    p->places = arena_grow(a, p->places, p->count, room, sizeof *p->places);
    room = p->problem_count + more;
    p->problems = arena_grow(a, p->problems, p->problem_count, room, sizeof *p->problems);
    p->problem_places = arena_grow(a, p->problem_places, p->problem_count, room,
                                   sizeof *p->problem_places);
}

/* The item's id where it has one; else where it stands. */
static const char *place_of(struct arena *a, const char *name, const struct item_file *f,
                            int64_t line)
{
    for (size_t i = 0; i < f->count; i++) {
        const char *id = json_member_text(f->rows[i].object, "id");
        if (f->rows[i].line == line && id && *id)
            return arena_text(a, id);
    }
    return arena_printf(a, "%s:%lld", name, (long long)line);
}

static void add_problem(struct pool *p, const char *place, const struct import_problem *problem)
{
    p->problem_places[p->problem_count] = place;
    p->problems[p->problem_count++] = *problem;
}

static void add_file(struct arena *a, const struct programme *programme, const char *name,
                     struct bytes text, struct pool *out)
{
    struct item_file f;
    item_file_read(a, NULL, text, &f);
    grow(a, out, f.count + f.problem_count + 1);
    out->seen += f.count;
    for (size_t i = 0; i < f.problem_count; i++)
        add_problem(out, place_of(a, name, &f, f.problems[i].row), &f.problems[i]);
    for (size_t i = 0; i < f.count; i++) {
        const struct item *item = &f.rows[i].item;
        struct err e = {0};
        if (!item->kind)
            continue;
        if (!item_fits(item, programme, &e)) {
            struct import_problem problem = {f.rows[i].line, arena_text(a, e.field),
                                             arena_text(a, e.text)};
            add_problem(out, item->meta.id, &problem);
            continue;
        }
        item_row_of(a, item, programme, &out->rows[out->count]);
        out->items[out->count] = *item;
        out->places[out->count++] = arena_printf(a, "%s:%lld", name, (long long)f.rows[i].line);
    }
}

bool pool_embedded(struct arena *a, const struct programme *p, struct pool *out, struct err *e)
{
    const char *prefix = arena_printf(a, "banks/%s/", p->id);
    const struct embedded *f;
    *out = (struct pool){0};
    for (size_t i = 0; (f = embedded_under(prefix, i)); i++)
        add_file(a, p, f->name + strlen(prefix), (struct bytes){f->bytes, f->len}, out);
    return out->seen > 0 || FAIL(e, NOT_FOUND, "bank", "没有随附的题库。");
}

static bool is_bank_file(const char *name)
{
    static const char *const endings[] = {".jsonl", ".csv", ".xlsx"};
    size_t len = strlen(name);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t n = strlen(endings[i]);
        if (name[0] != '.' && len > n && strcmp(name + len - n, endings[i]) == 0)
            return true;
    }
    return false;
}

static int by_name(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static bool list_folder(struct arena *a, const char *path, const char ***names, size_t *count,
                        struct err *e)
{
    DIR *folder = opendir(path);
    const struct dirent *entry;
    if (!folder)
        return FAIL(e, STORE, "file", "%s：%s", path, file_why(errno));
    *names = arena_array(a, const char *, POOL_FILES_MAX);
    *count = 0;
    while ((entry = readdir(folder)) && *count < POOL_FILES_MAX)
        if (is_bank_file(entry->d_name))
            (*names)[(*count)++] = arena_text(a, entry->d_name);
    closedir(folder);
    qsort(*names, *count, sizeof **names, by_name);
    return *count > 0 ||
           FAIL(e, INVALID, "file", "%s 中没有 jsonl、csv、xlsx 题库文件。", path);
}

bool pool_read(struct arena *a, const struct programme *p, const char *path, struct pool *out,
               struct err *e)
{
    struct stat s;
    const char **names = NULL;
    size_t count = 0;
    struct bytes text;
    *out = (struct pool){0};
    if (stat(path, &s) != 0)
        return FAIL(e, NOT_FOUND, "file", "%s：%s", path, file_why(errno));
    if (!S_ISDIR(s.st_mode)) {
        const char *slash = strrchr(path, '/');
        if (!file_read(a, path, POOL_FILE_BYTES_MAX, &text, e))
            return false;
        add_file(a, p, slash ? slash + 1 : path, text, out);
        return true;
    }
    if (!list_folder(a, path, &names, &count, e))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!file_read(a, arena_printf(a, "%s/%s", path, names[i]), POOL_FILE_BYTES_MAX, &text,
                       e))
            return false;
        add_file(a, p, names[i], text, out);
    }
    return true;
}
