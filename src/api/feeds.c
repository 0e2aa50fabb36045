// SPDX-License-Identifier: Apache-2.0
// Feeds as an operator sets them up. The secret and the key of a feed come in and never go out.
#include "api/feeds_priv.h"
#include "base/time.h"
#include "policy/handling.h"
#include "stix/marking.h"
#include "sys/clock.h"
#include "json/json.h"

#define NAME_BYTES_MAX 64
#define TEXT_BYTES_MAX 1000
#define PEM_BYTES_MAX  (256 * KIB)
#define EVERY_S_MIN    60
#define EVERY_S_MAX    (366 * 86400)

struct feed_admin {
    struct call *call;
    struct store_feed feed;
    const char *why;
};

static bool is_name(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
            return false;
    }
    return name.len > 0 && name.len <= NAME_BYTES_MAX;
}

static bool is_plain(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < ' ')
            return false;
    return text.len <= TEXT_BYTES_MAX;
}

struct field {
    const char *name;
    struct str *out;
    size_t bytes_max;
};

static enum err read_fields(struct feed_admin *admin, struct json v)
{
    struct store_feed *f = &admin->feed;
    const struct field fields[] = {{"name", &f->name, NAME_BYTES_MAX}, {"kind", &f->kind, 16},
        {"address", &f->address, 4 * KIB}, {"collection", &f->collection, TEXT_BYTES_MAX},
        {"types", &f->types, TEXT_BYTES_MAX}, {"user", &f->user, TEXT_BYTES_MAX},
        {"secret", &f->secret, TEXT_BYTES_MAX}, {"authorities", &f->authorities, PEM_BYTES_MAX},
        {"peer", &f->peer, PEM_BYTES_MAX}, {"certificate", &f->certificate, PEM_BYTES_MAX},
        {"key", &f->key, PEM_BYTES_MAX}, {"originator", &f->originator, 16},
        {"handling", &f->handling, 16}, {"after", &f->place.after, 64}};
    size_t known = 0;
    struct json member;
    for (size_t i = 0; i < LEN(fields); i++) {
        *fields[i].out = STR("");
        if (!json_get(v, str_of(fields[i].name), &member))
            continue;
        known++;
        if (json_string(admin->call->arena, member, fields[i].out) != ERR_OK ||
            fields[i].out->len > fields[i].bytes_max)
            return ERR_INVALID;
    }
    if (json_get(v, STR("every_s"), &member)) {
        known++;
        TRY(json_int(member, &f->every_s));
    }
    return known == json_len(v) ? ERR_OK : ERR_INVALID;
}

static const char *check_access(struct feed_admin *admin)
{
    struct store_feed *f = &admin->feed;
    struct http_certificate c;
    struct http_address address;
    const char *why;
    if (http_address_parse(f->address, &address, &why) != ERR_OK)
        return why;
    if (f->peer.len && f->authorities.len)
        return "a server is known by its own certificate or by an authority, not both";
    if ((f->peer.len && http_certificate_read(f->peer, &c) != ERR_OK) ||
        (f->authorities.len && http_certificate_read(f->authorities, &c) != ERR_OK))
        return "the server's certificate or authorities are not PEM";
    const struct http_identity identity = {
        .certificate_pem = f->certificate, .key_pem = f->key};
    if ((f->certificate.len || f->key.len) && !http_identity_fits(&identity))
        return "the client certificate and its key do not fit";
    if (f->secret.len && f->user.len == 0)
        return "a secret wants a user";
    if (str_index(f->user, ':') < f->user.len || !is_plain(f->user) || !is_plain(f->secret))
        return "a user has no colon, and neither has control characters (RFC 7617)";
    return NULL;
}

static const char *check_rest(struct feed_admin *admin)
{
    struct store_feed *f = &admin->feed;
    enum stix_tlp level;
    int64_t after_us;
    bool is_taxii = str_eq(f->kind, STR("taxii"));
    if (!is_name(f->name))
        return "name is 1 to 64 of a-z 0-9 and hyphen";
    if (!is_taxii && !str_eq(f->kind, STR("url")) && !str_eq(f->kind, STR("misp")))
        return "kind is taxii, url or misp";
    if (!is_taxii && (f->collection.len || f->types.len || f->place.after.len))
        return "collection, types and after are of TAXII only";
    if (f->place.after.len && time_parse(f->place.after, &after_us) != ERR_OK)
        return "after is a time such as 2026-11-24T00:00:00Z";
    if (!is_plain(f->collection) || !is_plain(f->types))
        return "collection and types have no control characters";
    if (policy_party_check(f->originator) != ERR_OK)
        return "originator is a party id: 2 to 16 of a-z 0-9 and hyphen";
    if (!str_eq(f->handling, FEED_QUARANTINE) && stix_tlp_parse(f->handling, &level) != ERR_OK)
        return "handling is clear, green, amber, amber+strict, red or quarantine";
    if (f->every_s && (f->every_s < EVERY_S_MIN || f->every_s > EVERY_S_MAX))
        return "every is 1 minute to 366 days, or 0 for only when asked";
    return NULL;
}

