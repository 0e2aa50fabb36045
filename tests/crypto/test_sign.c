// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include "base/hex.h"
#include "crypto/sign.h"

// RFC 8032 section 7.1, tests 1 to 3.
static const struct {
    const char *why;
    struct str seed, public_key, message, signature;
} vectors[] = {
    {"test 1: empty message",
        STR_INIT("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"),
        STR_INIT("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"),
        STR_INIT(""),
        STR_INIT("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                 "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")},
    {"test 2: one byte",
        STR_INIT("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"),
        STR_INIT("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"),
        STR_INIT("72"),
        STR_INIT("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                 "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")},
    {"test 3: two bytes",
        STR_INIT("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7"),
        STR_INIT("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"),
        STR_INIT("af82"),
        STR_INIT("6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                 "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")},
};

static size_t bytes_of(struct str hex, unsigned char *out)
{
    assert_int_equal(hex_parse(hex, false, out, hex.len / 2), ERR_OK);
    return hex.len / 2;
}

static void signatures_are_those_of_rfc_8032(void **state)
{
    for (size_t i = 0; i < LEN(vectors); i++) {
        unsigned char seed[32], public_key[32], message[8] = {0}, want[64], got[64];
        bytes_of(vectors[i].seed, seed);
        bytes_of(vectors[i].public_key, public_key);
        bytes_of(vectors[i].signature, want);
        struct str text = {(char *)message, bytes_of(vectors[i].message, message)};
        struct sign_key key;
        CHECK_ERR(vectors[i].why, sign_key_from_seed(seed, &key), ERR_OK);
        CHECK(vectors[i].why, !memcmp(key.public_key, public_key, 32));
        sign_message(&key, text, got);
        CHECK(vectors[i].why, !memcmp(got, want, 64));
        CHECK_ERR(vectors[i].why, sign_verify(public_key, text, want), ERR_OK);
        sign_key_release(&key);
    }
}

static void any_flipped_bit_is_refused(void **state)
{
    unsigned char public_key[32], signature[64], message[2];
    bytes_of(vectors[2].public_key, public_key);
    bytes_of(vectors[2].signature, signature);
    bytes_of(vectors[2].message, message);
    struct str text = {(char *)message, sizeof message};
    for (size_t bit = 0; bit < 8 * sizeof signature; bit++) {
        signature[bit / 8] ^= (unsigned char)(1u << bit % 8);
        assert_int_equal(sign_verify(public_key, text, signature), ERR_CORRUPT);
        signature[bit / 8] ^= (unsigned char)(1u << bit % 8);
    }
    message[0] ^= 1;
    assert_int_equal(sign_verify(public_key, text, signature), ERR_CORRUPT);
}

static void verification_is_strict(void **state)
{
    // The neutral element as public key and R, with S = 0, satisfies the bare equation for any
    // message.
    unsigned char neutral[32] = {1}, signature[64] = {1};
    assert_int_equal(sign_verify(neutral, STR("any"), signature), ERR_CORRUPT);

    // S plus the group order satisfies it too, and would make a second signature of one text.
    static const unsigned char order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,
        0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10};
    unsigned char public_key[32], again[64];
    bytes_of(vectors[0].public_key, public_key);
    bytes_of(vectors[0].signature, again);
    unsigned carry = 0;
    for (size_t i = 0; i < 32; i++) {
        carry += again[32 + i] + order[i];
        again[32 + i] = (unsigned char)carry;
        carry >>= 8;
    }
    assert_int_equal(sign_verify(public_key, STR(""), again), ERR_CORRUPT);
}

static int start(void **state)
{
    return sign_init();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signatures_are_those_of_rfc_8032),
        cmocka_unit_test(any_flipped_bit_is_refused),
        cmocka_unit_test(verification_is_strict),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
