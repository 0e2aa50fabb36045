// SPDX-License-Identifier: Apache-2.0
// The one normaliser of values, for store, policy and detection. A key is "<class>:<normal
// form>"; equal keys mean the same thing to look for. A normal form above
// STIX_VALUE_BYTES_MAX bytes, or one that begins with '#', is kept as '#' and its SHA-256.
#pragma once

#include "base/buf.h"

// Stored beside every key made here; a new number means that indexes must be rebuilt.
#define STIX_VALUE_VERSION   1
#define STIX_VALUE_BYTES_MAX 512

// class, its word in a key
#define STIX_CLASS_LIST(X) \
    X(IP, "ip")            \
    X(NET, "net")          \
    X(DOMAIN, "domain")    \
    X(URL, "url")          \
    X(EMAIL, "email")      \
    X(HASH, "hash")        \
    X(MAC, "mac")          \
    X(ASN, "asn")          \
    X(REGKEY, "regkey")    \
    X(PATH, "path")        \
    X(FILE, "file")        \
    X(TEXT, "text")

enum stix_class {
#define STIX_CLASS_ENUM(name, word) STIX_CLASS_##name,
    STIX_CLASS_LIST(STIX_CLASS_ENUM)
#undef STIX_CLASS_ENUM
        STIX_CLASSES
};

struct str stix_class_word(enum stix_class c);

// ERR_INVALID when the text is not a value of the class. IPv6 that maps IPv4
// (::ffff:a.b.c.d) becomes the IPv4; an address with the full prefix length becomes an IP.
enum err stix_value_key(
    struct arena *a, enum stix_class c, struct str text, struct str *out) MUST_USE;

// The key of a property's or pattern's value: `type` and `path` ("hashes.SHA-256", list
// indexes left out) choose the class, text that its class refuses becomes class text.
// ERR_NOT_FOUND when such a path is not indexed.
enum err stix_value_key_at(struct arena *a, struct str type, struct str path, struct str text,
    struct str *out) MUST_USE;

// Takes the defanging off a text that an analyst pasted: hxxp, [.], (.), {.}, [dot], [:], [at],
// [@], [://], and surrounding blanks.
enum err stix_value_refang(struct arena *a, struct str text, struct str *out) MUST_USE;

// The keys under which a text may be indexed, most specific class first; the text may be
// defanged. ERR_INVALID for text that is empty or not UTF-8.
#define STIX_CANDIDATES_MAX (STIX_CLASSES + 1)
enum err stix_value_candidates(struct arena *a, struct str text,
    struct str keys[static STIX_CANDIDATES_MAX], size_t *n) MUST_USE;

// A network, or an address, whose prefix is all of its bits. Bits behind the prefix are 0.
struct stix_net {
    unsigned char bytes[16];
    unsigned n;      // of the bytes: 4 or 16
    unsigned prefix; // in bits
};
// IPv6 that maps IPv4 becomes the IPv4. ERR_INVALID.
enum err stix_net_parse(struct str text, struct stix_net *out) MUST_USE;
void stix_net_put(struct buf *b, const struct stix_net *net); // the normal form

// Unicode normal form C. ERR_INVALID for text that is not UTF-8.
enum err stix_text_nfc(struct arena *a, struct str text, struct str *out) MUST_USE;
