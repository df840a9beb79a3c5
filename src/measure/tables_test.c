/* measure/tables_test.c - what others write into tables: the same answers whatever stands between the cells, and a
 * sentence with line and column where a table cannot be read. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/json_out.h"
#include "measure/analyze.h"
#include "test/check.h"

static void write_text(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    CHECK("temporary file", f != NULL);
    fputs(text, f);
    fclose(f);
}

/* Each bad table is refused by a sentence that says where. */
void bad_tables_test(void)
{
    static const struct {
        const char *analysis, *text, *says;
    } rows[] = {
        {"2pl", "a,b\n1,0\n1,1\n", "列“a”里所有人的作答相同"},
        {"2pl", "a,b\n1,0\n2,1\n", "第 3 行、列“a”：2 不是 0 或 1"},
        {"rasch", "a,b\n1,0\n1,x\n", "第 3 行、列“b”：“x”不是"},
        {"grm", "a,b\n1,0\n1.5,2\n", "第 3 行、列“a”：“1.5”不是"},
        {"classical", "a,b\n1,0\n1\n", "第 3 行只有 1 列"},
        {"classical", "a,b\n1,0\n1,0,1\n", "第 3 行多于"},
        {"classical", "a,a\n1,0\n", "列名“a”重复"},
        {"classical", "a,b\n", "没有作答的行"},
        {"classical", "", "没有表头"},
        {"classical", "# only\n", "没有表头"},
        {"classical", "a,b\n1,\"0\n", "引号没有结束"},
        {"classical", "a,n\n1,x\n", "列“n”：“x”不是人数"},
        {"classical", "a,n\n1,-1\n", "不是人数"},
        {"2pl", "Freq\n3\n", "没有题目列"},
        {"2pl", "a,b\n,\n,\n", "列“a”里"},
        {"icc", "a,b\n1,2\n3,x\n", "第 3 行、列“b”：“x”不是数"},
        {"icc", "a,b\n1,2\n", "至少要有 2 个对象"},
        {"fleiss", "a,b\n1,2\n1,1\n", "第 2 个对象有 2 次评定"},
        {"fleiss", "a,b\n1,-2\n", "不小于 0"},
        {"kappa", "a\n1\n", "须有两列评定"},
        {"kappa", "88,14\n10,40\n", "两人都评了的对象须至少有 2 个"},
        {"classical", "1,0,1\n0,0,1\n", "第一行须是表头"},
        {"classical", "a,b\n-9,0\n", "请用 --missing 给出"},
        {"classical", "no,b\n12345,0\n", "不是题目的列请用 --items 略去"},
        {"rasch", "a,b\nC,D\n", "选项字母请用 --key 给出答案"},
        {"rasch", "a,b\r1,0\r0,1\r", "只有 CR"},
        {"rasch",
         "\xFF\xFE"
         "a,b",
         "UTF-16"},
        {"icc",
         "\xFE\xFF"
         "a,b",
         "UTF-16"},
        {"icc", "PK\x03\x04", "Excel 工作簿"},
        {"classical", "a,n\n1,0\n", "没有作答的行"},
        {"3pl", "a,b\n1,1\n1,1\n", "列“a”里所有人的作答相同"},
        {"angoff", "a,b\n50,101\n", "不在 0–100"},
    };
    struct arena *a = arena_create((size_t)1 << 28);
    char path[] = "/tmp/measure-tables-XXXXXX";
    int fd = mkstemp(path);
    CHECK("temporary file", fd >= 0);
    close(fd);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct analyze_options o;
        struct err e = {0};
        write_text(path, rows[i].text);
        analyze_defaults(&o);
        o.file = path;
        CHECK_INT(rows[i].says, analyze_run(a, rows[i].analysis, &o, json_out_create(a), &e),
                  false);
        if (!strstr(e.text, rows[i].says))
            print_error("%s\n", e.text);
        CHECK(rows[i].says, strstr(e.text, rows[i].says) != NULL);
    }
    unlink(path);
    arena_destroy(a);
}

