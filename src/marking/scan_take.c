/* marking/scan_take.c - a file of scans comes in: read in the cage, judged, kept. */
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/json_out.h"
#include "marking/scan_seen.h"
#include "marking/typed.h"
#include "store/blob.h"
#include "store/db.h"

/* A page of the file: whose it is, or why it does not count. */
struct taken {
    const struct scan_read_page *page;
    struct scan_subject_row *subject; /* NULL: nobody's */
    const char *refused;
    struct blob blob; /* of the picture, where it counts */
};

struct taking {
    const struct marking *m;
    const struct scan_upload *u;
    const struct scan_subjects *subjects;
    unsigned char digest[HASH_BYTES];
    struct blob file;
    struct taken *pages;
    size_t count;
    struct scan_report *out;
};

/* --- before the transaction ---------------------------------------------------------------------- */
static bool is_known(const struct taking *t, bool *known, struct err *e)
{
    struct query *q = db_query(t->m->db, SQL_scan_file_find);
    query_id(q, t->u->session);
    query_bytes(q, (struct bytes){t->digest, HASH_BYTES});
    query_id(q, t->m->actor->body);
    *known = false;
    while (query_next(q, e)) {
        *known = true;
        t->out->file = query_get_id(q, 0);
    }
    return e->code == ERR_NONE;
}

static struct scan_subject_row *subject_of(const struct taking *t, const char *ticket)
{
    for (size_t i = 0; i < t->subjects->count; i++)
        if (strcmp(t->subjects->at[i].subject.ticket, ticket) == 0)
            return &t->subjects->at[i];
    return NULL;
}

/* The cage is not trusted with this: every place of the page, each once, and none of another. */
static bool is_whole(const struct scan_read_page *p, const struct scan_layout *l)
{
    size_t wanted = 0;
    for (size_t i = 0; i < l->count; i++)
        wanted += l->boxes[i].page == p->says.page - 1;
    for (size_t i = 0; i < p->count; i++)
        if (p->readings[i].place >= l->count ||
            l->boxes[p->readings[i].place].page != p->says.page - 1 ||
            (i > 0 && p->readings[i].place <= p->readings[i - 1].place))
            return false;
    return wanted == p->count;
}

static void judge(const struct taking *t, const unsigned char key[KEY_BYTES], struct taken *x)
{
    const struct scan_read_page *p = x->page;
    x->refused = p->refused;
    if (p->refused)
        return;
    struct scan_subject_row *s = subject_of(t, p->says.ticket);
    if (!s)
        x->refused = "这一页不是本场次的答题卡。";
    else if (!scan_label_is_of(&p->says, &s->subject, key))
        x->refused = "二维码的校验不对：不是本系统为这份试卷印的答题卡。";
    else if (p->says.pages != s->layout.pages || !is_whole(p, &s->layout))
        x->refused = "这一页与这份试卷的答题卡不符。";
    else
        x->subject = s;
}

static bool write_files(struct taking *t, struct err *e)
{
    const struct blob_place *place = t->u->blobs;
    if (!blob_write(place, t->m->arena, "scan", "application/octet-stream", t->u->file,
                    &t->file, e))
        return false;
    for (size_t i = 0; i < t->count; i++)
        if (t->pages[i].subject && !blob_write(place, t->m->arena, "scan_page", "image/jpeg",
                                               t->pages[i].page->jpeg, &t->pages[i].blob, e))
            return false;
    return true;
}

static void judge_all(struct taking *t, const struct scan_read_pages *read)
{
    unsigned char key[KEY_BYTES];
    t->pages = arena_array(t->m->arena, struct taken, read->count + 1);
    t->count = read->count;
    master_key(t->m->master, KEY_SCAN, key);
    for (size_t i = 0; i < read->count; i++) {
        t->pages[i] = (struct taken){.page = &read->at[i]};
        judge(t, key, &t->pages[i]);
    }
    secret_wipe(key, sizeof key);
}

/* What the machine's sheet is written from: of those alone whose sheets are in the file. */
static bool open_papers(const struct taking *t, struct err *e)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->pages[i].subject && !scan_places(t->m, t->pages[i].subject, e))
            return false;
    return true;
}

/* --- inside -------------------------------------------------------------------------------------- */
static const char *reading_text(const struct marking *m, const struct scan_read_page *p,
                                const struct scan_layout *l)
{
    struct json_out *o = json_out_create(m->arena);
    json_t *all = json_keep(m->arena, json_array());
    for (size_t i = 0; i < p->count; i++) {
        const struct scan_reading *r = &p->readings[i];
        json_t *marks = json_array();
        for (int row = 0; l->places[r->place].choices > 0 && row < l->places[r->place].rows;
             row++)
            json_array_append_new(marks, json_integer(r->marks[row]));
        json_array_append_new(all,
                              json_pack("{s:I, s:s, s:o}", "place", (json_int_t)r->place,
                                        "doubt", scan_doubt_name(r->doubt), "marks", marks));
    }
    out_json(o, all);
    return json_out_text(o);
}

static bool counts_already(struct db *db, const struct taken *x, bool *out, struct err *e)
{
    struct query *q = db_query(db, SQL_scan_page_counts);
    query_id(q, x->subject->attempt);
    query_int(q, x->page->says.page);
    if (!query_one(q, "page", e))
        return false;
    *out = query_get_int(q, 0) > 0;
    query_done(q);
    return true;
}

static const char *late_refusal(struct db *db, const struct taken *x, struct err *e)
{
    struct err scored = {0};
    bool already;
    if (!counts_already(db, x, &already, e))
        return NULL;
    if (already)
        return "这一页已经读过，这次不再计入。";
    return typed_not_scored(db, x->subject->attempt, &scored) ? NULL
           : scored.code == ERR_CONFLICT ? "这份答卷已经阅卷，不能再录入。"
                                         : (FAIL(e, STORE, NULL, "%s", scored.text), NULL);
}

