// SPDX-License-Identifier: Apache-2.0
#include "fixture.h"

#include "ledger/tree.h"
#include "store/ledger.h"

static const struct store_log our_log = {
    .origin = STR_INIT("gb.example/live/ledger/kr/1"),
    .partner_origin = STR_INIT("kr.example/live/ledger/gb/1"),
    .party = STR_INIT("kr"),
    .is_ours = true,
    .epoch = 1,
};

struct opening {
    struct store_log log;
    int64_t id;
};

static enum err open_work(struct store_txn *t, void *context)
{
    struct opening *o = context;
    return store_log_open(t, &o->log, &o->id);
}

static int64_t open_log(struct fixture *f, struct store_log log)
{
    struct opening o = {.log = log};
    CHECK_ERR("open", store_write(f->store, open_work, &o, STORE_NORMAL), ERR_OK);
    return o.id;
}

struct append {
    int64_t log_id;
    uint64_t from;
    uint64_t n;
    struct ledger_hash *leaves; // of what was appended, by index
};

static struct str entry_text(char text[static 32], uint64_t idx)
{
    snprintf(text, 32, "{\"s\":\"%llu\"}", (unsigned long long)idx);
    return str_of(text);
}

static enum err append_work(struct store_txn *t, void *context)
{
    const struct append *p = context;
    for (uint64_t i = p->from; i < p->from + p->n; i++) {
        char text[32];
        struct str bytes = entry_text(text, i);
        uint64_t idx;
        TRY(store_entry_append(t, p->log_id, bytes, i % 3 == 0, &idx));
        assert_true(idx == i);
        p->leaves[i] = ledger_leaf_hash(bytes);
    }
    return ERR_OK;
}

static void check_root(struct fixture *f, const struct append *p, uint64_t size)
{
    struct store_txn *t = read_begin(f);
    struct store_log log;
    CHECK_ERR("log", store_log_get(t, &f->arena, p->log_id, &log), ERR_OK);
    assert_true(log.size == size);
    struct ledger_hash naive = ledger_root_of(p->leaves, size);
    assert_memory_equal(log.root, naive.bytes, sizeof log.root);
    store_read_end(t);
}

// Proofs made over the rows convince a verifier that knows the naive root only.
static void check_proofs(struct fixture *f, const struct append *p, uint64_t size)
{
    struct store_txn *t = read_begin(f);
    struct store_hashes source = {.txn = t, .log_id = p->log_id};
    struct ledger_reader reader = store_hash_reader(&source);
    struct ledger_head now = {.size = size, .root = ledger_root_of(p->leaves, size)};
    for (uint64_t i = 0; i < size; i += 1 + size / 61) {
        struct ledger_proof proof;
        CHECK_ERR("prove", ledger_inclusion_prove(&reader, i, size, &proof), ERR_OK);
        CHECK_ERR("verify", ledger_inclusion_verify(&proof, i, &p->leaves[i], &now), ERR_OK);
        struct ledger_head old = {.size = i + 1, .root = ledger_root_of(p->leaves, i + 1)};
        CHECK_ERR("prove", ledger_consistency_prove(&reader, i + 1, size, &proof), ERR_OK);
        CHECK_ERR("verify", ledger_consistency_verify(&proof, &old, &now), ERR_OK);
    }
    store_read_end(t);
}

