// SPDX-License-Identifier: Apache-2.0
// Posting into an inbox, and deleting from it (TAXII 2.1 sections 5.5 and 5.7). What is posted
// is the recipient's own: its source, and a member of its view of the inbox. All of an envelope
// is one transaction; a bad object is refused alone, and the status says which and why.
#include "api/quarantine.h"
#include "api/taxii_priv.h"
#include "base/time.h"
#include "exchange/append.h"
#include "exchange/tighten.h"
#include "policy/handling.h"
#include "stix/marking.h"
#include "stix/object.h"
#include "store/handling.h"
#include "store/import.h"
#include "store/object_of.h"
#include "sys/clock.h"

#define POST_OBJECTS_MAX 10000

struct posted {
    struct str id;
    struct str version; // as the object says it
    struct str why;     // empty: it is held
    struct store_object_in in;
    bool is_read; // `in` is to be put
};

struct post {
    struct call *call;
    struct store_taxii_collection collection;
    struct store_import row;
    struct posted *items;
    size_t n;
    struct str marked, unmarked; // handling blocks
    struct store_taxii_status status;
    const char *why;
};

static bool is_quarantined(const struct post *post)
{
    return str_eq(post->collection.handling, STR("quarantine"));
}

static enum err put_handling(struct post *post, bool has_tlp, enum stix_tlp tlp, struct str *to)
{
    struct handling h = {.originator = post->call->node->party};
    struct buf b = buf_in(post->call->arena, 4 * KIB);
    if (has_tlp)
        h.tlp = tlp;
    policy_handling_put(&b, &h);
    return buf_end(&b, to);
}

static enum err set_handling(struct post *post)
{
    enum stix_tlp tlp;
    struct str level = is_quarantined(post) ? STR("amber+strict") : post->collection.handling;
    TRY(stix_tlp_parse(level, &tlp));
    TRY(put_handling(post, false, tlp, &post->marked));
    post->row.handling = level;
    return put_handling(post, true, tlp, &post->unmarked);
}

static bool has_tlp(const struct stix_object *object)
{
    for (size_t i = 0; i < object->n_marking_refs; i++) {
        struct stix_marking marking;
        if (stix_marking_pinned(object->marking_refs[i], &marking) == ERR_OK)
            return true;
    }
    return false;
}

static const char *marking_flaw(struct arena *a, const struct stix_object *object)
{
    struct stix_marking marking;
    if (!str_eq(object->id.type, STR("marking-definition")) ||
        stix_marking_read(a, object, &marking) != ERR_OK)
        return NULL;
    bool is_bad = marking.kind == STIX_MARKING_FORGED || marking.kind == STIX_MARKING_ABOVE;
    return is_bad ? marking.why : NULL;
}

// The id and version that the status names, also of what is no object.
static void read_name(struct arena *a, struct json v, struct posted *out)
{
    static const char *const versions[] = {"modified", "created"};
    struct json member;
    if (!json_is(v, JSON_OBJECT))
        return;
    if (json_get(v, STR("id"), &member) && json_string(a, member, &out->id) != ERR_OK)
        out->id = (struct str){"", 0};
    for (size_t i = 0; i < LEN(versions) && out->version.len == 0; i++)
        if (json_get(v, str_of(versions[i]), &member) &&
            json_string(a, member, &out->version) != ERR_OK)
            out->version = (struct str){"", 0};
}

static enum err read_object(struct post *post, struct json v, struct posted *out)
{
    struct arena *a = post->call->arena;
    struct stix_problem problem = {0};
    struct stix_object *object = NEW(a, struct stix_object);
    if (!object)
        return ERR_LIMIT;
    read_name(a, v, out);
    enum err e = stix_object_read(a, json_span(v), object, &problem);
    const char *flaw = e == ERR_OK ? marking_flaw(a, object) : problem.why;
    if (e != ERR_OK || flaw) {
        out->why = str_of(flaw ? flaw : err_text(e));
        return ERR_OK;
    }
    if (stix_is_builtin(object->id.text))
        return ERR_OK; // every node has it
    TRY(store_object_of(a, object, json_span(v), &out->in));
    out->in.source = post->call->recipient;
    out->in.originator = post->call->node->party;
    out->in.handling = has_tlp(object) ? post->marked : post->unmarked;
    out->in.received_us = post->row.at_us;
    out->is_read = true;
    return ERR_OK;
}

