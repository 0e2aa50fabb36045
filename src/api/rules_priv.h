// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/api.h"

enum err rules_start(
    const struct api_config *config, struct arena *a, struct api_rules **out) MUST_USE;
