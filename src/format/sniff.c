// SPDX-License-Identifier: Apache-2.0
#include "format/sniff.h"

#include "format/csv_priv.h"

#define SAMPLE_LINES 20

static enum err flaw(struct fault *fault, const char *why)
{
    return fault_set(fault, ERR_INVALID, 0, why);
}

// Walks JSON text as far as it goes, without checking it, and notes the keys of the outermost
// object, or of the objects of the outermost list.
struct walk {
    struct str text;
    size_t at;
    size_t depth, key_depth;
    bool has_stix, has_misp;
};

static struct str take_string(struct walk *w)
{
    size_t from = ++w->at;
    while (w->at < w->text.len && w->text.ptr[w->at] != '"')
        w->at += w->text.ptr[w->at] == '\\' ? 2 : 1;
    size_t to = w->at < w->text.len ? w->at : w->text.len;
    w->at = to + 1;
    return str_to(str_from(w->text, from), to - from);
}

static void note_key(struct walk *w, struct str key)
{
    while (w->at < w->text.len && str_index(STR(" \t\r\n"), w->text.ptr[w->at]) < 4)
        w->at++;
    if (w->depth != w->key_depth || w->at >= w->text.len || w->text.ptr[w->at] != ':')
        return;
    w->has_stix = w->has_stix || str_eq(key, STR("type")) || str_eq(key, STR("objects"));
    w->has_misp = w->has_misp || str_eq(key, STR("Event")) || str_eq(key, STR("response")) ||
                  str_eq(key, STR("Attribute")) || str_eq(key, STR("Object"));
}

static void walk_json(struct walk *w)
{
    while (w->at < w->text.len) {
        char c = w->text.ptr[w->at];
        if (c == '"') {
            note_key(w, take_string(w));
            continue;
        }
        w->depth += c == '{' || c == '[';
        if ((c == '}' || c == ']') && w->depth)
            w->depth--;
        w->at++;
    }
}

// '{' before a key or its end, '[' before a value that is no number; else it is text.
static bool is_json(struct str text)
{
    struct str rest = str_trim(str_from(text, 1));
    if (text.ptr[0] != '{' && text.ptr[0] != '[')
        return false;
    if (rest.len == 0)
        return true;
    return text.ptr[0] == '{' ? rest.ptr[0] == '"' || rest.ptr[0] == '}'
                              : str_index(STR("{[]\""), rest.ptr[0]) < 4;
}

static enum err sniff_json(struct str text, enum format_kind *out, struct fault *fault)
{
    struct walk w = {.text = text, .key_depth = text.ptr[0] == '{' ? 1 : 2};
    walk_json(&w);
    if (w.has_stix && w.has_misp)
        return flaw(
            fault, "the JSON looks like STIX and like a MISP event: say which (format)");
    if (!w.has_stix && !w.has_misp)
        return flaw(fault, "the JSON is neither STIX nor a MISP event");
    *out = w.has_stix ? FORMAT_STIX21 : FORMAT_MISP;
    return ERR_OK;
}

static size_t count_byte(struct str text, char byte)
{
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++)
        n += text.ptr[i] == byte;
    return n;
}

// The same number of a separator on each of several lines, and no header that we know.
static bool may_be_rows(struct str text, char separator)
{
    size_t lines = 0, each = 0;
    while (text.len && lines < SAMPLE_LINES) {
        struct str line = str_trim(str_cut(&text, '\n'));
        if (line.len == 0 || text.len == 0) // the last line may be cut
            continue;
        size_t n = count_byte(line, separator);
        if (n == 0 || (lines && n != each))
            return false;
        each = n;
        lines++;
    }
    return lines > 2;
}

static enum err sniff_text(struct str text, enum format_kind *out, struct fault *fault)
{
    struct str rest = text;
    struct csv_columns columns;
    while (rest.len && (str_trim(str_to(rest, 1)).len == 0 ||
                           (rest.ptr[0] == '#' && !str_starts(rest, STR("#fields")))))
        str_cut(&rest, '\n');
    if (csv_header_read(str_cut(&rest, '\n'), &columns)) {
        *out = FORMAT_CSV;
        return ERR_OK;
    }
    if (may_be_rows(text, ',') || may_be_rows(text, ';') || may_be_rows(text, '\t'))
        return flaw(fault, "this may be a table without a header that names its columns, or "
                           "text: say which (format), or add a header such as value,type");
    *out = FORMAT_TEXT;
    return ERR_OK;
}

enum err format_sniff(struct str head, enum format_kind *out, struct fault *fault)
{
    static const struct {
        struct str magic;
        const char *why;
    } refused[] = {
        {STR_INIT("PK\x03\x04"), "a zip archive: unpack it first"},
        {STR_INIT("%PDF"), "a PDF file: save its text first"},
        {STR_INIT("\xff\xfe"), "the text is UTF-16: save it as UTF-8"},
        {STR_INIT("\xfe\xff"), "the text is UTF-16: save it as UTF-8"},
        {STR_INIT("\xd0\xcf\x11\xe0"), "an Office or HWP file: save its text first"},
        {STR_INIT("7z\xbc\xaf"), "a 7z archive: unpack it first"},
    };
    for (size_t i = 0; i < LEN(refused); i++)
        if (str_starts(head, refused[i].magic))
            return flaw(fault, refused[i].why);
    if (str_index(head, '\0') < head.len)
        return flaw(fault, "the file is not text");
    if (str_starts(head, STR("\xef\xbb\xbf")))
        head = str_from(head, 3);
    struct str text = str_trim(head);
    if (text.len == 0)
        return flaw(fault, "the document is empty");
    return is_json(text) ? sniff_json(text, out, fault) : sniff_text(head, out, fault);
}
