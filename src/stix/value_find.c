// SPDX-License-Identifier: Apache-2.0
// From what an analyst pastes to the keys that it may be indexed under.
#include "base/buf.h"
#include "base/utf8.h"
#include "stix/value_priv.h"

// Longest first where one begins another. Case does not matter.
static const struct {
    struct str defanged, plain;
} fangs[] = {
    {STR_INIT("[://]"), STR_INIT("://")},
    {STR_INIT("[:]//"), STR_INIT("://")},
    {STR_INIT("[dot]"), STR_INIT(".")},
    {STR_INIT("(dot)"), STR_INIT(".")},
    {STR_INIT("{dot}"), STR_INIT(".")},
    {STR_INIT("[at]"), STR_INIT("@")},
    {STR_INIT("(at)"), STR_INIT("@")},
    {STR_INIT("{at}"), STR_INIT("@")},
    {STR_INIT("[.]"), STR_INIT(".")},
    {STR_INIT("(.)"), STR_INIT(".")},
    {STR_INIT("{.}"), STR_INIT(".")},
    {STR_INIT("[:]"), STR_INIT(":")},
    {STR_INIT("[@]"), STR_INIT("@")},
    {STR_INIT("[/]"), STR_INIT("/")},
};

static const struct {
    struct str defanged, plain;
} schemes[] = {
    {STR_INIT("hxxps:"), STR_INIT("https:")},
    {STR_INIT("hxxp:"), STR_INIT("http:")},
    {STR_INIT("hxxps["), STR_INIT("https[")},
    {STR_INIT("hxxp["), STR_INIT("http[")},
    {STR_INIT("fxp:"), STR_INIT("ftp:")},
};

static bool starts_any_case(struct str s, struct str prefix)
{
    if (s.len < prefix.len)
        return false;
    for (size_t i = 0; i < prefix.len; i++)
        if (ascii_lower(s.ptr[i]) != prefix.ptr[i])
            return false;
    return true;
}

enum err stix_value_refang(struct arena *a, struct str text, struct str *out)
{
    text = str_trim(text);
    struct str scheme = {"", 0};
    for (size_t i = 0; i < LEN(schemes) && scheme.len == 0; i++)
        if (starts_any_case(text, schemes[i].defanged)) {
            scheme = str_to(schemes[i].plain, schemes[i].plain.len - 1);
            text = str_from(text, schemes[i].defanged.len - 1);
        }
    struct buf b = buf_in(a, scheme.len + text.len);
    buf_put(&b, scheme);
    for (size_t at = 0; at < text.len;) {
        size_t i = 0;
        while (i < LEN(fangs) && !starts_any_case(str_from(text, at), fangs[i].defanged))
            i++;
        buf_put(&b, i < LEN(fangs) ? fangs[i].plain : (struct str){text.ptr + at, 1});
        at += i < LEN(fangs) ? fangs[i].defanged.len : 1;
    }
    return buf_end(&b, out);
}

static bool is_digest_length(size_t n)
{
    return n == 32 || n == 40 || n == 56 || n == 64 || n == 96 || n == 128;
}

// Whether a person who types this may mean a value of the class; the class itself is wider
// (any text is a file name).
static bool may_be(enum stix_class c, struct str text)
{
    bool has_slash = str_index(text, '/') < text.len || str_index(text, '\\') < text.len;
    switch (c) {
    case STIX_CLASS_DOMAIN:
        return str_index(text, '.') < text.len;
    case STIX_CLASS_HASH:
        return (value_is_hex(text) && is_digest_length(text.len)) ||
               str_index(text, ':') < text.len || str_starts(text, STR("T1"));
    case STIX_CLASS_ASN:
        return starts_any_case(text, STR("as"));
    case STIX_CLASS_REGKEY:
        return starts_any_case(text, STR("hk"));
    case STIX_CLASS_PATH:
        return has_slash;
    case STIX_CLASS_FILE:
        return !has_slash;
    case STIX_CLASS_IP:
    case STIX_CLASS_NET:
    case STIX_CLASS_URL:
    case STIX_CLASS_EMAIL:
    case STIX_CLASS_MAC:
    case STIX_CLASS_TEXT:
    case STIX_CLASSES:
        break;
    }
    return true;
}

static enum err candidate_add(
    struct arena *a, enum stix_class c, struct str text, struct str *keys, size_t *n)
{
    struct str key;
    enum err e = may_be(c, text) ? stix_value_key(a, c, text, &key) : ERR_INVALID;
    if (e == ERR_INVALID)
        return ERR_OK;
    TRY(e);
    for (size_t i = 0; i < *n; i++)
        if (str_eq(keys[i], key))
            return ERR_OK;
    keys[(*n)++] = key;
    return ERR_OK;
}

enum err stix_value_candidates(
    struct arena *a, struct str text, struct str keys[static STIX_CANDIDATES_MAX], size_t *n)
{
    struct str plain;
    size_t found = 0;
    if (utf8_invalid_at(text) < text.len)
        return ERR_INVALID;
    TRY(stix_value_refang(a, text, &plain));
    if (plain.len == 0)
        return ERR_INVALID;
    for (enum stix_class c = 0; c < STIX_CLASSES; c++)
        TRY(candidate_add(a, c, plain, keys, &found));
    TRY(candidate_add(a, STIX_CLASS_TEXT, str_trim(text), keys, &found)); // was no defanging
    *n = found;
    return ERR_OK;
}
