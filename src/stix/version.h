// SPDX-License-Identifier: Apache-2.0
// What versions of one object may follow each other (STIX 2.1 sections 3.3, 3.6), within one
// source: succession and revocation never cross sources, whatever created_by_ref says.
#pragma once

#include "stix/object.h"

enum stix_succession {
    STIX_SUCCEEDS, // another version, newer or older, that may stand beside the held one
    STIX_SAME,     // the same version with equal content
    STIX_CONFLICT, // the same version with other content
    STIX_OTHER_CREATED,
    STIX_OTHER_CREATOR,
    STIX_AFTER_REVOKED, // one of the two is revoked and the other is later: revoked is final
};

struct stix_version {
    int64_t version_us;
    int64_t created_us;
    struct str created_by_ref; // empty when absent
    bool is_revoked;
    unsigned char digest[SHA256_BYTES]; // stix_digest
};

struct stix_version stix_version_of(
    const struct stix_object *object, const unsigned char digest[static SHA256_BYTES]);

// What `given` is beside `held`, two objects of one id from one source that have versions; the
// order in which they came does not matter. When all held versions agree with each other, the
// latest of them answers for all, but for STIX_SAME and STIX_CONFLICT.
enum stix_succession stix_version_judge(
    const struct stix_version *held, const struct stix_version *given);
