// SPDX-License-Identifier: Apache-2.0
#include "stix/observable.h"

#include "base/limits.h"
#include "stix/check_priv.h"
#include "json/canonical.h"
#include "json/write.h"

// In the order of RFC 8785, so that the members stand in it too; "hashes" means one of them.
static const struct {
    struct str type;
    const char *properties;
} contributing[] = {
    {STR_INIT("artifact"), "hashes payload_bin"},
    {STR_INIT("autonomous-system"), "number"},
    {STR_INIT("directory"), "path"},
    {STR_INIT("domain-name"), "value"},
    {STR_INIT("email-addr"), "value"},
    {STR_INIT("email-message"), "body from_ref subject"},
    {STR_INIT("file"), "extensions hashes name parent_directory_ref"},
    {STR_INIT("ipv4-addr"), "value"},
    {STR_INIT("ipv6-addr"), "value"},
    {STR_INIT("mac-addr"), "value"},
    {STR_INIT("mutex"), "name"},
    {STR_INIT("network-traffic"),
        "dst_port dst_ref end extensions protocols src_port src_ref start"},
    {STR_INIT("software"), "cpe name swid vendor version"},
    {STR_INIT("url"), "value"},
    {STR_INIT("user-account"), "account_login account_type user_id"},
    {STR_INIT("windows-registry-key"), "key values"},
    {STR_INIT("x509-certificate"), "hashes serial_number"},
};

// The first present of four algorithms; else the bytewise smallest key, which the text leaves
// open, so that such ids agree with nobody's but our own.
static bool choose_hash(struct json hashes, struct str *key, struct json *value)
{
    static const struct str order[] = {
        STR_INIT("MD5"), STR_INIT("SHA-1"), STR_INIT("SHA-256"), STR_INIT("SHA-512")};
    bool is_there = false;
    for (size_t i = 0; i < LEN(order); i++)
        if (json_get(hashes, order[i], value)) {
            *key = order[i];
            return true;
        }
    for (struct json_iter it = json_iter(hashes); json_next(&it);)
        if (!it.key_has_escape && (!is_there || str_cmp(it.key, *key) < 0)) {
            *key = it.key;
            *value = it.value;
            is_there = true;
        }
    return is_there;
}

static enum err put_canonical(struct arena *a, struct json_out *o, struct json v)
{
    struct str text;
    TRY(json_canonical(a, v, &text));
    json_put_raw(o, text);
    return ERR_OK;
}

static enum err put_member(
    struct arena *a, struct json_out *o, struct str key, struct json value)
{
    struct str algorithm;
    struct json hash;
    if (!str_eq(key, STR("hashes"))) {
        json_put_key(o, key);
        return put_canonical(a, o, value);
    }
    if (!choose_hash(value, &algorithm, &hash))
        return ERR_OK;
    json_put_key(o, key);
    json_begin_object(o);
    json_put_key(o, algorithm);
    TRY(put_canonical(a, o, hash));
    json_end_object(o);
    return ERR_OK;
}

static const char *contributing_of(struct str type)
{
    for (size_t i = 0; i < LEN(contributing); i++)
        if (str_eq(contributing[i].type, type))
            return contributing[i].properties;
    return "";
}

enum err stix_observable_id(
    struct arena *a, struct str type, struct json object, struct stix_id *out)
{
    struct buf b = buf_in(a, 2 * STIX_OBJECT_BYTES_MAX);
    struct json_out o = json_out(&b);
    struct str name;
    json_begin_object(&o);
    for (struct str rest = str_of(contributing_of(type)); rest.len;) {
        struct str key = str_cut(&rest, ' ');
        struct json value;
        if (json_get(object, key, &value))
            TRY(put_member(a, &o, key, value));
    }
    json_end_object(&o);
    TRY(buf_end(&b, &name));
    if (name.len == 2) // {}
        return ERR_NOT_FOUND;
    return stix_id_from_name(a, type, name, out);
}

static enum err check_observable_id(
    struct checking *c, const struct object_path *path, struct json value)
{
    struct stix_id want;
    unsigned version = c->id.uuid[6] >> 4;
    if (!c->type)
        return ERR_OK;
    enum err e = stix_observable_id(c->arena, c->id.type, c->root, &want);
    if (e == ERR_NOT_FOUND)
        return version == 4 ? ERR_OK : stix_check_report(c, path, value, STIX_RULE_ID_RANDOM);
    if (e != ERR_OK)
        return e == ERR_INVALID ? ERR_OK : e;
    if (version != 5)
        return stix_check_report(c, path, value, STIX_RULE_OBSERVABLE_RANDOM);
    return str_eq(want.text, c->id.text)
               ? ERR_OK
               : stix_check_report(c, path, value, STIX_RULE_OBSERVABLE_ID);
}

enum err check_own_id(struct checking *c)
{
    struct json v;
    struct object_path path = {.key = STR("id")};
    unsigned version = c->id.uuid[6] >> 4;
    if (!json_get(c->root, path.key, &v))
        return ERR_OK;
    if (version < 1 || version > 5 || c->id.uuid[8] >> 6 != 2)
        return stix_check_report(c, &path, v, STIX_RULE_ID_VERSION);
    if (c->kind == STIX_SCO)
        return check_observable_id(c, &path, v);
    return version == 4 ? ERR_OK : stix_check_report(c, &path, v, STIX_RULE_ID_RANDOM);
}
