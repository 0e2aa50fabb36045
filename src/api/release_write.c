// SPDX-License-Identifier: Apache-2.0
// From decided rows to release entries. An entry covers objects of one handling and one rule,
// at most LEDGER_COMMITMENTS_MAX of them and ENTRY_PAYLOAD_BYTES of their text, so that one
// batch carries it whole.
#include "api/release_priv.h"
#include "base/time.h"
#include "exchange/append.h"
#include "hash/hash.h"
#include "store/flash.h"
#include "store/membership.h"
#include "sys/random.h"

#define ENTRY_PAYLOAD_BYTES (4 * MIB)
#define TXN_ENTRIES_MAX     8

static const char *rule_of(const struct gate *g, size_t i)
{
    return policy_reason(g->candidates[i].decision.why).rule;
}

// At last by arrival, not by when a row was met: what was met because a withheld row names it
// would stand earlier (V1).
static int compare_groups(const void *a, const void *b, void *context)
{
    const struct gate *g = context;
    size_t i = *(const size_t *)a, j = *(const size_t *)b;
    int64_t one = g->rows[i].object.seq, other = g->rows[j].object.seq;
    int order = str_cmp(g->rows[i].handling, g->rows[j].handling);
    if (order == 0)
        order = str_cmp(str_of(rule_of(g, i)), str_of(rule_of(g, j)));
    return order ? order : (one > other) - (one < other);
}

static bool is_same_group(const struct gate *g, size_t i, size_t j)
{
    return str_eq(g->rows[i].handling, g->rows[j].handling) &&
           str_eq(str_of(rule_of(g, i)), str_of(rule_of(g, j)));
}

// Where the entry that begins at `from` ends.
static size_t entry_end(const struct release_run *run, size_t from)
{
    const struct gate *g = run->gate;
    int64_t bytes = 0;
    size_t to = from;
    while (to < run->n && to - from < LEDGER_COMMITMENTS_MAX &&
           is_same_group(g, run->order[from], run->order[to])) {
        bytes += g->rows[run->order[to]].object.bytes_n;
        if (to > from && bytes > ENTRY_PAYLOAD_BYTES)
            break;
        to++;
    }
    return to;
}

static enum err put_decision(struct release_run *run, struct store_txn *t, struct arena *a,
    size_t i, struct exchange_item *item)
{
    struct gate *g = run->gate;
    const struct store_object *object = &g->rows[i].object;
    struct policy_facts facts = gate_facts(g, i);
    struct buf version = buf_in(a, 40), record = buf_in(a, MIB), from = buf_in(a, MIB);
    TRY(policy_facts_put(&from, &facts));
    time_put(&version, object->version_us);
    const struct policy_record of = {.id = object->id,
        .version = buf_str(&version),
        .source = object->source,
        .commitment = item->commitment.bytes,
        .facts = &facts,
        .decision = g->candidates[i].decision};
    TRY(policy_record_put(a, &record, &of));
    struct store_decision row = {.release_id = run->row.id,
        .object_seq = object->seq,
        .record = buf_str(&record),
        .facts = buf_str(&from)};
    hash_sha256(row.record, row.hash);
    memcpy(item->decision.bytes, row.hash, SHA256_BYTES);
    return store_decision_put(t, &row);
}

// A version that the recipient had before is not written twice.
static enum err put_variant(
    const struct store_variant *variant, struct store_txn *t, int64_t *out_seq)
{
    *out_seq = variant->bytes.len ? variant->seq : 0;
    return variant->bytes.len && !variant->seq ? store_variant_put(t, variant, out_seq)
                                               : ERR_OK;
}

// What was decided must still hold: the row as it was, and not released meanwhile. Else it
// stays out.
static enum err put_item(struct release_run *run, struct store_txn *t, struct arena *a,
    size_t i, struct exchange_item *item, bool *goes)
{
    const struct gate *g = run->gate;
    const struct store_object *object = &g->rows[i].object;
    struct str bytes;
    bool is_unchanged, is_member;
    TRY(gate_is_unchanged(run->gate, t, a, i, &is_unchanged));
    TRY(store_membership_contains(t, &g->view, object->seq, &is_member));
    *goes = is_unchanged && !is_member;
    if (!*goes)
        return ERR_OK;
    TRY(gate_bytes(run->gate, t, a, i, &bytes));
    *item = (struct exchange_item){.object_seq = object->seq, .bytes_n = (int64_t)bytes.len};
    TRY(put_variant(&g->rows[i].variant, t, &item->variant_seq));
    if (!gate_is_inside(g)) // else nothing travels: the record names the bytes by themselves
        random_fill(item->salt, sizeof item->salt);
    item->commitment = ledger_commitment(item->salt, bytes);
    TRY(put_decision(run, t, a, i, item));
    const struct handling *handling = &g->rows[i].label.handling;
    bool ends = gate_is_inside(g) && handling->has_expiry;
    const struct store_member_in member = {.object_seq = object->seq,
        .variant_seq = item->variant_seq,
        .at_us = run->row.at_us,
        .until_us = ends ? handling->expiry_us : 0};
    return store_membership_put(t, &g->view, &member);
}

