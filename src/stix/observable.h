// SPDX-License-Identifier: Apache-2.0
// The identifiers that cyber-observables name themselves by (section 3.4): every producer that
// follows the standard gives the same observable the same id.
#pragma once

#include "stix/id.h"
#include "json/json.h"

// The id over the contributing properties that the object has. ERR_NOT_FOUND when its type has
// none, or the object has none of them: such an observable is named at random. Foreign ids are
// never corrected: 22 of the 63 in the standard's own examples are others.
enum err stix_observable_id(
    struct arena *a, struct str type, struct json object, struct stix_id *out) MUST_USE;