/* What nobody varies on has no statistics, and no NaN either. */
void constant_columns_test(void)
{
    struct arena *a = arena_create((size_t)1 << 28);
    char path[] = "/tmp/measure-tables-XXXXXX";
    int fd = mkstemp(path);
    struct analyze_options o;
    struct err e = {0};
    CHECK("temporary file", fd >= 0);
    close(fd);
    write_text(path, "\xEF\xBB\xBF# a comment\r\n\"a\", b ,c\r\n1,1,\r\n1,0,NA\r\n1,1,.\r\n");
    analyze_defaults(&o);
    o.file = path;
    struct json_out *out = json_out_create(a);
    CHECK_OK("constant", analyze_run(a, "classical", &o, out, &e), &e);
    CHECK("the item is marked", strstr(json_out_text(out), "\"constant\":true") != NULL);
    CHECK("no NaN", strstr(json_out_text(out), "nan") == NULL);
    CHECK("blanks around headings do not count", strstr(json_out_text(out), "\"id\":\"b\""));
    unlink(path);
    arena_destroy(a);
}

static const char *analyzed(struct arena *a, const char *analysis, const char *path,
                            const char *key)
{
    struct analyze_options o;
    struct err e = {0};
    analyze_defaults(&o);
    o.file = path;
    o.key = key;
    struct json_out *out = json_out_create(a);
    CHECK_OK(analysis, analyze_run(a, analysis, &o, out, &e), &e);
    return json_out_text(out);
}

/* Whatever a spreadsheet or a package wrote: the same table. */
void separators_test(void)
{
    static const char *const same[] = {
        "a,b,c\n1,0,1\n0,1,1\n1,1,0\n0,0,\n",
        "a;b;c\n1;0;1\n0;1;1\n1;1;0\n0;0;\n",
        "a\tb\tc\n1\t0\t1\n0\t1\t1\n1\t1\t0\n0\t0\t\n",
        "\xEF\xBB\xBF# x;y\r\n\"a\";\"b\";\"c\"\r\n1;0;\"1\"\r\n0;1;1\r\n1;1;0\r\n0;0;NA\r\n",
        ("\"\",\"a\",\"b\",\"c\"\n\"1\",TRUE,FALSE,TRUE\n\"2\",FALSE,TRUE,TRUE\n"
         "\"3\",TRUE,TRUE,FALSE\n\"4\",FALSE,FALSE,NA\n"),
        "id,a,b,c,n\nx,1.0,0.0,1.0,1\ny,0,1,1,1\nz,1,1,0,1\nw,0,0,.,1\n",
    };
    struct arena *a = arena_create((size_t)1 << 28);
    char path[] = "/tmp/measure-tables-XXXXXX";
    int fd = mkstemp(path);
    const char *first = NULL;
    CHECK("temporary file", fd >= 0);
    close(fd);
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        write_text(path, same[i]);
        const char *got = analyzed(a, "classical", path, NULL);
        first = first ? first : got;
        CHECK_TEXT(same[i], got, first);
    }
    unlink(path);
    arena_destroy(a);
}

