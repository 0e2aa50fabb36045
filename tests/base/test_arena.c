// SPDX-License-Identifier: Apache-2.0
#include "base/buf.h"
#include "test.h"

static void arena_gives_zeroed_aligned_memory(void **state)
{
    struct arena a;
    arena_init(&a, 1 << 20);
    for (size_t n = 1; n < 200; n++) {
        char *c = NEW_N(&a, char, n);
        uint64_t *p = NEW(&a, uint64_t);
        assert_non_null(c);
        assert_int_equal((uintptr_t)p % _Alignof(uint64_t), 0);
        assert_true(*p == 0 && c[0] == 0 && c[n - 1] == 0);
        memset(c, 0xFF, n);
        *p = UINT64_MAX;
    }
    arena_release(&a);
}

static void arena_past_its_limit_gives_null(void **state)
{
    struct arena a;
    arena_init(&a, 100000);
    assert_null(NEW_N(&a, char, 100001));
    assert_null(NEW_N(&a, uint64_t, SIZE_MAX / 4));
    size_t n = 0;
    while (NEW_N(&a, char, 1000))
        n++;
    assert_in_range(n, 90, 100);
    assert_true(a.held_bytes <= a.limit_bytes);
    arena_release(&a);
    assert_int_equal(a.held_bytes, 0);
    assert_non_null(NEW_N(&a, char, 1000)); // usable again
    arena_release(&a);
}

static void arena_rewind_gives_zeroed_memory_again(void **state)
{
    struct arena a;
    arena_init(&a, 1 << 22);
    char *first = NEW_N(&a, char, 10);
    memset(first, 'x', 10);
    struct arena_mark mark = arena_mark(&a);
    for (int i = 0; i < 100; i++)
        memset(NEW_N(&a, char, 10000), 'y', 10000);
    arena_rewind(&a, mark);
    assert_memory_equal(first, "xxxxxxxxxx", 10);
    char *again = NEW_N(&a, char, 10000);
    for (size_t i = 0; i < 10000; i++)
        assert_int_equal(again[i], 0);
    arena_release(&a);
    mark = arena_mark(&a);
    assert_non_null(NEW(&a, int));
    arena_rewind(&a, mark);
    assert_int_equal(a.held_bytes, 0);
}

static void buf_keeps_the_first_error(void **state)
{
    struct arena a;
    arena_init(&a, 1 << 20);
    struct buf b = buf_in(&a, 10);
    buf_put(&b, STR("12345678"));
    buf_put(&b, STR("abc"));
    buf_put(&b, STR("z"));
    assert_int_equal(b.err, ERR_LIMIT);
    CHECK_STR("unchanged after the error", buf_str(&b), STR("12345678"));
    struct str out;
    CHECK_ERR("end reports it", buf_end(&b, &out), ERR_LIMIT);
    b = buf_in(&a, 100);
    buf_put_i64(&b, INT64_MIN);
    buf_put_byte(&b, ' ');
    buf_put_u64(&b, UINT64_MAX);
    buf_put_byte(&b, ' ');
    buf_put_i64(&b, 0);
    CHECK_STR("numbers", buf_str(&b), STR("-9223372036854775808 18446744073709551615 0"));
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_gives_zeroed_aligned_memory),
        cmocka_unit_test(arena_past_its_limit_gives_null),
        cmocka_unit_test(arena_rewind_gives_zeroed_memory_again),
        cmocka_unit_test(buf_keeps_the_first_error),
    };
    return RUN_TESTS(tests);
}