static void put_feed(struct json_out *o, const struct store_feed *f)
{
    const struct store_feed_last *last = &f->last;
    json_begin_object(o);
    json_member_string(o, STR("name"), f->name);
    json_member_string(o, STR("kind"), f->kind);
    json_member_string(o, STR("address"), http_address_plain(f->address));
    json_member_string(o, STR("collection"), f->collection);
    json_member_string(o, STR("types"), f->types);
    json_member_string(o, STR("user"), f->user);
    json_member_bool(o, STR("has_secret"), f->secret.len > 0);
    json_member_bool(o, STR("has_certificate"), f->certificate.len > 0);
    json_member_string(o, STR("trust"),
        f->peer.len          ? STR("certificate")
        : f->authorities.len ? STR("authorities")
                             : STR("system"));
    json_member_string(o, STR("originator"), f->originator);
    json_member_string(o, STR("handling"), f->handling);
    json_member_int(o, STR("every_s"), f->every_s);
    json_member_string(o, STR("reached"), f->place.after);
    json_member_int(o, STR("runs"), f->runs);
    json_member_bool(o, STR("asked"), f->asked != STORE_FEED_BY_TIME);
    json_member_string(o, STR("outcome"), last->outcome);
    json_member_string(o, STR("why"), last->why);
    json_member_int(o, STR("failures"), last->failures);
    call_put_time(o, "ended", last->ended_us);
    call_put_time(o, "next", last->next_us);
    json_member_int(o, STR("read"), last->fetched);
    json_member_int(o, STR("new"), last->added);
    json_member_int(o, STR("same"), last->same);
    json_member_int(o, STR("conflict"), last->conflicts);
    json_member_int(o, STR("refused"), last->refused);
    json_end_object(o);
}

static void finish(struct feed_admin *admin, enum err e, const struct buf *b)
{
    if (e == ERR_OK)
        call_answer_json(admin->call, b);
    else
        call_fail(admin->call, e,
            e == ERR_NOT_FOUND ? STR("there is no feed of that name; see: bongsu feed list")
                               : str_of(admin->why));
}

static enum err add_work(struct store_txn *t, void *context)
{
    struct feed_admin *admin = context;
    TRY(store_feed_add(t, &admin->feed));
    return call_audit(admin->call, t, "feed.add", admin->feed.name, STR(""));
}

void api_feed_add(struct call *call)
{
    struct feed_admin admin = {.call = call, .feed = {.added_us = clock_now_us()}};
    struct json v;
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    admin.why = "the body is a JSON object of a feed's texts; none is too long, none unknown";
    enum err e = json_parse(call->arena, http_request_body(call->request), &v, NULL);
    if (e == ERR_OK)
        e = json_is(v, JSON_OBJECT) ? read_fields(&admin, v) : ERR_INVALID;
    if (e == ERR_OK) {
        admin.feed.handling =
            admin.feed.handling.len ? admin.feed.handling : call->node->handling;
        admin.why = check_access(&admin);
        admin.why = admin.why ? admin.why : check_rest(&admin);
        e = admin.why ? ERR_INVALID : ERR_OK;
    }
    if (e == ERR_OK) {
        e = store_write(call->node->store, add_work, &admin, STORE_NORMAL);
        admin.why = e == ERR_CONFLICT ? "there is a feed of that name" : "";
    }
    put_feed(&o, &admin.feed);
    finish(&admin, e, &b);
}

void api_feed_list(struct call *call)
{
    struct feed_admin admin = {.call = call, .why = ""};
    struct store_txn *t;
    struct store_feeds all = {.n = 0};
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    enum err e = store_read_begin(call->node->store, &t);
    if (e == ERR_OK) {
        e = store_feed_all(t, call->arena, &all);
        store_read_end(t);
    }
    json_begin_object(&o);
    json_put_key(&o, STR("feeds"));
    json_begin_array(&o);
    for (size_t i = 0; i < all.n; i++)
        put_feed(&o, &all.items[i]);
    json_end_array(&o);
    json_end_object(&o);
    finish(&admin, e, &b);
}

static void answer_feed(struct feed_admin *admin)
{
    struct call *call = admin->call;
    struct store_txn *t;
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    enum err e = store_read_begin(call->node->store, &t);
    if (e == ERR_OK) {
        e = store_feed_get(t, call->arena, call->segments[0], &admin->feed);
        store_read_end(t);
    }
    if (e == ERR_OK)
        put_feed(&o, &admin->feed);
    finish(admin, e, &b);
}

void api_feed_show(struct call *call)
{
    struct feed_admin admin = {.call = call, .why = ""};
    answer_feed(&admin);
}

static enum err remove_work(struct store_txn *t, void *context)
{
    struct call *call = context;
    TRY(store_feed_remove(t, call->segments[0]));
    return call_audit(call, t, "feed.remove", call->segments[0], STR(""));
}

void api_feed_remove(struct call *call)
{
    struct feed_admin admin = {.call = call, .why = ""};
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    enum err e = store_write(call->node->store, remove_work, call, STORE_NORMAL);
    json_begin_object(&o);
    json_member_string(&o, STR("removed"), call->segments[0]);
    json_end_object(&o);
    finish(&admin, e, &b);
}

static enum err ask_work(struct store_txn *t, void *context)
{
    struct call *call = context;
    bool is_preview = str_eq(call_parameter(call, "preview"), STR("1"));
    TRY(store_feed_ask(t, call->segments[0], is_preview ? STORE_FEED_PREVIEW : STORE_FEED_RUN));
    return call_audit(call, t, "feed.ask", call->segments[0], STR(""));
}

// The run is another thread's: `runs` says when it has ended.
void api_feed_run(struct call *call)
{
    struct feed_admin admin = {.call = call, .why = ""};
    enum err e = store_write(call->node->store, ask_work, call, STORE_URGENT);
    if (e == ERR_OK)
        answer_feed(&admin);
    else
        finish(&admin, e, NULL);
}
