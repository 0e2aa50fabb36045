// SPDX-License-Identifier: Apache-2.0
// Pages of a collection (TAXII 2.1 sections 5.3 to 5.8). Members and stored bytes, and nothing
// else: what the account may see was decided when it became a member.
#include "api/taxii_cache.h"
#include "api/taxii_priv.h"
#include "base/time.h"
#include "hash/hash.h"
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
    p->ask.who = (struct store_reader){
        .view = taxii_view(p->call, &p->collection), .now_us = clock_now_us()};
    TRY(store_taxii_key(t, p->key));
    TRY(store_taxii_newest(t, &p->ask.who.view, &p->ask.until));
    if (p->query.next.len == 0)
        return ERR_OK;
    p->why = "next is not of this server, or of another query: begin again without it";
    TRY(taxii_cursor_read(p->query.next, &p->scope, &cursor));
    p->ask.after = (int64_t)cursor.seq;
    p->ask.until = (int64_t)cursor.until;
    return ERR_OK;
}

static enum err load(struct page *p, struct store_txn *t)
{
    p->ask.added_after_us = p->filter.added_after_us;
    p->ask.ids = p->filter.ids;
    p->ask.types = p->filter.types;
    p->ask.versions = p->filter.versions;
    p->ask.wants_all = p->filter.wants_all;
    p->ask.wants_last = p->filter.wants_last;
    p->ask.wants_first = p->filter.wants_first;
    p->ask.limit = p->filter.limit;
    p->ask.bytes_max = p->shape == SHAPE_OBJECTS ? PAGE_BYTES_MAX : 0;
    p->why = "";
    return p->filter.is_empty ? ERR_OK
                              : store_taxii_page(t, p->call->arena, &p->ask, &p->members);
}

