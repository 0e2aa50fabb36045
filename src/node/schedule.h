// SPDX-License-Identifier: Apache-2.0
// What is due by time, on a thread of its own: at start, then each minute. Reading does not
// wait for it; it writes down what time has already done.
#pragma once

#include "store/store.h"

struct schedule;

// Everything is borrowed for the schedule's life. NULL when the thread cannot be started.
struct schedule *schedule_start(struct arena *a, struct store *store);
void schedule_stop(struct schedule *s); // NULL does nothing
