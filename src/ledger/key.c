// SPDX-License-Identifier: Apache-2.0
#include <assert.h>

#include "base/base64.h"
#include "base/hex.h"
#include "base/reader.h"
#include "base/utf8.h"
#include "crypto/sign.h"
#include "hash/hash.h"
#include "ledger/key_priv.h"

#define ID_DIGITS         8u
#define COSIGNATURE_BYTES (8u + SIGN_SIGNATURE_BYTES) // u64be seconds, then Ed25519

static const unsigned char *bytes_of(struct str s)
{
    return (const unsigned char *)s.ptr;
}

static enum err note_check(
    struct arena *a, struct str public_key, struct str text, struct str payload)
{
    (void)a;
    return sign_verify(bytes_of(public_key), text, bytes_of(payload));
}

enum err ledger_cosigned_message(
    struct arena *a, struct str text, uint64_t time_s, struct str *out)
{
    struct buf b = buf_in(a, NOTE_BYTES_MAX + 64);
    buf_put(&b, STR("cosignature/v1\ntime "));
    buf_put_u64(&b, time_s);
    buf_put_byte(&b, '\n');
    buf_put(&b, text);
    return buf_end(&b, out);
}

static enum err cosignature_check(
    struct arena *a, struct str public_key, struct str text, struct str payload)
{
    struct reader r = reader_of(payload);
    uint64_t time_s = read_u64be(&r);
    struct str signature = read_bytes(&r, SIGN_SIGNATURE_BYTES), message;
    if (time_s == 0 || time_s > INT64_MAX)
        return ERR_CORRUPT;
    struct arena_mark mark = arena_mark(a);
    enum err e = ledger_cosigned_message(a, text, time_s, &message);
    if (e == ERR_OK)
        e = sign_verify(bytes_of(public_key), message, bytes_of(signature));
    arena_rewind(a, mark);
    return e;
}

// A further type (0x06, ML-DSA-44) is a further row.
static const struct key_type {
    uint8_t type;
    size_t public_bytes;
    size_t payload_bytes;
    enum err (*check)(
        struct arena *a, struct str public_key, struct str text, struct str payload);
} key_types[] = {
    {LEDGER_TYPE_NOTE, SIGN_PUBLIC_BYTES, SIGN_SIGNATURE_BYTES, note_check},
    {LEDGER_TYPE_COSIGNATURE, SIGN_PUBLIC_BYTES, COSIGNATURE_BYTES, cosignature_check},
};

static const struct key_type *key_type(uint8_t type)
{
    for (size_t i = 0; i < LEN(key_types); i++)
        if (key_types[i].type == type)
            return &key_types[i];
    return NULL;
}

enum err ledger_key_check(
    struct arena *a, const struct ledger_key *key, struct str text, struct str payload)
{
    const struct key_type *type = key_type(key->type);
    assert(type); // every way to make a key has looked it up
    if (payload.len != type->payload_bytes)
        return ERR_CORRUPT;
    return type->check(a, key->public_key, text, payload);
}

// The property White_Space of Unicode.
static bool is_space(uint32_t c)
{
    return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
           c == 0x205F || c == 0x3000;
}

bool ledger_key_name_fits(struct str name)
{
    if (name.len == 0 || utf8_invalid_at(name) < name.len)
        return false;
    for (size_t at = 0; at < name.len;) {
        uint32_t c = utf8_next(name, &at);
        if (is_space(c) || c == '+' || c < 0x20)
            return false;
    }
    return true;
}

// First 4 bytes of SHA-256(name || 0x0A || type || public key).
static uint32_t key_id(uint8_t type, struct str name, struct str public_key)
{
    struct hash_sha256 h;
    unsigned char digest[SHA256_BYTES];
    char separator[2] = {'\n', (char)type};
    hash_sha256_begin(&h);
    hash_sha256_add(&h, name);
    hash_sha256_add(&h, (struct str){separator, sizeof separator});
    hash_sha256_add(&h, public_key);
    hash_sha256_end(&h, digest);
    struct reader r = reader_of((struct str){(char *)digest, sizeof digest});
    return read_u32be(&r);
}

enum err ledger_key_make(struct arena *a, uint8_t type, struct str name,
    const unsigned char public_key[static LEDGER_PUBLIC_BYTES], struct ledger_key *out)
{
    const struct key_type *known = key_type(type);
    if (!known || known->public_bytes != SIGN_PUBLIC_BYTES || !ledger_key_name_fits(name))
        return ERR_INVALID;
    struct ledger_key key = {.type = type};
    TRY(str_copy(a, name, &key.name));
    TRY(str_copy(
        a, (struct str){(const char *)public_key, SIGN_PUBLIC_BYTES}, &key.public_key));
    key.id = key_id(type, key.name, key.public_key);
    *out = key;
    return ERR_OK;
}

enum err ledger_key_parse(struct arena *a, struct str vkey, struct ledger_key *out)
{
    struct str rest = vkey, typed;
    struct ledger_key key = {.name = str_cut(&rest, '+')};
    unsigned char id[4];
    if (!ledger_key_name_fits(key.name) || rest.len <= ID_DIGITS || rest.ptr[ID_DIGITS] != '+')
        return ERR_INVALID;
    TRY(hex_parse(str_to(rest, ID_DIGITS), false, id, sizeof id));
    TRY(base64_parse(a, str_from(rest, ID_DIGITS + 1), &typed));
    if (typed.len == 0)
        return ERR_INVALID;
    key.type = (uint8_t)typed.ptr[0];
    key.public_key = str_from(typed, 1);
    const struct key_type *known = key_type(key.type);
    if (!known || key.public_key.len != known->public_bytes)
        return ERR_INVALID;
    struct reader r = reader_of((struct str){(char *)id, sizeof id});
    key.id = key_id(key.type, key.name, key.public_key);
    if (key.id != read_u32be(&r))
        return ERR_INVALID;
    *out = key;
    return ERR_OK;
}

void ledger_key_put(struct buf *b, const struct ledger_key *key)
{
    unsigned char id[4] = {(unsigned char)(key->id >> 24), (unsigned char)(key->id >> 16),
        (unsigned char)(key->id >> 8), (unsigned char)key->id};
    buf_put(b, key->name);
    buf_put_byte(b, '+');
    hex_put(b, id, sizeof id);
    buf_put_byte(b, '+');
    struct buf typed = buf_in(b->arena, 4 * KIB);
    buf_put_byte(&typed, (char)key->type);
    buf_put(&typed, key->public_key);
    if (typed.err != ERR_OK)
        b->err = typed.err;
    base64_put(b, buf_str(&typed));
}

bool ledger_key_eq(const struct ledger_key *a, const struct ledger_key *b)
{
    return a->type == b->type && str_eq(a->name, b->name) &&
           str_eq(a->public_key, b->public_key);
}
