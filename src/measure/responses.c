/* measure/responses.c - reads responses as a stream, one byte each. */
#include "measure/responses.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/csv.h"
#include "base/file.h"
#include "base/json_out.h"

enum {
    BUFFER_BYTES = 1 << 20,
    GUARD_BYTES = 8,
    COLUMNS_MAX = RESPONSE_ITEMS_MAX + 100,
    CELL_BYTES = 256,
    CODE_NEW = 254, /* a character that has not been seen yet */
    RESPONSES_MAX = 200000000,
    TO_NOWHERE = -1,
    TO_WEIGHT = -2,
    TO_GROUP = -3,
    TO_NONE_SAID = -4 /* what says the items does not say this one */
};

/* Answers by their code, found by a walk: there are few, and single characters go by table. */
struct answers {
    const char *text[RESPONSE_CODES_MAX];
    size_t count;
};

struct response_reader {
    struct arena *arena;
    struct response_form form;
    int fd;
    char *buffer;   /* BUFFER_BYTES and a guard of newlines */
    char *at, *end; /* what has been read and not used */
    bool at_end;    /* of the file */
    char separator; /* as the header has it */
    size_t line;
    size_t columns, items;
    const char **headings;
    int *target; /* per column: item, or TO_… */
    const char **ids;
    uint8_t single[256]; /* code of a cell of one character */
    struct answers answers, groups;
    bool counted;
};

static void close_file(void *reader)
{
    struct response_reader *r = reader;
    if (r->fd >= 0)
        close(r->fd);
    r->fd = -1;
}

/* Moves what is left to the front and reads on; false only when the disk fails. */
static bool refill(struct response_reader *r, struct err *e)
{
    size_t left = (size_t)(r->end - r->at);
    memmove(r->buffer, r->at, left);
    r->at = r->buffer;
    r->end = r->buffer + left;
    while (!r->at_end && r->end < r->buffer + BUFFER_BYTES) {
        ssize_t n = read(r->fd, r->end, (size_t)(r->buffer + BUFFER_BYTES - r->end));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return FAIL(e, STORE, "file", "读文件时出错：%s", file_why(errno));
        if (n == 0)
            r->at_end = true;
        r->end += n;
    }
    memset(r->end, '\n', GUARD_BYTES);
    return true;
}

/* The next line: [*from, *to) without its end. False at the end of the file or on an error. */
static bool next_line(struct response_reader *r, char **from, char **to, struct err *e)
{
    char *newline = memchr(r->at, '\n', (size_t)(r->end - r->at));
    if (!newline && !r->at_end) {
        if (!refill(r, e))
            return false;
        newline = memchr(r->at, '\n', (size_t)(r->end - r->at));
    }
    if (!newline && !r->at_end)
        return FAIL(e, TOO_LARGE, "file", "第 %zu 行超过 1 MiB。", r->line + 1);
    if (!newline && r->at == r->end)
        return false;
    r->line++;
    *from = r->at;
    *to = newline ? newline : r->end;
    r->at = newline ? newline + 1 : r->end;
    if (*to > *from && (*to)[-1] == '\r')
        (*to)--;
    return true;
}

static bool is_blank(const struct response_reader *r, char c)
{
    return (c == ' ' || c == '\t') && c != r->separator;
}

/* One cell into `cell`, without quotes and blanks around it; *at moves behind its comma. */
static bool read_cell(struct response_reader *r, char **at, char *to, char *cell, struct err *e)
{
    char *p = *at;
    size_t n = 0;
    while (p < to && is_blank(r, *p))
        p++;
    bool quoted = p < to && *p == '"';
    if (quoted)
        p++;
    for (; p < to && (quoted || *p != r->separator); p++) {
        if (quoted && *p == '"') {
            if (p + 1 < to && p[1] == '"')
                p++;
            else
                break;
        }
        if (*p == '\0')
            return FAIL(e, INVALID, "file", "第 %zu 行有 NUL 字符，不是 CSV 文本。", r->line);
        if (n == CELL_BYTES - 1)
            return FAIL(e, INVALID, "file", "第 %zu 行有超过 %d 字节的单元格。", r->line,
                        CELL_BYTES - 1);
        cell[n++] = *p;
    }
    if (quoted) {
        if (p == to)
            return FAIL(e, INVALID, "file", "第 %zu 行的引号没有结束。", r->line);
        for (p++; p < to && is_blank(r, *p); p++)
            ;
        if (p < to && *p != r->separator)
            return FAIL(e, INVALID, "file", "第 %zu 行的引号后有多余的字符。", r->line);
    }
    while (!quoted && n > 0 && (cell[n - 1] == ' ' || cell[n - 1] == '\t'))
        n--;
    cell[n] = '\0';
    *at = p < to ? p + 1 : to + 1;
    return true;
}

