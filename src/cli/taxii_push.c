// SPDX-License-Identifier: Apache-2.0
// A file of STIX objects to a collection of another server, from here: no node takes part (C1
// to C5). What may leave is decided when the file is made.
#include "base/limits.h"
#include "base/time.h"
#include "cli/feed.h"
#include "cli/node_client.h"
#include "cli/output.h"
#include "format/taxii_find.h"
#include "http/address.h"
#include "sys/clock.h"
#include "json/split.h"
#include "json/write.h"

#define FILE_BYTES_MAX   (1024 * MIB)
#define ANSWER_BYTES_MAX (16 * MIB)
#define ENVELOPE_BYTES   (4 * MIB) // where an envelope ends, if the server takes as much
#define AROUND_BYTES     14        // {"objects":[]}
#define PATIENCE_US      (300 * US_PER_S)
#define LOOK_US          (500 * US_PER_MS)
#define LOOK_US_MAX      (30 * US_PER_S)
#define STALL_MS         30000
#define TIMEOUT_MS       600000
#define TAXII            "application/taxii+json;version=2.1"

struct push {
    struct cli *cli;
    struct arena arena; // of one question
    struct http_address address;
    struct http_client *client;
    struct http_pair headers[3];
    size_t n_headers;
    struct taxii_found found;
    size_t envelope_bytes_max;
    struct buf envelope;
    size_t n; // objects in the envelope
    uint64_t sent, taken, refused;
    enum exit_code code; // what went wrong, said already
};

static enum err say(struct push *p, enum exit_code code, struct str what)
{
    p->code = FAIL(p->cli, code, MSG_PLAIN, .args = {what});
    return ERR_INVALID;
}

static enum err say_status(struct push *p, unsigned status, struct str target)
{
    p->code = FAIL(p->cli, status == 401 || status == 403 ? EXIT_REFUSED : EXIT_SYSTEM,
        MSG_TAXII_STATUS, .args = {cli_number(p->cli, status), http_address_plain(target)});
    return ERR_INVALID;
}

static enum err send(struct push *p, const struct http_call *what, struct http_reply *out)
{
    struct http_failure failure;
    struct http_call call = *what;
    call.headers = p->headers;
    call.n_headers = p->n_headers;
    call.timeout_ms = TIMEOUT_MS;
    call.stall_ms = STALL_MS;
    call.answer_bytes_max = ANSWER_BYTES_MAX;
    if (http_client_send_patiently(p->client, &p->arena, &call, PATIENCE_US, out, &failure) ==
        ERR_OK)
        return ERR_OK;
    p->code = FAIL(p->cli, EXIT_SYSTEM, MSG_SYSTEM, .args = {failure.text});
    return ERR_IO;
}

static enum err ask(void *ctx, struct str target, struct str *body)
{
    struct push *p = ctx;
    const struct http_call call = {.method = HTTP_GET, .target = target};
    struct http_reply reply;
    TRY(send(p, &call, &reply));
    if (reply.status != 200)
        return say_status(p, reply.status, target);
    return str_copy(&p->cli->arena, reply.body, body); // outlives the question
}

static enum err resolve(void *ctx, struct str reference, struct str *target, const char **why)
{
    const struct push *p = ctx;
    struct http_address address;
    TRY(http_address_resolve(&p->address, reference, &address, why));
    *target = address.target;
    return ERR_OK;
}

static enum err find(struct push *p)
{
    struct cli *cli = p->cli;
    const struct taxii_server server = {.ask = ask, .resolve = resolve, .ctx = p};
    struct taxii_lost lost;
    enum err e = taxii_find(&cli->arena, &server, p->address.target,
        cli_option_or(cli, "collection", ""), &p->found, &lost);
    if (lost.why)
        return say(p, EXIT_BAD_INPUT, str_of(lost.why));
    TRY(e);
    if (!p->found.collection.can_write)
        return say(p, EXIT_REFUSED, STR("the collection takes nothing from this account"));
    int64_t most = p->found.content_bytes_max;
    p->envelope_bytes_max =
        most > 0 && most < (int64_t)ENVELOPE_BYTES ? (size_t)most : ENVELOPE_BYTES;
    return ERR_OK;
}

static void say_failures(struct push *p, const struct taxii_status *status)
{
    p->taken += (uint64_t)status->successes;
    p->refused += (uint64_t)status->failures;
    for (size_t i = 0; i < status->n; i++)
        FAIL(p->cli, EXIT_BAD_INPUT, MSG_TAXII_PUSH_REFUSED,
            .args = {status->items[i].id, status->items[i].message});
}

static enum err read_status(struct push *p, struct str body, struct taxii_status *out)
{
    struct fault fault = {.why = NULL};
    if (taxii_status_read(&p->arena, body, out, &fault) == ERR_OK)
        return ERR_OK;
    return say(p, EXIT_SYSTEM, str_of(fault.why ? fault.why : "the status cannot be read"));
}

// C3: until it is complete, more slowly each time.
static enum err wait_status(struct push *p, struct taxii_status *status)
{
    struct buf target = buf_in(&p->cli->arena, 16 * KIB);
    struct str body;
    buf_put(&target, p->found.root);
    buf_put(&target, STR("status/"));
    buf_put(&target, status->id);
    buf_put(&target, STR("/"));
    for (int64_t wait_us = LOOK_US, all_us = 0; !status->is_complete; wait_us *= 2) {
        wait_us = wait_us < LOOK_US_MAX ? wait_us : LOOK_US_MAX;
        all_us += wait_us;
        if (target.err != ERR_OK || status->id.len == 0 || all_us > PATIENCE_US)
            return say(p, EXIT_SYSTEM, STR("the server does not say what came of the objects"));
        clock_sleep_us(wait_us);
        TRY(ask(p, buf_str(&target), &body));
        TRY(read_status(p, body, status));
    }
    return ERR_OK;
}

