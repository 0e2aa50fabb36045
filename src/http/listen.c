// SPDX-License-Identifier: Apache-2.0
// Sockets are made here and not by the daemon, so that each refusal has its own text.
#include "base/buf.h"
#include "http/server_priv.h"

#include <errno.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG        512
#define WHY_BYTES_MAX  1024
#define HOST_BYTES_MAX 256

enum err http_why_set(
    struct arena *a, struct str *why, enum err e, struct str what, struct str detail)
{
    struct buf b = buf_in(a, WHY_BYTES_MAX);
    buf_put(&b, what);
    buf_put(&b, STR(": "));
    buf_put(&b, detail);
    if (buf_end(&b, why) != ERR_OK)
        *why = STR("no memory for the reason");
    return e;
}

// The system's reason for the last call, with the error that the caller can act on.
static enum err refused(struct arena *a, struct str *why, const char *what)
{
    int code = errno;
    enum err e = ERR_IO;
    if (code == EADDRINUSE)
        e = ERR_CONFLICT;
    if (code == EADDRNOTAVAIL || code == EACCES || code == ENOENT || code == ENOTDIR)
        e = ERR_INVALID;
    return http_why_set(a, why, e, str_of(what), str_of(strerrordesc_np(code)));
}

// "host:port" or "[host]:port".
static enum err address_resolve(
    struct arena *a, const char *address, struct addrinfo **out, struct str *why)
{
    struct str text = str_of(address);
    const char *colon = strrchr(address, ':');
    struct str host = str_to(text, colon ? (size_t)(colon - address) : 0);
    if (host.len >= 2 && host.ptr[0] == '[' && host.ptr[host.len - 1] == ']')
        host = (struct str){host.ptr + 1, host.len - 2};
    const char *name;
    uint64_t port;
    if (host.len == 0 || host.len > HOST_BYTES_MAX ||
        str_to_u64(str_of(colon + 1), &port) != ERR_OK || port > UINT16_MAX)
        return http_why_set(a, why, ERR_INVALID, text, STR("not HOST:PORT"));
    TRY(str_to_cstr(a, host, &name));
    struct addrinfo want = {
        .ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
    int code = getaddrinfo(name, colon + 1, &want, out);
    if (code != 0)
        return http_why_set(a, why, ERR_INVALID, text, str_of(gai_strerror(code)));
    return ERR_OK;
}

static unsigned port_of(int fd)
{
    struct sockaddr_storage bound;
    socklen_t n = sizeof bound;
    char port[NI_MAXSERV];
    uint64_t number = 0;
    if (getsockname(fd, (struct sockaddr *)&bound, &n) == 0 &&
        getnameinfo((struct sockaddr *)&bound, n, NULL, 0, port, sizeof port, NI_NUMERICSERV) ==
            0 &&
        str_to_u64(str_of(port), &number) != ERR_OK)
        number = 0;
    return (unsigned)number;
}

enum err http_listen_tcp(
    struct arena *a, const char *address, int *fd, unsigned *port, struct str *why)
{
    struct addrinfo *found;
    int on = 1;
    TRY(address_resolve(a, address, &found, why));
    int s = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool is_bound = s >= 0 && setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
                    (found->ai_family != AF_INET6 ||
                        setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) == 0) &&
                    bind(s, found->ai_addr, found->ai_addrlen) == 0 && listen(s, BACKLOG) == 0;
    enum err e = is_bound ? ERR_OK : refused(a, why, address);
    freeaddrinfo(found);
    if (e != ERR_OK) {
        if (s >= 0)
            close(s);
        return e;
    }
    *fd = s;
    *port = port_of(s);
    return ERR_OK;
}

// A socket file that nobody answers on was left by a process that was killed.
static bool somebody_answers(const struct sockaddr_un *address)
{
    int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (s < 0)
        return true;
    int code = connect(s, (const struct sockaddr *)address, sizeof *address) == 0 ? 0 : errno;
    close(s);
    return code == 0 || code == EAGAIN || code == EACCES;
}

static bool is_stale_socket(const struct sockaddr_un *address)
{
    struct stat st;
    return lstat(address->sun_path, &st) == 0 && S_ISSOCK(st.st_mode) &&
           !somebody_answers(address);
}

enum err http_listen_unix(struct arena *a, const char *path, int *fd, struct str *why)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t n = strlen(path);
    if (n == 0 || n >= sizeof address.sun_path)
        return http_why_set(
            a, why, ERR_INVALID, str_of(path), STR("a socket path has 1 to 107 bytes"));
    memcpy(address.sun_path, path, n);
    if (is_stale_socket(&address))
        unlink(path);
    int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    // The mode of an unbound socket becomes the mode of its file: there is no moment in which
    // others may connect.
    if (s < 0 || fchmod(s, 0600) != 0 ||
        bind(s, (const struct sockaddr *)&address, sizeof address) != 0 ||
        listen(s, BACKLOG) != 0) {
        enum err e = refused(a, why, path);
        if (s >= 0)
            close(s);
        return e;
    }
    *fd = s;
    return ERR_OK;
}
