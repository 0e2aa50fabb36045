// SPDX-License-Identifier: Apache-2.0
// The object's tree is walked once. The selectors are sorted, and each value carries the range
// of those beneath it, so the walk is linear in the object and logarithmic in the selectors.
#include "policy/redact_priv.h"

#include "base/limits.h"
#include "base/sort.h"
#include "json/write.h"

enum ref_form {
    REF_NONE,
    REF_ONE,  // a string that names an object
    REF_LIST, // a list of such
};

// Where a value stands.
struct place {
    size_t low, high;             // the selectors beneath it
    size_t at;                    // where in their text its children's components begin
    const struct handling *label; // of the value
    enum ref_form form;
    bool is_local; // in a container whose references are local keys
};

static int by_text(const void *a, const void *b)
{
    const struct selector *left = a, *right = b;
    int order = str_cmp(left->text, right->text);
    return order ? order
                 : (left->granular > right->granular) - (left->granular < right->granular);
}

static enum err part_find(
    struct writing *w, const struct stix_granular *granular, const struct handling **out)
{
    struct stix_marking marking;
    struct handling *part = NEW(w->arena, struct handling);
    *out = NULL;
    if (!part)
        return ERR_LIMIT;
    if (granular->marking_ref.len == 0 ||
        policy_marking_find(w->markings, granular->marking_ref, &marking) != ERR_OK ||
        marking.kind == STIX_MARKING_STATEMENT)
        return ERR_OK;
    struct handling h = policy_marking_handling(&marking), nothing = {0};
    TRY(policy_handling_fold(w->arena, &h, &nothing, part)); // copies the lists
    *out = part;
    return ERR_OK;
}

static enum err selectors_read(struct writing *w)
{
    const struct stix_object *o = w->object;
    size_t n = 0, room = 0;
    for (size_t i = 0; i < o->n_granular; i++)
        room += json_len(o->granular[i].selectors);
    struct selector *items = NEW_N(w->arena, struct selector, room + 1);
    struct selector *spare = NEW_N(w->arena, struct selector, room + 1);
    if (!items || !spare)
        return ERR_LIMIT;
    for (size_t i = 0; i < o->n_granular; i++) {
        const struct handling *part;
        TRY(part_find(w, &o->granular[i], &part));
        for (struct json_iter it = json_iter(o->granular[i].selectors); json_next(&it); n++) {
            items[n] = (struct selector){.granular = i, .part = part};
            TRY(json_string(w->arena, it.value, &items[n].text));
        }
    }
    sort_items(items, spare, n, sizeof *items, by_text);
    w->selectors = items;
    w->n_selectors = n;
    return ERR_OK;
}

// How a selector's text from `at` on compares with a component, and with a dot behind it.
static int component_compare(struct str rest, struct str component, bool has_dot)
{
    int order = str_cmp(str_to(rest, component.len), component);
    if (order || !has_dot)
        return order;
    if (rest.len == component.len)
        return -1;
    unsigned char next = (unsigned char)rest.ptr[component.len];
    return (next > '.') - (next < '.');
}

struct range {
    size_t low, high;
};

