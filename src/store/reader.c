// SPDX-License-Identifier: Apache-2.0
#include "store/store_priv.h"

#include <assert.h>

enum err store_read_begin(struct store *s, struct store_txn **out)
{
    struct store_txn *t = queue_pop(s->free_readers, -1);
    assert(t && "the store is closed");
    enum err e = db_begin_read(t->db);
    if (e != ERR_OK) {
        store_read_end(t);
        return e;
    }
    *out = t;
    return ERR_OK;
}

void store_read_end(struct store_txn *t)
{
    if (!t)
        return;
    db_rollback(t->db);
    bool is_taken = queue_push(t->store->free_readers, t);
    assert(is_taken);
}
