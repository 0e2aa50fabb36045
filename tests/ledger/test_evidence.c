// SPDX-License-Identifier: Apache-2.0
#include "scenario.h"

#include "ledger/evidence.h"
#include "ledger/proof.h"

static struct str quorum_text(struct arena *a, const struct log *log)
{
    struct buf b = buf_in(a, 4096);
    ledger_quorum_put_pair(&b, &log->key.key, &log->cosigner.key);
    return buf_str(&b);
}

static struct str evidence_make(struct arena *a, const struct scenario *s)
{
    const struct log *logs[] = {&s->gb, &s->kr};
    struct buf b = buf_in(a, MIB);
    for (unsigned side = 0; side < 2; side++) {
        ledger_evidence_put_quorum(&b, side, quorum_text(a, logs[side]));
        for (uint64_t i = 0; i < logs[side]->n; i++)
            ledger_evidence_put_entry(&b, logs[side]->entries[i]);
        ledger_evidence_put_checkpoint(&b, logs[side]->note);
        for (uint16_t i = 0; i < 3 && side == 0; i++)
            ledger_evidence_put_payload(
                &b, &(struct ledger_payload){i / 2, i % 2, s->salts[i], s->objects[i], NULL});
    }
    ledger_evidence_put_end(&b);
    assert_int_equal(b.err, ERR_OK);
    return buf_str(&b);
}

static enum err verify(struct arena *a, const struct scenario *s,
    struct ledger_evidence_counts *counts, struct ledger_fault *fault)
{
    struct ledger_evidence evidence;
    TRY(ledger_evidence_parse(a, evidence_make(a, s), &evidence, fault));
    return ledger_evidence_verify(a, &evidence, NULL, counts, fault);
}

static void a_complete_link_verifies_offline_L3(void **state)
{
    struct scenario s;
    struct ledger_evidence evidence;
    struct ledger_evidence_counts c;
    struct ledger_quorum trusted[2], swapped[2];
    struct ledger_fault fault = {0};
    scenario_make(*state, &s);
    assert_int_equal(
        ledger_quorum_parse(*state, quorum_text(*state, &s.gb), &trusted[0], NULL), ERR_OK);
    assert_int_equal(
        ledger_quorum_parse(*state, quorum_text(*state, &s.kr), &trusted[1], NULL), ERR_OK);
    assert_int_equal(
        ledger_evidence_parse(*state, evidence_make(*state, &s), &evidence, NULL), ERR_OK);
    enum err e = ledger_evidence_verify(*state, &evidence, trusted, &c, &fault);
    CHECK_ERR(fault.where.why ? fault.where.why : "whole", e, ERR_OK);
    assert_int_equal(c.entries, 7);
    assert_int_equal(c.releases, 2);
    assert_int_equal(c.receipts, 3);
    assert_int_equal(c.recalls, 1);
    assert_int_equal(c.acks, 1);
    assert_int_equal(c.gaps, 0);
    assert_int_equal(c.unreceipted, 0);
    assert_int_equal(c.peers_unchecked, 0);
    assert_int_equal(c.payloads_checked, 3);
    swapped[0] = trusted[1];
    swapped[1] = trusted[0];
    assert_int_equal(
        ledger_evidence_verify(*state, &evidence, swapped, &c, &fault), ERR_NOT_FOUND);
    assert_int_equal(fault.code, LEDGER_CODE_CP_SIG);
    scenario_release_keys(&s);
}

static void single_entries_can_be_shown_with_a_proof_L3(void **state)
{
    struct scenario s;
    struct ledger_evidence evidence;
    struct ledger_quorum q;
    scenario_make(*state, &s);
    assert_int_equal(ledger_quorum_parse(*state, quorum_text(*state, &s.kr), &q, NULL), ERR_OK);
    assert_int_equal(
        ledger_evidence_parse(*state, evidence_make(*state, &s), &evidence, NULL), ERR_OK);
    for (uint64_t i = 0; i < s.kr.n; i++) {
        struct str text;
        struct ledger_proof_file file;
        struct ledger_checkpoint c;
        assert_int_equal(ledger_evidence_proof(*state, &evidence, 1, i, &text), ERR_OK);
        assert_int_equal(ledger_proof_file_parse(*state, text, &file, NULL), ERR_OK);
        assert_int_equal(
            ledger_proof_file_verify(*state, &file, &q, s.kr.entries[i], &c), ERR_OK);
    }
    struct str text;
    assert_int_equal(ledger_evidence_proof(*state, &evidence, 1, s.kr.n, &text), ERR_INVALID);
    scenario_release_keys(&s);
}

