// SPDX-License-Identifier: Apache-2.0
// Rules R1 to R10 in their order: the first that hits decides. Denials come before holds, so
// that an officer is never asked about what may not go anyway.
#include "policy/decide.h"

#define OFFICERS_NEEDED 2

static const struct policy_reason reasons[] = {
#define POLICY_WHY_ROW(name, result, rule, code, english, korean) \
    [POLICY_##name] = {POLICY_##result, "R" #rule, code, english, korean},
    POLICY_WHY_LIST(POLICY_WHY_ROW)
#undef POLICY_WHY_ROW
};

struct policy_reason policy_reason(enum policy_why why)
{
    return reasons[why];
}

struct policy_decision policy_decision(enum policy_why why)
{
    return (struct policy_decision){reasons[why].result, why};
}

struct str policy_result_word(enum policy_result result)
{
    static const struct str words[] = {
        STR_INIT("PERMIT"), STR_INIT("DENY"), STR_INIT("HOLD"), STR_INIT("QUARANTINE")};
    return words[result];
}

static const struct {
    struct str word;
    bool has_envelope; // carries the handling beside the object
    bool may_be_amber; // reaches named organisations only
    bool may_be_green; // stays inside a community
    bool may_be_red;   // reaches named persons only
} channels[] = {
    [POLICY_LINK] = {STR_INIT("link"), true, true, true, true},
    [POLICY_FILE] = {STR_INIT("bundle-file"), true, true, true, false},
    [POLICY_TAXII] = {STR_INIT("taxii"), false, true, true, false},
    [POLICY_CONSOLE] = {STR_INIT("console"), true, true, true, true},
    [POLICY_SENSOR] = {STR_INIT("sensor"), true, true, true, false},
    [POLICY_FEED] = {STR_INIT("feed"), false, false, true, false},
    [POLICY_DIGEST] = {STR_INIT("digest"), true, false, true, false},
    [POLICY_EXPORT] = {STR_INIT("export"), false, true, true, false},
    [POLICY_PUBLIC] = {STR_INIT("public"), false, false, false, false},
};

struct str policy_channel_word(enum policy_channel channel)
{
    return channels[channel].word;
}

bool policy_channel_has_envelope(enum policy_channel channel)
{
    return channels[channel].has_envelope;
}

bool policy_must_be_marked(const struct policy_facts *facts)
{
    return !facts->label.is_in_bytes && !channels[facts->channel].has_envelope;
}

// Each rule gives PERMITTED when it does not hit.
typedef enum policy_why (*rule_function)(const struct policy_facts *f);

static enum policy_why rule_label(const struct policy_facts *f)
{
    switch (f->label.problem) {
    case POLICY_LABEL_UNKNOWN:
        return POLICY_UNKNOWN_MARKING;
    case POLICY_LABEL_FORGED:
        return POLICY_FORGED_MARKING;
    case POLICY_LABEL_CONTRADICTORY:
        return POLICY_CONTRADICTORY;
    case POLICY_LABEL_ABOVE:
        return POLICY_ABOVE_CEILING;
    case POLICY_LABEL_OK:
        break;
    }
    return POLICY_PERMITTED;
}

static enum policy_why rule_state(const struct policy_facts *f)
{
    const struct handling *h = &f->label.handling;
    if (f->is_recalled)
        return POLICY_RECALLED;
    if (f->is_withdrawn)
        return POLICY_WITHDRAWN;
    if (h->has_expiry && f->now_us >= h->expiry_us)
        return POLICY_EXPIRED;
    return h->has_embargo && f->now_us < h->embargo_us ? POLICY_EMBARGOED : POLICY_PERMITTED;
}

static bool is_listed(const struct str *items, size_t n, struct str text)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(items[i], text))
            return true;
    return false;
}

// The organisation that runs the node needs no agreement with itself.
static enum policy_why rule_agreement(const struct policy_facts *f)
{
    const struct policy_agreement *agreement = &f->agreement;
    if (f->recipient.relation == POLICY_SELF)
        return POLICY_PERMITTED;
    if (!agreement->is_live)
        return POLICY_NO_AGREEMENT;
    bool covers_type =
        agreement->n_types == 0 || is_listed(agreement->types, agreement->n_types, f->type);
    bool covers =
        covers_type && is_listed(agreement->purposes, agreement->n_purposes, f->purpose);
    return covers ? POLICY_PERMITTED : POLICY_NOT_COVERED;
}

