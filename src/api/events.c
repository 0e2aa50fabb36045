// SPDX-License-Identifier: Apache-2.0
// A stream is a position in an order that is durable: the audit log for the organisation that
// runs the node, the numbers of its own view for a recipient inside. Nothing is queued for it:
// what happened is read from the store when there is room to send it.
#include "api/events.h"

#include "api/call.h"
#include "api/reading.h"
#include "api/recipients.h"
#include "base/limits.h"
#include "base/time.h"
#include "store/member.h"
#include "sys/clock.h"

#include <pthread.h>

#define PAGE_EVENTS   1000
#define PAGE_BYTES    (1 * MIB) // where a page ends
#define STREAM_BYTES  (64 * MIB)
#define PAGES_A_LOOK  20
#define KEEP_ALIVE_US (15 * US_PER_S)
#define RETRY_S       "5"

struct events {
    pthread_mutex_t lock;
    struct stream *open;
};

// In the request's arena. Held by the server's thread while it is sent, by the thread that
// looks while it waits.
struct stream {
    const struct api_config *node;
    int64_t principal;
    struct str rights;    // of the token, as they are now; in `page`
    struct str recipient; // empty: the node's own
    struct str kinds;
    int64_t at;         // the last event that was read
    uint64_t changes;   // of the store, when the end was last reached
    uint64_t seen;      // of the store, before the page that is read
    int64_t checked_us; // when the end was last reached
    int64_t sent_us;
    struct arena page;
    struct str text; // to be sent
    bool is_over;
    struct stream *next; // of those that are open
};

// Which right lets a caller see what an event is about and who did it: the one that lets it see
// the same elsewhere. Of any other kind only the operator does; the longest beginning counts.
// Without it a caller sees that it happened, and numbers that we wrote.
static const struct {
    struct str begins;
    enum right right;
} shown[] = {
    {STR_INIT("certificate"), RIGHT_STATUS},
    {STR_INIT("feed."), RIGHT_STATUS},
    {STR_INIT("flash"), RIGHT_RELEASE},
    {STR_INIT("grant"), RIGHT_RELEASE},
    {STR_INIT("import."), RIGHT_IMPORT},
    {STR_INIT("key."), RIGHT_STATUS},
    {STR_INIT("link."), RIGHT_STATUS},
    {STR_INIT("membership."), RIGHT_STATUS},
    {STR_INIT("object."), RIGHT_READ},
    {STR_INIT("officer."), RIGHT_STATUS},
    {STR_INIT("person."), RIGHT_STATUS},
    {STR_INIT("recall"), RIGHT_RECALL},
    {STR_INIT("recipient."), RIGHT_STATUS},
    {STR_INIT("release"), RIGHT_RELEASE},
    {STR_INIT("rule."), RIGHT_RELEASE},
    {STR_INIT("store."), RIGHT_STATUS},
    {STR_INIT("taxii."), RIGHT_RELEASE},
    {STR_INIT("taxii.account."), RIGHT_OPERATE},
    {STR_INIT("taxii.root."), RIGHT_STATUS},
    {STR_INIT("warning."), RIGHT_READ},
};

static enum right right_for(struct str kind)
{
    enum right right = RIGHT_OPERATE;
    size_t best = 0;
    for (size_t i = 0; i < LEN(shown); i++)
        if (shown[i].begins.len > best && str_starts(kind, shown[i].begins)) {
            best = shown[i].begins.len;
            right = shown[i].right;
        }
    return right;
}

static bool may_see(const struct stream *s, struct str kind)
{
    enum right right = right_for(kind);
    return s->principal == 0 || right == RIGHT_STATUS || rights_have(s->rights, right);
}

static bool has_numbers(struct str kind)
{
    return str_eq(kind, STR("import.end")) || str_eq(kind, STR("link.receive"));
}

static bool is_wanted(struct str kinds, struct str kind)
{
    if (kinds.len == 0)
        return true;
    while (kinds.len)
        if (str_starts(kind, str_cut(&kinds, ',')))
            return true;
    return false;
}

static void begin_event(struct json_out *o, int64_t id, struct str kind)
{
    struct buf *b = o->buf;
    buf_put(b, STR("id: "));
    buf_put_i64(b, id);
    buf_put(b, STR("\nevent: "));
    buf_put(b, kind);
    buf_put(b, STR("\ndata: "));
    o->needs_comma = false;
    json_begin_object(o);
    json_member_int(o, STR("id"), id);
    json_member_string(o, STR("kind"), kind);
}

static void end_event(struct json_out *o)
{
    json_end_object(o);
    buf_put(o->buf, STR("\n\n"));
}

