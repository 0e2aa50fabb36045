// SPDX-License-Identifier: Apache-2.0
#include "base/hex.h"
#include "hash/hash.h"
#include "test.h"

static void check_hex(const char *why, const unsigned char *got, size_t n, const char *want)
{
    unsigned char bytes[64];
    CHECK_ERR(why, hex_parse(str_of(want), false, bytes, n), ERR_OK);
    CHECK(why, hash_equal(got, bytes, n));
}

// FIPS 180-4 examples for "abc"; RFC 4231 test case 2 for HMAC.
static void digests_equal_published_vectors(void **state)
{
    unsigned char out[64];
    hash_sha1(STR("abc"), out);
    check_hex("sha1", out, 20, "a9993e364706816aba3e25717850c26c9cd0d89d");
    hash_sha256(STR("abc"), out);
    check_hex(
        "sha256", out, 32, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    hash_sha512(STR("abc"), out);
    check_hex("sha512", out, 64,
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
    hash_hmac_sha256(STR("Jefe"), STR("what do ya want for nothing?"), out);
    check_hex(
        "hmac", out, 32, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static void pieces_equal_the_whole(void **state)
{
    unsigned char whole[32], pieces[32];
    hash_sha256(STR("one two three"), whole);
    struct hash_sha256 h;
    hash_sha256_begin(&h);
    hash_sha256_add(&h, STR("one "));
    hash_sha256_add(&h, STR(""));
    hash_sha256_add(&h, STR("two three"));
    hash_sha256_end(&h, pieces);
    assert_true(hash_equal(whole, pieces, 32));
    pieces[31] ^= 1;
    assert_false(hash_equal(whole, pieces, 32));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digests_equal_published_vectors),
        cmocka_unit_test(pieces_equal_the_whole),
    };
    return RUN_TESTS(tests);
}
