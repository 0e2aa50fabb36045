// SPDX-License-Identifier: Apache-2.0
#include "cli/node_client.h"

#include "cli/node_texts.h"

#include "base/limits.h"
#include "http/target.h"
#include "sys/file.h"
#include "sys/process.h"

// Over this the socket's path does not fit into the system's address.
#define SOCKET_PATH_BYTES_MAX 100
#define IMPORT_TIMEOUT_MS     (6 * 3600 * 1000) // a huge import takes its time

static enum exit_code read_token(struct cli *cli, struct str *out)
{
    const char *token = process_env("BONGSU_TOKEN");
    *out = str_of(token);
    if (token)
        return EXIT_DONE;
    const char *path;
    enum err e = path_join(&cli->arena, cli->node_dir, "token", &path);
    if (e == ERR_OK)
        e = file_read(&cli->arena, path, 4096, out);
    if (e == ERR_NOT_FOUND)
        return EXIT_DONE; // the operator's calls need none
    *out = str_trim(*out);
    return e == ERR_OK ? EXIT_DONE
                       : FAIL(cli, EXIT_SYSTEM, MSG_CANNOT_READ, .args = {str_of(path)});
}

static enum exit_code open_client(struct cli *cli, struct http_client **out)
{
    enum exit_code code = cli_need_node(cli);
    if (code != EXIT_DONE)
        return code;
    const char *path;
    if (path_join(&cli->arena, cli->node_dir, "node.sock", &path) != ERR_OK)
        return EXIT_SYSTEM;
    if (str_of(path).len > SOCKET_PATH_BYTES_MAX)
        return FAIL(cli, EXIT_USAGE, MSG_PATH_TOO_LONG, .args = {str_of(path)});
    struct http_client_config config = {
        .url = STR("http://localhost"), .unix_path = str_of(path)};
    struct str why;
    if (http_client_open(&cli->arena, &config, out, &why) != ERR_OK)
        return FAIL(cli, EXIT_SYSTEM, MSG_SYSTEM, .args = {why});
    return EXIT_DONE;
}

static enum err put_target(
    struct cli *cli, const char *path, const struct node_parameter *p, struct str *out)
{
    struct buf b = buf_in(&cli->arena, 64 * KIB);
    buf_put(&b, str_of(path));
    char separator = '?';
    for (; p && p->name; p++) {
        struct str value;
        if (p->value.len == 0)
            continue;
        TRY(http_target_escape(&cli->arena, p->value, &value));
        buf_put_byte(&b, separator);
        buf_put(&b, str_of(p->name));
        buf_put_byte(&b, '=');
        buf_put(&b, value);
        separator = '&';
    }
    return buf_end(&b, out);
}

static enum err err_of_name(struct str name)
{
    for (enum err e = ERR_OK; e <= ERR_IO; e++)
        if (str_eq(name, str_of(err_name(e))))
            return e;
    return ERR_IO;
}

// The node's own words about a request that it did not do.
struct asked {
    enum err e;
    struct http_reply reply;
    struct http_failure failure;
};

static enum exit_code explain_refusal(struct cli *cli, const struct http_reply *reply)
{
    struct json answer, error;
    if (json_parse(&cli->arena, reply->body, &answer, NULL) != ERR_OK ||
        !json_get(answer, STR("error"), &error))
        return FAIL(
            cli, EXIT_SYSTEM, MSG_STRANGE_ANSWER, .args = {cli_number(cli, reply->status)});
    enum exit_code code = reply->status == 401
                              ? EXIT_REFUSED
                              : exit_code_of(err_of_name(node_text(cli, error, "code")));
    struct str message = node_sentence(cli, error, "message");
    if (cli->subject)
        return FAIL(cli, code, MSG_IN_FILE, .args = {str_of(cli->subject), message});
    return FAIL(cli, code, MSG_PLAIN, .args = {message});
}

// Fills *reply, or *e and *failure; any other code was said.
static enum exit_code ask(struct cli *cli, const struct http_call *what, const char *path,
    const struct node_parameter *parameters, struct asked *out)
{
    struct http_client *client = NULL;
    struct str token;
    *out = (struct asked){.e = ERR_OK};
    enum exit_code code = open_client(cli, &client);
    if (code == EXIT_DONE)
        code = read_token(cli, &token);
    if (code != EXIT_DONE) {
        http_client_close(client);
        return code;
    }
    struct buf bearer = buf_in(&cli->arena, 8 * KIB);
    buf_put(&bearer, STR("Bearer "));
    buf_put(&bearer, token);
    const struct http_pair headers[] = {{STR("Authorization"), buf_str(&bearer)}};
    struct http_call call = *what;
    call.headers = headers;
    call.n_headers = token.len ? 1 : 0;
    call.timeout_ms = call.timeout_ms ? call.timeout_ms : IMPORT_TIMEOUT_MS;
    call.answer_bytes_max = call.answer_bytes_max ? call.answer_bytes_max : 128 * MIB;
    out->e = put_target(cli, path, parameters, &call.target);
    if (out->e == ERR_OK)
        out->e = http_client_send(client, &cli->arena, &call, &out->reply, &out->failure);
    http_client_close(client);
    return EXIT_DONE;
}

