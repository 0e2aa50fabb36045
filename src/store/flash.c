// SPDX-License-Identifier: Apache-2.0
#include "store/flash.h"

#include "store/rows_priv.h"
#include "store/store_priv.h"

enum err store_flash_put(struct store_txn *t, const struct store_flash *flash)
{
    struct db_query q = db_query(
        t->db, "INSERT INTO flash (id, party, at_us, key_id, lang) VALUES (?, ?, ?, ?, ?)");
    db_bind_text(&q, flash->id);
    db_bind_text(&q, flash->party);
    db_bind_int(&q, flash->at_us);
    db_bind_text(&q, flash->key_id);
    db_bind_text(&q, flash->lang);
    return db_run(&q);
}

#define COLUMNS "id, party, key_id, lang, review, at_us, reviewed_us"

static void flash_read(struct db_query *q, struct arena *a, struct store_flash *out)
{
    out->id = db_copy(q, 0, a);
    out->party = db_copy(q, 1, a);
    out->key_id = db_copy(q, 2, a);
    out->lang = db_copy(q, 3, a);
    out->review = db_copy(q, 4, a);
    out->at_us = db_int(q, 5);
    out->reviewed_us = db_int(q, 6);
}

enum err store_flash_get(
    struct store_txn *t, struct arena *a, struct str id, struct store_flash *out)
{
    struct db_query q = db_query(t->db, "SELECT " COLUMNS " FROM flash WHERE id = ?");
    db_bind_text(&q, id);
    struct store_flash flash = {0};
    if (db_one(&q))
        flash_read(&q, a, &flash);
    TRY(db_end(&q));
    *out = flash;
    return ERR_OK;
}

enum err store_flash_all(
    struct store_txn *t, struct arena *a, bool only_open, struct store_flashes *out)
{
    struct db_query q = db_query(t->db,
        "SELECT " COLUMNS " FROM flash WHERE reviewed_us = 0 OR ? = 0 ORDER BY at_us, id");
    db_bind_int(&q, only_open);
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct store_flash *flash;
    while ((flash = store_list_next(&list, &q)))
        flash_read(&q, a, flash);
    TRY(db_end(&q));
    *out = (struct store_flashes){.items = list.items, .n = list.n};
    return ERR_OK;
}

enum err store_flash_review(
    struct store_txn *t, struct str id, struct str review, int64_t at_us)
{
    struct db_query q = db_query(
        t->db, "UPDATE flash SET reviewed_us = ?, review = ? WHERE id = ? AND reviewed_us = 0");
    db_bind_int(&q, at_us);
    db_bind_text(&q, review);
    db_bind_text(&q, id);
    TRY(db_run(&q));
    return db_changes(t->db) ? ERR_OK : ERR_CONFLICT;
}
