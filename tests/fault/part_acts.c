/* fault/part_acts.c - S17: each act of an invigilator has a reason, an actor and an audit row, and
 * the candidate's page is told. The longest time until it was is printed; no time is asserted.
 * Without its reason an act is refused and nothing is told. */
#include <arpa/inet.h>
#include <poll.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/client.h"
#include "base/arena.h"
#include "base/clock.h"
#include "fault.h"
#include "parts.h"
#include "store/audit.h"

enum { STREAM_BYTES = 1 << 18, TOLD_WAIT_MS = 10000, QUIET_MS = 300 };

/* ATTEMPT stands for the candidate's id. REFUSED: the same without its reason. */
static const struct invigilator_act {
    const char *path, *body, *refused;
    const char *event, *says; /* NULL: nothing is told by the act itself */
    enum act act;
    const char *audited; /* in the audit row */
} acts[] = {
    {"pause", "{\"reason\":\"停电检修\"}", "{}", "ledger", "停电检修", ACT_time_pause,
     "停电检修"},
    {"resume", "{\"reason\":\"来电了\"}", "{}", "ledger", "来电了", ACT_time_resume, "来电了"},
    {"extend", "{\"attempt\":\"ATTEMPT\",\"minutes\":5,\"reason\":\"电脑重启\"}",
     "{\"attempt\":\"ATTEMPT\",\"minutes\":5}", "ledger", "电脑重启", ACT_time_extend,
     "电脑重启"},
    {"extend", "{\"minutes\":3,\"reason\":\"全场停电\"}", "{\"minutes\":3}", "ledger",
     "全场停电", ACT_time_extend, "全场停电"},
    {"notice", "{\"text\":\"请保持安静\"}", "{}", "notice", "请保持安静", ACT_room_notice,
     "请保持安静"},
    {"violations",
     "{\"attempt\":\"ATTEMPT\",\"code\":\"subject_void\",\"trigger\":3,\"note\":\"离座不归\","
     "\"told\":true}",
     "{\"attempt\":\"ATTEMPT\",\"code\":\"subject_void\",\"trigger\":3,\"told\":true}",
     "notice", "", ACT_violation_report, "subject_void"},
    {"takeover", "{\"attempt\":\"ATTEMPT\",\"reason\":\"主机损坏\"}",
     "{\"attempt\":\"ATTEMPT\"}", NULL, NULL, ACT_attempt_takeover_code, "主机损坏"},
};
enum { ACTS = sizeof acts / sizeof *acts };

/* --- the candidate's page ----------------------------------------------------------------------------- */
struct stream {
    int fd;
    char *text;
    size_t len;
};

static void stream_open(struct world *w, struct stream *s)
{
    struct player *p = &w->players[0];
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(w->stage.server.port)};
    char id[ID_TEXT_BYTES];
    id_write(p->seat->attempt, id);
    const char *path = arena_printf(w->arena, "/api/sit/%s/events", id);
    const char *proof = play_authorization(&p->dev, w->arena, "GET", path, (struct bytes){0});
    const char *head = arena_printf(
        w->arena, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: %s\r\n\r\n", path,
        proof);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    s->text = malloc(STREAM_BYTES);
    s->len = 0;
    NEED(s->text && connect(s->fd, (struct sockaddr *)&to, sizeof to) == 0 &&
             send(s->fd, head, strlen(head), MSG_NOSIGNAL) == (ssize_t)strlen(head),
         "the stream", NULL);
}

/* Whether EVENT with SAYS comes behind FROM within the time. */
static bool told(struct stream *s, size_t from, const char *event, const char *says,
                 int64_t wait_ms)
{
    char line[40];
    int64_t end = clock_boot_ms() + wait_ms;
    snprintf(line, sizeof line, "event: %s\n", event);
    for (;;) {
        s->text[s->len] = '\0';
        const char *at = strstr(s->text + from, line);
        if (at && strstr(at, "\n\n") && strstr(at, says))
            return true;
        struct pollfd one = {.fd = s->fd, .events = POLLIN};
        if (clock_boot_ms() > end)
            return false;
        if (poll(&one, 1, 20) <= 0)
            continue;
        ssize_t n = recv(s->fd, s->text + s->len, STREAM_BYTES - 1 - s->len, 0);
        NEED(n > 0, "the stream ends", NULL);
        s->len += (size_t)n;
    }
}

