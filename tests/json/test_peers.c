// SPDX-License-Identifier: Apache-2.0
// The reader against simdjson and jansson: what one takes the others take, but for the
// differences coded here.
#include "test.h"

#include "peers/peers.h"
#include "json/json.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define MUTATIONS     100000
#define FILE_BYTES    (64u << 20)
#define PADDING_BYTES 64 // simdjson reads so far behind the text

static uint64_t random_state = 88172645463325252u;

// xorshift64
static unsigned below(size_t n)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (unsigned)((random_state >> 20) % n);
}

struct known {
    bool has_large_integer; // simdjson: 2^64 and more, jansson: 2^63 and more are refused
    bool has_large_double;  // both refuse what becomes infinite
    bool has_nul_key;       // jansson refuses U+0000 in a key, simdjson takes it
};

static void note_number(struct str text, struct known *known)
{
    bool is_integer = true;
    for (size_t i = 0; i < text.len; i++)
        is_integer &= text.ptr[i] == '-' || (text.ptr[i] >= '0' && text.ptr[i] <= '9');
    known->has_large_integer |= is_integer && text.len >= 19;
    char cstr[200];
    size_t n = text.len < sizeof cstr - 1 ? text.len : sizeof cstr - 1;
    memcpy(cstr, text.ptr, n);
    cstr[n] = '\0';
    known->has_large_double |= isinf(strtod(cstr, NULL)) != 0;
}

static void note(struct arena *a, struct json v, struct known *known)
{
    if (json_is(v, JSON_NUMBER))
        note_number(json_span(v), known);
    for (struct json_iter it = json_iter(v); json_next(&it);) {
        struct str key = STR("");
        if (json_is(v, JSON_OBJECT))
            CHECK_ERR("key", json_key(a, &it, &key), ERR_OK);
        known->has_nul_key |= str_index(key, '\0') < key.len;
        note(a, it.value, known);
    }
}

// The text is followed by PADDING_BYTES. True when we take it.
static bool compare(struct str text)
{
    struct arena a;
    arena_init(&a, 512u << 20);
    struct json v;
    struct fault fault = {0};
    struct known known = {0};
    enum err e = json_parse(&a, text, &v, &fault);
    bool simdjson = peer_simdjson(text.ptr, text.len);
    bool jansson = peer_jansson(text.ptr, text.len);
    bool may_refuse = false, agree;
    if (e == ERR_OK)
        note(&a, v, &known);
    if (e == ERR_LIMIT) { // our limits are lower than theirs
        agree = true;
    } else if (e == ERR_OK) {
        may_refuse = known.has_large_integer || known.has_large_double;
        agree = (simdjson || may_refuse) && (jansson || may_refuse || known.has_nul_key);
    } else { // simdjson keeps duplicate keys
        bool is_duplicate = strcmp(fault.why, "a key appears twice") == 0;
        agree = !jansson && (!simdjson || is_duplicate);
    }
    if (!agree)
        fail_msg("we: %s at %zu (%s), simdjson %d, jansson %d: %.*s", err_name(e), fault.at,
            fault.why ? fault.why : "-", simdjson, jansson, STR_ARG(str_to(text, 500)));
    arena_release(&a);
    return e == ERR_OK;
}

static const struct str seeds[] = {
    STR_INIT("{\"type\":\"indicator\",\"spec_version\":\"2.1\",\"id\":\"indicator--8e2e2d2b\","
             "\"name\":\"봉수 DEMO\",\"pattern\":\"[domain-name:value = 'a.example']\","
             "\"confidence\":85,\"revoked\":false,\"labels\":[\"demo\",\"\\u00e9\\n\"]}"),
    STR_INIT("[1,-0,0.5,1e3,-2.5E-3,18446744073709551615,123456789012345678901,1e308,1e400]"),
    STR_INIT("{\"a\":{\"a\":[{},[],\"\",null,true,false]},\"b\":{\"a\":1,\"\\u0062\":2}}"),
    STR_INIT(
        "[\"\\ud83d\\udd25\xF0\x9F\x94\xA5\",\"\\u0000\",\"\xED\x9F\xBF\xEE\x80\x80\xF4\x8F"
        "\xBF\xBF\",\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]"),
    STR_INIT(" \r\n\t{ \"\\u0000\" : [ ] , \"k\" : { } } \n"),
    STR_INIT("\"0123456789abcdef0123456789abcde\x7F\""),
};

