// SPDX-License-Identifier: Apache-2.0
#include "stix/version.h"
#include "test.h"

#define A STR_INIT("identity--a")
#define B STR_INIT("identity--b")

static const struct {
    const char *why;
    struct stix_version held, given;
    enum stix_succession want;
} cases[] = {
    {"the same again", {5, 1, A, false, {1}}, {5, 1, A, false, {1}}, STIX_SAME},
    {"one version, two contents", {5, 1, A, false, {1}}, {5, 1, A, false, {2}}, STIX_CONFLICT},
    {"one version, one revoked", {5, 1, A, false, {1}}, {5, 1, A, true, {2}}, STIX_CONFLICT},
    {"a later version", {5, 1, A, false, {1}}, {6, 1, A, false, {2}}, STIX_SUCCEEDS},
    {"an older version comes late", {6, 1, A, false, {2}}, {5, 1, A, false, {1}},
        STIX_SUCCEEDS},
    {"created changes", {5, 1, A, false, {1}}, {6, 2, A, false, {2}}, STIX_OTHER_CREATED},
    {"the creator changes", {5, 1, A, false, {1}}, {6, 1, B, false, {2}}, STIX_OTHER_CREATOR},
    {"the creator goes", {5, 1, A, false, {1}}, {6, 1, {"", 0}, false, {2}},
        STIX_OTHER_CREATOR},
    {"a revocation", {5, 1, A, false, {1}}, {6, 1, A, true, {2}}, STIX_SUCCEEDS},
    {"a version from before the revocation", {6, 1, A, true, {2}}, {5, 1, A, false, {1}},
        STIX_SUCCEEDS},
    {"a version behind the revocation", {6, 1, A, true, {2}}, {7, 1, A, false, {3}},
        STIX_AFTER_REVOKED},
    {"a second revocation", {6, 1, A, true, {2}}, {7, 1, A, true, {3}}, STIX_AFTER_REVOKED},
    {"a revocation of before comes late", {6, 1, A, false, {2}}, {5, 1, A, true, {1}},
        STIX_AFTER_REVOKED},
};

static void versions_are_judged_within_one_source(void **state)
{
    for (size_t i = 0; i < LEN(cases); i++)
        CHECK(
            cases[i].why, stix_version_judge(&cases[i].held, &cases[i].given) == cases[i].want);
}

static void the_order_of_arrival_does_not_matter(void **state)
{
    for (size_t i = 0; i < LEN(cases); i++)
        CHECK(cases[i].why, stix_version_judge(&cases[i].given, &cases[i].held) ==
                                stix_version_judge(&cases[i].held, &cases[i].given));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(versions_are_judged_within_one_source),
        cmocka_unit_test(the_order_of_arrival_does_not_matter),
    };
    return RUN_TESTS(tests);
}
