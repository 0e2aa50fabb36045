// SPDX-License-Identifier: Apache-2.0
#include "format/csv_in.h"

#include "base/limits.h"
#include "base/time.h"
#include "base/utf8.h"
#include "format/csv_priv.h"
#include "stix/value.h"

#define ROW_BYTES_MAX  MIB
#define SCRATCH_BYTES  (16 * MIB)
#define LABELS_MAX     64
#define ROW_VALUES_MAX 16

struct table {
    struct str text;
    size_t at;   // of the next row
    size_t line; // its number, from 1
    struct csv_columns columns;
    bool is_zeek;
    struct arena scratch; // of one row
    const struct format_about *about;
    const struct format_sink *sink;
    struct fault *fault;
};

struct row {
    size_t from, to, line;
    struct str cells[CSV_COLUMNS_MAX];
    size_t n;
    const char *flaw; // why it cannot be read; NULL: it can
};

static enum err lose(struct table *t, const struct row *row, struct str field,
    struct str outcome, const char *why)
{
    struct buf b = buf_in(&t->scratch, 1000);
    buf_put(&b, STR("line "));
    buf_put_u64(&b, row->line);
    buf_put(&b, STR(": "));
    buf_put(&b, str_of(why));
    const struct format_loss loss = {
        .at = row->from, .id = STR(""), .field = field, .outcome = outcome, .why = buf_str(&b)};
    return t->sink->loss(t->sink->ctx, &loss);
}

// RFC 4180 section 2: a cell in quotes may hold the separator, line ends, and quotes twice.
static enum err quoted_cell(struct table *t, struct str *out)
{
    struct buf b = buf_in(&t->scratch, ROW_BYTES_MAX);
    size_t from = t->at++;
    for (;;) {
        if (t->at >= t->text.len)
            return fault_set(t->fault, ERR_INVALID, from, "a quoted cell does not end");
        char c = t->text.ptr[t->at++];
        t->line += c == '\n';
        if (c == '"' && (t->at >= t->text.len || t->text.ptr[t->at] != '"'))
            break;
        t->at += c == '"';
        buf_put_byte(&b, c);
    }
    enum err e = buf_end(&b, out);
    return e == ERR_OK ? ERR_OK : fault_set(t->fault, e, from, "a cell is over 1 MiB");
}

static struct str plain_cell(struct table *t)
{
    size_t from = t->at;
    while (t->at < t->text.len && t->text.ptr[t->at] != '\n' &&
           t->text.ptr[t->at] != t->columns.separator)
        t->at++;
    return str_trim(str_to(str_from(t->text, from), t->at - from));
}

static void skip_to_end(struct table *t)
{
    while (t->at < t->text.len && t->text.ptr[t->at] != '\n')
        t->at++;
}

static enum err next_row(struct table *t, struct row *row)
{
    *row = (struct row){.from = t->at, .line = t->line};
    for (;;) {
        struct str cell, rest = STR("");
        bool is_quoted =
            t->at < t->text.len && t->text.ptr[t->at] == '"' && t->columns.separator != '\t';
        if (is_quoted) {
            TRY(quoted_cell(t, &cell));
            rest = plain_cell(t); // blanks behind the quote, or text that should not be there
        } else {
            cell = plain_cell(t);
        }
        if (rest.len || row->n == CSV_COLUMNS_MAX) {
            row->flaw =
                rest.len ? "there is text behind a quoted cell" : "it has too many cells";
            skip_to_end(t);
            break;
        }
        row->cells[row->n++] = cell;
        if (t->at >= t->text.len || t->text.ptr[t->at] == '\n')
            break;
        t->at++;
    }
    row->to = t->at;
    t->at += t->at < t->text.len;
    t->line++;
    return ERR_OK;
}

// Passes an empty line, or a remark.
static bool skip_line(struct table *t)
{
    struct str rest = str_from(t->text, t->at), line = str_cut(&rest, '\n');
    if (str_trim(line).len && line.ptr[0] != '#')
        return false;
    t->at += line.len + (t->at + line.len < t->text.len);
    t->line++;
    return true;
}

