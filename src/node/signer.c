// SPDX-License-Identifier: Apache-2.0
// The signer process: `bongsu signer`, started by the node with a socket as descriptor 3. It
// holds the keys, checks each step against its journal, journals, signs, and does nothing else.
// It ends when the node does.
#include "exchange/signer.h"
#include "base/reader.h"
#include "base/time.h"
#include "cli/command.h"
#include "cli/node_keys.h"
#include "ledger/witness.h"
#include "node/journal.h"
#include "node/node.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/frame.h"
#include "sys/log.h"
#include "sys/sandbox.h"

#include <dirent.h>
#include <signal.h>

#define SIGNER_FD       3
#define SIGNER_KEYS_MAX 1024

struct signing_key {
    struct keyfile file;
    struct ledger_key verifier;
};

struct signing {
    struct arena *process;
    struct arena *scratch;
    struct journal *journal;
    struct signing_key keys[SIGNER_KEYS_MAX];
    size_t n;
};

static enum err load_key(struct signing *s, const char *dir, const char *file)
{
    struct signing_key key;
    TRY(node_key_read(s->process, dir, file, &key.file));
    TRY(node_key_verifier(s->process, &key.file, &key.verifier));
    bool signs = str_eq(key.file.role, STR("log")) || str_eq(key.file.role, STR("cosign"));
    if (signs && s->n < SIGNER_KEYS_MAX)
        s->keys[s->n++] = key;
    else
        sign_key_release(&key.file.key);
    return ERR_OK;
}

// Log and cosigner keys only, those in force and those that follow them: the party root is
// never read here.
static bool is_signer_key(struct str name)
{
    return str_ends(name, STR(".key")) &&
           (str_starts(name, STR("log-")) || str_starts(name, STR("cosign")));
}

static enum err load_keys(struct signing *s, const char *dir)
{
    const char *path;
    TRY(path_join(s->process, dir, "keys", &path));
    DIR *folder = opendir(path);
    if (!folder)
        return ERR_IO;
    enum err e = ERR_OK;
    for (struct dirent *entry; e == ERR_OK && (entry = readdir(folder));)
        if (is_signer_key(str_of(entry->d_name)))
            e = load_key(s, dir, entry->d_name);
    closedir(folder);
    return e;
}

static enum err step_parse(struct str payload, struct signer_step *out)
{
    struct reader r = reader_of(payload);
    struct signer_step step = {
        .origin = read_block(&r, 200), .key_id = read_u32be(&r), .old_size = read_u64be(&r)};
    step.head.size = read_u64be(&r);
    struct str root = read_bytes(&r, LEDGER_HASH_BYTES);
    struct str hashes = read_block(&r, PROOF_HASHES_MAX * LEDGER_HASH_BYTES);
    TRY(read_end(&r));
    if (step.origin.len == 0 || hashes.len % LEDGER_HASH_BYTES)
        return ERR_INVALID;
    memcpy(step.head.root.bytes, root.ptr, LEDGER_HASH_BYTES);
    step.proof.n = hashes.len / LEDGER_HASH_BYTES;
    for (size_t i = 0; i < step.proof.n; i++)
        memcpy(
            step.proof.hashes[i].bytes, hashes.ptr + i * LEDGER_HASH_BYTES, LEDGER_HASH_BYTES);
    *out = step;
    return ERR_OK;
}

// Order without exception: check against the journal, journal durably, then sign.
static enum err advance(struct signing *s, const struct signer_step *step, const char **why)
{
    struct ledger_head latest = journal_latest(s->journal, step->origin);
    enum ledger_verdict verdict =
        ledger_advance_check(&latest, step->old_size, &step->head, &step->proof);
    *why = ledger_verdict_text(verdict);
    if (verdict != LEDGER_VERDICT_ADVANCE)
        return ERR_CORRUPT;
    *why = "the journal could not be written";
    return latest.size == step->head.size && latest.size
               ? ERR_OK
               : journal_append(s->journal, step->origin, &step->head);
}

static const struct signing_key *find_key(
    const struct signing *s, struct str role, struct str name, uint32_t id)
{
    for (size_t i = 0; i < s->n; i++)
        if (str_eq(s->keys[i].file.role, role) && s->keys[i].verifier.id == id &&
            (name.len == 0 || str_eq(s->keys[i].file.name, name)))
            return &s->keys[i];
    return NULL;
}

static bool is_own_log(const struct signing *s, struct str origin)
{
    for (size_t i = 0; i < s->n; i++)
        if (str_eq(s->keys[i].file.name, origin))
            return true;
    return false;
}

static enum err sign_checkpoint(
    struct signing *s, struct str payload, struct str *answer, const char **why)
{
    struct signer_step step;
    TRY(step_parse(payload, &step));
    const struct signing_key *log = find_key(s, STR("log"), step.origin, step.key_id);
    *why = "no such key for this log";
    if (!log)
        return ERR_NOT_FOUND;
    TRY(advance(s, &step, why));
    return ledger_checkpoint_sign(
        s->scratch, &step.head, &log->verifier, &log->file.key, answer);
}

