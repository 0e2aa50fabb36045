// SPDX-License-Identifier: Apache-2.0
#include "base/limits.h"
#include "base/utf8.h"
#include "stix/text.h"
#include "stix/value.h"
#include "test.h"

#include <utf8proc.h>

static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 64 * MIB);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct str fold(struct str text)
{
    struct stix_text out;
    CHECK_ERR("fold", stix_text_fold(&arena, text, false, &out), ERR_OK);
    return out.folded;
}

static const struct {
    const char *why;
    struct str text, want;
} folds[] = {
    {"lower case", STR_INIT("Lazarus GROUP"), STR_INIT("lazarus group")},
    {"full width", STR_INIT("ＡＰＴ３７"), STR_INIT("apt37")},
    {"a Roman numeral", STR_INIT("Ⅰ급"), STR_INIT("i급")},
    {"a letter in a circle", STR_INIT("㈜안랩"), STR_INIT("(주)안랩")},
    {"decomposed Hangul", STR_INIT("\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab"), STR_INIT("한")},
    {"letters of the compatibility block", STR_INIT("ㄱㅏ"), STR_INIT("가")},
    {"blanks between Korean words", STR_INIT("사이버  안보"), STR_INIT("사이버안보")},
    {"a blank between scripts", STR_INIT("APT37 의 공격"), STR_INIT("apt37의공격")},
    {"blanks between other words", STR_INIT("  cyber \n attack "), STR_INIT("cyber attack")},
    {"no sign", STR_INIT("한영"), STR_INIT("한영")},
    {"middle dot", STR_INIT("한·영"), STR_INIT("한영")},
    {"the dot that Korean editors type", STR_INIT("한ㆍ영"), STR_INIT("한영")},
    {"bullet operator", STR_INIT("한∙영"), STR_INIT("한영")},
    {"hyphenation point", STR_INIT("한‧영"), STR_INIT("한영")},
    {"katakana dot", STR_INIT("한・영"), STR_INIT("한영")},
    {"katakana dot of half width", STR_INIT("한･영"), STR_INIT("한영")},
    {"bullet", STR_INIT("한•영"), STR_INIT("한영")},
    {"hyphen", STR_INIT("한-영"), STR_INIT("한영")},
    {"dash", STR_INIT("한–영"), STR_INIT("한영")},
    {"a hyphen of a domain stays", STR_INIT("my-site.example"), STR_INIT("my-site.example")},
    {"dashes become hyphens", STR_INIT("CVE–2023–1"), STR_INIT("cve-2023-1")},
    {"hanja alone", STR_INIT("北 공격"), STR_INIT("북한공격")},
    {"hanja together", STR_INIT("韓英"), STR_INIT("한영")},
    {"hanja with a dot", STR_INIT("韓·英"), STR_INIT("한영")},
    {"against the north", STR_INIT("對北 제재"), STR_INIT("대북제재")},
    {"against the north, simplified", STR_INIT("対北"), STR_INIT("대북")},
    {"other hanja stay", STR_INIT("日本 安保"), STR_INIT("日本安保")},
    {"defanged address", STR_INIT("hXXps://evil[.]example(.)com"),
        STR_INIT("https://evil.example.com")},
    {"defanged mail", STR_INIT("a[at]b[dot]example"), STR_INIT("a@b.example")},
    {"hxxp inside a word", STR_INIT("ahxxp"), STR_INIT("ahxxp")},
    {"what nobody sees", STR_INIT("라자\xe2\x80\x8b루스"), STR_INIT("라자루스")},
    {"nothing", STR_INIT(""), STR_INIT("")},
};

static void test_spellings_fold_to_one_form(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(folds); i++) {
        CHECK_STR(folds[i].why, fold(folds[i].text), folds[i].want);
        CHECK_STR(folds[i].why, fold(folds[i].want), folds[i].want);
    }
}

static void test_what_is_not_utf8_is_refused(void **state)
{
    (void)state;
    struct stix_text out;
    struct stix_words words;
    CHECK_ERR("cut", stix_text_fold(&arena, STR("\xed\x95"), false, &out), ERR_INVALID);
    CHECK_ERR(
        "surrogate", stix_text_fold(&arena, STR("\xed\xa0\x80"), false, &out), ERR_INVALID);
    CHECK_ERR("query", stix_words_read(&arena, STR("\xff"), &words), ERR_INVALID);
}

