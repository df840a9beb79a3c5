/* programme/programme.h - a programme: what must be known and how it is examined, as data.
 *
 * Read from data/programmes/<id>.json (format: doc/programme-format.md) into read-only structs
 * of one arena. Lists are never NULL-ended: an array and its count. A text that the file leaves
 * out is NULL; a number that the file leaves out (printed as "not stated") is 0, except where a
 * comment says -1. `src` says where the rule is printed; NULL = our own default, not printed.
 *
 * A level number is the programme's own and is compared only with level numbers of the same
 * programme. A direction is its letter; programmes without directions use NULL or "". */
#ifndef PROGRAMME_PROGRAMME_H
#define PROGRAMME_PROGRAMME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arena;
struct json_t;

/* ------------------------------------------------------------------ where a rule is printed */
struct source {
    const char *doc;      /* key of `documents`: "001" */
    const char *section;  /* "1.9.3" */
    const int64_t *lines; /* first and last line of the source text */
    size_t line_count;
    const struct source *also; /* the same words in another document */
};

struct document {
    const char *id, *title, *note;
};

/* ------------------------------------------------------------------ names and numbers */
struct occupation {
    const char *code; /* "4-13-01-05"; NULL where the document gives none */
    const char *name;
    const char *const
        *code_aliases; /* "4-13-05-03": former codes, never printed on a certificate */
    size_t code_alias_count;
    const char *const *names; /* what "本职业" is called by applicants, besides `name` */
    size_t name_count;
};

struct level {
    int64_t level;
    const char *name;        /* "四级/中级工", as the certificate prints it */
    const char *skill_level; /* "四级"; NULL outside the national ladder */
    const char *grade;       /* "中级工", "初级" */
    bool not_printed;        /* the document has no levels; this one only carries the rules */
    const int64_t *includes; /* the lower levels whose requirements this one contains */
    size_t include_count;
    const char *const *posts, *const *duties; /* 530063, in our words */
    size_t post_count, duty_count;
    const struct source *src;
};

struct direction {
    const char *id;   /* "A" */
    int64_t no;       /* 1..: the byte in a certificate's QR; 0 stands for none */
    const char *name; /* "创意策划" */
    const int64_t *levels;
    size_t level_count;
};

/* ------------------------------------------------------------------ what must be known */
enum point_kind { POINT_BASIC, POINT_SKILL, POINT_KNOWLEDGE };

struct point {      /* an assessment point: one skill, one knowledge point or one basic leaf */
    const char *id; /* "S4.1.1.1", "K4.1.1.1", "B2.2.6.15", "X1.4.3.4" */
    const char *code, *printed_code;
    const char *text;
    const char *note;
    const struct source *src;
};

struct work_content {
    const char *id, *code, *printed_code, *name; /* "W4.1.1" 行业分析; 530063: a task */
    const struct point *skills;
    size_t skill_count;
    const struct point *knowledge;
    size_t knowledge_count;
    const struct source *src;
};

struct work_function {
    const char *id, *code, *printed_code, *name; /* "F4.1" 市场分析; 530063: an area */
    int64_t level;
    const char *const *directions; /* which are examined on it; empty where there are none */
    size_t direction_count;
    const struct work_content *contents;
    size_t content_count;
    const struct source *src;
};

struct basic_section {
    const char *id, *code, *printed_code, *name; /* "B2.2.6" 相关法律法规知识 */
    const struct point *items;
    size_t item_count;
    const struct source *src;
};

struct basic_area {
    const char *id, *code, *printed_code, *name; /* "B2.1" 职业道德, "B2.2" 基础知识 */
    const struct basic_section *sections;
    size_t section_count;
    const struct source *src;
};

struct term {
    const char *id, *printed_code, *name, *text; /* 530063, in our words */
};

/* ------------------------------------------------------------------ weights */
struct weight_column {
    const char *key; /* "4A", "2" */
    int64_t level;
    const char *const
        *directions; /* whom the column holds for; empty = a programme without any */
    size_t direction_count;
};

struct weight_cell {
    const char *const *columns; /* a printed cell may be merged over several */
    size_t column_count;
    const char *area; /* "F4.1", "B2.1"; NULL where nothing is examined */
    int64_t percent;  /* 0 where "—" is printed */
    bool not_printed; /* the cell is missing in the source */
};

struct weight_row {
    const char *group, *name;
    const struct weight_cell *cells;
    size_t cell_count;
    const char *note;
    const struct source *src;
};

