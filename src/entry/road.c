/* entry/road.c - what comes next for an applicant, in words and dates. Pure. */
#include <stdio.h>

#include "base/arena.h"
#include "base/fields.h"
#include "entry/timeline.h"

const char *road_state_name(enum road_state s)
{
    static const char *const names[] = {"done", "here", "todo", "late"};
    return names[s];
}

static int64_t end_of_day(date_days d)
{
    return d == DATE_NONE ? 0 : instant_of(d + 1, 0, CHINA_OFFSET_MS) - 1;
}

static bool is_over(const struct entry *n)
{
    return n->state == ENTRY_REFUSED || n->state == ENTRY_WITHDRAWN;
}

/* A returned application is at its first stage again. */
static int64_t reached_ms(const struct road_facts *f, enum stage s)
{
    if (f->entry->state == ENTRY_RETURNED || f->entry->state == ENTRY_DRAFT)
        return 0;
    return f->progress->at_ms[s];
}

static struct road_stage stage_of(struct arena *a, const struct road_facts *f, enum stage s)
{
    struct stage_due due = stage_due(a, f->batch, f->calendar, s);
    struct road_stage out = {.stage = s, .state = ROAD_TODO, .note = due.note};
    out.at_ms = reached_ms(f, s);
    out.by_ms = end_of_day(due.day);
    if (s == STAGE_applied)
        out.by_ms = f->batch->apply_until_ms;
    if (s == STAGE_ticketed && !out.at_ms)
        out.at_ms = instant_of(f->batch->exam_from - (date_days)f->batch->policy.ticket_days, 0,
                               CHINA_OFFSET_MS);
    if (s == STAGE_sat && !out.at_ms)
        out.at_ms = f->progress->at_ms[STAGE_arranged]
                        ? f->progress->at_ms[STAGE_arranged]
                        : instant_of(f->batch->exam_from, 0, CHINA_OFFSET_MS);
    if (reached_ms(f, s))
        out.state = ROAD_DONE;
    return out;
}

static void find_next(const struct road_facts *f, struct road *r)
{
    for (size_t i = 0; i < r->count && !r->next; i++)
        if (r->stages[i].state != ROAD_DONE) {
            bool own = r->stages[i].stage == STAGE_applied;
            bool late = own && r->stages[i].by_ms && r->stages[i].by_ms < f->now_ms &&
                        f->entry->state != ENTRY_RETURNED;
            r->stages[i].state = late ? ROAD_LATE : ROAD_HERE;
            r->next = &r->stages[i];
        }
}

static void say(struct road *r, const char *title, const char *text)
{
    r->title = title;
    r->text = text;
}

/* What will not come is not announced. */
static void keep_done(struct road *r)
{
    size_t n = 0;
    for (size_t i = 0; i < r->count; i++)
        if (r->stages[i].state == ROAD_DONE)
            r->stages[n++] = r->stages[i];
    r->count = n;
    r->next = NULL;
}

static void say_over(const struct road_facts *f, struct road *r)
{
    if (f->entry->state == ENTRY_REFUSED)
        say(r, "申报未通过审核", f->entry->reason);
    else
        say(r, "申报已撤回", "如仍要参加，可在报名期内重新申报。");
}

/* The other components' marks stay as long as the programme says. */
static void say_failed(struct arena *a, const struct road_facts *f, struct road *r)
{
    char id[ID_TEXT_BYTES];
    id_write(f->entry->id, id);
    say(r, "成绩未全部合格",
        "合格的科目按方案保留成绩，可报名补考；对成绩有疑问可在期限内申请复核。");
    r->path = arena_printf(a, "/entries/%s/result", id);
    r->action = "查看成绩";
}

static void say_next(struct arena *a, const struct road_facts *f, struct road *r)
{
    char id[ID_TEXT_BYTES];
    id_write(f->entry->id, id);
    switch (r->next->stage) {
    case STAGE_applied:
        if (f->entry->state == ENTRY_RETURNED)
            say(r, "按审核意见修改后再次提交", f->entry->reason);
        else
            say(r, "填完并提交申报", "可以随时离开，已填的内容会保存。");
        r->path = arena_printf(a, "/entries/%s", id);
        r->action = "去填写";
        break;
    case STAGE_reviewed:
        say(r, "等待审核", "审核结果会显示在这里；如需补充材料，会写明要补什么。");
        r->path = arena_printf(a, "/entries/%s", id);
        r->action = "查看申报";
        break;
    case STAGE_ticketed:
        say(r, "打印准考证", "考前可以打印；考试时与身份证件一并出示，缺一不可。");
        break;
    case STAGE_sat:
        say(r, "参加考试", "请按准考证上的时间到达考点，带好准考证和身份证件。");
        r->path = arena_printf(a, "/entries/%s/ticket", id);
        r->action = "查看准考证";
        break;
    case STAGE_published:
        say(r, "等待成绩", "成绩公布后可在此查看各部分得分，并可在期限内申请复核。");
        break;
    case STAGE_issued:
        say(r, "查看成绩，等待证书", "合格者的证书签发后可在此下载。");
        r->path = arena_printf(a, "/entries/%s/result", id);
        r->action = "查看成绩";
        break;
    case STAGE_arranged:
    case STAGE_marked:
    case STAGE_archived:
    case STAGES:
        break;
    }
}

void road_of(struct arena *a, const struct road_facts *f, struct road *out)
{
    *out = (struct road){0};
    for (enum stage s = 0; s < STAGES; s++)
        if (*stage_road(s))
            out->stages[out->count++] = stage_of(a, f, s);
    if (is_over(f->entry) || f->progress->failed) {
        keep_done(out);
        if (is_over(f->entry))
            say_over(f, out);
        else
            say_failed(a, f, out);
        return;
    }
    find_next(f, out);
    if (out->next)
        say_next(a, f, out);
    else
        say(out, "全部完成", "证书可随时查看和下载。");
}
