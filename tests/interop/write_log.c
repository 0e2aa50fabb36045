// SPDX-License-Identifier: Apache-2.0
// Writes what a stranger needs to check a log of ours into the folder given: the two verifier
// keys, a cosigned checkpoint for each of several sizes, the tiles of those trees, and proofs
// that we made. verify.go reads them with a library that is not ours.
#define BANNED_EXCEPT_SYSTEM
#include <stdio.h>
#include <sys/stat.h>

#include "crypto/sign.h"
#include "ledger/checkpoint.h"
#include "ledger/tile.h"

#define ENTRIES      70000u
#define RANDOM_SIZES 8u
#define PROOFS       300u

#define ORIGIN   "node.kr.example/live/ledger/gb/1"
#define COSIGNER "node.gb.example/live/cosign"

struct keys {
    struct ledger_key log, cosigner;
    struct sign_key log_secret, cosigner_secret;
};

// What a store keeps: leaf hashes, and the root of each full tile.
struct hashes {
    struct ledger_hash *levels[3];
    uint64_t n[3];
};

static void must(enum err e, const char *what)
{
    if (e != ERR_OK) {
        fprintf(stderr, "write_log: %s: %s\n", what, err_text(e));
        exit(1);
    }
}

static uint64_t random_below(uint64_t n)
{
    static uint64_t seed = 7;
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (seed >> 11) % n;
}

static void write_file(const char *dir, struct str name, struct str bytes)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%.*s", dir, STR_ARG(name));
    for (char *p = path + strlen(dir) + 1; *p; p++) {
        if (*p != '/')
            continue;
        *p = 0;
        mkdir(path, 0755);
        *p = '/';
    }
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(bytes.ptr, 1, bytes.len, f) != bytes.len || fclose(f) != 0)
        must(ERR_IO, path);
}

static enum err hashes_read(
    void *context, unsigned level, uint64_t first, size_t n, struct ledger_hash *out)
{
    const struct hashes *h = context;
    if (level >= LEN(h->levels) || first + n > h->n[level])
        return ERR_NOT_FOUND;
    memcpy(out, h->levels[level] + first, n * sizeof *out);
    return ERR_OK;
}

static void hashes_make(struct arena *a, struct hashes *h)
{
    struct ledger_frontier f = {0};
    for (size_t i = 0; i < LEN(h->levels); i++)
        h->levels[i] = NEW_N(a, struct ledger_hash, ENTRIES);
    for (unsigned i = 0; i < ENTRIES; i++) {
        char entry[32];
        int len = snprintf(entry, sizeof entry, "entry %u", i);
        struct ledger_hash leaf = ledger_leaf_hash((struct str){entry, (size_t)len});
        struct ledger_hash done[LEDGER_TILE_LEVELS_MAX];
        size_t n = ledger_frontier_append(&f, &leaf, done);
        h->levels[0][h->n[0]++] = leaf;
        for (size_t j = 0; j < n; j++)
            h->levels[j + 1][h->n[j + 1]++] = done[j];
    }
}

static void keys_make(struct arena *a, struct keys *k)
{
    unsigned char seed[SIGN_SEED_BYTES] = {1};
    must(sign_key_from_seed(seed, &k->log_secret), "log key");
    seed[0] = 2;
    must(sign_key_from_seed(seed, &k->cosigner_secret), "cosigner key");
    must(ledger_key_make(a, LEDGER_TYPE_NOTE, STR(ORIGIN), k->log_secret.public_key, &k->log),
        "log key");
    must(ledger_key_make(a, LEDGER_TYPE_COSIGNATURE, STR(COSIGNER),
             k->cosigner_secret.public_key, &k->cosigner),
        "cosigner key");
}

static void checkpoint_write(struct arena *a, const char *dir, const struct keys *k,
    const struct ledger_reader *r, uint64_t size)
{
    struct ledger_head head = {.size = size};
    struct ledger_note parsed;
    struct str note;
    struct buf line = buf_in(a, KIB), name = buf_in(a, KIB);
    must(ledger_root_read(r, size, &head.root), "root");
    must(ledger_checkpoint_sign(a, &head, &k->log, &k->log_secret, &note), "checkpoint");
    must(ledger_note_parse(a, note, &parsed, NULL), "note");
    must(ledger_cosignature_put(
             a, &line, &k->cosigner, &k->cosigner_secret, parsed.text, 1795456800),
        "cosignature");
    must(ledger_note_add(a, note, buf_str(&line), &note), "second line");
    buf_put(&name, STR("checkpoint/"));
    buf_put_u64(&name, size);
    write_file(dir, buf_str(&name), note);
}

