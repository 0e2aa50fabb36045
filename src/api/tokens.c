// SPDX-License-Identifier: Apache-2.0
// Tokens: what lets a caller in. The node keeps a token's hash only.
#include "api/recipients.h"
#include "base/base64.h"
#include "hash/hash.h"
#include "sys/clock.h"
#include "sys/random.h"

#define TOKEN_BYTES    32
#define NAME_BYTES_MAX 64

struct token_work {
    const struct call *call;
    struct store_principal principal;
};

static enum err add_work(struct store_txn *t, void *context)
{
    struct token_work *work = context;
    const struct store_principal *p = &work->principal;
    struct store_recipient recipient;
    int64_t id;
    if (!str_eq(p->recipient, work->call->node->party))
        TRY(recipient_in_force(t, work->call->arena, p->recipient, &recipient));
    TRY(store_principal_add(t, p, &id));
    return call_audit(work->call, t, "token.add", p->name, STR(""));
}

static enum err revoke_work(struct store_txn *t, void *context)
{
    struct token_work *work = context;
    struct store_principal found;
    TRY(store_principal_by_name(t, work->call->arena, work->principal.name, &found));
    TRY(store_principal_revoke(t, found.id, clock_now_us()));
    return call_audit(work->call, t, "token.revoke", found.name, STR(""));
}

// A recipient inside our Participant reads and imports; what leaves the node is decided by
// those who run it.
static bool are_rights(struct str list, bool is_inside)
{
    if (list.len == 0)
        return false;
    while (list.len) {
        enum right right = right_parse(str_cut(&list, ','));
        if (right == RIGHT_NONE || (is_inside && right != RIGHT_READ && right != RIGHT_IMPORT))
            return false;
    }
    return true;
}

static void fail_to_add(struct call *call, enum err e)
{
    static const struct str taken =
        STR_INIT("there is a token of that name; revoke it first or choose another");
    static const struct str unknown =
        STR_INIT("there is no recipient of that name in force; see: bongsu recipient list");
    call_fail(call, e,
        e == ERR_CONFLICT                       ? taken
        : e == ERR_NOT_FOUND || e == ERR_DENIED ? unknown
                                                : STR(""));
}

// A name is a segment of the path that revokes it, and a word in logs.
static bool is_name(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] < ' ' || s.ptr[i] == '/' || s.ptr[i] == 0x7f)
            return false;
    return s.len >= 1 && s.len <= NAME_BYTES_MAX;
}

void api_token_add(struct call *call)
{
    struct token_work work = {.call = call,
        .principal = {.name = call_parameter(call, "name"),
            .kind = STR("person"),
            .rights = call_parameter(call, "rights"),
            .recipient = call->node->party,
            .created_us = clock_now_us()}};
    struct str recipient = call_parameter(call, "recipient");
    if (recipient.len && recipient_key(call, recipient, &work.principal.recipient) != ERR_OK) {
        fail_to_add(call, ERR_NOT_FOUND);
        return;
    }
    if (!is_name(work.principal.name)) {
        call_fail(call, ERR_INVALID, STR("name is 1 to 64 bytes without / and control signs"));
        return;
    }
    if (!are_rights(work.principal.rights, recipient.len > 0)) {
        call_fail(call, ERR_INVALID,
            recipient.len
                ? STR("the rights of a recipient are read and import, joined by commas")
                : STR("rights is a list of read, import, release, recall, carry, joined by "
                      "commas"));
        return;
    }
    unsigned char random[TOKEN_BYTES];
    random_fill(random, sizeof random);
    struct buf token = buf_in(call->arena, 128);
    base64_put(&token, (struct str){(const char *)random, sizeof random});
    hash_sha256(buf_str(&token), work.principal.token_hash);
    enum err e = store_write(call->node->store, add_work, &work, STORE_NORMAL);
    if (e != ERR_OK) {
        fail_to_add(call, e);
        return;
    }
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_string(&o, STR("name"), work.principal.name);
    json_member_string(&o, STR("rights"), work.principal.rights);
    json_member_string(&o, STR("recipient"), work.principal.recipient);
    json_member_string(&o, STR("token"), buf_str(&token));
    json_end_object(&o);
    call_answer_json(call, &b);
}

void api_token_revoke(struct call *call)
{
    struct token_work work = {.call = call, .principal = {.name = call->segments[0]}};
    enum err e = store_write(call->node->store, revoke_work, &work, STORE_NORMAL);
    if (e != ERR_OK) {
        call_fail(
            call, e, e == ERR_NOT_FOUND ? STR("there is no token of that name") : STR(""));
        return;
    }
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_string(&o, STR("revoked"), call->segments[0]);
    json_end_object(&o);
    call_answer_json(call, &b);
}
