// SPDX-License-Identifier: Apache-2.0
#include "ledger/names.h"

bool ledger_name_is(struct str name, const struct str *parts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i && !str_starts(name, STR("/")))
            return false;
        name = str_from(name, i ? 1 : 0);
        if (!str_starts(name, parts[i]))
            return false;
        name = str_from(name, parts[i].len);
    }
    return name.len == 0;
}

bool ledger_log_name(
    struct str name, struct str node, struct str realm, struct str *party, uint64_t *epoch)
{
    struct str rest = str_from(name, node.len + realm.len + 9);
    struct str partner = str_cut(&rest, '/');
    const struct str parts[] = {node, realm, STR("ledger"), partner, rest};
    *party = partner;
    return ledger_name_is(name, parts, LEN(parts)) && partner.len > 0 &&
           str_to_u64(rest, epoch) == ERR_OK;
}