static struct str cell_of(const struct table *t, const struct row *row, enum csv_role role)
{
    for (size_t i = 0; i < row->n && i < t->columns.n; i++)
        if (t->columns.items[i].role == role && row->cells[i].len &&
            !(t->is_zeek && str_eq(row->cells[i], STR("-"))))
            return row->cells[i];
    return (struct str){"", 0};
}

static enum err read_value(
    struct table *t, struct str cell, const enum seen_type *type, struct seen *out)
{
    struct str plain;
    TRY(stix_value_refang(&t->scratch, cell, &plain));
    if (type)
        return seen_read_as(&t->scratch, plain, *type, out);
    return seen_read(
        &t->scratch, plain, plain.len < cell.len ? SEEN_DEFANGED : SEEN_ALONE, out);
}

// A type that we do not know leaves the look of the value to say.
static enum err value_of_row(
    struct table *t, const struct row *row, struct seen *out, const char **why)
{
    struct str cell = cell_of(t, row, CSV_VALUE), word = cell_of(t, row, CSV_TYPE);
    enum seen_type type;
    bool has_type = csv_type_parse(word, &type);
    if (csv_type_is_other(word)) {
        *why = "a value of this type is not taken in";
        return ERR_NOT_FOUND;
    }
    *why = cell.len ? "the value is not of a kind that is taken in" : "it has no value";
    if (cell.len == 0)
        return ERR_NOT_FOUND;
    enum err e = read_value(t, cell, has_type ? &type : NULL, out);
    if (e == ERR_NOT_FOUND && has_type) {
        *why = "the value is not of the type that the row says";
        e = read_value(t, cell, NULL, out);
        if (e == ERR_OK && out->type < SEEN_MD5 && type != SEEN_URL)
            e = ERR_NOT_FOUND; // a hash or a CVE number is what it is; a name is not
    }
    return e;
}

static bool is_hash(const struct seen *value)
{
    return value->type >= SEEN_MD5 && value->type <= SEEN_SHA512;
}

// Several hashes of one file in one cell, as some reports write them; 0 when it is anything
// else.
static enum err hashes_of_cell(
    struct table *t, struct str cell, struct seen values[static ROW_VALUES_MAX], size_t *n)
{
    for (*n = 0; cell.len && *n < ROW_VALUES_MAX; ++*n) {
        size_t end = 0;
        while (end < cell.len && str_index(STR(",; |"), cell.ptr[end]) == 4)
            end++;
        enum err e = seen_read(&t->scratch, str_to(cell, end), SEEN_IN_PROSE, &values[*n]);
        if (e == ERR_NOT_FOUND || (e == ERR_OK && !is_hash(&values[*n])))
            break;
        TRY(e);
        cell = str_trim(str_from(cell, end + 1));
    }
    *n = cell.len == 0 ? *n : 0;
    return ERR_OK;
}

// The row's values: one of the column of values, and one of each column of a type.
static enum err values_of_row(struct table *t, const struct row *row,
    struct seen values[static ROW_VALUES_MAX], size_t *n)
{
    const char *why;
    enum err e = value_of_row(t, row, &values[0], &why);
    if (e != ERR_OK && e != ERR_NOT_FOUND)
        return e;
    *n = e == ERR_OK;
    if (e == ERR_NOT_FOUND && !csv_type_is_other(cell_of(t, row, CSV_TYPE)))
        TRY(hashes_of_cell(t, cell_of(t, row, CSV_VALUE), values, n));
    for (size_t i = 0; i < row->n && i < t->columns.n && *n < ROW_VALUES_MAX; i++) {
        if (t->columns.items[i].role != CSV_TYPED || row->cells[i].len == 0)
            continue;
        e = read_value(t, row->cells[i], &t->columns.items[i].type, &values[*n]);
        if (e == ERR_NOT_FOUND) {
            TRY(lose(t, row, t->columns.items[i].name, STR("refused"),
                "the cell is not of the type of its column"));
            continue;
        }
        TRY(e);
        ++*n;
    }
    return *n ? ERR_OK : lose(t, row, STR(""), STR("refused"), why);
}

