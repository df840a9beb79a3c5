/* sitting/ticket_number_test.c - every single wrong digit and every swap is seen. */
#include <stdio.h>

#include "sitting/ticket.h"
#include "test/check.h"

static void write_number(int64_t series, int64_t serial, char out[TICKET_NUMBER_BYTES])
{
    struct ticket_number n = {date_of((struct civil){2026, 11, 28}), series, serial};
    ticket_number_write(&n, out);
}

void ticket_number_round_trip_test(void)
{
    char number[TICKET_NUMBER_BYTES], grouped[TICKET_GROUPED_BYTES];
    struct ticket_number n;
    for (int64_t serial = 1; serial <= 9999; serial++) {
        write_number(1 + serial % 999, serial, number);
        CHECK("reads", ticket_number_read(number, &n));
        CHECK_INT("serial", n.serial, serial);
        CHECK_INT("series", n.series, 1 + serial % 999);
        CHECK_INT("day", n.day, date_of((struct civil){2026, 11, 28}));
        ticket_number_group(number, grouped);
        CHECK("grouped reads", ticket_number_read(grouped, &n));
        CHECK_INT("grouped", n.serial, serial);
    }
}

void ticket_number_slips_test(void)
{
    char number[TICKET_NUMBER_BYTES];
    struct ticket_number n;
    for (int64_t serial = 1; serial <= 9999; serial += 7) {
        write_number(serial % 999 + 1, serial, number);
        for (size_t i = 0; number[i]; i++) {
            char was = number[i];
            for (char wrong = '0'; wrong <= '9'; wrong++) {
                number[i] = wrong;
                if (wrong != was)
                    CHECK("one wrong digit", !ticket_number_read(number, &n));
            }
            number[i] = was;
        }
        for (size_t i = 0; number[i + 1]; i++) {
            char first = number[i], second = number[i + 1];
            number[i] = second;
            number[i + 1] = first;
            if (first != second)
                CHECK("two swapped", !ticket_number_read(number, &n));
            number[i] = first;
            number[i + 1] = second;
        }
    }
}

/* A true check digit is not enough: the day must be real, series and serial not zero. */
void ticket_number_refused_test(void)
{
    static const char *const refused[] = {
        "",
        "2611280010042",
        "261128001004270",
        "26112800100a27",
        "二六一一二八",
        "２６１１２８",
        "261128/001/0042/7",
    };
    struct ticket_number n;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        CHECK(refused[i], !ticket_number_read(refused[i], &n));
    int good = 0, days = 0;
    for (int check = 0; check <= 9; check++) {
        char number[TICKET_NUMBER_BYTES];
        snprintf(number, sizeof number, "2611280010042%d", check);
        good += ticket_number_read(number, &n);
        snprintf(number, sizeof number, "2602300010042%d", check); /* 30 February */
        days += ticket_number_read(number, &n);
        snprintf(number, sizeof number, "2611280000042%d", check); /* no series */
        days += ticket_number_read(number, &n);
        snprintf(number, sizeof number, "2611280010000%d", check); /* no serial */
        days += ticket_number_read(number, &n);
    }
    CHECK_INT("one check digit is true", good, 1);
    CHECK_INT("none for what is not real", days, 0);
}
