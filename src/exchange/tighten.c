// SPDX-License-Identifier: Apache-2.0
#include "exchange/tighten.h"

#include "base/limits.h"
#include "policy/handling.h"

static enum err fold(struct arena *a, struct str present, struct str with, struct str *out)
{
    struct handling held, stricter, folded;
    TRY(policy_handling_parse(a, with, &stricter, NULL));
    TRY(policy_handling_parse(a, present, &held, NULL));
    TRY(policy_handling_fold(a, &held, &stricter, &folded));
    struct buf b = buf_in(a, 256 * KIB);
    policy_handling_put(&b, &folded);
    return buf_end(&b, out);
}

static enum err tighten(struct store_txn *t, struct arena *a, int64_t seq,
    const struct store_tightening *with, bool *changed)
{
    struct store_object row;
    struct store_tightening to = *with;
    TRY(store_object_get(t, a, seq, &row));
    if (row.state == STORE_DESTROYED || str_eq(row.handling, with->handling))
        return ERR_OK;
    TRY(fold(a, row.handling, with->handling, &to.handling));
    if (str_eq(row.handling, to.handling))
        return ERR_OK;
    *changed = true;
    return store_object_tighten(t, seq, &to);
}

enum err exchange_tighten(
    struct store_txn *t, int64_t seq, const struct store_tightening *with, bool *changed)
{
    struct arena a;
    bool is_other = false;
    arena_init(&a, 2 * MIB);
    enum err e = tighten(t, &a, seq, with, &is_other);
    arena_release(&a);
    if (changed)
        *changed = is_other;
    return e;
}
