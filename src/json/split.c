// SPDX-License-Identifier: Apache-2.0
// The splitter keeps a place in the document (enum place), the brackets around it as bits, and
// the unfinished text that began in an earlier chunk. An object of the document itself has to
// be kept until its `objects` array begins or it ends; from then on its text without the array
// is the envelope, which json_parse judges when the array begins and again when the object
// ends.
#include "json/split.h"

#include "scan_priv.h"
#include "json/json.h"

#include "base/limits.h"

#include <assert.h>
#include <string.h>

#define OBJECTS_BYTES_MAX (2 + 6 * 7) // quotes and seven escapes

enum place {
    BETWEEN,     // documents
    TOP_OBJECT,  // in an object of the document, before an `objects` array
    FIRST_ITEM,  // behind [: an item or ]
    ITEM,        // behind a comma
    CONTAINER,   // in an item that is an object or array
    TEXT,        // in an item that is a string
    SCALAR,      // in any other item
    BEHIND_ITEM, // a comma or ]
    TAIL,        // in an envelope, behind the array
};

// What comes next in an object of the document, as far as it must be known to find `objects`.
// Where a document breaks this order, json_parse refuses the envelope.
enum expect {
    KEY,
    COLON,
    VALUE,
};

enum step {
    GO_ON,
    HAND_OUT,
    HAND_OUT_ENVELOPE,
    NEED_MORE,
    FAILED,
};

struct json_splitter {
    struct arena *arena;
    size_t element_bytes_max;
    const char *chunk; // where it began
    const char *at;
    const char *end;
    uint64_t chunk_at; // position of the chunk in the document
    enum place place;
    bool has_document;

    // The unfinished text: `held` from earlier chunks, then the bytes from `piece` on.
    bool is_pending;
    const char *piece;
    struct buf held;
    uint64_t start; // its position

    bool in_string;
    bool behind_backslash;
    unsigned depth;
    uint64_t kinds; // of the brackets, the innermost lowest: 1 for [

    enum expect expect;
    size_t key_at; // of the last key in the unfinished text
    bool key_is_objects;

    bool in_bundle;       // the items are those of an `objects` array
    struct buf envelope;  // the array replaced by null
    uint64_t envelope_at; // position of the object
    size_t hole_at;       // of the null in the envelope
    uint64_t hole_from;   // position of the array
    uint64_t hole_bytes;  // length of the array
    bool wants_envelopes;

    enum err err;
    struct fault fault;
};

enum err json_splitter_new(
    struct arena *a, size_t element_bytes_max, struct json_splitter **out)
{
    struct json_splitter *s = NEW(a, struct json_splitter);
    if (!s)
        return ERR_LIMIT;
    s->arena = a;
    s->element_bytes_max = element_bytes_max;
    s->held = buf_in(a, SIZE_MAX / 2);
    s->envelope = buf_in(a, SIZE_MAX / 2);
    *out = s;
    return ERR_OK;
}

void json_splitter_want_envelopes(struct json_splitter *s)
{
    s->wants_envelopes = true;
}

bool json_splitter_in_bundle(const struct json_splitter *s)
{
    return s->in_bundle;
}

uint64_t json_splitter_envelope_at(const struct json_splitter *s, size_t at)
{
    return s->envelope_at + at + (at > s->hole_at ? s->hole_bytes - 4 : 0);
}

static uint64_t position(const struct json_splitter *s)
{
    return s->chunk_at + (uint64_t)(s->at - s->chunk);
}

static enum step refuse(struct json_splitter *s, enum err e, uint64_t at, const char *why)
{
    s->err = fault_set(&s->fault, e, (size_t)at, why);
    return FAILED;
}

static size_t pending_bytes(const struct json_splitter *s)
{
    return s->held.len + (size_t)(s->at - s->piece);
}

static void pending_begin(struct json_splitter *s)
{
    s->is_pending = true;
    s->piece = s->at;
    s->held.len = 0;
    s->start = position(s);
}

// A limit that was passed comes before whatever is wrong behind it, so that the answer does not
// depend on where the chunks end.
static enum step check_limits(struct json_splitter *s)
{
    if (s->place == TAIL && s->envelope.len + pending_bytes(s) > JSON_ENVELOPE_BYTES_MAX)
        return refuse(s, ERR_LIMIT, s->envelope_at, "what is around `objects` is too long");
    if (s->place != TAIL && pending_bytes(s) > s->element_bytes_max)
        return refuse(s, ERR_LIMIT, s->start, "an element is too long");
    return GO_ON;
}