/* A key in each of its three shapes; one that is written otherwise than the answers is refused. */
void key_shapes_test(void)
{
    static const char *const same[] = {"item,key\nc,C\na,A\nb,B\n", "a,b,c\nA,B,C\n",
                                       "key\nA\nB\nC\n", "item;key\na;A\nb;B\nc;C\n"};
    struct arena *a = arena_create((size_t)1 << 28);
    char path[] = "/tmp/measure-tables-XXXXXX", key[] = "/tmp/measure-tables-XXXXXX";
    int fd = mkstemp(path), fd_too = mkstemp(key);
    const char *first = NULL;
    CHECK("temporary files", fd >= 0 && fd_too >= 0);
    close(fd);
    close(fd_too);
    write_text(path, "a,b,c\nA,B,D\nA,C,C\nD,B,C\n");
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        write_text(key, same[i]);
        const char *got = analyzed(a, "classical", path, key);
        first = first ? first : got;
        CHECK_TEXT(same[i], got, first);
    }
    static const struct {
        const char *analysis, *key, *says;
    } refused[] = {
        {"classical", "item,key\na,a\nb,b\nc,c\n", "没有一题有人选中答案"},
        {"2pl", "item,key\na,A\nb,b\nc,C\n", "列“b”里没有人选答案“b”"},
        {"rasch", "item,key\na,A\nx,B\n", "没有题目“b”的答案"},
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct analyze_options o;
        struct err e = {0};
        write_text(key, refused[i].key);
        analyze_defaults(&o);
        o.file = path;
        o.key = key;
        CHECK_REFUSED(refused[i].says,
                      analyze_run(a, refused[i].analysis, &o, json_out_create(a), &e), &e,
                      INVALID, "--key");
        CHECK(e.text, strstr(e.text, refused[i].says) != NULL);
    }
    unlink(path);
    unlink(key);
    arena_destroy(a);
}

/* Two rows of words beside the items: what has a key is an item, and the rest is said to be passed over. */
void key_says_the_items_test(void)
{
    static const char *const keys[] = {"item,key\nb,B\na,A\n", "b,a\nB,A\n"};
    struct arena *a = arena_create((size_t)1 << 28);
    char path[] = "/tmp/measure-tables-XXXXXX", key[] = "/tmp/measure-tables-XXXXXX";
    int fd = mkstemp(path), fd_too = mkstemp(key);
    CHECK("temporary files", fd >= 0 && fd_too >= 0);
    close(fd);
    close(fd_too);
    write_text(path, "id,sex,a,b,hour\n1,F,A,B,9:01\n2,M,A,C,9:02\n3,F,D,B,9:03\n4,M,D,D,9:04\n"
                     "5,F,A,B,9:05\n6,M,C,B,9:06\n");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        write_text(key, keys[i]);
        const char *got = analyzed(a, "classical", path, key);
        CHECK(got, strstr(got, "\"passed_over\":[\"sex\",\"hour\"]"));
        CHECK(got, strstr(got, "\"id\":\"a\"") && !strstr(got, "\"id\":\"sex\""));
        got = analyzed(a, "2pl", path, key);
        CHECK(got, strstr(got, "\"passed_over\":[\"sex\",\"hour\"]"));
    }
    struct analyze_options o;
    struct err e = {0};
    struct json_out *out = json_out_create(a);
    analyze_defaults(&o);
    o.file = path;
    o.key = key;
    o.group = "sex";
    o.focal = "F";
    CHECK_OK("letters with a group", analyze_run(a, "dif", &o, out, &e), &e);
    CHECK(json_out_text(out), strstr(json_out_text(out), "\"passed_over\":[\"hour\"]"));
    CHECK(json_out_text(out), strstr(json_out_text(out), "\"reference\":3,\"focal\":3"));
    unlink(path);
    unlink(key);
    arena_destroy(a);
}

