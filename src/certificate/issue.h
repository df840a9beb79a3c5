/* certificate/issue.h - from a decided award to a signed certificate, and what follows it.
 *
 * Everything happens in one transaction: number, print serial, status index, QR, credential, row,
 * history, audit. A failure anywhere rolls the number back too. Revoking, voiding and reissuing
 * are acts of two people: web/ proposes them (people/approval.h) with a payload made here, and the
 * confirmation calls certificate_change_execute in its own transaction. */
#ifndef CERTIFICATE_ISSUE_H
#define CERTIFICATE_ISSUE_H

#include "certificate/certificate.h"
#include "people/document.h"

struct people;

/* What an award says; web/ fills it from award/. */
struct award_facts {
    struct id award, entry, person;
    const char *programme;
    int64_t level;
    const char *direction; /* "" or NULL = none */
    unsigned char result_digest[32];
    int64_t decided_ms; /* 0: not decided */
    bool passed, published;
    struct id published_by, published_second; /* the two who published the result */
};

/* Whom it is for: as the person's data are at this moment. */
struct certificate_holder {
    struct id person;
    const char *name;
    enum document_kind kind;
    const char *country;         /* of passports; "CN" otherwise */
    const char *document_number; /* in clear: printed, never stored so */
    const char *phone;           /* "" = none */
    struct id photo;             /* zero: none */
    unsigned char photo_digest[32];
    bool photo_public; /* the consent to show the photo is in force */
};
/* RULE where name, checked document or photo is missing. */
bool certificate_holder_load(const struct people *p, struct id person,
                             struct certificate_holder *out, struct err *e) MUST_USE;

struct certificate_issued {
    struct id id;
    const char *number;
};
/* Refused: CONFLICT at "/award" (not decided, not passed, not published, has one already); RULE at
 * "/class" (body not filed, no pattern), at "/programme" (banned words not released by two
 * people), at "/photo"; INVALID at "/text" (a character that cannot be printed). */
bool certificate_issue(const struct certificate_office *o, const struct award_facts *f,
                       const struct certificate_holder *h, struct certificate_issued *out,
                       struct err *e) MUST_USE;

/* --- revoke, void, reissue: two people ---------------------------------------------------- */
enum certificate_change {
    CERTIFICATE_CHANGE_revoke,  /* 撤销: improperly obtained */
    CERTIFICATE_CHANGE_void,    /* 作废: wrong data */
    CERTIFICATE_CHANGE_lost,    /* 遗失补发: same number, new print serial */
    CERTIFICATE_CHANGE_correct, /* 更正换发: the person's data of now, a new number */
    CERTIFICATE_CHANGES
};
const char *certificate_change_word(enum certificate_change c);
bool certificate_change_read(const char *word, enum certificate_change *out);

struct certificate_change_order {
    struct id certificate;
    enum certificate_change change;
    const char *reason; /* 4 to 200 characters; shown to the public */
};
/* What approval_propose is given: checks that the change is possible now. */
bool certificate_change_propose(const struct certificate_office *o,
                                const struct certificate_change_order *order,
                                struct bytes *payload, const char **summary,
                                struct err *e) MUST_USE;
bool certificate_change_order_read(struct arena *a, struct bytes payload,
                                   struct certificate_change_order *out,
                                   struct err *e) MUST_USE;
/* Inside the confirmation's transaction; o->who names both people. HOLDER is needed to correct and
 * may be NULL otherwise. OUT: the certificate that is valid afterwards; zero id if none. */
bool certificate_change_execute(const struct certificate_office *o,
                                const struct certificate_change_order *order,
                                const struct certificate_holder *holder,
                                struct certificate_issued *out, struct err *e) MUST_USE;

/* The holder shows or hides the photo on the verification page. */
bool certificate_photo_consent(const struct certificate_office *o, struct id certificate,
                               struct id person, bool show, struct err *e) MUST_USE;

#endif