// An object that is not in the view at all is not found; one whose versions the filter leaves
// out gives an empty page.
static enum err check_known(struct page *p, struct store_txn *t)
{
    struct store_taxii_members any;
    struct store_taxii_ask ask = {
        .who = p->ask.who, .until = INT64_MAX, .ids = p->filter.ids, .limit = 1};
    if (p->id.len == 0 || p->members.n)
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

static enum err put_items(struct page *p, struct json_out *o)
{
    for (size_t i = 0; i < p->members.n; i++) {
        const struct store_taxii_member *m = &p->members.items[i];
        if (p->shape == SHAPE_MANIFEST) {
            put_record(o, m);
        } else if (p->shape == SHAPE_VERSIONS) {
            json_put_raw(o, STR("\""));
            time_put(o->buf, m->version_us);
            buf_put_byte(o->buf, '"');
        } else {
            if (m->bytes.len == 0)
                return ERR_CORRUPT; // a member without bytes: the store is damaged
            json_put_raw(o, m->bytes);
        }
    }
    return ERR_OK;
}

static void put_next(struct page *p, struct json_out *o)
{
    struct buf b = buf_in(p->call->arena, KIB);
    const struct taxii_cursor cursor = {.seq = (uint64_t)p->members.items[p->members.n - 1].seq,
        .until = (uint64_t)p->ask.until};
    taxii_cursor_put(&b, &p->scope, &cursor);
    json_member_string(o, STR("next"), buf_str(&b));
}

static void add_date(struct call *call, struct str name, int64_t us)
{
    struct buf b = buf_in(call->arena, 40);
    time_put(&b, us);
    http_answer_header(call->request, name, buf_str(&b));
}

static enum err put_page(struct page *p, struct buf *b)
{
    static const struct str names[] = {[SHAPE_OBJECTS] = STR_INIT("objects"),
        [SHAPE_MANIFEST] = STR_INIT("objects"),
        [SHAPE_VERSIONS] = STR_INIT("versions")};
    struct json_out o = json_out(b);
    json_begin_object(&o);
    if (p->members.n) {
        json_put_key(&o, names[p->shape]);
        json_begin_array(&o);
        TRY(put_items(p, &o));
        json_end_array(&o);
        json_member_bool(&o, STR("more"), p->members.more);
        if (p->members.more && p->shape == SHAPE_OBJECTS)
            put_next(p, &o);
    }
    json_end_object(&o);
    return b->err;
}

// Room for the whole page at once.
static struct buf page_buf(struct page *p)
{
    size_t bytes = 4 * KIB;
    for (size_t i = 0; i < p->members.n; i++)
        bytes += p->members.items[i].bytes.len + 256;
    struct buf b = call_buf(p->call);
    b.ptr = NEW_N(p->call->arena, char, bytes);
    b.cap = b.ptr ? bytes : 0;
    return b;
}

static enum err make(struct page *p, struct store_txn *t)
{
    TRY(load(p, t));
    TRY(check_known(p, t));
    struct buf b = page_buf(p);
    TRY(put_page(p, &b));
    struct taxii_page *page = p->call->page;
    TRY(buf_end(&b, &page->body));
    TRY(store_taxii_next_end(t, &page->until_us));
    if (p->members.n) {
        page->first_us = p->members.items[0].added_us;
        page->last_us = p->members.items[p->members.n - 1].added_us;
    }
    taxii_cache_put(p->call->node->pages, page);
    return ERR_OK;
}

static enum err read_and_make(struct page *p, struct store_txn *t)
{
    p->why = "this account may not read the collection";
    if (!p->collection.can_read)
        return ERR_DENIED;
    read_query(p);
    TRY(read_filter(p));
    TRY(read_place(p, t));
    return make(p, t);
}

static void add_text(struct hash_sha256 *h, struct str text)
{
    const size_t n = text.len;
    hash_sha256_add(h, (struct str){(const char *)&n, sizeof n});
    hash_sha256_add(h, text);
}

static void add_header(struct hash_sha256 *h, const struct call *call, struct str name)
{
    struct str value = {"", 0};
    bool has = http_request_header(call->request, name, &value);
    add_text(h, has ? STR("1") : STR("0"));
    add_text(h, value);
}

// Who asks, and for what: all that an answer depends on but the store and the time.
static void make_key(const struct call *call, unsigned char out[static TAXII_PAGE_KEY_BYTES])
{
    size_t n;
    struct hash_sha256 h;
    const struct http_peer *peer = http_request_peer(call->request);
    const struct http_pair *given = http_request_parameters(call->request, &n);
    bool shows_pin = peer->has_certificate && peer->is_certificate_current;
    hash_sha256_begin(&h);
    add_text(&h, (struct str){(const char *)peer->pin, shows_pin ? sizeof peer->pin : 0});
    add_header(&h, call, STR("Authorization"));
    add_header(&h, call, STR("Accept"));
    add_text(&h, http_request_path(call->request));
    for (size_t i = 0; i < n; i++) {
        add_text(&h, given[i].name);
        add_text(&h, given[i].value);
    }
    hash_sha256_end(&h, out);
}

static void answer_page(struct call *call, const struct http_hold *hold)
{
    const struct taxii_page *page = call->page;
    if (page->last_us) {
        add_date(call, STR("X-TAXII-Date-Added-First"), page->first_us);
        add_date(call, STR("X-TAXII-Date-Added-Last"), page->last_us);
    }
    http_answer_held(call->request, 200, TAXII_MEDIA_TYPE, page->body, hold);
}

bool taxii_answer_kept(struct call *call)
{
    struct http_hold hold = {.release = taxii_cache_release};
    call->page = NEW(call->arena, struct taxii_page);
    if (!call->page || http_request_method(call->request) != HTTP_GET)
        return false;
    make_key(call, call->page->key);
    call->page->changes = store_changes(call->node->store);
    if (!taxii_cache_get(call->node->pages, clock_now_us(), call->page, &hold.state))
        return false;
    answer_page(call, &hold);
    return true;
}

static void answer(struct call *call, enum shape shape, struct str id)
{
    struct store_txn *t;
    struct page *p = NEW(call->arena, struct page);
    if (!p || !call->page) {
        taxii_fail(call, ERR_LIMIT, "");
        return;
    }
    *p = (struct page){.call = call, .shape = shape, .id = id, .why = ""};
    if (!taxii_open_collection(call, &t, &p->collection))
        return;
    enum err e = read_and_make(p, t);
    store_read_end(t);
    if (e == ERR_NOT_FOUND) {
        taxii_not_found(call);
        return;
    }
    if (e != ERR_OK) {
        taxii_fail(call, e == ERR_LIMIT ? ERR_INVALID : e, p->why);
        return;
    }
    answer_page(call, &(struct http_hold){0});
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
