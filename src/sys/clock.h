// SPDX-License-Identifier: Apache-2.0
// The only clock of the program. Modules that decide take the time as a parameter.
#pragma once

#include <stdint.h>

int64_t clock_now_us(void);       // since 1970, may step
int64_t clock_monotonic_us(void); // for durations
void clock_sleep_us(int64_t us);
