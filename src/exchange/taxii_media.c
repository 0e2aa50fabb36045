// SPDX-License-Identifier: Apache-2.0
#include "exchange/taxii.h"

static bool is_word(struct str a, struct str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (ascii_lower(a.ptr[i]) != ascii_lower(b.ptr[i]))
            return false;
    return true;
}

// Cuts up to `separator`, which does not count inside a quoted string (RFC 9110 section 5.6.4).
static struct str cut_unquoted(struct str *rest, char separator)
{
    bool is_quoted = false;
    size_t i = 0;
    for (; i < rest->len && (is_quoted || rest->ptr[i] != separator); i++) {
        if (is_quoted && rest->ptr[i] == '\\')
            i++;
        else if (rest->ptr[i] == '"')
            is_quoted = !is_quoted;
    }
    i = i < rest->len ? i : rest->len;
    struct str part = str_to(*rest, i);
    *rest = str_from(*rest, i + 1);
    return str_trim(part);
}

static struct str unquote(struct str s)
{
    bool is_quoted = s.len >= 2 && s.ptr[0] == '"' && s.ptr[s.len - 1] == '"';
    return is_quoted ? str_to(str_from(s, 1), s.len - 2) : s;
}

// A quality value is nought only when every digit of it is (RFC 9110 section 12.4.2).
static bool is_nought(struct str q)
{
    for (size_t i = 0; i < q.len; i++)
        if (q.ptr[i] != '0' && q.ptr[i] != '.')
            return false;
    return q.len > 0;
}

struct media {
    struct str name;
    struct str version; // empty: none given
    bool has_other;     // parameters that TAXII does not define
    bool is_refused;    // q=0
};

static struct media media_read(struct str text)
{
    struct media m = {.name = cut_unquoted(&text, ';')};
    while (text.len) {
        struct str value = cut_unquoted(&text, ';');
        struct str name = str_trim(str_cut(&value, '='));
        value = unquote(str_trim(value));
        if (is_word(name, STR("version")))
            m.version = value;
        else if (is_word(name, STR("q")))
            m.is_refused = is_nought(value);
        else if (name.len && !is_word(name, STR("charset")))
            m.has_other = true;
    }
    return m;
}

static bool is_taxii(const struct media *m)
{
    return is_word(m->name, STR("application/taxii+json")) && !m->has_other &&
           (m->version.len == 0 || str_eq(m->version, STR("2.1")));
}

// How closely a range names TAXII 2.1; 0: not at all (RFC 9110 section 12.5.1: the most
// specific one decides).
static unsigned closeness(const struct media *m)
{
    if (is_taxii(m))
        return m->version.len ? 4 : 3;
    if (is_word(m->name, STR("application/*")))
        return 2;
    return is_word(m->name, STR("*/*")) ? 1 : 0;
}

bool taxii_accepts(struct str accept)
{
    unsigned best = 0;
    bool accepts = str_trim(accept).len == 0;
    while (accept.len) {
        struct media m = media_read(cut_unquoted(&accept, ','));
        unsigned close = closeness(&m);
        if (close > best) {
            best = close;
            accepts = !m.is_refused;
        }
    }
    return accepts;
}

bool taxii_is_content_type(struct str type)
{
    struct media m = media_read(type);
    return is_taxii(&m) && !m.is_refused;
}
