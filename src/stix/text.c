// SPDX-License-Identifier: Apache-2.0
// Folding: code points in normal form KC without case, each with its place, and then what
// people write in more than one way. The order is that of docs/formats/search.md.
#include "stix/text.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "stix/text_priv.h"

#include <utf8proc.h>

// Marks that follow one letter; what is longer is cut, because putting marks in order takes
// the square of their number.
#define SEGMENT_POINTS_MAX 64
#define SEGMENT_ROOM       (SEGMENT_POINTS_MAX * 18) // what they decompose to, at most

struct point {
    uint32_t cp;
    uint32_t from, until;
};
struct points {
    struct point *items;
    size_t n, room;
};

static bool is_middle_dot(uint32_t cp)
{
    return cp == 0xb7 || cp == 0x387 || cp == 0x318d || cp == 0x2027 || cp == 0x2219 ||
           cp == 0x2022 || cp == 0x30fb || cp == 0xff65;
}

static bool is_syllable(uint32_t cp)
{
    return cp >= 0xac00 && cp <= 0xd7a3;
}

static bool is_ideograph(uint32_t cp)
{
    return (cp >= 0x4e00 && cp <= 0x9fff) || (cp >= 0x3400 && cp <= 0x4dbf);
}

// Stands for itself when nothing follows that composes with it.
static bool is_plain(uint32_t cp)
{
    return cp < 0x80 || is_syllable(cp) || is_ideograph(cp) || is_middle_dot(cp);
}

static bool is_letter(uint32_t cp)
{
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)cp);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

// Never composes with what is before it. Of letters only vowels and final consonants of Hangul
// do, and the voice marks of kana.
static bool is_first(uint32_t cp)
{
    if (is_plain(cp) || (cp >= 0x1100 && cp <= 0x115f))
        return true;
    bool is_later = (cp >= 0x1160 && cp <= 0x11ff) || (cp >= 0x3131 && cp <= 0x318e) ||
                    (cp >= 0xd7b0 && cp <= 0xd7ff) || (cp >= 0xff9e && cp <= 0xffdc);
    return !is_later && is_letter(cp);
}

bool text_is_cjk(uint32_t cp)
{
    if (cp < 0x1100)
        return false;
    return cp <= 0x11ff || is_syllable(cp) || is_ideograph(cp) ||
           (cp >= 0x3040 && cp <= 0x318f) || (cp >= 0x31f0 && cp <= 0x31ff) ||
           (cp >= 0xa960 && cp <= 0xa97f) || (cp >= 0xd7b0 && cp <= 0xd7ff) ||
           (cp >= 0xf900 && cp <= 0xfaff) || (cp >= 0x20000 && cp <= 0x3ffff);
}

bool text_is_word(uint32_t cp)
{
    if (cp < 0x80) {
        char c = ascii_lower((char)cp);
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }
    if (text_is_cjk(cp))
        return false;
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)cp);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
}

static bool is_blank(uint32_t cp)
{
    if (cp <= 0x20 || cp == 0x7f)
        return true;
    if (cp < 0x80)
        return false;
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)cp);
    return category >= UTF8PROC_CATEGORY_ZS && category <= UTF8PROC_CATEGORY_CC;
}

// Joiners, directions, soft hyphens: nobody sees them.
static bool is_unseen(uint32_t cp)
{
    return cp >= 0x80 && utf8proc_category((utf8proc_int32_t)cp) == UTF8PROC_CATEGORY_CF;
}

static bool is_hyphen(uint32_t cp)
{
    return cp == '-' || (cp >= 0x2010 && cp <= 0x2015);
}

static enum err grow(struct arena *a, struct points *p, size_t more)
{
    if (p->room - p->n >= more)
        return ERR_OK;
    size_t room = 2 * p->room + more;
    struct point *items = NEW_N(a, struct point, room);
    if (!items)
        return ERR_LIMIT;
    if (p->n)
        memcpy(items, p->items, p->n * sizeof *items);
    p->items = items;
    p->room = room;
    return ERR_OK;
}

static void put_point(struct points *p, uint32_t cp, size_t from, size_t until)
{
    p->items[p->n++] =
        (struct point){.cp = cp, .from = (uint32_t)from, .until = (uint32_t)until};
}

