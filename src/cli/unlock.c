// SPDX-License-Identifier: Apache-2.0
#include "cli/unlock.h"

#include "base/limits.h"
#include "cli/node_conf.h"
#include "sys/file.h"
#include "sys/process.h"
#include "sys/random.h"

static enum err key_path(struct arena *a, const char *dir, const char *file, const char **out)
{
    const char *keys;
    TRY(path_join(a, dir, "keys", &keys));
    return path_join(a, keys, file, out);
}

// Reads a file through memory that is wiped into memory that is locked.
static enum err read_secret(const char *path, size_t bytes_max, struct secret *out)
{
    struct arena scratch;
    struct str text;
    struct secret copy;
    arena_init(&scratch, 4 * SEAL_BYTES_MAX);
    char *first = NEW(&scratch, char); // keeps the block, so that the rewind wipes it
    struct arena_mark mark = arena_mark(&scratch);
    enum err e = first ? file_read(&scratch, path, bytes_max, &text) : ERR_LIMIT;
    if (e == ERR_OK)
        e = text.len ? secret_init(&copy, text.len) : ERR_INVALID;
    if (e == ERR_OK) {
        memcpy(copy.bytes, text.ptr, text.len);
        *out = copy;
    }
    arena_rewind(&scratch, mark);
    arena_release(&scratch);
    return e;
}

static enum err find_path(struct arena *a, const struct node_conf *conf, const char **out)
{
    const char *credentials = process_env("CREDENTIALS_DIRECTORY");
    if (credentials) {
        TRY(path_join(a, credentials, "bongsu-unlock", out));
        if (file_exists(*out))
            return ERR_OK;
    }
    *out = process_env("BONGSU_UNLOCK_FILE");
    if (*out)
        return ERR_OK;
    return conf->unlock_file.len ? str_to_cstr(a, conf->unlock_file, out) : ERR_NOT_FOUND;
}

enum err unlock_find(
    struct arena *a, const struct node_conf *conf, struct secret *out, struct str *from)
{
    const char *path;
    *from = STR("$CREDENTIALS_DIRECTORY/bongsu-unlock, BONGSU_UNLOCK_FILE, unlock-file of "
                "node.conf");
    TRY(find_path(a, conf, &path));
    *from = str_of(path);
    TRY(read_secret(path, SEAL_SECRET_MAX, out));
    // A newline at the end is the editor's, not the secret's.
    while (out->len > 1 && out->bytes[out->len - 1] == '\n')
        out->len--;
    return ERR_OK;
}

enum err unlock_read(struct arena *a, const char *dir, struct secret *out, struct str *from)
{
    struct node_conf conf = {0};
    const char *path, *why;
    struct str text;
    size_t line;
    TRY(path_join(a, dir, "node.conf", &path));
    *from = str_of(path);
    TRY(file_read(a, path, 64 * KIB, &text));
    TRY(node_conf_parse(text, &conf, &line, &why));
    return unlock_find(a, &conf, out, from);
}

static enum err open_sealed(
    struct arena *a, const char *dir, const struct secret *sealed, struct secret *out)
{
    struct secret unlock;
    struct str from;
    enum err e = unlock_read(a, dir, &unlock, &from);
    if (e != ERR_OK)
        return e == ERR_LIMIT ? e : ERR_DENIED;
    e = seal_open(a, secret_str(sealed), &unlock, out);
    secret_release(&unlock);
    return e;
}

enum err key_path_read(struct arena *a, const char *dir, const char *path, struct secret *out)
{
    struct secret text;
    TRY(read_secret(path, SEAL_BYTES_MAX, &text));
    if (!seal_is_sealed(secret_str(&text))) {
        *out = text;
        return ERR_OK;
    }
    enum err e = dir ? open_sealed(a, dir, &text, out) : ERR_DENIED;
    secret_release(&text);
    return e;
}

enum err key_file_read(struct arena *a, const char *dir, const char *file, struct secret *out)
{
    const char *path;
    TRY(key_path(a, dir, file, &path));
    return key_path_read(a, dir, path, out);
}

enum err key_file_write(struct arena *a, const char *dir, const char *file, struct str text,
    const struct secret *unlock)
{
    const char *path;
    struct seal_chance chance;
    struct buf b = buf_in(a, SEAL_BYTES_MAX);
    TRY(key_path(a, dir, file, &path));
    if (!unlock)
        return file_write(path, text, 0600);
    random_fill(&chance, sizeof chance);
    TRY(seal_put(&b, text, unlock, &chance));
    return file_write(path, buf_str(&b), 0600);
}

bool keys_are_sealed(struct arena *a, const char *dir)
{
    const char *path;
    struct secret text;
    if (key_path(a, dir, "cosign.key", &path) != ERR_OK ||
        read_secret(path, SEAL_BYTES_MAX, &text) != ERR_OK)
        return false;
    bool is_sealed = seal_is_sealed(secret_str(&text));
    secret_release(&text);
    return is_sealed;
}