static enum err labels_of_row(struct table *t, const struct row *row, struct make *m)
{
    struct str cell = cell_of(t, row, CSV_LABELS);
    struct str *labels = NEW_N(&t->scratch, struct str, LABELS_MAX);
    if (!labels)
        return ERR_LIMIT;
    while (cell.len && m->n_labels < LABELS_MAX) {
        size_t end = 0;
        while (end < cell.len && str_index(STR(",;|"), cell.ptr[end]) == 3)
            end++;
        struct str label = str_trim(str_to(cell, end));
        if (label.len)
            labels[m->n_labels++] = label;
        cell = str_from(cell, end + 1);
    }
    m->labels = labels;
    return ERR_OK;
}

// "TLP:AMBER+STRICT", "amber". False for a word that is no level: the row is refused.
static bool marking_of_row(const struct table *t, const struct row *row, struct str *out)
{
    char low[16];
    enum stix_tlp level;
    struct str cell = str_trim(cell_of(t, row, CSV_TLP));
    if (cell.len == 0)
        return true;
    if (cell.len > sizeof low)
        return false;
    for (size_t i = 0; i < cell.len; i++)
        low[i] = ascii_lower(cell.ptr[i]);
    struct str word = {low, cell.len};
    if (str_starts(word, STR("tlp:")))
        word = str_trim(str_from(word, 4));
    if (str_eq(word, STR("white")))
        word = STR("clear");
    if (stix_tlp_parse(word, &level) != ERR_OK)
        return false;
    *out = stix_tlp_id(level);
    return true;
}

// A day, or a time as RFC 3339 has it.
static int64_t time_of_row(struct table *t, const struct row *row)
{
    struct str cell = cell_of(t, row, CSV_FIRST_SEEN);
    struct buf b = buf_in(&t->scratch, 64);
    int64_t us = 0;
    for (size_t i = 0; i < cell.len && i < 40; i++)
        buf_put_byte(&b, i == 10 && cell.ptr[i] == ' ' ? 'T' : cell.ptr[i]);
    if (cell.len == 10)
        buf_put(&b, STR("T00:00:00Z"));
    else if (cell.len == 19)
        buf_put(&b, STR("Z"));
    return cell.len && time_parse(buf_str(&b), &us) == ERR_OK ? us : 0;
}

static enum err give(
    struct table *t, const struct row *row, const struct make *m, bool is_indicator)
{
    struct made made;
    TRY(is_indicator ? make_indicator(&t->scratch, m, &made)
                     : make_observable(&t->scratch, m, &made));
    const struct format_object object = {.bytes = made.bytes,
        .original = str_to(str_from(t->text, row->from), row->to - row->from),
        .at = row->from,
        .is_once = true,
        .is_kept_home = str_trim(cell_of(t, row, CSV_RELTO)).len > 0};
    TRY(t->sink->object(t->sink->ctx, &object));
    for (size_t i = 0; i < m->n && !is_indicator; i++)
        if (m->values[i].change)
            TRY(lose(t, row, STR("value"), STR("changed"), m->values[i].change));
    return ERR_OK;
}

static bool has_type(const struct seen *values, size_t n, enum seen_type type)
{
    for (size_t i = 0; i < n; i++)
        if (values[i].type == type)
            return true;
    return false;
}

// Hashes of different kinds in one row are of one file; anything else is an observable each.
static enum err take_values(struct table *t, const struct row *row, struct make *m, size_t n)
{
    const struct seen *all = m->values;
    for (size_t i = 0; i < n;) {
        size_t k = 1;
        while (is_hash(&all[i]) && i + k < n && is_hash(&all[i + k]) &&
               !has_type(all + i, k, all[i + k].type))
            k++;
        m->values = all + i;
        m->n = k;
        TRY(give(t, row, m, false));
        if (t->about->wants_indicators && all[i].type != SEEN_CVE)
            TRY(give(t, row, m, true));
        i += k;
    }
    return ERR_OK;
}

