// SPDX-License-Identifier: Apache-2.0
// Random stores and recipients: what goes, why, and in which bytes, against a naive oracle; and
// what must hold between two releases. `test_policy_release ROUNDS [SEED]` runs more.
#include "chance.h"
#include "oracle_all.h"
#include "release.h"

static size_t rounds = 10000;
static uint32_t seed = 1;

static void marks_load(struct release *r)
{
    size_t n = 0;
    for (size_t i = THINGS; i < ROWS; i++) {
        if (!r->world->rows[i].is_here)
            continue;
        r->marks[n].id = r->objects[i].id.text;
        CHECK_ERR(
            "mark", stix_marking_read(r->arena, &r->objects[i], &r->marks[n].marking), ERR_OK);
        n++;
    }
    r->markings = (struct policy_markings){r->marks, n};
}

static void row_read(struct release *r, size_t i)
{
    struct stix_problem problem = {0};
    r->out[i].received = received_text(r->arena, &r->world->rows[i]);
    enum err e = stix_object_read(r->arena, r->out[i].received, &r->objects[i], &problem);
    if (e != ERR_OK)
        fail_msg("%s: %.*s", problem.why, STR_ARG(r->out[i].received));
}

static void row_cut(struct release *r, size_t i)
{
    const struct row *row = &r->world->rows[i];
    struct handling handling = {
        .tlp = row->tlp, .is_orcon = row->is_orcon, .originator = parties[row->originator]};
    struct policy_facts facts = facts_of(r->arena, r->world, row);
    struct policy_cut cut;
    facts.type = r->objects[i].id.type;
    if (row->grant == CLASS_GRANT) {
        struct policy_grant *grant = NEW(r->arena, struct policy_grant);
        *grant = facts.grants[0];
        grant->type = facts.type;
        facts.grants = grant;
    }
    CHECK_ERR("label",
        policy_effective(r->arena, &r->objects[i], r->markings, &handling, &facts.label),
        ERR_OK);
    CHECK_ERR("cut", policy_cut(r->arena, &r->objects[i], r->markings, &facts, &cut), ERR_OK);
    r->out[i].facts = facts;
    r->place[r->n] = i;
    r->candidates[r->n++] = (struct policy_candidate){.id = r->objects[i].id.text,
        .refs = cut.refs,
        .n_refs = cut.n_refs,
        .needs = cut.needs,
        .n_needs = cut.n_needs,
        .may_vary = cut.may_vary,
        .is_variant = cut.is_variant,
        .is_on_demand = row->is_marking,
        .decision = cut.decision};
}

static void row_redact(struct release *r, size_t k, struct policy_names names)
{
    struct outcome *out = &r->out[r->place[k]];
    const struct stix_object *object = &r->objects[r->place[k]];
    struct policy_redaction how = {
        .markings = r->markings, .facts = &out->facts, .names = names, .modified = STR(LATER)};
    out->decision = r->candidates[k].decision;
    out->is_included = r->candidates[k].is_included;
    out->is_variant = r->candidates[k].is_variant;
    if (!out->is_included)
        return;
    CHECK_ERR("id", policy_variant_id(r->arena, key, object->id.text, &how.id), ERR_OK);
    CHECK_ERR("redact", policy_redact(r->arena, object, &how, &out->redacted), ERR_OK);
    CHECK("goes", out->redacted.decision.result == POLICY_PERMIT);
    CHECK("as the closure said", out->redacted.is_variant == out->is_variant);
    out->bytes = out->is_variant ? out->redacted.bytes : out->received;
}

static struct release *release_run(struct arena *a, const struct world *w)
{
    struct release *r = NEW(a, struct release);
    struct policy_names names;
    assert_non_null(r);
    r->arena = a;
    r->world = w;
    for (size_t i = 0; i < ROWS; i++)
        if (w->rows[i].is_here)
            row_read(r, i);
    marks_load(r);
    for (size_t i = 0; i < ROWS; i++)
        if (w->rows[i].is_here)
            row_cut(r, i);
    r->held = (struct policy_held){ids_of(a, w->known), ids_of(a, w->renamed)};
    CHECK_ERR("close", policy_close_variants(a, r->candidates, r->n, r->held), ERR_OK);
    CHECK_ERR("names", policy_names_make(a, r->candidates, r->n, r->held, key, &names), ERR_OK);
    for (size_t k = 0; k < r->n; k++)
        row_redact(r, k, names);
    return r;
}

