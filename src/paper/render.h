/* paper/render.h - one candidate's copy of a form: order, and the exam JSON (doc/exam-paper.md). */
#ifndef PAPER_RENDER_H
#define PAPER_RENDER_H

#include "paper/paper.h"

/* A sound or film that lies sealed beside the paper. */
struct paper_media {
    const char *sha256, *type; /* of the file, as the items name it */
    struct paper_object object;
    unsigned char key[KEY_BYTES];
};

struct paper_head {
    struct id paper;
    const char *title;
    int64_t minutes;
    const struct paper_media *media; /* of this form in this room */
    size_t media_count;
};

/* Indices of the form's items in reading order: sections as laid out, shuffled inside from the
 * seed. All-zero seed: as composed. */
void paper_order(const struct form *f, const unsigned char seed[SEED_BYTES], uint32_t *order);
bool seed_is_zero(const unsigned char seed[SEED_BYTES]);
/* The options' order of one item of the paper; NULL for a zero seed. */
struct shuffle *paper_options(const unsigned char seed[SEED_BYTES], uint32_t item,
                              struct shuffle *room);
/* The numbers that a copy of a template gets, its parameters in order; NULL for other items. From the
 * paper's seed or, where the item says that all papers of a form have the same, from the form. */
struct json_t *paper_numbers(struct arena *a, const struct form *f, uint32_t item,
                             const unsigned char seed[SEED_BYTES]);
/* The item with them. */
struct item paper_item(struct arena *a, const struct form *f, uint32_t item,
                       const unsigned char seed[SEED_BYTES]);
/* "一" and "一、单项选择题" */
const char *section_number(struct arena *a, size_t number);
const char *section_name(struct arena *a, size_t number, const char *label);
void exam_write(struct arena *a, const struct form *f, const struct paper_head *head,
                const unsigned char seed[SEED_BYTES], struct json_out *o);

#endif
