// SPDX-License-Identifier: Apache-2.0
#include "http/tls.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "base/time.h"
#include "sys/random.h"

#define NAME_BYTES_MAX 64 // ub-common-name of RFC 5280 appendix A.1
#define SERIAL_BYTES   16

struct making {
    gnutls_x509_privkey_t key;
    gnutls_x509_crt_t certificate;
};

static bool name_is_plain(struct str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (name.ptr[i] < 0x20 || name.ptr[i] > 0x7e)
            return false;
    return name.len > 0 && name.len <= NAME_BYTES_MAX;
}

// The extensions make it a leaf for both directions of mutual TLS, never an authority.
static bool certificate_fill(
    const struct making *m, struct str name, int64_t from_us, int64_t until_us)
{
    unsigned char serial[SERIAL_BYTES];
    random_fill(serial, sizeof serial);
    serial[0] = (unsigned char)((serial[0] & 0x3f) | 0x40); // positive, without leading zeros
    gnutls_x509_crt_t c = m->certificate;
    return gnutls_x509_crt_set_version(c, 3) == 0 &&
           gnutls_x509_crt_set_serial(c, serial, sizeof serial) == 0 &&
           gnutls_x509_crt_set_key(c, m->key) == 0 &&
           gnutls_x509_crt_set_activation_time(c, (time_t)(from_us / US_PER_S)) == 0 &&
           gnutls_x509_crt_set_expiration_time(c, (time_t)(until_us / US_PER_S)) == 0 &&
           gnutls_x509_crt_set_dn_by_oid(
               c, GNUTLS_OID_X520_COMMON_NAME, 0, name.ptr, (unsigned)name.len) == 0 &&
           gnutls_x509_crt_set_basic_constraints(c, 0, -1) == 0 &&
           gnutls_x509_crt_set_key_usage(c, GNUTLS_KEY_DIGITAL_SIGNATURE) == 0 &&
           gnutls_x509_crt_set_key_purpose_oid(c, GNUTLS_KP_TLS_WWW_SERVER, 0) == 0 &&
           gnutls_x509_crt_set_key_purpose_oid(c, GNUTLS_KP_TLS_WWW_CLIENT, 0) == 0 &&
           gnutls_x509_crt_sign2(c, c, m->key, GNUTLS_DIG_SHA256, 0) == 0;
}

static enum err identity_export(
    struct arena *a, const struct making *m, struct http_identity *out)
{
    gnutls_datum_t key = {0}, certificate = {0};
    struct http_identity made = {0};
    enum err e = ERR_IO;
    if (gnutls_x509_privkey_export2(m->key, GNUTLS_X509_FMT_PEM, &key) == 0 &&
        gnutls_x509_crt_export2(m->certificate, GNUTLS_X509_FMT_PEM, &certificate) == 0)
        e = str_copy(a, (struct str){(const char *)certificate.data, certificate.size},
            &made.certificate_pem);
    if (e == ERR_OK)
        e = str_copy(a, (struct str){(const char *)key.data, key.size}, &made.key_pem);
    if (key.data)
        explicit_bzero(key.data, key.size);
    gnutls_free(key.data);
    gnutls_free(certificate.data);
    if (e == ERR_OK)
        *out = made;
    return e;
}

enum err http_identity_make(struct arena *a, struct str name, int64_t from_us, int64_t until_us,
    struct http_identity *out)
{
    if (!name_is_plain(name) || from_us < 0 || until_us < from_us)
        return ERR_INVALID;
    struct making m = {0};
    enum err e = ERR_IO;
    if (gnutls_x509_privkey_init(&m.key) == 0 && gnutls_x509_crt_init(&m.certificate) == 0 &&
        gnutls_x509_privkey_generate(
            m.key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0) == 0 &&
        certificate_fill(&m, name, from_us, until_us))
        e = identity_export(a, &m, out);
    gnutls_x509_crt_deinit(m.certificate);
    gnutls_x509_privkey_deinit(m.key);
    return e;
}

static gnutls_datum_t datum_of(struct str s)
{
    return (gnutls_datum_t){(unsigned char *)(uintptr_t)s.ptr, (unsigned)s.len};
}

