/* bank/template.c - writes the import template with libxlsxwriter. */
#include "bank/template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "bank/table_items.h"
#include "base/arena.h"
#include "base/file.h"

enum { TEMPLATE_BYTES_MAX = 1 << 20, CHOICE_ROWS = 2000 };

static const struct {
    const char *heading, *one, *two;
} examples[] = {
    {"编号", "example-1", "example-2"},
    {"题型", "单选题", "判断题"},
    {"等级", "4", "4、3"},
    {"方向", "D", ""},
    {"鉴定点", "K4.5.2.1", "B2.1.1"},
    {"题干",
     "某短视频展示 150 000 次，点击 3 000 次。点击率＝点击次数÷展示次数，点击率是多少？",
     "无人监督时，职业道德的自律要求同样对工作结果负责。"},
    {"选项A", "0.2%", ""},
    {"选项B", "2%", ""},
    {"选项C", "5%", ""},
    {"选项D", "20%", ""},
    {"答案", "B", "对"},
    {"解析", "3 000÷150 000＝2%。", "自律是职业道德的基本特征之一。"},
    {"难度", "2", "1"},
    {"认知层次", "应用", "理解"},
    {"重要性", "X", "Y"},
    {"来源", "own", "own"},
};

static const char *example_of(const char *heading, int which)
{
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++)
        if (strcmp(examples[i].heading, heading) == 0)
            return which == 0 ? examples[i].one : examples[i].two;
    return "";
}

static void add_choice(lxw_worksheet *sheet, lxw_col_t column, const char *const *words)
{
    char *list[12] = {NULL}; /* the library takes char ** but only reads */
    for (size_t i = 0; words[i]; i++)
        list[i] = (char *)(uintptr_t)words[i];
    lxw_data_validation v = {.validate = LXW_VALIDATION_TYPE_LIST, .value_list = list};
    worksheet_data_validation_range(sheet, 1, column, CHOICE_ROWS, column, &v);
}

static void fill(lxw_workbook *book)
{
    static const char *const kinds[] = {"单选题", "多选题", "判断题", "匹配题", "排序题",
                                        "填空题", "计算题", "简答题", NULL},
                             *const depths[] = {"识记", "理解", "应用", NULL},
                             *const importances[] = {"X", "Y", "Z", NULL};
    lxw_worksheet *sheet = workbook_add_worksheet(book, "试题");
    lxw_worksheet *notes = workbook_add_worksheet(book, "填写说明");
    lxw_format *bold = workbook_add_format(book), *text = workbook_add_format(book);
    format_set_bold(bold);
    format_set_text_wrap(text);
    format_set_num_format(text, "@"); /* 1-2 stays 1-2, not a date */
    for (size_t i = 0; i < item_heading_count; i++) {
        const char *heading = item_headings[i].heading;
        lxw_col_t column = (lxw_col_t)i;
        worksheet_set_column(sheet, column, column, strcmp(heading, "题干") == 0 ? 50 : 12,
                             text);
        worksheet_write_string(sheet, 0, column, heading, bold);
        for (int which = 0; which < 2; which++)
            worksheet_write_string(sheet, (lxw_row_t)(which + 1), column,
                                   example_of(heading, which), text);
        worksheet_write_string(notes, (lxw_row_t)i, 0, heading, bold);
        worksheet_write_string(notes, (lxw_row_t)i, 1, item_headings[i].hint, NULL);
        if (strcmp(heading, "题型") == 0)
            add_choice(sheet, column, kinds);
        else if (strcmp(heading, "认知层次") == 0)
            add_choice(sheet, column, depths);
        else if (strcmp(heading, "重要性") == 0)
            add_choice(sheet, column, importances);
    }
    worksheet_set_column(notes, 1, 1, 60, NULL);
    worksheet_freeze_panes(sheet, 1, 1);
}

bool item_template_write(struct arena *a, const char *folder, struct bytes *xlsx, struct err *e)
{
    char *path = arena_printf(a, "%s/template-XXXXXX", folder);
    int fd = mkstemp(path);
    if (fd < 0 || close(fd) != 0)
        return FAIL(e, STORE, "file", "不能建立临时文件。");
    lxw_workbook *book = workbook_new(path);
    fill(book);
    bool ok = workbook_close(book) == LXW_NO_ERROR ||
              FAIL(e, STORE, "file", "不能写出 XLSX 模板。");
    ok = ok && file_read(a, path, TEMPLATE_BYTES_MAX, xlsx, e);
    unlink(path);
    return ok;
}
