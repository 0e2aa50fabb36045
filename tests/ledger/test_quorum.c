// SPDX-License-Identifier: Apache-2.0
#include "fixture.h"

#include "ledger/proof.h"

static struct pair kr_log, gb_log, witnesses[5];

static int start(void **state)
{
    static struct arena process;
    arena_init(&process, MIB);
    if (sign_init() != ERR_OK)
        return -1;
    kr_log = pair_make(&process, LEDGER_TYPE_NOTE, KR_LOG, 1);
    gb_log = pair_make(&process, LEDGER_TYPE_NOTE, GB_LOG, 2);
    for (size_t i = 0; i < LEN(witnesses); i++)
        witnesses[i] =
            pair_make(&process, LEDGER_TYPE_COSIGNATURE, GB_SIGN, (unsigned char)(10 + i));
    *state = &process;
    return 0;
}

static int stop(void **state)
{
    for (size_t i = 0; i < LEN(witnesses); i++)
        sign_key_release(&witnesses[i].secret);
    sign_key_release(&kr_log.secret);
    sign_key_release(&gb_log.secret);
    arena_release(*state);
    return 0;
}

// "%L" stands for the log's key, "%0" to "%4" for those of the witnesses.
static struct str policy(struct arena *a, const char *pattern)
{
    struct buf b = buf_in(a, QUORUM_BYTES_MAX + 100);
    for (const char *p = pattern; *p; p++) {
        if (*p != '%')
            buf_put_byte(&b, *p);
        else if (*++p == 'L')
            ledger_key_put(&b, &kr_log.key);
        else
            ledger_key_put(&b, &witnesses[*p - '0'].key);
    }
    return buf_str(&b);
}

static void quorums_are_met_by_the_right_witnesses(void **state)
{
    static const char two_levels[] =
        "# two organisations\n\nlog %L https://example/\n"
        "witness a %0\nwitness b %1 http://b\n \twitness\tc  %2 \n  # more\n"
        "group abc 2 a b c\nwitness d %3\nwitness e %4\ngroup de any d e\n"
        "group both all abc de\nquorum both\n";
    static const struct {
        const char *why, *text;
        unsigned signers; // bit i: witness i
        bool want;
    } cases[] = {
        {"none", "quorum none\n", 0, true},
        {"one", "witness a %0\nquorum a\n", 1, true},
        {"one missing", "witness a %0\nquorum a\n", 0, false},
        {"the other one", "witness a %0\nwitness b %1\nquorum a\n", 2, false},
        {"quorum before later lines", "witness a %0\nquorum a\nwitness b %1\n", 1, true},
        {"group of one", "witness a %0\ngroup g 1 a\nquorum g\n", 1, true},
        {"two levels", two_levels, 0x0B, true},
        {"two levels, other half", two_levels, 0x16, true},
        {"one of three", two_levels, 0x19, false},
        {"none of two", two_levels, 0x07, false},
        {"all", two_levels, 0x1F, true},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct ledger_quorum q;
        CHECK_ERR(cases[i].why,
            ledger_quorum_parse(*state, policy(*state, cases[i].text), &q, NULL), ERR_OK);
        bool signed_by[QUORUM_WITNESSES_MAX] = {0};
        for (size_t j = 0; j < 5; j++)
            signed_by[j] = cases[i].signers >> j & 1;
        CHECK(cases[i].why, ledger_quorum_met(&q, signed_by) == cases[i].want);
    }
}

