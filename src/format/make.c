// SPDX-License-Identifier: Apache-2.0
// The objects that conversions make. Their ids come from their content, so that the same
// document twice makes the same objects.
#include "base/limits.h"
#include "base/uuid.h"
#include "format/seen_priv.h"
#include "hash/hash.h"
#include "stix/observable.h"
#include "json/write.h"

// Of ids that conversions make; the standard's own is for observables.
static const unsigned char namespace_id[UUID_BYTES] = {0xfc, 0xfe, 0x7d, 0xbb, 0x13, 0x05, 0x4d,
    0x3e, 0xae, 0x43, 0x81, 0x59, 0xe4, 0x16, 0x18, 0xa0};

static const struct {
    struct str type, property, path; // of an observable, and in a pattern
} forms[SEEN_TYPES] = {
    [SEEN_IPV4] = {STR_INIT("ipv4-addr"), STR_INIT("value"), STR_INIT("ipv4-addr:value")},
    [SEEN_IPV6] = {STR_INIT("ipv6-addr"), STR_INIT("value"), STR_INIT("ipv6-addr:value")},
    [SEEN_DOMAIN] = {STR_INIT("domain-name"), STR_INIT("value"), STR_INIT("domain-name:value")},
    [SEEN_URL] = {STR_INIT("url"), STR_INIT("value"), STR_INIT("url:value")},
    [SEEN_EMAIL] = {STR_INIT("email-addr"), STR_INIT("value"), STR_INIT("email-addr:value")},
    [SEEN_MD5] = {STR_INIT("file"), STR_INIT("MD5"), STR_INIT("file:hashes.MD5")},
    [SEEN_SHA1] = {STR_INIT("file"), STR_INIT("SHA-1"), STR_INIT("file:hashes.'SHA-1'")},
    [SEEN_SHA256] = {STR_INIT("file"), STR_INIT("SHA-256"), STR_INIT("file:hashes.'SHA-256'")},
    [SEEN_SHA512] = {STR_INIT("file"), STR_INIT("SHA-512"), STR_INIT("file:hashes.'SHA-512'")},
    [SEEN_CVE] = {STR_INIT("vulnerability"), STR_INIT("name"), STR_INIT("")},
};

enum err make_id(struct arena *a, struct str type, struct str name, struct str *out)
{
    unsigned char digest[SHA1_BYTES];
    struct buf b = buf_in(a, UUID_BYTES + name.len), id = buf_in(a, type.len + 40);
    struct str text;
    buf_put(&b, (struct str){(const char *)namespace_id, UUID_BYTES});
    buf_put(&b, name);
    TRY(buf_end(&b, &text));
    hash_sha1(text, digest);
    uuid_stamp(digest, 5);
    buf_put(&id, type);
    buf_put(&id, STR("--"));
    uuid_put(&id, digest);
    return buf_end(&id, out);
}

static void put_head(struct json_out *o, struct str type, struct str id)
{
    json_begin_object(o);
    json_member_string(o, STR("type"), type);
    json_member_string(o, STR("spec_version"), STR("2.1"));
    if (id.len)
        json_member_string(o, STR("id"), id);
}

static void put_tail(struct json_out *o, struct str marking)
{
    if (marking.len)
        json_member_strings(o, STR("object_marking_refs"), &marking, 1);
    json_end_object(o);
}

static void put_value(struct json_out *o, const struct make *m)
{
    if (!str_eq(forms[m->values[0].type].type, STR("file"))) {
        json_member_string(o, forms[m->values[0].type].property, m->values[0].value);
        return;
    }
    json_put_key(o, STR("hashes"));
    json_begin_object(o);
    for (size_t i = 0; i < m->n; i++)
        json_member_string(o, forms[m->values[i].type].property, m->values[i].value);
    json_end_object(o);
}

static size_t size_of(const struct make *m)
{
    return 64 * KIB + 6 * (m->text.len + m->name.len) + 64 * m->n_refs;
}

static enum err make_vulnerability(struct arena *a, const struct make *m, struct made *out)
{
    struct buf b = buf_in(a, size_of(m));
    struct json_out o = json_out(&b);
    struct str name = m->values[0].value;
    TRY(make_id(a, STR("vulnerability"), name, &out->id));
    put_head(&o, STR("vulnerability"), out->id);
    json_member_time(&o, STR("created"), m->now_us);
    json_member_time(&o, STR("modified"), m->now_us);
    json_member_string(&o, STR("name"), name);
    json_put_key(&o, STR("external_references"));
    json_begin_array(&o);
    json_begin_object(&o);
    json_member_string(&o, STR("source_name"), STR("cve"));
    json_member_string(&o, STR("external_id"), name);
    json_end_object(&o);
    json_end_array(&o);
    put_tail(&o, m->marking);
    return buf_end(&b, &out->bytes);
}

