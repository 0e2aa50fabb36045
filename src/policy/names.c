// SPDX-License-Identifier: Apache-2.0
#include "base/sort.h"
#include "policy/closure.h"

struct naming {
    struct str id;
    bool is_variant;
};

// Of one id, what is not renamed comes first.
static int by_id(const void *a, const void *b)
{
    const struct naming *left = a, *right = b;
    int order = str_cmp(left->id, right->id);
    return order ? order
                 : (left->is_variant > right->is_variant) -
                       (left->is_variant < right->is_variant);
}

static void ids_add(struct naming *items, size_t *n, struct policy_ids ids, bool is_variant)
{
    for (size_t i = 0; i < ids.n; i++)
        items[(*n)++] = (struct naming){ids.items[i], is_variant};
}

enum err policy_names_make(struct arena *a, const struct policy_candidate *candidates, size_t n,
    struct policy_held held, const unsigned char key[static POLICY_RECIPIENT_KEY_BYTES],
    struct policy_names *out)
{
    size_t room = n + held.known.n + held.renamed.n + 1, named = 0, kept = 0;
    struct naming *items = NEW_N(a, struct naming, room),
                  *spare = NEW_N(a, struct naming, room);
    struct policy_name *names = NEW_N(a, struct policy_name, room);
    if (!items || !spare || !names)
        return ERR_LIMIT;
    for (size_t i = 0; i < n; i++)
        if (candidates[i].is_included)
            items[named++] = (struct naming){candidates[i].id, candidates[i].is_variant};
    ids_add(items, &named, held.known, false);
    ids_add(items, &named, held.renamed, true);
    sort_items(items, spare, named, sizeof *items, by_id);
    for (size_t i = 0; i < named; i++) {
        if (kept > 0 && str_eq(names[kept - 1].id, items[i].id))
            continue;
        names[kept] = (struct policy_name){items[i].id, items[i].id};
        if (items[i].is_variant)
            TRY(policy_variant_id(a, key, items[i].id, &names[kept].as));
        kept++;
    }
    *out = (struct policy_names){names, kept};
    return ERR_OK;
}
