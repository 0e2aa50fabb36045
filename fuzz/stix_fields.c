// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"

#include "base/limits.h"
#include "stix/texts.h"
#include "json/json.h"

// Texts, names and terms of an object: numbers rise, and reading again gives the same.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct json root;
    struct stix_fields fields, again;
    struct stix_names names;
    struct stix_numbers terms;
    arena_init(&a, 256 * MIB);
    if (json_parse(&a, (struct str){(const char *)data, size}, &root, NULL) == ERR_OK) {
        if (stix_fields_read(&a, root, &fields) == ERR_OK &&
            stix_fields_read(&a, root, &again) == ERR_OK) {
            MUST_HOLD(fields.n == again.n);
            for (size_t i = 0; i < fields.n; i++)
                MUST_HOLD(str_eq(fields.items[i].text, again.items[i].text));
        }
        if (stix_aliases_read(&a, root, &names) == ERR_OK)
            for (size_t i = 0; i < names.n; i++)
                MUST_HOLD(names.items[i].ptr || names.items[i].len == 0);
        if (stix_object_terms(&a, root, &terms) == ERR_OK)
            for (size_t i = 1; i < terms.n; i++)
                MUST_HOLD(terms.items[i - 1] < terms.items[i]);
    }
    arena_release(&a);
    return 0;
}