static enum err put_audit(
    struct stream *s, struct store_txn *t, struct json_out *o, const struct store_audit *event)
{
    struct store_principal who = {.name = STR("")};
    bool is_seen = may_see(s, event->action);
    s->at = event->seq;
    if (!is_wanted(s->kinds, event->action))
        return ERR_OK;
    if (event->principal && is_seen)
        TRY(store_principal_get(t, &s->page, event->principal, &who));
    begin_event(o, event->seq, event->action);
    json_member_time(o, STR("time"), event->at_us);
    if (is_seen) {
        json_member_string(o, STR("who"), who.name);
        json_member_string(o, STR("target"), event->target);
    }
    if (is_seen || has_numbers(event->action))
        json_member_string(o, STR("detail"), event->detail);
    end_event(o);
    return ERR_OK;
}

static enum err read_audit(
    struct stream *s, struct store_txn *t, struct json_out *o, bool *is_end)
{
    struct store_audits events;
    size_t n = 0;
    TRY(store_audit_after(t, &s->page, s->at, PAGE_EVENTS, &events));
    for (; n < events.n && o->buf->len < PAGE_BYTES; n++)
        TRY(put_audit(s, t, o, &events.items[n]));
    *is_end = n == events.n && events.n < PAGE_EVENTS;
    return ERR_OK;
}

static enum err put_member(struct stream *s, struct store_txn *t, struct json_out *o,
    const struct store_member_event *event)
{
    struct store_object object;
    struct str kind = event->is_removal ? STR("object.removed") : STR("object.added");
    s->at = event->seq;
    if (!is_wanted(s->kinds, kind))
        return ERR_OK;
    TRY(store_object_get(t, &s->page, event->object_seq, &object));
    begin_event(o, event->seq, kind);
    json_member_time(o, STR("time"), event->at_us);
    json_member_string(o, STR("object"), object.id);
    if (!event->is_removal) {
        json_member_string(o, STR("type"), object.type);
        json_member_time(o, STR("version"), object.version_us);
    }
    end_event(o);
    return ERR_OK;
}

static enum err read_members(
    struct stream *s, struct store_txn *t, struct json_out *o, bool *is_end)
{
    size_t n = 0;
    const struct store_reader who = {
        .view = {.recipient = s->recipient, .view = RECIPIENT_VIEW}, .now_us = clock_now_us()};
    struct store_member_events events;
    TRY(store_member_events_after(t, &s->page, &who, s->at, PAGE_EVENTS, &events));
    for (; n < events.n && o->buf->len < PAGE_BYTES; n++)
        TRY(put_member(s, t, o, &events.items[n]));
    *is_end = n == events.n && events.n < PAGE_EVENTS;
    return ERR_OK;
}

// Whoever has lost its token or its place in the register hears nothing more.
static enum err check_caller(struct stream *s, struct store_txn *t)
{
    struct store_recipient row;
    struct store_principal caller = {.revoked_us = 0};
    if (s->principal)
        TRY(store_principal_get(t, &s->page, s->principal, &caller));
    s->rights = caller.rights;
    if (caller.revoked_us)
        return ERR_DENIED;
    return s->recipient.len ? recipient_in_force(t, &s->page, s->recipient, &row) : ERR_OK;
}

static enum err read_page(struct stream *s, struct store_txn *t)
{
    struct buf b = buf_in(&s->page, STREAM_BYTES);
    struct json_out o = json_out(&b);
    bool is_end = false;
    TRY(check_caller(s, t));
    TRY(s->recipient.len ? read_members(s, t, &o, &is_end) : read_audit(s, t, &o, &is_end));
    if (is_end) {
        s->changes = s->seen;
        s->checked_us = clock_now_us();
    }
    return buf_end(&b, &s->text);
}

// Is the end as it was when it was last seen? Time alone ends a membership: looked at each
// second.
static bool is_at_end(const struct stream *s, int64_t now_us)
{
    bool is_same = s->changes == store_changes(s->node->store);
    return is_same && (s->recipient.len == 0 || now_us - s->checked_us < US_PER_S);
}

static enum err look(struct stream *s)
{
    struct store_txn *t;
    int64_t now_us = clock_now_us();
    if (is_at_end(s, now_us))
        return ERR_OK;
    s->seen = store_changes(s->node->store); // before the snapshot: what comes later is later
    arena_release(&s->page);
    TRY(store_read_begin(s->node->store, &t));
    enum err e = read_page(s, t);
    store_read_end(t);
    return e;
}

static bool is_ready(void *state)
{
    struct stream *s = state;
    for (size_t i = 0; i < PAGES_A_LOOK && s->text.len == 0 && !s->is_over; i++)
        s->is_over = look(s) != ERR_OK; // the client comes again, where it was
    if (s->text.len == 0 && clock_now_us() - s->sent_us > KEEP_ALIVE_US)
        s->text = STR(": still here\n\n");
    return s->is_over || s->text.len;
}

