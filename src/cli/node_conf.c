// SPDX-License-Identifier: Apache-2.0
#include "cli/node_conf.h"

bool node_conf_is_party(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
            return false;
    }
    return s.len >= 2 && s.len <= 16;
}

bool node_conf_is_name(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] <= ' ' || s.ptr[i] > '~' || s.ptr[i] == '+')
            return false;
    return s.len >= 1 && s.len <= 100;
}

bool node_conf_is_country(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < 'A' || s.ptr[i] > 'Z')
            return false;
    return s.len == 3;
}

static bool is_tlp(struct str s)
{
    static const struct str levels[] = {STR_INIT("clear"), STR_INIT("green"), STR_INIT("amber"),
        STR_INIT("amber+strict"), STR_INIT("red")};
    for (size_t i = 0; i < LEN(levels); i++)
        if (str_eq(s, levels[i]))
            return true;
    return false;
}

static bool is_any(struct str s)
{
    return s.len > 0;
}

// One row per key: name, place in the struct, check, and what the error says.
static const struct {
    struct str key;
    size_t offset;
    bool (*is_valid)(struct str);
    const char *why;
    enum message_id help;
} keys[] = {
    {STR_INIT("party"), offsetof(struct node_conf, party), node_conf_is_party,
        "party is 2 to 16 of a-z 0-9 and hyphen", MSG_HELP_PARTY},
    {STR_INIT("node"), offsetof(struct node_conf, node), node_conf_is_name,
        "node is a name of printable ASCII without blanks and +", MSG_HELP_NODE_NAME},
    {STR_INIT("realm"), offsetof(struct node_conf, realm), node_conf_is_party,
        "realm is 2 to 16 of a-z 0-9 and hyphen", MSG_HELP_REALM},
    {STR_INIT("country"), offsetof(struct node_conf, country), node_conf_is_country,
        "country is three capital letters of ISO 3166-1, such as GBR", MSG_HELP_COUNTRY},
    {STR_INIT("listen"), offsetof(struct node_conf, listen), is_any, "listen is ADDRESS:PORT",
        MSG_HELP_LISTEN},
    {STR_INIT("handling"), offsetof(struct node_conf, handling), is_tlp,
        "handling is clear, green, amber, amber+strict or red", MSG_HELP_HANDLING},
    {STR_INIT("unlock-file"), offsetof(struct node_conf, unlock_file), is_any,
        "unlock-file is a path", MSG_HELP_UNLOCK_FILE},
};

bool node_conf_key(size_t i, struct str *key, enum message_id *help)
{
    if (i >= LEN(keys))
        return false;
    *key = keys[i].key;
    *help = keys[i].help;
    return true;
}

static struct str *field(struct node_conf *conf, size_t row)
{
    return (struct str *)(void *)((char *)conf + keys[row].offset);
}

static enum err line_parse(struct str text, struct node_conf *conf, const char **why)
{
    struct str value = str_to(text, str_index(text, '#'));
    if (str_trim(value).len == 0)
        return ERR_OK;
    struct str key = str_trim(str_cut(&value, '='));
    value = str_trim(value);
    for (size_t row = 0; row < LEN(keys); row++) {
        if (!str_eq(key, keys[row].key))
            continue;
        *why = keys[row].why;
        if (!keys[row].is_valid(value))
            return ERR_INVALID;
        *field(conf, row) = value;
        return ERR_OK;
    }
    *why = "no such key; the keys are party, node, realm, country, listen, handling, "
           "unlock-file";
    return ERR_INVALID;
}

enum err node_conf_parse(struct str text, struct node_conf *out, size_t *line, const char **why)
{
    // The strictest level that still reaches a named partner: unmarked never means unlimited.
    struct node_conf conf = {
        .realm = STR("live"), .listen = STR("127.0.0.1:0"), .handling = STR("amber+strict")};
    for (*line = 1; text.len; ++*line)
        TRY(line_parse(str_cut(&text, '\n'), &conf, why));
    conf.is_complete = conf.party.len && conf.node.len && conf.country.len;
    *why = "party, node and country must be there";
    if (!conf.is_complete)
        return ERR_INVALID;
    *out = conf;
    return ERR_OK;
}

void node_conf_put(struct buf *b, const struct node_conf *conf)
{
    struct node_conf copy = *conf;
    for (size_t row = 0; row < LEN(keys); row++) {
        if (field(&copy, row)->len == 0)
            continue;
        buf_put(b, keys[row].key);
        buf_put(b, STR(" = "));
        buf_put(b, *field(&copy, row));
        buf_put_byte(b, '\n');
    }
}
