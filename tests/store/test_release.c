// SPDX-License-Identifier: Apache-2.0
#include "fixture.h"

#include "store/ledger.h"
#include "store/membership.h"
#include "store/recall.h"

// Each test runs its steps in one transaction, which sees its own writes.
struct steps {
    struct fixture *f;
    struct store_txn *t;
    int64_t log_id;   // ours
    int64_t their_id; // the partner's
    void (*run)(struct steps *s);
};

static int64_t log_of(struct store_txn *t, const char *origin, bool is_ours)
{
    struct store_log log = {.origin = str_of(origin),
        .partner_origin = STR("p"),
        .party = STR("kr"),
        .is_ours = is_ours,
        .epoch = 1};
    int64_t id = 0;
    CHECK_ERR("log", store_log_open(t, &log, &id), ERR_OK);
    return id;
}

static enum err steps_work(struct store_txn *t, void *context)
{
    struct steps *s = context;
    s->t = t;
    s->log_id = log_of(t, "ours", true);
    s->their_id = log_of(t, "theirs", false);
    s->run(s);
    return ERR_OK;
}

static uint64_t entry(struct steps *s, int64_t log_id, bool wants_receipt)
{
    uint64_t idx = 0;
    CHECK_ERR(
        "entry", store_entry_append(s->t, log_id, STR("{}"), wants_receipt, &idx), ERR_OK);
    return idx;
}

static int64_t object(struct steps *s, const char *id)
{
    struct put p = put_of(id, 1, "gb", id);
    CHECK_ERR("object", put_work(s->t, &p), ERR_OK);
    return p.out.seq;
}

static struct store_payload payload_of(struct steps *s, uint64_t idx, uint64_t n, int64_t seq)
{
    struct store_payload p = {
        .leaf = {.log_id = s->log_id, .idx = idx, .n = n},
        .object_seq = seq,
        .bytes_n = 100,
        .priority = STORE_BULK,
    };
    memset(p.salt, (int)(16 * idx + n + 1), sizeof p.salt);
    memset(p.commitment, (int)(16 * idx + n + 2), sizeof p.commitment);
    return p;
}

// "idx.n " of each, in order.
static struct str leaves_of(struct steps *s, const struct store_payloads *payloads)
{
    struct buf b = buf_in(&s->f->arena, 1000);
    for (size_t i = 0; i < payloads->n; i++) {
        buf_put_u64(&b, payloads->items[i].leaf.idx);
        buf_put_byte(&b, '.');
        buf_put_u64(&b, payloads->items[i].leaf.n);
        buf_put_byte(&b, ' ');
    }
    return buf_str(&b);
}

static struct str pending(struct steps *s, uint64_t below, size_t bytes_max, size_t limit)
{
    struct store_pending want = {s->log_id, below, bytes_max, limit};
    struct store_payloads got;
    CHECK_ERR("pending", store_payloads_pending(s->t, &s->f->arena, &want, &got), ERR_OK);
    return leaves_of(s, &got);
}

static void pending_goes_by_priority(struct steps *s)
{
    for (uint64_t idx = 0; idx < 3; idx++) {
        entry(s, s->log_id, true);
        for (uint64_t n = 0; n < 2; n++) {
            struct store_payload p = payload_of(s, idx, n, object(s, "x--1"));
            p.priority = idx == 1 ? STORE_URGENT : STORE_BULK;
            CHECK_ERR("put", store_payload_put(s->t, &p), ERR_OK);
        }
    }
    struct store_payload again = payload_of(s, 0, 0, 1);
    CHECK_ERR("one object per leaf", store_payload_put(s->t, &again), ERR_CONFLICT);
    struct store_payload nowhere = payload_of(s, 9, 0, 1);
    CHECK_ERR("no entry", store_payload_put(s->t, &nowhere), ERR_CONFLICT);
    CHECK_STR("all", pending(s, 9, 10000, 99), STR("1.0 1.1 0.0 0.1 2.0 2.1 "));
    CHECK_STR("under a checkpoint", pending(s, 1, 10000, 99), STR("0.0 0.1 "));
    CHECK_STR("three fit", pending(s, 9, 399, 99), STR("1.0 1.1 0.0 "));
    CHECK_STR("at least one", pending(s, 9, 1, 99), STR("1.0 "));
    CHECK_STR("limit", pending(s, 9, 10000, 2), STR("1.0 1.1 "));
    CHECK_ERR("receipted", store_payload_receipted(s->t, s->log_id, 1), ERR_OK);
    CHECK_STR("after a receipt", pending(s, 9, 10000, 99), STR("0.0 0.1 2.0 2.1 "));
    struct store_leaf leaf = {s->log_id, 0, 1};
    CHECK_ERR("withdrawn", store_payload_withdraw(s->t, &leaf), ERR_OK);
    CHECK_STR("it still has to go", pending(s, 9, 10000, 99), STR("0.0 0.1 2.0 2.1 "));
    leaf.n = 7;
    CHECK_ERR("no such leaf", store_payload_withdraw(s->t, &leaf), ERR_NOT_FOUND);
    struct store_payloads got;
    CHECK_ERR("entry", store_payloads_of(s->t, &s->f->arena, s->log_id, 1, &got), ERR_OK);
    CHECK_STR("whatever the state", leaves_of(s, &got), STR("1.0 1.1 "));
    CHECK_ERR("object", store_payloads_of_object(s->t, &s->f->arena, 1, &got), ERR_OK);
    assert_int_equal(got.n, 6);
}

