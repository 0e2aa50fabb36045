// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include "crypto/seal.h"
#include "crypto/sign.h"

static struct secret secret_of(const char *text)
{
    struct secret s;
    assert_int_equal(secret_init(&s, strlen(text)), ERR_OK);
    memcpy(s.bytes, text, s.len);
    return s;
}

static void only_the_same_secret_opens_what_is_unchanged(void **state)
{
    struct arena a;
    arena_init(&a, MIB);
    struct secret right = secret_of("DEMO unlock"), wrong = secret_of("DEMO unlocj"), out;
    struct seal_chance chance = {{1}, {2}};
    struct buf b = buf_in(&a, SEAL_BYTES_MAX);
    assert_int_equal(seal_put(&b, STR("a key\n"), &right, &chance), ERR_OK);
    assert_true(seal_is_sealed(buf_str(&b)));
    assert_int_equal(seal_open(&a, buf_str(&b), &right, &out), ERR_OK);
    CHECK_STR("plain", secret_str(&out), STR("a key\n"));
    secret_release(&out);
    assert_int_equal(seal_open(&a, buf_str(&b), &wrong, &out), ERR_DENIED);
    b.ptr[b.len - 4] ^= 1;
    assert_int_not_equal(seal_open(&a, buf_str(&b), &right, &out), ERR_OK);
    secret_release(&right);
    secret_release(&wrong);
    arena_release(&a);
}

static void what_is_not_sealed_is_refused_before_any_work(void **state)
{
    static const struct str cases[] = {STR_INIT(""), STR_INIT("bongsu-sealed "),
        STR_INIT("bongsu-key ed25519 log n AAAA\n"),
        STR_INIT("bongsu-sealed argon2id-xchacha20poly1305 AA== AA== AA==\n"),
        STR_INIT("bongsu-sealed scrypt AA== AA== AA==\n")};
    struct arena a;
    arena_init(&a, MIB);
    struct secret unlock = secret_of("x"), out;
    for (size_t i = 0; i < LEN(cases); i++)
        assert_int_equal(seal_open(&a, cases[i], &unlock, &out), ERR_INVALID);
    secret_release(&unlock);
    arena_release(&a);
}

static int start(void **state)
{
    return sign_init();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_same_secret_opens_what_is_unchanged),
        cmocka_unit_test(what_is_not_sealed_is_refused_before_any_work),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
