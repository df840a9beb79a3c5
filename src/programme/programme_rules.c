/* programme/programme_rules.c - reads hours, components, staffing, papers, deadlines, fees and
 * the rules of entry and resit. */
#include <stdio.h>
#include <string.h>

#include "programme/programme_fields.h"

static const char *const roles[] = {"invigilator", "examiner", "panel_member", NULL};
static const char *const methods[] = {"mean", NULL};
static const char *const late_effects[] = {"gives_up", NULL};
static const char *const recording_effects[] = {"result_void", NULL};
static const char *const schedules[] = {"monthly_saturday", "by_organiser", NULL};
enum { MINUTES_MAX = 24 * 60, MILLIMARKS_MAX = 1000000 };

/* clang-format off */
static const struct field hours_rows[] = {
    {FIELD(struct training_hours, level, INT), .required = true},
    {FIELD(struct training_hours, min_hours, INT), .required = true, .min = 1, .max = 2000},
    {FIELD(struct training_hours, text, TEXT)},
    {ONE(struct training_hours, src, source_fields)},
};
const struct fields training_hours_fields =
    FIELDS("training_hours", struct training_hours, hours_rows);

static const struct field course_rows[] = {
    {FIELD(struct course, name, TEXT), .required = true, .min = 1, .max = 200},
    {ONE(struct course, src, source_fields)},
};
static const struct fields course_fields = FIELDS("course", struct course, course_rows);

static const struct field module_rows[] = {
    {FIELD(struct course_module, no, TEXT)},
    {FIELD(struct course_module, name, TEXT), .required = true, .min = 1, .max = 100},
    {LIST(struct course_module, courses, course_count, course_fields), .required = true},
};
const struct fields course_module_fields =
    FIELDS("course_module", struct course_module, module_rows);

static const struct field venue_rows[] = {
    {FIELD(struct venue_rule, use, TEXT), .required = true, .min = 1, .max = 40},
    {TEXTS(struct venue_rule, venues, venue_count), .required = true, .min = 1, .max = 20},
    {FIELD(struct venue_rule, text, TEXT)},
    {ONE(struct venue_rule, src, source_fields)},
};
const struct fields venue_rule_fields = FIELDS("venue_rule", struct venue_rule, venue_rows);

static const struct field component_rows[] = {
    {FIELD(struct component, id, TEXT), .required = true, .min = 1, .max = 20},
    {FIELD(struct component, name, TEXT), .required = true, .min = 1, .max = 60},
    {INTS(struct component, levels, level_count), .required = true, .min = 1, .max = 9},
    {TEXTS(struct component, modes, mode_count)},
    {FIELD(struct component, modes_open, BOOL)},
    {FIELD(struct component, weights, TEXT)},
    {FIELD(struct component, min_minutes, INT), .min = 0, .max = MINUTES_MAX},
    {FIELD(struct component, full_millimarks, INT), .required = true, .min = 1000,
     .max = MILLIMARKS_MAX},
    {FIELD(struct component, pass_millimarks, INT), .required = true, .min = 1,
     .max = MILLIMARKS_MAX},
    {FIELD(struct component, text, TEXT)},
    {FIELD(struct component, minutes_text, TEXT)},
    {FIELD(struct component, pass_text, TEXT)},
    {ONE(struct component, src, source_fields)},
    {ONE(struct component, minutes_src, source_fields)},
    {ONE(struct component, pass_src, source_fields)},
};
const struct fields component_fields = FIELDS("component", struct component, component_rows);

static const struct field staffing_rows[] = {
    {FIELD(struct staffing, component, TEXT), .required = true},
    {FIELD(struct staffing, role, TEXT), .required = true, .allowed = roles},
    {FIELD(struct staffing, name, TEXT), .required = true, .min = 1, .max = 60},
    {FIELD(struct staffing, candidates_per_staff, INT), .min = 0, .max = 1000},
    {FIELD(struct staffing, min_staff, INT), .required = true, .min = 1, .max = 100},
    {FIELD(struct staffing, per_room, BOOL)},
    {FIELD(struct staffing, odd, BOOL)},
    {FIELD(struct staffing, text, TEXT)},
    {ONE(struct staffing, src, source_fields)},
};
const struct fields staffing_fields = FIELDS("staffing", struct staffing, staffing_rows);

static const struct field combine_rows[] = {
    {FIELD(struct combine_rule, component, TEXT), .required = true},
    {FIELD(struct combine_rule, method, TEXT), .required = true, .allowed = methods},
    {FIELD(struct combine_rule, spread_millimarks, INT), .required = true, .min = 0,
     .max = MILLIMARKS_MAX},
    {FIELD(struct combine_rule, text, TEXT)},
    {ONE(struct combine_rule, src, source_fields)},
};
const struct fields combine_rule_fields =
    FIELDS("combine_rule", struct combine_rule, combine_rows);

