// SPDX-License-Identifier: Apache-2.0
// Members of a piece of an event, and the beginning and end of every object that is made.
#include "format/misp_priv.h"

#include "base/limits.h"
#include "base/time.h"
#include "base/uuid.h"
#include "format/seen_priv.h"

#include <string.h>

struct str misp_text(struct misp *m, struct json v, const char *key)
{
    struct json member;
    struct str text;
    if (!json_get(v, str_of(key), &member) || json_string(&m->scratch, member, &text) != ERR_OK)
        return (struct str){"", 0};
    return text;
}

// MISP writes numbers as numbers and as strings, and booleans as both.
int64_t misp_number(struct misp *m, struct json v, const char *key)
{
    struct json member;
    int64_t n;
    uint64_t u;
    if (!json_get(v, str_of(key), &member))
        return -1;
    if (json_int(member, &n) == ERR_OK)
        return n;
    return str_to_u64(misp_text(m, v, key), &u) == ERR_OK && u <= INT64_MAX ? (int64_t)u : -1;
}

bool misp_flag(struct json v, const char *key)
{
    struct json member;
    bool value;
    int64_t n;
    if (!json_get(v, str_of(key), &member))
        return false;
    if (json_bool(member, &value))
        return value;
    return (json_int(member, &n) == ERR_OK && n == 1) || json_is_string(member, STR("1"));
}

struct json_iter misp_list(struct json v, const char *key)
{
    struct json list;
    bool is_list = json_get(v, str_of(key), &list) && json_is(list, JSON_ARRAY);
    return is_list ? json_iter(list) : (struct json_iter){.left = 0};
}

// A time of Unix in seconds; 0: none.
int64_t misp_seconds(struct misp *m, struct json v, const char *key)
{
    int64_t n = misp_number(m, v, key);
    return n > 0 && n < INT64_C(253402300800) ? n * US_PER_S : 0; // the year 9999
}

// The offset at the end of a time, "+09:00", in microseconds; false when there is none.
static bool read_offset(struct str text, int64_t *us)
{
    static const unsigned worth[] = {0, 600, 60, 0, 10, 1}; // minutes, of each digit
    int64_t minutes = 0;
    if (text.len < 6 || (text.ptr[0] != '+' && text.ptr[0] != '-') || text.ptr[3] != ':')
        return false;
    for (size_t i = 1; i < 6; i++) {
        if (i != 3 && (text.ptr[i] < '0' || text.ptr[i] > '9'))
            return false;
        minutes += (int64_t)worth[i] * (text.ptr[i] - '0');
    }
    *us = (text.ptr[0] == '-' ? -minutes : minutes) * 60 * US_PER_S;
    return true;
}

// "2023-04-20", or RFC 3339 with any offset; 0: none.
int64_t misp_time(struct misp *m, struct json v, const char *key)
{
    struct str text = misp_text(m, v, key);
    struct buf b = buf_in(&m->scratch, 64);
    int64_t us, offset_us = 0;
    bool is_day = text.len == 10;
    bool has_offset = text.len > 16 && read_offset(str_from(text, text.len - 6), &offset_us);
    buf_put(&b, str_to(text, has_offset ? text.len - 6 : 40));
    buf_put(&b, is_day ? STR("T00:00:00Z") : has_offset ? STR("Z") : STR(""));
    if (time_parse(buf_str(&b), &us) != ERR_OK || us - offset_us <= 0)
        return 0;
    return us - offset_us;
}

enum err misp_uuid(struct misp *m, struct json v, struct str *out)
{
    struct str text = misp_text(m, v, "uuid"), id;
    unsigned char uuid[UUID_BYTES];
    struct buf b = buf_in(&m->scratch, UUID_TEXT_BYTES);
    for (size_t i = 0; i < text.len && i < UUID_TEXT_BYTES; i++)
        buf_put_byte(&b, ascii_lower(text.ptr[i]));
    if (text.len == UUID_TEXT_BYTES && uuid_parse(buf_str(&b), uuid) == ERR_OK)
        return buf_end(&b, out);
    TRY(make_id(&m->scratch, STR("x"), m->piece, &id));
    *out = str_from(id, 3);
    return ERR_OK;
}

enum err misp_lose(
    struct misp *m, struct str id, const char *field, const char *outcome, const char *why)
{
    const struct format_loss loss = {.at = m->piece_at,
        .id = id,
        .field = str_of(field),
        .outcome = str_of(outcome),
        .why = str_of(why)};
    return m->sink->loss(m->sink->ctx, &loss);
}

enum err misp_begin(struct misp *m, const struct misp_head *head, struct misp_made *out)
{
    int64_t modified = head->modified_us ? head->modified_us : m->about->now_us;
    int64_t created = head->created_us ? head->created_us : modified;
    struct buf id = buf_in(&m->scratch, 256);
    *out = (struct misp_made){.buf = buf_in(&m->scratch, STIX_OBJECT_BYTES_MAX),
        .marking = head->tags.marking,
        .is_untimed = !head->modified_us};
    out->out = json_out(&out->buf);
    buf_put(&id, head->type);
    buf_put(&id, STR("--"));
    buf_put(&id, head->uuid);
    TRY(buf_end(&id, &out->id));
    struct json_out *o = &out->out;
    json_begin_object(o);
    json_member_string(o, STR("type"), head->type);
    json_member_string(o, STR("spec_version"), STR("2.1"));
    json_member_string(o, STR("id"), out->id);
    if (!head->has_no_creator && m->event && m->event->creator.len)
        json_member_string(o, STR("created_by_ref"), m->event->creator);
    json_member_time(o, STR("created"), created < modified ? created : modified);
    json_member_time(o, STR("modified"), modified);
    if (head->is_revoked)
        json_member_bool(o, STR("revoked"), true);
    if (head->tags.n)
        json_member_strings(o, STR("labels"), head->tags.labels, head->tags.n);
    return ERR_OK;
}

enum err misp_end(struct misp *m, struct misp_made *made, bool is_member)
{
    struct format_object object = {.original = m->piece,
        .at = m->piece_at,
        .is_untimed = made->is_untimed,
        .is_once = made->is_once,
        .is_kept_home = made->marking.is_home};
    misp_put_markings(&made->out, made->marking);
    json_end_object(&made->out);
    if (buf_end(&made->buf, &object.bytes) != ERR_OK)
        return misp_lose(m, made->id, "", "refused", "it is larger than an object may be");
    TRY(m->sink->object(m->sink->ctx, &object));
    return is_member ? misp_refer(m, made->id) : ERR_OK;
}

enum err misp_refer(struct misp *m, struct str id)
{
    struct misp_event *e = m->event;
    if (e->n_refs == e->refs_room) {
        size_t room = e->refs_room ? 2 * e->refs_room : 64;
        struct str *refs = NEW_N(m->a, struct str, room);
        if (!refs)
            return ERR_LIMIT;
        if (e->n_refs)
            memcpy(refs, e->refs, e->n_refs * sizeof *refs);
        e->refs = refs;
        e->refs_room = room;
    }
    return str_copy(m->a, id, &e->refs[e->n_refs++]);
}
