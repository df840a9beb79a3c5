/* bank/exchange_html_entity.c - characters that HTML writes by name or number. */
#include <stdlib.h>
#include <string.h>

#include "bank/exchange_build.h"
#include "base/text_out.h"

/* U+00A0 to U+00FF in their order. */
static const char *const latin[] = {
    "nbsp",   "iexcl",  "cent",   "pound",  "curren", "yen",    "brvbar", "sect",   "uml",
    "copy",   "ordf",   "laquo",  "not",    "shy",    "reg",    "macr",   "deg",    "plusmn",
    "sup2",   "sup3",   "acute",  "micro",  "para",   "middot", "cedil",  "sup1",   "ordm",
    "raquo",  "frac14", "frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc",  "Atilde",
    "Auml",   "Aring",  "AElig",  "Ccedil", "Egrave", "Eacute", "Ecirc",  "Euml",   "Igrave",
    "Iacute", "Icirc",  "Iuml",   "ETH",    "Ntilde", "Ograve", "Oacute", "Ocirc",  "Otilde",
    "Ouml",   "times",  "Oslash", "Ugrave", "Uacute", "Ucirc",  "Uuml",   "Yacute", "THORN",
    "szlig",  "agrave", "aacute", "acirc",  "atilde", "auml",   "aring",  "aelig",  "ccedil",
    "egrave", "eacute", "ecirc",  "euml",   "igrave", "iacute", "icirc",  "iuml",   "eth",
    "ntilde", "ograve", "oacute", "ocirc",  "otilde", "ouml",   "divide", "oslash", "ugrave",
    "uacute", "ucirc",  "uuml",   "yacute", "thorn",  "yuml"};

static const struct {
    const char *name;
    unsigned long code;
} others[] = {{"Alpha", 0x391},   {"Beta", 0x392},    {"Chi", 0x3A7},     {"Dagger", 0x2021},
              {"Delta", 0x394},   {"Epsilon", 0x395}, {"Eta", 0x397},     {"Gamma", 0x393},
              {"Iota", 0x399},    {"Kappa", 0x39A},   {"Lambda", 0x39B},  {"Mu", 0x39C},
              {"Nu", 0x39D},      {"OElig", 0x152},   {"Omega", 0x3A9},   {"Omicron", 0x39F},
              {"Phi", 0x3A6},     {"Pi", 0x3A0},      {"Prime", 0x2033},  {"Psi", 0x3A8},
              {"Rho", 0x3A1},     {"Sigma", 0x3A3},   {"Tau", 0x3A4},     {"Theta", 0x398},
              {"Upsilon", 0x3A5}, {"Xi", 0x39E},      {"Zeta", 0x396},    {"alpha", 0x3B1},
              {"amp", 0x26},      {"and", 0x2227},    {"ang", 0x2220},    {"asymp", 0x2248},
              {"bdquo", 0x201E},  {"beta", 0x3B2},    {"bull", 0x2022},   {"cap", 0x2229},
              {"chi", 0x3C7},     {"cong", 0x2245},   {"cup", 0x222A},    {"dagger", 0x2020},
              {"darr", 0x2193},   {"delta", 0x3B4},   {"empty", 0x2205},  {"emsp", 0x2003},
              {"ensp", 0x2002},   {"epsilon", 0x3B5}, {"equiv", 0x2261},  {"eta", 0x3B7},
              {"euro", 0x20AC},   {"exist", 0x2203},  {"forall", 0x2200}, {"gamma", 0x3B3},
              {"ge", 0x2265},     {"gt", 0x3E},       {"hArr", 0x21D4},   {"harr", 0x2194},
              {"hellip", 0x2026}, {"infin", 0x221E},  {"int", 0x222B},    {"iota", 0x3B9},
              {"isin", 0x2208},   {"kappa", 0x3BA},   {"lArr", 0x21D0},   {"lambda", 0x3BB},
              {"larr", 0x2190},   {"ldquo", 0x201C},  {"le", 0x2264},     {"lowast", 0x2217},
              {"loz", 0x25CA},    {"lsaquo", 0x2039}, {"lsquo", 0x2018},  {"lt", 0x3C},
              {"mdash", 0x2014},  {"minus", 0x2212},  {"mu", 0x3BC},      {"nabla", 0x2207},
              {"ndash", 0x2013},  {"ne", 0x2260},     {"ni", 0x220B},     {"notin", 0x2209},
              {"nu", 0x3BD},      {"oelig", 0x153},   {"omega", 0x3C9},   {"omicron", 0x3BF},
              {"oplus", 0x2295},  {"or", 0x2228},     {"otimes", 0x2297}, {"part", 0x2202},
              {"permil", 0x2030}, {"perp", 0x22A5},   {"phi", 0x3C6},     {"pi", 0x3C0},
              {"prime", 0x2032},  {"prod", 0x220F},   {"prop", 0x221D},   {"psi", 0x3C8},
              {"quot", 0x22},     {"rArr", 0x21D2},   {"radic", 0x221A},  {"rarr", 0x2192},
              {"rdquo", 0x201D},  {"rho", 0x3C1},     {"rsaquo", 0x203A}, {"rsquo", 0x2019},
              {"sbquo", 0x201A},  {"sdot", 0x22C5},   {"sigma", 0x3C3},   {"sigmaf", 0x3C2},
              {"sim", 0x223C},    {"sub", 0x2282},    {"sube", 0x2286},   {"sum", 0x2211},
              {"sup", 0x2283},    {"supe", 0x2287},   {"tau", 0x3C4},     {"there4", 0x2234},
              {"theta", 0x3B8},   {"thinsp", 0x2009}, {"trade", 0x2122},  {"uarr", 0x2191},
              {"upsilon", 0x3C5}, {"xi", 0x3BE},      {"zeta", 0x3B6},    {"apos", 0x27}};

