// SPDX-License-Identifier: Apache-2.0
// What changed from STIX 2.0 to 2.1 (the 2.1 specification's appendix on changes):
// spec_version, labels that became vocabularies of their own, is_family, pattern_type, and
// cyber-observables that became objects.
#include "format/stix20_priv.h"

#include <string.h>

static const struct {
    struct str type, labels; // where the labels of 2.0 belong
} renamed[] = {
    {STR_INIT("indicator"), STR_INIT("indicator_types")},
    {STR_INIT("malware"), STR_INIT("malware_types")},
    {STR_INIT("report"), STR_INIT("report_types")},
    {STR_INIT("threat-actor"), STR_INIT("threat_actor_types")},
    {STR_INIT("tool"), STR_INIT("tool_types")},
    {STR_INIT("identity"), STR_INIT("roles")},
};

static const char *const observables =
    " artifact autonomous-system directory domain-name email-addr email-message file ipv4-addr"
    " ipv6-addr mac-addr mutex network-traffic process software url user-account"
    " windows-registry-key x509-certificate ";

static bool is_observable(struct str type)
{
    char word[40] = " ";
    if (type.len > sizeof word - 2)
        return false;
    memcpy(word + 1, type.ptr, type.len);
    word[type.len + 1] = ' ';
    struct str all = str_of(observables);
    return str_find(all, (struct str){word, type.len + 2}) < all.len;
}

static struct str text_of(struct arena *a, struct json object, struct str key)
{
    struct json v;
    struct str text;
    if (!json_get(object, key, &v) || json_string(a, v, &text) != ERR_OK)
        return (struct str){"", 0};
    return text;
}

bool format_is_stix20(struct arena *a, struct str bytes)
{
    struct json root, v;
    if (str_find(bytes, STR("\"spec_version\"")) < bytes.len)
        return false;
    if (json_parse(a, bytes, &root, NULL) != ERR_OK || !json_is(root, JSON_OBJECT))
        return false;
    struct str type = text_of(a, root, STR("type"));
    return type.len && !is_observable(type) && !str_eq(type, STR("bundle")) &&
           (json_get(root, STR("created"), &v) || str_eq(type, STR("observed-data")));
}

enum err upgrade_lose(
    struct upgrade *u, struct json v, struct str field, const char *outcome, const char *why)
{
    const struct format_loss loss = {.at = u->at + json_at(v),
        .id = u->id,
        .field = field,
        .outcome = str_of(outcome),
        .why = str_of(why)};
    return u->sink->loss(u->sink->ctx, &loss);
}

static struct str labels_of(struct str type)
{
    for (size_t i = 0; i < LEN(renamed); i++)
        if (str_eq(renamed[i].type, type))
            return renamed[i].labels;
    return STR("labels");
}

static bool names_container(struct str selector)
{
    return str_eq(selector, STR("objects")) || str_starts(selector, STR("objects."));
}

static enum err put_selectors(struct upgrade *u, struct json_out *o, struct json selectors)
{
    struct str labels = labels_of(u->type);
    json_put_key(o, STR("selectors"));
    json_begin_array(o);
    for (struct json_iter it = json_iter(selectors); json_next(&it);) {
        struct str text;
        if (json_string(u->a, it.value, &text) != ERR_OK)
            return ERR_INVALID;
        if (names_container(text) && str_eq(u->type, STR("observed-data")))
            continue; // the observables have the marking now
        bool is_label = str_eq(text, STR("labels")) || str_starts(text, STR("labels."));
        struct buf b = buf_in(u->a, 64 * KIB);
        buf_put(&b, is_label ? labels : STR(""));
        buf_put(&b, is_label ? str_from(text, 6) : text);
        json_put_string(o, buf_str(&b));
    }
    json_end_array(o);
    return ERR_OK;
}

static bool has_other_selector(struct upgrade *u, struct json marking)
{
    struct json selectors;
    struct str text;
    if (!str_eq(u->type, STR("observed-data")) ||
        !json_get(marking, STR("selectors"), &selectors))
        return true;
    for (struct json_iter it = json_iter(selectors); json_next(&it);)
        if (json_string(u->a, it.value, &text) != ERR_OK || !names_container(text))
            return true;
    return false;
}

