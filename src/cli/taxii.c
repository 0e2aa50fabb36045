// SPDX-License-Identifier: Apache-2.0
// TAXII as it is configured: roots, collections, who has a share in which, and accounts.
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/feed.h"
#include "cli/node_client.h"
#include "cli/output.h"
#include "http/target.h"

#define ROOTS       "/api/v1/taxii/roots"
#define COLLECTIONS "/api/v1/taxii/collections"
#define ACCOUNTS    "/api/v1/taxii/accounts"

static void say_root(struct cli *cli, struct json v)
{
    SAY(cli, MSG_TAXII_ROOT, .args = {node_text(cli, v, "name"), node_text(cli, v, "title")});
}

static enum exit_code root_add(struct cli *cli, struct str name)
{
    struct json v;
    const struct node_parameter parameters[] = {{"name", name},
        {"title", cli_option_or(cli, "title", "")},
        {"description", cli_option_or(cli, "description", "")},
        {"max_content_length", cli_option_or(cli, "max-bytes", "")}, {0}};
    enum exit_code code = node_post(cli, ROOTS, parameters, STR(""), &v);
    if (code == EXIT_DONE && !cli->json)
        say_root(cli, v);
    return code;
}

static enum exit_code root_list(struct cli *cli)
{
    struct json v;
    enum exit_code code = node_get(cli, ROOTS, NULL, &v);
    if (code != EXIT_DONE || cli->json)
        return code;
    for (struct json_iter it = node_items(v, "roots"); json_next(&it);)
        say_root(cli, it.value);
    return EXIT_DONE;
}

static void say_collection(struct cli *cli, struct json v)
{
    SAY(cli, MSG_TAXII_COLLECTION,
        .args = {node_text(cli, v, "id"), node_text(cli, v, "root"), node_text(cli, v, "kind"),
            node_text(cli, v, "title")});
}

static enum exit_code collection_add(struct cli *cli, struct str root)
{
    struct json v;
    const struct node_parameter parameters[] = {{"root", root},
        {"kind", cli_option_or(cli, "kind", "view")},
        {"alias", cli_option_or(cli, "alias", "")}, {"title", cli_option_or(cli, "title", "")},
        {"description", cli_option_or(cli, "description", "")},
        {"page_limit", cli_option_or(cli, "page", "")},
        {"types", cli_option_or(cli, "types", "")},
        {"source", cli_option_or(cli, "source", "")},
        {"max_tlp", cli_option_or(cli, "max-tlp", "")},
        {"handling", cli_option_or(cli, "handling", "")}, {0}};
    enum exit_code code = node_post(cli, COLLECTIONS, parameters, STR(""), &v);
    if (code == EXIT_DONE && !cli->json)
        say_collection(cli, v);
    return code;
}

static enum exit_code collection_list(struct cli *cli)
{
    struct json v, c;
    enum exit_code code = node_get(cli, COLLECTIONS, NULL, &v);
    if (code != EXIT_DONE || cli->json)
        return code;
    for (struct json_iter it = node_items(v, "collections"); json_next(&it);) {
        if (json_get(it.value, STR("collection"), &c))
            say_collection(cli, c);
        for (struct json_iter share = node_items(it.value, "shares"); json_next(&share);)
            SAY(cli, MSG_TAXII_SHARE,
                .args = {node_text(cli, share.value, "to"),
                    cli_number(cli, node_number(share.value, "objects")),
                    cli_number(cli, node_number(share.value, "waiting"))});
    }
    return EXIT_DONE;
}

// ".../{id}/shares", with an id that may be anything.
static enum exit_code shares_path(struct cli *cli, struct str id, const char **out)
{
    struct str escaped;
    struct buf b = buf_in(&cli->arena, 8 * KIB);
    if (http_target_escape(&cli->arena, id, &escaped) != ERR_OK)
        return FAIL(cli, EXIT_BAD_INPUT, MSG_BAD_ARGUMENT, .args = {id});
    buf_put(&b, STR(COLLECTIONS "/"));
    buf_put(&b, escaped);
    buf_put(&b, STR("/shares"));
    return str_to_cstr(&cli->arena, buf_str(&b), out) == ERR_OK ? EXIT_DONE : EXIT_SYSTEM;
}

static enum exit_code share(struct cli *cli, struct str id)
{
    struct json v;
    const char *path;
    const struct node_parameter parameters[] = {
        {"to", cli_option_or(cli, "to", "")}, {"may", cli_option_or(cli, "may", "")}, {0}};
    enum exit_code code = shares_path(cli, id, &path);
    if (code == EXIT_DONE)
        code = node_post(cli, path, parameters, STR(""), &v);
    if (code == EXIT_DONE && !cli->json)
        SAY(cli, MSG_TAXII_SHARED,
            .args = {node_text(cli, v, "collection"), node_text(cli, v, "to")});
    return code;
}

// The name of a recipient without the party before it: a path has no room for a slash.
static struct str short_name(struct str recipient)
{
    size_t slash = str_index(recipient, '/');
    return slash < recipient.len ? str_from(recipient, slash + 1) : recipient;
}

