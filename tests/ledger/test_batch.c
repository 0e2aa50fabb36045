// SPDX-License-Identifier: Apache-2.0
#include "scenario.h"

#define MAGIC "bongsu-batch/1\n"

static struct ledger_batch_facts facts_make(const struct scenario *s, uint64_t held)
{
    struct ledger_leaves leaves = {s->gb.leaves, s->gb.n};
    struct ledger_reader r = ledger_leaves_reader(&leaves);
    struct ledger_batch_facts facts = {.log = &s->gb.key.key,
        .partner_origin = STR(KR_LOG),
        .agreement = s->agreement,
        .sequence = ledger_sequence_start(STR(GB_LOG), STR(KR_LOG))};
    assert_int_equal(ledger_frontier_read(&r, held, &facts.frontier), ERR_OK);
    facts.sequence.next = held;
    return facts;
}

// Entries first .. end-1 under the checkpoint of all of them.
static struct buf batch_make(
    struct arena *a, const struct scenario *s, uint64_t first, uint64_t end)
{
    struct buf b = buf_in(a, MIB);
    struct ledger_leaves leaves = {s->gb.leaves, s->gb.n};
    struct ledger_reader r = ledger_leaves_reader(&leaves);
    struct ledger_proof proof;
    assert_int_equal(ledger_consistency_prove(&r, end, s->gb.n, &proof), ERR_OK);
    ledger_batch_put_header(
        &b, &(struct ledger_batch_header){STR(GB_LOG), STR(KR_LOG), s->agreement, first, end});
    ledger_batch_put_cosigned(&b, s->kr.note);
    for (uint64_t i = first; i < end; i++)
        ledger_batch_put_entry(&b, s->gb.entries[i]);
    ledger_batch_put_proof(&b, &proof);
    ledger_batch_put_checkpoint(&b, s->gb.note);
    for (uint16_t i = 0; i < 2 && first == 0; i++)
        ledger_batch_put_payload(
            &b, &(struct ledger_payload){0, i, s->salts[i], s->objects[i], NULL});
    return b;
}

static struct str finished(struct buf b)
{
    ledger_batch_put_end(&b);
    assert_int_equal(b.err, ERR_OK);
    return buf_str(&b);
}

static void every_cut_of_a_log_arrives_and_verifies(void **state)
{
    struct scenario s;
    scenario_make(*state, &s);
    for (uint64_t first = 0; first <= s.gb.n; first++) {
        for (uint64_t end = first; end <= s.gb.n; end++) {
            struct str file = finished(batch_make(*state, &s, first, end));
            struct ledger_batch batch;
            struct ledger_batch_result result;
            struct ledger_batch_facts facts = facts_make(&s, first);
            enum err e = ledger_batch_parse(*state, file, &batch, NULL);
            assert_int_equal(e, ERR_OK);
            assert_int_equal(batch.n_entries, end - first);
            CHECK_STR("cosigned", batch.cosigned, s.kr.note);
            e = ledger_batch_verify(*state, &batch, &facts, &result, NULL);
            assert_int_equal(e, ERR_OK);
            assert_int_equal(result.frontier.size, end);
            assert_int_equal(result.sequence.next, end);
            assert_int_equal(result.checkpoint.head.size, s.gb.n);
        }
    }
    scenario_release_keys(&s);
}

static void payloads_come_out_as_they_went_in(void **state)
{
    struct scenario s;
    scenario_make(*state, &s);
    struct ledger_batch batch;
    struct str file = finished(batch_make(*state, &s, 0, 3));
    struct ledger_hash commitments[2];
    struct ledger_entry e;
    assert_int_equal(ledger_batch_parse(*state, file, &batch, NULL), ERR_OK);
    assert_int_equal(batch.n_payloads, 2);
    for (size_t i = 0; i < 2; i++) {
        CHECK_STR("bytes", batch.payloads[i].bytes, s.objects[i]);
        commitments[i] = ledger_commitment(batch.payloads[i].salt, batch.payloads[i].bytes);
    }
    assert_int_equal(ledger_entry_parse(*state, batch.entries[0].bytes, &e, NULL), ERR_OK);
    struct ledger_head head = ledger_commitments_head(commitments, 2);
    assert_true(ledger_hash_eq(&head.root, &e.committed.root));
    scenario_release_keys(&s);
}

