// SPDX-License-Identifier: Apache-2.0
// Roots, collections, shares and accounts, as they are configured.
#include "api/recipients.h"
#include "api/taxii_priv.h"
#include "base/base64.h"
#include "base/time.h"
#include "base/uuid.h"
#include "hash/hash.h"
#include "policy/handling.h"
#include "sys/clock.h"
#include "sys/random.h"

#define NAME_BYTES_MAX 64
#define TEXT_BYTES_MAX 1000
#define PASSWORD_BYTES 16
#define CONTENT_MIN    1024

struct admin {
    struct call *call;
    const char *why;
    struct store_taxii_root root;
    struct store_taxii_collection collection;
    struct str recipient;
    struct store_principal account;
    unsigned char pin[STORE_TAXII_PIN_BYTES];
    bool has_pin;
};

// A name is a segment of a path: a-z, 0-9 and hyphens.
static bool is_name(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!((s.ptr[i] >= 'a' && s.ptr[i] <= 'z') || (s.ptr[i] >= '0' && s.ptr[i] <= '9') ||
                s.ptr[i] == '-'))
            return false;
    return s.len >= 1 && s.len <= NAME_BYTES_MAX;
}

static bool is_text(struct str s, bool may_be_empty)
{
    return s.len <= TEXT_BYTES_MAX && (may_be_empty || s.len > 0);
}

static void finish(struct admin *admin, enum err e, const struct buf *b)
{
    if (e != ERR_OK)
        call_fail(admin->call, e, str_of(admin->why));
    else
        call_answer_json(admin->call, b);
}

static void put_root(struct json_out *o, const struct store_taxii_root *root)
{
    json_begin_object(o);
    json_member_string(o, STR("name"), root->name);
    json_member_string(o, STR("title"), root->title);
    json_member_string(o, STR("description"), root->description);
    json_member_int(o, STR("max_content_length"), root->content_bytes_max);
    call_put_time(o, "added", root->added_us);
    json_end_object(o);
}

static enum err read_root(struct admin *admin)
{
    struct call *call = admin->call;
    uint64_t bytes;
    struct str most = call_parameter(call, "max_content_length");
    admin->root = (struct store_taxii_root){.name = call_parameter(call, "name"),
        .title = call_parameter(call, "title"),
        .description = call_parameter(call, "description"),
        .content_bytes_max = TAXII_BODY_BYTES_USUAL,
        .added_us = clock_now_us()};
    admin->why = "name is 1 to 64 of a-z 0-9 and hyphen";
    if (!is_name(admin->root.name))
        return ERR_INVALID;
    admin->why = "title is needed, and is at most 1000 bytes, as is description";
    if (!is_text(admin->root.title, false) || !is_text(admin->root.description, true))
        return ERR_INVALID;
    admin->why = "max_content_length is a number of bytes from 1024 to 16777216";
    if (most.len == 0)
        return ERR_OK;
    if (str_to_u64(most, &bytes) != ERR_OK || bytes < CONTENT_MIN ||
        bytes > TAXII_BODY_BYTES_MAX)
        return ERR_INVALID;
    admin->root.content_bytes_max = (int64_t)bytes;
    return ERR_OK;
}

static enum err root_add_work(struct store_txn *t, void *context)
{
    struct admin *admin = context;
    TRY(store_taxii_root_add(t, &admin->root));
    return call_audit(admin->call, t, "taxii.root.add", admin->root.name, STR(""));
}

void api_taxii_root_add(struct call *call)
{
    struct admin admin = {.call = call};
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    enum err e = read_root(&admin);
    if (e == ERR_OK) {
        admin.why = "there is, or was, a root of that name; names are given once";
        e = store_write(call->node->store, root_add_work, &admin, STORE_NORMAL);
    }
    put_root(&o, &admin.root);
    finish(&admin, e, &b);
}

void api_taxii_root_list(struct call *call)
{
    struct store_txn *t;
    struct store_taxii_roots all = {0};
    struct admin admin = {.call = call, .why = ""};
    enum err e = store_read_begin(call->node->store, &t);
    if (e == ERR_OK) {
        e = store_taxii_root_all(t, call->arena, &all);
        store_read_end(t);
    }
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_put_key(&o, STR("roots"));
    json_begin_array(&o);
    for (size_t i = 0; i < all.n; i++)
        put_root(&o, &all.items[i]);
    json_end_array(&o);
    json_end_object(&o);
    finish(&admin, e, &b);
}

