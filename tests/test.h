// SPDX-License-Identifier: Apache-2.0
// cmocka with the headers that it needs before it, and checks for our own types.
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"

// The row's reason is printed when a table test fails.
#define CHECK(why, condition)                               \
    do {                                                    \
        if (!(condition))                                   \
            fail_msg("%s: %s is false", (why), #condition); \
    } while (0)

#define CHECK_ERR(why, got, want)                                                              \
    do {                                                                                       \
        enum err check_got = (got), check_want = (want);                                       \
        if (check_got != check_want)                                                           \
            fail_msg("%s: got %s, want %s", (why), err_name(check_got), err_name(check_want)); \
    } while (0)

#define CHECK_STR(why, got, want)                                                  \
    do {                                                                           \
        struct str check_got = (got), check_want = (want);                         \
        if (!str_eq(check_got, check_want))                                        \
            fail_msg("%s: got \"%.*s\", want \"%.*s\"", (why), STR_ARG(check_got), \
                STR_ARG(check_want));                                              \
    } while (0)

#define RUN_TESTS(tests) cmocka_run_group_tests(tests, NULL, NULL)
