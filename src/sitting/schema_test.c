/* sitting/schema_test.c - the database is not rebuilt under candidates who sit in an exam. */
#include "sitting/delivery_fixture.h"
#include "store/db.h"

static const char forget_newest[] =
    "DELETE FROM schema_migration WHERE number = (SELECT MAX(number) FROM schema_migration);";

void schema_waits_for_the_exam_test(void)
{
    struct delivery *d = delivery_create();
    struct play_device dev;
    struct err e = {0}, sits = {0};
    struct store *again;
    delivery_start_room(d, fixture_now_ms);
    delivery_open(d, 0, &dev);
    again = store_open(d->t->url, &e);
    CHECK_OK("nothing to migrate", again != NULL, &e);
    store_close(again);
    CHECK_OK("as if a newer program came", test_store_script(d->t, forget_newest, &e), &e);
    again = store_open(d->t->url, &sits);
    CHECK_REFUSED("somebody sits", again != NULL, &sits, CONFLICT, "store");
    CHECK("says how many", strstr(sits.text, "1 名考生"));
    play_end(&dev);
    delivery_destroy(d);
}
