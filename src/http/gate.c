// SPDX-License-Identifier: Apache-2.0
#include "http/gate.h"

#include "base/limits.h"

// What the framing headers of one request add up to.
struct tally {
    unsigned hosts;
    unsigned lengths;
    unsigned encodings;
    bool is_coded; // Content-Encoding
    struct str length;
    struct str encoding;
};

// tchar of RFC 9110 section 5.6.2.
static bool is_token_char(char c)
{
    char lower = ascii_lower(c);
    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is_token(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_token_char(s.ptr[i]))
            return false;
    return s.len > 0;
}

static bool has_control(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return true;
    }
    return false;
}

// Counts the header when it has exactly this name. False when it only begins with it: that is
// what the server's parser makes of a folded line (`Content-Length:` CRLF ` 36`).
static bool tally_one(
    const struct http_pair *h, struct str name, unsigned *n, struct str *value)
{
    if (!http_name_eq(str_to(h->name, name.len), name))
        return true;
    if (h->name.len > name.len)
        return false;
    ++*n;
    *value = h->value;
    return true;
}

static const char *header_check(const struct http_pair *h, struct tally *t)
{
    struct str host;
    if (!is_token(h->name))
        return "a header name is not a token";
    if (h->value.len == 0)
        return "a header has no value";
    if (has_control(h->value))
        return "a header value holds a control character";
    if (!tally_one(h, STR("Host"), &t->hosts, &host) ||
        !tally_one(h, STR("Content-Length"), &t->lengths, &t->length) ||
        !tally_one(h, STR("Transfer-Encoding"), &t->encodings, &t->encoding))
        return "a header name begins like a framing header";
    t->is_coded |= http_name_eq(h->name, STR("Content-Encoding"));
    return NULL;
}

static const char *tally_check(const struct tally *t)
{
    if (t->hosts != 1)
        return "exactly one Host is needed";
    if (t->lengths > 1)
        return "more than one Content-Length";
    if (t->encodings > 1)
        return "more than one Transfer-Encoding";
    if (t->lengths && t->encodings)
        return "both Content-Length and Transfer-Encoding";
    if (t->encodings && !http_name_eq(t->encoding, STR("chunked")))
        return "the only Transfer-Encoding is chunked";
    return NULL;
}

static bool method_takes_body(struct str method)
{
    return str_eq(method, STR("POST")) || str_eq(method, STR("PUT")) ||
           str_eq(method, STR("PATCH"));
}

static const char *framing_check(
    const struct http_head *head, const struct tally *t, struct http_framing *out)
{
    if (!method_takes_body(head->method)) {
        // Common clients send `Content-Length: 0` with DELETE.
        if (t->encodings || (t->lengths && !str_eq(t->length, STR("0"))))
            return "this method has no body";
        *out = (struct http_framing){0};
        return NULL;
    }
    uint64_t n = HTTP_BODY_CHUNKED;
    if (t->lengths && str_to_u64(t->length, &n) != ERR_OK)
        return "Content-Length is not a decimal number";
    *out = (struct http_framing){.has_body = n > 0, .body_bytes = n};
    return NULL;
}

enum err http_gate_check(
    const struct http_head *head, struct http_framing *out, unsigned *status, const char **why)
{
    struct tally t = {0};
    const char *refusal = NULL;
    *status = 400;
    if (head->n > HTTP_HEADERS_MAX) {
        *status = 431;
        refusal = "too many headers";
    }
    if (!refusal && !str_eq(head->version, STR("HTTP/1.1")))
        refusal = "the only version is HTTP/1.1";
    if (!refusal && !is_token(head->method))
        refusal = "the method is not a token";
    for (size_t i = 0; !refusal && i < head->n; i++)
        refusal = header_check(&head->headers[i], &t);
    if (!refusal)
        refusal = tally_check(&t);
    if (!refusal && method_takes_body(head->method) && !t.lengths && !t.encodings) {
        *status = 411;
        refusal = "Content-Length or Transfer-Encoding is needed";
    }
    if (!refusal && t.is_coded) { // nothing is unpacked here, so nothing can grow
        *status = 415;
        refusal = "a body comes as it is, without a Content-Encoding";
    }
    if (!refusal)
        refusal = framing_check(head, &t, out);
    if (!refusal)
        return ERR_OK;
    *why = refusal;
    return ERR_INVALID;
}
