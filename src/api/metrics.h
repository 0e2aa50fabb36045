// SPDX-License-Identifier: Apache-2.0
// What operators watch: numbers of the node, and of the requests since it was started. None of
// them tells of contents.
#pragma once

#include "base/arena.h"

#include <stdint.h>

struct metrics_counts;

struct metrics_counts *metrics_new(struct arena *a); // NULL when the arena is full
// One request with its answer; 0 us for one that was refused by its head. Any thread.
void metrics_count(struct metrics_counts *counts, unsigned status, int64_t took_us);