static ptrdiff_t read_stream(void *state, uint64_t at, char *out, size_t n)
{
    struct stream *s = state;
    (void)at;
    if (s->text.len == 0)
        return s->is_over ? 0 : HTTP_SOURCE_WAITS;
    size_t taken = s->text.len < n ? s->text.len : n;
    memcpy(out, s->text.ptr, taken);
    s->text = str_from(s->text, taken);
    s->sent_us = clock_now_us();
    return (ptrdiff_t)taken;
}

// Those that are open ------------------------------------------------------------------------

struct events *events_new(struct arena *a)
{
    struct events *events = NEW(a, struct events);
    if (events)
        pthread_mutex_init(&events->lock, NULL);
    return events;
}

void events_free(struct events *events)
{
    if (events)
        pthread_mutex_destroy(&events->lock);
}

static bool is_same_caller(const struct stream *a, const struct stream *b)
{
    return a->principal == b->principal && str_eq(a->recipient, b->recipient);
}

static bool stream_open(struct stream *s)
{
    struct events *events = s->node->events;
    size_t all = 0, own = 0;
    pthread_mutex_lock(&events->lock);
    for (const struct stream *it = events->open; it; it = it->next) {
        all++;
        own += is_same_caller(it, s);
    }
    bool has_room = all < EVENT_STREAMS_MAX && own < EVENT_STREAMS_OF_ONE_MAX;
    if (has_room) {
        s->next = events->open;
        events->open = s;
    }
    pthread_mutex_unlock(&events->lock);
    return has_room;
}

static void close_stream(void *state)
{
    struct stream *s = state;
    struct events *events = s->node->events;
    pthread_mutex_lock(&events->lock);
    struct stream **at = &events->open;
    while (*at != s)
        at = &(*at)->next;
    *at = s->next;
    pthread_mutex_unlock(&events->lock);
    arena_release(&s->page);
}

// The request --------------------------------------------------------------------------------

static enum err find_last(const struct stream *s, int64_t *out)
{
    const struct store_view view = {.recipient = s->recipient, .view = RECIPIENT_VIEW};
    struct store_txn *t;
    TRY(store_read_begin(s->node->store, &t));
    enum err e = s->recipient.len ? store_member_last(t, &view, out) : store_audit_last(t, out);
    store_read_end(t);
    return e;
}

// Where the stream begins: behind what the client had last, else with what happens from now on.
static bool find_place(struct call *call, struct stream *s)
{
    struct str text = call_parameter(call, "after");
    int64_t last;
    uint64_t after;
    http_request_header(call->request, STR("Last-Event-ID"), &text);
    if (find_last(s, &last) != ERR_OK) {
        call_fail(call, ERR_IO, STR(""));
        return false;
    }
    s->at = last;
    if (text.len == 0)
        return true;
    if (str_to_u64(text, &after) != ERR_OK) {
        call_fail(call, ERR_INVALID, STR("a position is a number: the id of an event, or 0"));
        return false;
    }
    if (after > (uint64_t)last) {
        call_fail(call, ERR_CONFLICT,
            STR("no event has that number: this store is another one, or an earlier copy; "
                "begin again with after=0"));
        return false;
    }
    s->at = (int64_t)after;
    return true;
}

void api_events(struct call *call)
{
    struct stream *s = NEW(call->arena, struct stream);
    if (!s) {
        call_fail(call, ERR_LIMIT, STR(""));
        return;
    }
    *s = (struct stream){.node = call->node,
        .principal = call->principal,
        .recipient = call->recipient,
        .kinds = call_parameter(call, "kind"),
        .changes = UINT64_MAX};
    if (!find_place(call, s))
        return;
    // Without data it is no event, and the client has a place to come back to all the same.
    struct buf head = buf_in(call->arena, KIB);
    buf_put(&head, STR("retry: 2000\nid: "));
    buf_put_i64(&head, s->at);
    buf_put(&head, STR("\n\n"));
    s->text = buf_str(&head);
    if (!stream_open(s)) {
        http_answer_header(call->request, STR("Retry-After"), STR(RETRY_S));
        call_fail(call, ERR_BUSY, STR("too many event streams are open"));
        return;
    }
    arena_init(&s->page, STREAM_BYTES);
    const struct http_source source = {.state = s,
        .read = read_stream,
        .close = close_stream,
        .is_ready = is_ready,
        .bytes = HTTP_BYTES_UNKNOWN};
    http_answer_header(call->request, STR("Cache-Control"), STR("no-store"));
    http_answer_source(call->request, 200, STR("text/event-stream"), &source);
}
