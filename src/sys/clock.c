// SPDX-License-Identifier: Apache-2.0
#define BANNED_EXCEPT_SYSTEM // the one home of the clock
#include "sys/clock.h"

#include "base/banned.h"
#include "base/time.h"

static int64_t read_clock(clockid_t id)
{
    struct timespec t;
    if (clock_gettime(id, &t) != 0)
        abort(); // only with a clock id that does not exist
    return (int64_t)t.tv_sec * US_PER_S + t.tv_nsec / 1000;
}

int64_t clock_now_us(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t clock_monotonic_us(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

void clock_sleep_us(int64_t us)
{
    struct timespec t = {.tv_sec = us / US_PER_S, .tv_nsec = us % US_PER_S * 1000};
    while (nanosleep(&t, &t) != 0)
        continue; // interrupted: the rest
}
