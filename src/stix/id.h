// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/str.h"
#include "base/uuid.h"

// A STIX identifier, checked (STIX 2.1 sections 2.9 and 3.1): a type of 3 to 250 characters
// a-z0-9-, "--", a lower-case UUID of any version. Only this module makes one, so holding one
// is proof that it is valid. `text` and `type` point into what was parsed and live as long as
// it.
struct stix_id {
    struct str text;
    struct str type;
    unsigned char uuid[UUID_BYTES];
};

enum err stix_id_parse(struct str text, struct stix_id *out) MUST_USE;
// A type name alone. ERR_INVALID unless it may stand before the "--" of an identifier.
enum err stix_type_check(struct str type) MUST_USE;
// The deterministic identifier of a cyber-observable (STIX 2.1 section 2.9): UUIDv5 in the
// OASIS namespace over `name`, the RFC 8785 text of its contributing properties.
enum err stix_id_from_name(
    struct arena *a, struct str type, struct str name, struct stix_id *out) MUST_USE;
