// SPDX-License-Identifier: Apache-2.0
// Plain text: reports, mails, lists. What is found: IPv4 and IPv6 addresses and ranges, domain
// names, URLs, e-mail addresses, MD5, SHA-1, SHA-256 and SHA-512, CVE numbers; each defanged or
// not, in letters of full width too, once each, with its place. They come with a grouping that
// refers to all of them, so that their origin can be seen. docs/formats/imports.md says what is
// taken for what.
#pragma once

#include "format/kind.h"

struct format_about {
    struct str name;       // of the document: the grouping's name
    int64_t now_us;        // of what needs a time
    bool wants_indicators; // of a table's rows
};

// ERR_INVALID when the text is not UTF-8, or nothing is found in it. The arena holds what was
// found, for the grouping.
enum err format_text_read(struct arena *a, struct str document,
    const struct format_about *about, const struct format_sink *sink,
    struct fault *fault) MUST_USE;
