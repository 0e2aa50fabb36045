// SPDX-License-Identifier: Apache-2.0
// V1, H3: what a recipient reads is a function of its own members: their order, numbers and
// times. The naive answer is a list kept beside the store.
#include "fixture.h"

#include "store/member.h"
#include "store/recipient.h"

#define ROWS 60

struct steps {
    struct fixture *f;
    struct store_txn *t;
    void (*run)(struct steps *s);
};

static enum err steps_work(struct store_txn *t, void *context)
{
    struct steps *s = context;
    s->t = t;
    s->run(s);
    return ERR_OK;
}

static void run(void **state, void (*steps)(struct steps *s))
{
    struct steps s = {.f = *state, .run = steps};
    CHECK_ERR("steps", store_write(s.f->store, steps_work, &s, STORE_NORMAL), ERR_OK);
}

static const struct store_view ncsc = {STR_INIT("gb/ncsc"), STR_INIT("read")};
static const struct store_view nca = {STR_INIT("gb/nca"), STR_INIT("read")};

static struct store_reader at(const struct store_view *view, int64_t now_us)
{
    return (struct store_reader){.view = *view, .now_us = now_us};
}

// Row n: one of two types, with the value of its remainder by three.
static int64_t add_row(struct steps *s, int n)
{
    static const struct str values[] = {
        STR_INIT("domain:a"), STR_INIT("domain:b"), STR_INIT("domain:c")};
    static const struct str target = STR_INIT("identity--1");
    char *id = arena_alloc(&s->f->arena, 32, 1, 1);
    snprintf(id, 32, "x--%d", n / 2); // two versions of each id
    struct put p = put_of(id, 10 + n, n % 4 < 2 ? "gb" : "gb/ncsc", "{}");
    p.in.type = n % 2 ? STR("malware") : STR("indicator");
    p.in.values = &values[n % 3];
    p.in.values_n = 1;
    p.in.refs = &target;
    p.in.refs_n = n % 5 == 0;
    p.in.digest[0] = (unsigned char)n;
    CHECK_ERR("put", store_object_put(s->t, &p.in, &p.out), ERR_OK);
    assert_int_equal(p.out.what, STORE_NEW);
    return p.out.seq;
}

static struct store_members after(
    struct steps *s, const struct store_view *view, struct store_filter filter)
{
    struct store_members got;
    const struct store_reader who = at(view, 1000);
    filter.limit = filter.limit ? filter.limit : 1000;
    CHECK_ERR("after", store_members_after(s->t, &s->f->arena, &who, &filter, &got), ERR_OK);
    return got;
}

static void check_same(
    const char *why, const struct store_members *got, const struct store_members *want)
{
    if (got->n != want->n)
        fail_msg("%s: %zu members, not %zu", why, got->n, want->n);
    for (size_t i = 0; i < got->n; i++)
        if (got->items[i].seq != want->items[i].seq ||
            got->items[i].object_seq != want->items[i].object_seq ||
            got->items[i].at_us != want->items[i].at_us)
            fail_msg("%s: member %zu differs", why, i);
}

// Every third row goes to one agency, in falling order; all rows go to the other.
static void the_view_numbers_its_own_rows(struct steps *s)
{
    int64_t seqs[ROWS];
    struct store_member items[ROWS];
    struct store_members want = {.items = items};
    for (int n = 0; n < ROWS; n++)
        seqs[n] = add_row(s, n);
    for (int n = ROWS - 1; n >= 0; n--) {
        CHECK_ERR("add", store_membership_add(s->t, &nca, seqs[n], 7), ERR_OK);
        if (n % 3)
            continue;
        CHECK_ERR("add", store_membership_add(s->t, &ncsc, seqs[n], 500 - n), ERR_OK);
        items[want.n] = (struct store_member){(int64_t)want.n + 1, seqs[n], 500 - n};
        want.n++;
    }
    struct store_members got = after(s, &ncsc, (struct store_filter){0});
    check_same("all", &got, &want);
    got = after(s, &ncsc, (struct store_filter){.value = STR("domain:a")});
    check_same("the value that all of them hold", &got, &want);
    assert_int_equal(after(s, &ncsc, (struct store_filter){.value = STR("domain:b")}).n, 0);
    assert_int_equal(after(s, &nca, (struct store_filter){.value = STR("domain:b")}).n, 20);
    got = after(s, &ncsc, (struct store_filter){.after = 5, .limit = 4});
    check_same("a page", &got, &(struct store_members){items + 5, 4});
    got = after(s, &ncsc, (struct store_filter){.since_us = items[9].at_us});
    check_same("since", &got, &(struct store_members){items + 10, want.n - 10});
}

