// SPDX-License-Identifier: Apache-2.0
#include "stix/observable.h"
#include "test.h"

#define UUID "8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"

static const struct {
    const char *why;
    struct str text;
    enum err want;
} cases[] = {
    {"plain", STR_INIT("indicator--" UUID), ERR_OK},
    {"hyphens in the type", STR_INIT("x-mitre-tactic--" UUID), ERR_OK},
    {"digits in the type", STR_INIT("ipv4-addr--" UUID), ERR_OK},
    {"any version of UUID", STR_INIT("url--00000000-0000-7000-8000-000000000000"), ERR_OK},
    {"upper case in the UUID", STR_INIT("url--8E2E2D2B-17d4-4cbf-938f-98ee46b3cd3f"),
        ERR_INVALID},
    {"upper case in the type", STR_INIT("Url--" UUID), ERR_INVALID},
    {"short type", STR_INIT("ab--" UUID), ERR_INVALID},
    {"type begins with a digit", STR_INIT("3com--" UUID), ERR_INVALID},
    {"type ends with a hyphen", STR_INIT("url---" UUID), ERR_INVALID},
    {"double hyphen in the type", STR_INIT("a--bc--" UUID), ERR_INVALID},
    {"underscore", STR_INIT("a_bc--" UUID), ERR_INVALID},
    {"one hyphen only", STR_INIT("tool-" UUID), ERR_INVALID},
    {"no UUID", STR_INIT("tool--"), ERR_INVALID},
    {"blank at the end", STR_INIT("tool--" UUID " "), ERR_INVALID},
    {"braces", STR_INIT("tool--{8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f}"), ERR_INVALID},
    {"embedded NUL", STR_INIT("to\0ol--" UUID), ERR_INVALID},
    {"empty", STR_INIT(""), ERR_INVALID},
};

static void identifiers_are_judged_by_the_standard(void **state)
{
    for (size_t i = 0; i < LEN(cases); i++) {
        struct stix_id id = {.type = STR_INIT("untouched")};
        CHECK_ERR(cases[i].why, stix_id_parse(cases[i].text, &id), cases[i].want);
        if (cases[i].want == ERR_OK)
            CHECK_STR(cases[i].why, id.type, str_to(cases[i].text, id.type.len));
        else
            CHECK_STR(cases[i].why, id.type, STR("untouched"));
    }
}

static void a_type_of_250_is_the_longest(void **state)
{
    char text[251 + 38];
    for (size_t n = 250; n <= 251; n++) {
        memset(text, 'a', n);
        memcpy(text + n, "--" UUID, 38);
        struct stix_id id;
        CHECK_ERR("length", stix_id_parse((struct str){text, n + 38}, &id),
            n == 250 ? ERR_OK : ERR_INVALID);
    }
}

