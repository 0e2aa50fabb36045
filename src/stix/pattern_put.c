// SPDX-License-Identifier: Apache-2.0
#include "base/limits.h"
#include "stix/pattern_priv.h"

static void put_string(struct buf *b, struct str text)
{
    buf_put_byte(b, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\'' || text.ptr[i] == '\\')
            buf_put_byte(b, '\\');
        buf_put_byte(b, text.ptr[i]);
    }
    buf_put_byte(b, '\'');
}

static void put_quoted(struct buf *b, char prefix, struct str text)
{
    buf_put_byte(b, prefix);
    put_string(b, text);
}

static void put_constant(struct buf *b, const struct stix_constant *constant)
{
    switch (constant->kind) {
    case STIX_CONSTANT_STRING:
        put_string(b, constant->text);
        return;
    case STIX_CONSTANT_BINARY:
        put_quoted(b, 'b', constant->text);
        return;
    case STIX_CONSTANT_HEX:
        put_quoted(b, 'h', constant->text);
        return;
    case STIX_CONSTANT_TIME:
        put_quoted(b, 't', constant->text);
        return;
    case STIX_CONSTANT_INT:
    case STIX_CONSTANT_FLOAT:
    case STIX_CONSTANT_BOOL:
        break;
    }
    buf_put(b, constant->text);
}

static void put_name(struct buf *b, struct str name)
{
    struct pattern_scan whole = {.text = name};
    if (name.len && !scan_is_keyword(name) && scan_word(&whole, false).len == name.len)
        buf_put(b, name);
    else
        put_string(b, name);
}

static void put_path(struct buf *b, const struct stix_test *test)
{
    buf_put(b, test->type);
    for (size_t i = 0; i < test->n_steps; i++) {
        const struct stix_step *step = &test->steps[i];
        if (step->kind == STIX_STEP_NAME) {
            buf_put_byte(b, i ? '.' : ':');
            put_name(b, step->text);
        } else {
            buf_put_byte(b, '[');
            buf_put(b, step->kind == STIX_STEP_EACH ? STR("*") : step->text);
            buf_put_byte(b, ']');
        }
    }
}

static void put_test(struct buf *b, const struct stix_test *test)
{
    static const struct str words[] = {STR_INIT("="), STR_INIT("!="), STR_INIT("<"),
        STR_INIT("<="), STR_INIT(">"), STR_INIT(">="), STR_INIT("IN"), STR_INIT("LIKE"),
        STR_INIT("MATCHES"), STR_INIT("ISSUBSET"), STR_INIT("ISSUPERSET"), STR_INIT("EXISTS")};
    if (test->op == STIX_OP_EXISTS) {
        buf_put(b, test->is_negated ? STR("NOT EXISTS ") : STR("EXISTS "));
        put_path(b, test);
        return;
    }
    put_path(b, test);
    buf_put(b, test->is_negated ? STR(" NOT ") : STR(" "));
    buf_put(b, words[test->op]);
    buf_put(b, test->op == STIX_OP_IN ? STR(" (") : STR(" "));
    for (size_t i = 0; i < test->n_constants; i++) {
        if (i)
            buf_put(b, STR(", "));
        put_constant(b, &test->constants[i]);
    }
    if (test->op == STIX_OP_IN)
        buf_put_byte(b, ')');
}

static void put_qualifiers(struct buf *b, const struct stix_qualifiers *q)
{
    if (q->start.len) {
        buf_put(b, STR(" START "));
        put_quoted(b, 't', q->start);
        buf_put(b, STR(" STOP "));
        put_quoted(b, 't', q->stop);
    }
    if (q->within_s.len) {
        buf_put(b, STR(" WITHIN "));
        buf_put(b, q->within_s);
        buf_put(b, STR(" SECONDS"));
    }
    if (q->repeats) {
        buf_put(b, STR(" REPEATS "));
        buf_put_u64(b, q->repeats);
        buf_put(b, STR(" TIMES"));
    }
}

static const struct {
    struct str before, between, after;
} marks[] = {
    [STIX_NODE_FOLLOWEDBY] = {STR_INIT(""), STR_INIT(" FOLLOWEDBY "), STR_INIT("")},
    [STIX_NODE_OR] = {STR_INIT(""), STR_INIT(" OR "), STR_INIT("")},
    [STIX_NODE_AND] = {STR_INIT(""), STR_INIT(" AND "), STR_INIT("")},
    [STIX_NODE_GROUP] = {STR_INIT("("), STR_INIT(""), STR_INIT(")")},
    [STIX_NODE_OBSERVATION] = {STR_INIT("["), STR_INIT(""), STR_INIT("]")},
    [STIX_NODE_ANY] = {STR_INIT(""), STR_INIT(" OR "), STR_INIT("")},
    [STIX_NODE_ALL] = {STR_INIT(""), STR_INIT(" AND "), STR_INIT("")},
    [STIX_NODE_TEST] = {STR_INIT(""), STR_INIT(""), STR_INIT("")},
};

// NOLINTNEXTLINE(misc-no-recursion): no deeper than the parser let it be
void stix_pattern_put(struct buf *b, const struct stix_node *pattern)
{
    if (pattern->test)
        put_test(b, pattern->test);
    buf_put(b, marks[pattern->kind].before);
    for (const struct stix_node *child = pattern->child; child; child = child->next) {
        stix_pattern_put(b, child);
        if (child->next)
            buf_put(b, marks[pattern->kind].between);
    }
    buf_put(b, marks[pattern->kind].after);
    put_qualifiers(b, &pattern->qualifiers);
}

static enum err path_join(struct arena *a, const struct stix_test *test, struct str *out)
{
    size_t names = 0;
    for (size_t i = 0; i < test->n_steps; i++)
        names += test->steps[i].kind == STIX_STEP_NAME;
    if (names == 1) {
        *out = test->steps[0].text;
        return ERR_OK;
    }
    struct buf b = buf_in(a, STIX_PATTERN_BYTES_MAX);
    for (size_t i = 0; i < test->n_steps; i++) {
        if (test->steps[i].kind != STIX_STEP_NAME)
            continue;
        if (b.len)
            buf_put_byte(&b, '.');
        buf_put(&b, test->steps[i].text);
    }
    return buf_end(&b, out);
}

// Counts only while atoms is NULL.
// NOLINTNEXTLINE(misc-no-recursion): no deeper than the parser let it be
static enum err atoms_walk(
    struct arena *a, const struct stix_node *node, struct stix_atom *atoms, size_t *n)
{
    const struct stix_test *test = node->test;
    if (test && !test->is_negated && (test->op == STIX_OP_EQ || test->op == STIX_OP_IN)) {
        struct str path;
        if (atoms)
            TRY(path_join(a, test, &path));
        for (size_t i = 0; atoms && i < test->n_constants; i++)
            atoms[*n + i] = (struct stix_atom){test->type, path, test->constants[i]};
        *n += test->n_constants;
    }
    for (const struct stix_node *child = node->child; child; child = child->next)
        TRY(atoms_walk(a, child, atoms, n));
    return ERR_OK;
}

enum err stix_pattern_atoms(
    struct arena *a, const struct stix_node *pattern, struct stix_atom **out, size_t *n)
{
    size_t count = 0, filled = 0;
    TRY(atoms_walk(a, pattern, NULL, &count));
    struct stix_atom *atoms = NEW_N(a, struct stix_atom, count + 1);
    if (!atoms)
        return ERR_LIMIT;
    TRY(atoms_walk(a, pattern, atoms, &filled));
    *out = atoms;
    *n = filled;
    return ERR_OK;
}
