/* entry/verdict.c - judges an application against the programme it was made under. */
#include <string.h>

#include "base/json.h"
#include "entry/desk.h"
#include "programme/facts.h"
#include "programme/programme.h"
#include "store/audit.h"

bool entry_frame(const struct entry_desk *d, const struct entry *n, struct batch *batch,
                 const struct programme **programme, struct err *e)
{
    const struct people *p = &d->people;
    return batch_get(p->db, p->arena, n->body, n->batch, batch, e) &&
           batch_programme(p->db, p->arena, d->programmes, batch, programme, e);
}

bool entry_judge(const struct entry_desk *d, const struct programme *p, const struct entry *n,
                 struct eligibility *out, struct err *e)
{
    struct arena *a = d->people.arena;
    struct facts facts;
    bool draft = n->state == ENTRY_DRAFT || n->state == ENTRY_RETURNED;
    int64_t at_ms = draft || !n->submitted_ms ? d->people.who->now_ms : n->submitted_ms;
    json_t *json = json_read(a, n->facts, strlen(n->facts), e);
    if (!json || !facts_read(a, json, &facts, e)) {
        err_under(e, "/facts");
        return false;
    }
    struct eligibility_question q = {p, n->level, n->direction, &facts,
                                     date_of_instant(at_ms, CHINA_OFFSET_MS)};
    return eligibility_judge(a, &q, out, e);
}
