// SPDX-License-Identifier: Apache-2.0
#include "format/warninglist.h"

#include "base/limits.h"

#define BIT(c)      (1u << STIX_CLASS_##c)
#define ALL_CLASSES ((1u << STIX_CLASSES) - 1)
#define ADDRESS     (BIT(IP) | BIT(NET))

struct str warning_type_word(enum warning_type type)
{
    static const struct str words[] = {
#define WARNING_TYPE_WORD(name, word) STR_INIT(word),
        WARNING_TYPE_LIST(WARNING_TYPE_WORD)
#undef WARNING_TYPE_WORD
    };
    return words[type];
}

// MISP's types of attributes, without "|": each half of such a type is looked up. What is not
// here is text.
static const struct {
    struct str name;
    unsigned classes;
} attributes[] = {
    {STR_INIT("ip-src"), ADDRESS},
    {STR_INIT("ip-dst"), ADDRESS},
    {STR_INIT("ip"), ADDRESS},
    {STR_INIT("domain"), BIT(DOMAIN)},
    {STR_INIT("hostname"), BIT(DOMAIN)},
    {STR_INIT("url"), BIT(URL)},
    {STR_INIT("uri"), BIT(URL)},
    {STR_INIT("link"), BIT(URL)},
    {STR_INIT("email"), BIT(EMAIL)},
    {STR_INIT("email-src"), BIT(EMAIL)},
    {STR_INIT("email-dst"), BIT(EMAIL)},
    {STR_INIT("email-reply-to"), BIT(EMAIL)},
    {STR_INIT("target-email"), BIT(EMAIL)},
    {STR_INIT("whois-registrant-email"), BIT(EMAIL)},
    {STR_INIT("dns-soa-email"), BIT(EMAIL)},
    {STR_INIT("mac-address"), BIT(MAC)},
    {STR_INIT("AS"), BIT(ASN)},
    {STR_INIT("regkey"), BIT(REGKEY)},
    {STR_INIT("filename"), BIT(FILE) | BIT(PATH)},
    {STR_INIT("md5"), BIT(HASH)},
    {STR_INIT("sha1"), BIT(HASH)},
    {STR_INIT("sha224"), BIT(HASH)},
    {STR_INIT("sha256"), BIT(HASH)},
    {STR_INIT("sha384"), BIT(HASH)},
    {STR_INIT("sha512"), BIT(HASH)},
    {STR_INIT("ssdeep"), BIT(HASH)},
    {STR_INIT("tlsh"), BIT(HASH)},
    {STR_INIT("imphash"), BIT(HASH)},
    {STR_INIT("x509-fingerprint-md5"), BIT(HASH)},
    {STR_INIT("x509-fingerprint-sha1"), BIT(HASH)},
    {STR_INIT("x509-fingerprint-sha256"), BIT(HASH)},
    {STR_INIT("port"), 0},
};

static unsigned classes_of_half(struct str half)
{
    for (size_t i = 0; i < LEN(attributes); i++)
        if (str_eq(attributes[i].name, half))
            return attributes[i].classes;
    return BIT(TEXT);
}

// "domain|ip" is both; "filename|md5" is the hash: that a file is called like a hash says
// nothing of what is in it.
static unsigned classes_of(struct str attribute)
{
    struct str rest = attribute, first = str_cut(&rest, '|');
    if (rest.len == 0)
        return classes_of_half(first);
    unsigned of_first = str_eq(first, STR("filename")) ? 0 : classes_of_half(first);
    return of_first | classes_of_half(rest);
}

struct reading {
    struct arena *a;
    struct json root;
    struct fault *fault;
};

static enum err refuse(const struct reading *r, struct json v, const char *why)
{
    return fault_set(r->fault, ERR_INVALID, json_at(v), why);
}

static bool has_control(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] < ' ' || s.ptr[i] == 0x7f)
            return true;
    return false;
}

static enum err read_name(const struct reading *r, struct str *out)
{
    struct json v;
    if (!json_get(r->root, STR("name"), &v))
        return refuse(r, r->root, "a warning list has a name");
    if (!json_is(v, JSON_STRING))
        return refuse(r, v, "the name is a text");
    TRY(json_string(r->a, v, out));
    if (out->len == 0 || out->len > WARNING_NAME_BYTES_MAX || has_control(*out))
        return refuse(r, v, "a name has 1 to 512 bytes, on one line");
    return ERR_OK;
}

static enum err read_version(const struct reading *r, int64_t *out)
{
    struct json v;
    if (!json_get(r->root, STR("version"), &v))
        return refuse(r, r->root, "a warning list has a version");
    if (json_int(v, out) != ERR_OK || *out < 0)
        return refuse(r, v, "the version is a number, 0 or more");
    return ERR_OK;
}

static enum err read_type(const struct reading *r, enum warning_type *out)
{
    struct json v;
    *out = WARNING_STRING;
    if (!json_get(r->root, STR("type"), &v))
        return ERR_OK; // as MISP takes it
    for (enum warning_type type = 0; type < WARNING_TYPES; type++)
        if (json_is_string(v, warning_type_word(type))) {
            *out = type;
            return ERR_OK;
        }
    return refuse(r, v, "the type is string, hostname, cidr, substring or regex");
}

// Without attributes a list is about everything, as in MISP.
static enum err read_classes(const struct reading *r, unsigned *out)
{
    struct json v;
    *out = ALL_CLASSES;
    if (!json_get(r->root, STR("matching_attributes"), &v))
        return ERR_OK;
    if (!json_is(v, JSON_ARRAY))
        return refuse(r, v, "matching_attributes is a list of texts");
    if (json_len(v))
        *out = 0;
    for (struct json_iter it = json_iter(v); json_next(&it);) {
        struct str attribute;
        if (!json_is(it.value, JSON_STRING))
            return refuse(r, it.value, "matching_attributes is a list of texts");
        TRY(json_string(r->a, it.value, &attribute));
        *out |= classes_of(attribute);
    }
    return ERR_OK;
}

static enum err read_entries(const struct reading *r, struct json *out)
{
    if (!json_get(r->root, STR("list"), out))
        return refuse(r, r->root, "a warning list has a list");
    if (!json_is(*out, JSON_ARRAY))
        return refuse(r, *out, "the list is a list of texts");
    for (struct json_iter it = json_iter(*out); json_next(&it);)
        if (!json_is(it.value, JSON_STRING))
            return refuse(r, it.value, "the list is a list of texts");
    return ERR_OK;
}

static enum err read_list(struct reading *r, struct warning_list *out)
{
    struct json v;
    if (!json_is(r->root, JSON_OBJECT))
        return refuse(r, r->root, "a warning list is a JSON object");
    TRY(read_name(r, &out->name));
    TRY(read_version(r, &out->version));
    TRY(read_type(r, &out->type));
    TRY(read_classes(r, &out->classes));
    if (json_get(r->root, STR("description"), &v)) {
        if (!json_is(v, JSON_STRING))
            return refuse(r, v, "the description is a text");
        TRY(json_string(r->a, v, &out->description));
    }
    return read_entries(r, &out->entries);
}

enum err warning_list_read(
    struct arena *a, struct str document, struct warning_list *out, struct fault *fault)
{
    struct reading r = {.a = a, .fault = fault};
    struct warning_list list = {.description = STR("")};
    fault_set(fault, ERR_OK, 0, "the list is too large");
    TRY(json_parse(a, document, &r.root, fault));
    TRY(read_list(&r, &list));
    *out = list;
    return ERR_OK;
}
