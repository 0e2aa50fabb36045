// SPDX-License-Identifier: Apache-2.0
// What the values of attributes are: the observables that they become, and the patterns.
#include "format/misp_priv.h"

#include "base/limits.h"
#include "format/seen_priv.h"
#include "stix/observable.h"
#include "stix/value.h"

#define NO_SEEN SEEN_TYPES

enum kind {
    IPV4,
    IPV6,
    DOMAIN,
    URL,
    EMAIL,
    MD5,
    SHA1,
    SHA256,
    SHA512,
    SHA3_256,
    SHA3_512,
    SSDEEP,
    TLSH,
    FILE_NAME,
    MAC,
    AS_NUMBER,
    REGKEY,
    MUTEX,
    CERT_MD5,
    CERT_SHA1,
    CERT_SHA256,
    PORT_SRC, // goes with the address in front of it
    PORT_DST,
    LEFT_OUT, // a second half that STIX's observable does not have
    KINDS
};

// Of an observable: its type, the property or the hash, the path in a pattern; what reads it.
static const struct {
    struct str type, property, path;
    enum seen_type seen;
} kinds[KINDS] = {
    [IPV4] = {STR_INIT("ipv4-addr"), STR_INIT("value"), STR_INIT("ipv4-addr:value"), SEEN_IPV4},
    [IPV6] = {STR_INIT("ipv6-addr"), STR_INIT("value"), STR_INIT("ipv6-addr:value"), SEEN_IPV6},
    [DOMAIN] = {STR_INIT("domain-name"), STR_INIT("value"), STR_INIT("domain-name:value"),
        SEEN_DOMAIN},
    [URL] = {STR_INIT("url"), STR_INIT("value"), STR_INIT("url:value"), SEEN_URL},
    [EMAIL] = {STR_INIT("email-addr"), STR_INIT("value"), STR_INIT("email-addr:value"),
        SEEN_EMAIL},
    [MD5] = {STR_INIT("file"), STR_INIT("MD5"), STR_INIT("file:hashes.MD5"), SEEN_MD5},
    [SHA1] = {STR_INIT("file"), STR_INIT("SHA-1"), STR_INIT("file:hashes.'SHA-1'"), SEEN_SHA1},
    [SHA256] = {STR_INIT("file"), STR_INIT("SHA-256"), STR_INIT("file:hashes.'SHA-256'"),
        SEEN_SHA256},
    [SHA512] = {STR_INIT("file"), STR_INIT("SHA-512"), STR_INIT("file:hashes.'SHA-512'"),
        SEEN_SHA512},
    [SHA3_256] = {STR_INIT("file"), STR_INIT("SHA3-256"), STR_INIT("file:hashes.'SHA3-256'"),
        SEEN_SHA256},
    [SHA3_512] = {STR_INIT("file"), STR_INIT("SHA3-512"), STR_INIT("file:hashes.'SHA3-512'"),
        SEEN_SHA512},
    [SSDEEP] = {STR_INIT("file"), STR_INIT("SSDEEP"), STR_INIT("file:hashes.SSDEEP"), NO_SEEN},
    [TLSH] = {STR_INIT("file"), STR_INIT("TLSH"), STR_INIT("file:hashes.TLSH"), NO_SEEN},
    [FILE_NAME] = {STR_INIT("file"), STR_INIT("name"), STR_INIT("file:name"), NO_SEEN},
    [MAC] = {STR_INIT("mac-addr"), STR_INIT("value"), STR_INIT("mac-addr:value"), NO_SEEN},
    [AS_NUMBER] = {STR_INIT("autonomous-system"), STR_INIT("number"),
        STR_INIT("autonomous-system:number"), NO_SEEN},
    [REGKEY] = {STR_INIT("windows-registry-key"), STR_INIT("key"),
        STR_INIT("windows-registry-key:key"), NO_SEEN},
    [MUTEX] = {STR_INIT("mutex"), STR_INIT("name"), STR_INIT("mutex:name"), NO_SEEN},
    [CERT_MD5] = {STR_INIT("x509-certificate"), STR_INIT("MD5"),
        STR_INIT("x509-certificate:hashes.MD5"), SEEN_MD5},
    [CERT_SHA1] = {STR_INIT("x509-certificate"), STR_INIT("SHA-1"),
        STR_INIT("x509-certificate:hashes.'SHA-1'"), SEEN_SHA1},
    [CERT_SHA256] = {STR_INIT("x509-certificate"), STR_INIT("SHA-256"),
        STR_INIT("x509-certificate:hashes.'SHA-256'"), SEEN_SHA256},
    [PORT_SRC] = {STR_INIT(""), STR_INIT(""), STR_INIT("network-traffic:src_port"), NO_SEEN},
    [PORT_DST] = {STR_INIT(""), STR_INIT(""), STR_INIT("network-traffic:dst_port"), NO_SEEN},
};

