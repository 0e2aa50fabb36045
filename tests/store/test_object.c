// SPDX-License-Identifier: Apache-2.0
#include "fixture.h"

#include <fcntl.h>
#include <sys/stat.h>

#define A_ID "indicator--00000000-0000-4000-8000-00000000000a"
#define B_ID "indicator--00000000-0000-4000-8000-00000000000b"

struct state_change {
    int64_t seq;
    enum store_state state;
};

static enum err state_work(struct store_txn *t, void *context)
{
    struct state_change *c = context;
    return store_object_set_state(t, c->seq, c->state, 7, STR("{}"));
}

static enum err set_state(struct fixture *f, int64_t seq, enum store_state state)
{
    struct state_change c = {seq, state};
    return store_write(f->store, state_work, &c, STORE_NORMAL);
}

static enum err destroy_work(struct store_txn *t, void *context)
{
    return store_object_destroy(t, *(const int64_t *)context, 9, STR("{\"why\":\"recall\"}"));
}

static enum err destroy(struct fixture *f, int64_t seq)
{
    return store_write(f->store, destroy_work, &seq, STORE_NORMAL);
}

static struct store_events events_of(struct fixture *f, int64_t seq)
{
    struct store_events events = {0};
    struct store_txn *t = read_begin(f);
    CHECK_ERR("events", store_events_of(t, &f->arena, seq, &events), ERR_OK);
    store_read_end(t);
    return events;
}

static void test_S2_same_input_twice_changes_nothing(void **state)
{
    struct fixture *f = *state;
    struct store_put_result first = put(f, put_of(A_ID, 5, "gb", "{\"a\":1}"));
    assert_int_equal(first.what, STORE_NEW);
    struct store_put_result again = put(f, put_of(A_ID, 5, "gb", "{\"a\":1}"));
    assert_int_equal(again.what, STORE_SAME);
    assert_int_equal(again.seq, first.seq);
    assert_int_equal(counts(f).objects, 1);
    assert_int_equal(events_of(f, first.seq).n, 0);
}

static void test_other_content_of_a_version_is_kept_out_and_noted_once(void **state)
{
    struct fixture *f = *state;
    struct store_put_result first = put(f, put_of(A_ID, 5, "gb", "{\"a\":1}"));
    for (int i = 0; i < 2; i++) {
        struct store_put_result other = put(f, put_of(A_ID, 5, "gb", "{\"a\":2}"));
        assert_int_equal(other.what, STORE_CONFLICT);
        assert_int_equal(other.seq, first.seq);
    }
    assert_int_equal(counts(f).objects, 1);
    struct store_events events = events_of(f, first.seq);
    assert_int_equal(events.n, 1);
    CHECK_STR("kind", events.items[0].kind, STR("conflict"));
    put(f, put_of(A_ID, 5, "gb", "{\"a\":3}"));
    assert_int_equal(events_of(f, first.seq).n, 2);
}

static void test_nothing_of_a_source_follows_what_it_revoked(void **state)
{
    static const struct {
        const char *source, *bytes;
        int64_t version_us;
        enum store_put want;
    } rows[] = {
        {"gb", "{\"revoked\":false}", 5, STORE_NEW},
        {"gb", "{\"revoked\":true}", 7, STORE_NEW},
        {"gb", "{}", 8, STORE_CONFLICT},
        {"gb", "{\"revoked\":true,\"v\":2}", 9, STORE_CONFLICT},
        {"gb", "{\"revoked\":true}", 7, STORE_SAME},
        {"gb", "{\"v\":6}", 6, STORE_NEW}, // came late
        {"kr", "{}", 8, STORE_NEW},
        {"kr", "{\"revoked\":\"true\"}", 9, STORE_NEW}, // no revocation
        {"kr", "{\"v\":10}", 10, STORE_NEW},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < LEN(rows); i++) {
        struct put p = put_of(A_ID, rows[i].version_us, rows[i].source, rows[i].bytes);
        assert_int_equal(put(f, p).what, rows[i].want);
    }
    struct store_txn *t = read_begin(f);
    struct store_object latest;
    assert_int_equal(store_object_latest(t, &f->arena, STR(A_ID), STR("gb"), &latest), ERR_OK);
    assert_int_equal(latest.version_us, 7);
    assert_int_equal(events_of(f, latest.seq).n, 2);
    store_read_end(t);
}

