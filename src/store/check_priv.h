// SPDX-License-Identifier: Apache-2.0
// One run of a check, for the files of this folder.
#pragma once

#include "store/check.h"
#include "store/ledger.h"
#include "store/store_priv.h"

// The block of the index of words that the objects have come to.
struct check_text {
    struct arena arena; // for the block
    uint64_t *pairs;
    size_t n, room;
    int64_t block, newest; // newest row
    bool is_checked;       // the index has the form of this program
    bool is_over;          // too much of one block
};

struct check {
    const struct store_check *how;
    struct store_checked *out;
    struct store_txn txn; // of a snapshot; it has no store
    struct arena *row;    // rewound after each row
    struct store_logs logs;
    bool is_readable; // it is a store of this version
    struct check_text text;
};

void check_report(struct check *c, enum store_problem_id id, struct str where);
void check_report_object(
    struct check *c, enum store_problem_id id, int64_t seq, struct str object_id);
void check_report_entry(
    struct check *c, enum store_problem_id id, const struct store_log *log, uint64_t idx);
void check_progress(struct check *c, enum store_part part, int64_t done, int64_t total);
// Reports each row of a query whose first column is a number, or a text, of what is named.
enum err check_rows(
    struct check *c, enum store_problem_id id, const char *what, const char *sql) MUST_USE;
// The first column of a query of one row; 0 when there is no row.
enum err check_int(struct check *c, const char *sql, int64_t *out) MUST_USE;
const struct store_log *check_log_by_origin(const struct check *c, struct str origin);

enum err check_objects(struct check *c) MUST_USE;
// Around all objects, and for each in order of seq; `in` is NULL for one without words.
enum err check_text_begin(struct check *c) MUST_USE;
enum err check_text_before(struct check *c, int64_t seq) MUST_USE;
struct store_object_in;
enum err check_text_row(
    struct check *c, int64_t seq, const struct store_object_in *in) MUST_USE;
enum err check_text_end(struct check *c) MUST_USE;
enum err check_logs(struct check *c) MUST_USE;
// What the rows beside the ledger say of one entry.
struct ledger_entry;
enum err check_entry(struct check *c, const struct store_log *log, uint64_t idx,
    const struct ledger_entry *entry) MUST_USE;
// What the keys of a link stand on. The entry's agreement is one of the link's.
struct ledger_hash;
enum err check_agreement(struct check *c, const struct store_log *log, uint64_t idx,
    const struct ledger_hash *digest) MUST_USE;
struct ledger_key_change;
enum err check_key(struct check *c, const struct store_log *log, uint64_t idx,
    const struct ledger_key_change *change) MUST_USE;
// A log with so many entries of kind `key` has no more rows of them.
enum err check_key_count(struct check *c, const struct store_log *log, uint64_t keys) MUST_USE;
// A log of a later epoch begins with the statement that its row says.
enum err check_start(struct check *c, const struct store_log *log) MUST_USE;
enum err check_links(struct check *c) MUST_USE;
// What can be asked of the rows beside the ledger as a whole.
enum err check_deliveries(struct check *c) MUST_USE;