// Attribute types that are one value, or two with a bar between them.
static const struct {
    struct str type;
    enum kind first, second;
} forms[] = {
    {STR_INIT("ip-src"), IPV4, KINDS},
    {STR_INIT("ip-dst"), IPV4, KINDS},
    {STR_INIT("ip-src|port"), IPV4, PORT_SRC},
    {STR_INIT("ip-dst|port"), IPV4, PORT_DST},
    {STR_INIT("domain"), DOMAIN, KINDS},
    {STR_INIT("hostname"), DOMAIN, KINDS},
    {STR_INIT("hostname|port"), DOMAIN, PORT_DST},
    {STR_INIT("domain|ip"), DOMAIN, IPV4},
    {STR_INIT("url"), URL, KINDS},
    {STR_INIT("email"), EMAIL, KINDS},
    {STR_INIT("email-src"), EMAIL, KINDS},
    {STR_INIT("email-dst"), EMAIL, KINDS},
    {STR_INIT("md5"), MD5, KINDS},
    {STR_INIT("sha1"), SHA1, KINDS},
    {STR_INIT("sha256"), SHA256, KINDS},
    {STR_INIT("sha512"), SHA512, KINDS},
    {STR_INIT("sha3-256"), SHA3_256, KINDS},
    {STR_INIT("sha3-512"), SHA3_512, KINDS},
    {STR_INIT("ssdeep"), SSDEEP, KINDS},
    {STR_INIT("tlsh"), TLSH, KINDS},
    {STR_INIT("filename"), FILE_NAME, KINDS},
    {STR_INIT("filename|md5"), FILE_NAME, MD5},
    {STR_INIT("filename|sha1"), FILE_NAME, SHA1},
    {STR_INIT("filename|sha256"), FILE_NAME, SHA256},
    {STR_INIT("filename|sha512"), FILE_NAME, SHA512},
    {STR_INIT("filename|ssdeep"), FILE_NAME, SSDEEP},
    {STR_INIT("filename|tlsh"), FILE_NAME, TLSH},
    {STR_INIT("malware-sample"), FILE_NAME, MD5},
    {STR_INIT("mac-address"), MAC, KINDS},
    {STR_INIT("AS"), AS_NUMBER, KINDS},
    {STR_INIT("regkey"), REGKEY, KINDS},
    {STR_INIT("regkey|value"), REGKEY, LEFT_OUT},
    {STR_INIT("mutex"), MUTEX, KINDS},
    {STR_INIT("x509-fingerprint-md5"), CERT_MD5, KINDS},
    {STR_INIT("x509-fingerprint-sha1"), CERT_SHA1, KINDS},
    {STR_INIT("x509-fingerprint-sha256"), CERT_SHA256, KINDS},
};

static bool is_hash(int kind)
{
    return kind >= MD5 && kind <= TLSH;
}

static bool is_certificate(int kind)
{
    return kind >= CERT_MD5 && kind <= CERT_SHA256;
}

static bool is_port(int kind)
{
    return kind == PORT_SRC || kind == PORT_DST;
}

static enum err read_number(struct str text, uint64_t max, struct str *out)
{
    uint64_t n;
    if (str_starts(text, STR("AS")) || str_starts(text, STR("as")))
        text = str_from(text, 2);
    if (str_to_u64(text, &n) != ERR_OK || n > max)
        return ERR_NOT_FOUND;
    *out = text;
    return ERR_OK;
}

// Twelve hexadecimal digits in pairs, as STIX writes them: lower case, with colons.
static enum err read_mac(struct arena *a, struct str text, struct str *out)
{
    struct buf b = buf_in(a, 32);
    if (text.len != 17)
        return ERR_NOT_FOUND;
    for (size_t i = 0; i < text.len; i++) {
        char c = ascii_lower(text.ptr[i]);
        bool is_digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        if (i % 3 == 2 ? c != ':' && c != '-' : !is_digit)
            return ERR_NOT_FOUND;
        buf_put_byte(&b, i % 3 == 2 ? ':' : c);
    }
    return buf_end(&b, out);
}

