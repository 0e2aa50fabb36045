// SPDX-License-Identifier: Apache-2.0
#include "api/gate.h"

#include "api/recipients.h"
#include "sys/clock.h"

#define PAGE_ROWS 500

static enum err open_inside(struct call *call, struct str to, struct gate *g)
{
    struct store_recipient row;
    struct recipient_terms terms;
    struct store_txn *t;
    struct str key;
    if (recipient_key(call, to, &key) != ERR_OK)
        return ERR_NOT_FOUND;
    TRY(store_read_begin(call->node->store, &t));
    enum err e = recipient_in_force(t, call->arena, key, &row);
    store_read_end(t);
    TRY(e == ERR_DENIED ? ERR_NOT_FOUND : e);
    TRY(recipient_terms(call, &row, &terms));
    g->view = (struct store_view){.recipient = row.key, .view = RECIPIENT_VIEW};
    g->facts.recipient = terms.recipient;
    g->facts.agreement = terms.agreement;
    g->facts.purpose = terms.purpose;
    g->facts.channel = terms.channel;
    return ERR_OK;
}

static enum err open_partner(struct call *call, struct str party, struct gate *g)
{
    TRY(exchange_terms(call->node->exchange, party, call->arena, &g->terms));
    g->view = (struct store_view){.recipient = party, .view = STR("link")};
    g->facts.recipient = (struct policy_recipient){
        .party = party, .trigraph = g->terms.country, .relation = POLICY_OTHER};
    g->facts.agreement = g->terms.agreement;
    g->facts.purpose = g->terms.purpose;
    g->facts.channel = POLICY_LINK;
    g->facts.cosignature_age_us = g->terms.cosignature_age_us;
    g->facts.cosignature_age_max_us = g->terms.cosignature_age_max_us;
    return ERR_OK;
}

enum err gate_open(struct call *call, struct str to, struct gate *out)
{
    struct gate g = {
        .call = call, .facts = {.self = call->node->party, .now_us = clock_now_us()}};
    bool is_inside = to.len && memchr(to.ptr, '/', to.len);
    TRY(is_inside ? open_inside(call, to, &g) : open_partner(call, to, &g));
    *out = g;
    return ERR_OK;
}

bool gate_is_inside(const struct gate *g)
{
    return g->facts.recipient.relation == POLICY_OURS;
}

enum err gate_grow(struct arena *a, void **items, size_t size, size_t n, size_t *capacity)
{
    if (n < *capacity)
        return ERR_OK;
    size_t more = *capacity ? 2 * *capacity : 256;
    void *p = arena_alloc(a, more, size, _Alignof(max_align_t));
    if (!p)
        return ERR_LIMIT;
    if (n)
        memcpy(p, *items, n * size);
    *items = p;
    *capacity = more;
    return ERR_OK;
}

// Keeps of an object what the decision and the answer need; the rest goes with the scratch
// arena.
static enum err keep(struct arena *a, const struct stix_object *object, struct gate_row *row,
    struct policy_candidate *candidate)
{
    struct stix_ref *refs = NEW_N(a, struct stix_ref, object->n_refs ? object->n_refs : 1);
    row->values = NEW_N(a, struct str, object->n_values ? object->n_values : 1);
    if (!refs || !row->values)
        return ERR_LIMIT;
    for (size_t i = 0; i < object->n_refs; i++) {
        refs[i].roles = object->refs[i].roles;
        TRY(str_copy(a, object->refs[i].id, &refs[i].id));
    }
    for (size_t i = 0; i < object->n_values; i++)
        TRY(str_copy(a, object->values[i], &row->values[i]));
    row->n_values = object->n_values;
    row->kind = object->kind;
    row->refs = candidate->refs = refs;
    row->n_refs = candidate->n_refs = object->n_refs;
    return ERR_OK;
}

