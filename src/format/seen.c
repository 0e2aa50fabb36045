// SPDX-License-Identifier: Apache-2.0
// What a text that was found is: an address, a name, a hash.
#include "format/seen_priv.h"

#include "format/names_priv.h"
#include "stix/value.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = ascii_lower(s.ptr[i]);
        if (!is_digit(c) && (c < 'a' || c > 'f'))
            return false;
    }
    return s.len > 0;
}

enum err seen_lower(struct arena *a, struct str s, struct str *out)
{
    char *copy = NEW_N(a, char, s.len + 1);
    if (!copy)
        return ERR_LIMIT;
    for (size_t i = 0; i < s.len; i++)
        copy[i] = ascii_lower(s.ptr[i]);
    *out = (struct str){copy, s.len};
    return ERR_OK;
}

// The normal form of a class; ERR_NOT_FOUND when the text is not of it.
static enum err normal(struct arena *a, enum stix_class c, struct str text, struct str *out)
{
    struct str key;
    enum err e = stix_value_key(a, c, text, &key);
    if (e == ERR_INVALID)
        return ERR_NOT_FOUND;
    TRY(e);
    str_cut(&key, ':');
    *out = key;
    return key.len && key.ptr[0] != '#' ? ERR_OK : ERR_NOT_FOUND;
}

static enum err read_hash(
    struct arena *a, struct str text, enum seen_type type, struct seen *out)
{
    static const size_t lengths[SEEN_TYPES] = {
        [SEEN_MD5] = 32, [SEEN_SHA1] = 40, [SEEN_SHA256] = 64, [SEEN_SHA512] = 128};
    if (text.len != lengths[type] || !is_hex(text))
        return ERR_NOT_FOUND;
    out->type = type;
    return seen_lower(a, text, &out->value);
}

// Four groups of digits, or a colon: what else normalises to an address is no address here.
static bool looks_like_ip(struct str text)
{
    size_t dots = 0, colons = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = ascii_lower(text.ptr[i]);
        dots += c == '.';
        colons += c == ':';
        if (!is_digit(c) && c != '.' && c != ':' && c != '/' && (c < 'a' || c > 'f'))
            return false;
    }
    return colons >= 2 || (dots == 3 && colons == 0 && is_digit(text.ptr[0]));
}

static enum err read_ip(struct arena *a, struct str text, struct seen *out)
{
    bool is_range = str_index(text, '/') < text.len;
    if (text.len == 0 || !looks_like_ip(text))
        return ERR_NOT_FOUND;
    TRY(normal(a, is_range ? STIX_CLASS_NET : STIX_CLASS_IP, text, &out->value));
    out->type = str_index(out->value, ':') < out->value.len ? SEEN_IPV6 : SEEN_IPV4;
    return ERR_OK;
}

static enum err read_cve(struct arena *a, struct str text, struct seen *out)
{
    struct str low;
    TRY(seen_lower(a, str_to(text, 32), &low));
    if (text.len > 24 || !str_starts(low, STR("cve-")))
        return ERR_NOT_FOUND;
    struct str number = str_from(low, 4), year = str_cut(&number, '-');
    for (size_t i = 0; i < year.len + number.len; i++)
        if (!is_digit(i < year.len ? year.ptr[i] : number.ptr[i - year.len]))
            return ERR_NOT_FOUND;
    if (year.len != 4 || number.len < 4)
        return ERR_NOT_FOUND;
    struct buf b = buf_in(a, 32);
    buf_put(&b, STR("CVE-"));
    buf_put(&b, str_from(low, 4));
    out->type = SEEN_CVE;
    return buf_end(&b, &out->value);
}

static bool is_host(struct str text)
{
    size_t dots = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = ascii_lower(text.ptr[i]);
        if (!is_digit(c) && (c < 'a' || c > 'z') && c != '-' && c != '.' && c != '_')
            return false;
        dots += c == '.';
    }
    return dots > 0;
}

static struct str last_label(struct str text)
{
    struct str label = text;
    while (str_index(label, '.') < label.len)
        label = str_from(label, str_index(label, '.') + 1);
    return label;
}

static bool is_word(struct str label)
{
    for (size_t i = 0; i < label.len; i++)
        if (label.ptr[i] < 'a' || label.ptr[i] > 'z')
            return str_starts(label, STR("xn--"));
    return label.len >= 2;
}

static enum err read_domain(
    struct arena *a, struct str text, enum seen_place place, struct seen *out)
{
    struct str low, top;
    if (text.len > 253 || !is_host(text))
        return ERR_NOT_FOUND;
    TRY(seen_lower(a, text, &low));
    top = last_label(low);
    bool is_file = name_is_extension(top);
    bool is_top = name_is_top_level(top);
    if (!is_word(top) ||
        (place != SEEN_DEFANGED && is_file && !(place == SEEN_ALONE && is_top)))
        return ERR_NOT_FOUND;
    if (place == SEEN_IN_PROSE && !is_top)
        return ERR_NOT_FOUND;
    TRY(normal(a, STIX_CLASS_DOMAIN, low, &out->value));
    out->type = SEEN_DOMAIN;
    return ERR_OK;
}

