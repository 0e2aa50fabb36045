// SPDX-License-Identifier: Apache-2.0
// What the TAXII handlers share. An account is a principal of kind "taxii" that belongs to a
// recipient inside our Participant; it reads the views of that recipient and nothing else.
#pragma once

#include "api/call.h"
#include "exchange/taxii.h"
#include "store/taxii.h"
#include "store/taxii_page.h"

#define TAXII_ACCOUNT          STR("taxii") // kind of principal
#define TAXII_BODY_BYTES_MAX   (16 * MIB)
#define TAXII_BODY_BYTES_USUAL (8 * MIB)

// The account of the request, by name and password (RFC 7617) or by its certificate. Sets
// call->recipient. ERR_DENIED when there is none in force.
enum err taxii_find_account(struct call *call, struct store_principal *out) MUST_USE;

// True, and answered, when this very request was answered before and nothing has changed since.
// Otherwise sets call->page, for a page that is made now.
bool taxii_answer_kept(struct call *call);

// An error resource (TAXII 2.1 section 3.6.1), with the headers that its status wants.
void taxii_answer_error(
    struct http_request *r, unsigned status, const char *code, struct str message);
void taxii_fail(struct call *call, enum err e, const char *what);
// The one answer for what is not there and for what is not shared (V1).
void taxii_not_found(struct call *call);
void taxii_answer(struct call *call, unsigned status, const struct buf *b);

// False, and answered, unless the Accept header lets TAXII 2.1 be sent (T3).
bool taxii_begin(struct call *call);
// The collection that the path names by id or alias, in the root that it names. ERR_NOT_FOUND
// unless the account has a share in it.
enum err taxii_find_collection(
    struct call *call, struct store_txn *t, struct store_taxii_collection *out) MUST_USE;
enum err taxii_find_root(
    struct call *call, struct store_txn *t, struct store_taxii_root *out) MUST_USE;
struct store_view taxii_view(const struct call *call, const struct store_taxii_collection *c);

// Opens and looks up; false, and answered, when it cannot be. Ends with store_read_end.
bool taxii_open_collection(
    struct call *call, struct store_txn **t, struct store_taxii_collection *out);

enum err taxii_views_start(
    const struct api_config *config, struct arena *a, struct api_views **out) MUST_USE;

void taxii_discovery(struct call *call);
void taxii_root(struct call *call);
void taxii_status(struct call *call);
void taxii_collections(struct call *call);
void taxii_collection(struct call *call);
void taxii_manifest(struct call *call);
void taxii_objects(struct call *call);
void taxii_object(struct call *call);
void taxii_versions(struct call *call);
void taxii_post(struct call *call);
void taxii_delete(struct call *call);

// Handlers of /api/v1/taxii.
void api_taxii_root_add(struct call *call);
void api_taxii_root_list(struct call *call);
void api_taxii_root_remove(struct call *call);
void api_taxii_collection_add(struct call *call);
void api_taxii_collection_list(struct call *call);
void api_taxii_collection_remove(struct call *call);
void api_taxii_share_put(struct call *call);
void api_taxii_share_remove(struct call *call);
void api_taxii_account_add(struct call *call);
void api_taxii_account_list(struct call *call);
