// SPDX-License-Identifier: Apache-2.0
// Talking to the node of -n over the Unix socket in its folder. The folder's owner has operator
// rights there; everything else needs the token in BONGSU_TOKEN or in the folder's file
// `token`.
#pragma once

#include "cli/command.h"
#include "http/client.h"
#include "json/json.h"

// A request with a query of name and value pairs; values are escaped here. Ends with a NULL
// name.
struct node_parameter {
    const char *name;
    struct str value; // empty: left out
};

// Sends and gives the body of a 2xx answer. Any other answer is printed, and its exit code
// returned.
enum exit_code node_send(struct cli *cli, const struct http_call *what, const char *path,
    const struct node_parameter *parameters, struct str *body) MUST_USE;
// For an answer without an end, which a sink takes. Once it has begun, that it broke off is no
// failure to tell: EXIT_SYSTEM, and nothing is printed.
enum exit_code node_follow(struct cli *cli, const struct http_call *what, const char *path,
    const struct node_parameter *parameters, const bool *has_begun) MUST_USE;
// The same for a JSON answer.
enum exit_code node_get(struct cli *cli, const char *path,
    const struct node_parameter *parameters, struct json *out) MUST_USE;
enum exit_code node_post(struct cli *cli, const char *path,
    const struct node_parameter *parameters, struct str body, struct json *out) MUST_USE;
// Deletes what is called `name` in a folder of routes ("/api/v1/tokens/"), and says `done`.
enum exit_code node_delete(struct cli *cli, const char *folder, struct str name,
    const struct node_parameter *parameters, enum message_id done) MUST_USE;

// Members of an answer, for people: "" and 0 when they are not there.
struct str node_text(struct cli *cli, struct json v, const char *key);
// A sentence of the node's own, in the reader's language.
struct str node_sentence(struct cli *cli, struct json v, const char *key);
uint64_t node_number(struct json v, const char *key);
struct json_iter node_items(struct json v, const char *key);
