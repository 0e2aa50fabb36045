// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"
#include "policy/leak.h"

#include "base/limits.h"
#include "json/json.h"
#include "json/write.h"

// A line of the input is a value, and what follows the first empty line a text. What is found
// is one of the values; a value alone in the text is found when it is long enough.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena scratch;
    arena_init(&scratch, 64 * MIB);
    struct str text = {(const char *)data, size}, values[16];
    struct policy_leaks leaks;
    struct policy_leak leak;
    struct json root;
    size_t n = 0;
    while (n < LEN(values) && text.len && text.ptr[0] != '\n')
        values[n++] = str_cut(&text, '\n');
    struct buf b = buf_in(&scratch, 16 * MIB);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_string(&o, STR("name"), n % 2 ? values[0] : text);
    json_end_object(&o);
    if (json_parse(&scratch, buf_str(&b), &root, NULL) == ERR_OK &&
        policy_leaks_prepare(&scratch, values, n, &leaks) == ERR_OK) {
        MUST_HOLD(policy_leak_scan(&scratch, &leaks, root, &leak) == ERR_OK);
        bool is_given = !leak.is_found;
        for (size_t i = 0; i < n; i++)
            is_given = is_given || str_eq(values[i], leak.value);
        MUST_HOLD(is_given);
        MUST_HOLD(leaks.n <= n);
        struct policy_leaks own;
        if (n % 2 && policy_leaks_prepare(&scratch, values, 1, &own) == ERR_OK && own.n)
            MUST_HOLD(leak.is_found);
    }
    arena_release(&scratch);
    return 0;
}
