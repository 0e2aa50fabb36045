// SPDX-License-Identifier: Apache-2.0
#include "ledger/batch_priv.h"
#include "ledger/schema_priv.h"

#define MAGIC              STR("bongsu-batch/1\n")
#define HEADER_BYTES_MAX   (4 * KIB)
#define PAYLOAD_HEAD_BYTES (8u + 2u + LEDGER_SALT_BYTES) // a commitment is as long as a salt
#define LEAF_IS_BARE       0x8000u

_Static_assert(LEDGER_SALT_BYTES == LEDGER_HASH_BYTES, "one head for both forms of a payload");

// In the order of the file.
enum frame_type {
    FRAME_HEADER = 1,
    FRAME_COSIGNED,
    FRAME_ENTRY,
    FRAME_PROOF,
    FRAME_CHECKPOINT,
    FRAME_PAYLOAD,
    FRAME_TYPES,
};

static const struct {
    bool is_needed;
    bool may_repeat;
} rules[FRAME_TYPES] = {
    [FRAME_HEADER] = {.is_needed = true},
    [FRAME_ENTRY] = {.may_repeat = true},
    [FRAME_PROOF] = {.is_needed = true},
    [FRAME_CHECKPOINT] = {.is_needed = true},
    [FRAME_PAYLOAD] = {.may_repeat = true},
};

