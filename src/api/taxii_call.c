// SPDX-License-Identifier: Apache-2.0
// Who asks, whether TAXII 2.1 may be sent, and how errors look.
#include "api/recipients.h"
#include "api/taxii_priv.h"
#include "base/base64.h"
#include "hash/hash.h"

#define CREDENTIALS_BYTES_MAX 512
#define ERROR_BYTES_MAX       (8 * KIB)
#define RETRY_AFTER           STR("5") // seconds: jobs are short

// "Basic " and the base64 of name:password (RFC 7617 section 2).
static enum err read_basic(
    struct call *call, struct str header, struct store_txn *t, struct store_principal *out)
{
    struct str credentials, name;
    unsigned char hash[SHA256_BYTES];
    struct str coded = str_trim(str_from(header, STR("Basic ").len));
    if (coded.len > CREDENTIALS_BYTES_MAX ||
        base64_parse(call->arena, coded, &credentials) != ERR_OK)
        return ERR_DENIED;
    name = str_cut(&credentials, ':');
    hash_sha256(credentials, hash);
    TRY(store_principal_by_token_hash(t, call->arena, hash, out));
    return str_eq(out->name, name) ? ERR_OK : ERR_DENIED;
}

// "Bearer " and the account's password as a token (RFC 6750 section 2.1): it names the account.
static enum err read_bearer(
    struct call *call, struct str header, struct store_txn *t, struct store_principal *out)
{
    unsigned char hash[SHA256_BYTES];
    struct str token = str_trim(str_from(header, STR("Bearer ").len));
    if (token.len > CREDENTIALS_BYTES_MAX)
        return ERR_DENIED;
    hash_sha256(token, hash);
    return store_principal_by_token_hash(t, call->arena, hash, out);
}

// A scheme's name in any case (RFC 9110 section 11.1); `word` is in lower case.
static bool is_scheme(struct str header, struct str word)
{
    for (size_t i = 0; i < word.len; i++)
        if (i >= header.len || ascii_lower(header.ptr[i]) != word.ptr[i])
            return false;
    return true;
}

static enum err find_by_certificate(
    struct call *call, struct store_txn *t, struct store_principal *out)
{
    const struct http_peer *peer = http_request_peer(call->request);
    struct str name;
    if (!peer->has_certificate || !peer->is_certificate_current)
        return ERR_DENIED;
    TRY(store_taxii_account_by_pin(t, call->arena, peer->pin, &name));
    return store_principal_by_name(t, call->arena, name, out);
}

// Where both are shown, the name decides: a certificate alone is no second account.
static enum err find(struct call *call, struct store_txn *t, struct store_principal *out)
{
    struct str header;
    struct store_recipient recipient;
    bool has_header = http_request_header(call->request, STR("Authorization"), &header);
    if (has_header && is_scheme(header, STR("bearer ")))
        TRY(read_bearer(call, header, t, out));
    else if (has_header && is_scheme(header, STR("basic ")))
        TRY(read_basic(call, header, t, out));
    else if (has_header)
        return ERR_DENIED;
    else
        TRY(find_by_certificate(call, t, out));
    if (out->revoked_us || !str_eq(out->kind, TAXII_ACCOUNT))
        return ERR_DENIED;
    TRY(recipient_in_force(t, call->arena, out->recipient, &recipient));
    call->recipient = out->recipient;
    return ERR_OK;
}

enum err taxii_find_account(struct call *call, struct store_principal *out)
{
    struct store_txn *t;
    TRY(store_read_begin(call->node->store, &t));
    enum err e = find(call, t, out);
    store_read_end(t);
    return e == ERR_NOT_FOUND ? ERR_DENIED : e;
}

void taxii_answer_error(
    struct http_request *r, unsigned status, const char *code, struct str message)
{
    struct buf b = buf_in(http_request_arena(r), ERROR_BYTES_MAX),
               number = buf_in(http_request_arena(r), 16);
    struct json_out o = json_out(&b);
    buf_put_u64(&number, status);
    json_begin_object(&o);
    json_member_string(&o, STR("title"), message);
    json_member_string(&o, STR("error_code"), str_of(code));
    json_member_string(&o, STR("http_status"), buf_str(&number));
    json_end_object(&o);
    if (status == 401)
        http_answer_header(r, STR("WWW-Authenticate"), STR("Basic realm=\"taxii\""));
    if (status == 429 || status == 503)
        http_answer_header(r, STR("Retry-After"), RETRY_AFTER);
    http_answer(r, status, TAXII_MEDIA_TYPE, buf_str(&b));
}

void taxii_fail(struct call *call, enum err e, const char *what)
{
    call_fail(call, e, str_of(what));
}

void taxii_not_found(struct call *call)
{
    call_fail(call, ERR_NOT_FOUND, STR("there is nothing of that name here for this account"));
}

void taxii_answer(struct call *call, unsigned status, const struct buf *b)
{
    struct str body;
    enum err e = buf_end(b, &body);
    if (e != ERR_OK)
        call_fail(call, e, STR("the answer does not fit; ask for a smaller limit"));
    else
        http_answer(call->request, status, TAXII_MEDIA_TYPE, body);
}

bool taxii_begin(struct call *call)
{
    struct str accept = {"", 0};
    if (!http_request_header(call->request, STR("Accept"), &accept) || taxii_accepts(accept))
        return true;
    taxii_answer_error(call->request, 406, "INVALID",
        STR("this server sends application/taxii+json;version=2.1 and nothing else"));
    return false;
}

enum err taxii_find_root(struct call *call, struct store_txn *t, struct store_taxii_root *out)
{
    struct store_taxii_roots roots;
    TRY(store_taxii_root_of(t, call->arena, call->recipient, &roots));
    for (size_t i = 0; i < roots.n; i++) {
        if (str_eq(roots.items[i].name, call->segments[0])) {
            *out = roots.items[i];
            return ERR_OK;
        }
    }
    return ERR_NOT_FOUND;
}

enum err taxii_find_collection(
    struct call *call, struct store_txn *t, struct store_taxii_collection *out)
{
    struct store_taxii_collections all;
    struct str name = call->segments[1];
    TRY(store_taxii_collection_of(t, call->arena, call->segments[0], call->recipient, &all));
    for (size_t i = 0; i < all.n; i++) {
        if (str_eq(all.items[i].id, name) ||
            (all.items[i].alias.len && str_eq(all.items[i].alias, name))) {
            *out = all.items[i];
            return ERR_OK;
        }
    }
    return ERR_NOT_FOUND;
}

struct store_view taxii_view(const struct call *call, const struct store_taxii_collection *c)
{
    return (struct store_view){.recipient = call->recipient, .view = c->id};
}

bool taxii_open_collection(
    struct call *call, struct store_txn **t, struct store_taxii_collection *out)
{
    if (!taxii_begin(call))
        return false;
    enum err e = store_read_begin(call->node->store, t);
    if (e == ERR_OK) {
        e = taxii_find_collection(call, *t, out);
        if (e != ERR_OK)
            store_read_end(*t);
    }
    if (e == ERR_NOT_FOUND)
        taxii_not_found(call);
    else if (e != ERR_OK)
        taxii_fail(call, e, "");
    return e == ERR_OK;
}
