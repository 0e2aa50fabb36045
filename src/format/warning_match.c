// SPDX-License-Identifier: Apache-2.0
#include "format/warning_match.h"

#include "base/limits.h"
#include "format/prefix_priv.h"
#include "format/warning_pattern_priv.h"

#include <string.h>

#define LISTS_FIRST           16
#define PATTERNS_MAX          1000
#define NORMAL_FORM_MAX       STIX_VALUE_BYTES_MAX
#define ENTRY_ARENA_BYTES_MAX (512 * MIB) // one entry, of 8 MiB at most, in every class

struct list {
    struct str name;
    unsigned classes;
};

struct pattern {
    struct warning_pattern *compiled;
    struct str entry; // as it was written
    uint32_t owner;
};

struct warning_set {
    struct arena *kept, *scratch; // NULL once it is made
    struct list *lists;
    uint32_t n_lists, room;
    struct prefix_table equal;   // normal forms
    struct prefix_table domains; // backwards, with a dot behind: "gro.elpmaxe."
    struct prefix_table nets;    // a byte 4 or 6, then the bits of the network
    struct prefix_table parts;
    struct pattern *patterns;
    size_t n_patterns;
};

struct str warning_why_word(enum warning_why why)
{
    static const struct str words[] = {
#define WARNING_WHY_WORD(name, word) STR_INIT(word),
        WARNING_WHY_LIST(WARNING_WHY_WORD)
#undef WARNING_WHY_WORD
    };
    return words[why];
}

enum err warning_set_begin(struct arena *kept, struct arena *scratch, struct warning_set **out)
{
    struct warning_set *set = NEW(kept, struct warning_set);
    if (!set)
        return ERR_LIMIT;
    set->kept = kept;
    set->scratch = scratch;
    *out = set;
    return ERR_OK;
}

// The keys of one entry.
struct forms {
    struct prefix_table *table;
    struct str keys[STIX_CLASSES];
    size_t bits; // of the one key of a network; 0: all of each key
    size_t n;
};

// The normal form behind the class of a key; empty for one that only its digest is kept of.
static struct str form_of(struct str key)
{
    struct str form = key;
    str_cut(&form, ':');
    return form.len && form.ptr[0] == '#' ? (struct str){"", 0} : form;
}

// The distinct normal forms that an entry has in the classes of its list. Equal text is enough
// then: a value of another class asks for lists of that class.
static enum err take_equal(
    struct arena *a, const struct warning_list *list, struct str text, struct forms *out)
{
    for (enum stix_class c = 0; c < STIX_CLASSES; c++) {
        struct str key;
        if (!(list->classes & 1u << c))
            continue;
        enum err e = stix_value_key(a, c, text, &key);
        if (e == ERR_INVALID)
            continue;
        TRY(e);
        str_cut(&key, ':'); // a digest in place of a long form is equal where the form is
        size_t same = 0;
        while (same < out->n && !str_eq(out->keys[same], key))
            same++;
        if (same == out->n)
            out->keys[out->n++] = key;
    }
    return ERR_OK;
}

static struct str put_backwards(struct str name, char out[static NORMAL_FORM_MAX + 1])
{
    for (size_t i = 0; i < name.len; i++)
        out[i] = name.ptr[name.len - 1 - i];
    out[name.len] = '.';
    return (struct str){out, name.len + 1};
}

// A dot in front says that names below are meant, which they always are.
static enum err take_domain(struct arena *a, struct str text, struct forms *out)
{
    struct str key;
    char backwards[NORMAL_FORM_MAX + 1];
    if (text.len && text.ptr[0] == '.')
        text = str_from(text, 1);
    enum err e = stix_value_key(a, STIX_CLASS_DOMAIN, text, &key);
    if (e != ERR_OK)
        return e == ERR_INVALID ? ERR_OK : e;
    out->n = 1;
    return str_copy(a, put_backwards(form_of(key), backwards), &out->keys[0]);
}

#define NET_BYTES 17

static size_t net_bits(const struct stix_net *net, unsigned char out[static NET_BYTES])
{
    out[0] = net->n == 4 ? 4 : 6;
    memcpy(out + 1, net->bytes, sizeof net->bytes);
    return 8 + net->prefix;
}

