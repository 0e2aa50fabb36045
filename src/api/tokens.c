// SPDX-License-Identifier: Apache-2.0
// Tokens: what lets a caller in. The node keeps a token's hash only.
#include "api/call.h"
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
    int64_t id;
    TRY(store_principal_add(t, &work->principal, &id));
    return call_audit(work->call, t, "token.add", work->principal.name, STR(""));
}

static enum err revoke_work(struct store_txn *t, void *context)
{
    struct token_work *work = context;
    struct store_principal found;
    TRY(store_principal_by_name(t, work->call->arena, work->principal.name, &found));
    TRY(store_principal_revoke(t, found.id, clock_now_us()));
    return call_audit(work->call, t, "token.revoke", found.name, STR(""));
}

static bool are_rights(struct str list)
{
    if (list.len == 0)
        return false;
    while (list.len)
        if (right_parse(str_cut(&list, ',')) == RIGHT_NONE)
            return false;
    return true;
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
    if (!is_name(work.principal.name)) {
        call_fail(call, ERR_INVALID, STR("name is 1 to 64 bytes without / and control signs"));
        return;
    }
    if (!are_rights(work.principal.rights)) {
        call_fail(call, ERR_INVALID,
            STR("rights is a list of read, import, release, recall, carry, joined by commas"));
        return;
    }
    unsigned char random[TOKEN_BYTES];
    random_fill(random, sizeof random);
    struct buf token = buf_in(call->arena, 128);
    base64_put(&token, (struct str){(const char *)random, sizeof random});
    hash_sha256(buf_str(&token), work.principal.token_hash);
    enum err e = store_write(call->node->store, add_work, &work, STORE_NORMAL);
    if (e != ERR_OK) {
        call_fail(call, e,
            e == ERR_CONFLICT
                ? STR("there is a token of that name; revoke it first or choose another")
                : STR(""));
        return;
    }
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_string(&o, STR("name"), work.principal.name);
    json_member_string(&o, STR("rights"), work.principal.rights);
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