static enum step refuse_here(struct json_splitter *s, enum err e, const char *why)
{
    if (s->is_pending && check_limits(s) == FAILED)
        return FAILED;
    return refuse(s, e, position(s), why);
}

// Moves the unfinished text of this chunk to what is held.
static enum step pending_hold(struct json_splitter *s)
{
    if (check_limits(s) == FAILED)
        return FAILED;
    buf_put(&s->held, (struct str){s->piece, (size_t)(s->at - s->piece)});
    s->piece = s->at;
    if (s->held.err != ERR_OK)
        return refuse(s, ERR_LIMIT, s->start, "an element needs more memory than allowed");
    return GO_ON;
}

// The unfinished text in one run.
static enum step pending_text(struct json_splitter *s, struct str *out)
{
    if (check_limits(s) == FAILED)
        return FAILED;
    *out = (struct str){s->piece, (size_t)(s->at - s->piece)};
    if (s->held.len == 0)
        return GO_ON;
    if (pending_hold(s) == FAILED)
        return FAILED;
    *out = buf_str(&s->held);
    return GO_ON;
}

static enum step element_end(struct json_splitter *s, enum place next, struct str *element)
{
    if (pending_text(s, element) == FAILED)
        return FAILED;
    s->is_pending = false;
    s->place = next;
    return HAND_OUT;
}

static enum step chunk_end(struct json_splitter *s)
{
    if (s->is_pending && pending_hold(s) == FAILED)
        return FAILED;
    return NEED_MORE;
}

static void skip_blank(struct json_splitter *s)
{
    while (
        s->at < s->end && (*s->at == ' ' || *s->at == '\n' || *s->at == '\r' || *s->at == '\t'))
        s->at++;
}

// From inside a string to behind its closing quote; false when the chunk ends before.
static bool skip_string(struct json_splitter *s)
{
    while (s->at < s->end) {
        if (s->behind_backslash) {
            s->behind_backslash = false;
            s->at++;
            continue;
        }
        s->at = json_scan_quote(s->at, s->end);
        if (s->at == s->end)
            break;
        s->in_string = *s->at != '"';
        s->behind_backslash = s->in_string;
        s->at++;
        if (!s->in_string)
            return true;
    }
    return false;
}

static bool is_opening(char c)
{
    return c == '{' || c == '[';
}

static bool is_closing(char c)
{
    return c == '}' || c == ']';
}

static enum step bracket_push(struct json_splitter *s)
{
    if (s->depth == JSON_DEPTH_MAX)
        return refuse_here(s, ERR_LIMIT, "values are nested too deeply");
    s->depth++;
    s->kinds = s->kinds << 1 | (*s->at++ == '[');
    return GO_ON;
}

static enum step bracket_pop(struct json_splitter *s)
{
    bool is_array = s->kinds & 1;
    if (*s->at != (is_array ? ']' : '}'))
        return refuse_here(s, ERR_INVALID, is_array ? "] must be here" : "} must be here");
    s->at++;
    s->depth--;
    s->kinds >>= 1;
    return GO_ON;
}

// Goes on until no more than `depth` brackets are open.
static enum step skip_nested(struct json_splitter *s, unsigned depth)
{
    while (s->depth > depth) {
        if (s->in_string && !skip_string(s))
            return chunk_end(s);
        s->at = json_scan_bracket(s->at, s->end);
        if (s->at == s->end)
            return chunk_end(s);
        enum step step = GO_ON;
        if (*s->at == '"') {
            s->in_string = true;
            s->at++;
        } else {
            step = is_opening(*s->at) ? bracket_push(s) : bracket_pop(s);
        }
        if (step != GO_ON)
            return step;
    }
    return GO_ON;
}

static enum step envelope_check(struct json_splitter *s, struct str text)
{
    if (s->envelope.err != ERR_OK)
        return refuse(s, ERR_LIMIT, s->envelope_at,
            "what is around `objects` needs more memory than allowed");
    struct arena_mark mark = arena_mark(s->arena);
    struct json v;
    struct fault fault = {0};
    enum err e = json_parse(s->arena, text, &v, &fault);
    arena_rewind(s->arena, mark);
    if (e == ERR_OK)
        return GO_ON;
    return refuse(s, e, json_splitter_envelope_at(s, fault.at), fault.why);
}