// The examples of STIX 2.1 whose identifiers follow the algorithm.
static const struct {
    struct str name, id;
} vectors[] = {
    {STR_INIT("{\"value\":\"198.51.100.3\"}"),
        STR_INIT("ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4")},
    {STR_INIT("{\"value\":\"198.51.100.0/24\"}"),
        STR_INIT("ipv4-addr--1ea47840-aa39-5aa8-b4a2-cd203eb6662a")},
    {STR_INIT("{\"value\":\"2001:0db8:85a3:0000:0000:8a2e:0370:7334\"}"),
        STR_INIT("ipv6-addr--85a85a8c-ee99-5722-946d-3c3a3270fc6f")},
    {STR_INIT("{\"value\":\"2001:0db8::/96\"}"),
        STR_INIT("ipv6-addr--084d3b4c-7785-568a-a569-0c61c95754ab")},
    {STR_INIT("{\"value\":\"example.com\"}"),
        STR_INIT("domain-name--bedb4899-d24b-5401-bc86-8f6b4cc18ec7")},
    {STR_INIT("{\"value\":\"john@example.com\"}"),
        STR_INIT("email-addr--7165e2a9-671f-585d-b1e1-ca59c671d934")},
    {STR_INIT("{\"value\":\"d2:fb:49:24:37:18\"}"),
        STR_INIT("mac-addr--757b1725-9903-54f5-a855-1240691d7659")},
    {STR_INIT("{\"value\":\"https://example.com/research/index.html\"}"),
        STR_INIT("url--47c3cf9a-5027-5bf0-997a-017c7edc7c55")},
    {STR_INIT("{\"number\":15139}"),
        STR_INIT("autonomous-system--3aa27478-50b5-5ab8-9da9-cdc12b657fff")},
    {STR_INIT("{\"path\":\"C:\\\\Windows\\\\System32\"}"),
        STR_INIT("directory--0a58d0c1-59e6-5afd-8252-dcd3f13e5622")},
    {STR_INIT("{\"name\":\"__CLEANSWEEP__\"}"),
        STR_INIT("mutex--f93fe911-e545-5239-b9b0-597840d0c871")},
    {STR_INIT("{\"hashes\":{\"SHA-256\":"
              "\"fe90a7e910cb3a4739bed9180e807e93fa70c90f25a8915476f5e4bfbac681db\"},"
              "\"name\":\"foo.dll\"}"),
        STR_INIT("file--949eb97a-da1e-5292-8959-03c4249dc9f3")},
    {STR_INIT("{\"hashes\":{\"SHA-256\":"
              "\"841a8921140aba50671ebb0770fecc4ee308c4952cfeff8de154ab14eeef4649\"},"
              "\"name\":\"qu\xc3\xaary.dll\"}"),
        STR_INIT("file--7d1e3a18-89e7-5bc5-be36-9879f5b7f5c8")},
    {STR_INIT("{\"cpe\":\"cpe:2.3:a:microsoft:word:2000:*:*:*:*:*:*:*\",\"name\":\"Word\","
              "\"vendor\":\"Microsoft\",\"version\":\"2002\"}"),
        STR_INIT("software--710b0b41-d4d0-5d6c-a400-fc9254554ffc")},
    {STR_INIT("{\"account_login\":\"jdoe\",\"account_type\":\"unix\",\"user_id\":\"1001\"}"),
        STR_INIT("user-account--f94d689e-707d-58c3-b803-c720bb6ed096")},
    {STR_INIT("{\"key\":\"HKEY_LOCAL_MACHINE\\\\System\\\\Foo\\\\Bar\"}"),
        STR_INIT("windows-registry-key--1884b770-b679-522a-a9c7-45fadaaec7bb")},
    {STR_INIT("{\"key\":\"hkey_local_machine\\\\system\\\\bar\\\\foo\",\"values\":["
              "{\"data\":\"qwerty\",\"data_type\":\"REG_SZ\",\"name\":\"Foo\"},"
              "{\"data\":\"42\",\"data_type\":\"REG_DWORD\",\"name\":\"Bar\"}]}"),
        STR_INIT("windows-registry-key--f6a11ddf-fa2b-54c8-97ab-e7f28413095a")},
    {STR_INIT("{\"serial_number\":"
              "\"36:f7:d4:32:f4:ab:70:ea:d3:ce:98:6e:ea:99:93:49:32:0a:b7:06\"}"),
        STR_INIT("x509-certificate--bf86f034-2390-54d7-8426-d08433db3fbe")},
};

static void observables_get_the_identifier_of_the_standard(void **state)
{
    struct arena request;
    arena_init(&request, 1 << 20);
    for (size_t i = 0; i < LEN(vectors); i++) {
        struct stix_id want, got;
        CHECK_ERR("vector", stix_id_parse(vectors[i].id, &want), ERR_OK);
        CHECK_ERR(
            "name", stix_id_from_name(&request, want.type, vectors[i].name, &got), ERR_OK);
        CHECK_STR("identifier", got.text, want.text);
        CHECK_STR("type", got.type, want.type);
        CHECK("uuid", memcmp(got.uuid, want.uuid, UUID_BYTES) == 0);
    }
    arena_release(&request);
}

