// SPDX-License-Identifier: Apache-2.0
#pragma once

#define MUST_USE          __attribute__((warn_unused_result))
#define NO_RETURN         __attribute__((noreturn))
#define UNUSED            __attribute__((unused))
#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

// Length of an array that is really an array.
#define LEN(array) (sizeof(array) / sizeof((array)[0]))
