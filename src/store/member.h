// SPDX-License-Identifier: Apache-2.0
// Reading for one recipient: its members that are in force and whose time is not over, and
// nothing else. Every answer is a function of those rows alone (V1): numbers and times are the
// membership's own.
#pragma once

#include "store/membership.h"

struct store_reader {
    struct store_view view;
    int64_t now_us;
};
// The members with this id, by source, then newest version first.
enum err store_members_of_id(struct store_txn *t, struct arena *a,
    const struct store_reader *who, struct str id, struct store_members *out) MUST_USE;
// A page, in the view's own order: filter->after is a number of the view, filter->since_us is
// about when the member was added.
enum err store_members_after(struct store_txn *t, struct arena *a,
    const struct store_reader *who, const struct store_filter *filter,
    struct store_members *out) MUST_USE;
// The members that hold a value, in the view's own order.
enum err store_members_of_value(struct store_txn *t, struct arena *a,
    const struct store_reader *who, struct str value, struct store_members *out) MUST_USE;
enum err store_member_count(
    struct store_txn *t, const struct store_reader *who, int64_t *out) MUST_USE;
// What happened to a view after a number of it, in order: members that are in force and whose
// time is not over, and removals.
struct store_member_event {
    int64_t seq;
    int64_t object_seq;
    int64_t at_us;
    bool is_removal;
};
struct store_member_events {
    struct store_member_event *items;
    size_t n;
};
enum err store_member_events_after(struct store_txn *t, struct arena *a,
    const struct store_reader *who, int64_t after, size_t limit,
    struct store_member_events *out) MUST_USE;
// The highest number that a view has given; 0: none.
enum err store_member_last(
    struct store_txn *t, const struct store_view *view, int64_t *out) MUST_USE;
// Members with a number below `before`, newest first.
enum err store_members_before(struct store_txn *t, struct arena *a,
    const struct store_reader *who, int64_t before, size_t limit,
    struct store_members *out) MUST_USE;
// Whether no other member is a later version of the row's object from its source.
enum err store_member_is_newest(struct store_txn *t, const struct store_reader *who,
    const struct store_object *object, bool *out) MUST_USE;
