/* web/marking.c - scoring by the machine, written answers, examiners' sheets. */
#include <string.h>

#include "bank/attachment.h"
#include "bank/seen.h"
#include "bank/upload.h"
#include "base/arena.h"
#include "base/json.h"
#include "marking/marking.h"
#include "sitting/handed_in.h"
#include "store/blob.h"
#include "store/work.h"
#include "web/app.h"
#include "web/bank_of.h"
#include "web/entry_of.h"
#include "web/handlers.h"
#include "web/marking.h"
#include "web/work.h"

struct marking marking_of(struct request *rq)
{
    return (struct marking){.db = rq->db,
                            .arena = rq->arena,
                            .master = rq->app->master,
                            .programmes = rq->app->programmes,
                            .actor = &rq->actor};
}

struct marking marking_of_work(const struct working *w)
{
    return (struct marking){.db = w->db,
                            .arena = w->arena,
                            .master = w->app->master,
                            .programmes = w->app->programmes,
                            .actor = &w->work->who,
                            .progress = w->progress};
}

/* Text of ours that is JSON already, as a member. */
void put_stored_json(struct request *rq, struct json_out *o, const char *key, const char *text)
{
    struct err ignored = {0};
    put_json(o, key, text ? json_read(rq->arena, text, strlen(text), &ignored) : NULL);
}

bool session_score(struct request *rq, struct reply *rp, struct err *e)
{
    struct marking m = marking_of(rq);
    struct theory_report r;
    if (!score_theory(&m, rq->id[0], &r, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_int(o, "attempts", r.attempts);
    put_int(o, "scored", r.scored);
    put_int(o, "open", r.open);
    put_int(o, "waiting", r.waiting);
    put_int(o, "scripts", r.scripts);
    put_int(o, "doubtful", r.doubtful);
    return true;
}

static void write_script(struct request *rq, struct json_out *o, const struct script *s)
{
    out_object(o);
    put_id(o, "id", s->id);
    put_text(o, "code", s->code);
    put_text(o, "stem", s->stem);
    put_stored_json(rq, o, "guide", s->guide);
    put_stored_json(rq, o, "response", s->response);
    put_int(o, "full", s->full_millimarks);
    put_bool(o, "third", strcmp(s->state, "third") == 0);
    out_object_end(o);
}

/* Neither who wrote it nor what others gave is here. */
bool scripts_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct marking m = marking_of(rq);
    struct page page = request_page(rq);
    struct script_list list;
    if (!script_list(&m, page.limit, page.offset, &list, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_int(o, "total", list.total);
    put_array(o, "scripts");
    for (size_t i = 0; i < list.count; i++)
        write_script(rq, o, &list.at[i]);
    out_array_end(o);
    return true;
}

/* The file that a written answer is. It is named after the question: whoever handed it in stays unnamed. */
bool script_file_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct marking m = marking_of(rq);
    unsigned char key[KEY_BYTES];
    struct blob_place place = rq->app->blobs;
    struct script s;
    struct handed_file file;
    struct handed_place at;
    if (!script_to_mark(&m, rq->id[0], &s, e) || !script_names_file(&m, &s, &at, e))
        return false;
    handed_in_key(rq->app->master, s.session, key);
    place.key = key;
    bool ok = handed_in_open(rq->db, &place, rq->arena, &at, &file, e);
    secret_wipe(key, sizeof key);
    if (ok)
        reply_file(rp, upload_media_type(file.type),
                   arena_printf(rq->arena, "answer-%lld.%s", (long long)s.n,
                                upload_extension(file.type)),
                   file.bytes);
    return ok;
}

/* A picture, sound or film of the question whose answer the actor may mark. */
bool script_picture_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct marking m = marking_of(rq);
    struct bank b = bank_of(rq);
    struct script s;
    struct attached file;
    struct id version;
    if (!script_to_mark(&m, rq->id[0], &s, e) ||
        !script_shows(&m, &s, rq->word[0], &version, e) ||
        !bank_note_seen(&b, SEEN_mark, &version, 1, e) ||
        !attachment_open(&b, rq->word[0], &file, e))
        return false;
    reply_attached(rq, rp, &file);
    return true;
}

struct script_vote_body {
    int64_t millimarks;
    const char *note;
};
static const struct field script_vote_rows[] = {
    {FIELD(struct script_vote_body, millimarks, INT), .required = true, .min = 0,
     .max = 1000000},
    {FIELD(struct script_vote_body, note, TEXT), .max = 1000},
};
const struct fields script_vote_fields = FIELDS("script_vote", struct script_vote_body,
                                                script_vote_rows);

bool script_mark_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct script_vote_body *in = rq->input;
    struct marking m = marking_of(rq);
    struct script_vote vote = {rq->id[0], in->millimarks, in->note};
    (void)rp;
    return script_mark(&m, &vote, e);
}