static enum exit_code explain(struct cli *cli, const struct asked *asked)
{
    struct str text = asked->failure.text;
    if (asked->failure.kind == HTTP_FAILURE_CONNECT)
        return FAIL(cli, EXIT_SYSTEM, MSG_NODE_NOT_RUNNING, .args = {str_of(cli->node_dir)});
    if (asked->e != ERR_OK)
        return FAIL(cli, EXIT_SYSTEM, MSG_SYSTEM,
            .args = {text.len ? text : str_of(err_text(asked->e))});
    return asked->reply.status / 100 != 2 ? explain_refusal(cli, &asked->reply) : EXIT_DONE;
}

enum exit_code node_send(struct cli *cli, const struct http_call *what, const char *path,
    const struct node_parameter *parameters, struct str *body)
{
    struct asked asked;
    enum exit_code code = ask(cli, what, path, parameters, &asked);
    if (code == EXIT_DONE)
        code = explain(cli, &asked);
    if (code == EXIT_DONE)
        *body = asked.reply.body;
    return code;
}

enum exit_code node_follow(struct cli *cli, const struct http_call *what, const char *path,
    const struct node_parameter *parameters, const bool *has_begun)
{
    struct asked asked;
    enum exit_code code = ask(cli, what, path, parameters, &asked);
    if (code != EXIT_DONE)
        return code;
    bool is_broken = asked.e != ERR_OK && *has_begun;
    return is_broken ? EXIT_SYSTEM : explain(cli, &asked);
}

static enum exit_code send_for_json(struct cli *cli, const struct http_call *call,
    const char *path, const struct node_parameter *parameters, struct json *out)
{
    struct str body;
    enum exit_code code = node_send(cli, call, path, parameters, &body);
    if (code != EXIT_DONE)
        return code;
    if (cli->json)
        cli_print_line(body);
    if (json_parse(&cli->arena, body, out, NULL) != ERR_OK)
        return FAIL(cli, EXIT_SYSTEM, MSG_STRANGE_ANSWER, .args = {STR("200")});
    return EXIT_DONE;
}

enum exit_code node_get(struct cli *cli, const char *path,
    const struct node_parameter *parameters, struct json *out)
{
    struct http_call call = {.method = HTTP_GET};
    return send_for_json(cli, &call, path, parameters, out);
}

enum exit_code node_post(struct cli *cli, const char *path,
    const struct node_parameter *parameters, struct str body, struct json *out)
{
    struct http_call call = {.method = HTTP_POST, .body = body};
    return send_for_json(cli, &call, path, parameters, out);
}

struct str node_text(struct cli *cli, struct json v, const char *key)
{
    struct json member;
    struct str text = {"", 0};
    if (json_get(v, str_of(key), &member) && json_string(&cli->arena, member, &text) != ERR_OK)
        return (struct str){"", 0};
    return text;
}

struct str node_sentence(struct cli *cli, struct json v, const char *key)
{
    return node_text_in(&cli->arena, cli->language, node_text(cli, v, key));
}

uint64_t node_number(struct json v, const char *key)
{
    struct json member;
    int64_t n = 0;
    if (!json_get(v, str_of(key), &member) || json_int(member, &n) != ERR_OK || n < 0)
        return 0;
    return (uint64_t)n;
}

struct json_iter node_items(struct json v, const char *key)
{
    struct json member = v;
    return json_get(v, str_of(key), &member) ? json_iter(member) : (struct json_iter){0};
}

enum exit_code node_delete(struct cli *cli, const char *folder, struct str name,
    const struct node_parameter *parameters, enum message_id done)
{
    struct str body, escaped;
    struct buf path = buf_in(&cli->arena, KIB);
    const char *target;
    buf_put(&path, str_of(folder));
    if (http_target_escape(&cli->arena, name, &escaped) != ERR_OK)
        return EXIT_SYSTEM;
    buf_put(&path, escaped);
    if (path.err != ERR_OK || str_to_cstr(&cli->arena, buf_str(&path), &target) != ERR_OK)
        return FAIL(cli, EXIT_USAGE, MSG_BAD_ARGUMENT, .args = {name});
    struct http_call call = {.method = HTTP_DELETE};
    enum exit_code code = node_send(cli, &call, target, parameters, &body);
    if (code == EXIT_DONE && cli->json)
        cli_print_line(body);
    else if (code == EXIT_DONE)
        cli_say(cli, (struct message){.id = done, .args = {name}});
    return code;
}
