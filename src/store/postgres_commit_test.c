/* store/postgres_commit_test.c - the connection breaks in the very commit: a proxy of ours lets it
 * through or not, and never lets the answer back; or it breaks between the answers to a statement that is
 * prepared. */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "store/db.h"
#include "test/check.h"
#include "test/store.h"

enum { PAIRS = 16, BUFFER_BYTES = 1 << 16, LOOK_MS = 5 };
enum cut { CUT_NONE, CUT_BEFORE, CUT_AFTER, CUT_BETWEEN };

struct proxy {
    int listener, count;
    struct sockaddr_un server, own;
    struct store *store;
    struct {
        int client, server;
    } pairs[PAIRS];
    _Atomic int cut; /* at the next COMMIT, or at the next statement prepared by itself */
    atomic_bool stop;
    pthread_t thread;
};

/* The folder in "…host=%2Ftmp%2F…&…". */
static void server_folder(const char *url, char *out, size_t room)
{
    const char *at = strstr(url, "host=");
    size_t len = 0;
    CHECK("the URL says where the socket is", at);
    for (at += 5; *at && *at != '&' && len + 1 < room; at++)
        if (strncmp(at, "%2F", 3) == 0) {
            out[len++] = '/';
            at += 2;
        } else {
            out[len++] = *at;
        }
    out[len] = 0;
}

static void drop_pair(struct proxy *p, int i)
{
    close(p->pairs[i].client);
    close(p->pairs[i].server);
    p->pairs[i] = p->pairs[--p->count];
}

static void take_client(struct proxy *p)
{
    int client = accept(p->listener, NULL, NULL);
    int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK("a pair", client >= 0 && server >= 0 && p->count < PAIRS);
    CHECK("the server", connect(server, (struct sockaddr *)&p->server, sizeof p->server) == 0);
    p->pairs[p->count].client = client;
    p->pairs[p->count++].server = server;
}

/* Who has gone ends a pair, not, by SIGPIPE, the test. */
static bool gives(int to, const void *what, size_t len)
{
    return send(to, what, len, MSG_NOSIGNAL) == (ssize_t)len;
}

/* "It is prepared", then, instead of "ready", what a server says that ends a session. */
static bool answers_half(struct proxy *p, int to, const char *answer, ssize_t len)
{
    static const char ended[] = "E\0\0\0\x21SFATAL\0VFATAL\0C57P01\0Mended\0";
    int between = CUT_BETWEEN;
    return len == 11 && memcmp(answer, "1\0\0\0\4Z\0\0\0\5", 10) == 0 &&
           atomic_compare_exchange_strong(&p->cut, &between, CUT_NONE) &&
           gives(to, answer, 5) && gives(to, ended, sizeof ended);
}

/* False: this pair is over. */
static bool pass(struct proxy *p, int from, int to, bool from_client)
{
    char buffer[BUFFER_BYTES];
    ssize_t len = read(from, buffer, sizeof buffer);
    bool commits = from_client && len > 0 && memmem(buffer, (size_t)len, "; COMMIT", 8);
    int cut = commits ? atomic_exchange(&p->cut, CUT_NONE) : CUT_NONE;
    if (!from_client && answers_half(p, to, buffer, len))
        return false;
    if (len <= 0 || cut == CUT_BEFORE || !gives(to, buffer, (size_t)len))
        return false;
    /* The answer comes when it is committed, and goes no further. */
    return cut != CUT_AFTER || (read(to, buffer, sizeof buffer) < 0);
}

static void *proxy_run(void *arg)
{
    struct proxy *p = arg;
    while (!p->stop) {
        struct pollfd fds[2 * PAIRS + 1] = {{p->listener, POLLIN, 0}};
        int count = p->count;
        for (int i = 0; i < count; i++) {
            fds[2 * i + 1] = (struct pollfd){p->pairs[i].client, POLLIN, 0};
            fds[2 * i + 2] = (struct pollfd){p->pairs[i].server, POLLIN, 0};
        }
        if (poll(fds, (nfds_t)(2 * count + 1), LOOK_MS) <= 0)
            continue;
        for (int i = count - 1; i >= 0; i--) {
            int client = p->pairs[i].client, server = p->pairs[i].server;
            if ((fds[2 * i + 1].revents && !pass(p, client, server, true)) ||
                (fds[2 * i + 2].revents && !pass(p, server, client, false)))
                drop_pair(p, i);
        }
        if (fds[0].revents)
            take_client(p);
    }
    while (p->count)
        drop_pair(p, 0);
    close(p->listener);
    return NULL;
}

