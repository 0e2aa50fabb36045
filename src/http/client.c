// SPDX-License-Identifier: Apache-2.0
// A client and what it trusts. Its calls are in call.c.
#include "base/buf.h"
#include "http/client_priv.h"
#include "sys/clock.h"
#include "sys/file.h"

#include <gnutls/gnutls.h>

#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#define CLIENT_BYTES_MAX   (256 * 1024)
#define CONNECT_TIMEOUT_MS 10000
#define SYSTEM_AUTHORITIES "/etc/ssl/certs/ca-certificates.crt"

static void curl_start(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

enum err http_client_why(struct arena *a, struct str *why, enum err e, const char *text)
{
    if (str_copy(a, str_of(text), why) != ERR_OK)
        *why = STR("no memory for the reason");
    return e;
}

// Debian 12's curl with GnuTLS takes certificates from files only, so each text becomes one: a
// file in memory, which has no name and is gone with its descriptor.
static enum err pem_keep(struct http_client *c, unsigned which, struct str text)
{
    int fd = memfd_create("pem", MFD_CLOEXEC);
    if (fd < 0)
        return ERR_IO;
    c->pem_fd[which] = fd;
    snprintf(c->pem_path[which], CLIENT_PATH_BYTES_MAX, "/proc/self/fd/%d", fd);
    return file_write_fd(fd, text);
}

static enum err authorities_keep(struct http_client *c, struct arena *a,
    const struct http_client_config *config, struct str *why)
{
    struct http_certificate first;
    c->by_authority = true;
    if (config->n_peer_pins || config->peer_certificate_pem.len)
        return http_client_why(
            a, why, ERR_INVALID, "a server is known by its key or by an authority, not both");
    if (config->authorities_pem.len == 0) {
        snprintf(c->pem_path[PEM_AUTHORITIES], CLIENT_PATH_BYTES_MAX, "%s", SYSTEM_AUTHORITIES);
        return ERR_OK;
    }
    if (http_certificate_read(config->authorities_pem, &first) != ERR_OK)
        return http_client_why(
            a, why, ERR_INVALID, "the authorities' certificates cannot be read");
    return pem_keep(c, PEM_AUTHORITIES, config->authorities_pem);
}

static enum err pins_keep(struct http_client *c, struct arena *a,
    const struct http_client_config *config, struct str *why)
{
    struct http_certificate peer;
    if (config->peer_certificate_pem.len) {
        if (http_certificate_read(config->peer_certificate_pem, &peer) != ERR_OK)
            return http_client_why(
                a, why, ERR_INVALID, "the peer's certificate cannot be read");
        memcpy(c->pins[c->n_pins++], peer.pin, HTTP_PIN_BYTES);
    }
    if (config->n_peer_pins > CLIENT_PINS_MAX - 1 || config->n_peer_pins + c->n_pins == 0)
        return http_client_why(a, why, ERR_INVALID, "no key of the peer, or too many");
    for (size_t i = 0; i < config->n_peer_pins; i++)
        memcpy(c->pins[c->n_pins++], config->peer_pins[i], HTTP_PIN_BYTES);
    return ERR_OK;
}

static enum err tls_keep(struct http_client *c, struct arena *a,
    const struct http_client_config *config, struct str *why)
{
    struct http_certificate own;
    TRY(config->by_authority ? authorities_keep(c, a, config, why)
                             : pins_keep(c, a, config, why));
    c->has_identity = config->identity.certificate_pem.len > 0;
    if (c->has_identity &&
        http_certificate_read(config->identity.certificate_pem, &own) != ERR_OK)
        return http_client_why(a, why, ERR_INVALID, "our certificate cannot be read");
    if (c->has_identity) {
        TRY(pem_keep(c, PEM_CERTIFICATE, config->identity.certificate_pem));
        TRY(pem_keep(c, PEM_KEY, config->identity.key_pem));
    }
    return ERR_OK;
}

bool http_client_trusts(const struct http_client *client)
{
    const struct curl_tlssessioninfo *info = NULL;
    struct http_certificate c;
    unsigned n = 0;
    if (curl_easy_getinfo(client->curl, CURLINFO_TLS_SSL_PTR, &info) != CURLE_OK || !info ||
        info->backend != CURLSSLBACKEND_GNUTLS || !info->internals)
        return false;
    const gnutls_datum_t *chain = gnutls_certificate_get_peers(info->internals, &n);
    if (!chain || n == 0 ||
        http_certificate_read((struct str){(const char *)chain[0].data, chain[0].size}, &c) !=
            ERR_OK)
        return false;
    int64_t now_us = clock_now_us();
    for (size_t i = 0; i < client->n_pins; i++)
        if (memcmp(client->pins[i], c.pin, HTTP_PIN_BYTES) == 0)
            return c.from_us <= now_us && now_us <= c.until_us;
    return false;
}

static enum err client_fill(struct http_client *c, struct arena *a,
    const struct http_client_config *config, struct str *why)
{
    c->has_tls = str_starts(config->url, STR("https://"));
    if (!c->has_tls && !(str_starts(config->url, STR("http://")) && config->unix_path.len))
        return http_client_why(
            a, why, ERR_INVALID, "the url must be https://, or http:// with a Unix socket");
    c->connect_timeout_ms =
        config->connect_timeout_ms ? config->connect_timeout_ms : CONNECT_TIMEOUT_MS;
    c->is_cancelled = config->is_cancelled;
    TRY(str_copy(&c->arena, config->url, &c->url));
    if (config->unix_path.len)
        TRY(str_to_cstr(&c->arena, config->unix_path, &c->unix_path));
    if (c->has_tls)
        TRY(tls_keep(c, a, config, why));
    c->curl = curl_easy_init();
    return c->curl ? ERR_OK : ERR_IO;
}

enum err http_client_open(struct arena *a, const struct http_client_config *config,
    struct http_client **out, struct str *why)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, curl_start);
    struct arena arena;
    arena_init(&arena, CLIENT_BYTES_MAX);
    struct http_client *c = NEW(&arena, struct http_client);
    *why = STR("the client cannot be made");
    if (!c)
        return ERR_LIMIT;
    c->arena = arena;
    for (unsigned i = 0; i < PEMS; i++)
        c->pem_fd[i] = -1;
    enum err e = client_fill(c, a, config, why);
    if (e == ERR_OK)
        *out = c;
    else
        http_client_close(c);
    return e;
}

void http_client_close(struct http_client *client)
{
    if (!client)
        return;
    curl_easy_cleanup(client->curl);
    for (unsigned i = 0; i < PEMS; i++)
        if (client->pem_fd[i] >= 0)
            close(client->pem_fd[i]);
    struct arena arena = client->arena; // it holds the client too
    arena_release(&arena);
}
