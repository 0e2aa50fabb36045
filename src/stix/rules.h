// SPDX-License-Identifier: Apache-2.0
// The rules that objects are checked against: docs/formats/stix-rules.md lists them.
#pragma once

#include "base/str.h"

enum stix_rule {
#define RULE(name, level, id, section, en, ko) STIX_RULE_##name,
#include "stix/rules.inc"
#undef RULE
    STIX_RULES
};

enum stix_level {
    STIX_ERROR,   // the object is refused
    STIX_WARNING, // the object is taken; told only to who asks
};

struct stix_rule_text {
    enum stix_level level;
    const char *id;      // "STIX-2.9-identifier"; never changes its meaning
    const char *section; // of STIX 2.1 Errata 01; "-" for what every JSON must keep
    const char *en, *ko; // what is wrong
};

const struct stix_rule_text *stix_rule_text(enum stix_rule rule); // never NULL
