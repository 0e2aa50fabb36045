// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/str.h"

// The double nearest to the text of a JSON number, the even one of two as near. ERR_INVALID
// when that is infinite.
enum err json_number_read(struct str text, double *out) MUST_USE;
