// SPDX-License-Identifier: Apache-2.0
// A file that reads has one form only; no passphrase is tried, so that a run costs nothing.
#include "fuzz.h"

#include "crypto/officerkey.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str file = {(const char *)data, size};
    unsigned char public_key[SIGN_PUBLIC_BYTES];
    struct fault fault = {0};
    enum err e = officerkey_public(file, public_key, &fault);
    MUST_HOLD(e == ERR_OK || (e == ERR_INVALID && fault.why && fault.at <= size));
    MUST_HOLD(e != ERR_OK || size <= OFFICERKEY_BYTES_MAX);
    return 0;
}
