// SPDX-License-Identifier: Apache-2.0
#include "crypto/keyfile.h"

#include <assert.h>

#include <sodium.h>

#include "base/base64.h"

#define MAGIC          "bongsu-key ed25519 "
#define ROLE_BYTES_MAX 32u
#define NAME_BYTES_MAX 255u

static bool is_word(struct str s, size_t len_max)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] <= ' ' || s.ptr[i] > '~')
            return false;
    return s.len > 0 && s.len <= len_max;
}

static enum err seed_parse(struct str text, struct sign_key *out)
{
    unsigned char seed[SIGN_SEED_BYTES];
    enum err e = base64_parse_exact(text, seed, sizeof seed);
    if (e == ERR_OK)
        e = sign_key_from_seed(seed, out);
    sodium_memzero(seed, sizeof seed);
    return e;
}

enum err keyfile_parse(struct str text, struct keyfile *out, struct fault *fault)
{
    if (!str_starts(text, STR(MAGIC)))
        return fault_set(fault, ERR_INVALID, 0, "not an Ed25519 key file");
    if (!str_ends(text, STR("\n")))
        return fault_set(fault, ERR_INVALID, text.len, "a key file ends with a newline");
    size_t at = sizeof MAGIC - 1;
    struct str rest = str_from(str_to(text, text.len - 1), at);
    struct keyfile file = {.role = str_cut(&rest, ' ')};
    if (!is_word(file.role, ROLE_BYTES_MAX))
        return fault_set(fault, ERR_INVALID, at, "bad role");
    at += file.role.len + 1;
    file.name = str_cut(&rest, ' ');
    if (!is_word(file.name, NAME_BYTES_MAX))
        return fault_set(fault, ERR_INVALID, at, "bad name");
    at += file.name.len + 1;
    enum err e = seed_parse(rest, &file.key);
    if (e != ERR_OK)
        return fault_set(fault, e, at, "no key can be made of the seed");
    *out = file;
    return ERR_OK;
}

enum err keyfile_print(struct str role, struct str name,
    const unsigned char seed[static SIGN_SEED_BYTES], struct secret *out)
{
    if (!is_word(role, ROLE_BYTES_MAX) || !is_word(name, NAME_BYTES_MAX))
        return ERR_INVALID;
    struct secret file;
    TRY(secret_init(&file, KEYFILE_BYTES_MAX));
    // A buffer that is as large as it may grow never asks its arena.
    struct buf b = {
        .ptr = (char *)file.bytes, .cap = KEYFILE_BYTES_MAX, .max_bytes = KEYFILE_BYTES_MAX};
    buf_put(&b, STR(MAGIC));
    buf_put(&b, role);
    buf_put_byte(&b, ' ');
    buf_put(&b, name);
    buf_put_byte(&b, ' ');
    base64_put(&b, (struct str){(const char *)seed, SIGN_SEED_BYTES});
    buf_put_byte(&b, '\n');
    assert(b.err == ERR_OK); // the limits of the words leave room
    file.len = b.len;
    *out = file;
    return ERR_OK;
}