static void write_sheet(struct request *rq, struct json_out *o, const struct programme *p,
                        const struct sheet *s, const struct rubric *r)
{
    out_object(o);
    put_id(o, "entry", s->entry);
    put_text(o, "label", s->label);
    put_level(o, p, s->level, s->direction);
    put_stored_json(rq, o, "scores", s->scores);
    put_text(o, "note", s->note);
    put_int(o, "total", s->total_millimarks);
    put_int(o, "version", s->version);
    put_int(o, "submitted_ms", s->submitted_ms);
    put_bool(o, "recused", s->recused);
    out_key(o, "rubric");
    rubric_write(r, o);
    out_object_end(o);
}

bool sheets_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct marking m = marking_of(rq);
    struct marking_session s;
    struct sheet_list list;
    if (!marking_session(&m, rq->id[0], &s, e) || !sheet_list_own(&m, rq->id[0], &list, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_text(o, "component", s.component);
    put_int(o, "total", (int64_t)list.count);
    put_array(o, "sheets");
    for (size_t i = 0; i < list.count; i++) {
        struct rubric r;
        if (!rubric_make(rq->arena, s.programme, s.component, list.at[i].level,
                         list.at[i].direction, &r, e))
            return false;
        write_sheet(rq, o, s.programme, &list.at[i], &r);
    }
    out_array_end(o);
    return true;
}

struct sheet_save_body {
    json_t *scores;
    const char *note;
    int64_t version;
    bool submit;
};
static const struct field sheet_save_rows[] = {
    {FIELD(struct sheet_save_body, scores, JSON), .required = true},
    {FIELD(struct sheet_save_body, note, TEXT), .max = 4000},
    {FIELD(struct sheet_save_body, version, INT), .required = true},
    {FIELD(struct sheet_save_body, submit, BOOL)},
};
const struct fields sheet_save_fields = FIELDS("sheet_save", struct sheet_save_body,
                                               sheet_save_rows);

bool sheet_put(struct request *rq, struct reply *rp, struct err *e)
{
    const struct sheet_save_body *in = rq->input;
    struct marking m = marking_of(rq);
    struct sheet_save save = {rq->id[0], rq->id[1],   in->scores,
                              in->note,  in->version, in->submit};
    int64_t version;
    if (!sheet_save(&m, &save, &version, e))
        return false;
    put_int(reply_json(rp), "version", version);
    return true;
}

static const char *const agreement_names[] = {
    [AGREE_WAITING] = "waiting",
    [AGREE_SETTLED] = "settled",
    [AGREE_THIRD] = "third",
    [AGREE_DECIDES] = "decides",
};

static void write_mark(struct request *rq, struct json_out *o, const struct component_mark *c)
{
    out_object(o);
    put_id(o, "entry", c->entry);
    put_text(o, "label", c->label);
    put_text(o, "state", agreement_names[c->state]);
    put_int(o, "millimarks", c->millimarks);
    put_int(o, "needed", c->needed);
    put_int(o, "submitted", (int64_t)c->submitted);
    put_text(o, "decision", c->decision);
    put_array(o, "votes");
    for (size_t i = 0; i < c->votes_count; i++) {
        out_object(o);
        put_text(o, "examiner", c->votes[i].examiner);
        put_int(o, "total", c->votes[i].total_millimarks);
        put_stored_json(rq, o, "scores", c->votes[i].scores);
        put_text(o, "note", c->votes[i].note);
        out_object_end(o);
    }
    out_array_end(o);
    out_object_end(o);
}

bool component_marks_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct marking m = marking_of(rq);
    struct component_marks list;
    if (!component_marks(&m, rq->id[0], &list, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_int(o, "total", (int64_t)list.count);
    put_array(o, "marks");
    for (size_t i = 0; i < list.count; i++)
        write_mark(rq, o, &list.at[i]);
    out_array_end(o);
    return true;
}

struct score_decision_body {
    struct id entry;
    int64_t millimarks;
    const char *reason;
};
static const struct field score_decision_rows[] = {
    {FIELD(struct score_decision_body, entry, ID), .required = true},
    {FIELD(struct score_decision_body, millimarks, INT), .required = true, .max = 1000000},
    {FIELD(struct score_decision_body, reason, TEXT), .required = true, .min = 4, .max = 500},
};
const struct fields score_decision_fields = FIELDS("score_decision", struct score_decision_body,
                                                   score_decision_rows);

bool score_decision_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct score_decision_body *in = rq->input;
    struct marking m = marking_of(rq);
    struct score_decision d = {rq->id[0], in->entry, in->millimarks, in->reason};
    (void)rp;
    return score_decide(&m, &d, e);
}
