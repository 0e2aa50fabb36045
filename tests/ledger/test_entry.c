// SPDX-License-Identifier: Apache-2.0
#include "scenario.h"

#include "json/canonical.h"

static void commitments_are_those_of_the_reference(void **state)
{
    static const struct str a =
        STR_INIT("{\"id\":\"ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4\",\"spec_version\":"
                 "\"2.1\",\"type\":\"ipv4-addr\",\"value\":\"198.51.100.3\"}");
    static const struct str b =
        STR_INIT("{\"type\": \"ipv4-addr\", \"spec_version\": \"2.1\", \"id\": "
                 "\"ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4\", \"value\": "
                 "\"198.51.100.3\"}");
    static const char *const want[] = {
        "777b8a364f9a1bac52215b269789c78305002779531acecd1403ecba73ff1ba0",
        "a35473d219ac7b37f682a226e452aba4bfc5b0fc7529934e2e03f3593421686a",
        "934d5ca0b8e09701428d87ebf2f743f8947e76f89cfdb268c544f3c66474913a",
        "7afecb47d5df5604c37cddada728370bba92077cc32a0b796cf0c2188c48c61f"};
    unsigned char salt[LEDGER_SALT_BYTES];
    for (unsigned char i = 0; i < sizeof salt; i++)
        salt[i] = i;
    struct ledger_hash c[2] = {ledger_commitment(salt, a), ledger_commitment(salt, b)};
    struct ledger_hash got[] = {
        c[0], c[1], ledger_commitments_head(c, 1).root, ledger_commitments_head(c, 2).root};
    for (size_t i = 0; i < LEN(got); i++) {
        struct buf hex = buf_in(*state, 64);
        ledger_hash_put_hex(&hex, &got[i]);
        CHECK_STR("hash", buf_str(&hex), str_of(want[i]));
    }
}

static void every_kind_composes_to_canonical_text_and_back(void **state)
{
    struct scenario s;
    scenario_make(*state, &s);
    const struct log *logs[] = {&s.gb, &s.kr};
    for (size_t i = 0; i < 2; i++) {
        for (size_t j = 0; j < logs[i]->n; j++) {
            struct str text = logs[i]->entries[j], again = STR("");
            struct json v;
            struct ledger_entry e;
            assert_int_equal(json_canonical_check(*state, text, &v, NULL), ERR_OK);
            assert_int_equal(ledger_entry_parse(*state, text, &e, NULL), ERR_OK);
            assert_int_equal(ledger_entry_compose(*state, &e, &again, NULL), ERR_OK);
            CHECK_STR("again", again, text);
            assert_true(text.len <= KIB);
            assert_int_equal(e.sequence, j);
        }
    }
    scenario_release_keys(&s);
}

static void a_release_reads_as_the_reference_says(void **state)
{
    struct scenario s = {.gb.key.key.name = STR(GB_LOG), .kr.key.key.name = STR(KR_LOG)};
    struct ledger_hash commitment = {{0xAB}};
    struct ledger_entry e = release_make(&s, &commitment, 1);
    struct str persons[] = {STR("officer-1"), STR("\xED\x99\x8D")}, text = STR("");
    e.release.persons = (struct ledger_strings){persons, 2};
    e.release.has_expansion = true;
    assert_int_equal(ledger_entry_compose(*state, &e, &text, NULL), ERR_OK);
#define ZERO "0000000000000000000000000000000000000000000000000000000000000000"
    CHECK_STR("text", text,
        STR("{\"agr\":\"" ZERO "\",\"b\":{\"ch\":\"link\",\"dec\":\"" ZERO "\",\"exp\":\"" ZERO
            "\",\"id\":\"" RELEASE_ID
            "\",\"persons\":[\"officer-1\",\"\xED\x99\x8D\"],\"pr\":\"normal\",\"purpose\":"
            "\"threat-intelligence\",\"rule\":\"R7\",\"sz\":\"245\",\"to\":\"kr\"},\"cr\":{"
            "\"n\":\"1\",\"r\":"
            "\"b45181c70eee2ede76ed3fa36d69d51bc4a96efb452cfe710c31a6c94f1846c7\"},"
            "\"h\":" HANDLING ",\"k\":\"release\",\"o\":\"" GB_LOG "\",\"p\":\"" KR_LOG
            "\",\"s\":\"0\",\"t\":\"2026-11-23T18:00:00.123456Z\",\"v\":1,\"x\":{\"n\":\"0\","
            "\"r\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"}}"));
}

