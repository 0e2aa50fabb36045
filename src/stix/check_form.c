// SPDX-License-Identifier: Apache-2.0
// Strings of a prescribed form. What is a MUST is read widely: a value that some part of the
// internet uses is a value. A defanged object's values are not what they stand for, so their
// form is not looked at.
#include "stix/check_priv.h"
#include "stix/value_priv.h"

static bool is_between(char c, char from, char to)
{
    return c >= from && c <= to;
}

static bool is_alphanumeric(char c)
{
    return is_between(ascii_lower(c), 'a', 'z') || is_between(c, '0', '9');
}

static bool is_digits(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_between(text.ptr[i], '0', '9'))
            return false;
    return text.len > 0;
}

// Bytes of a..z, 0..9 and those of `more`.
static bool is_lower_with(struct str text, struct str more)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!is_between(c, 'a', 'z') && !is_between(c, '0', '9') &&
            str_index(more, c) == more.len)
            return false;
    }
    return true;
}

static bool has_control_or_blank(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] <= ' ' || text.ptr[i] == 0x7f)
            return true;
    return false;
}

static bool is_country(struct str text)
{
    return text.len == 2 && is_between(text.ptr[0], 'A', 'Z') &&
           is_between(text.ptr[1], 'A', 'Z');
}

// 13 parts after cpe:2.3, parted by colons that no backslash quotes.
static bool is_cpe(struct str text)
{
    size_t colons = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\\')
            i++;
        else
            colons += text.ptr[i] == ':';
    }
    return str_starts(text, STR("cpe:2.3:")) && colons == 12 && !has_control_or_blank(text);
}

// Labels of 1 to 63 bytes; U-labels and underscores occur, and a final dot.
static bool is_domain(struct str text)
{
    size_t labels = 0;
    if (str_ends(text, STR(".")))
        text.len--;
    if (text.len == 0 || text.len > 253 * 4 || has_control_or_blank(text))
        return false;
    for (struct str rest = text; rest.len || labels == 0; labels++) {
        struct str label = str_cut(&rest, '.');
        if (label.len == 0 || (value_is_ascii(label) && label.len > 63))
            return false;
        for (size_t i = 0; i < label.len; i++)
            if (str_index(STR("/:@?#[]<>\"\\(),;"), label.ptr[i]) < 15)
                return false;
    }
    return text.ptr[text.len - 1] != '.';
}

static bool is_email(struct str text)
{
    size_t at = text.len;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '@')
            at = i;
    if (at == 0 || at + 1 >= text.len)
        return false;
    struct str local = str_to(text, at), host = str_from(text, at + 1);
    bool is_quoted = local.ptr[0] == '"' && local.len > 2 && str_ends(local, STR("\""));
    if (!is_quoted && (has_control_or_blank(local) || str_index(local, '@') < local.len ||
                          str_index(local, '<') < local.len))
        return false;
    return is_domain(host) || (host.ptr[0] == '[' && str_ends(host, STR("]")));
}

static bool is_address(struct str text, bool want_ipv6)
{
    char room[128];
    bool is_net, has_colon = str_index(text, ':') < text.len;
    struct buf b = {.ptr = room, .cap = sizeof room, .max_bytes = sizeof room};
    return has_colon == want_ipv6 && value_put_address(&b, text, &is_net) == ERR_OK;
}

static bool is_ipv4(struct str text)
{
    return is_address(text, false);
}

static bool is_ipv6(struct str text)
{
    return is_address(text, true);
}

bool text_is_language(struct str text)
{
    struct str rest = text;
    for (size_t n = 0; n == 0 || rest.len; n++) {
        struct str part = str_cut(&rest, '-');
        if (part.len == 0 || part.len > 8)
            return false;
        for (size_t i = 0; i < part.len; i++)
            if (!is_alphanumeric(part.ptr[i]) || (n == 0 && is_between(part.ptr[i], '0', '9')))
                return false;
    }
    return text.ptr[text.len - 1] != '-';
}

static bool is_lower(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (is_between(text.ptr[i], 'A', 'Z'))
            return false;
    return true;
}

static bool is_mac(struct str text)
{
    if (text.len != 17)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool is_digit = is_between(c, '0', '9') || is_between(c, 'a', 'f');
        if (i % 3 == 2 ? c != ':' : !is_digit)
            return false;
    }
    return true;
}

static bool is_mime(struct str text)
{
    struct str sub = text, type = str_cut(&sub, '/');
    return type.len && sub.len && str_index(sub, '/') == sub.len && !has_control_or_blank(type);
}

static bool is_priority(struct str text)
{
    return str_ends(text, STR("_CLASS"));
}

static bool is_property_list_name(struct str text)
{
    return text.len >= 3 && text.len <= 250 && is_lower_with(text, STR("_"));
}

