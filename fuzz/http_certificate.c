// SPDX-License-Identifier: Apache-2.0
// Reading is a function of the bytes: the same certificate has the same pin each time.
#include "fuzz.h"

#include "http/tls.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct http_certificate first, second;
    struct str text = {(const char *)data, size};
    if (http_certificate_read(text, &first) == ERR_OK) {
        MUST_HOLD(http_certificate_read(text, &second) == ERR_OK);
        MUST_HOLD(memcmp(first.pin, second.pin, sizeof first.pin) == 0);
        MUST_HOLD(first.from_us == second.from_us && first.until_us == second.until_us);
    }
    return 0;
}
