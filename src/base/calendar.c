/* base/calendar.c - civil dates and the times of a zone, without a clock.
 *
 * The day number arithmetic counts years from 1 March, so that the leap day is the last of its
 * year, in eras of 400 years = 146,097 days. */
#include "base/calendar.h"

#include <assert.h>
#include <stdio.h>

enum { ERA_DAYS = 146097, EPOCH_SHIFT_DAYS = 719468 }; /* 0000-03-01 to 1970-01-01 */

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year));
}

bool civil_is_real(struct civil c)
{
    return c.year >= 1 && c.year <= 9999 && c.month >= 1 && c.month <= 12 && c.day >= 1 &&
           c.day <= days_in(c.year, c.month);
}

date_days date_of(struct civil c)
{
    int year = c.month <= 2 ? c.year - 1 : c.year;
    int era = (year >= 0 ? year : year - 399) / 400;
    int year_of_era = year - era * 400;
    int day_of_year = (153 * (c.month + (c.month > 2 ? -3 : 9)) + 2) / 5 + c.day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * ERA_DAYS + day_of_era - EPOCH_SHIFT_DAYS;
}

struct civil civil_of(date_days d)
{
    int64_t shifted = (int64_t)d + EPOCH_SHIFT_DAYS;
    int64_t era = (shifted >= 0 ? shifted : shifted - (ERA_DAYS - 1)) / ERA_DAYS;
    int day_of_era = (int)(shifted - era * ERA_DAYS);
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int month_from_march = (5 * day_of_year + 2) / 153;
    struct civil c = {
        .month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9,
        .day = day_of_year - (153 * month_from_march + 2) / 5 + 1,
    };
    c.year = (int)(year_of_era + era * 400) + (c.month <= 2);
    return c;
}

static bool digits(const char *text, int count, int *out)
{
    *out = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *out = *out * 10 + (text[i] - '0');
    }
    return true;
}

bool date_read(const char *text, date_days *out)
{
    struct civil c;
    if (!digits(text, 4, &c.year) || text[4] != '-' || !digits(text + 5, 2, &c.month) ||
        text[7] != '-' || !digits(text + 8, 2, &c.day) || text[10] != '\0' || !civil_is_real(c))
        return false;
    *out = date_of(c);
    return true;
}

void date_write(date_days d, char out[DATE_TEXT_BYTES])
{
    struct civil c = civil_of(d);
    assert(civil_is_real(c));
    snprintf(out, DATE_TEXT_BYTES, "%04u-%02u-%02u", (unsigned)c.year % 10000,
             (unsigned)c.month % 100, (unsigned)c.day % 100);
}

int weekday_of(date_days d)
{
    int from_monday = (int)(((int64_t)d + 3) % 7); /* 1970-01-01 was a Thursday */
    return (from_monday < 0 ? from_monday + 7 : from_monday) + 1;
}

date_days date_add_years(date_days d, int years)
{
    return date_add_months(d, years * 12);
}

date_days date_add_months(date_days d, int months)
{
    struct civil c = civil_of(d);
    int total = c.year * 12 + (c.month - 1) + months;
    c.year = total >= 0 ? total / 12 : (total - 11) / 12;
    c.month = total - c.year * 12 + 1;
    if (c.day > days_in(c.year, c.month))
        c.day = days_in(c.year, c.month);
    return date_of(c);
}

date_days date_of_instant(int64_t utc_ms, int64_t offset_ms)
{
    int64_t local = utc_ms + offset_ms;
    return (date_days)((local >= 0 ? local : local - (DAY_MS - 1)) / DAY_MS);
}

int64_t instant_of(date_days d, int64_t ms_of_day, int64_t offset_ms)
{
    return (int64_t)d * DAY_MS + ms_of_day - offset_ms;
}

void instant_write(int64_t utc_ms, char out[INSTANT_TEXT_BYTES])
{
    date_days d = date_of_instant(utc_ms, 0);
    unsigned ms = (unsigned)(utc_ms - (int64_t)d * DAY_MS);
    char date[DATE_TEXT_BYTES];
    date_write(d, date);
    snprintf(out, INSTANT_TEXT_BYTES, "%sT%02u:%02u:%02u.%03uZ", date, ms / 3600000 % 24,
             ms / 60000 % 60, ms / 1000 % 60, ms % 1000);
}
