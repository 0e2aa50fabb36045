// SPDX-License-Identifier: Apache-2.0
// Every object under ../shared/data/stix: STIX 2.1 is read, STIX 2.0 is refused as such, and
// what else is refused is listed with its reason.
#include "data.h"
#include "stix/object.h"

// Refused although it says that it is STIX 2.1.
static const struct {
    const char *file, *rule, *path;
} bad[] = {
    {"test_examples/invalid_braces.json", "JSON", ""}, // made to be bad
    {"test_examples/invalid_comma.json", "JSON", ""},  // made to be bad
    {"v21/test_examples/invalid_identity.json", "STIX-3.2-required", "modified"},
    {"v21/test_examples/invalid_timestamp.json", "STIX-3.6-modified", "modified"},
    {"schemas/examples/infrastructure.json", "STIX-2.9-identifier", "id"}, // upper-case UUID
};

struct count {
    size_t read, version_2_0, refused, patterns, unread;
    bool is_bad[LEN(bad)];
};

static void judge(struct arena *scratch, const char *path, struct str bytes, struct count *n)
{
    struct stix_object o;
    struct stix_problem problem = {0};
    unsigned char digest[SHA256_BYTES];
    enum err e = stix_object_read(scratch, bytes, &o, &problem);
    if (e == ERR_OK) {
        n->read++;
        bool is_pattern = str_eq(o.pattern_type, STR("stix"));
        n->patterns += is_pattern;
        n->unread += o.is_pattern_unread;
        CHECK_ERR(path, stix_digest(scratch, o.root, digest), ERR_OK);
        if (is_pattern && !o.is_pattern_unread && o.n_values == 0)
            print_message("# no value: %.*s\n", STR_ARG(o.pattern));
        return;
    }
    if (str_find(str_of(problem.why), STR("STIX 2.0")) < str_of(problem.why).len) {
        n->version_2_0++;
        return;
    }
    n->refused++;
    for (size_t i = 0; i < LEN(bad); i++)
        if (str_ends(str_of(path), str_of(bad[i].file)) &&
            str_eq(str_of(problem.rule), str_of(bad[i].rule)) &&
            str_eq(problem.path, str_of(bad[i].path))) {
            n->is_bad[i] = true;
            return;
        }
    fail_msg("%s: %s %.*s: %s: %.*s", path, problem.rule, STR_ARG(problem.path), problem.why,
        STR_ARG(str_to(bytes, 300)));
}

static void judge_document(
    struct arena *scratch, const char *path, struct str text, struct count *n)
{
    struct json root, objects;
    struct arena_mark mark = arena_mark(scratch);
    if (json_parse(scratch, text, &root, NULL) != ERR_OK ||
        !json_get(root, STR("objects"), &objects)) {
        judge(scratch, path, text, n);
        arena_rewind(scratch, mark);
        return;
    }
    for (struct json_iter it = json_iter(objects); json_next(&it);) {
        struct arena_mark inner = arena_mark(scratch);
        judge(scratch, path, json_span(it.value), n);
        arena_rewind(scratch, inner);
    }
    arena_rewind(scratch, mark);
}

static void judge_file(const char *path, struct count *n)
{
    struct arena file;
    arena_init(&file, 512 * MIB);
    struct str text = data_read(&file, path);
    bool is_lines = str_ends(str_of(path), STR(".jsonl.gz"));
    while (is_lines && text.len) {
        struct str line = str_trim(str_cut(&text, '\n'));
        if (line.len)
            judge_document(&file, path, line, n);
    }
    if (!is_lines)
        judge_document(&file, path, text, n);
    arena_release(&file);
}

static void all_published_objects_are_read_or_refused_with_reason(void **state)
{
    struct count n = {0};
    char path[1024];
    size_t files = 0;
    DATA_OR_RETURN();
    FILE *list = popen("find '" DATA_DIR "/stix' -type f | grep -E '[.](json|gz|stix2)$' |"
                       " grep -vE '/(patterns|schemas/schemas|oasis-open|"
                       "(automodel|manually)_generated/schemas)/|schema-2|remote-def' | sort",
        "r");
    assert_non_null(list);
    while (fgets(path, sizeof path, list)) {
        path[strcspn(path, "\n")] = '\0';
        judge_file(path, &n);
        files++;
    }
    assert_int_equal(pclose(list), 0);
    print_message(
        "# %zu files: read %zu, STIX 2.0 %zu, refused %zu; patterns %zu, unread %zu\n", files,
        n.read, n.version_2_0, n.refused, n.patterns, n.unread);
    for (size_t i = 0; i < LEN(bad); i++)
        CHECK(bad[i].file, n.is_bad[i]);
    assert_int_equal(n.unread, 0);
    assert_true(n.read > 13000);
    assert_true(n.version_2_0 > 24000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_published_objects_are_read_or_refused_with_reason),
    };
    return RUN_TESTS(tests);
}