// clang-format off
#define FIELD(name, type, member) \
    {.key = STR_INIT(name), .kind = SCHEMA_##type, .at = offsetof(struct ledger_batch_header, member)}
static const struct schema_field header_fields[] = {
    FIELD("agr", HASH, agreement),
    FIELD("first", UINT, first),
    FIELD("from", ORIGIN, from),
    FIELD("old", UINT, old_size),
    FIELD("to", ORIGIN, to),
    {.key = STR_INIT("v"), .kind = SCHEMA_VERSION},
};
// clang-format on

void ledger_batch_put_header(struct buf *b, const struct ledger_batch_header *header)
{
    struct buf text = buf_in(b->arena, HEADER_BYTES_MAX);
    struct json_out o = json_out(&text);
    schema_put(&o, header_fields, LEN(header_fields), header);
    if (text.err != ERR_OK)
        b->err = text.err;
    buf_put(b, MAGIC);
    ledger_frame_put(b, FRAME_HEADER, buf_str(&text));
}

void ledger_batch_put_cosigned(struct buf *b, struct str note)
{
    ledger_frame_put(b, FRAME_COSIGNED, note);
}

void ledger_batch_put_entry(struct buf *b, struct str entry)
{
    ledger_frame_put(b, FRAME_ENTRY, entry);
}

void ledger_batch_put_proof(struct buf *b, const struct ledger_proof *proof)
{
    struct str hashes = {(const char *)proof->hashes, proof->n * LEDGER_HASH_BYTES};
    ledger_frame_put(b, FRAME_PROOF, hashes);
}

void ledger_batch_put_checkpoint(struct buf *b, struct str note)
{
    ledger_frame_put(b, FRAME_CHECKPOINT, note);
}

void ledger_payload_put(struct buf *b, uint8_t type, const struct ledger_payload *payload)
{
    if (payload->bytes.len > BATCH_BYTES_MAX) {
        b->err = ERR_LIMIT;
        return;
    }
    bool is_bare = !payload->salt;
    struct str bytes = is_bare ? STR("") : payload->bytes;
    const unsigned char *head = is_bare ? payload->commitment : payload->salt;
    buf_put_byte(b, (char)type);
    buf_put_u32be(b, (uint32_t)(PAYLOAD_HEAD_BYTES + bytes.len));
    buf_put_u64be(b, payload->index);
    buf_put_u16be(b, (uint16_t)(payload->leaf | (is_bare ? LEAF_IS_BARE : 0)));
    buf_put(b, (struct str){(const char *)head, LEDGER_SALT_BYTES});
    buf_put(b, bytes);
}

struct ledger_hash ledger_payload_commitment(const struct ledger_payload *payload)
{
    struct ledger_hash given;
    if (payload->salt)
        return ledger_commitment(payload->salt, payload->bytes);
    memcpy(given.bytes, payload->commitment, LEDGER_HASH_BYTES);
    return given;
}

enum err ledger_payload_parse(struct str bytes, struct ledger_payload *out)
{
    struct reader r = reader_of(bytes);
    struct ledger_payload payload = {.index = read_u64be(&r), .leaf = read_u16be(&r)};
    const unsigned char *head = (const unsigned char *)read_bytes(&r, LEDGER_SALT_BYTES).ptr;
    bool is_bare = payload.leaf & LEAF_IS_BARE;
    payload.leaf &= (uint16_t)~LEAF_IS_BARE;
    if (r.err != ERR_OK || payload.leaf >= LEDGER_COMMITMENTS_MAX ||
        (is_bare && !reader_at_end(&r)))
        return ERR_INVALID;
    payload.bytes = str_from(bytes, r.at);
    payload.salt = is_bare ? NULL : head;
    payload.commitment = is_bare ? head : NULL;
    *out = payload;
    return ERR_OK;
}

enum err ledger_proof_parse(struct str bytes, struct ledger_proof *out)
{
    struct ledger_proof proof = {.n = bytes.len / LEDGER_HASH_BYTES};
    if (bytes.len % LEDGER_HASH_BYTES || proof.n > PROOF_HASHES_MAX)
        return ERR_INVALID;
    memcpy(proof.hashes, bytes.ptr, bytes.len);
    *out = proof;
    return ERR_OK;
}

void ledger_batch_put_payload(struct buf *b, const struct ledger_payload *payload)
{
    ledger_payload_put(b, FRAME_PAYLOAD, payload);
}

void ledger_batch_put_end(struct buf *b)
{
    ledger_frame_put_end(b);
}

static enum err broken(struct ledger_fault *fault, enum err e, struct fault where)
{
    ledger_fault_set(fault, e, LEDGER_CODE_PARSE, where.at, where.why);
    return e;
}

// Order of all frames; counts[type] on success.
static enum err frames_count(
    struct ledger_frames frames, size_t counts[static FRAME_TYPES], struct ledger_fault *fault)
{
    struct ledger_frame f;
    struct fault where = {0};
    uint8_t last = 0;
    enum err e;
    while ((e = ledger_frames_next(&frames, &f, &where)) == ERR_OK) {
        if (f.type >= FRAME_TYPES || f.type < last ||
            (f.type == last && !rules[last].may_repeat))
            return broken(fault, ERR_INVALID, (struct fault){f.at, "a frame out of order"});
        counts[f.type]++;
        last = f.type;
    }
    if (e != ERR_NOT_FOUND)
        return broken(fault, e, where);
    for (size_t i = 0; i < FRAME_TYPES; i++)
        if (rules[i].is_needed && !counts[i])
            return broken(fault, ERR_INVALID,
                (struct fault){frames.reader.at, "a frame that every batch has is missing"});
    return ERR_OK;
}

static enum err header_parse(struct arena *a, const struct ledger_frame *f,
    struct ledger_batch_header *out, struct ledger_fault *fault)
{
    struct json v;
    enum err e = f->bytes.len > HEADER_BYTES_MAX ? ERR_LIMIT : ERR_OK;
    if (e != ERR_OK)
        return ledger_fault_set(fault, e, LEDGER_CODE_PARSE, f->at, "the header is too long");
    e = schema_json(a, f->bytes, &v, fault);
    if (e == ERR_OK)
        e = schema_parse(a, v, header_fields, LEN(header_fields), out, fault);
    if (e != ERR_OK && fault)
        fault->where.at += f->at;
    return e;
}

static enum err frame_take(struct arena *a, const struct ledger_frame *f,
    struct ledger_batch *batch, struct ledger_fault *fault)
{
    enum err e = ERR_OK;
    switch ((enum frame_type)f->type) {
    case FRAME_HEADER:
        return header_parse(a, f, &batch->header, fault);
    case FRAME_COSIGNED:
        batch->cosigned = f->bytes;
        break;
    case FRAME_ENTRY:
        batch->entries[batch->n_entries++] =
            (struct ledger_batch_entry){f->bytes, ledger_leaf_hash(f->bytes), f->at};
        break;
    case FRAME_PROOF:
        e = ledger_proof_parse(f->bytes, &batch->proof);
        break;
    case FRAME_CHECKPOINT:
        batch->checkpoint = f->bytes;
        batch->checkpoint_at = f->at;
        break;
    case FRAME_PAYLOAD:
        e = ledger_payload_parse(f->bytes, &batch->payloads[batch->n_payloads++]);
        break;
    case FRAME_TYPES:
        break;
    }
    if (e != ERR_OK)
        return broken(fault, e, (struct fault){f->at, "a malformed proof or payload"});
    return ERR_OK;
}

static enum err batch_make(struct arena *a, const size_t counts[static FRAME_TYPES],
    struct ledger_batch *out, struct ledger_fault *fault)
{
    if (counts[FRAME_ENTRY] > BATCH_ENTRIES_MAX)
        return broken(fault, ERR_LIMIT, (struct fault){0, "more than 4,096 entries"});
    out->entries = NEW_N(a, struct ledger_batch_entry, counts[FRAME_ENTRY] + 1);
    out->payloads = NEW_N(a, struct ledger_payload, counts[FRAME_PAYLOAD] + 1);
    if (!out->entries || !out->payloads)
        return broken(fault, ERR_LIMIT, (struct fault){0, "too many frames"});
    return ERR_OK;
}

enum err ledger_batch_parse(
    struct arena *a, struct str file, struct ledger_batch *out, struct ledger_fault *fault)
{
    struct ledger_frames frames;
    struct ledger_frame f;
    struct ledger_batch batch = {0};
    struct fault where = {0};
    size_t counts[FRAME_TYPES] = {0};
    if (file.len > BATCH_BYTES_MAX)
        return broken(
            fault, ERR_LIMIT, (struct fault){BATCH_BYTES_MAX, "the batch is too long"});
    enum err e = ledger_frames_open(file, MAGIC, &frames, &where);
    if (e != ERR_OK)
        return broken(fault, e, where);
    TRY(frames_count(frames, counts, fault));
    TRY(batch_make(a, counts, &batch, fault));
    while (ledger_frames_next(&frames, &f, NULL) == ERR_OK)
        TRY(frame_take(a, &f, &batch, fault));
    if (batch.header.first > INT64_MAX - batch.n_entries ||
        batch.header.old_size != batch.header.first + batch.n_entries)
        return ledger_fault_set(fault, ERR_INVALID, LEDGER_CODE_FIELD, MAGIC.len,
            "the old size is not the first index and the entries");
    *out = batch;
    return ERR_OK;
}

static bool is_known(const struct ledger_batch_facts *facts, const struct ledger_hash *digest)
{
    for (size_t i = 0; i < facts->n_agreements; i++)
        if (ledger_hash_eq(&facts->agreements[i], digest))
            return true;
    return ledger_hash_eq(digest, &facts->agreement);
}

static enum err header_check(const struct ledger_batch_header *header,
    const struct ledger_batch_facts *facts, struct ledger_fault *fault)
{
    size_t at = MAGIC.len;
    if (!str_eq(header->from, facts->log->name) || !str_eq(header->to, facts->partner_origin))
        return ledger_fault_set(
            fault, ERR_INVALID, LEDGER_CODE_ORIGIN, at, "the batch is of another link");
    if (!is_known(facts, &header->agreement))
        return ledger_fault_set(
            fault, ERR_DENIED, LEDGER_CODE_AGR, at, "not the agreement in force");
    if (header->first > facts->frontier.size)
        return ledger_fault_set(fault, ERR_CONFLICT, LEDGER_CODE_SEQ_GAP, at,
            "entries are missing before this batch");
    if (header->first < facts->frontier.size)
        return ledger_fault_set(fault, ERR_CONFLICT, LEDGER_CODE_SEQ_DUP, at,
            "the batch starts with entries that are held");
    return ERR_OK;
}

// Whether an entry may stand under that agreement after one under `now`.
static bool may_follow(const struct ledger_batch_facts *facts, const struct ledger_hash *now,
    const struct ledger_hash *next)
{
    bool is_later = false;
    for (size_t i = 0; i < facts->n_agreements; i++) {
        if (is_later && ledger_hash_eq(&facts->agreements[i], next))
            return true;
        is_later |= ledger_hash_eq(&facts->agreements[i], now);
    }
    return ledger_hash_eq(now, next);
}

static enum err entry_take(struct arena *a, const struct ledger_batch_entry *e,
    const struct ledger_batch_facts *facts, struct ledger_batch_result *result, size_t i,
    struct ledger_fault *fault)
{
    struct ledger_entry *entry = &result->entries[i];
    enum err err = ledger_entry_parse(a, e->bytes, entry, fault);
    if (err != ERR_OK && fault)
        fault->where.at += e->at;
    if (err != ERR_OK)
        return err;
    if (!may_follow(facts, &result->agreement, &entry->agreement))
        return ledger_fault_set(
            fault, ERR_DENIED, LEDGER_CODE_AGR, e->at, "not the agreement in force");
    enum ledger_code code = ledger_entry_follow(&result->sequence, entry);
    if (code != LEDGER_CODE_OK)
        return ledger_fault_set(fault, ERR_INVALID, code, e->at, ledger_code_text(code));
    result->agreement = entry->agreement;
    ledger_frontier_append(&result->frontier, &e->leaf_hash, NULL);
    if (entry->kind != LEDGER_KEY_CHANGE || !facts->keys)
        return ERR_OK;
    err = ledger_keyring_take(a, &result->keys, entry, fault);
    if (err != ERR_OK && fault)
        fault->where.at += e->at;
    return err;
}

// The checkpoint above the entries, by the key that is in force after them.
static enum err checkpoint_open(struct arena *a, const struct ledger_batch *batch,
    const struct ledger_batch_facts *facts, struct ledger_batch_result *result,
    struct ledger_fault *fault)
{
    struct fault where = {0};
    enum err e = facts->keys ? ledger_keyring_open(a, &result->keys, batch->checkpoint,
                                   &result->checkpoint, fault)
                             : ledger_checkpoint_open(a, batch->checkpoint, facts->log,
                                   &result->checkpoint, &where);
    if (e != ERR_OK && facts->keys && fault)
        fault->where.at += batch->checkpoint_at;
    if (e == ERR_OK || facts->keys)
        return e;
    return ledger_fault_set(
        fault, e, LEDGER_CODE_CP_SIG, batch->checkpoint_at + where.at, where.why);
}

enum err ledger_batch_verify(struct arena *a, const struct ledger_batch *batch,
    const struct ledger_batch_facts *facts, struct ledger_batch_result *out,
    struct ledger_fault *fault)
{
    struct ledger_batch_result result = {.frontier = facts->frontier,
        .sequence = facts->sequence,
        .agreement = facts->agreement};
    TRY(header_check(&batch->header, facts, fault));
    if (facts->keys)
        TRY(ledger_keyring_copy(a, facts->keys, &result.keys));
    result.entries = NEW_N(a, struct ledger_entry, batch->n_entries);
    if (!result.entries && batch->n_entries)
        return broken(fault, ERR_LIMIT, (struct fault){0, "too many entries"});
    for (size_t i = 0; i < batch->n_entries; i++)
        TRY(entry_take(a, &batch->entries[i], facts, &result, i, fault));
    TRY(checkpoint_open(a, batch, facts, &result, fault));
    struct ledger_head held = {result.frontier.size, ledger_frontier_root(&result.frontier)};
    if (ledger_consistency_verify(&batch->proof, &held, &result.checkpoint.head) != ERR_OK)
        return ledger_fault_set(fault, ERR_CORRUPT, LEDGER_CODE_CP_CONS, batch->checkpoint_at,
            "the checkpoint does not contain these entries");
    *out = result;
    return ERR_OK;
}
