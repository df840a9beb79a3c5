/* web/work_test.c - what is computed behind the desk, over HTTP: asked for, watched, stopped, and left behind by
 * a server that stopped. */
#include "base/json.h"
#include "people/viewer.h"
#include "store/db.h"
#include "store/work.h"
#include "web/app.h"
#include "web/hall.h"
#include "web/work.h"

#define CALIBRATE "{\"programme\":\"national-2023\",\"model\":\"rasch\"}"

static const char *work_path(struct hall *h, const char *id, const char *rest)
{
    return hall_text(h, "/api/desk-work/%s%s", id, rest);
}

static const char *asked_for(struct hall *h, struct asker *a)
{
    CHECK_INT("asked for", ask(a, "POST", "/api/calibrations", CALIBRATE), 202);
    return hall_text(h, "%s%s", ask_text(a, "work"), "");
}

static void computed(struct hall *h)
{
    struct err e = {0};
    bool ran;
    CHECK_OK("computed", work_run_next(&h->site->app, h->site->t->db, &ran, &e), &e);
    CHECK("there was one", ran);
}

void work_over_http_test(void)
{
    struct hall *h = hall_open();
    struct asker reviewer = hall_staff(h, "reviewer", R(item_reviewer), (struct id){0});
    const char *id = asked_for(h, &reviewer);
    CHECK_INT("once", ask(&reviewer, "POST", "/api/calibrations", CALIBRATE), 409);
    CHECK_INT("seen", ask(&reviewer, "GET", work_path(h, id, ""), NULL), 200);
    CHECK_TEXT("waiting", ask_text(&reviewer, "state"), "waiting");
    CHECK_TEXT("as it was asked for", ask_text(&reviewer, "argument/model"), "rasch");
    computed(h);
    CHECK_INT("seen", ask(&reviewer, "GET", work_path(h, id, ""), NULL), 200);
    CHECK_TEXT("nobody has sat", ask_text(&reviewer, "state"), "failed");
    CHECK_TEXT("where", ask_text(&reviewer, "field"), "/model");
    CHECK("why", strstr(ask_text(&reviewer, "sentence"), "这个模型至少要 100 人"));
    CHECK_INT("over", ask(&reviewer, "POST", work_path(h, id, "/cancel"), NULL), 409);
    id = asked_for(h, &reviewer);
    CHECK_INT("stopped", ask(&reviewer, "POST", work_path(h, id, "/cancel"), NULL), 204);
    CHECK_INT("seen", ask(&reviewer, "GET", work_path(h, id, ""), NULL), 200);
    CHECK_TEXT("before it began", ask_text(&reviewer, "state"), "cancelled");
    CHECK_INT("list", ask(&reviewer, "GET", "/api/desk-work?kind=calibrate", NULL), 200);
    CHECK_INT("both", json_array_size(json_object_get(reviewer.json, "work")), 2);
    CHECK_INT("not for the registrar", ask(&h->registrar, "GET", "/api/desk-work", NULL), 403);
    hall_close(h);
}

/* Until the thread has ended it; a test that waits for ever is a test that failed. */
static const char *ended(struct hall *h, struct asker *a, const char *id)
{
    const char *state;
    do {
        CHECK_INT("seen", ask(a, "GET", work_path(h, id, ""), NULL), 200);
        state = ask_text(a, "state");
    } while (strcmp(state, "waiting") == 0 || strcmp(state, "running") == 0);
    return state;
}

void work_by_its_thread_test(void)
{
    struct hall *h = hall_open();
    struct asker reviewer = hall_staff(h, "reviewer", R(item_reviewer), (struct id){0});
    const char *left = asked_for(h, &reviewer);
    struct app *app = &h->site->app;
    struct err e = {0};
    app->work = work_runner_start(app, &e);
    CHECK_OK("a server starts", app->work != NULL, &e);
    if (!test_store_is_postgres(h->site->t)) {
        CHECK_TEXT("left by one that stopped", ended(h, &reviewer, left), "interrupted");
        CHECK("says so", strstr(ask_text(&reviewer, "sentence"), "服务器重新启动"));
        CHECK_TEXT("asked for again", ended(h, &reviewer, asked_for(h, &reviewer)), "failed");
    }
    work_runner_stop(app->work);
    app->work = NULL;
    hall_close(h);
}
