// SPDX-License-Identifier: Apache-2.0
// Changes of one row: in its block's parts, or while it waits.
#include "store/text_priv.h"

#include "base/limits.h"
#include "stix/text.h"
#include "store/store_priv.h"
#include "json/json.h"

struct edit {
    struct store_txn *txn;
    struct arena *arena;
    int64_t seq;
    bool is_all;         // every number goes, or
    uint32_t less, more; // one goes and another comes
    uint32_t *lost;      // numbers that no other row of the block has, in order
    size_t n_lost, room_lost;
};

static enum err lose(struct edit *edit, uint32_t number)
{
    if (edit->n_lost == edit->room_lost) {
        size_t room = edit->room_lost ? 2 * edit->room_lost : 256;
        uint32_t *lost = NEW_N(edit->arena, uint32_t, room);
        if (!lost)
            return ERR_LIMIT;
        if (edit->n_lost)
            memcpy(lost, edit->lost, edit->n_lost * sizeof *lost);
        edit->lost = lost;
        edit->room_lost = room;
    }
    edit->lost[edit->n_lost++] = number;
    return ERR_OK;
}

// The entries without the row.
static enum err drop_row(struct edit *edit, struct str entries, struct buf *b, bool *is_changed)
{
    unsigned row = (unsigned)(edit->seq % TEXT_BLOCK_ROWS);
    uint32_t number;
    struct str list;
    enum err e = ERR_OK;
    *is_changed = false;
    while (text_entry_next(&entries, &number, &list, &e)) {
        struct text_rows rows = {0};
        TRY(text_list_read(list, &rows));
        if (text_rows_has(&rows, row)) {
            text_rows_remove(&rows, row);
            *is_changed = true;
            if (text_rows_is_empty(&rows))
                TRY(lose(edit, number));
        }
        text_entry_put(b, number, &rows);
    }
    return e == ERR_OK ? b->err : e;
}

static enum err drop_from_part(struct edit *edit, unsigned part, struct arena *scratch)
{
    int64_t id = text_part_id(0, edit->seq / TEXT_BLOCK_ROWS, part);
    bool is_changed = false;
    struct arena_mark mark = arena_mark(scratch);
    struct buf b = buf_in(scratch, SIZE_MAX / 2);
    struct db_query q = db_query(
        edit->txn->db, "SELECT coalesce((SELECT entries FROM text_part WHERE id = ?), x'')");
    db_bind_int(&q, id);
    enum err e = ERR_OK;
    if (db_one(&q))
        e = drop_row(edit, db_blob(&q, 0), &b, &is_changed);
    enum err ended = db_end(&q);
    TRY(e);
    TRY(ended);
    if (is_changed)
        TRY(text_part_write(edit->txn, id, buf_str(&b)));
    arena_rewind(scratch, mark);
    return ERR_OK;
}

static enum err drop_all(struct edit *edit)
{
    struct arena scratch;
    enum err e = ERR_OK;
    arena_init(&scratch, 256 * MIB);
    for (unsigned part = 0; e == ERR_OK && part < text_parts(0); part++)
        e = drop_from_part(edit, part, &scratch);
    if (e == ERR_OK)
        e = text_block_lost(
            edit->txn, &scratch, edit->seq / TEXT_BLOCK_ROWS, edit->lost, edit->n_lost);
    arena_release(&scratch);
    return e;
}

static enum err edit_parts(struct edit *edit)
{
    if (edit->is_all)
        return drop_all(edit);
    TRY(text_row_change(edit->txn, edit->arena, edit->seq, edit->less, false));
    return text_row_change(edit->txn, edit->arena, edit->seq, edit->more, true);
}

static enum err waiting_numbers(const struct edit *edit, struct str *out, bool *is_waiting)
{
    struct db_query q =
        db_query(edit->txn->db, "SELECT numbers FROM text_waiting WHERE seq = ?");
    db_bind_int(&q, edit->seq);
    *is_waiting = db_next(&q);
    *out = *is_waiting ? db_copy(&q, 0, edit->arena) : (struct str){"", 0};
    return db_end(&q);
}

static enum err edit_waiting(const struct edit *edit, struct str numbers)
{
    struct buf b = buf_in(edit->arena, SIZE_MAX / 2);
    for (size_t i = 0; !edit->is_all && i + 4 <= numbers.len; i += 4) {
        uint32_t number = text_number_at(numbers.ptr + i);
        buf_put_u32be(&b, number == edit->less ? edit->more : number);
    }
    TRY(b.err);
    struct db_query q =
        edit->is_all
            ? db_query(edit->txn->db, "DELETE FROM text_waiting WHERE seq = ?1")
            : db_query(edit->txn->db, "UPDATE text_waiting SET numbers = ?2 WHERE seq = ?1");
    db_bind_int(&q, edit->seq);
    if (!edit->is_all)
        db_bind_blob(&q, buf_str(&b));
    return db_run(&q);
}

static enum err run_edit(struct edit *edit)
{
    struct str numbers;
    bool is_waiting;
    TRY(waiting_numbers(edit, &numbers, &is_waiting));
    return is_waiting ? edit_waiting(edit, numbers) : edit_parts(edit);
}

enum err text_erase(struct store_txn *t, int64_t seq)
{
    struct arena a;
    struct edit edit = {.txn = t, .arena = &a, .seq = seq, .is_all = true};
    arena_init(&a, 256 * MIB);
    enum err e = run_edit(&edit);
    arena_release(&a);
    return e;
}

static uint32_t number_of(enum stix_tlp tlp)
{
    return store_mark_number(STORE_MARK_MARKING, stix_tlp_word(tlp));
}

// The level that the index has for the row; STIX_TLPS when it has none.
static enum err tlp_present(
    struct store_txn *t, struct arena *a, int64_t seq, enum stix_tlp *out)
{
    struct store_found *found;
    bool has = false;
    *out = STIX_TLPS;
    for (enum stix_tlp tlp = STIX_TLP_CLEAR; tlp < STIX_TLPS && !has; tlp++) {
        uint32_t number = number_of(tlp);
        struct store_numbers numbers = {&number, 1};
        const struct store_any any = {&numbers, 1};
        const struct store_search search = {&any, 1};
        TRY(store_found_new(t, a, &search, &found));
        TRY(store_found_has(found, seq, &has));
        if (has)
            *out = tlp;
    }
    return ERR_OK;
}

static enum err remark(struct store_txn *t, struct arena *a, int64_t seq, struct str handling)
{
    enum stix_tlp present, next = text_handling_tlp(a, handling);
    TRY(tlp_present(t, a, seq, &present));
    if (present == STIX_TLPS || next <= present)
        return ERR_OK;
    struct edit edit = {
        .txn = t, .arena = a, .seq = seq, .less = number_of(present), .more = number_of(next)};
    return run_edit(&edit);
}

// Handling becomes stricter only, so that the level is never below the present one.
enum err text_remark(struct store_txn *t, int64_t seq, struct str handling)
{
    struct arena a;
    arena_init(&a, 256 * MIB);
    enum err e = remark(t, &a, seq, handling);
    arena_release(&a);
    return e;
}
