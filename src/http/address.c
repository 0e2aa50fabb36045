// SPDX-License-Identifier: Apache-2.0
#include "http/address.h"

#include "base/base64.h"

#define SCHEME          STR("https://")
#define ADDRESS_MAX     4096
#define HOST_BYTES      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]"
#define REFUSED_IN_PATH "\"<>\\^`{|}#"

static bool is_host(struct str host)
{
    struct str allowed = STR(HOST_BYTES);
    for (size_t i = 0; i < host.len; i++)
        if (str_index(allowed, host.ptr[i]) == allowed.len)
            return false;
    return host.len > 0 && host.ptr[0] != ':';
}

static bool is_target(struct str target)
{
    struct str refused = STR(REFUSED_IN_PATH);
    for (size_t i = 0; i < target.len; i++)
        if (target.ptr[i] <= ' ' || target.ptr[i] > '~' ||
            str_index(refused, target.ptr[i]) < refused.len)
            return false;
    return true;
}

enum err http_address_parse(struct str text, struct http_address *out, const char **why)
{
    *why = "the address must begin with https://";
    if (!str_starts(text, SCHEME) || text.len > ADDRESS_MAX)
        return ERR_INVALID;
    struct str rest = str_from(text, SCHEME.len);
    size_t host_len = 0;
    while (host_len < rest.len && rest.ptr[host_len] != '/' && rest.ptr[host_len] != '?')
        host_len++;
    struct str target = str_from(rest, host_len);
    *why = "the address holds no host, or a user's name: give that as an option";
    if (!is_host(str_to(rest, host_len)))
        return ERR_INVALID;
    *why = "the address holds a blank, a # or another byte that must be escaped with %";
    if (!is_target(target) || (target.len && target.ptr[0] != '/'))
        return ERR_INVALID;
    *why = "";
    *out = (struct http_address){.origin = str_to(text, SCHEME.len + host_len),
        .target = target.len ? target : STR("/")};
    return ERR_OK;
}

enum err http_address_resolve(const struct http_address *base, struct str reference,
    struct http_address *out, const char **why)
{
    bool is_path = str_starts(reference, STR("/")) && !str_starts(reference, STR("//"));
    struct http_address other;
    if (is_path && is_target(reference) && reference.len <= ADDRESS_MAX) {
        *out = (struct http_address){.origin = base->origin, .target = reference};
        return ERR_OK;
    }
    TRY(http_address_parse(reference, &other, why));
    *why = "the server names an address on another server; give that one if it is meant";
    if (!http_name_eq(other.origin, base->origin))
        return ERR_DENIED;
    *out = (struct http_address){.origin = base->origin, .target = other.target};
    return ERR_OK;
}

struct str http_address_plain(struct str text)
{
    return str_to(text, str_index(text, '?'));
}

void http_basic_put(struct buf *b, struct str user, struct str password)
{
    struct buf both = buf_in(b->arena, b->max_bytes);
    buf_put(&both, user);
    buf_put_byte(&both, ':');
    buf_put(&both, password);
    if (both.err != ERR_OK)
        b->err = both.err;
    buf_put(b, STR("Basic "));
    base64_put(b, buf_str(&both));
}