/* --- the audit ------------------------------------------------------------------------------------------ */
static bool audited(struct world *w, const struct invigilator_act *one)
{
    sqlite3 *db;
    sqlite3_stmt *s;
    struct id actor = demo_account(&w->stage.body, "invigilator")->id;
    NEED(sqlite3_open_v2(arena_printf(w->arena, "%s/heng.db", w->stage.order.data), &db,
                         SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
             sqlite3_prepare_v2(db,
                                "SELECT COUNT(*) FROM audit_row WHERE act = ? AND actor = ?"
                                " AND instr(change, ?) > 0",
                                -1, &s, NULL) == SQLITE_OK,
         "the audit", NULL);
    sqlite3_bind_int(s, 1, (int)one->act);
    sqlite3_bind_blob(s, 2, actor.bytes, ID_BYTES, SQLITE_STATIC);
    sqlite3_bind_text(s, 3, one->audited, -1, SQLITE_STATIC);
    NEED(sqlite3_step(s) == SQLITE_ROW, "the audit", NULL);
    bool found = sqlite3_column_int(s, 0) == 1;
    sqlite3_finalize(s);
    sqlite3_close(db);
    return found;
}

/* --- the acts -------------------------------------------------------------------------------------------- */
static bool post(struct world *w, const char *what, const char *body, long *status)
{
    struct err e = {0};
    struct answer answer;
    char room[ID_TEXT_BYTES], attempt[ID_TEXT_BYTES];
    id_write(w->stage.rooms[0].id, room);
    id_write(w->players[0].seat->attempt, attempt);
    char *text = arena_text(w->arena, body);
    char *at = strstr(text, "ATTEMPT");
    if (at) /* as long as an id */
        text = arena_printf(w->arena, "%.*s%s%s", (int)(at - text), text, attempt,
                            at + strlen("ATTEMPT"));
    struct call call = {.method = "POST",
                        .path = arena_printf(w->arena, "/api/rooms/%s/%s", room, what),
                        .body = {(const unsigned char *)text, strlen(text)}};
    NEED(client_call(w->invigilator, w->arena, &call, &answer, &e), what, &e);
    *status = answer.status;
    if (answer.status >= 500)
        fprintf(stderr, "fault: %s: %ld %.200s\n", what, answer.status,
                (const char *)answer.body.at);
    return answer.status < 300;
}

static void try_act(struct world *w, struct stream *s, const struct invigilator_act *one,
                    int64_t *slowest)
{
    long status;
    size_t from = s->len;
    figure_fault(w->part, "done_without_reason", post(w, one->path, one->refused, &status));
    figure_fault(w->part, "not_refused_with_400", status != 400);
    if (one->event)
        figure_fault(w->part, "told_though_refused", told(s, from, one->event, "", QUIET_MS));
    int64_t began = clock_boot_ms();
    from = s->len;
    figure_add(w->part, "acts", 1);
    figure_fault(w->part, "refused", !post(w, one->path, one->body, &status));
    if (one->event) {
        bool heard = told(s, from, one->event, one->says, TOLD_WAIT_MS);
        int64_t took = clock_boot_ms() - began;
        figure_fault(w->part, "not_told", !heard);
        figure_add(w->part, "told", heard);
        *slowest = took > *slowest ? took : *slowest;
    }
    bool found = audited(w, one);
    figure_fault(w->part, "not_audited", !found);
    if (!found)
        fprintf(stderr, "fault: %s: no audit row with %s\n", one->path, one->audited);
}

void part_acts(struct part *p)
{
    struct world w;
    struct stream s;
    int64_t slowest = 0;
    world_begin(&w, p, 2, false);
    stream_open(&w, &s);
    NEED(told(&s, 0, "state", "", TOLD_WAIT_MS), "the first event", NULL);
    for (int i = 0; i < ACTS; i++)
        try_act(&w, &s, &acts[i], &slowest);
    figure_add(p, "slowest_ms", slowest);
    close(s.fd);
    free(s.text);
    players_start(&w);
    judge_end(&w);
    world_end(&w);
}
