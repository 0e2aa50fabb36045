// SPDX-License-Identifier: Apache-2.0
#include "cli/key_files.h"

#include "base/limits.h"
#include "base/time.h"
#include "cli/node_client.h"
#include "http/tls.h"
#include "ledger/names.h"
#include "sys/file.h"
#include "json/write.h"

#include <dirent.h>
#include <stdio.h>

static enum err keys_path(struct cli *cli, const char *file, const char **out)
{
    const char *keys;
    TRY(path_join(&cli->arena, cli->node_dir, "keys", &keys));
    return path_join(&cli->arena, keys, file, out);
}

// "cosign" and "-new" make "cosign-new.key".
static enum err file_name(struct cli *cli, struct str stem, struct str tail, const char **out)
{
    struct buf b = buf_in(&cli->arena, 255);
    buf_put(&b, stem);
    buf_put(&b, tail);
    buf_put(&b, STR(".key"));
    TRY(b.err);
    return str_to_cstr(&cli->arena, buf_str(&b), out);
}

static enum err log_stem(struct cli *cli, struct str partner, uint64_t epoch, struct str *out)
{
    struct buf b = buf_in(&cli->arena, 64);
    buf_put(&b, STR("log-"));
    buf_put(&b, partner);
    buf_put_byte(&b, '-');
    buf_put_u64(&b, epoch);
    return buf_end(&b, out);
}

// The highest epoch of which there is a key: the log that is there.
static enum err newest_epoch(struct cli *cli, struct str partner, uint64_t *out)
{
    for (uint64_t epoch = 1; epoch < 1000; epoch++) {
        struct str stem;
        const char *file, *path;
        TRY(log_stem(cli, partner, epoch, &stem));
        TRY(file_name(cli, stem, STR(""), &file));
        TRY(keys_path(cli, file, &path));
        if (!file_exists(path))
            break;
        *out = epoch;
    }
    return *out ? ERR_OK : ERR_NOT_FOUND;
}

static enum err make_signing(struct cli *cli, const struct node_conf *conf,
    const struct key_wanted *want, struct ledger_statement *out)
{
    struct str stem = ledger_role_name(want->role), name;
    struct keyfile key;
    const char *file;
    uint64_t epoch = want->epoch;
    struct buf b = buf_in(&cli->arena, 255);
    if (want->role == LEDGER_LOG_KEY) {
        if (!epoch)
            TRY(newest_epoch(cli, want->partner, &epoch));
        TRY(log_stem(cli, want->partner, epoch, &stem));
        TRY(node_key_origin(&cli->arena, conf->node, conf->realm, want->partner, epoch, &name));
    } else {
        buf_put(&b, conf->node);
        buf_put_byte(&b, '/');
        buf_put(&b, conf->realm);
        buf_put_byte(&b, '/');
        buf_put(&b, stem);
        TRY(buf_end(&b, &name));
    }
    // The first key of an epoch follows no other.
    TRY(file_name(cli, stem, want->epoch ? STR("") : STR("-new"), &file));
    const struct node_key_kind kind = {ledger_role_name(want->role), name};
    enum err e = cli_key_make(cli, file, &kind);
    if (e != ERR_OK && e != ERR_CONFLICT)
        return e;
    TRY(node_key_read(&cli->arena, cli->node_dir, file, &key));
    e = node_key_verifier(&cli->arena, &key, &out->key);
    out->has_key = true;
    sign_key_release(&key.key);
    return e;
}

static enum err read_pin(struct cli *cli, const char *path, struct ledger_hash *out)
{
    struct str pem;
    struct http_certificate certificate;
    TRY(file_read(&cli->arena, path, 64 * KIB, &pem));
    TRY(http_certificate_read(pem, &certificate));
    memcpy(out->bytes, certificate.pin, sizeof out->bytes);
    return ERR_OK;
}

static enum err write_identity(struct cli *cli, const struct http_identity *identity,
    const char *key_file, const char *certificate_path)
{
    struct secret unlock;
    TRY(cli_unlock(cli, &unlock));
    enum err e = key_file_write(
        &cli->arena, cli->node_dir, key_file, identity->key_pem, unlock.len ? &unlock : NULL);
    if (unlock.len)
        secret_release(&unlock);
    // The certificate last: a folder with it has the whole pair.
    return e == ERR_OK ? file_write(certificate_path, identity->certificate_pem, 0644) : e;
}