static bool is_protocol(struct str text)
{
    return text.len > 0 && !has_control_or_blank(text) && is_lower(text);
}

static bool is_hyphens(struct str text)
{
    return is_lower_with(text, STR("-"));
}

// Section 6.17: the hive is written out, HKEY_LOCAL_MACHINE and not HKLM.
static bool is_registry_key(struct str text)
{
    static const struct str abbreviated[] = {STR_INIT("hklm"), STR_INIT("hkcu"),
        STR_INIT("hkcr"), STR_INIT("hku"), STR_INIT("hkcc"), STR_INIT("hkpd")};
    size_t n = str_index(text, '\\');
    for (size_t i = 0; i < LEN(abbreviated); i++) {
        size_t same = 0;
        while (n == abbreviated[i].len && same < n &&
               ascii_lower(text.ptr[same]) == abbreviated[i].ptr[same])
            same++;
        if (same == n && n)
            return false;
    }
    return true;
}

static bool is_relationship_type(struct str text)
{
    return text.len > 0 && is_hyphens(text);
}

// A scheme, a colon and something without blanks (RFC 3986 section 3); IRIs occur.
static bool is_url(struct str text)
{
    struct str rest = text, scheme = str_cut(&rest, ':');
    if (scheme.len == 0 || rest.len == 0 || has_control_or_blank(text))
        return false;
    for (size_t i = 0; i < scheme.len; i++) {
        bool is_mark = scheme.ptr[i] == '+' || scheme.ptr[i] == '-' || scheme.ptr[i] == '.';
        if (!is_alphanumeric(scheme.ptr[i]) && !is_mark)
            return false;
    }
    return is_between(ascii_lower(scheme.ptr[0]), 'a', 'z');
}

static bool is_version(struct str text)
{
    struct str rest = text, major = str_cut(&rest, '.'), minor = str_cut(&rest, '.');
    size_t n = 0;
    while (n < rest.len && is_between(rest.ptr[n], '0', '9'))
        n++;
    bool ends = n == rest.len || rest.ptr[n] == '-' || rest.ptr[n] == '+';
    return is_digits(major) && is_digits(minor) && n && ends;
}

static const struct {
    bool (*is)(struct str text);
    enum stix_rule rule;
    bool is_value; // what a defanged object holds in another form
} forms[FORMS] = {
    [FORM_COUNTRY] = {is_country, STIX_RULE_COUNTRY, false},
    [FORM_CPE] = {is_cpe, STIX_RULE_CPE, false},
    [FORM_DOMAIN] = {is_domain, STIX_RULE_DOMAIN, true},
    [FORM_EMAIL] = {is_email, STIX_RULE_EMAIL, true},
    [FORM_HYPHENS] = {is_hyphens, STIX_RULE_KILL_CHAIN, false},
    [FORM_IPV4] = {is_ipv4, STIX_RULE_IPV4, true},
    [FORM_IPV6] = {is_ipv6, STIX_RULE_IPV6, true},
    [FORM_LANGUAGE] = {text_is_language, STIX_RULE_LANGUAGE, false},
    [FORM_LOWER] = {is_lower, STIX_RULE_HTTP_LOWER, false},
    [FORM_MAC] = {is_mac, STIX_RULE_MAC, true},
    [FORM_MIME] = {is_mime, STIX_RULE_MIME_TYPE, false},
    [FORM_PRIORITY] = {is_priority, STIX_RULE_PRIORITY, false},
    [FORM_PROPERTY_NAME] = {is_property_list_name, STIX_RULE_PROPERTY_NAME, false},
    [FORM_PROTOCOL] = {is_protocol, STIX_RULE_PROTOCOL, false},
    [FORM_REGISTRY_KEY] = {is_registry_key, STIX_RULE_REGISTRY_HIVE, false},
    [FORM_RELATIONSHIP] = {is_relationship_type, STIX_RULE_RELATIONSHIP_TYPE, false},
    [FORM_URL] = {is_url, STIX_RULE_URL, true},
    [FORM_VERSION] = {is_version, STIX_RULE_EXTENSION_VERSION, false},
};

enum err check_form(
    struct checking *c, enum form form, const struct object_path *path, struct json value)
{
    struct str text;
    struct json defanged;
    if (!json_is(value, JSON_STRING))
        return stix_check_report(c, path, value, STIX_RULE_STRING);
    if (form == FORM_ANY)
        return ERR_OK;
    TRY(json_string(c->arena, value, &text));
    if (forms[form].is(text))
        return ERR_OK;
    if (forms[form].is_value && json_get(c->root, STR("defanged"), &defanged) &&
        json_is(defanged, JSON_TRUE))
        return ERR_OK;
    return stix_check_report(c, path, value, forms[form].rule);
}
