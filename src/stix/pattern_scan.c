// SPDX-License-Identifier: Apache-2.0
#include "base/base64.h"
#include "base/utf8.h"
#include "stix/pattern_priv.h"

bool scan_fail(struct pattern_scan *s, enum err e, const char *why)
{
    if (s->err == ERR_OK)
        s->err = fault_set(&s->fault, e, s->at, why);
    return false;
}

bool scan_at_end(const struct pattern_scan *s)
{
    return s->at >= s->text.len;
}

char scan_peek(const struct pattern_scan *s)
{
    return s->at < s->text.len ? s->text.ptr[s->at] : '\0';
}

static bool is_blank(uint32_t c)
{
    switch (c) {
    case ' ':
    case '\t':
    case '\n':
    case '\r':
    case 0x0B:
    case 0x0C:
    case 0x85:
    case 0xA0:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x202F:
    case 0x205F:
    case 0x3000:
        return true;
    default:
        return c >= 0x2000 && c <= 0x200A;
    }
}

// One comment; false when there is none, or when it does not end.
static bool scan_comment(struct pattern_scan *s)
{
    struct str rest = str_from(s->text, s->at);
    if (str_starts(rest, STR("//"))) {
        s->at += str_index(rest, '\n');
        return true;
    }
    if (!str_starts(rest, STR("/*")))
        return false;
    struct str body = str_from(rest, 2);
    size_t end = str_find(body, STR("*/"));
    if (end == body.len)
        return scan_fail(s, ERR_INVALID, "a comment does not end");
    s->at += 2 + end + 2;
    return true;
}

bool scan_blank(struct pattern_scan *s)
{
    while (s->at < s->text.len) {
        size_t next = s->at;
        if (is_blank(utf8_next(s->text, &next)))
            s->at = next;
        else if (!scan_comment(s))
            break;
    }
    return s->err == ERR_OK;
}

bool scan_mark(struct pattern_scan *s, struct str mark)
{
    if (!str_starts(str_from(s->text, s->at), mark))
        return false;
    s->at += mark.len;
    return true;
}

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_';
}

struct str scan_word(const struct pattern_scan *s, bool hyphens)
{
    struct str rest = str_from(s->text, s->at);
    size_t n = 0;
    if (rest.len == 0 || (rest.ptr[0] >= '0' && rest.ptr[0] <= '9'))
        return str_to(rest, 0);
    while (n < rest.len && (is_word_byte(rest.ptr[n]) || (n && hyphens && rest.ptr[n] == '-')))
        n++;
    return str_to(rest, n);
}

bool scan_keyword(struct pattern_scan *s, struct str keyword)
{
    if (!str_eq(scan_word(s, false), keyword))
        return false;
    s->at += keyword.len;
    return true;
}

bool scan_is_keyword(struct str word)
{
    static const struct str keywords[] = {STR_INIT("AND"), STR_INIT("OR"), STR_INIT("NOT"),
        STR_INIT("FOLLOWEDBY"), STR_INIT("LIKE"), STR_INIT("MATCHES"), STR_INIT("ISSUPERSET"),
        STR_INIT("ISSUBSET"), STR_INIT("EXISTS"), STR_INIT("LAST"), STR_INIT("IN"),
        STR_INIT("START"), STR_INIT("STOP"), STR_INIT("SECONDS"), STR_INIT("true"),
        STR_INIT("false"), STR_INIT("WITHIN"), STR_INIT("REPEATS"), STR_INIT("TIMES")};
    for (size_t i = 0; i < LEN(keywords); i++)
        if (str_eq(word, keywords[i]))
            return true;
    return false;
}

// The raw text between apostrophes; the position is on the first of them.
static bool scan_quoted(struct pattern_scan *s, struct str *raw, bool *has_escape)
{
    size_t begin = s->at + 1;
    *has_escape = false;
    for (size_t i = begin; i < s->text.len; i++) {
        char c = s->text.ptr[i];
        if (c == '\'') {
            *raw = (struct str){s->text.ptr + begin, i - begin};
            s->at = i + 1;
            return true;
        }
        if (c != '\\')
            continue;
        *has_escape = true;
        i++;
        if (i < s->text.len && s->text.ptr[i] != '\'' && s->text.ptr[i] != '\\') {
            s->at = i;
            return scan_fail(s, ERR_INVALID, "only \\' and \\\\ may be escaped");
        }
    }
    return scan_fail(s, ERR_INVALID, "a string does not end");
}

bool scan_string(struct pattern_scan *s, struct str *out)
{
    struct str raw;
    bool has_escape;
    if (scan_peek(s) != '\'')
        return scan_fail(s, ERR_INVALID, "a string must stand here");
    if (!scan_quoted(s, &raw, &has_escape))
        return false;
    *out = raw;
    if (!has_escape)
        return true;
    char *plain = NEW_N(s->arena, char, raw.len);
    if (!plain)
        return scan_fail(s, ERR_LIMIT, "out of memory");
    size_t n = 0;
    for (size_t i = 0; i < raw.len; i++) {
        i += raw.ptr[i] == '\\';
        plain[n++] = raw.ptr[i];
    }
    *out = (struct str){plain, n};
    return true;
}

// A copy without line ends, which base64 may be broken by.
static bool copy_without(struct pattern_scan *s, struct str raw, bool lower, struct str *out)
{
    char *p = NEW_N(s->arena, char, raw.len + 1);
    if (!p)
        return scan_fail(s, ERR_LIMIT, "out of memory");
    size_t n = 0;
    for (size_t i = 0; i < raw.len; i++)
        if (raw.ptr[i] != '\n' && raw.ptr[i] != '\r')
            p[n++] = lower ? ascii_lower(raw.ptr[i]) : raw.ptr[i];
    *out = (struct str){p, n};
    return true;
}