static void test_L1_roots_and_proofs_over_rows_equal_those_of_a_naive_tree(void **state)
{
    struct fixture *f = *state;
    static const uint64_t sizes[] = {1, 2, 255, 256, 257, 600, 1024, 66000};
    struct append p = {.log_id = open_log(f, our_log)};
    p.leaves = NEW_N(&f->arena, struct ledger_hash, 66000);
    for (size_t i = 0; i < LEN(sizes); i++) {
        p.n = sizes[i] - p.from;
        CHECK_ERR("append", store_write(f->store, append_work, &p, STORE_BULK), ERR_OK);
        p.from = sizes[i];
        check_root(f, &p, sizes[i]);
        check_proofs(f, &p, sizes[i]);
    }
    struct store_txn *t = read_begin(f);
    unsigned char hash[STORE_HASH_BYTES];
    CHECK_ERR("one of 65536", store_node_hash(t, p.log_id, 2, 0, hash), ERR_OK);
    struct ledger_hash naive = ledger_root_of(p.leaves, 65536);
    assert_memory_equal(hash, naive.bytes, sizeof hash);
    CHECK_ERR("not complete", store_node_hash(t, p.log_id, 2, 1, hash), ERR_NOT_FOUND);
    CHECK_ERR("past the end", store_node_hash(t, p.log_id, 0, 66000, hash), ERR_NOT_FOUND);
    store_read_end(t);
}

static void test_log_is_opened_once_per_origin(void **state)
{
    struct fixture *f = *state;
    int64_t id = open_log(f, our_log);
    assert_int_equal(open_log(f, our_log), id);
    struct store_log theirs = our_log;
    theirs.origin = our_log.partner_origin;
    theirs.partner_origin = our_log.origin;
    theirs.is_ours = false;
    assert_int_not_equal(open_log(f, theirs), id);
    struct opening other = {.log = our_log};
    other.log.party = STR("fr");
    CHECK_ERR(
        "other party", store_write(f->store, open_work, &other, STORE_NORMAL), ERR_CONFLICT);
    struct store_log next = our_log;
    next.origin = STR("gb.example/live/ledger/kr/2");
    next.epoch = 2;
    int64_t second = open_log(f, next);
    struct store_txn *t = read_begin(f);
    struct store_log log;
    CHECK_ERR("party", store_log_by_party(t, &f->arena, STR("kr"), true, &log), ERR_OK);
    assert_int_equal(log.id, second);
    CHECK_ERR("origin", store_log_by_origin(t, &f->arena, our_log.origin, &log), ERR_OK);
    assert_int_equal(log.id, id);
    struct ledger_hash empty = ledger_empty_root();
    assert_memory_equal(log.root, empty.bytes, sizeof log.root);
    struct store_logs all;
    CHECK_ERR("all", store_log_all(t, &f->arena, &all), ERR_OK);
    assert_int_equal(all.n, 3);
    CHECK_ERR("none", store_log_by_party(t, &f->arena, STR("fr"), true, &log), ERR_NOT_FOUND);
    store_read_end(t);
}

static void test_ranges_are_bounded_by_index_and_bytes(void **state)
{
    struct fixture *f = *state;
    struct append p = {.log_id = open_log(f, our_log), .n = 10};
    p.leaves = NEW_N(&f->arena, struct ledger_hash, 10);
    CHECK_ERR("append", store_write(f->store, append_work, &p, STORE_NORMAL), ERR_OK);
    static const struct {
        const char *why;
        struct store_range range; // each entry has 9 bytes
        size_t want;
    } cases[] = {
        {"all", {0, 10, 1000}, 10},
        {"past the end", {8, 20, 1000}, 2},
        {"empty", {5, 5, 1000}, 0},
        {"three fit", {0, 10, 29}, 3},
        {"exactly three", {0, 10, 27}, 3},
        {"at least one", {0, 10, 1}, 1},
    };
    struct store_txn *t = read_begin(f);
    for (size_t i = 0; i < LEN(cases); i++) {
        struct store_entries entries;
        CHECK_ERR(cases[i].why,
            store_entries_range(t, &f->arena, p.log_id, cases[i].range, &entries), ERR_OK);
        CHECK(cases[i].why, entries.n == cases[i].want);
        for (size_t k = 0; k < entries.n; k++) {
            char text[32];
            uint64_t idx = cases[i].range.first + k;
            CHECK_STR(cases[i].why, entries.items[k].bytes, entry_text(text, idx));
            CHECK(cases[i].why, entries.items[k].wants_receipt == (idx % 3 == 0));
        }
    }
    struct store_entry entry;
    CHECK_ERR("get", store_entry_get(t, &f->arena, p.log_id, 9, &entry), ERR_OK);
    assert_memory_equal(entry.leaf_hash, p.leaves[9].bytes, sizeof entry.leaf_hash);
    CHECK_ERR("get", store_entry_get(t, &f->arena, p.log_id, 10, &entry), ERR_NOT_FOUND);
    store_read_end(t);
}