static void receipts_are_one_each(struct steps *s)
{
    for (int i = 0; i < 5; i++) {
        entry(s, s->log_id, i != 2);
        entry(s, s->their_id, false);
    }
    struct store_receipt r = {.log_id = s->log_id,
        .idx = 1,
        .receipt_log_id = s->their_id,
        .receipt_idx = 3,
        .disposition = STR("refused"),
        .why = STR("LE-COMMIT")};
    CHECK_ERR("first", store_receipt_put(s->t, &r), ERR_OK);
    CHECK_ERR("second", store_receipt_put(s->t, &r), ERR_CONFLICT);
    r.idx = 3;
    r.receipt_idx = 77;
    CHECK_ERR("no such receipt entry", store_receipt_put(s->t, &r), ERR_CONFLICT);
    struct store_receipt got;
    CHECK_ERR("get", store_receipt_get(s->t, &s->f->arena, s->log_id, 1, &got), ERR_OK);
    assert_int_equal(got.receipt_idx, 3);
    CHECK_STR("disposition", got.disposition, STR("refused"));
    CHECK_STR("why", got.why, STR("LE-COMMIT"));
    CHECK_ERR("get", store_receipt_get(s->t, &s->f->arena, s->log_id, 0, &got), ERR_NOT_FOUND);
    uint64_t missing;
    CHECK_ERR("count", store_receipts_missing_count(s->t, s->log_id, &missing), ERR_OK);
    assert_int_equal(missing, 3);
    struct store_seqs list;
    CHECK_ERR(
        "list", store_receipts_missing(s->t, &s->f->arena, s->log_id, 1, 9, &list), ERR_OK);
    assert_int_equal(list.n, 2);
    assert_int_equal(list.items[0], 3);
    assert_int_equal(list.items[1], 4);
    CHECK_ERR("theirs", store_receipts_missing_count(s->t, s->their_id, &missing), ERR_OK);
    assert_int_equal(missing, 0);
}

static void repeats_change_nothing(struct steps *s)
{
    int64_t one = object(s, "x--1"), two = object(s, "x--2");
    entry(s, s->their_id, true);
    struct store_payload p = payload_of(s, 0, 0, one);
    p.leaf.log_id = s->their_id;
    CHECK_ERR("first", store_received_put(s->t, &p), ERR_OK);
    CHECK_ERR("again", store_received_put(s->t, &p), ERR_OK);
    struct store_payload other = p;
    other.object_seq = two;
    CHECK_ERR("other object", store_received_put(s->t, &other), ERR_CONFLICT);
    other = p;
    other.salt[31] ^= 1;
    CHECK_ERR("other salt", store_received_put(s->t, &other), ERR_CONFLICT);
    struct store_payloads got;
    CHECK_ERR("of", store_received_of(s->t, &s->f->arena, s->their_id, 0, &got), ERR_OK);
    assert_int_equal(got.n, 1);
    assert_memory_equal(got.items[0].salt, p.salt, sizeof p.salt);
    CHECK_ERR("object", store_received_of_object(s->t, &s->f->arena, one, &got), ERR_OK);
    assert_int_equal(got.n, 1);
    CHECK_ERR("destroy", store_object_destroy(s->t, one, 5, STR("{}")), ERR_OK);
    CHECK_ERR("after destruction", store_received_put(s->t, &p), ERR_OK);
    CHECK_ERR("of", store_received_of(s->t, &s->f->arena, s->their_id, 0, &got), ERR_OK);
    static const unsigned char none[STORE_SALT_BYTES];
    assert_memory_equal(got.items[0].salt, none, sizeof none);
}

