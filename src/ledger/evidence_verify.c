// SPDX-License-Identifier: Apache-2.0
// Evidence is checked in three passes: each log alone, what one log says of the other,
// payloads.
#include "ledger/evidence.h"
#include "ledger/keyring.h"
#include "ledger/names.h"

// What later passes need of one entry.
struct item {
    enum ledger_kind kind;
    bool is_receipted;
    struct ledger_head peer;
    struct ledger_head committed;
    struct ledger_hash handling_hash;
    struct ledger_hash agreement;
};

struct side {
    const struct ledger_evidence_side *file;
    struct ledger_checkpoint checkpoint;
    struct item *items;
    struct ledger_keyring keys; // of the author; without rows when there is no agreement
};

struct verifier {
    struct arena *arena;
    struct side sides[2];
    struct ledger_agreement *agreements;
    size_t n_agreements;
    struct ledger_evidence_counts *counts;
    struct ledger_fault *fault;
};

static enum err refuse(struct verifier *v, enum ledger_code code, size_t at, const char *why)
{
    return ledger_fault_set(v->fault, ERR_CORRUPT, code, at, why);
}

static enum err checkpoint_open(
    struct verifier *v, struct side *side, const struct ledger_quorum *trusted)
{
    struct ledger_quorum own;
    struct fault where = {0};
    enum err e = ledger_quorum_parse(v->arena, side->file->quorum_text, &own, &where);
    if (e != ERR_OK)
        return ledger_fault_set(v->fault, e, LEDGER_CODE_PARSE, 0, where.why);
    e = ledger_quorum_open(
        v->arena, trusted ? trusted : &own, side->file->note, &side->checkpoint, &where);
    if (e != ERR_OK)
        return ledger_fault_set(
            v->fault, e, LEDGER_CODE_CP_SIG, side->file->note_at + where.at, where.why);
    if (side->checkpoint.head.size != side->file->n_entries)
        return refuse(v, LEDGER_CODE_CP_CONS, side->file->note_at,
            "the checkpoint is of another number of entries");
    return ERR_OK;
}

static void count(struct ledger_evidence_counts *counts, enum ledger_kind kind)
{
    uint64_t *const by_kind[LEDGER_KINDS] = {
        [LEDGER_RELEASE] = &counts->releases,
        [LEDGER_FLASH] = &counts->flashes,
        [LEDGER_RECEIPT] = &counts->receipts,
        [LEDGER_RECALL] = &counts->recalls,
        [LEDGER_RECALL_ACK] = &counts->acks,
        [LEDGER_GRANT] = &counts->grants,
        [LEDGER_KEY_CHANGE] = &counts->keys,
    };
    counts->entries++;
    ++*by_kind[kind];
}

static enum err entry_parse(
    struct verifier *v, const struct ledger_batch_entry *from, struct ledger_entry *out)
{
    enum err e = ledger_entry_parse(v->arena, from->bytes, out, v->fault);
    if (e != ERR_OK && v->fault)
        v->fault->where.at += from->at;
    return e;
}

static enum err item_read(
    struct verifier *v, struct side *side, size_t i, struct ledger_sequence *sequence)
{
    const struct ledger_batch_entry *from = &side->file->entries[i];
    struct ledger_entry entry;
    struct arena_mark mark = arena_mark(v->arena);
    TRY(entry_parse(v, from, &entry));
    count(v->counts, entry.kind);
    enum ledger_code code = ledger_entry_follow(sequence, &entry);
    v->counts->gaps += code == LEDGER_CODE_SEQ_GAP;
    if (code != LEDGER_CODE_OK)
        return refuse(v, code, from->at, ledger_code_text(code));
    side->items[i] = (struct item){.kind = entry.kind,
        .peer = entry.peer,
        .committed = entry.committed,
        .agreement = entry.agreement,
        .handling_hash = ledger_handling_hash(entry.handling)};
    arena_rewind(v->arena, mark);
    return ERR_OK;
}

