// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"
#include "stix/text.h"

#include "base/limits.h"

// Places stand in order inside the text; each word of a query is found in itself.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena scratch;
    arena_init(&scratch, 64 * MIB);
    struct str text = {(const char *)data, size}, term;
    struct stix_text out;
    struct stix_words words;
    if (stix_text_fold(&scratch, text, true, &out) == ERR_OK) {
        for (size_t i = 0; i < out.folded.len; i++) {
            MUST_HOLD(out.from[i] <= out.until[i] && out.until[i] <= size);
            MUST_HOLD(i == 0 || out.from[i - 1] <= out.from[i]);
        }
        struct stix_terms it = stix_terms(out.folded);
        while (stix_terms_next(&it, &term))
            MUST_HOLD(term.len && stix_word_find(out.folded, 0, term) < out.folded.len);
    }
    if (stix_words_read(&scratch, text, &words) == ERR_OK)
        for (size_t i = 0; i < words.n; i++)
            MUST_HOLD(stix_word_find(words.items[i], 0, words.items[i]) == 0);
    arena_release(&scratch);
    return 0;
}
