// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stddef.h>

// Fills from the system's generator; ends the process when that fails.
void random_fill(void *out, size_t n);
