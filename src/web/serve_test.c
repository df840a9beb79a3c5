/* web/serve_test.c - what a request that failed inside says of what it has done. */
#include "base/log.h"
#include "test/faults.h"
#include "web/hall.h"

static size_t consents_of(struct asker *c)
{
    CHECK_INT("asks", ask(c, "GET", "/api/my/consents", NULL), 200);
    return json_array_size(json_object_get(c->json, "consents"));
}

void failures_say_what_was_done_test(void)
{
    static const char path[] = "/api/my/consents",
                      body[] = "{\"kind\":\"personal\",\"version\":\"2026-1\"}";
    struct hall *h = hall_open();
    struct asker *c = &h->candidate;
    size_t before = consents_of(c);
    log_to(-1);
    requests_fail(path, false);
    CHECK_INT("at once", ask(c, "POST", path, body), 503);
    CHECK_TEXT("says that nothing was done", ask_text(c, "error/text"),
               "系统暂时出错，没有改动任何内容，请稍后再试。");
    CHECK_INT("and nothing was", consents_of(c), before);
    requests_fail(path, true);
    CHECK_INT("behind the commit", ask(c, "POST", path, body), 503);
    CHECK_TEXT("does not say so", ask_text(c, "error/text"),
               "系统暂时出错，但改动可能已经保存；请先刷新核对，不要直接重做。");
    CHECK_INT("and it was done", consents_of(c), before + 1);
    CHECK_INT("the next is well", ask(c, "POST", path, body), 200);
    log_to(2);
    hall_close(h);
}
