// SPDX-License-Identifier: Apache-2.0
// The file has one form only, that of RFC 8785: its members in order and no blank. So it is cut
// along its fixed parts, and what differs from them is refused.
#include "crypto/officerkey.h"

#include <assert.h>
#include <string.h>

#include <nettle/gcm.h>
#include <nettle/pbkdf2.h>
#include <sodium.h>

#include "base/base64.h"
#include "base/hex.h"
#include "hash/hash.h"

#define KEY_BYTES    32u
#define PKCS8_BYTES  48u
#define SEALED_BYTES (PKCS8_BYTES + GCM_DIGEST_SIZE)

#define PART_ALG  "{\"alg\":\"ed25519\","
#define PART_CT   "\"ct\":\""
#define PART_ITER "\"iter\":"
#define PART_IV   ",\"iv\":\""
#define PART_PUB  "\",\"kdf\":\"pbkdf2-hmac-sha256\",\"pub\":\""
#define PART_SALT "\",\"salt\":\""
#define PART_END  "\",\"v\":1}"

// RFC 8410 section 7: version 0, id-Ed25519, and the seed as an OCTET STRING in another.
static const unsigned char pkcs8_head[PKCS8_BYTES - SIGN_SEED_BYTES] = {0x30, 0x2e, 0x02, 0x01,
    0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20};

struct officer_file {
    struct officerkey_chance chance;
    unsigned iterations;
    unsigned char public_key[SIGN_PUBLIC_BYTES];
    unsigned char sealed[SEALED_BYTES];
};

static struct str bytes_str(const unsigned char *bytes, size_t n)
{
    return (struct str){(const char *)bytes, n};
}

// The object without `ct`: the associated data, and what stands around `ct` in the file.
static void put_rest(struct buf *b, const struct officer_file *f)
{
    buf_put(b, STR(PART_ITER));
    buf_put_u64(b, f->iterations);
    buf_put(b, STR(PART_IV));
    base64_put(b, bytes_str(f->chance.iv, sizeof f->chance.iv));
    buf_put(b, STR(PART_PUB));
    base64_put(b, bytes_str(f->public_key, sizeof f->public_key));
    buf_put(b, STR(PART_SALT));
    base64_put(b, bytes_str(f->chance.salt, sizeof f->chance.salt));
    buf_put(b, STR(PART_END));
}

// A buffer that is as large as it may grow never asks its arena.
static struct buf fixed_buf(char *memory, size_t n)
{
    return (struct buf){.ptr = memory, .cap = n, .max_bytes = n};
}

// Nettle's two schedules, ready for one message.
static void cipher_begin(
    struct gcm_aes256_ctx *gcm, const struct officer_file *f, struct str passphrase)
{
    unsigned char key[KEY_BYTES];
    char memory[OFFICERKEY_BYTES_MAX];
    struct buf associated = fixed_buf(memory, sizeof memory);
    buf_put(&associated, STR(PART_ALG));
    put_rest(&associated, f);
    assert(associated.err == ERR_OK); // every part has a bounded length
    pbkdf2_hmac_sha256(passphrase.len, (const unsigned char *)passphrase.ptr, f->iterations,
        sizeof f->chance.salt, f->chance.salt, sizeof key, key);
    gcm_aes256_set_key(gcm, key);
    gcm_aes256_set_iv(gcm, sizeof f->chance.iv, f->chance.iv);
    gcm_aes256_update(gcm, associated.len, (const unsigned char *)associated.ptr);
    sodium_memzero(key, sizeof key);
}

static void seal(struct officer_file *f, const struct secret *pkcs8, struct str passphrase)
{
    struct gcm_aes256_ctx gcm;
    cipher_begin(&gcm, f, passphrase);
    gcm_aes256_encrypt(&gcm, PKCS8_BYTES, f->sealed, pkcs8->bytes);
    gcm_aes256_digest(&gcm, GCM_DIGEST_SIZE, f->sealed + PKCS8_BYTES);
    sodium_memzero(&gcm, sizeof gcm);
}

enum err officerkey_seal(const struct sign_key *key, struct str passphrase,
    const struct officerkey_chance *chance, struct buf *out)
{
    struct officer_file f = {.chance = *chance, .iterations = OFFICERKEY_ITERATIONS_MIN};
    struct secret pkcs8;
    TRY(secret_init(&pkcs8, PKCS8_BYTES));
    memcpy(pkcs8.bytes, pkcs8_head, sizeof pkcs8_head);
    memcpy(pkcs8.bytes + sizeof pkcs8_head, key->secret.bytes, SIGN_SEED_BYTES);
    memcpy(f.public_key, key->public_key, sizeof f.public_key);
    seal(&f, &pkcs8, passphrase);
    secret_release(&pkcs8);
    buf_put(out, STR(PART_ALG PART_CT));
    base64_put(out, bytes_str(f.sealed, sizeof f.sealed));
    buf_put(out, STR("\","));
    put_rest(out, &f);
    buf_put_byte(out, '\n');
    return out->err;
}

