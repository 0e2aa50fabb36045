// SPDX-License-Identifier: Apache-2.0
// A cursor is two numbers, what they are bound to, and 16 bytes of an HMAC over all of it, in
// base64url without padding (RFC 4648 section 5).
#include "exchange/taxii.h"

#include "base/base64.h"
#include "hash/hash.h"

#include <string.h>

#define SCOPE_BYTES  8
#define MAC_BYTES    16
#define SIGNED_BYTES (2 * 8 + SCOPE_BYTES)
#define CURSOR_BYTES (SIGNED_BYTES + MAC_BYTES)
#define TEXT_BYTES   ((CURSOR_BYTES * 4 + 2) / 3)

static void put_u64(unsigned char *out, uint64_t n)
{
    for (int i = 7; i >= 0; i--, n >>= 8)
        out[i] = (unsigned char)n;
}

static uint64_t get_u64(const unsigned char *in)
{
    uint64_t n = 0;
    for (int i = 0; i < 8; i++)
        n = n << 8 | in[i];
    return n;
}

static void add_text(struct hash_sha256 *h, struct str text)
{
    unsigned char n[8];
    put_u64(n, text.len);
    hash_sha256_add(h, (struct str){(const char *)n, sizeof n});
    hash_sha256_add(h, text);
}

// The page's size may change on the way, the filter may not.
static void scope_digest(const struct taxii_scope *scope, unsigned char out[SCOPE_BYTES])
{
    struct hash_sha256 h;
    unsigned char digest[SHA256_BYTES];
    hash_sha256_begin(&h);
    add_text(&h, scope->recipient);
    add_text(&h, scope->collection);
    add_text(&h, scope->endpoint);
    add_text(&h, scope->query->added_after);
    add_text(&h, scope->query->id);
    add_text(&h, scope->query->type);
    add_text(&h, scope->query->version);
    add_text(&h, scope->query->spec_version);
    hash_sha256_end(&h, digest);
    memcpy(out, digest, SCOPE_BYTES);
}

static void mac(const struct taxii_scope *scope, const unsigned char *text,
    unsigned char out[static SHA256_BYTES])
{
    hash_hmac_sha256((struct str){(const char *)scope->key, TAXII_CURSOR_KEY_BYTES},
        (struct str){(const char *)text, SIGNED_BYTES}, out);
}

void taxii_cursor_put(
    struct buf *b, const struct taxii_scope *scope, const struct taxii_cursor *cursor)
{
    unsigned char bytes[CURSOR_BYTES], code[SHA256_BYTES];
    char memory[TEXT_BYTES + 4];
    struct buf coded = {.ptr = memory, .cap = sizeof memory, .max_bytes = sizeof memory};
    put_u64(bytes, cursor->seq);
    put_u64(bytes + 8, cursor->until);
    scope_digest(scope, bytes + 16);
    mac(scope, bytes, code);
    memcpy(bytes + SIGNED_BYTES, code, MAC_BYTES);
    base64_put(&coded, (struct str){(const char *)bytes, sizeof bytes});
    for (size_t i = 0; i < TEXT_BYTES; i++)
        buf_put_byte(b, memory[i] == '+' ? '-' : memory[i] == '/' ? '_' : memory[i]);
}

static enum err decode(struct str text, unsigned char bytes[static CURSOR_BYTES])
{
    char memory[TEXT_BYTES + 4];
    size_t n = 0;
    if (text.len != TEXT_BYTES)
        return ERR_INVALID;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '+' || c == '/' || c == '=')
            return ERR_INVALID;
        memory[n++] = c == '-' ? '+' : c == '_' ? '/' : c;
    }
    while (n % 4)
        memory[n++] = '=';
    return base64_parse_exact((struct str){memory, n}, bytes, CURSOR_BYTES);
}

enum err taxii_cursor_read(
    struct str text, const struct taxii_scope *scope, struct taxii_cursor *out)
{
    unsigned char bytes[CURSOR_BYTES], code[SHA256_BYTES], digest[SCOPE_BYTES];
    TRY(decode(text, bytes));
    mac(scope, bytes, code);
    scope_digest(scope, digest);
    if (!hash_equal(code, bytes + SIGNED_BYTES, MAC_BYTES) ||
        !hash_equal(digest, bytes + 16, SCOPE_BYTES))
        return ERR_INVALID;
    struct taxii_cursor cursor = {.seq = get_u64(bytes), .until = get_u64(bytes + 8)};
    if (cursor.seq > INT64_MAX || cursor.until > INT64_MAX)
        return ERR_INVALID;
    *out = cursor;
    return ERR_OK;
}
