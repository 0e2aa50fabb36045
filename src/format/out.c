// SPDX-License-Identifier: Apache-2.0
#include "format/out_priv.h"

#include "base/limits.h"
#include "format/seen_priv.h"
#include "stix/pattern.h"
#include "json/write.h"

enum err out_lose(
    const struct out *o, struct str id, const char *field, const char *outcome, const char *why)
{
    const struct format_loss loss = {
        .id = id, .field = str_of(field), .outcome = str_of(outcome), .why = str_of(why)};
    return o->sink->loss(o->sink->ctx, &loss);
}

enum err out_may_say(
    const struct out *o, const struct format_item *item, struct str id, bool *may)
{
    *may = !item->has_more;
    return *may ? ERR_OK
                : out_lose(o, id, "object_marking_refs", "refused",
                      "it is under a rule that only STIX markings can say: export it as stix");
}

bool out_is_any_of(const struct stix_node *node)
{
    bool is_good = node->kind != STIX_NODE_FOLLOWEDBY;
    bool is_joined = node->kind == STIX_NODE_AND || node->kind == STIX_NODE_ALL;
    if (node->kind == STIX_NODE_TEST)
        return !node->test->is_negated &&
               (node->test->op == STIX_OP_EQ || node->test->op == STIX_OP_IN);
    for (const struct stix_node *child = node->child; child && is_good; child = child->next)
        is_good = out_is_any_of(child) && !(is_joined && child->next);
    return is_good && node->qualifiers.repeats < 2;
}

static enum err is_simple(const struct out *o, const struct stix_object *object, bool *out)
{
    struct arena_mark mark = arena_mark(o->scratch);
    const struct stix_node *pattern;
    *out = false;
    if (object->is_pattern_unread || !str_eq(object->pattern_type, STR("stix")))
        return ERR_OK;
    enum err e = stix_pattern_parse(o->scratch, object->pattern, &pattern, NULL);
    *out = e == ERR_OK && out_is_any_of(pattern);
    arena_rewind(o->scratch, mark);
    return e == ERR_INVALID ? ERR_OK : e;
}

enum err out_values(const struct out *o, const struct format_item *item,
    const struct stix_object *object, const struct str **values, size_t *n)
{
    bool is_indicator = str_eq(object->id.type, STR("indicator")), good = true, may;
    *values = object->values;
    *n = 0;
    if (str_eq(object->id.type, STR("marking-definition")))
        return ERR_OK; // the level is beside each value
    if (object->kind != STIX_SCO && !is_indicator)
        return out_lose(o, object->id.text, "type", "dropped", "it is no value");
    if (object->is_revoked)
        return out_lose(o, object->id.text, "revoked", "dropped", "it is revoked");
    if (is_indicator)
        TRY(is_simple(o, object, &good));
    if (!good)
        return out_lose(o, object->id.text, "pattern", "dropped",
            "it looks for more than one value, or for something else than equal values");
    if (item->warned_by.len)
        return out_lose(o, object->id.text, "value", "refused",
            "a warning list has its value: export with warned=keep to have it");
    TRY(out_may_say(o, item, object->id.text, &may));
    *n = may ? object->n_values : 0;
    return ERR_OK;
}

static enum err write_stix(const struct out *o)
{
    struct buf list = buf_in(o->a, o->buf->max_bytes);
    struct str id;
    for (size_t i = 0; i < o->items->n; i++) {
        buf_put(&list, i ? STR(",\n") : STR("\n"));
        buf_put(&list, o->items->items[i].bytes);
    }
    TRY(list.err);
    TRY(make_id(o->a, STR("bundle"), buf_str(&list), &id));
    buf_put(o->buf, STR("{\"type\":\"bundle\",\"id\":\""));
    buf_put(o->buf, id);
    buf_put(o->buf, o->items->n ? STR("\",\"objects\":[") : STR("\""));
    buf_put(o->buf, buf_str(&list));
    buf_put(o->buf, o->items->n ? STR("\n]}\n") : STR("}\n"));
    return o->buf->err;
}

enum err format_write(struct arena *a, enum format_kind kind, const struct format_items *items,
    const struct format_sink *sink, struct buf *out)
{
    static enum err (*const writers[FORMAT_KINDS])(const struct out *) = {
        [FORMAT_STIX21] = write_stix,
        [FORMAT_MISP] = out_misp,
        [FORMAT_CSV] = out_csv,
        [FORMAT_TEXT] = out_list,
    };
    struct arena scratch;
    const struct out o = {
        .a = a, .scratch = &scratch, .items = items, .sink = sink, .buf = out};
    if (!writers[kind])
        return ERR_INVALID;
    arena_init(&scratch, 256 * MIB);
    enum err e = writers[kind](&o);
    arena_release(&scratch);
    return e;
}
