// SPDX-License-Identifier: Apache-2.0
#include "fixture.h"

#include "store/flash.h"
#include "store/officer.h"
#include "store/release.h"
#include "store/rule.h"

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

static struct store_officer officer_of(const char *key_id, const char *name)
{
    return (struct store_officer){.key_id = str_of(key_id),
        .name = str_of(name),
        .statement = STR("note"),
        .added_us = 1,
        .from_us = 2,
        .not_after_us = 9,
        .public_key = {7}};
}

static void officers(struct steps *s)
{
    struct arena *a = &s->f->arena;
    struct store_officer kim = officer_of("k1", "kim"), again = officer_of("k2", "kim"), got;
    struct store_officers all;
    CHECK_ERR("put", store_officer_put(s->t, &kim), ERR_OK);
    CHECK_ERR("key again", store_officer_put(s->t, &kim), ERR_CONFLICT);
    CHECK_ERR("name in office", store_officer_put(s->t, &again), ERR_CONFLICT);
    CHECK_ERR("retire", store_officer_retire(s->t, STR("k1"), 5, false), ERR_OK);
    CHECK_ERR("later", store_officer_retire(s->t, STR("k1"), 6, true), ERR_OK);
    CHECK_ERR("back", store_officer_retire(s->t, STR("k1"), 7, false), ERR_OK);
    CHECK_ERR("get", store_officer_by_key(s->t, a, STR("k1"), &got), ERR_OK);
    assert_int_equal(got.retired_us, 5); // the first end stays
    assert_true(got.is_revoked);         // and is never taken back
    CHECK_ERR("nobody", store_officer_by_name(s->t, a, STR("kim"), &got), ERR_NOT_FOUND);
    CHECK_ERR("new key", store_officer_put(s->t, &again), ERR_OK);
    CHECK_ERR("name", store_officer_by_name(s->t, a, STR("kim"), &got), ERR_OK);
    CHECK_STR("key", got.key_id, STR("k2"));
    CHECK_ERR("all", store_officer_all(s->t, a, &all), ERR_OK);
    assert_int_equal(all.n, 2);
    CHECK_ERR("unknown", store_officer_retire(s->t, STR("k3"), 5, false), ERR_NOT_FOUND);
}

static void test_an_officer_has_one_end(void **state)
{
    run(state, officers);
}

static void orders(struct steps *s)
{
    struct arena *a = &s->f->arena;
    struct store_officer kim = officer_of("k1", "kim");
    struct store_order order = {.id = STR("r1"),
        .act = STR("release"),
        .party = STR("kr"),
        .document = STR("{}"),
        .at_us = 3,
        .digest = {1}};
    struct store_approval approval = {
        .order_id = STR("r1"), .key_id = STR("k1"), .note = STR("file"), .at_us = 2};
    struct store_approvals all;
    CHECK_ERR("officer", store_officer_put(s->t, &kim), ERR_OK);
    CHECK_ERR("order", store_order_put(s->t, &order), ERR_OK);
    CHECK_ERR("order again", store_order_put(s->t, &order), ERR_CONFLICT);
    CHECK_ERR("approval", store_approval_put(s->t, &approval), ERR_OK);
    CHECK_ERR("same officer", store_approval_put(s->t, &approval), ERR_CONFLICT);
    approval.key_id = STR("k9");
    CHECK_ERR("no officer", store_approval_put(s->t, &approval), ERR_CONFLICT);
    CHECK_ERR("of", store_approvals_of(s->t, a, STR("r1"), &all), ERR_OK);
    assert_int_equal(all.n, 1);
    CHECK_STR("note", all.items[0].note, STR("file"));
}

static void test_an_order_has_one_approval_an_officer(void **state)
{
    run(state, orders);
}