static enum err put_entry(
    struct release_run *run, struct store_txn *t, struct arena *a, size_t from, size_t to)
{
    struct gate *g = run->gate;
    struct exchange_item *items = NEW_N(a, struct exchange_item, LEDGER_COMMITMENTS_MAX);
    size_t n = 0;
    if (!items)
        return ERR_LIMIT;
    for (size_t k = from; k < to; k++) {
        struct arena_mark mark = arena_mark(a);
        bool goes = false;
        TRY(put_item(run, t, a, run->order[k], &items[n], &goes));
        n += goes;
        arena_rewind(a, mark);
    }
    run->written += (int64_t)n;
    if (n == 0 || gate_is_inside(g))
        return ERR_OK;
    size_t first = run->order[from];
    bool is_red = g->rows[first].label.handling.tlp == STIX_TLP_RED;
    const struct exchange_release entry = {.party = run->row.party,
        .id = run->row.id,
        .rule = str_of(rule_of(g, first)),
        .purpose = g->facts.purpose,
        .handling = g->rows[first].handling,
        .priority = run->row.priority,
        .now_us = run->row.at_us,
        .persons = g->facts.recipient.persons,
        .n_persons = is_red ? g->facts.recipient.n_persons : 0,
        .by = run->lang.len ? &run->by : NULL,
        .lang = run->lang};
    TRY(exchange_append_release(g->call->node->exchange, t, a, &entry, items, n));
    run->made++;
    return ERR_OK;
}

// What officers approved is still what would go, and they are still in office. Looked at in
// each transaction: of a long release, what an approval no longer covers stays.
static enum err check_approved(struct release_run *run, struct store_txn *t, struct arena *a)
{
    if (run->approvals->n == 0)
        return ERR_OK;
    TRY(approvals_check(t, a, run->approvals, run->row.at_us));
    for (size_t k = run->from; k < run->n; k++) {
        struct arena_mark mark = arena_mark(a);
        bool is_unchanged;
        TRY(gate_is_unchanged(run->gate, t, a, run->order[k], &is_unchanged));
        if (!is_unchanged)
            return ERR_CONFLICT;
        arena_rewind(a, mark);
    }
    return ERR_OK;
}

static enum err put_flash(struct release_run *run, struct store_txn *t)
{
    const struct store_flash flash = {.id = run->row.id,
        .party = run->row.party,
        .at_us = run->row.at_us,
        .key_id = run->by.key_id,
        .lang = run->lang};
    return run->lang.len ? store_flash_put(t, &flash) : ERR_OK;
}

// The signature that the entry of a flash carries.
static enum err sign_flash(struct release_run *run)
{
    struct ledger_approval approval;
    if (run->lang.len == 0)
        return ERR_OK;
    TRY(ledger_approval_parse(
        run->gate->call->arena, run->approvals->kept[0].note, &approval, NULL));
    run->by = (struct ledger_officer){
        .key_id = approval.key_id, .kind = approval.kind, .signature = approval.signature};
    return ERR_OK;
}

static enum err rule_detail(struct arena *a, struct str rule, struct str *out)
{
    struct buf b = buf_in(a, KIB);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_string(&o, STR("rule"), rule);
    json_end_object(&o);
    return buf_end(&b, out);
}

static enum err begin(struct release_run *run, struct store_txn *t, struct arena *a)
{
    const char *action = run->lang.len ? "flash" : "release";
    struct str detail = {"", 0};
    if (run->approvals->n)
        TRY(approvals_detail(a, run->approvals, &detail));
    if (run->rule.len)
        TRY(rule_detail(a, run->rule, &detail));
    TRY(store_release_put(t, &run->row));
    TRY(approvals_keep(t, a, run->approvals, run->act, run->row.id, run->row.at_us));
    TRY(put_flash(run, t));
    return call_audit(run->gate->call, t, action, run->row.party, detail);
}

static enum err write_work(struct store_txn *t, void *context)
{
    struct release_run *run = context;
    struct arena scratch;
    enum err e = ERR_OK;
    run->done = run->from;
    run->written = 0;
    run->made = 0;
    arena_init(&scratch, REQUEST_ARENA_BYTES_MAX);
    e = check_approved(run, t, &scratch);
    if (e == ERR_OK && run->from == 0)
        e = begin(run, t, &scratch);
    for (size_t entries = 0; e == ERR_OK && run->done < run->n && entries < TXN_ENTRIES_MAX;
         entries++) {
        size_t to = entry_end(run, run->done);
        e = put_entry(run, t, &scratch, run->done, to);
        arena_release(&scratch);
        run->done = to;
        if (store_should_yield(t))
            break;
    }
    if (e == ERR_OK)
        e = store_release_count(t, run->row.id, run->written, 0);
    arena_release(&scratch);
    return e;
}

enum err release_write(struct release_run *run)
{
    struct gate *g = run->gate;
    run->order = NEW_N(g->call->arena, size_t, g->n ? g->n : 1);
    if (!run->order)
        return ERR_LIMIT;
    for (size_t i = 0; i < g->n; i++)
        if (release_goes(g, i))
            run->order[run->n++] = i;
    qsort_r(run->order, run->n, sizeof *run->order, compare_groups, g);
    TRY(sign_flash(run));
    TRY(exchange_new_id(g->call->arena, run->row.at_us, &run->row.id));
    int64_t released = 0;
    enum err e = ERR_OK;
    while (e == ERR_OK && run->from < run->n) {
        run->row.released = 0;
        e = store_write(g->call->node->store, write_work, run, run->row.priority);
        if (e == ERR_OK) {
            released += run->written;
            run->entries += run->made;
            run->from = run->done;
        }
    }
    run->row.released = released;
    return e;
}