// Of what was recalled before it was delivered only the commitment goes.
static void a_leaf_goes_as_its_commitment_alone(void **state)
{
    struct scenario s;
    scenario_make(*state, &s);
    struct ledger_hash commitment = ledger_commitment(s.salts[1], s.objects[1]);
    struct ledger_payload full = {0, 0, s.salts[0], s.objects[0], NULL},
                          bare = {0, 1, NULL, s.objects[1], commitment.bytes};
    struct buf b = batch_make(*state, &s, 1, 3);
    ledger_batch_put_payload(&b, &full);
    ledger_batch_put_payload(&b, &bare);
    struct str file = finished(b);
    assert_int_equal(str_find(file, s.objects[1]), file.len);
    struct ledger_batch batch;
    struct ledger_hash commitments[2];
    struct ledger_entry e;
    assert_int_equal(ledger_batch_parse(*state, file, &batch, NULL), ERR_OK);
    assert_int_equal(batch.n_payloads, 2);
    assert_non_null(batch.payloads[0].salt);
    assert_null(batch.payloads[1].salt);
    assert_int_equal(batch.payloads[1].leaf, 1);
    assert_int_equal(batch.payloads[1].bytes.len, 0);
    for (size_t i = 0; i < 2; i++)
        commitments[i] = ledger_payload_commitment(&batch.payloads[i]);
    assert_int_equal(ledger_entry_parse(*state, s.gb.entries[0], &e, NULL), ERR_OK);
    struct ledger_head head = ledger_commitments_head(commitments, 2);
    assert_true(ledger_hash_eq(&head.root, &e.committed.root));
    scenario_release_keys(&s);
}

// A commitment is 32 bytes and nothing after them.
static void a_commitment_with_more_or_less_is_refused(void **state)
{
    static const struct {
        const char *why;
        size_t bytes;
        enum err want;
    } cases[] = {{"cut", 41, ERR_INVALID}, {"whole", 42, ERR_OK}, {"more", 43, ERR_INVALID}};
    struct scenario s;
    scenario_make(*state, &s);
    for (size_t i = 0; i < LEN(cases); i++) {
        static const char frame[43] = {[8] = (char)0x80};
        struct buf b = batch_make(*state, &s, 1, 3);
        struct ledger_batch batch;
        ledger_frame_put(&b, 6, (struct str){frame, cases[i].bytes});
        CHECK_ERR(
            cases[i].why, ledger_batch_parse(*state, finished(b), &batch, NULL), cases[i].want);
    }
    scenario_release_keys(&s);
}

static void a_damaged_file_is_refused_whole(void **state)
{
    struct scenario s;
    scenario_make(*state, &s);
    struct str file = finished(batch_make(*state, &s, 0, 3));
    char *copy = NEW_N(*state, char, file.len + 1);
    struct ledger_batch batch;
    for (size_t cut = 0; cut < file.len; cut++) {
        enum err e = ledger_batch_parse(*state, str_to(file, cut), &batch, NULL);
        assert_true(e == ERR_INVALID || e == ERR_CORRUPT);
    }
    for (size_t at = 0; at < file.len; at++) {
        memcpy(copy, file.ptr, file.len);
        copy[at] ^= 0x10;
        enum err e = ledger_batch_parse(*state, (struct str){copy, file.len}, &batch, NULL);
        assert_true(e == ERR_INVALID || e == ERR_CORRUPT);
    }
    memcpy(copy, file.ptr, file.len);
    copy[file.len] = 0;
    assert_int_not_equal(
        ledger_batch_parse(*state, (struct str){copy, file.len + 1}, &batch, NULL), ERR_OK);
    scenario_release_keys(&s);
}