// One log alone: every entry, their numbers, and that the checkpoint contains exactly these.
static enum err log_check(struct verifier *v, struct side *side, const struct side *other)
{
    struct ledger_frontier f = {0};
    struct ledger_sequence sequence =
        ledger_sequence_start(side->checkpoint.origin, other->checkpoint.origin);
    side->items = NEW_N(v->arena, struct item, side->file->n_entries);
    if (!side->items)
        return ledger_fault_set(v->fault, ERR_LIMIT, LEDGER_CODE_PARSE, 0, "too many entries");
    for (size_t i = 0; i < side->file->n_entries; i++) {
        TRY(item_read(v, side, i, &sequence));
        ledger_frontier_append(&f, &side->file->entries[i].leaf_hash, NULL);
    }
    struct ledger_hash root = ledger_frontier_root(&f);
    if (!ledger_hash_eq(&root, &side->checkpoint.head.root))
        return refuse(v, LEDGER_CODE_CP_CONS, side->file->note_at,
            "the checkpoint does not contain these entries");
    return ERR_OK;
}

// `x` never falls, so one walk over the other log gives every root that is named.
static enum err peers_check(
    struct verifier *v, const struct side *side, const struct side *other)
{
    struct ledger_frontier f = {0};
    for (size_t i = 0; i < side->file->n_entries; i++) {
        const struct ledger_head *peer = &side->items[i].peer;
        if (peer->size > other->file->n_entries) {
            v->counts->peers_unchecked++;
            continue;
        }
        if (i && peer->size == side->items[i - 1].peer.size)
            continue; // the same root, by the rules of the sequence
        while (f.size < peer->size)
            ledger_frontier_append(&f, &other->file->entries[f.size].leaf_hash, NULL);
        struct ledger_hash root = ledger_frontier_root(&f);
        if (!ledger_hash_eq(&root, &peer->root))
            return refuse(v, LEDGER_CODE_X_FALSE, side->file->entries[i].at,
                ledger_code_text(LEDGER_CODE_X_FALSE));
    }
    return ERR_OK;
}

// The item that a reference names in that log; NULL when it names another log, another leaf, or
// one beyond the checkpoint (then *is_beyond).
static struct item *ref_find(
    const struct side *side, const struct ledger_ref *ref, bool *is_beyond)
{
    *is_beyond = false;
    if (!str_eq(ref->origin, side->checkpoint.origin))
        return NULL;
    *is_beyond = ref->index >= side->file->n_entries;
    if (*is_beyond ||
        !ledger_hash_eq(&ref->leaf_hash, &side->file->entries[ref->index].leaf_hash))
        return NULL;
    return &side->items[ref->index];
}

// Whether the reference names the same author's log of an earlier epoch, which is not in the
// file.
static bool is_former(const struct side *side, const struct ledger_ref *ref)
{
    struct str now = side->checkpoint.origin, then = ref->origin;
    size_t at = now.len;
    uint64_t epoch = 0, former = 0;
    while (at && now.ptr[at - 1] != '/')
        at--;
    return at && then.len > at && memcmp(now.ptr, then.ptr, at) == 0 &&
           str_to_u64(str_from(now, at), &epoch) == ERR_OK &&
           str_to_u64(str_from(then, at), &former) == ERR_OK && former < epoch;
}

static const char *receipt_flaw(const struct ledger_receipt *receipt, const struct item *item)
{
    bool has_commitments = ledger_kind_has_objects(item->kind);
    if (!ledger_kind_is_receipted(item->kind))
        return "a receipt of an entry that takes none";
    if (item->is_receipted)
        return "a second receipt of one entry";
    if (!ledger_hash_eq(&receipt->handling_hash, &item->handling_hash))
        return "the receipt names another handling";
    if (receipt->disposition != LEDGER_ACCEPTED || !has_commitments)
        return NULL;
    if (!receipt->has_commitments_root ||
        !ledger_hash_eq(&receipt->commitments_root, &item->committed.root))
        return "accepted, but with other objects";
    return NULL;
}