static void proxy_start(struct proxy *p, struct test_store *t)
{
    char folder[80];
    server_folder(t->url, folder, sizeof folder);
    p->server.sun_family = p->own.sun_family = AF_UNIX;
    snprintf(p->server.sun_path, sizeof p->server.sun_path, "%s/.s.PGSQL.5432", folder);
    snprintf(p->own.sun_path, sizeof p->own.sun_path, "%s/.s.PGSQL.5432", t->folder);
    p->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK("listens", bind(p->listener, (struct sockaddr *)&p->own, sizeof p->own) == 0 &&
                         listen(p->listener, PAIRS) == 0);
    CHECK("thread", pthread_create(&p->thread, NULL, proxy_run, p) == 0);
}

/* A database by way of the proxy. */
static struct db *open_through(struct proxy *p, struct test_store *t)
{
    struct err e = {0};
    char name[80];
    const char *slash = strstr(t->url, "://") + 3;
    snprintf(name, sizeof name, "%.*s", (int)strcspn(slash + 1, "?"), slash + 1);
    proxy_start(p, t);
    p->store = store_open_with(
        arena_printf(t->arena, "postgresql:///%s?host=%s&user=postgres", name, t->folder), 2,
        &e);
    CHECK_OK("through the proxy", p->store, &e);
    struct db *db = db_open(p->store, &e);
    CHECK_OK("a connection", db, &e);
    return db;
}

static void close_through(struct proxy *p, struct db *db)
{
    db_close(db);
    store_close(p->store);
    p->stop = true;
    pthread_join(p->thread, NULL);
}

struct put {
    struct blob blob;
    int runs;
    struct test_store *t;
};

static bool put_blob(struct db *db, void *ctx, struct err *e)
{
    struct put *put = ctx;
    put->runs++;
    return blob_put_row(db, &put->blob, 1, e);
}

void postgres_broken_commit_test(void)
{
    static const struct {
        const char *what;
        enum cut cut;
        int runs;
    } cases[] = {
        {"nothing breaks", CUT_NONE, 1},
        {"the commit never arrives: once more", CUT_BEFORE, 2},
        {"only the answer is lost: not once more", CUT_AFTER, 1},
    };
    struct test_store *t = test_store_create();
    test_transactions_alone(true); /* it counts how often a transaction runs */
    if (test_store_is_postgres(t)) {
        struct proxy p = {0};
        struct err e = {0};
        struct db *db = open_through(&p, t);
        for (size_t i = 0; i < 3 * sizeof cases / sizeof *cases; i++) {
            struct put put = {.blob = {.id = id_random(),
                                       .purpose = "photo",
                                       .media_type = "image/jpeg",
                                       .size = 1}};
            struct blob back;
            p.cut = cases[i % 3].cut;
            CHECK_OK(cases[i % 3].what, db_transact(db, put_blob, &put, &e), &e);
            CHECK_INT(cases[i % 3].what, put.runs, cases[i % 3].runs);
            CHECK_OK("stored", blob_get(t->db, t->arena, put.blob.id, &back, &e), &e);
            CHECK_INT("the proxy did it", p.cut, CUT_NONE);
        }
        close_through(&p, db);
    }
    test_transactions_alone(false);
    test_store_destroy(t);
}

static bool put_blob_once_cut(struct db *db, void *ctx, struct err *e)
{
    struct put *put = ctx;
    if (put->runs == 0) {
        struct err why = {0};
        CHECK_OK(
            "all sessions end",
            test_store_script(put->t,
                              "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                              " WHERE datname = current_database()"
                              " AND pid <> pg_backend_pid()",
                              &why),
            &why);
    }
    return put_blob(db, put, e);
}

/* A session anew prepares its statements one by one, and ends as the first is. libpq waits for more answers
 * then and says it is connected. */
void postgres_cut_between_answers_test(void)
{
    struct test_store *t = test_store_create();
    test_transactions_alone(true);
    if (test_store_is_postgres(t)) {
        struct proxy p = {0};
        struct err e = {0};
        struct db *db = open_through(&p, t);
        struct put put = {
            {.id = id_random(), .purpose = "photo", .media_type = "image/jpeg", .size = 1},
            0,
            t};
        struct blob back;
        p.cut = CUT_BETWEEN;
        CHECK_OK("goes through", db_transact(db, put_blob_once_cut, &put, &e), &e);
        CHECK_INT("the proxy did it", p.cut, CUT_NONE);
        CHECK_INT("once more for each cut", put.runs, 3);
        CHECK_OK("stored", blob_get(t->db, t->arena, put.blob.id, &back, &e), &e);
        close_through(&p, db);
    }
    test_transactions_alone(false);
    test_store_destroy(t);
}
