// SPDX-License-Identifier: Apache-2.0
// A batch that came in: everything is verified before anything is stored, and all of it is
// stored in one transaction; then the partner's checkpoint is cosigned.
#include "base/time.h"
#include "exchange/entry_priv.h"
#include "exchange/link_life_priv.h"
#include "exchange/link_watch_priv.h"
#include "exchange/recall.h"
#include "exchange/receive_priv.h"
#include "store/key.h"
#include "store/membership.h"
#include "store/object.h"
#include "store/principal.h"
#include "store/recall.h"
#include "sys/clock.h"
#include "sys/log.h"
#include "json/write.h"

// Verification
// ------------------------------------------------------------------------------------

// The state of the partner's log just before the first entry of the batch. A batch may begin
// before what we hold: then it repeats, and what it repeats must be the same.
static enum err facts_at(
    struct receiving *in, struct store_txn *t, struct ledger_batch_facts *out)
{
    struct link *link = in->link;
    uint64_t first = in->batch.header.first;
    struct log_rows rows = {.txn = t, .log_id = link->their_log};
    struct ledger_reader reader = log_reader(&rows);
    *out = (struct ledger_batch_facts){.log = &link->them->log,
        .partner_origin = link->us->log.name,
        .agreement = link->agreements[0].digest,
        .keys = &link->theirs,
        .agreements = in->agreements,
        .n_agreements = link_digests(link, in->agreements),
        .sequence = ledger_sequence_start(link->them->log.name, link->us->log.name)};
    in->why = "LE-SEQ-GAP: entries before these have not arrived; carry or push the earlier "
              "batch first";
    if (first > in->held_size)
        return ERR_CONFLICT;
    TRY(ledger_frontier_read(&reader, first, &out->frontier));
    out->sequence.next = first;
    if (first == 0)
        return ERR_OK;
    struct ledger_entry before;
    struct ledger_hash leaf_hash;
    TRY(link_entry_get(t, in->arena, link->their_log, first - 1, &before, &leaf_hash));
    out->sequence.peer = before.peer;
    out->agreement = before.agreement;
    return ERR_OK;
}

// The rules whose breach is a fork.
static bool stops(enum ledger_code code)
{
    return code == LEDGER_CODE_SEQ_DUP || code == LEDGER_CODE_X_FALSE ||
           code == LEDGER_CODE_CP_CONS;
}

// `shown` contradicts the newest that we hold as signed in that log.
static enum err contradicts(struct receiving *in, struct store_txn *t, int64_t log,
    enum ledger_code code, struct str shown)
{
    struct store_checkpoint held;
    in->code = code;
    in->shown = shown;
    enum err e = store_checkpoint_newest(t, in->arena, log, STORE_CHECKPOINT_SIGNED, &held);
    if (e == ERR_OK)
        in->held = held.note;
    return e == ERR_OK || e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
}

// What we hold of the partner's log.
static enum err contradicts_held(
    struct receiving *in, struct store_txn *t, enum ledger_code code)
{
    return contradicts(in, t, in->link->their_log, code, in->batch.checkpoint);
}

// Does the partner's signed checkpoint alone contradict what we hold? Then nobody but the
// partner can have made it so.
static enum err check_checkpoint(struct receiving *in, struct store_txn *t)
{
    struct ledger_checkpoint shown;
    struct ledger_hash root;
    struct log_rows rows = {.txn = t, .log_id = in->link->their_log};
    struct ledger_reader reader = log_reader(&rows);
    enum err e =
        ledger_keyring_open(in->arena, &in->link->theirs, in->batch.checkpoint, &shown, NULL);
    if (e == ERR_LIMIT)
        return e;
    if (e != ERR_OK || shown.head.size > in->held_size)
        return ERR_OK; // said by ledger_batch_verify, or not to be told from this alone
    TRY(ledger_root_read(&reader, shown.head.size, &root));
    if (ledger_hash_eq(&root, &shown.head.root))
        return ERR_OK;
    in->is_proven = true;
    in->why = "LE-CP-CONS: the checkpoint is of another history than the one held: FORK";
    return contradicts_held(in, t, LEDGER_CODE_CP_CONS);
}