// At the [ of the `objects` array: what came before becomes the envelope.
static enum step bundle_begin(struct json_splitter *s)
{
    struct str text;
    if (pending_text(s, &text) == FAILED)
        return FAILED;
    if (text.len > JSON_ENVELOPE_BYTES_MAX)
        return refuse(s, ERR_LIMIT, s->start, "what is around `objects` is too long");
    s->envelope.len = 0;
    s->envelope_at = s->start;
    s->hole_at = text.len;
    s->hole_from = position(s);
    s->hole_bytes = 4;
    buf_put(&s->envelope, text);
    buf_put(&s->envelope, STR("null}"));
    if (envelope_check(s, buf_str(&s->envelope)) == FAILED)
        return FAILED;
    s->envelope.len--;
    s->is_pending = false;
    s->in_bundle = true;
    s->place = FIRST_ITEM;
    s->at++;
    return GO_ON;
}

static enum step items_end(struct json_splitter *s)
{
    s->at++;
    if (!s->in_bundle) {
        s->place = BETWEEN;
        return GO_ON;
    }
    s->hole_bytes = position(s) - s->hole_from;
    s->place = TAIL;
    s->depth = 1;
    s->kinds = 0;
    pending_begin(s);
    return GO_ON;
}

static enum step in_tail(struct json_splitter *s, struct str *element)
{
    enum step step = skip_nested(s, 0);
    if (step != GO_ON)
        return step;
    struct str text;
    if (pending_text(s, &text) == FAILED)
        return FAILED;
    buf_put(&s->envelope, text);
    s->is_pending = s->in_bundle = false;
    s->place = BETWEEN;
    s->start = s->envelope_at;
    *element = buf_str(&s->envelope);
    step = envelope_check(s, *element);
    return step == GO_ON && s->wants_envelopes ? HAND_OUT_ENVELOPE : step;
}

static enum step between(struct json_splitter *s)
{
    skip_blank(s);
    if (s->at == s->end)
        return NEED_MORE;
    if (position(s) == 0 && *s->at == '\xEF')
        return refuse_here(s, ERR_INVALID, "the text begins with a byte order mark");
    if (!is_opening(*s->at))
        return refuse_here(s, ERR_INVALID, "an object or an array must be here");
    s->has_document = true;
    if (*s->at == '[') {
        s->place = FIRST_ITEM;
        s->at++;
        return GO_ON;
    }
    pending_begin(s);
    s->place = TOP_OBJECT;
    s->expect = KEY;
    return bracket_push(s);
}

// Whether the text of a key, with its quotes, means `objects`.
static enum err is_objects(struct arena *a, struct str key, bool *out)
{
    struct json v;
    *out = str_eq(key, STR("\"objects\""));
    if (key.len > OBJECTS_BYTES_MAX || str_index(key, '\\') == key.len)
        return ERR_OK;
    struct arena_mark mark = arena_mark(a);
    enum err e = json_parse(a, key, &v, NULL);
    *out = e == ERR_OK && json_is_string(v, STR("objects"));
    arena_rewind(a, mark);
    return e == ERR_LIMIT ? e : ERR_OK; // a key that is no JSON is refused with its object
}

// Behind the closing quote of a key.
static enum step key_end(struct json_splitter *s)
{
    struct str text;
    if (pending_text(s, &text) == FAILED)
        return FAILED;
    s->expect = COLON;
    if (is_objects(s->arena, str_from(text, s->key_at), &s->key_is_objects) != ERR_OK)
        return refuse(s, ERR_LIMIT, s->start, "an element needs more memory than allowed");
    return GO_ON;
}

// One byte of an object of the document, outside its strings and inner brackets.
static enum step top_byte(struct json_splitter *s)
{
    char c = *s->at;
    if (c == '"') {
        s->in_string = true;
        s->key_at = pending_bytes(s);
    } else if (c == ',') {
        s->expect = KEY;
    } else if (c == ':' && s->expect == COLON) {
        s->expect = VALUE;
    } else if (c == '[' && s->expect == VALUE && s->key_is_objects) {
        return bundle_begin(s);
    } else if (is_opening(c)) {
        return bracket_push(s);
    } else if (is_closing(c)) {
        return bracket_pop(s);
    }
    s->at++;
    return GO_ON;
}

