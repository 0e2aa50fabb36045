// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/client.h"

#include <curl/curl.h>

#define CLIENT_PATH_BYTES_MAX 48

#define CLIENT_PINS_MAX 9

enum { PEM_CERTIFICATE, PEM_KEY, PEM_AUTHORITIES, PEMS };

struct http_client {
    struct arena arena; // of the client's life
    CURL *curl;
    struct str url;
    const char *unix_path; // NULL: TCP
    bool has_tls;
    bool has_identity;
    bool by_authority;
    unsigned char pins[CLIENT_PINS_MAX][HTTP_PIN_BYTES];
    size_t n_pins;
    int64_t connect_timeout_ms;
    const atomic_bool *is_cancelled; // NULL: none
    int pem_fd[PEMS];
    char pem_path[PEMS][CLIENT_PATH_BYTES_MAX];
};

// Whether the connection's peer proved to hold an accepted key, in a certificate valid now.
bool http_client_trusts(const struct http_client *client);
// Copies a text for a person, and returns e.
enum err http_client_why(struct arena *a, struct str *why, enum err e, const char *text);
