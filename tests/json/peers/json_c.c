// SPDX-License-Identifier: Apache-2.0
#include "peers.h"

#include <json-c/json.h>

bool peer_json_c(const char *text, size_t len)
{
    struct json_tokener *tokener = json_tokener_new();
    struct json_object *root = json_tokener_parse_ex(tokener, text, (int)len);
    bool taken = json_tokener_get_error(tokener) == json_tokener_success;
    json_object_put(root);
    json_tokener_free(tokener);
    return taken;
}