static bool goes_home(const struct policy_facts *f)
{
    return f->recipient.relation == POLICY_OTHER &&
           str_eq(f->label.handling.originator, f->recipient.party);
}

static bool is_own(const struct policy_facts *f)
{
    return str_eq(f->label.handling.originator, f->self);
}

// Whether a grant covers the release: R6 wants one that names the object, R5 takes a class too.
static bool covers(const struct policy_facts *f, const struct policy_grant *grant, bool is_one)
{
    bool names_object = grant->object.len > 0 && str_eq(grant->object, f->object);
    bool names_class = grant->object.len == 0 && str_eq(grant->type, f->type);
    return (names_object || (names_class && !is_one)) &&
           str_eq(grant->to, f->recipient.party) && str_eq(grant->purpose, f->purpose) &&
           f->now_us < grant->not_after_us;
}

// Neither we nor the party that it is going to need to grant anything.
static bool consents(const struct policy_facts *f, struct str party, bool is_one)
{
    bool is_recipient =
        f->recipient.relation == POLICY_OTHER && str_eq(party, f->recipient.party);
    bool granted = is_recipient || str_eq(party, f->self);
    for (size_t i = 0; i < f->n_grants && !granted; i++)
        granted = str_eq(f->grants[i].by, party) && covers(f, &f->grants[i], is_one);
    return granted;
}

// The originator, and whoever else's information is in it.
static bool all_consent(const struct policy_facts *f, bool is_one)
{
    const struct handling *h = &f->label.handling;
    bool granted = consents(f, h->originator, is_one);
    for (size_t i = 0; i < h->n_cav && granted; i++)
        if (str_starts(h->cav[i], STR(POLICY_CONSENT_CAVEAT)))
            granted = consents(f, str_from(h->cav[i], STR(POLICY_CONSENT_CAVEAT).len), is_one);
    return granted;
}

// What another party originated. Inside our own side GREEN and AMBER reach as far as their
// originator meant them to; to any other party only CLEAR does.
static enum policy_why rule_third_party(const struct policy_facts *f)
{
    const struct handling *h = &f->label.handling;
    if (f->recipient.relation == POLICY_SELF || all_consent(f, false))
        return POLICY_PERMITTED;
    enum stix_tlp reach =
        f->recipient.relation == POLICY_OURS ? STIX_TLP_AMBER : STIX_TLP_CLEAR;
    return h->tlp <= reach && !h->is_orcon ? POLICY_PERMITTED : POLICY_THIRD_PARTY;
}

// What we originated ourselves is permitted by two of our officers (R9).
static enum policy_why rule_originator_control(const struct policy_facts *f)
{
    if (!f->label.handling.is_orcon || f->recipient.relation == POLICY_SELF)
        return POLICY_PERMITTED;
    return all_consent(f, true) ? POLICY_PERMITTED : POLICY_ORIGINATOR_CONTROL;
}

static bool is_listed_nation(const struct policy_facts *f)
{
    const struct handling *h = &f->label.handling;
    bool listed = is_listed(h->relto, h->n_relto, f->recipient.trigraph);
    for (size_t i = 0; i < f->agreement.n_communities && !listed; i++) {
        const struct policy_community *community = &f->agreement.communities[i];
        listed = is_listed(h->relto, h->n_relto, community->code) &&
                 is_listed(community->nations, community->n, f->recipient.trigraph);
    }
    return listed;
}

// No list is looked at for the organisation itself: what it holds it was given.
static enum policy_why rule_nationality(const struct policy_facts *f)
{
    const struct handling *h = &f->label.handling;
    if (f->recipient.relation == POLICY_SELF)
        return POLICY_PERMITTED;
    if (h->is_noforn && !(is_own(f) && f->recipient.relation == POLICY_OURS))
        return POLICY_NOFORN;
    if (h->has_relto && !is_listed_nation(f))
        return POLICY_NOT_LISTED;
    return POLICY_PERMITTED;
}

// Each level reaches no one whom the level below does not reach.
static bool tlp_reaches(const struct policy_facts *f)
{
    bool is_addressee = f->recipient.relation == POLICY_SELF || f->agreement.is_addressee;
    bool is_strict = is_addressee && !f->recipient.is_client;
    switch (f->label.handling.tlp) {
    case STIX_TLP_CLEAR:
        return true;
    case STIX_TLP_GREEN:
        return is_addressee || f->agreement.is_community;
    case STIX_TLP_AMBER:
        return is_addressee;
    case STIX_TLP_AMBER_STRICT:
        return is_strict;
    case STIX_TLP_RED:
    case STIX_TLPS:
        break;
    }
    return is_strict && f->recipient.n_persons > 0;
}

