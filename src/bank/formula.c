/* bank/formula.c - reads a formula into steps for a stack, and computes them in fractions. */
#include "bank/formula.h"

#include <assert.h>
#include <string.h>

#include "bank/decimal.h"
#include "base/arena.h"

/* Products of two numbers within the limit fit, and so do sums of two such products. */
__extension__ typedef __int128 wide;
static const int64_t limit = 1000000000000000000;

enum { STEPS_MAX = 200, STACK_MAX = 64 };

enum sign {
    END,
    NUMBER,
    NAME,
    PLUS,
    MINUS,
    TIMES,
    OVER,
    OPEN,
    CLOSE,
    LESS,
    LESS_EQUAL,
    MORE,
    MORE_EQUAL,
    EQUAL,
    DIFFERENT,
    NEGATE,
    STRANGE
};

struct step {
    enum sign sign;
    size_t name;
    struct fraction number;
};

struct formula {
    struct step steps[STEPS_MAX];
    size_t count;
};

struct parsing {
    const char *start, *at;
    const char *const *names;
    size_t name_count;
    struct formula *out;
    struct err *e;
    int depth, stacked;
    enum sign sign; /* the next one, and its text */
    const char *word;
    size_t len;
};

/* Longer ones first. */
static const struct {
    const char *text;
    enum sign sign;
} signs[] = {{"<=", LESS_EQUAL}, {">=", MORE_EQUAL}, {"!=", DIFFERENT}, {"≤", LESS_EQUAL},
             {"≥", MORE_EQUAL},  {"≠", DIFFERENT},   {"＜", LESS},      {"＞", MORE},
             {"＝", EQUAL},      {"×", TIMES},       {"÷", OVER},       {"＋", PLUS},
             {"－", MINUS},      {"−", MINUS},       {"（", OPEN},      {"）", CLOSE},
             {"<", LESS},        {">", MORE},        {"=", EQUAL},      {"+", PLUS},
             {"-", MINUS},       {"*", TIMES},       {"/", OVER},       {"(", OPEN},
             {")", CLOSE}};

static enum sign sign_at(const char *s, size_t *len)
{
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        *len = strlen(signs[i].text);
        if (strncmp(s, signs[i].text, *len) == 0)
            return signs[i].sign;
    }
    *len = 0;
    return STRANGE;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool begins_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (unsigned char)c >= 0x80;
}

static size_t name_length(const char *s)
{
    size_t n = 0, len;
    while (begins_name(s[n]) || (n > 0 && is_digit(s[n]))) {
        if (sign_at(s + n, &len) != STRANGE)
            break;
        n++;
    }
    return n;
}

bool formula_is_name(const char *text)
{
    return *text && name_length(text) == strlen(text);
}

static void next(struct parsing *p)
{
    while (*p->at == ' ')
        p->at++;
    p->word = p->at;
    if (*p->at == 0) {
        p->sign = END;
        p->len = 0;
    } else if (is_digit(*p->at)) {
        p->sign = NUMBER;
        p->len = strspn(p->at, "0123456789.");
    } else {
        p->sign = sign_at(p->at, &p->len);
        if (p->sign == STRANGE && (p->len = name_length(p->at)) > 0)
            p->sign = NAME;
    }
    p->at += p->len;
}

/* --- reading ------------------------------------------------------------------------------------- */
static bool sum(struct parsing *p);

static bool add_step(struct parsing *p, struct step s)
{
    bool pushes = s.sign == NUMBER || s.sign == NAME;
    if (p->out->count == STEPS_MAX || p->stacked + pushes > STACK_MAX)
        return FAIL(p->e, INVALID, "", "算式太长。");
    p->stacked += pushes ? 1 : s.sign == NEGATE ? 0 : -1;
    p->out->steps[p->out->count++] = s;
    return true;
}

