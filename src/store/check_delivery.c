// SPDX-License-Identifier: Apache-2.0
// Rows beside the ledger that no entry accounts for.
#include "store/check_priv.h"

static const struct {
    enum store_problem_id id;
    const char *what, *sql;
} queries[] = {
    // L2: of what takes none, or of what is there no more.
    {STORE_PROBLEM_RECEIPT, "the receipt of an entry",
        "SELECT r.log_id || '/' || r.idx FROM receipt r LEFT JOIN ledger_entry e"
        " ON e.log_id = r.log_id AND e.idx = r.idx WHERE coalesce(e.wants_receipt, 0) = 0"},
    {STORE_PROBLEM_RECEIPT, "one receipt for several entries:",
        "SELECT receipt_log_id || '/' || receipt_idx FROM receipt"
        " GROUP BY receipt_log_id, receipt_idx HAVING count(*) > 1"},
    {STORE_PROBLEM_DELIVERY, "a payload of entry",
        "SELECT p.log_id || '/' || p.idx FROM payload p LEFT JOIN receipt r"
        " ON r.log_id = p.log_id AND r.idx = p.idx"
        " WHERE (p.state = 0 AND r.idx IS NOT NULL) OR (p.state = 1 AND r.idx IS NULL"
        " AND p.object_seq <> 0)"
        " OR (p.state = 0 AND p.salt IS NULL)"},
    {STORE_PROBLEM_MEMBERSHIP, "object",
        "SELECT m.object_seq FROM membership m WHERE m.removed_seq IS NULL AND m.view = 'link'"
        " AND NOT EXISTS (SELECT 1 FROM payload p JOIN log l ON l.id = p.log_id"
        " WHERE p.object_seq = m.object_seq AND l.party = m.recipient AND l.is_ours = 1)"},
    {STORE_PROBLEM_MEMBERSHIP, "a number was given twice to recipient",
        "SELECT recipient FROM (SELECT recipient, view, seq AS number FROM membership"
        " UNION ALL SELECT recipient, view, removed_seq FROM membership"
        " WHERE removed_seq IS NOT NULL)"
        " GROUP BY recipient, view, number HAVING count(*) > 1"},
};

enum err check_deliveries(struct check *c)
{
    for (size_t i = 0; i < LEN(queries); i++)
        TRY(check_rows(c, queries[i].id, queries[i].what, queries[i].sql));
    return ERR_OK;
}
