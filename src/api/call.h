// SPDX-License-Identifier: Apache-2.0
// One request on its way through a handler. Handlers load, call the pure core, commit, answer.
#pragma once

#include "api/api.h"
#include "base/limits.h"
#include "store/principal.h"
#include "json/write.h"

enum right {
    RIGHT_NONE, // never in a route: refused at start
    RIGHT_READ,
    RIGHT_IMPORT,
    RIGHT_RELEASE,
    RIGHT_RECALL,
    RIGHT_CARRY,   // take a link's batches in and out by hand
    RIGHT_OPERATE, // the owner of the data directory, on the Unix socket: no content
    RIGHT_STATUS,  // the operator, or a token with `read`
    RIGHT_PARTNER, // a link's pinned certificate
    RIGHT_HEALTH,  // anybody: the answer is one word
    RIGHT_TAXII,   // a TAXII account: its name and password, or its certificate
};
// The rights that a token can have, by their names; RIGHT_NONE for anything else.
enum right right_parse(struct str name);
bool rights_have(struct str rights, enum right wanted);

#define CALL_SEGMENTS_MAX 3

struct call {
    const struct api_config *node;
    struct http_request *request;
    struct arena *arena; // the request's
    const struct route *route;
    struct str segments[CALL_SEGMENTS_MAX]; // what {} in the path stands for
    int64_t principal;                      // 0: the operator or a partner
    struct str partner;                     // of RIGHT_PARTNER: whose certificate it is
    struct str recipient; // inside our Participant, whose token it is; empty: the node's own
    int64_t began_us;
    struct taxii_page *page; // of TAXII: what the answer may be kept as
    struct link *counted;    // of the partner: the request is among those at work
};

struct route {
    enum http_method method;
    struct str path; // "{}" is a segment that the caller fills, "{*}" all that are left
    enum right right;
    enum http_body body;
    uint64_t body_bytes_max;
    struct str parameters; // of the query, by commas; any other is refused
    bool is_job;           // may wait for the writer, the signer or a partner
    void (*run)(struct call *call);
    // For the token of a recipient inside our Participant: answers from what that recipient is
    // a member of, and from nothing else. NULL: the route is not for them.
    void (*run_inside)(struct call *call);
};
struct routes {
    const struct route *rows;
    size_t n;
};
extern const struct routes api_routes;  // what people and their programs call
extern const struct routes peer_routes; // what TAXII clients and partners call

// Empty when it is not there.
struct str call_parameter(const struct call *call, const char *name);
// A decimal parameter; false (and answered with 400) when it is not one.
bool call_number(struct call *call, const char *name, uint64_t otherwise, uint64_t *out);
// The parameter `limit`, from 1 to `most`; 100 when it is not given. False, and answered with
// 400, when it is anything else.
bool call_limit(struct call *call, uint64_t most, uint64_t *out);
// The one table from errors to statuses. `what` says what, where and what to do.
void call_fail(struct call *call, enum err e, struct str what);
// A JSON answer in a buffer of the request's arena.
struct buf call_buf(struct call *call);
void call_answer_json(struct call *call, const struct buf *b);
// Members that are times ("" for 0) and hashes (32 bytes, as hex).
void call_put_time(struct json_out *o, const char *key, int64_t us);
void call_put_hash(struct json_out *o, const char *key, const unsigned char *hash);
// An audit event of this caller, in the transaction of what it is about (U1).
enum err call_audit(const struct call *call, struct store_txn *t, const char *action,
    struct str target, struct str detail) MUST_USE;

// Handlers, by topic.
void api_health(struct call *call);
void api_metrics(struct call *call);
void api_status(struct call *call);
void api_token_add(struct call *call);
void api_token_revoke(struct call *call);
void api_recipient_add(struct call *call);
void api_recipient_list(struct call *call);
void api_recipient_retire(struct call *call);
void api_recipient_status(struct call *call);
void api_recipient_explain(struct call *call);
void api_officer_add(struct call *call);
void api_officer_list(struct call *call);
void api_officer_retire(struct call *call);
void api_person_add(struct call *call);
void api_person_list(struct call *call);
void api_person_retire(struct call *call);
void api_flash_add(struct call *call);
void api_flash_list(struct call *call);
void api_flash_review(struct call *call);
void api_grant_add(struct call *call);
void api_grant_list(struct call *call);
void api_rule_add(struct call *call);
void api_rule_list(struct call *call);
void api_rule_remove(struct call *call);
void api_link_add(struct call *call);
void api_link_remove(struct call *call);
void api_link_epoch(struct call *call);
void api_key_install(struct call *call);
void api_certificate(struct call *call);
void api_keys(struct call *call);
void api_link_set_state(struct call *call);
void api_link_unfreeze(struct call *call);
void api_link_set_mode(struct call *call);
void api_batch_export(struct call *call);
void api_batch_import(struct call *call);
void api_batch_push(struct call *call);
void api_import(struct call *call);
void api_object_show(struct call *call);
void api_object_original(struct call *call);
void api_objects_find(struct call *call);
void api_search(struct call *call);
void api_neighbours(struct call *call);
void api_correlations(struct call *call);
void api_path(struct call *call);
void api_query_put(struct call *call);
void api_query_list(struct call *call);
void api_query_run(struct call *call);
void api_query_remove(struct call *call);
void api_lookup(struct call *call);
void api_recall(struct call *call);
void api_log_checkpoint(struct call *call);
void api_log_cosigned(struct call *call);
void api_log_tile(struct call *call);
void api_add_checkpoint(struct call *call);
void api_give_back(struct call *call);
void api_recalls_open(struct call *call);
void api_recall_answer(struct call *call);
void api_recall_choose(struct call *call);
void api_imports(struct call *call);
void api_import_undo(struct call *call);
void api_tighten(struct call *call);
void api_proposals(struct call *call);
void api_proposal_decline(struct call *call);
void api_ledger_policy(struct call *call);
void api_ledger_evidence(struct call *call);
void api_ledger_replay(struct call *call);
