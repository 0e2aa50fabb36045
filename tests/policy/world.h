// SPDX-License-Identifier: Apache-2.0
// Random stores and recipients, as plain numbers: what is tested reads the JSON that is printed
// from them, the oracle reads the numbers.
#pragma once

#include "base/limits.h"
#include "policy/closure.h"
#include "test.h"

enum part { // of an object, parents before children
    MAIN,   // the required text
    DESCRIPTION,
    LABELS,
    LABEL0,
    LABEL1,
    XA,
    XA_B,
    XA_C,
    REFS,
    REF0,
    REF1,
    XREF,
    SOURCE,
    TARGET,
    PARTS,
    NOT_A_PART = PARTS
};
enum type { TOOL, NOTE, RELATIONSHIP, ADDRESS, TYPES };
enum mark { // TLP first, in the order of enum stix_tlp
    STATEMENT = STIX_TLPS,
    TO_GBR_KOR,
    TO_JPN,
    NO_FOREIGN,
    CONTROLLED,
    EXPIRED,
    TO_FVEY,
    NOT_HELD,
    MARKS
};
enum party { GB, KR, US };

struct thing {
    uint32_t id; // its type is id % TYPES
    bool has[PARTS];
    uint32_t ref[PARTS]; // ids
    enum mark marks[2], part_marks[3];
    enum part parts[3]; // that part_marks mark
    size_t n_marks, n_part_marks;
    bool has_creator;
};

struct row { // a thing, or a marking definition
    bool is_here, is_marking, is_recalled;
    struct thing thing;
    enum mark mark;
    enum stix_tlp tlp; // its handling
    bool is_orcon;
    enum party originator;
    enum { NO_GRANT, CLASS_GRANT, OBJECT_GRANT, OLD_GRANT, GRANTS } grant;
};

enum { THINGS = 7, ROWS = THINGS + MARKS - STATEMENT - 1, IDS = 9 };
struct world {
    struct row rows[ROWS];
    bool known[IDS], renamed[IDS];
    bool is_ours, is_live, is_community, is_addressee, is_client, is_stale, has_fvey;
    size_t n_approvers, n_persons, n_registered;
    enum policy_channel channel;
};

static const enum part parent_of[PARTS] = {[MAIN] = NOT_A_PART,
    [DESCRIPTION] = NOT_A_PART,
    [LABELS] = NOT_A_PART,
    [LABEL0] = LABELS,
    [LABEL1] = LABELS,
    [XA] = NOT_A_PART,
    [XA_B] = XA,
    [XA_C] = XA,
    [REFS] = NOT_A_PART,
    [REF0] = REFS,
    [REF1] = REFS,
    [XREF] = NOT_A_PART,
    [SOURCE] = NOT_A_PART,
    [TARGET] = NOT_A_PART};

// Ids as texts live as long as the arena of the world that is looked at.
static struct str id_text(struct arena *a, const char *type, uint32_t n)
{
    struct buf b = buf_in(a, KIB);
    buf_put(&b, str_of(type));
    buf_put(&b, STR("--00000000-0000-4000-8000-0000000000"));
    buf_put_u64(&b, 10 + n);
    return buf_str(&b);
}

static struct str thing_id(struct arena *a, uint32_t id)
{
    static const char *const types[TYPES] = {"tool", "note", "relationship", "ipv4-addr"};
    return id_text(a, types[id % TYPES], id);
}

static struct str mark_id(struct arena *a, enum mark mark)
{
    return mark < STATEMENT ? stix_tlp_id((enum stix_tlp)mark)
                            : id_text(a, "marking-definition", 20 + mark);
}
