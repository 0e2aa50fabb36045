// SPDX-License-Identifier: Apache-2.0
#include "api/api.h"

#include "api/call.h"
#include "api/events.h"
#include "api/feeds_priv.h"
#include "api/metrics.h"
#include "api/recipients.h"
#include "api/rules_priv.h"
#include "api/taxii_cache.h"
#include "api/taxii_priv.h"
#include "api/warnings.h"
#include "hash/hash.h"
#include "sys/clock.h"
#include "sys/log.h"

#include <assert.h>

struct api {
    struct api_config config;
};

static const struct str right_names[] = {
    [RIGHT_READ] = STR_INIT("read"),
    [RIGHT_IMPORT] = STR_INIT("import"),
    [RIGHT_RELEASE] = STR_INIT("release"),
    [RIGHT_RECALL] = STR_INIT("recall"),
    [RIGHT_CARRY] = STR_INIT("carry"),
};

enum right right_parse(struct str name)
{
    for (enum right r = RIGHT_READ; r <= RIGHT_CARRY; r++)
        if (str_eq(name, right_names[r]))
            return r;
    return RIGHT_NONE;
}

bool rights_have(struct str rights, enum right wanted)
{
    while (rights.len)
        if (right_parse(str_cut(&rights, ',')) == wanted)
            return true;
    return false;
}

// Matches a path against a pattern; each {} is one segment that is not empty.
static bool path_matches(
    struct str pattern, struct str path, struct str segments[CALL_SEGMENTS_MAX])
{
    size_t n = 0;
    bool is_folder = str_ends(pattern, STR("/"));
    if (is_folder != str_ends(path, STR("/")) && !str_ends(pattern, STR("{*}")))
        return false;
    while (pattern.len && path.len) {
        struct str want = str_cut(&pattern, '/'), all = path, have = str_cut(&path, '/');
        bool takes_rest = str_eq(want, STR("{*}"));
        if (!takes_rest && !str_eq(want, STR("{}"))) {
            if (!str_eq(want, have))
                return false;
            continue;
        }
        assert(n < CALL_SEGMENTS_MAX);
        if (have.len == 0)
            return false;
        segments[n++] = takes_rest ? all : have;
        if (takes_rest)
            return true;
    }
    return pattern.len == 0 && path.len == 0;
}

// The caller's token, looked up by its hash. ERR_DENIED when it opens nothing.
static enum err find_principal(struct call *call, struct store_principal *out)
{
    struct str header;
    if (!http_request_header(call->request, STR("Authorization"), &header) ||
        !str_starts(header, STR("Bearer ")))
        return ERR_DENIED;
    unsigned char hash[SHA256_BYTES];
    hash_sha256(str_from(header, 7), hash);
    struct store_txn *t;
    TRY(store_read_begin(call->node->store, &t));
    enum err e = store_principal_by_token_hash(t, call->arena, hash, out);
    if (e == ERR_OK && out->revoked_us)
        e = ERR_DENIED;
    if (e == ERR_OK && !str_eq(out->recipient, call->node->party)) {
        struct store_recipient recipient;
        e = recipient_in_force(t, call->arena, out->recipient, &recipient);
        call->recipient = out->recipient;
    }
    store_read_end(t);
    return e == ERR_NOT_FOUND ? ERR_DENIED : e;
}

static bool is_operator(const struct call *call)
{
    const struct http_peer *peer = http_request_peer(call->request);
    return peer->is_local && (peer->uid == call->node->owner || peer->uid == 0);
}

static bool is_partner(struct call *call)
{
    const struct http_peer *peer = http_request_peer(call->request);
    if (!peer->has_certificate || !peer->is_certificate_current)
        return false;
    return exchange_party_of_pin(call->node->exchange, peer->pin, call->arena, &call->partner);
}

// 0 when the caller may use the route, else the status that refuses it (U1).
static unsigned check_right(struct call *call)
{
    enum right right = call->route->right;
    if (right == RIGHT_HEALTH)
        return 0;
    if (right == RIGHT_PARTNER)
        return is_partner(call) ? 0 : 403;
    if ((right == RIGHT_OPERATE || right == RIGHT_STATUS) && is_operator(call))
        return 0;
    if (right == RIGHT_OPERATE)
        return 403;
    struct store_principal principal;
    enum err e = right == RIGHT_TAXII ? taxii_find_account(call, &principal)
                                      : find_principal(call, &principal);
    if (e != ERR_OK)
        return e == ERR_DENIED ? 401 : 500;
    call->principal = principal.id;
    if (call->recipient.len && !call->route->run_inside)
        return 403;
    if (right == RIGHT_TAXII) // what it may do is said by its shares
        return 0;
    return rights_have(principal.rights, right == RIGHT_STATUS ? RIGHT_READ : right) ? 0 : 403;
}

static void refuse(struct http_request *r, unsigned status)
{
    static const struct {
        unsigned status;
        const char *code;
        struct str text;
    } refusals[] = {
        {400, "INVALID", STR_INIT("the query has a parameter that this address does not know")},
        {401, "DENIED",
            STR_INIT("a token is needed: BONGSU_TOKEN, or the file `token` in the node's "
                     "folder; see: bongsu token create")},
        {403, "DENIED",
            STR_INIT("this caller has no right to do that; see: bongsu token create --rights")},
        {404, "NOT_FOUND", STR_INIT("there is no such address on this node")},
        {405, "INVALID", STR_INIT("that address does not take this method")},
        {503, "BUSY", STR_INIT("too many requests of this partner are at work; try again")},
        {500, "IO", STR_INIT("the node could not read its store")},
    };
    for (size_t i = 0; i < LEN(refusals); i++)
        if (refusals[i].status == status)
            http_answer_error(r, status, refusals[i].code, refusals[i].text);
}