/* Grades from one upwards are those from nought, where --lowest says so; items in rows are items in columns. */
void other_ways_round_test(void)
{
    static const struct {
        const char *analysis, *text;
        int lowest;
        const char *part;
    } rows[] = {
        {"score", "x,y\n0,2\n1,1\n", 0, "\"theta\":"},
        {"score", "x,y\n1,3\n2,2\n", 1, "\"theta\":"},
        {"angoff", "judge,p,q\nj,50,60\nk,70,40\n", 0, "\"raters\":"},
        {"angoff", "item,j,k\np,50,70\nq,60,40\n", 0, "\"raters\":"},
        {"icc", "a,b\n1,2\n3,5\n4,4\n", 0, "\"icc\":"},
        {"icc", "who,a,b\nAnn,1,2\nBo,3,5\nCy,4,4\n", 0, "\"icc\":"},
    };
    struct arena *a = arena_create((size_t)1 << 28);
    char path[] = "/tmp/measure-tables-XXXXXX", table[] = "/tmp/measure-tables-XXXXXX";
    int fd = mkstemp(path), fd_too = mkstemp(table);
    const char *before = NULL;
    CHECK("temporary files", fd >= 0 && fd_too >= 0);
    close(fd);
    close(fd_too);
    write_text(table, "item,a,b1,b2\nx,1,-1,1\ny,1.5,-0.5,0.5\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct analyze_options o;
        struct err e = {0};
        struct json_out *out = json_out_create(a);
        analyze_defaults(&o);
        write_text(path, rows[i].text);
        o.file = path;
        o.parameters = table;
        o.model = "grm";
        o.lowest = rows[i].lowest;
        CHECK_OK(rows[i].text, analyze_run(a, rows[i].analysis, &o, out, &e), &e);
        const char *got = strstr(json_out_text(out), rows[i].part);
        CHECK(rows[i].text, got);
        if (i % 2 == 1)
            CHECK_TEXT(rows[i].text, got, before);
        before = got;
    }
    static const char *const same[] = {"item,a,b\nx,1,0\ny,1.5,1\n",
                                       "item,a,b,c\nx,1,0,NA\ny,1.5,1,\n"};
    write_text(path, "x,y\n0,1\n1,1\n");
    for (size_t i = 0; i < 2; i++) {
        struct analyze_options o;
        struct err e = {0};
        struct json_out *out = json_out_create(a);
        analyze_defaults(&o);
        write_text(table, same[i]);
        o.file = path;
        o.parameters = table;
        CHECK_OK(same[i], analyze_run(a, "score", &o, out, &e), &e);
        if (i > 0)
            CHECK_TEXT("no guessing, however it is written", json_out_text(out), before);
        before = json_out_text(out);
    }
    unlink(path);
    unlink(table);
    arena_destroy(a);
}

/* All right, all wrong, alone, twins, opposites: figures that do not exist are null, or a sentence. */
void degenerate_tables_test(void)
{
    static const char *const tables[] = {"a,b,c\n1,1,1\n1,1,1\n",
                                         "a,b,c\n0,0,0\n0,0,0\n",
                                         "a,b\n1,0\n",
                                         "a\n1\n0\n1\n",
                                         "a,b\n1,1\n0,0\n1,1\n",
                                         "a,b\n1,0\n0,1\n1,0\n",
                                         "a,b,c\n,,\n1,0,1\n",
                                         "a,b,n\n1,0,0\n0,1,2\n",
                                         "a,b,c\n1,1,1\n1,1,1\n0,1,1\n1,0,1\n1,1,0\n"};
    static const char *const run[] = {"classical", "rasch", "2pl",    "3pl", "grm",
                                      "gpcm",      "kappa", "fleiss", "icc", "angoff"};
    struct arena *a = arena_create((size_t)1 << 30);
    char path[] = "/tmp/measure-tables-XXXXXX";
    int fd = mkstemp(path), answered = 0, refused = 0;
    CHECK("temporary file", fd >= 0);
    close(fd);
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
        write_text(path, tables[t]);
        for (size_t i = 0; i < sizeof run / sizeof *run; i++) {
            struct analyze_options o;
            struct err e = {0};
            analyze_defaults(&o);
            o.file = path;
            o.fit = true;
            struct json_out *out = json_out_create(a);
            if (!analyze_run(a, run[i], &o, out, &e)) {
                CHECK(run[i], e.code == ERR_INVALID && e.text[0]);
                refused++;
                continue;
            }
            answered++;
            CHECK(json_out_text(out), json_read(a, json_out_text(out), json_out_len(out), &e));
            CHECK(json_out_text(out), !strstr(json_out_text(out), ":nan") &&
                                          !strstr(json_out_text(out), ":-nan") &&
                                          !strstr(json_out_text(out), ":inf"));
        }
    }
    CHECK("some are answered, some refused", answered > 20 && refused > 20);
    unlink(path);
    arena_destroy(a);
}