enum err make_observable(struct arena *a, const struct make *m, struct made *out)
{
    struct buf bare = buf_in(a, size_of(m)), b = buf_in(a, size_of(m));
    struct json_out o = json_out(&bare);
    struct str type = forms[m->values[0].type].type, text;
    struct json root;
    struct stix_id id;
    if (m->values[0].type == SEEN_CVE)
        return make_vulnerability(a, m, out);
    put_head(&o, type, STR(""));
    put_value(&o, m);
    json_end_object(&o);
    TRY(buf_end(&bare, &text));
    TRY(json_parse(a, text, &root, NULL));
    TRY(stix_observable_id(a, type, root, &id));
    out->id = id.text;
    o = json_out(&b);
    put_head(&o, type, id.text);
    put_value(&o, m);
    put_tail(&o, m->marking);
    return buf_end(&b, &out->bytes);
}

static enum err make_pattern(struct arena *a, const struct make *m, struct str *out)
{
    struct buf b = buf_in(a, size_of(m));
    buf_put_byte(&b, '[');
    for (size_t i = 0; i < m->n; i++) {
        buf_put(&b, i ? STR(" OR ") : STR(""));
        buf_put(&b, forms[m->values[i].type].path);
        buf_put(&b, STR(" = '"));
        for (size_t j = 0; j < m->values[i].value.len; j++) {
            char c = m->values[i].value.ptr[j];
            if (c == '\'' || c == '\\')
                buf_put_byte(&b, '\\');
            buf_put_byte(&b, c);
        }
        buf_put_byte(&b, '\'');
    }
    buf_put_byte(&b, ']');
    return buf_end(&b, out);
}

static void put_indicator(struct json_out *o, const struct make *m, struct str pattern)
{
    int64_t from_us = m->first_us ? m->first_us : m->now_us;
    json_member_string(o, STR("name"), m->values[0].value);
    if (m->text.len)
        json_member_string(o, STR("description"), m->text);
    json_member_string(o, STR("pattern"), pattern);
    json_member_string(o, STR("pattern_type"), STR("stix"));
    json_member_time(o, STR("valid_from"), from_us);
    if (m->n_labels)
        json_member_strings(o, STR("labels"), m->labels, m->n_labels);
}

// Everything that the row says is in the id: a row that says something else is another one.
static enum err indicator_id(
    struct arena *a, const struct make *m, struct str pattern, struct str *out)
{
    struct buf b = buf_in(a, size_of(m));
    struct json_out o = json_out(&b);
    struct make timeless = *m;
    struct str text;
    timeless.now_us = 0;
    json_begin_object(&o);
    put_indicator(&o, &timeless, pattern);
    put_tail(&o, m->marking);
    TRY(buf_end(&b, &text));
    return make_id(a, STR("indicator"), text, out);
}

enum err make_indicator(struct arena *a, const struct make *m, struct made *out)
{
    struct buf b = buf_in(a, size_of(m));
    struct json_out o = json_out(&b);
    struct str pattern;
    TRY(make_pattern(a, m, &pattern));
    TRY(indicator_id(a, m, pattern, &out->id));
    put_head(&o, STR("indicator"), out->id);
    json_member_time(&o, STR("created"), m->now_us);
    json_member_time(&o, STR("modified"), m->now_us);
    put_indicator(&o, m, pattern);
    put_tail(&o, m->marking);
    return buf_end(&b, &out->bytes);
}

enum err make_grouping(struct arena *a, const struct make *m, struct str key, struct made *out)
{
    struct buf b = buf_in(a, size_of(m));
    struct json_out o = json_out(&b);
    TRY(make_id(a, STR("grouping"), key, &out->id));
    put_head(&o, STR("grouping"), out->id);
    json_member_time(&o, STR("created"), m->now_us);
    json_member_time(&o, STR("modified"), m->now_us);
    json_member_string(&o, STR("name"), m->name);
    json_member_string(&o, STR("context"), STR("unspecified"));
    json_member_strings(&o, STR("object_refs"), m->refs, m->n_refs);
    put_tail(&o, m->marking);
    return buf_end(&b, &out->bytes);
}