static void malformed_policies_are_refused_with_their_line(void **state)
{
    static const struct {
        const char *why, *text;
        size_t line; // counted from 0
    } cases[] = {
        {"empty", "", 0},
        {"no quorum", "log %L\n", 1},
        {"two quorums", "quorum none\nquorum none\n", 1},
        {"unknown kind", "quorum none\nlogs x\n", 1},
        {"no newline", "quorum none", 0},
        {"form feed", "quorum\fnone\n", 0},
        {"undefined quorum", "quorum a\nwitness a %0\n", 0},
        {"log key for a witness", "witness a %L\nquorum a\n", 0},
        {"witness key for a log", "log %0\nquorum none\n", 0},
        {"same key twice", "witness a %0\nwitness b %0\nquorum a\n", 1},
        {"same log twice", "log %L\nlog %L\nquorum none\n", 1},
        {"same name twice", "witness a %0\nwitness a %1\nquorum a\n", 1},
        {"group named as a witness", "witness a %0\ngroup a any a\nquorum a\n", 1},
        {"the name none", "witness none %0\nquorum none\n", 0},
        {"in two groups", "witness a %0\ngroup g any a\ngroup h any a\nquorum g\n", 2},
        {"twice in a group", "witness a %0\ngroup g any a a\nquorum g\n", 1},
        {"in itself", "witness a %0\ngroup g any a g\nquorum g\n", 1},
        {"none in a group", "group g any none\nquorum g\n", 0},
        {"zero of one", "witness a %0\ngroup g 0 a\nquorum g\n", 1},
        {"two of one", "witness a %0\ngroup g 2 a\nquorum g\n", 1},
        {"leading zero", "witness a %0\ngroup g 01 a\nquorum g\n", 1},
        {"no members", "group g any\nquorum g\n", 0},
        {"too many words", "witness a %0 url more\nquorum a\n", 0},
        {"quorum of two", "witness a %0\nwitness b %1\nquorum a b\n", 2},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct ledger_quorum q;
        struct fault fault = {0};
        struct str text = policy(*state, cases[i].text);
        enum err e = ledger_quorum_parse(*state, text, &q, &fault);
        CHECK_ERR(cases[i].why, e, ERR_INVALID);
        size_t line = 0;
        for (size_t j = 0; j < fault.at && j < text.len; j++)
            line += text.ptr[j] == '\n';
        CHECK(cases[i].why, line == cases[i].line && fault.why);
    }
}

static void limits_hold_and_the_recommended_sizes_fit(void **state)
{
    struct buf b = buf_in(*state, QUORUM_BYTES_MAX);
    for (unsigned char i = 0; i < QUORUM_LOGS_MAX; i++) {
        struct pair p = pair_make(*state, LEDGER_TYPE_NOTE, "log", (unsigned char)(100 + i));
        buf_put(&b, STR("log "));
        ledger_key_put(&b, &p.key);
        buf_put_byte(&b, '\n');
        sign_key_release(&p.secret);
    }
    size_t full = b.len;
    struct ledger_quorum q;
    buf_put(&b, STR("quorum none\n"));
    assert_int_equal(ledger_quorum_parse(*state, buf_str(&b), &q, NULL), ERR_OK);
    assert_int_equal(q.n_logs, QUORUM_LOGS_MAX);
    b.len = full;
    buf_put(&b, policy(*state, "log %L\nquorum none\n"));
    assert_int_equal(ledger_quorum_parse(*state, buf_str(&b), &q, NULL), ERR_LIMIT);
}

struct chain {
    struct str entries[5];
    struct ledger_hash leaves[5];
    struct ledger_leaves all;
    struct ledger_head head;
};

static void chain_make(struct chain *c)
{
    static const struct str entries[5] = {STR_INIT("zero"), STR_INIT("one"), STR_INIT("two"),
        STR_INIT("three"), STR_INIT("four")};
    for (size_t i = 0; i < 5; i++) {
        c->entries[i] = entries[i];
        c->leaves[i] = ledger_leaf_hash(entries[i]);
    }
    c->all = (struct ledger_leaves){c->leaves, 5};
    c->head = (struct ledger_head){5, ledger_root_of(c->leaves, 5)};
}

