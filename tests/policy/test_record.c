// SPDX-License-Identifier: Apache-2.0
#include "base/hex.h"
#include "base/limits.h"
#include "hash/hash.h"
#include "policy/record.h"
#include "test.h"
#include "json/canonical.h"

static const struct str texts[] = {STR_INIT("GBR"), STR_INIT("KOR")};
static const struct policy_grant grants[] = {
    {STR_INIT("gb"), STR_INIT("kr"), STR_INIT("warning"), 7, STR_INIT("c0"), STR_INIT("")}};

static const struct policy_community communities[] = {{STR_INIT("FVEY"), texts, 2}};

static struct policy_facts facts_make(void)
{
    return (struct policy_facts){
        .type = STR("indicator"),
        .label = {.handling = {.tlp = STIX_TLP_AMBER,
                      .has_relto = true,
                      .relto = texts,
                      .n_relto = 2,
                      .originator = STR("gb")},
            .is_in_bytes = true},
        .self = STR("gb"),
        .recipient = {.party = STR("kr"),
            .name = STR("a \"name\""),
            .trigraph = STR("KOR"),
            .relation = POLICY_OTHER},
        .agreement = {.digest = STR("00"),
            .is_live = true,
            .is_addressee = true,
            .purposes = texts,
            .n_purposes = 2,
            .types = texts,
            .n_types = 1},
        .purpose = STR("GBR"),
        .channel = POLICY_LINK,
        .now_us = 1,
        .grants = grants,
        .n_grants = 1,
        .approvers = texts,
        .n_approvers = 2,
        .cosignature_age_max_us = 5,
    };
}

static void V3_the_record_is_canonical_and_binds_its_facts(void **state)
{
    static const unsigned char commitment[SHA256_BYTES] = {1};
    struct arena request;
    arena_init(&request, MIB);
    struct policy_facts facts = facts_make();
    struct policy_record record = {STR("tool--x"), STR("2016-04-06T20:03:48.000Z"), STR("gb"),
        commitment, &facts, policy_decide(&facts)};
    struct buf b = buf_in(&request, 64 * KIB), f = buf_in(&request, 64 * KIB);
    struct json root, member;
    struct fault fault = {0};
    CHECK_ERR("record", policy_record_put(&request, &b, &record), ERR_OK);
    CHECK_ERR("facts", policy_facts_put(&f, &facts), ERR_OK);
    CHECK_ERR(
        "canonical facts", json_canonical_check(&request, buf_str(&f), &root, &fault), ERR_OK);
    CHECK_ERR(
        "canonical record", json_canonical_check(&request, buf_str(&b), &root, &fault), ERR_OK);
    assert_true(json_get(root, STR("rule"), &member) && json_is_string(member, STR("R3")));
    assert_true(
        json_get(root, STR("why"), &member) && json_is_string(member, STR("not-covered")));
    unsigned char digest[SHA256_BYTES];
    struct buf hex = buf_in(&request, KIB);
    hash_sha256(buf_str(&f), digest);
    hex_put(&hex, digest, sizeof digest);
    assert_true(json_get(root, STR("facts"), &member) && json_is_string(member, buf_str(&hex)));
    arena_release(&request);
}

static void V3_P6_facts_are_read_only_as_they_are_printed(void **state)
{
    static const struct {
        const char *why;
        struct str from, to;
    } rows[] = {
        {"a member missing", STR_INIT("\"flash\":false,"), STR_INIT("")},
        {"a member more", STR_INIT("\"flash\":false,"), STR_INIT("\"flash\":false,\"g\":1,")},
        {"another type", STR_INIT("\"flash\":false"), STR_INIT("\"flash\":0")},
        {"a channel that is none", STR_INIT("\"ch\":\"link\""), STR_INIT("\"ch\":\"mail\"")},
        {"a relation that is none", STR_INIT("\"other\""), STR_INIT("\"another\"")},
        {"a problem that is none", STR_INIT("\"problem\":\"none\""),
            STR_INIT("\"problem\":\"some\"")},
        {"a blank", STR_INIT("{\"agreement\""), STR_INIT("{ \"agreement\"")},
        {"a list that is none", STR_INIT("\"grants\":["), STR_INIT("\"grants\":1,\"h\":[")},
        {"nothing changed", STR_INIT("{"), STR_INIT("{")},
    };
    struct arena request;
    arena_init(&request, 4 * MIB);
    struct policy_facts facts = facts_make(), again;
    struct buf b = buf_in(&request, 64 * KIB);
    facts.agreement.communities = communities;
    facts.agreement.n_communities = 1;
    CHECK_ERR("facts", policy_facts_put(&b, &facts), ERR_OK);
    struct str text = buf_str(&b);
    for (size_t i = 0; i < LEN(rows); i++) {
        size_t at = str_find(text, rows[i].from);
        struct fault fault = {0};
        struct buf changed = buf_in(&request, 64 * KIB);
        CHECK(rows[i].why, at < text.len);
        buf_put(&changed, str_to(text, at));
        buf_put(&changed, rows[i].to);
        buf_put(&changed, str_from(text, at + rows[i].from.len));
        bool is_same = str_eq(rows[i].from, rows[i].to);
        CHECK_ERR(rows[i].why, policy_facts_parse(&request, buf_str(&changed), &again, &fault),
            is_same ? ERR_OK : ERR_INVALID);
        CHECK(rows[i].why, is_same || fault.why);
    }
    arena_release(&request);
}

