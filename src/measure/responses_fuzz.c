/* measure/responses_fuzz.c - any bytes as a table of responses: codes stay in their range, rows are as
 * wide as the header says, and a second reading gives the same. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "measure/responses.h"

static uint64_t read_once(const char *path, const struct response_form *form)
{
    struct arena *a = arena_create((size_t)256 << 20);
    struct err e = {0};
    uint64_t sum = 1469598103934665603u;
    struct response_reader *r = responses_open(a, path, form, &e);
    if (r) {
        size_t n = responses_items(r);
        uint8_t *x = arena_array(a, uint8_t, n);
        double weight;
        unsigned group;
        while (responses_next(r, x, &weight, &group, &e)) {
            if (!(weight >= 0))
                abort();
            for (size_t j = 0; j < n; j++) {
                if (x[j] > RESPONSE_CODES_MAX && x[j] != RESPONSE_MISSING)
                    abort();
                if (!form->numeric && x[j] != RESPONSE_MISSING && !responses_answer(r, x[j]))
                    abort();
                sum = (sum ^ x[j]) * 1099511628211u;
            }
        }
    }
    if (e.code && !*e.text)
        abort();
    sum = (sum ^ (uint64_t)e.code) * 1099511628211u;
    arena_destroy(a);
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    int fd = memfd_create("responses", MFD_CLOEXEC);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    const struct response_form forms[] = {{.numeric = true},
                                          {.numeric = false},
                                          {.missing = "8,9", .group = "g", .numeric = true}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (read_once(path, &forms[i]) != read_once(path, &forms[i]))
            abort();
    close(fd);
    return 0;
}
