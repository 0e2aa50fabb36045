// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"

#include "crypto/keyfile.h"

// A line that is read names its role and its key, and has its place of failure otherwise.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    struct keyfile file;
    struct fault fault = {0};
    MUST_HOLD(sign_init() == ERR_OK);
    enum err e = keyfile_parse(text, &file, &fault);
    MUST_HOLD(e == ERR_OK || e == ERR_LIMIT || (fault.why && fault.at <= size));
    if (e == ERR_OK) {
        MUST_HOLD(size <= KEYFILE_BYTES_MAX);
        MUST_HOLD(file.role.len && file.name.len);
        sign_key_release(&file.key);
    }
    return 0;
}
