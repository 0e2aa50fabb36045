// SPDX-License-Identifier: Apache-2.0
// Exports: a document for a recipient of our own, in a format of other tools. Each is a release
// of its own, decided anew, with a view of its own: what it let go is kept, and a recall finds
// it.
#include "api/recipients.h"
#include "api/release_priv.h"
#include "api/warnings.h"
#include "base/time.h"
#include "exchange/append.h"
#include "format/item.h"

#define DOCUMENT_BYTES_MAX (96 * MIB)
#define PIECE_BYTES        (4 * MIB)
#define LOSSES_MAX         100
#define ALL                UINT64_MAX

// One export. Lives in the request's arena.
struct export
{
    struct call *call;
    struct gate gate;
    enum format_kind format;
    struct store_filter filter; // with `all`
    int64_t next;               // where the next export goes on; 0: nowhere
    struct release_run run;
    struct format_item *items;
    size_t n, withheld, released;
    struct buf losses;
    struct json_out loss_out;
    size_t n_losses;
    struct warnings_held *warnings; // NULL: values on warning lists stay in
    struct buf answer;
    struct json_out answer_out;
};

static enum err take_loss(void *ctx, const struct format_loss *loss)
{
    struct export *x = ctx;
    if (x->n_losses++ >= LOSSES_MAX)
        return ERR_OK;
    json_begin_object(&x->loss_out);
    json_member_string(&x->loss_out, STR("id"), loss->id);
    json_member_string(&x->loss_out, STR("field"), loss->field);
    json_member_string(&x->loss_out, STR("outcome"), loss->outcome);
    json_member_string(&x->loss_out, STR("why"), loss->why);
    json_end_object(&x->loss_out);
    return x->losses.err;
}

// The first warning list that holds one of the values.
static enum err find_warning(struct export *x, const struct gate_row *row, struct str *out)
{
    struct warning_found found = {.n = 0};
    for (size_t i = 0; x->warnings && i < row->n_values && found.n == 0; i++)
        TRY(warning_find(warnings_set(x->warnings), x->call->arena, row->values[i], &found));
    *out = found.n ? found.items[0].list : (struct str){"", 0};
    return ERR_OK;
}

// Does the handling say more than a level and whose nationals it is for?
static bool says_more(const struct handling *h)
{
    return h->is_orcon || h->is_noforn || h->n_nat || h->n_cav || h->has_embargo ||
           h->has_expiry;
}

static enum err add_item(struct export *x, struct store_txn *t, size_t i)
{
    const struct gate_row *row = &x->gate.rows[i];
    const struct handling *h = &row->label.handling;
    struct format_item *item = &x->items[x->n];
    *item = (struct format_item){.source = row->object.source,
        .tlp = h->tlp,
        .has_relto = h->has_relto,
        .relto = h->relto,
        .n_relto = h->n_relto,
        .has_more = says_more(h)};
    TRY(gate_bytes(&x->gate, t, x->call->arena, i, &item->bytes));
    TRY(find_warning(x, row, &item->warned_by));
    x->n++;
    x->released++;
    const struct format_loss loss = {.id = row->object.id,
        .field = STR("id"),
        .outcome = STR("changed"),
        .why = STR("it goes as a marked variant, under an id of its own")};
    return row->variant.bytes.len ? take_loss(x, &loss) : ERR_OK;
}

// A marking that a variant names goes with it, once.
static enum err add_marking(struct export *x, struct str bytes)
{
    for (size_t i = 0; i < x->n; i++)
        if (str_eq(x->items[i].bytes, bytes))
            return ERR_OK;
    x->items[x->n++] = (struct format_item){.bytes = bytes, .source = x->call->node->party};
    return ERR_OK;
}

// What was decided and, unless this is a preview, is durable: what changed between the two
// stays out.
static enum err collect(struct export *x, struct store_txn *t, bool is_preview)
{
    const struct gate *g = &x->gate;
    x->items = NEW_N(x->call->arena, struct format_item, 2 * g->n + 1);
    if (!x->items)
        return ERR_LIMIT;
    for (size_t i = 0; i < g->n; i++) {
        bool is_member = is_preview;
        x->withheld += !release_goes(g, i) && !g->candidates[i].is_on_demand;
        if (release_goes(g, i) && !is_preview)
            TRY(store_membership_contains(t, &g->view, g->rows[i].object.seq, &is_member));
        if (!release_goes(g, i) || !is_member)
            continue;
        if (g->rows[i].marking.len)
            TRY(add_marking(x, g->rows[i].marking));
        TRY(add_item(x, t, i));
    }
    return ERR_OK;
}

