/* entry/import_read.c - the rows of a registration table: read, checked, made into facts. Pure. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fields.h"
#include "base/json.h"
#include "base/json_out.h"
#include "base/xlsx.h"
#include "entry/import.h"
#include "people/document.h"
#include "programme/facts.h"
#include "programme/programme.h"
#include "programme/vocabulary.h"

static const struct {
    const char *heading, *also;
    bool needed;
} columns[IMPORT_COLUMNS] = {
#define IMPORT_COLUMN(name, heading, also, needed, example, help) {heading, also, needed},
#include "entry/import_columns.def"
#undef IMPORT_COLUMN
};

const char *import_heading(enum import_column c)
{
    return columns[c].heading;
}

/* One row while it is read. The first thing wrong with a cell is told; a row is wrong if anything
 * in it is. */
struct reading {
    const struct import_frame *f;
    struct import_problems *problems;
    const struct table_row *row;
    const int *at; /* table column of each of ours, -1 = not there */
    bool wrong;
};

static void problem_add(struct import_problems *p, int64_t row, const char *column,
                        const char *text)
{
    if (p->count == IMPORT_PROBLEMS_MAX)
        return;
    if (!p->at)
        p->at = arena_array(p->arena, struct import_problem, IMPORT_PROBLEMS_MAX);
    p->at[p->count++] = (struct import_problem){row, column, arena_text(p->arena, text)};
}

static void wrong(struct reading *r, enum import_column c, const char *text)
{
    r->wrong = true;
    problem_add(r->problems, (int64_t)r->row->line, columns[c].heading, text);
}

static const char *trimmed(struct arena *a, const char *cell)
{
    static const char ideographic_space[] = "\xe3\x80\x80";
    for (;;) {
        if (*cell == ' ' || *cell == '\t' || *cell == '\n' || *cell == '\r')
            cell++;
        else if (strncmp(cell, ideographic_space, 3) == 0)
            cell += 3;
        else
            break;
    }
    size_t len = strlen(cell);
    while (len > 0 && strchr(" \t\r\n", cell[len - 1]))
        len--;
    return arena_copy(a, cell, len);
}

/* The text of a cell, NULL where it is empty. What a spreadsheet would run is refused (T14). */
static const char *cell_text(struct reading *r, enum import_column c)
{
    enum { CHARACTERS_MAX = 100 };
    const char *text = trimmed(r->f->arena, table_cell(r->row, r->at[c]));
    size_t characters = 0;
    if (!*text)
        return NULL;
    for (const char *s = text; *s; s++)
        characters += (*s & 0xc0) != 0x80;
    if (strchr("=+@", *text))
        wrong(r, c, "单元格不能是公式，请填写值。");
    else if (characters > CHARACTERS_MAX)
        wrong(r, c, "内容过长（不超过 100 个字）。");
    else
        return text;
    return NULL;
}

static const char *needed_text(struct reading *r, enum import_column c)
{
    bool so_far = r->wrong;
    r->wrong = false;
    const char *text = cell_text(r, c);
    if (!text && !r->wrong)
        wrong(r, c, "必须填写。");
    r->wrong |= so_far;
    return text;
}

/* Up to three numbers of digits, whatever stands between them: 2019-3-1, 2019.03, 2019年3月. */
static bool read_numbers(const char *text, int out[3])
{
    int n = 0;
    while (*text && n < 3) {
        if (*text < '0' || *text > '9') {
            text++;
            continue;
        }
        char *end;
        long v = strtol(text, &end, 10);
        if (end - text > 8)
            return false;
        out[n++] = (int)v;
        text = end;
    }
    return n > 0;
}

static date_days cell_date(struct reading *r, enum import_column c)
{
    const char *text = cell_text(r, c);
    int n[3] = {0, 1, 1};
    date_days out = DATE_NONE;
    if (!text)
        return DATE_NONE;
    text = strlen(text) <= 7 && !strpbrk(text, "-/年") && strlen(text) != 6
               ? xlsx_date(r->f->arena, text)
               : text;
    bool ok = read_numbers(text, n);
    if (ok && n[0] > 9999999) /* 20190301 */
        n[2] = n[0] % 100, n[1] = n[0] / 100 % 100, n[0] /= 10000;
    else if (ok && n[0] > 99999) /* 201903 */
        n[1] = n[0] % 100, n[0] /= 100;
    struct civil day = {n[0], n[1], n[2]};
    if (ok && n[0] >= 1900 && civil_is_real(day))
        out = date_of(day);
    if (out == DATE_NONE)
        wrong(r, c, "不是有效的日期，请写成 2020-03-01 的样子。");
    else if (out > r->f->today && c != COLUMN_graduated) {
        wrong(r, c, "日期在将来。");
        out = DATE_NONE;
    }
    return out;
}

