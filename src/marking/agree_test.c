/* marking/agree_test.c - several marks become one. */
#include "marking/agree.h"

#include "test/check.h"

static const struct {
    const char *what;
    int64_t marks[3];
    size_t count;
    enum agreement want;
    int64_t final;
} scripts[] = {
    {"nobody yet", {0}, 0, AGREE_WAITING, -1},
    {"one only", {5000}, 1, AGREE_WAITING, -1},
    {"two alike", {5000, 5000}, 2, AGREE_SETTLED, 5000},
    {"two at the limit", {5000, 7000}, 2, AGREE_SETTLED, 6000},
    {"half a millimark goes up", {5000, 5001}, 2, AGREE_SETTLED, 5001},
    {"two too far apart", {5000, 7001}, 2, AGREE_THIRD, -1},
    {"third near the lower", {2000, 8000, 3000}, 3, AGREE_SETTLED, 2500},
    {"third near the higher", {2000, 8000, 7000}, 3, AGREE_SETTLED, 7500},
    {"third in the middle", {2000, 8000, 5000}, 3, AGREE_SETTLED, 6500},
    {"third outside", {2000, 8000, 9000}, 3, AGREE_SETTLED, 8500},
};

void scripts_agree_test(void)
{
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        int64_t final = -1;
        CHECK_INT(scripts[i].what,
                  agree_on_script(scripts[i].marks, scripts[i].count, 2000, &final),
                  scripts[i].want);
        CHECK_INT(scripts[i].what, final, scripts[i].final);
    }
}

/* Who marks first makes no difference, and the result lies between two of the marks. */
void scripts_agree_is_fair_test(void)
{
    for (int64_t x = 0; x <= 10; x++)
        for (int64_t y = 0; y <= 10; y++)
            for (int64_t z = 0; z <= 10; z++) {
                int64_t one[] = {x, y, z}, other[] = {y, x, z}, a = -1, b = -1;
                enum agreement p = agree_on_script(one, 3, 2, &a);
                enum agreement q = agree_on_script(other, 3, 2, &b);
                CHECK_INT("same state", p, q);
                CHECK_INT("same mark", a, b);
                CHECK("between", a >= 0 && a <= 10);
            }
}

void sheets_agree_test(void)
{
    static const struct {
        const char *what;
        int64_t totals[5];
        size_t count, needed;
        int64_t limit;
        enum agreement want;
        int64_t mean;
    } cases[] = {
        {"none", {0}, 0, 3, 15000, AGREE_WAITING, -1},
        {"two of three", {70000, 72000}, 2, 3, 15000, AGREE_WAITING, 71000},
        {"three", {70000, 72000, 74000}, 3, 3, 15000, AGREE_SETTLED, 72000},
        {"rounds half up", {1, 1, 0}, 2, 2, 0, AGREE_SETTLED, 1},
        {"at the limit", {60000, 75000, 75000}, 3, 3, 15000, AGREE_SETTLED, 70000},
        {"beyond it", {60000, 75001, 75000}, 3, 3, 15000, AGREE_DECIDES, 70000},
        {"no limit", {0, 100000, 50000}, 3, 3, 0, AGREE_SETTLED, 50000},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t mean = -1;
        CHECK_INT(cases[i].what,
                  agree_on_sheets(cases[i].totals, cases[i].count, cases[i].needed,
                                  cases[i].limit, &mean),
                  cases[i].want);
        CHECK_INT(cases[i].what, mean, cases[i].mean);
    }
}
