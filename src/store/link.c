// SPDX-License-Identifier: Apache-2.0
#include "store/link.h"

#include "store/rows_priv.h"
#include "store/store_priv.h"

enum err store_link_put(struct store_txn *t, const struct store_link *link)
{
    struct db_query q = db_query(t->db,
        "INSERT INTO link (party, agreement, digest, state, address, added_us)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (party) DO UPDATE SET"
        " agreement = excluded.agreement, digest = excluded.digest, state = excluded.state,"
        " address = excluded.address");
    db_bind_text(&q, link->party);
    db_bind_text(&q, link->agreement);
    db_bind_blob(&q, (struct str){(const char *)link->digest, sizeof link->digest});
    db_bind_text(&q, link->state);
    db_bind_text(&q, link->address);
    db_bind_int(&q, link->added_us);
    return db_run(&q);
}

#define COLUMNS "party, agreement, state, address, added_us, digest"

static void read_row(struct db_query *q, struct arena *a, struct store_link *out)
{
    out->party = db_copy(q, 0, a);
    out->agreement = db_copy(q, 1, a);
    out->state = db_copy(q, 2, a);
    out->address = db_copy(q, 3, a);
    out->added_us = db_int(q, 4);
    db_blob_exact(q, 5, out->digest, sizeof out->digest);
}

enum err store_link_all(struct store_txn *t, struct arena *a, struct store_links *out)
{
    struct db_query q = db_query(t->db, "SELECT " COLUMNS " FROM link ORDER BY party");
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct store_link *link;
    while ((link = store_list_next(&list, &q)))
        read_row(&q, a, link);
    TRY(db_end(&q));
    *out = (struct store_links){.items = list.items, .n = list.n};
    return ERR_OK;
}

enum err store_link_by_party(
    struct store_txn *t, struct arena *a, struct str party, struct store_link *out)
{
    struct db_query q = db_query(t->db, "SELECT " COLUMNS " FROM link WHERE party = ?");
    db_bind_text(&q, party);
    struct store_link link = {0};
    if (db_one(&q))
        read_row(&q, a, &link);
    TRY(db_end(&q));
    *out = link;
    return ERR_OK;
}

enum err store_link_set_state(struct store_txn *t, struct str party, struct str state)
{
    struct db_query q = db_query(t->db, "UPDATE link SET state = ? WHERE party = ?");
    db_bind_text(&q, state);
    db_bind_text(&q, party);
    TRY(db_run(&q));
    return db_changes(t->db) ? ERR_OK : ERR_NOT_FOUND;
}