static const char *recall_flaw(const struct ledger_recall *recall, const struct item *item)
{
    if (!ledger_kind_has_objects(item->kind))
        return "a recall of what was not released";
    for (size_t i = 0; i < recall->leaves.n; i++)
        if (recall->leaves.items[i] >= item->committed.size)
            return "a recall of an object that the entry does not have";
    return NULL;
}

static const char *reference_flaw(const struct ledger_entry *entry, struct item *item)
{
    const char *why = NULL;
    if (entry->kind == LEDGER_RECEIPT) {
        why = receipt_flaw(&entry->receipt, item);
        item->is_receipted = true;
    } else if (entry->kind == LEDGER_RECALL) {
        why = recall_flaw(&entry->recall, item);
    } else if (item->kind != LEDGER_RECALL) {
        why = "an answer to what is no recall";
    }
    return why;
}

static enum err reference_check(
    struct verifier *v, const struct side *side, const struct side *other, size_t i)
{
    const struct ledger_batch_entry *from = &side->file->entries[i];
    struct ledger_entry entry;
    bool is_beyond = false;
    TRY(entry_parse(v, from, &entry));
    // A recall is of a release in the same log; the others answer the other log.
    bool is_own = entry.kind == LEDGER_RECALL;
    const struct ledger_ref *of = is_own                         ? &entry.recall.of
                                  : entry.kind == LEDGER_RECEIPT ? &entry.receipt.of
                                                                 : &entry.recall_ack.of;
    struct item *item = ref_find(is_own ? side : other, of, &is_beyond);
    bool is_elsewhere = entry.kind != LEDGER_RECEIPT && is_former(is_own ? side : other, of);
    if ((is_beyond && !is_own) || is_elsewhere) {
        v->counts->peers_unchecked++;
        return ERR_OK;
    }
    if (!item)
        return refuse(v, LEDGER_CODE_FIELD, from->at, "it names an entry that does not exist");
    const char *why = reference_flaw(&entry, item);
    return why ? refuse(v, LEDGER_CODE_FIELD, from->at, why) : ERR_OK;
}

static enum err references_check(
    struct verifier *v, const struct side *side, const struct side *other)
{
    for (size_t i = 0; i < side->file->n_entries; i++) {
        enum ledger_kind kind = side->items[i].kind;
        if (ledger_kind_has_objects(kind) || kind == LEDGER_GRANT || kind == LEDGER_KEY_CHANGE)
            continue;
        struct arena_mark mark = arena_mark(v->arena);
        TRY(reference_check(v, side, other, i));
        arena_rewind(v->arena, mark);
    }
    return ERR_OK;
}

static void unreceipted_count(struct verifier *v, const struct side *side)
{
    for (size_t i = 0; i < side->file->n_entries; i++)
        v->counts->unreceipted +=
            ledger_kind_is_receipted(side->items[i].kind) && !side->items[i].is_receipted;
}

// Payloads first..first+n-1 of the file are those of one entry, all of them and in order.
static enum err payloads_of_entry_check(
    struct verifier *v, const struct side *side, size_t first, size_t n)
{
    const struct ledger_payload *p = side->file->payloads + first;
    struct ledger_hash commitments[LEDGER_COMMITMENTS_MAX];
    size_t opened = 0;
    if (p->index >= side->file->n_entries || side->items[p->index].committed.size != n)
        return refuse(v, LEDGER_CODE_COMMIT, 0, "payloads that belong to no entry, or not all");
    for (size_t i = 0; i < n; i++) {
        if (p[i].leaf != i)
            return refuse(v, LEDGER_CODE_COMMIT, 0, "payloads out of order");
        commitments[i] = ledger_payload_commitment(&p[i]);
        opened += p[i].salt != NULL;
    }
    struct ledger_head head = ledger_commitments_head(commitments, n);
    if (!ledger_hash_eq(&head.root, &side->items[p->index].committed.root))
        return refuse(v, LEDGER_CODE_COMMIT, side->file->entries[p->index].at,
            ledger_code_text(LEDGER_CODE_COMMIT));
    v->counts->payloads_checked += opened;
    return ERR_OK;
}