static void test_two_sources_stand_side_by_side(void **state)
{
    struct fixture *f = *state;
    put(f, put_of(A_ID, 5, "kr", "{\"from\":\"kr\"}"));
    put(f, put_of(A_ID, 5, "gb", "{\"from\":\"gb\"}"));
    put(f, put_of(A_ID, 6, "gb", "{\"from\":\"gb\",\"v\":2}"));
    struct store_txn *t = read_begin(f);
    struct store_objects rows;
    CHECK_ERR("by id", store_objects_by_id(t, &f->arena, STR(A_ID), &rows), ERR_OK);
    assert_int_equal(rows.n, 3);
    CHECK_STR("source", rows.items[0].source, STR("gb"));
    assert_int_equal(rows.items[0].version_us, 6);
    assert_int_equal(rows.items[1].version_us, 5);
    CHECK_STR("source", rows.items[2].source, STR("kr"));
    struct store_object latest;
    CHECK_ERR(
        "latest", store_object_latest(t, &f->arena, STR(A_ID), STR("kr"), &latest), ERR_OK);
    assert_int_equal(latest.seq, rows.items[2].seq);
    struct str bytes;
    CHECK_ERR("bytes", store_object_bytes(t, &f->arena, latest.seq, &bytes), ERR_OK);
    CHECK_STR("bytes", bytes, STR("{\"from\":\"kr\"}"));
    CHECK_ERR("no such source",
        store_object_latest(t, &f->arena, STR(A_ID), STR("fr"), &latest), ERR_NOT_FOUND);
    store_read_end(t);
}

static void test_observable_gets_a_later_row_only_when_it_differs(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *why;
        const char *bytes;
        int64_t received_us;
        enum store_put what;
        int64_t version_us;
    } cases[] = {
        {"first", "{\"v\":1}", 100, STORE_NEW, 100},
        {"equal", "{\"v\":1}", 200, STORE_SAME, 100},
        {"differs", "{\"v\":2}", 300, STORE_NEW, 300},
        {"as it was before", "{\"v\":1}", 300, STORE_NEW, 301},
        {"the clock stepped back", "{\"v\":3}", 50, STORE_NEW, 302},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct put p = put_of("ipv4-addr--x", 0, "gb", cases[i].bytes);
        p.in.has_version = false;
        p.in.received_us = cases[i].received_us;
        struct store_put_result result = put(f, p);
        CHECK(cases[i].why, result.what == cases[i].what);
        struct store_txn *t = read_begin(f);
        struct store_object row;
        CHECK_ERR(cases[i].why, store_object_get(t, &f->arena, result.seq, &row), ERR_OK);
        CHECK(cases[i].why, row.version_us == cases[i].version_us);
        store_read_end(t);
    }
}

static void test_row_keeps_what_was_given(void **state)
{
    struct fixture *f = *state;
    struct put p = put_of(A_ID, 5, "gb", "{\"a\":1}");
    p.in.originator = STR("us");
    p.in.import_id = 12;
    struct store_put_result result = put(f, p);
    struct store_txn *t = read_begin(f);
    struct store_object row;
    CHECK_ERR("get", store_object_get(t, &f->arena, result.seq, &row), ERR_OK);
    CHECK_STR("id", row.id, STR(A_ID));
    CHECK_STR("type", row.type, STR("indicator"));
    CHECK_STR("originator", row.originator, STR("us"));
    CHECK_STR("handling", row.handling, STR("{\"tlp\":\"GREEN\"}"));
    assert_int_equal(row.import_id, 12);
    assert_int_equal(row.bytes_n, 7);
    assert_int_equal(row.received_us, 1000);
    assert_int_equal(row.state, STORE_IN_FORCE);
    assert_memory_equal(row.digest, p.in.digest, sizeof row.digest);
    CHECK_ERR("missing", store_object_get(t, &f->arena, 99, &row), ERR_NOT_FOUND);
    store_read_end(t);
}