static void silence_is_counted_L2(void **state)
{
    struct scenario s;
    struct ledger_evidence_counts c;
    struct ledger_fault fault = {0};
    scenario_make(*state, &s);
    s.kr.n = 1; // KR shows its first receipt only
    scenario_notes(*state, &s);
    // GB's recall names a later head of KR's log: beyond this evidence, not wrong.
    assert_int_equal(verify(*state, &s, &c, &fault), ERR_OK);
    assert_int_equal(c.unreceipted, 2);
    assert_int_equal(c.peers_unchecked, 1);
    scenario_release_keys(&s);
}

// KR's receipt of GB's first entry, before GB has seen any: replaces that of the scenario.
static struct ledger_entry early_receipt(struct scenario *s)
{
    s->gb.n = 2;
    s->kr.n = 1;
    return receipt_make(s, 0);
}

static struct ledger_entry second_receipt(struct scenario *s)
{
    return receipt_make(s, 0);
}

static struct ledger_entry receipt_of_nothing(struct scenario *s)
{
    struct ledger_entry e = receipt_make(s, 0);
    e.receipt.of.leaf_hash.bytes[0] ^= 1;
    return e;
}

static struct ledger_entry other_handling(struct scenario *s)
{
    struct ledger_entry e = early_receipt(s);
    e.receipt.handling_hash.bytes[0] ^= 1;
    return e;
}

static struct ledger_entry other_objects(struct scenario *s)
{
    struct ledger_entry e = early_receipt(s);
    e.receipt.commitments_root.bytes[0] ^= 1;
    return e;
}

static struct ledger_entry false_peer(struct scenario *s)
{
    s->kr.n = 1;
    struct ledger_entry e = receipt_make(s, 0);
    e.peer.root.bytes[0] ^= 1;
    return e;
}

static struct ledger_entry answer_to_a_release(struct scenario *s)
{
    static struct ledger_result results[] = {{0, LEDGER_DESTROYED}};
    struct ledger_entry e = entry_start(s, &s->kr, LEDGER_RECALL_ACK);
    e.recall_ack =
        (struct ledger_recall_ack){.of = log_ref(&s->gb, 0), .results = {results, 1}};
    return e;
}

static struct ledger_entry recall_of_a_receipt(struct scenario *s)
{
    struct ledger_entry e = entry_start(s, &s->kr, LEDGER_RECALL);
    e.handling = STR(HANDLING);
    e.recall = (struct ledger_recall){
        .id = STR(RECALL_ID), .of = log_ref(&s->kr, 0), .reason = STR("error")};
    return e;
}

static struct ledger_entry missing_number(struct scenario *s)
{
    struct ledger_entry e = receipt_make(s, 0);
    e.sequence++;
    return e;
}

static struct ledger_entry older_peer(struct scenario *s)
{
    struct ledger_entry e = receipt_make(s, 0);
    e.peer = log_head(&s->gb, 1);
    return e;
}

static struct ledger_entry other_partner(struct scenario *s)
{
    struct ledger_entry e = receipt_make(s, 0);
    e.partner_origin = STR("node.jp.example/live/ledger/kr/1");
    return e;
}

