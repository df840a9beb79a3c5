/* certificate/change.c - revoke, void, reissue and correct: proposed by one, confirmed by two. */
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "certificate/issue.h"
#include "certificate/issue_in.h"
#include "certificate/render.h"
#include "people/body.h"
#include "store/audit.h"
#include "store/db.h"

enum { REASON_MIN = 4, REASON_MAX = 200 };

static const struct {
    const char *word, *label;
    enum act act;
    enum certificate_event_kind event;
    enum certificate_state state; /* what the certificate becomes */
} changes[CERTIFICATE_CHANGES] = {
    [CERTIFICATE_CHANGE_revoke] = {"revoke", "撤销证书", ACT_certificate_revoke,
                                   CERTIFICATE_EVENT_revoked, CERTIFICATE_REVOKED},
    [CERTIFICATE_CHANGE_void] = {"void", "作废证书", ACT_certificate_void,
                                 CERTIFICATE_EVENT_voided, CERTIFICATE_VOID},
    [CERTIFICATE_CHANGE_lost] = {"lost", "遗失补发证书", ACT_certificate_reissue,
                                 CERTIFICATE_EVENT_reissued, CERTIFICATE_VALID},
    [CERTIFICATE_CHANGE_correct] = {"correct", "更正换发证书", ACT_certificate_correct,
                                    CERTIFICATE_EVENT_corrected, CERTIFICATE_REPLACED},
};

const char *certificate_change_word(enum certificate_change c)
{
    return changes[c].word;
}

bool certificate_change_read(const char *word, enum certificate_change *out)
{
    for (int i = 0; word && i < CERTIFICATE_CHANGES; i++)
        if (strcmp(changes[i].word, word) == 0) {
            *out = (enum certificate_change)i;
            return true;
        }
    return false;
}

static size_t characters(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xC0) != 0x80;
    return n;
}

static bool get_valid(const struct certificate_office *o, struct id id, struct certificate *c,
                      struct err *e)
{
    if (!certificate_get(o->db, o->arena, o->body->id, id, c, e))
        return false;
    return c->state == CERTIFICATE_VALID ||
           FAIL(e, CONFLICT, "/state", "证书 %s 已不是有效状态，不能再改。", c->number);
}

bool certificate_change_propose(const struct certificate_office *o,
                                const struct certificate_change_order *order,
                                struct bytes *payload, const char **summary, struct err *e)
{
    struct certificate c;
    char id[ID_TEXT_BYTES];
    size_t n = order->reason ? characters(order->reason) : 0;
    if (n < REASON_MIN || n > REASON_MAX)
        return FAIL(e, INVALID, "/reason", "理由须有 %d 到 %d 个字：核验页会公开它。",
                    REASON_MIN, REASON_MAX);
    if (!get_valid(o, order->certificate, &c, e))
        return false;
    id_write(c.id, id);
    json_t *v = json_keep(o->arena,
                          json_pack("{s:s, s:s, s:s}", "certificate", id, "change",
                                    changes[order->change].word, "reason", order->reason));
    *summary = arena_printf(o->arena, "%s %s（%s）：%s", changes[order->change].label, c.number,
                            c.name, order->reason);
    return jcs_write(o->arena, v, payload, e);
}

bool certificate_change_order_read(struct arena *a, struct bytes payload,
                                   struct certificate_change_order *out, struct err *e)
{
    const json_t *v = json_read(a, payload.at, payload.len, e);
    const char *id = json_member_text(v, "certificate");
    out->reason = json_member_text(v, "reason");
    if (!v)
        return false;
    return (id && out->reason && id_read(id, &out->certificate) &&
            certificate_change_read(json_member_text(v, "change"), &out->change)) ||
           FAIL(e, INVALID, "/payload", "提请的内容残缺。");
}

static bool note_change(const struct certificate_office *o,
                        const struct certificate_change_order *order,
                        const struct certificate *c, const char *other, struct err *e)
{
    const struct certificate_event v = {
        .kind = changes[order->change].event,
        .at_ms = o->who->now_ms,
        .reason = order->reason,
        .print_serial = order->change == CERTIFICATE_CHANGE_lost ? c->print_serial : "",
        .account = o->who->account,
        .second = o->who->second,
        .number = other,
    };
    struct audit_row row = {
        .act = changes[order->change].act,
        .object_type = "ce",
        .object = c->id,
        .change = json_keep(o->arena,
                            json_pack("{s:s, s:s, s:s, s:s, s:s}", "number", c->number,
                                      "before", "valid", "after",
                                      certificate_state_word(changes[order->change].state),
                                      "reason", order->reason, "other", other ? other : "")),
    };
    return certificate_event_put(o->db, c->id, &v, e) && audit_write(o->db, o->who, &row, e);
}

