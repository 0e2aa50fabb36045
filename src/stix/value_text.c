// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.h"
#include "stix/value_priv.h"

#include <string.h>
#include <utf8proc.h>

bool value_is_ascii(struct str text)
{
    unsigned char all = 0;
    for (size_t i = 0; i < text.len; i++)
        all |= (unsigned char)text.ptr[i];
    return all < 0x80;
}

bool value_is_hex(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = ascii_lower(text.ptr[i]);
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
            return false;
    }
    return text.len > 0;
}

// Not utf8proc_map, which takes memory from the heap.
enum err stix_text_nfc(struct arena *a, struct str text, struct str *out)
{
    if (value_is_ascii(text)) {
        *out = text;
        return ERR_OK;
    }
    if (utf8_invalid_at(text) < text.len)
        return ERR_INVALID;
    utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
    const unsigned char *bytes = (const unsigned char *)text.ptr;
    utf8proc_ssize_t n =
        utf8proc_decompose(bytes, (utf8proc_ssize_t)text.len, NULL, 0, options);
    if (n < 0)
        return ERR_INVALID;
    utf8proc_int32_t *points = NEW_N(a, utf8proc_int32_t, (size_t)n + 1);
    if (!points)
        return ERR_LIMIT;
    n = utf8proc_decompose(bytes, (utf8proc_ssize_t)text.len, points, n, options);
    n = n < 0 ? n : utf8proc_reencode(points, n, options); // in place, shorter than the points
    if (n < 0)
        return ERR_INVALID;
    *out = (struct str){(const char *)points, (size_t)n};
    return ERR_OK;
}

// Composed, lowered, and composed again: J with a caron composes only in lower case, and the
// Kelvin sign becomes a K only when composed.
enum err value_fold(struct arena *a, struct str text, struct str *out)
{
    struct str composed;
    TRY(stix_text_nfc(a, text, &composed));
    char *lower = NEW_N(a, char, composed.len + 1);
    if (!lower)
        return ERR_LIMIT;
    for (size_t i = 0; i < composed.len; i++)
        lower[i] = ascii_lower(composed.ptr[i]);
    return stix_text_nfc(a, (struct str){lower, composed.len}, out);
}
