// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"

#include "base/limits.h"
#include "format/warning_match.h"

// Every entry of a list of strings, hostnames or networks is on that list itself.
static void ask(const struct warning_set *set, struct arena *a, const struct warning_list *list)
{
    static const enum stix_class classes[] = {[WARNING_STRING] = STIX_CLASS_TEXT,
        [WARNING_HOSTNAME] = STIX_CLASS_DOMAIN,
        [WARNING_CIDR] = STIX_CLASS_NET,
        [WARNING_SUBSTRING] = STIX_CLASS_TEXT,
        [WARNING_REGEX] = STIX_CLASS_TEXT};
    static const char alike[] = "text:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!";
    struct warning_found any = {.n = 0};
    MUST_HOLD(warning_find(set, a, str_of(alike), &any) != ERR_INVALID && any.n <= 1);
    for (struct json_iter it = json_iter(list->entries); json_next(&it);) {
        struct warning_found found = {.n = 0};
        enum stix_class c = classes[list->type];
        struct str text, key;
        if (json_string(a, it.value, &text) != ERR_OK ||
            stix_value_key(a, c, str_trim(text), &key) != ERR_OK ||
            warning_find(set, a, key, &found) != ERR_OK)
            continue;
        // Of a long value, and of one that looks like a digest, no part is looked at.
        bool has_digest = str_find(key, STR(":#")) < key.len;
        bool is_asked = list->classes & 1u << c && str_starts(key, stix_class_word(c)) &&
                        !(list->type == WARNING_SUBSTRING && has_digest) &&
                        list->type != WARNING_REGEX; // an expression need not match itself
        MUST_HOLD(found.n <= 1 && !found.has_more);
        MUST_HOLD(found.n == 1 || !is_asked);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena document, kept, scratch;
    struct str text = {(const char *)data, size};
    struct warning_list list;
    struct warning_count count;
    struct warning_set *set;
    struct fault fault = {.at = 0, .why = NULL};
    arena_init(&document, 64 * MIB);
    arena_init(&kept, 64 * MIB);
    arena_init(&scratch, 64 * MIB);
    if (warning_list_read(&document, text, &list, &fault) != ERR_OK)
        MUST_HOLD(fault.why && fault.at <= size);
    else if (warning_set_begin(&kept, &scratch, &set) == ERR_OK &&
             warning_set_add(set, &list, &count) == ERR_OK && warning_set_end(set) == ERR_OK) {
        MUST_HOLD(count.unmatched <= count.entries);
        ask(set, &document, &list);
    }
    arena_release(&scratch);
    arena_release(&kept);
    arena_release(&document);
    return 0;
}
