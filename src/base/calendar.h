/* base/calendar.h - civil dates and the times of a zone, without a clock.
 *
 * A date is a day number (1970-01-01 = 0, proleptic Gregorian), so days are added by +. Instants
 * are UTC milliseconds. China has had one zone without summer time since 1991: +08:00. */
#ifndef BASE_CALENDAR_H
#define BASE_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum { DATE_TEXT_BYTES = 11, INSTANT_TEXT_BYTES = 25 };
enum { DAY_MS = 86400000, CHINA_OFFSET_MS = 8 * 3600000 };

typedef int32_t date_days; /* the one typedef: a day number is not a count of days */

struct civil {
    int year, month, day; /* month 1-12, day 1-31 */
};

bool date_read(const char *text, date_days *out); /* exactly YYYY-MM-DD, a real date, 1-9999 */
void date_write(date_days d, char out[DATE_TEXT_BYTES]);
bool civil_is_real(struct civil c);
date_days date_of(struct civil c);
struct civil civil_of(date_days d);
int weekday_of(date_days d); /* 1 Monday ... 7 Sunday */

/* 02-29 plus one year is 02-28: "N years" are calendar years to the day. */
date_days date_add_years(date_days d, int years);
date_days date_add_months(date_days d, int months);

date_days date_of_instant(int64_t utc_ms, int64_t offset_ms);
int64_t instant_of(date_days d, int64_t ms_of_day, int64_t offset_ms);
/* 2026-11-21T09:00:00.000Z */
void instant_write(int64_t utc_ms, char out[INSTANT_TEXT_BYTES]);

#endif