// Repeated entries must be those held; every `x` must be a head of our own log.
static enum err check_entries(struct receiving *in, struct store_txn *t)
{
    struct link *link = in->link;
    struct store_checkpoint own = {0}; // the largest head that we have signed
    struct log_rows rows = {.txn = t, .log_id = link->own_log};
    struct ledger_reader reader = log_reader(&rows);
    enum err e =
        store_checkpoint_newest(t, in->arena, link->own_log, STORE_CHECKPOINT_SIGNED, &own);
    if (e != ERR_OK && e != ERR_NOT_FOUND)
        return e;
    for (size_t i = 0; i < in->batch.n_entries; i++) {
        uint64_t idx = in->batch.header.first + i;
        enum ledger_code code;
        TRY(ledger_peer_check(&reader, own.size, &in->result.entries[i].peer, &code));
        in->why = ledger_code_text(code);
        if (code != LEDGER_CODE_OK)
            return contradicts(in, t, link->own_log, code, in->batch.checkpoint);
        if (idx >= in->held_size)
            continue;
        unsigned char leaf[STORE_HASH_BYTES];
        TRY(store_node_hash(t, link->their_log, 0, idx, leaf));
        in->why =
            "LE-SEQ-DUP: an entry differs from the one received before under its number: FORK";
        if (memcmp(leaf, in->batch.entries[i].leaf_hash.bytes, sizeof leaf) != 0)
            return contradicts_held(in, t, LEDGER_CODE_SEQ_DUP);
    }
    return ERR_OK;
}

// The partner's cosignature over a checkpoint of ours.
static enum err check_cosigned(struct receiving *in, struct store_txn *t)
{
    struct link *link = in->link;
    struct ledger_note note;
    struct fault fault;
    struct ledger_hash root;
    struct log_rows rows = {.txn = t, .log_id = link->own_log};
    struct ledger_reader reader = log_reader(&rows);
    if (in->batch.cosigned.len == 0)
        return ERR_OK;
    in->why = "the cosigned checkpoint is not ours, or not cosigned by the partner";
    TRY(ledger_keyring_open(in->arena, &link->ours, in->batch.cosigned, &in->cosigned, NULL));
    TRY(ledger_note_parse(in->arena, in->batch.cosigned, &note, &fault));
    enum err e = ledger_keyring_cosigned(
        in->arena, &in->result.keys, &note, in->cosigned.head.size, &in->cosigned_at_s);
    if (e == ERR_DENIED)
        in->why = "LE-KEY: cosigned by a key that is not in force for that size";
    TRY(e);
    if (in->cosigned_at_s > INT64_MAX / US_PER_S)
        return ERR_INVALID; // a time that no clock shows
    e = ledger_root_read(&reader, in->cosigned.head.size, &root);
    in->why = "LE-CP-CONS: the cosigned checkpoint is not in our log: FORK";
    if (e == ERR_NOT_FOUND ||
        (e == ERR_OK && !ledger_hash_eq(&root, &in->cosigned.head.root))) {
        return contradicts(in, t, link->own_log, LEDGER_CODE_CP_CONS, in->batch.cosigned);
    }
    in->has_cosigned = e == ERR_OK;
    return e;
}

static enum err verify(struct receiving *in, struct store_txn *t)
{
    struct store_log theirs;
    struct ledger_batch_facts facts;
    struct ledger_fault fault = {0};
    TRY(store_log_get(t, in->arena, in->link->their_log, &theirs));
    in->held_size = theirs.size;
    TRY(check_checkpoint(in, t));
    TRY(facts_at(in, t, &facts));
    enum err e = ledger_batch_verify(in->arena, &in->batch, &facts, &in->result, &fault);
    in->why = fault.where.why ? fault.where.why : ledger_code_text(fault.code);
    in->code = fault.code;
    if (e != ERR_OK && stops(fault.code) && contradicts_held(in, t, fault.code) != ERR_CORRUPT)
        return ERR_IO;
    TRY(e);
    in->is_proven = true; // the partner has signed every entry
    in->why = "the batch does not end at its checkpoint";
    if (in->result.checkpoint.head.size != in->batch.header.first + in->batch.n_entries)
        return ERR_INVALID;
    TRY(check_entries(in, t));
    return check_cosigned(in, t);
}

// Storing
// -----------------------------------------------------------------------------------------

// The same rules as those of the evidence's verifier: what we let in here we must be able to
// show.
static bool is_receipt_of(
    const struct ledger_receipt *receipt, const struct ledger_entry *answered)
{
    struct ledger_hash handling = ledger_handling_hash(answered->handling);
    if (!ledger_kind_is_receipted(answered->kind) ||
        !ledger_hash_eq(&receipt->handling_hash, &handling))
        return false;
    return answered->kind == LEDGER_RECALL || receipt->disposition != LEDGER_ACCEPTED ||
           (receipt->has_commitments_root &&
               ledger_hash_eq(&answered->committed.root, &receipt->commitments_root));
}