static enum err payloads_check(struct verifier *v, const struct side *side)
{
    const struct ledger_payload *p = side->file->payloads;
    size_t total = side->file->n_payloads, n = 0;
    for (size_t first = 0; first < total; first += n) {
        n = 1;
        while (n < LEDGER_COMMITMENTS_MAX && first + n < total &&
               p[first + n].index == p[first].index)
            n++;
        TRY(payloads_of_entry_check(v, side, first, n));
    }
    return ERR_OK;
}

// Agreements and keys
// -------------------------------------------------------------------------------

static enum err agreements_open(struct verifier *v, const struct ledger_evidence *evidence)
{
    v->agreements = NEW_N(v->arena, struct ledger_agreement, EVIDENCE_AGREEMENTS_MAX);
    if (!v->agreements)
        return ledger_fault_set(v->fault, ERR_LIMIT, LEDGER_CODE_AGR, 0, "no memory");
    for (size_t i = 0; i < evidence->n_agreements; i++) {
        struct ledger_agreement *agreement = &v->agreements[v->n_agreements++];
        bool signed_by[2];
        TRY(ledger_agreement_open(
            v->arena, evidence->agreements[i], agreement, signed_by, v->fault));
        if (!signed_by[0] || !signed_by[1])
            return refuse(v, LEDGER_CODE_AGR, 0, "an agreement that not both roots signed");
    }
    return ERR_OK;
}

// Entries stand under agreements of the file, and never go back to an earlier one.
static enum err agreements_check(struct verifier *v, const struct side *side)
{
    size_t at = 0;
    for (size_t i = 0; v->n_agreements && i < side->file->n_entries; i++) {
        while (at < v->n_agreements &&
               !ledger_hash_eq(&v->agreements[at].digest, &side->items[i].agreement))
            at++;
        if (at == v->n_agreements)
            return refuse(v, LEDGER_CODE_AGR, side->file->entries[i].at,
                ledger_code_text(LEDGER_CODE_AGR));
    }
    return ERR_OK;
}

// Whose log it is, by its name.
static const struct ledger_party *author_of(struct verifier *v, const struct side *side)
{
    const struct ledger_agreement *first = &v->agreements[0];
    for (size_t i = 0; i < 2; i++) {
        struct str party;
        uint64_t epoch;
        if (ledger_log_name(side->checkpoint.origin, first->parties[i].node, first->realm,
                &party, &epoch) &&
            str_eq(party, first->parties[1 - i].id))
            return &first->parties[i];
    }
    return NULL;
}

static enum err key_take(struct verifier *v, struct side *side, size_t i)
{
    const struct ledger_batch_entry *from = &side->file->entries[i];
    struct ledger_entry entry;
    TRY(entry_parse(v, from, &entry));
    const struct ledger_statement *s = &entry.key_change.statement;
    if (i == 0 && str_eq(s->reason, STR("epoch"))) {
        struct ledger_statement signed_by_root;
        const struct ledger_key *root = ledger_keyring_now(&side->keys, LEDGER_PARTY_KEY);
        TRY(ledger_statement_open(
            v->arena, entry.key_change.note, root, &signed_by_root, v->fault));
        if (ledger_keyring_begin(&side->keys, s) != ERR_OK)
            return refuse(v, LEDGER_CODE_KEY, from->at, "an epoch without a log key");
    }
    enum err e = ledger_keyring_take(v->arena, &side->keys, &entry, v->fault);
    if (e != ERR_OK && v->fault)
        v->fault->where.at += from->at;
    return e;
}

