// SPDX-License-Identifier: Apache-2.0
#include "store/rule.h"

#include "store/rows_priv.h"
#include "store/store_priv.h"

enum err store_rule_put(struct store_txn *t, const struct store_rule *rule)
{
    struct db_query q = db_query(t->db,
        "INSERT INTO rule (id, party, agreement, types, source, max_tlp, added_us, at_seq)"
        " VALUES (?, ?, ?, ?, ?, ?, ?,"
        " (SELECT coalesce(max(seq), 0) FROM object_version))");
    db_bind_text(&q, rule->id);
    db_bind_text(&q, rule->party);
    db_bind_text(&q, rule->agreement);
    db_bind_text(&q, rule->types);
    db_bind_text(&q, rule->source);
    db_bind_text(&q, rule->max_tlp);
    db_bind_int(&q, rule->added_us);
    return db_run(&q);
}

enum err store_rule_all(struct store_txn *t, struct arena *a, struct store_rules *out)
{
    struct db_query q = db_query(t->db,
        "SELECT id, party, agreement, types, source, max_tlp, added_us, at_seq FROM rule"
        " WHERE removed_us = 0 ORDER BY added_us, id");
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct store_rule *rule;
    while ((rule = store_list_next(&list, &q))) {
        rule->id = db_copy(&q, 0, a);
        rule->party = db_copy(&q, 1, a);
        rule->agreement = db_copy(&q, 2, a);
        rule->types = db_copy(&q, 3, a);
        rule->source = db_copy(&q, 4, a);
        rule->max_tlp = db_copy(&q, 5, a);
        rule->added_us = db_int(&q, 6);
        rule->at_seq = db_int(&q, 7);
    }
    TRY(db_end(&q));
    *out = (struct store_rules){.items = list.items, .n = list.n};
    return ERR_OK;
}

enum err store_rule_remove(struct store_txn *t, struct str id, int64_t at_us)
{
    struct db_query q =
        db_query(t->db, "UPDATE rule SET removed_us = ? WHERE id = ? AND removed_us = 0");
    db_bind_int(&q, at_us);
    db_bind_text(&q, id);
    TRY(db_run(&q));
    return db_changes(t->db) ? ERR_OK : ERR_NOT_FOUND;
}

enum err store_rule_advance(struct store_txn *t, struct str id, int64_t at_seq)
{
    struct db_query q = db_query(t->db, "UPDATE rule SET at_seq = ? WHERE id = ?");
    db_bind_int(&q, at_seq);
    db_bind_text(&q, id);
    return db_run(&q);
}
