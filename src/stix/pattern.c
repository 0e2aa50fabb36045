// SPDX-License-Identifier: Apache-2.0
#include "stix/pattern.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "stix/check_priv.h"
#include "stix/pattern_priv.h"

#define REPEATS_MAX 1000000u
#define STEPS_MAX   64u

static struct stix_node *node_new(struct pattern_scan *s, enum stix_node_kind kind)
{
    struct stix_node *node = NEW(s->arena, struct stix_node);
    if (!node) {
        scan_fail(s, ERR_LIMIT, "out of memory");
        return NULL;
    }
    node->kind = kind;
    return node;
}

static bool depth_enter(struct pattern_scan *s)
{
    s->depth++;
    s->deepest = s->depth > s->deepest ? s->depth : s->deepest;
    if (s->deepest + s->wraps > STIX_PATTERN_DEPTH_MAX)
        return scan_fail(s, ERR_INVALID, "nested too deep");
    return true;
}

// operand (keyword operand)*: one operand stays as it is.
typedef struct stix_node *(*parse_function)(struct pattern_scan *s);

static struct stix_node *chain_parse(struct pattern_scan *s, struct str keyword,
    enum stix_node_kind kind, parse_function operand)
{
    struct stix_node *first = operand(s), *last = first;
    while (last && scan_blank(s) && scan_keyword(s, keyword)) {
        struct stix_node *next = operand(s);
        last->next = next;
        last = next;
    }
    if (!last || s->err != ERR_OK)
        return NULL;
    if (!first->next)
        return first;
    struct stix_node *node = node_new(s, kind);
    if (node)
        node->child = first;
    return node;
}

static bool name_parse(struct pattern_scan *s, struct str *out)
{
    if (scan_peek(s) == '\'')
        return scan_string(s, out);
    *out = scan_word(s, false);
    if (out->len == 0 || scan_is_keyword(*out))
        return scan_fail(s, ERR_INVALID, "a property name must stand here");
    s->at += out->len;
    return true;
}

static bool index_parse(struct pattern_scan *s, struct stix_step *out)
{
    if (!scan_blank(s))
        return false;
    out->kind = STIX_STEP_EACH;
    if (!scan_mark(s, STR("*"))) {
        out->kind = STIX_STEP_INDEX;
        if (!scan_int(s, &out->text))
            return false;
    }
    if (!scan_blank(s) || !scan_mark(s, STR("]")))
        return scan_fail(s, ERR_INVALID, "']' must stand here");
    return true;
}

// One more step, when one begins here.
static bool step_parse(struct pattern_scan *s, struct stix_step *out, bool *is_there)
{
    if (!scan_blank(s))
        return false;
    *is_there = true;
    *out = (struct stix_step){.kind = STIX_STEP_NAME};
    if (scan_mark(s, STR("[")))
        return index_parse(s, out);
    if (scan_mark(s, STR(".")))
        return scan_blank(s) && name_parse(s, &out->text);
    *is_there = false;
    return true;
}

static bool steps_parse(struct pattern_scan *s, struct stix_test *test)
{
    struct stix_step steps[STEPS_MAX + 1] = {{.kind = STIX_STEP_NAME}};
    size_t n = 1;
    if (!scan_blank(s) || !name_parse(s, &steps[0].text))
        return false;
    for (bool more = true; more; n += more) {
        if (!step_parse(s, &steps[n], &more))
            return false;
        if (more && n == STEPS_MAX)
            return scan_fail(s, ERR_INVALID, "too many steps in a path");
    }
    struct stix_step *kept = NEW_N(s->arena, struct stix_step, n);
    if (!kept)
        return scan_fail(s, ERR_LIMIT, "out of memory");
    memcpy(kept, steps, n * sizeof *kept);
    test->steps = kept;
    test->n_steps = n;
    return true;
}

// type ":" name steps
static bool path_parse(struct pattern_scan *s, struct stix_test *test)
{
    test->type = scan_word(s, true);
    if (test->type.len == 0 || scan_is_keyword(test->type))
        return scan_fail(s, ERR_INVALID, "an object type must stand here");
    s->at += test->type.len;
    if (!scan_blank(s) || !scan_mark(s, STR(":")))
        return scan_fail(s, ERR_INVALID, "':' must stand here");
    return steps_parse(s, test);
}

// What an operator takes to its right.
enum operand { OPERAND_ANY, OPERAND_ORDERED, OPERAND_STRING, OPERAND_SET };

