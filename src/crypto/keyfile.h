// SPDX-License-Identifier: Apache-2.0
// A signing key as a file of one line:
//   bongsu-key ed25519 <role> <name> <base64 of the seed>
// Role and name are what the key is for ("log", "cosign", ...) and the key name of its notes.
#pragma once

#include "crypto/sign.h"

#define KEYFILE_BYTES_MAX 512u // longest line: names are at most 255 bytes, roles 32

// `role` and `name` are slices of the text.
struct keyfile {
    struct str role;
    struct str name;
    struct sign_key key; // the caller releases it
};

// ERR_INVALID with *fault, or ERR_LIMIT when no locked memory is left.
enum err keyfile_parse(struct str text, struct keyfile *out, struct fault *fault) MUST_USE;
// The whole line in a secret that the caller releases. ERR_INVALID for a role or name that is
// empty, too long, or holds anything but visible ASCII.
enum err keyfile_print(struct str role, struct str name,
    const unsigned char seed[static SIGN_SEED_BYTES], struct secret *out) MUST_USE;