// What the partner did not take it does not hold: officers may release it again, and nothing
// goes only because it refers to it.
static enum err forget_refused(struct receiving *in, struct store_txn *t, uint64_t idx)
{
    const struct store_view view = {.recipient = in->link->party, .view = STR("link")};
    struct store_payloads sent;
    TRY(store_payloads_of(t, in->arena, in->link->own_log, idx, &sent));
    for (size_t i = 0; i < sent.n; i++)
        TRY(store_membership_remove(t, &view, sent.items[i].object_seq, in->now_us));
    return ERR_OK;
}

static enum err apply_receipt(
    struct receiving *in, struct store_txn *t, const struct ledger_entry *entry, uint64_t idx)
{
    struct link *link = in->link;
    struct link_named named;
    const struct ledger_receipt *receipt = &entry->receipt;
    in->why = "a receipt of an entry that we never wrote";
    TRY(link_entry_named(link, t, in->arena, true, &receipt->of, &named));
    const struct ledger_entry *answered = named.entry;
    if (named.log_id != link->own_log)
        return ERR_CORRUPT;
    in->why = "a receipt of what takes none, or over other objects or handling than those sent";
    if (!is_receipt_of(receipt, answered))
        return ERR_CORRUPT;
    const struct store_receipt row = {.log_id = link->own_log,
        .idx = receipt->of.index,
        .receipt_log_id = link->their_log,
        .receipt_idx = idx,
        .disposition = ledger_disposition_name(receipt->disposition),
        .why = receipt->why};
    in->why = "a second receipt of one entry";
    enum err e = store_receipt_put(t, &row);
    TRY(e == ERR_CONFLICT ? ERR_CORRUPT : e);
    in->applied.receipts++;
    bool has_objects = ledger_kind_has_objects(answered->kind);
    if (has_objects && receipt->disposition == LEDGER_REFUSED)
        TRY(forget_refused(in, t, receipt->of.index));
    return has_objects ? store_payload_receipted(t, link->own_log, receipt->of.index) : ERR_OK;
}

// Each recall names a leaf that none before it did, so an entry has at most as many as leaves.
static enum err check_open(
    struct receiving *in, struct store_txn *t, int64_t of_log, uint64_t of_idx)
{
    struct store_recalls open;
    TRY(store_recalls_open(t, in->arena, of_log, of_idx, &open));
    in->why = "more recalls of one entry are open than it has objects";
    return open.n < LEDGER_COMMITMENTS_MAX ? ERR_OK : ERR_LIMIT;
}

static enum err apply_recall(
    struct receiving *in, struct store_txn *t, const struct ledger_entry *entry, uint64_t idx)
{
    struct link *link = in->link;
    const struct ledger_recall *recall = &entry->recall;
    struct link_named of;
    struct ledger_receipt receipt = {.of = {.origin = link->them->log.name, .index = idx},
        .disposition = LEDGER_ACCEPTED,
        .commitments_root = ledger_empty_root(),
        .has_commitments_root = true,
        .handling_hash = ledger_handling_hash(entry->handling)};
    in->why = "a recall of an entry that is no release of its author's";
    TRY(link_entry_named(link, t, in->arena, false, &recall->of, &of));
    if (!ledger_kind_has_objects(of.entry->kind))
        return ERR_CORRUPT;
    TRY(check_open(in, t, of.log_id, recall->of.index));
    size_t n = recall->leaves.n ? recall->leaves.n : (size_t)of.entry->committed.size;
    uint64_t *leaves = NEW_N(in->arena, uint64_t, n);
    if (!leaves)
        return ERR_LIMIT;
    for (size_t i = 0; i < n; i++) {
        leaves[i] = recall->leaves.n ? recall->leaves.items[i] : i;
        if (leaves[i] >= of.entry->committed.size)
            return ERR_CORRUPT;
    }
    const struct store_recall row = {.log_id = link->their_log,
        .idx = idx,
        .id = recall->id,
        .of_log_id = of.log_id,
        .of_idx = recall->of.index,
        .deadline_us = recall->deadline_us,
        .reason = recall->reason};
    TRY(store_recall_put(t, &row, leaves, n));
    unsigned char own_leaf[STORE_HASH_BYTES];
    TRY(store_node_hash(t, link->their_log, 0, idx, own_leaf));
    memcpy(receipt.of.leaf_hash.bytes, own_leaf, sizeof own_leaf);
    TRY(receive_put_receipt(in, t, idx, &receipt));
    return receive_answer_recalls(in, t, of.log_id, recall->of.index);
}