static size_t bound(const struct writing *w, const struct place *in, struct str component,
    bool has_dot, bool is_upper)
{
    size_t low = in->low, high = in->high;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct str rest = str_from(w->selectors[middle].text, in->at);
        int order = component_compare(rest, component, has_dot);
        if (order < 0 || (is_upper && order == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

// The selectors that name the child itself: they sort first of those that begin with it.
static struct range named(const struct writing *w, const struct place *in, struct str component)
{
    struct range r = {bound(w, in, component, false, false), 0};
    for (r.high = r.low; r.high < in->high; r.high++)
        if (w->selectors[r.high].text.len != in->at + component.len ||
            component_compare(str_from(w->selectors[r.high].text, in->at), component, false))
            break;
    return r;
}

static struct range beneath(
    const struct writing *w, const struct place *in, struct str component)
{
    return (struct range){
        bound(w, in, component, true, false), bound(w, in, component, true, true)};
}

static void range_end(struct writing *w, struct range r)
{
    for (size_t i = r.low; i < r.high; i++) {
        w->selectors[i].is_found = true;
        w->selectors[i].kept = (struct str){"", 0};
    }
}

// The same decision as for the row. A part that would only have to wait goes no more than one
// that is denied: waiting for it would show that there is one.
static bool part_may_go(const struct writing *w, const struct handling *label)
{
    struct policy_facts facts = *w->facts;
    facts.label = (struct policy_label){.handling = *label};
    facts.is_redacted = true;
    return policy_decide(&facts).result == POLICY_PERMIT;
}

// Folds what the selectors of a value say into its label, and judges it.
static enum err value_judge(
    struct writing *w, struct range r, struct place *child, bool *is_gone)
{
    struct handling *label = NULL;
    for (size_t i = r.low; i < r.high; i++) {
        w->selectors[i].is_found = true;
        if (!w->selectors[i].part)
            continue;
        if (!label) {
            label = NEW(w->arena, struct handling);
            if (!label)
                return ERR_LIMIT;
            *label = *child->label;
        }
        TRY(policy_handling_fold(w->arena, label, w->selectors[i].part, label));
    }
    if (label)
        child->label = label;
    *is_gone = label && !w->is_whole && !part_may_go(w, label);
    return ERR_OK;
}

static enum err value_put(
    struct writing *w, const struct place *here, struct json v, bool *is_gone);

struct mark {
    size_t out, path;
};

static struct mark mark_now(const struct writing *w)
{
    return (struct mark){w->out.len, w->path.len};
}

static void path_put(struct writing *w, const struct place *in, struct str component)
{
    if (in->low == in->high) // nobody asks for it
        return;
    if (w->path.len)
        buf_put_byte(&w->path, '.');
    buf_put(&w->path, component);
}

static enum err selectors_keep(struct writing *w, struct range r)
{
    for (size_t i = r.low; i < r.high; i++)
        TRY(str_copy(w->arena, buf_str(&w->path), &w->selectors[i].kept));
    return ERR_OK;
}

struct child {
    struct place place;
    struct range named, beneath;
};

static enum err child_look(struct writing *w, const struct place *in, struct str component,
    struct child *out, bool *is_gone)
{
    out->named = named(w, in, component);
    out->beneath = beneath(w, in, component);
    out->place = (struct place){.low = out->beneath.low,
        .high = out->beneath.high,
        .at = in->at + component.len + 1,
        .label = in->label,
        .is_local = in->is_local};
    return value_judge(w, out->named, &out->place, is_gone);
}

// After the child: what is gone leaves no byte behind, and no selector.
static enum err child_end(
    struct writing *w, const struct child *child, struct mark before, bool is_gone)
{
    if (is_gone) {
        w->out.len = before.out;
        w->is_changed = true;
        range_end(w, child->named);
        range_end(w, child->beneath);
    } else {
        TRY(selectors_keep(w, child->named));
    }
    w->path.len = before.path;
    TRY(w->path.err);
    return w->out.err;
}

static struct str index_text(char text[static 24], size_t index)
{
    size_t at = 24;
    text[--at] = ']';
    do
        text[--at] = (char)('0' + index % 10);
    while (index /= 10);
    text[--at] = '[';
    return (struct str){text + at, 24 - at};
}

// NOLINTNEXTLINE(misc-no-recursion): no deeper than JSON_DEPTH_MAX
static enum err items_put(
    struct writing *w, const struct place *here, struct json list, bool *is_gone)
{
    size_t index = 0, kept = 0;
    char was[24], is[24];
    buf_put_byte(&w->out, '[');
    for (struct json_iter it = json_iter(list); json_next(&it); index++) {
        struct child child;
        struct mark before = mark_now(w);
        bool gone;
        TRY(child_look(w, here, index_text(was, index), &child, &gone));
        child.place.form = here->form == REF_LIST ? REF_ONE : REF_NONE;
        path_put(w, here, index_text(is, kept));
        if (kept)
            buf_put_byte(&w->out, ',');
        if (!gone)
            TRY(value_put(w, &child.place, it.value, &gone));
        TRY(child_end(w, &child, before, gone));
        kept += !gone;
    }
    buf_put_byte(&w->out, ']');
    *is_gone = kept == 0 && index > 0;
    return ERR_OK;
}

static enum ref_form form_of(const struct place *here, struct str key)
{
    if (here->is_local || str_eq(key, STR("created_by_ref")))
        return REF_NONE;
    return str_ends(key, STR("_refs"))  ? REF_LIST
           : str_ends(key, STR("_ref")) ? REF_ONE
                                        : REF_NONE;
}

static void key_put(struct writing *w, const struct json_iter *it, bool is_first)
{
    if (!is_first)
        buf_put_byte(&w->out, ',');
    buf_put_byte(&w->out, '"');
    buf_put(&w->out, it->key); // as it was written
    buf_put(&w->out, STR("\":"));
}

// NOLINTNEXTLINE(misc-no-recursion): no deeper than JSON_DEPTH_MAX
static enum err members_put(
    struct writing *w, const struct place *here, struct json object, bool *is_gone)
{
    size_t kept = 0;
    buf_put_byte(&w->out, '{');
    for (struct json_iter it = json_iter(object); json_next(&it);) {
        struct child child;
        struct str key;
        struct mark before = mark_now(w);
        bool gone;
        TRY(json_key(w->arena, &it, &key));
        TRY(child_look(w, here, key, &child, &gone));
        child.place.form = form_of(here, key);
        path_put(w, here, key);
        key_put(w, &it, kept == 0);
        if (!gone)
            TRY(value_put(w, &child.place, it.value, &gone));
        TRY(child_end(w, &child, before, gone));
        kept += !gone;
    }
    buf_put_byte(&w->out, '}');
    *is_gone = kept == 0 && json_len(object) > 0;
    return ERR_OK;
}

struct str writing_name(const struct writing *w, struct str id)
{
    size_t low = 0, high = w->names ? w->names->n : 0;
    if (!w->names || id.len == 0 || stix_is_builtin(id))
        return id;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(w->names->items[middle].id, id);
        if (order == 0)
            return w->names->items[middle].as;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return (struct str){"", 0};
}

static enum err ref_put(struct writing *w, struct json v, bool *is_gone)
{
    struct str id;
    TRY(json_string(w->arena, v, &id));
    struct str name = writing_name(w, id);
    *is_gone = name.len == 0 && id.len > 0;
    if (str_eq(name, id)) {
        buf_put(&w->out, json_span(v));
        return ERR_OK;
    }
    w->is_changed = true;
    struct json_out o = json_out(&w->out);
    json_put_string(&o, name);
    return ERR_OK;
}

// NOLINTNEXTLINE(misc-no-recursion): no deeper than JSON_DEPTH_MAX
static enum err value_put(
    struct writing *w, const struct place *here, struct json v, bool *is_gone)
{
    *is_gone = false;
    if (json_is(v, JSON_ARRAY))
        return items_put(w, here, v, is_gone);
    if (json_is(v, JSON_OBJECT))
        return members_put(w, here, v, is_gone);
    if (here->form == REF_ONE && json_is(v, JSON_STRING))
        return ref_put(w, v, is_gone);
    buf_put(&w->out, json_span(v));
    return ERR_OK;
}

// What is settled apart from the rest of the object.
static bool is_apart(const struct writing *w, struct str key)
{
    return str_eq(key, STR("object_marking_refs")) || str_eq(key, STR("granular_markings")) ||
           (w->is_bare && str_eq(key, STR("modified")));
}

static enum err top_value_put(
    struct writing *w, const struct child *child, struct str key, struct json v, bool *is_gone)
{
    struct str text = str_eq(key, STR("id"))         ? w->id
                      : str_eq(key, STR("modified")) ? w->modified
                                                     : (struct str){"", 0};
    struct json_out o = json_out(&w->out);
    *is_gone = false;
    if (text.len == 0)
        return value_put(w, &child->place, v, is_gone);
    json_put_string(&o, text);
    return ERR_OK;
}

static enum err top_put(struct writing *w, size_t *kept)
{
    struct place top = {.high = w->n_selectors, .label = &w->facts->label.handling};
    bool has_container = str_eq(w->object->id.type, STR("observed-data"));
    for (struct json_iter it = json_iter(w->object->root); json_next(&it);) {
        struct child child;
        struct str key;
        struct mark before = mark_now(w);
        bool gone;
        TRY(json_key(w->arena, &it, &key));
        if (is_apart(w, key))
            continue;
        TRY(child_look(w, &top, key, &child, &gone));
        child.place.form = form_of(&top, key);
        child.place.is_local = has_container && str_eq(key, STR("objects"));
        path_put(w, &top, key);
        key_put(w, &it, *kept == 0);
        if (!gone)
            TRY(top_value_put(w, &child, key, it.value, &gone));
        TRY(child_end(w, &child, before, gone));
        *kept += !gone;
    }
    return ERR_OK;
}

static void refs_put(struct json_out *o, struct marking_refs refs)
{
    if (refs.n == 0)
        return;
    json_put_key(o, STR("object_marking_refs"));
    json_begin_array(o);
    for (size_t i = 0; i < refs.n; i++)
        json_put_string(o, refs.items[i]);
    json_end_array(o);
}

static int by_granular(const void *a, const void *b)
{
    const struct selector *left = a, *right = b;
    return (left->granular > right->granular) - (left->granular < right->granular);
}

// The selectors that are left, in the order of their markings.
static enum err selectors_left(struct writing *w, struct selector **out, size_t *n)
{
    struct selector *items = NEW_N(w->arena, struct selector, w->n_selectors + 1);
    struct selector *spare = NEW_N(w->arena, struct selector, w->n_selectors + 1);
    if (!items || !spare)
        return ERR_LIMIT;
    *n = 0;
    for (size_t i = 0; i < w->n_selectors; i++)
        if (w->selectors[i].kept.len)
            items[(*n)++] = w->selectors[i];
    sort_items(items, spare, *n, sizeof *items, by_granular);
    *out = items;
    return ERR_OK;
}

// A marking that the recipient does not get restricts nothing (policy_cut needs the others).
static struct str granular_name(const struct writing *w, const struct stix_granular *granular)
{
    return granular->lang.len ? granular->lang : writing_name(w, granular->marking_ref);
}

static enum err granular_put(struct writing *w, struct json_out *o)
{
    struct selector *left;
    size_t n;
    bool is_begun = false;
    TRY(selectors_left(w, &left, &n));
    for (size_t i = 0, end = 0; i < n; i = end) {
        const struct stix_granular *granular = &w->object->granular[left[i].granular];
        struct str name = granular_name(w, granular);
        for (end = i; end < n && left[end].granular == left[i].granular; end++)
            ;
        w->is_changed |= granular->lang.len == 0 && !str_eq(name, granular->marking_ref);
        if (name.len == 0)
            continue;
        if (!is_begun) {
            json_put_key(o, STR("granular_markings"));
            json_begin_array(o);
        }
        is_begun = true;
        json_begin_object(o);
        json_member_string(o, granular->lang.len ? STR("lang") : STR("marking_ref"), name);
        json_put_key(o, STR("selectors"));
        json_begin_array(o);
        for (size_t k = i; k < end; k++)
            json_put_string(o, left[k].kept);
        json_end_array(o);
        json_end_object(o);
    }
    if (is_begun)
        json_end_array(o);
    return ERR_OK;
}

bool writing_has_lost_selector(const struct writing *w)
{
    for (size_t i = 0; i < w->n_selectors; i++)
        if (w->selectors[i].part && !w->selectors[i].is_found)
            return true;
    return false;
}

enum err writing_begin(struct writing *w, const struct stix_object *object)
{
    w->object = object;
    w->path = buf_in(w->arena, STIX_OBJECT_BYTES_MAX);
    return selectors_read(w);
}

enum err writing_put(struct writing *w, struct marking_refs refs, struct str *bytes)
{
    size_t kept = 0;
    w->out = buf_in(w->arena, 2 * STIX_OBJECT_BYTES_MAX);
    buf_put_byte(&w->out, '{');
    TRY(top_put(w, &kept));
    struct json_out o = json_out(&w->out);
    o.needs_comma = kept > 0;
    refs_put(&o, refs);
    TRY(granular_put(w, &o));
    buf_put_byte(&w->out, '}');
    return buf_end(&w->out, bytes);
}
