// SPDX-License-Identifier: Apache-2.0
#include "cli/officer_key.h"

#include "base/limits.h"
#include "cli/output.h"
#include "stix/value.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/terminal.h"
#include "json/canonical.h"

#define PASSPHRASE_BYTES_MAX 1024u
#define PASSPHRASE_BYTES_MIN 12u // of a new one; the file may be copied and guessed at

// Reads to the end of the line into locked memory. The whole of it, or ERR_LIMIT.
static enum err first_line(struct secret *from, struct secret *out)
{
    struct str line = str_to(secret_str(from), str_index(secret_str(from), '\n'));
    struct arena scratch;
    struct str composed;
    arena_init(&scratch, 64 * KIB);
    char *first = NEW(&scratch, char); // keeps the block, so that the rewind wipes it
    struct arena_mark mark = arena_mark(&scratch);
    enum err e = first ? stix_text_nfc(&scratch, line, &composed) : ERR_LIMIT;
    if (e == ERR_OK)
        e = secret_init(out, composed.len ? composed.len : 1);
    if (e == ERR_OK) {
        memcpy(out->bytes, composed.ptr, composed.len);
        out->len = composed.len;
    }
    arena_rewind(&scratch, mark);
    arena_release(&scratch);
    return e;
}

static enum exit_code read_passphrase(
    struct cli *cli, enum message_id prompt, struct secret *out)
{
    struct secret text;
    size_t n = 0;
    const char *path = cli_option(cli, "passphrase-file");
    if (secret_init(&text, PASSPHRASE_BYTES_MAX) != ERR_OK)
        return EXIT_SYSTEM;
    struct buf b = buf_in(&cli->arena, KIB);
    message_put(&b, cli->language, &(struct message){.id = prompt});
    enum err e = path ? file_read_into(path, text.bytes, text.len, &n)
                      : terminal_read_secret(buf_str(&b), text.bytes, text.len, &n);
    size_t whole = text.len;
    text.len = n;
    if (e == ERR_OK)
        e = first_line(&text, out);
    text.len = whole;
    secret_release(&text);
    if (e == ERR_OK)
        return EXIT_DONE;
    return FAIL(
        cli, EXIT_BAD_INPUT, path ? MSG_CANNOT_READ : MSG_NO_TERMINAL, .args = {str_of(path)});
}

enum exit_code officer_passphrase(struct cli *cli, bool is_new, struct secret *out)
{
    struct secret again;
    enum exit_code code = read_passphrase(cli, MSG_ASK_PASSPHRASE, out);
    if (code != EXIT_DONE || !is_new)
        return code;
    if (out->len < PASSPHRASE_BYTES_MIN) {
        secret_release(out);
        return FAIL(cli, EXIT_BAD_INPUT, MSG_PASSPHRASE_SHORT,
            .args = {cli_number(cli, PASSPHRASE_BYTES_MIN)});
    }
    if (cli_option(cli, "passphrase-file"))
        return EXIT_DONE;
    code = read_passphrase(cli, MSG_ASK_PASSPHRASE_AGAIN, &again);
    bool is_same = code == EXIT_DONE && str_eq(secret_str(out), secret_str(&again));
    if (code == EXIT_DONE)
        secret_release(&again);
    if (is_same)
        return EXIT_DONE;
    secret_release(out);
    return code == EXIT_DONE ? FAIL(cli, EXIT_BAD_INPUT, MSG_PASSPHRASE_DIFFERS) : code;
}

enum exit_code officer_key_open(struct cli *cli, struct sign_key *out)
{
    struct secret passphrase;
    struct str file;
    struct fault fault = {0};
    const char *path = cli_option(cli, "key");
    if (!path)
        return FAIL(cli, EXIT_USAGE, MSG_OPTION_NEEDED, .args = {STR("key")});
    if (sign_init() != ERR_OK)
        return EXIT_SYSTEM;
    enum exit_code code = cli_read_file(cli, path, OFFICERKEY_BYTES_MAX, &file);
    if (code == EXIT_DONE)
        code = officer_passphrase(cli, false, &passphrase);
    if (code != EXIT_DONE)
        return code;
    enum err e = officerkey_open(file, secret_str(&passphrase), out, &fault);
    secret_release(&passphrase);
    if (e == ERR_OK)
        return EXIT_DONE;
    return FAIL(cli, exit_code_of(e), MSG_IN_FILE,
        .args = {str_of(path), str_of(fault.why ? fault.why : err_text(e))});
}

