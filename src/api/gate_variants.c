// SPDX-License-Identifier: Apache-2.0
// What goes instead of an object whose parts are withheld: cut, closed with the other rows,
// written, and compared with what the recipient has of it.
#include "api/gate.h"
#include "base/time.h"
#include "hash/hash.h"
#include "policy/leak.h"
#include "store/membership.h"
#include "sys/random.h"
#include "json/json.h"

// Over the link, in a document that is taken away, and in a view for tools. What another reader
// here gets is the object, or nothing.
static bool may_vary(const struct gate *g)
{
    return g->facts.recipient.relation == POLICY_OTHER || g->facts.channel == POLICY_EXPORT ||
           g->facts.channel == POLICY_TAXII;
}

// A view asks nobody: what would be taken out of an object because it names a row that may come
// later would stay out, and what would be held for an officer would show that there is a cause.
static bool is_unattended(const struct gate *g)
{
    return g->facts.channel == POLICY_TAXII;
}

static enum err read_object(struct gate *g, struct store_txn *t, struct arena *scratch,
    size_t i, struct stix_object *out)
{
    struct str bytes;
    struct stix_problem problem;
    TRY(store_object_bytes(t, scratch, g->rows[i].object.seq, &bytes));
    return stix_object_read(scratch, bytes, out, &problem);
}

