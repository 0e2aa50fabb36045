// SPDX-License-Identifier: Apache-2.0
#include "store/problem.h"

static const struct {
    const char *name, *en, *ko;
    enum store_repair repair;
} problems[] = {
#define STORE_PROBLEM_ROW(id, mends, text, text_ko) \
    [STORE_PROBLEM_##id] = {#id, text, text_ko, STORE_REPAIR_##mends},
    STORE_PROBLEM_LIST(STORE_PROBLEM_ROW)
#undef STORE_PROBLEM_ROW
};

const char *store_problem_name(enum store_problem_id id)
{
    return problems[id].name;
}

enum store_repair store_problem_repair(enum store_problem_id id)
{
    return problems[id].repair;
}

const char *store_problem_text(enum store_problem_id id)
{
    return problems[id].en;
}

const char *store_problem_text_ko(enum store_problem_id id)
{
    return problems[id].ko;
}
