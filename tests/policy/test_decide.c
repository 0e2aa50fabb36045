// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.h"
#include "policy/decide.h"
#include "test.h"

#define NOW 1000

static const struct str purposes[] = {STR_INIT("warning")};
static const struct str gbr_kor[] = {STR_INIT("GBR"), STR_INIT("KOR")};
static const struct str jpn[] = {STR_INIT("JPN")};
static const struct str two[] = {STR_INIT("k1"), STR_INIT("k2")};
static const struct str same[] = {STR_INIT("k1"), STR_INIT("k1")};
static const struct str types[] = {STR_INIT("indicator")};
// by, to, purpose, not after, object, type
#define GRANTS(name, by, to, purpose, until, object, type)                                     \
    static const struct policy_grant name[] = {{STR_INIT(by), STR_INIT(to), STR_INIT(purpose), \
        NOW + (until), STR_INIT(object), STR_INIT(type)}}
GRANTS(grant, "us", "kr", "warning", 1, "c0", "");
GRANTS(class_grant, "us", "kr", "warning", 1, "", "indicator");
GRANTS(expired, "us", "kr", "warning", 0, "c0", "");
GRANTS(of_other, "us", "kr", "warning", 1, "c1", "");
GRANTS(of_other_class, "us", "kr", "warning", 1, "", "tool");
GRANTS(for_sale, "us", "kr", "sale", 1, "c0", "");
GRANTS(by_other, "jp", "kr", "warning", 1, "c0", "");
GRANTS(of_nothing, "us", "kr", "warning", 1, "", "");
static const struct str fvey[] = {STR_INIT("FVEY")};
static const struct str of_us[] = {STR_INIT("A"), STR_INIT("ORIG:us")};
static const struct str of_kr[] = {STR_INIT("ORIG:kr")};
static const struct policy_community communities[] = {
    {STR_INIT("ACGU"), jpn, 1}, {STR_INIT("FVEY"), gbr_kor, 2}};

// Our GREEN indicator, marked in its bytes, to a partner with every right.
static struct policy_facts facts_plain(void)
{
    return (struct policy_facts){
        .type = STR("indicator"),
        .object = STR("c0"),
        .label = {.handling = {.tlp = STIX_TLP_GREEN, .originator = STR("gb")},
            .is_in_bytes = true},
        .self = STR("gb"),
        .recipient = {.party = STR("kr"), .trigraph = STR("KOR"), .relation = POLICY_OTHER},
        .agreement = {.is_live = true,
            .is_community = true,
            .is_addressee = true,
            .purposes = purposes,
            .n_purposes = 1},
        .purpose = STR("warning"),
        .channel = POLICY_LINK,
        .now_us = NOW,
        .cosignature_age_max_us = 100,
    };
}

#define TLP(level) f.label.handling.tlp = STIX_TLP_##level
#define OF_US      f.label.handling.originator = STR("us")
#define ORCON      f.label.handling.is_orcon = true
#define AGENCY     f.recipient.relation = POLICY_OURS, f.recipient.party = STR("gb")
#define SELF       f.recipient.relation = POLICY_SELF, f.recipient.party = STR("gb")
#define GRANT(g)   f.grants = g, f.n_grants = 1
#define SIGNED(by) f.approvers = by, f.n_approvers = 2
#define PERSON                                                                          \
    f.recipient.persons = two, f.recipient.n_persons = 1, f.recipient.registered = two, \
    f.recipient.n_registered = 2
#define RELTO(list)                                                   \
    f.label.handling.has_relto = true, f.label.handling.relto = list, \
    f.label.handling.n_relto = LEN(list)
#define CAVEATS(list) f.label.handling.cav = list, f.label.handling.n_cav = LEN(list)
#define COMMUNITIES   f.agreement.communities = communities, f.agreement.n_communities = 2
#define FLASH         f.is_flash = true, f.cosignature_age_us = 101

