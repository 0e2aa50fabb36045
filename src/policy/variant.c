// SPDX-License-Identifier: Apache-2.0
// Identifiers and marking definitions that are made here: functions of what they stand for.
#include "base/limits.h"
#include "base/time.h"
#include "hash/hash.h"
#include "policy/redact.h"
#include "json/write.h"

static enum err id_make(struct arena *a, struct str type,
    const unsigned char digest[static SHA256_BYTES], struct str *out)
{
    unsigned char uuid[UUID_BYTES];
    struct buf b = buf_in(a, STIX_TYPE_BYTES_MAX + 2 + UUID_TEXT_BYTES);
    memcpy(uuid, digest, sizeof uuid);
    uuid_stamp(uuid, 8);
    buf_put(&b, type);
    buf_put(&b, STR("--"));
    uuid_put(&b, uuid);
    return buf_end(&b, out);
}

enum err policy_variant_id(struct arena *a,
    const unsigned char key[static POLICY_RECIPIENT_KEY_BYTES], struct str id, struct str *out)
{
    struct stix_id parsed;
    unsigned char digest[SHA256_BYTES];
    TRY(stix_id_parse(id, &parsed));
    struct str secret = {(const char *)key, POLICY_RECIPIENT_KEY_BYTES};
    hash_hmac_sha256(secret, id, digest);
    return id_make(a, parsed.type, digest, out);
}

static void extension_put(struct json_out *o, const struct handling *h)
{
    json_begin_object(o);
    json_member_string(o, STR("extension_type"), STR("property-extension"));
    if (h->has_relto)
        json_member_strings(o, STR("permitted_nationalities"), h->relto, h->n_relto);
    if (h->is_noforn)
        json_member_strings(o, STR("formal_determination"), &STR("NF"), 1);
    if (h->is_orcon)
        json_member_bool(o, STR("orcon"), true);
    if (h->n_cav)
        json_member_strings(o, STR("caveats"), h->cav, h->n_cav);
    if (h->n_nat)
        json_member_strings(o, STR("national_marking"), h->nat, h->n_nat);
    if (h->has_embargo)
        json_member_time(o, STR("embargo_until"), h->embargo_us);
    if (h->has_expiry)
        json_member_time(o, STR("expires"), h->expiry_us);
    json_end_object(o);
}

enum err policy_marking_make(
    struct arena *a, const struct handling *h, struct str *id, struct str *bytes)
{
    const struct handling of_tlp = {.tlp = h->tlp};
    struct buf extension = buf_in(a, STIX_OBJECT_BYTES_MAX),
               b = buf_in(a, STIX_OBJECT_BYTES_MAX);
    struct json_out e = json_out(&extension), o = json_out(&b);
    unsigned char digest[SHA256_BYTES];
    struct str text;
    *id = *bytes = (struct str){"", 0};
    if (policy_handling_covers(&of_tlp, h))
        return ERR_OK;
    extension_put(&e, h);
    TRY(buf_end(&extension, &text));
    hash_sha256(text, digest);
    TRY(id_make(a, STR("marking-definition"), digest, id));
    json_begin_object(&o);
    json_member_string(&o, STR("type"), STR("marking-definition"));
    json_member_string(&o, STR("spec_version"), STR("2.1"));
    json_member_string(&o, STR("id"), *id);
    json_member_string(&o, STR("created"), STR("2026-11-23T00:00:00.000Z"));
    json_put_key(&o, STR("extensions"));
    json_begin_object(&o);
    json_member_raw(&o, STR(STIX_RELEASABILITY_EXTENSION), text);
    json_end_object(&o);
    json_end_object(&o);
    return buf_end(&b, bytes);
}
