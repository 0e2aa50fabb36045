// SPDX-License-Identifier: Apache-2.0
// node.conf: the settings of the process, one "key = value" a line, "#" begins a comment.
// Accounts, links and everything that people decide live in the database.
#pragma once

#include "cli/messages.h"

struct node_conf {
    struct str party;       // the Participant's short id: gb
    struct str node;        // the node's name: node.gb.example
    struct str realm;       // live, or the name of an exercise
    struct str country;     // ISO 3166-1 alpha-3, what REL TO lists name: GBR
    struct str listen;      // address:port; port 0 takes a free one
    struct str handling;    // TLP that unmarked imports take when the importer names none
    struct str unlock_file; // opens the node's key files; empty: none
    bool is_complete;       // party, node and country are there
};

// *line is the line of the first error (from 1), *why its static text. Values live as long as
// the text.
enum err node_conf_parse(
    struct str text, struct node_conf *out, size_t *line, const char **why) MUST_USE;
// The i-th key and what it is for; false after the last.
bool node_conf_key(size_t i, struct str *key, enum message_id *help);
void node_conf_put(struct buf *b, const struct node_conf *conf);
// a-z 0-9 and hyphens, 2 to 16 (the reference's `party`); names of realms too.
bool node_conf_is_party(struct str s);
// A name that can stand in a key name: printable ASCII without blank and "+", at most 100.
bool node_conf_is_name(struct str s);
bool node_conf_is_country(struct str s);
