/* sitting/arrange_rules_test.c - every rule of an arrangement, by tables. */
#include "sitting/arrange.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "programme/programme.h"
#include "test/check.h"

enum { PEOPLE_MAX = 64, NOW = 1000 };

/* An arrangement that keeps every rule, for a test to break one. */
struct scene {
    struct arena *arena;
    struct programme_set set;
    struct arrangement w;
    struct room rooms[3];
    struct arranged_candidate candidates[PEOPLE_MAX];
    struct arranged_staff staff[PEOPLE_MAX];
    const char *room_clashes[3];
    struct findings found;
};

static const struct staff_occupation top_card = {"4-13-01-05", 1};

static struct id id_of(char kind, size_t n)
{
    struct id id = {{0}};
    id.bytes[0] = (unsigned char)kind;
    id.bytes[1] = (unsigned char)(n + 1);
    return id;
}

static void seat_them(struct scene *s, size_t from, size_t count, size_t room)
{
    for (size_t i = from; i < from + count; i++) {
        struct arranged_candidate *c = &s->candidates[i];
        *c = (struct arranged_candidate){.entry = id_of('e', i),
                                         .person = id_of('p', i),
                                         .seat = id_of('s', i),
                                         .room = s->rooms[room].id,
                                         .name = "张三",
                                         .level = 4,
                                         .direction = "A",
                                         .accepted = true,
                                         .clash_seat = 1};
    }
    s->w.candidate_count = from + count;
}

static struct arranged_staff *add_staff(struct scene *s, enum duty duty, struct id room)
{
    size_t n = s->w.staff_count++;
    s->staff[n] = (struct arranged_staff){
        .at = {id_of('x', n), s->w.session.id, id_of('a', n), room, duty, "李工"},
        .may = true,
        .occupations = &top_card,
        .occupation_count = 1,
    };
    return &s->staff[n];
}

static struct scene *scene(const char *programme, const char *component)
{
    struct err e = {0};
    struct arena *a = arena_create(64 << 20);
    struct scene *s = arena_new(a, struct scene);
    s->arena = a;
    CHECK_OK("programmes", programmes_load_embedded(a, &s->set, &e), &e);
    for (size_t i = 0; i < 3; i++)
        s->rooms[i] = (struct room){.id = id_of('r', i), .name = "第一考场", .capacity = 40};
    s->w = (struct arrangement){
        .programme = programme_find(&s->set, programme),
        .session = {.id = id_of('z', 0),
                    .component = component,
                    .title = "场次",
                    .starts_ms = 3600000,
                    .minutes = 120},
        .rooms = s->rooms,
        .room_count = 1,
        .room_clashes = s->room_clashes,
        .candidates = s->candidates,
        .staff = s->staff,
        .now_ms = NOW,
    };
    return s;
}

static void end(struct scene *s)
{
    arena_destroy(s->arena);
}

/* How often a rule is broken. */
static int broken(struct scene *s, const char *rule)
{
    int n = 0;
    arrange_check(s->arena, &s->w, &s->found);
    for (size_t i = 0; i < s->found.count; i++)
        n += strcmp(s->found.at[i].rule, rule) == 0;
    return n;
}

static const struct arrange_finding *first(struct scene *s, const char *rule)
{
    for (size_t i = 0; i < s->found.count; i++)
        if (strcmp(s->found.at[i].rule, rule) == 0)
            return &s->found.at[i];
    return NULL;
}

