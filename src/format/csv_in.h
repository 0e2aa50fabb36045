// SPDX-License-Identifier: Apache-2.0
// Tables: CSV (RFC 4180, with comma, semicolon or tab) whose header names a column of values,
// and the tab-separated files of Zeek's Intel framework. A row becomes the observable that it
// names, and an indicator too when `about` wants it; a row that cannot is a loss of outcome
// "refused" with its line.
#pragma once

#include "format/text_in.h"

// ERR_INVALID when the header names no column of values, the text is not UTF-8, or a quoted
// cell does not end.
enum err format_csv_read(struct arena *a, struct str document, const struct format_about *about,
    const struct format_sink *sink, struct fault *fault) MUST_USE;
