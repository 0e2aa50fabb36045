// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "stix/value.h"

// A property of an observable whose value is worth looking for; hashes always are.
bool stix_value_is_indexed(struct str type, struct str property, bool is_custom);
