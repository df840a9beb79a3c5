/* certificate/certificate.h - an issued certificate: what it says, its state and its history.
 *
 * `facts` is what is printed, in printed order, with the document number masked; number, photo
 * and credential belong to it. Number and index of the document, the salt and the QR are sealed or
 * keyed. A certificate is never deleted: it becomes revoked (improperly obtained), void (wrong
 * data) or replaced (a corrected one was issued). Sources: 人社鉴发〔2021〕1号 for the face,
 * DOMAIN §1.5 for the states. */
#ifndef CERTIFICATE_CERTIFICATE_H
#define CERTIFICATE_CERTIFICATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/calendar.h"
#include "base/err.h"
#include "base/id.h"
#include "certificate/face.h"
#include "programme/programme.h"

struct actor;
struct arena;
struct body;
struct db;
struct json_t;
struct master;
struct programme_set;
struct signer;

enum certificate_state {
    CERTIFICATE_VALID = 1,
    CERTIFICATE_REVOKED = 2,
    CERTIFICATE_VOID = 3,
    CERTIFICATE_REPLACED = 4
};
const char *certificate_state_word(enum certificate_state s); /* "valid", in the API */
bool certificate_state_read(const char *word, enum certificate_state *out);

struct certificate {
    struct id id, body, award, entry, person;
    const char *number; /* 22 characters, or by the programme's pattern */
    enum certificate_class class;
    const char *programme;
    int64_t level;
    const char *direction; /* "" = none */
    const char *name;      /* of the holder */
    enum certificate_state state;
    int64_t issued_ms;
    date_days valid_to;       /* DATE_NONE: without end */
    const char *print_serial; /* 印制流水码 of the newest print */
    struct certificate_face face;
    const char *credential; /* signed JSON text */
    unsigned char credential_digest[32];
    unsigned char result_digest[32];
    struct id photo; /* blob; zero: none */
    unsigned char photo_digest[32];
    bool photo_public; /* the holder agreed to show it on the verification page */
    bool specimen;     /* 样张: of a demonstration body */
    int64_t status_list, status_index;
    struct id replaced_by; /* zero: none */
    int64_t version;
};

/* Where the use cases of this folder work. `who` also brings the time. */
struct certificate_office {
    struct db *db;
    struct arena *arena;
    const struct master *master;
    const struct signer *signer;
    const struct programme_set *programmes;
    const struct body *body;
    const struct actor *who;
    const char *public_url; /* "https://exam.example": in the QR and the credential */
};

bool certificate_get(struct db *db, struct arena *a, struct id body, struct id id,
                     struct certificate *out, struct err *e) MUST_USE;
/* Of any body: numbers are unique in the installation. *found false: there is none. */
bool certificate_by_number(struct db *db, struct arena *a, const char *number,
                           struct certificate *out, bool *found, struct err *e) MUST_USE;
/* The valid one of an application. */
bool certificate_of_entry(struct db *db, struct arena *a, struct id body, struct id entry,
                          struct certificate *out, bool *found, struct err *e) MUST_USE;
/* The valid one of an award. */
bool certificate_of_award(struct db *db, struct arena *a, struct id award,
                          struct certificate *out, bool *found, struct err *e) MUST_USE;

struct certificate_filter {
    struct id body;                /* required */
    struct id person, batch;       /* zero: all */
    const char *programme, *state; /* NULL: all */
    const char *text;              /* in the number or the holder's name; NULL: all */
    bool unfounded; /* valid, and its award stands no more: results were amended */
    int64_t limit, offset;
};
bool certificate_list(struct db *db, struct arena *a, const struct certificate_filter *f,
                      struct certificate **out, size_t *count, int64_t *total,
                      struct err *e) MUST_USE;

/* What happened to it. Words are stored and shown by the API: "issued", "reissued", "corrected",
 * "revoked", "voided", "photo_shown", "photo_hidden". */
enum certificate_event_kind {
#define CERTIFICATE_EVENT(name, number, label, english, is_public)                             \
    CERTIFICATE_EVENT_##name = number,
#include "certificate/events.def"
#undef CERTIFICATE_EVENT
};
struct certificate_event {
    enum certificate_event_kind kind;
    int64_t at_ms;
    const char *reason;       /* "" where none was asked for */
    const char *print_serial; /* of the print that it is about; "" = none */
    struct id account, second;
    const char *number; /* of the other certificate, of corrections; "" = none */
};
const char *certificate_event_word(enum certificate_event_kind k);
const char *certificate_event_label(enum certificate_event_kind k, bool english);
bool certificate_event_is_public(enum certificate_event_kind k);
/* Newest first. */
bool certificate_history(struct db *db, struct arena *a, struct id certificate,
                         struct certificate_event **out, size_t *count, struct err *e) MUST_USE;

/* What the printing needs that is not in clear in the row. */
struct certificate_secrets {
    const char *document_number;
    struct bytes salt;
    const char *qr; /* the text of the QR code */
};
bool certificate_secrets(struct db *db, struct arena *a, const struct master *m,
                         const struct certificate *c, struct certificate_secrets *out,
                         struct err *e) MUST_USE;

#endif
