// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

// Days from 1970-01-01 of a date in the proleptic Gregorian calendar. The year is taken to
// begin in March, so that the leap day is its last.
static int64_t days_from_date(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
           day_of_year - 719468;
}

static int64_t days_in_month(int64_t year, int64_t month)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29 : days[month - 1];
}

// Reads exactly n digits at `at`; -1 when one is not a digit.
static int64_t digits(struct str text, size_t at, size_t n)
{
    int64_t value = 0;
    for (size_t i = at; i < at + n; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return -1;
        value = value * 10 + (text.ptr[i] - '0');
    }
    return value;
}

static enum err fraction_parse(struct str text, int64_t *out_us)
{
    int64_t us = 0, scale = 100000;
    if (text.len < 2 || text.ptr[0] != '.')
        return text.len ? ERR_INVALID : (*out_us = 0, ERR_OK);
    for (size_t i = 1; i < text.len; i++, scale /= 10) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return ERR_INVALID;
        us += scale * (text.ptr[i] - '0');
    }
    *out_us = us;
    return ERR_OK;
}

enum err time_parse(struct str text, int64_t *out_us)
{
    static const char form[] = "dddd-dd-ddTdd:dd:dd";
    size_t n = sizeof form - 1;
    if (text.len < n + 1 || text.ptr[text.len - 1] != 'Z')
        return ERR_INVALID;
    for (size_t i = 0; i < n; i++)
        if (form[i] != 'd' && form[i] != text.ptr[i])
            return ERR_INVALID;
    int64_t year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
    int64_t hour = digits(text, 11, 2), minute = digits(text, 14, 2),
            second = digits(text, 17, 2);
    if (year < 0 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
        return ERR_INVALID;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
        return ERR_INVALID;
    int64_t us;
    TRY(fraction_parse(str_to(str_from(text, n), text.len - n - 1), &us));
    int64_t s = ((days_from_date(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    *out_us = s * US_PER_S + us;
    return ERR_OK;
}

static void put_padded(struct buf *b, int64_t n, int width, char after)
{
    char text[8];
    for (int i = width; i-- > 0; n /= 10)
        text[i] = (char)('0' + n % 10);
    buf_put(b, (struct str){text, (size_t)width});
    buf_put_byte(b, after);
}

void time_put(struct buf *b, int64_t us)
{
    int64_t s = us / US_PER_S - (us % US_PER_S < 0);
    int64_t days = s / 86400 - (s % 86400 < 0);
    int64_t day_s = s - days * 86400;
    days += 719468; // the inverse of days_from_date
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t doe = days - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    int64_t month = mp < 10 ? mp + 3 : mp - 9;
    put_padded(b, yoe + era * 400 + (month <= 2), 4, '-');
    put_padded(b, month, 2, '-');
    put_padded(b, doy - (153 * mp + 2) / 5 + 1, 2, 'T');
    put_padded(b, day_s / 3600, 2, ':');
    put_padded(b, day_s / 60 % 60, 2, ':');
    put_padded(b, day_s % 60, 2, '.');
    put_padded(b, us - s * US_PER_S, 6, 'Z');
}
