/* sitting/ticket_rules.c - the sentences on a ticket: ours where no document prints one. */
#include "sitting/ticket_rules.h"

#include <string.h>

#include "base/arena.h"
#include "base/calendar.h"
#include "programme/programme.h"

enum { RULES_MAX = 16, MINUTE_MS = 60000, MINUTES_A_DAY = 24 * 60 };

const char *session_day_text(struct arena *a, const struct session *s)
{
    static const char *const names[] = {"一", "二", "三", "四", "五", "六", "日"};
    date_days day = date_of_instant(s->starts_ms, s->zone_offset_ms);
    struct civil c = civil_of(day);
    return arena_printf(a, "%d年%d月%d日（星期%s）", c.year, c.month, c.day,
                        names[weekday_of(day) - 1]);
}

const char *session_clock_text(struct arena *a, const struct session *s, int64_t at_ms)
{
    date_days day = date_of_instant(at_ms, s->zone_offset_ms);
    int64_t minute = (at_ms - instant_of(day, 0, s->zone_offset_ms)) / MINUTE_MS;
    return arena_printf(a, "%02d:%02d", (int)(minute % MINUTES_A_DAY / 60), (int)(minute % 60));
}

const char *session_time_text(struct arena *a, const struct session *s)
{
    return arena_printf(a, "%s–%s", session_clock_text(a, s, s->starts_ms),
                        session_clock_text(a, s, session_ends_ms(s)));
}

const char *session_zone_text(struct arena *a, const struct session *s)
{
    if (s->zone_offset_ms == CHINA_OFFSET_MS)
        return "北京时间";
    int64_t minutes = s->zone_offset_ms / MINUTE_MS;
    const char *sign = minutes < 0 ? "−" : "+";
    if (minutes < 0)
        minutes = -minutes;
    return arena_printf(a, "UTC%s%02d:%02d", sign, (int)(minutes / 60), (int)(minutes % 60));
}

static void add(struct ticket_rules *out, const char *sentence)
{
    if (out->count < RULES_MAX)
        out->at[out->count++] = sentence;
}

static const char *listed(struct arena *a, const char *const *words, size_t count)
{
    const char *all = count ? words[0] : "";
    for (size_t i = 1; i < count; i++)
        all = arena_printf(a, "%s、%s", all, words[i]);
    return all;
}

static void add_entry(struct ticket_rules *out, struct arena *a, const struct session *s)
{
    const char *late = session_clock_text(a, s, s->starts_ms + s->late_limit_ms);
    if (s->late_limit_ms > 0)
        add(out, arena_printf(a, "开考 %d 分钟后（%s 以后）不得入场，按放弃本次考试处理。",
                              (int)(s->late_limit_ms / MINUTE_MS), late));
    else
        add(out, "开考后不得入场，按放弃本次考试处理。");
    if (s->earliest_hand_in_ms > 0)
        add(out, arena_printf(a, "开考 %d 分钟内（%s 以前）不得交卷离场。",
                              (int)(s->earliest_hand_in_ms / MINUTE_MS),
                              session_clock_text(a, s, s->starts_ms + s->earliest_hand_in_ms)));
}

static void add_devices(struct ticket_rules *out, struct arena *a, const struct entry_rule *r)
{
    if (r->required_count)
        add(out, arena_printf(a, "须自备并开启：%s。",
                              listed(a, r->devices_required, r->required_count)));
    if (r->allowed_count)
        add(out, arena_printf(a, "只允许使用%s作答%s%s。",
                              listed(a, r->devices_allowed, r->allowed_count),
                              r->forbidden_count ? "，不得使用" : "",
                              listed(a, r->devices_forbidden, r->forbidden_count)));
    if (r->alone_in_room)
        add(out, "考试时须独处一室，他人不得进入。");
    if (r->seat_kept)
        add(out, "考试期间不得离开座位。");
    if (r->recording_count)
        add(out, "考试全程录音录像；录音录像异常的，成绩作废。");
}

void ticket_rules(struct arena *a, const struct programme *p, const struct session *s,
                  struct ticket_rules *out)
{
    const struct component *part = programme_component(p, s->component);
    *out = (struct ticket_rules){arena_array(a, const char *, RULES_MAX), 0};
    add(out, "凭本准考证和报名时所用的有效身份证件原件入场，两证缺一不可。");
    add_entry(out, a, s);
    if (p->entry && (p->entry->alone_in_room || p->entry->required_count))
        add_devices(out, a, p->entry);
    else
        add(out, "手机、智能手表等通信和存储设备关机后放在指定位置，不得带到座位。");
    add(out, "按本证的考场和座位就座，将两证放在桌面左上角备查；开考信号发出后方可答题。");
    add(out, "作答随时保存。设备、网络发生故障或有其他情况时举手报告，由监考人员处理；不得自行"
             "换座。");
    if (part)
        add(out, arena_printf(a, "%s时长 %d 分钟，满分 %d 分，%d 分（含）以上为合格。",
                              part->name, (int)s->minutes, (int)(part->full_millimarks / 1000),
                              (int)(part->pass_millimarks / 1000)));
    add(out, "考试中不得交头接耳、传递物品、抄袭、代考或将试题内容带出考场；违纪的按规定处理，"
             "可取消成绩。");
}
