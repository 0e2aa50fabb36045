// SPDX-License-Identifier: Apache-2.0
// What the columns of a table are, by the names that tools and people give them.
#include "format/csv_priv.h"

#define NAME_BYTES_MAX 40

static const struct {
    const char *name; // lower case, without blanks, dots, hyphens and underscores
    enum csv_role role;
} roles[] = {
    {"value", CSV_VALUE},
    {"indicator", CSV_VALUE},
    {"indicatorvalue", CSV_VALUE},
    {"ioc", CSV_VALUE},
    {"iocvalue", CSV_VALUE},
    {"observable", CSV_VALUE},
    {"지표", CSV_VALUE},
    {"값", CSV_VALUE},
    {"type", CSV_TYPE},
    {"entitytype", CSV_TYPE},
    {"indicatortype", CSV_TYPE},
    {"ioctype", CSV_TYPE},
    {"유형", CSV_TYPE},
    {"description", CSV_DESCRIPTION},
    {"comment", CSV_DESCRIPTION},
    {"notes", CSV_DESCRIPTION},
    {"note", CSV_DESCRIPTION},
    {"context", CSV_DESCRIPTION},
    {"metadesc", CSV_DESCRIPTION},
    {"설명", CSV_DESCRIPTION},
    {"비고", CSV_DESCRIPTION},
    {"firstseen", CSV_FIRST_SEEN},
    {"date", CSV_FIRST_SEEN},
    {"최초탐지", CSV_FIRST_SEEN},
    {"labels", CSV_LABELS},
    {"label", CSV_LABELS},
    {"tags", CSV_LABELS},
    {"tag", CSV_LABELS},
    {"tlp", CSV_TLP},
    {"releasableto", CSV_RELTO},
};

static const struct {
    const char *name;
    enum seen_type type;
} types[] = {
    {"domain", SEEN_DOMAIN},
    {"domainname", SEEN_DOMAIN},
    {"hostname", SEEN_DOMAIN},
    {"host", SEEN_DOMAIN},
    {"fqdn", SEEN_DOMAIN},
    {"intel::domain", SEEN_DOMAIN},
    {"도메인", SEEN_DOMAIN},
    {"ip", SEEN_IPV4},
    {"ipv4", SEEN_IPV4},
    {"ipv4addr", SEEN_IPV4},
    {"ipaddr", SEEN_IPV4},
    {"ipaddress", SEEN_IPV4},
    {"ipdst", SEEN_IPV4},
    {"ipsrc", SEEN_IPV4},
    {"address", SEEN_IPV4},
    {"cidr", SEEN_IPV4},
    {"ipv6", SEEN_IPV6},
    {"ipv6addr", SEEN_IPV6},
    {"intel::addr", SEEN_IPV4},
    {"intel::subnet", SEEN_IPV4},
    {"url", SEEN_URL},
    {"uri", SEEN_URL},
    {"intel::url", SEEN_URL},
    {"email", SEEN_EMAIL},
    {"emailaddr", SEEN_EMAIL},
    {"emailaddress", SEEN_EMAIL},
    {"emailsrc", SEEN_EMAIL},
    {"intel::email", SEEN_EMAIL},
    {"md5", SEEN_MD5},
    {"filehashmd5", SEEN_MD5},
    {"sha1", SEEN_SHA1},
    {"filehashsha1", SEEN_SHA1},
    {"sha256", SEEN_SHA256},
    {"filehashsha256", SEEN_SHA256},
    {"sha512", SEEN_SHA512},
    {"cve", SEEN_CVE},
    {"vulnerability", SEEN_CVE},
};

// The form that the tables above have; false for what is too long.
static bool fold(struct str name, char out[static NAME_BYTES_MAX], struct str *folded)
{
    size_t n = 0;
    for (size_t i = 0; i < name.len; i++) {
        if (str_index(STR(" .-_\"'\t\r"), name.ptr[i]) < 8)
            continue;
        if (n == NAME_BYTES_MAX)
            return false;
        out[n++] = ascii_lower(name.ptr[i]);
    }
    *folded = (struct str){out, n};
    return n > 0;
}

bool csv_type_parse(struct str word, enum seen_type *out)
{
    char text[NAME_BYTES_MAX];
    struct str name;
    if (!fold(word, text, &name))
        return false;
    for (size_t i = 0; i < LEN(types); i++)
        if (str_eq(name, str_of(types[i].name))) {
            *out = types[i].type;
            return true;
        }
    return false;
}

bool csv_type_is_other(struct str word)
{
    static const char *const parts[] = {
        "cert", "ja3", "jarm", "hassh", "imphash", "ssdeep", "tlsh", "authentihash", "x509"};
    char text[NAME_BYTES_MAX];
    struct str name;
    if (!fold(word, text, &name))
        return false;
    for (size_t i = 0; i < LEN(parts); i++)
        if (str_find(name, str_of(parts[i])) < name.len)
            return true;
    return false;
}

static enum csv_role role_of(struct str name, enum seen_type *type)
{
    char text[NAME_BYTES_MAX];
    struct str folded;
    if (!fold(name, text, &folded))
        return CSV_OTHER;
    for (size_t i = 0; i < LEN(roles); i++)
        if (str_eq(folded, str_of(roles[i].name)))
            return roles[i].role;
    return csv_type_parse(name, type) ? CSV_TYPED : CSV_OTHER;
}

static char separator_of(struct str line)
{
    size_t tab = str_index(line, '\t'), comma = str_index(line, ','),
           semicolon = str_index(line, ';');
    if (tab < line.len)
        return '\t';
    return comma == line.len && semicolon < line.len ? ';' : ',';
}

bool csv_header_read(struct str line, struct csv_columns *out)
{
    bool has_value = false;
    if (str_starts(line, STR("\xef\xbb\xbf")))
        line = str_from(line, 3);
    bool is_zeek = str_starts(line, STR("#fields\t"));
    line = is_zeek ? str_from(line, 8) : line;
    *out = (struct csv_columns){.separator = separator_of(line)};
    for (bool is_last = false; !is_last && out->n < CSV_COLUMNS_MAX;) {
        is_last = str_index(line, out->separator) == line.len;
        struct str name = str_trim(str_cut(&line, out->separator));
        enum csv_role role = role_of(name, &out->items[out->n].type);
        out->items[out->n].role = role;
        out->items[out->n++].name = name;
        if (!is_zeek && str_index(name, '.') < name.len)
            return false; // an address or a name: a row, not a header
        has_value = has_value || role == CSV_VALUE || role == CSV_TYPED;
    }
    return has_value && line.len == 0;
}