// In pieces, since a JSON reader bounds the length of one string.
static void put_pieces(struct json_out *o, struct str document)
{
    json_put_key(o, STR("document"));
    json_begin_array(o);
    while (document.len) {
        size_t n = document.len < PIECE_BYTES ? document.len : PIECE_BYTES;
        while (n < document.len && ((unsigned char)document.ptr[n] & 0xC0) == 0x80)
            n--; // not within a character
        json_put_string(o, str_to(document, n));
        document = str_from(document, n);
    }
    json_end_array(o);
}

// The document comes first: whether it has room is known before anything is written.
static enum err begin_answer(struct export *x, struct str document)
{
    x->answer.len = 0;
    x->answer_out = json_out(&x->answer);
    json_begin_object(&x->answer_out);
    put_pieces(&x->answer_out, document);
    return x->answer.err;
}

static void end_answer(struct export *x)
{
    struct json_out *o = &x->answer_out;
    json_end_array(&x->loss_out);
    if (x->run.row.released) // else nothing was written
        json_member_string(o, STR("export"), x->run.row.id);
    json_member_string(o, STR("to"), x->gate.view.recipient);
    json_member_string(o, STR("format"), format_kind_name(x->format));
    json_member_int(o, STR("objects"), (int64_t)x->released);
    json_member_int(o, STR("withheld"), (int64_t)x->withheld);
    json_member_int(o, STR("losses_n"), (int64_t)x->n_losses);
    json_member_raw(o, STR("losses"), buf_str(&x->losses));
    if (x->next)
        json_member_int(o, STR("next"), x->next);
    json_end_object(o);
    call_answer_json(x->call, &x->answer);
}

static enum err read_ids(struct export *x, struct store_txn *t, struct str *bad)
{
    struct str body = http_request_body(x->call->request);
    struct json root;
    if (json_parse(x->call->arena, body.len ? body : STR("{}"), &root, NULL) != ERR_OK)
        return ERR_INVALID;
    return release_add_ids(&x->gate, t, root, bad);
}

static enum err decide(struct export *x, struct str *bad)
{
    struct gate *g = &x->gate;
    struct store_txn *t;
    bool all = call_parameter(x->call, "all").len > 0;
    if (all)
        TRY(gate_add_all(g, x->filter, &x->next));
    TRY(store_read_begin(x->call->node->store, &t));
    enum err e = all ? ERR_OK : read_ids(x, t, bad);
    if (e == ERR_OK) {
        *bad = (struct str){"", 0};
        e = gate_decide(g, t);
    }
    store_read_end(t);
    return e;
}

static enum err write_release(struct export *x)
{
    static const struct approvals none = {0};
    struct buf rule = buf_in(x->call->arena, 64);
    buf_put(&rule, STR("export "));
    buf_put(&rule, format_kind_name(x->format));
    x->run = (struct release_run){.gate = &x->gate,
        .approvals = &none,
        .rule = buf_str(&rule),
        .row = {.party = x->gate.view.recipient,
            .at_us = x->gate.facts.now_us,
            .principal = x->call->principal,
            .withheld = (int64_t)x->withheld,
            .priority = STORE_NORMAL}};
    return release_write(&x->run);
}

static enum err collect_all(struct export *x, bool is_preview)
{
    struct store_txn *t;
    TRY(store_read_begin(x->call->node->store, &t));
    enum err e = collect(x, t, is_preview);
    store_read_end(t);
    return e;
}

static enum err write_document(struct export *x)
{
    const struct format_items items = {x->items, x->n, x->gate.facts.now_us};
    const struct format_sink sink = {.loss = take_loss, .ctx = x};
    struct buf document = buf_in(x->call->arena, DOCUMENT_BYTES_MAX);
    struct str text;
    TRY(format_write(x->call->arena, x->format, &items, &sink, &document));
    TRY(buf_end(&document, &text));
    return begin_answer(x, text);
}

