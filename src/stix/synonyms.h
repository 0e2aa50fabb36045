// SPDX-License-Identifier: Apache-2.0
// Words that mean the same in Korean and English, and names of the same actor or tool.
#pragma once

#include "base/str.h"

// The folded words of the same meaning, the word itself among them, with | between two; empty
// for a word that stands in no row.
struct str stix_synonyms(struct str folded);
struct str stix_synonyms_row(size_t i); // empty past the end
