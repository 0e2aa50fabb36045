// SPDX-License-Identifier: Apache-2.0
// A warning list into the store, whoever brings it: a request, or a feed.
#include "api/warnings.h"

#include "base/hex.h"
#include "base/limits.h"
#include "hash/hash.h"
#include "store/principal.h"
#include "store/warning.h"
#include "sys/clock.h"

struct add_work {
    struct arena *a;
    int64_t principal;
    struct store_warning list;
    struct str document;
    bool is_same;
    bool is_older; // than what is held
};

// Why the list cannot be taken beside the others; the one of its name goes.
static enum err check_room(struct add_work *work, const struct store_warnings *all)
{
    uint64_t lists = 1, entries = (uint64_t)work->list.entries, bytes = work->document.len;
    for (size_t i = 0; i < all->n; i++) {
        const struct store_warning *held = &all->items[i];
        if (!str_eq(held->name, work->list.name)) {
            lists++;
            entries += (uint64_t)held->entries;
            bytes += (uint64_t)held->document_bytes;
            continue;
        }
        work->is_same = hash_equal(held->digest, work->list.digest, sizeof held->digest);
        work->is_older = held->version > work->list.version;
    }
    bool has_room = lists <= WARNING_LISTS_MAX && entries <= WARNING_ENTRIES_MAX &&
                    bytes <= WARNING_BYTES_MAX;
    if (work->is_same || !work->is_older)
        return has_room || work->is_same ? ERR_OK : ERR_LIMIT;
    return ERR_CONFLICT;
}

static enum err add(struct store_txn *t, void *context)
{
    struct add_work *work = context;
    struct store_warnings all;
    struct buf detail = buf_in(work->a, KIB);
    int64_t id;
    work->is_same = work->is_older = false;
    TRY(store_warnings_all(t, work->a, &all));
    TRY(check_room(work, &all));
    if (work->is_same)
        return ERR_OK;
    TRY(store_warning_put(t, &work->list, work->document, &id));
    buf_put(&detail, STR("version "));
    buf_put_i64(&detail, work->list.version);
    buf_put(&detail, STR(", sha256 "));
    hex_put(&detail, work->list.digest, sizeof work->list.digest);
    const struct store_audit event = {.at_us = work->list.added_us,
        .principal = work->principal,
        .action = STR("warning.put"),
        .target = work->list.name,
        .detail = buf_str(&detail)};
    return store_audit_add(t, &event);
}

// Entries that match nothing are counted by compiling the list alone.
static enum err count(const struct warning_list *list, struct warning_count *out)
{
    struct arena kept, scratch;
    struct warning_set *set;
    arena_init(&kept, WARNING_SET_BYTES_MAX);
    arena_init(&scratch, WARNING_SET_BYTES_MAX);
    enum err e = warning_set_begin(&kept, &scratch, &set);
    if (e == ERR_OK)
        e = warning_set_add(set, list, out);
    arena_release(&scratch);
    arena_release(&kept);
    return e;
}

static enum err say_fault(struct arena *a, enum err e, struct fault fault, struct str *why)
{
    struct buf b = buf_in(a, KIB);
    if (e != ERR_INVALID && e != ERR_LIMIT)
        return e;
    buf_put(&b, STR("byte "));
    buf_put_u64(&b, fault.at);
    buf_put(&b, STR(": "));
    buf_put(&b, str_of(fault.why));
    *why = buf_str(&b);
    return e;
}

enum err warnings_add(const struct api_config *node, struct arena *a, int64_t principal,
    struct str document, struct warnings_added *out, struct str *why)
{
    struct warning_list list;
    struct fault fault = {.at = 0, .why = NULL};
    *why = STR("");
    enum err e = document.len > WARNING_LIST_BYTES_MAX
                     ? fault_set(&fault, ERR_LIMIT, 0, "a warning list has 16 MiB at most")
                     : warning_list_read(a, document, &list, &fault);
    if (e != ERR_OK)
        return say_fault(a, e, fault, why);
    struct warnings_added added = {.name = list.name, .version = list.version};
    TRY(count(&list, &added.count));
    struct add_work work = {.a = a,
        .principal = principal,
        .document = document,
        .list = {.name = list.name,
            .version = list.version,
            .type = warning_type_word(list.type),
            .description = list.description,
            .entries = (int64_t)added.count.entries,
            .unmatched = (int64_t)added.count.unmatched,
            .document_bytes = (int64_t)document.len,
            .added_us = clock_now_us()}};
    hash_sha256(document, work.list.digest);
    e = store_write(node->store, add, &work, STORE_NORMAL);
    if (e == ERR_CONFLICT && work.is_older)
        *why = STR("a later version of this list is held; remove it first");
    if (e == ERR_LIMIT)
        *why = STR("1,000 lists are held, of 2,000,000 entries and 64 MiB in all");
    TRY(e);
    if (!work.is_same)
        warnings_changed(node->warnings);
    added.is_same = work.is_same;
    *out = added;
    return ERR_OK;
}
