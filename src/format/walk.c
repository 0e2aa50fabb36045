// SPDX-License-Identifier: Apache-2.0
#include "format/walk_priv.h"

#include "base/limits.h"

static enum err cut_off(struct str text, struct fault *fault)
{
    return fault_set(fault, ERR_INVALID, text.len, "the document is cut off");
}

struct walk walk_from(struct str text, size_t at)
{
    return (struct walk){
        .text = text, .at = at + 1, .is_object = at < text.len && text.ptr[at] == '{'};
}

size_t walk_blanks(struct str text, size_t at)
{
    while (at < text.len && str_index(STR(" \t\r\n"), text.ptr[at]) < 4)
        at++;
    return at;
}

// Behind the closing quote.
static enum err skip_string(struct str text, size_t at, size_t *end, struct fault *fault)
{
    for (at++; at < text.len && text.ptr[at] != '"'; at++)
        at += text.ptr[at] == '\\';
    if (at >= text.len)
        return cut_off(text, fault);
    *end = at + 1;
    return ERR_OK;
}

static enum err skip_brackets(struct str text, size_t at, size_t *end, struct fault *fault)
{
    uint64_t kinds = 0; // the innermost lowest: 1 for [
    unsigned depth = 0;
    while (at < text.len) {
        char c = text.ptr[at];
        if (c == '"') {
            TRY(skip_string(text, at, &at, fault));
            continue;
        }
        if (c == '{' || c == '[') {
            if (depth++ == JSON_DEPTH_MAX)
                return fault_set(fault, ERR_LIMIT, at, "the JSON is nested too deeply");
            kinds = kinds << 1 | (c == '[');
        }
        if (c == '}' || c == ']') {
            if ((kinds & 1) != (c == ']'))
                return fault_set(fault, ERR_INVALID, at, "a bracket that was not opened");
            kinds >>= 1;
            if (--depth == 0) {
                *end = at + 1;
                return ERR_OK;
            }
        }
        at++;
    }
    return cut_off(text, fault);
}

enum err walk_skip(struct str text, size_t at, size_t *end, struct fault *fault)
{
    size_t from = at;
    if (at >= text.len)
        return cut_off(text, fault);
    if (text.ptr[at] == '"')
        return skip_string(text, at, end, fault);
    if (text.ptr[at] == '{' || text.ptr[at] == '[')
        return skip_brackets(text, at, end, fault);
    while (at < text.len && str_index(STR(" \t\r\n,]}"), text.ptr[at]) == 7)
        at++;
    *end = at;
    return at > from ? ERR_OK : fault_set(fault, ERR_INVALID, at, "a value is missing");
}

static enum err expect(struct walk *w, char byte, const char *why, struct fault *fault)
{
    w->at = walk_blanks(w->text, w->at);
    if (w->at >= w->text.len)
        return cut_off(w->text, fault);
    if (w->text.ptr[w->at] != byte)
        return fault_set(fault, ERR_INVALID, w->at, why);
    w->at++;
    return ERR_OK;
}

static enum err take_key(struct walk *w, struct fault *fault)
{
    size_t from;
    TRY(expect(w, '"', "a key is missing", fault));
    from = w->at;
    TRY(skip_string(w->text, from - 1, &w->at, fault));
    w->key = str_to(str_from(w->text, from), w->at - from - 1);
    return expect(w, ':', "a colon is missing", fault);
}

enum err walk_next(struct walk *w, struct fault *fault)
{
    char close = w->is_object ? '}' : ']';
    w->at = walk_blanks(w->text, w->at);
    if (w->at < w->text.len && w->text.ptr[w->at] == close) {
        w->at++;
        return ERR_NOT_FOUND;
    }
    if (w->is_begun)
        TRY(expect(w, ',', "a comma or a closing bracket is missing", fault));
    w->is_begun = true;
    if (w->is_object)
        TRY(take_key(w, fault));
    w->value_at = w->at = walk_blanks(w->text, w->at);
    TRY(walk_skip(w->text, w->at, &w->at, fault));
    w->value = str_to(str_from(w->text, w->value_at), w->at - w->value_at);
    return ERR_OK;
}
