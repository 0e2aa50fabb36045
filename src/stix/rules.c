// SPDX-License-Identifier: Apache-2.0
#include "stix/rules.h"

static const struct stix_rule_text rules[STIX_RULES] = {
#define RULE(name, level, id, section, en, ko) \
    [STIX_RULE_##name] = {STIX_##level, id, section, en, ko},
#include "stix/rules.inc"
#undef RULE
};

const struct stix_rule_text *stix_rule_text(enum stix_rule rule)
{
    return &rules[rule];
}
