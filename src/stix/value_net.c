// SPDX-License-Identifier: Apache-2.0
#include "stix/value_priv.h"

#include <string.h>

// Decimal of at most three digits without a leading zero (0010 might be octal somewhere).
static bool small_number(struct str s, unsigned max, unsigned *out)
{
    uint64_t n;
    if (s.len > 3 || str_to_u64(s, &n) != ERR_OK || n > max)
        return false;
    *out = (unsigned)n;
    return true;
}

static bool ipv4_parse(struct str s, unsigned char out[static 4])
{
    for (unsigned i = 0; i < 4; i++) {
        unsigned part;
        bool has_dot = str_index(s, '.') < s.len;
        if (has_dot != (i < 3) || !small_number(str_cut(&s, '.'), 255, &part))
            return false;
        out[i] = (unsigned char)part;
    }
    return true;
}

static bool hextet(struct str s, unsigned char out[static 2])
{
    unsigned n = 0;
    if (s.len > 4 || !value_is_hex(s))
        return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = ascii_lower(s.ptr[i]);
        n = n << 4 | (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    out[0] = (unsigned char)(n >> 8);
    out[1] = (unsigned char)n;
    return true;
}

// Groups separated by colons, the last maybe an IPv4 address; returns the bytes, or -1.
static int groups_parse(struct str s, unsigned char out[static 16])
{
    int n = 0;
    if (s.len == 0)
        return 0;
    for (bool more = true; more;) {
        more = str_index(s, ':') < s.len;
        struct str part = str_cut(&s, ':');
        if (!more && n <= 12 && ipv4_parse(part, out + n))
            return n + 4;
        if (n == 16 || !hextet(part, out + n))
            return -1;
        n += 2;
    }
    return n;
}

static bool ipv6_parse(struct str s, unsigned char out[static 16])
{
    unsigned char head[16], tail[16];
    size_t gap = str_find(s, STR("::"));
    int n_head = groups_parse(str_to(s, gap), head);
    if (gap == s.len) {
        if (n_head != 16)
            return false;
        memcpy(out, head, 16);
        return true;
    }
    int n_tail = groups_parse(str_from(s, gap + 2), tail);
    if (n_head < 0 || n_tail < 0 || n_head + n_tail > 14)
        return false;
    if (str_index(str_to(s, gap), '.') < gap)
        return false; // IPv4 only at the very end
    memset(out, 0, 16);
    memcpy(out, head, (size_t)n_head);
    memcpy(out + 16 - n_tail, tail, (size_t)n_tail);
    return true;
}

static bool address_parse(struct str s, struct stix_net *out)
{
    bool is_v6 = str_index(s, ':') < s.len;
    out->n = is_v6 ? 16 : 4;
    return is_v6 ? ipv6_parse(s, out->bytes) : ipv4_parse(s, out->bytes);
}

static void put_ipv4(struct buf *b, const unsigned char *bytes)
{
    for (unsigned i = 0; i < 4; i++) {
        if (i)
            buf_put_byte(b, '.');
        buf_put_u64(b, bytes[i]);
    }
}

// RFC 5952: the first longest run of two or more zero groups is "::", digits in lower case.
static void put_ipv6(struct buf *b, const unsigned char *bytes)
{
    int best = -1, best_n = 1;
    for (int i = 0; i < 8; i++) {
        int n = 0;
        while (i + n < 8 && !bytes[2 * (i + n)] && !bytes[2 * (i + n) + 1])
            n++;
        if (n > best_n) {
            best = i;
            best_n = n;
        }
    }
    for (int i = 0; i < 8; i++) {
        if (i == best) {
            buf_put(b, STR("::"));
            i += best_n - 1;
            continue;
        }
        if (i && i != best + best_n)
            buf_put_byte(b, ':');
        unsigned group = (unsigned)bytes[2 * i] << 8 | bytes[2 * i + 1];
        for (int shift = 12, begun = 0; shift >= 0; shift -= 4) {
            unsigned digit = group >> shift & 15;
            begun |= digit || shift == 0;
            if (begun)
                buf_put_byte(b, "0123456789abcdef"[digit]);
        }
    }
}

enum err stix_net_parse(struct str text, struct stix_net *out)
{
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    struct stix_net net = {0};
    bool has_prefix = str_index(text, '/') < text.len;
    if (!address_parse(str_cut(&text, '/'), &net))
        return ERR_INVALID;
    net.prefix = 8 * net.n;
    if (has_prefix && !small_number(text, 8 * net.n, &net.prefix))
        return ERR_INVALID;
    if (net.n == 16 && net.prefix >= 96 && memcmp(net.bytes, mapped, sizeof mapped) == 0) {
        memmove(net.bytes, net.bytes + 12, 4);
        net.n = 4;
        net.prefix -= 96;
    }
    for (unsigned i = 0; i < net.n; i++) { // host bits may be set; the network is what is meant
        unsigned keep = net.prefix > 8 * i ? net.prefix - 8 * i : 0;
        net.bytes[i] &= (unsigned char)(keep >= 8 ? 0xff : 0xff00u >> keep);
    }
    *out = net;
    return ERR_OK;
}

void stix_net_put(struct buf *b, const struct stix_net *net)
{
    if (net->n == 4)
        put_ipv4(b, net->bytes);
    else
        put_ipv6(b, net->bytes);
    if (net->prefix < 8 * net->n) {
        buf_put_byte(b, '/');
        buf_put_u64(b, net->prefix);
    }
}

enum err value_put_address(struct buf *b, struct str text, bool *is_net)
{
    struct stix_net net;
    TRY(stix_net_parse(text, &net));
    stix_net_put(b, &net);
    *is_net = net.prefix < 8 * net.n;
    return ERR_OK;
}