static void persons(struct steps *s)
{
    struct store_person choi = {.party = STR("kr"), .name = STR("choi"), .added_us = 1};
    CHECK_ERR("put", store_person_put(s->t, &choi), ERR_OK);
    CHECK_ERR("found", store_person_find(s->t, STR("kr"), STR("choi")), ERR_OK);
    CHECK_ERR("other", store_person_find(s->t, STR("jp"), STR("choi")), ERR_NOT_FOUND);
    CHECK_ERR("retire", store_person_retire(s->t, STR("kr"), STR("choi"), 2), ERR_OK);
    CHECK_ERR("gone", store_person_find(s->t, STR("kr"), STR("choi")), ERR_NOT_FOUND);
    CHECK_ERR("twice", store_person_retire(s->t, STR("kr"), STR("choi"), 2), ERR_NOT_FOUND);
    CHECK_ERR("again", store_person_put(s->t, &choi), ERR_OK);
    CHECK_ERR("back", store_person_find(s->t, STR("kr"), STR("choi")), ERR_OK);
}

static void test_persons_are_of_one_party(void **state)
{
    run(state, persons);
}

static void flashes(struct steps *s)
{
    struct arena *a = &s->f->arena;
    struct store_release row = {.id = STR("r1"), .party = STR("kr"), .priority = STORE_FLASH};
    struct store_flash flash = {
        .id = STR("r1"), .party = STR("kr"), .key_id = STR("k1"), .lang = STR("ko")};
    struct store_flashes open;
    CHECK_ERR("no release", store_flash_put(s->t, &flash), ERR_CONFLICT);
    CHECK_ERR("release", store_release_put(s->t, &row), ERR_OK);
    CHECK_ERR("put", store_flash_put(s->t, &flash), ERR_OK);
    CHECK_ERR("open", store_flash_all(s->t, a, true, &open), ERR_OK);
    assert_int_equal(open.n, 1);
    CHECK_ERR("review", store_flash_review(s->t, STR("r1"), STR("o2"), 9), ERR_OK);
    CHECK_ERR("once", store_flash_review(s->t, STR("r1"), STR("o3"), 9), ERR_CONFLICT);
    CHECK_ERR("closed", store_flash_all(s->t, a, true, &open), ERR_OK);
    assert_int_equal(open.n, 0);
    CHECK_ERR("kept", store_flash_get(s->t, a, STR("r1"), &flash), ERR_OK);
    CHECK_STR("review", flash.review, STR("o2"));
}

static void test_a_flash_is_reviewed_once(void **state)
{
    run(state, flashes);
}

static void rules(struct steps *s)
{
    struct arena *a = &s->f->arena;
    struct store_rule rule = {.id = STR("u1"),
        .party = STR("kr"),
        .agreement = STR("00"),
        .types = STR("sighting"),
        .source = STR("gb"),
        .max_tlp = STR("green")};
    struct store_rules all;
    struct put object = put_of("x--1", 1, "gb", "one");
    CHECK_ERR("object", put_work(s->t, &object), ERR_OK);
    int64_t newest = object.out.seq;
    CHECK_ERR("put", store_rule_put(s->t, &rule), ERR_OK);
    CHECK_ERR("all", store_rule_all(s->t, a, &all), ERR_OK);
    assert_int_equal(all.n, 1);
    assert_int_equal(all.items[0].at_seq, newest); // what came before is not looked at
    CHECK_ERR("advance", store_rule_advance(s->t, STR("u1"), newest + 4), ERR_OK);
    CHECK_ERR("all", store_rule_all(s->t, a, &all), ERR_OK);
    assert_int_equal(all.items[0].at_seq, newest + 4);
    CHECK_ERR("remove", store_rule_remove(s->t, STR("u1"), 5), ERR_OK);
    CHECK_ERR("twice", store_rule_remove(s->t, STR("u1"), 5), ERR_NOT_FOUND);
    CHECK_ERR("none", store_rule_all(s->t, a, &all), ERR_OK);
    assert_int_equal(all.n, 0);
}

static void test_a_rule_begins_now(void **state)
{
    run(state, rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(test_an_officer_has_one_end),
        WITH_STORE(test_an_order_has_one_approval_an_officer),
        WITH_STORE(test_persons_are_of_one_party),
        WITH_STORE(test_a_flash_is_reviewed_once),
        WITH_STORE(test_a_rule_begins_now),
    };
    return RUN_TESTS(tests);
}