static enum err take_net(struct arena *a, struct str text, struct forms *out)
{
    struct stix_net net;
    unsigned char bytes[NET_BYTES];
    if (stix_net_parse(text, &net) != ERR_OK)
        return ERR_OK;
    out->n = 1;
    out->bits = net_bits(&net, bytes);
    return str_copy(a, (struct str){(const char *)bytes, (out->bits + 7) / 8}, &out->keys[0]);
}

static struct str put_folded(struct str text, char out[static NORMAL_FORM_MAX])
{
    for (size_t i = 0; i < text.len; i++)
        out[i] = ascii_lower(text.ptr[i]);
    return (struct str){out, text.len};
}

// Looked for in normal forms, without regard to ASCII case.
static enum err take_part(struct arena *a, struct str text, struct forms *out)
{
    char folded[NORMAL_FORM_MAX];
    enum err e = stix_text_nfc(a, text, &text);
    if (e != ERR_OK || text.len == 0 || text.len > sizeof folded)
        return e == ERR_INVALID ? ERR_OK : e;
    out->n = 1;
    return str_copy(a, put_folded(text, folded), &out->keys[0]);
}

static enum err take_entry(struct warning_set *set, const struct warning_list *list,
    struct arena *a, struct json entry, struct forms *out)
{
    struct str text;
    *out = (struct forms){.table = &set->equal};
    TRY(json_string(a, entry, &text));
    text = str_trim(text);
    switch (list->type) {
    case WARNING_STRING:
        return take_equal(a, list, text, out);
    case WARNING_HOSTNAME:
        out->table = &set->domains;
        return take_domain(a, text, out);
    case WARNING_CIDR:
        out->table = &set->nets;
        return take_net(a, text, out);
    case WARNING_SUBSTRING:
        out->table = &set->parts;
        return take_part(a, text, out);
    case WARNING_REGEX:
    case WARNING_TYPES:
        break;
    }
    return ERR_OK;
}

static enum err add_pattern(
    struct warning_set *set, struct arena *a, struct json entry, bool *is_taken)
{
    struct str text;
    struct pattern pattern = {.owner = set->n_lists - 1};
    *is_taken = false;
    TRY(json_string(a, entry, &text));
    if (!set->patterns)
        set->patterns = NEW_N(set->kept, struct pattern, PATTERNS_MAX);
    if (!set->patterns)
        return ERR_LIMIT;
    if (set->n_patterns == PATTERNS_MAX)
        return ERR_OK; // counted among those that match nothing
    enum err e = warning_pattern_compile(set->kept, text, &pattern.compiled);
    if (e != ERR_OK)
        return e == ERR_INVALID ? ERR_OK : e;
    TRY(str_copy(set->kept, text, &pattern.entry));
    set->patterns[set->n_patterns++] = pattern;
    *is_taken = true;
    return ERR_OK;
}

static enum err add_entry(struct warning_set *set, const struct warning_list *list,
    struct arena *a, struct json entry, bool *is_taken)
{
    struct forms forms;
    if (list->type == WARNING_REGEX)
        return add_pattern(set, a, entry, is_taken);
    TRY(take_entry(set, list, a, entry, &forms));
    for (size_t i = 0; i < forms.n; i++) {
        struct str key;
        TRY(str_copy(set->kept, forms.keys[i], &key));
        const struct prefix item = {.key = (const unsigned char *)key.ptr,
            .bits = (uint32_t)(forms.bits ? forms.bits : 8 * key.len),
            .owner = set->n_lists - 1};
        TRY(prefix_add(set->scratch, forms.table, item));
    }
    *is_taken = forms.n > 0;
    return ERR_OK;
}

static enum err add_list(struct warning_set *set, const struct warning_list *list)
{
    if (set->n_lists == set->room) {
        uint32_t room = set->room ? 2 * set->room : LISTS_FIRST;
        struct list *lists = NEW_N(set->kept, struct list, room);
        if (!lists)
            return ERR_LIMIT;
        if (set->n_lists)
            memcpy(lists, set->lists, set->n_lists * sizeof *lists);
        set->lists = lists;
        set->room = room;
    }
    struct list *l = &set->lists[set->n_lists++];
    l->classes = list->classes;
    return str_copy(set->kept, list->name, &l->name);
}

static enum err add_entries(struct warning_set *set, const struct warning_list *list,
    struct arena *a, struct warning_count *counted)
{
    if (!arena_alloc(a, 1, 1, 1)) // the block that each entry is read in stays
        return ERR_LIMIT;
    struct arena_mark mark = arena_mark(a);
    for (struct json_iter it = json_iter(list->entries); json_next(&it);) {
        bool is_taken;
        TRY(add_entry(set, list, a, it.value, &is_taken));
        counted->unmatched += !is_taken;
        arena_rewind(a, mark);
    }
    return ERR_OK;
}

