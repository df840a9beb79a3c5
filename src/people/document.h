/* people/document.h - numbers of identity documents, organisations (USCC) and mobile phones.
 *
 * Pure: nothing is looked up. Numbers are normalised first: full-width to ASCII, letters to upper
 * case, blanks, hyphens and invisible characters out. Sources: GB 11643-1999 (resident numbers;
 * codes of withdrawn counties stay valid, so only the province is checked), 国家移民管理局 for
 * permits and residence permits, GB 32100-2015 and GB 11714 (USCC). A refusal is INVALID with a
 * Chinese sentence that says what is wrong; fields are "/number", "/uscc" and "/phone". */
#ifndef PEOPLE_DOCUMENT_H
#define PEOPLE_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/calendar.h"
#include "base/err.h"

enum document_kind {
#define DOCUMENT(name, letter, word, title, country) DOCUMENT_##name,
#include "people/documents.def"
#undef DOCUMENT
    DOCUMENT_KINDS
};

enum sex { SEX_UNKNOWN, SEX_MALE, SEX_FEMALE };

enum { DOCUMENT_NUMBER_BYTES = 24, USCC_BYTES = 19, PHONE_BYTES = 12 };

struct identity {
    enum document_kind kind;
    char number[DOCUMENT_NUMBER_BYTES]; /* normalised: what is sealed and indexed */
    bool birth_known;
    date_days birth; /* only if birth_known: from resident-style numbers of 18 digits */
    enum sex sex;    /* likewise, else SEX_UNKNOWN */
};

char document_letter(enum document_kind kind);         /* for blind_index and the QR */
const char *document_word(enum document_kind kind);    /* in the API */
const char *document_title(enum document_kind kind);   /* 居民身份证 */
const char *document_country(enum document_kind kind); /* issuer; "XX" for passports: ask */
bool document_kind_read(const char *word, enum document_kind *out);
bool document_kind_of_letter(char letter, enum document_kind *out);
const char *sex_word(enum sex s); /* "male", "female", NULL if unknown */

/* AS_OF: a birth after that day is refused. */
bool document_check(enum document_kind kind, const char *text, date_days as_of,
                    struct identity *out, struct err *e) MUST_USE;
/* For a number without a kind (command line, import): the 18 digit documents by their first
 * digits, a resident ID for anything else. */
bool document_check_any(const char *text, date_days as_of, struct identity *out,
                        struct err *e) MUST_USE;
/* The 18 digits of a first-generation number of 15, to match old certificates with; such a
 * number has not been a document since 2013-01-01. */
bool document_upgrade_old(const char *text, char out[DOCUMENT_NUMBER_BYTES],
                          struct err *e) MUST_USE;

bool uscc_check(const char *text, char out[USCC_BYTES], struct err *e) MUST_USE;
/* 11 digits, without +86 or 0086. */
bool phone_check(const char *text, char out[PHONE_BYTES], struct err *e) MUST_USE;

#endif