static const struct {
    struct str text;
    enum stix_op op;
    enum operand takes;
    bool is_word;
} operators[] = {
    // a mark before the marks that begin it
    {STR_INIT("=="), STIX_OP_EQ, OPERAND_ANY, false},
    {STR_INIT("="), STIX_OP_EQ, OPERAND_ANY, false},
    {STR_INIT("!="), STIX_OP_NE, OPERAND_ANY, false},
    {STR_INIT("<>"), STIX_OP_NE, OPERAND_ANY, false},
    {STR_INIT("<="), STIX_OP_LE, OPERAND_ORDERED, false},
    {STR_INIT("<"), STIX_OP_LT, OPERAND_ORDERED, false},
    {STR_INIT(">="), STIX_OP_GE, OPERAND_ORDERED, false},
    {STR_INIT(">"), STIX_OP_GT, OPERAND_ORDERED, false},
    {STR_INIT("IN"), STIX_OP_IN, OPERAND_SET, true},
    {STR_INIT("LIKE"), STIX_OP_LIKE, OPERAND_STRING, true},
    {STR_INIT("MATCHES"), STIX_OP_MATCHES, OPERAND_STRING, true},
    {STR_INIT("ISSUBSET"), STIX_OP_ISSUBSET, OPERAND_STRING, true},
    {STR_INIT("ISSUPERSET"), STIX_OP_ISSUPERSET, OPERAND_STRING, true},
};

static bool count_constant(struct pattern_scan *s)
{
    if (s->constants++ == STIX_VALUES_MAX)
        return scan_fail(s, ERR_INVALID, "too many constants");
    return true;
}

struct set {
    struct stix_constant *items;
    size_t n, room;
};

// The next item, of the kind of the first.
static bool item_parse(struct pattern_scan *s, struct set *set)
{
    if (!set->items || set->n == set->room) {
        set->room = set->room ? 2 * set->room : 4;
        struct stix_constant *larger = NEW_N(s->arena, struct stix_constant, set->room);
        if (!larger)
            return scan_fail(s, ERR_LIMIT, "out of memory");
        if (set->n)
            memcpy(larger, set->items, set->n * sizeof *larger);
        set->items = larger;
    }
    if (!count_constant(s) || !scan_blank(s) || !scan_constant(s, &set->items[set->n]))
        return false;
    if (set->items[set->n].kind != set->items[0].kind)
        return scan_fail(s, ERR_INVALID, "the constants of a set must be of one kind");
    set->n++;
    return true;
}

// "(" [constant ("," constant)*] ")"
static bool set_parse(struct pattern_scan *s, struct stix_test *test)
{
    struct set set = {0};
    if (!scan_mark(s, STR("(")))
        return scan_fail(s, ERR_INVALID, "'(' must stand here");
    if (!scan_blank(s) || scan_mark(s, STR(")")))
        return s->err == ERR_OK;
    do {
        if (!item_parse(s, &set))
            return false;
    } while (scan_blank(s) && scan_mark(s, STR(",")));
    test->constants = set.items;
    test->n_constants = set.n;
    if (!scan_mark(s, STR(")")))
        return scan_fail(s, ERR_INVALID, "')' or ',' must stand here");
    return true;
}

static bool operand_parse(struct pattern_scan *s, enum operand takes, struct stix_test *test)
{
    if (!scan_blank(s))
        return false;
    if (takes == OPERAND_SET)
        return set_parse(s, test);
    if (!count_constant(s))
        return false;
    struct stix_constant *constant = NEW(s->arena, struct stix_constant);
    if (!constant)
        return scan_fail(s, ERR_LIMIT, "out of memory");
    if (takes == OPERAND_STRING && scan_peek(s) != '\'')
        return scan_fail(s, ERR_INVALID, "a string must stand here");
    size_t begin = s->at;
    if (!scan_constant(s, constant))
        return false;
    if (takes == OPERAND_ORDERED && constant->kind == STIX_CONSTANT_BOOL) {
        s->at = begin;
        return scan_fail(s, ERR_INVALID, "true and false have no order");
    }
    test->constants = constant;
    test->n_constants = 1;
    return true;
}

// What hash algorithms of the vocabulary give. Other names are free.
static bool hash_fits(const struct stix_test *test)
{
    if (test->n_steps < 2 || (test->op != STIX_OP_EQ && test->op != STIX_OP_IN))
        return true;
    const struct stix_step *last = &test->steps[test->n_steps - 1];
    if (!str_eq(last[-1].text, STR("hashes")))
        return true;
    for (size_t i = 0; i < test->n_constants; i++)
        if (test->constants[i].kind != STIX_CONSTANT_STRING ||
            !hash_is_of(last->text, test->constants[i].text))
            return false;
    return true;
}

