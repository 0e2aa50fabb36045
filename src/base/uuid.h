// SPDX-License-Identifier: Apache-2.0
// RFC 4122 / RFC 9562 identifiers as 16 bytes.
#pragma once

#include "base/buf.h"

#define UUID_BYTES      16
#define UUID_TEXT_BYTES 36

// The 36-character form, lower case only (STIX 2.1 section 2.9 compares identifiers as text).
enum err uuid_parse(struct str text, unsigned char out[static UUID_BYTES]) MUST_USE;
void uuid_put(struct buf *b, const unsigned char uuid[static UUID_BYTES]);
// Sets the version and the RFC 4122 variant in 16 bytes of random or hash.
void uuid_stamp(unsigned char uuid[static UUID_BYTES], unsigned version);
// Version 7 of RFC 9562 section 5.7: milliseconds, then the 10 random bytes given.
void uuid_v7(unsigned char out[static UUID_BYTES], int64_t now_us,
    const unsigned char random[static 10]);
