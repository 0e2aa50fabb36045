// SPDX-License-Identifier: Apache-2.0
// Pages of a collection (TAXII 2.1 sections 5.3 to 5.8). Members and stored bytes, and nothing
// else: what the account may see was decided when it became a member.
#include "api/taxii_priv.h"
#include "base/time.h"
#include "sys/clock.h"

#define PAGE_BYTES_MAX (8 * MIB)

enum shape {
    SHAPE_OBJECTS,
    SHAPE_MANIFEST,
    SHAPE_VERSIONS,
};

struct page {
    struct call *call;
    enum shape shape;
    struct str id; // of the path; empty: the whole collection
    struct store_taxii_collection collection;
    struct taxii_query query;
    struct taxii_filter filter;
    struct taxii_scope scope;
    unsigned char key[STORE_TAXII_KEY_BYTES];
    struct store_taxii_ask ask;
    struct store_taxii_members members;
    size_t n; // of members that are given
    bool more;
    const char *why;
};

static void read_query(struct page *p)
{
    static const struct str endpoints[] = {[SHAPE_OBJECTS] = STR_INIT("objects"),
        [SHAPE_MANIFEST] = STR_INIT("manifest"),
        [SHAPE_VERSIONS] = STR_INIT("versions")};
    struct call *call = p->call;
    p->query = (struct taxii_query){.added_after = call_parameter(call, "added_after"),
        .limit = call_parameter(call, "limit"),
        .next = call_parameter(call, "next"),
        .id = p->id.len ? p->id : call_parameter(call, "match[id]"),
        .type = call_parameter(call, "match[type]"),
        .version = call_parameter(call, "match[version]"),
        .spec_version = call_parameter(call, "match[spec_version]")};
    if (p->shape == SHAPE_VERSIONS)
        p->query.version = STR("all");
    p->scope = (struct taxii_scope){.recipient = call->recipient,
        .collection = p->collection.id,
        .endpoint = endpoints[p->shape],
        .query = &p->query,
        .key = p->key};
}

// A parameter that is there and says nothing is as wrong as one that says nonsense.
static bool has_empty_parameter(const struct call *call)
{
    size_t n;
    const struct http_pair *given = http_request_parameters(call->request, &n);
    for (size_t i = 0; i < n; i++)
        if (given[i].value.len == 0)
            return true;
    return false;
}

static enum err read_filter(struct page *p)
{
    p->why = "a parameter has no value";
    if (has_empty_parameter(p->call))
        return ERR_INVALID;
    size_t limit = (size_t)p->collection.page_limit;
    p->why = "a comma separates ids, and no id has one";
    if (p->id.len && str_index(p->id, ',') < p->id.len)
        return ERR_NOT_FOUND;
    return taxii_filter_read(p->call->arena, &p->query, limit, &p->filter, &p->why);
}

static enum err read_place(struct page *p, struct store_txn *t)
{
    struct taxii_cursor cursor;
    TRY(store_taxii_key(t, p->key));
    if (p->query.next.len == 0)
        return store_taxii_newest(t, &p->ask.who.view, &p->ask.until);
    p->why = "next is not of this server, or of another query: begin again without it";
    TRY(taxii_cursor_read(p->query.next, &p->scope, &cursor));
    p->ask.after = (int64_t)cursor.seq;
    p->ask.until = (int64_t)cursor.until;
    return ERR_OK;
}

// One row more than the page tells whether there is more.
static enum err load(struct page *p, struct store_txn *t)
{
    p->ask = (struct store_taxii_ask){
        .who = {.view = taxii_view(p->call, &p->collection), .now_us = clock_now_us()},
        .added_after_us = p->filter.added_after_us,
        .ids = p->filter.ids,
        .types = p->filter.types,
        .versions = p->filter.versions,
        .wants_last = p->filter.wants_last,
        .wants_first = p->filter.wants_first,
        .wants_all = p->filter.wants_all,
        .limit = p->filter.limit + 1};
    TRY(read_place(p, t));
    p->why = "";
    if (!p->filter.is_empty)
        TRY(store_taxii_page(t, p->call->arena, &p->ask, &p->members));
    p->more = p->members.n > p->filter.limit;
    p->n = p->more ? p->filter.limit : p->members.n;
    return ERR_OK;
}

// An object that is not in the view at all is not found; one whose versions the filter leaves
// out gives an empty page.
static enum err check_known(struct page *p, struct store_txn *t)
{
    struct store_taxii_members any;
    struct store_taxii_ask ask = {
        .who = p->ask.who, .until = INT64_MAX, .ids = p->filter.ids, .limit = 1};
    if (p->id.len == 0 || p->n)
        return ERR_OK;
    ask.wants_all = true;
    TRY(store_taxii_page(t, p->call->arena, &ask, &any));
    return any.n ? ERR_OK : ERR_NOT_FOUND;
}