static enum err take_row(struct table *t, const struct row *row)
{
    struct seen *values = NEW_N(&t->scratch, struct seen, ROW_VALUES_MAX);
    size_t n = 0;
    struct make m = {.values = values,
        .now_us = t->about->now_us,
        .text = cell_of(t, row, CSV_DESCRIPTION),
        .first_us = time_of_row(t, row)};
    if (!values)
        return ERR_LIMIT;
    if (row->flaw)
        return lose(t, row, STR(""), STR("refused"), row->flaw);
    if (!marking_of_row(t, row, &m.marking))
        return lose(t, row, STR("tlp"), STR("refused"), "the TLP is no level");
    if (row->n > t->columns.n)
        return lose(t, row, STR(""), STR("refused"), "the row has more cells than the header");
    TRY(labels_of_row(t, row, &m));
    TRY(values_of_row(t, row, values, &n));
    return take_values(t, row, &m, n);
}

// What no object has a place for, once for each column.
static enum err say_dropped(struct table *t, const struct row *header)
{
    for (size_t i = 0; i < t->columns.n; i++) {
        enum csv_role role = t->columns.items[i].role;
        bool is_told = role == CSV_DESCRIPTION || role == CSV_FIRST_SEEN || role == CSV_LABELS;
        if (role == CSV_OTHER)
            TRY(lose(t, header, t->columns.items[i].name, STR("dropped"),
                "the column has no place in an object"));
        else if (is_told && !t->about->wants_indicators)
            TRY(lose(t, header, t->columns.items[i].name, STR("dropped"),
                "the column has a place in an indicator only: ask for indicators"));
    }
    return ERR_OK;
}

static enum err read_header(struct table *t)
{
    struct row row = {0};
    if (str_starts(t->text, STR("\xef\xbb\xbf")))
        t->at = 3;
    while (t->at < t->text.len) {
        size_t from = t->at;
        struct str rest = str_from(t->text, from), line = str_cut(&rest, '\n');
        row = (struct row){.from = from, .line = t->line++};
        t->at += line.len + (from + line.len < t->text.len);
        t->is_zeek = str_starts(line, STR("#fields\t"));
        if (str_trim(line).len && (t->is_zeek || line.ptr[0] != '#'))
            return csv_header_read(line, &t->columns)
                       ? say_dropped(t, &row)
                       : fault_set(t->fault, ERR_INVALID, from,
                             "the header names no column of values, such as value, "
                             "indicator, domain, ip, url, md5 or sha256");
    }
    return fault_set(t->fault, ERR_INVALID, t->at, "the table has no header");
}

static enum err read_table(struct table *t)
{
    struct arena_mark mark = arena_mark(&t->scratch);
    TRY(read_header(t));
    while (t->at < t->text.len) {
        struct row row;
        arena_rewind(&t->scratch, mark);
        if (skip_line(t))
            continue;
        TRY(next_row(t, &row));
        TRY(take_row(t, &row));
    }
    return ERR_OK;
}

enum err format_csv_read(struct arena *a, struct str document, const struct format_about *about,
    const struct format_sink *sink, struct fault *fault)
{
    size_t bad = utf8_invalid_at(document);
    if (bad < document.len)
        return fault_set(fault, ERR_INVALID, bad, "the table is not UTF-8");
    struct table *t = NEW(a, struct table);
    if (!t)
        return ERR_LIMIT;
    t->text = document;
    t->line = 1;
    t->about = about;
    t->sink = sink;
    t->fault = fault;
    arena_init(&t->scratch, SCRATCH_BYTES);
    enum err e = read_table(t);
    arena_release(&t->scratch);
    return e;
}