// name, change of the plain facts, want
#define CASES(X)                                                                               \
    X("our GREEN", (void)0, PERMITTED)                                                         \
    X("R1 unknown", f.label.problem = POLICY_LABEL_UNKNOWN, UNKNOWN_MARKING)                   \
    X("R1 forged", f.label.problem = POLICY_LABEL_FORGED, FORGED_MARKING)                      \
    X("R1 contradictory", f.label.problem = POLICY_LABEL_CONTRADICTORY, CONTRADICTORY)         \
    X("R2 recalled", f.is_recalled = true, RECALLED)                                           \
    X("R2 withdrawn", f.is_withdrawn = true, WITHDRAWN)                                        \
    X("R2 at its expiry",                                                                      \
        (f.label.handling.has_expiry = true, f.label.handling.expiry_us = NOW), EXPIRED)       \
    X("before its expiry",                                                                     \
        (f.label.handling.has_expiry = true, f.label.handling.expiry_us = NOW + 1), PERMITTED) \
    X("R2 embargo",                                                                            \
        (f.label.handling.has_embargo = true, f.label.handling.embargo_us = NOW + 1),          \
        EMBARGOED)                                                                             \
    X("embargo is over",                                                                       \
        (f.label.handling.has_embargo = true, f.label.handling.embargo_us = NOW), PERMITTED)   \
    X("R3 no agreement", f.agreement.is_live = false, NO_AGREEMENT)                            \
    X("R3 other purpose", f.purpose = STR("sale"), NOT_COVERED)                                \
    X("R3 other type", (f.agreement.types = two, f.agreement.n_types = 2), NOT_COVERED)        \
    X("type is listed", (f.agreement.types = types, f.agreement.n_types = 1), PERMITTED)       \
    X("R4 home", f.label.handling.originator = STR("kr"), RETURNED)                            \
    X("R4 home although RED and ORCON",                                                        \
        (f.label.handling.originator = STR("kr"), TLP(RED), ORCON), RETURNED)                  \
    X("R4 not when recalled", (f.label.handling.originator = STR("kr"), f.is_recalled = true), \
        RECALLED)                                                                              \
    X("R5 another party's GREEN", OF_US, THIRD_PARTY)                                          \
    X("another party's CLEAR", (OF_US, TLP(CLEAR)), PERMITTED)                                 \
    X("R5 another party's CLEAR under ORCON", (OF_US, TLP(CLEAR), ORCON), THIRD_PARTY)         \
    X("with its grant", (OF_US, GRANT(grant)), PERMITTED)                                      \
    X("R5 with an old grant", (OF_US, GRANT(expired)), THIRD_PARTY)                            \
    X("R5 with a grant for another", (OF_US, GRANT(grant), f.recipient.party = STR("jp")),     \
        THIRD_PARTY)                                                                           \
    X("another party's AMBER to an agency", (OF_US, TLP(AMBER), AGENCY), PERMITTED)            \
    X("R5 another party's AMBER+STRICT to an agency", (OF_US, TLP(AMBER_STRICT), AGENCY),      \
        THIRD_PARTY)                                                                           \
    X("another party's RED to ourselves", (OF_US, TLP(RED), SELF, PERSON), PERMITTED)          \
    X("R9 ORCON with a grant still needs officers", (OF_US, TLP(CLEAR), ORCON, GRANT(grant)),  \
        NEEDS_OFFICERS)                                                                        \
    X("R7 NOFORN", f.label.handling.is_noforn = true, NOFORN)                                  \
    X("NOFORN inside our side", (f.label.handling.is_noforn = true, AGENCY), PERMITTED)        \
    X("R7 not in the list",                                                                    \
        (f.label.handling.has_relto = true, f.label.handling.relto = jpn,                      \
            f.label.handling.n_relto = 1),                                                     \
        NOT_LISTED)                                                                            \
    X("R7 H4 empty list is nobody", f.label.handling.has_relto = true, NOT_LISTED)             \
    X("in the list",                                                                           \
        (f.label.handling.has_relto = true, f.label.handling.relto = gbr_kor,                  \
            f.label.handling.n_relto = 2),                                                     \
        PERMITTED)                                                                             \
    X("R8 GREEN outside the community",                                                        \
        (f.agreement.is_community = false, f.agreement.is_addressee = false), TLP_REACH)       \
    X("GREEN to an addressee", f.agreement.is_community = false, PERMITTED)                    \
    X("R8 RED to a client", (TLP(RED), SIGNED(two), PERSON, f.recipient.is_client = true),     \
        TLP_REACH)                                                                             \
    X("R8 GREEN in public", f.channel = POLICY_PUBLIC, TLP_CHANNEL)                            \
    X("CLEAR in public", (TLP(CLEAR), f.channel = POLICY_PUBLIC), PERMITTED)                   \
    X("AMBER to an addressee", TLP(AMBER), PERMITTED)                                          \
    X("R8 AMBER to others", (TLP(AMBER), f.agreement.is_addressee = false), TLP_REACH)         \
    X("R8 AMBER in a feed", (TLP(AMBER), f.channel = POLICY_FEED), TLP_CHANNEL)                \
    X("AMBER to a client", (TLP(AMBER), f.recipient.is_client = true), PERMITTED)              \
    X("R8 AMBER+STRICT to a client", (TLP(AMBER_STRICT), f.recipient.is_client = true),        \
        TLP_REACH)                                                                             \
    X("R8 RED to nobody named", (TLP(RED), SIGNED(two)), TLP_REACH)                            \
    X("R8 RED in a file", (TLP(RED), SIGNED(two), PERSON, f.channel = POLICY_FILE),            \
        TLP_CHANNEL)                                                                           \
    X("R8 RED over TAXII", (TLP(RED), SIGNED(two), PERSON, f.channel = POLICY_TAXII),          \
        TLP_CHANNEL)                                                                           \
    X("R9 RED without officers", (TLP(RED), PERSON), NEEDS_OFFICERS)                           \
    X("R9 one officer twice", (TLP(RED), PERSON, SIGNED(same)), NEEDS_OFFICERS)                \
    X("RED with two officers", (TLP(RED), PERSON, SIGNED(two)), PERMITTED)                     \
    X("R9 our ORCON", ORCON, NEEDS_OFFICERS)                                                   \
    X("our ORCON with two officers", (ORCON, SIGNED(two)), PERMITTED)                          \
    X("R9 stale", f.cosignature_age_us = 101, COSIGNATURE_STALE)                               \
    X("CLEAR although stale", (TLP(CLEAR), f.cosignature_age_us = 101), PERMITTED)             \
    X("flash although stale, by one officer", (FLASH, f.approvers = two, f.n_approvers = 1),   \
        PERMITTED)                                                                             \
    X("R9 flash by nobody", (FLASH), NEEDS_DUTY_OFFICER)                                       \
    X("R9 flash of ORCON by one officer",                                                      \
        (FLASH, ORCON, f.approvers = two, f.n_approvers = 1), NEEDS_OFFICERS)                  \
    X("R1 above the ceiling", f.label.problem = POLICY_LABEL_ABOVE, ABOVE_CEILING)             \
    X("with a grant for its class", (OF_US, GRANT(class_grant)), PERMITTED)                    \
    X("R5 with a grant of another object", (OF_US, GRANT(of_other)), THIRD_PARTY)              \
    X("R5 with a grant of another class", (OF_US, GRANT(of_other_class)), THIRD_PARTY)         \
    X("R5 with a grant for another purpose", (OF_US, GRANT(for_sale)), THIRD_PARTY)            \
    X("R5 with another party's grant", (OF_US, GRANT(by_other)), THIRD_PARTY)                  \
    X("R5 with a grant of nothing", (OF_US, GRANT(of_nothing), f.object = STR("")),            \
        THIRD_PARTY)                                                                           \
    X("R6 ORCON with a grant for its class", (OF_US, TLP(CLEAR), ORCON, GRANT(class_grant)),   \
        ORIGINATOR_CONTROL)                                                                    \
    X("R5 H9 ours made of another party's", (CAVEATS(of_us)), THIRD_PARTY)                     \
    X("ours made of another party's CLEAR", (CAVEATS(of_us), TLP(CLEAR)), PERMITTED)           \
    X("ours made of another party's, with its grant", (CAVEATS(of_us), GRANT(grant)),          \
        PERMITTED)                                                                             \
    X("ours made of the recipient's", (CAVEATS(of_kr)), PERMITTED)                             \
    X("R9 ours under ORCON made of the recipient's", (CAVEATS(of_kr), ORCON), NEEDS_OFFICERS)  \
    X("R7 H4 an empty list is nobody", (RELTO(jpn), f.label.handling.n_relto = 0), NOT_LISTED) \
    X("R7 H4 a nation without a name", (RELTO(gbr_kor), f.recipient.trigraph = STR("")),       \
        NOT_LISTED)                                                                            \
    X("R7 H4 a community that the agreement does not define", (RELTO(fvey)), NOT_LISTED)       \
    X("a community that the agreement defines", (RELTO(fvey), COMMUNITIES), PERMITTED)         \
    X("R7 a community of others",                                                              \
        (RELTO(fvey), COMMUNITIES, f.recipient.trigraph = STR("JPN")), NOT_LISTED)             \
    X("R8 RED to someone not registered",                                                      \
        (TLP(RED), PERSON, SIGNED(two), f.recipient.n_registered = 0), NOT_REGISTERED)         \
    X("R8 RED to two, one registered",                                                         \
        (TLP(RED), PERSON, SIGNED(two), f.recipient.n_persons = 2,                             \
            f.recipient.n_registered = 1),                                                     \
        NOT_REGISTERED)                                                                        \
    X("a variant has no stricter part left",                                                   \
        (f.label.has_stricter_part = true, f.is_redacted = true), PERMITTED)                   \
    X("a variant says its handling",                                                           \
        (f.label.is_in_bytes = false, f.channel = POLICY_TAXII, f.is_redacted = true),         \
        PERMITTED)                                                                             \
    X("TAXII needs no cosignature", (f.channel = POLICY_TAXII, f.cosignature_age_us = 101),    \
        PERMITTED)                                                                             \
    X("R9 a frozen link, CLEAR too", (TLP(CLEAR), f.agreement.is_frozen = true), LINK_FROZEN)  \
    X("R9 a frozen link, going home",                                                          \
        (f.label.handling.originator = STR("kr"), f.agreement.is_frozen = true), LINK_FROZEN)  \
    X("flash although frozen, by one officer",                                                 \
        (FLASH, f.approvers = two, f.n_approvers = 1, f.agreement.is_frozen = true),           \
        PERMITTED)                                                                             \
    X("R10 a stricter part", f.label.has_stricter_part = true, NEEDS_REDACTION)                \
    X("R10 H10 unmarked over TAXII", (f.label.is_in_bytes = false, f.channel = POLICY_TAXII),  \
        NEEDS_VARIANT)                                                                         \
    X("unmarked over the link", f.label.is_in_bytes = false, PERMITTED)                        \
    X("a denial comes before a hold",                                                          \
        (ORCON, f.label.has_stricter_part = true, TLP(AMBER),                                  \
            f.agreement.is_addressee = false),                                                 \
        TLP_REACH)

