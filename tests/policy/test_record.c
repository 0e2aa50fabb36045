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

// Changing any fact changes the text, so that two records of the same hash had the same facts.
static void V3_every_fact_counts(void **state)
{
    struct arena request;
    arena_init(&request, MIB);
    struct policy_facts plain = facts_make(), f[17];
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
    f[16].agreement.is_frozen = true;
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
    };
    return RUN_TESTS(tests);
}
