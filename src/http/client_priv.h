// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/client.h"

#include <curl/curl.h>

#define CLIENT_PATH_BYTES_MAX 32

enum { PEM_PEER, PEM_CERTIFICATE, PEM_KEY, PEMS };

struct http_client {
    struct arena arena; // of the client's life
    CURL *curl;
    struct str url;
    const char *unix_path; // NULL: TCP
    bool has_tls;
    bool has_identity;
    const char *pin; // "sha256//..."
    int64_t connect_timeout_ms;
    const atomic_bool *is_cancelled; // NULL: none
    int pem_fd[PEMS];
    char pem_path[PEMS][CLIENT_PATH_BYTES_MAX];
};

// Copies a text for a person, and returns e.
enum err http_client_why(struct arena *a, struct str *why, enum err e, const char *text);
