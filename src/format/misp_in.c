// SPDX-License-Identifier: Apache-2.0
// From a document to its events, and from an event to its pieces. The tags of an event may
// stand behind what they mark, so each event is walked once for its own members, then for its
// lists.
#include "format/misp_priv.h"

#include "base/limits.h"
#include "base/sort.h"
#include "base/utf8.h"
#include "format/seen_priv.h"
#include "format/walk_priv.h"

#define PIECE_BYTES_MAX STIX_OBJECT_BYTES_MAX
#define SCRATCH_BYTES   (256 * MIB)
#define REFS_MAX        50000 // of one report; what is more goes into groupings that it names

typedef enum err take_piece(struct misp *m, struct json v);

// Each item of a list: parsed, taken, forgotten.
static enum err each_item(struct misp *m, size_t at, take_piece *take)
{
    struct walk w = walk_from(m->document, at);
    for (enum err e; (e = walk_next(&w, m->fault)) != ERR_NOT_FOUND;) {
        struct arena_mark mark = arena_mark(&m->scratch);
        struct fault inner = {0};
        struct json v;
        TRY(e);
        m->piece = w.value;
        m->piece_at = w.value_at;
        m->marking = m->event->tags.marking;
        if (w.value.len > PIECE_BYTES_MAX) {
            TRY(misp_lose(m, STR(""), "", "refused", "a piece of more than 8 MiB"));
            continue;
        }
        e = json_parse(&m->scratch, w.value, &v, &inner);
        if (e != ERR_OK)
            return fault_set(m->fault, e, w.value_at + inner.at, inner.why);
        TRY(take(m, v));
        arena_rewind(&m->scratch, mark);
    }
    return ERR_OK;
}

// Lists that are walked by themselves, whatever their size.
static const struct {
    const char *key;
    take_piece *take;
} lists[] = {
    {"Attribute", misp_read_attribute},
    {"Object", misp_read_object},
    {"EventReport", misp_read_report},
    {"ShadowAttribute", misp_read_proposal},
};

static bool is_list(struct str key, size_t *which)
{
    for (size_t i = 0; i < LEN(lists); i++)
        if (str_eq(str_of(lists[i].key), key)) {
            *which = i;
            return true;
        }
    return false;
}

// The members of an event but its lists, as one JSON text. *at: of each list, 0 for none.
static enum err read_head(
    struct misp *m, size_t at, size_t lists_at[static LEN(lists)], struct str *head)
{
    struct buf b = buf_in(&m->scratch, PIECE_BYTES_MAX);
    struct json_out o = json_out(&b);
    struct walk w = walk_from(m->document, at);
    json_begin_object(&o);
    for (enum err e; (e = walk_next(&w, m->fault)) != ERR_NOT_FOUND;) {
        size_t which;
        TRY(e);
        if (is_list(w.key, &which) && w.value.ptr[0] == '[') {
            if (lists_at[which])
                return fault_set(m->fault, ERR_INVALID, w.value_at, "a key twice");
            lists_at[which] = w.value_at;
            continue;
        }
        buf_put(&b, o.needs_comma ? STR(",\"") : STR("\""));
        buf_put(&b, w.key);
        buf_put(&b, STR("\":"));
        buf_put(&b, w.value);
        o.needs_comma = true;
    }
    json_end_object(&o);
    return buf_end(&b, head) == ERR_OK ? ERR_OK
                                       : fault_set(m->fault, ERR_LIMIT, at,
                                             "an event's own members are more than 8 MiB");
}

static enum err read_event_fields(struct misp *m, struct json v, struct misp_event *e)
{
    struct json orgc;
    TRY(misp_uuid(m, v, &e->uuid));
    e->info = misp_text(m, v, "info");
    e->begun_us = misp_time(m, v, "date");
    e->at_us = misp_seconds(m, v, "timestamp");
    e->is_published = misp_flag(v, "published");
    TRY(misp_mark(m, v, e->uuid, (struct misp_marking){0}, &e->tags));
    m->marking = e->tags.marking;
    if (json_get(v, STR("Orgc"), &orgc) && json_is(orgc, JSON_OBJECT))
        TRY(misp_read_creator(m, orgc, &e->creator));
    struct buf id = buf_in(&m->scratch, KIB);
    buf_put(&id, e->is_published ? STR("report--") : STR("grouping--"));
    buf_put(&id, e->uuid);
    return buf_end(&id, &e->id);
}