static const struct {
    const char *why;
    struct str folded, want; // terms, each with | behind it
} terms[] = {
    {"bigrams overlap", STR_INIT("사이버안보"), STR_INIT("사이|이버|버안|안보|")},
    {"one syllable is none", STR_INIT("북"), STR_INIT("")},
    {"words", STR_INIT("lazarus group"), STR_INIT("lazarus|group|")},
    {"scripts part", STR_INIT("apt37의공격"), STR_INIT("apt37|의공|공격|")},
    {"a domain", STR_INIT("a.b.example"), STR_INIT("a|b|a.b|example|b.example|")},
    {"a vulnerability", STR_INIT("cve-2023-1234"),
        STR_INIT("cve|2023|cve-2023|1234|2023-1234|")},
    {"a comma parts", STR_INIT("공격,피해"), STR_INIT("공격|피해|")},
    {"letters beyond ASCII", STR_INIT("привет мир"), STR_INIT("привет|мир|")},
};

static void test_terms_are_pairs_of_syllables_and_whole_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(terms); i++) {
        struct buf b = buf_in(&arena, KIB);
        struct stix_terms it = stix_terms(terms[i].folded);
        for (struct str term; stix_terms_next(&it, &term);) {
            buf_put(&b, term);
            buf_put_byte(&b, '|');
        }
        CHECK_STR(terms[i].why, buf_str(&b), terms[i].want);
    }
}

static const struct {
    const char *why;
    struct str text, query;
    bool want;
} finds[] = {
    {"part of a word", STR_INIT("북한 해킹조직의 공격"), STR_INIT("해킹조직"), true},
    {"two words in another order", STR_INIT("북한 해킹조직의 공격"), STR_INIT("공격 북한"),
        true},
    {"a phrase in another order", STR_INIT("북한 해킹조직의 공격"), STR_INIT("\"공격 북한\""),
        false},
    {"a phrase", STR_INIT("북한 해킹조직의 공격"), STR_INIT("\"북한 해킹\""), true},
    {"without its blank", STR_INIT("사이버 안보"), STR_INIT("사이버안보"), true},
    {"with a blank", STR_INIT("사이버안보"), STR_INIT("사이버 안보"), true},
    {"whole words only", STR_INIT("Lazarus Group"), STR_INIT("lazar"), false},
    {"whole word", STR_INIT("Lazarus Group"), STR_INIT("LAZARUS"), true},
    {"a parent domain", STR_INIT("x.evil.example.com"), STR_INIT("example[.]com"), true},
    {"not a part of a label", STR_INIT("myexample.com"), STR_INIT("example.com"), false},
    {"hyphened words", STR_INIT("state sponsored"), STR_INIT("state-sponsored"), true},
    {"a number of a vulnerability", STR_INIT("(CVE-2023-1234)"), STR_INIT("cve-2023-1234"),
        true},
    {"a longer number", STR_INIT("CVE-2023-12345"), STR_INIT("cve-2023-1234"), false},
    {"script and particle", STR_INIT("APT37의 공격"), STR_INIT("apt37"), true},
};

static bool holds(struct str text, struct str query)
{
    struct stix_words words;
    struct str folded = fold(text);
    CHECK_ERR("query", stix_words_read(&arena, query, &words), ERR_OK);
    bool all = words.n > 0;
    for (size_t i = 0; i < words.n; i++)
        all = all && stix_word_find(folded, 0, words.items[i]) < folded.len;
    return all;
}

static void test_words_are_found_where_they_stand(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(finds); i++)
        CHECK(finds[i].why, holds(finds[i].text, finds[i].query) == finds[i].want);
}

static uint64_t next_chance(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return *seed >> 33;
}

// Syllables, blanks, signs, Latin, marks: what texts are made of.
static struct str any_text(uint64_t *seed, size_t n)
{
    static const uint32_t others[] = {' ', '.', '-', 'a', 'B', '7', 0xb7, 0x318d, 0x301, 0xe9,
        0x130, 0x1e9e, 0x3a3, 0x345, 0xff21, 0x3131, 0x314f, 0x5317, 0x672c, 0x11a8, 0x200b,
        '[', ']', 0xff9e, 0x30ab, 0x1f600};
    struct buf b = buf_in(&arena, 64 * KIB);
    for (size_t i = 0; i < n; i++) {
        uint64_t chance = next_chance(seed);
        utf8_put(&b, chance % 2 ? 0xac00 + (uint32_t)(chance / 2 % 11172)
                                : others[chance / 2 % LEN(others)]);
    }
    return buf_str(&b);
}

