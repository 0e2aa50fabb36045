// SPDX-License-Identifier: Apache-2.0
// What the keys of a link stand on: its agreements, the entries of kind `key`, and what a log
// of a later epoch began with.
#include "store/check_priv.h"

#include "ledger/agreement.h"
#include "ledger/entry.h"
#include "store/key.h"

static enum err is_row(struct db_query *q, bool *out)
{
    *out = db_next(q);
    return db_end(q);
}

static enum err has_agreement(
    struct check *c, struct str party, const struct ledger_hash *digest, bool *out)
{
    struct db_query q =
        db_query(c->txn.db, "SELECT 1 FROM agreement WHERE party = ? AND digest = ?");
    db_bind_text(&q, party);
    db_bind_blob(&q, ledger_hash_str(digest));
    return is_row(&q, out);
}

enum err check_agreement(struct check *c, const struct store_log *log, uint64_t idx,
    const struct ledger_hash *digest)
{
    bool is_there;
    TRY(has_agreement(c, log->party, digest, &is_there));
    if (!is_there)
        check_report_entry(c, STORE_PROBLEM_AGREEMENT, log, idx);
    return ERR_OK;
}

enum err check_key(struct check *c, const struct store_log *log, uint64_t idx,
    const struct ledger_key_change *change)
{
    struct ledger_agreement agreement;
    bool signed_by[2], is_there;
    struct db_query q =
        db_query(c->txn.db, "SELECT 1 FROM key_entry WHERE log_id = ? AND idx = ?");
    db_bind_int(&q, log->id);
    db_bind_int(&q, (int64_t)idx);
    TRY(is_row(&q, &is_there));
    if (!is_there)
        check_report_entry(c, STORE_PROBLEM_KEY_ENTRY, log, idx);
    if (change->agreement.len == 0)
        return ERR_OK;
    enum err e = ledger_agreement_open(c->row, change->agreement, &agreement, signed_by, NULL);
    if (e == ERR_LIMIT)
        return e;
    if (e == ERR_OK)
        return check_agreement(c, log, idx, &agreement.digest);
    check_report_entry(c, STORE_PROBLEM_AGREEMENT, log, idx);
    return ERR_OK;
}

enum err check_key_count(struct check *c, const struct store_log *log, uint64_t keys)
{
    struct db_query q = db_query(c->txn.db, "SELECT count(*) FROM key_entry WHERE log_id = ?");
    db_bind_int(&q, log->id);
    uint64_t held = db_one(&q) ? (uint64_t)db_int(&q, 0) : 0;
    TRY(db_end(&q));
    if (held > keys) // fewer were reported with their entries
        check_report_entry(c, STORE_PROBLEM_KEY_ENTRY, log, log->size);
    return ERR_OK;
}

enum err check_start(struct check *c, const struct store_log *log)
{
    struct str note;
    struct store_entry row;
    struct ledger_entry entry;
    bool is_fit = log->epoch == 1;
    enum err e = store_log_start_get(&c->txn, c->row, log->id, &note);
    if (e != ERR_OK && e != ERR_NOT_FOUND)
        return e;
    if (e == ERR_OK && log->epoch > 1) {
        e = store_entry_get(&c->txn, c->row, log->id, 0, &row);
        is_fit = e == ERR_NOT_FOUND; // the partner's, of which nothing has come yet
        if (e == ERR_OK && ledger_entry_parse(c->row, row.bytes, &entry, NULL) == ERR_OK)
            is_fit = entry.kind == LEDGER_KEY_CHANGE && str_eq(entry.key_change.note, note);
    }
    if (!is_fit)
        check_report_entry(c, STORE_PROBLEM_LOG_START, log, 0);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err check_links(struct check *c)
{
    return check_rows(c, STORE_PROBLEM_AGREEMENT, "the newest agreement of link",
        "SELECT party FROM link l WHERE NOT EXISTS (SELECT 1 FROM agreement a"
        " WHERE a.party = l.party AND a.digest = l.digest)");
}
