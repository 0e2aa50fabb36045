// SPDX-License-Identifier: Apache-2.0
// Discovery, API roots, collections and statuses (TAXII 2.1 sections 4 and 5.1 to 5.2).
#include "api/taxii_priv.h"

static void put_root_url(struct buf *b, struct str name)
{
    buf_put(b, STR("/taxii2/"));
    buf_put(b, name);
    buf_put_byte(b, '/');
}

static enum err put_discovery(
    struct call *call, const struct store_taxii_roots *roots, struct buf *b)
{
    struct json_out o = json_out(b);
    json_begin_object(&o);
    json_member_string(&o, STR("title"), call->node->node);
    for (size_t i = 0; i < roots->n; i++) {
        struct buf url = buf_in(call->arena, KIB);
        put_root_url(&url, roots->items[i].name);
        if (i == 0) {
            json_member_string(&o, STR("default"), buf_str(&url));
            json_put_key(&o, STR("api_roots"));
            json_begin_array(&o);
        }
        json_put_string(&o, buf_str(&url));
    }
    if (roots->n)
        json_end_array(&o);
    json_end_object(&o);
    return b->err;
}

void taxii_discovery(struct call *call)
{
    struct store_txn *t;
    struct store_taxii_roots roots = {0};
    struct buf b = call_buf(call);
    if (!taxii_begin(call))
        return;
    enum err e = store_read_begin(call->node->store, &t);
    if (e == ERR_OK) {
        e = store_taxii_root_of(t, call->arena, call->recipient, &roots);
        store_read_end(t);
    }
    if (e == ERR_OK)
        e = put_discovery(call, &roots, &b);
    if (e != ERR_OK)
        taxii_fail(call, e, "");
    else
        taxii_answer(call, 200, &b);
}

void taxii_root(struct call *call)
{
    struct store_txn *t;
    struct store_taxii_root root;
    if (!taxii_begin(call))
        return;
    enum err e = store_read_begin(call->node->store, &t);
    if (e == ERR_OK) {
        e = taxii_find_root(call, t, &root);
        store_read_end(t);
    }
    if (e == ERR_NOT_FOUND) {
        taxii_not_found(call);
        return;
    }
    if (e != ERR_OK) {
        taxii_fail(call, e, "");
        return;
    }
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    const struct str versions[] = {TAXII_MEDIA_TYPE};
    json_begin_object(&o);
    json_member_string(&o, STR("title"), root.title);
    if (root.description.len)
        json_member_string(&o, STR("description"), root.description);
    json_member_strings(&o, STR("versions"), versions, LEN(versions));
    json_member_int(&o, STR("max_content_length"), root.content_bytes_max);
    json_end_object(&o);
    taxii_answer(call, 200, &b);
}

static void put_collection(struct json_out *o, const struct store_taxii_collection *c)
{
    const struct str types[] = {STR("application/stix+json;version=2.1")};
    json_begin_object(o);
    json_member_string(o, STR("id"), c->id);
    json_member_string(o, STR("title"), c->title);
    if (c->description.len)
        json_member_string(o, STR("description"), c->description);
    if (c->alias.len)
        json_member_string(o, STR("alias"), c->alias);
    json_member_bool(o, STR("can_read"), c->can_read);
    json_member_bool(o, STR("can_write"), c->can_write);
    json_member_strings(o, STR("media_types"), types, LEN(types));
    json_end_object(o);
}

static enum err load_collections(struct call *call, struct store_taxii_collections *out)
{
    struct store_txn *t;
    struct store_taxii_root root;
    TRY(store_read_begin(call->node->store, &t));
    enum err e = taxii_find_root(call, t, &root);
    if (e == ERR_OK)
        e = store_taxii_collection_of(t, call->arena, root.name, call->recipient, out);
    store_read_end(t);
    return e;
}

void taxii_collections(struct call *call)
{
    struct store_taxii_collections all;
    if (!taxii_begin(call))
        return;
    enum err e = load_collections(call, &all);
    if (e == ERR_NOT_FOUND) {
        taxii_not_found(call);
        return;
    }
    if (e != ERR_OK) {
        taxii_fail(call, e, "");
        return;
    }
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_put_key(&o, STR("collections"));
    json_begin_array(&o);
    for (size_t i = 0; i < all.n; i++)
        put_collection(&o, &all.items[i]);
    json_end_array(&o);
    json_end_object(&o);
    taxii_answer(call, 200, &b);
}

void taxii_collection(struct call *call)
{
    struct store_txn *t;
    struct store_taxii_collection c;
    if (!taxii_open_collection(call, &t, &c))
        return;
    store_read_end(t);
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    put_collection(&o, &c);
    taxii_answer(call, 200, &b);
}

void taxii_status(struct call *call)
{
    struct store_txn *t;
    struct str document;
    const struct store_taxii_status which = {
        .root = call->segments[0], .id = call->segments[1], .recipient = call->recipient};
    if (!taxii_begin(call))
        return;
    enum err e = store_read_begin(call->node->store, &t);
    if (e == ERR_OK) {
        e = store_taxii_status_get(t, call->arena, &which, &document);
        store_read_end(t);
    }
    if (e == ERR_NOT_FOUND)
        taxii_not_found(call);
    else if (e != ERR_OK)
        taxii_fail(call, e, "");
    else
        http_answer(call->request, 200, TAXII_MEDIA_TYPE, document);
}