// Cuts a fixed part off the front.
static bool cut_part(struct str *rest, struct str part)
{
    if (!str_starts(*rest, part))
        return false;
    *rest = str_from(*rest, part.len);
    return true;
}

static bool cut_base64(struct str *rest, unsigned char *out, size_t n)
{
    struct str text = str_to(*rest, (n + 2) / 3 * 4);
    *rest = str_from(*rest, text.len);
    return base64_parse_exact(text, out, n) == ERR_OK;
}

static bool cut_iterations(struct str *rest, unsigned *out)
{
    uint64_t n;
    struct str text = str_to(*rest, str_index(*rest, ','));
    *rest = str_from(*rest, text.len);
    if (str_to_u64(text, &n) != ERR_OK || n < OFFICERKEY_ITERATIONS_MIN ||
        n > OFFICERKEY_ITERATIONS_MAX)
        return false;
    *out = (unsigned)n;
    return true;
}

static enum err read_file(struct str file, struct officer_file *f, struct fault *fault)
{
    struct str rest = str_ends(file, STR("\n")) ? str_to(file, file.len - 1) : file;
    size_t whole = rest.len;
    bool fits = cut_part(&rest, STR(PART_ALG PART_CT)) &&
                cut_base64(&rest, f->sealed, sizeof f->sealed) && cut_part(&rest, STR("\",")) &&
                cut_part(&rest, STR(PART_ITER)) && cut_iterations(&rest, &f->iterations) &&
                cut_part(&rest, STR(PART_IV)) &&
                cut_base64(&rest, f->chance.iv, sizeof f->chance.iv) &&
                cut_part(&rest, STR(PART_PUB)) &&
                cut_base64(&rest, f->public_key, sizeof f->public_key) &&
                cut_part(&rest, STR(PART_SALT)) &&
                cut_base64(&rest, f->chance.salt, sizeof f->chance.salt) &&
                cut_part(&rest, STR(PART_END)) && rest.len == 0;
    if (!fits)
        return fault_set(fault, ERR_INVALID, whole - rest.len,
            "not an officer's key file, or one of another kind");
    return ERR_OK;
}

static enum err unseal(struct officer_file *f, struct str passphrase, struct secret *pkcs8)
{
    struct gcm_aes256_ctx gcm;
    unsigned char tag[GCM_DIGEST_SIZE];
    cipher_begin(&gcm, f, passphrase);
    gcm_aes256_decrypt(&gcm, PKCS8_BYTES, pkcs8->bytes, f->sealed);
    gcm_aes256_digest(&gcm, sizeof tag, tag);
    sodium_memzero(&gcm, sizeof gcm);
    bool is_right = hash_equal(tag, f->sealed + PKCS8_BYTES, sizeof tag) &&
                    memcmp(pkcs8->bytes, pkcs8_head, sizeof pkcs8_head) == 0;
    return is_right ? ERR_OK : ERR_DENIED;
}

enum err officerkey_open(
    struct str file, struct str passphrase, struct sign_key *out, struct fault *fault)
{
    struct officer_file f;
    struct secret pkcs8;
    struct sign_key key = {0};
    TRY(read_file(file, &f, fault));
    TRY(secret_init(&pkcs8, PKCS8_BYTES));
    enum err e = unseal(&f, passphrase, &pkcs8);
    if (e == ERR_OK)
        e = sign_key_from_seed(pkcs8.bytes + sizeof pkcs8_head, &key);
    secret_release(&pkcs8);
    if (e == ERR_OK && memcmp(key.public_key, f.public_key, sizeof f.public_key) != 0) {
        sign_key_release(&key);
        e = ERR_DENIED;
    }
    if (e != ERR_OK)
        return fault_set(fault, e, 0, "a wrong passphrase, or the file was changed");
    *out = key;
    return ERR_OK;
}

enum err officerkey_public(
    struct str file, unsigned char public_key[static SIGN_PUBLIC_BYTES], struct fault *fault)
{
    struct officer_file f;
    TRY(read_file(file, &f, fault));
    memcpy(public_key, f.public_key, sizeof f.public_key);
    return ERR_OK;
}

void officerkey_id_put(struct buf *b, const unsigned char public_key[static SIGN_PUBLIC_BYTES])
{
    struct hash_sha256 h;
    unsigned char digest[SHA256_BYTES];
    hash_sha256_begin(&h);
    hash_sha256_add(&h, STR("bongsu-officer-v1\n"));
    hash_sha256_add(&h, bytes_str(public_key, SIGN_PUBLIC_BYTES));
    hash_sha256_end(&h, digest);
    hex_put(b, digest, OFFICERKEY_ID_BYTES);
}