static bool tlp_allows_channel(const struct policy_facts *f)
{
    switch (f->label.handling.tlp) {
    case STIX_TLP_CLEAR:
        return true;
    case STIX_TLP_GREEN:
        return channels[f->channel].may_be_green;
    case STIX_TLP_AMBER:
    case STIX_TLP_AMBER_STRICT:
        return channels[f->channel].may_be_amber;
    case STIX_TLP_RED:
    case STIX_TLPS:
        break;
    }
    return channels[f->channel].may_be_red;
}

static bool are_registered(const struct policy_recipient *recipient)
{
    for (size_t i = 0; i < recipient->n_persons; i++)
        if (!is_listed(recipient->registered, recipient->n_registered, recipient->persons[i]))
            return false;
    return true;
}

static enum policy_why rule_tlp(const struct policy_facts *f)
{
    if (!tlp_reaches(f))
        return POLICY_TLP_REACH;
    bool is_red = f->label.handling.tlp == STIX_TLP_RED;
    if (is_red && f->recipient.relation != POLICY_SELF && !are_registered(&f->recipient))
        return POLICY_NOT_REGISTERED;
    return tlp_allows_channel(f) ? POLICY_PERMITTED : POLICY_TLP_CHANNEL;
}

// Different officers: one who signs twice is one.
static size_t officers(const struct policy_facts *f)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n_approvers; i++)
        n += !is_listed(f->approvers, i, f->approvers[i]);
    return n;
}

static enum policy_why rule_officers(const struct policy_facts *f)
{
    const struct handling *h = &f->label.handling;
    bool needs_two = h->tlp == STIX_TLP_RED || h->is_orcon;
    if (f->recipient.relation == POLICY_SELF)
        return POLICY_PERMITTED;
    if (needs_two && officers(f) < OFFICERS_NEEDED)
        return POLICY_NEEDS_OFFICERS;
    return f->is_flash && officers(f) == 0 ? POLICY_NEEDS_DUTY_OFFICER : POLICY_PERMITTED;
}

// Evidence has stopped: nothing above CLEAR goes over the ledger, flash excepted.
static enum policy_why rule_cosignature(const struct policy_facts *f)
{
    bool is_ledger = f->channel == POLICY_LINK || f->channel == POLICY_FILE;
    bool is_stale = f->cosignature_age_us > f->cosignature_age_max_us;
    bool is_above_clear = f->label.handling.tlp > STIX_TLP_CLEAR;
    return is_ledger && is_stale && is_above_clear && !f->is_flash ? POLICY_COSIGNATURE_STALE
                                                                   : POLICY_PERMITTED;
}

static enum policy_why rule_content(const struct policy_facts *f)
{
    if (f->is_redacted)
        return POLICY_PERMITTED;
    if (f->label.has_stricter_part && f->recipient.relation != POLICY_SELF)
        return POLICY_NEEDS_REDACTION;
    return policy_must_be_marked(f) ? POLICY_NEEDS_VARIANT : POLICY_PERMITTED;
}

static enum policy_why first_hit(
    const rule_function *rules, size_t n, const struct policy_facts *facts)
{
    for (size_t i = 0; i < n; i++) {
        enum policy_why why = rules[i](facts);
        if (why != POLICY_PERMITTED)
            return why;
    }
    return POLICY_PERMITTED;
}

struct policy_decision policy_decide(const struct policy_facts *facts)
{
    static const rule_function always[] = {rule_label, rule_state, rule_agreement};
    static const rule_function reach[] = {rule_third_party, rule_originator_control,
        rule_nationality, rule_tlp, rule_officers, rule_cosignature, rule_content};
    enum policy_why why = first_hit(always, LEN(always), facts);
    if (why == POLICY_PERMITTED)
        why = goes_home(facts) ? POLICY_RETURNED : first_hit(reach, LEN(reach), facts);
    struct policy_decision decision = policy_decision(why);
    bool waits = facts->agreement.is_frozen && !facts->is_flash;
    return waits && decision.result == POLICY_PERMIT ? policy_decision(POLICY_LINK_FROZEN)
                                                     : decision;
}
