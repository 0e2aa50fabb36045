// SPDX-License-Identifier: Apache-2.0
// No text opens that was not sealed here.
#include "fuzz.h"

#include "crypto/seal.h"
#include "crypto/sign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct secret unlock, out;
    arena_init(&a, MIB);
    MUST_HOLD(sign_init() == ERR_OK && secret_init(&unlock, 4) == ERR_OK);
    enum err e = seal_open(&a, (struct str){(const char *)data, size}, &unlock, &out);
    MUST_HOLD(e != ERR_OK);
    secret_release(&unlock);
    arena_release(&a);
    return 0;
}