static bool answer_error(
    void *ctx, struct http_request *r, unsigned status, const char *code, struct str message)
{
    (void)ctx;
    struct str path = http_request_path(r);
    if (!str_starts(path, STR("/taxii2/")) && !str_eq(path, STR("/taxii2")))
        return false;
    taxii_answer_error(r, status, code, message);
    return true;
}

static size_t routes_n(void)
{
    return api_routes.n + peer_routes.n;
}

static const struct route *route_at(size_t i)
{
    return i < api_routes.n ? &api_routes.rows[i] : &peer_routes.rows[i - api_routes.n];
}

// What the address takes instead (RFC 9110 section 15.5.6).
static void add_allow(struct call *call)
{
    struct str segments[CALL_SEGMENTS_MAX];
    struct buf b = buf_in(call->arena, KIB);
    for (size_t i = 0; i < routes_n(); i++) {
        if (!path_matches(route_at(i)->path, http_request_path(call->request), segments))
            continue;
        buf_put(&b, b.len ? STR(", ") : STR(""));
        buf_put(&b, str_of(http_method_name(route_at(i)->method)));
        buf_put(&b, route_at(i)->method == HTTP_GET ? STR(", HEAD") : STR(""));
    }
    http_answer_header(call->request, STR("Allow"), buf_str(&b));
}

// HEAD asks for what GET answers, and gets the head of it (RFC 9110 section 9.3.2).
static unsigned find_route(struct call *call)
{
    enum http_method method = http_request_method(call->request);
    bool path_known = false;
    method = method == HTTP_HEAD ? HTTP_GET : method;
    for (size_t i = 0; i < routes_n(); i++) {
        if (!path_matches(route_at(i)->path, http_request_path(call->request), call->segments))
            continue;
        path_known = true;
        call->route = route_at(i);
        if (route_at(i)->method == method)
            return 0;
    }
    return path_known ? 405 : 404;
}

// A misspelt parameter must not be left out in silence: "previw" would release.
static bool knows_parameters(const struct call *call)
{
    size_t n;
    const struct http_pair *given = http_request_parameters(call->request, &n);
    for (size_t i = 0; i < n; i++) {
        struct str rest = call->route->parameters;
        bool is_known = false;
        while (rest.len && !is_known)
            is_known = str_eq(str_cut(&rest, ','), given[i].name);
        if (!is_known)
            return false;
    }
    return true;
}

static void route(void *ctx, struct http_request *r, struct http_plan *plan)
{
    struct api *api = ctx;
    struct call *call = NEW(http_request_arena(r), struct call);
    if (!call) {
        refuse(r, 500);
        return;
    }
    *call = (struct call){.node = &api->config,
        .request = r,
        .arena = http_request_arena(r),
        .began_us = clock_now_us()};
    unsigned status = find_route(call);
    if (status == 0 && call->route->right == RIGHT_TAXII && taxii_answer_kept(call)) {
        http_request_set_state(r, call);
        return;
    }
    if (status == 0)
        status = check_right(call);
    if (status == 0 && !knows_parameters(call))
        status = 400;
    if (status == 0 && call->partner.len) {
        call->counted = exchange_request_begin(api->config.exchange, call->partner);
        status = call->counted ? 0 : 503;
    }
    if (status) {
        log_warn("request.refuse", "status=%u path=%s", status, log_text(http_request_path(r)));
        if (status == 405)
            add_allow(call);
        refuse(r, status);
        metrics_count(api->config.counts, status, 0);
        return;
    }
    *plan = (struct http_plan){.body = call->route->body,
        .body_bytes_max = call->route->body_bytes_max,
        .is_job = call->route->is_job};
    http_request_set_state(r, call);
}

static void run(void *ctx, struct http_request *r)
{
    (void)ctx;
    struct call *call = http_request_state(r);
    if (call->recipient.len)
        call->route->run_inside(call);
    else
        call->route->run(call);
}

static void end(void *ctx, struct http_request *r)
{
    const struct call *call = http_request_state(r);
    (void)ctx;
    metrics_count(call->node->counts, http_request_status(r), clock_now_us() - call->began_us);
    if (call->counted)
        exchange_request_end(call->counted);
}

struct api *api_new(struct arena *a, const struct api_config *config)
{
    for (size_t i = 0; i < routes_n(); i++)
        assert(route_at(i)->right != RIGHT_NONE && route_at(i)->run);
    struct api *api = NEW(a, struct api);
    if (!api)
        return NULL;
    api->config = *config;
    api->config.pages = taxii_cache_new(a);
    api->config.counts = metrics_new(a);
    api->config.warnings = warnings_new(a);
    api->config.events = events_new(a);
    bool is_whole =
        api->config.pages && api->config.counts && api->config.warnings && api->config.events;
    return is_whole ? api : NULL;
}

void api_free(struct api *api)
{
    if (!api)
        return;
    taxii_cache_free(api->config.pages);
    warnings_free(api->config.warnings);
    events_free(api->config.events);
}

enum err api_rules_start(struct api *api, struct arena *a, struct api_rules **out)
{
    return rules_start(&api->config, a, out);
}

enum err api_views_start(struct api *api, struct arena *a, struct api_views **out)
{
    return taxii_views_start(&api->config, a, out);
}

enum err api_feeds_start(struct api *api, struct arena *a, struct api_feeds **out)
{
    return feeds_start(&api->config, a, out);
}

struct http_handler api_handler(struct api *api)
{
    return (struct http_handler){
        .ctx = api, .route = route, .run = run, .error = answer_error, .end = end};
}
