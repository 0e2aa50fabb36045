// SPDX-License-Identifier: Apache-2.0
// Other JSON readers, each behind one call in a file of its own: their headers and ours use the
// same names. Oracles in tests, peers in bench/.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// True when the reader takes the text as one JSON document. simdjson wants 64 readable bytes
// behind the text.
bool peer_simdjson(const char *text, size_t len);
bool peer_jansson(const char *text, size_t len); // refuses duplicate keys
bool peer_json_c(const char *text, size_t len);

#ifdef __cplusplus
}
#endif