/* ------------------------------------------------------------------ how many */
static const struct {
    const char *programme, *component;
    enum duty duty;
    int candidates, staff, minimum, ratio, odd;
} numbers[] = {
    /* 1∶15 and at least two in a room */
    {"national-2023", "theory", DUTY_invigilator, 1, 0, 1, 1, 0},
    {"national-2023", "theory", DUTY_invigilator, 1, 1, 1, 0, 0},
    {"national-2023", "theory", DUTY_invigilator, 1, 2, 0, 0, 0},
    {"national-2023", "theory", DUTY_invigilator, 15, 1, 1, 0, 0},
    {"national-2023", "theory", DUTY_invigilator, 16, 1, 1, 1, 0},
    {"national-2023", "theory", DUTY_invigilator, 15, 2, 0, 0, 0},
    {"national-2023", "theory", DUTY_invigilator, 16, 2, 0, 0, 0},
    {"national-2023", "theory", DUTY_invigilator, 30, 2, 0, 0, 0},
    {"national-2023", "theory", DUTY_invigilator, 31, 2, 0, 1, 0},
    {"national-2023", "theory", DUTY_invigilator, 31, 3, 0, 0, 0},
    /* 1∶5, three or more, odd */
    {"national-2023", "skills", DUTY_examiner, 5, 1, 1, 0, 0},
    {"national-2023", "skills", DUTY_examiner, 5, 2, 1, 0, 1},
    {"national-2023", "skills", DUTY_examiner, 5, 3, 0, 0, 0},
    {"national-2023", "skills", DUTY_examiner, 15, 3, 0, 0, 0},
    {"national-2023", "skills", DUTY_examiner, 16, 3, 0, 1, 0},
    {"national-2023", "skills", DUTY_examiner, 16, 4, 0, 0, 1},
    {"national-2023", "skills", DUTY_examiner, 16, 5, 0, 0, 0},
    {"national-2023", "skills", DUTY_examiner, 25, 5, 0, 0, 0},
    {"national-2023", "skills", DUTY_examiner, 26, 5, 0, 1, 0},
    /* a panel of three or more, odd; no ratio is printed */
    {"national-2023", "review", DUTY_panel_member, 20, 2, 1, 0, 1},
    {"national-2023", "review", DUTY_panel_member, 20, 3, 0, 0, 0},
    {"national-2023", "review", DUTY_panel_member, 20, 4, 0, 0, 1},
    {"national-2023", "review", DUTY_panel_member, 20, 5, 0, 0, 0},
    /* a programme that prints no numbers asks for none */
    {"ccia", "theory", DUTY_invigilator, 31, 0, 0, 0, 0},
};

void staffing_numbers_test(void)
{
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct scene *s = scene(numbers[i].programme, numbers[i].component);
        char what[80];
        snprintf(what, sizeof what, "%s %d candidates, %d staff", numbers[i].component,
                 numbers[i].candidates, numbers[i].staff);
        seat_them(s, 0, (size_t)numbers[i].candidates, 0);
        struct id room = {{0}};
        if (numbers[i].duty == DUTY_invigilator)
            room = s->rooms[0].id;
        for (int n = 0; n < numbers[i].staff; n++)
            add_staff(s, numbers[i].duty, room);
        CHECK_INT(what, broken(s, "staff_minimum"), numbers[i].minimum);
        CHECK_INT(what, broken(s, "staff_ratio"), numbers[i].ratio);
        CHECK_INT(what, broken(s, "staff_odd"), numbers[i].odd);
        end(s);
    }
}

/* Invigilators count in their own room only; examiners in rooms make a group in each. */
void staffing_by_room_test(void)
{
    struct id anywhere = {{0}};
    struct scene *s = scene("national-2023", "theory");
    s->w.room_count = 2;
    seat_them(s, 0, 10, 0);
    seat_them(s, 10, 10, 1);
    for (int i = 0; i < 4; i++)
        add_staff(s, DUTY_invigilator, s->rooms[0].id);
    CHECK_INT("none in the second room", broken(s, "staff_minimum"), 1);
    CHECK("there", id_equal(first(s, "staff_minimum")->where_id, s->rooms[1].id));
    add_staff(s, DUTY_invigilator, anywhere);
    CHECK_INT("roaming does not count", broken(s, "staff_minimum"), 1);
    end(s);

    s = scene("national-2023", "skills");
    s->w.room_count = 2;
    seat_them(s, 0, 10, 0);
    seat_them(s, 10, 10, 1);
    for (int i = 0; i < 6; i++)
        add_staff(s, DUTY_examiner, s->rooms[i / 3].id);
    CHECK_INT("three and three are odd in each", broken(s, "staff_odd"), 0);
    CHECK_INT("and enough", broken(s, "staff_ratio"), 0);
    add_staff(s, DUTY_examiner, anywhere);
    CHECK_INT("one more for both is even in both", broken(s, "staff_odd"), 2);
    end(s);
}

void findings_name_their_source_test(void)
{
    struct scene *s = scene("national-2023", "theory");
    seat_them(s, 0, 31, 0);
    add_staff(s, DUTY_invigilator, s->rooms[0].id);
    s->w.session.minutes = 89;
    CHECK_INT("too few", broken(s, "staff_ratio"), 1);
    const struct arrange_finding *f = first(s, "staff_ratio");
    CHECK("document", strstr(f->source, "全媒体运营师国家职业标准（2023年版）"));
    CHECK("section", strstr(f->source, "1.9.3"));
    CHECK("words", strstr(f->source, "每个考场不少于2名监考人员"));
    CHECK("how many", strstr(f->sentence, "至少应有 3 人"));
    CHECK_TEXT("where", f->where, "room");
    f = first(s, "minutes_minimum");
    CHECK("section", strstr(f->source, "1.9.4"));
    CHECK("minutes", strstr(f->sentence, "89") && strstr(f->sentence, "90"));
    struct json_out *o = json_out_create(s->arena);
    out_object(o);
    findings_put(o, &s->found);
    out_object_end(o);
    CHECK("json", strstr(json_out_text(o), "\"rule\":\"staff_ratio\""));
    end(s);
}