static const struct field part_rows[] = {
    {FIELD(struct paper_part, kind, TEXT), .required = true, .min = 1, .max = 40},
    {FIELD(struct paper_part, count, INT), .required = true, .min = 1, .max = 1000},
    {FIELD(struct paper_part, millimarks, INT), .required = true, .min = 1,
     .max = MILLIMARKS_MAX},
    {FIELD(struct paper_part, partial, TEXT), .max = 20},
};
static const struct fields part_fields = FIELDS("paper_part", struct paper_part, part_rows);

static const struct field layout_rows[] = {
    {FIELD(struct paper_layout, component, TEXT), .required = true},
    {INTS(struct paper_layout, levels, level_count)},
    {LIST(struct paper_layout, parts, part_count, part_fields), .required = true, .min = 1,
     .max = 50},
    {FIELD(struct paper_layout, text, TEXT)},
    {FIELD(struct paper_layout, note, TEXT)},
    {ONE(struct paper_layout, src, source_fields)},
};
const struct fields paper_layout_fields =
    FIELDS("paper_layout", struct paper_layout, layout_rows);

static const struct field deadline_rows[] = {
    {FIELD(struct deadline, id, TEXT), .required = true, .min = 1, .max = 40},
    {FIELD(struct deadline, from, TEXT), .required = true, .min = 1, .max = 40},
    {FIELD(struct deadline, days, INT), .required = true, .min = 0, .max = 3660},
    {FIELD(struct deadline, working, BOOL)},
    {FIELD(struct deadline, before, BOOL)},
    {FIELD(struct deadline, usual, BOOL)},
    {FIELD(struct deadline, text, TEXT)},
    {ONE(struct deadline, src, source_fields)},
};
const struct fields deadline_fields = FIELDS("deadline", struct deadline, deadline_rows);

static const struct field fee_rows[] = {
    {FIELD(struct fee, id, TEXT), .required = true, .min = 1, .max = 40},
    {FIELD(struct fee, name, TEXT), .required = true, .min = 1, .max = 60},
    {FIELD(struct fee, per, TEXT)},
    {FIELD(struct fee, fen, INT), .required = true, .min = -1, .max = 100000000},
    {FIELD(struct fee, uniform, BOOL)},
    {FIELD(struct fee, text, TEXT)},
    {ONE(struct fee, src, source_fields)},
};
const struct fields fee_fields = FIELDS("fee", struct fee, fee_rows);

static const struct field resit_rows[] = {
    {FIELD(struct resit_rule, keep_days, INT), .required = true, .min = 0, .max = 36600},
    {FIELD(struct resit_rule, max_resits, INT), .required = true, .min = -1, .max = 100},
    {FIELD(struct resit_rule, free_resits, INT), .min = 0, .max = 100},
    {FIELD(struct resit_rule, text, TEXT)},
    {ONE(struct resit_rule, src, source_fields)},
};
const struct fields resit_rule_fields = FIELDS("resit_rule", struct resit_rule, resit_rows);

static const struct field entry_rows[] = {
    {FIELD(struct entry_rule, late_minutes, INT), .required = true, .min = 0,
     .max = MINUTES_MAX},
    {FIELD(struct entry_rule, earliest_hand_in_minutes, INT), .min = 0, .max = MINUTES_MAX},
    {FIELD(struct entry_rule, late_effect, TEXT), .allowed = late_effects},
    {FIELD(struct entry_rule, alone_in_room, BOOL)},
    {FIELD(struct entry_rule, seat_kept, BOOL)},
    {TEXTS(struct entry_rule, devices_allowed, allowed_count)},
    {TEXTS(struct entry_rule, devices_forbidden, forbidden_count)},
    {TEXTS(struct entry_rule, devices_required, required_count)},
    {TEXTS(struct entry_rule, recording, recording_count)},
    {FIELD(struct entry_rule, recording_abnormal, TEXT), .allowed = recording_effects},
    {FIELD(struct entry_rule, text, TEXT)},
    {ONE(struct entry_rule, src, source_fields)},
};
const struct fields entry_rule_fields = FIELDS("entry_rule", struct entry_rule, entry_rows);

static const struct field schedule_rows[] = {
    {FIELD(struct schedule_rule, kind, TEXT), .required = true, .allowed = schedules},
    {TEXTS(struct schedule_rule, readings, reading_count)},
    {FIELD(struct schedule_rule, text, TEXT)},
    {FIELD(struct schedule_rule, note, TEXT)},
    {ONE(struct schedule_rule, src, source_fields)},
};
const struct fields schedule_rule_fields =
    FIELDS("schedule_rule", struct schedule_rule, schedule_rows);
