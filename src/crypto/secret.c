// SPDX-License-Identifier: Apache-2.0
#include "crypto/secret.h"

#include <sodium.h>

enum err secret_init(struct secret *s, size_t len)
{
    unsigned char *bytes = sodium_malloc(len);
    if (!bytes)
        return ERR_LIMIT;
    memset(bytes, 0, len);
    *s = (struct secret){bytes, len};
    return ERR_OK;
}

void secret_release(struct secret *s)
{
    sodium_free(s->bytes); // wipes
    *s = (struct secret){0};
}

struct str secret_str(const struct secret *s)
{
    return (struct str){(const char *)s->bytes, s->len};
}
