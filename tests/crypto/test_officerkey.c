// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include "crypto/officerkey.h"

// The vector of the trust reference 4.7: RFC 8032 test 1 sealed by "correct horse 봉수". It was
// made and opened by two other implementations (one of them WebCrypto).
#define PUB "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
#define CT                                                                                     \
    "GepZO6jxaGZWj8tr2DPC1XZ+aTQmfPZ7fplGoIZg4Wws1DkwypXtb8ZaxVi4VnmJb/8ujJgY0Ei0gf0QKaOu7A==" \
    ""
#define REST                                                                     \
    ",\"iv\":\"AAECAwQFBgcICQoL\",\"kdf\":\"pbkdf2-hmac-sha256\",\"pub\":\"" PUB \
    "\",\"salt\":\"AAECAwQFBgcICQoLDA0ODw==\",\"v\":1}"
#define FILE_OF(ct, iter, rest) "{\"alg\":\"ed25519\",\"ct\":\"" ct "\",\"iter\":" iter rest
#define VECTOR                  FILE_OF(CT, "600000", REST)
#define PASSPHRASE              "correct horse \xeb\xb4\x89\xec\x88\x98"

static const unsigned char seed[SIGN_SEED_BYTES] = {0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a,
    0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32,
    0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60};

static void the_published_vector_opens_and_is_made_again(void **state)
{
    struct sign_key key;
    struct officerkey_chance chance;
    struct arena a;
    struct fault fault = {0};
    (void)state;
    arena_init(&a, 64 * 1024);
    for (unsigned i = 0; i < sizeof chance.salt; i++)
        chance.salt[i] = (unsigned char)i;
    memcpy(chance.iv, chance.salt, sizeof chance.iv);
    assert_int_equal(officerkey_open(STR(VECTOR), STR(PASSPHRASE), &key, &fault), ERR_OK);
    assert_memory_equal(key.secret.bytes, seed, sizeof seed);
    struct buf b = buf_in(&a, OFFICERKEY_BYTES_MAX);
    assert_int_equal(officerkey_seal(&key, STR(PASSPHRASE), &chance, &b), ERR_OK);
    CHECK_STR("made again", buf_str(&b), STR(VECTOR "\n"));
    sign_key_release(&key);
    arena_release(&a);
}

static void a_file_that_was_changed_or_another_passphrase_opens_nothing(void **state)
{
    static const struct {
        const char *why;
        struct str file, passphrase;
        enum err want;
    } cases[] = {
        {"wrong passphrase", STR_INIT(VECTOR), STR_INIT("correct horse"), ERR_DENIED},
        {"empty passphrase", STR_INIT(VECTOR), STR_INIT(""), ERR_DENIED},
        {"more iterations", STR_INIT(FILE_OF(CT, "600001", REST)), STR_INIT(PASSPHRASE),
            ERR_DENIED},
        {"fewer than the least", STR_INIT(FILE_OF(CT, "599999", REST)), STR_INIT(PASSPHRASE),
            ERR_INVALID},
        {"more than we would wait for", STR_INIT(FILE_OF(CT, "10000001", REST)),
            STR_INIT(PASSPHRASE), ERR_INVALID},
        {"short ct", STR_INIT(FILE_OF("AAAA", "600000", REST)), STR_INIT(PASSPHRASE),
            ERR_INVALID},
        {"not its canonical form", STR_INIT(FILE_OF(CT, " 600000", REST)), STR_INIT(PASSPHRASE),
            ERR_INVALID},
        {"another member", STR_INIT(FILE_OF(CT, "600000", ",\"a\":1" REST)),
            STR_INIT(PASSPHRASE), ERR_INVALID},
        {"two newlines", STR_INIT(VECTOR "\n\n"), STR_INIT(PASSPHRASE), ERR_INVALID},
        {"empty", STR_INIT(""), STR_INIT(PASSPHRASE), ERR_INVALID},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct sign_key key = {0};
        struct fault fault = {0};
        CHECK_ERR(cases[i].why,
            officerkey_open(cases[i].file, cases[i].passphrase, &key, &fault), cases[i].want);
        CHECK(cases[i].why, fault.why && fault.at <= cases[i].file.len);
        assert_null(key.secret.bytes);
    }
}

static void the_public_key_and_its_id_need_no_passphrase(void **state)
{
    unsigned char public_key[SIGN_PUBLIC_BYTES];
    char memory[2 * OFFICERKEY_ID_BYTES];
    struct buf id = {.ptr = memory, .cap = sizeof memory, .max_bytes = sizeof memory};
    (void)state;
    assert_int_equal(officerkey_public(STR(VECTOR "\n"), public_key, NULL), ERR_OK);
    officerkey_id_put(&id, public_key);
    // printf 'bongsu-officer-v1\n' | cat - key.bin | sha256sum
    CHECK_STR("id", buf_str(&id), STR("616eb4777f1a3b64f7475e73e07a0382"));
}

int main(void)
{
    if (sign_init() != ERR_OK)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_vector_opens_and_is_made_again),
        cmocka_unit_test(a_file_that_was_changed_or_another_passphrase_opens_nothing),
        cmocka_unit_test(the_public_key_and_its_id_need_no_passphrase),
    };
    return RUN_TESTS(tests);
}