static bool number(struct parsing *p)
{
    struct step s = {.sign = NUMBER};
    char text[32] = {0};
    if (p->len >= sizeof text)
        return FAIL(p->e, INVALID, "", "算式中的数太长。");
    memcpy(text, p->word, p->len);
    if (!fraction_read(text, &s.number))
        return FAIL(p->e, INVALID, "", "“%s”不是整数 9 位、小数 9 位以内的数。", text);
    next(p);
    return add_step(p, s);
}

static bool name(struct parsing *p)
{
    for (size_t i = 0; i < p->name_count; i++)
        if (strlen(p->names[i]) == p->len && memcmp(p->names[i], p->word, p->len) == 0) {
            next(p);
            return add_step(p, (struct step){.sign = NAME, .name = i});
        }
    size_t shown = p->len > 60 ? 60 : p->len;
    while (shown > 0 && ((unsigned char)p->word[shown] & 0xC0) == 0x80)
        shown--; /* no torn character in a sentence */
    return FAIL(p->e, INVALID, "", "算式中的“%.*s”不是参数。", (int)shown, p->word);
}

static bool bracket(struct parsing *p)
{
    if (++p->depth > FORMULA_DEPTH_MAX)
        return FAIL(p->e, INVALID, "", "括号套了超过 %d 层。", FORMULA_DEPTH_MAX);
    next(p);
    if (!sum(p))
        return false;
    if (p->sign != CLOSE)
        return FAIL(p->e, INVALID, "", "算式少一个右括号。");
    p->depth--;
    next(p);
    return true;
}

static bool stuck(struct parsing *p)
{
    size_t characters = 1;
    for (const char *c = p->start; c < p->word; c++)
        characters += ((unsigned char)*c & 0xC0) != 0x80;
    return FAIL(p->e, INVALID, "", "算式在第 %zu 个字处读不下去。", characters);
}

static bool factor(struct parsing *p)
{
    bool negative = p->sign == MINUS, ok;
    if (negative)
        next(p);
    if (p->sign == NUMBER)
        ok = number(p);
    else if (p->sign == NAME)
        ok = name(p);
    else if (p->sign == OPEN)
        ok = bracket(p);
    else if (p->sign == END)
        return FAIL(p->e, INVALID, "", "算式没有写完。");
    else
        return stuck(p);
    return ok && (!negative || add_step(p, (struct step){.sign = NEGATE}));
}

static bool product(struct parsing *p)
{
    if (!factor(p))
        return false;
    while (p->sign == TIMES || p->sign == OVER) {
        enum sign s = p->sign;
        next(p);
        if (!factor(p) || !add_step(p, (struct step){.sign = s}))
            return false;
    }
    return true;
}

static bool sum(struct parsing *p)
{
    if (!product(p))
        return false;
    while (p->sign == PLUS || p->sign == MINUS) {
        enum sign s = p->sign;
        next(p);
        if (!product(p) || !add_step(p, (struct step){.sign = s}))
            return false;
    }
    return true;
}

static bool comparison(struct parsing *p)
{
    enum sign s = p->sign;
    if (s < LESS || s > DIFFERENT)
        return FAIL(p->e, INVALID, "", "条件须有一个比较号，如“点击＜曝光”。");
    next(p);
    return sum(p) && add_step(p, (struct step){.sign = s});
}

static const struct formula *read_whole(struct arena *a, const char *text, struct parsing *p,
                                        bool condition)
{
    p->out = arena_new(a, struct formula);
    p->start = p->at = text;
    if (strlen(text) > FORMULA_BYTES_MAX) {
        FAIL(p->e, INVALID, "", "算式太长。");
        return NULL;
    }
    next(p);
    bool ok = sum(p) && (!condition || comparison(p)) && (p->sign == END || stuck(p));
    return ok ? p->out : NULL;
}

const struct formula *formula_read(struct arena *a, const char *text, const char *const *names,
                                   size_t count, struct err *e)
{
    struct parsing p = {.names = names, .name_count = count, .e = e};
    return read_whole(a, text, &p, false);
}

const struct formula *condition_read(struct arena *a, const char *text,
                                     const char *const *names, size_t count, struct err *e)
{
    struct parsing p = {.names = names, .name_count = count, .e = e};
    return read_whole(a, text, &p, true);
}

