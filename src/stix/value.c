// SPDX-License-Identifier: Apache-2.0
#include "stix/value.h"

#include "base/hex.h"
#include "base/utf8.h"
#include "hash/hash.h"
#include "stix/value_priv.h"

struct str stix_class_word(enum stix_class c)
{
    static const struct str words[] = {
#define STIX_CLASS_WORD(name, word) STR_INIT(word),
        STIX_CLASS_LIST(STIX_CLASS_WORD)
#undef STIX_CLASS_WORD
    };
    return words[c];
}

static enum err put_mac(struct buf *b, struct str text)
{
    char digits[12];
    size_t n = 0;
    char mark = text.len == 17 ? text.ptr[2] : text.len == 14 ? '.' : 0;
    size_t group = text.len == 17 ? 3 : 5; // 01:02:03:04:05:06, or 0102.0304.0506
    if (text.len != 17 && text.len != 14)
        return ERR_INVALID;
    if (text.len == 17 && mark != ':' && mark != '-')
        return ERR_INVALID;
    for (size_t i = 0; i < text.len; i++) {
        bool at_mark = i % group == group - 1;
        if (at_mark != (text.ptr[i] == mark))
            return ERR_INVALID;
        if (!at_mark)
            digits[n++] = ascii_lower(text.ptr[i]);
    }
    if (n != sizeof digits || !value_is_hex((struct str){digits, n}))
        return ERR_INVALID;
    for (size_t i = 0; i < n; i += 2) {
        if (i)
            buf_put_byte(b, ':');
        buf_put(b, (struct str){digits + i, 2});
    }
    return ERR_OK;
}

static enum err put_asn(struct buf *b, struct str text)
{
    uint64_t n;
    if (text.len > 2 && ascii_lower(text.ptr[0]) == 'a' && ascii_lower(text.ptr[1]) == 's')
        text = str_from(text, 2);
    if (str_to_u64(text, &n) != ERR_OK || n > UINT32_MAX)
        return ERR_INVALID;
    buf_put_u64(b, n);
    return ERR_OK;
}

static enum err put_folded(struct arena *a, struct buf *b, struct str text)
{
    struct str folded;
    if (text.len == 0)
        return ERR_INVALID;
    TRY(value_fold(a, text, &folded));
    buf_put(b, folded);
    return ERR_OK;
}

// Hives are written out, as STIX 2.1 section 6.17 asks; a separator at the end says nothing.
static enum err put_regkey(struct arena *a, struct buf *b, struct str text)
{
    static const struct {
        struct str brief, full;
    } hives[] = {{STR_INIT("hklm"), STR_INIT("hkey_local_machine")},
        {STR_INIT("hkcu"), STR_INIT("hkey_current_user")},
        {STR_INIT("hkcr"), STR_INIT("hkey_classes_root")},
        {STR_INIT("hku"), STR_INIT("hkey_users")},
        {STR_INIT("hkcc"), STR_INIT("hkey_current_config")}};
    struct str folded;
    TRY(value_fold(a, text, &folded));
    while (folded.len && folded.ptr[folded.len - 1] == '\\')
        folded.len--;
    if (folded.len == 0)
        return ERR_INVALID;
    size_t at = str_index(folded, '\\');
    for (size_t i = 0; i < LEN(hives); i++)
        if (str_eq(str_to(folded, at), hives[i].brief)) {
            buf_put(b, hives[i].full);
            folded = str_from(folded, at);
            break;
        }
    buf_put(b, folded);
    return ERR_OK;
}

// A digest in lower case; fuzzy hashes (ssdeep) as they are.
static enum err put_hash(struct arena *a, struct buf *b, struct str text)
{
    struct str composed;
    if (value_is_hex(text))
        return put_folded(a, b, text);
    if (text.len == 0)
        return ERR_INVALID;
    TRY(stix_text_nfc(a, text, &composed));
    buf_put(b, composed);
    return ERR_OK;
}

static enum err put_text(struct arena *a, struct buf *b, struct str text)
{
    struct str composed;
    if (text.len == 0)
        return ERR_INVALID;
    TRY(stix_text_nfc(a, text, &composed));
    buf_put(b, composed);
    return ERR_OK;
}

// The normal form; *c becomes IP for a network that is one address.
static enum err put_normal(struct arena *a, struct buf *b, enum stix_class *c, struct str text)
{
    bool is_net;
    switch (*c) {
    case STIX_CLASS_IP:
    case STIX_CLASS_NET:
        TRY(value_put_address(b, text, &is_net));
        if (is_net != (*c == STIX_CLASS_NET) && str_index(text, '/') == text.len)
            return ERR_INVALID;
        if (is_net && *c == STIX_CLASS_IP)
            return ERR_INVALID;
        *c = is_net ? STIX_CLASS_NET : STIX_CLASS_IP;
        return ERR_OK;
    case STIX_CLASS_DOMAIN:
        return value_put_domain(a, b, text);
    case STIX_CLASS_URL:
        return value_put_url(a, b, text);
    case STIX_CLASS_EMAIL:
        return value_put_email(a, b, text);
    case STIX_CLASS_HASH:
        return put_hash(a, b, text);
    case STIX_CLASS_MAC:
        return put_mac(b, text);
    case STIX_CLASS_ASN:
        return put_asn(b, text);
    case STIX_CLASS_REGKEY:
        return put_regkey(a, b, text);
    case STIX_CLASS_PATH:
    case STIX_CLASS_FILE:
        return put_folded(a, b, text);
    case STIX_CLASS_TEXT:
    case STIX_CLASSES:
        break;
    }
    return put_text(a, b, text);
}

enum err stix_value_key(struct arena *a, enum stix_class c, struct str text, struct str *out)
{
    struct buf normal = buf_in(a, SIZE_MAX / 2);
    TRY(put_normal(a, &normal, &c, text));
    struct str form;
    TRY(buf_end(&normal, &form));
    struct buf key = buf_in(a, STIX_VALUE_BYTES_MAX + 16);
    buf_put(&key, stix_class_word(c));
    buf_put_byte(&key, ':');
    if (form.len <= STIX_VALUE_BYTES_MAX && form.ptr[0] != '#') {
        buf_put(&key, form);
    } else {
        unsigned char digest[SHA256_BYTES];
        hash_sha256(form, digest);
        buf_put_byte(&key, '#');
        hex_put(&key, digest, sizeof digest);
    }
    return buf_end(&key, out);
}