enum err gate_share(
    struct gate *g, struct str text, bool is_handling, const struct gate_text **out)
{
    size_t low = 0, high = g->n_texts;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (str_cmp(g->texts[mid]->text, text) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    if (low < g->n_texts && str_eq(g->texts[low]->text, text)) {
        *out = g->texts[low];
        return ERR_OK;
    }
    struct arena *a = g->call->arena;
    struct gate_text *made = NEW(a, struct gate_text);
    void *items = g->texts;
    if (!made)
        return ERR_LIMIT;
    TRY(str_copy(a, text, &made->text));
    if (is_handling)
        TRY(policy_handling_parse(a, made->text, &made->handling, NULL));
    TRY(gate_grow(a, &items, sizeof *g->texts, g->n_texts, &g->texts_capacity));
    g->texts = items;
    memmove(g->texts + low + 1, g->texts + low, (g->n_texts - low) * sizeof *g->texts);
    g->texts[low] = made;
    g->n_texts++;
    *out = made;
    return ERR_OK;
}

// What is kept of a row that may live in a page's arena.
static enum err keep_object(
    struct gate *g, const struct store_object *object, struct store_object *out)
{
    const struct gate_text *type, *source, *originator, *handling;
    TRY(gate_share(g, object->type, false, &type));
    TRY(gate_share(g, object->source, false, &source));
    TRY(gate_share(g, object->originator, false, &originator));
    TRY(gate_share(g, object->handling, true, &handling));
    struct store_object kept = *object;
    TRY(str_copy(g->call->arena, object->id, &kept.id));
    kept.type = type->text;
    kept.source = source->text;
    kept.originator = originator->text;
    kept.handling = handling->text;
    *out = kept;
    return ERR_OK;
}

static enum err read_row(struct gate *g, struct store_txn *t, struct arena *scratch,
    struct gate_row *row, struct policy_candidate *candidate)
{
    struct str bytes;
    struct stix_object object;
    struct stix_problem problem;
    TRY(store_object_bytes(t, scratch, row->object.seq, &bytes));
    TRY(stix_object_read(scratch, bytes, &object, &problem));
    TRY(gate_label(g, t, scratch, &object, row));
    TRY(gate_find_grants(g, t, row));
    return keep(g->call->arena, &object, row, candidate);
}

static size_t seq_place(const struct gate *g, int64_t seq)
{
    size_t low = 0, high = g->n;
    if (high && g->seqs[high - 1] < seq)
        return high; // pages come in order
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (g->seqs[mid] < seq)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static enum err check_held(struct gate *g, struct store_txn *t, struct gate_row *row)
{
    if (str_eq(row->object.originator, g->view.recipient)) {
        row->is_held = true;
        return ERR_OK;
    }
    return store_membership_contains(t, &g->view, row->object.seq, &row->is_held);
}

static enum err append(
    struct gate *g, const struct gate_row *row, const struct policy_candidate *candidate)
{
    struct arena *a = g->call->arena;
    void *rows = g->rows, *candidates = g->candidates, *seqs = g->seqs;
    size_t capacity = g->capacity, same = capacity, again = capacity;
    TRY(gate_grow(a, &rows, sizeof *g->rows, g->n, &capacity));
    TRY(gate_grow(a, &candidates, sizeof *g->candidates, g->n, &same));
    TRY(gate_grow(a, &seqs, sizeof *g->seqs, g->n, &again));
    g->rows = rows;
    g->candidates = candidates;
    g->seqs = seqs;
    g->capacity = capacity;
    size_t place = seq_place(g, row->object.seq);
    memmove(g->seqs + place + 1, g->seqs + place, (g->n - place) * sizeof *g->seqs);
    g->seqs[place] = row->object.seq;
    g->rows[g->n] = *row;
    g->candidates[g->n++] = *candidate;
    return ERR_OK;
}

// A row that came along with another one is now asked for itself.
static void ask_for(struct gate *g, int64_t seq)
{
    for (size_t i = 0; i < g->n; i++)
        if (g->rows[i].object.seq == seq)
            g->candidates[i].is_on_demand = false;
}

enum err gate_add(
    struct gate *g, struct store_txn *t, const struct store_object *object, bool on_demand)
{
    size_t place = seq_place(g, object->seq);
    if (object->state == STORE_DESTROYED)
        return ERR_OK;
    if (place < g->n && g->seqs[place] == object->seq) {
        if (!on_demand)
            ask_for(g, object->seq);
        return ERR_OK;
    }
    struct gate_row row = {.object = *object};
    struct policy_candidate candidate = {.is_on_demand = on_demand};
    struct arena scratch;
    arena_init(&scratch, REQUEST_ARENA_BYTES_MAX);
    enum err e = read_row(g, t, &scratch, &row, &candidate);
    arena_release(&scratch);
    TRY(e);
    TRY(check_held(g, t, &row));
    row.is_sent = row.is_held;
    TRY(keep_object(g, object, &row.object));
    candidate.id = row.object.id;
    return append(g, &row, &candidate);
}

void gate_drop_last(struct gate *g)
{
    size_t place = seq_place(g, g->rows[g->n - 1].object.seq);
    g->n--;
    memmove(g->seqs + place, g->seqs + place + 1, (g->n - place) * sizeof *g->seqs);
}

enum err gate_add_id(struct gate *g, struct store_txn *t, struct str id)
{
    struct store_objects rows;
    bool found = false;
    TRY(store_objects_by_id(t, g->call->arena, id, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        bool newest = i == 0 || !str_eq(rows.items[i].source, rows.items[i - 1].source);
        if (newest && rows.items[i].state != STORE_DESTROYED) {
            TRY(gate_add(g, t, &rows.items[i], false));
            found = true;
        }
    }
    return found ? ERR_OK : ERR_NOT_FOUND;
}

// A marking definition goes with what it marks: whoever asks for everything does not tell the
// recipient which markings are in use for what is withheld.
static enum err add_page(
    struct gate *g, struct arena *page, struct store_filter *filter, bool *more)
{
    struct store_txn *t;
    struct store_objects rows;
    TRY(store_read_begin(g->call->node->store, &t));
    enum err e = store_objects_after(t, page, filter, &rows);
    for (size_t i = 0; e == ERR_OK && i < rows.n; i++) {
        struct store_object newest;
        e = store_object_latest(t, page, rows.items[i].id, rows.items[i].source, &newest);
        bool is_marking = str_eq(rows.items[i].type, STR("marking-definition"));
        struct gate_row row = {.object = newest};
        if (e != ERR_OK || newest.seq != rows.items[i].seq)
            continue;
        e = check_held(g, t, &row);
        g->n_held += row.is_held; // nothing to decide, so nothing of it is kept
        if (e == ERR_OK && !row.is_held)
            e = gate_add(g, t, &newest, is_marking && filter->type.len == 0);
    }
    store_read_end(t);
    TRY(e);
    *more = rows.n == filter->limit;
    if (rows.n)
        filter->after = rows.items[rows.n - 1].seq;
    return ERR_OK;
}

enum err gate_add_all(struct gate *g, struct store_filter filter, int64_t *next)
{
    struct arena page;
    enum err e = ERR_OK;
    bool more = true;
    size_t most = filter.limit;
    arena_init(&page, REQUEST_ARENA_BYTES_MAX);
    while (more && e == ERR_OK && g->n < most) {
        filter.limit = most - g->n < PAGE_ROWS ? most - g->n : PAGE_ROWS;
        e = add_page(g, &page, &filter, &more);
        arena_release(&page);
    }
    *next = more ? filter.after : 0;
    return e;
}

// What the rows name and we hold from the same source may go with them, when it may go at all.
static enum err add_references(struct gate *g, struct store_txn *t, struct arena *scratch)
{
    for (size_t i = 0; i < g->n; i++) // grows on the way
        for (size_t j = 0; j < g->candidates[i].n_refs; j++) {
            const struct stix_ref *ref = &g->candidates[i].refs[j];
            struct store_object row;
            if (!(ref->roles & ~(unsigned)STIX_REF_CREATOR) || stix_is_builtin(ref->id))
                continue;
            if (g->only_markings && !(ref->roles & STIX_REF_MARKING))
                continue;
            struct arena_mark mark = arena_mark(scratch);
            enum err e =
                store_object_latest(t, scratch, ref->id, g->rows[i].object.source, &row);
            size_t n = g->n;
            if (e == ERR_OK)
                e = gate_add(g, t, &row, true);
            if (e == ERR_OK && g->n > n && g->may_come && !g->may_come(g, &g->rows[n]))
                gate_drop_last(g);
            arena_rewind(scratch, mark);
            if (e != ERR_OK && e != ERR_NOT_FOUND)
                return e;
        }
    return ERR_OK;
}

static int compare_ids(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static enum err is_shown_as_variant(
    const struct gate *g, struct store_txn *t, int64_t seq, bool *out)
{
    if (gate_is_inside(g))
        return store_membership_is_variant(t, &g->view, seq, out);
    enum err e = store_sent_as_variant(t, g->view.recipient, seq, out);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err gate_has(struct gate *g, struct store_txn *t, struct arena *scratch, struct str id,
    bool *known, bool *renamed)
{
    struct store_objects rows;
    *known = *renamed = false;
    TRY(store_objects_by_id(t, scratch, id, &rows));
    for (size_t i = 0; i < rows.n && !*known; i++) {
        bool is_member, is_variant = false;
        *known = str_eq(rows.items[i].originator, g->view.recipient);
        TRY(store_membership_contains(t, &g->view, rows.items[i].seq, &is_member));
        if (*known || !is_member)
            continue;
        TRY(is_shown_as_variant(g, t, rows.items[i].seq, &is_variant));
        *known = !is_variant;
        *renamed |= is_variant;
    }
    *renamed &= !*known;
    return ERR_OK;
}

// The ids of the rows and of what they name, sorted; some twice.
static enum err list_ids(struct gate *g, struct policy_ids *out)
{
    size_t n = g->n, k = 0;
    for (size_t i = 0; i < g->n; i++)
        n += g->rows[i].n_refs;
    struct str *ids = NEW_N(g->call->arena, struct str, n ? n : 1);
    if (!ids)
        return ERR_LIMIT;
    for (size_t i = 0; i < g->n; i++) {
        ids[k++] = g->rows[i].object.id;
        for (size_t j = 0; j < g->rows[i].n_refs; j++)
            ids[k++] = g->rows[i].refs[j].id;
    }
    qsort(ids, n, sizeof *ids, compare_ids);
    *out = (struct policy_ids){.items = ids, .n = n};
    return ERR_OK;
}

// What of all that the recipient has or originated, as received or as a variant.
static enum err find_known(struct gate *g, struct store_txn *t, struct arena *scratch)
{
    struct policy_ids ids;
    struct str last = {"", 0};
    TRY(list_ids(g, &ids));
    struct str *known = NEW_N(g->call->arena, struct str, ids.n + 1);
    struct str *renamed = NEW_N(g->call->arena, struct str, ids.n + 1);
    if (!known || !renamed)
        return ERR_LIMIT;
    g->held = (struct policy_held){.known = {.items = known}, .renamed = {.items = renamed}};
    for (size_t i = 0; i < ids.n; i++) {
        bool is_known, is_renamed;
        struct str id = ids.items[i];
        if (str_eq(id, last))
            continue;
        last = id;
        struct arena_mark mark = arena_mark(scratch);
        TRY(gate_has(g, t, scratch, id, &is_known, &is_renamed));
        arena_rewind(scratch, mark);
        if (is_known)
            known[g->held.known.n++] = id;
        if (is_renamed)
            renamed[g->held.renamed.n++] = id;
    }
    return ERR_OK;
}

enum err gate_bytes(
    const struct gate *g, struct store_txn *t, struct arena *a, size_t i, struct str *out)
{
    *out = g->rows[i].variant.bytes;
    return out->len ? ERR_OK : store_object_bytes(t, a, g->rows[i].object.seq, out);
}

// The label once more: an origin may have become stricter.
static enum err is_labelled_so(
    struct gate *g, struct store_txn *t, struct arena *a, size_t i, bool *out)
{
    struct gate_row again = {.object = g->rows[i].object};
    struct str bytes;
    struct stix_object object;
    struct stix_problem problem;
    TRY(store_object_bytes(t, a, again.object.seq, &bytes));
    TRY(stix_object_read(a, bytes, &object, &problem));
    TRY(gate_label(g, t, a, &object, &again));
    *out = again.label.problem == g->rows[i].label.problem &&
           str_eq(again.handling, g->rows[i].handling);
    return ERR_OK;
}

enum err gate_is_unchanged(
    struct gate *g, struct store_txn *t, struct arena *a, size_t i, bool *out)
{
    const struct store_object *was = &g->rows[i].object;
    struct store_object now;
    TRY(store_object_latest(t, a, was->id, was->source, &now));
    *out =
        now.seq == was->seq && now.state == was->state && str_eq(now.handling, was->handling);
    return *out && g->rows[i].is_derived ? is_labelled_so(g, t, a, i, out) : ERR_OK;
}

struct policy_facts gate_facts(const struct gate *g, size_t i)
{
    struct policy_facts facts = g->facts;
    facts.type = g->rows[i].object.type;
    facts.label = g->rows[i].label;
    facts.is_redacted = g->rows[i].is_cut;
    facts.object = g->rows[i].granted;
    facts.grants = g->rows[i].grants;
    facts.n_grants = g->rows[i].n_grants;
    facts.is_recalled = g->rows[i].object.state == STORE_RECALLED;
    facts.is_withdrawn = g->rows[i].object.state == STORE_QUARANTINED;
    return facts;
}

static enum err prepare(struct gate *g, struct store_txn *t, struct arena *scratch)
{
    for (size_t i = 0; i < g->n; i++) { // again: officers may have approved meanwhile
        g->candidates[i].refs = g->rows[i].refs;
        g->candidates[i].n_refs = g->rows[i].n_refs;
    }
    TRY(add_references(g, t, scratch));
    TRY(find_known(g, t, scratch));
    for (size_t i = 0; i < g->n; i++) {
        struct arena_mark mark = arena_mark(scratch);
        TRY(gate_cut(g, t, scratch, i));
        arena_rewind(scratch, mark);
    }
    return ERR_OK;
}

enum err gate_decide(struct gate *g, struct store_txn *t)
{
    struct arena scratch;
    arena_init(&scratch, REQUEST_ARENA_BYTES_MAX);
    enum err e = NEW(&scratch, char) ? ERR_OK : ERR_LIMIT; // keeps the block between rewinds
    if (e == ERR_OK)
        e = prepare(g, t, &scratch);
    arena_release(&scratch);
    return e == ERR_OK ? gate_close(g, t) : e;
}
