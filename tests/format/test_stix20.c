// SPDX-License-Identifier: Apache-2.0
#include "format/stix20.h"
#include "format_sink.h"

#define HEAD(type)                                                                      \
    "{\"type\":\"" type "\",\"id\":\"" type "--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f\"," \
    "\"created\":\"2018-01-01T00:00:00.000Z\",\"modified\":\"2018-01-01T00:00:00.000Z\","

struct kept {
    struct arena arena;
    struct str last;
    size_t objects, losses;
};

static enum err keep(void *ctx, const struct format_object *object)
{
    struct kept *k = ctx;
    struct stix_object read;
    struct stix_problem problem = {0};
    k->objects++;
    CHECK_ERR("copy", str_copy(&k->arena, object->bytes, &k->last), ERR_OK);
    if (stix_object_read(&k->arena, k->last, &read, &problem) != ERR_OK)
        fail_msg("%.*s: %s", STR_ARG(k->last), problem.why);
    return ERR_OK;
}

static enum err lose(void *ctx, const struct format_loss *loss)
{
    struct kept *k = ctx;
    k->losses++;
    return ERR_OK;
}

static const struct {
    const char *why;
    struct str text, want; // what the new object has in it
    size_t objects, losses;
} cases[] = {
    {"labels of malware", STR_INIT(HEAD("malware") "\"name\":\"x\",\"labels\":[\"worm\"]}"),
        STR_INIT("\"malware_types\":[\"worm\"],\"is_family\":true}"), 1, 1},
    {"an indicator",
        STR_INIT(HEAD("indicator") "\"pattern\":\"[url:value = 'x']\",\"labels\":[\"benign\"],"
                                   "\"valid_from\":\"2018-01-01T00:00:00Z\"}"),
        STR_INIT("\"indicator_types\":[\"benign\"],\"valid_from\":\"2018-01-01T00:00:00Z\","
                 "\"pattern_type\":\"stix\"}"),
        1, 0},
    {"a custom property", STR_INIT(HEAD("tool") "\"name\":\"x\",\"x_mitre_a\":{\"b\":[1]}}"),
        STR_INIT("\"x_mitre_a\":{\"b\":[1]}"), 1, 0},
    {"a custom type", STR_INIT(HEAD("x-mitre-tactic") "\"labels\":[\"a\"]}"),
        STR_INIT("\"labels\":[\"a\"]"), 1, 0},
    {"a selector of labels",
        STR_INIT(HEAD("tool") "\"name\":\"x\",\"labels\":[\"a\"],\"granular_markings\":[{"
                              "\"marking_ref\":\"marking-definition--"
                              "34098fce-860f-48ae-8e50-ebd3cc5e41da\",\"selectors\":["
                              "\"labels.[0]\",\"name\"]}]}"),
        STR_INIT("\"selectors\":[\"tool_types.[0]\",\"name\"]"), 1, 0},
    {"a circle of references",
        STR_INIT(HEAD("observed-data") "\"first_observed\":\"2018-01-01T00:00:00Z\","
                                       "\"last_observed\":\"2018-01-01T00:00:00Z\","
                                       "\"number_observed\":1,\"objects\":{"
                                       "\"0\":{\"type\":\"process\",\"pid\":1,"
                                       "\"child_refs\":[\"1\"]},"
                                       "\"1\":{\"type\":\"process\",\"pid\":2,"
                                       "\"parent_ref\":\"0\"}}}"),
        STR_INIT("\"object_refs\":[\"process--"), 3, 1},
};

static void objects_become_2_1(void **state)
{
    for (size_t i = 0; i < LEN(cases); i++) {
        struct kept k = {.objects = 0};
        arena_init(&k.arena, 64u << 20);
        const struct format_sink sink = {.object = keep, .loss = lose, .ctx = &k};
        struct fault fault = {0};
        CHECK(cases[i].why, format_is_stix20(&k.arena, cases[i].text));
        CHECK_ERR(cases[i].why, format_stix20_read(&k.arena, cases[i].text, 0, &sink, &fault),
            ERR_OK);
        CHECK(cases[i].why, str_find(k.last, cases[i].want) < k.last.len);
        CHECK(cases[i].why, k.objects == cases[i].objects && k.losses == cases[i].losses);
        arena_release(&k.arena);
    }
}

static void what_is_2_1_is_left_alone(void **state)
{
    static const struct str texts[] = {STR_INIT(HEAD("tool") "\"spec_version\":\"2.1\"}"),
        STR_INIT("{\"type\":\"url\",\"value\":\"x\"}"), STR_INIT("{\"type\":\"bundle\"}"),
        STR_INIT("7"), STR_INIT("{")};
    struct arena a;
    arena_init(&a, 1u << 20);
    for (size_t i = 0; i < LEN(texts); i++)
        CHECK(texts[i].ptr, !format_is_stix20(&a, texts[i]));
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_become_2_1),
        cmocka_unit_test(what_is_2_1_is_left_alone),
    };
    return RUN_TESTS(tests);
}
