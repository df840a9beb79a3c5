/* fault/part_tamper.c - S15: a hand that can do everything in the database removes, adds, moves or
 * changes one row or batch of a real journal; `heng room verify` must say no and name it. */
#include <inttypes.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "fault.h"
#include "parts.h"

enum { PLAYERS = 6, LOAD_MS = 700, OUT_BYTES = 1 << 16 };

/* :row is a row, :batch its batch, :other another. */
static const struct damage {
    const char *what, *sql;
    bool of_batch; /* the batch is named, not the row */
} damages[] = {
    {"removed", "DELETE FROM journal_entry WHERE id = :row", false},
    {"moved", "UPDATE journal_entry SET batch = :other WHERE id = :row", false},
    {"other branch", "UPDATE journal_entry SET branch = 1 - branch WHERE id = :row", false},
    {"added",
     "INSERT INTO journal_entry SELECT session_id, 9999999, before_id, branch, source,"
     " received_ms, boot_ms, batch, bytes, hash FROM journal_entry WHERE id = :row",
     false},
    {"payload",
     "UPDATE journal_entry SET bytes = substr(bytes, 1, 88) || "
     "CAST('[\"Z\"]' AS BLOB) WHERE id = :row",
     true},
    {"hash", "UPDATE journal_entry SET hash = randomblob(32) WHERE id = :row", true},
    {"batch removed", "DELETE FROM journal_batch WHERE batch = :batch", true},
    {"batch changed",
     /* Another byte for certain: a random one is the same once in 256 times. */
     "UPDATE journal_batch SET bytes = substr(bytes, 1, 40) || CASE substr(bytes, 41, 1)"
     " WHEN x'5A' THEN x'A5' ELSE x'5A' END || substr(bytes, 42) WHERE batch = :batch",
     true},
    {"batch hash", "UPDATE journal_batch SET hash = randomblob(32) WHERE batch = :batch", true},
};
enum { DAMAGES = sizeof damages / sizeof *damages };

struct target {
    int64_t row, batch, other;
    char named[160]; /* how the answer names it */
};

static void run_sql(sqlite3 *db, const char *sql)
{
    char *why = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK) {
        fprintf(stderr, "fault: %s: %s\n", sql, why);
        exit(3);
    }
}

/* The nth row of a query's first column. */
static int64_t number_of(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *s;
    NEED(sqlite3_prepare_v2(db, sql, -1, &s, NULL) == SQLITE_OK &&
             sqlite3_step(s) == SQLITE_ROW,
         sql, NULL);
    int64_t n = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return n;
}

static void drop_triggers(sqlite3 *db)
{
    char names[64][80];
    int count = 0;
    sqlite3_stmt *s;
    const char *sql = "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
                      " AND tbl_name LIKE 'journal_%'";
    NEED(sqlite3_prepare_v2(db, sql, -1, &s, NULL) == SQLITE_OK, "the triggers", NULL);
    while (sqlite3_step(s) == SQLITE_ROW && count < 64)
        snprintf(names[count++], sizeof *names, "%s", (const char *)sqlite3_column_text(s, 0));
    sqlite3_finalize(s);
    for (int i = 0; i < count; i++) {
        char *drop = sqlite3_mprintf("DROP TRIGGER \"%w\"", names[i]);
        run_sql(db, drop);
        sqlite3_free(drop);
    }
}

