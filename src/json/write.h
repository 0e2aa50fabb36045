// SPDX-License-Identifier: Apache-2.0
// Writing JSON into a buffer. Commas and colons are placed by the writer; nesting is the
// caller's.
#pragma once

#include "base/buf.h"

struct json_out {
    struct buf *buf;
    bool needs_comma;
};

struct json_out json_out(struct buf *b);
void json_begin_object(struct json_out *o);
void json_end_object(struct json_out *o);
void json_begin_array(struct json_out *o);
void json_end_array(struct json_out *o);
void json_put_key(struct json_out *o, struct str key);
// Escapes as RFC 8785 section 3.2.2.2; the text must be valid UTF-8.
void json_put_string(struct json_out *o, struct str text);
void json_put_int(struct json_out *o, int64_t n);
void json_put_bool(struct json_out *o, bool value);
void json_put_null(struct json_out *o);
void json_put_raw(struct json_out *o, struct str json); // text that is JSON already
// A member in one call.
void json_member_string(struct json_out *o, struct str key, struct str text);
void json_member_int(struct json_out *o, struct str key, int64_t n);
void json_member_bool(struct json_out *o, struct str key, bool value);
void json_member_raw(struct json_out *o, struct str key, struct str json);
void json_member_strings(struct json_out *o, struct str key, const struct str *items, size_t n);
void json_member_time(struct json_out *o, struct str key, int64_t us); // as time_put prints it
