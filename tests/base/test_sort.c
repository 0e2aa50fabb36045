// SPDX-License-Identifier: Apache-2.0
#include "base/sort.h"
#include "test.h"

struct item {
    unsigned key, place;
};

static int by_key(const void *a, const void *b)
{
    const struct item *left = a, *right = b;
    return (left->key > right->key) - (left->key < right->key);
}

static void items_come_out_in_order_and_equal_ones_keep_theirs(void **state)
{
    struct item items[257], spare[257];
    unsigned chance = 1;
    for (size_t n = 0; n <= LEN(items); n++) {
        unsigned sum = 0;
        for (unsigned i = 0; i < n; i++) {
            chance = chance * 1103515245u + 12345u;
            items[i] = (struct item){chance >> 16 & 15, i};
            sum += items[i].key;
        }
        sort_items(items, spare, n, sizeof *items, by_key);
        for (unsigned i = 0; i < n; i++) {
            sum -= items[i].key;
            if (i && by_key(&items[i - 1], &items[i]) == 0)
                assert_true(items[i - 1].place < items[i].place);
            else if (i)
                assert_true(items[i - 1].key < items[i].key);
        }
        assert_int_equal(sum, 0);
    }
}

static void numbers_come_out_in_order(void **state)
{
    (void)state;
    uint64_t items[300], spare[300], chance = 1;
    for (size_t n = 0; n <= 300; n++) {
        uint64_t sum = 0;
        for (size_t i = 0; i < n; i++) {
            chance = chance * 6364136223846793005u + 1442695040888963407u;
            items[i] = n % 2 ? chance : chance >> 52;
            sum += items[i];
        }
        sort_u64(items, spare, n);
        for (size_t i = 0; i < n; i++) {
            sum -= items[i];
            assert_true(i == 0 || items[i - 1] <= items[i]);
        }
        assert_true(sum == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_come_out_in_order_and_equal_ones_keep_theirs),
        cmocka_unit_test(numbers_come_out_in_order),
    };
    return RUN_TESTS(tests);
}