/* One of a closed list, by its label or its word. */
static const char *cell_word(struct reading *r, enum import_column c, const struct word *words)
{
    const char *text = cell_text(r, c);
    if (!text)
        return NULL;
    for (size_t i = 0; words[i].value; i++)
        if (strcmp(words[i].label, text) == 0 || strcmp(words[i].value, text) == 0)
            return words[i].value;
    wrong(r, c, "不在可填的范围内，见模板的“填写说明”。");
    return NULL;
}

/* ------------------------------------------------------------------ who */
static void read_person(struct reading *r, struct import_row *out)
{
    struct err e = {0};
    char phone[PHONE_BYTES];
    enum document_kind kind = DOCUMENT_RESIDENT_ID;
    const char *sex = cell_text(r, COLUMN_sex), *title = cell_text(r, COLUMN_document_kind);
    out->name = needed_text(r, COLUMN_name);
    out->document_number = needed_text(r, COLUMN_document_number);
    out->country = cell_text(r, COLUMN_country);
    out->phone = needed_text(r, COLUMN_phone);
    if (out->name && strpbrk(out->name, "0123456789<>\"&"))
        wrong(r, COLUMN_name, "姓名中有不应出现的字符。");
    if (sex && strcmp(sex, "男") != 0 && strcmp(sex, "女") != 0)
        wrong(r, COLUMN_sex, "填写男或女。");
    out->sex = !sex ? NULL : strcmp(sex, "男") == 0 ? "male" : "female";
    bool known = !title || document_kind_read(title, &kind);
    for (int k = 0; !known && k < DOCUMENT_KINDS; k++)
        if (strcmp(document_title((enum document_kind)k), title) == 0) {
            kind = (enum document_kind)k;
            known = true;
        }
    if (!known)
        wrong(r, COLUMN_document_kind, "没有这种证件，见模板的“填写说明”。");
    out->document_kind = document_word(kind);
    if (known && out->document_number &&
        !document_check(kind, out->document_number, r->f->today, &out->identity, &e))
        wrong(r, COLUMN_document_number, e.text);
    if (kind == DOCUMENT_PASSPORT && !out->country)
        wrong(r, COLUMN_country, "护照须填写签发国家的两位代码。");
    e = (struct err){0};
    if (out->phone && !phone_check(out->phone, phone, &e))
        wrong(r, COLUMN_phone, e.text);
}

/* ------------------------------------------------------------------ for what */
/* "3", "三级", "高级工" or "三级/高级工". */
static int64_t level_of(const struct programme *p, const char *text)
{
    for (size_t i = 0; i < p->level_count; i++) {
        const struct level *l = &p->levels[i];
        const char number[2] = {(char)('0' + l->level), '\0'};
        if (strcmp(text, number) == 0 || strcmp(text, l->name) == 0 ||
            (l->skill_level && strcmp(text, l->skill_level) == 0) ||
            (l->grade && strcmp(text, l->grade) == 0))
            return l->level;
    }
    return 0;
}

static const char *direction_of(const struct programme *p, const char *text)
{
    for (size_t i = 0; text && i < p->direction_count; i++)
        if (strcmp(text, p->directions[i].id) == 0 || strcmp(text, p->directions[i].name) == 0)
            return p->directions[i].id;
    return text;
}

static void read_target(struct reading *r, struct import_row *out)
{
    const struct programme *p = r->f->programme;
    const char *level = needed_text(r, COLUMN_level);
    const char *direction = direction_of(p, cell_text(r, COLUMN_direction));
    struct err e = {0};
    out->direction = direction ? direction : "";
    if (!level)
        return;
    out->level = level_of(p, level);
    if (!out->level)
        wrong(r, COLUMN_level, "没有这个等级。");
    else if (!batch_level(r->f->batch, out->level))
        wrong(r, COLUMN_level, "本批次不考这个等级。");
    else if (!programme_accepts(p, out->level, direction, &e))
        wrong(r, COLUMN_direction, e.text);
}

