// SPDX-License-Identifier: Apache-2.0
// Pages of a view by date and by type, beside a naive look at every member.
#include "fixture.h"

#include "store/member.h"
#include "store/taxii_page.h"

#define ROWS 1200 // more of the common type than are looked up by their type

static const struct store_view view = {STR_INIT("gb/soc"), STR_INIT("v")};

struct row {
    int64_t object_seq, added_us;
    bool is_removed;
};

struct world {
    struct fixture *f;
    struct row rows[ROWS];
};

static bool is_malware(int n)
{
    return n % 97 == 5;
}

// Dates come in jumps, and each hundredth member is gone again.
static enum err fill_work(struct store_txn *t, void *context)
{
    struct world *w = context;
    for (int n = 0; n < ROWS; n++) {
        char id[32];
        snprintf(id, sizeof id, "x--%d", n);
        struct put p = put_of(id, 10, "gb", "{}");
        p.in.type = is_malware(n) ? STR("malware") : STR("indicator");
        p.in.digest[0] = (unsigned char)n;
        TRY(store_object_put(t, &p.in, &p.out));
        w->rows[n] = (struct row){p.out.seq, 1000 + n * 2 + n / 7 * 5, n % 100 == 50};
        TRY(store_membership_add(t, &view, p.out.seq, w->rows[n].added_us));
        if (w->rows[n].is_removed)
            TRY(store_membership_remove(t, &view, p.out.seq, 9999));
    }
    return ERR_OK;
}

static struct store_taxii_members page(
    struct world *w, struct store_txn *t, int64_t added_after_us, struct str types)
{
    struct store_taxii_members got;
    const struct store_taxii_ask ask = {.who = {.view = view, .now_us = 5},
        .until = 10000,
        .added_after_us = added_after_us,
        .types = types,
        .wants_all = true,
        .limit = 2 * ROWS};
    CHECK_ERR("page", store_taxii_page(t, &w->f->arena, &ask, &got), ERR_OK);
    assert_false(got.more);
    return got;
}

static void check(struct world *w, struct store_txn *t, int64_t after_us, bool only_malware)
{
    size_t n = 0;
    struct arena_mark mark = arena_mark(&w->f->arena);
    struct store_taxii_members got =
        page(w, t, after_us, only_malware ? STR("[\"malware\",\"tool\"]") : STR(""));
    for (int i = 0; i < ROWS; i++) {
        const struct row *row = &w->rows[i];
        if (row->is_removed || row->added_us <= after_us || (only_malware && !is_malware(i)))
            continue;
        if (n >= got.n || got.items[n].object_seq != row->object_seq)
            fail_msg("after %d: row %d is missing", (int)after_us, i);
        n++;
    }
    assert_int_equal(got.n, n);
    arena_rewind(&w->f->arena, mark);
}

static void TAXII_F2_F3_A1_dates_and_types_choose_as_a_slow_look_does(void **state)
{
    static struct world w;
    w.f = *state;
    CHECK_ERR("fill", store_write(w.f->store, fill_work, &w, STORE_NORMAL), ERR_OK);
    struct store_txn *t = read_begin(w.f);
    for (int64_t at_us = 990; at_us < 1100; at_us++)
        check(&w, t, at_us, at_us % 2);
    for (int n = 0; n < ROWS; n += 37)
        for (int64_t d = -1; d <= 1; d++)
            check(&w, t, w.rows[n].added_us + d, n % 2);
    check(&w, t, w.rows[ROWS - 1].added_us, false);
    check(&w, t, w.rows[ROWS - 1].added_us - 1, false);
    check(&w, t, INT64_MAX, true);
    check(&w, t, INT64_MIN, true);
    size_t common = page(&w, t, 0, STR("[\"indicator\"]")).n;
    assert_int_equal(
        common + page(&w, t, 0, STR("[\"malware\"]")).n, page(&w, t, 0, STR("")).n);
    assert_int_equal(page(&w, t, 0, STR("[\"tool\"]")).n, 0);
    store_read_end(t);
}

static void TAXII_P1_P2_a_page_ends_at_its_limit(void **state)
{
    static struct world w;
    w.f = *state;
    CHECK_ERR("fill", store_write(w.f->store, fill_work, &w, STORE_NORMAL), ERR_OK);
    struct store_txn *t = read_begin(w.f);
    struct store_taxii_ask ask = {.who = {.view = view, .now_us = 5},
        .until = 10000,
        .types = STR("[\"malware\"]"),
        .wants_all = true,
        .limit = 5};
    struct store_taxii_members got = {0};
    size_t n = 0;
    do {
        CHECK_ERR("page", store_taxii_page(t, &w.f->arena, &ask, &got), ERR_OK);
        assert_true(got.n == 5 || !got.more);
        for (size_t i = 0; i < got.n; i++)
            assert_true(got.items[i].seq > ask.after);
        n += got.n;
        ask.after = got.n ? got.items[got.n - 1].seq : ask.after;
    } while (got.more);
    assert_int_equal(n, page(&w, t, 0, ask.types).n);
    store_read_end(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(TAXII_F2_F3_A1_dates_and_types_choose_as_a_slow_look_does),
        WITH_STORE(TAXII_P1_P2_a_page_ends_at_its_limit),
    };
    return RUN_TESTS(tests);
}
