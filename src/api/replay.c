// SPDX-License-Identifier: Apache-2.0
// Every decision behind our ledger with a party, taken again from the facts that were kept: the
// record that comes out must be the one that was kept, and the records those that each entry
// commits to (V3).
#include "api/call.h"
#include "base/hex.h"
#include "base/time.h"
#include "hash/hash.h"
#include "ledger/entry.h"
#include "policy/record.h"
#include "store/ledger.h"
#include "store/release.h"
#include "json/json.h"

#define PAGE_ENTRIES  64
#define PROBLEMS_MAX  100
#define SCRATCH_BYTES (64 * MIB)

struct replay {
    struct call *call;
    struct store_log log;
    struct buf problems; // members of a list
    struct json_out out;
    uint64_t entries, decisions, mismatches;
};

static void report(struct replay *r, uint64_t idx, struct str id, const char *why)
{
    if (r->mismatches++ >= PROBLEMS_MAX)
        return;
    json_begin_object(&r->out);
    json_member_int(&r->out, STR("entry"), (int64_t)idx);
    json_member_string(&r->out, STR("id"), id);
    json_member_string(&r->out, STR("why"), str_of(why));
    json_end_object(&r->out);
}

// What a kept record says. Its texts are plain words.
struct kept {
    struct str rule, result;
    int64_t engine;
    unsigned char facts[SHA256_BYTES];
};

static enum err member(struct arena *a, struct json v, struct str key, struct str *out)
{
    struct json found;
    return json_get(v, key, &found) ? json_string(a, found, out) : ERR_INVALID;
}

static enum err read_record(struct arena *a, struct str record, struct kept *out)
{
    struct json v, engine;
    struct str hex;
    TRY(json_parse(a, record, &v, NULL));
    TRY(member(a, v, STR("rule"), &out->rule));
    TRY(member(a, v, STR("result"), &out->result));
    TRY(member(a, v, STR("facts"), &hex));
    TRY(json_get(v, STR("engine"), &engine) ? json_int(engine, &out->engine) : ERR_INVALID);
    return hex_parse(hex, false, out->facts, SHA256_BYTES);
}

// The decision as it comes out of the kept facts today, and its record.
static enum err take_again(struct arena *a, struct str facts_text,
    const struct store_object *object, struct policy_record *of, struct str *record)
{
    struct policy_facts facts;
    struct buf version = buf_in(a, 40), b = buf_in(a, MIB);
    TRY(policy_facts_parse(a, facts_text, &facts, NULL));
    time_put(&version, object->version_us);
    of->id = object->id;
    of->version = buf_str(&version);
    of->source = object->source;
    of->facts = &facts;
    of->decision = policy_decide(&facts);
    enum err e = policy_record_put(a, &b, of);
    of->facts = NULL; // they end here
    return e == ERR_OK ? buf_end(&b, record) : e;
}

// One object of an entry. *why is NULL when everything holds; an error is one of the node, or a
// lack of the store that *why names.
static enum err check_leaf(struct store_txn *t, struct arena *a,
    const struct ledger_entry *entry, const struct store_payload *payload,
    unsigned char hash[static SHA256_BYTES], const char **why)
{
    struct store_object object;
    struct store_decision row;
    struct kept kept;
    struct str facts, again;
    struct policy_record of = {.commitment = payload->commitment};
    *why = "its decision is not in the store";
    TRY(store_decision_get(t, a, entry->release.id, payload->object_seq, &row));
    hash_sha256(row.record, hash);
    TRY(store_object_get(t, a, payload->object_seq, &object));
    *why = "its record cannot be read";
    TRY(read_record(a, row.record, &kept));
    *why = "the facts of its decision are not in the store";
    TRY(store_facts_get(t, a, kept.facts, &facts));
    *why = "the facts of its decision cannot be read";
    TRY(take_again(a, facts, &object, &of, &again));
    struct str rule = str_of(policy_reason(of.decision.why).rule);
    bool is_same =
        str_eq(rule, kept.rule) && str_eq(policy_result_word(of.decision.result), kept.result);
    *why = NULL;
    if (!is_same || !str_eq(rule, entry->release.rule))
        *why = "the decision comes out otherwise";
    else if (kept.engine == POLICY_ENGINE_VERSION && !str_eq(again, row.record))
        *why = "its record says something else than its facts";
    return ERR_OK;
}

