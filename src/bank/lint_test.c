/* bank/lint_test.c - every fault planted once is found, and the starter bank has none. */
#include "bank/lint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "programme/programme.h"
#include "test/check.h"

struct lint_case {
    const char *what, *line, *item, *says;
};

#define TAIL                                                                                   \
    "'levels':[4],'directions':[],'points':['B2.1.1'],'explanation':'x','difficulty':2,"       \
    "'cognitive':'apply','importance':'X'"

#define DIGEST "'sha256':'00112233445566778899aabbccddeeff00112233445566778899aabbccddee"
#define SOUND(id, digits, ms, more)                                                            \
    "{'id':'" id "'," DIGEST digits "','type':'audio/mpeg','duration_ms':" #ms more "}"
#define FILM(id, digits, ms, more)                                                             \
    "{'id':'" id "'," DIGEST digits "','type':'video/mp4','width':320,'height':240,"           \
    "'duration_ms':" #ms more "}"
#define PICTURE(id, digits, alt)                                                               \
    "{'id':'" id "'," DIGEST digits "','type':'image/png','width':20,'height':20,'alt':'" alt  \
    "'}"
#define ASKED(id, stem, lists)                                                                 \
    "{'id':'" id "','kind':'single','stem':'" stem                                             \
    "','options':['先道歉再说明','先说明再道歉'],'key':'A'" lists "," TAIL "}"

