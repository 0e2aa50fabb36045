// SPDX-License-Identifier: Apache-2.0
// STIX 2.0 to 2.1, object by object.
#pragma once

#include "format/kind.h"

// Whether a text is an object of STIX 2.0: it has no spec_version, and is no observable of 2.1.
// False for what is no JSON object. Cheap for objects of 2.1.
bool format_is_stix20(struct arena *a, struct str bytes);

// Gives the object in the form of 2.1, and before it the observables that observed-data held.
// `at` is added to every position. ERR_INVALID for what is no JSON object.
enum err format_stix20_read(struct arena *a, struct str bytes, uint64_t at,
    const struct format_sink *sink, struct fault *fault) MUST_USE;