static bool is_of_input(enum err e)
{
    return e == ERR_NOT_FOUND || e == ERR_INVALID || e == ERR_CORRUPT;
}

static enum err check_entry(struct replay *r, struct store_txn *t, struct arena *a,
    uint64_t idx, const struct ledger_entry *entry)
{
    struct store_payloads payloads;
    struct ledger_hash decisions[LEDGER_COMMITMENTS_MAX] = {0};
    struct ledger_hash commitments[LEDGER_COMMITMENTS_MAX];
    TRY(store_payloads_of(t, a, r->log.id, idx, &payloads));
    if (payloads.n != entry->committed.size) {
        report(r, idx, STR(""), "its objects are not in the store");
        return ERR_OK;
    }
    for (size_t i = 0; i < payloads.n; i++) {
        const char *why = NULL;
        struct store_object object = {.id = STR("")};
        enum err e = check_leaf(t, a, entry, &payloads.items[i], decisions[i].bytes, &why);
        if (e != ERR_OK && !is_of_input(e))
            return e;
        memcpy(commitments[i].bytes, payloads.items[i].commitment, LEDGER_HASH_BYTES);
        r->decisions++;
        if (!why)
            continue;
        e = store_object_get(t, a, payloads.items[i].object_seq, &object);
        if (e != ERR_OK && e != ERR_NOT_FOUND)
            return e;
        report(r, idx, object.id, why);
    }
    struct ledger_head made = ledger_commitments_head(decisions, payloads.n);
    struct ledger_head sent = ledger_commitments_head(commitments, payloads.n);
    if (!ledger_hash_eq(&made.root, &entry->release.decisions))
        report(r, idx, STR(""), "the entry commits to other decisions");
    if (!ledger_hash_eq(&sent.root, &entry->committed.root))
        report(r, idx, STR(""), "the entry commits to other objects");
    return ERR_OK;
}

static enum err check_page(
    struct replay *r, struct store_txn *t, struct arena *a, uint64_t *from)
{
    struct store_entries page;
    const struct store_range range = {
        .first = *from, .end = *from + PAGE_ENTRIES, .bytes_max = MIB};
    TRY(store_entries_range(t, a, r->log.id, range, &page));
    for (size_t i = 0; i < page.n; i++) {
        struct ledger_entry entry;
        struct ledger_fault fault;
        struct arena_mark mark = arena_mark(a);
        TRY(ledger_entry_parse(a, page.items[i].bytes, &entry, &fault));
        bool releases = ledger_kind_has_objects(entry.kind);
        if (releases)
            TRY(check_entry(r, t, a, page.items[i].idx, &entry));
        r->entries += releases;
        arena_rewind(a, mark);
    }
    *from = page.n ? page.items[page.n - 1].idx + 1 : r->log.size;
    return ERR_OK;
}

static enum err replay_all(struct replay *r)
{
    struct store *store = r->call->node->store;
    struct arena scratch;
    struct store_txn *t;
    TRY(store_read_begin(store, &t));
    enum err e = store_log_by_party(t, r->call->arena, r->call->segments[0], true, &r->log);
    store_read_end(t);
    arena_init(&scratch, SCRATCH_BYTES);
    for (uint64_t from = 0; e == ERR_OK && from < r->log.size;) {
        e = store_read_begin(store, &t);
        if (e != ERR_OK)
            break;
        e = check_page(r, t, &scratch, &from);
        store_read_end(t);
        arena_release(&scratch);
    }
    return e;
}

void api_ledger_replay(struct call *call)
{
    struct replay r = {.call = call, .problems = call_buf(call)};
    r.out = json_out(&r.problems);
    json_begin_array(&r.out);
    enum err e = replay_all(&r);
    json_end_array(&r.out);
    if (e != ERR_OK) {
        call_fail(
            call, e, e == ERR_NOT_FOUND ? STR("there is no link with that party") : STR(""));
        return;
    }
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_int(&o, STR("entries"), (int64_t)r.entries);
    json_member_int(&o, STR("decisions"), (int64_t)r.decisions);
    json_member_int(&o, STR("mismatches"), (int64_t)r.mismatches);
    json_member_raw(&o, STR("problems"), buf_str(&r.problems));
    json_end_object(&o);
    call_answer_json(call, &b);
}
