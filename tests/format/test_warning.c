// SPDX-License-Identifier: Apache-2.0
#include "base/limits.h"
#include "format/warning_match.h"
#include "stix/data.h"

#include <time.h>
#include <unistd.h>

static const struct {
    const char *why;
    struct str text;
    enum err want;
    size_t at;
} readings[] = {
    {"whole",
        STR_INIT("{\"name\":\"a\",\"version\":1,\"type\":\"cidr\",\"description\":\"d\","
                 "\"matching_attributes\":[\"ip-src\"],\"list\":[\"10.0.0.0/8\"]}"),
        ERR_OK, 0},
    {"no type, attributes, description", STR_INIT("{\"name\":\"a\",\"version\":1,\"list\":[]}"),
        ERR_OK, 0},
    {"members that are not known",
        STR_INIT("{\"name\":\"a\",\"version\":1,\"list\":[],\"x\":{}}"), ERR_OK, 0},
    {"not JSON", STR_INIT("{\"name\":"), ERR_INVALID, 8},
    {"not an object", STR_INIT("[]"), ERR_INVALID, 0},
    {"no name", STR_INIT("{\"version\":1,\"list\":[]}"), ERR_INVALID, 0},
    {"empty name", STR_INIT("{\"name\":\"\",\"version\":1,\"list\":[]}"), ERR_INVALID, 8},
    {"a name of two lines", STR_INIT("{\"name\":\"a\\nb\",\"version\":1,\"list\":[]}"),
        ERR_INVALID, 8},
    {"name is a number", STR_INIT("{\"name\":1,\"version\":1,\"list\":[]}"), ERR_INVALID, 8},
    {"no version", STR_INIT("{\"name\":\"a\",\"list\":[]}"), ERR_INVALID, 0},
    {"version is a text", STR_INIT("{\"name\":\"a\",\"version\":\"1\",\"list\":[]}"),
        ERR_INVALID, 22},
    {"version below 0", STR_INIT("{\"name\":\"a\",\"version\":-1,\"list\":[]}"), ERR_INVALID,
        22},
    {"unknown type", STR_INIT("{\"name\":\"a\",\"version\":1,\"type\":\"x\",\"list\":[]}"),
        ERR_INVALID, 31},
    {"no list", STR_INIT("{\"name\":\"a\",\"version\":1}"), ERR_INVALID, 0},
    {"list is an object", STR_INIT("{\"name\":\"a\",\"version\":1,\"list\":{}}"), ERR_INVALID,
        31},
    {"an entry is a number", STR_INIT("{\"name\":\"a\",\"version\":1,\"list\":[\"b\",7]}"),
        ERR_INVALID, 36},
    {"an attribute is a number",
        STR_INIT("{\"name\":\"a\",\"version\":1,\"matching_attributes\":[7],\"list\":[]}"),
        ERR_INVALID, 47},
    {"a description that is none",
        STR_INIT("{\"name\":\"a\",\"version\":1,\"description\":[],\"list\":[]}"), ERR_INVALID,
        38},
};

static void lists_are_read_or_refused(void **state)
{
    for (size_t i = 0; i < LEN(readings); i++) {
        struct arena a;
        struct warning_list list;
        struct fault fault = {.at = 0, .why = NULL};
        arena_init(&a, MIB);
        CHECK_ERR(readings[i].why, warning_list_read(&a, readings[i].text, &list, &fault),
            readings[i].want);
        CHECK(readings[i].why, readings[i].want == ERR_OK || fault.at == readings[i].at);
        CHECK(readings[i].why, readings[i].want == ERR_OK || fault.why);
        arena_release(&a);
    }
}

// A set of lists, in the arena with their documents.
static const struct warning_set *set_of(
    struct arena *a, const struct str *documents, size_t n, struct warning_count *counts)
{
    struct arena scratch;
    struct warning_set *set;
    struct warning_count count;
    arena_init(&scratch, 16 * MIB);
    assert_int_equal(warning_set_begin(a, &scratch, &set), ERR_OK);
    for (size_t i = 0; i < n; i++) {
        struct warning_list list;
        assert_int_equal(warning_list_read(a, documents[i], &list, NULL), ERR_OK);
        assert_int_equal(warning_set_add(set, &list, counts ? &counts[i] : &count), ERR_OK);
    }
    assert_int_equal(warning_set_end(set), ERR_OK);
    arena_release(&scratch);
    return set;
}

