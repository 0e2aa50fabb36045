// SPDX-License-Identifier: Apache-2.0
// Rows wait, each with its numbers, until their block is full; then the block is written once,
// part by part. So an import writes pages one after the other, wherever its words belong.
#include "store/text_priv.h"

#include "base/limits.h"
#include "base/sort.h"
#include "stix/marking.h"
#include "stix/text.h"
#include "store/rows_priv.h"
#include "store/store_priv.h"
#include "json/json.h"

#define FOLD_NUMBERS_MAX (4u * MIB) // sorted at a time
#define MARK_BYTES_MAX   4096u      // what is longer is cut, and looked at in the bytes

uint32_t store_mark_number(enum store_mark mark, struct str text)
{
    char bytes[MARK_BYTES_MAX + 2] = {0, (char)mark}; // no term begins with a NUL
    text = str_to(text, MARK_BYTES_MAX);
    if (text.len)
        memcpy(bytes + 2, text.ptr, text.len);
    return stix_term_hash((struct str){bytes, text.len + 2});
}

enum stix_tlp text_handling_tlp(struct arena *a, struct str handling)
{
    struct json root, value;
    struct str word;
    enum stix_tlp tlp;
    if (handling.len == 0 || json_parse(a, handling, &root, NULL) != ERR_OK ||
        !json_get(root, STR("tlp"), &value) || json_string(a, value, &word) != ERR_OK)
        return STIX_TLP_CLEAR;
    return stix_tlp_parse(word, &tlp) == ERR_OK ? tlp : STIX_TLP_RED;
}

static uint32_t marking_number(enum stix_tlp tlp)
{
    return store_mark_number(STORE_MARK_MARKING, stix_tlp_word(tlp));
}

enum err text_row_numbers(
    struct arena *a, const struct store_object_in *in, struct str handling, struct str *out)
{
    struct buf b = buf_in(a, 64 * MIB);
    enum stix_tlp tlp = text_handling_tlp(a, handling);
    buf_put_u32be(&b, store_mark_number(STORE_MARK_TYPE, in->type));
    buf_put_u32be(&b, store_mark_number(STORE_MARK_SOURCE, in->source));
    buf_put_u32be(&b, marking_number(tlp > in->tlp ? tlp : in->tlp));
    for (size_t i = 0; i < in->numbers_n; i++)
        buf_put_u32be(&b, in->numbers[i]);
    return buf_end(&b, out);
}

enum err text_wait(struct store_txn *t, struct arena *a, int64_t seq,
    const struct store_object_in *in, struct str handling)
{
    struct str numbers;
    TRY(text_row_numbers(a, in, handling, &numbers));
    struct db_query q =
        db_query(t->db, "INSERT INTO text_waiting (seq, numbers) VALUES (?, ?)");
    db_bind_int(&q, seq);
    db_bind_blob(&q, numbers);
    return db_run(&q);
}

enum err text_insert(struct store_txn *t, int64_t seq, const struct store_object_in *in)
{
    struct arena a;
    arena_init(&a, 128 * MIB);
    enum err e = text_wait(t, &a, seq, in, in->handling);
    arena_release(&a);
    if (e == ERR_OK && seq % TEXT_BLOCK_ROWS == TEXT_BLOCK_ROWS - 1)
        e = text_fold_block(t, seq / TEXT_BLOCK_ROWS);
    return e;
}

#define PARTS (1u << TEXT_PART_BITS) // of a block

struct fold {
    struct store_txn *txn;
    struct arena *arena;
    int64_t block;
    size_t counts[PARTS];
    unsigned part, parts_end; // of this pass
    uint64_t *pairs, *spare;
    size_t n, room;
};

typedef void (*fold_take)(struct fold *f, uint32_t number, uint64_t row);

static void count(struct fold *f, uint32_t number, uint64_t row)
{
    (void)row;
    f->counts[text_part_of(0, number)]++;
}