// Objects 1 to 6: even ones from kr, multiples of three are reports; object i holds the values
// "v:<i mod 2>" and names the id "r--<i mod 3>".
static void put_six(struct fixture *f)
{
    for (int i = 1; i <= 6; i++) {
        char id[16], value[16], ref[16];
        snprintf(id, sizeof id, "x--%d", i);
        snprintf(value, sizeof value, "v:%d", i % 2);
        snprintf(ref, sizeof ref, "r--%d", i % 3);
        struct str values[] = {str_of(value), str_of(value)}, refs[] = {str_of(ref)};
        struct put p = put_of(id, 1, i % 2 ? "gb" : "kr", id);
        p.in.type = i % 3 ? STR("indicator") : STR("report");
        p.in.values = values;
        p.in.values_n = LEN(values);
        p.in.refs = refs;
        p.in.refs_n = LEN(refs);
        p.in.received_us = i * 10;
        assert_int_equal(put(f, p).seq, i);
    }
}

static void test_pages_hold_what_the_filter_asks(void **state)
{
    struct fixture *f = *state;
    put_six(f);
    static const struct {
        const char *why;
        struct store_filter filter;
        const char *want;
    } cases[] = {
        {"all", {.limit = 10}, "123456"},
        {"first page", {.limit = 2}, "12"},
        {"next page", {.after = 2, .limit = 2}, "34"},
        {"past the end", {.after = 6, .limit = 2}, ""},
        {"type", {.type = STR_INIT("report"), .limit = 10}, "36"},
        {"source", {.source = STR_INIT("kr"), .limit = 10}, "246"},
        {"both", {.source = STR_INIT("kr"), .type = STR_INIT("report"), .limit = 10}, "6"},
        {"value", {.value = STR_INIT("v:1"), .limit = 10}, "135"},
        {"value after", {.value = STR_INIT("v:1"), .after = 1, .limit = 1}, "3"},
        {"value and type", {.value = STR_INIT("v:1"), .type = STR_INIT("report"), .limit = 10},
            "3"},
        {"reference", {.reference = STR_INIT("r--1"), .limit = 10}, "14"},
        {"value and reference",
            {.value = STR_INIT("v:0"), .reference = STR_INIT("r--1"), .limit = 10}, "4"},
        {"since", {.since_us = 30, .limit = 10}, "456"},
        {"since and after", {.since_us = 30, .after = 4, .limit = 10}, "56"},
        {"unknown value", {.value = STR_INIT("v:9"), .limit = 10}, ""},
    };
    struct store_txn *t = read_begin(f);
    for (size_t i = 0; i < LEN(cases); i++) {
        struct store_objects page;
        CHECK_ERR(
            cases[i].why, store_objects_after(t, &f->arena, &cases[i].filter, &page), ERR_OK);
        char got[8] = "";
        for (size_t k = 0; k < page.n; k++)
            got[k] = (char)('0' + page.items[k].seq);
        CHECK_STR(cases[i].why, str_of(got), str_of(cases[i].want));
    }
    store_read_end(t);
}