static struct str text_of(struct cli *cli, struct json v, const char *key)
{
    struct json member;
    struct str text = {"", 0};
    if (json_get(v, str_of(key), &member) && json_string(&cli->arena, member, &text) != ERR_OK)
        return (struct str){"", 0};
    return text;
}

static void show_object(struct cli *cli, struct json object)
{
    struct json handling = object;
    struct str tlp = {"", 0};
    if (json_get(object, STR("h"), &handling))
        tlp = text_of(cli, handling, "tlp");
    SAY(cli, MSG_ORDER_OBJECT,
        .args = {text_of(cli, object, "id"), text_of(cli, object, "version"), tlp,
            text_of(cli, object, "sha256")});
}

// Every member of the order is shown: a short one as it is, the objects a line each.
static void show_order(struct cli *cli, struct json order)
{
    for (struct json_iter it = json_iter(order); json_next(&it);) {
        bool is_objects = str_eq(it.key, STR("objects"));
        if (is_objects)
            SAY(cli, MSG_ORDER_OBJECTS, .args = {cli_number(cli, json_len(it.value))});
        else
            SAY(cli, MSG_ORDER_MEMBER, .args = {it.key, json_span(it.value)});
        for (struct json_iter object = json_iter(it.value); is_objects && json_next(&object);)
            show_object(cli, object.value);
    }
}

static bool is_yes(struct str answer)
{
    return str_eq(answer, STR("yes")) || str_eq(answer, STR("예"));
}

// The question is on standard error: standard output may be a program's.
static enum exit_code ask(struct cli *cli, struct json order, const struct str *digest)
{
    char answer[64];
    size_t n = 0;
    if (!cli->json)
        show_order(cli, order);
    if (!cli->json)
        SAY(cli, MSG_ORDER_DIGEST, .args = {*digest});
    if (cli_option(cli, "yes"))
        return EXIT_DONE;
    FAIL(cli, EXIT_DONE, MSG_ORDER_ASK);
    if (terminal_read_line(answer, sizeof answer, &n) != ERR_OK ||
        !is_yes(str_trim((struct str){answer, n})))
        return FAIL(cli, EXIT_NO, MSG_ORDER_NOT_APPROVED);
    return EXIT_DONE;
}

enum exit_code officer_approve(struct cli *cli, struct str order, struct str *out)
{
    struct json v;
    struct sign_key key;
    struct fault fault = {0};
    struct buf hex = buf_in(&cli->arena, 64), b = buf_in(&cli->arena, 4 * KIB);
    enum err e = json_canonical_check(&cli->arena, order, &v, &fault);
    struct ledger_approval approval = {.digest = ledger_order_digest(order)};
    if (e == ERR_OK)
        approval.to = text_of(cli, v, "to");
    if (e != ERR_OK || approval.to.len == 0 || text_of(cli, v, "act").len == 0)
        return FAIL(cli, EXIT_BAD_INPUT, MSG_NOT_AN_ORDER);
    ledger_hash_put_hex(&hex, &approval.digest);
    struct str digest = buf_str(&hex);
    enum exit_code code = ask(cli, v, &digest);
    if (code == EXIT_DONE)
        code = officer_key_open(cli, &key);
    if (code != EXIT_DONE)
        return code;
    approval.at_us = clock_now_us();
    e = ledger_approval_sign(&cli->arena, &approval, &key);
    sign_key_release(&key);
    if (e == ERR_OK)
        ledger_approval_put(&b, &approval);
    return e == ERR_OK && buf_end(&b, out) == ERR_OK ? EXIT_DONE : EXIT_SYSTEM;
}