static void a_flash_carries_its_officer_and_language(void **state)
{
    struct scenario s = {.gb.key.key.name = STR(GB_LOG), .kr.key.key.name = STR(KR_LOG)};
    struct ledger_hash commitment = {{1}};
    struct ledger_entry e = release_make(&s, &commitment, 1), back;
    struct str text = STR("");
    e.kind = LEDGER_FLASH;
    e.release.priority = LEDGER_FLASH_FIRST;
    e.release.lang = STR("ko");
    e.release.by = (struct ledger_officer){STR("12ab"), STR("ed25519"), STR("c2ln")};
    assert_int_equal(ledger_entry_compose(*state, &e, &text, NULL), ERR_OK);
    assert_int_equal(ledger_entry_parse(*state, text, &back, NULL), ERR_OK);
    CHECK_STR("lang", back.release.lang, STR("ko"));
    CHECK_STR("officer", back.release.by.key_id, STR("12ab"));
    assert_true(ledger_kind_is_receipted(back.kind));
    e.release.priority = LEDGER_URGENT;
    assert_int_equal(ledger_entry_compose(*state, &e, &text, NULL), ERR_INVALID);
}

static struct ledger_entry grant_make(struct ledger_strings *by)
{
    struct scenario s = {.gb.key.key.name = STR(GB_LOG), .kr.key.key.name = STR(KR_LOG)};
    struct ledger_hash commitment = {{1}};
    struct ledger_entry e = release_make(&s, &commitment, 1);
    e.kind = LEDGER_GRANT;
    e.committed = (struct ledger_head){0};
    e.grant = (struct ledger_grant){.id = STR(RELEASE_ID),
        .to = STR("us"),
        .purpose = STR("threat-intelligence"),
        .not_after_us = 0,
        .by = *by};
    return e;
}

static void a_grant_names_one_object_or_one_class(void **state)
{
    static const struct {
        const char *why;
        bool has_object;
        const char *type, *terms;
        enum err want;
    } cases[] = {
        {"an object", true, "", "", ERR_OK},
        {"a class, with terms", false, "indicator", "\xED\x99\x8D", ERR_OK},
        {"both", true, "indicator", "", ERR_INVALID},
        {"neither", false, "", "", ERR_INVALID},
    };
    struct str officers[] = {STR("12ab"), STR("34cd")};
    struct ledger_strings by = {officers, LEN(officers)};
    for (size_t i = 0; i < LEN(cases); i++) {
        struct ledger_entry e = grant_make(&by), back;
        struct str text = STR("");
        e.grant.what.has_object = cases[i].has_object;
        e.grant.what.type = str_of(cases[i].type);
        e.grant.terms = str_of(cases[i].terms);
        CHECK_ERR(cases[i].why, ledger_entry_compose(*state, &e, &text, NULL), cases[i].want);
        if (cases[i].want != ERR_OK)
            continue;
        assert_int_equal(ledger_entry_parse(*state, text, &back, NULL), ERR_OK);
        assert_int_equal(back.grant.by.n, 2);
        assert_true(back.grant.what.has_object == cases[i].has_object);
        assert_false(ledger_kind_is_receipted(back.kind));
    }
    struct ledger_entry e = grant_make(&by);
    struct str text;
    struct buf long_terms = buf_in(*state, 4 * LEDGER_TERMS_MAX);
    for (unsigned i = 0; i <= LEDGER_TERMS_MAX; i++)
        buf_put(&long_terms, STR("\xED\x99\x8D"));
    e.grant.what.has_object = true;
    e.grant.terms = str_from(buf_str(&long_terms), 3);
    assert_int_equal(ledger_entry_compose(*state, &e, &text, NULL), ERR_OK);
    e.grant.terms = buf_str(&long_terms);
    assert_int_equal(ledger_entry_compose(*state, &e, &text, NULL), ERR_INVALID);
}

