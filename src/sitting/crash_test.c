/* sitting/crash_test.c - kill -9 at random moments, and a database that fails under the writer: what
 * was acknowledged is stored, nothing is stored in half, and nobody is answered who is not. */
#include "sitting/delivery_fixture.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "sitting/fold.h"
#include "sitting/verify.h"
#include "test/faults.h"

enum { ROUNDS = 12, DEVICES = 3, FATAL_STATUS = 3 };

struct acknowledged {
    struct id attempt;
    uint32_t epoch, seq;
    unsigned char hash[HASH_BYTES];
};

struct saver {
    struct delivery *d;
    struct play_device dev;
    int pipe;
};

static void *save_for_ever(void *arg)
{
    struct saver *s = arg;
    struct save_answer answer;
    for (uint16_t n = 1;; n = (uint16_t)(n % 80 + 1)) {
        for (int i = 0; i < 3; i++)
            play_write(&s->dev, ENTRY_ANSWER, n, "[\"A\",\"C\"]");
        delivery_save(s->d, &s->dev, &answer);
        struct acknowledged one = {
            .attempt = s->dev.attempt, .epoch = answer.epoch, .seq = answer.seq};
        memcpy(one.hash, answer.hash, HASH_BYTES);
        if (write(s->pipe, &one, sizeof one) != sizeof one)
            return NULL;
    }
}

static _Noreturn void child(struct delivery *d, int to_parent)
{
    struct saver savers[DEVICES];
    pthread_t threads[DEVICES];
    delivery_begin(d);
    for (size_t i = 0; i < DEVICES; i++) {
        savers[i].d = d;
        savers[i].pipe = to_parent;
        delivery_open(d, i, &savers[i].dev);
    }
    for (size_t i = 0; i < DEVICES; i++)
        if (pthread_create(&threads[i], NULL, save_for_ever, &savers[i]) != 0)
            _exit(9);
    for (;;)
        pause();
}

/* Reads acknowledgements until LIMIT have come, kills, reads what was on its way. */
static size_t listen_and_kill(pid_t pid, int from, size_t limit, struct acknowledged *out,
                              size_t room)
{
    size_t n = 0;
    int status;
    while (n < limit && read(from, &out[n], sizeof *out) == sizeof *out)
        n++;
    kill(pid, SIGKILL);
    while (n < room && read(from, &out[n], sizeof *out) == sizeof *out)
        n++;
    waitpid(pid, &status, 0);
    CHECK("it was we who ended it", WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    return n;
}

static bool is_stored(const struct attempt_record *r, const struct acknowledged *one)
{
    for (size_t i = 0; i < r->row_count; i++)
        if (r->rows[i].entry.epoch == one->epoch && r->rows[i].entry.seq == one->seq)
            return memcmp(r->rows[i].entry.hash, one->hash, HASH_BYTES) == 0;
    return false;
}

static void check_stored(struct delivery *d, const struct acknowledged *acks, size_t count)
{
    struct err e = {0};
    for (size_t k = 0; k < DEVICES; k++) {
        struct attempt_record r;
        struct live_attempt *a = live_find(journal_live(d->writer), d->attempts[k]);
        CHECK("the attempt is live again", a);
        CHECK_OK("record",
                 attempt_record_load(d->t->db, d->t->arena, a->id, a->committed_row, &r, &e),
                 &e);
        for (size_t i = 0; i < count; i++)
            if (id_equal(acks[i].attempt, a->id))
                CHECK("acknowledged is stored", is_stored(&r, &acks[i]));
    }
    struct journal_report report;
    CHECK_OK("verifies", journal_verify(d->t->db, d->t->arena, &report, &e), &e);
    CHECK_INT("by hash", report.break_count, 0);
}

void writer_kill_test(void)
{
    enum { ROOM = 20000 };
    size_t all = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct delivery *d = delivery_plan();
        struct acknowledged *acks = arena_array(d->t->arena, struct acknowledged, ROOM);
        int ends[2];
        CHECK("pipe", pipe(ends) == 0);
        delivery_close_store(d);
        pid_t pid = fork();
        if (pid == 0)
            child(d, ends[1]);
        CHECK("fork", pid > 0);
        close(ends[1]);
        size_t n = listen_and_kill(pid, ends[0], 1 + random_below(150), acks, ROOM);
        close(ends[0]);
        delivery_resume(d);
        check_stored(d, acks, n);
        all += n;
        delivery_destroy(d);
    }
    print_message("%d kills, %zu acknowledged saves, all stored\n", ROUNDS, all);
}

