/* bank/exchange_build.h - what the formats share: item objects from their parts, and back to text.
 *
 * Texts may be NULL where a member is to be left out. Objects are the caller's, for exchange_add. */
#ifndef BANK_EXCHANGE_BUILD_H
#define BANK_EXCHANGE_BUILD_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct exchange;
struct json_t;
struct text_out;

struct choice {
    const char *text;
    bool right;
};

struct pair {
    const char *premise, *option; /* no premise: an option that belongs to none */
};

/* Is PERCENT what every option of its kind gets: an equal share of 100, or nothing (of several also -100, a
 * wrong one that takes all)? Other weights are losses: how marks are given is for the paper to say. */
bool is_usual_weight(double percent, size_t right_count, bool multiple);
/* A choice of several with one right answer becomes `single`. */
struct json_t *build_choice(const char *stem, const struct choice *choices, size_t count,
                            bool multiple);
struct json_t *build_true_false(const char *stem, bool key);
/* Numbers as the file writes them; brought to plain decimals. */
struct json_t *build_numeric(struct arena *a, const char *stem, const char *value,
                             const char *tolerance, const char *unit);
/* GAPS: array of arrays of texts. A stem without ____ gets one gap at its end. */
struct json_t *build_blank(struct arena *a, const char *stem, struct json_t *gaps);
struct json_t *build_short(const char *stem, const char *key);
struct json_t *build_matching(struct arena *a, const char *stem, const struct pair *pairs,
                              size_t count);
struct json_t *build_ordering(const char *stem, const struct choice *choices,
                              const size_t *order, size_t count);
void build_explanation(struct json_t *object, const char *text); /* "" and NULL: none */

/* "0.50", "1e-2", "1,000" as plain decimals of at most nine places. */
const char *plain_decimal(struct arena *a, const char *text);
const char *decimal_text(struct arena *a, double v);
/* Without blanks at both ends. */
const char *trimmed(struct arena *a, const char *text, size_t len);

/* The whole question as plain text, for formats that lack its kind: stem, options, parts. */
const char *question_text(struct arena *a, const struct json_t *object);
bool is_right(const struct json_t *key, size_t option);    /* "B" or ["A","C"] */
const char *text_at(const struct json_t *array, size_t i); /* "" past the end */
const char *member_or(const struct json_t *object, const char *name, const char *otherwise);

/* Text out of HTML: blocks become lines, entities characters. What carries meaning and is dropped
 * (img, table, a, math, b, …) is named, once an element name. */
const char *html_plain(struct exchange *x, const char *item, const char *element,
                       const char *html);
/* Behind '&': the character that is meant, into O; where none is, the '&'. Where to go on. */
const char *html_entity(struct text_out *o, const char *s);
/* Where files come with the text. */
struct html_files {
    /* The id by which ![id] names the picture, sound or film at ADDRESS, of an img, audio, video or a link; NULL
     * where it is none, which the callee says. ALT may be "". */
    const char *(*take)(void *ctx, const char *tag, const char *address, const char *alt);
    /* Whether a link leads to one of them. */
    bool (*has)(void *ctx, const char *address);
    void *ctx;
};
const char *html_shown(struct exchange *x, const char *item, const char *element,
                       const char *html, const struct html_files *files);

#endif