static void put_code_point(struct text_out *o, unsigned long c)
{
    char s[5] = {0};
    if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        return;
    if (c == 0xA0) /* what does not break here may break there */
        c = ' ';
    if (c < 0x80) {
        s[0] = (char)c;
    } else if (c < 0x800) {
        s[0] = (char)(0xC0 | c >> 6);
        s[1] = (char)(0x80 | (c & 63));
    } else if (c < 0x10000) {
        s[0] = (char)(0xE0 | c >> 12);
        s[1] = (char)(0x80 | (c >> 6 & 63));
        s[2] = (char)(0x80 | (c & 63));
    } else {
        s[0] = (char)(0xF0 | c >> 18);
        s[1] = (char)(0x80 | (c >> 12 & 63));
        s[2] = (char)(0x80 | (c >> 6 & 63));
        s[3] = (char)(0x80 | (c & 63));
    }
    text_put(o, s);
}

static unsigned long numbered(const char *s, size_t len)
{
    bool hex = s[0] == 'x' || s[0] == 'X';
    const char *digits = s + hex;
    size_t all = strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789");
    return all > 0 && all == len - hex ? strtoul(digits, NULL, hex ? 16 : 10) : 0;
}

static unsigned long named(const char *s, size_t len)
{
    for (size_t i = 0; i < sizeof latin / sizeof *latin; i++)
        if (strlen(latin[i]) == len && memcmp(latin[i], s, len) == 0)
            return 0xA0 + i;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strlen(others[i].name) == len && memcmp(others[i].name, s, len) == 0)
            return others[i].code;
    return 0;
}

const char *html_entity(struct text_out *o, const char *s)
{
    size_t len = strcspn(s, "; \t\r\n&<");
    unsigned long code = s[len] != ';' || len == 0 ? 0
                         : *s == '#'               ? numbered(s + 1, len - 1)
                                                   : named(s, len);
    if (code == 0) {
        text_put(o, "&");
        return s;
    }
    put_code_point(o, code);
    return s + len + 1;
}
