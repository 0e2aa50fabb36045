// SPDX-License-Identifier: Apache-2.0
#include "format/text_in.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "format/seen_priv.h"
#include "format/table_priv.h"
#include "hash/hash.h"
#include "stix/value.h"

#define TOKEN_BYTES_MAX 8192  // longer runs are no observable
#define GROUP_REFS_MAX  50000 // of one grouping; then another begins
#define SCRATCH_BYTES   (16 * MIB)

struct reading {
    struct arena *a; // of what was found
    struct arena scratch;
    const struct format_about *about;
    const struct format_sink *sink;
    struct str document;
    struct table found; // ids
    struct str *refs;   // of the grouping to be
    size_t n_refs, n_groups;
    struct str before; // the word in front
    bool is_alone;     // the token is all of its line
    bool is_defanged;  // and somebody wrote it so
};

// A run of the text: where it stands, and its characters with full-width forms made ASCII.
struct token {
    size_t from, to;
    struct str text;
};

// U+FF01 to U+FF5E are the ASCII characters in full width; three marks are used as dots.
static uint32_t narrow(uint32_t c)
{
    if (c >= 0xFF01 && c <= 0xFF5E)
        return c - 0xFF01 + '!';
    return c == 0x3002 || c == 0xFF61 ? '.' : c;
}

static bool ends_token(uint32_t c)
{
    return c <= ' ' || c >= 127 || str_index(STR("\"<>,;|`^"), (char)c) < 8;
}

// The next run of characters that an observable may have; false at the end of the text.
static enum err next_token(struct reading *r, size_t *at, struct token *out, bool *is_one)
{
    struct buf b = buf_in(&r->scratch, TOKEN_BYTES_MAX);
    size_t next = *at;
    for (*is_one = false; *at < r->document.len; *at = next) {
        uint32_t c = narrow(utf8_next(r->document, &next));
        if (ends_token(c) && *is_one)
            break;
        if (ends_token(c))
            continue;
        if (!*is_one)
            out->from = *at;
        *is_one = true;
        out->to = next;
        if (b.len < TOKEN_BYTES_MAX)
            buf_put_byte(&b, (char)c);
    }
    return buf_end(&b, &out->text);
}

static enum err end_group(struct reading *r)
{
    unsigned char digest[SHA256_BYTES];
    struct arena_mark mark = arena_mark(&r->scratch);
    struct buf key = buf_in(&r->scratch, 64);
    struct str text;
    struct made made;
    if (r->n_refs == 0)
        return ERR_OK;
    hash_sha256(r->document, digest);
    buf_put(&key, (struct str){(const char *)digest, sizeof digest});
    buf_put_u64(&key, r->n_groups++);
    TRY(buf_end(&key, &text));
    const struct make m = {.name = r->about->name.len ? r->about->name : STR("text"),
        .now_us = r->about->now_us,
        .refs = r->refs,
        .n_refs = r->n_refs};
    TRY(make_grouping(&r->scratch, &m, text, &made));
    const struct format_object object = {.bytes = made.bytes, .is_once = true};
    r->n_refs = 0;
    TRY(r->sink->object(r->sink->ctx, &object));
    arena_rewind(&r->scratch, mark);
    return ERR_OK;
}

static enum err note_change(
    struct reading *r, const struct token *token, const struct seen *seen, struct str id)
{
    const struct format_loss loss = {.at = token->from,
        .id = id,
        .field = STR("value"),
        .outcome = STR("changed"),
        .why = str_of(seen->change)};
    return seen->change ? r->sink->loss(r->sink->ctx, &loss) : ERR_OK;
}

static enum err take(struct reading *r, const struct token *token, const struct seen *seen)
{
    struct made made;
    struct str id;
    const struct make m = {.values = seen, .n = 1, .now_us = r->about->now_us};
    TRY(make_observable(&r->scratch, &m, &made));
    if (table_find(&r->found, made.id))
        return ERR_OK;
    TRY(str_copy(r->a, made.id, &id));
    TRY(table_add(r->a, &r->found, id, r));
    const struct format_object object = {.bytes = made.bytes,
        .original = str_to(str_from(r->document, token->from), token->to - token->from),
        .at = token->from,
        .is_once = true};
    TRY(r->sink->object(r->sink->ctx, &object));
    TRY(note_change(r, token, seen, id));
    r->refs[r->n_refs++] = id;
    return r->n_refs == GROUP_REFS_MAX ? end_group(r) : ERR_OK;
}

// Is the last character a closing bracket without its partner?
static bool ends_open(struct str s)
{
    static const char pairs[] = "()[]{}";
    size_t pair = s.len ? str_index(str_of(pairs), s.ptr[s.len - 1]) : 6, open = 0, closed = 0;
    if (pair == 6 || pair % 2 == 0)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        open += s.ptr[i] == pairs[pair - 1];
        closed += s.ptr[i] == pairs[pair];
    }
    return closed > open;
}

// Off both ends: marks of a sentence, and brackets without their partner.
static struct str trim(struct str s)
{
    size_t before;
    do {
        before = s.len;
        while (s.len && str_index(STR("'*([{=:"), s.ptr[0]) < 7 &&
               !(s.ptr[0] == ':' && s.len > 1 && s.ptr[1] == ':'))
            s = str_from(s, 1);
        while (s.len && str_index(STR(".:!?'*_=&\\"), s.ptr[s.len - 1]) < 10)
            s.len--;
        while (ends_open(s))
            s.len--;
    } while (s.len < before);
    return s;
}