static void R1_to_R10_decide_in_their_order(void **state)
{
    struct policy_facts f;
    struct policy_decision got;
#define RUN(why_text, change, want)                                \
    f = facts_plain();                                             \
    change;                                                        \
    got = policy_decide(&f);                                       \
    if (got.why != POLICY_##want)                                  \
        fail_msg("%s: %s", why_text, policy_reason(got.why).code); \
    assert_int_equal(got.result, policy_reason(POLICY_##want).result);
    CASES(RUN)
#undef RUN
}

// Facts from bits; a restriction may then be added.
static struct policy_facts facts_make(uint64_t bits)
{
    struct policy_facts f = facts_plain();
    f.label.handling.tlp = (enum stix_tlp)(bits % STIX_TLPS);
    bits /= STIX_TLPS;
    f.recipient.relation = (enum policy_relation)(bits % 3);
    bits /= 3;
    f.channel = (enum policy_channel)(bits % POLICY_CHANNELS);
    bits /= POLICY_CHANNELS;
    f.label.handling.originator = bits & 1 ? STR("gb") : bits & 2 ? STR("us") : STR("kr");
    f.label.handling.is_orcon = bits >> 2 & 1;
    f.label.handling.is_noforn = bits >> 3 & 1;
    f.label.handling.has_relto = bits >> 4 & 1;
    f.label.handling.relto = bits >> 5 & 1 ? gbr_kor : jpn;
    f.label.handling.n_relto = bits >> 5 & 1 ? 2 : 1;
    f.agreement.is_community = bits >> 6 & 1;
    f.agreement.is_addressee = bits >> 7 & 1;
    f.recipient.persons = two;
    f.recipient.n_persons = bits >> 8 & 1;
    f.recipient.registered = two;
    f.recipient.n_registered = 2;
    f.approvers = two;
    f.n_approvers = bits >> 9 & 3;
    f.n_approvers = f.n_approvers > 2 ? 2 : f.n_approvers;
    f.grants = grant;
    f.n_grants = bits >> 11 & 1;
    f.label.is_in_bytes = bits >> 12 & 1;
    f.cosignature_age_us = bits >> 13 & 1 ? 101 : 0;
    return f;
}

static void restrict_by(struct policy_facts *f, unsigned how)
{
    struct handling *h = &f->label.handling;
    switch (how) {
    case 0:
        h->tlp = h->tlp < STIX_TLP_RED ? h->tlp + 1 : STIX_TLP_RED;
        break;
    case 1:
        h->is_orcon = true;
        break;
    case 2:
        h->is_noforn = true;
        break;
    case 3: // an intersection with another list
        h->n_relto = h->has_relto && h->relto == jpn ? 1 : 0;
        h->has_relto = true;
        break;
    case 4:
        h->has_expiry = true;
        h->expiry_us = NOW;
        break;
    case 5:
        h->has_embargo = true;
        h->embargo_us = NOW + 1;
        break;
    case 6:
        f->label.has_stricter_part = true;
        break;
    case 7:
        f->is_recalled = true;
        break;
    case 8:
        f->n_grants = 0;
        break;
    default:
        f->n_approvers = 0;
        break;
    }
}

// P3: by every single restriction, over all combinations of the facts.
static void V2_P3_adding_a_restriction_never_permits(void **state)
{
    size_t permitted = 0;
    uint64_t all = (uint64_t)STIX_TLPS * 3 * POLICY_CHANNELS << 14;
    for (uint64_t bits = 0; bits < all; bits++) {
        struct policy_facts f = facts_make(bits);
        if (policy_decide(&f).result == POLICY_PERMIT) {
            permitted++;
            continue;
        }
        for (unsigned how = 0; how < 10; how++) {
            struct policy_facts stricter = f;
            restrict_by(&stricter, how);
            if (policy_decide(&stricter).result == POLICY_PERMIT)
                fail_msg("bits %llu, restriction %u", (unsigned long long)bits, how);
        }
    }
    assert_true(permitted > 0);
}

static void every_reason_has_its_texts(void **state)
{
    for (enum policy_why why = 0; why < POLICY_WHYS; why++) {
        struct policy_reason reason = policy_reason(why);
        assert_true(reason.rule[0] == 'R' && reason.code[0] && reason.english[0]);
        struct str korean = str_of(reason.korean);
        assert_true(korean.len > 0 && utf8_invalid_at(korean) == korean.len);
        for (enum policy_why other = 0; other < why; other++)
            assert_string_not_equal(reason.code, policy_reason(other).code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(R1_to_R10_decide_in_their_order),
        cmocka_unit_test(V2_P3_adding_a_restriction_never_permits),
        cmocka_unit_test(every_reason_has_its_texts),
    };
    return RUN_TESTS(tests);
}
