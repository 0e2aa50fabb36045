// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.h"
#include "stix/text_priv.h"

static bool is_joint(uint32_t cp)
{
    return cp == '.' || cp == '-' || cp == '_' || cp == '@';
}

struct stix_terms stix_terms(struct str folded)
{
    return (struct stix_terms){.folded = folded};
}

static struct str slice(struct str s, size_t from, size_t until)
{
    return (struct str){s.ptr + from, until - from};
}

// The word at it->at, and once more together with the one that it is joined to.
static void word_next(struct stix_terms *it, struct str *out)
{
    size_t begin = it->at, end = begin, next = begin;
    while (next < it->folded.len && text_is_word(utf8_next(it->folded, &next)))
        end = next;
    *out = slice(it->folded, begin, end);
    it->is_joined = it->word_end > it->word && begin == it->word_end + 1 &&
                    is_joint((unsigned char)it->folded.ptr[it->word_end]);
    it->joined = slice(it->folded, it->word, end);
    it->word = begin;
    it->word_end = end;
    it->at = end;
}

bool stix_terms_next(struct stix_terms *it, struct str *out)
{
    if (it->is_joined) {
        *out = it->joined;
        it->is_joined = false;
        return true;
    }
    while (it->at < it->folded.len) {
        size_t next = it->at, after;
        uint32_t cp = utf8_next(it->folded, &next);
        if (text_is_word(cp)) {
            word_next(it, out);
            return true;
        }
        after = next;
        if (text_is_cjk(cp) && after < it->folded.len &&
            text_is_cjk(utf8_next(it->folded, &after))) {
            *out = slice(it->folded, it->at, after);
            it->at = next;
            return true;
        }
        it->at = next;
    }
    return false;
}

// FNV-1a, its halves folded together.
uint32_t stix_term_hash(struct str term)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < term.len; i++)
        h = (h ^ (unsigned char)term.ptr[i]) * UINT64_C(0x100000001b3);
    h ^= h >> 29;
    h *= UINT64_C(0xbf58476d1ce4e5b9);
    return (uint32_t)(h >> 32);
}

static bool is_sign(uint32_t cp)
{
    return !text_is_word(cp) && !text_is_cjk(cp);
}

static struct str trim_signs(struct str s)
{
    size_t begin = s.len, end = 0;
    for (size_t at = 0; at < s.len;) {
        size_t here = at;
        if (is_sign(utf8_next(s, &at)))
            continue;
        if (begin == s.len)
            begin = here;
        end = at;
    }
    return begin < end ? slice(s, begin, end) : (struct str){"", 0};
}

static enum err add(struct stix_words *words, struct str word)
{
    word = trim_signs(word);
    if (word.len == 0)
        return ERR_OK;
    if (words->n == STIX_WORDS_MAX)
        return ERR_LIMIT;
    words->items[words->n++] = word;
    return ERR_OK;
}

// "state-sponsored" is two words, "cve-2023-1" and "my-site.example" are one.
static bool is_hyphened(struct str word)
{
    bool has_hyphen = false;
    for (size_t i = 0; i < word.len; i++) {
        char c = word.ptr[i];
        if (c != '-' && (c < 'a' || c > 'z'))
            return false;
        has_hyphen |= c == '-';
    }
    return has_hyphen;
}

static enum err add_piece(struct arena *a, struct stix_words *words, struct str piece)
{
    struct stix_text text;
    TRY(stix_text_fold(a, piece, false, &text));
    if (!is_hyphened(text.folded))
        return add(words, text.folded);
    for (struct str rest = text.folded; rest.len;)
        TRY(add(words, str_cut(&rest, '-')));
    return ERR_OK;
}

static bool is_between(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

enum err stix_words_read(struct arena *a, struct str text, struct stix_words *out)
{
    struct stix_words words = {.n = 0};
    for (size_t at = 0; at < text.len;) {
        bool is_quoted = text.ptr[at] == '"';
        size_t begin = is_quoted ? ++at : at;
        while (at < text.len && text.ptr[at] != '"' && (is_quoted || !is_between(text.ptr[at])))
            at++;
        TRY(add_piece(a, &words, slice(text, begin, at)));
        if (at < text.len && (is_quoted || is_between(text.ptr[at])))
            at++;
    }
    *out = words;
    return ERR_OK;
}

bool stix_word_has_term(struct str word)
{
    struct stix_terms it = stix_terms(word);
    struct str term;
    return stix_terms_next(&it, &term);
}

// Whether a word of letters and digits goes on across the place.
static bool goes_on(struct str s, size_t at)
{
    if (at == 0 || at >= s.len)
        return false;
    size_t next = at, before = at - 1;
    while (before > 0 && ((unsigned char)s.ptr[before] & 0xc0) == 0x80)
        before--;
    return text_is_word(utf8_next(s, &next)) && text_is_word(utf8_next(s, &before));
}

size_t stix_word_find(struct str folded, size_t at, struct str word)
{
    while (word.len && at < folded.len) {
        size_t found = at + str_find(str_from(folded, at), word);
        if (found >= folded.len)
            break;
        if (!goes_on(folded, found) && !goes_on(folded, found + word.len))
            return found;
        at = found + 1;
    }
    return folded.len;
}
