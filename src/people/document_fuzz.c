/* people/document_fuzz.c - what is accepted is already normalised, is accepted again as itself,
 * and any other digit in any one place of a resident number is refused. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "people/document.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void hold(bool property)
{
    if (!property)
        abort();
}

static void one_slip_is_refused(const struct identity *d, date_days as_of, size_t at)
{
    struct identity changed = *d, unused;
    struct err e = {0};
    at %= 17;
    changed.number[at] = (char)('0' + (changed.number[at] - '0' + 1) % 10);
    hold(!document_check_any(changed.number, as_of, &unused, &e) && e.text[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    char text[64], uscc[USCC_BYTES], phone[PHONE_BYTES], again[USCC_BYTES];
    struct identity d, twice;
    date_days as_of = date_of((struct civil){2026, 11, 21});
    if (len < 2 || len > sizeof text)
        return 0;
    memcpy(text, data + 1, len - 1);
    text[len - 1] = '\0';

    struct err e = {0};
    if (document_check((enum document_kind)(data[0] % DOCUMENT_KINDS), text, as_of, &d, &e)) {
        hold(document_check(d.kind, d.number, as_of, &twice, &e));
        hold(strcmp(d.number, twice.number) == 0 && d.sex == twice.sex);
        hold(!d.birth_known || d.birth <= as_of);
        if (d.birth_known)
            one_slip_is_refused(&d, as_of, data[0]);
    } else {
        hold(e.code == ERR_INVALID && e.text[0]);
    }
    e = (struct err){0};
    if (uscc_check(text, uscc, &e))
        hold(uscc_check(uscc, again, &e) && strcmp(uscc, again) == 0);
    e = (struct err){0};
    if (phone_check(text, phone, &e))
        hold(phone_check(phone, again, &e) && strcmp(phone, again) == 0);
    return 0;
}
