/* marking/scan_layout.c - lays the places of a paper out on answer sheets. */
#include "marking/scan_layout.h"

#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"

enum { COLUMNS = 3, CODE_CHARS = 3 };

const struct scan_point scan_corners[4] = {{SCAN_CORNER_LEFT, SCAN_CORNER_TOP},
                                           {SCAN_CORNER_RIGHT, SCAN_CORNER_TOP},
                                           {SCAN_CORNER_RIGHT, SCAN_CORNER_BOTTOM},
                                           {SCAN_CORNER_LEFT, SCAN_CORNER_BOTTOM}};

/* --- codes --------------------------------------------------------------------------------------- */
const char *scan_code(struct arena *a, const struct scan_place *places, size_t count)
{
    char *out = arena_alloc(a, count * CODE_CHARS + 1, 1);
    for (size_t i = 0; i < count; i++) {
        char *at = out + i * CODE_CHARS;
        at[0] = (char)places[i].kind;
        at[1] = (char)('0' + places[i].rows);
        at[2] = (char)('0' + places[i].choices);
    }
    return out;
}

static bool is_place(const struct scan_place *p)
{
    if (p->rows < 1 || p->rows > SCAN_ROWS_MAX)
        return false;
    switch (p->kind) {
    case SCAN_written:
        return p->choices == 0;
    case SCAN_true_false:
        return p->rows == 1 && p->choices == 2;
    case SCAN_single:
    case SCAN_multiple:
        return p->rows == 1 && p->choices >= 1 && p->choices <= SCAN_CHOICES_MAX;
    case SCAN_matching:
    case SCAN_ordering:
        return p->choices >= 1 && p->choices <= SCAN_CHOICES_MAX;
    }
    return false;
}

bool scan_code_read(struct arena *a, const char *code, struct scan_place **out, size_t *count)
{
    size_t len = strlen(code);
    *count = len / CODE_CHARS;
    if (len == 0 || len % CODE_CHARS != 0 || *count > SCAN_PLACES_MAX)
        return false;
    *out = arena_array(a, struct scan_place, *count);
    for (size_t i = 0; i < *count; i++) {
        const char *at = code + i * CODE_CHARS;
        (*out)[i] = (struct scan_place){(enum scan_kind)at[0], at[1] - '0', at[2] - '0'};
        if (!is_place(&(*out)[i]))
            return false;
    }
    return true;
}

/* --- kinds --------------------------------------------------------------------------------------- */
static const struct {
    const char *name;
    enum scan_kind kind;
} kinds[] = {{"single", SCAN_single},
             {"multiple", SCAN_multiple},
             {"true_false", SCAN_true_false},
             {"matching", SCAN_matching},
             {"ordering", SCAN_ordering}};

static struct scan_place written(const json_t *place, const char *kind)
{
    int64_t gaps = json_member_int(place, "gaps", 1);
    int lines = strcmp(kind, "short") == 0 ? 7 : gaps > 3 ? 7 : gaps < 1 ? 2 : (int)gaps + 1;
    return (struct scan_place){SCAN_written, lines, 0};
}

struct scan_place scan_place_of(const struct json_t *place)
{
    const char *name = json_member_text(place, "kind");
    int options = (int)json_array_size(json_object_get(place, "options"));
    int premises = (int)json_array_size(json_object_get(place, "premises"));
    name = name ? name : "";
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct scan_place p = {kinds[i].kind, 1, options};
        if (strcmp(kinds[i].name, name) != 0)
            continue;
        if (p.kind == SCAN_true_false)
            p.choices = 2;
        if (p.kind == SCAN_matching)
            p.rows = premises;
        if (p.kind == SCAN_ordering)
            p.rows = options;
        if (is_place(&p))
            return p;
    }
    return written(place, name);
}

/* --- the page ------------------------------------------------------------------------------------ */
struct laying {
    const struct scan_place *places;
    struct scan_box *boxes;
    size_t count;
    int page, line; /* the first row that is free */
};

static bool is_written(const struct laying *l, size_t i)
{
    return l->places[i].kind == SCAN_written;
}

static void next_page(struct laying *l)
{
    l->page++;
    l->line = 0;
}

static double top_of(int line)
{
    return SCAN_BODY_TOP + line * SCAN_LINE;
}

/* Fills three columns of HEIGHT rows from the first free row; returns the first place left over. */
static size_t fill_columns(struct laying *l, size_t from, size_t to, int height)
{
    size_t i = from;
    const double width = SCAN_BODY_WIDTH / COLUMNS;
    for (int c = 0; c < COLUMNS; c++)
        for (int used = 0; i < to && used + l->places[i].rows <= height; i++) {
            int line = l->line + used;
            l->boxes[i] = (struct scan_box){l->page,      line,  SCAN_BODY_LEFT + c * width,
                                            top_of(line), width, l->places[i].rows * SCAN_LINE};
            used += l->places[i].rows;
        }
    return i;
}

/* A run of places with bubbles: as low a band as holds them, or all that is left of the page. */
static void place_bubbles(struct laying *l, size_t from, size_t to)
{
    while (from < to) {
        int height = 1, room = SCAN_LINES - l->line;
        size_t end = from;
        for (; height <= room && end < to; height++)
            end = fill_columns(l, from, to, height);
        from = end;
        l->line += height - 1;
        if (from < to)
            next_page(l);
    }
}

static void place_written(struct laying *l, size_t i)
{
    int rows = l->places[i].rows;
    if (l->line + rows > SCAN_LINES)
        next_page(l);
    l->boxes[i] = (struct scan_box){l->page,         l->line,         SCAN_BODY_LEFT,
                                    top_of(l->line), SCAN_BODY_WIDTH, rows * SCAN_LINE};
    l->line += rows;
}

bool scan_lay_out(struct arena *a, const struct scan_place *places, size_t count,
                  struct scan_layout *out, struct err *e)
{
    struct laying l = {places, arena_array(a, struct scan_box, count + 1), count, 0, 0};
    if (count == 0 || count > SCAN_PLACES_MAX)
        return FAIL(e, INVALID, "/places", "答题卡只能有 1 至 %d 题。", SCAN_PLACES_MAX);
    for (size_t i = 0; i < count;) {
        size_t to = i;
        while (to < count && !is_written(&l, to))
            to++;
        if (to > i)
            place_bubbles(&l, i, to);
        else
            place_written(&l, to++);
        i = to;
    }
    *out = (struct scan_layout){places, l.boxes, count, l.page + 1};
    return out->pages <= SCAN_PAGES_MAX ||
           FAIL(e, INVALID, "/places", "这份试卷的答题卡超过 %d 页。", SCAN_PAGES_MAX);
}

struct scan_point scan_bubble(const struct scan_box *b, int row, int choice)
{
    return (struct scan_point){b->x + SCAN_NUMBER_WIDTH + SCAN_BUBBLE_PITCH * (choice + 0.5),
                               b->y + SCAN_LINE * (row + 0.5)};
}

struct scan_point scan_timing(int line, bool right)
{
    return (struct scan_point){right ? SCAN_CORNER_RIGHT : SCAN_CORNER_LEFT,
                               SCAN_BODY_TOP + SCAN_LINE * (line + 0.5)};
}
