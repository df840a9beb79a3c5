/* sitting/staff_rules.c - how many must watch and assess, and who must stand aside. Pure.
 *
 * Numbers: the programme's `staffing` (国家职业标准 1.9.3). Who stands aside: DOMAIN of the field,
 * 考评员 and 质量督导员 avoid kin, pupils and colleagues. */
#include <string.h>

#include "base/arena.h"
#include "programme/programme.h"
#include "sitting/arrange_rules.h"

struct finding_place finding_at_staff(const struct arranged_staff *s)
{
    return (struct finding_place){"staff", s->at.id, s->at.name};
}

bool staff_meets(const struct arranged_staff *s, const struct arranged_candidate *c)
{
    return !id_is_zero(c->seat) && (id_is_zero(s->at.room) || id_equal(s->at.room, c->room));
}

/* ------------------------------------------------------------------ how many */
static bool any_in_a_room(const struct arrangement *w, enum duty duty)
{
    for (size_t i = 0; i < w->staff_count; i++)
        if (w->staff[i].at.duty == duty && !id_is_zero(w->staff[i].at.room))
            return true;
    return false;
}

/* Those of the room itself; ALSO_WIDE: with those of the whole session. */
static int64_t staff_count(const struct arrangement *w, enum duty duty, struct id room,
                           bool also_wide)
{
    int64_t n = 0;
    for (size_t i = 0; i < w->staff_count; i++) {
        const struct session_staff *s = &w->staff[i].at;
        n += s->duty == duty && (id_is_zero(room) || id_equal(s->room, room) ||
                                 (also_wide && id_is_zero(s->room)));
    }
    return n;
}

static void check_number(struct checker *c, const struct staffing *rule,
                         const struct finding_place *here, int64_t candidates, int64_t staff)
{
    int64_t ratio = rule->candidates_per_staff;
    int64_t need = ratio ? (candidates + ratio - 1) / ratio : 0;
    if (staff < rule->min_staff) {
        finding_add(c, RULE_staff_minimum, here, "%s：%s %lld 人，至少应有 %lld 人。",
                    here->name, rule->name, (long long)staff, (long long)rule->min_staff);
        finding_source(c, rule->src, rule->text);
    }
    if (staff < need) {
        finding_add(c, RULE_staff_ratio, here,
                    "%s：考生 %lld 人，%s %lld 人；按 1∶%lld 至少应有 %lld 人。", here->name,
                    (long long)candidates, rule->name, (long long)staff, (long long)ratio,
                    (long long)(need + (rule->odd && need % 2 == 0)));
        finding_source(c, rule->src, rule->text);
    }
    if (rule->odd && staff > 0 && staff % 2 == 0) {
        finding_add(c, RULE_staff_odd, here, "%s：%s %lld 人，应为单数。", here->name,
                    rule->name, (long long)staff);
        finding_source(c, rule->src, rule->text);
    }
}

/* Invigilators are counted in each room. Examiners and panels are one group for the session, or,
 * where they are spread over rooms, a group in each room. */
static void check_staffing(struct checker *c, const struct staffing *rule)
{
    const struct arrangement *w = c->w;
    enum duty duty = DUTY_invigilator;
    if (!duty_find(rule->role, &duty))
        return;
    if (!rule->per_room && !any_in_a_room(w, duty)) {
        struct id anywhere = {{0}};
        struct finding_place here = {"session", anywhere, w->session.title};
        check_number(c, rule, &here, arranged_count(w, anywhere),
                     staff_count(w, duty, anywhere, true));
        return;
    }
    for (size_t i = 0; i < w->room_count; i++) {
        struct finding_place here = {"room", w->rooms[i].id, w->rooms[i].name};
        int64_t candidates = arranged_count(w, w->rooms[i].id);
        if (candidates > 0)
            check_number(c, rule, &here, candidates,
                         staff_count(w, duty, w->rooms[i].id, !rule->per_room));
    }
}

static void check_supervision(struct checker *c)
{
    const struct arrangement *w = c->w;
    struct id anywhere = {{0}};
    struct finding_place here = {"session", anywhere, w->session.title};
    if (staff_count(w, DUTY_quality_supervisor, anywhere, true) == 0)
        finding_add(c, RULE_supervisor_missing, &here, "还没有安排质量督导员。");
    bool sealed = false;
    for (size_t i = 0; i < w->programme->paper_count; i++)
        sealed |= strcmp(w->programme->papers[i].component, w->session.component) == 0;
    if (sealed && staff_count(w, DUTY_release_officer, anywhere, true) < 2)
        finding_add(c, RULE_officers_missing, &here, "试卷启封员不足两人。");
}

/* ------------------------------------------------------------------ who stands aside */
/* One employer under two spellings: blanks do not count. */
static bool same_employer(const char *x, const char *y)
{
    if (!x || !y)
        return false;
    for (;;) {
        x += strspn(x, " \t");
        y += strspn(y, " \t");
        if (strncmp(x, "　", 3) == 0)
            x += 3;
        else if (strncmp(y, "　", 3) == 0)
            y += 3;
        else if (*x != *y)
            return false;
        else if (!*x)
            return true;
        else
            x++, y++;
    }
}

