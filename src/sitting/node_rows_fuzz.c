/* sitting/node_rows_fuzz.c - rows that centre and room nodes send one another as JSON: of the time ledger, in a
 * contact's answer and in a hand-up, and of audit chains. What reads is written and read as the same again, can
 * be added to a clock, and follows from nothing but the hash that it was made with. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/json.h"
#include "sitting/ledger.h"
#include "store/audit_row.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    struct err e = {0};
    (void)argc, (void)argv;
    return crypto_start(&e) ? 0 : 1;
}

static void ledger(struct arena *a, const json_t *v)
{
    struct ledger_row r, again;
    if (!ledger_row_read(v, &r))
        return;
    const json_t *w = json_keep(a, ledger_row_json(&r));
    if (!ledger_row_read(w, &again) || r.no != again.no || r.at_ms != again.at_ms ||
        r.minutes != again.minutes || r.kind != again.kind || r.scope != again.scope ||
        r.from_no != again.from_no || r.server_ms != again.server_ms ||
        !id_equal(r.scope_id, again.scope_id) || !id_equal(r.actor, again.actor) ||
        !id_equal(r.second, again.second) ||
        strcmp(r.reason ? r.reason : "", again.reason ? again.reason : "") != 0)
        abort();
    if (r.at_ms + r.minutes * 60000 < r.at_ms)
        abort();
}

static void audit(struct arena *a, const json_t *v)
{
    struct audit_copy c, again;
    unsigned char before[HASH_BYTES] = {0};
    if (!audit_copy_read(a, v, &c))
        return;
    const json_t *w = json_keep(a, audit_copy_json(a, &c));
    if (!audit_copy_read(a, w, &again) || again.row.chain != c.row.chain ||
        again.row.seq != c.row.seq || !id_equal(again.owner, c.owner) ||
        memcmp(again.row.hash, c.row.hash, HASH_BYTES) != 0 ||
        again.row.change.len != c.row.change.len)
        abort();
    audit_row_hash(&c.row, before, c.row.hash);
    if (!audit_copy_follows(&c, before))
        abort();
    before[0] = 1;
    if (audit_copy_follows(&c, before))
        abort();
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct arena *a = arena_create(8 << 20);
    struct err e = {0};
    const json_t *v = size < 65536 ? json_read(a, (const char *)data, size, &e) : NULL;
    if (v && json_is_array(v))
        ledger(a, v);
    else if (v)
        audit(a, v);
    arena_destroy(a);
    return 0;
}