// The text with one part replaced.
static struct str replaced(struct arena *a, struct str text, const char *part, const char *by)
{
    size_t at = str_find(text, str_of(part));
    CHECK(part, at < text.len);
    struct buf b = buf_in(a, 2 * LEDGER_ENTRY_BYTES_MAX);
    buf_put(&b, str_to(text, at));
    buf_put(&b, str_of(by));
    buf_put(&b, str_from(text, at + strlen(part)));
    return buf_str(&b);
}

static void wrong_entries_get_the_code_of_the_rule(void **state)
{
    static const struct {
        const char *why;
        unsigned kr; // 0: GB's entry of that number, 1: KR's
        unsigned number;
        const char *part, *by;
        enum ledger_code want;
    } cases[] = {
        {"cut", 0, 0, "}}", "}", LEDGER_CODE_PARSE},
        {"duplicate key", 0, 0, "\"v\":1", "\"v\":1,\"v\":1", LEDGER_CODE_PARSE},
        {"fraction", 0, 0, "\"emb\":null", "\"emb\":1.5", LEDGER_CODE_PARSE},
        {"2^53", 0, 0, "\"emb\":null", "\"emb\":9007199254740992", LEDGER_CODE_PARSE},
        {"lone surrogate", 0, 0, "\"R7\"", "\"\\ud800\"", LEDGER_CODE_PARSE},
        {"bad UTF-8", 0, 0, "\"R7\"", "\"\xFF\"", LEDGER_CODE_PARSE},
        {"space", 0, 0, "\"v\":1", "\"v\": 1", LEDGER_CODE_CANON},
        {"escape", 0, 0, "\"R7\"", "\"\\u0052\"", LEDGER_CODE_CANON},
        {"order", 0, 0, "\"cav\":[],\"emb\":null", "\"emb\":null,\"cav\":[]",
            LEDGER_CODE_CANON},
        {"kind", 0, 0, "\"release\"", "\"released\"", LEDGER_CODE_UNKNOWN_KIND},
        {"kind for later", 0, 0, "\"release\"", "\"psi-commit\"", LEDGER_CODE_UNKNOWN_KIND},
        {"consent", 0, 0, "\"release\"", "\"propose\"", LEDGER_CODE_UNKNOWN_KIND},
        {"no kind", 0, 0, "\"k\":\"release\",", "", LEDGER_CODE_FIELD},
        {"new member", 0, 0, ",\"v\":1", ",\"u\":1,\"v\":1", LEDGER_CODE_UNKNOWN_FIELD},
        {"new member of the body", 0, 0, "{\"ch\"", "{\"a\":1,\"ch\"",
            LEDGER_CODE_UNKNOWN_FIELD},
        {"language of a release", 0, 0, "\"pr\"", "\"lang\":\"ko\",\"pr\"",
            LEDGER_CODE_UNKNOWN_FIELD},
        {"version 2", 0, 0, "\"v\":1", "\"v\":2", LEDGER_CODE_FIELD},
        {"no version", 0, 0, "\"v\":1,", "", LEDGER_CODE_FIELD},
        {"number for a string", 0, 0, "\"s\":\"0\"", "\"s\":0", LEDGER_CODE_FIELD},
        {"leading zero", 0, 0, "\"s\":\"0\"", "\"s\":\"00\"", LEDGER_CODE_FIELD},
        {"short time", 0, 0, ".123456Z", ".123Z", LEDGER_CODE_FIELD},
        {"time with offset", 0, 0, ".123456Z", ".123456+00:00", LEDGER_CODE_FIELD},
        {"upper-case hash", 0, 0, "\"dec\":\"0", "\"dec\":\"F0", LEDGER_CODE_FIELD},
        {"upper-case party", 0, 0, "\"to\":\"kr\"", "\"to\":\"KR\"", LEDGER_CODE_FIELD},
        {"origin with a plus", 0, 0, "\"o\":\"node", "\"o\":\"no+de", LEDGER_CODE_FIELD},
        {"id of version 4", 0, 0, "-7000-", "-4000-", LEDGER_CODE_FIELD},
        {"channel", 0, 0, "\"link\"", "\"mail\"", LEDGER_CODE_FIELD},
        {"flash without officer", 0, 0, "\"normal\"", "\"flash\"", LEDGER_CODE_FIELD},
        {"empty rule", 0, 0, "\"R7\"", "\"\"", LEDGER_CODE_FIELD},
        {"no handling", 0, 0, "\"h\":" HANDLING ",", "", LEDGER_CODE_FIELD},
        {"handling as text", 0, 0, HANDLING, "\"amber\"", LEDGER_CODE_FIELD},
        {"no objects", 0, 0, "\"cr\":{\"n\":\"2\"", "\"cr\":{\"n\":\"0\"", LEDGER_CODE_COMMIT},
        {"257 objects", 0, 0, "\"cr\":{\"n\":\"2\"", "\"cr\":{\"n\":\"257\"",
            LEDGER_CODE_COMMIT},
        {"empty peer with a root", 0, 0, "\"r\":\"e3b0", "\"r\":\"e3b1", LEDGER_CODE_FIELD},
        {"leaf of a recall", 0, 2, "\"n\":[\"1\"]", "\"n\":[\"256\"]", LEDGER_CODE_FIELD},
        {"leaves not rising", 0, 2, "\"n\":[\"1\"]", "\"n\":[\"1\",\"1\"]", LEDGER_CODE_FIELD},
        {"empty list", 0, 2, "\"n\":[\"1\"]", "\"n\":[]", LEDGER_CODE_FIELD},
        {"handling of a receipt", 1, 0, "\"k\":", "\"h\":{},\"k\":", LEDGER_CODE_UNKNOWN_FIELD},
        {"refused without reason", 1, 0, "\"accepted\"", "\"refused\"", LEDGER_CODE_FIELD},
        {"no leaf hash", 1, 0, "\"lh\":\"", "\"li\":\"", LEDGER_CODE_UNKNOWN_FIELD},
        {"state", 1, 3, "\"destroyed\"", "\"lost\"", LEDGER_CODE_FIELD},
        {"boolean as text", 1, 3, ":true", ":\"true\"", LEDGER_CODE_FIELD},
    };
    struct scenario s;
    scenario_make(*state, &s);
    for (size_t i = 0; i < LEN(cases); i++) {
        const struct log *log = cases[i].kr ? &s.kr : &s.gb;
        struct str text =
            replaced(*state, log->entries[cases[i].number], cases[i].part, cases[i].by);
        struct ledger_entry e;
        struct ledger_fault fault = {0};
        CHECK_ERR(cases[i].why, ledger_entry_parse(*state, text, &e, &fault), ERR_INVALID);
        if (fault.code != cases[i].want)
            fail_msg("%s: got %s (%s), want %s", cases[i].why, ledger_code_name(fault.code),
                fault.where.why, ledger_code_name(cases[i].want));
        CHECK(cases[i].why, fault.where.at <= text.len);
    }
    scenario_release_keys(&s);
}