static const struct lint_case cases[] = {
    {"no key", "{'id':'p1','kind':'single','stem':'问一','options':['甲','乙']," TAIL "}", "p1",
     "/key"},
    {"equal options",
     "{'id':'p2','kind':'single','stem':'问二','options':['甲乙','甲 乙'],'key':'A'," TAIL "}",
     "p2", "相同"},
    {"unknown point",
     "{'id':'p3','kind':'true_false','stem':'问三','key':true,'levels':[4],'points':['K0.0'],"
     "'explanation':'x','difficulty':2,'cognitive':'apply','importance':'X'}",
     "p3", "K0.0"},
    {"no point",
     "{'id':'p4','kind':'true_false','stem':'问四','key':true,'levels':[4],'points':[],"
     "'explanation':'x','difficulty':2,'cognitive':'apply','importance':'X'}",
     "p4", "/points"},
    {"no explanation",
     "{'id':'p5','kind':'true_false','stem':'问五','key':true,'levels':[4],'points':['B2.1.1'],"
     "'difficulty':2,'cognitive':'apply','importance':'X'}",
     "p5", "/explanation"},
    {"same stem",
     "{'id':'p6','kind':'true_false','stem':'职业道德与岗位要求相联系。','key':true," TAIL "}\n"
     "{'id':'p7','kind':'true_false','stem':'职业道德，与岗位要求相联系','key':false," TAIL "}",
     "p7", "p6"},
    {"near stem",
     "{'id':'p8','kind':'true_false','stem':'"
     "运营员发现推送把活动日期写错了一天，应当先报告主管再更正日期"
     "并说明原因。','key':true," TAIL "}\n"
     "{'id':'p9','kind':'true_false','stem':'"
     "运营员发现推送把活动日期写错了一天，应当先报告主管，再更正"
     "日期，说明原因。','key':true," TAIL "}",
     "p9", "相近"},
    {"a long key",
     "{'id':'q1','kind':'single','stem':'问六','options':['短的','也短',"
     "'这个选项写得特别长而且面面俱到因此一看就知道','短'],'key':'C'," TAIL "}",
     "q1", "长度"},
    {"all of the above",
     "{'id':'q2','kind':'single','stem':'问七','options':['甲','乙','丙','以上都对'],'key':'D'"
     "," TAIL "}",
     "q2", "以上都对"},
    {"absolute words",
     "{'id':'q3','kind':'single','stem':'问八','options':['绝对不行','通常可以','永远可以','"
     "看情况'],"
     "'key':'B'," TAIL "}",
     "q3", "绝对化"},
    {"old law",
     "{'id':'q4','kind':'true_false','stem':'问九','key':true,'law':[{'name':'广告法','version'"
     ":"
     "'2015-04-24','article':'9'}]," TAIL "}",
     "q4", "2021-04-29"},
    {"an amended article",
     "{'id':'q5','kind':'true_false','stem':'问十','key':true,'law':[{'name':'食品安全法','"
     "version':"
     "'2021-04-29','article':'41'}]," TAIL "}",
     "q5", "2025-09-12"},
    {"strange law",
     "{'id':'q6','kind':'true_false','stem':'问十一','key':true,'law':[{'name':'直播法','"
     "version':"
     "'2021-04-29','article':'41'}]," TAIL "}",
     "q6", "直播法"},
    {"law without article",
     "{'id':'q7','kind':'true_false','stem':'问十二','key':true,'sources':['law']," TAIL "}",
     "q7", "来源是法规"},
    {"an enemy that is not there",
     "{'id':'q8','kind':'true_false','stem':'问十三','key':true,'enemies':['zz']," TAIL "}",
     "q8", "zz"},
    {"no unit",
     "{'id':'q9','kind':'numeric','stem':'问十四','key':{'value':'1','tolerance':'0'}," TAIL
     "}",
     "q9", "单位"},
    {"a unit here and there",
     "{'id':'r1','kind':'single','stem':'问十五','options':['3 元','5','7 元','9 "
     "元'],'key':'A'," TAIL "}",
     "r1", "单位"},
    {"an id twice",
     "{'id':'r2','kind':'true_false','stem':'问十六甲','key':true," TAIL "}\n"
     "{'id':'r2','kind':'true_false','stem':'问十七乙','key':true," TAIL "}",
     "r2", "重复"},
    {"a picture that is not there", ASKED("m1", "如下图，问甲", ""), "m1", "下图"},
    {"one that only the explanation has",
     "{'id':'m2','kind':'true_false','stem':'按图中的数，问乙','key':true,'pictures':[" //
     PICTURE("p", "00",
             "一张价目表") "],'levels':[4],'points':['B2.1.1']," //
                           "'explanation':'见 "
                           "![p]','difficulty':2,'cognitive':'apply','importance':'X'}",
     "m2", "图片"},
    {"a sound that is not there", ASKED("m3", "听一段顾客的话，问丙", ""), "m3", "音频"},
    {"a sound is no film",
     ASKED("m4", "看下面的视频 ![a]，问丁",
           ",'media':[" SOUND("a", "00", 9000, ",'plays':2,'alt':'一段口播'") "]"),
     "m4", "视频"},
    {"one that no text names",
     ASKED("m5", "问戊", ",'media':[" SOUND("a", "00", 9000, ",'alt':'一段口播'") "]"), "m5",
     "没有用到"},
    {"neither words nor a limit",
     ASKED("m6", "![a] 问己", ",'media':[" SOUND("a", "00", 9000, ",'alt':'一段口播'") "]"),
     "m6", "文字稿"},
    {"a film without words",
     ASKED("n4", "![a] 问寅", ",'media':[" FILM("a", "00", 9000, ",'alt':'一段口播'") "]"),
     "n4", "没有声音"},
    {"words and a limit",
     ASKED("m7", "![a] 问庚",
           ",'media':[" SOUND("a", "00", 9000,
                              ",'plays':1,'alt':'一段口播','transcript':'先道歉'") "]"),
     "m7", "限定没有作用"},
    {"a limit on what only the explanation has",
     "{'id':'m8','kind':'true_false','stem':'问辛','key':true,'media':[" //
     SOUND("a", "00", 9000,
           ",'plays':1,'alt':'一段口播'") "],'levels':[4],'points':['B2.1.1'],"
                                          "'explanation':'听 ![a]','difficulty'"
                                          ":2,'cognitive':'apply','importance'"
                                          ":'X'}",
     "m8", "只在解析"},
    {"words that say nothing",
     ASKED("m9", "![p] 问壬", ",'pictures':[" PICTURE("p", "00", "shot.PNG") "]"), "m9",
     "shot.PNG"},
    {"words that are the answer",
     ASKED("n1", "![p] 问癸", ",'pictures':[" PICTURE("p", "00", "客服先道歉再说明的对话") "]"),
     "n1", "写出了答案"},
    {"too long to hear",
     ASKED("n2", "![a] 问子",
           ",'media':[" FILM("a", "00", 61000, ",'plays':3,'alt':'一段短片'") "]"),
     "n2", "183 秒"},
    {"one file twice",
     ASKED("n3", "![p] ![q] 问丑",
           ",'pictures':[" PICTURE("p", "00", "一张海报") "," PICTURE("q", "00",
                                                                      "另一张海报") "]"),
     "n3", "同一个文件"},
};

/* Nothing to say of these. */
static const char *const sound_ones[] = {
    ASKED("o1", "线上图书店把线下图文搬到网上图库，问甲", ""),
    ASKED("o2", "主播制作了一段视频，并发布这段视频，问乙", ""),
    ASKED("o3", "![a] 听一段口播，问丙",
          ",'media':[" SOUND("a", "00", 60000, ",'plays':3,'alt':'一段口播'") "]"),
    ASKED("o4", "看下面的视频 ![a]，再如图所示 ![p]，问丁",
          ",'media':[" FILM("a", "00", 60000,
                            ",'alt':'一段短片，没有声音'") "],'pictures':[" PICTURE("p", "01",
                                                                                    "一张价目"
                                                                                    "表") "]"),
    ASKED("o5", "![p] 问戊",
          ",'pictures':[" PICTURE("p", "00", "两句话：先道歉再说明，先说明再道歉") "]"),
};

static const struct programme *national(struct arena *a)
{
    struct err e = {0};
    struct programme_set set;
    CHECK_OK("programmes", programmes_load_embedded(a, &set, &e), &e);
    return programme_find(&set, "national-2023");
}