static bool comparison_parse(struct pattern_scan *s, struct stix_test *test)
{
    test->is_negated = scan_keyword(s, STR("NOT"));
    if (!scan_blank(s))
        return false;
    if (scan_keyword(s, STR("EXISTS"))) {
        test->op = STIX_OP_EXISTS;
        return scan_blank(s) && path_parse(s, test);
    }
    if (test->is_negated)
        return scan_fail(s, ERR_INVALID, "EXISTS must stand here");
    if (!path_parse(s, test))
        return false;
    test->is_negated = scan_keyword(s, STR("NOT"));
    if (!scan_blank(s))
        return false;
    size_t i = 0, begin = s->at;
    while (i < LEN(operators) && !(operators[i].is_word ? scan_keyword(s, operators[i].text)
                                                        : scan_mark(s, operators[i].text)))
        i++;
    if (i == LEN(operators))
        return scan_fail(s, ERR_INVALID, "an operator must stand here");
    test->op = operators[i].op;
    if (!operand_parse(s, operators[i].takes, test))
        return false;
    if (hash_fits(test))
        return true;
    s->at = begin;
    return scan_fail(s, ERR_INVALID, "not a hash of this algorithm");
}

static struct stix_node *any_parse(struct pattern_scan *s);

static struct stix_node *group_parse(struct pattern_scan *s, parse_function inner)
{
    struct stix_node *child = depth_enter(s) ? inner(s) : NULL;
    if (!child)
        return NULL;
    s->depth--;
    if (!scan_blank(s) || !scan_mark(s, STR(")"))) {
        scan_fail(s, ERR_INVALID, "')' must stand here");
        return NULL;
    }
    struct stix_node *node = node_new(s, STIX_NODE_GROUP);
    if (node)
        node->child = child;
    return node;
}

static struct stix_node *test_parse(struct pattern_scan *s)
{
    if (!scan_blank(s))
        return NULL;
    if (scan_mark(s, STR("(")))
        return group_parse(s, any_parse);
    struct stix_test *test = NEW(s->arena, struct stix_test);
    struct stix_node *node = node_new(s, STIX_NODE_TEST);
    if (!test || !node) {
        scan_fail(s, ERR_LIMIT, "out of memory");
        return NULL;
    }
    node->test = test;
    return comparison_parse(s, test) ? node : NULL;
}

static struct stix_node *all_parse(struct pattern_scan *s)
{
    return chain_parse(s, STR("AND"), STIX_NODE_ALL, test_parse);
}

static struct stix_node *any_parse(struct pattern_scan *s)
{
    return chain_parse(s, STR("OR"), STIX_NODE_ANY, all_parse);
}

static bool within_parse(struct pattern_scan *s, struct stix_qualifiers *q)
{
    struct stix_constant number;
    char first = scan_peek(s);
    bool is_number = (first >= '0' && first <= '9') || first == '.' || first == '+';
    if (!is_number || !scan_constant(s, &number))
        return scan_fail(s, ERR_INVALID, "a positive number must stand here");
    bool is_zero = true;
    for (size_t i = 0; i < number.text.len; i++)
        is_zero = is_zero && (number.text.ptr[i] == '0' || number.text.ptr[i] == '.');
    if (is_zero)
        return scan_fail(s, ERR_INVALID, "a positive number must stand here");
    q->within_s = number.text;
    if (!scan_blank(s) || !scan_keyword(s, STR("SECONDS")))
        return scan_fail(s, ERR_INVALID, "SECONDS must stand here");
    return true;
}

static bool repeats_parse(struct pattern_scan *s, struct stix_qualifiers *q)
{
    struct str text;
    uint64_t n;
    if (!scan_int(s, &text))
        return false;
    if (str_to_u64(text, &n) != ERR_OK || n == 0 || n > REPEATS_MAX)
        return scan_fail(s, ERR_INVALID, "REPEATS takes 1 to 1,000,000");
    q->repeats = (uint32_t)n;
    if (!scan_blank(s) || !scan_keyword(s, STR("TIMES")))
        return scan_fail(s, ERR_INVALID, "TIMES must stand here");
    return true;
}