static void destroyed_goes_as_its_commitment(struct steps *s)
{
    int64_t seq = object(s, "x--1");
    entry(s, s->log_id, true);
    struct store_payload p = payload_of(s, 0, 0, seq);
    struct store_view view = {STR("kr"), STR("link")};
    CHECK_ERR("payload", store_payload_put(s->t, &p), ERR_OK);
    CHECK_ERR("member", store_membership_add(s->t, &view, seq, 1), ERR_OK);
    CHECK_ERR("destroy", store_object_destroy(s->t, seq, 5, STR("{}")), ERR_OK);
    CHECK_STR("pending", pending(s, 9, 1000, 9), STR("0.0 "));
    struct store_payloads got;
    CHECK_ERR("to announce", store_payloads_unannounced(s->t, &s->f->arena, s->log_id, 9, &got),
        ERR_OK);
    assert_int_equal(got.n, 1);
    assert_true(got.items[0].is_withdrawn);
    assert_memory_equal(got.items[0].commitment, p.commitment, sizeof p.commitment);
    entry(s, s->log_id, true);
    struct store_recall r = {.log_id = s->log_id, .idx = 1, .of_log_id = s->log_id};
    static const uint64_t leaves[] = {0};
    CHECK_ERR("announce", store_recall_put(s->t, &r, leaves, 1), ERR_OK);
    CHECK_ERR("announced", store_payloads_unannounced(s->t, &s->f->arena, s->log_id, 9, &got),
        ERR_OK);
    assert_int_equal(got.n, 0);
    CHECK_ERR("receipted", store_payload_receipted(s->t, s->log_id, 0), ERR_OK);
    CHECK_STR("answered", pending(s, 9, 1000, 9), STR(""));
    CHECK_ERR("of", store_payloads_of(s->t, &s->f->arena, s->log_id, 0, &got), ERR_OK);
    static const unsigned char none[STORE_SALT_BYTES];
    assert_memory_equal(got.items[0].salt, none, sizeof none);
    bool is_member = true;
    CHECK_ERR("member", store_membership_contains(s->t, &view, seq, &is_member), ERR_OK);
    assert_false(is_member);
}

static void releases_and_decisions_are_kept(struct steps *s)
{
    struct store_release r = {
        .id = STR("r1"), .party = STR("kr"), .at_us = 3, .priority = STORE_URGENT};
    CHECK_ERR("put", store_release_put(s->t, &r), ERR_OK);
    CHECK_ERR("again", store_release_put(s->t, &r), ERR_CONFLICT);
    CHECK_ERR("count", store_release_count(s->t, r.id, 3, 1), ERR_OK);
    CHECK_ERR("count", store_release_count(s->t, r.id, 2, 0), ERR_OK);
    CHECK_ERR("no release", store_release_count(s->t, STR("r9"), 2, 0), ERR_NOT_FOUND);
    struct store_release got;
    CHECK_ERR("get", store_release_get(s->t, &s->f->arena, r.id, &got), ERR_OK);
    assert_int_equal(got.released, 5);
    assert_int_equal(got.withheld, 1);
    assert_int_equal(got.priority, STORE_URGENT);
    struct store_decision d = {.release_id = r.id,
        .object_seq = object(s, "x--1"),
        .record = STR("{\"rule\":\"R1\"}")};
    memset(d.hash, 7, sizeof d.hash);
    CHECK_ERR("decision", store_decision_put(s->t, &d), ERR_OK);
    CHECK_ERR("again", store_decision_put(s->t, &d), ERR_CONFLICT);
    r.id = STR("r2");
    CHECK_ERR("put", store_release_put(s->t, &r), ERR_OK);
    d.release_id = r.id;
    CHECK_ERR("decision", store_decision_put(s->t, &d), ERR_OK);
    struct store_decisions list;
    CHECK_ERR("object", store_decisions_of_object(s->t, &s->f->arena, 1, &list), ERR_OK);
    assert_int_equal(list.n, 2);
    CHECK_STR("order", list.items[1].release_id, STR("r2"));
    CHECK_ERR(
        "release", store_decisions_of_release(s->t, &s->f->arena, STR("r1"), &list), ERR_OK);
    assert_int_equal(list.n, 1);
    CHECK_STR("record", list.items[0].record, d.record);
    assert_memory_equal(list.items[0].hash, d.hash, sizeof d.hash);
}

