// SPDX-License-Identifier: Apache-2.0
#include "node/identity.h"

#include "base/limits.h"
#include "cli/unlock.h"
#include "sys/file.h"

#include <stdio.h>

static enum err keys_path(struct arena *a, const char *dir, const char *file, const char **out)
{
    const char *keys;
    TRY(path_join(a, dir, "keys", &keys));
    return path_join(a, keys, file, out);
}

static bool is_there(struct arena *a, const char *dir, const char *file)
{
    const char *path;
    return keys_path(a, dir, file, &path) == ERR_OK && file_exists(path);
}

static enum err read_pair(struct arena *a, const char *dir, const char *certificate,
    const char *key, struct http_identity *out)
{
    const char *path;
    struct secret text;
    struct http_identity identity;
    TRY(keys_path(a, dir, certificate, &path));
    TRY(file_read(a, path, 64 * KIB, &identity.certificate_pem));
    TRY(key_file_read(a, dir, key, &text));
    enum err e = str_copy(a, secret_str(&text), &identity.key_pem);
    secret_release(&text);
    TRY(e);
    if (!http_identity_fits(&identity)) {
        http_identity_wipe(&identity);
        return ERR_INVALID;
    }
    *out = identity;
    return ERR_OK;
}

// The key changes its place first: a new certificate without a new key beside it is a change
// cut in the middle, never a pair that is being made.
static enum err finish_change(struct arena *a, const char *dir)
{
    const char *old, *new;
    if (!is_there(a, dir, "tls-new.crt") || is_there(a, dir, "tls-new.key"))
        return ERR_OK;
    TRY(keys_path(a, dir, "tls-new.crt", &old));
    TRY(keys_path(a, dir, "tls.crt", &new));
    return rename(old, new) == 0 ? ERR_OK : ERR_IO;
}

enum err identity_read(struct arena *a, const char *dir, struct http_identity *out)
{
    TRY(finish_change(a, dir));
    return read_pair(a, dir, "tls.crt", "tls.key", out);
}

enum err identity_read_next(struct arena *a, const char *dir, struct http_identity *out)
{
    *out = (struct http_identity){{"", 0}, {"", 0}};
    return is_there(a, dir, "tls-new.crt") && is_there(a, dir, "tls-new.key")
               ? read_pair(a, dir, "tls-new.crt", "tls-new.key", out)
               : ERR_OK;
}

enum exit_code identity_open(struct cli *cli, const char *dir, struct http_identity *out)
{
    struct secret unlock;
    struct str from = STR("");
    enum err e = identity_read(&cli->arena, dir, out);
    if (e == ERR_OK)
        return EXIT_DONE;
    if (e != ERR_DENIED)
        return FAIL(cli, exit_code_of(e == ERR_NOT_FOUND ? ERR_IO : e), MSG_SYSTEM_AT,
            .args = {STR("keys/tls.crt or keys/tls.key"), str_of(err_text(e))});
    if (unlock_read(&cli->arena, dir, &unlock, &from) == ERR_OK)
        secret_release(&unlock);
    return FAIL(cli, EXIT_REFUSED, MSG_NO_UNLOCK, .args = {from});
}
