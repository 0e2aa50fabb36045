// SPDX-License-Identifier: Apache-2.0
// Redaction, rule by rule, over what a partner without a RED person gets.
#include "base/limits.h"
#include "policy/closure.h"
#include "test.h"

#define ID(type, n) type "--00000000-0000-4000-8000-00000000000" n
#define V(type, n)  type "--00000000-0000-4000-8000-0000000000a" n
#define TIMES                                   \
    "\"created\":\"2020-01-01T00:00:00.000Z\"," \
    "\"modified\":\"2020-01-01T00:00:00.000Z\""
#define HEAD(type, n) \
    "{\"type\":\"" type "\",\"spec_version\":\"2.1\",\"id\":\"" ID(type, n) "\"," TIMES
#define LATER \
    "\"created\":\"2020-01-01T00:00:00.000Z\",\"modified\":\"2026-01-02T00:00:00.000Z\""
#define VHEAD(type, n) \
    "{\"type\":\"" type "\",\"spec_version\":\"2.1\",\"id\":\"" V(type, n) "\"," LATER
#define GREEN            "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"
#define AMBER            "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"
#define RED              "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"
#define STATEMENT        ID("marking-definition", "1")
#define NATIONS          ID("marking-definition", "2")
#define WITHHELD         ID("marking-definition", "3")
#define G(marking, s)    "{\"selectors\":[" s "],\"marking_ref\":\"" marking "\"}"
#define GRANULAR(list)   ",\"granular_markings\":[" list "]"
#define LEFT(marking, s) "{\"marking_ref\":\"" marking "\",\"selectors\":[" s "]}"
#define REFS(list)       ",\"object_marking_refs\":[" list "]"
#define Q(text)          "\"" text "\""
#define TOOL(rest)       HEAD("tool", "1") ",\"name\":\"n\"" rest
#define VTOOL(rest)      VHEAD("tool", "1") ",\"name\":\"n\"" rest
#define MARKED           REFS(Q(GREEN))
#define DEFINITION(id)                                                       \
    "{\"type\":\"marking-definition\",\"spec_version\":\"2.1\",\"id\":\"" id \
    "\",\"created\":\"2020-01-01T00:00:00.000Z\",\"definition_type\":"       \
    "\"statement\",\"definition\":{\"statement\":\"x\"}"