static struct str page(struct steps *s, const struct store_view *view, int64_t after)
{
    struct store_members members;
    CHECK_ERR(
        "page", store_membership_page(s->t, &s->f->arena, view, after, 10, &members), ERR_OK);
    struct buf b = buf_in(&s->f->arena, 1000);
    for (size_t i = 0; i < members.n; i++) {
        buf_put_i64(&b, members.items[i].seq);
        buf_put_byte(&b, ':');
        buf_put_i64(&b, members.items[i].object_seq);
        buf_put_byte(&b, ' ');
    }
    return buf_str(&b);
}

// What another recipient gets in between leaves no gap (V1).
static void numbers_are_the_recipients_own(struct steps *s)
{
    struct store_view kr = {STR("kr"), STR("link")}, fr = {STR("fr"), STR("link")};
    for (int64_t seq = 10; seq < 14; seq++) {
        CHECK_ERR("add", store_membership_add(s->t, &kr, seq, seq), ERR_OK);
        CHECK_ERR("add", store_membership_add(s->t, &kr, seq, seq), ERR_OK);
        if (seq % 2)
            CHECK_ERR("add", store_membership_add(s->t, &fr, seq, seq), ERR_OK);
    }
    CHECK_STR("kr", page(s, &kr, 0), STR("1:10 2:11 3:12 4:13 "));
    CHECK_STR("fr", page(s, &fr, 0), STR("1:11 2:13 "));
    CHECK_STR("after", page(s, &kr, 2), STR("3:12 4:13 "));
    CHECK_ERR("remove", store_membership_remove(s->t, &kr, 11, 50), ERR_OK);
    CHECK_ERR("again", store_membership_remove(s->t, &kr, 11, 60), ERR_OK);
    CHECK_STR("removed", page(s, &kr, 0), STR("1:10 3:12 4:13 "));
    CHECK_ERR("back", store_membership_add(s->t, &kr, 11, 70), ERR_OK);
    CHECK_STR("the removal took 5", page(s, &kr, 0), STR("1:10 3:12 4:13 6:11 "));
    CHECK_ERR("all", store_membership_remove_all(s->t, 11, 80), ERR_OK);
    CHECK_STR("kr", page(s, &kr, 0), STR("1:10 3:12 4:13 "));
    CHECK_STR("fr", page(s, &fr, 0), STR("2:13 "));
    bool is_member;
    CHECK_ERR("contains", store_membership_contains(s->t, &kr, 12, &is_member), ERR_OK);
    assert_true(is_member);
}

static void recalls_are_answered_leaf_by_leaf(struct steps *s)
{
    for (int i = 0; i < 4; i++) {
        entry(s, s->log_id, true);
        entry(s, s->their_id, false);
    }
    struct store_recall r = {.log_id = s->log_id,
        .idx = 3,
        .id = STR("recall-1"),
        .of_log_id = s->log_id,
        .of_idx = 0,
        .deadline_us = 99,
        .reason = STR("mislabelled")};
    static const uint64_t leaves[] = {0, 2, 5};
    CHECK_ERR("put", store_recall_put(s->t, &r, leaves, LEN(leaves)), ERR_OK);
    CHECK_ERR("again", store_recall_put(s->t, &r, leaves, LEN(leaves)), ERR_CONFLICT);
    struct store_recall_ack ack = {.log_id = s->their_id,
        .idx = 1,
        .recall_log_id = s->log_id,
        .recall_idx = 3,
        .at_us = 50};
    static const struct store_recall_item some[] = {
        {.n = 0, .state = STR_INIT("destroyed")}, {.n = 5, .state = STR_INIT("quarantined")}};
    CHECK_ERR("ack", store_recall_ack_put(s->t, &ack, some, LEN(some)), ERR_OK);
    struct store_recall got;
    CHECK_ERR("find", store_recall_find(s->t, &s->f->arena, s->log_id, 3, &got), ERR_OK);
    assert_int_equal(got.left, 1);
    CHECK_STR("reason", got.reason, STR("mislabelled"));
    struct store_recalls open;
    CHECK_ERR("open", store_recalls_open(s->t, &s->f->arena, s->log_id, 0, &open), ERR_OK);
    assert_int_equal(open.n, 1);
    CHECK_ERR(
        "of another", store_recalls_open(s->t, &s->f->arena, s->log_id, 1, &open), ERR_OK);
    assert_int_equal(open.n, 0);
    struct store_leaf leaf = {s->log_id, 0, 5};
    uint64_t idx = 0;
    CHECK_ERR("demanded", store_recall_of_leaf(s->t, &leaf, &idx), ERR_OK);
    assert_int_equal(idx, 3);
    leaf.n = 1;
    CHECK_ERR("not demanded", store_recall_of_leaf(s->t, &leaf, &idx), ERR_NOT_FOUND);
    static const struct store_recall_item other[] = {
        {.n = 0, .state = STR_INIT("quarantined")}};
    static const struct store_recall_item unknown[] = {
        {.n = 9, .state = STR_INIT("destroyed")}};
    static const struct store_recall_item last[] = {{.n = 2, .state = STR_INIT("destroyed")}};
    ack.idx = 2;
    CHECK_ERR("last", store_recall_ack_put(s->t, &ack, last, 1), ERR_OK);
    ack.idx = 3;
    CHECK_ERR("otherwise", store_recall_ack_put(s->t, &ack, other, 1), ERR_CONFLICT);
    ack.idx = 4;
    CHECK_ERR("not demanded", store_recall_ack_put(s->t, &ack, unknown, 1), ERR_NOT_FOUND);
    CHECK_ERR("open", store_recalls_open(s->t, &s->f->arena, s->log_id, 0, &open), ERR_OK);
    assert_int_equal(open.n, 0);
    CHECK_ERR("id", store_recalls_by_id(s->t, &s->f->arena, STR("recall-1"), &open), ERR_OK);
    assert_int_equal(open.n, 1);
    struct store_recall_items items;
    CHECK_ERR("items", store_recall_items_of(s->t, &s->f->arena, s->log_id, 3, &items), ERR_OK);
    assert_int_equal(items.n, 3);
    CHECK_STR("state", items.items[2].state, STR("quarantined"));
}