// The envelope: an object with `objects`. Anything else in it is left alone (T8).
static enum err read_envelope(struct post *post, struct str body)
{
    struct arena *a = post->call->arena;
    struct json root, list;
    struct fault fault = {0};
    post->why = "the body is no JSON";
    if (json_parse(a, body, &root, &fault) != ERR_OK)
        return ERR_INVALID;
    post->why = "the body is no envelope: it has no list `objects`";
    if (!json_is(root, JSON_OBJECT) || !json_get(root, STR("objects"), &list) ||
        !json_is(list, JSON_ARRAY))
        return ERR_CORRUPT;
    post->why = "too many objects in one envelope";
    if (json_len(list) > POST_OBJECTS_MAX)
        return ERR_LIMIT;
    post->items = NEW_N(a, struct posted, json_len(list) + 1);
    if (!post->items)
        return ERR_LIMIT;
    for (struct json_iter it = json_iter(list); json_next(&it);) {
        post->items[post->n] = (struct posted){.id = STR(""), .version = STR("")};
        TRY(read_object(post, it.value, &post->items[post->n++]));
    }
    return ERR_OK;
}

static enum err put_object(struct post *post, struct store_txn *t, struct posted *item)
{
    struct store_put_result result;
    const struct store_view view = taxii_view(post->call, &post->collection);
    const struct store_tightening with = {.handling = item->in.handling,
        .why = STR("posted again under another handling"),
        .at_us = post->row.at_us};
    const struct store_view reads = {.recipient = post->call->recipient, .view = STR("read")};
    item->in.import_id = post->row.id;
    TRY(store_object_put(t, &item->in, &result));
    if (result.what == STORE_CONFLICT) {
        item->why = STR("this id and version is held with another content; send a new version");
        post->row.conflicts++;
        return ERR_OK;
    }
    post->row.added += result.what == STORE_NEW;
    post->row.same += result.what == STORE_SAME;
    if (result.what == STORE_SAME)
        TRY(exchange_tighten(t, result.seq, &with, NULL));
    if (result.what == STORE_NEW && is_quarantined(post))
        return quarantine_put(t, result.seq, post->row.at_us,
            &(struct quarantine_how){.why = STR("posted to an inbox that quarantines"),
                .reader = view.recipient,
                .inbox = view.view});
    if (result.what == STORE_NEW)
        TRY(store_membership_add(t, &reads, result.seq, post->row.at_us));
    return is_quarantined(post) ? ERR_OK
                                : store_membership_add(t, &view, result.seq, post->row.at_us);
}

// A version has to be a time (TAXII 2.1 section 4.3.1); of what has none, that of the post.
static void put_version(struct json_out *o, const struct post *post, struct str version)
{
    int64_t us;
    if (time_parse(version, &us) == ERR_OK)
        json_member_string(o, STR("version"), version);
    else
        json_member_time(o, STR("version"), post->row.at_us);
}

static void put_details(struct json_out *o, const struct post *post, bool is_failure)
{
    json_begin_array(o);
    for (size_t i = 0; i < post->n; i++) {
        const struct posted *item = &post->items[i];
        if ((item->why.len > 0) != is_failure)
            continue;
        json_begin_object(o);
        json_member_string(o, STR("id"), item->id);
        put_version(o, post, item->version);
        if (item->why.len)
            json_member_string(o, STR("message"), item->why);
        json_end_object(o);
    }
    json_end_array(o);
}

static enum err make_status(struct post *post)
{
    size_t failed = 0;
    struct buf b = call_buf(post->call);
    struct json_out o = json_out(&b);
    for (size_t i = 0; i < post->n; i++)
        failed += post->items[i].why.len > 0;
    post->row.refused = (int64_t)failed - post->row.conflicts;
    json_begin_object(&o);
    json_member_string(&o, STR("id"), post->status.id);
    json_member_string(&o, STR("status"), STR("complete"));
    json_member_time(&o, STR("request_timestamp"), post->row.at_us);
    json_member_int(&o, STR("total_count"), (int64_t)post->n);
    json_member_int(&o, STR("success_count"), (int64_t)(post->n - failed));
    if (post->n > failed) {
        json_put_key(&o, STR("successes"));
        put_details(&o, post, false);
    }
    json_member_int(&o, STR("failure_count"), (int64_t)failed);
    if (failed) {
        json_put_key(&o, STR("failures"));
        put_details(&o, post, true);
    }
    json_member_int(&o, STR("pending_count"), 0);
    json_end_object(&o);
    return buf_end(&b, &post->status.document);
}

static enum err post_work(struct store_txn *t, void *context)
{
    struct post *post = context;
    post->row.added = post->row.same = post->row.conflicts = 0;
    TRY(store_import_begin(t, &post->row, &post->row.id));
    for (size_t i = 0; i < post->n; i++) {
        if (!post->items[i].is_read)
            continue;
        post->items[i].why = (struct str){"", 0};
        TRY(put_object(post, t, &post->items[i]));
    }
    post->row.ended_us = clock_now_us();
    TRY(make_status(post));
    TRY(store_import_end(t, &post->row));
    TRY(store_taxii_status_put(t, &post->status));
    return call_audit(post->call, t, "taxii.post", post->collection.id, STR(""));
}

