// SPDX-License-Identifier: Apache-2.0
// What a recipient may see, as rows: adding one is the release. Numbers and dates are the
// recipient's own, so that reading betrays nothing of what it may not see (V1).
#pragma once

#include "store/object.h"

struct store_member {
    int64_t
        seq; // in the order of this recipient and view, from 1, additions and removals alike
    int64_t object_seq;
    int64_t at_us;
};
struct store_members {
    struct store_member *items;
    size_t n;
};
struct store_view {
    struct str recipient;
    struct str view;
};
struct store_member_in {
    int64_t object_seq;
    int64_t variant_seq; // what it is shown as; 0: as received
    int64_t at_us;
    int64_t until_us; // from then on it is read by nobody; 0: no such time
};
// Already a member: nothing changes.
enum err store_membership_put(struct store_txn *t, const struct store_view *view,
    const struct store_member_in *member) MUST_USE;
// The same for a member that is shown as received, for good.
enum err store_membership_add(struct store_txn *t, const struct store_view *view,
    int64_t object_seq, int64_t at_us) MUST_USE;
// Leaves a tombstone with a number of its own. Not a member: nothing changes.
enum err store_membership_remove(struct store_txn *t, const struct store_view *view,
    int64_t object_seq, int64_t at_us) MUST_USE;
// Removes an object from every view of every recipient.
enum err store_membership_remove_all(
    struct store_txn *t, int64_t object_seq, int64_t at_us) MUST_USE;
// The same, but from that of its source: what somebody brought was never released to him.
enum err store_membership_remove_released(
    struct store_txn *t, int64_t object_seq, struct str source, int64_t at_us) MUST_USE;
// Removes members whose time is over, at most `limit`; *out_n says how many.
enum err store_membership_expire(
    struct store_txn *t, int64_t now_us, size_t limit, size_t *out_n) MUST_USE;
// Is an object in a view of someone other than its source?
enum err store_membership_is_shared(
    struct store_txn *t, int64_t object_seq, bool *out) MUST_USE;
enum err store_membership_contains(
    struct store_txn *t, const struct store_view *view, int64_t object_seq, bool *out) MUST_USE;
// Is an object in a view, and shown there as a variant?
enum err store_membership_is_variant(
    struct store_txn *t, const struct store_view *view, int64_t object_seq, bool *out) MUST_USE;
// Members with seq > after, in order.
enum err store_membership_page(struct store_txn *t, struct arena *a,
    const struct store_view *view, int64_t after, size_t limit,
    struct store_members *out) MUST_USE;
