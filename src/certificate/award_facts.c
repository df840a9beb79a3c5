/* certificate/award_facts.c - what an award and a person say, as issuing takes it. */
#include "certificate/award_facts.h"

#include <string.h>

#include "award/award.h"
#include "base/arena.h"
#include "people/consent.h"
#include "people/people.h"
#include "people/person.h"
#include "store/audit.h"
#include "store/blob.h"
#include "store/db.h"

/* The two who published: the publication and its awards carry the same time. */
static bool publication_of(struct db *db, struct id body, const struct award *w,
                           struct award_facts *out, struct err *e)
{
    bool found;
    struct query *q = db_query(db, SQL_certificate_publication);
    query_id(q, w->batch);
    query_id(q, body);
    query_int(q, w->decided_ms);
    if (!query_maybe(q, &found, e) || !found)
        return e->code == ERR_NONE;
    out->published = true;
    out->published_by = query_get_id(q, 0);
    out->published_second = query_get_id(q, 1);
    query_done(q);
    return true;
}

bool award_facts_load(struct db *db, struct arena *a, struct id body, struct id award,
                      struct award_facts *out, struct err *e)
{
    struct award w;
    if (!award_get(db, a, body, award, &w, e))
        return false;
    *out = (struct award_facts){
        .award = w.id,
        .entry = w.entry,
        .person = w.person,
        .programme = w.programme,
        .level = w.level,
        .direction = w.direction ? w.direction : "",
        .decided_ms = w.decided_ms,
        .passed = strcmp(w.state, "decided") == 0,
    };
    memcpy(out->result_digest, w.digest, sizeof out->result_digest);
    return publication_of(db, body, &w, out, e);
}

bool awards_due(struct db *db, struct arena *a, struct id body, struct id batch,
                struct id **out, size_t *count, struct err *e)
{
    *out = NULL;
    *count = 0;
    struct query *q = db_query(db, SQL_certificate_due);
    query_id(q, batch);
    query_id(q, body);
    while (query_next(q, e)) {
        *out = arena_grow(a, *out, *count, *count + 1, sizeof **out);
        (*out)[(*count)++] = query_get_id(q, 0);
    }
    return e->code == ERR_NONE;
}

bool certificate_holder_load(const struct people *p, struct id person,
                             struct certificate_holder *out, struct err *e)
{
    struct person who;
    struct person_secrets secret;
    struct blob photo = {0};
    if (!person_get(p, person, &who, e) || !person_secrets(p, person, &secret, e))
        return false;
    if (!id_is_zero(who.photo) && !blob_get(p->db, p->arena, who.photo, &photo, e))
        return false;
    *out = (struct certificate_holder){
        .person = who.id,
        .name = who.name,
        .kind = who.kind,
        .country = who.country ? who.country : "CN",
        .document_number = secret.document_number,
        .phone = secret.phone,
        .photo = who.photo,
    };
    memcpy(out->photo_digest, photo.digest, sizeof out->photo_digest);
    return consent_in_force(p, person, CONSENT_PHOTO, &out->photo_public, e);
}
