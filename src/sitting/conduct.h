/* sitting/conduct.h - how a session is held beyond its times: online at the candidate's own place,
 * alone, at a computer with camera and microphone recorded (the NRTA rules); in Safe Exam Browser. A room node
 * holds it as the centre does (doc/decisions/0059, 0074).
 * A session without a row is held in a room, unrecorded, in any browser.
 *
 * Set while the session is a draft or arranged; fixed from the sealing of the papers on. */
#ifndef SITTING_CONDUCT_H
#define SITTING_CONDUCT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"
#include "sitting/seb.h"

struct arranger;
struct arena;
struct db;

struct conduct {
    struct id session, body;
    bool online, recorded, seb;
    const char *seb_settings;     /* JSON; NULL unless seb */
    const char *seb_browser_keys; /* hex, one a line; "": any browser of those settings */
    int64_t changed_ms;           /* 0: nothing was set */
};
bool conduct_get(struct db *db, struct arena *a, struct id session, struct conduct *out,
                 struct err *e) MUST_USE;

struct conduct_input {
    struct id session;
    bool online, recorded, seb;
    const char *origin;           /* "https://exam.example.cn": ours */
    const char *quit_password;    /* NULL: as it was; "": none */
    const char *seb_browser_keys; /* NULL: none */
};
/* The salt of the settings stays once there is one, so that Browser Exam Keys stay good.
 * INVALID /recorded (only online), /seb_browser_keys; CONFLICT /state once papers are sealed. */
bool conduct_set(struct db *db, const struct arranger *by, const struct conduct_input *in,
                 struct conduct *out, struct err *e) MUST_USE;

/* On a room node, inside a transaction: as the room's package says, whatever stood here before. */
bool conduct_keep(struct db *db, const struct conduct *c, struct err *e) MUST_USE;

/* Where the exam client is opened at ORIGIN. */
const char *conduct_start_url(struct arena *a, bool online, const char *origin);
/* The settings of C for whoever serves it at ORIGIN; NULL with *e set. */
struct json_t *conduct_settings(struct arena *a, const struct conduct *c, const char *origin,
                                struct err *e);

/* An online sitting is taken at a computer: FORBIDDEN /device for a phone or a tablet, by what the
 * browser says of itself (User-Agent, Sec-CH-UA-Mobile; NULL: not sent). Whoever lies here lies
 * about a rule that the recording shows anyway. */
bool conduct_suits(bool online, const char *user_agent, const char *mobile,
                   struct err *e) MUST_USE;

/* What a claim brings to prove its browser; NULL members: not sent. By header (url = the address
 * asked for) or by SEB's JavaScript API (url = the page's own address). */
struct browser_proof {
    const char *url, *config_hash, *browser_hash;
};
/* FORBIDDEN /seb with what is wrong, where the session asks for SEB. ORIGIN is our own address:
 * a hash over somebody else's page proves nothing here. */
bool conduct_admits(struct arena *a, const struct conduct *c, const char *origin,
                    const struct browser_proof *proof, struct err *e) MUST_USE;

#endif