static struct str variant_of(struct arena *a, struct str id)
{
    struct str out;
    CHECK_ERR("id", policy_variant_id(a, key, id, &out), ERR_OK);
    return out;
}

// The bytes that the oracle wants; what a made marking is called is the only thing it is told.
static struct str bytes_wanted(struct arena *a, const struct world *w,
    const struct found *found, size_t i, struct str made)
{
    const struct thing *t = &w->rows[i].thing;
    const struct row *r = &w->rows[i];
    struct show show = {.modified = STR(LATER), .statement = mark_id(a, STATEMENT)};
    struct str marks[4] = {stix_tlp_id(found[i].label.tlp)};
    enum mark kept[2];
    size_t n_kept = 0, n = 1;
    show.id = variant_of(a, r->is_marking ? show.statement : thing_id(a, t->id));
    if (is_statement_renamed(found))
        show.statement = variant_of(a, show.statement);
    memcpy(show.is_gone, found[i].gone, sizeof show.is_gone);
    for (enum part part = REF0; part < PARTS; part++) {
        enum name name = name_of(w, found, t->ref[part]);
        struct str id = thing_id(a, t->ref[part]);
        show.ref[part] = name == RENAMED ? variant_of(a, id) : id;
        show.is_gone[part] |= name == UNNAMED;
    }
    for (size_t k = 0; k < t->n_marks; k++)
        if (t->marks[k] >= STATEMENT) {
            marks[n++] = t->marks[k] == STATEMENT ? show.statement : mark_id(a, t->marks[k]);
            kept[n_kept++] = t->marks[k];
        }
    if (!has_envelope(w) && !marks_say(kept, n_kept, found[i].label.tlp, &found[i].label))
        marks[n++] = made;
    show.marks = marks;
    show.n_marks = n;
    return r->is_marking ? statement_text(a, show.id, marks, n) : thing_print(a, t, &show);
}

static int rule_number(enum policy_why why)
{
    const char *rule = policy_reason(why).rule;
    return rule[2] ? 10 : rule[1] - '0';
}

struct count {
    size_t included, variants;
};

static void row_compare(
    struct release *r, const struct found *found, size_t i, struct count *count)
{
    struct outcome *out = &r->out[i];
    struct str want = out->received;
    if (out->decision.result != found[i].result || out->is_included != found[i].is_included ||
        rule_number(out->decision.why) != found[i].rule)
        fail_msg("row %zu: %s, want R%d, result %d, included %d: %.*s", i,
            policy_reason(out->decision.why).code, found[i].rule, (int)found[i].result,
            (int)found[i].is_included, STR_ARG(out->received));
    if (!out->is_included)
        return;
    if (found[i].is_variant)
        want = bytes_wanted(r->arena, r->world, found, i, out->redacted.marking_id);
    if (!str_eq(out->bytes, want))
        fail_msg("row %zu: %.*s, want %.*s", i, STR_ARG(out->bytes), STR_ARG(want));
    count->included++;
    count->variants += out->is_variant;
}

// Runs a check over all worlds; the seed of one that fails is printed before.
typedef void (*world_check)(struct arena *a, struct world *w, struct count *count);

static uint32_t current;

static struct count each_world(world_check check)
{
    struct count count = {0};
    for (size_t i = 0; i < rounds; i++) {
        struct arena request;
        struct world w;
        arena_init(&request, 64 * MIB);
        current = seed + (uint32_t)i;
        world_make(&w, current);
        check(&request, &w, &count);
        arena_release(&request);
    }
    return count;
}

static void check_oracle(struct arena *a, struct world *w, struct count *count)
{
    struct found found[ROWS];
    struct release *r = release_run(a, w);
    judge_all(w, found);
    for (size_t i = 0; i < ROWS; i++)
        row_compare(r, found, i, count);
}

static void V1_V2_V3_what_goes_is_what_the_oracle_says(void **state)
{
    struct count count = each_world(check_oracle);
    assert_true(count.included > rounds && count.variants > rounds / 4); // it is not nothing
}