// The text of an id that the row holds already.
static struct str kept_id(const struct gate_row *row, struct str id)
{
    size_t low = 0, high = row->n_refs;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (str_cmp(row->refs[mid].id, id) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low < row->n_refs && str_eq(row->refs[low].id, id) ? row->refs[low].id
                                                              : (struct str){"", 0};
}

static enum err keep_need(struct arena *a, const struct gate_row *row,
    const struct policy_need *from, struct policy_need *to)
{
    struct str *ids = NEW_N(a, struct str, from->n ? from->n : 1);
    if (!ids)
        return ERR_LIMIT;
    for (size_t i = 0; i < from->n; i++)
        ids[i] = kept_id(row, from->ids[i]);
    *to = (struct policy_need){.ids = ids, .n = from->n};
    return ERR_OK;
}

// What outlives the scratch arena.
static enum err keep_cut(struct arena *a, const struct gate_row *row,
    const struct policy_cut *cut, struct policy_candidate *out)
{
    struct policy_need *needs = NEW_N(a, struct policy_need, cut->n_needs ? cut->n_needs : 1);
    if (!needs)
        return ERR_LIMIT;
    for (size_t i = 0; i < cut->n_needs; i++)
        TRY(keep_need(a, row, &cut->needs[i], &needs[i]));
    out->needs = needs;
    out->n_needs = cut->n_needs;
    if (cut->n_refs == row->n_refs)
        return ERR_OK;
    struct stix_ref *refs = NEW_N(a, struct stix_ref, cut->n_refs ? cut->n_refs : 1);
    if (!refs)
        return ERR_LIMIT;
    for (size_t i = 0; i < cut->n_refs; i++)
        refs[i] = (struct stix_ref){kept_id(row, cut->refs[i].id), cut->refs[i].roles};
    out->refs = refs;
    out->n_refs = cut->n_refs;
    return ERR_OK;
}

enum err gate_cut(struct gate *g, struct store_txn *t, struct arena *scratch, size_t i)
{
    struct stix_object object;
    struct policy_cut cut;
    struct policy_candidate *candidate = &g->candidates[i];
    g->rows[i].variant = (struct store_variant){.bytes = {"", 0}};
    g->rows[i].is_held = g->rows[i].is_sent;
    g->rows[i].is_cut = false;
    const struct policy_facts facts = gate_facts(g, i);
    TRY(read_object(g, t, scratch, i, &object));
    TRY(policy_cut(scratch, &object, gate_markings(g, i), &facts, &cut));
    if (!may_vary(g)) {
        candidate->decision = policy_decide(&facts);
        return ERR_OK;
    }
    g->rows[i].is_cut = true;
    candidate->decision = cut.decision;
    candidate->may_vary = cut.may_vary;
    candidate->keeps_refs = is_unattended(g);
    candidate->is_variant = cut.is_variant;
    return keep_cut(g->call->arena, &g->rows[i], &cut, candidate);
}

// The recipient's key
// ------------------------------------------------------------------------------------

struct key_work {
    struct str recipient;
    unsigned char key[STORE_VARIANT_KEY_BYTES]; // in: a new one; out: the one that stays
};

static enum err key_work(struct store_txn *t, void *context)
{
    struct key_work *work = context;
    TRY(store_variant_key_put(t, work->recipient, work->key));
    return store_variant_key(t, work->recipient, work->key);
}

static enum err load_key(struct gate *g, struct store_txn *t)
{
    struct key_work work = {.recipient = g->view.recipient};
    if (g->has_key)
        return ERR_OK;
    enum err e = store_variant_key(t, work.recipient, g->key);
    if (e == ERR_NOT_FOUND) {
        random_fill(work.key, sizeof work.key);
        e = store_write(g->call->node->store, key_work, &work, STORE_URGENT);
        memcpy(g->key, work.key, sizeof g->key);
    }
    g->has_key = e == ERR_OK;
    return e;
}

// Writing variants
// ------------------------------------------------------------------------------------

// The recipient has these very words of it already: nothing to send, and nothing to see.
static enum err is_current(
    struct gate *g, struct store_txn *t, struct arena *scratch, struct str id, bool *out)
{
    bool is_known;
    return gate_has(g, t, scratch, id, &is_known, out);
}

// A later version than the recipient has; its own time when that is later.
static int64_t next_time(const struct gate_row *row, const struct store_variant *latest)
{
    int64_t after_us = latest->modified_us + US_PER_MS;
    return latest->seq && row->object.version_us < after_us ? after_us : row->object.version_us;
}

static enum err write_variant(struct gate *g, struct arena *scratch, size_t i,
    const struct stix_object *object, struct policy_redaction *how)
{
    struct gate_row *row = &g->rows[i];
    struct policy_redacted made;
    struct buf modified = buf_in(scratch, 40);
    if (object->has_modified) {
        time_put(&modified, row->variant.modified_us);
        how->modified = buf_str(&modified);
    }
    TRY(policy_redact(scratch, object, how, &made));
    TRY(str_copy(g->call->arena, made.marking, &row->marking));
    row->variant.recipient = g->view.recipient;
    row->variant.object_id = row->object.id;
    row->variant.object_seq = row->object.seq;
    TRY(str_copy(g->call->arena, how->id, &row->variant.variant_id));
    return str_copy(g->call->arena, made.bytes, &row->variant.bytes);
}

static enum err make_variant(struct gate *g, struct store_txn *t, struct arena *scratch,
    struct policy_names names, size_t i, bool *changed)
{
    struct gate_row *row = &g->rows[i];
    const struct policy_facts facts = gate_facts(g, i);
    struct policy_redaction how = {
        .markings = gate_markings(g, i), .facts = &facts, .names = names};
    struct store_variant latest = {0};
    struct policy_redacted bare;
    struct stix_object object;
    TRY(policy_variant_id(scratch, g->key, row->object.id, &how.id));
    TRY(read_object(g, t, scratch, i, &object));
    TRY(policy_redact(scratch, &object, &how, &bare));
    if (bare.decision.result != POLICY_PERMIT) {
        g->candidates[i].decision = bare.decision;
        *changed = true;
        return ERR_OK;
    }
    if (!bare.is_variant)
        return ERR_OK;
    if (is_unattended(g) && bare.marking.len) { // a view has no row for it
        g->candidates[i].decision = policy_decision(POLICY_NEEDS_VARIANT);
        *changed = true;
        return ERR_OK;
    }
    enum err e = store_variant_latest(t, g->view.recipient, row->object.id, &latest);
    if (e != ERR_OK && e != ERR_NOT_FOUND)
        return e;
    hash_sha256(bare.bytes, row->variant.hash);
    bool is_same = latest.seq && !latest.is_erased &&
                   memcmp(latest.hash, row->variant.hash, sizeof latest.hash) == 0;
    if (is_same)
        TRY(is_current(g, t, scratch, row->object.id, &row->is_held));
    row->variant.seq = is_same ? latest.seq : 0;
    row->variant.modified_us = is_same ? latest.modified_us : next_time(row, &latest);
    return write_variant(g, scratch, i, &object, &how);
}

static enum err make_variants(
    struct gate *g, struct store_txn *t, struct arena *scratch, bool *changed)
{
    struct policy_names names = {0};
    for (size_t i = 0; i < g->n; i++) {
        struct policy_candidate *c = &g->candidates[i];
        g->rows[i].variant.bytes = (struct str){"", 0};
        if (!c->is_included || !c->is_variant || g->rows[i].is_held)
            continue;
        TRY(load_key(g, t));
        if (!names.items)
            TRY(policy_names_make(
                g->call->arena, g->candidates, g->n, g->held, g->key, &names));
        struct arena_mark mark = arena_mark(scratch);
        TRY(make_variant(g, t, scratch, names, i, changed));
        arena_rewind(scratch, mark);
    }
    return ERR_OK;
}

// Words of what is withheld
// ------------------------------------------------------------------------------------

struct values {
    struct str *items;
    size_t n;
};

static int compare_values(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

// Of the rows that go whole, or of those that stay; sorted.
static enum err values_of(struct gate *g, bool going, struct values *out)
{
    size_t room = 0;
    *out = (struct values){0};
    for (size_t i = 0; i < g->n; i++)
        room += g->rows[i].n_values;
    out->items = NEW_N(g->call->arena, struct str, room ? room : 1);
    if (!out->items)
        return ERR_LIMIT;
    for (size_t i = 0; i < g->n; i++) {
        bool goes = g->candidates[i].is_included || g->rows[i].is_held;
        bool is_cut = g->candidates[i].is_variant && !g->rows[i].is_held;
        for (size_t k = 0; goes == going && !(goes && is_cut) && k < g->rows[i].n_values; k++)
            out->items[out->n++] = g->rows[i].values[k];
    }
    qsort(out->items, out->n, sizeof *out->items, compare_values);
    return ERR_OK;
}

// Has the recipient the value from elsewhere?
static enum err is_held_value(
    struct gate *g, struct store_txn *t, struct arena *scratch, struct str value, bool *out)
{
    struct store_seqs rows;
    *out = false;
    TRY(store_value_postings(t, scratch, value, &rows));
    for (size_t i = 0; i < rows.n && !*out; i++) {
        struct store_object row;
        TRY(store_membership_contains(t, &g->view, rows.items[i], out));
        TRY(store_object_get(t, scratch, rows.items[i], &row));
        *out |= str_eq(row.originator, g->view.recipient);
    }
    return ERR_OK;
}

// Values of the rows that were asked for, or named, and stay; without their class, and without
// those that the recipient has or gets.
static enum err withheld_values(
    struct gate *g, struct store_txn *t, struct arena *scratch, struct policy_leaks *out)
{
    struct values staying, going;
    size_t n = 0;
    *out = (struct policy_leaks){0};
    TRY(values_of(g, false, &staying));
    if (staying.n == 0)
        return ERR_OK;
    TRY(values_of(g, true, &going));
    for (size_t i = 0; i < staying.n; i++) {
        bool has = bsearch(&staying.items[i], going.items, going.n, sizeof *going.items,
                       compare_values) != NULL;
        struct str text = staying.items[i];
        struct arena_mark mark = arena_mark(scratch);
        if (!has)
            TRY(is_held_value(g, t, scratch, text, &has));
        arena_rewind(scratch, mark);
        str_cut(&text, ':');
        if (!has && text.len && text.ptr[0] != '#')
            staying.items[n++] = text;
    }
    return policy_leaks_prepare(g->call->arena, staying.items, n, out);
}

static enum err scan_row(struct gate *g, struct store_txn *t, struct arena *scratch,
    const struct policy_leaks *leaks, size_t i, bool *changed)
{
    struct str bytes;
    struct json object;
    struct policy_leak leak;
    const struct policy_facts facts = gate_facts(g, i);
    TRY(gate_bytes(g, t, scratch, i, &bytes));
    TRY(json_parse(scratch, bytes, &object, NULL));
    TRY(policy_leak_scan(scratch, leaks, object, &leak));
    const struct policy_decision was = g->candidates[i].decision;
    g->candidates[i].decision = policy_leak_decide(was, &facts, leak.is_found);
    *changed |= g->candidates[i].decision.result != was.result;
    return ERR_OK;
}

static enum err scan(struct gate *g, struct store_txn *t, struct arena *scratch, bool *changed)
{
    struct policy_leaks leaks;
    TRY(withheld_values(g, t, scratch, &leaks));
    for (size_t i = 0; leaks.n && i < g->n; i++) {
        struct arena_mark mark = arena_mark(scratch);
        if (g->candidates[i].is_included && !g->rows[i].is_held)
            TRY(scan_row(g, t, scratch, &leaks, i, changed));
        arena_rewind(scratch, mark);
    }
    return ERR_OK;
}

// Each round takes permission away, so that it ends.
enum err gate_close(struct gate *g, struct store_txn *t)
{
    struct arena scratch;
    bool changed = true;
    arena_init(&scratch, REQUEST_ARENA_BYTES_MAX);
    enum err e = NEW(&scratch, char) ? ERR_OK : ERR_LIMIT; // keeps the block between rewinds
    while (e == ERR_OK && changed) {
        changed = false;
        e = policy_close_variants(g->call->arena, g->candidates, g->n, g->held);
        if (e == ERR_OK && may_vary(g))
            e = make_variants(g, t, &scratch, &changed);
        if (e == ERR_OK && !changed && may_vary(g) && !is_unattended(g))
            e = scan(g, t, &scratch, &changed);
    }
    arena_release(&scratch);
    return e;
}