static void a_checkpoint_opens_under_the_policy_of_its_pair(void **state)
{
    struct chain c;
    struct ledger_quorum q;
    struct ledger_checkpoint out;
    chain_make(&c);
    struct buf b = buf_in(*state, 4096);
    ledger_quorum_put_pair(&b, &kr_log.key, &witnesses[0].key);
    assert_int_equal(ledger_quorum_parse(*state, buf_str(&b), &q, NULL), ERR_OK);
    struct str plain = checkpoint_make(*state, &kr_log, &c.head);
    struct str stranger = cosign(*state, plain, &witnesses[1], 1795456800);
    struct str good = cosign(*state, stranger, &witnesses[0], 1795456801);
    struct str other =
        cosign(*state, checkpoint_make(*state, &gb_log, &c.head), &witnesses[0], 1795456801);
    assert_int_equal(ledger_quorum_open(*state, &q, good, &out, NULL), ERR_OK);
    assert_int_equal(out.head.size, 5);
    assert_int_equal(ledger_quorum_open(*state, &q, plain, &out, NULL), ERR_DENIED);
    assert_int_equal(ledger_quorum_open(*state, &q, stranger, &out, NULL), ERR_DENIED);
    assert_int_equal(ledger_quorum_open(*state, &q, other, &out, NULL), ERR_NOT_FOUND);
    assert_int_equal(ledger_quorum_open(*state, &q, STR("x"), &out, NULL), ERR_INVALID);
    // The cosignature alone is not the log's word.
    struct ledger_note note;
    assert_int_equal(ledger_note_parse(*state, good, &note, NULL), ERR_OK);
    b = buf_in(*state, 4096);
    ledger_note_put(&b, note.text, note.signatures[2].line);
    assert_int_equal(ledger_quorum_open(*state, &q, buf_str(&b), &out, NULL), ERR_DENIED);
}

static void a_proof_file_holds_for_its_entry_alone_L3(void **state)
{
    struct chain c;
    struct ledger_quorum q;
    struct ledger_checkpoint out;
    chain_make(&c);
    struct ledger_reader r = ledger_leaves_reader(&c.all);
    assert_int_equal(ledger_quorum_parse(*state,
                         policy(*state, "log %L\nwitness gb %0\nquorum gb\n"), &q, NULL),
        ERR_OK);
    struct str note =
        cosign(*state, checkpoint_make(*state, &kr_log, &c.head), &witnesses[0], 1795456800);
    for (uint64_t i = 0; i < 5; i++) {
        struct ledger_proof_file file = {.index = i, .note = note}, back;
        if (i == 2)
            file.extra = STR("not trusted");
        assert_int_equal(ledger_inclusion_prove(&r, i, 5, &file.path), ERR_OK);
        struct buf b = buf_in(*state, 4096), again = buf_in(*state, 4096);
        ledger_proof_file_put(&b, &file);
        assert_int_equal(ledger_proof_file_parse(*state, buf_str(&b), &back, NULL), ERR_OK);
        ledger_proof_file_put(&again, &back);
        CHECK_STR("again", buf_str(&again), buf_str(&b));
        assert_int_equal(
            ledger_proof_file_verify(*state, &back, &q, c.entries[i], &out), ERR_OK);
        assert_int_equal(
            ledger_proof_file_verify(*state, &back, &q, STR("other"), &out), ERR_CORRUPT);
        back.index = (i + 1) % 5;
        assert_int_equal(
            ledger_proof_file_verify(*state, &back, &q, c.entries[i], &out), ERR_CORRUPT);
    }
}

static void malformed_proof_files_are_refused(void **state)
{
    static const struct {
        const char *why;
        struct str text;
        size_t at;
    } cases[] = {
        {"empty", STR_INIT(""), 0},
        {"other version", STR_INIT("c2sp.org/tlog-proof@v2\n"), 0},
        {"no index", STR_INIT("c2sp.org/tlog-proof@v1\n"), 23},
        {"bad extra", STR_INIT("c2sp.org/tlog-proof@v1\nextra *\nindex 0\n\n"), 23},
        {"leading zero", STR_INIT("c2sp.org/tlog-proof@v1\nindex 00\n\n"), 23},
        {"bad hash", STR_INIT("c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\n"), 31},
        {"no checkpoint", STR_INIT("c2sp.org/tlog-proof@v1\nindex 0\n\n"), 32},
        {"no empty line", STR_INIT("c2sp.org/tlog-proof@v1\nindex 0\n"), 31},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct ledger_proof_file file;
        struct fault fault = {0};
        CHECK_ERR(cases[i].why, ledger_proof_file_parse(*state, cases[i].text, &file, &fault),
            ERR_INVALID);
        CHECK(cases[i].why, fault.at == cases[i].at);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(quorums_are_met_by_the_right_witnesses),
        TEST(malformed_policies_are_refused_with_their_line),
        TEST(limits_hold_and_the_recommended_sizes_fit),
        TEST(a_checkpoint_opens_under_the_policy_of_its_pair),
        TEST(a_proof_file_holds_for_its_entry_alone_L3),
        TEST(malformed_proof_files_are_refused),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