static void same_release(const struct release *one, const struct release *two)
{
    for (size_t i = 0; i < ROWS; i++) {
        const struct outcome *left = &one->out[i], *right = &two->out[i];
        if (!two->world->rows[i].is_here)
            continue;
        assert_int_equal(left->decision.why, right->decision.why);
        assert_int_equal(left->is_included, right->is_included);
        CHECK_STR("bytes", right->bytes, left->bytes);
        CHECK_STR("marking", right->redacted.marking, left->redacted.marking);
    }
}

// The other store never held what is denied, or holds something else in its place.
static void check_interference(struct arena *a, struct world *w, struct count *count)
{
    struct release *one = release_run(a, w);
    struct world *other = NEW(a, struct world);
    assert_non_null(other);
    *other = *w;
    for (size_t i = 0; i < ROWS; i++)
        if (one->out[i].decision.result != POLICY_PERMIT) {
            other->rows[i].is_here = false;
            count->variants++;
        }
    same_release(one, release_run(a, other));
}

static void V1_P1_what_is_denied_changes_no_byte(void **state)
{
    struct count count = each_world(check_interference);
    assert_true(count.variants > rounds);
}

static bool is_exported(const struct release *r, struct str id)
{
    for (size_t i = 0; i < ROWS; i++) {
        const struct outcome *out = &r->out[i];
        if (out->is_included && !out->is_variant && str_eq(r->objects[i].id.text, id))
            return true;
        if (out->is_included && out->is_variant &&
            str_eq(variant_of(r->arena, r->objects[i].id.text), id))
            return true;
        if (out->redacted.marking_id.len && str_eq(out->redacted.marking_id, id))
            return true;
    }
    for (size_t i = 0; i < r->held.known.n; i++)
        if (str_eq(r->held.known.items[i], id))
            return true;
    for (size_t i = 0; i < r->held.renamed.n; i++)
        if (str_eq(variant_of(r->arena, r->held.renamed.items[i]), id))
            return true;
    return stix_is_builtin(id);
}

static void check_ids(struct arena *a, struct world *w, struct count *count)
{
    struct release *r = release_run(a, w);
    for (size_t i = 0; i < ROWS; i++) {
        struct stix_object left;
        struct stix_problem problem;
        if (!r->out[i].is_included || r->out[i].decision.why == POLICY_RETURNED)
            continue;
        CHECK_ERR("valid", stix_object_read(a, r->out[i].bytes, &left, &problem), ERR_OK);
        for (size_t k = 0; k < left.n_refs; k++)
            if (left.refs[k].roles != STIX_REF_CREATOR && !is_exported(r, left.refs[k].id))
                fail_msg("%.*s in %.*s", STR_ARG(left.refs[k].id), STR_ARG(r->out[i].bytes));
        count->included++;
    }
}

static void V1_P2_H8_no_id_leads_to_what_is_withheld(void **state)
{
    assert_true(each_world(check_ids).included > rounds);
}

static void restrict_row(struct row *row)
{
    switch (below(4)) {
    case 0:
        row->is_recalled = true;
        break;
    case 1:
        row->is_orcon = !row->is_marking;
        break;
    case 2:
        row->grant = NO_GRANT;
        break;
    default:
        row->tlp = row->tlp < STIX_TLP_RED ? row->tlp + 1 : row->tlp;
    }
}

static void check_restriction(struct arena *a, struct world *w, struct count *count)
{
    struct release *before = release_run(a, w);
    struct world *other = NEW(a, struct world);
    assert_non_null(other);
    *other = *w;
    restrict_row(&other->rows[below(ROWS)]);
    struct release *after = release_run(a, other);
    for (size_t i = 0; i < ROWS; i++) {
        bool was = before->out[i].decision.result == POLICY_PERMIT;
        bool is = after->out[i].decision.result == POLICY_PERMIT;
        CHECK("P3", was || !is);
        count->variants += was && !is;
    }
}

static void V2_P3_a_restriction_permits_nothing(void **state)
{
    assert_true(each_world(check_restriction).variants > rounds / 20);
}

static int by_mark_id(const void *a, const void *b)
{
    const struct policy_marking *left = a, *right = b;
    return str_cmp(left->id, right->id);
}

