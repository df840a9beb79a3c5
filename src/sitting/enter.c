/* sitting/enter.c - ticket and document, the wait for admission, proofs by the attempt's keys. */
#include "sitting/enter.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "people/document.h"
#include "people/normalise.h"
#include "sitting/live.h"
#include "sitting/writer.h"

bool enter_refused(struct err *e)
{
    return FAIL(e, FORBIDDEN, "", "准考证号、证件号或座位不符，或监考员尚未准许入场。");
}

static bool document_matches(struct journal_writer *w, const struct live_attempt *a,
                             const char *text)
{
    static const unsigned char nobody[BLIND_INDEX_BYTES], no_key[KEY_BYTES];
    const struct master *m = journal_config_of(w)->master;
    char number[DOCUMENT_NUMBER_BYTES] = "";
    unsigned char index[BLIND_INDEX_BYTES];
    bool read = normalise_number(text, number, sizeof number);
    /* An unknown ticket costs as much as a known one, at a centre and at a room node (S9): both
     * indexes are made, whichever is looked at. */
    const char *country = a ? a->document_country : "CN";
    char letter = a ? a->document_letter : 'I';
    bool by_roster = a && a->session->has_roster_key;
    unsigned char by_key[BLIND_INDEX_BYTES];
    blind_index(index, m, country, letter, number);
    roster_index(by_key, by_roster ? a->session->roster_key : no_key, country, letter, number);
    bool same = secret_equal(by_roster ? by_key : index, a ? a->document_index : nobody,
                             sizeof index);
    return read && a && same;
}

/* Tickets are read with blanks or hyphens between the groups. */
static void ticket_plain(const char *text, char out[32])
{
    size_t n = 0;
    for (const char *c = text; *c && n < 31; c++)
        if (*c != ' ' && *c != '-')
            out[n++] = *c;
    out[n] = '\0';
}

static bool seat_matches(const struct live_attempt *a, const char *seat)
{
    return !seat || !*seat || strtoll(seat, NULL, 10) == a->seat_no;
}

/* When it was made, eight random bytes, and our mark on both: what a sign-in says outlives the
 * process that said it, without a write to the disk (doc/decisions/0044). */
enum { CHALLENGE_MARKED = 16, CHALLENGE_MARK = 16, WAIT_MAX_MS = 3 * 3600000 };

static void challenge_mark(unsigned char out[CHALLENGE_MARK], const struct master *m,
                           struct id attempt, const unsigned char challenge[32])
{
    unsigned char key[KEY_BYTES], text[4 + ID_BYTES + CHALLENGE_MARKED] = "HNW0";
    memcpy(text + 4, attempt.bytes, ID_BYTES);
    memcpy(text + 4 + ID_BYTES, challenge, CHALLENGE_MARKED);
    master_key(m, KEY_TOKEN, key);
    keyed_hash(out, CHALLENGE_MARK, key, text, sizeof text);
    secret_wipe(key, sizeof key);
}

/* Under the attempt's lock. */
static void challenge_make(struct journal_writer *w, struct live_attempt *a, int64_t now_ms,
                           struct entered *out)
{
    be64_put(a->challenge, (uint64_t)now_ms);
    random_bytes(a->challenge + 8, CHALLENGE_MARKED - 8);
    challenge_mark(a->challenge + CHALLENGE_MARKED, journal_config_of(w)->master, a->id,
                   a->challenge);
    a->challenge_until_ms = now_ms + CHALLENGE_MS;
    a->entered = true;
    a->last_seen_ms = now_ms;
    a->tile_changed = true;
    out->attempt = a;
    memcpy(out->challenge, a->challenge, sizeof out->challenge);
    out->until_ms = a->challenge_until_ms;
    out->admitted = a->state != ATTEMPT_PREPARED;
}

bool attempt_enter(struct journal_writer *w, const struct enter_input *in, struct entered *out,
                   struct err *e)
{
    char ticket[32];
    ticket_plain(in->ticket, ticket);
    struct live_attempt *a = live_find_ticket(journal_live(w), ticket);
    bool matches = document_matches(w, a, in->document);
    if (!matches || !seat_matches(a, in->seat))
        return enter_refused(e);
    live_lock(a);
    challenge_make(w, a, in->now_ms, out);
    live_unlock(a);
    return true;
}

bool attempt_enter_again(struct journal_writer *w, const struct again_input *in,
                         struct entered *out, struct err *e)
{
    struct live_attempt *a = live_find(journal_live(w), in->attempt);
    if (!a || in->pub.len != DEVICE_PUBLIC_BYTES)
        return enter_refused(e);
    live_lock(a);
    /* In weak mode the point is a secret, so it is compared like one. */
    bool known = (a->state == ATTEMPT_ADMITTED || a->state == ATTEMPT_OPEN) &&
                 a->epochs_count > 0 &&
                 secret_equal(a->epochs[a->epochs_count - 1].pub, in->pub.at, in->pub.len);
    if (known)
        challenge_make(w, a, in->now_ms, out);
    live_unlock(a);
    return known || enter_refused(e);
}

/* A page that waits since before this process began: the sign-in is as good as it was. Under the
 * attempt's lock. */
static void restore_wait(struct journal_writer *w, struct live_attempt *a,
                         const unsigned char challenge[32], int64_t now_ms)
{
    unsigned char mark[CHALLENGE_MARK];
    if (a->entered)
        return;
    challenge_mark(mark, journal_config_of(w)->master, a->id, challenge);
    int64_t made_ms = (int64_t)be64_get(challenge);
    if (!secret_equal(mark, challenge + CHALLENGE_MARKED, sizeof mark) || made_ms > now_ms ||
        now_ms - made_ms >= WAIT_MAX_MS)
        return;
    memcpy(a->challenge, challenge, sizeof a->challenge);
    a->challenge_until_ms = now_ms + CHALLENGE_MS;
    a->entered = true;
    a->tile_changed = true;
}

