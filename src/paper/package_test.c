/* paper/package_test.c - the phone code, the envelopes, the slots and the package that carries them
 * (S1, S3). */
#include "paper/package.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/signed_json.h"
#include "paper/blob.h"
#include "paper/manifest.h"
#include "programme/programme.h"
#include "test/check.h"

static const struct slow_cost quick = {8, 1};
static const struct id session = {{7, 7}};

/* Damm (2004), the example of the thesis. */
void damm_finds_misheard_digits_test(void)
{
    char text[CODE_HALF_TEXT_BYTES], digits[CODE_HALF_DIGITS + 1];
    unsigned char key[KEY_BYTES] = {3};
    CHECK_INT("572 has 4", damm_digit("572", 3), 4);
    CHECK_INT("whole", damm_digit("5724", 4), 0);
    phone_code_half(text, key, 3, 1, 0);
    struct err ok = {0};
    CHECK_OK("reads itself", phone_code_read(text, digits, &ok), &ok);
    for (size_t i = 0; text[i]; i++) {
        char was = text[i], field[32];
        if (was == ' ')
            continue;
        snprintf(field, sizeof field, "/groups/%zu", i / 7 + 1);
        for (char c = '0'; c <= '9'; c++) {
            struct err e = {0};
            text[i] = c;
            CHECK_INT("another digit", phone_code_read(text, digits, &e), c == was);
            if (c != was)
                CHECK_TEXT("names the group", e.field, field);
        }
        text[i] = was;
        if (i % 7 < 5 && text[i + 1] != was) {
            struct err e = {0};
            text[i] = text[i + 1];
            text[i + 1] = was;
            CHECK("neighbours swapped", !phone_code_read(text, digits, &e));
            text[i + 1] = text[i];
            text[i] = was;
        }
    }
    static const char *const wrong[] = {"", "12345", "123450 123450 12345x",
                                        "1234500 123450 123450 1"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct err e = {0};
        CHECK(wrong[i], !phone_code_read(wrong[i], digits, &e) && *e.text);
    }
}

void phone_halves_are_apart_test(void)
{
    unsigned char key[KEY_BYTES] = {3};
    char seen[16][CODE_HALF_TEXT_BYTES];
    size_t n = 0;
    for (uint32_t room = 1; room <= 4; room++)
        for (uint32_t revision = 1; revision <= 2; revision++)
            for (int half = 0; half < 2; half++, n++) {
                phone_code_half(seen[n], key, room, revision, half);
                for (size_t k = 0; k < n; k++)
                    CHECK("no two are the same", strcmp(seen[n], seen[k]) != 0);
            }
}

void envelope_texts_test(void)
{
    struct envelope_place p = {session, 2, 1, 0}, other;
    unsigned char piece[KEY_BYTES], got[KEY_BYTES];
    char text[ENVELOPE_TEXT_BYTES];
    struct err e = {0};
    random_bytes(piece, sizeof piece);
    envelope_write(text, &p, piece);
    CHECK_INT("fourteen groups of four", strlen(text), 69);
    CHECK_OK("reads itself", envelope_read(text, &p, got, &e), &e);
    CHECK("the piece", memcmp(piece, got, sizeof piece) == 0);
    for (size_t i = 0; text[i]; i++) {
        char was = text[i];
        struct err why = {0};
        if (was == ' ')
            continue;
        text[i] = was == '7' ? '8' : '7';
        CHECK("one character", !envelope_read(text, &p, got, &why));
        CHECK_TEXT("field", why.field, "/half");
        text[i] = was;
    }
    const struct envelope_place others[] = {
        {{{1}}, 2, 1, 0}, {session, 3, 1, 0}, {session, 2, 2, 0}, {session, 2, 1, 1}};
    for (size_t i = 0; i < 4; i++) {
        struct err why = {0};
        other = others[i];
        CHECK("another bag", !envelope_read(text, &other, got, &why));
    }
    struct envelope_pieces pieces, one;
    unsigned char key[KEY_BYTES], again[KEY_BYTES];
    random_bytes(key, sizeof key);
    envelope_split(key, &pieces);
    envelope_join(&pieces, again);
    CHECK("all three", memcmp(key, again, sizeof key) == 0);
    for (int missing = 0; missing < 3; missing++) {
        one = pieces;
        memset(missing == 2 ? one.node : one.bag[missing], 0, KEY_BYTES);
        envelope_join(&one, again);
        CHECK("two are nothing", memcmp(key, again, sizeof key) != 0);
    }
}

