/* entry/import_test.c - registration tables that are right, wrong, broken and sent twice. */
#include "entry/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/caged_table.h"
#include "base/file.h"
#include "base/xlsx.h"
#include "entry/entry_fixture.h"
#include "entry/entry_store.h"
#include "entry/evidence.h"
#include "test/check.h"

static const char head[] = "姓名*,证件号码*,手机*,职业,工作起始,申报等级*,职业方向\n";

static struct bytes text_bytes(const char *text)
{
    return (struct bytes){(const unsigned char *)text, strlen(text)};
}

static struct import_report imported(struct entry_fixture *f, const char *csv)
{
    struct err e = {0};
    struct import_report r;
    struct import_request in = {.run = id_random(), .batch = f->batch, .file = text_bytes(csv)};
    CHECK_OK(csv, entry_import(&f->registrar, &in, &r, &e), &e);
    CHECK_INT("every row is somewhere", r.added + r.present + r.refused, r.total);
    return r;
}

static const char *csv_of(struct arena *a, const char *rows)
{
    return arena_printf(a, "%s%s", head, rows);
}

void import_rows_test(void)
{
    static const struct {
        const char *what, *row, *column, *says;
    } cases[] = {
        {"right", "张三,11010519491231002X,13800000001,全媒体运营师,2012-03-01,四级/中级工,A",
         NULL, NULL},
        {"other spellings", "李四,110100200002299999,138 0000 0002,,,中级工,创意策划", NULL,
         NULL},
        {"a date with dots", "张三,11010519491231002X,13800000001,电子商务师,2012.3,4,A", NULL,
         NULL},
        {"no name", ",11010519491231002X,13800000001,,,4,A", "姓名", "必须填写"},
        {"wrong check digit", "张三,110105194912310021,13800000001,,,4,A", "证件号码", NULL},
        {"wrong phone", "张三,11010519491231002X,1380000,,,4,A", "手机", NULL},
        {"unknown level", "张三,11010519491231002X,13800000001,,,九级,A", "申报等级",
         "没有这个等级"},
        {"level not offered", "张三,11010519491231002X,13800000001,,,一级,A", "申报等级",
         "本批次不考"},
        {"no direction", "张三,11010519491231002X,13800000001,,,4,", "职业方向", NULL},
        {"unknown direction", "张三,11010519491231002X,13800000001,,,4,Z", "职业方向", NULL},
        {"formula", "=CMD(),11010519491231002X,13800000001,,,4,A", "姓名", "公式"},
        {"formula with @", "@SUM(1),11010519491231002X,13800000001,,,4,A", "姓名", "公式"},
        {"markup", "<b>,11010519491231002X,13800000001,,,4,A", "姓名", NULL},
        {"impossible date", "张三,11010519491231002X,13800000001,电子商务师,2012-02-30,4,A",
         "工作起始", "日期"},
        {"in the future", "张三,11010519491231002X,13800000001,电子商务师,2099-01-01,4,A",
         "工作起始", "将来"},
        {"work without a start", "张三,11010519491231002X,13800000001,电子商务师,,4,A",
         "工作起始", NULL},
        {"work without occupation", "张三,11010519491231002X,13800000001,,2012-01-01,4,A",
         "职业", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct entry_fixture *f = entry_fixture_create(0);
        struct import_report r = imported(f, csv_of(f->t->arena, cases[i].row));
        bool right = cases[i].column == NULL;
        CHECK_INT(cases[i].what, r.added, right);
        CHECK_INT(cases[i].what, r.refused, !right);
        if (right && r.problems.count)
            print_error("%s: %s\n", cases[i].what, r.problems.at[0].text);
        CHECK_INT(cases[i].what, r.problems.count > 0, !right);
        if (!right) {
            CHECK_INT(cases[i].what, r.problems.at[0].row, 2);
            CHECK_TEXT(cases[i].what, r.problems.at[0].column, cases[i].column);
            CHECK(cases[i].what,
                  !cases[i].says || strstr(r.problems.at[0].text, cases[i].says));
        }
        entry_fixture_destroy(f);
    }
}

void import_twice_test(void)
{
    struct entry_fixture *f = entry_fixture_create(0);
    const char *csv = csv_of(f->t->arena, "张三,11010519491231002X,13800000001,,,4,A\n\n"
                                          "李四,110100200002299999,13800000002,,,4,B\n"
                                          "张三,11010519491231002X,13800000001,,,4,A\n"
                                          "张三,11010519491231002X,13800000001,,,4,B\n");
    struct import_report r = imported(f, csv);
    CHECK_INT("rows with anything in them", r.total, 4);
    CHECK_INT("added", r.added, 3);
    CHECK_INT("one stands there twice", r.refused, 1);
    CHECK_INT("the second of them", r.problems.at[0].row, 5);
    CHECK("names the first", strstr(r.problems.at[0].text, "第 2 行"));
    r = imported(f, csv);
    CHECK_INT("nothing new", r.added, 0);
    CHECK_INT("already there", r.present, 3);
    r = imported(f, csv_of(f->t->arena, "王五,11010519491231002X,13800000001,,,3,A"));
    CHECK_INT("another name for the number", r.refused, 1);
    CHECK("says so", strstr(r.problems.at[0].text, "姓名"));
    struct import_run *runs;
    size_t count;
    struct err e = {0};
    CHECK_OK("runs", import_runs(&f->registrar, f->batch, &runs, &count, &e), &e);
    CHECK_INT("three", count, 3);
    for (size_t i = 0; i < count; i++)
        CHECK("finished", runs[i].finished);
    entry_fixture_destroy(f);
}

/* A table that is no table is refused whole, and nothing of it is kept. */
void import_broken_tables_test(void)
{
    static const struct {
        const char *what, *csv;
    } cases[] = {
        {"empty", ""},
        {"no heading known", "a,b,c\n1,2,3\n"},
        {"a needed column missing", "姓名,手机,申报等级\n张三,13800000001,4\n"},
        {"an unknown column", "姓名,证件号码,手机,申报等级,血型\n"},
        {"a column twice", "姓名,姓名,证件号码,手机,申报等级\n"},
        {"another name for it twice", "姓名,证件号码,身份证号,手机,申报等级\n"},
        {"open quotes", "姓名,证件号码,手机,申报等级\n\"张三,1,2,3\n"},
        {"a ZIP that is none", "PK\003\004rubbish"},
        {"not UTF-8", "\xff\xfe\x00"},
    };
    struct entry_fixture *f = entry_fixture_create(0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = {0};
        struct import_report r;
        struct import_request in = {
            .run = id_random(), .batch = f->batch, .file = text_bytes(cases[i].csv)};
        CHECK(cases[i].what, !entry_import(&f->registrar, &in, &r, &e));
        CHECK_INT(cases[i].what, e.code, ERR_INVALID);
    }
    struct err none = {0};
    struct import_report r;
    struct import_request in = {
        .run = id_random(), .batch = f->batch, .file = text_bytes(head)};
    CHECK_REFUSED("another body's batch", entry_import(&f->stranger, &in, &r, &none), &none,
                  NOT_FOUND, "batch");
    entry_fixture_destroy(f);
}

/* More than a fifty, so more than one transaction; each call of the database fails once. */
void import_faults_test(void)
{
    enum { ROWS = 60 };
    struct entry_fixture *f = entry_fixture_create(0);
    struct arena *a = f->t->arena;
    const char *csv = head;
    for (int i = 0; i < ROWS; i++) {
        char number[19];
        static const int weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
        int sum = 0;
        snprintf(number, sizeof number, "11010119910101%03d", 100 + i);
        for (int k = 0; k < 17; k++)
            sum += (number[k] - '0') * weights[k];
        csv = arena_printf(a, "%s考生,%s%c,138%08d,,,4,A\n", csv, number,
                           "10X98765432"[sum % 11], i);
    }
    struct entry_filter filter = {.scope = f->registrar.scope, .batch = f->batch, .limit = 1};
    struct entry_line *lines;
    size_t count;
    int64_t before = 0, after;
    int steps = 0;
    for (int nth = 1;; nth += nth < 40 ? 1 : 37) {
        struct err e = {0}, none = {0};
        struct import_report r;
        struct import_request in = {
            .run = id_random(), .batch = f->batch, .file = text_bytes(csv)};
        db_fail_call(f->t->db, nth, false);
        bool ok = entry_import(&f->registrar, &in, &r, &e);
        db_fail_call(f->t->db, 0, false);
        CHECK("idle", db_is_idle(f->t->db));
        CHECK_OK("lines", entry_lines(f->t->db, a, &filter, &lines, &count, &after, &none),
                 &none);
        CHECK("whole fifties only", after == 0 || after == IMPORT_CHUNK || after == ROWS);
        CHECK("nothing is lost", after >= before);
        before = after;
        steps++;
        if (ok) {
            CHECK_INT("all there", after, ROWS);
            CHECK_INT("nobody twice", r.added + r.present, ROWS);
            break;
        }
        CHECK_INT("the store failed", e.code, ERR_STORE);
    }
    CHECK("some failed", steps > 10);
    entry_fixture_destroy(f);
}

/* What we hand out is taken back: the template's own headings, filled in a spreadsheet. */
void import_template_test(void)
{
    struct entry_fixture *f = entry_fixture_create(0);
    struct arena *a = f->t->arena;
    struct err e = {0};
    struct batch b;
    struct bytes file;
    struct table t;
    CHECK_OK("batch", batch_get(f->t->db, a, f->t->actor.body, f->batch, &b, &e), &e);
    CHECK_OK("template",
             import_template(a, &b, programme_find(&f->set, b.programme), &file, &e), &e);
    CHECK("a workbook", xlsx_looks_like(file));
    CHECK_OK("through the cage", table_read_upload(a, NULL, file, &t, &e), &e);
    CHECK_INT("one row", t.count, 1);
    CHECK_INT("every column", t.rows[0].count, IMPORT_COLUMNS);
    struct import_report r;
    struct import_request in = {.run = id_random(), .batch = f->batch, .file = file};
    CHECK_OK("an empty one is taken", entry_import(&f->registrar, &in, &r, &e), &e);
    CHECK_INT("nothing in it", r.total, 0);

    char path[] = "/tmp/heng-import-XXXXXX";
    CHECK("a temporary file", close(mkstemp(path)) == 0);
    lxw_workbook *book = workbook_new(path);
    lxw_worksheet *sheet = workbook_add_worksheet(book, "报名表");
    for (size_t c = 0; c < t.rows[0].count; c++)
        worksheet_write_string(sheet, 0, (lxw_col_t)c, t.rows[0].cells[c], NULL);
    worksheet_write_string(sheet, 1, COLUMN_name, "张三", NULL);
    worksheet_write_string(sheet, 1, COLUMN_document_number, "11010519491231002X", NULL);
    worksheet_write_number(sheet, 1, COLUMN_phone, 13800000001, NULL);
    worksheet_write_string(sheet, 1, COLUMN_occupation, "电子商务师", NULL);
    worksheet_write_number(sheet, 1, COLUMN_work_from, 41000, NULL); /* 2012-04-01 */
    worksheet_write_number(sheet, 1, COLUMN_level, 4, NULL);
    worksheet_write_string(sheet, 1, COLUMN_direction, "直播运营", NULL);
    workbook_close(book);
    CHECK_OK("read back", file_read(a, path, 1 << 20, &in.file, &e), &e);
    unlink(path);
    in.run = id_random();
    CHECK_OK("imported", entry_import(&f->registrar, &in, &r, &e), &e);
    if (r.problems.count)
        print_error("%s: %s\n", r.problems.at[0].column, r.problems.at[0].text);
    CHECK_INT("one", r.added, 1);
    entry_fixture_destroy(f);
}

void evidence_test(void)
{
    struct entry_fixture *f = entry_fixture_create(0);
    struct err e = {0}, media = {0}, foreign = {0}, closed = {0}, nowhere = {0};
    struct id id = entry_fixture_draft(f, &f->candidate);
    struct evidence v, v2, *list;
    struct bytes back;
    size_t count;
    struct evidence_upload u = {.entry = id,
                                .id = id_random(),
                                .kind = "work",
                                .fact = "/work/0",
                                .name = "在职证明.pdf",
                                .file = text_bytes("%PDF-1.7 something")};
    CHECK_OK("adds", evidence_add(&f->candidate, &u, &v, &e), &e);
    CHECK_TEXT("by its bytes", v.media_type, "application/pdf");
    CHECK("tied to the fact itself, not to its place", v.fact[0] != '\0' && v.fact[0] != '/');
    u.fact = "/work/7";
    u.id = id_random();
    CHECK_REFUSED("no such fact", evidence_add(&f->candidate, &u, &v2, &nowhere), &nowhere,
                  INVALID, "/fact");
    u.fact = v.fact;
    CHECK_OK("reads", evidence_read(&f->registrar, id, v.id, &v, &back, &e), &e);
    CHECK("the same", bytes_equal(back, u.file));
    struct entry_desk other = entry_fixture_person(f, 2);
    CHECK_REFUSED("another candidate", evidence_read(&other, id, v.id, &v, &back, &foreign),
                  &foreign, NOT_FOUND, "entry");
    u.file = text_bytes("MZ program");
    u.id = id_random();
    CHECK_REFUSED("a program", evidence_add(&f->candidate, &u, &v, &media), &media, MEDIA,
                  "/file");
    CHECK_OK("removes", evidence_remove(&f->candidate, id, v.id, &e), &e);
    CHECK_OK("list", evidence_list(&f->candidate, id, &list, &count, &e), &e);
    CHECK_INT("none left", count, 0);
    CHECK_OK("submit", entry_submit(&f->candidate, id, entry_fixture_get(f, id).version, &e),
             &e);
    u.file = text_bytes("%PDF-1.7");
    CHECK_REFUSED("not while it is reviewed", evidence_add(&f->candidate, &u, &v, &closed),
                  &closed, CONFLICT, "/state");
    entry_fixture_destroy(f);
}
