/* app/room_rehearse.c - `heng rehearse` as a child of a room node: in a folder of its own beside the node's data,
 * with a store, keys and papers of its own (doc/decisions/0076). */
#include "app/room_rehearse.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/instance.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "sitting/room_rehearsal.h"
#include "store/audit.h"

enum { LOG_BYTES_MAX = 1 << 20, REPORT_BYTES_MAX = 64 << 10, STAGE_BYTES = 24 };

static const char *folder_of(const struct room_link *l)
{
    return arena_printf(l->arena, "%s.rehearsing", l->instance->app.data_folder);
}

/* --- the child --------------------------------------------------------------------------------------- */
/* Only what may be called between fork and exec in a program with threads. */
static _Noreturn void become(const char *const words[], int log)
{
    sigset_t none;
    sigemptyset(&none);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    sigprocmask(SIG_SETMASK, &none, NULL); /* the node's threads block what ends it */
    signal(SIGPIPE, SIG_DFL);
    dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    close_range(STDERR_FILENO + 1, ~0U, 0); /* the node's sockets are not ours */
    execv(words[0], (char *const *)(uintptr_t)words);
    _exit(127);
}

static bool start(struct room_link *l, const struct node_rehearsal *o,
                  struct room_rehearsing *r, struct err *e)
{
    struct arena *a = l->arena;
    const char *folder = folder_of(l);
    const char *words[] = {l->instance->app.program,
                           "rehearse",
                           "--candidates",
                           arena_printf(a, "%lld", (long long)o->candidates),
                           "--room-seats",
                           arena_printf(a, "%lld", (long long)o->room_seats),
                           "--beside",
                           arena_printf(a, "%s/store", folder),
                           "--report",
                           arena_printf(a, "%s/report.json", folder),
                           o->seb ? "--seb" : NULL,
                           NULL};
    if (!folder_remove(folder, e) || mkdir(folder, 0700) != 0)
        return FAIL(e, STORE, "rehearsal", "无法建立演练的文件夹。");
    int log = open(arena_printf(a, "%s/log", folder), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
                   0600);
    pid_t pid = log < 0 ? -1 : fork();
    if (pid == 0)
        become(words, log);
    if (log >= 0)
        close(log);
    if (pid < 0)
        return FAIL(e, STORE, "rehearsal", "无法启动演练。");
    *r = (struct room_rehearsing){pid, o->id};
    return true;
}

/* The last step that came through: each is a line "name  count  …" in its log. */
static void stage_of(struct room_link *l, char out[STAGE_BYTES])
{
    struct bytes text;
    struct err none = {0};
    *out = '\0';
    if (!file_read(l->arena, arena_printf(l->arena, "%s/log", folder_of(l)), LOG_BYTES_MAX,
                   &text, &none))
        return;
    const char *at = (const char *)text.at, *end = at + text.len, *line;
    for (; (line = memchr(at, '\n', (size_t)(end - at))); at = line + 1) {
        size_t len = strspn(at, "abcdefghijklmnopqrstuvwxyz_");
        if (len > 0 && len < STAGE_BYTES && at[len] == ' ' &&
            at[len + strspn(at + len, " ")] >= '0' && at[len + strspn(at + len, " ")] <= '9')
            snprintf(out, STAGE_BYTES, "%.*s", (int)len, at);
    }
}

/* NULL: there is none that can be read. */
static json_t *report_of(struct room_link *l)
{
    struct bytes text;
    struct err none = {0};
    if (!file_read(l->arena, arena_printf(l->arena, "%s/report.json", folder_of(l)),
                   REPORT_BYTES_MAX, &text, &none))
        return NULL;
    return json_read(l->arena, (const char *)text.at, text.len, &none);
}

/* --- a round ------------------------------------------------------------------------------------------ */
static bool end_with(struct room_link *l, const struct node_here *here,
                     const struct node_rehearsal *one, const char *problem, struct err *e)
{
    struct err bad = {0}, ignored = {0};
    const json_t *report = problem ? NULL : report_of(l);
    if (!problem && !report)
        problem = "演练中断，没有得出报告。";
    bool ok = node_rehearsal_end(here, one, report, problem, &bad);
    if (!ok && bad.code == ERR_INVALID) /* a report that is none */
        ok = node_rehearsal_end(here, one, NULL, bad.text, e);
    else if (!ok)
        *e = bad;
    if (ok && !folder_remove(folder_of(l), &ignored))
        fprintf(stderr, "heng: %s\n", ignored.text);
    return ok;
}

static bool follow(struct room_link *l, const struct node_here *here,
                   const struct node_rehearsal *one, struct room_rehearsing *r, struct err *e)
{
    char stage[STAGE_BYTES];
    if (strcmp(one->state, "running") != 0)
        return true;
    if (r->pid == 0 || !id_equal(r->order, one->id))
        return end_with(l, here, one, "节点程序在演练途中重新启动过，请重新下令。", e);
    bool over = waitpid(r->pid, NULL, WNOHANG) != 0;
    stage_of(l, stage);
    if (*stage && (!one->stage || strcmp(stage, one->stage) != 0) &&
        !node_rehearsal_stage(here, one->id, stage, e))
        return false;
    if (!over)
        return true;
    r->pid = 0;
    return end_with(l, here, one, NULL, e);
}

static bool take(struct room_link *l, const struct node_here *here, const json_t *order,
                 struct room_rehearsing *r, struct err *e)
{
    struct node_rehearsal one;
    const char *why;
    bool mine;
    if (!node_rehearsal_read(order, &one, e) || !node_rehearsal_hinders(here, &why, e) ||
        !node_rehearsal_begin(here, &one, &mine, e))
        return false;
    if (!mine)
        return true;
    if (why)
        return node_rehearsal_end(here, &one, NULL, why, e);
    struct err no = {0};
    return start(l, &one, r, &no) || node_rehearsal_end(here, &one, NULL, no.text, e);
}

static bool tell(struct room_link *l, const struct node_here *here,
                 const struct node_rehearsal *one, struct err *e)
{
    json_t *news = node_rehearsal_news(l->arena, one);
    return !news || (link_json(l, "/api/node/rehearsals", json_incref(news), NULL, e) &&
                     node_rehearsal_known(here, one, e));
}

bool room_rehearse(struct room_link *l, const json_t *contact, struct room_rehearsing *r,
                   struct err *e)
{
    struct actor who = {.body = l->self.body, .request = id_random(), .now_ms = link_now_ms(l)};
    struct node_here here = link_here(l, &who);
    struct node_rehearsal *list;
    size_t count, i;
    json_t *order;
    if (!node_rehearsals(l->db, l->arena, &list, &count, e))
        return false;
    for (i = 0; i < count; i++)
        if (!follow(l, &here, &list[i], r, e))
            return false;
    json_array_foreach(json_object_get(contact, "rehearsals"), i, order)
    {
        /* One at a time: the next is taken when this is over. Without a server there is nobody to end it. */
        if (r->pid == 0 && l->instance->app.journal && !take(l, &here, order, r, e))
            return false;
    }
    if (!node_rehearsals(l->db, l->arena, &list, &count, e))
        return false;
    for (i = 0; i < count; i++)
        if (!tell(l, &here, &list[i], e))
            return false;
    return true;
}

void room_rehearse_stop(struct room_rehearsing *r)
{
    if (r->pid == 0)
        return;
    kill(r->pid, SIGTERM);
    waitpid(r->pid, NULL, 0);
    r->pid = 0;
}