static enum err read_part(
    struct misp *m, enum kind kind, struct str text, struct misp_part *out)
{
    struct seen seen;
    struct str plain;
    out->kind = (int)kind;
    out->value = text = str_trim(text);
    if (text.len == 0)
        return ERR_NOT_FOUND;
    if (is_port((int)kind))
        return read_number(text, 65535, &out->value);
    if (kind == AS_NUMBER)
        return read_number(text, UINT32_MAX, &out->value);
    if (kind == MAC)
        return read_mac(&m->scratch, text, &out->value);
    if (kinds[kind].seen == NO_SEEN)
        return ERR_OK;
    TRY(stix_value_refang(&m->scratch, text, &plain));
    TRY(seen_read_as(&m->scratch, plain, kinds[kind].seen, &seen));
    if (kind == IPV4 || kind == DOMAIN)
        out->kind = seen.type == SEEN_IPV6 ? IPV6 : seen.type == SEEN_IPV4 ? IPV4 : DOMAIN;
    if (kind == IPV4 && out->kind == DOMAIN)
        return ERR_NOT_FOUND;
    out->value = seen.value;
    return ERR_OK;
}

enum err misp_parts(struct misp *m, struct str type, struct str value,
    struct misp_part parts[static MISP_PARTS_MAX], size_t *n)
{
    *n = 0;
    for (size_t i = 0; i < LEN(forms); i++) {
        if (!str_eq(forms[i].type, type))
            continue;
        struct str rest = value, first = value;
        if (forms[i].second != KINDS) {
            first = str_cut(&rest, '|');
            TRY(rest.len ? ERR_OK : ERR_NOT_FOUND);
        }
        TRY(read_part(m, forms[i].first, first, &parts[0]));
        *n = 1;
        if (forms[i].second == KINDS || forms[i].second == LEFT_OUT)
            return ERR_OK;
        TRY(read_part(m, forms[i].second, rest, &parts[1]));
        *n = 2;
    }
    return ERR_OK;
}

// Observables -------------------------------------------------------------------------------

static void put_property(struct json_out *o, const struct misp_part *part)
{
    if (part->kind == AS_NUMBER) {
        json_put_key(o, kinds[AS_NUMBER].property);
        json_put_raw(o, part->value);
        return;
    }
    json_member_string(o, kinds[part->kind].property, part->value);
}

// The parts of one observable: one, or a file's hashes and its name.
static void put_properties(struct json_out *o, const struct misp_part *const *parts, size_t n)
{
    bool has_hash = false;
    for (size_t i = 0; i < n; i++)
        if (!is_hash(parts[i]->kind) && !is_certificate(parts[i]->kind))
            put_property(o, parts[i]);
        else
            has_hash = true;
    if (!has_hash)
        return;
    json_put_key(o, STR("hashes"));
    json_begin_object(o);
    for (size_t i = 0; i < n; i++)
        if (is_hash(parts[i]->kind) || is_certificate(parts[i]->kind))
            put_property(o, parts[i]);
    json_end_object(o);
}

static enum err name_observable(
    struct misp *m, const struct misp_part *const *parts, size_t n, struct str *id)
{
    struct buf b = buf_in(&m->scratch, STIX_OBJECT_BYTES_MAX);
    struct json_out o = json_out(&b);
    struct str text;
    struct json root;
    struct stix_id named;
    json_begin_object(&o);
    put_properties(&o, parts, n);
    json_end_object(&o);
    TRY(buf_end(&b, &text));
    TRY(json_parse(&m->scratch, text, &root, NULL));
    TRY(stix_observable_id(&m->scratch, kinds[parts[0]->kind].type, root, &named));
    *id = named.text;
    return ERR_OK;
}

static enum err add_observable(struct misp *m, const struct misp_part *const *parts, size_t n,
    struct misp_marking marking, struct str *id)
{
    TRY(name_observable(m, parts, n, id));
    struct misp_observable *known = table_find(&m->found, *id);
    if (known) {
        known->marking = misp_stricter(known->marking, marking);
        *id = known->id;
        return ERR_OK;
    }
    struct misp_observable *made = NEW(m->a, struct misp_observable);
    struct buf b = buf_in(&m->scratch, STIX_OBJECT_BYTES_MAX);
    struct json_out o = json_out(&b);
    TRY(made ? str_copy(m->a, *id, &made->id) : ERR_LIMIT);
    json_begin_object(&o);
    json_member_string(&o, STR("type"), kinds[parts[0]->kind].type);
    json_member_string(&o, STR("spec_version"), STR("2.1"));
    json_member_string(&o, STR("id"), made->id);
    put_properties(&o, parts, n);
    TRY(b.err);
    TRY(str_copy(m->a, buf_str(&b), &made->body)); // kept without the room that it grew in
    made->marking = marking;
    made->at = m->piece_at;
    *(m->last ? &m->last->next : &m->first) = made;
    m->last = made;
    *id = made->id;
    return table_add(m->a, &m->found, made->id, made);
}