bool formula_uses(const struct formula *f, size_t name)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->steps[i].sign == NAME && f->steps[i].name == name)
            return true;
    return false;
}

/* --- computing ----------------------------------------------------------------------------------- */
static bool reduced(wide top, wide bottom, struct fraction *out)
{
    assert(bottom != 0);
    if (bottom < 0) {
        top = -top;
        bottom = -bottom;
    }
    wide x = bottom, y = top < 0 ? -top : top; /* x: the greatest common divisor, never 0 */
    while (y != 0) {
        wide rest = x % y;
        x = y;
        y = rest;
    }
    top /= x;
    bottom /= x;
    if (top > limit || top < -limit || bottom > limit)
        return false;
    *out = (struct fraction){(int64_t)top, (int64_t)bottom};
    return true;
}

int fraction_compare(struct fraction x, struct fraction y)
{
    wide left = (wide)x.top * y.bottom, right = (wide)y.top * x.bottom;
    return left < right ? -1 : left > right;
}

static bool compared(enum sign s, int order)
{
    return s == LESS         ? order < 0
           : s == LESS_EQUAL ? order <= 0
           : s == MORE       ? order > 0
           : s == MORE_EQUAL ? order >= 0
           : s == EQUAL      ? order == 0
                             : order != 0;
}

static enum formula_result combine(enum sign s, struct fraction x, struct fraction y,
                                   struct fraction *out)
{
    wide a = x.top, b = x.bottom, c = y.top, d = y.bottom;
    bool fits;
    if (s == OVER && c == 0)
        return FORMULA_BY_ZERO;
    if (s == PLUS || s == MINUS)
        fits = reduced(s == PLUS ? a * d + c * b : a * d - c * b, b * d, out);
    else if (s == TIMES)
        fits = reduced(a * c, b * d, out);
    else if (s == OVER)
        fits = reduced(a * d, b * c, out);
    else
        fits = reduced(compared(s, fraction_compare(x, y)), 1, out);
    return fits ? FORMULA_OK : FORMULA_TOO_LARGE;
}

enum formula_result formula_value(const struct formula *f, const struct fraction *values,
                                  struct fraction *out)
{
    struct fraction stack[STACK_MAX + 1] = {{0, 1}};
    size_t top = 0;
    for (size_t i = 0; i < f->count; i++) {
        const struct step *s = &f->steps[i];
        if (s->sign == NUMBER) {
            stack[top++] = s->number;
        } else if (s->sign == NAME) {
            stack[top++] = values[s->name];
        } else if (s->sign == NEGATE) {
            stack[top - 1].top = -stack[top - 1].top;
        } else {
            enum formula_result r = combine(s->sign, stack[top - 2], stack[top - 1],
                                            &stack[top - 2]);
            if (r != FORMULA_OK)
                return r;
            top--;
        }
    }
    *out = stack[0];
    return FORMULA_OK;
}

/* --- decimals ------------------------------------------------------------------------------------ */
bool fraction_read(const char *text, struct fraction *out)
{
    struct decimal d;
    return decimal_read(text, NULL, &d) == DECIMAL_OK && d.doubled % 2 == 0 &&
           reduced(d.doubled, 2000000000, out);
}

const char *fraction_text(struct arena *a, struct fraction x, int places)
{
    wide scale = 1, size = x.top < 0 ? -(wide)x.top : x.top;
    for (int i = 0; i < places; i++)
        scale *= 10;
    wide rounded = (2 * size * scale + x.bottom) / (2 * (wide)x.bottom);
    if (rounded / scale > 999999999)
        return NULL;
    const char *minus = x.top < 0 && rounded > 0 ? "-" : "";
    long long whole = (long long)(rounded / scale), rest = (long long)(rounded % scale);
    return places ? arena_printf(a, "%s%lld.%0*lld", minus, whole, places, rest)
                  : arena_printf(a, "%s%lld", minus, whole);
}
