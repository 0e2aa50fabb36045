// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.h"
#include "stix/value_priv.h"

#include <idn2.h>

#define DOMAIN_BYTES_MAX 253
#define LABEL_BYTES_MAX  63

static bool is_host_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

// A name of ASCII labels, with letters in lower case. What DNS carries counts, so underscores
// and hyphens may stand anywhere; a last label of digits would be an address.
static enum err put_ascii_domain(struct buf *b, struct str text)
{
    char name[DOMAIN_BYTES_MAX];
    size_t label = 0;
    bool all_digits = true;
    if (text.len && text.ptr[text.len - 1] == '.')
        text.len--;
    if (text.len == 0 || text.len > sizeof name)
        return ERR_INVALID;
    for (size_t i = 0; i < text.len; i++) {
        char c = ascii_lower(text.ptr[i]);
        name[i] = c;
        if (c == '.') {
            if (label == 0)
                return ERR_INVALID;
            label = 0;
            all_digits = true;
            continue;
        }
        if (!is_host_byte(c) || ++label > LABEL_BYTES_MAX)
            return ERR_INVALID;
        all_digits = all_digits && c >= '0' && c <= '9';
    }
    if (label == 0 || all_digits)
        return ERR_INVALID;
    buf_put(b, (struct str){name, text.len});
    return ERR_OK;
}

// UTS 46, non-transitional, as browsers do. The library takes its result from the heap: it is
// freed here.
enum err value_put_domain(struct arena *a, struct buf *b, struct str text)
{
    if (value_is_ascii(text))
        return put_ascii_domain(b, text);
    const char *name;
    uint8_t *ascii = NULL;
    if (text.len > 4 * DOMAIN_BYTES_MAX || utf8_invalid_at(text) < text.len)
        return ERR_INVALID;
    TRY(str_to_cstr(a, text, &name));
    int flags = IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL;
    enum err e = ERR_INVALID;
    if (idn2_lookup_u8((const uint8_t *)name, &ascii, flags) == IDN2_OK)
        e = put_ascii_domain(b, str_of((const char *)ascii));
    idn2_free(ascii);
    return e;
}

static enum err put_host(struct arena *a, struct buf *b, struct str host)
{
    bool is_net;
    if (host.len > 2 && host.ptr[0] == '[' && host.ptr[host.len - 1] == ']') {
        struct str inner = {host.ptr + 1, host.len - 2};
        if (str_index(inner, '/') < inner.len || str_index(inner, ':') == inner.len)
            return ERR_INVALID;
        struct buf ip = buf_in(a, 64);
        TRY(value_put_address(&ip, inner, &is_net));
        bool is_v6 = str_index(buf_str(&ip), ':') < ip.len;
        buf_put(b, is_v6 ? STR("[") : STR(""));
        buf_put(b, buf_str(&ip));
        buf_put(b, is_v6 ? STR("]") : STR(""));
        return ip.err;
    }
    if (str_index(host, '/') == host.len && str_index(host, ':') == host.len &&
        value_put_address(b, host, &is_net) == ERR_OK)
        return ERR_OK;
    return value_put_domain(a, b, host);
}

static enum err put_port(struct buf *b, struct str scheme, struct str port)
{
    static const struct {
        struct str scheme, port;
    } defaults[] = {{STR_INIT("http"), STR_INIT("80")}, {STR_INIT("https"), STR_INIT("443")},
        {STR_INIT("ftp"), STR_INIT("21")}, {STR_INIT("ws"), STR_INIT("80")},
        {STR_INIT("wss"), STR_INIT("443")}};
    uint64_t n;
    if (port.len == 0)
        return ERR_OK;
    if (str_to_u64(port, &n) != ERR_OK || n > 65535)
        return ERR_INVALID;
    for (size_t i = 0; i < LEN(defaults); i++)
        if (str_eq(scheme, defaults[i].scheme) && str_eq(port, defaults[i].port))
            return ERR_OK;
    buf_put_byte(b, ':');
    buf_put(b, port);
    return ERR_OK;
}

static enum err put_authority(
    struct arena *a, struct buf *b, struct str scheme, struct str authority)
{
    for (size_t at; (at = str_index(authority, '@')) < authority.len;) {
        buf_put(b, str_to(authority, at + 1));
        authority = str_from(authority, at + 1);
    }
    if (authority.len == 0)
        return str_eq(scheme, STR("file")) ? ERR_OK : ERR_INVALID;
    size_t colon = authority.len; // the last one, unless it is within brackets
    for (size_t i = authority.len; i-- > 0 && authority.ptr[i] != ']';)
        if (authority.ptr[i] == ':') {
            colon = i;
            break;
        }
    TRY(put_host(a, b, str_to(authority, colon)));
    return put_port(b, scheme, str_from(authority, colon + 1));
}

static enum err scheme_lower(struct arena *a, struct str text, struct str *out)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = ascii_lower(text.ptr[i]);
        bool is_letter = c >= 'a' && c <= 'z';
        bool may_follow = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
        if (!is_letter && !(i && may_follow))
            return ERR_INVALID;
    }
    return text.len ? value_fold(a, text, out) : ERR_INVALID;
}

// RFC 3986 section 6.2: scheme and host in lower case, no default port, "/" for an empty path;
// the fragment never reaches a server.
enum err value_put_url(struct arena *a, struct buf *b, struct str text)
{
    struct str scheme, rest;
    size_t at = str_find(text, STR("://"));
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < 0x20 || text.ptr[i] == 0x7f)
            return ERR_INVALID;
    if (at == text.len)
        return ERR_INVALID;
    TRY(scheme_lower(a, str_to(text, at), &scheme));
    TRY(stix_text_nfc(a, str_from(text, at + 3), &rest));
    rest = str_to(rest, str_index(rest, '#'));
    size_t n = 0;
    while (n < rest.len && rest.ptr[n] != '/' && rest.ptr[n] != '?')
        n++;
    buf_put(b, scheme);
    buf_put(b, STR("://"));
    TRY(put_authority(a, b, scheme, str_to(rest, n)));
    if (n == rest.len || rest.ptr[n] != '/')
        buf_put_byte(b, '/');
    buf_put(b, str_from(rest, n));
    return b->err;
}

// The local part in lower case too: no one keeps apart mailboxes that differ in case only.
enum err value_put_email(struct arena *a, struct buf *b, struct str text)
{
    size_t at = text.len;
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] <= 0x20 || text.ptr[i] == 0x7f)
            return ERR_INVALID;
        at = text.ptr[i] == '@' ? i : at;
    }
    if (at == text.len || at == 0)
        return ERR_INVALID;
    struct str local;
    TRY(value_fold(a, str_to(text, at), &local));
    buf_put(b, local);
    buf_put_byte(b, '@');
    return value_put_domain(a, b, str_from(text, at + 1));
}
