// SPDX-License-Identifier: Apache-2.0
// Who may talk to whom, and what cannot even start.
#include "world.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

// A certificate that is an authority, and another that it signed, with its key. DEMO only.
static const char authority_pem[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBYzCCAQugAwIBAgIBATAKBggqhkjOPQQDAjAZMRcwFQYDVQQDEw5ERU1PIGF1\n"
    "dGhvcml0eTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowGTEXMBUG\n"
    "A1UEAxMOREVNTyBhdXRob3JpdHkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATr\n"
    "lLWPlyyOfuS/Yj9YlWl4fcQxXsVpxFvrS4HTpQfcyCWbl4iZUSKYB3sSrcMkAHGV\n"
    "Hb2L5l36gYJNXEO4qhEBo0IwQDAPBgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQE\n"
    "AwICBDAdBgNVHQ4EFgQU1qmzekqL/ShB7f66xcR8tzMlThQwCgYIKoZIzj0EAwID\n"
    "RgAwQwIfWG3PSkt6dNUG10MbU35W/vPfWZMv06W8oH7oaRokBQIgfHhSuyxKVrEm\n"
    "UmNAMs06uRASgTmG38a988DIKx0ZfFw=\n"
    "-----END CERTIFICATE-----\n";
static const char leaf_pem[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBkzCCATmgAwIBAgIBAjAKBggqhkjOPQQDAjAZMRcwFQYDVQQDEw5ERU1PIGF1\n"
    "dGhvcml0eTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowFDESMBAG\n"
    "A1UEAxMJREVNTyBsZWFmMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEVrWEqGdA\n"
    "Zk8CMmVKZ/F16hixqJnbrR+ckisQbIPsVnoHB08zbfA/i8oMXUseGSpxItMr84h2\n"
    "zzZAefXeUdQSQqN1MHMwDAYDVR0TAQH/BAIwADATBgNVHSUEDDAKBggrBgEFBQcD\n"
    "ATAOBgNVHQ8BAf8EBAMCB4AwHQYDVR0OBBYEFMyayFRW8XHKb69JWLynOP8lnRqN\n"
    "MB8GA1UdIwQYMBaAFNaps3pKi/0oQe3+usXEfLczJU4UMAoGCCqGSM49BAMCA0gA\n"
    "MEUCIQCiXLhAHWS1fcSaYmuQGhI4LERJWBP9LHwWL1LLueD2UgIgcbWIwOXTSzvw\n"
    "J7vKPseTKSPUoBaLus+DO4ft0pikW3k=\n"
    "-----END CERTIFICATE-----\n";
static const char leaf_key_pem[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgO3hBxc5ObfSpMmCD\n"
    "Q09ysnUjCBWPg1cHKABWRRpL+cWhRANCAARWtYSoZ0BmTwIyZUpn8XXqGLGomdut\n"
    "H5ySKxBsg+xWegcHTzNt8D+LygxdSx4ZKnEi0yvziHbPNkB59d5R1BJC\n"
    "-----END PRIVATE KEY-----\n";

static void route(void *ctx, struct http_request *r, struct http_plan *plan)
{
    *plan = (struct http_plan){0};
}

static void run(void *ctx, struct http_request *r)
{
    const struct http_peer *peer = http_request_peer(r);
    struct http_certificate c;
    assert_int_equal(http_certificate_read(w.client.certificate_pem, &c), ERR_OK);
    struct str text = STR("no certificate");
    if (peer->is_local)
        text = peer->uid == getuid() ? STR("local") : STR("another");
    else if (peer->has_certificate && !peer->is_certificate_current)
        text = STR("expired");
    else if (peer->has_certificate)
        text = memcmp(peer->pin, c.pin, sizeof c.pin) == 0 ? STR("client") : STR("stranger");
    http_answer(r, 200, TEXT, text);
}

// One call by a client of its own; the texts are checked before their arena goes.
static enum http_failure_kind peer_as_seen(
    const struct http_client_config *config, struct str want)
{
    struct arena scratch;
    arena_init(&scratch, MIB);
    struct http_client *client = client_of(config);
    struct http_call call = {.method = HTTP_GET, .target = STR("/peer")};
    struct http_reply reply;
    struct http_failure failure;
    enum err e = http_client_send(client, &scratch, &call, &reply, &failure);
    assert_true((e == ERR_OK) == (failure.kind == HTTP_FAILURE_NONE));
    if (e == ERR_OK)
        CHECK_STR("peer", reply.body, want);
    else
        CHECK("the failure has a text", failure.text.len > 0);
    CHECK("the error fits the kind", failure.kind != HTTP_FAILURE_TLS || e == ERR_DENIED);
    http_client_close(client);
    arena_release(&scratch);
    return failure.kind;
}

static void each_side_is_known_by_its_pin(void **state)
{
    const struct {
        const char *why;
        struct str trusted;
        struct http_identity own;
        enum http_failure_kind failure;
        struct str want;
    } cases[] = {
        {"both right", w.node.certificate_pem, w.client, HTTP_FAILURE_NONE, STR("client")},
        {"no client certificate", w.node.certificate_pem, {{0}, {0}}, HTTP_FAILURE_NONE,
            STR("no certificate")},
        {"another client", w.node.certificate_pem, w.stranger, HTTP_FAILURE_NONE,
            STR("stranger")},
        {"an expired client", w.node.certificate_pem, w.expired, HTTP_FAILURE_NONE,
            STR("expired")},
        {"another server", w.stranger.certificate_pem, w.client, HTTP_FAILURE_TLS, STR("")},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct http_client_config config = {
            .url = w.url, .peer_certificate_pem = cases[i].trusted, .identity = cases[i].own};
        CHECK(cases[i].why, peer_as_seen(&config, cases[i].want) == cases[i].failure);
    }
    struct http_client_config local = {
        .url = STR("http://localhost"), .unix_path = str_of(w.socket_path)};
    assert_int_equal(peer_as_seen(&local, STR("local")), HTTP_FAILURE_NONE);
}

// A server of its own with `identity`, called by a client that trusts `trusted`.
static enum http_failure_kind call_server_of(
    const struct http_identity *identity, struct str trusted)
{
    struct http_server_config config = node_config();
    struct http_server *server;
    struct str why, url;
    config.identity = *identity;
    config.unix_path = NULL;
    assert_int_equal(http_server_start(&w.process, &config, &server, &why), ERR_OK);
    struct buf b = buf_in(&w.process, PATH_BYTES_MAX);
    buf_put(&b, STR("https://127.0.0.1:"));
    buf_put_u64(&b, http_server_port(server));
    assert_int_equal(buf_end(&b, &url), ERR_OK);
    struct http_client_config client = {.url = url, .peer_certificate_pem = trusted};
    enum http_failure_kind kind = peer_as_seen(&client, STR("no certificate"));
    http_server_stop(server);
    return kind;
}

static void an_expired_server_is_refused(void **state)
{
    assert_int_equal(call_server_of(&w.expired, w.expired.certificate_pem), HTTP_FAILURE_TLS);
}

static void what_the_pinned_key_signed_is_not_the_pinned_key(void **state)
{
    struct http_identity leaf = {str_of(leaf_pem), str_of(leaf_key_pem)};
    assert_int_equal(call_server_of(&leaf, leaf.certificate_pem), HTTP_FAILURE_NONE);
    assert_int_equal(call_server_of(&leaf, str_of(authority_pem)), HTTP_FAILURE_TLS);
}

static void a_refused_connection_is_busy(void **state)
{
    struct arena scratch;
    arena_init(&scratch, 256 * KIB);
    struct http_client *clients[] = {node_client(), local_client()};
    stop(state);
    for (size_t i = 0; i < LEN(clients); i++) {
        struct http_call call = {.method = HTTP_GET, .target = STR("/a")};
        struct http_reply reply;
        struct http_failure failure;
        CHECK_ERR("nobody listens",
            http_client_send(clients[i], &scratch, &call, &reply, &failure), ERR_BUSY);
        assert_int_equal(failure.kind, HTTP_FAILURE_CONNECT);
        http_client_close(clients[i]);
    }
    arena_release(&scratch);
    assert_int_equal(start(state), 0);
}

static void what_a_client_cannot_use_is_refused(void **state)
{
    const struct {
        const char *why;
        struct http_client_config config;
    } cases[] = {
        {"clear text over TCP", {.url = STR("http://127.0.0.1:1")}},
        {"no peer certificate", {.url = STR("https://127.0.0.1:1")}},
        {"another scheme", {.url = STR("ftp://127.0.0.1"), .unix_path = STR("/x")}},
        {"a broken own certificate", {.url = STR("https://127.0.0.1:1"),
                                         .peer_certificate_pem = w.node.certificate_pem,
                                         .identity = {STR("x"), STR("y")}}},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct http_client *client;
        struct str why = STR("");
        CHECK_ERR(cases[i].why, http_client_open(&w.process, &cases[i].config, &client, &why),
            ERR_INVALID);
        CHECK(cases[i].why, why.len > 0);
    }
}

static void what_a_server_cannot_use_is_refused(void **state)
{
    char in_use[PATH_BYTES_MAX];
    snprintf(in_use, sizeof in_use, "127.0.0.1:%u", http_server_port(w.server));
    struct http_identity crossed = {w.node.certificate_pem, w.client.key_pem};
    const struct {
        const char *why;
        const char *address;
        const char *unix_path;
        const struct http_identity *identity;
        enum err want;
        const char *part; // of the text
    } cases[] = {
        {"port in use", in_use, NULL, &w.node, ERR_CONFLICT, "in use"},
        {"socket in use", NULL, w.socket_path, &w.node, ERR_CONFLICT, "in use"},
        {"a folder that is not there", NULL, "/nonexistent/socket", &w.node, ERR_INVALID,
            "/nonexistent/socket"},
        {"an address of others", "192.0.2.1:0", NULL, &w.node, ERR_INVALID, "192.0.2.1"},
        {"no port", "127.0.0.1", NULL, &w.node, ERR_INVALID, "HOST:PORT"},
        {"port too large", "127.0.0.1:65536", NULL, &w.node, ERR_INVALID, "HOST:PORT"},
        {"no host", ":80", NULL, &w.node, ERR_INVALID, "HOST:PORT"},
        {"key of another", "127.0.0.1:0", NULL, &crossed, ERR_INVALID, "certificate"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct http_server_config config = node_config();
        struct http_server *server;
        struct str why = STR("");
        config.address = cases[i].address;
        config.unix_path = cases[i].unix_path;
        config.identity = *cases[i].identity;
        CHECK_ERR(
            cases[i].why, http_server_start(&w.process, &config, &server, &why), cases[i].want);
        CHECK(cases[i].why, str_find(why, str_of(cases[i].part)) < why.len);
    }
    assert_true(file_exists(w.socket_path)); // a refused server leaves another's socket alone
}

static void a_socket_left_by_a_killed_process_is_replaced(void **state)
{
    stop(state);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, w.socket_path, strlen(w.socket_path));
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    close(fd);
    assert_int_equal(start(state), 0);
    struct stat st;
    assert_int_equal(stat(w.socket_path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void one_address_cannot_take_all_connections(void **state)
{
    struct arena scratch;
    arena_init(&scratch, 256 * KIB);
    stop(state);
    struct http_server_config config = node_config();
    config.connections_per_address_max = 1;
    assert_int_equal(start_as(&config), 0);
    struct http_client *first = node_client(), *second = node_client();
    struct http_call call = {.method = HTTP_GET, .target = STR("/peer")};
    struct http_reply reply;
    struct http_failure failure;
    // The first client keeps its connection, so there is none for the second.
    assert_int_equal(http_client_send(first, &scratch, &call, &reply, &failure), ERR_OK);
    assert_int_not_equal(http_client_send(second, &scratch, &call, &reply, &failure), ERR_OK);
    assert_int_equal(http_client_send(first, &scratch, &call, &reply, &failure), ERR_OK);
    http_client_close(first);
    http_client_close(second);
    arena_release(&scratch);
    stop(state);
    assert_int_equal(start(state), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_side_is_known_by_its_pin),
        cmocka_unit_test(an_expired_server_is_refused),
        cmocka_unit_test(what_the_pinned_key_signed_is_not_the_pinned_key),
        cmocka_unit_test(one_address_cannot_take_all_connections),
        cmocka_unit_test(a_refused_connection_is_busy),
        cmocka_unit_test(what_a_client_cannot_use_is_refused),
        cmocka_unit_test(what_a_server_cannot_use_is_refused),
        cmocka_unit_test(a_socket_left_by_a_killed_process_is_replaced),
    };
    return cmocka_run_group_tests(tests, world_make, world_end);
}