void envelope_sheet_test(void)
{
    struct arena *a = arena_create(64 << 20);
    struct err e = {0};
    struct bytes pdf;
    unsigned char piece[KEY_BYTES] = {9};
    struct envelope_sheet s = {.place = {session, 2, 1, 1},
                               .body = "演示评价机构",
                               .title = "理论知识考试",
                               .room = "第2考场",
                               .printed_by = "演示 试卷启封员",
                               .open_at_ms = 1795222800000,
                               .zone_offset_ms = 28800000,
                               .created_ms = 1795222800000};
    CHECK_OK("print", envelope_print(a, &s, piece, &pdf, &e), &e);
    CHECK("a PDF", pdf.len > 1000 && memcmp(pdf.at, "%PDF", 4) == 0);
    arena_destroy(a);
}

/* --- a package ------------------------------------------------------------------------------------ */
struct made {
    struct arena *arena;
    unsigned char session_key[KEY_BYTES], room_key[KEY_BYTES];
    unsigned char box_secret[2][BOX_SECRET_BYTES], bags[2][KEY_BYTES];
    unsigned char release_public[SIGN_PUBLIC_BYTES], release_secret[SIGN_SECRET_BYTES];
    struct paper_node nodes[2];
    struct bytes manifest;
};

static bool sign(void *ctx, struct bytes message, unsigned char signature[SIGNATURE_BYTES],
                 struct err *e)
{
    const struct made *m = ctx;
    (void)e;
    sign_bytes(signature, message.at, message.len, m->release_secret);
    return true;
}

static void make(struct made *m)
{
    struct err e = {0};
    *m = (struct made){.arena = arena_create(64 << 20)};
    random_bytes(m->session_key, KEY_BYTES);
    sign_keypair(m->release_public, m->release_secret);
    room_key(m->room_key, m->session_key, 2, 1);
    for (int i = 0; i < 2; i++) {
        snprintf(m->nodes[i].kid, sizeof m->nodes[i].kid, "0000000%d", i);
        box_keypair(m->nodes[i].box_public, m->box_secret[i]);
    }
    struct room_slots slots;
    struct slots_order order = {session, 2, 1, m->session_key, m->room_key, m->nodes, 2, quick};
    CHECK_OK("slots", slots_make(m->arena, &order, &slots, m->bags, &e), &e);
    unsigned char commit[HASH_BYTES], answers[HASH_BYTES] = {4};
    room_key_commitment(commit, session, 2, 1, m->room_key);
    struct programme programme = {.id = "national-2023", .digest = "00"};
    const struct paper_row papers[] = {
        {.id = {{1}}, .attempt = {{2}}, .form = {{3}}, .index = 1, .bytes = 4240},
        {.id = {{4}}, .form = {{3}}, .index = 2, .bytes = 4240, .spare = true}};
    struct manifest manifest = {.session = session,
                                .room = 2,
                                .revision = 1,
                                .open_at_ms = 1000,
                                .close_at_ms = 2000,
                                .now_ms = 500,
                                .programme = &programme,
                                .room_key_commit = commit,
                                .answer_key_commit = answers,
                                .papers = papers,
                                .paper_count = 2,
                                .nodes = m->nodes,
                                .node_count = 2,
                                .roster = {(const unsigned char *)"roster", 6},
                                .slots = &slots};
    struct release_signer signer = {"0badcafe", m, sign};
    CHECK_OK("sign", manifest_sign(m->arena, &manifest, &signer, &m->manifest, &e), &e);
}