enum err warning_set_add(
    struct warning_set *set, const struct warning_list *list, struct warning_count *count)
{
    struct warning_count counted = {.entries = json_len(list->entries)};
    struct arena entry;
    TRY(add_list(set, list));
    arena_init(&entry, ENTRY_ARENA_BYTES_MAX);
    enum err e = add_entries(set, list, &entry, &counted);
    arena_release(&entry);
    if (e == ERR_OK)
        *count = counted;
    return e;
}

enum err warning_set_end(struct warning_set *set)
{
    TRY(prefix_end(set->kept, set->scratch, &set->equal));
    TRY(prefix_end(set->kept, set->scratch, &set->domains));
    TRY(prefix_end(set->kept, set->scratch, &set->nets));
    TRY(prefix_end(set->kept, set->scratch, &set->parts));
    set->kept = set->scratch = NULL;
    return ERR_OK;
}

struct asking {
    const struct warning_set *set;
    struct arena *a;
    struct warning_found *found;
    unsigned class_bit; // of the value
};

static bool is_found(const struct warning_found *found, struct str list)
{
    for (size_t i = 0; i < found->n; i++)
        if (str_eq(found->items[i].list, list))
            return true;
    return false;
}

static enum err put_net(struct arena *a, const struct prefix *item, struct str *out)
{
    struct stix_net net = {.n = item->key[0] == 4 ? 4 : 16, .prefix = item->bits - 8};
    struct buf b = buf_in(a, 64);
    memcpy(net.bytes, item->key + 1, (item->bits - 8 + 7) / 8);
    stix_net_put(&b, &net);
    return buf_end(&b, out);
}

static enum err entry_text(const struct asking *q, const struct prefix_table *t,
    const struct prefix *item, struct str *out)
{
    struct str key = {(const char *)item->key, item->bits / 8};
    if (t == &q->set->nets)
        return put_net(q->a, item, out);
    if (t != &q->set->domains) {
        *out = key;
        return ERR_OK;
    }
    char forwards[NORMAL_FORM_MAX + 1];
    return str_copy(
        q->a, str_to(put_backwards(str_to(key, key.len - 1), forwards), key.len - 1), out);
}

// Is there something to tell of a list, and room for it?
static bool may_tell(const struct asking *q, const struct list *list)
{
    if (!(list->classes & q->class_bit) || is_found(q->found, list->name))
        return false;
    bool has_room = q->found->n < WARNING_FOUND_MAX;
    q->found->has_more |= !has_room;
    return has_room;
}

static void add_found(
    const struct asking *q, const struct list *list, struct str entry, enum warning_why why)
{
    struct warning_found *found = q->found;
    found->items[found->n].list = list->name;
    found->items[found->n].entry = entry;
    found->items[found->n++].why = why;
}

static enum err tell(const struct asking *q, const struct prefix_table *t,
    const struct prefix *item, enum warning_why why)
{
    const struct list *list = &q->set->lists[item->owner];
    struct str entry;
    if (!may_tell(q, list))
        return ERR_OK;
    TRY(entry_text(q, t, item, &entry));
    add_found(q, list, entry, why);
    return ERR_OK;
}

static enum err ask_equal(const struct asking *q, struct str form)
{
    const struct prefix_table *t = &q->set->equal;
    uint32_t at = prefix_find(t, (const unsigned char *)form.ptr, 8 * form.len);
    for (; at != PREFIX_NONE && t->items[at].bits == 8 * form.len; at = t->items[at].parent)
        TRY(tell(q, t, &t->items[at], WARNING_EQUAL));
    return ERR_OK;
}

static enum err ask_domain(const struct asking *q, struct str name, bool is_host)
{
    const struct prefix_table *t = &q->set->domains;
    char backwards[NORMAL_FORM_MAX + 1];
    if (name.len == 0 || name.len > NORMAL_FORM_MAX)
        return ERR_OK;
    struct str key = put_backwards(name, backwards);
    uint32_t at = prefix_find(t, (const unsigned char *)key.ptr, 8 * key.len);
    for (; at != PREFIX_NONE; at = t->items[at].parent) {
        bool is_whole = t->items[at].bits == 8 * key.len;
        TRY(tell(q, t, &t->items[at],
            is_host    ? WARNING_HOST
            : is_whole ? WARNING_EQUAL
                       : WARNING_BELOW));
    }
    return ERR_OK;
}

