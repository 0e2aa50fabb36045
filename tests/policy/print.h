// SPDX-License-Identifier: Apache-2.0
// A thing as JSON: whole, as it came, or as the oracle says that it must go.
#pragma once

#include "world.h"
#include "json/write.h"

struct show {
    struct str id, modified;
    bool is_gone[PARTS];
    struct str ref[PARTS];
    struct str statement; // what its marking is called
    const struct str *marks;
    size_t n_marks;
};

static void list_put(
    struct json_out *o, const struct show *show, enum part from, const struct str *texts)
{
    json_begin_array(o);
    for (size_t i = 0; i < 2; i++)
        if (!show->is_gone[from + i])
            json_put_string(o, texts[i]);
    json_end_array(o);
}

static void main_put(struct json_out *o, const struct show *show, enum type type)
{
    static const struct {
        const char *type, *key, *value;
    } mains[TYPES] = {{"tool", "name", "a tool"}, {"note", "content", "a note"},
        {"relationship", "relationship_type", "uses"}, {"ipv4-addr", "value", "198.51.100.3"}};
    json_begin_object(o);
    json_member_string(o, STR("type"), str_of(mains[type].type));
    json_member_string(o, STR("spec_version"), STR("2.1"));
    json_member_string(o, STR("id"), show->id);
    if (type != ADDRESS) {
        json_member_string(o, STR("created"), STR("2020-01-01T00:00:00.000Z"));
        json_member_string(o, STR("modified"), show->modified);
    }
    json_member_string(o, str_of(mains[type].key), str_of(mains[type].value));
}

static void members_put(struct json_out *o, const struct thing *t, const struct show *show)
{
    static const struct str labels[] = {STR_INIT("a"), STR_INIT("b\n")};
    const bool *gone = show->is_gone;
    if (t->has[DESCRIPTION] && !gone[DESCRIPTION])
        json_member_string(o, STR("description"), STR("a \"description\""));
    if (t->has[LABELS] && !gone[LABELS]) {
        json_put_key(o, STR("labels"));
        list_put(o, show, LABEL0, labels);
    }
    if (t->has[XA] && !gone[XA]) {
        json_put_key(o, STR("x_a"));
        json_begin_object(o);
        if (!gone[XA_B])
            json_member_raw(o, STR("b"), STR("1.50"));
        if (!gone[XA_C])
            json_member_raw(o, STR("c"), STR("[]"));
        json_end_object(o);
    }
    if (t->has[REFS] && !gone[REFS]) {
        json_put_key(o, STR("object_refs"));
        list_put(o, show, REF0, &show->ref[REF0]);
    }
    if (t->has[XREF] && !gone[XREF])
        json_member_string(o, STR("x_b_ref"), show->ref[XREF]);
    if (t->has[SOURCE])
        json_member_string(o, STR("source_ref"), show->ref[SOURCE]);
    if (t->has[TARGET])
        json_member_string(o, STR("target_ref"), show->ref[TARGET]);
}

static const char *selector_text(const struct show *show, enum part part, enum type type)
{
    static const char *const mains[] = {"name", "content", "relationship_type", "value"};
    static const char *const texts[PARTS] = {[DESCRIPTION] = "description",
        [LABELS] = "labels",
        [LABEL0] = "labels.[0]",
        [LABEL1] = "labels.[1]",
        [XA] = "x_a",
        [XA_B] = "x_a.b",
        [XA_C] = "x_a.c",
        [REFS] = "object_refs",
        [REF0] = "object_refs.[0]",
        [REF1] = "object_refs.[1]",
        [XREF] = "x_b_ref",
        [SOURCE] = "source_ref",
        [TARGET] = "target_ref"};
    if ((part == LABEL1 && show->is_gone[LABEL0]) || (part == REF1 && show->is_gone[REF0]))
        part--;
    return part == MAIN ? mains[type] : texts[part];
}

static void part_marks_put(
    struct json_out *o, struct arena *a, const struct thing *t, const struct show *show)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n_part_marks; i++) {
        if (show->is_gone[t->parts[i]])
            continue;
        if (n++ == 0) {
            json_put_key(o, STR("granular_markings"));
            json_begin_array(o);
        }
        json_begin_object(o);
        bool is_statement = t->part_marks[i] == STATEMENT;
        json_member_string(o, STR("marking_ref"),
            is_statement ? show->statement : mark_id(a, t->part_marks[i]));
        json_put_key(o, STR("selectors"));
        json_begin_array(o);
        json_put_string(o, str_of(selector_text(show, t->parts[i], t->id % TYPES)));
        json_end_array(o);
        json_end_object(o);
    }
    if (n)
        json_end_array(o);
}

static struct str thing_print(struct arena *a, const struct thing *t, const struct show *show)
{
    struct buf b = buf_in(a, MIB);
    struct json_out o = json_out(&b);
    main_put(&o, show, t->id % TYPES);
    members_put(&o, t, show);
    if (t->has_creator && t->id % TYPES != ADDRESS)
        json_member_string(&o, STR("created_by_ref"), id_text(a, "identity", 7));
    if (show->n_marks) {
        json_put_key(&o, STR("object_marking_refs"));
        json_begin_array(&o);
        for (size_t i = 0; i < show->n_marks; i++)
            json_put_string(&o, show->marks[i]);
        json_end_array(&o);
    }
    part_marks_put(&o, a, t, show);
    json_end_object(&o);
    return buf_str(&b);
}
