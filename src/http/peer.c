// SPDX-License-Identifier: Apache-2.0
// Who is at the other end of a connection.
#include <gnutls/gnutls.h>

#include "http/server_priv.h"
#include "sys/clock.h"

#include <netdb.h>
#include <sys/socket.h>

void http_peer_ask(struct http_server *s, struct MHD_Connection *connection)
{
    const struct server_identity *identity = atomic_load(&s->identity);
    // Without a list of issuers: a client that is given one keeps back a certificate that it
    // signed itself.
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    if (!info || !info->tls_session)
        return;
    if (identity)
        gnutls_credentials_set(
            info->tls_session, GNUTLS_CRD_CERTIFICATE, identity->credentials);
    gnutls_certificate_server_set_request(info->tls_session, GNUTLS_CERT_REQUEST);
}

static bool local_read(struct http_request *r)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(r->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct ucred who;
    socklen_t n = sizeof who;
    if (!info || getsockopt(info->connect_fd, SOL_SOCKET, SO_PEERCRED, &who, &n) != 0)
        return false;
    r->peer.is_local = true;
    r->peer.uid = who.uid;
    return true;
}

static void address_read(struct http_request *r)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(r->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char host[NI_MAXHOST];
    if (!info || !info->client_addr)
        return;
    socklen_t n = info->client_addr->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                                           : sizeof(struct sockaddr_in);
    if (getnameinfo(info->client_addr, n, host, sizeof host, NULL, 0, NI_NUMERICHOST) != 0 ||
        str_copy(&r->arena, str_of(host), &r->peer.address) != ERR_OK)
        r->peer.address = (struct str){"", 0};
}

bool http_peer_read(struct http_request *r)
{
    if (r->listener->is_local)
        return local_read(r);
    address_read(r);
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(r->connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    if (!info || !info->tls_session)
        return false;
    // That the peer holds the key was proven in the handshake (RFC 8446 section 4.4.3).
    unsigned n = 0;
    const gnutls_datum_t *chain = gnutls_certificate_get_peers(info->tls_session, &n);
    struct http_certificate c;
    if (!chain || n == 0)
        return true;
    if (http_certificate_read((struct str){(const char *)chain[0].data, chain[0].size}, &c) !=
        ERR_OK)
        return false;
    int64_t now_us = clock_now_us();
    r->peer.has_certificate = true;
    r->peer.is_certificate_current = c.from_us <= now_us && now_us <= c.until_us;
    memcpy(r->peer.pin, c.pin, sizeof c.pin);
    return true;
}