static void tiles_write(
    struct arena *a, const char *dir, const struct ledger_reader *r, uint64_t size)
{
    for (unsigned level = 0; level < 3; level++) {
        struct ledger_tile tile = {.level = level};
        for (; (tile.width = ledger_tile_width(level, tile.index, size)) > 0; tile.index++) {
            struct arena_mark mark = arena_mark(a);
            struct buf bytes = buf_in(a, 8 * KIB), path = buf_in(a, KIB);
            must(ledger_tile_put(&bytes, r, tile, size), "tile");
            ledger_tile_path_put(&path, tile);
            // A full tile is the same in every larger tree.
            if (tile.width < LEDGER_TILE_WIDTH || size == ENTRIES)
                write_file(dir, buf_str(&path), buf_str(&bytes));
            arena_rewind(a, mark);
        }
    }
}

static void proof_put(struct buf *b, const char *kind, uint64_t size, uint64_t at,
    const struct ledger_proof *proof)
{
    buf_put(b, str_of(kind));
    buf_put_byte(b, ' ');
    buf_put_u64(b, size);
    buf_put_byte(b, ' ');
    buf_put_u64(b, at);
    for (size_t i = 0; i < proof->n; i++) {
        buf_put_byte(b, ' ');
        ledger_hash_put_base64(b, &proof->hashes[i]);
    }
    buf_put_byte(b, '\n');
}

static void proofs_write(struct arena *a, const char *dir, const struct ledger_reader *r,
    const uint64_t *sizes, size_t n_sizes)
{
    struct buf b = buf_in(a, 4 * MIB);
    struct ledger_proof proof;
    for (unsigned i = 0; i < PROOFS; i++) {
        uint64_t size = sizes[i % n_sizes];
        uint64_t index = random_below(size), old_size = 1 + random_below(size);
        must(ledger_inclusion_prove(r, index, size, &proof), "inclusion");
        proof_put(&b, "inclusion", size, index, &proof);
        must(ledger_consistency_prove(r, old_size, size, &proof), "consistency");
        proof_put(&b, "consistency", size, old_size, &proof);
    }
    must(b.err, "proofs");
    write_file(dir, STR("proofs"), buf_str(&b));
}

int main(int argc, char **argv)
{
    static struct hashes hashes;
    uint64_t sizes[9 + RANDOM_SIZES] = {1, 2, 255, 256, 257, 65535, 65536, 65537, ENTRIES};
    struct arena a;
    struct keys keys;
    if (argc != 2) {
        fprintf(stderr, "usage: write_log FOLDER\n");
        return 2;
    }
    arena_init(&a, 256 * MIB);
    must(sign_init(), "libsodium");
    for (size_t i = 9; i < LEN(sizes); i++)
        sizes[i] = 1 + random_below(ENTRIES);
    keys_make(&a, &keys);
    hashes_make(&a, &hashes);
    struct ledger_reader r = {hashes_read, &hashes};
    struct buf vkeys = buf_in(&a, KIB);
    ledger_key_put(&vkeys, &keys.log);
    buf_put_byte(&vkeys, '\n');
    ledger_key_put(&vkeys, &keys.cosigner);
    buf_put_byte(&vkeys, '\n');
    write_file(argv[1], STR("vkeys"), buf_str(&vkeys));
    for (size_t i = 0; i < LEN(sizes); i++) {
        checkpoint_write(&a, argv[1], &keys, &r, sizes[i]);
        tiles_write(&a, argv[1], &r, sizes[i]);
    }
    proofs_write(&a, argv[1], &r, sizes, LEN(sizes));
    sign_key_release(&keys.log_secret);
    sign_key_release(&keys.cosigner_secret);
    arena_release(&a);
    return 0;
}