// why, channel, input, what goes (NULL: as received), or why not
static const struct row {
    const char *why;
    enum policy_channel channel;
    enum stix_tlp handling;
    struct str in;
    const char *out;
    enum policy_why reason;
} rows[] = {
    {"as received", POLICY_LINK, STIX_TLP_CLEAR, STR_INIT(TOOL(MARKED "}")), NULL,
        POLICY_PERMITTED},
    {"a granular marking that permits changes nothing", POLICY_LINK, STIX_TLP_CLEAR,
        STR_INIT(
            TOOL(",\"description\":\"d\"" MARKED GRANULAR(G(AMBER, Q("description"))) "}")),
        NULL, POLICY_PERMITTED},
    {"5.6 2 H14 a property goes", POLICY_LINK, STIX_TLP_CLEAR,
        STR_INIT(TOOL(",\"description\":\"d\",\"tool_version\":\"1\"" MARKED GRANULAR(
            G(RED, Q("description")) "," G(AMBER, Q("tool_version"))) "}")),
        VTOOL(",\"tool_version\":\"1\"" MARKED GRANULAR(LEFT(AMBER, Q("tool_version"))) "}"),
        POLICY_PERMITTED},
    {"5.6 2 only the selectors that name it", POLICY_LINK, STIX_TLP_CLEAR,
        STR_INIT(TOOL(",\"description\":\"d\"" MARKED GRANULAR(
            G(RED, Q("description")) "," G(STATEMENT, Q("description") "," Q("name"))) "}")),
        VTOOL(MARKED GRANULAR(LEFT(STATEMENT, Q("name"))) "}"), POLICY_PERMITTED},
    {"5.6 3 a required property", POLICY_LINK, STIX_TLP_CLEAR,
        STR_INIT(TOOL(MARKED GRANULAR(G(RED, Q("name"))) "}")), NULL, POLICY_PART_REQUIRED},
    {"5.6 3 its identifier", POLICY_LINK, STIX_TLP_CLEAR,
        STR_INIT(TOOL(MARKED GRANULAR(G(RED, Q("id"))) "}")), NULL, POLICY_PART_REQUIRED},
    {"5.6 4 an item goes, selectors are renumbered", POLICY_LINK, STIX_TLP_CLEAR,
        STR_INIT(TOOL(",\"labels\":[\"a\",\"b\",\"c\",\"d\"]" MARKED GRANULAR(
            G(RED, Q("labels.[1]")) "," G(AMBER, Q("labels.[2]") "," Q("labels.[0]"))) "}")),
        VTOOL(",\"labels\":[\"a\",\"c\",\"d\"]" MARKED GRANULAR(
            LEFT(AMBER, Q("labels.[0]") "," Q("labels.[1]"))) "}"),
        POLICY_PERMITTED},
    {"5.6 4 the whole list, item by item", POLICY_LINK, STIX_TLP_CLEAR,
        STR_INIT(TOOL(",\"labels\":[\"a\"]" MARKED GRANULAR(G(RED, Q("labels.[0]"))) "}")),
        VTOOL(MARKED "}"), POLICY_PERMITTED},
    {"a list and its item", POLICY_LINK, STIX_TLP_CLEAR,
        STR_INIT(TOOL(",\"labels\":[\"a\",\"b\"]" MARKED GRANULAR(
            G(AMBER, Q("labels")) "," G(RED, Q("labels.[0]"))) "}")),
        VTOOL(",\"labels\":[\"b\"]" MARKED GRANULAR(LEFT(AMBER, Q("labels"))) "}"),
        POLICY_PERMITTED},
    {"an extension with hyphens in its key", POLICY_LINK, STIX_TLP_CLEAR,
        STR_INIT(TOOL(",\"extensions\":{\"" ID("extension-definition",
            "1") "\":{\"extension_type\":\"property-extension\",\"a\":1,\"b\":2}}" MARKED
                GRANULAR(G(RED, Q("extensions." ID("extension-definition", "1") ".a"))) "}")),
        VTOOL(",\"extensions\":{\"" ID("extension-definition",
            "1") "\":{\"extension_type\":\"property-extension\",\"b\":2}}" MARKED "}"),
        POLICY_PERMITTED},
    {"5.6 7 nothing empty stays", POLICY_LINK, STIX_TLP_CLEAR,
        STR_INIT(
            TOOL(",\"x_a\":{\"b\":{\"c\":[1]}}" MARKED GRANULAR(G(RED, Q("x_a.b.c.[0]"))) "}")),
        VTOOL(MARKED "}"), POLICY_PERMITTED},
    {"a language marking is kept", POLICY_LINK, STIX_TLP_CLEAR,
        STR_INIT(TOOL(",\"description\":\"d\"" MARKED GRANULAR(
            G(RED, Q("description")) ",{\"lang\":\"ko\",\"selectors\":[\"name\"]}") "}")),
        VTOOL(MARKED GRANULAR("{\"lang\":\"ko\",\"selectors\":[\"name\"]}") "}"),
        POLICY_PERMITTED},
    {"5.6 1 two markings on one property are folded", POLICY_LINK, STIX_TLP_CLEAR,
        STR_INIT(TOOL(",\"description\":\"d\"" MARKED GRANULAR(
            G(GREEN, Q("description")) "," G(NATIONS, Q("description"))) "}")),
        VTOOL(MARKED "}"), POLICY_PERMITTED},
    {"5.6 6 the markings of the effective label", POLICY_LINK, STIX_TLP_AMBER,
        STR_INIT(TOOL(",\"description\":\"d\"" REFS(Q(GREEN) "," Q(STATEMENT))
                GRANULAR(G(RED, Q("description"))) "}")),
        VTOOL(REFS(Q(AMBER) "," Q(STATEMENT)) "}"), POLICY_PERMITTED},
    {"5.6 8 H10 unmarked without an envelope", POLICY_TAXII, STIX_TLP_AMBER,
        STR_INIT(TOOL("}")), VTOOL(REFS(Q(AMBER)) "}"), POLICY_PERMITTED},
    {"5.6 8 unmarked and CLEAR", POLICY_TAXII, STIX_TLP_CLEAR, STR_INIT(TOOL("}")), NULL,
        POLICY_PERMITTED},
    {"unmarked with an envelope", POLICY_LINK, STIX_TLP_AMBER, STR_INIT(TOOL("}")), NULL,
        POLICY_PERMITTED},
    {"5.6 8 an unmarked statement", POLICY_TAXII, STIX_TLP_AMBER,
        STR_INIT(DEFINITION(STATEMENT) "}"),
        DEFINITION(V("marking-definition", "1")) REFS(Q(AMBER)) "}", POLICY_PERMITTED},
    {"an unmarked statement with an envelope", POLICY_LINK, STIX_TLP_AMBER,
        STR_INIT(DEFINITION(STATEMENT) "}"), NULL, POLICY_PERMITTED},
    {"a marking that restricts is not made again", POLICY_TAXII, STIX_TLP_AMBER,
        STR_INIT(DEFINITION(STATEMENT) ",\"extensions\":{\"" STIX_RELEASABILITY_EXTENSION
                                       "\":{\"extension_type\":\"property-extension\"}}}"),
        NULL, POLICY_NEEDS_VARIANT},
    {"another unmarked meta object is not made again", POLICY_TAXII, STIX_TLP_AMBER,
        STR_INIT(HEAD("language-content", "4") ",\"object_ref\":\"" ID(
            "tool", "8") "\","
                         "\"contents\":{\"ko\":{\"name\":\"x\"}}}"),
        NULL, POLICY_NEEDS_VARIANT},
    {"5.7 H8 a list loses what is withheld", POLICY_LINK, STIX_TLP_CLEAR,
        STR_INIT(HEAD("note", "2") ",\"content\":\"c\",\"object_refs\":[\"" ID(
            "tool", "7") "\",\"" ID("tool", "8") "\",\"" ID("tool", "9") "\"]" MARKED "}"),
        VHEAD("note", "2") ",\"content\":\"c\",\"object_refs\":[\"" ID("tool", "8") "\",\"" V(
            "tool", "9") "\"]" MARKED "}",
        POLICY_PERMITTED},
    {"5.7 a required list of nothing", POLICY_LINK, STIX_TLP_CLEAR,
        STR_INIT(HEAD("note", "2") ",\"content\":\"c\",\"object_refs\":[\"" ID(
            "tool", "7") "\"]" MARKED "}"),
        NULL, POLICY_PART_REQUIRED},
    {"5.7 an end that is withheld", POLICY_LINK, STIX_TLP_CLEAR,
        STR_INIT(
            HEAD("relationship", "3") ",\"relationship_type\":\"uses\",\"source_ref\":\"" ID(
                "tool", "8") "\",\"target_ref\":\"" ID("tool", "7") "\"" MARKED "}"),
        NULL, POLICY_PART_REQUIRED},
    {"5.7 the creator passes as received", POLICY_LINK, STIX_TLP_CLEAR,
        STR_INIT(TOOL(",\"created_by_ref\":\"" ID("identity", "7") "\"" MARKED "}")), NULL,
        POLICY_PERMITTED},
    {"5.7 a reference within an extension", POLICY_LINK, STIX_TLP_CLEAR,
        STR_INIT(TOOL(",\"x_a\":{\"b_ref\":\"" ID("tool", "7") "\",\"c_ref\":\"" ID(
            "tool", "8") "\"}" MARKED "}")),
        VTOOL(",\"x_a\":{\"c_ref\":\"" ID("tool", "8") "\"}" MARKED "}"), POLICY_PERMITTED},
    {"5.7 a marking that is withheld is not named", POLICY_LINK, STIX_TLP_CLEAR,
        STR_INIT(TOOL(REFS(Q(GREEN) "," Q(WITHHELD)) "}")), VTOOL(MARKED "}"),
        POLICY_PERMITTED},
    {"local keys of a container are no references", POLICY_LINK, STIX_TLP_CLEAR,
        STR_INIT(HEAD("observed-data",
            "4") ",\"first_observed\":\"2020-01-01T00:00:00Z\",\"last_observed\":"
                 "\"2020-01-01T00:00:00Z\",\"number_observed\":1,\"objects\":{\"0\":{\"type\":"
                 "\"network-traffic\",\"src_ref\":\"1\",\"protocols\":[\"tcp\"]},\"1\":{"
                 "\"type\":"
                 "\"ipv4-addr\",\"value\":\"198.51.100.3\"}}" MARKED "}"),
        NULL, POLICY_PERMITTED},
};