static void V1_the_view_numbers_its_own_rows(void **state)
{
    run(state, the_view_numbers_its_own_rows);
}

static void filters_choose_among_members(struct steps *s)
{
    static const struct {
        const char *why;
        struct store_filter filter;
        size_t want;
    } cases[] = {
        {"a type", {.type = STR_INIT("malware")}, 5},
        {"a source", {.source = STR_INIT("gb/ncsc")}, 4},
        {"a reference", {.reference = STR_INIT("identity--1")}, 2},
        {"a reference nobody names", {.reference = STR_INIT("identity--2")}, 0},
        {"a value and a type", {.value = STR_INIT("domain:a"), .type = STR_INIT("malware")}, 2},
        {"a number at the end", {.after = 10}, 0},
    };
    for (int n = 0; n < ROWS; n++) {
        int64_t seq = add_row(s, n);
        if (n < 10)
            CHECK_ERR("add", store_membership_add(s->t, &ncsc, seq, 7), ERR_OK);
    }
    for (size_t i = 0; i < LEN(cases); i++)
        if (after(s, &ncsc, cases[i].filter).n != cases[i].want)
            fail_msg("%s: %zu members", cases[i].why, after(s, &ncsc, cases[i].filter).n);
}

static void V1_H3_filters_choose_among_members_only(void **state)
{
    run(state, filters_choose_among_members);
}

static int64_t counted(struct steps *s, const struct store_view *view, int64_t now_us)
{
    int64_t n = -1;
    const struct store_reader who = at(view, now_us);
    CHECK_ERR("count", store_member_count(s->t, &who, &n), ERR_OK);
    return n;
}

static void what_is_not_held_is_not_read(struct steps *s)
{
    struct arena *a = &s->f->arena;
    struct store_members got;
    const struct store_reader who = at(&ncsc, 1000);
    int64_t first = add_row(s, 0), second = add_row(s, 1);
    CHECK_ERR("add", store_membership_add(s->t, &ncsc, first, 7), ERR_OK);
    CHECK_ERR("id", store_members_of_id(s->t, a, &who, STR("x--0"), &got), ERR_OK);
    assert_int_equal(got.n, 1); // the newer version is not this recipient's
    assert_int_equal(got.items[0].object_seq, first);
    CHECK_ERR("value", store_members_of_value(s->t, a, &who, STR("domain:b"), &got), ERR_OK);
    assert_int_equal(got.n, 0);
    CHECK_ERR("add", store_membership_add(s->t, &ncsc, second, 8), ERR_OK);
    CHECK_ERR("id", store_members_of_id(s->t, a, &who, STR("x--0"), &got), ERR_OK);
    assert_int_equal(got.n, 2);
    assert_int_equal(got.items[0].object_seq, second); // newest first
    assert_int_equal(counted(s, &ncsc, 9), 2);
    assert_int_equal(counted(s, &nca, 9), 0);
    CHECK_ERR("quarantine",
        store_object_set_state(s->t, second, STORE_QUARANTINED, 9, STR("{}")), ERR_OK);
    CHECK_ERR("value", store_members_of_value(s->t, a, &who, STR("domain:b"), &got), ERR_OK);
    assert_int_equal(got.n, 0);
    assert_int_equal(counted(s, &ncsc, 9), 1);
    CHECK_ERR("destroy", store_object_destroy(s->t, first, 9, STR("{}")), ERR_OK);
    assert_int_equal(counted(s, &ncsc, 9), 0);
}

static void V1_what_is_no_member_is_as_if_it_were_not_held(void **state)
{
    run(state, what_is_not_held_is_not_read);
}