static enum step in_top_object(struct json_splitter *s, struct str *element)
{
    while (s->depth) {
        enum step step = skip_nested(s, 1);
        if (step == GO_ON && s->at == s->end)
            step = chunk_end(s);
        if (step == GO_ON && s->in_string) {
            if (!skip_string(s))
                step = chunk_end(s);
            else if (s->expect == KEY)
                step = key_end(s);
        } else if (step == GO_ON) {
            step = top_byte(s);
        }
        if (step != GO_ON || s->place != TOP_OBJECT)
            return step;
    }
    return element_end(s, BETWEEN, element);
}

static enum step at_item(struct json_splitter *s)
{
    skip_blank(s);
    if (s->at == s->end)
        return NEED_MORE;
    char c = *s->at;
    if (c == ']' && s->place == FIRST_ITEM)
        return items_end(s);
    if (is_closing(c) || c == ',' || c == ':')
        return refuse_here(s, ERR_INVALID, "a value must be here");
    pending_begin(s);
    s->depth = 0;
    s->place = SCALAR;
    if (is_opening(c)) {
        s->place = CONTAINER;
        return bracket_push(s);
    }
    if (c == '"') {
        s->place = TEXT;
        s->in_string = true;
        s->at++;
    }
    return GO_ON;
}

static enum step behind_item(struct json_splitter *s)
{
    skip_blank(s);
    if (s->at == s->end)
        return NEED_MORE;
    if (*s->at == ']')
        return items_end(s);
    if (*s->at != ',')
        return refuse_here(s, ERR_INVALID, "a comma or ] must be here");
    s->at++;
    s->place = ITEM;
    return GO_ON;
}

static enum step in_scalar(struct json_splitter *s, struct str *element)
{
    while (s->at < s->end && !memchr(" \n\r\t,:\"[]{}", *s->at, 11))
        s->at++;
    if (s->at == s->end)
        return chunk_end(s);
    return element_end(s, BEHIND_ITEM, element);
}

static enum step in_container(struct json_splitter *s, struct str *element)
{
    enum step step = skip_nested(s, 0);
    return step == GO_ON ? element_end(s, BEHIND_ITEM, element) : step;
}

static enum step in_text(struct json_splitter *s, struct str *element)
{
    return skip_string(s) ? element_end(s, BEHIND_ITEM, element) : chunk_end(s);
}

static enum step step_next(struct json_splitter *s, struct str *element)
{
    switch (s->place) {
    case BETWEEN:
        return between(s);
    case TOP_OBJECT:
        return in_top_object(s, element);
    case FIRST_ITEM:
    case ITEM:
        return at_item(s);
    case CONTAINER:
        return in_container(s, element);
    case TEXT:
        return in_text(s, element);
    case SCALAR:
        return in_scalar(s, element);
    case BEHIND_ITEM:
        return behind_item(s);
    case TAIL:
        return in_tail(s, element);
    }
    return FAILED;
}

void json_splitter_feed(struct json_splitter *s, struct str chunk)
{
    assert(s->err != ERR_OK || s->at == s->end); // the chunk before is used up
    s->chunk_at += (uint64_t)(s->end - s->chunk);
    s->chunk = s->at = s->piece = chunk.len ? chunk.ptr : "";
    s->end = s->chunk + chunk.len;
}

enum json_split json_splitter_next(struct json_splitter *s, struct str *element, uint64_t *at)
{
    enum step step = s->err == ERR_OK ? GO_ON : FAILED;
    struct str text = {0};
    while (step == GO_ON)
        step = step_next(s, &text);
    if (step == FAILED)
        return JSON_SPLIT_FAILED;
    if (step == NEED_MORE)
        return JSON_SPLIT_MORE;
    *element = text;
    *at = s->start;
    return step == HAND_OUT ? JSON_SPLIT_ELEMENT : JSON_SPLIT_ENVELOPE;
}

enum err json_splitter_end(struct json_splitter *s, struct fault *fault)
{
    assert(s->err != ERR_OK || s->at == s->end);
    if (s->err == ERR_OK && s->place != BETWEEN)
        refuse_here(s, ERR_INVALID, "the text ends inside a document");
    else if (s->err == ERR_OK && !s->has_document)
        refuse_here(s, ERR_INVALID, "the text holds no document");
    return json_splitter_fault(s, fault);
}

enum err json_splitter_fault(const struct json_splitter *s, struct fault *fault)
{
    if (s->err != ERR_OK && fault)
        *fault = s->fault;
    return s->err;
}