static void put_time(struct json_out *o, const char *key, int64_t us)
{
    json_member_time(o, str_of(key), us);
}

static void put_record(struct json_out *o, const struct store_taxii_member *m)
{
    json_begin_object(o);
    json_member_string(o, STR("id"), m->id);
    put_time(o, "date_added", m->added_us);
    put_time(o, "version", m->version_us);
    json_member_string(o, STR("media_type"), STR("application/stix+json;version=2.1"));
    json_end_object(o);
}

// The page ends early where it would grow too large; there is always one object in it.
static enum err put_items(struct page *p, struct store_txn *t, struct json_out *o)
{
    int64_t bytes_n = 0;
    for (size_t i = 0; i < p->n; i++) {
        const struct store_taxii_member *m = &p->members.items[i];
        struct str bytes;
        bytes_n += m->bytes_n;
        if (p->shape == SHAPE_OBJECTS && i > 0 && bytes_n > (int64_t)PAGE_BYTES_MAX) {
            p->n = i;
            p->more = true;
            break;
        }
        if (p->shape == SHAPE_MANIFEST) {
            put_record(o, m);
        } else if (p->shape == SHAPE_VERSIONS) {
            json_put_raw(o, STR("\""));
            time_put(o->buf, m->version_us);
            buf_put_byte(o->buf, '"');
        } else {
            TRY(store_object_bytes(t, p->call->arena, m->object_seq, &bytes));
            json_put_raw(o, bytes);
        }
    }
    return ERR_OK;
}

static void put_next(struct page *p, struct json_out *o)
{
    struct buf b = buf_in(p->call->arena, KIB);
    const struct taxii_cursor cursor = {
        .seq = (uint64_t)p->members.items[p->n - 1].seq, .until = (uint64_t)p->ask.until};
    taxii_cursor_put(&b, &p->scope, &cursor);
    json_member_string(o, STR("next"), buf_str(&b));
}

static void add_date(struct page *p, struct str name, int64_t us)
{
    struct buf b = buf_in(p->call->arena, 40);
    time_put(&b, us);
    http_answer_header(p->call->request, name, buf_str(&b));
}

static enum err put_page(struct page *p, struct store_txn *t, struct buf *b)
{
    static const struct str names[] = {[SHAPE_OBJECTS] = STR_INIT("objects"),
        [SHAPE_MANIFEST] = STR_INIT("objects"),
        [SHAPE_VERSIONS] = STR_INIT("versions")};
    struct json_out o = json_out(b);
    json_begin_object(&o);
    if (p->n) {
        json_put_key(&o, names[p->shape]);
        json_begin_array(&o);
        TRY(put_items(p, t, &o));
        json_end_array(&o);
        json_member_bool(&o, STR("more"), p->more);
        if (p->more && p->shape == SHAPE_OBJECTS)
            put_next(p, &o);
    }
    json_end_object(&o);
    return b->err;
}

static enum err make(struct page *p, struct store_txn *t, struct buf *b)
{
    TRY(read_filter(p));
    TRY(load(p, t));
    TRY(check_known(p, t));
    return put_page(p, t, b);
}

static void answer(struct call *call, enum shape shape, struct str id)
{
    struct store_txn *t;
    struct page *p = NEW(call->arena, struct page);
    if (!p) {
        taxii_fail(call, ERR_LIMIT, "");
        return;
    }
    *p = (struct page){.call = call, .shape = shape, .id = id, .why = ""};
    if (!taxii_open_collection(call, &t, &p->collection))
        return;
    struct buf b = call_buf(call);
    enum err e = p->collection.can_read ? ERR_OK : ERR_DENIED;
    p->why = "this account may not read the collection";
    read_query(p);
    if (e == ERR_OK)
        e = make(p, t, &b);
    store_read_end(t);
    if (e == ERR_NOT_FOUND) {
        taxii_not_found(call);
        return;
    }
    if (e != ERR_OK) {
        taxii_fail(call, e == ERR_LIMIT ? ERR_INVALID : e, p->why);
        return;
    }
    if (p->n) {
        add_date(p, STR("X-TAXII-Date-Added-First"), p->members.items[0].added_us);
        add_date(p, STR("X-TAXII-Date-Added-Last"), p->members.items[p->n - 1].added_us);
    }
    taxii_answer(call, 200, &b);
}

void taxii_objects(struct call *call)
{
    answer(call, SHAPE_OBJECTS, (struct str){"", 0});
}

void taxii_manifest(struct call *call)
{
    answer(call, SHAPE_MANIFEST, (struct str){"", 0});
}

void taxii_object(struct call *call)
{
    answer(call, SHAPE_OBJECTS, call->segments[2]);
}

void taxii_versions(struct call *call)
{
    answer(call, SHAPE_VERSIONS, call->segments[2]);
}