static int64_t doubts_of(const struct scan_read_page *p)
{
    int64_t count = 0;
    for (size_t i = 0; i < p->count; i++)
        count += p->readings[i].doubt != SCAN_CLEAR;
    return count;
}

static bool put_page(struct taking *t, struct db *db, size_t no, struct err *e)
{
    const struct taken *x = &t->pages[no];
    const char *refused = x->refused;
    if (x->subject) {
        if (!scan_hold(t->m, db, x->subject, e))
            return false;
        refused = late_refusal(db, x, e);
        if (e->code != ERR_NONE)
            return false;
    }
    bool counts = x->subject && !refused;
    if (counts && !blob_put_row(db, &x->blob, t->m->actor->now_ms, e))
        return false;
    struct query *q = db_query(db, SQL_scan_page_put);
    query_id(q, id_random());
    query_id(q, t->out->file);
    query_int(q, (int64_t)no + 1);
    query_id(q, t->m->actor->body);
    query_id(q, t->u->session);
    x->subject ? query_id(q, x->subject->attempt) : query_null(q);
    query_int(q, x->subject ? x->page->says.page : 0);
    refused ? query_text(q, refused) : query_null(q);
    counts ? query_id(q, x->blob.id) : query_null(q);
    query_int(q, counts ? x->page->jpeg_px : 0);
    counts ? query_text(q, reading_text(t->m, x->page, &x->subject->layout)) : query_null(q);
    int64_t doubtful = counts ? doubts_of(x->page) : 0;
    query_int(q, doubtful);
    t->out->read += counts;
    t->out->refused += !counts;
    t->out->doubtful += doubtful;
    return query_run(q, e);
}

/* Of each attempt in the file once, after all its pages are in. */
static bool enter_all(struct taking *t, struct db *db, struct err *e)
{
    for (size_t i = 0; i < t->count; i++) {
        bool entered, seen = !t->pages[i].subject;
        for (size_t k = 0; k < i; k++)
            seen |= t->pages[k].subject == t->pages[i].subject;
        if (seen)
            continue;
        if (!scan_enter(t->m, db, t->pages[i].subject, &entered, e))
            return false;
        t->out->entered += entered;
    }
    return true;
}

static bool put_all(struct db *db, void *ctx, struct err *e)
{
    struct taking *t = ctx;
    char hex[2 * HASH_BYTES + 1];
    *t->out = (struct scan_report){.file = t->file.id, .pages = (int64_t)t->count};
    struct query *q = db_query(db, SQL_scan_file_put);
    query_id(q, t->out->file);
    query_id(q, t->m->actor->body);
    query_id(q, t->u->session);
    query_bytes(q, (struct bytes){t->digest, HASH_BYTES});
    query_id(q, t->file.id);
    query_int(q, (int64_t)t->count);
    query_id(q, t->m->actor->account);
    query_int(q, t->m->actor->now_ms);
    if (!query_change_one(q, "/file", "同一个文件正在上传，请稍后查看。", e) ||
        !blob_put_row(db, &t->file, t->m->actor->now_ms, e))
        return false;
    for (size_t i = 0; i < t->count; i++)
        if (!put_page(t, db, i, e))
            return false;
    if (!enter_all(t, db, e))
        return false;
    struct audit_row row = {.act = ACT_scan_take, .object_type = "se", .object = t->u->session};
    hex_write(hex, t->digest, HASH_BYTES);
    row.change = json_keep(t->m->arena,
                           json_pack("{s:s, s:I, s:I, s:I, s:I}", "file", hex, "pages",
                                     (json_int_t)t->count, "read", (json_int_t)t->out->read,
                                     "refused", (json_int_t)t->out->refused, "doubtful",
                                     (json_int_t)t->out->doubtful));
    return audit_write(db, t->m->actor, &row, e);
}

bool scan_take(const struct marking *m, const struct scan_upload *u,
               const struct scan_subjects *subjects, struct scan_report *out, struct err *e)
{
    struct taking t = {.m = m, .u = u, .subjects = subjects, .out = out};
    struct scan_read_pages read;
    bool known;
    *out = (struct scan_report){.pages = 0};
    hash_of(t.digest, u->file.at, u->file.len);
    if (!is_known(&t, &known, e))
        return false;
    if (known) {
        out->known = true;
        return true;
    }
    if (subjects->count > 0 && !scan_released(m, &subjects->at[0], e))
        return false;
    struct scan_candidate *all = arena_array(m->arena, struct scan_candidate,
                                             subjects->count + 1);
    for (size_t i = 0; i < subjects->count; i++)
        all[i] = (struct scan_candidate){subjects->at[i].subject.ticket,
                                         subjects->at[i].subject.code};
    if (!scan_read(m->arena, u->program, u->file, all, subjects->count, &read, e))
        return false;
    judge_all(&t, &read);
    return open_papers(&t, e) && write_files(&t, e) && db_transact(m->db, put_all, &t, e);
}

/* --- out ----------------------------------------------------------------------------------------- */
bool scan_picture(const struct marking *m, const struct blob_place *blobs,
                  const struct scan_page_at *at, struct bytes *jpeg, struct err *e)
{
    struct blob blob;
    struct query *q = db_query(m->db, SQL_scan_page_blob);
    query_id(q, at->page);
    query_id(q, at->session);
    query_id(q, m->actor->body);
    query_id(q, at->attempt);
    if (!query_one(q, "page", e))
        return false;
    struct id id = query_get_id(q, 0);
    query_done(q);
    return blob_get(m->db, m->arena, id, &blob, e) &&
           blob_read(blobs, m->arena, &blob, jpeg, e);
}