/* ------------------------------------------------------------------ what is said */
static json_t *date_json(date_days d)
{
    char text[DATE_TEXT_BYTES];
    if (d == DATE_NONE)
        return NULL;
    date_write(d, text);
    return json_string(text);
}

static json_t *text_json(const char *text)
{
    return text ? json_string(text) : NULL;
}

static void add_fact(json_t *facts, const char *list, json_t *fact)
{
    json_object_set_new(fact, "evidence", json_string("claimed"));
    json_object_set_new(fact, "id", json_sprintf("table-%s", list)); /* one of each in a row */
    json_object_set_new(facts, list, json_pack("[o]", fact));
}

static void set(json_t *fact, const char *name, json_t *value)
{
    if (value)
        json_object_set_new(fact, name, value);
}

static void read_education(struct reading *r, json_t *facts)
{
    const char *attainment = cell_word(r, COLUMN_attainment, attainment_words);
    const char *institution = cell_word(r, COLUMN_institution, institution_words);
    const char *status = cell_word(r, COLUMN_study_status, status_words);
    const char *school = cell_text(r, COLUMN_school), *major = cell_text(r, COLUMN_major);
    date_days date = cell_date(r, COLUMN_graduated);
    if (!attainment && !institution && !school && !major)
        return;
    json_t *fact = json_object();
    set(fact, "attainment", text_json(attainment));
    set(fact, "institution", text_json(institution));
    set(fact, "status", text_json(status ? status : "graduated"));
    set(fact, "name", text_json(school));
    set(fact, "major", text_json(major));
    set(fact, "date", date_json(date));
    add_fact(facts, "education", fact);
}

static void read_work(struct reading *r, json_t *facts)
{
    const char *occupation = cell_text(r, COLUMN_occupation);
    const char *employer = cell_text(r, COLUMN_employer);
    date_days from = cell_date(r, COLUMN_work_from), until = cell_date(r, COLUMN_work_until);
    if (!occupation && !employer && from == DATE_NONE)
        return;
    if (!occupation)
        wrong(r, COLUMN_occupation, "填写了工作经历，须填写职业。");
    if (from == DATE_NONE && !cell_text(r, COLUMN_work_from)) /* else said already */
        wrong(r, COLUMN_work_from, "填写了工作经历，须填写起始日期。");
    if (from != DATE_NONE && until != DATE_NONE && until < from)
        wrong(r, COLUMN_work_until, "早于工作起始日期。");
    json_t *fact = json_object();
    set(fact, "occupation", text_json(occupation));
    set(fact, "name", text_json(employer));
    set(fact, "from", date_json(from));
    set(fact, "to", date_json(until));
    add_fact(facts, "work", fact);
}

static void read_certificate(struct reading *r, json_t *facts)
{
    static const char *const names[] = {"一级", "二级", "三级", "四级", "五级"};
    const char *occupation = cell_text(r, COLUMN_held_occupation);
    const char *level = cell_text(r, COLUMN_held_level);
    date_days issued = cell_date(r, COLUMN_held_issued);
    int64_t n = 0;
    if (!occupation && !level && issued == DATE_NONE)
        return;
    for (int64_t i = 0; level && i < 5; i++)
        if (strcmp(level, names[i]) == 0 || (level[0] == '1' + i && level[1] == '\0'))
            n = i + 1;
    if (!occupation)
        wrong(r, COLUMN_held_occupation, "填写了已有证书，须填写证书上的职业。");
    if (!n)
        wrong(r, COLUMN_held_level, "填写五级至一级。");
    if (issued == DATE_NONE)
        wrong(r, COLUMN_held_issued, "须填写发证日期。");
    json_t *fact = json_object();
    set(fact, "occupation", text_json(occupation));
    set(fact, "scheme", json_string("national"));
    set(fact, "level", json_integer(n));
    set(fact, "issued", date_json(issued));
    add_fact(facts, "certificates", fact);
}

static void read_facts(struct reading *r, struct import_row *out)
{
    json_t *facts = json_keep(r->f->arena, json_object());
    struct json_out *o = json_out_create(r->f->arena);
    struct facts checked;
    struct err e = {0};
    read_education(r, facts);
    read_work(r, facts);
    read_certificate(r, facts);
    out_json(o, facts);
    out->facts = json_out_text(o);
    if (r->wrong)
        return;
    if (!facts_read(r->f->arena, facts, &checked, &e)) {
        r->wrong = true;
        problem_add(r->problems, (int64_t)r->row->line, "", e.text);
    }
}