struct weight_table {
    const char *id; /* "theory", "skills" */
    const char *name, *section, *note;
    const struct weight_column *columns;
    size_t column_count;
    const struct weight_row *rows;
    size_t row_count;
    const struct source *src;
};

/* One weight of one candidate's column, in printed order: what a blueprint is made from. */
struct weight {
    const char *area; /* id of a work_function or a basic_area */
    const char *name;
    int64_t percent;
};

/* ------------------------------------------------------------------ who may sit */
struct clause {
    const char *id;         /* "C2.5" */
    const char *printed_no; /* "（6）" */
    const char *text;
    const struct json_t *expr; /* checked; see programme/expression.h */
    bool open_ended;           /* 等 is printed: when false, a person decides */
    const char *note;
    const struct source *src;
};

struct clause_list { /* one of them is enough */
    int64_t level;
    const char *text;
    const struct clause *clauses;
    size_t clause_count;
    const struct source *src;
};

struct alias {
    const char *name, *means;
};

struct name_list { /* footnotes ① and ②, catalogues of majors */
    const char *id, *name, *text, *note;
    const char *scope; /* "own", "related": what a name on the list counts as */
    const char *const *items;
    size_t item_count;
    const struct alias *aliases;
    size_t alias_count;
    const struct source *src;
};

/* ------------------------------------------------------------------ training */
struct training_hours {
    int64_t level, min_hours;
    const char *text;
    const struct source *src;
};

struct teacher_rule {
    int64_t level;
    const char *text;
    const struct json_t *expr;
    const struct source *src;
};

struct venue_rule {
    const char *use; /* "theory_training", "skills_training", or a component's id */
    const char *const *venues;
    size_t venue_count;
    const char *text;
    const struct source *src;
};

struct course {
    const char *name;
    const struct source *src;
};

struct course_module {
    const char *no, *name;
    const struct course *courses;
    size_t course_count;
};

/* ------------------------------------------------------------------ how it is examined */
struct component {
    const char *id;   /* "theory", "skills", "review" */
    const char *name; /* "理论知识考试" */
    const int64_t *levels;
    size_t level_count;
    const char *const *modes;
    size_t mode_count;
    bool modes_open;     /* 等 or 为主 is printed */
    const char *weights; /* id of the weight table its marks follow; NULL = none */
    int64_t min_minutes; /* 0 = not stated */
    int64_t full_millimarks, pass_millimarks; /* passed at pass_millimarks or more */
    const char *text, *minutes_text, *pass_text;
    const struct source *src, *minutes_src, *pass_src;
};

struct staffing {
    const char *component;
    const char *role;             /* "invigilator", "examiner", "panel_member" */
    const char *name;             /* "监考人员" */
    int64_t candidates_per_staff; /* at most; 0 = not stated */
    int64_t min_staff;
    bool per_room; /* min_staff is counted in each room */
    bool odd;
    const char *text;
    const struct source *src;
};

struct combine_rule { /* how several markers' scores become one */
    const char *component;
    const char *method;        /* "mean" */
    int64_t spread_millimarks; /* a larger spread goes to the head examiner or a third marker */
    const char *text;
    const struct source *src;
};

struct paper_part {
    const char *kind; /* an item kind: "single", "multiple", "true_false", "short", ... */
    int64_t count, millimarks; /* of one item */
    const char *partial; /* rule of partial credit, as bank/partial.h names it; NULL: none */
};

struct paper_layout {
    const char *component;
    const int64_t *levels; /* empty = every level of the component */
    size_t level_count;
    const struct paper_part *parts;
    size_t part_count;
    const char *text, *note;
    const struct source *src;
};

struct deadline {
    const char *id;   /* "results", "certificate", "resit", "ticket", "recheck", ... */
    const char *from; /* "exam", "pass", "first_exam_end", "results", "course_start" */
    int64_t days;
    bool working; /* working days (calendars), else calendar days */
    bool before;  /* counted back from the event */
    bool usual;   /* "一般", "原则上": not strict */
    const char *text;
    const struct source *src;
};

struct fee {
    const char *id; /* "training", "resit", "second_certificate" */
    const char *name, *per;
    int64_t fen;  /* -1 = payable, amount not stated */
    bool uniform; /* one price nationwide */
    const char *text;
    const struct source *src;
};

struct resit_rule {
    int64_t keep_days;  /* how long a passed component counts, from its result's day */
    int64_t max_resits; /* -1 = not limited */
    int64_t free_resits;
    const char *text;
    const struct source *src;
};

