/* sitting/seb.h - Safe Exam Browser: the settings that it opens an exam with, their Config Key, and
 * the hashes by which a page or a request proves that it comes from such a browser.
 *
 * Source of the rules: the SEB developer pages on Config Key and Browser Exam Key. A Config Key is
 * the SHA-256 of the settings as "SEB-JSON": keys sorted without regard to case, no white space, no
 * escaping, dates and data as text, empty dictionaries and originatorVersion left out. A hash is
 * SHA-256 over the address without fragment followed by the key in lower-case hex. Our settings
 * hold no quotation mark and no backslash, where implementations differ. Pure. */
#ifndef SITTING_SEB_H
#define SITTING_SEB_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/err.h"

struct arena;
struct json_t;

enum { SEB_KEY_TEXT = 65 }; /* 64 digits and the zero */

/* The settings of our exams: START_URL is the only place they reach; QUIT_HASH is the SHA-256 of
 * the password that ends SEB, in hex, NULL: none, the candidate may quit after the hand-in. SALT
 * makes Browser Exam Keys of this session its own. */
struct json_t *seb_settings(struct arena *a, const char *start_url, const char *quit_hash,
                            const unsigned char salt[32]);
/* The same settings for another address: a room node serves them with its own. */
struct json_t *seb_settings_at(struct arena *a, const struct json_t *settings,
                               const char *start_url);
/* INTERNAL for a value that SEB settings cannot hold (null, a real number). */
bool seb_json(struct arena *a, const struct json_t *settings, struct bytes *out,
              struct err *e) MUST_USE;
bool seb_config_key(struct arena *a, const struct json_t *settings, char key[SEB_KEY_TEXT],
                    struct err *e) MUST_USE;
/* The .seb file: an XML property list, not encrypted. */
bool seb_file(struct arena *a, const struct json_t *settings, struct bytes *out,
              struct err *e) MUST_USE;
/* What SEB sends for an address and a key. */
void seb_request_hash(const char *url, const char key[SEB_KEY_TEXT], char out[SEB_KEY_TEXT]);

#endif
