// SPDX-License-Identifier: Apache-2.0
#include "api/query.h"

static struct str parameter_of(const void *context, const char *name)
{
    return call_parameter(context, name);
}

static enum err put_hits(struct call *call, const struct query *query,
    const struct query_hits *hits, struct json_out *o)
{
    json_begin_object(o);
    json_put_key(o, STR("objects"));
    json_begin_array(o);
    for (size_t i = 0; i < hits->n; i++) {
        json_begin_object(o);
        reading_put(o, call->arena, &hits->items[i].row);
        TRY(query_put_texts(o, query, &hits->items[i]));
        json_end_object(o);
    }
    json_end_array(o);
    if (hits->next)
        json_member_int(o, STR("next"), hits->next);
    json_end_object(o);
    return ERR_OK;
}

enum err query_answer(struct call *call, struct store_txn *t, query_value value,
    const void *context, struct buf *b, struct str *why)
{
    struct query *query = NEW(call->arena, struct query);
    struct query_hits hits;
    struct json_out o = json_out(b);
    if (!query)
        return ERR_LIMIT;
    *why = STR("the search index is of another form: stop the node and run bongsu rebuild");
    TRY(store_text_check_form(t));
    TRY(query_read(call, t, value, context, query, why));
    TRY(query_run(call, t, query, &hits));
    return put_hits(call, query, &hits, &o);
}

void query_finish(struct call *call, enum err e, struct str why, const struct buf *b)
{
    if (e != ERR_OK)
        call_fail(call, e, e == ERR_INVALID || e == ERR_CONFLICT ? why : STR(""));
    else
        call_answer_json(call, b);
}

void api_search(struct call *call)
{
    struct store_txn *t;
    struct str why = {"", 0};
    struct buf b = call_buf(call);
    enum err e = store_read_begin(call->node->store, &t);
    if (e == ERR_OK) {
        e = query_answer(call, t, parameter_of, call, &b, &why);
        store_read_end(t);
    }
    query_finish(call, e, why, &b);
}