// Whether a part can stand in a file that has the parts of `file` already.
static bool fits(const struct misp_part *const *file, size_t n, const struct misp_part *part)
{
    if (!is_hash(part->kind) && part->kind != FILE_NAME)
        return false;
    for (size_t i = 0; i < n; i++)
        if (file[i]->kind == part->kind ||
            (!is_hash(file[i]->kind) && file[i]->kind != FILE_NAME))
            return false;
    return true;
}

enum err misp_observe(struct misp *m, const struct misp_part *parts, size_t n,
    struct misp_marking marking, struct str *ids, size_t *n_ids)
{
    bool *used = NEW_N(&m->scratch, bool, n + 1);
    *n_ids = 0;
    if (!used)
        return ERR_LIMIT;
    for (size_t i = 0; i < n; i++) {
        const struct misp_part *one[KINDS];
        size_t n_one = 0;
        if (used[i] || is_port(parts[i].kind))
            continue;
        one[n_one++] = &parts[i];
        for (size_t k = i + 1; k < n; k++)
            if (!used[k] && fits(one, n_one, &parts[k])) {
                one[n_one++] = &parts[k];
                used[k] = true;
            }
        TRY(add_observable(m, one, n_one, marking, &ids[(*n_ids)++]));
    }
    return ERR_OK;
}

enum err misp_put_observables(struct misp *m)
{
    for (const struct misp_observable *it = m->first; it; it = it->next) {
        struct arena_mark mark = arena_mark(&m->scratch);
        struct buf b = buf_in(&m->scratch, STIX_OBJECT_BYTES_MAX);
        struct json_out o = json_out(&b);
        buf_put(&b, it->body);
        o.needs_comma = true;
        misp_put_markings(&o, it->marking);
        json_end_object(&o);
        struct format_object object = {
            .at = it->at, .is_once = true, .is_kept_home = it->marking.is_home};
        TRY(buf_end(&b, &object.bytes));
        TRY(m->sink->object(m->sink->ctx, &object));
        arena_rewind(&m->scratch, mark);
    }
    return ERR_OK;
}

// Patterns ----------------------------------------------------------------------------------

bool misp_is_sought(const struct misp_part *parts, size_t n, size_t i)
{
    bool has_hash = false;
    for (size_t k = 0; k < n; k++)
        has_hash |= is_hash(parts[k].kind);
    return !is_port(parts[i].kind) && !(parts[i].kind == FILE_NAME && has_hash);
}

static void put_comparison(struct buf *b, struct str path, const struct misp_part *part)
{
    bool is_number = part->kind == AS_NUMBER || is_port(part->kind);
    buf_put(b, path);
    buf_put(b, is_number ? STR(" = ") : STR(" = '"));
    for (size_t i = 0; i < part->value.len; i++) {
        char c = part->value.ptr[i];
        if (c == '\'' || c == '\\')
            buf_put_byte(b, '\\');
        buf_put_byte(b, c);
    }
    buf_put(b, is_number ? STR("") : STR("'"));
}

static void put_part(struct buf *b, const struct misp_part *part, const struct misp_part *port)
{
    if (!port) {
        put_comparison(b, kinds[part->kind].path, part);
        return;
    }
    buf_put_byte(b, '(');
    put_comparison(b,
        port->kind == PORT_SRC ? STR("network-traffic:src_ref.value")
                               : STR("network-traffic:dst_ref.value"),
        part);
    buf_put(b, STR(" AND "));
    put_comparison(b, kinds[port->kind].path, port);
    buf_put_byte(b, ')');
}

enum err misp_pattern(struct misp *m, const struct misp_part *parts, size_t n, struct str *out)
{
    struct buf b = buf_in(&m->scratch, STIX_PATTERN_BYTES_MAX);
    bool is_first = true;
    buf_put_byte(&b, '[');
    for (size_t i = 0; i < n; i++) {
        if (!misp_is_sought(parts, n, i))
            continue;
        buf_put(&b, is_first ? STR("") : STR(" OR "));
        is_first = false;
        put_part(&b, &parts[i], i + 1 < n && is_port(parts[i + 1].kind) ? &parts[i + 1] : NULL);
    }
    buf_put_byte(&b, ']');
    return buf_end(&b, out);
}
