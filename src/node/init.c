// SPDX-License-Identifier: Apache-2.0
// Making a node: its folder, its keys, its certificate, its empty store.
#include "base/limits.h"
#include "base/time.h"
#include "cli/node_conf.h"
#include "cli/node_keys.h"
#include "http/tls.h"
#include "node/node.h"
#include "store/store.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "json/write.h"

static enum err put_name(
    struct arena *a, const struct node_conf *conf, const char *role, struct str *out)
{
    struct buf b = buf_in(a, 200);
    buf_put(&b, conf->node);
    buf_put_byte(&b, '/');
    if (!str_eq(str_of(role), STR("root"))) {
        buf_put(&b, conf->realm);
        buf_put_byte(&b, '/');
    }
    buf_put(&b, str_of(role));
    return buf_end(&b, out);
}

static enum err make_keys(
    struct arena *a, const char *dir, const struct node_conf *conf, const struct secret *unlock)
{
    static const struct {
        const char *role, *file;
    } keys[] = {{"root", "root.key"}, {"cosign", "cosign.key"}, {"refusal", "refusal.key"}};
    for (size_t i = 0; i < LEN(keys); i++) {
        struct str name;
        TRY(put_name(a, conf, keys[i].role, &name));
        const struct node_key_kind kind = {str_of(keys[i].role), name};
        TRY(node_key_make(a, dir, keys[i].file, &kind, unlock));
    }
    return ERR_OK;
}

static enum err make_certificate(
    struct arena *a, const char *dir, const struct node_conf *conf, const struct secret *unlock)
{
    struct http_identity identity;
    const char *keys, *certificate;
    int64_t now_us = clock_now_us();
    TRY(path_join(a, dir, "keys", &keys));
    TRY(path_join(a, keys, "tls.crt", &certificate));
    // A day back, so that a partner whose clock is a little behind accepts it at once.
    TRY(http_identity_make(a, conf->node, now_us - 86400 * US_PER_S,
        now_us + NODE_CERTIFICATE_DAYS * 86400 * US_PER_S, &identity));
    enum err e = key_file_write(a, dir, "tls.key", identity.key_pem, unlock);
    if (e == ERR_OK)
        e = file_write(certificate, identity.certificate_pem, 0644);
    http_identity_wipe(&identity);
    return e;
}

static enum err make_store(struct arena *a, const char *dir)
{
    struct store *store;
    const char *path;
    TRY(path_join(a, dir, "store.db", &path));
    const struct store_config config = {.path = path};
    TRY(store_open(&config, &store, NULL));
    store_close(store);
    return ERR_OK;
}

static enum err make_all(
    struct cli *cli, const char *dir, const struct node_conf *conf, const struct secret *unlock)
{
    const char *keys, *file;
    struct buf text = buf_in(&cli->arena, 64 * KIB);
    node_conf_put(&text, conf);
    TRY(text.err);
    TRY(dir_make(dir, 0700));
    TRY(path_join(&cli->arena, dir, "keys", &keys));
    TRY(dir_make(keys, 0700));
    TRY(make_keys(&cli->arena, dir, conf, unlock));
    TRY(make_certificate(&cli->arena, dir, conf, unlock));
    TRY(make_store(&cli->arena, dir));
    // Last, so that a folder with a node.conf is a whole node.
    TRY(path_join(&cli->arena, dir, "node.conf", &file));
    return file_write(file, buf_str(&text), 0644);
}

// The options as a configuration text, so that one parser says what is wrong.
static enum err conf_from_options(struct cli *cli, struct node_conf *conf, const char **why)
{
    static const char *const names[] = {
        "party", "node", "country", "realm", "listen", "handling", "unlock-file"};
    struct buf b = buf_in(&cli->arena, 64 * KIB);
    size_t line;
    for (size_t i = 0; i < LEN(names); i++) {
        const char *value = cli_option(cli, names[i]);
        *why = "an option holds a line end or a #";
        if (value && (str_index(str_of(value), '\n') < str_of(value).len ||
                         str_index(str_of(value), '#') < str_of(value).len))
            return ERR_INVALID;
        if (!value)
            continue;
        buf_put(&b, str_of(names[i]));
        buf_put(&b, STR(" = "));
        buf_put(&b, str_of(value));
        buf_put_byte(&b, '\n');
    }
    TRY(b.err);
    return node_conf_parse(buf_str(&b), conf, &line, why);
}

static void print_done(struct cli *cli, const struct node_conf *conf)
{
    struct str dir = str_of(cli->args[0]);
    struct buf b = buf_in(&cli->arena, 64 * KIB);
    struct json_out o = json_out(&b);
    if (!cli->json) {
        SAY(cli, MSG_INIT_DONE, .args = {dir, conf->party});
        return;
    }
    json_begin_object(&o);
    json_member_string(&o, STR("folder"), dir);
    json_member_string(&o, STR("party"), conf->party);
    json_member_string(&o, STR("node"), conf->node);
    json_end_object(&o);
    cli_print_line(buf_str(&b));
}

// With --encrypt-keys the secret is where serve will look for it, and it must be there now.
static enum exit_code read_unlock(
    struct cli *cli, const struct node_conf *conf, struct secret *out)
{
    struct str from;
    if (!cli_option(cli, "encrypt-keys"))
        return EXIT_DONE;
    enum err e = unlock_find(&cli->arena, conf, out, &from);
    return e == ERR_OK ? EXIT_DONE : FAIL(cli, EXIT_REFUSED, MSG_NO_UNLOCK, .args = {from});
}

enum exit_code node_init(struct cli *cli)
{
    struct node_conf conf;
    const char *why, *dir = cli->args[0];
    if (conf_from_options(cli, &conf, &why) != ERR_OK)
        return FAIL(cli, EXIT_USAGE, MSG_PLAIN, .args = {str_of(why)});
    if (sign_init() != ERR_OK)
        return EXIT_SYSTEM;
    struct secret unlock = {0};
    enum exit_code code = read_unlock(cli, &conf, &unlock);
    if (code != EXIT_DONE)
        return code;
    enum err e = make_all(cli, dir, &conf, unlock.len ? &unlock : NULL);
    if (unlock.len)
        secret_release(&unlock);
    if (e == ERR_CONFLICT)
        return FAIL(cli, EXIT_REFUSED, MSG_DIR_EXISTS, .args = {str_of(dir)});
    if (e != ERR_OK)
        return FAIL(cli, EXIT_SYSTEM, MSG_CANNOT_WRITE, .args = {str_of(dir)});
    print_done(cli, &conf);
    return EXIT_DONE;
}