static struct lint lint_text(struct arena *a, const struct programme *p, const char *lines)
{
    struct err e = {0};
    struct pool pool;
    struct lint found;
    char path[] = "/tmp/heng-lint-XXXXXX";
    CHECK("folder", mkdtemp(path));
    const char *file = arena_printf(a, "%s/x.jsonl", path);
    char *text = arena_text(a, lines);
    for (char *c = text; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    CHECK_OK("write", file_write(file, text, strlen(text), 0600, &e), &e);
    CHECK_OK("read", pool_read(a, p, path, &pool, &e), &e);
    struct law_list *laws = law_list_embedded(a, &e);
    CHECK_OK("laws", laws, &e);
    bank_lint(a, &pool, laws, &found);
    CHECK_OK("clean up", folder_remove(path, &e), &e);
    return found;
}

void lint_finds_what_is_planted_test(void)
{
    struct arena *a = arena_create(256 << 20);
    const struct programme *p = national(a);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lint found = lint_text(a, p, cases[i].line);
        if (found.count != 1)
            for (size_t k = 0; k < found.count; k++)
                print_error("%s: %s\n", found.problems[k].item, found.problems[k].what);
        CHECK_INT(cases[i].what, found.count, 1);
        CHECK_TEXT(cases[i].what, found.problems[0].item, cases[i].item);
        if (!strstr(found.problems[0].what, cases[i].says))
            fail_msg("%s: %s", cases[i].what, found.problems[0].what);
    }
    arena_destroy(a);
}

void lint_media_in_order_test(void)
{
    struct arena *a = arena_create(256 << 20);
    const struct programme *p = national(a);
    for (size_t i = 0; i < sizeof sound_ones / sizeof *sound_ones; i++) {
        struct lint found = lint_text(a, p, sound_ones[i]);
        if (found.count)
            fail_msg("%s: %s", found.problems[0].item, found.problems[0].what);
    }
    arena_destroy(a);
}

/* The same key 48 times, always the longest, and every statement true. */
void lint_sees_the_whole_bank_test(void)
{
    struct arena *a = arena_create(256 << 20);
    const char *text = "";
    static const char *const words[] = {"甲", "乙", "丙", "丁", "戊", "己", "庚"};
    for (int i = 0; i < 49; i++) {
        const char *stem = arena_printf(a, "%s%s%d", words[i % 7], words[i / 7], i * 7919);
        text = arena_printf(
            a,
            "%s{'id':'s%d','kind':'single','stem':'%s','options':['一二三四五六','二三"
            "五','三四六','四五七'],'key':'A'," TAIL "}\n"
            "{'id':'t%d','kind':'true_false','stem':'%s是','key':true," TAIL "}\n",
            text, i, stem, i, stem);
    }
    struct lint found = lint_text(a, national(a), text);
    CHECK_INT("three", found.count, 3);
    CHECK("letters", strstr(found.problems[0].what, "A 49"));
    CHECK("lengths", strstr(found.problems[1].what, "最长"));
    CHECK("truths", strstr(found.problems[2].what, "49/49"));
    for (size_t i = 0; i < 3; i++)
        CHECK_TEXT("of the bank", found.problems[i].item, "*");
    arena_destroy(a);
}

/* 48 times a padded distractor, never the key, is the longest; letters and truths are even. */
void lint_sees_a_key_never_longest_test(void)
{
    struct arena *a = arena_create(256 << 20);
    const char *text = "";
    static const char *const options[] = {"一二三四", "五六七八", "九十百千", "万亿兆京"};
    for (int i = 0; i < 48; i++) {
        const char *in[4];
        for (int k = 0; k < 4; k++)
            in[k] = k == (i + 1) % 4 ? "这一个选项加长了许多字" : options[k];
        text = arena_printf(
            a,
            "%s{'id':'s%d','kind':'single','stem':'题%d','options':['%s','%s','%s',"
            "'%s'],'key':'%c'," TAIL "}\n",
            text, i, i * 7919, in[0], in[1], in[2], in[3], 'A' + i % 4);
    }
    struct lint found = lint_text(a, national(a), text);
    CHECK_INT("one", found.count, 1);
    CHECK_TEXT("of the bank", found.problems[0].item, "*");
    CHECK("it can be crossed out", strstr(found.problems[0].what, "先排除它"));
    arena_destroy(a);
}

void lint_starter_bank_test(void)
{
    struct arena *a = arena_create(512 << 20);
    struct err e = {0};
    struct pool pool;
    struct lint found;
    CHECK_OK("bank", pool_embedded(a, national(a), &pool, &e), &e);
    bank_lint(a, &pool, law_list_embedded(a, &e), &found);
    for (size_t i = 0; i < found.count; i++)
        print_error("%s: %s\n", found.problems[i].item, found.problems[i].what);
    CHECK_INT("clean", found.count, 0);
    arena_destroy(a);
}