static const struct str lists[] = {
    STR_INIT("{\"name\":\"sites\",\"version\":1,\"type\":\"hostname\",\"matching_attributes\":"
             "[\"domain\",\"hostname\",\"url\"],\"list\":[\".Example.org\",\"a.test\","
             "\"d\xc3\xbcsseldorf.test\",\"10.0.0.1\",\"\"]}"),
    STR_INIT("{\"name\":\"exact\",\"version\":1,\"type\":\"string\",\"matching_attributes\":"
             "[\"domain\"],\"list\":[\"EXAMPLE.org\",\".google.ad\"]}"),
    STR_INIT(
        "{\"name\":\"nets\",\"version\":1,\"type\":\"cidr\",\"matching_attributes\":"
        "[\"ip-src\",\"domain|ip\"],\"list\":[\"10.0.0.0/8\",\"10.1.0.0/16\",\"FE80::/10\","
        "\"192.0.2.9\",\"::ffff:198.51.100.7\",\"10.0.0.0/40\",\"::/0\"]}"),
    STR_INIT("{\"name\":\"everywhere\",\"version\":1,\"type\":\"cidr\",\"list\":"
             "[\"0.0.0.0/0\"]}"),
    STR_INIT("{\"name\":\"parts\",\"version\":1,\"type\":\"substring\",\"matching_attributes\":"
             "[\"email-src\",\"domain\"],\"list\":[\"@Mail.test\",\"mail\",\"x\"]}"),
    STR_INIT("{\"name\":\"hashes\",\"version\":1,\"matching_attributes\":[\"md5\","
             "\"filename|sha1\"],\"list\":[\"D41D8CD98F00B204E9800998ECF8427E\",\"3::\"]}"),
    STR_INIT("{\"name\":\"patterns\",\"version\":1,\"type\":\"regex\",\"matching_attributes\":"
             "[\"email-src\",\"regkey\"],\"list\":[\"/^(noc|soc)\\\\@.*\\\\..*$/i\","
             "\"(a+)+$\",\"/(/\",\"/^b[^/]*$/gim\",\"^\\uD55C.$\"]}"),
    STR_INIT("{\"name\":\"phones\",\"version\":1,\"matching_attributes\":[\"phone-number\"],"
             "\"list\":[\"+82 2 0000 0000\"]}"),
};