// The document is made before anything is written: what cannot be written out is not released.
static enum err run(struct export *x, bool is_preview, struct str *bad)
{
    TRY(decide(x, bad));
    TRY(collect_all(x, true));
    TRY(write_document(x));
    if (is_preview)
        return ERR_OK;
    TRY(write_release(x));
    if (x->run.row.released == (int64_t)x->released)
        return ERR_OK;
    x->n = x->withheld = x->released = x->n_losses = 0;
    x->losses.len = 0;
    x->loss_out = json_out(&x->losses);
    json_begin_array(&x->loss_out);
    TRY(collect_all(x, false));
    return write_document(x);
}

// False, and answered, when a number or a time is none.
static bool read_filter(struct export *x)
{
    struct call *call = x->call;
    struct str since = call_parameter(call, "since");
    uint64_t after, limit;
    x->filter = (struct store_filter){
        .type = call_parameter(call, "type"), .source = call_parameter(call, "source")};
    if (!call_number(call, "after", 0, &after) || !call_number(call, "limit", ALL, &limit))
        return false;
    bool is_time = since.len == 0 || time_parse(since, &x->filter.since_us) == ERR_OK;
    if (limit == 0 || !is_time) {
        call_fail(call, ERR_INVALID,
            STR("limit is a whole number above 0, since is a time in UTC, such as "
                "2026-11-23T18:00:00Z"));
        return false;
    }
    x->filter.after = after > INT64_MAX ? INT64_MAX : (int64_t)after;
    x->filter.limit = limit;
    return true;
}

static const char *read_options(struct export *x)
{
    struct str format = call_parameter(x->call, "format"),
               warned = call_parameter(x->call, "warned");
    if (format_kind_parse(format, &x->format) != ERR_OK || x->format == FORMAT_STIX20)
        return "format is stix, misp, csv or text";
    if (warned.len && !str_eq(warned, STR("keep")))
        return "warned is keep, or left out";
    if (!gate_is_inside(&x->gate))
        return "an export is for a recipient of our own (<our party>/NAME); a partner gets "
               "releases";
    return NULL;
}

static void fail(struct call *call, enum err e, struct str bad)
{
    struct buf what = call_buf(call);
    if (e == ERR_LIMIT) {
        call_fail(call, e,
            STR("the document is too large: export fewer at a time, "
                "by limit and after, type, source or since"));
        return;
    }
    buf_put(&what, e == ERR_NOT_FOUND ? STR("no such object is held") : str_of(err_text(e)));
    buf_put(&what, bad.len ? STR(": ") : STR(""));
    buf_put(&what, bad);
    call_fail(call, e, buf_str(&what));
}

static void export_as_asked(struct export *x)
{
    struct str bad = {"", 0};
    struct gate *g = &x->gate;
    bool is_preview = call_parameter(x->call, "preview").len > 0;
    x->losses = call_buf(x->call);
    x->answer = call_buf(x->call);
    x->loss_out = json_out(&x->losses);
    json_begin_array(&x->loss_out);
    g->facts.channel = POLICY_EXPORT;
    // A list is of what was asked for: the values beside an indicator were not.
    g->only_markings = x->format == FORMAT_CSV || x->format == FORMAT_TEXT;
    enum err e = exchange_new_id(x->call->arena, g->facts.now_us, &g->view.view);
    if (e == ERR_OK && call_parameter(x->call, "warned").len == 0)
        e = warnings_hold(x->call->node, &x->warnings);
    if (e == ERR_OK)
        e = run(x, is_preview, &bad);
    if (x->warnings)
        warnings_drop(x->call->node, x->warnings);
    if (e != ERR_OK)
        fail(x->call, e, bad);
    else
        end_answer(x);
}

void api_export(struct call *call)
{
    struct export *x = NEW(call->arena, struct export);
    if (!x) {
        call_fail(call, ERR_LIMIT, STR(""));
        return;
    }
    x->call = call;
    enum err e = gate_open(call, call_parameter(call, "to"), &x->gate);
    const char *flaw = e == ERR_OK ? read_options(x) : NULL;
    if (e != ERR_OK)
        release_fail(call, e);
    else if (flaw)
        call_fail(call, ERR_INVALID, str_of(flaw));
    else if (read_filter(x))
        export_as_asked(x);
}