static const struct {
    const char *component;
    int64_t minutes;
    int broken;
} durations[] = {
    {"theory", 89, 1},  {"theory", 90, 0}, {"skills", 99, 1},
    {"skills", 100, 0}, {"review", 19, 1}, {"review", 20, 0},
};

void durations_test(void)
{
    for (size_t i = 0; i < sizeof durations / sizeof *durations; i++) {
        struct scene *s = scene("national-2023", durations[i].component);
        s->w.session.minutes = durations[i].minutes;
        CHECK_INT(durations[i].component, broken(s, "minutes_minimum"), durations[i].broken);
        end(s);
    }
}

/* ------------------------------------------------------------------ who stands aside */
struct tie_case {
    const char *what, *rule;
    enum duty duty;
    int conflict; /* enum conflict_kind, or -1 */
    bool self, colleague, other_room;
    int want;
};

static const struct tie_case ties[] = {
    {"kin", "recusal_kin", DUTY_invigilator, CONFLICT_KIN, false, false, false, 1},
    {"teacher", "recusal_trained", DUTY_examiner, CONFLICT_TRAINED, false, false, false, 1},
    {"employer told", "recusal_employer", DUTY_examiner, CONFLICT_EMPLOYER, false, false, false,
     1},
    {"own candidate", "recusal_other", DUTY_panel_member, CONFLICT_OTHER, false, false, false,
     1},
    {"colleague by profile", "recusal_employer", DUTY_examiner, -1, false, true, false, 1},
    {"oneself", "recusal_self", DUTY_quality_supervisor, -1, true, false, false, 1},
    {"kin in another room", "recusal_kin", DUTY_invigilator, CONFLICT_KIN, false, false, true,
     0},
    {"kin opens papers", "recusal_kin", DUTY_release_officer, CONFLICT_KIN, false, false, false,
     0},
    {"no tie", "recusal_kin", DUTY_invigilator, -1, false, false, false, 0},
};

void recusal_test(void)
{
    for (size_t i = 0; i < sizeof ties / sizeof *ties; i++) {
        const struct tie_case *t = &ties[i];
        struct scene *s = scene("national-2023", "theory");
        s->w.room_count = 2;
        seat_them(s, 0, 3, 0);
        s->candidates[1].employer = "北京 某某传媒有限公司";
        struct arranged_staff *x = add_staff(s, t->duty, s->rooms[t->other_room].id);
        struct conflict c = {x->at.account, s->candidates[1].person, CONFLICT_KIN};
        if (t->conflict >= 0) {
            c.kind = (enum conflict_kind)t->conflict;
            x->conflicts = &c;
            x->conflict_count = 1;
        }
        x->employer = t->colleague ? "北京某某传媒有限公司　" : "另一家公司";
        if (t->self)
            x->person = s->candidates[1].person;
        CHECK_INT(t->what, broken(s, t->rule), t->want);
        if (t->want)
            CHECK(t->what, first(s, t->rule)->blocks);
        end(s);
    }
}

/* No employer is no common employer. */
void recusal_without_employer_test(void)
{
    struct scene *s = scene("national-2023", "theory");
    seat_them(s, 0, 1, 0);
    struct arranged_staff *x = add_staff(s, DUTY_invigilator, s->rooms[0].id);
    s->candidates[0].employer = x->employer = "";
    CHECK_INT("both empty", broken(s, "recusal_employer"), 0);
    s->candidates[0].employer = NULL;
    CHECK_INT("one unknown", broken(s, "recusal_employer"), 0);
    end(s);
}

/* Every pair of duties: one person holds both only as invigilator and release officer. */
void duties_apart_test(void)
{
    for (int x = 0; x < DUTIES; x++)
        for (int y = 0; y < DUTIES; y++) {
            struct scene *s = scene("national-2023", "theory");
            bool both = (x == DUTY_invigilator && y == DUTY_release_officer) ||
                        (y == DUTY_invigilator && x == DUTY_release_officer);
            struct id anywhere = {{0}};
            add_staff(s, (enum duty)x, anywhere);
            add_staff(s, (enum duty)y, anywhere)->at.account = s->staff[0].at.account;
            CHECK_INT(duty_name((enum duty)x), broken(s, "duties_mixed"), !both);
            end(s);
        }
}