/* clang-format on */

bool component_known(const struct programme *p, const char *component, const char *where,
                     struct err *e)
{
    return programme_component(p, component) ||
           FAIL(e, INVALID, where, "没有考核部分 %.40s。", component);
}

static bool hours_check(const struct programme *p, struct err *e)
{
    char at[ERR_FIELD_BYTES];
    for (size_t i = 0; i < p->training_hours_count; i++) {
        snprintf(at, sizeof at, "/training_hours/%zu/level", i);
        if (!levels_known(p, &p->training_hours[i].level, 1, at, e))
            return false;
        if (programme_hours(p, p->training_hours[i].level) != &p->training_hours[i])
            return FAIL(e, INVALID, at, "等级 %lld 的学时写了两次。",
                        (long long)p->training_hours[i].level);
    }
    bool wanted = p->training_hours_count || strcmp(p->kind, "national_standard") == 0;
    for (size_t i = 0; wanted && i < p->level_count; i++)
        if (!programme_hours(p, p->levels[i].level))
            return FAIL(e, INVALID, "/training_hours", "缺少等级 %lld 的培训学时。",
                        (long long)p->levels[i].level);
    return true;
}

static bool components_check(const struct programme *p, struct err *e)
{
    char at[ERR_FIELD_BYTES];
    for (size_t i = 0; i < p->component_count; i++) {
        const struct component *c = &p->components[i];
        snprintf(at, sizeof at, "/components/%zu", i);
        if (programme_component(p, c->id) != c)
            return FAIL(e, INVALID, at, "考核部分 %s 写了两次。", c->id);
        if (!levels_known(p, c->levels, c->level_count, at, e))
            return false;
        if (c->pass_millimarks > c->full_millimarks)
            return FAIL(e, INVALID, at, "合格线高于满分。");
        bool table = !c->weights;
        for (size_t w = 0; w < p->weight_count; w++)
            table |= c->weights && strcmp(p->weights[w].id, c->weights) == 0;
        if (!table)
            return FAIL(e, INVALID, at, "没有权重表 %.40s。", c->weights);
    }
    for (size_t i = 0; i < p->staffing_count; i++) {
        snprintf(at, sizeof at, "/staffing/%zu/component", i);
        if (!component_known(p, p->staffing[i].component, at, e))
            return false;
    }
    for (size_t i = 0; i < p->combine_count; i++) {
        snprintf(at, sizeof at, "/combine/%zu/component", i);
        if (!component_known(p, p->combine[i].component, at, e))
            return false;
    }
    return true;
}

/* A layout that does not add up to the component's full marks could never be marked fairly. */
static bool papers_check(const struct programme *p, struct err *e)
{
    char at[ERR_FIELD_BYTES];
    for (size_t i = 0; i < p->paper_count; i++) {
        const struct paper_layout *l = &p->papers[i];
        snprintf(at, sizeof at, "/papers/%zu", i);
        if (!component_known(p, l->component, at, e) ||
            !levels_known(p, l->levels, l->level_count, at, e))
            return false;
        int64_t sum = 0;
        for (size_t k = 0; k < l->part_count; k++)
            sum += l->parts[k].count * l->parts[k].millimarks;
        if (sum != programme_component(p, l->component)->full_millimarks)
            return FAIL(e, INVALID, at, "各题型合计 %lld 毫分，与满分不符。", (long long)sum);
    }
    return true;
}

static bool deadlines_check(const struct programme *p, struct err *e)
{
    char at[ERR_FIELD_BYTES];
    for (size_t i = 0; i < p->deadline_count; i++) {
        snprintf(at, sizeof at, "/deadlines/%zu/id", i);
        if (programme_deadline(p, p->deadlines[i].id) != &p->deadlines[i])
            return FAIL(e, INVALID, at, "期限 %s 写了两次。", p->deadlines[i].id);
    }
    for (size_t i = 0; i < p->fee_count; i++) {
        snprintf(at, sizeof at, "/fees/%zu/id", i);
        if (programme_fee(p, p->fees[i].id) != &p->fees[i])
            return FAIL(e, INVALID, at, "费用 %s 写了两次。", p->fees[i].id);
    }
    return true;
}

bool rules_check(const struct programme *p, struct err *e)
{
    if (p->component_count && (!p->entry || !p->resit))
        return FAIL(e, INVALID, p->entry ? "/resit" : "/entry",
                    "有考核部分的方案须写明这一项。");
    return hours_check(p, e) && components_check(p, e) && papers_check(p, e) &&
           deadlines_check(p, e);
}