/* The nth database call of a save fails: the process ends with status 3 and has not answered. */
static int save_with_fault(struct delivery *d, int nth, int to_parent)
{
    struct play_device dev;
    struct save_answer answer;
    log_to(-1);
    delivery_begin(d);
    delivery_open(d, 0, &dev);
    play_write(&dev, ENTRY_ANSWER, 1, "[\"A\"]");
    play_write(&dev, ENTRY_SEAL, 0, "{\"reason\":\"hand_in\"}");
    db_fail_call(journal_db(d->writer), nth, true);
    delivery_save(d, &dev, &answer);
    return write(to_parent, "a", 1) == 1 ? 0 : 9;
}

void writer_faults_are_fatal_test(void)
{
    for (int nth = 1;; nth = test_next_call(nth)) {
        struct delivery *d = delivery_plan();
        int ends[2], status;
        char answered;
        CHECK("pipe", pipe(ends) == 0);
        delivery_close_store(d);
        pid_t pid = fork();
        if (pid == 0)
            _exit(save_with_fault(d, nth, ends[1]));
        close(ends[1]);
        bool was_answered = read(ends[0], &answered, 1) == 1;
        close(ends[0]);
        waitpid(pid, &status, 0);
        CHECK("ended by itself", WIFEXITED(status));
        delivery_resume(d);
        size_t stored = delivery_stored(d, 0, BRANCH_MAIN);
        CHECK_INT("all or nothing", stored, was_answered ? 2 : 0);
        CHECK_INT("status", WEXITSTATUS(status), was_answered ? 0 : FATAL_STATUS);
        delivery_destroy(d);
        if (was_answered)
            break;
        CHECK("ends", nth < 30);
    }
}

/* The same of a claim. It is one transaction with the saves of its moment, so what fails ends the process; what
 * was not written is nobody's, and the candidate claims again. */
static int claim_with_fault(struct delivery *d, int nth)
{
    struct play_device dev;
    struct err e = {0};
    log_to(-1);
    delivery_begin(d);
    struct admission in = {.room = live_find_room(journal_live(d->writer), d->room),
                           .attempts = d->attempts,
                           .count = 1};
    if (!room_admit(d->writer, &d->t->actor, &in, &e))
        return 9;
    play_begin(&dev, d->attempts[0]);
    db_fail_call(journal_db(d->writer), nth, true);
    bool ok = delivery_claim(d, 0, &dev, NULL, &e);
    db_fail_call(journal_db(d->writer), 0, false);
    return ok ? 0 : 9;
}

static void check_claimed(struct delivery *d, bool was)
{
    struct play_device dev;
    struct err e = {0};
    delivery_resume(d);
    struct live_attempt *a = live_find(journal_live(d->writer), d->attempts[0]);
    CHECK_INT("epoch", a->head.epoch, was);
    CHECK_INT("state", a->head.state, was ? ATTEMPT_OPEN : ATTEMPT_ADMITTED);
    fixture_now_ms += 60000; /* claims are six a minute */
    play_begin(&dev, d->attempts[0]);
    CHECK_INT("a first device", delivery_claim(d, 0, &dev, NULL, &e), !was);
    play_end(&dev);
}

void claim_faults_are_fatal_test(void)
{
    bool over = false;
    for (int nth = 1; !over; nth++) {
        struct delivery *d = delivery_plan();
        int status;
        delivery_close_store(d);
        fflush(stdout);
        pid_t pid = fork();
        if (pid == 0)
            _exit(claim_with_fault(d, nth));
        waitpid(pid, &status, 0);
        CHECK("ended by itself", WIFEXITED(status));
        over = WEXITSTATUS(status) == 0;
        if (!over) {
            CHECK_INT("status", WEXITSTATUS(status), FATAL_STATUS);
            faults_failed_elsewhere();
        }
        check_claimed(d, over);
        delivery_destroy(d);
        CHECK("ends", nth < 30);
    }
}