static void an_entry_has_at_most_65535_bytes_SV9(void **state)
{
    struct scenario s = {.gb.key.key.name = STR(GB_LOG), .kr.key.key.name = STR(KR_LOG)};
    struct ledger_hash commitment = {{1}};
    struct ledger_entry e = release_make(&s, &commitment, 1), back;
    struct str text = STR("");
    assert_int_equal(ledger_entry_compose(*state, &e, &text, NULL), ERR_OK);
    size_t padding = LEDGER_ENTRY_BYTES_MAX - text.len + sizeof HANDLING - 1 - 8;
    for (size_t more = 0; more < 2; more++) {
        struct buf h = buf_in(*state, LEDGER_ENTRY_BYTES_MAX + 1);
        struct ledger_fault fault = {0};
        buf_put(&h, STR("{\"z\":\""));
        for (size_t i = 0; i < padding + more; i++)
            buf_put_byte(&h, 'z');
        buf_put(&h, STR("\"}"));
        e.handling = buf_str(&h);
        assert_int_equal(
            ledger_entry_compose(*state, &e, &text, &fault), more ? ERR_LIMIT : ERR_OK);
        if (more)
            assert_int_equal(fault.code, LEDGER_CODE_SIZE);
        else
            assert_int_equal(text.len, LEDGER_ENTRY_BYTES_MAX);
    }
    static char huge[LEDGER_ENTRY_BYTES_MAX + 1];
    struct ledger_fault fault = {0};
    assert_int_equal(
        ledger_entry_parse(*state, (struct str){huge, sizeof huge}, &back, &fault), ERR_LIMIT);
    assert_int_equal(fault.code, LEDGER_CODE_SIZE);
}