static enum err make_tls(
    struct cli *cli, const struct node_conf *conf, struct ledger_statement *out)
{
    const char *path;
    struct http_identity identity;
    TRY(keys_path(cli, "tls-new.crt", &path));
    out->has_spki = true;
    if (file_exists(path))
        return read_pin(cli, path, &out->spki);
    TRY(http_identity_make(&cli->arena, conf->node, out->from_us - 86400 * US_PER_S,
        out->not_after_us, &identity));
    enum err e = write_identity(cli, &identity, "tls-new.key", path);
    http_identity_wipe(&identity);
    return e == ERR_OK ? read_pin(cli, path, &out->spki) : e;
}

enum err key_files_make(struct cli *cli, const struct node_conf *conf,
    const struct key_wanted *want, struct ledger_statement *out)
{
    return want->role == LEDGER_TLS_KEY ? make_tls(cli, conf, out)
                                        : make_signing(cli, conf, want, out);
}

enum err key_files_open(struct cli *cli, const char *path, struct keyfile *out)
{
    struct secret text;
    TRY(key_path_read(&cli->arena, cli->node_dir, path, &text));
    return node_key_parse(&cli->arena, &text, out);
}

// The id of a key file's key; ERR_NOT_FOUND when there is no such file.
static enum err key_of(struct cli *cli, const char *file, struct ledger_key *out)
{
    struct keyfile key;
    TRY(node_key_read(&cli->arena, cli->node_dir, file, &key));
    enum err e = node_key_verifier(&cli->arena, &key, out);
    sign_key_release(&key.key);
    return e;
}

static enum err move(struct cli *cli, const char *from, const char *to)
{
    const char *old, *new;
    TRY(keys_path(cli, from, &old));
    TRY(keys_path(cli, to, &new));
    return rename(old, new) == 0 ? ERR_OK : ERR_IO;
}

static enum err settle(struct cli *cli, struct str stem, const struct ledger_key *key)
{
    const char *place, *next, *aside;
    struct ledger_key old, found;
    struct buf tail = buf_in(&cli->arena, 16);
    TRY(file_name(cli, stem, STR(""), &place));
    TRY(file_name(cli, stem, STR("-new"), &next));
    enum err e = key_of(cli, next, &found);
    if (e == ERR_NOT_FOUND || (e == ERR_OK && !ledger_key_eq(&found, key)))
        return ERR_OK; // it is in its place, or another is being made
    TRY(e);
    e = key_of(cli, place, &old);
    if (e == ERR_OK) {
        static const char digits[] = "0123456789abcdef";
        buf_put_byte(&tail, '-');
        for (int shift = 28; shift >= 0; shift -= 4)
            buf_put_byte(&tail, digits[old.id >> shift & 15]);
        TRY(file_name(cli, stem, buf_str(&tail), &aside));
        TRY(move(cli, place, aside));
    } else if (e != ERR_NOT_FOUND) {
        return e;
    }
    return move(cli, next, place);
}

enum err key_files_settle(struct cli *cli, const struct ledger_statement *s)
{
    struct str stem = ledger_role_name(s->role), partner;
    uint64_t epoch;
    if (s->role == LEDGER_LOG_KEY) {
        if (!ledger_log_name(s->key.name, s->node, s->realm, &partner, &epoch))
            return ERR_INVALID;
        TRY(log_stem(cli, partner, epoch, &stem));
    }
    return s->role == LEDGER_PARTY_KEY ? ERR_OK : settle(cli, stem, &s->key);
}

enum err key_files_renew(struct cli *cli, int64_t from_us, int64_t until_us)
{
    const char *path;
    struct secret key;
    struct http_identity old = {0};
    struct str made;
    TRY(keys_path(cli, "tls.crt", &path));
    TRY(file_read(&cli->arena, path, 64 * KIB, &old.certificate_pem));
    TRY(key_file_read(&cli->arena, cli->node_dir, "tls.key", &key));
    old.key_pem = secret_str(&key);
    enum err e =
        http_identity_renew(&cli->arena, &old, from_us - 86400 * US_PER_S, until_us, &made);
    secret_release(&key);
    return e == ERR_OK ? file_write(path, made, 0644) : e;
}

