// SPDX-License-Identifier: Apache-2.0
#include "peers.h"

#include <simdjson.h>

bool peer_simdjson(const char *text, size_t len)
{
    static simdjson::dom::parser parser;
    simdjson::dom::element root;
    return parser.parse(text, len, false).get(root) == simdjson::SUCCESS;
}