void package_reads_test(void)
{
    struct made m;
    struct package p;
    struct err e = {0};
    unsigned char hash[HASH_BYTES];
    make(&m);
    CHECK_OK("read", package_read(m.arena, m.manifest, m.release_public, &p, &e), &e);
    CHECK("session", id_equal(p.session, session));
    CHECK_INT("room", p.room, 2);
    CHECK_INT("papers", p.paper_count, 2);
    CHECK("the spare is nobody's", id_is_zero(p.papers[1].attempt));
    CHECK("its form", p.papers[1].form.bytes[0] == 3);
    hash_of(hash, "roster", 6);
    CHECK("roster", memcmp(hash, p.roster_sha256, HASH_BYTES) == 0);
    CHECK_INT("nodes", p.node_count, 2);
    CHECK_INT("memory as asked", p.slots.phone.cost.mem_mib, 8);
    CHECK("for another node there is nothing", !package_share(&p, "00000009"));
    arena_destroy(m.arena);
}

/* S1: any byte of the manifest, slots and all. */
void package_refuses_each_flipped_byte_test(void)
{
    struct made m;
    struct package p;
    make(&m);
    unsigned char *copy = arena_copy(m.arena, m.manifest.at, m.manifest.len);
    for (size_t i = 0; i < m.manifest.len; i++) {
        struct arena *one = arena_create(4 << 20);
        struct err e = {0};
        copy[i] ^= 1;
        CHECK("refused", !package_read(one, (struct bytes){copy, m.manifest.len},
                                       m.release_public, &p, &e));
        CHECK("the part is named", strncmp(e.field, "/manifest", 9) == 0);
        copy[i] ^= 1;
        arena_destroy(one);
    }
    arena_destroy(m.arena);
}

/* S3: each lawful pair yields K_R, nothing less does; a wrong key fails the commitment. */
void package_ways_in_test(void)
{
    struct made m;
    struct package p;
    struct err e = {0};
    char text[2][CODE_HALF_TEXT_BYTES], digits[2][CODE_HALF_DIGITS + 1];
    unsigned char key[KEY_BYTES], commit[HASH_BYTES];
    make(&m);
    CHECK_OK("read", package_read(m.arena, m.manifest, m.release_public, &p, &e), &e);
    for (int half = 0; half < 2; half++) {
        phone_code_half(text[half], m.session_key, 2, 1, half);
        CHECK_OK("half", phone_code_read(text[half], digits[half], &e), &e);
    }
    CHECK("the code", phone_slot_open(&p.slots.phone, session, 2, digits[0], digits[1], key));
    CHECK("K_R", memcmp(key, m.room_key, KEY_BYTES) == 0);
    static const char none[] = "000000000000000";
    CHECK("one half and none",
          !phone_slot_open(&p.slots.phone, session, 2, digits[0], none, key));
    CHECK("none and one", !phone_slot_open(&p.slots.phone, session, 2, none, digits[1], key));
    CHECK("the same half twice",
          !phone_slot_open(&p.slots.phone, session, 2, digits[0], digits[0], key));
    CHECK("the wrong way round",
          !phone_slot_open(&p.slots.phone, session, 2, digits[1], digits[0], key));
    CHECK("another room",
          !phone_slot_open(&p.slots.phone, session, 3, digits[0], digits[1], key));

    for (int node = 0; node < 2; node++) {
        struct envelope_pieces pieces;
        const struct node_share *share = package_share(&p, m.nodes[node].kid);
        CHECK("its share", share);
        CHECK("opens", box_open(pieces.node, share->box, sizeof share->box,
                                m.nodes[node].box_public, m.box_secret[node]));
        CHECK("not with the other's key",
              !box_open(key, share->box, sizeof share->box, m.nodes[!node].box_public,
                        m.box_secret[!node]));
        memcpy(pieces.bag, m.bags, sizeof pieces.bag);
        envelope_join(&pieces, key);
        room_key_commitment(commit, session, 2, 1, key);
        CHECK("K_R by envelopes", memcmp(commit, p.room_key_commit, HASH_BYTES) == 0);
        memcpy(pieces.bag[1], pieces.bag[0], KEY_BYTES);
        envelope_join(&pieces, key);
        room_key_commitment(commit, session, 2, 1, key);
        CHECK("one bag is nothing", memcmp(commit, p.room_key_commit, HASH_BYTES) != 0);
    }
    arena_destroy(m.arena);
}
