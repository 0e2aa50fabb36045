// SPDX-License-Identifier: Apache-2.0
#include "base/str.h"

#include <string.h>

struct str str_of(const char *cstr)
{
    return (struct str){cstr ? cstr : "", cstr ? strlen(cstr) : 0};
}

bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

int str_cmp(struct str a, struct str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n ? memcmp(a.ptr, b.ptr, n) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

bool str_starts(struct str s, struct str prefix)
{
    return s.len >= prefix.len && str_eq(str_to(s, prefix.len), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.len >= suffix.len && str_eq(str_from(s, s.len - suffix.len), suffix);
}

size_t str_index(struct str s, char byte)
{
    const char *at = s.len ? memchr(s.ptr, byte, s.len) : NULL;
    return at ? (size_t)(at - s.ptr) : s.len;
}

size_t str_find(struct str s, struct str part)
{
    const char *at = s.len && part.len ? memmem(s.ptr, s.len, part.ptr, part.len) : NULL;
    return at ? (size_t)(at - s.ptr) : s.len;
}

struct str str_from(struct str s, size_t at)
{
    return at < s.len ? (struct str){s.ptr + at, s.len - at} : (struct str){"", 0};
}

struct str str_to(struct str s, size_t len)
{
    return (struct str){s.ptr, len < s.len ? len : s.len};
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
    while (s.len && is_blank(s.ptr[0]))
        s = str_from(s, 1);
    while (s.len && is_blank(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

struct str str_cut(struct str *rest, char byte)
{
    size_t at = str_index(*rest, byte);
    struct str head = str_to(*rest, at);
    *rest = at < rest->len ? str_from(*rest, at + 1) : (struct str){"", 0};
    return head;
}

enum err str_copy(struct arena *a, struct str s, struct str *out)
{
    char *p = NEW_N(a, char, s.len ? s.len : 1);
    if (!p)
        return ERR_LIMIT;
    if (s.len)
        memcpy(p, s.ptr, s.len);
    *out = (struct str){p, s.len};
    return ERR_OK;
}

enum err str_to_cstr(struct arena *a, struct str s, const char **out)
{
    if (str_index(s, '\0') < s.len)
        return ERR_INVALID;
    char *p = s.len < SIZE_MAX ? NEW_N(a, char, s.len + 1) : NULL;
    if (!p)
        return ERR_LIMIT;
    if (s.len)
        memcpy(p, s.ptr, s.len);
    *out = p;
    return ERR_OK;
}

enum err str_to_u64(struct str s, uint64_t *out)
{
    uint64_t n = 0;
    if (s.len == 0 || s.len > 19 || (s.len > 1 && s.ptr[0] == '0'))
        return ERR_INVALID;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return ERR_INVALID;
        n = n * 10 + (uint64_t)(s.ptr[i] - '0');
    }
    if (n > INT64_MAX)
        return ERR_INVALID;
    *out = n;
    return ERR_OK;
}

char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}