static char random_byte(void)
{
    static const char often[] =
        "\"\\{}[],:0123456789.eE+-utrfalsn \n\t\x80\xBF\xC2\xE0\xED\xF0\xF4";
    return below(4) ? often[below(sizeof often - 1)] : (char)below(256);
}

// Replaces, removes, inserts or repeats.
static size_t mutate(char *text, size_t len, size_t room)
{
    size_t at = below(len + 1), run = 1 + below(8);
    size_t tail = len - at;
    switch (below(4)) {
    case 0:
        if (at < len)
            text[at] = random_byte();
        return len;
    case 1:
        run = run < tail ? run : tail;
        memmove(text + at, text + at + run, tail - run);
        return len - run;
    case 2:
        if (len + 1 > room)
            return len;
        memmove(text + at + 1, text + at, tail);
        text[at] = random_byte();
        return len + 1;
    default:
        run = run < tail ? run : tail;
        if (len + run > room)
            return len;
        memmove(text + at + run, text + at, tail);
        return len + run;
    }
}

static void agrees_on_seeds(void **state)
{
    char text[1000] = {0};
    for (size_t i = 0; i < sizeof seeds / sizeof *seeds; i++) {
        for (size_t len = 0; len <= seeds[i].len; len++) { // and everything cut short
            memset(text, 0, sizeof text);
            memcpy(text, seeds[i].ptr, len);
            compare((struct str){text, len});
        }
    }
}

static void agrees_on_mutated_documents(void **state)
{
    char text[1000 + PADDING_BYTES];
    size_t taken = 0;
    for (size_t i = 0; i < MUTATIONS; i++) {
        struct str seed = seeds[i % (sizeof seeds / sizeof *seeds)];
        size_t len = seed.len;
        memset(text, 0, sizeof text);
        memcpy(text, seed.ptr, len);
        for (size_t n = 1 + below(3); n > 0; n--)
            len = mutate(text, len, 1000);
        taken += compare((struct str){text, len});
    }
    assert_in_range(taken, MUTATIONS / 20, MUTATIONS / 2); // both answers are exercised
}

static size_t compare_file(const char *path, char *text)
{
    char command[1100];
    bool is_packed = str_ends(str_of(path), STR(".gz"));
    snprintf(command, sizeof command, "%s '%s'", is_packed ? "gzip -dc" : "cat", path);
    FILE *f = popen(command, "r");
    assert_non_null(f);
    size_t len = fread(text, 1, FILE_BYTES, f);
    assert_int_equal(pclose(f), 0);
    memset(text + len, 0, PADDING_BYTES);
    compare((struct str){text, len});
    return 1;
}

static bool is_document(struct str name)
{
    if (str_ends(name, STR(".gz")))
        name = str_to(name, name.len - 3);
    return str_ends(name, STR(".json")) || str_ends(name, STR(".stix2"));
}

// `text` has room for one file.
static size_t compare_folder(const char *folder, char *text)
{
    DIR *dir = opendir(folder);
    size_t n = 0;
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        char path[1000];
        struct stat st;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        struct str name = str_of(entry->d_name);
        if (name.ptr[0] == '.' || stat(path, &st) != 0)
            continue;
        if (S_ISDIR(st.st_mode))
            n += compare_folder(path, text);
        else if (is_document(name))
            n += compare_file(path, text);
    }
    if (dir)
        closedir(dir);
    return n;
}

static void agrees_on_real_data(void **state)
{
    struct stat st;
    if (stat(DATA_DIR "/stix", &st) != 0) {
        // Not skip(): cmocka prints it as "not ok".
        print_message("# skipped: ../shared/data not present\n");
        return;
    }
    char *text = test_malloc(FILE_BYTES + PADDING_BYTES);
    assert_true(compare_folder(DATA_DIR "/stix", text) > 50);
    test_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_on_seeds),
        cmocka_unit_test(agrees_on_mutated_documents),
        cmocka_unit_test(agrees_on_real_data),
    };
    return RUN_TESTS(tests);
}