static bool identity_import(const struct http_identity *identity, struct making *m)
{
    gnutls_datum_t key = datum_of(identity->key_pem);
    gnutls_datum_t certificate = datum_of(identity->certificate_pem);
    return gnutls_x509_privkey_init(&m->key) == 0 &&
           gnutls_x509_crt_init(&m->certificate) == 0 &&
           gnutls_x509_privkey_import(m->key, &key, GNUTLS_X509_FMT_PEM) == 0 &&
           gnutls_x509_crt_import(m->certificate, &certificate, GNUTLS_X509_FMT_PEM) == 0;
}

static void making_free(struct making *m)
{
    gnutls_x509_crt_deinit(m->certificate);
    gnutls_x509_privkey_deinit(m->key);
}

static bool is_of_key(const struct making *m)
{
    unsigned char one[HTTP_PIN_BYTES], two[HTTP_PIN_BYTES];
    size_t n = sizeof one, k = sizeof two;
    return gnutls_x509_crt_get_key_id(m->certificate, GNUTLS_KEYID_USE_SHA256, one, &n) == 0 &&
           gnutls_x509_privkey_get_key_id(m->key, GNUTLS_KEYID_USE_SHA256, two, &k) == 0 &&
           memcmp(one, two, sizeof one) == 0;
}

bool http_identity_fits(const struct http_identity *identity)
{
    struct making m = {0};
    bool fits = identity_import(identity, &m) && is_of_key(&m);
    making_free(&m);
    return fits;
}

enum err http_identity_renew(struct arena *a, const struct http_identity *old, int64_t from_us,
    int64_t until_us, struct str *certificate_pem)
{
    struct making m = {0}, made = {0};
    struct http_identity both;
    char name[NAME_BYTES_MAX + 1];
    size_t n = sizeof name;
    enum err e = ERR_INVALID;
    if (from_us >= 0 && from_us <= until_us && identity_import(old, &m) && is_of_key(&m) &&
        gnutls_x509_crt_get_dn_by_oid(
            m.certificate, GNUTLS_OID_X520_COMMON_NAME, 0, 0, name, &n) == 0 &&
        gnutls_x509_crt_init(&made.certificate) == 0) {
        made.key = m.key;
        e = certificate_fill(&made, (struct str){name, n}, from_us, until_us)
                ? identity_export(a, &made, &both)
                : ERR_IO;
    }
    if (e == ERR_OK) {
        *certificate_pem = both.certificate_pem;
        http_identity_wipe(&both);
    }
    gnutls_x509_crt_deinit(made.certificate);
    making_free(&m);
    return e;
}

void http_identity_wipe(struct http_identity *identity)
{
    // The text is const for its readers only: it lives in an arena.
    if (identity->key_pem.len)
        explicit_bzero((void *)(uintptr_t)identity->key_pem.ptr, identity->key_pem.len);
    identity->key_pem = (struct str){"", 0};
}

static enum err certificate_facts(gnutls_x509_crt_t c, struct http_certificate *out)
{
    struct http_certificate facts;
    size_t n = sizeof facts.pin;
    time_t from = gnutls_x509_crt_get_activation_time(c);
    time_t until = gnutls_x509_crt_get_expiration_time(c);
    if (from == (time_t)-1 || until == (time_t)-1 ||
        gnutls_x509_crt_get_key_id(c, GNUTLS_KEYID_USE_SHA256, facts.pin, &n) != 0 ||
        n != sizeof facts.pin)
        return ERR_INVALID;
    facts.from_us = (int64_t)from * US_PER_S;
    facts.until_us = (int64_t)until * US_PER_S;
    *out = facts;
    return ERR_OK;
}

enum err http_certificate_read(struct str pem_or_der, struct http_certificate *out)
{
    if (pem_or_der.len == 0 || pem_or_der.len > UINT32_MAX)
        return ERR_INVALID;
    gnutls_datum_t data = {
        (unsigned char *)(uintptr_t)pem_or_der.ptr, (unsigned)pem_or_der.len};
    bool is_pem = str_find(pem_or_der, STR("-----BEGIN")) < pem_or_der.len;
    gnutls_x509_crt_t c = NULL;
    enum err e = ERR_INVALID;
    if (gnutls_x509_crt_init(&c) != 0)
        return ERR_IO;
    if (gnutls_x509_crt_import(c, &data, is_pem ? GNUTLS_X509_FMT_PEM : GNUTLS_X509_FMT_DER) ==
        0)
        e = certificate_facts(c, out);
    gnutls_x509_crt_deinit(c);
    return e;
}
