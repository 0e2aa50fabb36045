// SPDX-License-Identifier: Apache-2.0
#include "http/message.h"

#include <strings.h>

static const char *const methods[] = {
    [HTTP_GET] = "GET",
    [HTTP_HEAD] = "HEAD",
    [HTTP_POST] = "POST",
    [HTTP_PUT] = "PUT",
    [HTTP_PATCH] = "PATCH",
    [HTTP_DELETE] = "DELETE",
};

enum err http_method_parse(struct str text, enum http_method *out)
{
    for (size_t i = HTTP_GET; i < LEN(methods); i++) {
        if (str_eq(text, str_of(methods[i]))) {
            *out = (enum http_method)i;
            return ERR_OK;
        }
    }
    return ERR_NOT_FOUND;
}

const char *http_method_name(enum http_method method)
{
    return methods[method];
}

bool http_name_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || strncasecmp(a.ptr, b.ptr, a.len) == 0);
}

bool http_pair_find(const struct http_pair *pairs, size_t n, struct str name, struct str *out)
{
    for (size_t i = 0; i < n; i++) {
        if (http_name_eq(pairs[i].name, name)) {
            *out = pairs[i].value;
            return true;
        }
    }
    return false;
}