/* Whether `name` is one of the comma-separated words. */
static bool among(const char *words, const char *name)
{
    size_t len = strlen(name);
    for (const char *w = words; w && *w;) {
        size_t n = strcspn(w, ",");
        if (n == len && memcmp(w, name, n) == 0)
            return true;
        w += n + (w[n] == ',');
    }
    return false;
}

static unsigned answer_code(struct arena *a, struct answers *s, const char *text)
{
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->text[i], text) == 0)
            return (unsigned)i;
    if (s->count == RESPONSE_CODES_MAX)
        return RESPONSE_MISSING;
    s->text[s->count] = arena_text(a, text);
    return (unsigned)s->count++;
}

static bool is_missing(const struct response_reader *r, const char *cell)
{
    return *cell == '\0' || strcmp(cell, "NA") == 0 || strcmp(cell, ".") == 0 ||
           strcmp(cell, "N/A") == 0 || strcmp(cell, "NaN") == 0 || among(r->form.missing, cell);
}

/* Where the heading says a row's count stands, an item, a label, or nothing of ours. */
static int target_of(struct response_reader *r, const char *heading)
{
    const char *items = r->form.items;
    if (r->form.group && strcmp(heading, r->form.group) == 0)
        return TO_GROUP;
    if (items && among(items, heading))
        return 0;
    if (among("Freq,freq,n", heading))
        return r->counted ? TO_NOWHERE : TO_WEIGHT;
    if (items || *heading == '\0' || among("id,ID,Id,person,Person,candidate,row", heading))
        return TO_NOWHERE;
    return 0;
}

static bool is_heading(const struct response_reader *r, const char *name)
{
    for (size_t c = 0; c < r->columns; c++)
        if (strcmp(r->headings[c], name) == 0)
            return true;
    return false;
}

/* Whether what the form says are the items are all there. */
static bool items_are_said(const struct response_reader *r)
{
    size_t found = 0;
    for (size_t i = 0; i < r->form.only_count; i++)
        found += is_heading(r, r->form.only[i]);
    return !r->form.items && found > 0 && found == r->form.only_count;
}

static bool is_only(const struct response_reader *r, const char *name)
{
    for (size_t i = 0; i < r->form.only_count; i++)
        if (strcmp(r->form.only[i], name) == 0)
            return true;
    return false;
}

static bool is_number(const char *text)
{
    char *end;
    strtod(text, &end);
    return end != text && !*end;
}

static bool read_header(struct response_reader *r, char *from, char *to, struct err *e)
{
    char cell[CELL_BYTES];
    const char **headings = arena_array(r->arena, const char *, COLUMNS_MAX);
    for (char *at = from; at <= to;) {
        if (r->columns == COLUMNS_MAX)
            return FAIL(e, TOO_LARGE, "file", "超过 %d 列。", COLUMNS_MAX);
        if (!read_cell(r, &at, to, cell, e))
            return false;
        headings[r->columns++] = arena_text(r->arena, cell);
    }
    r->headings = headings;
    r->target = arena_array(r->arena, int, r->columns);
    r->ids = arena_array(r->arena, const char *, r->columns);
    bool group_found = !r->form.group, said = items_are_said(r);
    for (size_t c = 0; c < r->columns; c++) {
        r->target[c] = target_of(r, headings[c]);
        if (said && r->target[c] != TO_GROUP && r->target[c] != TO_WEIGHT)
            r->target[c] = is_only(r, headings[c])      ? 0
                           : r->target[c] == TO_NOWHERE ? TO_NOWHERE
                                                        : TO_NONE_SAID;
        r->counted |= r->target[c] == TO_WEIGHT;
        group_found |= r->target[c] == TO_GROUP;
        if (r->target[c] < 0)
            continue;
        for (size_t i = 0; i < r->items; i++)
            if (strcmp(r->ids[i], headings[c]) == 0)
                return FAIL(e, INVALID, "file", "第 %zu 列的列名“%.60s”重复。%s", c + 1,
                            headings[c],
                            is_number(headings[c]) ? "第一行须是表头，没有的请先加上。" : "");
        r->target[c] = (int)r->items;
        r->ids[r->items++] = headings[c];
    }
    if (!group_found)
        return FAIL(e, INVALID, "--group", "没有名为“%.60s”的列。", r->form.group);
    for (const char *w = r->form.items; w && *w;) {
        size_t n = strcspn(w, ",");
        bool found = false;
        for (size_t i = 0; i < r->items && !found; i++)
            found = strlen(r->ids[i]) == n && memcmp(r->ids[i], w, n) == 0;
        if (!found)
            return FAIL(e, INVALID, "--items", "没有名为“%.*s”的列。", (int)n, w);
        w += n + (w[n] == ',');
    }
    return r->items > 0 || FAIL(e, INVALID, "file", "没有题目列。");
}