static bool start_parse(struct pattern_scan *s, struct stix_qualifiers *q)
{
    if (!scan_time(s, &q->start) || !scan_blank(s))
        return false;
    if (!scan_keyword(s, STR("STOP")))
        return scan_fail(s, ERR_INVALID, "STOP must stand here");
    return scan_blank(s) && scan_time(s, &q->stop);
}

static struct stix_node *wrap_node(struct pattern_scan *s, struct stix_node *child)
{
    s->wraps++;
    if (s->deepest + s->wraps > STIX_PATTERN_DEPTH_MAX) {
        scan_fail(s, ERR_INVALID, "nested too deep");
        return NULL;
    }
    struct stix_node *node = node_new(s, STIX_NODE_GROUP);
    if (node)
        node->child = child;
    return node;
}

static bool has_within(const struct stix_qualifiers *q)
{
    return q->within_s.len > 0;
}

static bool has_repeats(const struct stix_qualifiers *q)
{
    return q->repeats > 0;
}

static bool has_start(const struct stix_qualifiers *q)
{
    return q->start.len > 0;
}

static const struct {
    struct str keyword;
    bool (*has)(const struct stix_qualifiers *);
    bool (*parse)(struct pattern_scan *, struct stix_qualifiers *);
} qualifiers[] = {{STR_INIT("WITHIN"), has_within, within_parse},
    {STR_INIT("REPEATS"), has_repeats, repeats_parse},
    {STR_INIT("START"), has_start, start_parse}};

// A qualifier given twice is refused on an observation. On a group the second one qualifies
// the qualified group, as the published cases have it.
static struct stix_node *qualified_parse(struct pattern_scan *s, struct stix_node *node)
{
    for (size_t i = 0; node && i < LEN(qualifiers);) {
        if (!scan_blank(s))
            return NULL;
        if (!scan_keyword(s, qualifiers[i].keyword)) {
            i++;
            continue;
        }
        if (qualifiers[i].has(&node->qualifiers)) {
            if (node->kind == STIX_NODE_OBSERVATION)
                scan_fail(s, ERR_INVALID, "a qualifier is given twice");
            node = node->kind == STIX_NODE_OBSERVATION ? NULL : wrap_node(s, node);
        }
        if (!node || !scan_blank(s) || !qualifiers[i].parse(s, &node->qualifiers))
            return NULL;
        i = 0;
    }
    return node;
}

static struct stix_node *followed_parse(struct pattern_scan *s);

static struct stix_node *observation_parse(struct pattern_scan *s)
{
    struct stix_node *node = NULL;
    if (!scan_blank(s))
        return NULL;
    if (scan_mark(s, STR("("))) {
        node = group_parse(s, followed_parse);
    } else if (scan_mark(s, STR("["))) {
        struct stix_node *child = any_parse(s);
        node = child ? node_new(s, STIX_NODE_OBSERVATION) : NULL;
        if (node)
            node->child = child;
        if (node && (!scan_blank(s) || !scan_mark(s, STR("]"))))
            scan_fail(s, ERR_INVALID, "']', AND or OR must stand here");
    } else {
        scan_fail(s, ERR_INVALID, "'[' must stand here");
    }
    return s->err == ERR_OK ? qualified_parse(s, node) : NULL;
}

static struct stix_node *and_parse(struct pattern_scan *s)
{
    return chain_parse(s, STR("AND"), STIX_NODE_AND, observation_parse);
}

static struct stix_node *or_parse(struct pattern_scan *s)
{
    return chain_parse(s, STR("OR"), STIX_NODE_OR, and_parse);
}

static struct stix_node *followed_parse(struct pattern_scan *s)
{
    return chain_parse(s, STR("FOLLOWEDBY"), STIX_NODE_FOLLOWEDBY, or_parse);
}

enum err stix_pattern_parse(
    struct arena *a, struct str text, const struct stix_node **out, struct fault *fault)
{
    struct pattern_scan s = {.arena = a, .text = text};
    if (text.len > STIX_PATTERN_BYTES_MAX)
        return fault_set(fault, ERR_INVALID, STIX_PATTERN_BYTES_MAX, "the pattern is too long");
    size_t bad = utf8_invalid_at(text);
    if (bad < text.len)
        return fault_set(fault, ERR_INVALID, bad, "not UTF-8");
    const struct stix_node *root = followed_parse(&s);
    if (root && scan_blank(&s) && !scan_at_end(&s))
        scan_fail(&s, ERR_INVALID, "text after the pattern");
    if (s.err != ERR_OK)
        return fault_set(fault, s.err, s.fault.at, s.fault.why);
    *out = root;
    return ERR_OK;
}
