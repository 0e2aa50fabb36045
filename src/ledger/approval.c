// SPDX-License-Identifier: Apache-2.0
#include "ledger/approval.h"

#include "base/base64.h"
#include "base/time.h"
#include "crypto/officerkey.h"
#include "hash/hash.h"
#include "ledger/schema_priv.h"

#define KIND                "ed25519"
#define KEY_ID_BYTES        (2u * OFFICERKEY_ID_BYTES)
#define SIGNATURE_BYTES_MAX 256u

// clang-format off
#define FIELD(name, type, member) \
    .key = STR_INIT(name), .kind = SCHEMA_##type, .at = offsetof(struct ledger_approval, member)

static const struct schema_field fields[] = {
    {FIELD("at", TIME, at_us)},
    {FIELD("digest", HASH, digest)},
    {FIELD("kid", TEXT, key_id), .max = KEY_ID_BYTES},
    {FIELD("kind", TEXT, kind), .max = sizeof KIND - 1},
    {FIELD("s", TEXT, signature), .max = SIGNATURE_BYTES_MAX},
    {FIELD("to", PARTY, to)},
    {.key = STR_INIT("v"), .kind = SCHEMA_VERSION},
};
// clang-format on

struct ledger_hash ledger_order_digest(struct str order)
{
    struct ledger_hash out;
    struct hash_sha256 h;
    hash_sha256_begin(&h);
    hash_sha256_add(&h, STR("bongsu-order-v1\n"));
    hash_sha256_add(&h, order);
    hash_sha256_end(&h, out.bytes);
    return out;
}

// The 32 bytes that are signed.
static void signed_bytes(
    const struct ledger_approval *approval, unsigned char out[static SHA256_BYTES])
{
    char memory[2 * LEDGER_HASH_BYTES + 64];
    struct buf b = {.ptr = memory, .cap = sizeof memory, .max_bytes = sizeof memory};
    struct hash_sha256 h;
    ledger_hash_put_hex(&b, &approval->digest);
    buf_put_byte(&b, '\n');
    time_put(&b, approval->at_us);
    buf_put_byte(&b, '\n');
    hash_sha256_begin(&h);
    hash_sha256_add(&h, STR("bongsu-approval-v1\n"));
    hash_sha256_add(&h, approval->to);
    hash_sha256_add(&h, STR("\n"));
    hash_sha256_add(&h, buf_str(&b));
    hash_sha256_end(&h, out);
}

enum err ledger_approval_sign(
    struct arena *a, struct ledger_approval *approval, const struct sign_key *key)
{
    unsigned char message[SHA256_BYTES], signature[SIGN_SIGNATURE_BYTES];
    struct buf id = buf_in(a, KEY_ID_BYTES), coded = buf_in(a, SIGNATURE_BYTES_MAX);
    signed_bytes(approval, message);
    sign_message(key, (struct str){(const char *)message, sizeof message}, signature);
    officerkey_id_put(&id, key->public_key);
    base64_put(&coded, (struct str){(const char *)signature, sizeof signature});
    TRY(buf_end(&id, &approval->key_id));
    TRY(buf_end(&coded, &approval->signature));
    approval->kind = STR(KIND);
    return ERR_OK;
}

void ledger_approval_put(struct buf *b, const struct ledger_approval *approval)
{
    struct json_out o = json_out(b);
    schema_put(&o, fields, LEN(fields), approval);
    buf_put_byte(b, '\n');
}

enum err ledger_approval_parse(
    struct arena *a, struct str bytes, struct ledger_approval *out, struct ledger_fault *fault)
{
    struct json v;
    struct ledger_approval approval = {0};
    struct str text = str_ends(bytes, STR("\n")) ? str_to(bytes, bytes.len - 1) : bytes;
    if (bytes.len > LEDGER_APPROVAL_BYTES_MAX)
        return ledger_fault_set(fault, ERR_LIMIT, LEDGER_CODE_SIZE, LEDGER_APPROVAL_BYTES_MAX,
            "an approval is at most 2 KiB");
    TRY(schema_json(a, text, &v, fault));
    TRY(schema_parse(a, v, fields, LEN(fields), &approval, fault));
    if (!str_eq(approval.kind, STR(KIND)) || approval.key_id.len != KEY_ID_BYTES)
        return ledger_fault_set(fault, ERR_INVALID, LEDGER_CODE_FIELD, 0,
            "not a kind of signature that is known here");
    *out = approval;
    return ERR_OK;
}

enum err ledger_approval_verify(const struct ledger_approval *approval,
    const unsigned char public_key[static LEDGER_APPROVAL_PUBLIC])
{
    unsigned char message[SHA256_BYTES], signature[SIGN_SIGNATURE_BYTES];
    signed_bytes(approval, message);
    if (base64_parse_exact(approval->signature, signature, sizeof signature) != ERR_OK)
        return ERR_CORRUPT;
    return sign_verify(
        public_key, (struct str){(const char *)message, sizeof message}, signature);
}