static enum err apply_ack(
    struct receiving *in, struct store_txn *t, const struct ledger_entry *entry, uint64_t idx)
{
    const struct ledger_recall_ack *ack = &entry->recall_ack;
    struct store_recall_item items[LEDGER_RESULTS_MAX];
    for (size_t i = 0; i < ack->results.n; i++)
        items[i] = (struct store_recall_item){.n = ack->results.items[i].n,
            .state = ledger_outcome_name(ack->results.items[i].state)};
    in->why = "an acknowledgement of what was not demanded, or answered otherwise before";
    struct link_named demand;
    TRY(link_entry_named(in->link, t, in->arena, true, &ack->of, &demand));
    if (demand.entry->kind != LEDGER_RECALL)
        return ERR_CORRUPT;
    const struct store_recall_ack row = {.log_id = in->link->their_log,
        .idx = idx,
        .recall_log_id = demand.log_id,
        .recall_idx = ack->of.index,
        .downstream = ack->downstream,
        .at_us = in->now_us};
    enum err e = store_recall_ack_put(t, &row, items, ack->results.n);
    return e == ERR_NOT_FOUND || e == ERR_CONFLICT ? ERR_CORRUPT : e;
}

// The other keys that an agreement names are those of the day when it was offered: what has
// changed since, on either side, is in the keyrings, and is no reason to stop the ledger.
static bool names_roots(const struct receiving *in, const struct ledger_agreement *agreement)
{
    const struct link *link = in->link;
    const struct ledger_key *ours = &ledger_agreement_party(agreement, link->us->id)->root;
    const struct ledger_key *theirs = &ledger_agreement_party(agreement, link->party)->root;
    return ledger_keyring_has_root(&link->ours, ours, false) &&
           (ledger_keyring_has_root(&link->theirs, theirs, false) ||
               ledger_keyring_has_root(&in->result.keys, theirs, false));
}

// An agreement that the partner has added. Our root has signed it too.
static enum err apply_agreement(
    struct receiving *in, struct store_txn *t, const struct ledger_entry *entry)
{
    struct ledger_agreement agreement;
    struct store_link row;
    bool signed_by[2];
    struct str why;
    TRY(ledger_agreement_open(
        in->arena, entry->key_change.agreement, &agreement, signed_by, NULL));
    if (link_has_agreement(in->link, &agreement.digest))
        return ERR_OK;
    in->why = "LE-AGR: an agreement of other nodes, or of other party roots";
    TRY(link_check_pair(in->link, &agreement, &why));
    if (!names_roots(in, &agreement))
        return ERR_DENIED;
    in->why = "the agreement could not be stored";
    struct store_agreement stored = {
        .note = entry->key_change.agreement, .added_us = in->now_us};
    memcpy(stored.digest, agreement.digest.bytes, sizeof stored.digest);
    TRY(store_agreement_put(t, in->link->party, &stored));
    TRY(store_link_by_party(t, in->arena, in->link->party, &row));
    row.agreement = stored.note;
    memcpy(row.digest, stored.digest, sizeof row.digest);
    TRY(store_link_put(t, &row));
    in->agreement = stored.note;
    return link_audit(t, in->principal, "link.renew", in->link->party);
}

enum err receive_entry(
    struct receiving *in, struct store_txn *t, const struct ledger_entry *entry, uint64_t idx)
{
    switch (entry->kind) {
    case LEDGER_RECEIPT:
        return apply_receipt(in, t, entry, idx);
    case LEDGER_RECALL:
        return apply_recall(in, t, entry, idx);
    case LEDGER_RECALL_ACK:
        return apply_ack(in, t, entry, idx);
    case LEDGER_GRANT:
        return link_grant_put(in->link, t, in->arena, false, &entry->grant, idx);
    case LEDGER_KEY_CHANGE: // a key is in force already: the batch was verified with it
        TRY(store_key_entry_put(t, in->link->their_log, idx));
        return entry->key_change.agreement.len ? apply_agreement(in, t, entry) : ERR_OK;
    case LEDGER_RELEASE: // its objects come with the payloads
    case LEDGER_FLASH:
    case LEDGER_KINDS:
        break;
    }
    return ERR_OK;
}

