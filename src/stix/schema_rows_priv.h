// SPDX-License-Identifier: Apache-2.0
// Short forms of the rows of schema tables.
#pragma once

#include "stix/check_priv.h"

#define R      PROPERTY_REQUIRED
#define L      PROPERTY_LIST
#define LR     (PROPERTY_LIST | PROPERTY_REQUIRED)
#define OLD    PROPERTY_OLD
#define WANTED PROPERTY_WANTED

// clang-format off
#define PLAIN(name, flags, letter)    {STR_INIT(name), letter, flags, 0, NULL, NULL}
#define TEXT(name, flags)             {STR_INIT(name), TYPE_STRING, flags, FORM_ANY, NULL, NULL}
#define FORMED(name, flags, form)     {STR_INIT(name), TYPE_STRING, flags, form, NULL, NULL}
#define WHOLE(name, flags, range)     {STR_INIT(name), TYPE_INT, flags, range, NULL, NULL}
#define DECIMAL(name, flags, range)   {STR_INIT(name), TYPE_FLOAT, flags, range, NULL, NULL}
#define WORD(name, flags, words)      {STR_INIT(name), TYPE_WORD, flags, words, NULL, NULL}
#define CLOSED(name, flags, words)    {STR_INIT(name), TYPE_CLOSED, flags, words, NULL, NULL}
#define REF(name, flags, targets)     {STR_INIT(name), TYPE_ID, flags, 0, targets, NULL}
#define DICTIONARY(name, flags, of)   {STR_INIT(name), TYPE_DICTIONARY, flags, of, NULL, NULL}
#define PART(name, flags, part)       {STR_INIT(name), TYPE_PART, flags, 0, NULL, &(part)}

#define RULE_ROW(kind, rule, first, second) \
    {kind, STIX_RULE_##rule, STR_INIT(first), STR_INIT(second)}
#define SEEN(rule) RULE_ROW(RULE_ORDER, rule, "first_seen", "last_seen")

#define SHAPE(name, rows)               {STR_INIT(name), rows, LEN(rows), NULL, 0, NULL}
#define SHAPE_RULES(name, rows, rules)  {STR_INIT(name), rows, LEN(rows), rules, LEN(rules), NULL}
#define SHAPE_CHECK(name, rows, check)  {STR_INIT(name), rows, LEN(rows), NULL, 0, check}
#define SHAPE_BOTH(name, rows, rules, check) \
    {STR_INIT(name), rows, LEN(rows), rules, LEN(rules), check}
// clang-format on