static enum err put_granular(struct upgrade *u, struct json_out *o, struct json list)
{
    size_t n = 0;
    for (struct json_iter it = json_iter(list); json_next(&it);) {
        if (!has_other_selector(u, it.value)) {
            TRY(upgrade_lose(u, it.value, STR("granular_markings"), "changed",
                "it marked observables that are objects now: all of them have the marking"));
            continue;
        }
        if (n++ == 0) {
            json_put_key(o, STR("granular_markings"));
            json_begin_array(o);
        }
        json_begin_object(o);
        for (struct json_iter m = json_iter(it.value); json_next(&m);) {
            struct str key;
            TRY(json_key(u->a, &m, &key));
            if (str_eq(key, STR("selectors")))
                TRY(put_selectors(u, o, m.value));
            else
                json_member_raw(o, key, json_span(m.value));
        }
        json_end_object(o);
    }
    if (n)
        json_end_array(o);
    return ERR_OK;
}

static enum err put_member(
    struct upgrade *u, struct json_out *o, struct str key, struct json value)
{
    struct json v;
    struct str *refs, name = key;
    size_t n;
    if (str_eq(key, STR("granular_markings")) && json_is(value, JSON_ARRAY))
        return put_granular(u, o, value);
    if (str_eq(key, STR("objects")) && str_eq(u->type, STR("observed-data"))) {
        TRY(upgrade_container(u, value, &refs, &n));
        json_member_strings(o, STR("object_refs"), refs, n);
        return ERR_OK;
    }
    if (str_eq(key, STR("labels")) && !json_get(u->root, labels_of(u->type), &v))
        name = labels_of(u->type);
    json_member_raw(o, name, json_span(value));
    return ERR_OK;
}

// What 2.1 requires and 2.0 did not have.
static enum err put_required(struct upgrade *u, struct json_out *o)
{
    struct json v;
    if (str_eq(u->type, STR("indicator")) && !json_get(u->root, STR("pattern_type"), &v))
        json_member_string(o, STR("pattern_type"), STR("stix"));
    if (!str_eq(u->type, STR("malware")) || json_get(u->root, STR("is_family"), &v))
        return ERR_OK;
    json_member_bool(o, STR("is_family"), true);
    return upgrade_lose(u, u->root, STR("is_family"), "changed",
        "2.0 does not say whether this is a family or one sample; a family is taken");
}

static enum err put_object(struct upgrade *u, struct buf *b)
{
    struct json_out o = json_out(b);
    json_begin_object(&o);
    for (struct json_iter it = json_iter(u->root); json_next(&it);) {
        struct str key;
        TRY(json_key(u->a, &it, &key));
        TRY(put_member(u, &o, key, it.value));
        if (str_eq(key, STR("type")))
            json_member_string(&o, STR("spec_version"), STR("2.1"));
    }
    TRY(put_required(u, &o));
    json_end_object(&o);
    return b->err;
}

enum err format_stix20_read(struct arena *a, struct str bytes, uint64_t at,
    const struct format_sink *sink, struct fault *fault)
{
    struct upgrade u = {.a = a, .at = at, .sink = sink};
    struct buf b = buf_in(a, STIX_OBJECT_BYTES_MAX);
    TRY(json_parse(a, bytes, &u.root, fault));
    if (!json_is(u.root, JSON_OBJECT))
        return fault_set(fault, ERR_INVALID, 0, "an object is expected");
    u.id = text_of(a, u.root, STR("id"));
    u.type = text_of(a, u.root, STR("type"));
    enum err e = put_object(&u, &b);
    if (e == ERR_INVALID) // the object as it is: it will be refused, with its own reason
        b = (struct buf){.ptr = (char *)(uintptr_t)bytes.ptr, .len = bytes.len};
    else
        TRY(e);
    const struct format_object object = {
        .bytes = buf_str(&b), .original = bytes, .at = at, .is_once = false};
    return sink->object(sink->ctx, &object);
}