static bool is_there(struct cli *cli, const char *file)
{
    const char *path;
    return keys_path(cli, file, &path) == ERR_OK && file_exists(path);
}

bool key_files_wait(struct cli *cli)
{
    return is_there(cli, "tls-new.crt") && is_there(cli, "tls-new.key");
}

static enum err put_pair(struct cli *cli, bool waits, struct buf *b)
{
    const char *path;
    struct secret key;
    struct str pem;
    struct json_out o = json_out(b);
    TRY(keys_path(cli, waits ? "tls-new.crt" : "tls.crt", &path));
    TRY(file_read(&cli->arena, path, 64 * KIB, &pem));
    TRY(key_file_read(&cli->arena, cli->node_dir, waits ? "tls-new.key" : "tls.key", &key));
    json_begin_object(&o);
    json_member_string(&o, STR("certificate"), pem);
    json_member_string(&o, STR("key"), secret_str(&key));
    json_end_object(&o);
    secret_release(&key);
    return b->err;
}

enum exit_code key_files_offer(struct cli *cli, bool *waits)
{
    struct buf b = buf_in(&cli->arena, 128 * KIB);
    struct json v;
    *waits = key_files_wait(cli);
    enum err e = put_pair(cli, *waits, &b);
    if (e != ERR_OK)
        return FAIL(
            cli, exit_code_of(e), MSG_SYSTEM_AT, .args = {STR("keys/"), str_of(err_text(e))});
    return node_post(cli, "/api/v1/certificate", NULL, buf_str(&b), &v);
}

enum exit_code key_files_promote(struct cli *cli)
{
    struct json v;
    const char *path;
    struct ledger_hash waiting, shown;
    if (!key_files_wait(cli))
        return EXIT_DONE;
    enum exit_code code = node_get(cli, "/api/v1/keys", NULL, &v);
    if (code != EXIT_DONE)
        return code;
    enum err e = keys_path(cli, "tls-new.crt", &path);
    if (e == ERR_OK)
        e = read_pin(cli, path, &waiting);
    if (e == ERR_OK)
        e = ledger_hash_parse_hex(node_text(cli, v, "pin"), &shown);
    if (e == ERR_OK && !ledger_hash_eq(&waiting, &shown))
        return EXIT_DONE;
    // The key first; serve finishes a change that is cut here.
    if (e == ERR_OK)
        e = move(cli, "tls-new.key", "tls.key");
    if (e == ERR_OK)
        e = move(cli, "tls-new.crt", "tls.crt");
    return e == ERR_OK ? EXIT_DONE : EXIT_SYSTEM;
}

static enum err lock_one(
    struct cli *cli, const char *file, const struct secret *unlock, size_t *n)
{
    const char *path;
    struct secret plain;
    struct str text;
    TRY(keys_path(cli, file, &path));
    TRY(file_read(&cli->arena, path, SEAL_BYTES_MAX, &text));
    if (seal_is_sealed(text))
        return ERR_OK;
    TRY(key_file_read(&cli->arena, cli->node_dir, file, &plain));
    enum err e = key_file_write(&cli->arena, cli->node_dir, file, secret_str(&plain), unlock);
    secret_release(&plain);
    *n += e == ERR_OK;
    return e;
}

enum err key_files_lock(struct cli *cli, size_t *n, struct str *from)
{
    const char *path;
    struct secret unlock;
    TRY(path_join(&cli->arena, cli->node_dir, "keys", &path));
    TRY(unlock_read(&cli->arena, cli->node_dir, &unlock, from));
    DIR *folder = opendir(path);
    enum err e = folder ? ERR_OK : ERR_IO;
    for (struct dirent *entry; e == ERR_OK && (entry = readdir(folder));)
        if (str_ends(str_of(entry->d_name), STR(".key")))
            e = lock_one(cli, entry->d_name, &unlock, n);
    if (folder)
        closedir(folder);
    secret_release(&unlock);
    return e;
}