static void test_values_and_references_are_found_both_ways(void **state)
{
    struct fixture *f = *state;
    put_six(f);
    struct store_txn *t = read_begin(f);
    struct store_seqs seqs;
    CHECK_ERR("value", store_value_postings(t, &f->arena, STR("v:0"), &seqs), ERR_OK);
    assert_int_equal(seqs.n, 3);
    assert_int_equal(seqs.items[2], 6);
    CHECK_ERR("to", store_refs_to(t, &f->arena, STR("r--2"), &seqs), ERR_OK);
    assert_int_equal(seqs.n, 2);
    assert_int_equal(seqs.items[0], 2);
    struct store_texts texts;
    CHECK_ERR("from", store_refs_from(t, &f->arena, 5, &texts), ERR_OK);
    assert_int_equal(texts.n, 1);
    CHECK_STR("from", texts.items[0], STR("r--2"));
    store_read_end(t);
}

static void test_time_of_arrival_never_falls(void **state)
{
    struct fixture *f = *state;
    struct put late = put_of(A_ID, 1, "gb", "a"), early = put_of(B_ID, 1, "gb", "b");
    late.in.received_us = 500;
    early.in.received_us = 400;
    put(f, late);
    struct store_put_result result = put(f, early);
    struct store_txn *t = read_begin(f);
    struct store_object row;
    CHECK_ERR("get", store_object_get(t, &f->arena, result.seq, &row), ERR_OK);
    assert_int_equal(row.received_us, 500);
    store_read_end(t);
}

static void test_states_change_with_an_event_each(void **state)
{
    struct fixture *f = *state;
    int64_t seq = put(f, put_of(A_ID, 5, "gb", "{}")).seq;
    static const struct {
        const char *why;
        enum store_state state;
        enum err want;
        size_t events;
    } cases[] = {
        {"in force already", STORE_IN_FORCE, ERR_OK, 0},
        {"quarantine", STORE_QUARANTINED, ERR_OK, 1},
        {"quarantine again", STORE_QUARANTINED, ERR_OK, 1},
        {"back in force", STORE_IN_FORCE, ERR_OK, 2},
        {"recall", STORE_RECALLED, ERR_OK, 3},
        {"destroyed is no mere state", STORE_DESTROYED, ERR_CONFLICT, 3},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        CHECK_ERR(cases[i].why, set_state(f, seq, cases[i].state), cases[i].want);
        CHECK(cases[i].why, events_of(f, seq).n == cases[i].events);
    }
    assert_int_equal(counts(f).not_in_force, 1);
    CHECK_ERR("no row", set_state(f, 99, STORE_RECALLED), ERR_NOT_FOUND);
    CHECK_ERR("destroy", destroy(f, seq), ERR_OK);
    CHECK_ERR("destroyed", set_state(f, seq, STORE_IN_FORCE), ERR_CONFLICT);
}

static size_t occurrences(struct fixture *f, const char *end, struct str needle)
{
    char path[80];
    snprintf(path, sizeof path, "%s%s", f->path, end);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0)
        return 0;
    char *bytes = NEW_N(&f->arena, char, (size_t)st.st_size + 1);
    assert_true(read(fd, bytes, (size_t)st.st_size) == st.st_size);
    close(fd);
    struct str left = {bytes, (size_t)st.st_size};
    size_t n = 0, at;
    while ((at = str_find(left, needle)) < left.len) {
        n++;
        left = str_from(left, at + 1);
    }
    return n;
}

