// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "stix/text.h"

// Hangul, ideographs and kana: written without blanks between words.
bool text_is_cjk(uint32_t cp);
// Letters, digits and marks of every other script.
bool text_is_word(uint32_t cp);
