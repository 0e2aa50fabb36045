// SPDX-License-Identifier: Apache-2.0
// Tables and lists of values.
#include "format/out_priv.h"

#include "base/limits.h"
#include "base/sort.h"

#include <string.h>

// One cell (RFC 4180). What begins like a formula is text for spreadsheets, too.
static void put_cell(struct buf *b, struct str text, bool is_last)
{
    bool is_formula = text.len && str_index(STR("=+-@\t\r"), text.ptr[0]) < 6;
    buf_put_byte(b, '"');
    buf_put(b, is_formula ? STR("'") : STR(""));
    for (size_t i = 0; i < text.len; i++) {
        buf_put(b, text.ptr[i] == '"' ? STR("\"") : STR(""));
        buf_put_byte(b, text.ptr[i]);
    }
    buf_put(b, is_last ? STR("\"\r\n") : STR("\","));
}

static enum err put_joined(
    const struct out *o, const struct str *items, size_t n, struct str *out)
{
    struct buf b = buf_in(o->scratch, MIB);
    for (size_t i = 0; i < n; i++) {
        buf_put(&b, i ? STR(" ") : STR(""));
        buf_put(&b, items[i]);
    }
    return buf_end(&b, out);
}

static struct str text_of(
    const struct out *o, const struct stix_object *object, const char *key)
{
    struct json v;
    struct str text;
    if (!json_get(object->root, str_of(key), &v) || json_string(o->scratch, v, &text) != ERR_OK)
        return (struct str){"", 0};
    return text;
}

// The word of a type that a table comes in with again.
static struct str type_word(struct str class, struct str value)
{
    static const struct {
        size_t length;
        struct str word;
    } hashes[] = {{32, STR_INIT("md5")}, {40, STR_INIT("sha1")}, {64, STR_INIT("sha256")},
        {128, STR_INIT("sha512")}};
    if (str_eq(class, STR("hash")))
        for (size_t i = 0; i < LEN(hashes); i++)
            if (value.len == hashes[i].length)
                return hashes[i].word;
    return str_eq(class, STR("net")) ? STR("cidr") : class;
}

static enum err put_row(const struct out *o, const struct format_item *item,
    const struct stix_object *object, struct str value, void *ctx)
{
    (void)ctx;
    struct str class = str_cut(&value, ':'), labels, relto;
    TRY(put_joined(o, object->labels, object->n_labels, &labels));
    TRY(put_joined(o, item->relto, item->n_relto, &relto));
    if (value.len == 0 || value.ptr[0] == '#')
        return out_lose(
            o, object->id.text, "value", "dropped", "a value of more than 512 bytes");
    put_cell(o->buf, value, false);
    put_cell(o->buf, type_word(class, value), false);
    put_cell(o->buf, stix_tlp_word(item->tlp), false);
    put_cell(o->buf, item->has_relto && relto.len == 0 ? STR("nobody") : relto, false);
    put_cell(o->buf, object->id.text, false);
    put_cell(o->buf, text_of(o, object, "name"), false);
    put_cell(o->buf, text_of(o, object, "valid_from"), false);
    put_cell(o->buf, text_of(o, object, "valid_until"), false);
    put_cell(o->buf, labels, false);
    put_cell(o->buf, item->source, true);
    return o->buf->err;
}

// Each value of each item that a document of values may have.
static enum err each_value(const struct out *o,
    enum err (*take)(const struct out *, const struct format_item *, const struct stix_object *,
        struct str value, void *ctx),
    void *ctx)
{
    for (size_t i = 0; i < o->items->n; i++) {
        const struct format_item *item = &o->items->items[i];
        struct arena_mark mark = arena_mark(o->scratch);
        struct stix_object object;
        struct stix_problem problem;
        const struct str *values;
        size_t n;
        TRY(stix_object_read(o->scratch, item->bytes, &object, &problem));
        TRY(out_values(o, item, &object, &values, &n));
        for (size_t k = 0; k < n; k++)
            TRY(take(o, item, &object, values[k], ctx));
        arena_rewind(o->scratch, mark);
    }
    return ERR_OK;
}

enum err out_csv(const struct out *o)
{
    buf_put(o->buf, STR("value,type,tlp,releasable_to,id,name,valid_from,valid_until,labels,"
                        "source\r\n"));
    TRY(each_value(o, put_row, NULL));
    return o->buf->err;
}

// Lists -------------------------------------------------------------------------------------

struct lines {
    struct str *keys;
    size_t n, room;
    enum stix_tlp tlp; // the strictest
    bool has_relto;
};

static enum err add_line(const struct out *o, const struct format_item *item,
    const struct stix_object *object, struct str key, void *ctx)
{
    struct lines *lines = ctx;
    if (object->has_valid_until && object->valid_until_us <= o->items->now_us)
        return out_lose(o, object->id.text, "valid_until", "dropped", "its time is over");
    if (str_find(key, STR(":#")) < key.len && str_index(key, ':') == str_find(key, STR(":#")))
        return out_lose(
            o, object->id.text, "value", "dropped", "a value of more than 512 bytes");
    if (str_index(key, '\n') < key.len || str_index(key, '\r') < key.len)
        return out_lose(o, object->id.text, "value", "dropped", "a value of several lines");
    if (lines->n == lines->room) {
        size_t room = lines->room ? 2 * lines->room : 256;
        struct str *keys = NEW_N(o->a, struct str, room);
        if (!keys)
            return ERR_LIMIT;
        if (lines->n)
            memcpy(keys, lines->keys, lines->n * sizeof *keys);
        lines->keys = keys;
        lines->room = room;
    }
    lines->tlp = item->tlp > lines->tlp ? item->tlp : lines->tlp;
    lines->has_relto |= item->has_relto;
    return str_copy(o->a, key, &lines->keys[lines->n++]);
}

static int compare_keys(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static void put_head(struct buf *b, const struct lines *lines)
{
    struct str word = stix_tlp_word(lines->tlp);
    buf_put(b, STR("# TLP:"));
    for (size_t i = 0; i < word.len; i++)
        buf_put_byte(b,
            word.ptr[i] >= 'a' && word.ptr[i] <= 'z' ? (char)(word.ptr[i] - 32) : word.ptr[i]);
    buf_put(b, STR(", the strictest of all that is in this list\n"));
    if (lines->has_relto)
        buf_put(b, STR("# a part of it is not releasable to other nations\n"));
}

// Each value once, by class; a remark in front of each class.
enum err out_list(const struct out *o)
{
    struct lines lines = {.n = 0};
    struct str class = {"", 0}, last = {"", 0};
    TRY(each_value(o, add_line, &lines));
    struct str *spare = NEW_N(o->a, struct str, lines.n + 1);
    if (!spare)
        return ERR_LIMIT;
    sort_items(lines.keys, spare, lines.n, sizeof *spare, compare_keys);
    put_head(o->buf, &lines);
    for (size_t i = 0; i < lines.n; i++) {
        struct str value = lines.keys[i], is = str_cut(&value, ':');
        if (str_eq(lines.keys[i], last))
            continue;
        last = lines.keys[i];
        if (!str_eq(is, class)) {
            buf_put(o->buf, STR("# "));
            buf_put(o->buf, is);
            buf_put_byte(o->buf, '\n');
        }
        class = is;
        buf_put(o->buf, value);
        buf_put_byte(o->buf, '\n');
    }
    return o->buf->err;
}