// The markings as the recipient knows them: a statement may have another name there.
static void marks_arrived(const struct release *r, struct policy_marking marks[static MARKS])
{
    memcpy(marks, r->marks, r->markings.n * sizeof *marks);
    if (r->world->rows[THINGS].is_here && r->out[THINGS].is_variant)
        marks[0].id = variant_of(r->arena, marks[0].id);
    qsort(marks, r->markings.n, sizeof *marks, by_mark_id);
}

// What arrives is labelled by the envelope, if there is one, and by the bytes themselves.
static void check_arrival(struct arena *a, struct world *w, struct count *count)
{
    struct release *r = release_run(a, w);
    for (size_t i = 0; i < ROWS; i++) {
        const struct outcome *out = &r->out[i];
        const struct handling *sent = &out->facts.label.handling;
        struct policy_marking marks[MARKS + 1];
        struct policy_markings markings = {marks, r->markings.n};
        struct handling envelope = {.originator = sent->originator};
        struct stix_object object, made;
        struct stix_problem problem;
        struct policy_label label;
        if (!out->is_included || out->decision.why == POLICY_RETURNED)
            continue;
        marks_arrived(r, marks);
        if (out->redacted.marking_id.len) {
            CHECK_ERR("m", stix_object_read(a, out->redacted.marking, &made, &problem), ERR_OK);
            CHECK_STR("m", made.id.text, out->redacted.marking_id);
            // A digest may stand anywhere in the order of ids: it takes the place of all.
            CHECK_ERR("m", stix_marking_read(a, &made, &marks[0].marking), ERR_OK);
        }
        CHECK_ERR("read", stix_object_read(a, out->bytes, &object, &problem), ERR_OK);
        if (out->redacted.marking_id.len) {
            struct handling says = policy_marking_handling(&marks[0].marking);
            says.tlp = sent->tlp;
            CHECK("H10 the marking that is made says it all",
                policy_handling_covers(&says, sent));
            continue;
        }
        CHECK_ERR("label",
            policy_effective(a, &object, markings, has_envelope(w) ? sent : &envelope, &label),
            ERR_OK);
        CHECK("P4", label.problem == POLICY_LABEL_OK);
        CHECK("P4", policy_handling_covers(&label.handling, sent));
        count->included++;
    }
}

static void V2_P4_H10_what_arrives_is_never_looser(void **state)
{
    assert_true(each_world(check_arrival).included > rounds);
}

static void check_replay(struct arena *a, struct world *w, struct count *count)
{
    struct release *r = release_run(a, w);
    for (size_t i = 0; i < ROWS; i++) {
        struct outcome *out = &r->out[i];
        struct buf b = buf_in(a, MIB);
        struct policy_facts again;
        out->facts.is_redacted = true;
        CHECK_ERR("put", policy_facts_put(&b, &out->facts), ERR_OK);
        CHECK_ERR("parse", policy_facts_parse(a, buf_str(&b), &again, NULL), ERR_OK);
        enum policy_why why = policy_decide(&out->facts).why;
        assert_int_equal(policy_decide(&again).why, why);
        if (out->is_included)
            assert_int_equal(why, out->decision.why);
        count->included += out->is_included;
    }
}

static void V3_P6_a_decision_is_replayed_from_its_facts(void **state)
{
    assert_true(each_world(check_replay).included > rounds);
}

static int say_seed(void **state)
{
    print_message("the last world's seed was %u\n", current);
    return 0;
}

int main(int n, char **arguments)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(V1_V2_V3_what_goes_is_what_the_oracle_says, say_seed),
        cmocka_unit_test_teardown(V1_P1_what_is_denied_changes_no_byte, say_seed),
        cmocka_unit_test_teardown(V1_P2_H8_no_id_leads_to_what_is_withheld, say_seed),
        cmocka_unit_test_teardown(V2_P3_a_restriction_permits_nothing, say_seed),
        cmocka_unit_test_teardown(V2_P4_H10_what_arrives_is_never_looser, say_seed),
        cmocka_unit_test_teardown(V3_P6_a_decision_is_replayed_from_its_facts, say_seed),
    };
    uint64_t number;
    if (n > 1 && str_to_u64(str_of(arguments[1]), &number) == ERR_OK)
        rounds = (size_t)number;
    if (n > 2 && str_to_u64(str_of(arguments[2]), &number) == ERR_OK)
        seed = (uint32_t)number;
    return RUN_TESTS(tests);
}
