// SPDX-License-Identifier: Apache-2.0
#include "api/approvals.h"

#include "base/time.h"
#include "sys/clock.h"

#define CLOCK_SKEW_US (300 * US_PER_S) // an officer's machine and the node may differ so much

void approvals_begin(struct approvals *out, struct str order, struct str party)
{
    *out = (struct approvals){
        .order = order, .party = party, .digest = ledger_order_digest(order)};
}

// When the officer signed, and now: an officer who has left cannot have signed since, and one
// whose key was stolen has signed nothing that counts.
static const char *officer_flaw(
    const struct store_officer *officer, int64_t signed_us, int64_t now_us)
{
    if (officer->is_revoked)
        return "that officer's key was revoked";
    if (signed_us < officer->from_us)
        return "it was signed before the officer's certificate begins";
    if (signed_us >= officer->not_after_us)
        return "the officer's certificate was over when it was signed";
    if (officer->retired_us && signed_us >= officer->retired_us)
        return "that officer had retired when it was signed";
    if (signed_us > now_us + CLOCK_SKEW_US)
        return "its time is in the future: set the clock of the machine that signs";
    if (now_us - signed_us > LEDGER_APPROVAL_LIFE_S * US_PER_S)
        return "it is older than seven days: approve again";
    return NULL;
}

static bool has_signed(const struct approvals *approvals, struct str key_id)
{
    for (size_t i = 0; i < approvals->n; i++)
        if (str_eq(approvals->key_ids[i], key_id))
            return true;
    return false;
}

static enum err verify(struct store_txn *t, struct arena *a, const struct approvals *of,
    const struct ledger_approval *approval, const char **why)
{
    struct store_officer officer;
    *why = "an approval is for another recipient";
    if (!str_eq(approval->to, of->party))
        return ERR_CONFLICT;
    *why = "an approval is of another order: what would be done is not what was approved; "
           "preview it again and have that approved";
    if (!ledger_hash_eq(&approval->digest, &of->digest))
        return ERR_CONFLICT;
    *why = "an approval is by nobody in the register of officers; see: bongsu officer list";
    enum err e = store_officer_by_key(t, a, approval->key_id, &officer);
    if (e != ERR_OK)
        return e == ERR_NOT_FOUND ? ERR_DENIED : e;
    *why = officer_flaw(&officer, approval->at_us, clock_now_us());
    if (*why)
        return ERR_DENIED;
    *why = "an approval's signature is not that officer's";
    return ledger_approval_verify(approval, officer.public_key) == ERR_OK ? ERR_OK : ERR_DENIED;
}

// What officers approved happens once: a rule that was removed does not come back by what let
// it in.
static enum err check_unused(struct store_txn *t, const struct approvals *approvals)
{
    for (size_t i = 0; i < approvals->n; i++) {
        bool is_used;
        TRY(store_approval_is_used(t, &approvals->kept[i], approvals->digest.bytes, &is_used));
        if (is_used)
            return ERR_CONFLICT;
    }
    return ERR_OK;
}

static enum err read_one(struct store_txn *t, struct arena *a, struct json v,
    struct approvals *approvals, const char **why)
{
    struct str text;
    struct ledger_approval approval;
    *why = "an approval is not a file of: bongsu approve";
    TRY(json_string(a, v, &text));
    TRY(ledger_approval_parse(a, text, &approval, NULL));
    TRY(verify(t, a, approvals, &approval, why));
    if (has_signed(approvals, approval.key_id))
        return ERR_OK; // one who signs twice is one
    *why = "more approvals than any order needs";
    if (approvals->n == LEDGER_APPROVALS_MAX)
        return ERR_LIMIT;
    approvals->kept[approvals->n] = (struct store_approval){
        .key_id = approval.key_id, .note = text, .at_us = approval.at_us};
    approvals->key_ids[approvals->n++] = approval.key_id;
    return ERR_OK;
}

enum err approvals_read(struct store_txn *t, struct arena *a, struct json body,
    struct approvals *approvals, struct str *why)
{
    struct json list;
    const char *text = "approvals is a list of texts";
    enum err e = ERR_OK;
    approvals->n = 0;
    if (!json_get(body, STR("approvals"), &list))
        return ERR_OK;
    if (!json_is(list, JSON_ARRAY))
        e = ERR_INVALID;
    for (struct json_iter it = json_iter(list); e == ERR_OK && json_next(&it);)
        e = read_one(t, a, it.value, approvals, &text);
    if (e == ERR_OK) {
        text = "an approval was used before: have the order approved again";
        e = check_unused(t, approvals);
    }
    *why = str_of(text);
    return e;
}

enum err approvals_need(const struct approvals *approvals, size_t n, struct str *why)
{
    *why = n == 1 ? STR("an officer must approve it: preview it with --out, then: bongsu "
                        "approve")
                  : STR("two different officers must approve it: preview it with --out, then: "
                        "bongsu approve");
    return approvals->n >= n ? ERR_OK : ERR_DENIED;
}

enum err approvals_check(
    struct store_txn *t, struct arena *a, const struct approvals *approvals, int64_t now_us)
{
    for (size_t i = 0; i < approvals->n; i++) {
        struct store_officer officer;
        TRY(store_officer_by_key(t, a, approvals->key_ids[i], &officer));
        if (officer_flaw(&officer, approvals->kept[i].at_us, now_us))
            return ERR_DENIED;
    }
    return ERR_OK;
}

enum err approvals_keep(struct store_txn *t, struct arena *a, const struct approvals *approvals,
    struct str act, struct str id, int64_t now_us)
{
    struct store_order order = {.id = id,
        .act = act,
        .party = approvals->party,
        .document = approvals->order,
        .at_us = now_us};
    if (approvals->n == 0)
        return ERR_OK;
    TRY(approvals_check(t, a, approvals, now_us));
    TRY(check_unused(t, approvals));
    memcpy(order.digest, approvals->digest.bytes, sizeof order.digest);
    TRY(store_order_put(t, &order));
    for (size_t i = 0; i < approvals->n; i++) {
        struct store_approval row = approvals->kept[i];
        row.order_id = id;
        TRY(store_approval_put(t, &row));
    }
    return ERR_OK;
}

void approvals_put(struct json_out *o, const struct approvals *approvals)
{
    json_member_string(o, STR("order"), approvals->order);
    call_put_hash(o, "digest", approvals->digest.bytes);
}

enum err approvals_detail(struct arena *a, const struct approvals *approvals, struct str *out)
{
    struct buf b = buf_in(a, 4 * KIB);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_put_key(&o, STR("approved_by"));
    json_begin_array(&o);
    for (size_t i = 0; i < approvals->n; i++)
        json_put_string(&o, approvals->key_ids[i]);
    json_end_array(&o);
    call_put_hash(&o, "digest", approvals->digest.bytes);
    json_end_object(&o);
    return buf_end(&b, out);
}