static enum err cosign_checkpoint(
    struct signing *s, struct str payload, struct str *answer, const char **why)
{
    struct signer_step step;
    TRY(step_parse(payload, &step));
    const struct signing_key *cosigner = find_key(s, STR("cosign"), STR(""), step.key_id);
    *why = "no such cosigner key, or one of our own logs";
    if (!cosigner || is_own_log(s, step.origin))
        return ERR_NOT_FOUND;
    TRY(advance(s, &step, why));
    const struct ledger_checkpoint checkpoint = {.origin = step.origin, .head = step.head};
    struct buf text = buf_in(s->scratch, 4 * KIB), line = buf_in(s->scratch, 4 * KIB);
    uint64_t time_s = (uint64_t)(clock_now_us() / US_PER_S);
    ledger_checkpoint_put(&text, &checkpoint);
    TRY(ledger_cosignature_put(
        s->scratch, &line, &cosigner->verifier, &cosigner->file.key, buf_str(&text), time_s));
    struct buf b = buf_in(s->scratch, 8 * KIB);
    buf_put_u32be(&b, (uint32_t)line.len);
    buf_put(&b, buf_str(&line));
    buf_put_u64be(&b, time_s);
    return buf_end(&b, answer);
}

static enum err tell_state(struct signing *s, struct str payload, struct str *answer)
{
    struct reader r = reader_of(payload);
    struct str origin = read_block(&r, 200);
    TRY(read_end(&r));
    struct ledger_head head = journal_latest(s->journal, origin);
    struct buf b = buf_in(s->scratch, 256);
    buf_put_u64be(&b, head.size);
    buf_put(&b, ledger_hash_str(&head.root));
    return buf_end(&b, answer);
}

static enum err tell_key(struct signing *s, struct str payload, const char **why)
{
    struct reader r = reader_of(payload);
    struct str name = read_block(&r, 255);
    uint32_t id = read_u32be(&r);
    TRY(read_end(&r));
    *why = "no such key";
    bool is_there = find_key(s, STR("log"), name, id) || find_key(s, STR("cosign"), name, id);
    return is_there ? ERR_OK : ERR_NOT_FOUND;
}

static enum err answer_one(struct signing *s)
{
    uint8_t type;
    struct str payload, answer = {"", 0};
    TRY(frame_receive(s->scratch, SIGNER_FD, SIGNER_MESSAGE_BYTES_MAX, &type, &payload));
    enum err e = ERR_INVALID;
    const char *why = "not a message of the signer";
    if (type == SIGNER_STATE)
        e = tell_state(s, payload, &answer);
    else if (type == SIGNER_CHECKPOINT)
        e = sign_checkpoint(s, payload, &answer, &why);
    else if (type == SIGNER_COSIGN)
        e = cosign_checkpoint(s, payload, &answer, &why);
    else if (type == SIGNER_HAS_KEY)
        e = tell_key(s, payload, &why);
    if (e == ERR_OK)
        return frame_send(SIGNER_FD, SIGNER_ANSWER, answer);
    struct buf b = buf_in(s->scratch, KIB);
    buf_put_byte(&b, (char)e);
    buf_put(&b, str_of(why));
    return frame_send(SIGNER_FD, SIGNER_REFUSAL, buf_str(&b));
}

static enum err run_signer(struct signing *s, const char *dir)
{
    const char *path;
    TRY(path_join(s->process, dir, "signer.journal", &path));
    TRY(sign_init());
    TRY(load_keys(s, dir));
    TRY(journal_open(s->process, path, &s->journal));
    struct sandbox_state state;
    TRY(sandbox_worker(&state));
    log_info(
        "signer.confined", "calls=%s landlock=%d", state.is_off ? "no" : "yes", state.landlock);
    for (;;) {
        struct arena_mark mark = arena_mark(s->scratch);
        enum err e = answer_one(s);
        arena_rewind(s->scratch, mark);
        if (e != ERR_OK)
            return e == ERR_NOT_FOUND ? ERR_OK : e; // the node has closed its end
    }
}

enum exit_code node_signer(struct cli *cli)
{
    struct arena scratch;
    struct signing *s = NEW(&cli->arena, struct signing);
    enum exit_code code = cli_need_node(cli);
    if (code != EXIT_DONE || !s)
        return code;
    signal(SIGINT, SIG_IGN); // the terminal's Ctrl-C goes to the node, which ends us
    arena_init(&scratch, MIB);
    s->process = &cli->arena;
    s->scratch = &scratch;
    enum err e = run_signer(s, cli->node_dir);
    if (e != ERR_OK)
        log_error("signer.stop", "why=%s", err_name(e));
    for (size_t i = 0; i < s->n; i++)
        sign_key_release(&s->keys[i].file.key);
    arena_release(&scratch);
    return exit_code_of(e);
}
