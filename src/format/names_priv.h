// SPDX-License-Identifier: Apache-2.0
// Words that end names: of hosts and of files. Lower case.
#pragma once

#include "base/str.h"

// A top-level domain that is in wide use. Not all there are: a list of all changes weekly.
bool name_is_top_level(struct str label);
// An ending of file names, country codes that are such endings among them (md, py, sh).
bool name_is_extension(struct str label);
