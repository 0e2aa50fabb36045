// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"

#include "base/limits.h"
#include "format/taxii_answer.h"

// Every answer of a server, read as each of the resources.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct str text = {(const char *)data, size};
    struct fault fault = {0};
    struct taxii_place place;
    struct taxii_collections all;
    struct taxii_envelope envelope;
    struct taxii_status status;
    const struct taxii_collection *one;
    arena_init(&a, 64 * MIB);
    if (taxii_place_read(&a, text, &place, &fault) == ERR_OK)
        MUST_HOLD(place.n_roots <= TAXII_NAMES_MAX && place.content_bytes_max >= 0);
    if (taxii_collections_read(&a, text, &all, &fault) == ERR_OK && all.n)
        MUST_HOLD(taxii_collection_find(&all, all.items[0].id, &one) == ERR_OK);
    if (taxii_envelope_read(&a, text, &envelope, &fault) != ERR_OK)
        MUST_HOLD(fault.why);
    if (taxii_status_read(&a, text, &status, &fault) == ERR_OK)
        MUST_HOLD(status.n <= TAXII_NAMES_MAX && status.total >= 0);
    MUST_HOLD(!taxii_is_later(text, text));
    arena_release(&a);
    return 0;
}