// More than one page of bytes, so that overflow pages are covered, and neighbours that stay.
static void test_S3_destroyed_bytes_are_nowhere(void **state)
{
    struct fixture *f = *state;
    static char big[60001];
    for (size_t i = 0; i < sizeof big - 1; i++)
        big[i] = "secret-body."[i % 12];
    struct str values[] = {STR("domain:secret.example")}, refs[] = {STR("tool--secret-ref")};
    struct put p = put_of(A_ID, 5, "gb", big);
    p.in.values = values;
    p.in.refs = refs;
    p.in.values_n = p.in.refs_n = 1;
    for (int i = 0; i < 50; i++) {
        char id[16];
        snprintf(id, sizeof id, "x--%d", i);
        put(f, put_of(id, 1, "gb", "a neighbour that stays"));
        if (i == 25)
            assert_int_equal(put(f, p).seq, 27);
    }
    CHECK_ERR("into the file", store_checkpoint(f->store), ERR_OK);
    assert_true(occurrences(f, "", STR("secret-body.")) > 4000);
    assert_true(occurrences(f, "", STR("secret.example")) > 0);
    CHECK_ERR("destroy", destroy(f, 27), ERR_OK);
    CHECK_ERR("again", destroy(f, 27), ERR_OK);
    enum err e;
    while ((e = store_checkpoint(f->store)) == ERR_BUSY)
        continue;
    CHECK_ERR("empty the log", e, ERR_OK);
    static const struct str secrets[] = {STR_INIT("secret-bo"), STR_INIT("cret-body."),
        STR_INIT("secret.example"), STR_INIT("secret-ref")};
    for (size_t i = 0; i < LEN(secrets); i++) {
        assert_int_equal(occurrences(f, "", secrets[i]), 0);
        assert_int_equal(occurrences(f, "-wal", secrets[i]), 0);
    }
    struct store_txn *t = read_begin(f);
    struct store_object row;
    struct str bytes;
    struct store_seqs seqs;
    CHECK_ERR("the row stays", store_object_get(t, &f->arena, 27, &row), ERR_OK);
    assert_int_equal(row.state, STORE_DESTROYED);
    CHECK_ERR("no bytes", store_object_bytes(t, &f->arena, 27, &bytes), ERR_NOT_FOUND);
    CHECK_ERR("postings", store_value_postings(t, &f->arena, values[0], &seqs), ERR_OK);
    assert_int_equal(seqs.n, 0);
    CHECK_ERR("neighbour", store_object_bytes(t, &f->arena, 28, &bytes), ERR_OK);
    CHECK_STR("neighbour", bytes, STR("a neighbour that stays"));
    store_read_end(t);
    assert_int_equal(events_of(f, 27).n, 1);
    assert_int_equal(put(f, p).what, STORE_SAME);
}

static void test_arena_past_its_limit_is_an_answer(void **state)
{
    struct fixture *f = *state;
    put_six(f);
    struct store_filter filter = {.limit = 10};
    enum err e = ERR_LIMIT;
    for (size_t limit = 0; e == ERR_LIMIT; limit += 64) {
        struct arena a;
        arena_init(&a, limit);
        struct store_txn *t = read_begin(f);
        struct store_objects page;
        e = store_objects_after(t, &a, &filter, &page);
        assert_true(e == ERR_OK || e == ERR_LIMIT);
        store_read_end(t);
        arena_release(&a);
    }
    assert_int_equal(e, ERR_OK);
}

static void test_reader_cannot_write(void **state)
{
    struct fixture *f = *state;
    struct put p = put_of(A_ID, 5, "gb", "{}");
    struct store_txn *t = read_begin(f);
    CHECK_ERR("put by a reader", put_work(t, &p), ERR_DENIED);
    store_read_end(t);
    assert_int_equal(counts(f).objects, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(test_S2_same_input_twice_changes_nothing),
        WITH_STORE(test_other_content_of_a_version_is_kept_out_and_noted_once),
        WITH_STORE(test_nothing_of_a_source_follows_what_it_revoked),
        WITH_STORE(test_two_sources_stand_side_by_side),
        WITH_STORE(test_observable_gets_a_later_row_only_when_it_differs),
        WITH_STORE(test_row_keeps_what_was_given),
        WITH_STORE(test_pages_hold_what_the_filter_asks),
        WITH_STORE(test_values_and_references_are_found_both_ways),
        WITH_STORE(test_time_of_arrival_never_falls),
        WITH_STORE(test_states_change_with_an_event_each),
        WITH_STORE(test_S3_destroyed_bytes_are_nowhere),
        WITH_STORE(test_arena_past_its_limit_is_an_answer),
        WITH_STORE(test_reader_cannot_write),
    };
    return RUN_TESTS(tests);
}