struct entry_rule {       /* who is let in, with what, and what is recorded */
    int64_t late_minutes; /* nobody enters later than this after the start */
    int64_t earliest_hand_in_minutes;
    const char *late_effect; /* "gives_up": counts as having given up this exam */
    bool alone_in_room, seat_kept;
    const char *const *devices_allowed, *const *devices_forbidden, *const *devices_required,
                                                                       *const *recording;
    size_t allowed_count, forbidden_count, required_count, recording_count;
    const char *recording_abnormal; /* "result_void" */
    const char *text;
    const struct source *src;
};

struct schedule_rule {
    const char *kind;            /* "monthly_saturday", "by_organiser" */
    const char *const *readings; /* the readings of an unclear rule, ours first */
    size_t reading_count;
    const char *text, *note;
    const struct source *src;
};

struct name_part {
    const char *field; /* "name", "document_number", "month_day"; NULL for a literal */
    const char *literal;
    int64_t last; /* only the last so many characters; 0 = all */
};

struct name_pattern {
    const char *id; /* "photo", "photo_back", "work", "mail_subject" */
    const char *const *applies_to;
    size_t applies_count;
    const struct name_part *parts;
    size_t part_count;
    const char *joiner; /* "+" as printed */
    const char *text, *note;
    const struct source *src;
};

struct material { /* what an applicant or a candidate hands in */
    const char *id, *name;
    const char *use; /* "application", "practical" */
    const char *text;
    const struct source *src;
};

struct upload_rule {
    const char *use;
    const char *before; /* "17:00" of the day of the written test */
    const char *day;    /* "theory_exam" */
    const char *send_as, *send_to;
    const char *text;
    const struct source *src;
};

/* ------------------------------------------------------------------ the certificate */
enum certificate_class { CERTIFICATE_TRAINING, CERTIFICATE_LEVEL };

struct certificate_rule {
    /* "level_certificate" (numbered by the 22-character rule, only by a filed body) or
     * "training" (numbered by number_pattern); see programme_certificate_class(). */
    const char *class;
    const char *name;   /* "职业技能等级证书", "全媒体运营师岗位合格证书" */
    const char *issuer; /* as printed; the body's own name where NULL */
    const char *number_pattern; /* training only: "CCIA-{year}{level}-{serial:6}" */
    const char *text;
    const struct source *src;
};

struct verification_rule {
    int64_t any_of; /* 2: any two of `fields` find a certificate; 0: by number only */
    const char *const *fields; /* "name", "document", "phone" */
    size_t field_count;
    const char *site;
    const char *text;
    const struct source *src;
};

/* ------------------------------------------------------------------ held and shown */
struct held_text {  /* a fact without a rule, word for word (530063: in our words) */
    const char *id; /* "front_matter.purpose" */
    const char *topic, *name, *text, *note;
    const char *const *items;
    size_t item_count;
    const struct source *src;
};

/* ------------------------------------------------------------------ the programme */
struct programme {
    const char *format; /* "heng-programme/1" */
    const char *id;     /* "national-2023" */
    int64_t no;         /* 1..65535: its number in a certificate's QR; unique */
    const char *kind;   /* "national_standard", "programme", "skill_standard" */
    const char *const
        *aliases; /* codes and former codes it is found by: "4-13-05-03"; unique */
    size_t alias_count;
    const char *title, *name, *edition, *issuer, *scheme;
    const struct occupation *occupation;
    const struct document *documents;
    size_t document_count;
    const struct level *levels; /* from the lowest skill to the highest */
    size_t level_count;
    const struct direction *directions;
    size_t direction_count;
    const struct basic_area *basic;
    size_t basic_count;
    const struct work_function *functions;
    size_t function_count;
    const struct term *terms;
    size_t term_count;
    const struct weight_table *weights;
    size_t weight_count;
    const struct clause_list *eligibility;
    size_t eligibility_count;
    const struct name_list *occupations, *majors;
    size_t occupation_list_count, major_list_count;
    const struct training_hours *training_hours;
    size_t training_hours_count;
    const char *hours_unit;
    const struct teacher_rule *teachers;
    size_t teacher_count;
    const struct course_module *modules;
    size_t module_count;
    const struct venue_rule *venues;
    size_t venue_count;
    const struct component *components;
    size_t component_count;
    const struct staffing *staffing;
    size_t staffing_count;
    const struct combine_rule *combine;
    size_t combine_count;
    const struct paper_layout *papers;
    size_t paper_count;
    const struct deadline *deadlines;
    size_t deadline_count;
    const struct fee *fees;
    size_t fee_count;
    const struct resit_rule *resit;
    const struct entry_rule *entry;
    const struct schedule_rule *schedule;
    const struct name_pattern *name_patterns;
    size_t name_pattern_count;
    const struct material *materials;
    size_t material_count;
    const struct upload_rule *uploads;
    size_t upload_count;
    const struct certificate_rule *certificate;
    const struct verification_rule *verification;
    const struct held_text *texts;
    size_t text_count;

