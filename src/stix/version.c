// SPDX-License-Identifier: Apache-2.0
#include "stix/version.h"

#include <string.h>

struct stix_version stix_version_of(
    const struct stix_object *object, const unsigned char digest[static SHA256_BYTES])
{
    struct stix_version version = {.version_us = object->version_us,
        .created_us = object->created_us,
        .created_by_ref = object->created_by_ref,
        .is_revoked = object->is_revoked};
    memcpy(version.digest, digest, sizeof version.digest);
    return version;
}

enum stix_succession stix_version_judge(
    const struct stix_version *held, const struct stix_version *given)
{
    bool is_later = given->version_us > held->version_us;
    if (given->version_us == held->version_us)
        return memcmp(given->digest, held->digest, sizeof held->digest) == 0 ? STIX_SAME
                                                                             : STIX_CONFLICT;
    if (given->created_us != held->created_us)
        return STIX_OTHER_CREATED;
    if (!str_eq(given->created_by_ref, held->created_by_ref))
        return STIX_OTHER_CREATOR;
    if (is_later ? held->is_revoked : given->is_revoked)
        return STIX_AFTER_REVOKED;
    return STIX_SUCCEEDS;
}
