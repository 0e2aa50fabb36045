// SPDX-License-Identifier: Apache-2.0
// Which properties are values to look for, and of which class. Paths of patterns that the
// table does not know are judged by their last steps: data in the field uses many.
#include "stix/value_at.h"

#include "stix/value_priv.h"

#define GUESS STIX_CLASSES // whatever the text looks like

static const struct {
    struct str type, path;
    enum stix_class class;
} rows[] = {
    {STR_INIT("domain-name"), STR_INIT("value"), STIX_CLASS_DOMAIN},
    {STR_INIT("ipv4-addr"), STR_INIT("value"), GUESS},
    {STR_INIT("ipv6-addr"), STR_INIT("value"), GUESS},
    {STR_INIT("url"), STR_INIT("value"), STIX_CLASS_URL},
    {STR_INIT("email-addr"), STR_INIT("value"), STIX_CLASS_EMAIL},
    {STR_INIT("email-addr"), STR_INIT("display_name"), STIX_CLASS_TEXT},
    {STR_INIT("file"), STR_INIT("name"), STIX_CLASS_FILE},
    {STR_INIT("directory"), STR_INIT("path"), STIX_CLASS_PATH},
    {STR_INIT("mac-addr"), STR_INIT("value"), STIX_CLASS_MAC},
    {STR_INIT("autonomous-system"), STR_INIT("number"), STIX_CLASS_ASN},
    {STR_INIT("artifact"), STR_INIT("url"), STIX_CLASS_URL},
    {STR_INIT("windows-registry-key"), STR_INIT("key"), STIX_CLASS_REGKEY},
    {STR_INIT("mutex"), STR_INIT("name"), STIX_CLASS_TEXT},
    {STR_INIT("process"), STR_INIT("name"), STIX_CLASS_FILE}, // of STIX 2.0, still in patterns
    {STR_INIT("process"), STR_INIT("command_line"), STIX_CLASS_TEXT},
    {STR_INIT("process"), STR_INIT("cwd"), STIX_CLASS_PATH},
    {STR_INIT("software"), STR_INIT("name"), STIX_CLASS_TEXT},
    {STR_INIT("software"), STR_INIT("cpe"), STIX_CLASS_TEXT},
    {STR_INIT("user-account"), STR_INIT("user_id"), STIX_CLASS_TEXT},
    {STR_INIT("user-account"), STR_INIT("account_login"), STIX_CLASS_TEXT},
    {STR_INIT("user-account"), STR_INIT("display_name"), STIX_CLASS_TEXT},
    {STR_INIT("email-message"), STR_INIT("subject"), STIX_CLASS_TEXT},
    {STR_INIT("email-message"), STR_INIT("message_id"), STIX_CLASS_TEXT},
    {STR_INIT("x509-certificate"), STR_INIT("serial_number"), STIX_CLASS_TEXT},
    {STR_INIT("x509-certificate"), STR_INIT("issuer"), STIX_CLASS_TEXT},
    {STR_INIT("x509-certificate"), STR_INIT("subject"), STIX_CLASS_TEXT},
};

// Properties of observables that the standard does not define.
static const struct str custom[] = {
    STR_INIT("value"), STR_INIT("address"), STR_INIT("iban"), STR_INIT("name")};

// Last steps that say what kind of thing it is, not which.
static const struct str not_indexed[] = {STR_INIT("type"), STR_INIT("mime_type"),
    STR_INIT("account_type"), STR_INIT("data_type"), STR_INIT("pe_type"),
    STR_INIT("identity_class"), STR_INIT("protocols"), STR_INIT("address_family"),
    STR_INIT("spec_version"), STR_INIT("content_type")};

static bool row_find(struct str type, struct str path, enum stix_class *out)
{
    for (size_t i = 0; i < LEN(rows); i++)
        if (str_eq(rows[i].type, type) && str_eq(rows[i].path, path)) {
            *out = rows[i].class;
            return true;
        }
    return false;
}

bool stix_value_is_indexed(struct str type, struct str property, bool is_custom)
{
    enum stix_class class;
    for (size_t i = 0; is_custom && i < LEN(custom); i++)
        if (str_eq(custom[i], property))
            return true;
    return row_find(type, property, &class);
}

// Cuts the last step off *path.
static struct str last_step(struct str *path)
{
    size_t at = path->len;
    while (at && path->ptr[at - 1] != '.')
        at--;
    struct str step = str_from(*path, at);
    path->len = at ? at - 1 : 0;
    return step;
}

static bool class_by_steps(struct str path, enum stix_class *out)
{
    struct str last = last_step(&path), before = last_step(&path);
    bool in_ref = str_ends(before, STR("_ref")) || str_ends(before, STR("_refs"));
    for (size_t i = 0; i < LEN(not_indexed); i++)
        if (str_eq(last, not_indexed[i]))
            return false;
    if (str_eq(before, STR("hashes")) || str_eq(last, STR("hashes")))
        *out = STIX_CLASS_HASH;
    else if (str_eq(last, STR("value")))
        *out = GUESS;
    else if (str_eq(last, STR("path")))
        *out = STIX_CLASS_PATH;
    else if (in_ref && str_eq(last, STR("name")))
        *out = STIX_CLASS_FILE;
    else
        *out = STIX_CLASS_TEXT;
    return true;
}

static enum err key_guess(struct arena *a, struct str text, struct str *out)
{
    static const enum stix_class order[] = {STIX_CLASS_IP, STIX_CLASS_NET, STIX_CLASS_MAC,
        STIX_CLASS_URL, STIX_CLASS_EMAIL, STIX_CLASS_DOMAIN};
    for (size_t i = 0; i < LEN(order); i++) {
        if (order[i] == STIX_CLASS_DOMAIN && str_index(text, '.') == text.len)
            continue;
        enum err e = stix_value_key(a, order[i], text, out);
        if (e != ERR_INVALID)
            return e;
    }
    return ERR_INVALID;
}

enum err stix_value_key_at(
    struct arena *a, struct str type, struct str path, struct str text, struct str *out)
{
    enum stix_class class;
    if (!row_find(type, path, &class) && !class_by_steps(path, &class))
        return ERR_NOT_FOUND;
    enum err e = class == GUESS ? key_guess(a, text, out) : stix_value_key(a, class, text, out);
    if (e != ERR_INVALID)
        return e;
    return stix_value_key(a, STIX_CLASS_TEXT, text, out);
}
