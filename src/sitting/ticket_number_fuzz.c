/* Whatever reads as a ticket number writes as the same digits. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sitting/ticket.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    char text[64], again[TICKET_NUMBER_BYTES], digits[TICKET_NUMBER_BYTES];
    struct ticket_number n;
    size_t count = 0;
    if (len >= sizeof text || memchr(data, 0, len))
        return 0;
    memcpy(text, data, len);
    text[len] = '\0';
    if (!ticket_number_read(text, &n))
        return 0;
    for (const char *c = text; *c; c++)
        if (*c >= '0' && *c <= '9')
            digits[count++] = *c;
    digits[count] = '\0';
    ticket_number_write(&n, again);
    if (strcmp(digits, again) != 0)
        abort();
    return 0;
}