bool attempt_wait(struct journal_writer *w, const struct wait_input *in, bool *admitted,
                  struct err *e)
{
    struct live_attempt *a = live_find(journal_live(w), in->attempt);
    if (!a || in->challenge.len != sizeof a->challenge)
        return enter_refused(e);
    live_lock(a);
    restore_wait(w, a, in->challenge.at, in->now_ms);
    bool known = in->now_ms < a->challenge_until_ms &&
                 secret_equal(a->challenge, in->challenge.at, sizeof a->challenge);
    *admitted = a->state != ATTEMPT_PREPARED;
    if (known) { /* who asks on, waits on */
        a->challenge_until_ms = in->now_ms + CHALLENGE_MS;
        a->last_seen_ms = in->now_ms;
    }
    live_unlock(a);
    return known || enter_refused(e);
}

void takeover_hash(unsigned char out[16], const struct master *m, struct id attempt,
                   const char *code)
{
    unsigned char key[KEY_BYTES], text[ID_BYTES + 8] = {0};
    memcpy(text, attempt.bytes, ID_BYTES);
    size_t len = strlen(code);
    memcpy(text + ID_BYTES, code, len < 8 ? len : 8);
    master_key(m, KEY_TOKEN, key);
    keyed_hash(out, 16, key, text, sizeof text);
    secret_wipe(key, sizeof key);
}

/* "Heng <32 hex>.<epoch>.<43 base64url>" */
static bool header_read(struct arena *a, const char *header, struct id attempt, uint32_t *epoch,
                        struct bytes *mac)
{
    char text[ID_TEXT_BYTES], *end;
    struct id named;
    if (!header || strncmp(header, "Heng ", 5) != 0 || strlen(header) < 5 + 33 ||
        header[5 + 32] != '.')
        return false;
    memcpy(text, header + 5, 32);
    text[32] = '\0';
    const char *number = header + 5 + 33;
    if (!id_read(text, &named) || !id_equal(named, attempt) || *number < '1' || *number > '9')
        return false;
    unsigned long n = strtoul(number, &end, 10);
    if (*end != '.' || n > UINT32_MAX)
        return false;
    *epoch = (uint32_t)n;
    return base64url_read(a, end + 1, strlen(end + 1), mac) && mac->len == TAG_BYTES;
}

static void proof_mac(unsigned char out[TAG_BYTES], const unsigned char key[KEY_BYTES],
                      const struct proof *p)
{
    unsigned char digest[HASH_BYTES];
    struct tag_state t;
    hash_of(digest, p->body.at, p->body.len);
    tag_begin(&t, key);
    tag_add(&t, "HNG1", 4);
    tag_add(&t, p->method, strlen(p->method) + 1);
    tag_add(&t, p->path, strlen(p->path) + 1);
    tag_add(&t, digest, sizeof digest);
    tag_end(&t, out);
}

bool attempt_authorise(struct journal_writer *w, struct arena *a, const struct proof *p,
                       struct live_attempt **out, struct err *e)
{
    uint32_t epoch;
    struct bytes mac;
    unsigned char want[TAG_BYTES], key[KEY_BYTES];
    struct live_attempt *at = live_find(journal_live(w), p->attempt);
    bool known = at && header_read(a, p->header, p->attempt, &epoch, &mac);
    if (known) {
        live_lock(at);
        known = epoch == at->epoch && epoch <= at->epochs_count;
        if (known)
            memcpy(key, at->epochs[epoch - 1].save_key, KEY_BYTES);
        live_unlock(at);
    }
    if (known) {
        proof_mac(want, key, p);
        known = secret_equal(want, mac.at, TAG_BYTES);
    }
    *out = at;
    return known || FAIL(e, UNAUTHENTICATED, "/authorization", "作答凭证不对，答案仍在本机。");
}

bool attempt_file_open(struct journal_writer *w, struct arena *a, struct bytes file,
                       struct live_attempt **attempt, struct bytes *body, struct err *e)
{
    enum { HEAD = 4 + ID_BYTES + 4 + GCM_NONCE_BYTES };
    struct id id;
    unsigned char pub_hash[HASH_BYTES], key[KEY_BYTES];
    if (file.len < HEAD + GCM_TAG_BYTES || memcmp(file.at, "HNE1", 4) != 0)
        return FAIL(e, INVALID, "/body", "不是应急文件。");
    memcpy(id.bytes, file.at + 4, ID_BYTES);
    uint32_t epoch = be32_get(file.at + 20);
    struct live_attempt *at = live_find(journal_live(w), id);
    bool known = false;
    if (at) {
        live_lock(at);
        known = epoch > 0 && epoch <= at->epochs_count;
        if (known)
            memcpy(pub_hash, at->epochs[epoch - 1].pub_hash, HASH_BYTES);
        live_unlock(at);
    }
    if (!known)
        return FAIL(e, NOT_FOUND, "/attempt", "应急文件不属于这里的任何一份作答。");
    attempt_file_key(key, at, epoch, pub_hash);
    size_t len = file.len - HEAD;
    unsigned char *plain = arena_alloc(a, len, 1);
    bool opened = gcm_open(plain, key, file.at + 24, file.at, HEAD, file.at + HEAD, len);
    secret_wipe(key, sizeof key);
    if (!opened)
        return FAIL(e, INVALID, "/body", "应急文件已损坏或被改动。");
    *attempt = at;
    *body = (struct bytes){plain, len - GCM_TAG_BYTES};
    return true;
}
