// SPDX-License-Identifier: Apache-2.0
#include "fixture.h"

#include "store/import.h"
#include "store/link.h"
#include "store/principal.h"

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

static void principals_are_found_by_token(struct steps *s)
{
    struct store_principal p = {.name = STR("kim"),
        .kind = STR("person"),
        .rights = STR("read release"),
        .recipient = STR("kr/ncsc"),
        .created_us = 4};
    p.token_hash[0] = 9;
    int64_t id;
    CHECK_ERR("add", store_principal_add(s->t, &p, &id), ERR_OK);
    struct store_principal other = p, got;
    CHECK_ERR("name taken", store_principal_add(s->t, &other, &id), ERR_CONFLICT);
    other.name = STR("lee");
    CHECK_ERR("token taken", store_principal_add(s->t, &other, &id), ERR_CONFLICT);
    struct arena *a = &s->f->arena;
    CHECK_ERR("token", store_principal_by_token_hash(s->t, a, p.token_hash, &got), ERR_OK);
    assert_int_equal(got.id, id);
    CHECK_STR("rights", got.rights, p.rights);
    CHECK_STR("recipient", got.recipient, p.recipient);
    assert_int_equal(got.revoked_us, 0);
    CHECK_ERR("revoke", store_principal_revoke(s->t, id, 8), ERR_OK);
    CHECK_ERR("once", store_principal_revoke(s->t, id, 9), ERR_NOT_FOUND);
    CHECK_ERR("name", store_principal_by_name(s->t, a, STR("kim"), &got), ERR_OK);
    assert_int_equal(got.revoked_us, 8);
    p.token_hash[0] = 1;
    CHECK_ERR("other token", store_principal_by_token_hash(s->t, a, p.token_hash, &got),
        ERR_NOT_FOUND);
}

static void test_principals_are_found_by_token_and_name(void **state)
{
    run(state, principals_are_found_by_token);
}

static void audit_is_read_in_order(struct steps *s)
{
    for (int64_t i = 1; i <= 5; i++) {
        struct store_audit event = {
            .at_us = i, .principal = 3, .action = STR("release"), .target = STR("kr")};
        CHECK_ERR("add", store_audit_add(s->t, &event), ERR_OK);
    }
    struct store_audits got;
    CHECK_ERR("after", store_audit_after(s->t, &s->f->arena, 2, 2, &got), ERR_OK);
    assert_int_equal(got.n, 2);
    assert_int_equal(got.items[0].seq, 3);
    assert_int_equal(got.items[1].at_us, 4);
    CHECK_STR("action", got.items[1].action, STR("release"));
}

static void test_audit_is_read_in_order(void **state)
{
    run(state, audit_is_read_in_order);
}

static void imports_keep_their_counts(struct steps *s)
{
    struct store_import import = {.at_us = 2,
                            .principal = 1,
                            .name = STR("feed.json"),
                            .originator = STR("gb"),
                            .handling = STR("{}")},
                        got;
    CHECK_ERR("begin", store_import_begin(s->t, &import, &import.id), ERR_OK);
    CHECK_ERR("get", store_import_get(s->t, &s->f->arena, import.id, &got), ERR_OK);
    assert_int_equal(got.ended_us, 0);
    import.ended_us = 9;
    import.added = 5;
    import.same = 4;
    import.conflicts = 3;
    import.refused = 2;
    CHECK_ERR("end", store_import_end(s->t, &import), ERR_OK);
    CHECK_ERR("get", store_import_get(s->t, &s->f->arena, import.id, &got), ERR_OK);
    CHECK_STR("name", got.name, import.name);
    assert_true(got.ended_us == 9 && got.added == 5 && got.same == 4);
    assert_true(got.conflicts == 3 && got.refused == 2);
    import.id = 99;
    CHECK_ERR("no import", store_import_end(s->t, &import), ERR_NOT_FOUND);
}

static void test_imports_keep_their_counts(void **state)
{
    run(state, imports_keep_their_counts);
}

static void links_are_one_per_party(struct steps *s)
{
    struct store_link link = {.party = STR("kr"),
        .agreement = STR("first"),
        .state = STR("live"),
        .address = STR("127.0.0.1:1"),
        .added_us = 5};
    CHECK_ERR("put", store_link_put(s->t, &link), ERR_OK);
    link.agreement = STR("second");
    link.added_us = 6;
    link.digest[0] = 2;
    CHECK_ERR("replace", store_link_put(s->t, &link), ERR_OK);
    link.party = STR("fr");
    CHECK_ERR("put", store_link_put(s->t, &link), ERR_OK);
    struct store_link got;
    CHECK_ERR("find", store_link_by_party(s->t, &s->f->arena, STR("kr"), &got), ERR_OK);
    CHECK_STR("agreement", got.agreement, STR("second"));
    assert_int_equal(got.added_us, 5);
    assert_int_equal(got.digest[0], 2);
    CHECK_ERR("state", store_link_set_state(s->t, STR("kr"), STR("frozen")), ERR_OK);
    CHECK_ERR("none", store_link_set_state(s->t, STR("us"), STR("frozen")), ERR_NOT_FOUND);
    struct store_links all;
    CHECK_ERR("all", store_link_all(s->t, &s->f->arena, &all), ERR_OK);
    assert_int_equal(all.n, 2);
    CHECK_STR("by party", all.items[0].party, STR("fr"));
    CHECK_STR("state", all.items[1].state, STR("frozen"));
}

static void test_links_are_one_per_party(void **state)
{
    run(state, links_are_one_per_party);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(test_principals_are_found_by_token_and_name),
        WITH_STORE(test_audit_is_read_in_order),
        WITH_STORE(test_imports_keep_their_counts),
        WITH_STORE(test_links_are_one_per_party),
    };
    return RUN_TESTS(tests);
}
