// SPDX-License-Identifier: Apache-2.0
#include "peers.h"

#include <jansson.h>

bool peer_jansson(const char *text, size_t len)
{
    json_error_t error;
    json_t *root = json_loadb(
        text, len, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    json_decref(root);
    return root != NULL;
}
