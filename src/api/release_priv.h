// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/approvals.h"
#include "api/gate.h"
#include "ledger/entry.h"
#include "store/release.h"

// One release on its way into the ledger.
struct release_run {
    struct gate *gate;
    const struct approvals *approvals;
    struct str act;           // what was approved: "release", "flash"
    struct str lang;          // of a flash
    struct str rule;          // the standing rule that asks; empty when a person does
    struct ledger_officer by; // of a flash: who approved it
    struct store_release row;
    size_t *order; // rows that go, grouped by what an entry shares
    size_t n;
    size_t from;      // the next of `order` to write
    size_t done;      // set by the work
    int64_t written;  // set by the work
    uint64_t made;    // set by the work: entries
    uint64_t entries; // of all transactions
};

// What was asked for beside the rows: persons and approvals.
struct release_ask {
    struct gate *gate;
    struct json body;
    enum store_priority priority;
    struct str act;
    struct str lang; // of a flash
    struct approvals approvals;
};
// The request as a whole: from its body to the answer. The gate is open.
void release_as_asked(struct release_ask *ask);
// No link, or a failure.
void release_fail(struct call *call, enum err e);
// Reads "persons" of the body: each must be in the register of the partner.
enum err release_read_persons(struct release_ask *ask, struct str *why) MUST_USE;
// Decides as if officers had approved, and writes the order that they sign: exactly what would
// go then. The decisions stay so; decide again with the approvers that there are.
enum err release_order(struct release_ask *ask, struct store_txn *t) MUST_USE;
// Reads the approvals of the body and decides with the officers who have signed.
enum err release_approve(
    struct release_ask *ask, struct store_txn *t, struct str *why) MUST_USE;

// Adds the rows that a body names: {"ids": ["...", ...]}. *bad is the id that failed.
enum err release_add_ids(
    struct gate *g, struct store_txn *t, struct json body, struct str *bad) MUST_USE;
bool release_goes(const struct gate *g, size_t i);
// Writes everything that goes, in bounded transactions. run->row.released counts what is
// durable, also when an error stops it.
// ERR_CONFLICT when what officers approved is no longer what would go.
enum err release_write(struct release_run *run) MUST_USE;

void api_release(struct call *call);
void api_explain(struct call *call);
void api_export(struct call *call); // exports.c