static const struct str purposes[] = {STR_INIT("warning")};
static const struct policy_name names[] = {
    {STR_INIT(STATEMENT), STR_INIT(STATEMENT)},
    {STR_INIT(NATIONS), STR_INIT(NATIONS)},
    {STR_INIT(ID("tool", "8")), STR_INIT(ID("tool", "8"))},
    {STR_INIT(ID("tool", "9")), STR_INIT(V("tool", "9"))},
};
static const struct str jpn[] = {STR_INIT("JPN")};

static struct policy_markings markings_make(struct policy_marking items[static 3])
{
    static struct str nations[1];
    nations[0] = jpn[0];
    items[0] = (struct policy_marking){STR(STATEMENT), {.kind = STIX_MARKING_STATEMENT}};
    items[1] = (struct policy_marking){STR(NATIONS), {.kind = STIX_MARKING_RELEASABILITY}};
    items[1].marking.has_relto = true;
    items[1].marking.relto = nations;
    items[1].marking.n_relto = 1;
    items[2] = (struct policy_marking){STR(WITHHELD), {.kind = STIX_MARKING_STATEMENT}};
    return (struct policy_markings){items, 3};
}

static struct policy_facts facts_make(const struct row *row)
{
    return (struct policy_facts){.self = STR("gb"),
        .recipient = {.party = STR("kr"), .trigraph = STR("KOR"), .relation = POLICY_OTHER},
        .agreement = {.is_live = true,
            .is_community = true,
            .is_addressee = true,
            .purposes = purposes,
            .n_purposes = 1},
        .purpose = STR("warning"),
        .channel = row->channel,
        .cosignature_age_max_us = 1};
}