// One frame by its letter: H header, C cosigned, E entry, P proof, K checkpoint, L payload, M a
// payload of a leaf that no entry has.
static void frame_put(struct buf *b, const struct scenario *s, char letter)
{
    struct ledger_batch_header header = {STR(GB_LOG), STR(KR_LOG), s->agreement, 0, 1};
    struct ledger_payload payload = {.salt = s->salts[0], .bytes = s->objects[0]};
    struct ledger_proof proof = {0};
    struct buf first = buf_in(b->arena, KIB);
    ledger_batch_put_header(&first, &header);
    if (letter == 'H') // without the magic line
        buf_put(b, str_from(buf_str(&first), sizeof MAGIC - 1));
    if (letter == 'C')
        ledger_batch_put_cosigned(b, s->kr.note);
    if (letter == 'E')
        ledger_batch_put_entry(b, s->gb.entries[0]);
    if (letter == 'P')
        ledger_batch_put_proof(b, &proof);
    if (letter == 'K')
        ledger_batch_put_checkpoint(b, s->gb.note);
    if (letter == 'M')
        payload.leaf = LEDGER_COMMITMENTS_MAX;
    if (letter == 'L' || letter == 'M')
        ledger_batch_put_payload(b, &payload);
}

static void frames_have_one_order(void **state)
{
    static const struct {
        const char *frames;
        enum err want;
    } cases[] = {{"HEPK", ERR_OK}, {"HCEPKLL", ERR_OK}, {"EPK", ERR_INVALID},
        {"HEK", ERR_INVALID}, {"HEP", ERR_INVALID}, {"HHEPK", ERR_INVALID},
        {"HPEK", ERR_INVALID}, {"HECPK", ERR_INVALID}, {"HEPPK", ERR_INVALID},
        {"HEPKK", ERR_INVALID}, {"HELPK", ERR_INVALID}, {"HEEPK", ERR_INVALID},
        {"HPK", ERR_INVALID}, {"HEPKM", ERR_INVALID}, {"", ERR_INVALID}};
    struct scenario s;
    scenario_make(*state, &s);
    for (size_t i = 0; i < LEN(cases); i++) {
        struct buf b = buf_in(*state, MIB);
        struct ledger_batch batch;
        buf_put(&b, STR(MAGIC));
        for (const char *f = cases[i].frames; *f; f++)
            frame_put(&b, &s, *f);
        CHECK_ERR(cases[i].frames, ledger_batch_parse(*state, finished(b), &batch, NULL),
            cases[i].want);
    }
    scenario_release_keys(&s);
}

// One thing that is wrong about a batch or what its receiver knows.
struct trial {
    const struct scenario *s;
    struct ledger_batch batch;
    struct ledger_batch_facts facts;
    struct ledger_batch_entry entry; // the only one
};

static void nothing(struct trial *t)
{
    t->batch.entries = &t->entry;
}

static void other_pair(struct trial *t)
{
    t->facts.partner_origin = STR("node.jp.example/live/ledger/gb/1");
}

static void other_log(struct trial *t)
{
    t->facts.log = &t->s->kr.key.key;
}

static void other_agreement(struct trial *t)
{
    t->facts.agreement.bytes[0] ^= 1;
}

static void more_is_held(struct trial *t)
{
    t->facts = facts_make(t->s, 2);
}

static void less_is_held(struct trial *t)
{
    t->facts = facts_make(t->s, 0);
}

static void other_history(struct trial *t)
{
    t->facts.frontier.nodes[0].bytes[0] ^= 1;
}

static void foreign_checkpoint(struct trial *t)
{
    t->batch.checkpoint = t->s->kr.note;
}