static void time_ends_a_membership(struct steps *s)
{
    size_t n = 9;
    bool is_member;
    int64_t a = add_row(s, 0), b = add_row(s, 2), c = add_row(s, 4);
    const struct store_member_in until_100 = {.object_seq = a, .at_us = 7, .until_us = 100},
                                 until_200 = {.object_seq = b, .at_us = 7, .until_us = 200};
    CHECK_ERR("a", store_membership_put(s->t, &ncsc, &until_100), ERR_OK);
    CHECK_ERR("b", store_membership_put(s->t, &ncsc, &until_200), ERR_OK);
    CHECK_ERR("c", store_membership_add(s->t, &ncsc, c, 7), ERR_OK);
    assert_int_equal(counted(s, &ncsc, 99), 3);
    assert_int_equal(counted(s, &ncsc, 100), 2); // before its tombstone is written
    CHECK_ERR("early", store_membership_expire(s->t, 99, 10, &n), ERR_OK);
    assert_int_equal(n, 0);
    CHECK_ERR("one of two", store_membership_expire(s->t, 500, 1, &n), ERR_OK);
    assert_int_equal(n, 1);
    CHECK_ERR("contains", store_membership_contains(s->t, &ncsc, a, &is_member), ERR_OK);
    assert_false(is_member);
    CHECK_ERR("the other", store_membership_expire(s->t, 500, 10, &n), ERR_OK);
    CHECK_ERR("again", store_membership_expire(s->t, 500, 10, &n), ERR_OK);
    assert_int_equal(n, 0);
    assert_int_equal(counted(s, &ncsc, 1), 1);
    CHECK_ERR("later", store_membership_add(s->t, &ncsc, a, 600), ERR_OK);
    assert_int_equal(after(s, &ncsc, (struct store_filter){.after = 3}).items[0].seq, 6);
}

static void test_time_ends_a_membership_with_a_tombstone(void **state)
{
    run(state, time_ends_a_membership);
}

static void shared_means_with_others(struct steps *s)
{
    bool is_shared = true;
    int64_t own = add_row(s, 2); // its source is gb/ncsc
    CHECK_ERR("add", store_membership_add(s->t, &ncsc, own, 7), ERR_OK);
    CHECK_ERR("own", store_membership_is_shared(s->t, own, &is_shared), ERR_OK);
    assert_false(is_shared);
    CHECK_ERR("add", store_membership_add(s->t, &nca, own, 7), ERR_OK);
    CHECK_ERR("both", store_membership_is_shared(s->t, own, &is_shared), ERR_OK);
    assert_true(is_shared);
}

static void test_a_row_in_the_view_of_its_source_is_not_shared(void **state)
{
    run(state, shared_means_with_others);
}

static void names_are_given_once(struct steps *s)
{
    struct arena *a = &s->f->arena;
    struct store_recipient r = {.key = STR("gb/ncsc"),
        .kind = STR("agency"),
        .nation = STR("GBR"),
        .purposes = STR("threat-intelligence"),
        .is_client = true,
        .added_us = 5};
    struct store_recipient got;
    struct store_recipients all;
    CHECK_ERR("none", store_recipient_get(s->t, a, r.key, &got), ERR_NOT_FOUND);
    CHECK_ERR("add", store_recipient_add(s->t, &r), ERR_OK);
    CHECK_ERR("twice", store_recipient_add(s->t, &r), ERR_CONFLICT);
    CHECK_ERR("get", store_recipient_get(s->t, a, r.key, &got), ERR_OK);
    CHECK_STR("nation", got.nation, r.nation);
    assert_true(got.is_client && got.added_us == 5 && got.retired_us == 0);
    CHECK_ERR("retire", store_recipient_retire(s->t, r.key, 9), ERR_OK);
    CHECK_ERR("once", store_recipient_retire(s->t, r.key, 10), ERR_NOT_FOUND);
    CHECK_ERR("kept", store_recipient_add(s->t, &r), ERR_CONFLICT);
    r.key = STR("gb/nca");
    CHECK_ERR("another", store_recipient_add(s->t, &r), ERR_OK);
    CHECK_ERR("all", store_recipient_all(s->t, a, &all), ERR_OK);
    assert_int_equal(all.n, 2);
    CHECK_STR("by key", all.items[0].key, r.key);
    assert_int_equal(all.items[1].retired_us, 9);
}

static void test_a_recipients_name_is_given_once(void **state)
{
    run(state, names_are_given_once);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(V1_the_view_numbers_its_own_rows),
        WITH_STORE(V1_H3_filters_choose_among_members_only),
        WITH_STORE(V1_what_is_no_member_is_as_if_it_were_not_held),
        WITH_STORE(test_time_ends_a_membership_with_a_tombstone),
        WITH_STORE(test_a_row_in_the_view_of_its_source_is_not_shared),
        WITH_STORE(test_a_recipients_name_is_given_once),
    };
    return RUN_TESTS(tests);
}