static enum err put_their_checkpoint(struct receiving *in, struct store_txn *t)
{
    struct store_checkpoint c = {.size = in->result.checkpoint.head.size,
        .at_us = in->now_us,
        .note = in->batch.checkpoint};
    memcpy(c.root, in->result.checkpoint.head.root.bytes, STORE_HASH_BYTES);
    enum err e = store_checkpoint_put(t, in->link->their_log, STORE_CHECKPOINT_SIGNED, &c);
    return e == ERR_CONFLICT ? ERR_OK : e; // an older batch again
}

// A cosignature from the future says how far the partner has come, and nothing about when: the
// age of the one before stays.
static enum err cosigned_at(struct receiving *in, struct store_txn *t, int64_t *out)
{
    struct store_checkpoint last = {.at_us = in->link->added_us};
    *out = (int64_t)in->cosigned_at_s * US_PER_S;
    if (*out <= in->now_us + CLOCKS_DIFFER_MAX_US)
        return ERR_OK;
    enum err e = store_checkpoint_newest(
        t, in->arena, in->link->own_log, STORE_CHECKPOINT_COSIGNED, &last);
    *out = last.at_us;
    log_warn("link.clock", "party=%.*s cosigned_at=%llu", STR_ARG(in->link->party),
        (unsigned long long)in->cosigned_at_s);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err put_our_cosigned(struct receiving *in, struct store_txn *t)
{
    if (!in->has_cosigned)
        return ERR_OK;
    struct store_checkpoint c = {.size = in->cosigned.head.size, .note = in->batch.cosigned};
    TRY(cosigned_at(in, t, &c.at_us));
    memcpy(c.root, in->cosigned.head.root.bytes, STORE_HASH_BYTES);
    enum err e = store_checkpoint_put(t, in->link->own_log, STORE_CHECKPOINT_COSIGNED, &c);
    return e == ERR_CONFLICT ? ERR_OK : e;
}

static enum err apply_payloads(struct receiving *in, struct store_txn *t)
{
    const struct ledger_payload *p = in->batch.payloads;
    for (size_t from = 0, to; from < in->batch.n_payloads; from = to) {
        for (to = from + 1; to < in->batch.n_payloads && p[to].index == p[from].index;)
            to++;
        TRY(receive_payloads(in, t, p + from, to - from));
    }
    return ERR_OK;
}

// How much came, and never what: objects have no event each.
static enum err audit_news(const struct receiving *in, struct store_txn *t)
{
    const struct exchange_applied *n = &in->applied;
    struct store_audit event = {.at_us = clock_now_us(),
        .principal = in->principal,
        .action = STR("link.receive"),
        .target = in->link->party};
    struct buf b = buf_in(in->arena, KIB);
    struct json_out o = json_out(&b);
    if (!n->entries && !n->objects && !n->receipts)
        return ERR_OK;
    json_begin_object(&o);
    json_member_int(&o, STR("entries"), (int64_t)n->entries);
    json_member_int(&o, STR("objects"), (int64_t)n->objects);
    json_member_int(&o, STR("receipts"), (int64_t)n->receipts);
    json_member_int(&o, STR("recalls"), (int64_t)n->recalls);
    json_end_object(&o);
    TRY(buf_end(&b, &event.detail));
    return store_audit_add(t, &event);
}

static enum err apply_work(struct store_txn *t, void *context)
{
    struct receiving *in = context;
    struct store_log theirs;
    in->applied = (struct exchange_applied){0};
    in->agreement = STR("");
    in->why = NULL;
    TRY(store_log_get(t, in->arena, in->link->their_log, &theirs));
    if (theirs.size != in->held_size)
        return ERR_BUSY; // only this link's turn changes it
    TRY(put_our_cosigned(in, t));
    for (uint64_t i = in->held_size - in->batch.header.first; i < in->batch.n_entries; i++) {
        uint64_t idx;
        TRY(store_entry_append(t, in->link->their_log, in->batch.entries[i].bytes,
            ledger_kind_is_receipted(in->result.entries[i].kind), &idx));
        in->applied.entries++;
        in->has_key_change |= in->result.entries[i].kind == LEDGER_KEY_CHANGE;
    }
    TRY(put_their_checkpoint(in, t));
    for (uint64_t i = in->held_size - in->batch.header.first; i < in->batch.n_entries; i++)
        TRY(receive_entry(in, t, &in->result.entries[i], in->batch.header.first + i));
    TRY(apply_payloads(in, t));
    return audit_news(in, t);
}

// A cosignature over the same size again says only that we have looked again: worth a signature
// when the last one has aged, and never an answer to an answer.
static enum err is_cosigned_lately(struct receiving *in, bool *lately)
{
    struct store_txn *t;
    struct store_checkpoint last;
    TRY(store_read_begin(in->link->exchange->config.store, &t));
    enum err e = store_checkpoint_newest(
        t, in->arena, in->link->their_log, STORE_CHECKPOINT_COSIGNED, &last);
    store_read_end(t);
    *lately = e == ERR_OK && last.size == in->result.checkpoint.head.size &&
              last.at_us <= in->now_us + CLOCKS_DIFFER_MAX_US &&
              in->now_us - last.at_us < link_refresh_us(in->link);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err cosign(struct receiving *in)
{
    const struct ledger_head *head = &in->result.checkpoint.head;
    struct ledger_head latest;
    struct str line;
    bool lately;
    in->why = "the partner's checkpoint could not be cosigned here: the signer did not answer";
    TRY(is_cosigned_lately(in, &lately));
    TRY(signer_state(in->link->exchange->config.signer, in->link->them->log.name, &latest));
    if (lately || head->size < latest.size)
        return ERR_OK; // nothing new to witness, or an older batch again
    // The batch is of the history that is held. A signer that refuses it has another one in its
    // journal than the store: damage on this side, and no word of the partner's.
    in->why = "the partner's checkpoint could not be cosigned here";
    return link_cosign(in->link, in->arena, head, in->batch.checkpoint, &line);
}

// A fork stops the pair when the partner itself is at the other end, or when its signatures
// show it: whoever carries a file can change what is not signed, and must not stop a link.
static bool is_fork(const struct receiving *in)
{
    return stops(in->code) && (in->is_proven || in->principal == 0);
}

// All of the batch but its objects: they show nothing, and what is recalled must be destroyed.
static struct str without_payloads(const struct ledger_batch *batch, struct str file)
{
    const char *end = batch->checkpoint.ptr + batch->checkpoint.len;
    return batch->checkpoint.ptr ? str_to(file, (size_t)(end - file.ptr)) : STR("");
}

static void refuse(struct receiving *in, enum err e, struct str file, size_t at)
{
    struct link *link = in->link;
    log_warn("link.refuse", "party=%.*s err=%s at=%zu why=%s", STR_ARG(link->party),
        err_name(e), at, log_text(str_of(in->why)));
    if (!is_fork(in))
        return;
    const struct link_contradiction c = {.code = in->code,
        .why = in->why,
        .shown = in->shown,
        .held = in->held,
        .received = file,
        .kept = without_payloads(&in->batch, file)};
    link_freeze(link, &c);
}

// What the batch has changed of the link itself, now that it is stored.
static enum err take_changes(struct receiving *in)
{
    struct link *link = in->link;
    struct str why;
    if (in->agreement.len)
        TRY(link_take_agreement(link, in->agreement, &why));
    if (in->has_key_change || (in->has_cosigned && link->has_offered))
        TRY(link_keys_load(link));
    if (in->agreement.len) {
        struct ledger_hash digest = link_accepted(link);
        link_partner_knows(link, &digest);
    }
    link_partner_knows(link, &in->result.agreement);
    return ERR_OK;
}

enum err link_apply(struct link *link, int64_t principal, struct arena *a, struct str batch,
    struct exchange_applied *out, struct str *why)
{
    struct receiving in = {
        .link = link, .arena = a, .now_us = clock_now_us(), .principal = principal};
    struct ledger_fault fault = {0};
    struct store_txn *t;
    *why = STR("no link with that party");
    if (link->is_retired)
        return ERR_NOT_FOUND;
    *why = STR(LINK_FROZEN_TEXT);
    if (link_is_frozen(link))
        return ERR_CONFLICT;
    enum err e = ledger_batch_parse(a, batch, &in.batch, &fault);
    in.why = fault.where.why;
    if (e == ERR_OK)
        e = store_read_begin(link->exchange->config.store, &t);
    if (e == ERR_OK) {
        e = verify(&in, t);
        store_read_end(t);
    }
    if (e == ERR_OK)
        e = store_write(link->exchange->config.store, apply_work, &in, STORE_URGENT);
    if (e == ERR_OK)
        e = take_changes(&in);
    if (e == ERR_OK)
        e = cosign(&in);
    if (e == ERR_OK && in.applied.recalls)
        exchange_wake_all(link->exchange); // they go on to those who got the objects from us
    if (e == ERR_OK)
        *out = in.applied;
    else
        refuse(&in, e, batch, fault.where.at);
    *why = str_of(in.why ? in.why : err_text(e));
    return e;
}