/* A row somewhere in the middle, and how the command names it. */
static void aim(struct part *p, sqlite3 *db, const struct damage *d, struct target *out)
{
    char sql[256], id[ID_TEXT_BYTES];
    struct journal_entry entry;
    struct err e = {0};
    size_t used;
    sqlite3_stmt *s;
    out->row = 1 + draw_below(&p->seed, number_of(db, "SELECT max(id) FROM journal_entry"));
    snprintf(sql, sizeof sql, "SELECT batch, bytes FROM journal_entry WHERE id = %lld",
             (long long)out->row);
    NEED(sqlite3_prepare_v2(db, sql, -1, &s, NULL) == SQLITE_OK &&
             sqlite3_step(s) == SQLITE_ROW,
         "a row", NULL);
    out->batch = sqlite3_column_int64(s, 0);
    struct bytes bytes = {sqlite3_column_blob(s, 1), (size_t)sqlite3_column_bytes(s, 1)};
    NEED(journal_entry_read(bytes, &entry, &used, &e), "an entry", &e);
    id_write(entry.attempt, id);
    if (d->of_batch)
        snprintf(out->named, sizeof out->named, "\"batch\":%lld,", (long long)out->batch);
    else
        snprintf(out->named, sizeof out->named, "\"subject\":\"%s\",\"epoch\":%u,\"seq\":%u}",
                 id, entry.epoch, entry.seq);
    sqlite3_finalize(s);
    int64_t last = number_of(db, "SELECT max(batch) FROM journal_batch");
    out->other = out->batch == last ? 1 : out->batch + 1;
}

static void hurt(sqlite3 *db, const struct damage *d, const struct target *t)
{
    sqlite3_stmt *s;
    const struct {
        const char *name;
        int64_t value;
    } values[] = {{":row", t->row}, {":batch", t->batch}, {":other", t->other}};
    NEED(sqlite3_prepare_v2(db, d->sql, -1, &s, NULL) == SQLITE_OK, d->what, NULL);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        int at = sqlite3_bind_parameter_index(s, values[i].name);
        if (at > 0)
            sqlite3_bind_int64(s, at, values[i].value);
    }
    NEED(sqlite3_step(s) == SQLITE_DONE && sqlite3_changes(db) == 1, d->what, NULL);
    sqlite3_finalize(s);
}

static void damage(struct part *p, const char *folder, const struct damage *d,
                   struct target *out)
{
    char path[512];
    sqlite3 *db;
    snprintf(path, sizeof path, "%s/heng.db", folder);
    NEED(sqlite3_open(path, &db) == SQLITE_OK, "the copy", NULL);
    drop_triggers(db);
    aim(p, db, d, out);
    hurt(db, d, out);
    sqlite3_close(db);
}

/* What the command says, and its exit code. */
static int ask(const char *program, const char *folder, char *out)
{
    int fds[2], status = 0;
    size_t len = 0;
    NEED(pipe(fds) == 0, "a pipe", NULL);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(fds[1], STDOUT_FILENO);
        close(fds[0]);
        close(fds[1]);
        execl(program, program, "room", "verify", "--data", folder, "--json", (char *)NULL);
        _exit(127);
    }
    close(fds[1]);
    for (ssize_t n; (n = read(fds[0], out + len, OUT_BYTES - 1 - len)) > 0;)
        len += (size_t)n;
    out[len] = '\0';
    close(fds[0]);
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void try_one(struct world *w, const struct damage *d)
{
    static char out[OUT_BYTES];
    struct target t;
    const char *folder = store_copy(w);
    damage(w->part, folder, d, &t);
    int code = ask(w->stage.order.program, folder, out);
    bool named = strstr(out, t.named) != NULL;
    figure_add(w->part, "damages", 1);
    figure_fault(w->part, "not_noticed", code != 1);
    figure_fault(w->part, "not_named", !named);
    if (code != 1 || !named)
        fprintf(stderr, "fault: %s: exit %d, %s not in %.300s\n", d->what, code, t.named, out);
}

void part_tamper(struct part *p)
{
    struct world w;
    static char out[OUT_BYTES];
    struct err e = {0};
    struct bytes key;
    world_begin(&w, p, PLAYERS, false);
    players_start(&w);
    sleep_ms(LOAD_MS);
    judge_end(&w);
    const char *folder = store_copy(&w);
    NEED(file_read(w.arena, arena_printf(w.arena, "%s.key", w.stage.order.data), 4096, &key,
                   &e) &&
             file_write(arena_printf(w.arena, "%s.key", folder), key.at, key.len, 0400, &e),
         "the key", &e);
    figure_fault(p, "false_alarms", ask(w.stage.order.program, folder, out) != 0);
    for (int i = 0; i < DAMAGES * (p->all ? 20 : 1); i++)
        try_one(&w, &damages[i % DAMAGES]);
    world_end(&w);
}