static const struct {
    const char *why, *type;
    struct str object, want; // an empty name: none, to be named at random
} objects[] = {
    {"members that do not contribute", "ipv4-addr",
        STR_INIT("{\"defanged\":false,\"value\":\"198.51.100.3\",\"type\":\"ipv4-addr\"}"),
        STR_INIT("{\"value\":\"198.51.100.3\"}")},
    {"one hash, in the order of the standard", "file",
        STR_INIT(
            "{\"name\":\"a\",\"hashes\":{\"SHA-256\":\"1\",\"TLSH\":\"2\",\"MD5\":\"3\"}}"),
        STR_INIT("{\"hashes\":{\"MD5\":\"3\"},\"name\":\"a\"}")},
    {"the smallest key of other hashes", "artifact",
        STR_INIT("{\"hashes\":{\"TLSH\":\"2\",\"SSDEEP\":\"1\"}}"),
        STR_INIT("{\"hashes\":{\"SSDEEP\":\"1\"}}")},
    {"escapes and numbers in their canonical form", "network-traffic",
        STR_INIT("{\"src_port\":1e1,\"protocols\":[\"t\\u0063p\"],\"extensions\":{\"b\":1.0,"
                 "\"a\":2}}"),
        STR_INIT("{\"extensions\":{\"a\":2,\"b\":1},\"protocols\":[\"tcp\"],\"src_port\":10}")},
    {"nothing that contributes", "user-account", STR_INIT("{\"display_name\":\"x\"}"),
        STR_INIT("")},
    {"a process", "process", STR_INIT("{\"pid\":1}"), STR_INIT("")},
    {"a custom type", "x-own", STR_INIT("{\"value\":\"x\"}"), STR_INIT("")},
};

static void observables_name_themselves_by_what_contributes(void **state)
{
    struct arena request;
    arena_init(&request, 1 << 20);
    for (size_t i = 0; i < LEN(objects); i++) {
        struct stix_id want, got;
        struct json object;
        struct str type = str_of(objects[i].type);
        CHECK_ERR(
            objects[i].why, json_parse(&request, objects[i].object, &object, NULL), ERR_OK);
        enum err e = stix_observable_id(&request, type, object, &got);
        CHECK_ERR(objects[i].why, e, objects[i].want.len ? ERR_OK : ERR_NOT_FOUND);
        if (e != ERR_OK)
            continue;
        CHECK_ERR(
            objects[i].why, stix_id_from_name(&request, type, objects[i].want, &want), ERR_OK);
        CHECK_STR(objects[i].why, got.text, want.text);
    }
    for (size_t i = 0; i < LEN(vectors); i++) { // a name is an object too
        struct stix_id want, got;
        struct json object;
        CHECK_ERR("vector", stix_id_parse(vectors[i].id, &want), ERR_OK);
        CHECK_ERR("name", json_parse(&request, vectors[i].name, &object, NULL), ERR_OK);
        CHECK_ERR("id", stix_observable_id(&request, want.type, object, &got), ERR_OK);
        CHECK_STR("identifier", got.text, want.text);
    }
    arena_release(&request);
}

static void a_full_arena_is_a_limit(void **state)
{
    for (size_t limit = 0; limit < 1 << 16; limit += 64) {
        struct arena small;
        arena_init(&small, limit);
        struct stix_id id;
        enum err e = stix_id_from_name(&small, STR("mutex"), STR("{\"name\":\"a\"}"), &id);
        arena_release(&small);
        if (e == ERR_OK)
            return;
        CHECK_ERR("below the need", e, ERR_LIMIT);
    }
    fail();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(identifiers_are_judged_by_the_standard),
        cmocka_unit_test(a_type_of_250_is_the_longest),
        cmocka_unit_test(observables_get_the_identifier_of_the_standard),
        cmocka_unit_test(observables_name_themselves_by_what_contributes),
        cmocka_unit_test(a_full_arena_is_a_limit),
    };
    return RUN_TESTS(tests);
}