/* The award is the one of the old certificate: what was passed does not change by a correction of
 * the person's data. */
static bool award_of(const struct certificate_office *o, const struct certificate *c,
                     struct award_facts *f, struct err *e)
{
    struct certificate_private p;
    if (!certificate_private_get(o->db, o->arena, c->id, &p, e))
        return false;
    *f = (struct award_facts){
        .award = c->award,
        .entry = c->entry,
        .person = c->person,
        .programme = c->programme,
        .level = c->level,
        .direction = c->direction,
        .decided_ms = c->issued_ms,
        .passed = true,
        .published = true,
        .published_by = p.published_by,
        .published_second = p.published_second,
    };
    memcpy(f->result_digest, c->result_digest, sizeof f->result_digest);
    return true;
}

/* The old one gives up its award first: an award has one valid certificate at a time. */
static bool correct(const struct certificate_office *o, struct certificate *old,
                    const struct certificate_holder *holder, struct certificate *new,
                    struct err *e)
{
    struct award_facts f;
    const struct id none = {{0}};
    if (!holder)
        return FAIL(e, CONFLICT, "/person", "没有持证人的资料，不能更正换发。");
    return award_of(o, old, &f, e) &&
           certificate_end(o->db, old, CERTIFICATE_REPLACED, none, e) &&
           certificate_issue_in(o->db, o, &f, holder, old->number, new, e) &&
           certificate_can_be_printed(o->arena, new, e) &&
           certificate_replaced_by(o->db, old, new->id, e);
}

bool certificate_change_execute(const struct certificate_office *o,
                                const struct certificate_change_order *order,
                                const struct certificate_holder *holder,
                                struct certificate_issued *out, struct err *e)
{
    struct certificate c, new;
    const struct id none = {{0}};
    *out = (struct certificate_issued){0};
    if (!get_valid(o, order->certificate, &c, e))
        return false;
    switch (order->change) {
    case CERTIFICATE_CHANGE_revoke:
    case CERTIFICATE_CHANGE_void:
        return certificate_end(o->db, &c, changes[order->change].state, none, e) &&
               note_change(o, order, &c, NULL, e);
    case CERTIFICATE_CHANGE_lost:
        *out = (struct certificate_issued){c.id, c.number};
        return certificate_print_again_in(o->db, o, &c, e) &&
               note_change(o, order, &c, NULL, e);
    case CERTIFICATE_CHANGE_correct:
        if (!correct(o, &c, holder, &new, e))
            return false;
        *out = (struct certificate_issued){new.id, new.number};
        return note_change(o, order, &c, new.number, e);
    case CERTIFICATE_CHANGES:
        break;
    }
    return FAIL(e, INTERNAL, "change", "没有这种改动。");
}

struct photo {
    const struct certificate_office *office;
    struct id certificate, person;
    bool show;
};

static bool set_photo(struct db *db, void *ctx, struct err *e)
{
    const struct photo *x = ctx;
    const struct actor *who = x->office->who;
    const struct certificate_event v = {
        .kind = x->show ? CERTIFICATE_EVENT_photo_shown : CERTIFICATE_EVENT_photo_hidden,
        .at_ms = who->now_ms,
        .account = who->account,
    };
    struct audit_row row = {
        .act = ACT_certificate_photo,
        .object_type = "ce",
        .object = x->certificate,
        .change = json_keep(x->office->arena, json_pack("{s:b}", "shown", x->show)),
    };
    struct query *q = db_query(db, SQL_certificate_photo);
    query_id(q, x->certificate);
    query_id(q, x->person);
    query_int(q, x->show);
    int64_t rows;
    if (!query_change(q, &rows, e))
        return false;
    if (rows == 0)
        return FAIL(e, NOT_FOUND, "certificate", "没有这张证书。");
    return certificate_event_put(db, x->certificate, &v, e) && audit_write(db, who, &row, e);
}

bool certificate_photo_consent(const struct certificate_office *o, struct id certificate,
                               struct id person, bool show, struct err *e)
{
    struct photo x = {o, certificate, person, show};
    return db_transact(o->db, set_photo, &x, e);
}
