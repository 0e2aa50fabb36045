// SPDX-License-Identifier: Apache-2.0
// The ceiling: UK OFFICIAL-SENSITIVE, and what is no secret of the Republic of Korea. There is
// no table or setting that raises it. Words of other nations that mean the same are refused
// too.
#include "stix/marking.h"

// In lower case; blanks within are skipped; ASCII at an end of a word must end there.
static const struct str words[] = {STR_INIT("secret"), STR_INIT("topsecret"),
    STR_INIT("confidential"), STR_INIT("ts"), STR_INIT("비밀"), STR_INIT("기밀"),
    STR_INIT("대외비"), STR_INIT("Ⅰ급"), STR_INIT("Ⅱ급"), STR_INIT("Ⅲ급"), STR_INIT("i급"),
    STR_INIT("ii급"), STR_INIT("iii급"), STR_INIT("1급"), STR_INIT("2급"), STR_INIT("3급"),
    STR_INIT("秘密"), STR_INIT("極秘"), STR_INIT("機密")};

static bool is_word_byte(char c)
{
    c = ascii_lower(c);
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool stands_at(struct str text, size_t at, struct str word)
{
    size_t end = at;
    for (size_t i = 0; i < word.len; i++, end++) {
        while (i > 0 && end < text.len && text.ptr[end] == ' ')
            end++;
        if (end >= text.len || ascii_lower(text.ptr[end]) != word.ptr[i])
            return false;
    }
    bool begins = at == 0 || !is_word_byte(word.ptr[0]) || !is_word_byte(text.ptr[at - 1]);
    return begins && (end == text.len || !is_word_byte(word.ptr[word.len - 1]) ||
                         !is_word_byte(text.ptr[end]));
}

bool stix_national_is_above(struct str text)
{
    for (size_t at = 0; at < text.len; at++)
        for (size_t i = 0; i < LEN(words); i++)
            if (stands_at(text, at, words[i]))
                return true;
    return false;
}
