/* web/node_here_test.c - a room node's own addresses: two people confirm its clock. */
#include "people/viewer.h"
#include "sitting/node_self.h"
#include "test/faults.h"
#include "web/asker.h"
#include "web/halves.h"

static struct asker invigilator(struct site *s, const char *login)
{
    return asker_account(s, s->body.id, login, R(invigilator));
}

static long say(struct asker *a)
{
    return ask(a, "POST", "/api/here/clock", asker_code(a));
}

static bool confirmed(const struct asker *a)
{
    return json_is_true(json_object_get(a->json, "confirmed"));
}

/* The second person's confirmation fails behind their code, which is good once: the first need not come
 * again, a third may be the second. */
void here_clock_keeps_the_first_word_test(void)
{
    static const struct node_self self = {.name = "一号机"};
    struct site *s = site_start();
    struct asker one = invigilator(s, "first"), two = invigilator(s, "second"),
                 three = invigilator(s, "third");
    s->app.halves = half_desk_create();
    s->app.node = &self;
    CHECK_INT("one", say(&one), 200);
    CHECK("waits", !confirmed(&one));
    requests_fail("/api/here/clock", true);
    CHECK_INT("two, and the database fails", say(&two), 503);
    CHECK_INT("three", say(&three), 200);
    CHECK("with the first's word", confirmed(&three));
    half_desk_destroy(s->app.halves);
    site_stop(s);
}
