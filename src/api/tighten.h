// SPDX-License-Identifier: Apache-2.0
// The stricter handling that a request names, for one object or for all of an import.
#pragma once

#include "api/call.h"
#include "exchange/tighten.h"

// The parameters that tighten_parameters reads, for the route table.
#define TIGHTEN_PARAMETERS "handling,nations,noforn,orcon,embargo,expires"

// Puts the parameters together into one handling block. False, and answered with 400, when one
// is malformed or none is there.
bool tighten_parameters(struct call *call, struct str *block);