/* ------------------------------------------------------------------ the table */
static bool heading_is(const char *heading, const char *cell)
{
    return strcmp(heading, cell) == 0;
}

static bool is_also(const char *also, const char *cell)
{
    size_t len = strlen(cell);
    for (const char *s = also; *s;) {
        size_t one = strcspn(s, "|");
        if (one == len && strncmp(s, cell, len) == 0)
            return true;
        s += one + (s[one] == '|');
    }
    return false;
}

static int column_of(const char *cell)
{
    for (int c = 0; c < IMPORT_COLUMNS; c++)
        if (heading_is(columns[c].heading, cell) || is_also(columns[c].also, cell))
            return c;
    return -1;
}

/* Headings may carry a mark of what is needed: "姓名*". */
static bool read_headings(struct arena *a, const struct table *t, int at[IMPORT_COLUMNS],
                          struct err *e)
{
    for (int c = 0; c < IMPORT_COLUMNS; c++)
        at[c] = -1;
    if (t->count == 0)
        return FAIL(e, INVALID, "/file", "表格是空的。");
    for (size_t i = 0; i < t->rows[0].count; i++) {
        char *heading = arena_text(a, trimmed(a, t->rows[0].cells[i]));
        size_t len = strlen(heading);
        if (len > 0 && heading[len - 1] == '*')
            heading[len - 1] = '\0';
        if (!*heading)
            continue;
        int c = column_of(heading);
        if (c < 0)
            return FAIL(e, INVALID, "/file", "第 %zu 列“%.60s”不在模板中，请删除或改名。",
                        i + 1, heading);
        if (at[c] >= 0)
            return FAIL(e, INVALID, "/file", "“%s”出现了两列。", columns[c].heading);
        at[c] = (int)i;
    }
    for (int c = 0; c < IMPORT_COLUMNS; c++)
        if (columns[c].needed && at[c] < 0)
            return FAIL(e, INVALID, "/file", "缺少“%s”一列。", columns[c].heading);
    return true;
}

static bool is_blank(const struct table_row *row)
{
    for (size_t i = 0; i < row->count; i++)
        if (row->cells[i][strspn(row->cells[i], " \t\r\n")])
            return false;
    return true;
}

/* The line where the same person already applies for the same; 0 = nowhere. */
static int64_t seen_before(json_t *seen, const struct import_row *row)
{
    char key[DOCUMENT_NUMBER_BYTES + 40];
    snprintf(key, sizeof key, "%s|%d|%lld|%.7s", row->identity.number, row->identity.kind,
             (long long)row->level, row->direction);
    int64_t line = json_member_int(seen, key, 0);
    if (!line)
        json_object_set_new(seen, key, json_integer(row->line));
    return line;
}

static void read_row(struct reading *r, json_t *seen, struct import_rows *out)
{
    struct import_row row = {.line = (int64_t)r->row->line};
    r->wrong = false;
    read_person(r, &row);
    read_target(r, &row);
    read_facts(r, &row);
    if (r->wrong)
        return;
    int64_t line = seen_before(seen, &row);
    if (line) {
        char text[80];
        snprintf(text, sizeof text, "与第 %lld 行是同一人的同一申报。", (long long)line);
        wrong(r, COLUMN_document_number, text);
        return;
    }
    out->at[out->count++] = row;
}

bool import_read(const struct import_frame *f, const struct table *t, struct import_rows *out,
                 struct import_problems *problems, struct err *e)
{
    int at[IMPORT_COLUMNS];
    json_t *seen = json_keep(f->arena, json_object());
    *problems = (struct import_problems){.arena = f->arena};
    *out = (struct import_rows){0};
    if (!read_headings(f->arena, t, at, e))
        return false;
    if (t->count - 1 > IMPORT_ROWS_MAX)
        return FAIL(e, TOO_LARGE, "/file", "一次最多导入 %d 行，请分批导入。", IMPORT_ROWS_MAX);
    out->at = arena_array(f->arena, struct import_row, t->count);
    for (size_t i = 1; i < t->count; i++) {
        struct reading r = {f, problems, &t->rows[i], at, false};
        if (is_blank(r.row))
            continue;
        out->total++;
        read_row(&r, seen, out);
    }
    return true;
}
