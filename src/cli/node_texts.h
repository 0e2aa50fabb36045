// SPDX-License-Identifier: Apache-2.0
// Sentences of a node, which speaks English, in the reader's language.
#pragma once

#include "base/arena.h"
#include "base/str.h"
#include "cli/messages.h"

// The text itself, or what stands for it; of "sentence: detail" the sentence. A sentence that
// is not known, as of a later node, stays.
struct str node_text_in(struct arena *a, enum language language, struct str text);