static void what_one_log_says_of_the_other_must_hold_L1_L2(void **state)
{
    static const struct {
        const char *why;
        struct ledger_entry (*make)(struct scenario *s);
        enum ledger_code want;
    } cases[] = {
        {"a second receipt", second_receipt, LEDGER_CODE_FIELD},
        {"a receipt of nothing", receipt_of_nothing, LEDGER_CODE_FIELD},
        {"another handling", other_handling, LEDGER_CODE_FIELD},
        {"other objects", other_objects, LEDGER_CODE_FIELD},
        {"a false head of the peer", false_peer, LEDGER_CODE_X_FALSE},
        {"an answer to a release", answer_to_a_release, LEDGER_CODE_FIELD},
        {"a recall of a receipt", recall_of_a_receipt, LEDGER_CODE_FIELD},
        {"a missing number", missing_number, LEDGER_CODE_SEQ_GAP},
        {"an older head of the peer", older_peer, LEDGER_CODE_X_BACK},
        {"another partner", other_partner, LEDGER_CODE_ORIGIN},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct scenario s;
        struct ledger_evidence_counts c;
        struct ledger_fault fault = {0};
        scenario_make(*state, &s);
        s.kr.n = 3; // without the answer to the recall
        struct ledger_entry e = cases[i].make(&s);
        log_append(*state, &s.kr, &e);
        scenario_notes(*state, &s);
        CHECK_ERR(cases[i].why, verify(*state, &s, &c, &fault), ERR_CORRUPT);
        CHECK_STR(cases[i].why, str_of(ledger_code_name(fault.code)),
            str_of(ledger_code_name(cases[i].want)));
        assert_int_equal(c.gaps, cases[i].want == LEDGER_CODE_SEQ_GAP);
        scenario_release_keys(&s);
    }
}

static void changed_content_is_found(void **state)
{
    struct scenario s;
    struct ledger_evidence_counts c;
    struct ledger_fault fault = {0};
    scenario_make(*state, &s);
    struct scenario other = s;
    other.objects[1] = STR("{\"type\":\"twO\"}");
    assert_int_equal(verify(*state, &other, &c, &fault), ERR_CORRUPT);
    assert_int_equal(fault.code, LEDGER_CODE_COMMIT);
    other = s;
    other.gb.entries[0] = other.gb.entries[1];
    assert_int_equal(verify(*state, &other, &c, &fault), ERR_CORRUPT);
    other = s;
    other.gb.n = 2; // fewer entries than the checkpoint
    assert_int_equal(verify(*state, &other, &c, &fault), ERR_CORRUPT);
    assert_int_equal(fault.code, LEDGER_CODE_CP_CONS);
    other = s;
    struct ledger_head head = log_head(&s.gb, 3);
    other.gb.note = checkpoint_make(*state, &s.gb.key, &head); // not cosigned
    assert_int_equal(verify(*state, &other, &c, &fault), ERR_DENIED);
    assert_int_equal(fault.code, LEDGER_CODE_CP_SIG);
    other = s;
    other.kr = s.gb; // one log on both sides
    assert_int_equal(verify(*state, &other, &c, &fault), ERR_CORRUPT);
    assert_int_equal(fault.code, LEDGER_CODE_ORIGIN);
    scenario_release_keys(&s);
}

static void a_recall_names_objects_that_were_released(void **state)
{
    for (uint64_t leaf = 0; leaf < 4; leaf++) {
        struct scenario s;
        struct ledger_evidence_counts c;
        struct ledger_fault fault = {0};
        scenario_make(*state, &s);
        s.gb.n = 2;
        s.kr.n = 0;
        struct ledger_entry e = entry_start(&s, &s.gb, LEDGER_RECALL);
        e.handling = STR(HANDLING);
        e.recall = (struct ledger_recall){.id = STR(RECALL_ID),
            .of = log_ref(&s.gb, 0), // of two objects
            .leaves = {&leaf, 1},
            .reason = STR("error")};
        log_append(*state, &s.gb, &e);
        scenario_notes(*state, &s);
        assert_int_equal(verify(*state, &s, &c, &fault), leaf < 2 ? ERR_OK : ERR_CORRUPT);
        scenario_release_keys(&s);
    }
}

