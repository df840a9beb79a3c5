/* web/sit_file_test.c - a file over HTTP: from the seat with the attempt's proof, to the marker as a download. */
#include "base/json.h"
#include "people/viewer.h"
#include "sitting/live.h"
#include "sitting/writer.h"
#include "store/db.h"
#include "web/seat_fixture.h"

static const unsigned char table[] = "镜头,时长\n1,5 秒\n2,25 秒\n";
enum { TABLE = sizeof table - 1 };

static const char *digest_of(struct seated *s, struct bytes file)
{
    unsigned char digest[HASH_BYTES];
    char *hex = arena_alloc(arena_of(s), 2 * HASH_BYTES + 1, 1);
    hash_of(digest, file.at, file.len);
    hex_write(hex, digest, HASH_BYTES);
    return hex;
}

static long send(struct seated *s, struct bytes file, bool proved)
{
    struct arena *a = arena_of(s);
    const char *path = path_of(
        s, arena_printf(a, "files/7.%s.%zu.0", digest_of(s, file), file.len));
    const char *const headers[] = {
        proved ? arena_printf(a, "Authorization: %s",
                              play_authorization(&s->dev, a, "POST", path, file))
               : "X-None: 1",
        "Content-Type: application/octet-stream", NULL};
    return ask_bytes_with(&s->asker, path, file, headers);
}

struct script_row {
    struct seated *s;
    struct id script;
    const char *response;
};

static bool put_script(struct db *db, void *ctx, struct err *e)
{
    const struct script_row *r = ctx;
    const struct live_attempt *a = live_find(journal_live(r->s->site->app.journal),
                                             r->s->attempt);
    struct query *q = db_query(db, SQL_script_put);
    query_id(q, r->script);
    query_id(q, r->s->who.body);
    query_id(q, r->s->session);
    query_id(q, r->s->attempt);
    query_id(q, a->entry);
    query_int(q, 7);
    query_text(q, "n4-u-0001");
    query_text(q, "F4.2");
    query_text(q, "上传分镜脚本。");
    query_text(q, "{}");
    query_text(q, r->response);
    query_int(q, 10000);
    query_int(q, 2000);
    return query_run(q, e);
}

void files_over_http_test(void)
{
    struct seated *s = seat_one();
    struct arena *a = arena_of(s);
    struct err e = {0};
    struct bytes file = {table, TABLE},
                 page = {(const unsigned char *)"<!doctype html><p>x</p>", 23};
    admit(s);
    open_attempt(s);
    CHECK_INT("without the proof", send(s, file, false), 401);
    CHECK_INT("a page", send(s, page, true), 415);
    CHECK_TEXT("is said", ask_text(&s->asker, "error/field"), "/file");
    CHECK_INT("a table", send(s, file, true), 200);
    CHECK_TEXT("told by its content", ask_text(&s->asker, "type"), "csv");
    CHECK_INT("again", send(s, file, true), 200);

    struct script_row row = {
        s, id_random(),
        arena_printf(a,
                     "{\"bytes\":%d,\"name\":\"王晓明.csv\",\"sha256\":\"%s\","
                     "\"type\":\"csv\"}",
                     TABLE, digest_of(s, file))};
    char id[ID_TEXT_BYTES];
    CHECK_OK("script", db_transact(s->site->t->db, put_script, &row, &e), &e);
    id_write(row.script, id);
    struct asker marker = asker_account(s->site, s->who.body, "marker9", R(marker)),
                 author = asker_account(s->site, s->who.body, "author9", R(item_author));
    const char *path = arena_printf(a, "/api/scripts/%s/file", id);
    CHECK_INT("the marker", ask(&marker, "GET", path, NULL), 200);
    CHECK("the bytes", memcmp(marker.text, table, TABLE) == 0);
    CHECK("to be saved, not shown",
          strstr(marker.headers, "attachment; filename*=UTF-8''answer-7.csv") &&
              strstr(marker.headers, "nosniff") && strstr(marker.headers, "sandbox"));
    CHECK_INT("nobody else", ask(&author, "GET", path, NULL), 403);
    unseat(s);
}