static utf8proc_ssize_t decompose(
    const void *bytes, size_t n, utf8proc_int32_t *points, utf8proc_option_t options)
{
    utf8proc_ssize_t got =
        utf8proc_decompose(bytes, (utf8proc_ssize_t)n, points, SEGMENT_ROOM, options);
    if (got < 0 || got > SEGMENT_ROOM)
        return -1;
    return utf8proc_normalize_utf32(points, got, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

// A letter and what composes with it: first form C, then form KC without case.
static enum err put_segment(struct points *p, struct str text, size_t from, size_t until)
{
    utf8proc_int32_t points[SEGMENT_ROOM];
    utf8proc_uint8_t composed[SEGMENT_ROOM * 4];
    size_t len = 0;
    utf8proc_ssize_t n =
        decompose(text.ptr + from, until - from, points, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
    for (utf8proc_ssize_t i = 0; i < n; i++)
        len += (size_t)utf8proc_encode_char(points[i], composed + len);
    if (n >= 0)
        n = decompose(composed, len, points,
            UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_DECOMPOSE);
    for (utf8proc_ssize_t i = 0; i < n; i++)
        put_point(p, (uint32_t)points[i], from, until);
    return n < 0 ? ERR_INVALID : ERR_OK;
}

static size_t segment_end(struct str text, size_t at)
{
    for (size_t n = 1; at < text.len && n < SEGMENT_POINTS_MAX; n++) {
        size_t next = at;
        if (is_first(utf8_next(text, &next)))
            break;
        at = next;
    }
    return at;
}

static enum err put_next(struct points *p, struct str text, size_t *at)
{
    size_t from = *at;
    uint32_t cp = utf8_next(text, at);
    size_t end = cp < 0x80 && (*at == text.len || (unsigned char)text.ptr[*at] < 0x80)
                     ? *at
                     : segment_end(text, *at);
    if (is_plain(cp) && (end == *at || is_middle_dot(cp))) {
        bool is_dot = is_middle_dot(cp);
        put_point(p,
            is_dot      ? 0xb7
            : cp < 0x80 ? (unsigned char)ascii_lower((char)cp)
                        : cp,
            from, *at);
        return ERR_OK;
    }
    *at = end;
    return put_segment(p, text, from, end);
}

static enum err read_points(struct arena *a, struct str text, struct points *p)
{
    if (text.len > UINT32_MAX / 2)
        return ERR_LIMIT;
    if (utf8_invalid_at(text) < text.len)
        return ERR_INVALID;
    TRY(grow(a, p, text.len + SEGMENT_ROOM));
    for (size_t at = 0; at < text.len;) {
        TRY(grow(a, p, SEGMENT_ROOM));
        TRY(put_next(p, text, &at));
    }
    return ERR_OK;
}

// What defanging writes, and what it stands for.
static const struct {
    struct str written, raw;
} defanged[] = {{STR_INIT("[.]"), STR_INIT(".")}, {STR_INIT("(.)"), STR_INIT(".")},
    {STR_INIT("{.}"), STR_INIT(".")}, {STR_INIT("[dot]"), STR_INIT(".")},
    {STR_INIT("(dot)"), STR_INIT(".")}, {STR_INIT("[:]"), STR_INIT(":")},
    {STR_INIT("[://]"), STR_INIT("://")}, {STR_INIT("[at]"), STR_INIT("@")},
    {STR_INIT("[@]"), STR_INIT("@")}, {STR_INIT("hxxp"), STR_INIT("http")}};

// Hanja that newspapers write for countries: alone, and beside another of them.
static const struct {
    uint32_t cp;
    struct str alone, beside;
} countries[] = {{0x5317, STR_INIT("북한"), STR_INIT("북")},
    {0x97d3, STR_INIT("한국"), STR_INIT("한")}, {0x82f1, STR_INIT("영국"), STR_INIT("영")},
    {0x7f8e, STR_INIT("미국"), STR_INIT("미")}, {0x65e5, STR_INIT("일본"), STR_INIT("일")},
    {0x5c0d, STR_INIT("對"), STR_INIT("대")}, {0x5bfe, STR_INIT("対"), STR_INIT("대")}};

struct folding {
    struct points points;
    struct buf out;
    uint32_t *from, *until; // or NULL
    size_t room;            // of these
    struct arena *arena;
    uint32_t last;  // code point written
    bool has_blank; // not written yet
};

static const struct point *point_at(const struct folding *f, size_t i)
{
    static const struct point none = {0};
    return i < f->points.n ? &f->points.items[i] : &none;
}

static enum err place(struct folding *f, size_t begin, const struct point *p, uint32_t until)
{
    if (f->out.len + 1 > f->room) {
        size_t room = 2 * f->out.len + 64;
        uint32_t *from = NEW_N(f->arena, uint32_t, room), *to = NEW_N(f->arena, uint32_t, room);
        if (!from || !to)
            return ERR_LIMIT;
        if (begin) {
            memcpy(from, f->from, begin * sizeof *from);
            memcpy(to, f->until, begin * sizeof *to);
        }
        f->from = from;
        f->until = to;
        f->room = room;
    }
    for (size_t i = begin; i < f->out.len; i++) {
        f->from[i] = p->from;
        f->until[i] = until;
    }
    return ERR_OK;
}

static enum err write_bytes(
    struct folding *f, struct str bytes, const struct point *p, uint32_t until)
{
    size_t begin = f->out.len;
    buf_put(&f->out, bytes);
    TRY(f->out.err);
    return f->room ? place(f, begin, p, until) : ERR_OK;
}

// Blanks count between two words only.
static enum err write_point(struct folding *f, uint32_t cp, const struct point *p)
{
    char bytes[4] = {(char)cp};
    struct str text = {bytes, 1};
    if (f->has_blank && f->out.len && !text_is_cjk(f->last) && !text_is_cjk(cp))
        TRY(write_bytes(f, STR(" "), p, p->from));
    f->has_blank = false;
    f->last = cp;
    if (cp >= 0x80) {
        struct buf b = {.ptr = bytes, .cap = sizeof bytes, .max_bytes = sizeof bytes};
        utf8_put(&b, cp);
        text.len = b.len;
    }
    return write_bytes(f, text, p, p->until);
}

// How many points at i are the given text; 0 when they are not.
static size_t points_match(const struct folding *f, size_t i, struct str text)
{
    for (size_t k = 0; k < text.len; k++)
        if (point_at(f, i + k)->cp != (unsigned char)text.ptr[k])
            return 0;
    return text.len;
}

static enum err write_defanged(struct folding *f, size_t *i, bool *is_written)
{
    uint32_t cp = point_at(f, *i)->cp;
    *is_written = false;
    if (cp != '[' && cp != '(' && cp != '{' && (cp != 'h' || text_is_word(f->last)))
        return ERR_OK;
    for (size_t k = 0; k < LEN(defanged); k++) {
        size_t n = points_match(f, *i, defanged[k].written);
        if (n == 0)
            continue;
        struct point whole = *point_at(f, *i);
        whole.until = point_at(f, *i + n - 1)->until;
        for (size_t j = 0; j < defanged[k].raw.len; j++)
            TRY(write_point(f, (unsigned char)defanged[k].raw.ptr[j], &whole));
        *i += n;
        *is_written = true;
        return ERR_OK;
    }
    return ERR_OK;
}

static bool is_sign_between(uint32_t cp)
{
    return cp == 0xb7 || is_hyphen(cp);
}

static int country_of(uint32_t cp)
{
    for (int k = 0; k < (int)LEN(countries); k++)
        if (countries[k].cp == cp)
            return k;
    return -1;
}

// The end of the run of country signs that begins at i, or i when other ideographs touch it.
static size_t country_run(const struct folding *f, size_t i, size_t *n)
{
    size_t end = i;
    *n = 0;
    if (i && is_ideograph(point_at(f, i - 1)->cp))
        return i;
    while (country_of(point_at(f, end)->cp) >= 0) {
        end++;
        ++*n;
        if (is_sign_between(point_at(f, end)->cp) && country_of(point_at(f, end + 1)->cp) >= 0)
            end++;
    }
    return is_ideograph(point_at(f, end)->cp) ? i : end;
}

static enum err write_countries(struct folding *f, size_t *i, bool *is_written)
{
    size_t n, end = country_run(f, *i, &n);
    *is_written = end > *i;
    for (; *i < end; ++*i) {
        const struct point *p = point_at(f, *i);
        int k = country_of(p->cp);
        if (k < 0)
            continue;
        struct str name = n > 1 ? countries[k].beside : countries[k].alone;
        for (size_t at = 0; at < name.len;)
            TRY(write_point(f, utf8_next(name, &at), p));
    }
    return ERR_OK;
}

static enum err write_next(struct folding *f, size_t *i)
{
    const struct point *p = point_at(f, *i);
    bool is_written = false;
    TRY(write_defanged(f, i, &is_written));
    if (!is_written && is_ideograph(p->cp))
        TRY(write_countries(f, i, &is_written));
    if (is_written)
        return ERR_OK;
    ++*i;
    if (is_blank(p->cp)) {
        f->has_blank = true;
        return ERR_OK;
    }
    if (is_unseen(p->cp))
        return ERR_OK;
    if (is_sign_between(p->cp) && f->out.len && !f->has_blank && text_is_cjk(f->last) &&
        text_is_cjk(point_at(f, *i)->cp))
        return ERR_OK;
    return write_point(f, is_hyphen(p->cp) ? '-' : p->cp, p);
}

enum err stix_text_fold(
    struct arena *a, struct str text, bool with_places, struct stix_text *out)
{
    struct folding f = {.arena = a, .out = buf_in(a, SIZE_MAX / 2)};
    TRY(read_points(a, text, &f.points));
    f.room = with_places ? 1 : 0;
    if (with_places && (!(f.from = NEW(a, uint32_t)) || !(f.until = NEW(a, uint32_t))))
        return ERR_LIMIT;
    for (size_t i = 0; i < f.points.n;)
        TRY(write_next(&f, &i));
    out->from = f.from;
    out->until = f.until;
    return buf_end(&f.out, &out->folded);
}
