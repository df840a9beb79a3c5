/* programme/programme_fields.h - for the loader only: the tables that read each part of a file,
 * and the checks of each part that a table cannot say. */
#ifndef PROGRAMME_PROGRAMME_FIELDS_H
#define PROGRAMME_PROGRAMME_FIELDS_H

#include "base/fields.h"
#include "programme/programme.h"

/* A list of structs as one row of a table: member, its count, its table. */
#define LIST(type, member, count, table)                                                       \
    FIELD(type, member, OBJECTS), FIELD_COUNT(type, count), .sub = &(table)
#define TEXTS(type, member, count) FIELD(type, member, TEXTS), FIELD_COUNT(type, count)
#define INTS(type, member, count)  FIELD(type, member, INTS), FIELD_COUNT(type, count)
#define ONE(type, member, table)   FIELD(type, member, OBJECT), .sub = &(table)

extern const struct fields source_fields;

/* programme_work.c */
extern const struct fields occupation_fields, document_fields, level_fields, direction_fields,
    basic_area_fields, work_function_fields, term_fields;
/* programme_weights.c */
extern const struct fields weight_table_fields;
/* programme_clauses.c */
extern const struct fields clause_list_fields, name_list_fields, teacher_rule_fields;
/* programme_rules.c */
extern const struct fields training_hours_fields, course_module_fields, venue_rule_fields,
    component_fields, staffing_fields, combine_rule_fields, paper_layout_fields,
    deadline_fields, fee_fields, resit_rule_fields, entry_rule_fields, schedule_rule_fields;
/* programme_certificates.c */
extern const struct fields name_pattern_fields, material_fields, upload_rule_fields,
    certificate_rule_fields, verification_rule_fields, held_text_fields;

/* Each refuses with the JSON pointer of the part that is wrong. The arena is for scratch. */
bool work_check(const struct programme *p, struct arena *a, struct err *e);
bool weights_check(const struct programme *p, struct err *e);
bool clauses_check(const struct programme *p, struct err *e);
bool rules_check(const struct programme *p, struct err *e);
bool certificates_check(const struct programme *p, struct err *e);

/* Every number in LEVELS is a level of P. */
bool levels_known(const struct programme *p, const int64_t *levels, size_t count,
                  const char *where, struct err *e);
/* Every id in DIRECTIONS is a direction of P. */
bool directions_known(const struct programme *p, const char *const *directions, size_t count,
                      const char *where, struct err *e);
bool component_known(const struct programme *p, const char *component, const char *where,
                     struct err *e);

#endif
