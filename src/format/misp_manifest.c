// SPDX-License-Identifier: Apache-2.0
#include "format/misp_manifest.h"

#include "base/uuid.h"
#include "json/json.h"

static enum err stop(struct misp_manifest *m, struct fault *fault, const char *why)
{
    return fault_set(fault, ERR_INVALID, m->at, why);
}

static void pass_blanks(struct misp_manifest *m)
{
    while (m->at < m->text.len && str_index(STR(" \t\r\n"), m->text.ptr[m->at]) < 4)
        m->at++;
}

static bool take(struct misp_manifest *m, char byte)
{
    pass_blanks(m);
    bool is_there = m->at < m->text.len && m->text.ptr[m->at] == byte;
    m->at += is_there;
    return is_there;
}

// Past the string that begins here; escapes are passed over, not read.
static bool pass_string(struct misp_manifest *m)
{
    if (!take(m, '"'))
        return false;
    while (m->at < m->text.len && m->text.ptr[m->at] != '"')
        m->at += m->text.ptr[m->at] == '\\' ? 2 : 1;
    if (m->at >= m->text.len)
        return false;
    m->at++;
    return true;
}

// Past the object that begins here; json_parse judges it afterwards.
static bool pass_object(struct misp_manifest *m)
{
    size_t depth = 0;
    pass_blanks(m);
    do {
        if (m->at >= m->text.len)
            return false;
        char c = m->text.ptr[m->at];
        if (c == '"') {
            if (!pass_string(m))
                return false;
            continue;
        }
        if (depth == 0 && c != '{')
            return false;
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
        m->at++;
    } while (depth);
    return true;
}

struct misp_manifest misp_manifest_of(struct str text)
{
    return (struct misp_manifest){.text = text};
}

// A number, or its digits as a string.
static bool read_changed(struct arena *a, struct json event, int64_t *out)
{
    struct json stamp;
    struct str text;
    uint64_t seconds;
    if (!json_get(event, STR("timestamp"), &stamp))
        return false;
    if (json_int(stamp, out) == ERR_OK)
        return *out >= 0;
    if (json_string(a, stamp, &text) != ERR_OK || str_to_u64(text, &seconds) != ERR_OK)
        return false;
    *out = (int64_t)seconds;
    return true;
}

static enum err read_item(struct misp_manifest *m, struct arena *scratch,
    struct misp_manifest_item *out, struct fault *fault)
{
    unsigned char uuid[UUID_BYTES];
    struct json event;
    pass_blanks(m);
    size_t from = m->at + 1;
    if (!pass_string(m))
        return stop(m, fault, "a name is cut off, or is none");
    out->uuid = str_to(str_from(m->text, from), m->at - from - 1);
    if (uuid_parse(out->uuid, uuid) != ERR_OK)
        return stop(m, fault, "an event's name is no uuid");
    if (!take(m, ':'))
        return stop(m, fault, "an event has no value");
    pass_blanks(m);
    from = m->at;
    if (!pass_object(m))
        return stop(m, fault, "an event is cut off, or is no object");
    enum err e =
        json_parse(scratch, str_to(str_from(m->text, from), m->at - from), &event, fault);
    if (e != ERR_OK) {
        if (fault)
            fault->at += from;
        return e;
    }
    if (!read_changed(scratch, event, &out->changed_s))
        return stop(m, fault, "an event does not say when it was changed");
    return ERR_OK;
}

enum err misp_manifest_next(struct misp_manifest *m, struct arena *scratch,
    struct misp_manifest_item *out, struct fault *fault)
{
    if (m->is_over)
        return ERR_NOT_FOUND;
    bool is_first = m->at == 0;
    if (is_first && !take(m, '{'))
        return stop(m, fault, "the manifest is not an object");
    if (take(m, '}')) {
        pass_blanks(m);
        m->is_over = true;
        return m->at == m->text.len ? ERR_NOT_FOUND
                                    : stop(m, fault, "something stands behind the manifest");
    }
    if (!is_first && !take(m, ','))
        return stop(m, fault, "the manifest is cut off, or a comma is missing");
    struct arena_mark mark = arena_mark(scratch);
    enum err e = read_item(m, scratch, out, fault);
    arena_rewind(scratch, mark);
    return e;
}