static enum exit_code unshare(struct cli *cli, struct str id)
{
    const char *path;
    struct buf b = buf_in(&cli->arena, 8 * KIB);
    enum exit_code code = shares_path(cli, id, &path);
    if (code != EXIT_DONE)
        return code;
    buf_put(&b, str_of(path));
    buf_put_byte(&b, '/');
    if (str_to_cstr(&cli->arena, buf_str(&b), &path) != ERR_OK)
        return EXIT_SYSTEM;
    return node_delete(
        cli, path, short_name(cli_option_or(cli, "to", "")), NULL, MSG_TAXII_REMOVED);
}

static enum exit_code account_add(struct cli *cli, struct str name)
{
    struct json v;
    struct str pem = {"", 0};
    const char *certificate = cli_option(cli, "certificate");
    const struct node_parameter parameters[] = {
        {"name", name}, {"recipient", cli_option_or(cli, "recipient", "")}, {0}};
    enum exit_code code = EXIT_DONE;
    if (certificate)
        code = cli_read_file(cli, certificate, 64 * KIB, &pem);
    if (code == EXIT_DONE)
        code = node_post(cli, ACCOUNTS, parameters, pem, &v);
    if (code != EXIT_DONE || cli->json)
        return code;
    struct str who = node_text(cli, v, "name"), whose = node_text(cli, v, "recipient");
    if (certificate)
        SAY(cli, MSG_TAXII_ACCOUNT_CERTIFICATE, .args = {who, whose});
    else
        SAY(cli, MSG_TAXII_ACCOUNT, .args = {who, whose, node_text(cli, v, "password")});
    return EXIT_DONE;
}

static bool is_set(struct json v, const char *key)
{
    struct json flag;
    return json_get(v, str_of(key), &flag) && json_is(flag, JSON_TRUE);
}

static enum exit_code account_list(struct cli *cli)
{
    struct json v;
    enum exit_code code = node_get(cli, ACCOUNTS, NULL, &v);
    if (code != EXIT_DONE || cli->json)
        return code;
    for (struct json_iter it = node_items(v, "accounts"); json_next(&it);) {
        bool in_force = is_set(it.value, "in_force"),
             by_certificate = is_set(it.value, "has_certificate");
        struct str name = node_text(cli, it.value, "name"),
                   whose = node_text(cli, it.value, "recipient");
        if (!in_force)
            SAY(cli, MSG_TAXII_ACCOUNT_GONE, .args = {name, whose});
        else if (by_certificate)
            SAY(cli, MSG_TAXII_ACCOUNT_CERTIFICATE, .args = {name, whose});
        else
            SAY(cli, MSG_TAXII_ACCOUNT_NAMED, .args = {name, whose});
    }
    return EXIT_DONE;
}

static enum exit_code no_such_verb(struct cli *cli)
{
    return FAIL(cli, EXIT_USAGE, MSG_NO_SUCH_VERB,
        .args = {str_of(cli->args[1]), str_of(cli->command->synopsis)});
}

static enum exit_code on_root(struct cli *cli, struct str verb, bool has_name)
{
    if (str_eq(verb, STR("list")) && !has_name)
        return root_list(cli);
    if (str_eq(verb, STR("add")) && has_name)
        return root_add(cli, str_of(cli->args[2]));
    if (str_eq(verb, STR("remove")) && has_name)
        return node_delete(cli, ROOTS "/", str_of(cli->args[2]), NULL, MSG_TAXII_REMOVED);
    return no_such_verb(cli);
}

static enum exit_code on_collection(struct cli *cli, struct str verb, bool has_name)
{
    if (str_eq(verb, STR("list")) && !has_name)
        return collection_list(cli);
    if (!has_name)
        return no_such_verb(cli);
    struct str name = str_of(cli->args[2]);
    if (str_eq(verb, STR("add")))
        return collection_add(cli, name);
    if (str_eq(verb, STR("remove")))
        return node_delete(cli, COLLECTIONS "/", name, NULL, MSG_TAXII_REMOVED);
    if (str_eq(verb, STR("share")))
        return share(cli, name);
    return str_eq(verb, STR("unshare")) ? unshare(cli, name) : no_such_verb(cli);
}

enum exit_code cli_taxii(struct cli *cli)
{
    struct str what = str_of(cli->args[0]), verb = str_of(cli->args[1]);
    if (str_eq(what, STR("pull")))
        return cli_taxii_pull(cli);
    if (str_eq(what, STR("push")))
        return cli_taxii_push(cli);
    bool has_name = cli->args_n == 3;
    if (str_eq(what, STR("root")))
        return on_root(cli, verb, has_name);
    if (str_eq(what, STR("collection")))
        return on_collection(cli, verb, has_name);
    if (!str_eq(what, STR("account")))
        return FAIL(
            cli, EXIT_USAGE, MSG_NO_SUCH_VERB, .args = {what, str_of(cli->command->synopsis)});
    if (str_eq(verb, STR("list")) && !has_name)
        return account_list(cli);
    if (str_eq(verb, STR("add")) && has_name)
        return account_add(cli, str_of(cli->args[2]));
    if (str_eq(verb, STR("remove")) && has_name)
        return node_delete(
            cli, "/api/v1/tokens/", str_of(cli->args[2]), NULL, MSG_TAXII_REMOVED);
    return no_such_verb(cli);
}