static void nationalities_are_expanded(void **state)
{
    static const struct str codes[] = {STR_INIT("FVEY"), STR_INIT("KOR"), STR_INIT("QUAD")};
    static const char *const want[] = {"GBR", "KOR", "QUAD"};
    struct arena request;
    arena_init(&request, MIB);
    struct policy_facts facts = facts_make();
    struct policy_nations nations;
    facts.agreement.communities = communities;
    facts.agreement.n_communities = 1;
    facts.label.handling.relto = codes;
    facts.label.handling.n_relto = LEN(codes);
    CHECK_ERR("expand", policy_expand(&request, &facts, &nations), ERR_OK);
    assert_int_equal(nations.n, LEN(want));
    for (size_t i = 0; i < LEN(want); i++)
        CHECK_STR("sorted, once", nations.items[i], str_of(want[i]));
    arena_release(&request);
}

static enum err all_of_it(struct arena *a, const struct policy_facts *facts)
{
    static const unsigned char commitment[SHA256_BYTES] = {1};
    struct policy_record record = {STR("tool--x"), STR("2016-04-06T20:03:48.000Z"), STR("gb"),
        commitment, facts, policy_decide(facts)};
    struct policy_facts again;
    struct buf b = buf_in(a, 64 * KIB), f = buf_in(a, 64 * KIB);
    TRY(policy_record_put(a, &b, &record));
    TRY(policy_facts_put(&f, facts));
    return policy_facts_parse(a, buf_str(&f), &again, NULL);
}

static void a_full_arena_is_a_limit(void **state)
{
    struct policy_facts facts = facts_make();
    enum err e = ERR_LIMIT;
    facts.agreement.communities = communities;
    facts.agreement.n_communities = 1;
    for (size_t limit = 0; e != ERR_OK && limit < 256 * KIB; limit += 64) {
        struct arena small;
        arena_init(&small, limit);
        e = all_of_it(&small, &facts);
        CHECK("limit", e == ERR_OK || e == ERR_LIMIT);
        arena_release(&small);
    }
    CHECK_ERR("at last", e, ERR_OK);
}

// Changing any fact changes the text, so that two records of the same hash had the same facts.
static void V3_every_fact_counts(void **state)
{
    struct arena request;
    arena_init(&request, MIB);
    struct policy_facts plain = facts_make(), f[21];
    for (size_t i = 0; i < LEN(f); i++)
        f[i] = plain;
    f[0].type = STR("tool");
    f[1].is_recalled = true;
    f[2].is_withdrawn = true;
    f[3].self = STR("jp");
    f[4].recipient.is_client = true;
    f[5].recipient.n_persons = 1, f[5].recipient.persons = texts;
    f[6].agreement.is_community = true;
    f[7].channel = POLICY_TAXII;
    f[8].n_grants = 0;
    f[9].n_approvers = 1;
    f[10].cosignature_age_us = 1;
    f[11].is_flash = true;
    f[12].label.has_stricter_part = true;
    f[13].label.problem = POLICY_LABEL_FORGED;
    f[14].label.handling.n_relto = 0;
    f[15].now_us = 2;
    f[16].object = STR("c1");
    f[17].is_redacted = true;
    f[18].agreement.communities = communities, f[18].agreement.n_communities = 1;
    f[19].recipient.registered = texts, f[19].recipient.n_registered = 1;
    f[20].agreement.is_frozen = true;
    struct buf want = buf_in(&request, 64 * KIB);
    CHECK_ERR("facts", policy_facts_put(&want, &plain), ERR_OK);
    for (size_t i = 0; i < LEN(f); i++) {
        struct buf b = buf_in(&request, 64 * KIB);
        CHECK_ERR("facts", policy_facts_put(&b, &f[i]), ERR_OK);
        assert_false(str_eq(buf_str(&b), buf_str(&want)));
    }
    arena_release(&request);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(V3_the_record_is_canonical_and_binds_its_facts),
        cmocka_unit_test(V3_every_fact_counts),
        cmocka_unit_test(V3_P6_facts_are_read_only_as_they_are_printed),
        cmocka_unit_test(nationalities_are_expanded),
        cmocka_unit_test(a_full_arena_is_a_limit),
    };
    return RUN_TESTS(tests);
}