    /* Not in the file: */
    const struct json_t *file; /* the data file as it is */
    const char *digest;        /* SHA-256 of its bytes, 64 hex digits */
};

struct programme_set {
    const struct programme *const *at; /* sorted by `no` */
    size_t count;
};

/* Reads one file; a fault names FILE and the JSON pointer: e->field is the pointer, e->text
 * begins with FILE. */
const struct programme *programme_load(struct arena *a, const char *file, const void *text,
                                       size_t len, struct err *e);
/* Every data/programmes/ *.json inside the program; refuses codes or numbers used twice. */
bool programmes_load_embedded(struct arena *a, struct programme_set *set,
                              struct err *e) MUST_USE;
/* Could P join the set? Refuses an id, an alias or a number that another one uses. */
bool programme_fits(const struct programme_set *set, const struct programme *p, struct err *e);
/* By id or alias (its code, a former code). NULL if there is none. */
const struct programme *programme_find(const struct programme_set *set, const char *name);
const struct programme *programme_by_no(const struct programme_set *set, int64_t no);

/* ------------------------------------------------------------------ look-ups; NULL = none */
const struct level *programme_level(const struct programme *p, int64_t level);
const struct direction *programme_direction(const struct programme *p, const char *id);
bool direction_has_level(const struct direction *d, int64_t level);
/* Refuses a level that is not there, a direction that the level lacks, and a direction missing
 * or given against the programme. */
bool programme_accepts(const struct programme *p, int64_t level, const char *direction,
                       struct err *e) MUST_USE;
bool level_includes(const struct level *higher, int64_t lower); /* itself too */

const struct work_function *programme_function(const struct programme *p, const char *id);
const struct basic_area *programme_basic(const struct programme *p, const char *id);
const char *programme_area_name(const struct programme *p, const char *area_id);
/* Is a candidate of this direction examined on it? A direction is required where F has some. */
bool function_examines(const struct work_function *f, const char *direction);

struct point_place { /* where an assessment point stands */
    const struct point *point;
    enum point_kind kind;
    const struct work_function *function; /* NULL for a basic leaf */
    const struct work_content *content;
    const struct basic_area *basic; /* NULL for a skill or knowledge point */
    const struct basic_section *section;
};
/* By id; a section without leaves (B2.1.1) is found with point == NULL and section set. */
bool programme_point(const struct programme *p, const char *id, struct point_place *out);
/* The area whose weight an assessment point counts under: "F4.1", "B2.1"; NULL if unknown. */
const char *programme_area_of_point(const struct programme *p, const char *point_id);

/* The share of AREA in TABLE for a candidate, in percent; 0 = not examined. */
int64_t programme_weight(const struct programme *p, const char *table, const char *area,
                         int64_t level, const char *direction);
/* All shares of a candidate's column that are not 0, in printed order; they sum to 100. Returns
 * their number, 0 where the programme has no such table. */
size_t programme_weights(const struct programme *p, struct arena *a, const char *table,
                         int64_t level, const char *direction, const struct weight **out);

const struct component *programme_component(const struct programme *p, const char *id);
bool component_at_level(const struct component *c, int64_t level);
const struct staffing *programme_staffing(const struct programme *p, const char *component,
                                          const char *role);
const struct combine_rule *programme_combine(const struct programme *p, const char *component);
const struct paper_layout *programme_paper(const struct programme *p, const char *component,
                                           int64_t level);
const struct deadline *programme_deadline(const struct programme *p, const char *id);
const struct fee *programme_fee(const struct programme *p, const char *id);
const struct training_hours *programme_hours(const struct programme *p, int64_t level);
const struct name_pattern *programme_name_pattern(const struct programme *p, const char *id);
enum certificate_class programme_certificate_class(const struct programme *p);

/* "《全媒体运营师国家职业标准（2023年版）》1.9.3"; the programme's title and "本方案约定" for a
 * rule of our own. For the sentence of a refusal. */
const char *programme_source(const struct programme *p, struct arena *a,
                             const struct source *src);

#endif
