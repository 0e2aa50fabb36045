// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"

#include "http/address.h"

// What is taken is made of the text, and a reference never leaves the server.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size}, first = str_cut(&text, '\n');
    struct http_address address, other;
    const char *why;
    if (http_address_parse(first, &address, &why) != ERR_OK) {
        MUST_HOLD(why[0]);
        return 0;
    }
    MUST_HOLD(str_starts(address.origin, STR("https://")) && address.target.ptr[0] == '/');
    MUST_HOLD(str_index(address.origin, '@') == address.origin.len);
    if (http_address_resolve(&address, text, &other, &why) == ERR_OK)
        MUST_HOLD(str_eq(other.origin, address.origin) && other.target.ptr[0] == '/');
    return 0;
}