static const struct {
    const char *what, *code;
    int64_t cap, level;
    enum duty duty;
    int card, over;
} cards[] = {
    {"up to the highest", "4-13-01-05", 1, 1, DUTY_examiner, 0, 0},
    {"just enough", "4-13-01-05", 3, 3, DUTY_examiner, 0, 0},
    {"a level short", "4-13-01-05", 3, 2, DUTY_examiner, 0, 1},
    {"the former code", "4-13-05-03", 2, 2, DUTY_examiner, 0, 0},
    {"another occupation", "4-07-09-01", 1, 4, DUTY_examiner, 1, 0},
    {"no card", NULL, 0, 4, DUTY_examiner, 1, 0},
    {"the head, too", NULL, 0, 4, DUTY_head_examiner, 1, 0},
    {"an invigilator needs none", NULL, 0, 4, DUTY_invigilator, 0, 0},
};

void examiner_cards_test(void)
{
    for (size_t i = 0; i < sizeof cards / sizeof *cards; i++) {
        struct scene *s = scene("national-2023", "skills");
        struct staff_occupation card = {cards[i].code, cards[i].cap};
        struct id anywhere = {{0}};
        seat_them(s, 0, 2, 0);
        s->candidates[1].level = cards[i].level;
        struct arranged_staff *x = add_staff(s, cards[i].duty, anywhere);
        x->occupations = &card;
        x->occupation_count = cards[i].code != NULL;
        CHECK_INT(cards[i].what, broken(s, "examiner_card"), cards[i].card);
        CHECK_INT(cards[i].what, broken(s, "examiner_level"), cards[i].over);
        end(s);
    }
}

/* ------------------------------------------------------------------ the rest */
void arrangement_rules_test(void)
{
    struct id anywhere = {{0}};
    struct scene *s = scene("national-2023", "theory");
    seat_them(s, 0, 10, 0);
    add_staff(s, DUTY_invigilator, s->rooms[0].id);
    add_staff(s, DUTY_invigilator, s->rooms[0].id);
    add_staff(s, DUTY_quality_supervisor, anywhere);
    add_staff(s, DUTY_release_officer, anywhere);
    add_staff(s, DUTY_release_officer, anywhere);
    broken(s, "");
    CHECK_INT("nothing is wrong", s->found.count, 0);

    s->rooms[0].capacity = 9;
    CHECK_INT("over capacity", broken(s, "room_capacity"), 1);
    s->rooms[0].capacity = 10;
    CHECK_INT("full", broken(s, "room_capacity"), 0);
    s->room_clashes[0] = "另一场次";
    CHECK_INT("room twice", broken(s, "room_clash"), 1);
    s->candidates[3].clash = "另一场次";
    CHECK_INT("candidate elsewhere", broken(s, "candidate_clash"), 1);
    s->candidates[3].clash_seat = 2;
    CHECK_INT("two seats", broken(s, "candidate_twice"), 1);
    s->candidates[4].accepted = false;
    CHECK_INT("not accepted", broken(s, "candidate_stands"), 1);
    s->staff[0].clash = "另一场次";
    CHECK_INT("staff elsewhere", broken(s, "staff_clash"), 1);
    s->staff[1].may = false;
    CHECK_INT("no role", broken(s, "staff_may_not"), 1);
    s->w.now_ms = s->w.session.starts_ms;
    CHECK_INT("too late", broken(s, "starts_past"), 1);
    s->candidates[5].seat = s->candidates[5].room = anywhere;
    CHECK_INT("waiting", broken(s, "unseated"), 1);
    CHECK("only shown", !first(s, "unseated")->blocks);
    s->w.staff_count = 2;
    CHECK_INT("no supervisor", broken(s, "supervisor_missing"), 1);
    CHECK_INT("no officers", broken(s, "officers_missing"), 1);
    s->w.candidate_count = 0;
    CHECK_INT("nobody", broken(s, "no_candidates"), 1);
    CHECK_INT("empty room", broken(s, "room_empty"), 1);
    s->w.room_count = 0;
    CHECK_INT("no room", broken(s, "no_rooms"), 1);
    end(s);

    s = scene("national-2023", "review");
    seat_them(s, 0, 2, 0);
    s->candidates[0].level = 2;
    CHECK_INT("level 4 has no review", broken(s, "candidate_level"), 1);
    CHECK("source", strstr(first(s, "candidate_level")->source, "1.9.2"));
    end(s);
}

/* Two lengths of time overlap if and only if some minute lies in both. */
void overlap_test(void)
{
    for (int x = 0; x < 8; x++)
        for (int xm = 1; xm < 4; xm++)
            for (int y = 0; y < 8; y++)
                for (int ym = 1; ym < 4; ym++) {
                    bool both = false;
                    for (int t = 0; t < 12; t++)
                        both |= t >= x && t < x + xm && t >= y && t < y + ym;
                    CHECK_INT("overlap", arrange_overlap(x * 60000, xm, y * 60000, ym), both);
                }
}