struct long_entry {
    int64_t log_id;
    size_t n;
};

static enum err long_work(struct store_txn *t, void *context)
{
    static char text[65536];
    const struct long_entry *l = context;
    uint64_t idx;
    return store_entry_append(t, l->log_id, (struct str){text, l->n}, false, &idx);
}

static void test_entry_is_at_most_65535_bytes(void **state)
{
    struct fixture *f = *state;
    struct long_entry l = {.log_id = open_log(f, our_log), .n = 65535};
    CHECK_ERR("longest", store_write(f->store, long_work, &l, STORE_NORMAL), ERR_OK);
    l.n = 65536;
    CHECK_ERR("longer", store_write(f->store, long_work, &l, STORE_NORMAL), ERR_LIMIT);
    l = (struct long_entry){.log_id = 99, .n = 1};
    CHECK_ERR("no log", store_write(f->store, long_work, &l, STORE_NORMAL), ERR_NOT_FOUND);
}

struct head {
    int64_t log_id;
    enum store_checkpoint_kind kind;
    struct store_checkpoint c;
};

static enum err head_work(struct store_txn *t, void *context)
{
    const struct head *h = context;
    return store_checkpoint_put(t, h->log_id, h->kind, &h->c);
}

static void test_L1_checkpoints_never_go_back(void **state)
{
    struct fixture *f = *state;
    int64_t log_id = open_log(f, our_log);
    static const struct {
        const char *why;
        uint64_t size;
        unsigned char root;
        int64_t at_us;
        enum err want;
        uint64_t newest;
        int64_t newest_at_us;
    } cases[] = {
        {"first", 5, 1, 10, ERR_OK, 5, 10},
        {"the same later", 5, 1, 20, ERR_OK, 5, 20},
        {"the same earlier", 5, 1, 15, ERR_OK, 5, 20},
        {"same size, other root", 5, 2, 30, ERR_CORRUPT, 5, 20},
        {"smaller", 4, 3, 30, ERR_CONFLICT, 5, 20},
        {"larger", 9, 4, 5, ERR_OK, 9, 5},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct head h = {.log_id = log_id, .kind = STORE_CHECKPOINT_SIGNED};
        h.c = (struct store_checkpoint){
            .size = cases[i].size, .at_us = cases[i].at_us, .note = STR("note")};
        h.c.root[0] = cases[i].root;
        CHECK_ERR(
            cases[i].why, store_write(f->store, head_work, &h, STORE_NORMAL), cases[i].want);
        struct store_txn *t = read_begin(f);
        struct store_checkpoint newest;
        CHECK_ERR(cases[i].why,
            store_checkpoint_newest(t, &f->arena, log_id, STORE_CHECKPOINT_SIGNED, &newest),
            ERR_OK);
        CHECK(cases[i].why, newest.size == cases[i].newest);
        CHECK(cases[i].why, newest.at_us == cases[i].newest_at_us);
        CHECK_ERR("the other kind",
            store_checkpoint_newest(t, &f->arena, log_id, STORE_CHECKPOINT_COSIGNED, &newest),
            ERR_NOT_FOUND);
        store_read_end(t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(test_L1_roots_and_proofs_over_rows_equal_those_of_a_naive_tree),
        WITH_STORE(test_log_is_opened_once_per_origin),
        WITH_STORE(test_ranges_are_bounded_by_index_and_bytes),
        WITH_STORE(test_entry_is_at_most_65535_bytes),
        WITH_STORE(test_L1_checkpoints_never_go_back),
    };
    return RUN_TESTS(tests);
}
