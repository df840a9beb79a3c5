/* archive/retention.c - when a session's recordings may go, and that they do. */
#include "archive/retention.h"

#include <string.h>

#include "base/arena.h"
#include "base/workday.h"
#include "entry/batch.h"
#include "sitting/recording_key.h"
#include "store/audit.h"
#include "store/db.h"

enum { LISTED_MAX = 500, REASON_MAX = 600 };

/* --- the rule ------------------------------------------------------------------------------------- */
static const struct {
    const char *word, *sentence;
} bars[] = {
    [BAR_NONE] = {"", ""},
    [BAR_RESULTS] = {"results", "本场成绩还没有全部公布，录像须保留。"},
    [BAR_RECHECK] = {"recheck", "本场还有没有答复的复核申请，录像须保留。"},
    [BAR_VIOLATION] = {"violation", "本场还有没有处理完的违纪，录像须保留。"},
    [BAR_CALENDAR] = {"calendar",
                      "那一年的工作日安排尚未公布，保存期满日还不能确定，录像须保留。"},
    [BAR_EARLY] = {"early", "保存期未满，录像须保留。"},
    [BAR_DESTROYED] = {"destroyed", "本场录像已经销毁。"},
};

const char *retention_bar_word(enum retention_bar bar)
{
    return bars[bar].word;
}

/* The window's last day; DATE_NONE where the working days are not known. */
static date_days window_end(const struct workday_calendar *c, const struct retention_facts *f)
{
    struct err unknown = {0};
    date_days from = date_of_instant(f->published_ms, CHINA_OFFSET_MS), end;
    if (!workday_add(c, from, (int)f->recheck_days, &end, &unknown))
        return DATE_NONE;
    date_days answered = f->answered_ms ? date_of_instant(f->answered_ms, CHINA_OFFSET_MS)
                                        : end;
    return answered > end ? answered : end;
}

enum retention_bar retention_judge(const struct workday_calendar *c,
                                   const struct retention_facts *f, date_days today,
                                   date_days *due)
{
    *due = DATE_NONE;
    if (f->published_ms == 0 || f->unpublished > 0)
        return BAR_RESULTS;
    date_days end = window_end(c, f);
    if (end == DATE_NONE)
        return BAR_CALENDAR;
    *due = date_add_months(end, RECORDING_MONTHS) + 1;
    if (f->open_rechecks > 0)
        return BAR_RECHECK;
    if (f->open_violations > 0)
        return BAR_VIOLATION;
    return today < *due ? BAR_EARLY : BAR_NONE;
}

/* --- facts ---------------------------------------------------------------------------------------- */
static bool read_published(const struct retention *r, struct id session,
                           struct retention_facts *f, struct err *e)
{
    bool found;
    struct batch b;
    struct query *q = db_query(r->db, SQL_retention_published);
    query_id(q, session);
    query_id(q, r->who->body);
    if (!query_maybe(q, &found, e) || !found)
        return e->code == ERR_NONE;
    struct id batch = query_get_id(q, 0);
    f->published_ms = query_get_int(q, 1);
    query_done(q);
    if (!batch_get(r->db, r->arena, r->who->body, batch, &b, e))
        return false;
    f->recheck_days = b.policy.recheck_days;
    return true;
}

static bool read_facts(const struct retention *r, struct id session, struct retention_facts *f,
                       struct err *e)
{
    *f = (struct retention_facts){0};
    if (!read_published(r, session, f, e))
        return false;
    struct query *q = db_query(r->db, SQL_retention_open);
    query_id(q, session);
    if (!query_one(q, "session", e))
        return false;
    f->unpublished = query_get_int(q, 0);
    f->open_rechecks = query_get_int(q, 1);
    f->answered_ms = query_get_int(q, 2);
    f->open_violations = query_get_int(q, 3);
    query_done(q);
    return true;
}

static struct recording recording_read(struct query *q, struct arena *a)
{
    return (struct recording){.session = query_get_id(q, 0),
                              .title = query_get_text(q, 1, a),
                              .starts_ms = query_get_int(q, 2),
                              .made_ms = query_get_int(q, 3),
                              .destroyed_ms = query_get_int(q, 4),
                              .pieces = query_get_int(q, 5),
                              .bytes = query_get_int(q, 6),
                              .due = DATE_NONE};
}

static bool judge(const struct retention *r, struct recording *one, struct err *e)
{
    struct retention_facts f;
    one->bar = BAR_DESTROYED;
    if (one->destroyed_ms)
        return true;
    if (!read_facts(r, one->session, &f, e))
        return false;
    one->bar = retention_judge(r->calendar, &f,
                               date_of_instant(r->who->now_ms, CHINA_OFFSET_MS), &one->due);
    return true;
}

bool retention_list(const struct retention *r, struct recording_list *out, struct err *e)
{
    *out = (struct recording_list){arena_array(r->arena, struct recording, LISTED_MAX), 0};
    struct query *q = db_query(r->db, SQL_retention_recordings);
    query_id(q, r->who->body);
    query_int(q, LISTED_MAX);
    while (query_next(q, e))
        out->at[out->count++] = recording_read(q, r->arena);
    for (size_t i = 0; e->code == ERR_NONE && i < out->count; i++)
        if (!judge(r, &out->at[i], e))
            return false;
    return e->code == ERR_NONE;
}

/* --- the end -------------------------------------------------------------------------------------- */
bool retention_may_destroy(const struct retention *r, struct id session, struct recording *out,
                           struct err *e)
{
    bool found;
    char day[DATE_TEXT_BYTES];
    struct query *q = db_query(r->db, SQL_retention_recording);
    query_id(q, r->who->body);
    query_id(q, session);
    if (!query_maybe(q, &found, e))
        return false;
    if (!found)
        return FAIL(e, NOT_FOUND, "session", "这场考试没有录像。");
    *out = recording_read(q, r->arena);
    query_done(q);
    if (!judge(r, out, e))
        return false;
    if (out->bar == BAR_NONE)
        return true;
    if (out->bar != BAR_EARLY)
        return FAIL(e, RULE, "/recording", "%s", bars[out->bar].sentence);
    date_write(out->due, day);
    return FAIL(e, RULE, "/recording", "保存期未满，录像须保留到 %s。", day);
}

bool retention_destroy(const struct retention *r, struct id session, const char *reason,
                       struct err *e)
{
    struct recording one;
    if (!reason || strlen(reason) < 2 || strlen(reason) > REASON_MAX)
        return FAIL(e, INVALID, "/reason", "请写明理由（2 至 200 字）。");
    return retention_may_destroy(r, session, &one, e) &&
           recording_key_destroy(r->db, r->who, session, reason, e);
}