// ERR_DENIED, ERR_LIMIT (413), ERR_INVALID (400) or ERR_CORRUPT (422) say what is wrong.
static enum err check_post(struct post *post, const struct store_taxii_root *root)
{
    post->why = "this account may not write to the collection";
    if (!post->collection.can_write)
        return ERR_DENIED;
    post->why = "the body is over max_content_length; send less at a time";
    if (http_request_body_bytes(post->call->request) > (uint64_t)root->content_bytes_max)
        return ERR_LIMIT;
    post->why = "";
    TRY(set_handling(post));
    return read_envelope(post, http_request_body(post->call->request));
}

static bool has_content_type(struct call *call)
{
    struct str type = {"", 0};
    if (http_request_header(call->request, STR("Content-Type"), &type) &&
        taxii_is_content_type(type))
        return true;
    taxii_answer_error(call->request, 415, "INVALID",
        STR("the body has to be application/taxii+json;version=2.1"));
    return false;
}

static enum err commit(struct post *post)
{
    struct str id;
    TRY(exchange_new_id(post->call->arena, post->row.at_us, &id));
    post->status.id = id;
    post->why = "";
    return store_write(post->call->node->store, post_work, post, STORE_NORMAL);
}

void taxii_post(struct call *call)
{
    struct store_txn *t;
    struct store_taxii_root root = {0};
    struct post *post = NEW(call->arena, struct post);
    if (!post) {
        taxii_fail(call, ERR_LIMIT, "");
        return;
    }
    *post = (struct post){.call = call,
        .why = "",
        .row = {.at_us = clock_now_us(),
            .principal = call->principal,
            .originator = call->node->party}};
    if (!taxii_open_collection(call, &t, &post->collection))
        return;
    enum err e = taxii_find_root(call, t, &root);
    store_read_end(t);
    if (e == ERR_OK && !has_content_type(call))
        return;
    post->row.name = post->collection.title;
    post->status.recipient = call->recipient;
    post->status.root = root.name;
    post->status.at_us = post->row.at_us;
    if (e == ERR_OK)
        e = check_post(post, &root);
    if (e == ERR_OK)
        e = commit(post);
    if (e != ERR_OK)
        taxii_fail(call, e, post->why);
    else
        http_answer(call->request, 202, TAXII_MEDIA_TYPE, post->status.document);
}

struct deletion {
    struct call *call;
    struct store_taxii_collection collection;
    struct taxii_filter filter;
    struct store_taxii_members members;
};

static enum err delete_work(struct store_txn *t, void *context)
{
    struct deletion *d = context;
    const struct store_view view = taxii_view(d->call, &d->collection);
    int64_t now_us = clock_now_us();
    for (size_t i = 0; i < d->members.n; i++)
        TRY(store_membership_remove(t, &view, d->members.items[i].object_seq, now_us));
    return call_audit(d->call, t, "taxii.delete", d->call->segments[2], STR(""));
}

// Every version, when none is named (TAXII 2.1 section 5.7).
static enum err find_members(struct deletion *d, struct store_txn *t, const char **why)
{
    struct call *call = d->call;
    const struct taxii_query query = {.id = call->segments[2],
        .version = call_parameter(call, "match[version]"),
        .spec_version = call_parameter(call, "match[spec_version]")};
    *why = "a view changes by decisions of its owner, not by its readers";
    if (!d->collection.is_inbox || !d->collection.can_write || !d->collection.can_read)
        return ERR_DENIED;
    TRY(taxii_filter_read(call->arena, &query, TAXII_PAGE_MAX, &d->filter, why));
    const struct store_taxii_ask ask = {
        .who = {.view = taxii_view(call, &d->collection), .now_us = clock_now_us()},
        .until = INT64_MAX,
        .ids = d->filter.ids,
        .versions = d->filter.versions,
        .wants_all = d->filter.wants_all || query.version.len == 0,
        .wants_last = d->filter.wants_last,
        .wants_first = d->filter.wants_first,
        .limit = TAXII_PAGE_MAX};
    if (d->filter.is_empty)
        return ERR_NOT_FOUND;
    TRY(store_taxii_page(t, call->arena, &ask, &d->members));
    return d->members.n ? ERR_OK : ERR_NOT_FOUND;
}

void taxii_delete(struct call *call)
{
    struct store_txn *t;
    const char *why = "";
    struct deletion d = {.call = call};
    if (!taxii_open_collection(call, &t, &d.collection))
        return;
    enum err e = find_members(&d, t, &why);
    store_read_end(t);
    if (e == ERR_OK)
        e = store_write(call->node->store, delete_work, &d, STORE_NORMAL);
    if (e == ERR_NOT_FOUND)
        taxii_not_found(call);
    else if (e != ERR_OK)
        taxii_fail(call, e, why);
    else
        http_answer(call->request, 200, TAXII_MEDIA_TYPE, STR("{}"));
}