static void answer_removed(struct admin *admin, enum err e, struct str what)
{
    struct buf b = call_buf(admin->call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_string(&o, STR("removed"), what);
    json_end_object(&o);
    admin->why = e == ERR_NOT_FOUND ? "there is nothing of that name in force" : "";
    finish(admin, e, &b);
}

static enum err root_remove_work(struct store_txn *t, void *context)
{
    struct call *call = context;
    TRY(store_taxii_root_remove(t, call->segments[0], clock_now_us()));
    return call_audit(call, t, "taxii.root.remove", call->segments[0], STR(""));
}

void api_taxii_root_remove(struct call *call)
{
    struct admin admin = {.call = call};
    answer_removed(&admin, store_write(call->node->store, root_remove_work, call, STORE_NORMAL),
        call->segments[0]);
}

static void put_collection(struct json_out *o, const struct store_taxii_collection *c)
{
    json_begin_object(o);
    json_member_string(o, STR("id"), c->id);
    json_member_string(o, STR("root"), c->root);
    json_member_string(o, STR("alias"), c->alias);
    json_member_string(o, STR("title"), c->title);
    json_member_string(o, STR("description"), c->description);
    json_member_string(o, STR("kind"), c->is_inbox ? STR("inbox") : STR("view"));
    json_member_int(o, STR("page_limit"), c->page_limit);
    if (c->is_inbox) {
        json_member_string(o, STR("handling"), c->handling);
    } else {
        json_member_string(o, STR("types"), c->types);
        json_member_string(o, STR("source"), c->source);
        json_member_string(o, STR("max_tlp"), c->max_tlp);
    }
    call_put_time(o, "added", c->added_us);
    json_end_object(o);
}

static enum err read_page_limit(struct admin *admin)
{
    uint64_t n = TAXII_PAGE_DEFAULT;
    struct str text = call_parameter(admin->call, "page_limit");
    admin->why = "page_limit is a number from 1 to 1000";
    if (text.len && (str_to_u64(text, &n) != ERR_OK || n == 0 || n > TAXII_PAGE_MAX))
        return ERR_INVALID;
    admin->collection.page_limit = (int64_t)n;
    return ERR_OK;
}

static enum err read_view(struct admin *admin)
{
    enum stix_tlp tlp;
    struct str types = admin->collection.types;
    admin->why = "types is a list of object types, joined by commas";
    if (types.len > TEXT_BYTES_MAX || (types.len && types.ptr[types.len - 1] == ','))
        return ERR_INVALID;
    while (types.len)
        if (!is_name(str_cut(&types, ',')))
            return ERR_INVALID;
    admin->why = "source is a party, or a recipient of our own with its party";
    if (!is_text(admin->collection.source, true))
        return ERR_INVALID;
    admin->why = "max_tlp is clear, green, amber or amber+strict: no view shows RED";
    TRY(stix_tlp_parse(admin->collection.max_tlp, &tlp));
    return tlp == STIX_TLP_RED ? ERR_INVALID : ERR_OK;
}

static enum err read_inbox(struct admin *admin)
{
    enum stix_tlp tlp;
    struct str handling = admin->collection.handling;
    admin->why = "handling is clear, green, amber, amber+strict, red or quarantine";
    return str_eq(handling, STR("quarantine")) ? ERR_OK : stix_tlp_parse(handling, &tlp);
}

static enum err new_uuid(struct arena *a, struct str *out)
{
    unsigned char uuid[UUID_BYTES];
    struct buf b = buf_in(a, UUID_TEXT_BYTES);
    random_fill(uuid, sizeof uuid);
    uuid_stamp(uuid, 4);
    uuid_put(&b, uuid);
    return buf_end(&b, out);
}

static enum err read_collection(struct admin *admin)
{
    struct call *call = admin->call;
    struct store_taxii_collection *c = &admin->collection;
    struct str kind = call_parameter(call, "kind"), max = call_parameter(call, "max_tlp"),
               handling = call_parameter(call, "handling");
    *c = (struct store_taxii_collection){.root = call_parameter(call, "root"),
        .alias = call_parameter(call, "alias"),
        .title = call_parameter(call, "title"),
        .description = call_parameter(call, "description"),
        .is_inbox = str_eq(kind, STR("inbox")),
        .types = call_parameter(call, "types"),
        .source = call_parameter(call, "source"),
        .max_tlp = max.len ? max : STR("amber+strict"),
        .handling = handling.len ? handling : call->node->handling,
        .added_us = clock_now_us()};
    admin->why = "kind is view or inbox";
    if (!c->is_inbox && kind.len && !str_eq(kind, STR("view")))
        return ERR_INVALID;
    admin->why = "alias is 1 to 64 of a-z 0-9 and hyphen";
    if (c->alias.len && !is_name(c->alias))
        return ERR_INVALID;
    admin->why = "title is needed, and is at most 1000 bytes, as is description";
    if (!is_text(c->title, false) || !is_text(c->description, true))
        return ERR_INVALID;
    TRY(read_page_limit(admin));
    TRY(c->is_inbox ? read_inbox(admin) : read_view(admin));
    return new_uuid(call->arena, &c->id);
}

static enum err collection_add_work(struct store_txn *t, void *context)
{
    struct admin *admin = context;
    TRY(store_taxii_collection_add(t, &admin->collection));
    return call_audit(admin->call, t, "taxii.collection.add", admin->collection.id, STR(""));
}

void api_taxii_collection_add(struct call *call)
{
    struct admin admin = {.call = call};
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    enum err e = read_collection(&admin);
    if (e == ERR_OK) {
        e = store_write(call->node->store, collection_add_work, &admin, STORE_NORMAL);
        admin.why = e == ERR_NOT_FOUND
                        ? "there is no root of that name; see: bongsu taxii root list"
                    : e == ERR_CONFLICT ? "the root has a collection with that alias"
                                        : "";
    }
    put_collection(&o, &admin.collection);
    finish(&admin, e, &b);
}

static void put_shares(
    struct json_out *o, const struct store_taxii_shares *shares, struct str id)
{
    json_put_key(o, STR("shares"));
    json_begin_array(o);
    for (size_t i = 0; i < shares->n; i++) {
        const struct store_taxii_share *share = &shares->items[i];
        if (!str_eq(share->collection.id, id))
            continue;
        json_begin_object(o);
        json_member_string(o, STR("to"), share->recipient);
        json_member_bool(o, STR("can_read"), share->collection.can_read);
        json_member_bool(o, STR("can_write"), share->collection.can_write);
        json_member_int(o, STR("objects"), share->members);
        json_member_int(o, STR("waiting"), share->waiting);
        json_end_object(o);
    }
    json_end_array(o);
}

void api_taxii_collection_list(struct call *call)
{
    struct store_txn *t;
    struct store_taxii_collections all = {0};
    struct store_taxii_shares shares = {0};
    struct admin admin = {.call = call, .why = ""};
    enum err e = store_read_begin(call->node->store, &t);
    if (e == ERR_OK) {
        e = store_taxii_collection_all(t, call->arena, &all);
        if (e == ERR_OK)
            e = store_taxii_share_all(t, call->arena, &shares);
        store_read_end(t);
    }
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_put_key(&o, STR("collections"));
    json_begin_array(&o);
    for (size_t i = 0; i < all.n; i++) {
        json_begin_object(&o);
        json_put_key(&o, STR("collection"));
        put_collection(&o, &all.items[i]);
        put_shares(&o, &shares, all.items[i].id);
        json_end_object(&o);
    }
    json_end_array(&o);
    json_end_object(&o);
    finish(&admin, e, &b);
}

static enum err collection_remove_work(struct store_txn *t, void *context)
{
    struct call *call = context;
    TRY(store_taxii_collection_remove(t, call->segments[0], clock_now_us()));
    return call_audit(call, t, "taxii.collection.remove", call->segments[0], STR(""));
}

void api_taxii_collection_remove(struct call *call)
{
    struct admin admin = {.call = call};
    answer_removed(&admin,
        store_write(call->node->store, collection_remove_work, call, STORE_NORMAL),
        call->segments[0]);
}

static enum err share_work(struct store_txn *t, void *context)
{
    struct admin *admin = context;
    struct call *call = admin->call;
    struct store_recipient recipient;
    struct str may = call_parameter(call, "may");
    bool can_write = str_eq(may, STR("write")) || str_eq(may, STR("both"));
    bool can_read = !str_eq(may, STR("write"));
    TRY(recipient_in_force(t, call->arena, admin->recipient, &recipient));
    TRY(store_taxii_share_put(
        t, call->segments[0], admin->recipient, can_read, can_write, clock_now_us()));
    return call_audit(call, t, "taxii.share", call->segments[0], admin->recipient);
}

void api_taxii_share_put(struct call *call)
{
    struct admin admin = {.call = call,
        .why = "there is no recipient of that name in force; see: bongsu recipient list"};
    struct str may = call_parameter(call, "may");
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    enum err e = recipient_key(call, call_parameter(call, "to"), &admin.recipient);
    if (e == ERR_OK && may.len && !str_eq(may, STR("read")) && !str_eq(may, STR("write")) &&
        !str_eq(may, STR("both"))) {
        e = ERR_INVALID;
        admin.why = "may is read, write or both";
    }
    if (e == ERR_OK) {
        e = store_write(call->node->store, share_work, &admin, STORE_NORMAL);
        admin.why = e == ERR_NOT_FOUND || e == ERR_DENIED
                        ? "there is no such collection, or no such recipient in force"
                        : "";
    }
    json_begin_object(&o);
    json_member_string(&o, STR("collection"), call->segments[0]);
    json_member_string(&o, STR("to"), admin.recipient);
    json_end_object(&o);
    finish(&admin, e, &b);
}

static enum err share_remove_work(struct store_txn *t, void *context)
{
    struct admin *admin = context;
    struct call *call = admin->call;
    TRY(store_taxii_share_remove(t, call->segments[0], admin->recipient, clock_now_us()));
    return call_audit(call, t, "taxii.unshare", call->segments[0], admin->recipient);
}

void api_taxii_share_remove(struct call *call)
{
    struct admin admin = {.call = call};
    enum err e = recipient_key(call, call->segments[1], &admin.recipient);
    if (e == ERR_OK)
        e = store_write(call->node->store, share_remove_work, &admin, STORE_NORMAL);
    answer_removed(&admin, e == ERR_INVALID ? ERR_NOT_FOUND : e, call->segments[1]);
}

static enum err account_work(struct store_txn *t, void *context)
{
    struct admin *admin = context;
    struct store_recipient recipient;
    int64_t id;
    TRY(recipient_in_force(t, admin->call->arena, admin->account.recipient, &recipient));
    TRY(store_principal_add(t, &admin->account, &id));
    if (admin->has_pin)
        TRY(store_taxii_certificate_add(t, admin->pin, id));
    return call_audit(admin->call, t, "taxii.account.add", admin->account.name, STR(""));
}

static enum err read_account(struct admin *admin, struct buf *password)
{
    struct call *call = admin->call;
    struct http_certificate certificate;
    unsigned char random[PASSWORD_BYTES];
    struct str pem = http_request_body(call->request);
    admin->account = (struct store_principal){.name = call_parameter(call, "name"),
        .kind = TAXII_ACCOUNT,
        .rights = STR("taxii"),
        .created_us = clock_now_us()};
    admin->why = "name is 1 to 64 of a-z 0-9 and hyphen";
    if (!is_name(admin->account.name))
        return ERR_INVALID;
    admin->why = "there is no recipient of that name in force; see: bongsu recipient list";
    if (recipient_key(call, call_parameter(call, "recipient"), &admin->account.recipient) !=
        ERR_OK)
        return ERR_NOT_FOUND;
    admin->why = "the body is a certificate in PEM, or nothing";
    if (pem.len && http_certificate_read(pem, &certificate) != ERR_OK)
        return ERR_INVALID;
    admin->has_pin = pem.len > 0;
    if (admin->has_pin)
        memcpy(admin->pin, certificate.pin, sizeof admin->pin);
    random_fill(random, sizeof random);
    base64_put(password, (struct str){(const char *)random, sizeof random});
    hash_sha256(buf_str(password), admin->account.token_hash);
    return password->err;
}

// With a certificate the password is made all the same and told to nobody.
void api_taxii_account_add(struct call *call)
{
    struct admin admin = {.call = call};
    struct buf password = buf_in(call->arena, 64), b = call_buf(call);
    struct json_out o = json_out(&b);
    enum err e = read_account(&admin, &password);
    if (e == ERR_OK) {
        e = store_write(call->node->store, account_work, &admin, STORE_NORMAL);
        admin.why = e == ERR_CONFLICT ? "there is a token or an account of that name, or with "
                                        "that certificate; names are given once"
                    : e == ERR_NOT_FOUND || e == ERR_DENIED
                        ? "there is no recipient of that name in force; see: bongsu recipient "
                          "list"
                        : "";
    }
    json_begin_object(&o);
    json_member_string(&o, STR("name"), admin.account.name);
    json_member_string(&o, STR("recipient"), admin.account.recipient);
    if (!admin.has_pin)
        json_member_string(&o, STR("password"), buf_str(&password));
    json_end_object(&o);
    finish(&admin, e, &b);
}

static void put_account(struct json_out *o, const struct store_taxii_account *account)
{
    json_begin_object(o);
    json_member_string(o, STR("name"), account->name);
    json_member_string(o, STR("recipient"), account->recipient);
    json_member_bool(o, STR("has_certificate"), account->has_certificate);
    json_member_bool(o, STR("in_force"), account->revoked_us == 0);
    call_put_time(o, "added", account->added_us);
    json_end_object(o);
}

void api_taxii_account_list(struct call *call)
{
    struct store_txn *t;
    struct store_taxii_accounts all = {0};
    struct admin admin = {.call = call, .why = ""};
    enum err e = store_read_begin(call->node->store, &t);
    if (e == ERR_OK) {
        e = store_taxii_account_all(t, call->arena, TAXII_ACCOUNT, &all);
        store_read_end(t);
    }
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_put_key(&o, STR("accounts"));
    json_begin_array(&o);
    for (size_t i = 0; i < all.n; i++)
        put_account(&o, &all.items[i]);
    json_end_array(&o);
    json_end_object(&o);
    finish(&admin, e, &b);
}
