// SPDX-License-Identifier: Apache-2.0
// Normal forms by kind of value, appended to a buffer. Each gives ERR_INVALID for text that is
// not of its kind, and the same form again for its own output.
#pragma once

#include "base/buf.h"
#include "stix/value.h"

// An address, or a network whose prefix is the whole address (`is_net` false), or a network.
enum err value_put_address(struct buf *b, struct str text, bool *is_net) MUST_USE;
enum err value_put_domain(struct arena *a, struct buf *b, struct str text) MUST_USE;
enum err value_put_url(struct arena *a, struct buf *b, struct str text) MUST_USE;
enum err value_put_email(struct arena *a, struct buf *b, struct str text) MUST_USE;
// NFC, with ASCII letters in lower case.
enum err value_fold(struct arena *a, struct str text, struct str *out) MUST_USE;
bool value_is_ascii(struct str text);
bool value_is_hex(struct str text);