static const struct {
    const char *why;
    struct str key;
    struct str want; // list=entry,why; sorted as found
} matches[] = {
    {"the name itself", STR_INIT("domain:example.org"),
        STR_INIT("exact=example.org,equal;sites=example.org,equal;parts=x,contains;")},
    {"a name below", STR_INIT("domain:www.a.test"), STR_INIT("sites=a.test,below;")},
    {"ends alike, is not below", STR_INIT("domain:aa.test"), STR_INIT("")},
    {"the name above", STR_INIT("domain:test"), STR_INIT("")},
    {"a name of other letters", STR_INIT("domain:xn--dsseldorf-q9a.test"),
        STR_INIT("sites=xn--dsseldorf-q9a.test,equal;parts=x,contains;")},
    {"below what is exact", STR_INIT("domain:b.google.ad"), STR_INIT("")},
    {"host of a URL", STR_INIT("url:https://me:p@cdn.a.test:81/x.example.org"),
        STR_INIT("sites=a.test,host;")},
    {"a path is no host", STR_INIT("url:https://b.test/a.test"), STR_INIT("")},
    {"an address in a URL", STR_INIT("url:http://203.0.113.1/"),
        STR_INIT("everywhere=0.0.0.0/0,host;")},
    {"an IPv6 address in a URL", STR_INIT("url:http://[fe80::1]:8080/"), STR_INIT("")},
    {"the longest network first", STR_INIT("ip:10.1.2.3"),
        STR_INIT("nets=10.1.0.0/16,inside;everywhere=0.0.0.0/0,inside;")},
    {"an address of a list", STR_INIT("ip:192.0.2.9"),
        STR_INIT("nets=192.0.2.9,equal;everywhere=0.0.0.0/0,inside;")},
    {"an address written as IPv6", STR_INIT("ip:198.51.100.7"),
        STR_INIT("nets=198.51.100.7,equal;everywhere=0.0.0.0/0,inside;")},
    {"IPv6 is no IPv4", STR_INIT("ip:2001:db8::1"), STR_INIT("nets=::/0,inside;")},
    {"IPv6", STR_INIT("ip:fe80::1"), STR_INIT("nets=fe80::/10,inside;")},
    {"a network inside", STR_INIT("net:10.1.128.0/17"),
        STR_INIT("nets=10.1.0.0/16,inside;everywhere=0.0.0.0/0,inside;")},
    {"the same network", STR_INIT("net:10.1.0.0/16"),
        STR_INIT("nets=10.1.0.0/16,equal;everywhere=0.0.0.0/0,inside;")},
    {"a network around", STR_INIT("net:10.0.0.0/7"), STR_INIT("everywhere=0.0.0.0/0,inside;")},
    {"a part", STR_INIT("email:me@mail.test"), STR_INIT("parts=@mail.test,contains;")},
    {"a part, not of this class", STR_INIT("url:http://b.test/mail"), STR_INIT("")},
    {"a pattern", STR_INIT("email:soc@b.test"),
        STR_INIT("patterns=/^(noc|soc)\\@.*\\..*$/i,pattern;")},
    {"a pattern that is not there", STR_INIT("email:me@b.test"), STR_INIT("")},
    {"a pattern with flags", STR_INIT("regkey:Byte"),
        STR_INIT("patterns=/^b[^/]*$/gim,pattern;")},
    {"a pattern of characters", STR_INIT("regkey:\xed\x95\x9c\xea\xb5\xad"),
        STR_INIT("patterns=^\xed\x95\x9c.$,pattern;")},
    {"a pattern of another class", STR_INIT("domain:soc.b.test"), STR_INIT("")},
    {"a pattern that has no end", STR_INIT("regkey:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"),
        STR_INIT("patterns=(a+)+$,undecided;")},
    {"a hash", STR_INIT("hash:d41d8cd98f00b204e9800998ecf8427e"),
        STR_INIT("hashes=d41d8cd98f00b204e9800998ecf8427e,equal;")},
    {"a file called like a hash", STR_INIT("file:d41d8cd98f00b204e9800998ecf8427e"),
        STR_INIT("")},
    {"text", STR_INIT("text:+82 2 0000 0000"), STR_INIT("phones=+82 2 0000 0000,equal;")},
    {"a class that is none", STR_INIT("colour:red"), STR_INIT("")},
    {"no key", STR_INIT(""), STR_INIT("")},
    {"a key that only the digest is kept of", STR_INIT("url:#00"), STR_INIT("")},
};

static void put_found(struct buf *b, const struct warning_found *found)
{
    for (size_t i = 0; i < found->n; i++) {
        buf_put(b, found->items[i].list);
        buf_put_byte(b, '=');
        buf_put(b, found->items[i].entry);
        buf_put_byte(b, ',');
        buf_put(b, warning_why_word(found->items[i].why));
        buf_put_byte(b, ';');
    }
}

static void values_are_found_on_lists(void **state)
{
    struct arena a;
    struct warning_count counts[LEN(lists)];
    static const size_t unmatched[LEN(lists)] = {2, 1, 1, 0, 0, 0, 1, 0};
    arena_init(&a, 16 * MIB);
    const struct warning_set *set = set_of(&a, lists, LEN(lists), counts);
    for (size_t i = 0; i < LEN(lists); i++)
        assert_int_equal(counts[i].unmatched, unmatched[i]);
    for (size_t i = 0; i < LEN(matches); i++) {
        struct warning_found found = {.n = 0};
        struct buf b = buf_in(&a, 64 * KIB);
        CHECK_ERR(matches[i].why, warning_find(set, &a, matches[i].key, &found), ERR_OK);
        put_found(&b, &found);
        CHECK_STR(matches[i].why, buf_str(&b), matches[i].want);
    }
    arena_release(&a);
}