static void payloads_are_complete_and_in_order(void **state)
{
    struct scenario s;
    struct ledger_evidence evidence;
    struct ledger_evidence_counts c;
    struct ledger_fault fault = {0};
    scenario_make(*state, &s);
    assert_int_equal(
        ledger_evidence_parse(*state, evidence_make(*state, &s), &evidence, NULL), ERR_OK);
    struct ledger_evidence_side *gb = &evidence.sides[0];
    gb->n_payloads = 1; // the first of two
    assert_int_equal(ledger_evidence_verify(*state, &evidence, NULL, &c, &fault), ERR_CORRUPT);
    assert_int_equal(fault.code, LEDGER_CODE_COMMIT);
    gb->n_payloads = 2;
    assert_int_equal(ledger_evidence_verify(*state, &evidence, NULL, &c, &fault), ERR_OK);
    gb->payloads[1].leaf = 0; // the right bytes under a wrong number
    assert_int_equal(ledger_evidence_verify(*state, &evidence, NULL, &c, &fault), ERR_CORRUPT);
    gb->n_payloads = 1;
    gb->payloads[0].index = 99;
    assert_int_equal(ledger_evidence_verify(*state, &evidence, NULL, &c, &fault), ERR_CORRUPT);
    scenario_release_keys(&s);
}

// What was destroyed is in the evidence as its commitment; the rest of its entry stays open.
static void a_destroyed_leaf_leaves_the_rest_checkable_L3_S3(void **state)
{
    struct scenario s;
    struct ledger_evidence evidence;
    struct ledger_evidence_counts c;
    struct ledger_fault fault = {0};
    scenario_make(*state, &s);
    struct ledger_hash commitment = ledger_commitment(s.salts[1], s.objects[1]);
    assert_int_equal(
        ledger_evidence_parse(*state, evidence_make(*state, &s), &evidence, NULL), ERR_OK);
    struct ledger_payload *leaf = &evidence.sides[0].payloads[1];
    *leaf = (struct ledger_payload){0, 1, NULL, STR(""), commitment.bytes};
    assert_int_equal(ledger_evidence_verify(*state, &evidence, NULL, &c, &fault), ERR_OK);
    assert_int_equal(c.payloads_checked, 2);
    commitment.bytes[0] ^= 1;
    assert_int_equal(ledger_evidence_verify(*state, &evidence, NULL, &c, &fault), ERR_CORRUPT);
    assert_int_equal(fault.code, LEDGER_CODE_COMMIT);
    scenario_release_keys(&s);
}

static void a_damaged_file_is_refused_whole(void **state)
{
    struct scenario s;
    scenario_make(*state, &s);
    struct str file = evidence_make(*state, &s);
    struct ledger_evidence evidence;
    char *copy = NEW_N(*state, char, file.len);
    for (size_t at = 0; at < file.len; at += 3) {
        memcpy(copy, file.ptr, file.len);
        copy[at] ^= 0x20;
        enum err e =
            ledger_evidence_parse(*state, (struct str){copy, file.len}, &evidence, NULL);
        assert_true(e == ERR_INVALID || e == ERR_CORRUPT);
        e = ledger_evidence_parse(*state, str_to(file, at), &evidence, NULL);
        assert_true(e == ERR_INVALID || e == ERR_CORRUPT);
    }
    scenario_release_keys(&s);
}

static void too_small_an_arena_is_a_limit(void **state)
{
    struct scenario s;
    scenario_make(*state, &s);
    struct str file = evidence_make(*state, &s);
    enum err e = ERR_LIMIT;
    for (size_t limit = 0; e != ERR_OK; limit += 512) {
        struct arena small;
        struct ledger_evidence evidence;
        struct ledger_evidence_counts c;
        arena_init(&small, limit);
        e = ledger_evidence_parse(&small, file, &evidence, NULL);
        if (e == ERR_OK)
            e = ledger_evidence_verify(&small, &evidence, NULL, &c, NULL);
        assert_true(e == ERR_OK || e == ERR_LIMIT);
        arena_release(&small);
    }
    scenario_release_keys(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_complete_link_verifies_offline_L3),
        TEST(single_entries_can_be_shown_with_a_proof_L3),
        TEST(silence_is_counted_L2),
        TEST(what_one_log_says_of_the_other_must_hold_L1_L2),
        TEST(changed_content_is_found),
        TEST(a_recall_names_objects_that_were_released),
        TEST(payloads_are_complete_and_in_order),
        TEST(a_destroyed_leaf_leaves_the_rest_checkable_L3_S3),
        TEST(a_damaged_file_is_refused_whole),
        TEST(too_small_an_arena_is_a_limit),
    };
    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
