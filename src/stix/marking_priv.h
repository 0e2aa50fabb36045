// SPDX-License-Identifier: Apache-2.0
// What the readers of marking schemes share.
#pragma once

#include "stix/marking.h"

// All of the marking is unknown, or above the ceiling; `why` is static.
enum err marking_unknown(struct stix_marking *out, const char *why) MUST_USE;
enum err marking_above(struct stix_marking *out) MUST_USE;
// A list of texts, none empty, as a sorted set. ERR_INVALID when it is none.
enum err marking_texts(struct arena *a, struct json list, struct str **out, size_t *n) MUST_USE;
enum err marking_instant(struct arena *a, struct json v, int64_t *out) MUST_USE;
enum err marking_nationalities(
    struct arena *a, struct json v, struct stix_marking *out) MUST_USE;

#define IEP_EXTENSION "extension-definition--762e2e97-ee51-43e5-a9ea-165fbb862c4a"
#define ACS_EXTENSION "extension-definition--3a65884d-005a-4290-8335-cb2d778a83ce"
enum err marking_iep_read(
    struct arena *a, struct json extension, struct stix_marking *out) MUST_USE;
enum err marking_acs_read(
    struct arena *a, struct json extension, struct stix_marking *out) MUST_USE;
