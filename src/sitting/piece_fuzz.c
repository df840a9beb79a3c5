/* Whatever reads as the name of a piece writes as the same name, and its source is one of three; what is
 * taken for a picture or a video begins as one. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sitting/recording.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void look_at_name(const char *text)
{
    struct piece_name n;
    struct err e = {0};
    char again[80];
    long long started, length;
    if (!piece_name_read(text, &n, &e))
        return;
    snprintf(again, sizeof again, "%s.%lld.%lld", n.source, (long long)n.started_ms,
             (long long)n.length_ms);
    /* Leading zeros are another way to write the same number. */
    const char *dot = strchr(text, '.');
    if (!dot || sscanf(dot, ".%lld.%lld", &started, &length) != 2 || started != n.started_ms ||
        length != n.length_ms || strncmp(again, text, (size_t)(dot - text + 1)) != 0)
        abort();
    if (strcmp(n.source, "camera") != 0 && strcmp(n.source, "screen") != 0 &&
        strcmp(n.source, "snapshot") != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    char text[64];
    const char *type = piece_media_type((struct bytes){data, len});
    if (type && len < 3)
        abort();
    if (len >= sizeof text || memchr(data, 0, len))
        return 0;
    memcpy(text, data, len);
    text[len] = '\0';
    look_at_name(text);
    return 0;
}
