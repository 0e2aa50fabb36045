// SPDX-License-Identifier: Apache-2.0
#include "cli/node_conf.h"
#include "test.h"

#define WHOLE "party = gb\nnode = node.gb.example\ncountry = GBR\n"

static void configuration_is_read_or_its_line_is_named(void **state)
{
    static const struct {
        const char *why;
        struct str text;
        enum err want;
        size_t line;
    } rows[] = {
        {"whole", STR_INIT(WHOLE), ERR_OK, 0},
        {"comments and blanks", STR_INIT("# ours\n\n party=gb # id\n" WHOLE), ERR_OK, 0},
        {"no party", STR_INIT("node = n\ncountry = GBR\n"), ERR_INVALID, 0},
        {"unknown key", STR_INIT(WHOLE "colour = red\n"), ERR_INVALID, 4},
        {"upper-case party", STR_INIT("party = GB\n"), ERR_INVALID, 1},
        {"plus in a name", STR_INIT("party = gb\nnode = a+b\n"), ERR_INVALID, 2},
        {"no such level", STR_INIT(WHOLE "handling = white\n"), ERR_INVALID, 4},
        {"no value", STR_INIT(WHOLE "listen =\n"), ERR_INVALID, 4},
    };
    for (size_t i = 0; i < LEN(rows); i++) {
        struct node_conf conf;
        size_t line = 0;
        const char *why = NULL;
        CHECK_ERR(rows[i].why, node_conf_parse(rows[i].text, &conf, &line, &why), rows[i].want);
        CHECK(rows[i].why, rows[i].want == ERR_OK || why);
        CHECK(rows[i].why, !rows[i].line || line == rows[i].line);
    }
}

static void what_is_printed_parses_to_the_same(void **state)
{
    struct arena a;
    arena_init(&a, 1 << 16);
    struct node_conf conf, again;
    size_t line;
    const char *why;
    CHECK_ERR(
        "parse", node_conf_parse(STR(WHOLE "handling = green\n"), &conf, &line, &why), ERR_OK);
    struct buf b = buf_in(&a, 4096);
    node_conf_put(&b, &conf);
    CHECK_ERR("again", node_conf_parse(buf_str(&b), &again, &line, &why), ERR_OK);
    CHECK_STR("party", again.party, conf.party);
    CHECK_STR("handling", again.handling, STR("green"));
    CHECK_STR("default realm", again.realm, STR("live"));
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(configuration_is_read_or_its_line_is_named),
        cmocka_unit_test(what_is_printed_parses_to_the_same),
    };
    return RUN_TESTS(tests);
}