static enum err keys_read(struct verifier *v, struct side *side)
{
    const struct ledger_party *author = v->n_agreements ? author_of(v, side) : NULL;
    if (v->n_agreements && !author)
        return refuse(v, LEDGER_CODE_ORIGIN, side->file->note_at,
            "a log of none of the agreement's two parties");
    if (v->n_agreements)
        TRY(ledger_keyring_start(v->arena, &v->agreements[0], author->id, &side->keys));
    for (size_t i = 0; i < side->file->n_entries; i++) {
        if (side->items[i].kind != LEDGER_KEY_CHANGE)
            continue;
        if (!v->n_agreements)
            return refuse(v, LEDGER_CODE_AGR, side->file->entries[i].at,
                "a key changed, and the file has no agreement that names the root");
        TRY(key_take(v, side, i));
    }
    return ERR_OK;
}

// That the checkpoint is signed by the keys of its size. A cosigner that these ledgers do not
// name is one whose entry lies beyond them: the policy has judged it.
static enum err keys_check(
    struct verifier *v, const struct side *side, const struct side *other)
{
    struct ledger_checkpoint again;
    struct ledger_note note;
    uint64_t time_s;
    if (!v->n_agreements)
        return ERR_OK;
    enum err e = ledger_keyring_open(v->arena, &side->keys, side->file->note, &again, v->fault);
    if (e != ERR_OK && v->fault)
        v->fault->where.at += side->file->note_at;
    TRY(e);
    TRY(ledger_note_parse(v->arena, side->file->note, &note, NULL));
    e = ledger_keyring_cosigned(v->arena, &other->keys, &note, again.head.size, &time_s);
    return e == ERR_OK || e == ERR_NOT_FOUND
               ? ERR_OK
               : refuse(v, LEDGER_CODE_KEY, side->file->note_at,
                     "LE-KEY: cosigned by a key that is not in force for that size");
}

static enum err standing_check(struct verifier *v, const struct ledger_evidence *evidence)
{
    TRY(agreements_open(v, evidence));
    for (size_t i = 0; i < 2; i++) {
        TRY(agreements_check(v, &v->sides[i]));
        TRY(keys_read(v, &v->sides[i]));
    }
    for (size_t i = 0; i < 2; i++)
        TRY(keys_check(v, &v->sides[i], &v->sides[1 - i]));
    v->counts->agreements = v->n_agreements;
    return ERR_OK;
}

static enum err verify(struct verifier *v, const struct ledger_evidence *evidence,
    const struct ledger_quorum *trusted)
{
    for (size_t i = 0; i < 2; i++)
        TRY(checkpoint_open(v, &v->sides[i], trusted ? &trusted[i] : NULL));
    if (str_eq(v->sides[0].checkpoint.origin, v->sides[1].checkpoint.origin))
        return refuse(v, LEDGER_CODE_ORIGIN, v->sides[1].file->note_at, "the same log twice");
    for (size_t i = 0; i < 2; i++)
        TRY(log_check(v, &v->sides[i], &v->sides[1 - i]));
    for (size_t i = 0; i < 2; i++)
        TRY(peers_check(v, &v->sides[i], &v->sides[1 - i]));
    TRY(standing_check(v, evidence));
    for (size_t i = 0; i < 2; i++)
        TRY(references_check(v, &v->sides[i], &v->sides[1 - i]));
    for (size_t i = 0; i < 2; i++) {
        unreceipted_count(v, &v->sides[i]);
        TRY(payloads_check(v, &v->sides[i]));
    }
    return ERR_OK;
}

enum err ledger_evidence_verify(struct arena *a, const struct ledger_evidence *evidence,
    const struct ledger_quorum *trusted, struct ledger_evidence_counts *counts,
    struct ledger_fault *fault)
{
    struct verifier v = {.arena = a, .counts = counts, .fault = fault};
    *counts = (struct ledger_evidence_counts){0};
    for (size_t i = 0; i < 2; i++)
        v.sides[i].file = &evidence->sides[i];
    return verify(&v, evidence, trusted);
}