// What stands before the path, without user and port.
static struct str host_of(struct str url)
{
    size_t at = str_find(url, STR("://"));
    struct str host = at < url.len ? str_from(url, at + 3) : url;
    size_t end = 0;
    while (end < host.len && str_index(STR("/?#"), host.ptr[end]) == 3)
        end++;
    host = str_to(host, end);
    if (str_index(host, '@') < host.len)
        host = str_from(host, str_index(host, '@') + 1);
    return host.len && host.ptr[0] != '[' ? str_cut(&host, ':') : host;
}

static bool has_scheme(struct str text)
{
    static const struct str schemes[] = {STR_INIT("http://"), STR_INIT("https://"),
        STR_INIT("ftp://"), STR_INIT("sftp://"), STR_INIT("tcp://"), STR_INIT("udp://"),
        STR_INIT("ws://"), STR_INIT("wss://"), STR_INIT("ldap://"), STR_INIT("smb://")};
    char head[9] = {0};
    for (size_t i = 0; i < 8 && i < text.len; i++)
        head[i] = ascii_lower(text.ptr[i]);
    for (size_t i = 0; i < LEN(schemes); i++)
        if (str_starts((struct str){head, 8}, schemes[i]) && text.len > schemes[i].len)
            return true;
    return false;
}

// A host and a path, without a scheme, is an address of the web.
static enum err read_url(
    struct arena *a, struct str text, enum seen_place place, struct seen *out)
{
    struct seen host;
    struct str key;
    struct buf b = buf_in(a, text.len + 8);
    if (!has_scheme(text)) {
        struct str name = host_of(text);
        if (name.len == text.len || str_index(text, '/') == text.len)
            return ERR_NOT_FOUND;
        if (read_ip(a, name, &host) != ERR_OK)
            TRY(read_domain(a, name, place == SEEN_ALONE ? SEEN_ALONE : SEEN_IN_PROSE, &host));
        buf_put(&b, STR("http://"));
        out->change = "it has no scheme; http is taken";
    }
    buf_put(&b, text);
    TRY(buf_end(&b, &out->value));
    out->type = SEEN_URL;
    enum err e = stix_value_key(a, STIX_CLASS_URL, out->value, &key);
    return e == ERR_INVALID ? ERR_NOT_FOUND : e;
}

static enum err read_email(struct arena *a, struct str text, struct seen *out)
{
    size_t at = str_index(text, '@');
    struct seen domain;
    struct str key;
    if (at == 0 || at >= text.len || str_index(text, '/') < text.len)
        return ERR_NOT_FOUND;
    TRY(read_domain(a, str_from(text, at + 1), SEEN_DEFANGED, &domain));
    enum err e = stix_value_key(a, STIX_CLASS_EMAIL, text, &key);
    if (e != ERR_OK)
        return e == ERR_INVALID ? ERR_NOT_FOUND : e;
    out->type = SEEN_EMAIL;
    return str_copy(a, text, &out->value);
}

// "203.0.113.5:443", "example.com:8080": the port is no part of the observable.
static struct str without_port(struct str text)
{
    size_t colon = str_index(text, ':');
    struct str port = str_from(text, colon + 1);
    if (colon == text.len || port.len == 0 || port.len > 5)
        return text;
    for (size_t i = 0; i < port.len; i++)
        if (!is_digit(port.ptr[i]))
            return text;
    return str_to(text, colon);
}

static enum err read_host(
    struct arena *a, struct str plain, enum seen_place place, struct seen *out)
{
    struct str host = without_port(plain);
    out->change = host.len < plain.len ? "the port is left out" : NULL;
    enum err e = read_ip(a, host, out);
    return e == ERR_NOT_FOUND ? read_domain(a, host, place, out) : e;
}

enum err seen_read_as(struct arena *a, struct str plain, enum seen_type type, struct seen *out)
{
    *out = (struct seen){.type = type};
    if (type >= SEEN_MD5 && type <= SEEN_SHA512)
        return read_hash(a, plain, type, out);
    if (type == SEEN_CVE)
        return read_cve(a, plain, out);
    if (type == SEEN_EMAIL)
        return read_email(a, plain, out);
    if (type == SEEN_URL)
        return read_url(a, plain, SEEN_ALONE, out);
    return read_host(a, plain, SEEN_DEFANGED, out);
}

enum err seen_read(struct arena *a, struct str plain, enum seen_place place, struct seen *out)
{
    static const enum seen_type exact[] = {
        SEEN_MD5, SEEN_SHA1, SEEN_SHA256, SEEN_SHA512, SEEN_CVE, SEEN_EMAIL};
    enum err e = ERR_NOT_FOUND;
    for (size_t i = 0; i < LEN(exact) && e == ERR_NOT_FOUND; i++)
        e = seen_read_as(a, plain, exact[i], out);
    if (e == ERR_NOT_FOUND)
        e = read_host(a, plain, place, out);
    if (e == ERR_NOT_FOUND) {
        *out = (struct seen){.type = SEEN_URL};
        e = read_url(a, plain, place, out);
    }
    return e;
}