static enum err ask_net(const struct asking *q, struct str text, bool is_host)
{
    const struct prefix_table *t = &q->set->nets;
    struct stix_net net;
    unsigned char key[NET_BYTES];
    if (stix_net_parse(text, &net) != ERR_OK)
        return ERR_OK;
    size_t bits = net_bits(&net, key);
    for (uint32_t at = prefix_find(t, key, bits); at != PREFIX_NONE; at = t->items[at].parent)
        TRY(tell(q, t, &t->items[at],
            is_host                     ? WARNING_HOST
            : t->items[at].bits == bits ? WARNING_EQUAL
                                        : WARNING_INSIDE));
    return ERR_OK;
}

static enum err ask_parts(const struct asking *q, struct str form)
{
    const struct prefix_table *t = &q->set->parts;
    char folded[NORMAL_FORM_MAX];
    if (form.len > sizeof folded)
        return ERR_OK;
    put_folded(form, folded);
    for (size_t i = 0; t->n && i < form.len; i++) {
        const unsigned char *from = (const unsigned char *)folded + i;
        uint32_t at = prefix_find(t, from, 8 * (form.len - i));
        for (; at != PREFIX_NONE; at = t->items[at].parent)
            TRY(tell(q, t, &t->items[at], WARNING_CONTAINS));
    }
    return ERR_OK;
}

static enum err ask_patterns(const struct asking *q, struct str form)
{
    const struct warning_set *set = q->set;
    struct warning_matcher *matcher = NULL;
    struct arena_mark mark = arena_mark(q->a);
    for (size_t i = 0; i < set->n_patterns && form.len; i++) {
        const struct pattern *pattern = &set->patterns[i];
        const struct list *list = &set->lists[pattern->owner];
        if (!(list->classes & q->class_bit) ||
            !warning_pattern_may_match(pattern->compiled, form))
            continue;
        if (!matcher)
            TRY(warning_matcher_new(q->a, &matcher));
        enum warning_match match = warning_pattern_match(pattern->compiled, matcher, form);
        if (match != WARNING_MATCH_NONE && may_tell(q, list))
            add_found(q, list, pattern->entry,
                match == WARNING_MATCH_FOUND ? WARNING_PATTERN : WARNING_UNDECIDED);
    }
    arena_rewind(q->a, mark);
    return ERR_OK;
}

// Of "scheme://user@host:port/path", in normal form; an IPv6 address without its brackets.
static struct str host_of(struct str url)
{
    struct str rest = str_from(url, str_find(url, STR("://")) + 3);
    size_t end = 0;
    while (end < rest.len && rest.ptr[end] != '/' && rest.ptr[end] != '?')
        end++;
    rest = str_to(rest, end);
    for (size_t at; (at = str_index(rest, '@')) < rest.len;)
        rest = str_from(rest, at + 1);
    if (rest.len && rest.ptr[0] == '[')
        return str_to(str_from(rest, 1), str_index(str_from(rest, 1), ']'));
    return str_to(rest, str_index(rest, ':'));
}

static enum err ask_host(const struct asking *q, struct str url)
{
    struct str host = host_of(url);
    TRY(ask_domain(q, host, true));
    return ask_net(q, host, true);
}

static enum stix_class class_of(struct str word)
{
    enum stix_class c = 0;
    while (c < STIX_CLASSES && !str_eq(stix_class_word(c), word))
        c++;
    return c;
}

enum err warning_find(
    const struct warning_set *set, struct arena *a, struct str key, struct warning_found *found)
{
    struct str whole = key;
    enum stix_class c = class_of(str_cut(&whole, ':'));
    struct str form = form_of(key);
    if (c == STIX_CLASSES)
        return ERR_OK;
    const struct asking q = {.set = set, .a = a, .found = found, .class_bit = 1u << c};
    TRY(ask_equal(&q, whole));
    if (c == STIX_CLASS_DOMAIN)
        TRY(ask_domain(&q, form, false));
    if (c == STIX_CLASS_IP || c == STIX_CLASS_NET)
        TRY(ask_net(&q, form, false));
    if (c == STIX_CLASS_URL)
        TRY(ask_host(&q, form));
    TRY(ask_parts(&q, form));
    return ask_patterns(&q, form);
}
