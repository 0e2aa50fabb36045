// SPDX-License-Identifier: Apache-2.0
// Pages of a TAXII collection, gathered into one document for the import: a list of their
// objects, as they came.
#pragma once

#include "api/feeds_priv.h"
#include "format/taxii_answer.h"
#include "hash/hash.h"

#define GATHER_PAGE_BYTES_MAX (256 * MIB)
#define GATHER_SEEN_MAX       1024 // pages of one run

struct gather {
    struct str objects; // the target that is asked
    int fd;             // "[", then an object after the other
    uint64_t bytes, n_objects;
    struct store_feed_place place;  // behind what was gathered
    size_t n_pages, empty;          // of the run; in a row without an object
    struct taxii_envelope envelope; // of the newest page, as are the next two
    size_t page_objects;
    struct str page_last;
    unsigned char seen[GATHER_SEEN_MAX][SHA256_BYTES];
    size_t n_seen;
};

enum err gather_open(struct feed_run *run, struct gather *g) MUST_USE;
void gather_close(struct gather *g);
// Takes the objects of a page. Of one that is cut off, or that came before in this run,
// nothing is taken.
enum err gather_page(struct feed_run *run, struct gather *g, int page_fd) MUST_USE;
// Imports what was gathered, and begins again.
enum err gather_import(struct feed_run *run, struct gather *g) MUST_USE;