struct response_reader *responses_open(struct arena *a, const char *path,
                                       const struct response_form *form, struct err *e)
{
    struct response_reader *r = arena_new(a, struct response_reader);
    char *from = NULL, *to = NULL;
    r->arena = a;
    r->form = *form;
    r->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (r->fd < 0) {
        FAIL(e, NOT_FOUND, "file", "%.200s：%s", path, file_why(errno));
        return NULL;
    }
    arena_defer(a, close_file, r);
    r->buffer = arena_alloc(a, BUFFER_BYTES + GUARD_BYTES, 1);
    r->at = r->end = r->buffer;
    memset(r->single, CODE_NEW, sizeof r->single);
    do {
        if (!next_line(r, &from, &to, e)) {
            FAIL(e, INVALID, "file", "%.200s：没有表头。", path);
            return NULL;
        }
        const char *begin = from;
        if (r->line == 1 && !csv_begin(&begin, to, e))
            return NULL;
        from += begin - from;
    } while (from == to || *from == '#');
    if (memchr(from, '\r', (size_t)(to - from))) {
        FAIL(e, INVALID, "file", "行与行之间只有 CR，请另存为以 LF 或 CRLF 换行的 CSV。");
        return NULL;
    }
    r->separator = csv_separator(from, to);
    return read_header(r, from, to, e) ? r : NULL;
}

size_t responses_items(const struct response_reader *r)
{
    return r->items;
}

const char *const *responses_ids(const struct response_reader *r)
{
    return r->ids;
}

const char *responses_passed_over(const struct response_reader *r, size_t i)
{
    for (size_t c = 0; c < r->columns; c++)
        if (r->target[c] == TO_NONE_SAID && i-- == 0)
            return r->headings[c];
    return NULL;
}

void put_passed_over(struct json_out *o, const struct response_reader *r)
{
    const char *heading;
    put_array(o, "passed_over");
    for (size_t i = 0; (heading = responses_passed_over(r, i)) != NULL; i++)
        out_text(o, heading);
    out_array_end(o);
}

const char *responses_answer(const struct response_reader *r, unsigned code)
{
    return code < r->answers.count ? r->answers.text[code] : NULL;
}

unsigned responses_code(struct response_reader *r, const char *answer)
{
    return answer_code(r->arena, &r->answers, answer);
}

size_t responses_line(const struct response_reader *r)
{
    return r->line;
}

const char *responses_group(const struct response_reader *r, unsigned group)
{
    return group < r->groups.count ? r->groups.text[group] : NULL;
}

/* What may be meant by a cell that is no code. */
static const char *instead_of(const char *cell)
{
    if (!is_number(cell))
        return "；选项字母请用 --key 给出答案，不是题目的列请用 --items 略去";
    return *cell == '-' ? "；表示缺失的编码请用 --missing 给出"
           : strtod(cell, NULL) > RESPONSE_CODES_MAX ? "；不是题目的列请用 --items 略去"
                                                     : "";
}

/* R writes what is right and wrong as words. */
static double code_number(const char *cell, char **end)
{
    bool right = strcmp(cell, "TRUE") == 0;
    if (!right && strcmp(cell, "FALSE") != 0)
        return strtod(cell, end);
    *end = (char *)cell + strlen(cell);
    return right;
}

/* A cell that the table of single characters does not know. */
static bool code_of(struct response_reader *r, size_t column, const char *cell, uint8_t *out,
                    struct err *e)
{
    if (is_missing(r, cell)) {
        *out = RESPONSE_MISSING;
    } else if (r->form.numeric) {
        char *end;
        double v = code_number(cell, &end);
        if (end == cell || *end || !(v >= 0 && v <= RESPONSE_CODES_MAX) || v != floor(v))
            return FAIL(e, INVALID, "file", "第 %zu 行、列“%.60s”：“%.40s”不是 0–%d 的整数%s。",
                        r->line, r->headings[column], cell, RESPONSE_CODES_MAX,
                        instead_of(cell));
        *out = (uint8_t)v;
    } else {
        unsigned code = answer_code(r->arena, &r->answers, cell);
        if (code == RESPONSE_MISSING)
            return FAIL(e, INVALID, "file",
                        "第 %zu 行、列“%.60s”：不同的作答超过 %d 种，这一列可能不是题目。",
                        r->line, r->headings[column], RESPONSE_CODES_MAX);
        *out = (uint8_t)code;
    }
    if (cell[0] && !cell[1])
        r->single[(unsigned char)cell[0]] = *out;
    return true;
}