struct result {
    struct policy_cut cut;
    struct policy_redacted redacted;
};

// `selectors` stands in for those of the first granular marking; NULL: as they are.
static enum err row_run_with(
    struct arena *a, const struct row *row, const char *selectors, struct result *out)
{
    struct policy_marking items[3];
    struct policy_markings markings = markings_make(items);
    struct policy_facts facts = facts_make(row);
    struct handling handling = {.tlp = row->handling, .originator = STR("gb")};
    struct stix_object object;
    struct stix_problem problem = {0};
    TRY(stix_object_read(a, row->in, &object, &problem));
    if (selectors)
        TRY(json_parse(a, str_of(selectors), &object.granular[0].selectors, NULL));
    TRY(policy_effective(a, &object, markings, &handling, &facts.label));
    facts.type = object.id.type;
    TRY(policy_cut(a, &object, markings, &facts, &out->cut));
    struct buf id = buf_in(a, KIB);
    buf_put(&id, object.id.text);
    TRY(id.err);
    id.ptr[id.len - 2] = 'a';
    struct policy_redaction how = {.markings = markings,
        .facts = &facts,
        .names = {names, LEN(names)},
        .id = buf_str(&id),
        .modified = STR("2026-01-02T00:00:00.000Z")};
    return policy_redact(a, &object, &how, &out->redacted);
}

static enum err row_run(struct arena *a, const struct row *row, struct result *out)
{
    return row_run_with(a, row, NULL, out);
}

// No such object is taken any more, but the decision does not rest on that.
static void a_selector_that_names_nothing_withholds_the_object(void **state)
{
    static const struct row lost = {"a selector that names nothing", POLICY_LINK,
        STIX_TLP_CLEAR,
        STR_INIT(TOOL(",\"description\":\"d\"" MARKED GRANULAR(G(RED, Q("description"))) "}")),
        NULL, POLICY_PART_REQUIRED};
    struct arena request;
    struct result r;
    arena_init(&request, MIB);
    CHECK_ERR(lost.why, row_run_with(&request, &lost, "[\"descriptio\"]", &r), ERR_OK);
    CHECK(lost.why, r.redacted.decision.why == lost.reason && !r.redacted.is_variant);
    arena_release(&request);
}

static void each_rule_of_redaction(void **state)
{
    struct arena request;
    arena_init(&request, 16 * MIB);
    for (size_t i = 0; i < LEN(rows); i++) {
        struct result r;
        CHECK_ERR(rows[i].why, row_run(&request, &rows[i], &r), ERR_OK);
        if (r.redacted.decision.why != rows[i].reason)
            fail_msg("%s: %s", rows[i].why, policy_reason(r.redacted.decision.why).code);
        CHECK_STR(rows[i].why, r.redacted.bytes, str_of(rows[i].out ? rows[i].out : ""));
        CHECK(rows[i].why, r.redacted.is_variant == (rows[i].out != NULL));
    }
    arena_release(&request);
}

