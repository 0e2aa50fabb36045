// SPDX-License-Identifier: Apache-2.0
// What an object was made from, for the organisation that runs the node only: an original may
// say what a decision would cut.
#include "store/original.h"
#include "api/reading.h"

static enum err put_row(struct call *call, struct store_txn *t, const struct store_object *row,
    struct json_out *o, size_t *shown)
{
    struct store_original original;
    enum err e = store_original_get(t, call->arena, row->seq, &original);
    if (e == ERR_NOT_FOUND)
        return ERR_OK;
    TRY(e);
    json_begin_object(o);
    json_member_string(o, STR("id"), row->id);
    json_member_string(o, STR("source"), row->source);
    json_member_time(o, STR("version"), row->version_us);
    json_member_string(o, STR("format"), original.format);
    json_member_string(o, STR("original"), original.bytes);
    json_end_object(o);
    ++*shown;
    return ERR_OK;
}

void api_object_original(struct call *call)
{
    struct store_txn *t;
    struct reading rows = {0};
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    struct str wanted = call_parameter(call, "source");
    size_t shown = 0;
    enum err e = store_read_begin(call->node->store, &t);
    if (e != ERR_OK) {
        call_fail(call, e, STR(""));
        return;
    }
    json_begin_object(&o);
    json_put_key(&o, STR("rows"));
    json_begin_array(&o);
    e = reading_newest(call, t, call->segments[0], &rows);
    for (size_t i = 0; i < rows.n && e == ERR_OK; i++)
        if (wanted.len == 0 || str_eq(wanted, rows.items[i].object.source))
            e = put_row(call, t, &rows.items[i].object, &o, &shown);
    store_read_end(t);
    json_end_array(&o);
    json_end_object(&o);
    if (e != ERR_OK && e != ERR_NOT_FOUND)
        call_fail(call, e, STR(""));
    else if (shown == 0)
        call_fail(call, ERR_NOT_FOUND,
            STR("no such object is held, or it was not made by a conversion"));
    else
        call_answer_json(call, &b);
}