static struct str decompose(struct str text)
{
    utf8proc_uint8_t *out = NULL;
    utf8proc_ssize_t n = utf8proc_map((const unsigned char *)text.ptr,
        (utf8proc_ssize_t)text.len, &out, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
    assert_true(n >= 0);
    struct str copy;
    CHECK_ERR("copy", str_copy(&arena, (struct str){(char *)out, (size_t)n}, &copy), ERR_OK);
    free(out);
    return copy;
}

static void test_composed_and_decomposed_text_fold_alike(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int i = 0; i < 5000; i++) {
        struct arena_mark mark = arena_mark(&arena);
        struct str text = any_text(&seed, 1 + next_chance(&seed) % 20), composed;
        CHECK_ERR("compose", stix_text_nfc(&arena, text, &composed), ERR_OK);
        CHECK_STR("NFD", fold(decompose(text)), fold(composed));
        CHECK_STR("as it came", fold(text), fold(composed));
        arena_rewind(&arena, mark);
    }
}

static bool has_term(struct str folded, uint32_t hash)
{
    struct stix_terms it = stix_terms(folded);
    for (struct str term; stix_terms_next(&it, &term);)
        if (stix_term_hash(term) == hash)
            return true;
    return false;
}

// Any two or more neighbouring syllables of a text are found in it, by terms and by the check.
static void test_every_part_of_a_korean_text_is_found(void **state)
{
    (void)state;
    uint64_t seed = 2;
    for (int i = 0; i < 3000; i++) {
        struct arena_mark mark = arena_mark(&arena);
        struct buf b = buf_in(&arena, KIB);
        size_t starts[40], n = 3 + next_chance(&seed) % 30;
        for (size_t k = 0; k < n; k++) {
            if (next_chance(&seed) % 3 == 0)
                buf_put(&b, next_chance(&seed) % 2 ? STR(" ") : STR("·"));
            starts[k] = b.len;
            utf8_put(&b, 0xac00 + (uint32_t)(next_chance(&seed) % 11172));
        }
        size_t from = next_chance(&seed) % (n - 2),
               until = from + 2 + next_chance(&seed) % (n - from - 2);
        struct str text = buf_str(&b);
        struct str part = {text.ptr + starts[from], starts[until - 1] + 3 - starts[from]};
        struct str folded = fold(text), query = fold(part);
        CHECK("part", stix_word_find(folded, 0, query) < folded.len);
        struct stix_terms it = stix_terms(query);
        for (struct str term; stix_terms_next(&it, &term);)
            CHECK("term", has_term(folded, stix_term_hash(term)));
        arena_rewind(&arena, mark);
    }
}

static void test_places_point_into_the_text(void **state)
{
    (void)state;
    uint64_t seed = 3;
    struct stix_text out;
    struct str text = STR("가 \xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab 나");
    CHECK_ERR("fold", stix_text_fold(&arena, text, true, &out), ERR_OK);
    CHECK_STR("folded", out.folded, STR("가한나"));
    assert_int_equal(out.from[3], 4);
    assert_int_equal(out.until[5], 13);
    for (int i = 0; i < 2000; i++) {
        struct arena_mark mark = arena_mark(&arena);
        text = any_text(&seed, next_chance(&seed) % 30);
        CHECK_ERR("fold", stix_text_fold(&arena, text, true, &out), ERR_OK);
        for (size_t k = 0; k < out.folded.len; k++) {
            CHECK("in the text", out.from[k] <= out.until[k] && out.until[k] <= text.len);
            CHECK("in order", k == 0 || out.from[k - 1] <= out.from[k]);
        }
        arena_rewind(&arena, mark);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spellings_fold_to_one_form),
        cmocka_unit_test(test_what_is_not_utf8_is_refused),
        cmocka_unit_test(test_terms_are_pairs_of_syllables_and_whole_words),
        cmocka_unit_test(test_words_are_found_where_they_stand),
        cmocka_unit_test(test_composed_and_decomposed_text_fold_alike),
        cmocka_unit_test(test_every_part_of_a_korean_text_is_found),
        cmocka_unit_test(test_places_point_into_the_text),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
