// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "format/kind.h"

#define FORMAT_HEAD_BYTES 65536 // of a document, enough to know it by

// What a document is, by its first FORMAT_HEAD_BYTES bytes (all of it when it is shorter).
// FORMAT_STIX21 stands for both versions: each object says its own. ERR_INVALID and *fault when
// it is none of ours, or could be two of them.
enum err format_sniff(struct str head, enum format_kind *out, struct fault *fault) MUST_USE;
