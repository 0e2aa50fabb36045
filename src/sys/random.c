// SPDX-License-Identifier: Apache-2.0
#include "sys/random.h"

#include "base/banned.h"

#include <sys/random.h>

void random_fill(void *out, size_t n)
{
    unsigned char *p = out;
    while (n) {
        ssize_t got = getrandom(p, n, 0);
        if (got < 0)
            abort(); // no randomness: nothing that follows would be safe
        p += got;
        n -= (size_t)got;
    }
}
