// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"
#include "policy/redact.h"

#include "base/limits.h"

static const struct str purposes[] = {STR_INIT("warning")};

// To a partner without named persons, which has nothing yet, without an envelope.
static struct policy_facts facts_make(const struct stix_object *object)
{
    return (struct policy_facts){.type = object->id.type,
        .self = STR("gb"),
        .recipient = {.party = STR("kr"), .trigraph = STR("KOR"), .relation = POLICY_OTHER},
        .agreement = {.is_live = true,
            .is_addressee = true,
            .purposes = purposes,
            .n_purposes = 1},
        .purpose = purposes[0],
        .channel = POLICY_EXPORT};
}

static enum err redact(struct arena *a, const struct stix_object *object,
    struct policy_redacted *redacted, struct policy_cut *cut)
{
    const struct policy_markings none = {0};
    const struct handling row = {.tlp = STIX_TLP_AMBER, .originator = STR("gb")};
    struct policy_facts facts = facts_make(object);
    TRY(policy_effective(a, object, none, &row, &facts.label));
    TRY(policy_cut(a, object, none, &facts, cut));
    struct policy_redaction how = {
        .facts = &facts, .id = object->id.text, .modified = STR("2999-01-01T00:00:00Z")};
    return policy_redact(a, object, &how, redacted);
}

// What is made can be read, names nothing but its creator and what is built in, and has nothing
// left to cut.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena scratch;
    arena_init(&scratch, 256 * MIB);
    struct stix_object object, left;
    struct stix_problem problem;
    struct policy_redacted first, second;
    struct policy_cut cut;
    struct str text = {(const char *)data, size};
    if (stix_object_read(&scratch, text, &object, &problem) == ERR_OK &&
        redact(&scratch, &object, &first, &cut) == ERR_OK && first.is_variant) {
        MUST_HOLD(stix_object_read(&scratch, first.bytes, &left, &problem) == ERR_OK);
        for (size_t i = 0; i < left.n_refs; i++)
            MUST_HOLD(
                left.refs[i].roles == STIX_REF_CREATOR || stix_is_builtin(left.refs[i].id));
        enum err e = redact(&scratch, &left, &second, &cut);
        MUST_HOLD(e == ERR_LIMIT || (e == ERR_OK && !cut.is_variant && !second.is_variant));
    }
    arena_release(&scratch);
    return 0;
}