// An answer to a search for attributes is no event: it has no name and no report.
static bool has_report(const struct misp_event *e)
{
    return e->id.len && e->info.len;
}

static int compare_refs(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static enum err sort_refs(struct misp *m)
{
    struct misp_event *e = m->event;
    size_t kept = 0;
    struct str *spare = NEW_N(&m->scratch, struct str, e->n_refs + 1);
    if (!spare)
        return ERR_LIMIT;
    sort_items(e->refs, spare, e->n_refs, sizeof *spare, compare_refs);
    for (size_t i = 0; i < e->n_refs; i++)
        if (i == 0 || !str_eq(e->refs[i], e->refs[kept - 1]))
            e->refs[kept++] = e->refs[i];
    e->n_refs = kept;
    return ERR_OK;
}

static enum err begin_report(
    struct misp *m, struct str type, struct str uuid, struct misp_made *made)
{
    const struct misp_event *e = m->event;
    const struct misp_head head = {.type = type,
        .uuid = uuid,
        .created_us = e->begun_us,
        .modified_us = e->at_us,
        .tags = e->tags};
    return misp_begin(m, &head, made);
}

// The refs from `from` on, in a grouping of their own.
static enum err put_part(struct misp *m, size_t from, size_t n, struct str *id)
{
    struct buf name = buf_in(&m->scratch, PIECE_BYTES_MAX);
    struct misp_made made;
    struct str uuid;
    buf_put(&name, m->event->info);
    buf_put(&name, STR(", from "));
    buf_put_u64(&name, from + 1);
    buf_put(&name, STR(" on"));
    TRY(make_id(&m->scratch, STR("x"), m->event->refs[from], &uuid));
    TRY(begin_report(m, STR("grouping"), str_from(uuid, 3), &made));
    json_member_string(&made.out, STR("name"), buf_str(&name));
    json_member_string(&made.out, STR("context"), STR("unspecified"));
    json_member_strings(&made.out, STR("object_refs"), m->event->refs + from, n);
    *id = made.id;
    return misp_end(m, &made, false);
}

// Of more than a report may name, all but the first are in groupings, which it names.
static enum err split_refs(struct misp *m)
{
    struct misp_event *e = m->event;
    size_t n = 0;
    if (e->n_refs <= REFS_MAX)
        return ERR_OK;
    TRY(misp_lose(m, e->id, "object_refs", "changed",
        "more objects than a report names: they are in groupings, which it names"));
    for (size_t from = 0; from < e->n_refs; from += REFS_MAX) {
        size_t count = e->n_refs - from < REFS_MAX ? e->n_refs - from : REFS_MAX;
        struct str id;
        TRY(put_part(m, from, count, &id));
        TRY(str_copy(m->a, id, &e->refs[n++]));
    }
    e->n_refs = n;
    return ERR_OK;
}

static enum err put_report(struct misp *m, struct str head)
{
    struct misp_event *e = m->event;
    struct misp_made made;
    m->piece = head;
    m->piece_at = e->at;
    if (e->n_refs == (e->creator.len > 0))
        return misp_lose(m, e->id, "", "refused", "an event without content");
    TRY(sort_refs(m));
    TRY(split_refs(m));
    TRY(begin_report(m, e->is_published ? STR("report") : STR("grouping"), e->uuid, &made));
    json_member_string(&made.out, STR("name"), e->info);
    if (e->is_published)
        json_member_time(&made.out, STR("published"),
            e->begun_us ? e->begun_us
            : e->at_us  ? e->at_us
                        : m->about->now_us);
    else
        json_member_string(&made.out, STR("context"), STR("suspicious-activity"));
    json_member_strings(&made.out, STR("object_refs"), e->refs, e->n_refs);
    return misp_end(m, &made, false);
}

static enum err each_list(struct misp *m, const size_t lists_at[static LEN(lists)])
{
    for (size_t i = 0; i < LEN(lists); i++)
        if (lists_at[i])
            TRY(each_item(m, lists_at[i], lists[i].take));
    return lists_at[1] ? each_item(m, lists_at[1], misp_read_references) : ERR_OK;
}

static enum err read_event(struct misp *m, size_t at)
{
    struct arena_mark mark = arena_mark(&m->scratch);
    struct misp_event event = {.at = at};
    struct fault inner = {0};
    struct str head;
    struct json v;
    size_t lists_at[LEN(lists)] = {0};
    m->event = &event;
    TRY(read_head(m, at, lists_at, &head));
    m->piece = head;
    m->piece_at = at;
    enum err e = json_parse(&m->scratch, head, &v, &inner);
    if (e != ERR_OK)
        return fault_set(m->fault, e, at, inner.why);
    TRY(read_event_fields(m, v, &event));
    if (!lists_at[0] && !lists_at[1] && event.info.len == 0)
        return misp_lose(m, event.uuid, "", "refused", "this is no event");
    m->n_events++;
    TRY(each_list(m, lists_at));
    m->piece = head;
    m->piece_at = at;
    m->marking = event.tags.marking;
    TRY(misp_read_galaxies(m, v, STR("")));
    if (has_report(&event))
        TRY(put_report(m, head));
    arena_rewind(&m->scratch, mark);
    return ERR_OK;
}

// The document ----------------------------------------------------------------------------

// The value of a key of the object at `at`; 0 when it is not there.
static enum err find_member(struct misp *m, size_t at, const char *key, size_t *found)
{
    struct walk w = walk_from(m->document, at);
    *found = 0;
    for (enum err e; (e = walk_next(&w, m->fault)) != ERR_NOT_FOUND;) {
        TRY(e);
        if (str_eq(w.key, str_of(key)) && (w.value.ptr[0] == '{' || w.value.ptr[0] == '['))
            *found = w.value_at;
    }
    return ERR_OK;
}

static enum err read_wrapped(struct misp *m, size_t at)
{
    size_t inner;
    if (m->document.ptr[at] != '{')
        return fault_set(m->fault, ERR_INVALID, at, "a MISP event is missing");
    TRY(find_member(m, at, "Event", &inner));
    if (inner && m->document.ptr[inner] == '{')
        return read_event(m, inner);
    return read_event(m, at);
}

static enum err read_events(struct misp *m, size_t at)
{
    struct walk w = walk_from(m->document, at);
    if (m->document.ptr[at] == '{')
        return read_wrapped(m, at);
    for (enum err e; (e = walk_next(&w, m->fault)) != ERR_NOT_FOUND;) {
        TRY(e);
        TRY(read_wrapped(m, w.value_at));
    }
    return ERR_OK;
}

static enum err read_document(struct misp *m)
{
    size_t at = str_starts(m->document, STR("\xef\xbb\xbf")) ? 3 : 0, response = 0, end;
    size_t bad = utf8_invalid_at(m->document);
    if (bad < m->document.len)
        return fault_set(m->fault, ERR_INVALID, bad, "the text is not UTF-8");
    at = walk_blanks(m->document, at);
    TRY(walk_skip(m->document, at, &end, m->fault));
    end = walk_blanks(m->document, end);
    if (end < m->document.len)
        return fault_set(m->fault, ERR_INVALID, end, "there is text behind the document");
    if (m->document.ptr[at] != '{' && m->document.ptr[at] != '[')
        return fault_set(m->fault, ERR_INVALID, at, "this is no MISP event");
    if (m->document.ptr[at] == '{')
        TRY(find_member(m, at, "response", &response));
    TRY(read_events(m, response ? response : at));
    return m->n_events ? misp_put_observables(m)
                       : fault_set(m->fault, ERR_INVALID, at, "there is no MISP event in it");
}

enum err format_misp_read(struct arena *a, struct str document,
    const struct format_about *about, const struct format_sink *sink, struct fault *fault)
{
    struct misp m = {
        .a = a, .about = about, .sink = sink, .document = document, .fault = fault};
    arena_init(&m.scratch, SCRATCH_BYTES);
    enum err e = read_document(&m);
    arena_release(&m.scratch);
    return e;
}