static bool scan_binary(struct pattern_scan *s, struct str *out)
{
    struct str raw, bytes;
    bool has_escape;
    size_t begin = s->at++;
    if (!scan_quoted(s, &raw, &has_escape) || !copy_without(s, raw, false, out))
        return false;
    enum err e = base64_parse(s->arena, *out, &bytes);
    if (e == ERR_OK)
        return true;
    s->at = begin;
    return scan_fail(s, e, "not base64");
}

static bool scan_hex(struct pattern_scan *s, struct str *out)
{
    struct str raw;
    bool has_escape, is_hex = true;
    size_t begin = s->at++;
    if (!scan_quoted(s, &raw, &has_escape))
        return false;
    for (size_t i = 0; i < raw.len; i++) {
        char c = ascii_lower(raw.ptr[i]);
        is_hex = is_hex && ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }
    if (is_hex && raw.len % 2 == 0)
        return copy_without(s, raw, true, out);
    s->at = begin;
    return scan_fail(s, ERR_INVALID, "not an even number of hexadecimal digits");
}

static int two_digits(struct str text, size_t at)
{
    return (text.ptr[at] - '0') * 10 + text.ptr[at + 1] - '0';
}

// The fields are checked one by one only: the grammar lets 30 February pass.
static bool is_timestamp(struct str text)
{
    static const char form[] = "dddd-dd-ddTdd:dd:dd";
    size_t n = sizeof form - 1;
    if (text.len < n + 1 || text.ptr[text.len - 1] != 'Z')
        return false;
    for (size_t i = 0; i < n; i++) {
        bool is_digit = text.ptr[i] >= '0' && text.ptr[i] <= '9';
        if (form[i] == 'd' ? !is_digit : text.ptr[i] != form[i])
            return false;
    }
    int month = two_digits(text, 5), day = two_digits(text, 8);
    if (month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    if (two_digits(text, 11) > 23 || two_digits(text, 14) > 59 || two_digits(text, 17) > 60)
        return false;
    struct str fraction = {text.ptr + n, text.len - n - 1};
    for (size_t i = 0; i < fraction.len; i++)
        if (i ? fraction.ptr[i] < '0' || fraction.ptr[i] > '9' : fraction.ptr[i] != '.')
            return false;
    return fraction.len != 1;
}

bool scan_time(struct pattern_scan *s, struct str *out)
{
    bool has_escape;
    size_t begin = s->at;
    if (!str_starts(str_from(s->text, s->at), STR("t'")))
        return scan_fail(s, ERR_INVALID, "a timestamp t'...' must stand here");
    s->at++;
    if (!scan_quoted(s, out, &has_escape))
        return false;
    if (!has_escape && is_timestamp(*out))
        return true;
    s->at = begin;
    return scan_fail(s, ERR_INVALID, "not a timestamp in UTC");
}

static size_t digits_at(struct str text, size_t at)
{
    size_t n = 0;
    while (at + n < text.len && text.ptr[at + n] >= '0' && text.ptr[at + n] <= '9')
        n++;
    return n;
}

// An integer has no leading zero; a float has a point with digits behind it.
static bool scan_number(struct pattern_scan *s, struct stix_constant *out)
{
    size_t begin = s->at, at = s->at;
    char sign = scan_peek(s);
    at += sign == '-' || sign == '+';
    begin += sign == '+';
    size_t whole = digits_at(s->text, at);
    bool leading_zero = whole > 1 && s->text.ptr[at] == '0';
    at += whole;
    size_t fraction =
        at < s->text.len && s->text.ptr[at] == '.' ? digits_at(s->text, at + 1) : 0;
    out->kind = fraction ? STIX_CONSTANT_FLOAT : STIX_CONSTANT_INT;
    at += fraction ? 1 + fraction : 0;
    if ((whole == 0 && fraction == 0) || (leading_zero && !fraction))
        return scan_fail(s, ERR_INVALID, "a constant must stand here");
    out->text = (struct str){s->text.ptr + begin, at - begin};
    s->at = at;
    return true;
}

bool scan_int(struct pattern_scan *s, struct str *out)
{
    struct stix_constant number;
    size_t begin = s->at;
    if (!scan_number(s, &number))
        return false;
    *out = number.text;
    if (number.kind == STIX_CONSTANT_INT)
        return true;
    s->at = begin;
    return scan_fail(s, ERR_INVALID, "an integer must stand here");
}

bool scan_constant(struct pattern_scan *s, struct stix_constant *out)
{
    struct str rest = str_from(s->text, s->at), word = scan_word(s, false);
    bool is_quoted = rest.len > 1 && rest.ptr[1] == '\'';
    if (scan_peek(s) == '\'') {
        out->kind = STIX_CONSTANT_STRING;
        return scan_string(s, &out->text);
    }
    if (str_eq(word, STR("true")) || str_eq(word, STR("false"))) {
        *out = (struct stix_constant){STIX_CONSTANT_BOOL, word};
        s->at += word.len;
        return true;
    }
    if (is_quoted && rest.ptr[0] == 't') {
        out->kind = STIX_CONSTANT_TIME;
        return scan_time(s, &out->text);
    }
    if (is_quoted && rest.ptr[0] == 'h') {
        out->kind = STIX_CONSTANT_HEX;
        return scan_hex(s, &out->text);
    }
    if (is_quoted && rest.ptr[0] == 'b') {
        out->kind = STIX_CONSTANT_BINARY;
        return scan_binary(s, &out->text);
    }
    return scan_number(s, out);
}