static void what_does_not_fit_is_said(void **state)
{
    struct arena a;
    struct str documents[WARNING_FOUND_MAX + 1];
    struct warning_found found = {.n = 0};
    arena_init(&a, 16 * MIB);
    for (size_t i = 0; i < LEN(documents); i++) {
        struct buf b = buf_in(&a, KIB);
        buf_put(&b, STR("{\"name\":\"n"));
        buf_put_u64(&b, i);
        buf_put(&b, STR("\",\"version\":1,\"list\":[\"a.test\",\"A.test\",\"a.test\"]}"));
        documents[i] = buf_str(&b);
    }
    const struct warning_set *set = set_of(&a, documents, LEN(documents) - 1, NULL);
    assert_int_equal(warning_find(set, &a, STR("domain:a.test"), &found), ERR_OK);
    assert_int_equal(found.n, WARNING_FOUND_MAX);
    assert_false(found.has_more);
    set = set_of(&a, documents, LEN(documents), NULL);
    found = (struct warning_found){.n = 0};
    assert_int_equal(warning_find(set, &a, STR("domain:a.test"), &found), ERR_OK);
    assert_int_equal(found.n, WARNING_FOUND_MAX);
    assert_true(found.has_more);
    arena_release(&a);
}

static uint64_t next_chance(uint64_t *chance) // splitmix64
{
    uint64_t z = (*chance += 0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

// The set against a reader that goes through every entry of every list.
static bool slowly_below(struct str name, struct str entry)
{
    return str_eq(name, entry) || (str_ends(name, entry) && name.len > entry.len &&
                                      name.ptr[name.len - entry.len - 1] == '.');
}

// Names over two letters, so that many are equal, or below one another.
static struct str some_name(struct arena *a, uint64_t *chance)
{
    struct buf b = buf_in(a, 64);
    for (uint64_t labels = 1 + next_chance(chance) % 4; labels; labels--) {
        for (uint64_t n = 1 + next_chance(chance) % 2; n; n--)
            buf_put_byte(&b, "ab"[next_chance(chance) % 2]);
        buf_put(&b, labels > 1 ? STR(".") : STR(""));
    }
    return buf_str(&b);
}

static struct str some_net(struct arena *a, uint64_t *chance, struct stix_net *out)
{
    struct buf b = buf_in(a, 64);
    *out = (struct stix_net){.n = next_chance(chance) % 2 ? 4 : 16};
    for (unsigned i = 0; i < out->n; i++)
        out->bytes[i] = (unsigned char)(next_chance(chance) % 4 ? 0 : next_chance(chance));
    out->prefix = (unsigned)(next_chance(chance) % (8 * out->n + 1));
    for (unsigned i = out->prefix; i < 8 * out->n; i++)
        out->bytes[i / 8] &= (unsigned char)~(0x80u >> i % 8);
    stix_net_put(&b, out);
    assert_int_equal(stix_net_parse(buf_str(&b), out), ERR_OK); // mapped IPv4
    return buf_str(&b);
}

static bool slowly_inside(const struct stix_net *inner, const struct stix_net *outer)
{
    bool is_inside = inner->n == outer->n && inner->prefix >= outer->prefix;
    for (unsigned i = 0; is_inside && i < outer->prefix; i++)
        is_inside = ((inner->bytes[i / 8] ^ outer->bytes[i / 8]) & 0x80u >> i % 8) == 0;
    return is_inside;
}

#define ENTRIES 24
#define ASKED   200

static struct str list_of(
    struct arena *a, enum warning_type type, const struct str *entries, size_t n)
{
    struct buf b = buf_in(a, 64 * KIB);
    buf_put(&b, STR("{\"name\":\""));
    buf_put(&b, warning_type_word(type));
    buf_put(&b, STR("\",\"version\":1,\"type\":\""));
    buf_put(&b, warning_type_word(type));
    buf_put(&b, STR("\",\"list\":["));
    for (size_t i = 0; i < n; i++) {
        buf_put(&b, i ? STR(",\"") : STR("\""));
        buf_put(&b, entries[i]);
        buf_put_byte(&b, '"');
    }
    buf_put(&b, STR("]}"));
    return buf_str(&b);
}

static bool is_on(const struct warning_set *set, struct arena *a, struct str word,
    struct str value, struct str list)
{
    struct warning_found found = {.n = 0};
    struct buf key = buf_in(a, KIB);
    buf_put(&key, word);
    buf_put(&key, value);
    assert_int_equal(warning_find(set, a, buf_str(&key), &found), ERR_OK);
    for (size_t i = 0; i < found.n; i++)
        if (str_eq(found.items[i].list, list))
            return true;
    return false;
}

static void check_names(struct arena *a, uint64_t *chance)
{
    struct str entries[ENTRIES];
    for (size_t i = 0; i < ENTRIES; i++)
        entries[i] = some_name(a, chance);
    const struct str documents[] = {list_of(a, WARNING_STRING, entries, ENTRIES),
        list_of(a, WARNING_HOSTNAME, entries, ENTRIES),
        list_of(a, WARNING_SUBSTRING, entries, ENTRIES)};
    const struct warning_set *set = set_of(a, documents, LEN(documents), NULL);
    for (size_t n = 0; n < ASKED; n++) {
        struct str name = some_name(a, chance);
        bool is_equal = false, is_below = false, is_part = false;
        for (size_t i = 0; i < ENTRIES; i++) {
            is_equal = is_equal || str_eq(name, entries[i]);
            is_below = is_below || slowly_below(name, entries[i]);
            is_part = is_part || str_find(name, entries[i]) < name.len;
        }
        assert_int_equal(is_on(set, a, STR("domain:"), name, STR("string")), is_equal);
        assert_int_equal(is_on(set, a, STR("domain:"), name, STR("hostname")), is_below);
        assert_int_equal(is_on(set, a, STR("domain:"), name, STR("substring")), is_part);
    }
}

static void check_nets(struct arena *a, uint64_t *chance)
{
    struct str entries[ENTRIES];
    struct stix_net nets[ENTRIES];
    for (size_t i = 0; i < ENTRIES; i++)
        entries[i] = some_net(a, chance, &nets[i]);
    struct str document = list_of(a, WARNING_CIDR, entries, ENTRIES);
    const struct warning_set *set = set_of(a, &document, 1, NULL);
    for (size_t n = 0; n < ASKED; n++) {
        struct stix_net net;
        struct str text = some_net(a, chance, &net);
        bool is_inside = false;
        for (size_t i = 0; i < ENTRIES; i++)
            is_inside = is_inside || slowly_inside(&net, &nets[i]);
        assert_int_equal(is_on(set, a, STR("net:"), text, STR("cidr")), is_inside);
    }
}

static void the_set_says_what_every_entry_would_say(void **state)
{
    uint64_t chance = 20261124;
    for (size_t round = 0; round < 200; round++) {
        struct arena a;
        arena_init(&a, 64 * MIB);
        check_names(&a, &chance);
        check_nets(&a, &chance);
        arena_release(&a);
    }
}

static enum err make_and_ask(size_t limit)
{
    struct arena a, scratch;
    struct warning_set *set;
    struct warning_list list;
    struct warning_count count;
    struct warning_found found = {.n = 0};
    arena_init(&a, limit);
    arena_init(&scratch, limit);
    enum err e = warning_set_begin(&a, &scratch, &set);
    for (size_t i = 0; i < LEN(lists) && e == ERR_OK; i++) {
        e = warning_list_read(&a, lists[i], &list, NULL);
        if (e == ERR_OK)
            e = warning_set_add(set, &list, &count);
    }
    if (e == ERR_OK)
        e = warning_set_end(set);
    if (e == ERR_OK)
        e = warning_find(set, &a, STR("ip:10.1.2.3"), &found);
    arena_release(&scratch);
    arena_release(&a);
    return e;
}

// Tables take a mebibyte: from some size on, steps are larger than 8.
static void every_arena_that_is_too_small_is_a_limit(void **state)
{
    enum err e = ERR_LIMIT;
    for (size_t limit = 0; e != ERR_OK && limit < 8 * MIB;
         limit += limit < 64 * KIB ? 8 : 4 * KIB) {
        e = make_and_ask(limit);
        assert_true(e == ERR_OK || e == ERR_LIMIT);
    }
    assert_int_equal(e, ERR_OK);
}

static double seconds(void) // of this process
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static void add_folder(struct warning_set *set, struct arena *document, const char *path,
    struct warning_count *sum)
{
    static const char *const names[] = {"list.json", "list.json.gz"};
    for (size_t i = 0; i < LEN(names); i++) {
        char file[1024];
        struct warning_list list;
        struct warning_count count;
        snprintf(file, sizeof file, "%s/%s", path, names[i]);
        if (access(file, R_OK) != 0)
            continue;
        struct arena_mark mark = arena_mark(document);
        CHECK_ERR(
            path, warning_list_read(document, data_read(document, file), &list, NULL), ERR_OK);
        CHECK_ERR(path, warning_set_add(set, &list, &count), ERR_OK);
        arena_rewind(document, mark);
        sum->entries += count.entries;
        sum->unmatched += count.unmatched;
    }
}

static void all_lists_of_misp_make_one_set(void **state)
{
    struct arena kept, scratch, document;
    struct warning_set *set;
    struct warning_count sum = {0};
    const struct dirent *folder;
    size_t n = 0, hits = 0;
    DATA_OR_RETURN();
    DIR *folders = opendir(DATA_DIR "/lists/warninglists/lists");
    assert_non_null(folders);
    arena_init(&kept, 64 * MIB);
    arena_init(&scratch, 256 * MIB);
    arena_init(&document, 256 * MIB);
    assert_int_equal(warning_set_begin(&kept, &scratch, &set), ERR_OK);
    double began = seconds();
    while ((folder = readdir(folders))) {
        char path[512];
        if (folder->d_name[0] == '.')
            continue;
        snprintf(
            path, sizeof path, "%s/%s", DATA_DIR "/lists/warninglists/lists", folder->d_name);
        add_folder(set, &document, path, &sum);
        n++;
    }
    closedir(folders);
    assert_int_equal(warning_set_end(set), ERR_OK);
    double made = seconds();
    size_t scratch_bytes = scratch.held_bytes;
    arena_release(&scratch);
    arena_release(&document);
    assert_int_equal(n, 134);
    assert_int_equal(sum.entries, 444188);
    for (size_t i = 0; i < 100000; i++) {
        struct arena_mark mark = arena_mark(&kept);
        struct warning_found found = {.n = 0};
        char key[64];
        snprintf(key, sizeof key,
            i % 2 ? "ip:%zu.%zu.4.4" : "domain:host%zu.example%zu.google.com", 1 + i % 223,
            i / 223 % 256);
        assert_int_equal(warning_find(set, &kept, str_of(key), &found), ERR_OK);
        hits += found.n > 0;
        arena_rewind(&kept, mark);
    }
    double asked = seconds();
    assert_true(hits >= 50000 && hits < 100000);
    print_message("# 134 lists, %zu entries, %zu of them match nothing: made in %.2f s with %zu"
                  " KiB, kept in %zu KiB; 100,000 values asked for in %.3f s, %zu found\n",
        sum.entries, sum.unmatched, made - began, scratch_bytes / KIB, kept.held_bytes / KIB,
        asked - made, hits);
    arena_release(&kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_read_or_refused),
        cmocka_unit_test(values_are_found_on_lists),
        cmocka_unit_test(what_does_not_fit_is_said),
        cmocka_unit_test(the_set_says_what_every_entry_would_say),
        cmocka_unit_test(every_arena_that_is_too_small_is_a_limit),
        cmocka_unit_test(all_lists_of_misp_make_one_set),
    };
    return RUN_TESTS(tests);
}