static void status_counts_what_is_open(struct steps *s)
{
    entry(s, s->log_id, true);
    entry(s, s->log_id, true);
    struct store_payload p = payload_of(s, 0, 0, object(s, "x--1"));
    CHECK_ERR("payload", store_payload_put(s->t, &p), ERR_OK);
    struct store_recall r = {.log_id = s->log_id, .idx = 1, .of_log_id = s->log_id};
    static const uint64_t leaves[] = {0, 1};
    CHECK_ERR("recall", store_recall_put(s->t, &r, leaves, LEN(leaves)), ERR_OK);
    struct store_counts c;
    CHECK_ERR("count", store_count(s->t, &c), ERR_OK);
    assert_int_equal(c.objects, 1);
    assert_int_equal(c.payloads_pending, 1);
    assert_int_equal(c.receipts_missing, 2);
    assert_int_equal(c.recalls_open, 1);
}

static void run(void **state, void (*steps)(struct steps *s))
{
    struct steps s = {.f = *state, .run = steps};
    CHECK_ERR("steps", store_write(s.f->store, steps_work, &s, STORE_NORMAL), ERR_OK);
}

static void test_pending_payloads_go_by_priority_within_bounds(void **state)
{
    run(state, pending_goes_by_priority);
}

static void test_L2_an_entry_has_one_receipt_and_gaps_are_listed(void **state)
{
    run(state, receipts_are_one_each);
}

static void test_repeated_payloads_change_nothing(void **state)
{
    run(state, repeats_change_nothing);
}

static void test_S3_destroyed_objects_lose_salt_membership_and_place_in_the_queue(void **state)
{
    run(state, destroyed_goes_as_its_commitment);
}

static void test_V3_releases_and_decisions_are_kept(void **state)
{
    run(state, releases_and_decisions_are_kept);
}

static void test_V1_membership_numbers_are_the_recipients_own(void **state)
{
    run(state, numbers_are_the_recipients_own);
}

static void test_recalls_are_answered_leaf_by_leaf(void **state)
{
    run(state, recalls_are_answered_leaf_by_leaf);
}

static void test_status_counts_what_is_open(void **state)
{
    run(state, status_counts_what_is_open);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(test_pending_payloads_go_by_priority_within_bounds),
        WITH_STORE(test_L2_an_entry_has_one_receipt_and_gaps_are_listed),
        WITH_STORE(test_repeated_payloads_change_nothing),
        WITH_STORE(test_S3_destroyed_objects_lose_salt_membership_and_place_in_the_queue),
        WITH_STORE(test_V3_releases_and_decisions_are_kept),
        WITH_STORE(test_V1_membership_numbers_are_the_recipients_own),
        WITH_STORE(test_recalls_are_answered_leaf_by_leaf),
        WITH_STORE(test_status_counts_what_is_open),
    };
    return RUN_TESTS(tests);
}
