// SPDX-License-Identifier: Apache-2.0
#include "api/call.h"
#include "exchange/recover.h"

void api_give_back(struct call *call)
{
    struct str batch = {"", 0};
    uint64_t idx;
    enum err e = str_to_u64(call->segments[1], &idx);
    if (e == ERR_OK)
        e = exchange_give_back(
            call->node->exchange, call->partner, call->arena, call->segments[0], idx, &batch);
    // Another's log, one that does not exist and an entry without objects look the same.
    if (e == ERR_NOT_FOUND || e == ERR_INVALID)
        call_fail(call, ERR_NOT_FOUND, STR("nothing here"));
    else if (e != ERR_OK)
        call_fail(call, e, STR(""));
    else
        http_answer(call->request, 200, STR("application/octet-stream"), batch);
}
