/* entry/import_template.c - the empty registration table of a batch, as a workbook. */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <xlsxwriter.h>

#include "base/arena.h"
#include "entry/import.h"
#include "people/document.h"
#include "programme/programme.h"
#include "programme/vocabulary.h"

enum { CHOICES_MAX = 24, COLUMN_WIDTH = 16, ROWS_WITH_LISTS = IMPORT_ROWS_MAX };

static const struct {
    const char *heading, *example, *help;
    bool needed;
} columns[IMPORT_COLUMNS] = {
#define IMPORT_COLUMN(name, heading, also, needed, example, help)                              \
    {heading, example, help, needed},
#include "entry/import_columns.def"
#undef IMPORT_COLUMN
};

/* A column whose cells are chosen from a list. */
static void choose_from(lxw_worksheet *sheet, enum import_column c, const char *const *values)
{
    lxw_data_validation v = {0};
    v.validate = LXW_VALIDATION_TYPE_LIST;
    v.value_list = (char **)(uintptr_t)values;
    worksheet_data_validation_range(sheet, 1, (lxw_col_t)c, ROWS_WITH_LISTS, (lxw_col_t)c, &v);
}

static void choose_words(lxw_worksheet *sheet, enum import_column c, const struct word *words)
{
    const char *labels[CHOICES_MAX] = {NULL};
    for (size_t i = 0; words[i].value && i < CHOICES_MAX - 1; i++)
        labels[i] = words[i].label;
    choose_from(sheet, c, labels);
}

static void choose_target(lxw_worksheet *sheet, const struct batch *b,
                          const struct programme *p)
{
    const char *values[CHOICES_MAX] = {NULL};
    size_t n = 0;
    for (size_t i = 0; i < b->level_count && n < CHOICES_MAX - 1; i++) {
        const struct level *l = programme_level(p, b->levels[i].level);
        if (l)
            values[n++] = l->name;
    }
    choose_from(sheet, COLUMN_level, values);
    memset(values, 0, sizeof values);
    for (size_t i = 0; i < p->direction_count && i < CHOICES_MAX - 1; i++)
        values[i] = p->directions[i].name;
    if (values[0])
        choose_from(sheet, COLUMN_direction, values);
}

static void choose_documents(lxw_worksheet *sheet)
{
    const char *values[CHOICES_MAX] = {NULL};
    for (int k = 0; k < DOCUMENT_KINDS; k++)
        values[k] = document_title((enum document_kind)k);
    choose_from(sheet, COLUMN_document_kind, values);
}

static void write_table(lxw_workbook *book, const struct batch *b, const struct programme *p)
{
    static const char *const sexes[] = {"男", "女", NULL};
    lxw_worksheet *sheet = workbook_add_worksheet(book, "报名表");
    lxw_format *bold = workbook_add_format(book), *text = workbook_add_format(book);
    format_set_bold(bold);
    format_set_num_format(text, "@"); /* numbers of 18 digits stay what they are */
    worksheet_set_column(sheet, 0, IMPORT_COLUMNS - 1, COLUMN_WIDTH, text);
    for (int c = 0; c < IMPORT_COLUMNS; c++) {
        char heading[80];
        snprintf(heading, sizeof heading, "%s%s", columns[c].heading,
                 columns[c].needed ? "*" : "");
        worksheet_write_string(sheet, 0, (lxw_col_t)c, heading, bold);
    }
    worksheet_freeze_panes(sheet, 1, 1);
    choose_from(sheet, COLUMN_sex, sexes);
    choose_documents(sheet);
    choose_words(sheet, COLUMN_attainment, attainment_words);
    choose_words(sheet, COLUMN_institution, institution_words);
    choose_words(sheet, COLUMN_study_status, status_words);
    choose_target(sheet, b, p);
}

static void write_help(lxw_workbook *book, const struct batch *b)
{
    lxw_worksheet *sheet = workbook_add_worksheet(book, "填写说明");
    lxw_format *bold = workbook_add_format(book);
    format_set_bold(bold);
    worksheet_set_column(sheet, 0, 1, COLUMN_WIDTH, NULL);
    worksheet_set_column(sheet, 2, 2, COLUMN_WIDTH, NULL);
    worksheet_set_column(sheet, 3, 3, 4 * COLUMN_WIDTH, NULL);
    worksheet_write_string(sheet, 0, 0, b->title, bold);
    static const char *const headings[] = {"列", "是否必填", "示例", "怎样填写"};
    for (int i = 0; i < 4; i++)
        worksheet_write_string(sheet, 2, (lxw_col_t)i, headings[i], bold);
    for (int c = 0; c < IMPORT_COLUMNS; c++) {
        lxw_row_t row = (lxw_row_t)c + 3;
        worksheet_write_string(sheet, row, 0, columns[c].heading, NULL);
        worksheet_write_string(sheet, row, 1, columns[c].needed ? "必填" : "选填", NULL);
        worksheet_write_string(sheet, row, 2, columns[c].example, NULL);
        worksheet_write_string(sheet, row, 3, columns[c].help, NULL);
    }
}

/* The library only writes to a path: a file in memory has one, too. */
bool import_template(struct arena *a, const struct batch *b, const struct programme *p,
                     struct bytes *out, struct err *e)
{
    char path[40];
    struct stat st;
    int fd = memfd_create("heng-template", MFD_CLOEXEC);
    if (fd < 0)
        return FAIL(e, STORE, "file", "暂不能生成模板。");
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    lxw_workbook *book = workbook_new(path);
    write_table(book, b, p);
    write_help(book, b);
    bool ok = workbook_close(book) == LXW_NO_ERROR && fstat(fd, &st) == 0 && st.st_size > 0;
    if (ok) {
        unsigned char *at = arena_alloc(a, (size_t)st.st_size, 1);
        ok = pread(fd, at, (size_t)st.st_size, 0) == st.st_size;
        *out = (struct bytes){at, (size_t)st.st_size};
    }
    close(fd);
    return ok || FAIL(e, STORE, "file", "暂不能生成模板。");
}
