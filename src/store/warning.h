// SPDX-License-Identifier: Apache-2.0
// Warning lists, each with the document that it came as.
#pragma once

#include "store/store.h"

struct store_warning {
    int64_t id;
    struct str name;
    int64_t version;
    struct str type;
    struct str description;
    int64_t entries;
    int64_t unmatched;
    int64_t document_bytes;
    bool is_enabled;
    int64_t added_us;
    unsigned char digest[32]; // SHA-256 of the document
};
struct store_warnings {
    struct store_warning *items; // by name
    size_t n;
};

// Instead of the list of that name, which stays as enabled as it was; *id is its row.
enum err store_warning_put(struct store_txn *t, const struct store_warning *list,
    struct str document, int64_t *id) MUST_USE;
enum err store_warnings_all(
    struct store_txn *t, struct arena *a, struct store_warnings *out) MUST_USE;
// ERR_NOT_FOUND.
enum err store_warning_get(
    struct store_txn *t, struct arena *a, int64_t id, struct store_warning *out) MUST_USE;
enum err store_warning_document(
    struct store_txn *t, struct arena *a, int64_t id, struct str *out) MUST_USE;
enum err store_warning_set_enabled(struct store_txn *t, int64_t id, bool is_enabled) MUST_USE;
enum err store_warning_remove(struct store_txn *t, int64_t id) MUST_USE;