static bool is_letter(char c)
{
    c = ascii_lower(c);
    return c >= 'a' && c <= 'z';
}

// A URL begins at its scheme, whatever stands in front of it: "[here](https://...".
static struct str from_scheme(struct str s)
{
    size_t at = str_find(s, STR("://"));
    if (at == s.len)
        return s;
    while (at && is_letter(s.ptr[at - 1]))
        at--;
    return trim(str_from(s, at));
}

// Korean words have no tokens of their own: what stands in front of this one in the document.
static bool follows_korean_version(const struct reading *r, const struct token *token)
{
    static const struct str words[] = {STR_INIT("버전"), STR_INIT("빌드"), STR_INIT("릴리스"),
        STR_INIT("릴리즈"), STR_INIT("펌웨어")};
    struct str before = str_trim(str_to(r->document, token->from));
    if (str_ends(before, STR(":")))
        before = str_trim(str_to(before, before.len - 1));
    for (size_t i = 0; i < LEN(words); i++)
        if (str_ends(before, words[i]))
            return true;
    return false;
}

// "version 1.2.3.4" is no address.
static bool follows_version(const struct reading *r)
{
    static const struct str words[] = {STR_INIT("version"), STR_INIT("ver"), STR_INIT("v"),
        STR_INIT("build"), STR_INIT("release"), STR_INIT("firmware")};
    char low[12];
    struct str word = r->before;
    if (word.len == 0 || word.len > sizeof low)
        return false;
    for (size_t i = 0; i < word.len; i++)
        low[i] = ascii_lower(word.ptr[i]);
    for (size_t i = 0; i < LEN(words); i++)
        if (str_eq((struct str){low, word.len}, words[i]))
            return true;
    return false;
}

static enum err try_text(
    struct reading *r, const struct token *token, struct str plain, bool *is_taken)
{
    struct seen seen;
    enum seen_place place = r->is_defanged ? SEEN_DEFANGED
                            : r->is_alone  ? SEEN_ALONE
                                           : SEEN_IN_PROSE;
    enum err e = seen_read(&r->scratch, plain, place, &seen);
    *is_taken = e == ERR_OK;
    if (e == ERR_OK && seen.type == SEEN_IPV4 &&
        (follows_version(r) || follows_korean_version(r, token)))
        return ERR_OK;
    return e == ERR_NOT_FOUND ? ERR_OK : e == ERR_OK ? take(r, token, &seen) : e;
}

// The token as it is; else what stands behind a label such as "MD5:" or "src=".
static enum err read_token(struct reading *r, const struct token *token)
{
    struct str plain;
    bool is_taken;
    if (token->text.len < 4 || token->text.len == TOKEN_BYTES_MAX)
        return ERR_OK;
    TRY(stix_value_refang(&r->scratch, trim(token->text), &plain));
    r->is_defanged = plain.len < trim(token->text).len;
    plain = from_scheme(trim(plain));
    TRY(try_text(r, token, plain, &is_taken));
    size_t colon = str_index(plain, ':'), sign = str_index(plain, '=');
    struct str rest = str_from(plain, (colon < sign ? colon : sign) + 1);
    if (!is_taken && rest.len >= 4)
        return try_text(r, token, trim(rest), &is_taken);
    return ERR_OK;
}

// Is there nothing else in its line, but a remark?
static bool is_all_of_line(struct str document, const struct token *token)
{
    size_t from = token->from, to = token->to;
    while (from && document.ptr[from - 1] != '\n')
        if (document.ptr[--from] > ' ' || document.ptr[from] < 0)
            return false;
    while (to < document.len &&
           (document.ptr[to] == ' ' || document.ptr[to] == '\t' || document.ptr[to] == '\r'))
        to++;
    return to == document.len || document.ptr[to] == '\n' || document.ptr[to] == '#';
}

static enum err read_all(struct reading *r)
{
    struct arena_mark mark = arena_mark(&r->scratch);
    char word[16];
    bool is_one = true;
    for (size_t at = 0; is_one;) {
        struct token token = {0};
        TRY(next_token(r, &at, &token, &is_one));
        if (!is_one)
            break;
        r->is_alone = is_all_of_line(r->document, &token);
        TRY(read_token(r, &token));
        struct str last = trim(token.text);
        r->before = (struct str){word, last.len <= sizeof word ? last.len : 0};
        for (size_t i = 0; i < r->before.len; i++)
            word[i] = last.ptr[i];
        arena_rewind(&r->scratch, mark);
    }
    return end_group(r);
}

enum err format_text_read(struct arena *a, struct str document,
    const struct format_about *about, const struct format_sink *sink, struct fault *fault)
{
    struct reading r = {.a = a, .about = about, .sink = sink, .document = document};
    size_t bad = utf8_invalid_at(document);
    if (bad < document.len)
        return fault_set(fault, ERR_INVALID, bad, "the text is not UTF-8");
    r.refs = NEW_N(a, struct str, GROUP_REFS_MAX);
    if (!r.refs)
        return ERR_LIMIT;
    arena_init(&r.scratch, SCRATCH_BYTES);
    enum err e = read_all(&r);
    arena_release(&r.scratch);
    if (e == ERR_OK && r.found.n == 0)
        return fault_set(fault, ERR_INVALID, 0,
            "nothing was found in the text: no address, name, hash or CVE number");
    return e;
}