/* The nearest tie first, so that the sentence names the weightiest. */
static bool find_tie(const struct arranged_staff *s, const struct arranged_candidate *k,
                     enum finding_rule *rule, const char **tie)
{
    static const struct {
        enum conflict_kind kind;
        enum finding_rule rule;
        const char *tie;
    } ties[] = {
        {CONFLICT_KIN, RULE_recusal_kin, "亲属"},
        {CONFLICT_TRAINED, RULE_recusal_trained, "师生"},
        {CONFLICT_EMPLOYER, RULE_recusal_employer, "同单位"},
        {CONFLICT_OTHER, RULE_recusal_other, "本人考生或其他利害"},
    };
    if (!id_is_zero(s->person) && id_equal(s->person, k->person)) {
        *rule = RULE_recusal_self;
        *tie = "本人";
        return true;
    }
    if (s->at.duty == DUTY_release_officer)
        return false;
    for (size_t t = 0; t < sizeof ties / sizeof *ties; t++)
        for (size_t i = 0; i < s->conflict_count; i++)
            if (s->conflicts[i].kind == ties[t].kind &&
                id_equal(s->conflicts[i].person, k->person)) {
                *rule = ties[t].rule;
                *tie = ties[t].tie;
                return true;
            }
    if (same_employer(s->employer, k->employer) && *s->employer) {
        *rule = RULE_recusal_employer;
        *tie = "同单位";
        return true;
    }
    return false;
}

static void check_ties(struct checker *c, const struct arranged_staff *s)
{
    struct finding_place here = finding_at_staff(s);
    for (size_t i = 0; i < c->w->candidate_count; i++) {
        const struct arranged_candidate *k = &c->w->candidates[i];
        enum finding_rule rule;
        const char *tie;
        if (staff_meets(s, k) && find_tie(s, k, &rule, &tie))
            finding_add(c, rule, &here, "%s %s与考生%s有%s关系，应当回避。",
                        duty_label(s->at.duty), s->at.name, k->name, tie);
    }
}

/* ------------------------------------------------------------------ examiners' cards */
static bool code_is(const struct occupation *o, const char *code)
{
    if (strcmp(o->code, code) == 0)
        return true;
    for (size_t i = 0; i < o->code_alias_count; i++)
        if (strcmp(o->code_aliases[i], code) == 0)
            return true;
    return false;
}

/* The national ladder only: 1 is its highest level. Other programmes set no cards. */
static void check_card(struct checker *c, const struct arranged_staff *s)
{
    const struct programme *p = c->w->programme;
    struct finding_place here = finding_at_staff(s);
    int64_t highest = INT64_MAX, cap = INT64_MAX;
    const struct level *most = NULL;
    if (s->at.duty != DUTY_examiner && s->at.duty != DUTY_head_examiner)
        return;
    for (size_t i = 0; i < c->w->candidate_count; i++) {
        const struct level *l = programme_level(p, c->w->candidates[i].level);
        if (staff_meets(s, &c->w->candidates[i]) && l && l->skill_level && l->level < highest) {
            highest = l->level;
            most = l;
        }
    }
    if (!most || !p->occupation || !p->occupation->code)
        return;
    for (size_t i = 0; i < s->occupation_count; i++)
        if (code_is(p->occupation, s->occupations[i].code) && s->occupations[i].level_cap < cap)
            cap = s->occupations[i].level_cap;
    if (cap == INT64_MAX)
        finding_add(c, RULE_examiner_card, &here, "%s没有%s（%s）的考评资格。", s->at.name,
                    p->occupation->name, p->occupation->code);
    else if (cap > highest)
        finding_add(c, RULE_examiner_level, &here, "%s的考评资格不包括%s。", s->at.name,
                    most->name);
}

/* ------------------------------------------------------------------ one person, one duty */
/* An invigilator may hold half of the release; all other duties exclude each other. */
static bool may_be_both(enum duty x, enum duty y)
{
    return (x == DUTY_invigilator && y == DUTY_release_officer) ||
           (y == DUTY_invigilator && x == DUTY_release_officer);
}

/* Told once for a pair: at its second. */
static void check_mixed(struct checker *c, size_t which)
{
    const struct arranged_staff *s = &c->w->staff[which];
    struct finding_place here = finding_at_staff(s);
    for (size_t i = 0; i < which; i++) {
        const struct session_staff *other = &c->w->staff[i].at;
        if (id_equal(other->account, s->at.account) && !may_be_both(other->duty, s->at.duty))
            finding_add(c, RULE_duties_mixed, &here, "%s在本场次既是%s又是%s。", s->at.name,
                        duty_label(other->duty), duty_label(s->at.duty));
    }
}

void staff_person_check(struct checker *c, size_t which)
{
    const struct arranged_staff *s = &c->w->staff[which];
    struct finding_place here = finding_at_staff(s);
    if (!s->may)
        finding_add(c, RULE_staff_may_not, &here, "%s没有“%s”的角色，或账户已停用。",
                    s->at.name, duty_label(s->at.duty));
    if (s->clash)
        finding_add(c, RULE_staff_clash, &here, "%s同一时间在“%s”任职。", s->at.name, s->clash);
    check_mixed(c, which);
    check_card(c, s);
    check_ties(c, s);
}

void staff_rules_check(struct checker *c)
{
    const struct programme *p = c->w->programme;
    for (size_t i = 0; i < p->staffing_count; i++)
        if (strcmp(p->staffing[i].component, c->w->session.component) == 0)
            check_staffing(c, &p->staffing[i]);
    check_supervision(c);
    for (size_t i = 0; i < c->w->staff_count; i++)
        staff_person_check(c, i);
}