static void numbers_and_peers_must_follow_L1_L2(void **state)
{
    struct ledger_head one = {1, {{1}}}, two = {2, {{2}}}, other_two = {2, {{3}}};
    struct ledger_head none = {0, ledger_empty_root()};
    const struct {
        const char *why;
        const char *origin, *partner;
        uint64_t sequence;
        struct ledger_head peer;
        enum ledger_code want;
    } cases[] = {
        {"first", "a", "b", 0, none, LEDGER_CODE_OK},
        {"again SV7", "a", "b", 0, none, LEDGER_CODE_SEQ_DUP},
        {"gap SV8", "a", "b", 2, none, LEDGER_CODE_SEQ_GAP},
        {"other log SV18", "c", "b", 1, none, LEDGER_CODE_ORIGIN},
        {"other partner", "a", "c", 1, none, LEDGER_CODE_ORIGIN},
        {"second", "a", "b", 1, two, LEDGER_CODE_OK},
        {"peer fell", "a", "b", 2, one, LEDGER_CODE_X_BACK},
        {"peer forked", "a", "b", 2, other_two, LEDGER_CODE_X_FALSE},
        {"third", "a", "b", 2, two, LEDGER_CODE_OK},
    };
    struct ledger_sequence sequence = ledger_sequence_start(STR("a"), STR("b"));
    for (size_t i = 0; i < LEN(cases); i++) {
        struct ledger_entry e = {.origin = str_of(cases[i].origin),
            .partner_origin = str_of(cases[i].partner),
            .sequence = cases[i].sequence,
            .peer = cases[i].peer};
        uint64_t before = sequence.next;
        enum ledger_code got = ledger_entry_follow(&sequence, &e);
        CHECK(cases[i].why, got == cases[i].want);
        CHECK(cases[i].why, sequence.next == before + (got == LEDGER_CODE_OK));
    }
}

static void a_peer_head_must_be_one_that_was_signed(void **state)
{
    struct ledger_hash leaves[] = {
        ledger_leaf_hash(STR("a")), ledger_leaf_hash(STR("b")), ledger_leaf_hash(STR("c"))};
    struct ledger_leaves all = {leaves, 3};
    struct ledger_reader r = ledger_leaves_reader(&all);
    for (size_t size = 0; size <= 3; size++) {
        struct ledger_head head = {size, ledger_root_of(leaves, size)};
        enum ledger_code code = LEDGER_CODE_PARSE;
        assert_int_equal(ledger_peer_check(&r, 2, &head, &code), ERR_OK);
        assert_int_equal(code, size <= 2 ? LEDGER_CODE_OK : LEDGER_CODE_X_FALSE);
        head.root.bytes[5] ^= 1;
        assert_int_equal(ledger_peer_check(&r, 3, &head, &code), ERR_OK);
        assert_int_equal(code, LEDGER_CODE_X_FALSE);
    }
}

static void too_small_an_arena_is_a_limit(void **state)
{
    struct scenario s;
    scenario_make(*state, &s);
    enum err e = ERR_LIMIT;
    for (size_t limit = 0; e != ERR_OK; limit += 64) {
        struct arena small;
        struct ledger_entry entry;
        struct str text;
        arena_init(&small, limit);
        e = ledger_entry_parse(&small, s.gb.entries[2], &entry, NULL);
        if (e == ERR_OK)
            e = ledger_entry_compose(&small, &entry, &text, NULL);
        assert_true(e == ERR_OK || e == ERR_LIMIT);
        arena_release(&small);
    }
    scenario_release_keys(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(commitments_are_those_of_the_reference),
        TEST(every_kind_composes_to_canonical_text_and_back),
        TEST(a_release_reads_as_the_reference_says),
        TEST(a_flash_carries_its_officer_and_language),
        TEST(a_grant_names_one_object_or_one_class),
        TEST(wrong_entries_get_the_code_of_the_rule),
        TEST(an_entry_has_at_most_65535_bytes_SV9),
        TEST(numbers_and_peers_must_follow_L1_L2),
        TEST(a_peer_head_must_be_one_that_was_signed),
        TEST(too_small_an_arena_is_a_limit),
    };
    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