static enum err post(struct push *p)
{
    struct taxii_status status;
    struct http_reply reply;
    if (p->n == 0)
        return ERR_OK;
    buf_put(&p->envelope, STR("]}"));
    const struct http_call call = {
        .method = HTTP_POST, .target = p->found.objects, .body = buf_str(&p->envelope)};
    TRY(p->envelope.err);
    TRY(send(p, &call, &reply));
    if (reply.status != 202 && reply.status != 200)
        return say_status(p, reply.status, p->found.objects);
    TRY(read_status(p, reply.body, &status));
    TRY(wait_status(p, &status));
    say_failures(p, &status);
    p->sent += p->n;
    p->n = p->envelope.len = 0;
    arena_release(&p->arena);
    return ERR_OK;
}

// C2: as many as the server takes at once.
static enum err add(struct push *p, struct str object)
{
    if (object.len + AROUND_BYTES > p->envelope_bytes_max) {
        FAIL(p->cli, EXIT_BAD_INPUT, MSG_TAXII_PUSH_LARGE,
            .args = {
                cli_number(p->cli, object.len), cli_number(p->cli, p->envelope_bytes_max)});
        p->refused++;
        return ERR_OK;
    }
    if (p->n && p->envelope.len + object.len + AROUND_BYTES > p->envelope_bytes_max)
        TRY(post(p));
    buf_put(&p->envelope, p->n ? STR(",") : STR("{\"objects\":["));
    buf_put(&p->envelope, object);
    p->n++;
    return p->envelope.err;
}

static enum err push_all(struct push *p, struct str text, struct fault *fault)
{
    struct json_splitter *splitter;
    struct str object;
    uint64_t at;
    enum json_split got;
    TRY(json_splitter_new(&p->cli->arena, STIX_OBJECT_BYTES_MAX, &splitter));
    json_splitter_feed(splitter, text);
    while ((got = json_splitter_next(splitter, &object, &at)) == JSON_SPLIT_ELEMENT)
        TRY(add(p, object));
    TRY(got == JSON_SPLIT_FAILED ? json_splitter_fault(splitter, fault)
                                 : json_splitter_end(splitter, fault));
    return post(p);
}

static enum exit_code open_client(struct push *p, const struct feed_access *access)
{
    struct cli *cli = p->cli;
    struct buf basic = buf_in(&cli->arena, 8 * KIB);
    struct str why;
    const struct http_client_config config = {.url = p->address.origin,
        .by_authority = access->peer.len == 0,
        .authorities_pem = access->authorities,
        .peer_certificate_pem = access->peer,
        .identity = access->identity};
    p->headers[p->n_headers++] = (struct http_pair){STR("Accept"), STR(TAXII)};
    p->headers[p->n_headers++] = (struct http_pair){STR("Content-Type"), STR(TAXII)};
    if (access->user.len) {
        http_basic_put(&basic, access->user, access->secret);
        p->headers[p->n_headers++] = (struct http_pair){STR("Authorization"), buf_str(&basic)};
    }
    if (http_client_open(&cli->arena, &config, &p->client, &why) != ERR_OK)
        return FAIL(cli, EXIT_BAD_INPUT, MSG_PLAIN, .args = {why});
    return EXIT_DONE;
}

static enum exit_code report(struct push *p)
{
    struct cli *cli = p->cli;
    struct buf b = buf_in(&cli->arena, KIB);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_int(&o, STR("sent"), (int64_t)p->sent);
    json_member_int(&o, STR("taken"), (int64_t)p->taken);
    json_member_int(&o, STR("refused"), (int64_t)p->refused);
    json_end_object(&o);
    if (cli->json)
        cli_print_line(buf_str(&b));
    else
        SAY(cli, MSG_TAXII_PUSHED,
            .args = {p->found.collection.title, cli_number(cli, p->sent),
                cli_number(cli, p->taken), cli_number(cli, p->refused)});
    return p->refused ? EXIT_BAD_INPUT : EXIT_DONE;
}

enum exit_code cli_taxii_push(struct cli *cli)
{
    struct push p = {.cli = cli, .code = EXIT_DONE};
    struct feed_access access;
    struct str text;
    struct fault fault = {.why = NULL};
    const char *why;
    if (cli->args_n != 3)
        return FAIL(cli, EXIT_USAGE, MSG_NO_SUCH_VERB,
            .args = {STR("push"), str_of(cli->command->synopsis)});
    if (http_address_parse(str_of(cli->args[1]), &p.address, &why) != ERR_OK)
        return FAIL(cli, EXIT_USAGE, MSG_PLAIN, .args = {str_of(why)});
    enum exit_code code = cli_feed_access(cli, &access);
    if (code == EXIT_DONE)
        code = cli_read_file(cli, cli->args[2], FILE_BYTES_MAX, &text);
    if (code == EXIT_DONE)
        code = open_client(&p, &access);
    if (code != EXIT_DONE)
        return code;
    arena_init(&p.arena, 256 * MIB);
    p.envelope = buf_in(&cli->arena, 2 * ENVELOPE_BYTES);
    enum err e = find(&p);
    if (e == ERR_OK)
        e = push_all(&p, text, &fault);
    if (e != ERR_OK && p.code == EXIT_DONE)
        p.code = FAIL(cli, EXIT_BAD_INPUT, MSG_IN_FILE,
            .args = {str_of(cli->args[2]), str_of(fault.why ? fault.why : err_text(e))});
    http_client_close(p.client);
    arena_release(&p.arena);
    enum exit_code reported = report(&p);
    return p.code == EXIT_DONE ? reported : p.code;
}