static bool weight_of(struct response_reader *r, size_t column, const char *cell, double *out,
                      struct err *e)
{
    char *end;
    *out = strtod(cell, &end);
    if (end == cell || *end || !(*out >= 0 && *out <= 1e15))
        return FAIL(e, INVALID, "file", "第 %zu 行、列“%.60s”：“%.40s”不是人数。", r->line,
                    r->headings[column], cell);
    return true;
}

static bool read_row(struct response_reader *r, char *from, char *to, uint8_t *codes,
                     double *weight, unsigned *group, struct err *e)
{
    char cell[CELL_BYTES];
    const char separator = r->separator;
    char *at = from;
    for (size_t c = 0; c < r->columns; c++) {
        if (at > to)
            return FAIL(e, INVALID, "file", "第 %zu 行只有 %zu 列，表头有 %zu 列。", r->line, c,
                        r->columns);
        int target = r->target[c];
        /* The guard behind the buffer makes at[1] readable. */
        if (target >= 0 && (at[1] == separator || at + 1 == to) && at < to &&
            r->single[(unsigned char)*at] != CODE_NEW) {
            codes[target] = r->single[(unsigned char)*at];
            at += 2;
            continue;
        }
        if (!read_cell(r, &at, to, cell, e))
            return false;
        if (target == TO_WEIGHT && !weight_of(r, c, cell, weight, e))
            return false;
        if (target == TO_GROUP) {
            *group = answer_code(r->arena, &r->groups, cell);
            if (*group == RESPONSE_MISSING)
                return FAIL(e, INVALID, "--group", "列“%.60s”的组太多。", r->headings[c]);
        }
        if (target >= 0 && !code_of(r, c, cell, &codes[target], e))
            return false;
    }
    return at > to ||
           FAIL(e, INVALID, "file", "第 %zu 行多于表头的 %zu 列。", r->line, r->columns);
}

bool responses_next(struct response_reader *r, uint8_t *codes, double *weight, unsigned *group,
                    struct err *e)
{
    char *from = NULL, *to = NULL;
    do {
        if (!next_line(r, &from, &to, e))
            return false;
    } while (from == to);
    *weight = 1;
    *group = 0;
    return read_row(r, from, to, codes, weight, group, e);
}

bool responses_read(struct arena *a, const char *path, const struct response_form *form,
                    struct responses *out, struct err *e)
{
    struct response_reader *r = responses_open(a, path, form, e);
    if (!r)
        return false;
    size_t room = 1024;
    *out = (struct responses){.items = r->items, .ids = r->ids, .reader = r};
    out->x = arena_array(a, uint8_t, room * r->items);
    out->weight = arena_array(a, double, room);
    out->group = arena_array(a, uint8_t, room);
    out->line = arena_array(a, uint32_t, room);
    unsigned group;
    for (;;) {
        if (out->rows * r->items >= RESPONSES_MAX)
            return FAIL(e, TOO_LARGE, "file",
                        "第 %zu 行：作答超过 %d 亿个，放不进内存；请抽样，或只用 classical。",
                        r->line, RESPONSES_MAX / 100000000);
        if (out->rows == room) {
            out->x = arena_grow(a, out->x, room * r->items, 2 * room * r->items, 1);
            out->weight = arena_grow(a, out->weight, room, 2 * room, sizeof *out->weight);
            out->group = arena_grow(a, out->group, room, 2 * room, 1);
            out->line = arena_grow(a, out->line, room, 2 * room, sizeof *out->line);
            room *= 2;
        }
        if (!responses_next(r, out->x + out->rows * r->items, &out->weight[out->rows], &group,
                            e))
            break;
        out->group[out->rows] = (uint8_t)group;
        out->line[out->rows] = (uint32_t)r->line;
        out->persons += out->weight[out->rows++];
    }
    out->counted = r->counted;
    if (e->code)
        return false;
    return out->persons > 0 || FAIL(e, INVALID, "file", "%.200s：没有作答的行。", path);
}
