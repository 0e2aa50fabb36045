// SPDX-License-Identifier: Apache-2.0
// One line per event on standard error: time, level, event name, key=value. The place that
// handles an error logs it, once. Never: secrets, tokens, bodies, content marked TLP:RED, names
// of people.
#pragma once

#include "base/str.h"

// Values that came from outside go through log_text and "%s".
void log_error(const char *event, const char *format, ...) PRINTF(2, 3); // an operator must act
void log_warn(const char *event, const char *format, ...) PRINTF(2, 3);  // someone should look
void log_info(const char *event, const char *format, ...) PRINTF(2, 3);  // state changed

// The text in quotes, cut at 200 bytes, with control characters, quotes, bytes that are not
// UTF-8 and bidirectional controls escaped. Valid until the thread's fourth next call.
const char *log_text(struct str s);
