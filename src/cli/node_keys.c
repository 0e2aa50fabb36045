// SPDX-License-Identifier: Apache-2.0
#include "cli/node_keys.h"

#include "sys/file.h"
#include "sys/random.h"

static enum err key_path(struct arena *a, const char *dir, const char *file, const char **out)
{
    const char *keys;
    TRY(path_join(a, dir, "keys", &keys));
    return path_join(a, keys, file, out);
}

enum err node_key_make(struct arena *a, const char *dir, const char *file,
    const struct node_key_kind *kind, const struct secret *unlock)
{
    const char *path;
    TRY(key_path(a, dir, file, &path));
    if (file_exists(path))
        return ERR_CONFLICT;
    struct secret seed, line;
    TRY(secret_init(&seed, SIGN_SEED_BYTES));
    random_fill(seed.bytes, seed.len);
    enum err e = keyfile_print(kind->role, kind->name, seed.bytes, &line);
    secret_release(&seed);
    if (e != ERR_OK)
        return e;
    e = key_file_write(a, dir, file, secret_str(&line), unlock);
    secret_release(&line);
    return e;
}

enum err node_key_parse(struct arena *a, struct secret *text, struct keyfile *out)
{
    struct keyfile key;
    enum err e = keyfile_parse(secret_str(text), &key, NULL);
    if (e == ERR_OK) {
        e = str_copy(a, key.role, &key.role);
        if (e == ERR_OK)
            e = str_copy(a, key.name, &key.name);
        if (e == ERR_OK)
            *out = key;
        else
            sign_key_release(&key.key);
    }
    secret_release(text);
    return e;
}

enum err node_key_read(struct arena *a, const char *dir, const char *file, struct keyfile *out)
{
    struct secret text;
    TRY(key_file_read(a, dir, file, &text));
    return node_key_parse(a, &text, out);
}

enum err node_key_log_file(struct arena *a, struct str party, uint64_t epoch, const char **out)
{
    struct buf b = buf_in(a, 64);
    buf_put(&b, STR("log-"));
    buf_put(&b, party);
    buf_put_byte(&b, '-');
    buf_put_u64(&b, epoch);
    buf_put(&b, STR(".key"));
    TRY(b.err);
    return str_to_cstr(a, buf_str(&b), out);
}

enum err node_key_verifier(struct arena *a, const struct keyfile *key, struct ledger_key *out)
{
    bool cosigns = str_eq(key->role, STR("cosign"));
    uint8_t type = cosigns ? LEDGER_TYPE_COSIGNATURE : LEDGER_TYPE_NOTE;
    return ledger_key_make(a, type, key->name, key->key.public_key, out);
}

enum err node_key_origin(struct arena *a, struct str node, struct str realm, struct str party,
    uint64_t epoch, struct str *out)
{
    struct buf b = buf_in(a, 200);
    buf_put(&b, node);
    buf_put_byte(&b, '/');
    buf_put(&b, realm);
    buf_put(&b, STR("/ledger/"));
    buf_put(&b, party);
    buf_put_byte(&b, '/');
    buf_put_u64(&b, epoch);
    return buf_end(&b, out);
}