// The digest was made by another program (Python's hmac).
static void the_id_of_a_variant_is_a_keyed_digest(void **state)
{
    unsigned char secret[POLICY_RECIPIENT_KEY_BYTES], other[POLICY_RECIPIENT_KEY_BYTES] = {1};
    struct arena request;
    struct str id, again, of_other;
    arena_init(&request, MIB);
    for (size_t i = 0; i < sizeof secret; i++)
        secret[i] = (unsigned char)i;
    CHECK_ERR("id", policy_variant_id(&request, secret, STR(ID("tool", "1")), &id), ERR_OK);
    CHECK_STR("vector", id, STR("tool--80b5a722-5b11-87c2-a139-5377cac47c9b"));
    CHECK_ERR(
        "again", policy_variant_id(&request, secret, STR(ID("tool", "1")), &again), ERR_OK);
    CHECK_STR("the same", again, id);
    CHECK_ERR(
        "other", policy_variant_id(&request, other, STR(ID("tool", "1")), &of_other), ERR_OK);
    assert_false(str_eq(of_other, id));
    CHECK_ERR("no id", policy_variant_id(&request, secret, STR("tool"), &id), ERR_INVALID);
    arena_release(&request);
}

static void H10_a_made_marking_says_all_of_a_handling(void **state)
{
    static const struct str codes[] = {STR_INIT("FVEY"), STR_INIT("KOR")};
    static const struct str caveats[] = {STR_INIT("\"한"), STR_INIT("A"), STR_INIT("ORIG:us")};
    const struct handling handlings[] = {
        {.has_relto = true},
        {.has_relto = true, .relto = codes, .n_relto = 2, .is_noforn = true},
        {.is_orcon = true, .cav = caveats, .n_cav = 3, .nat = caveats, .n_nat = 2},
        {.nat = caveats,
            .n_nat = 1,
            .has_embargo = true,
            .embargo_us = 1,
            .has_expiry = true,
            .expiry_us = 1700000000000001},
    };
    struct arena request;
    struct str id, text, none;
    arena_init(&request, MIB);
    for (size_t i = 0; i < LEN(handlings); i++) {
        struct stix_object object;
        struct stix_problem problem = {0};
        struct stix_marking marking;
        CHECK_ERR("make", policy_marking_make(&request, &handlings[i], &id, &text), ERR_OK);
        enum err e = stix_object_read(&request, text, &object, &problem);
        CHECK_ERR(problem.why ? problem.why : "read", e, ERR_OK);
        CHECK_STR("id", object.id.text, id);
        CHECK_ERR("marking", stix_marking_read(&request, &object, &marking), ERR_OK);
        struct handling says = policy_marking_handling(&marking);
        assert_true(policy_handling_equal(&says, &handlings[i]));
    }
    const struct handling red = {.tlp = STIX_TLP_RED};
    CHECK_ERR("TLP alone", policy_marking_make(&request, &red, &id, &none), ERR_OK);
    assert_true(id.len == 0 && none.len == 0);
    arena_release(&request);
}

static void redaction_ends_within_any_memory(void **state)
{
    for (size_t i = 0; i < LEN(rows); i++) {
        enum err e = ERR_LIMIT;
        for (size_t limit = 0; e != ERR_OK && limit < MIB;
             limit += limit < 16 * KIB ? 64 : KIB) {
            struct arena request;
            struct result r;
            arena_init(&request, limit);
            e = row_run(&request, &rows[i], &r);
            CHECK(rows[i].why, e == ERR_OK || e == ERR_LIMIT);
            arena_release(&request);
        }
        CHECK_ERR(rows[i].why, e, ERR_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_of_redaction),
        cmocka_unit_test(the_id_of_a_variant_is_a_keyed_digest),
        cmocka_unit_test(H10_a_made_marking_says_all_of_a_handling),
        cmocka_unit_test(a_selector_that_names_nothing_withholds_the_object),
        cmocka_unit_test(redaction_ends_within_any_memory),
    };
    return RUN_TESTS(tests);
}
