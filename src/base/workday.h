/* base/workday.h - working days by a calendar that is data.
 *
 * A working day is a make-up working day of the State Council's notice, or Monday to Friday
 * outside its holidays. The day of the event does not count (民法典 article 201). Each year needs
 * its own notice: a year without data is an error (RULE, field "/calendar") that names the year,
 * never a guess. Files: data/calendars, one object {"type": "work_calendar", "years": […]}. */
#ifndef BASE_WORKDAY_H
#define BASE_WORKDAY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/calendar.h"
#include "base/err.h"

struct arena;
struct json_t;
struct workday_calendar;

/* An empty calendar, to which files add years; it lives as long as the arena. */
struct workday_calendar *workday_calendar_create(struct arena *a);
/* Adds the years of one file. Refuses a year that is there already, a holiday outside the years
 * known, a day named twice, a make-up day that is no weekend, and a wrong count of working days. */
bool workday_calendar_add(struct workday_calendar *c, const struct json_t *file,
                          struct err *e) MUST_USE;
/* The years from data/calendars inside the program. */
struct workday_calendar *workday_calendar_embedded(struct arena *a, struct err *e);

bool workday_calendar_has(const struct workday_calendar *c, int year);

bool workday_is(const struct workday_calendar *c, date_days d, bool *out,
                struct err *e) MUST_USE;
/* The n-th working day after D; n = 0 is D itself, whatever day that is. n is 0 to 3660. */
bool workday_add(const struct workday_calendar *c, date_days d, int n, date_days *out,
                 struct err *e) MUST_USE;
/* How many working days lie after A up to and including B; 0 if B is not after A. */
bool workday_between(const struct workday_calendar *c, date_days a, date_days b, int *n,
                     struct err *e) MUST_USE;
/* A period in calendar days that ends on a day off ends on the next working day (article 203). */
bool workday_on_or_after(const struct workday_calendar *c, date_days d, date_days *out,
                         struct err *e) MUST_USE;

#endif