static void take(struct fold *f, uint32_t number, uint64_t row)
{
    unsigned part = text_part_of(0, number);
    if (part >= f->part && part < f->parts_end && f->n < f->room)
        f->pairs[f->n++] = (uint64_t)number << 32 | row;
}

static enum err each_waiting(struct fold *f, fold_take what)
{
    struct db_query q = db_query(f->txn->db, "SELECT seq, numbers FROM text_waiting"
                                             " WHERE seq BETWEEN ?1 * 1024 AND ?1 * 1024 + 1023"
                                             " ORDER BY seq");
    db_bind_int(&q, f->block);
    while (db_next(&q)) {
        uint64_t row = (uint64_t)db_int(&q, 0) % TEXT_BLOCK_ROWS;
        struct str numbers = db_blob(&q, 1);
        for (size_t i = 0; i + 4 <= numbers.len; i += 4)
            what(f, text_number_at(numbers.ptr + i), row);
    }
    return db_end(&q);
}

enum err text_part_write(struct store_txn *t, int64_t id, struct str entries)
{
    struct db_query q =
        entries.len
            ? db_query(t->db, "INSERT OR REPLACE INTO text_part (id, entries) VALUES (?1, ?2)")
            : db_query(t->db, "DELETE FROM text_part WHERE id = ?1");
    db_bind_int(&q, id);
    if (entries.len)
        db_bind_blob(&q, entries);
    return db_run(&q);
}

static enum err write_parts(struct fold *f)
{
    sort_u64(f->pairs, f->spare, f->n);
    struct text_pairs pairs = {f->pairs, f->n, 0};
    for (unsigned part = f->part; part < f->parts_end; part++) {
        struct arena_mark mark = arena_mark(f->arena);
        struct buf b = buf_in(f->arena, SIZE_MAX / 2);
        text_part_build(&b, &pairs, 0, part);
        enum err e = b.err;
        if (e == ERR_OK && b.len)
            e = text_part_write(f->txn, text_part_id(0, f->block, part), buf_str(&b));
        arena_rewind(f->arena, mark);
        TRY(e);
    }
    return ERR_OK;
}

// The parts of the next pass, as many as FOLD_NUMBERS_MAX allows: memory is bounded, whatever
// the texts.
static enum err next_pass(struct fold *f)
{
    f->part = f->parts_end;
    f->room = 0;
    while (f->parts_end < PARTS &&
           (f->parts_end == f->part || f->room + f->counts[f->parts_end] <= FOLD_NUMBERS_MAX))
        f->room += f->counts[f->parts_end++];
    f->n = 0;
    f->pairs = NEW_N(f->arena, uint64_t, f->room + 1);
    f->spare = NEW_N(f->arena, uint64_t, f->room + 1);
    return f->pairs && f->spare ? ERR_OK : ERR_LIMIT;
}

static enum err fold_passes(struct fold *f)
{
    TRY(each_waiting(f, count));
    while (f->parts_end < PARTS) {
        struct arena_mark mark = arena_mark(f->arena);
        TRY(next_pass(f));
        TRY(each_waiting(f, take));
        TRY(write_parts(f));
        arena_rewind(f->arena, mark);
    }
    struct db_query q = db_query(f->txn->db,
        "DELETE FROM text_waiting WHERE seq BETWEEN ?1 * 1024 AND ?1 * 1024 + 1023");
    db_bind_int(&q, f->block);
    return db_run(&q);
}

enum err text_fold_block(struct store_txn *t, int64_t block)
{
    struct arena a;
    struct fold f = {.txn = t, .arena = &a, .block = block};
    arena_init(&a, SIZE_MAX / 2);
    enum err e = fold_passes(&f);
    arena_release(&a);
    return e == ERR_OK ? text_levels_fold(t, block + 1) : e;
}

enum err store_text_check_form(struct store_txn *t)
{
    struct db_query q = db_query(t->db, "SELECT version FROM text_form");
    bool is_ours = db_one(&q) && db_int(&q, 0) == STIX_TEXT_VERSION;
    TRY(db_end(&q));
    return is_ours ? ERR_OK : ERR_CONFLICT;
}
