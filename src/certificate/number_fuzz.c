/* certificate/number_fuzz.c - whatever parses prints as exactly the bytes it was read from, and
 * no number that an accepted pattern makes parses as a level certificate's. */
#include "certificate/number.h"

#include <stdlib.h>
#include <string.h>

#include "certificate/number_pattern.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void hold(bool property)
{
    if (!property)
        abort();
}

static void pattern_makes_no_level_number(const char *text, uint32_t chance)
{
    struct number_pattern p;
    struct training_number n = {2000 + (int)(chance % 100), (int)(chance % 10),
                                chance % 9999 + 1};
    struct training_number back;
    struct certificate_number level;
    struct err e = {0};
    char number[PATTERN_NUMBER_BYTES];
    if (!number_pattern_parse(text, &p, &e))
        return;
    hold(number_pattern_make(&p, n, number, &e) && strlen(number) == p.len);
    hold(number_pattern_read(&p, number, &back) && back.serial == n.serial);
    hold(!certificate_number_parse(number, strlen(number), &level));
    hold(!certificate_number_read(number, &level, &e));
    struct old_certificate_number old;
    hold(!old_certificate_number_parse(number, strlen(number), &old));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct certificate_number n;
    struct old_certificate_number old;
    char again[CERTIFICATE_NUMBER_LEN + 1], text[96];

    if (certificate_number_parse((const char *)data, len, &n)) {
        certificate_number_format(n, again);
        hold(strlen(again) == len && memcmp(again, data, len) == 0);
    }
    if (old_certificate_number_parse((const char *)data, len, &old)) {
        old_certificate_number_format(old, again);
        hold(strlen(again) == len && memcmp(again, data, len) == 0);
    }
    if (len < sizeof text) {
        memcpy(text, data, len);
        text[len] = '\0';
        pattern_makes_no_level_number(text, (uint32_t)len * 2654435761u);
    }
    return 0;
}