static void false_proof(struct trial *t)
{
    t->batch.proof.hashes[0].bytes[0] ^= 1;
}

static void other_entry(struct trial *t)
{
    t->entry = (struct ledger_batch_entry){t->s->gb.entries[0], t->s->gb.leaves[0], 7};
}

static void not_canonical(struct trial *t)
{
    t->entry.bytes = STR("{ }");
}

static void a_batch_that_does_not_fit_is_refused_with_its_rule_L1(void **state)
{
    static const struct {
        const char *why;
        void (*spoil)(struct trial *t);
        enum err want;
        enum ledger_code code;
    } cases[] = {
        {"good", nothing, ERR_OK, LEDGER_CODE_OK},
        {"another pair", other_pair, ERR_INVALID, LEDGER_CODE_ORIGIN},
        {"another log", other_log, ERR_INVALID, LEDGER_CODE_ORIGIN},
        {"another agreement", other_agreement, ERR_DENIED, LEDGER_CODE_AGR},
        {"more is held", more_is_held, ERR_CONFLICT, LEDGER_CODE_SEQ_DUP},
        {"less is held SV8", less_is_held, ERR_CONFLICT, LEDGER_CODE_SEQ_GAP},
        {"another history SV1", other_history, ERR_CORRUPT, LEDGER_CODE_CP_CONS},
        {"a foreign checkpoint", foreign_checkpoint, ERR_NOT_FOUND, LEDGER_CODE_CP_SIG},
        {"a false proof", false_proof, ERR_CORRUPT, LEDGER_CODE_CP_CONS},
        {"another entry", other_entry, ERR_INVALID, LEDGER_CODE_SEQ_DUP},
        {"not canonical", not_canonical, ERR_INVALID, LEDGER_CODE_CANON},
    };
    struct scenario s;
    struct trial good = {.s = &s};
    scenario_make(*state, &s);
    struct str file = finished(batch_make(*state, &s, 1, 2));
    assert_int_equal(ledger_batch_parse(*state, file, &good.batch, NULL), ERR_OK);
    good.entry = good.batch.entries[0];
    for (size_t i = 0; i < LEN(cases); i++) {
        struct trial t = good;
        struct ledger_batch_result result;
        struct ledger_fault fault = {0};
        t.facts = facts_make(&s, 1);
        t.batch.entries = &t.entry;
        cases[i].spoil(&t);
        CHECK_ERR(cases[i].why,
            ledger_batch_verify(*state, &t.batch, &t.facts, &result, &fault), cases[i].want);
        CHECK(cases[i].why, fault.code == cases[i].code);
    }
    scenario_release_keys(&s);
}

static void too_small_an_arena_is_a_limit(void **state)
{
    struct scenario s;
    scenario_make(*state, &s);
    struct str file = finished(batch_make(*state, &s, 0, 3));
    struct ledger_batch_facts facts = facts_make(&s, 0);
    enum err e = ERR_LIMIT;
    for (size_t limit = 0; e != ERR_OK; limit += 256) {
        struct arena small;
        struct ledger_batch batch;
        struct ledger_batch_result result;
        arena_init(&small, limit);
        e = ledger_batch_parse(&small, file, &batch, NULL);
        if (e == ERR_OK)
            e = ledger_batch_verify(&small, &batch, &facts, &result, NULL);
        assert_true(e == ERR_OK || e == ERR_LIMIT);
        arena_release(&small);
    }
    scenario_release_keys(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_cut_of_a_log_arrives_and_verifies),
        TEST(payloads_come_out_as_they_went_in),
        TEST(a_leaf_goes_as_its_commitment_alone),
        TEST(a_commitment_with_more_or_less_is_refused),
        TEST(a_damaged_file_is_refused_whole),
        TEST(frames_have_one_order),
        TEST(a_batch_that_does_not_fit_is_refused_with_its_rule_L1),
        TEST(too_small_an_arena_is_a_limit),
    };
    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
