// SPDX-License-Identifier: Apache-2.0
#include "ledger/entry.h"

#include "base/utf8.h"
#include "hash/hash.h"
#include "ledger/agreement.h"
#include "ledger/approval.h"
#include "ledger/schema_priv.h"

#define RULE_BYTES_MAX      64u
#define PURPOSE_BYTES_MAX   128u
#define LANG_BYTES_MAX      35u // RFC 5646 section 4.4.1
#define CODE_BYTES_MAX      64u
#define PERSON_BYTES_MAX    256u
#define KEY_ID_BYTES_MAX    128u
#define SIGNATURE_BYTES_MAX 256u
#define AGREED_BYTES_MAX    (40 * KIB) // escaped in an entry of 65,535 bytes
#define LAST_BYTES_MAX      (8 * KIB)
#define FIELDS_MAX          11u // of any entry

static const struct str channels[] = {
    STR_INIT("taxii"), STR_INIT("link"), STR_INIT("bundle-file"), STR_INIT("console")};
static const struct str priorities[] = {
    STR_INIT("bulk"), STR_INIT("normal"), STR_INIT("urgent"), STR_INIT("flash")};
static const struct str dispositions[] = {
    STR_INIT("accepted"), STR_INIT("quarantined"), STR_INIT("refused")};
static const struct str outcomes[] = {
    STR_INIT("destroyed"), STR_INIT("quarantined"), STR_INIT("retained-legal")};

// clang-format off
#define FIELD(name, type, record, member) \
    .key = STR_INIT(name), .kind = SCHEMA_##type, .at = offsetof(struct record, member)
#define OPTIONAL        .is_optional = true
#define HAS(record, member) .has_at = offsetof(struct record, member)
#define UP_TO(n)        .max = (n)
#define WORDS(list)     .words = (list), .max = LEN(list)
#define FIELDS(list)    .fields = (list), .max = LEN(list)
#define ITEMS(one, bytes) .item = &(one), .item_bytes = (bytes)

static const struct schema_field head_fields[] = {
    {FIELD("n", UINT, ledger_head, size)},
    {FIELD("r", HASH, ledger_head, root)},
};

static const struct schema_field ref_fields[] = {
    {FIELD("i", UINT, ledger_ref, index)},
    {FIELD("lh", HASH, ledger_ref, leaf_hash)},
    {FIELD("o", ORIGIN, ledger_ref, origin)},
};

static const struct schema_field officer_fields[] = {
    {FIELD("kid", TEXT, ledger_officer, key_id), UP_TO(KEY_ID_BYTES_MAX)},
    {FIELD("kind", TEXT, ledger_officer, kind), UP_TO(CODE_BYTES_MAX)},
    {FIELD("s", TEXT, ledger_officer, signature), UP_TO(SIGNATURE_BYTES_MAX)},
};

static const struct schema_field result_fields[] = {
    {FIELD("n", UINT, ledger_result, n)},
    {FIELD("st", WORD, ledger_result, state), WORDS(outcomes)},
};

static const struct schema_field person = {.kind = SCHEMA_TEXT, .max = PERSON_BYTES_MAX};
static const struct schema_field leaf_number = {.kind = SCHEMA_UINT};
static const struct schema_field result = {.kind = SCHEMA_OBJECT, FIELDS(result_fields)};

static const struct schema_field release_fields[] = {
    {FIELD("ch", WORD, ledger_release, channel), WORDS(channels)},
    {FIELD("dec", HASH, ledger_release, decisions)},
    {FIELD("exp", HASH, ledger_release, expansion), HAS(ledger_release, has_expansion)},
    {FIELD("id", UUID7, ledger_release, id)},
    {FIELD("persons", LIST, ledger_release, persons), OPTIONAL, UP_TO(LEDGER_PERSONS_MAX),
        ITEMS(person, sizeof(struct str))},
    {FIELD("pr", WORD, ledger_release, priority), WORDS(priorities)},
    {FIELD("purpose", TEXT, ledger_release, purpose), UP_TO(PURPOSE_BYTES_MAX)},
    {FIELD("rule", TEXT, ledger_release, rule), UP_TO(RULE_BYTES_MAX)},
    {FIELD("sz", UINT, ledger_release, payload_bytes)},
    {FIELD("to", PARTY, ledger_release, to)},
};

static const struct schema_field flash_fields[] = {
    {FIELD("by", OBJECT, ledger_release, by), FIELDS(officer_fields)},
    {FIELD("ch", WORD, ledger_release, channel), WORDS(channels)},
    {FIELD("dec", HASH, ledger_release, decisions)},
    {FIELD("exp", HASH, ledger_release, expansion), HAS(ledger_release, has_expansion)},
    {FIELD("id", UUID7, ledger_release, id)},
    {FIELD("lang", TEXT, ledger_release, lang), UP_TO(LANG_BYTES_MAX)},
    {FIELD("persons", LIST, ledger_release, persons), OPTIONAL, UP_TO(LEDGER_PERSONS_MAX),
        ITEMS(person, sizeof(struct str))},
    {FIELD("pr", WORD, ledger_release, priority), WORDS(priorities)},
    {FIELD("purpose", TEXT, ledger_release, purpose), UP_TO(PURPOSE_BYTES_MAX)},
    {FIELD("rule", TEXT, ledger_release, rule), UP_TO(RULE_BYTES_MAX)},
    {FIELD("sz", UINT, ledger_release, payload_bytes)},
    {FIELD("to", PARTY, ledger_release, to)},
};

static const struct schema_field receipt_fields[] = {
    {FIELD("croot", HASH, ledger_receipt, commitments_root),
        HAS(ledger_receipt, has_commitments_root)},
    {FIELD("disp", WORD, ledger_receipt, disposition), WORDS(dispositions)},
    {FIELD("hh", HASH, ledger_receipt, handling_hash)},
    {FIELD("of", OBJECT, ledger_receipt, of), FIELDS(ref_fields)},
    {FIELD("why", TEXT, ledger_receipt, why), OPTIONAL, UP_TO(CODE_BYTES_MAX)},
};

static const struct schema_field recall_fields[] = {
    {FIELD("deadline", TIME, ledger_recall, deadline_us)},
    {FIELD("id", UUID7, ledger_recall, id)},
    {FIELD("n", LIST, ledger_recall, leaves), OPTIONAL, UP_TO(LEDGER_COMMITMENTS_MAX),
        ITEMS(leaf_number, sizeof(uint64_t))},
    {FIELD("of", OBJECT, ledger_recall, of), FIELDS(ref_fields)},
    {FIELD("reason", TEXT, ledger_recall, reason), UP_TO(CODE_BYTES_MAX)},
};

static const struct schema_field recall_ack_fields[] = {
    {FIELD("down", UINT, ledger_recall_ack, downstream)},
    {FIELD("downstream_notified", BOOL, ledger_recall_ack, downstream_notified)},
    {FIELD("left", UINT, ledger_recall_ack, left)},
    {FIELD("of", OBJECT, ledger_recall_ack, of), FIELDS(ref_fields)},
    {FIELD("res", LIST, ledger_recall_ack, results), UP_TO(LEDGER_RESULTS_MAX),
        ITEMS(result, sizeof(struct ledger_result))},
};

static const struct schema_field granted_fields[] = {
    {FIELD("c", HASH, ledger_grant, what.object), HAS(ledger_grant, what.has_object)},
    {FIELD("class", TEXT, ledger_grant, what.type), OPTIONAL, UP_TO(STIX_TYPE_BYTES_MAX)},
};

// `what` is an object of its own in the text, and a part of the grant here.
static const struct schema_field grant_key_id = {.kind = SCHEMA_TEXT, .max = KEY_ID_BYTES_MAX};
static const struct schema_field grant_fields[] = {
    {FIELD("by", LIST, ledger_grant, by), UP_TO(LEDGER_APPROVALS_MAX),
        ITEMS(grant_key_id, sizeof(struct str))},
    {FIELD("id", UUID7, ledger_grant, id)},
    {FIELD("not_after", TIME, ledger_grant, not_after_us)},
    {FIELD("scope", TEXT, ledger_grant, purpose), UP_TO(PURPOSE_BYTES_MAX)},
    {FIELD("terms", TEXT, ledger_grant, terms), OPTIONAL, UP_TO(4 * LEDGER_TERMS_MAX)},
    {FIELD("to", PARTY, ledger_grant, to)},
    {.key = STR_INIT("what"), .kind = SCHEMA_OBJECT, FIELDS(granted_fields)},
};

static const struct schema_field key_change_fields[] = {
    {FIELD("agreement", TEXT, ledger_key_change, agreement), OPTIONAL,
        UP_TO(AGREED_BYTES_MAX)},
    {FIELD("last", TEXT, ledger_key_change, last), OPTIONAL, UP_TO(LAST_BYTES_MAX)},
    {FIELD("note", TEXT, ledger_key_change, note), OPTIONAL, UP_TO(LEDGER_STATEMENT_BYTES_MAX)},
    {FIELD("peer", TEXT, ledger_key_change, peer_last), OPTIONAL, UP_TO(LAST_BYTES_MAX)},
};

static const struct str kind_names[LEDGER_KINDS] = {
    [LEDGER_RELEASE] = STR_INIT("release"),
    [LEDGER_FLASH] = STR_INIT("flash"),
    [LEDGER_RECEIPT] = STR_INIT("receipt"),
    [LEDGER_RECALL] = STR_INIT("recall"),
    [LEDGER_RECALL_ACK] = STR_INIT("recall-ack"),
    [LEDGER_GRANT] = STR_INIT("grant"),
    [LEDGER_KEY_CHANGE] = STR_INIT("key"),
};

static const struct {
    struct schema_field body;
    bool has_handling;
    bool has_commitments;
    bool is_receipted;
} kinds[LEDGER_KINDS] = {
    [LEDGER_RELEASE] = {{FIELD("b", OBJECT, ledger_entry, release), FIELDS(release_fields)},
        .has_handling = true, .has_commitments = true, .is_receipted = true},
    [LEDGER_FLASH] = {{FIELD("b", OBJECT, ledger_entry, release), FIELDS(flash_fields)},
        .has_handling = true, .has_commitments = true, .is_receipted = true},
    [LEDGER_RECEIPT] = {.body = {FIELD("b", OBJECT, ledger_entry, receipt),
                            FIELDS(receipt_fields)}},
    [LEDGER_RECALL] = {{FIELD("b", OBJECT, ledger_entry, recall), FIELDS(recall_fields)},
        .has_handling = true, .is_receipted = true},
    [LEDGER_RECALL_ACK] = {.body = {FIELD("b", OBJECT, ledger_entry, recall_ack),
                               FIELDS(recall_ack_fields)}},
    [LEDGER_GRANT] = {{FIELD("b", OBJECT, ledger_entry, grant), FIELDS(grant_fields)},
        .has_handling = true},
    [LEDGER_KEY_CHANGE] = {.body = {FIELD("b", OBJECT, ledger_entry, key_change),
                               FIELDS(key_change_fields)}},
};

static const struct schema_field agreement_field = {FIELD("agr", HASH, ledger_entry, agreement)};
static const struct schema_field committed_field = {
    FIELD("cr", OBJECT, ledger_entry, committed), FIELDS(head_fields)};
static const struct schema_field handling_field = {FIELD("h", RAW, ledger_entry, handling)};
static const struct schema_field last_fields[] = {
    {FIELD("k", WORD, ledger_entry, kind), WORDS(kind_names)},
    {FIELD("o", ORIGIN, ledger_entry, origin)},
    {FIELD("p", ORIGIN, ledger_entry, partner_origin)},
    {FIELD("s", UINT, ledger_entry, sequence)},
    {FIELD("t", TIME, ledger_entry, time_us)},
    {.key = STR_INIT("v"), .kind = SCHEMA_VERSION},
    {FIELD("x", OBJECT, ledger_entry, peer), FIELDS(head_fields)},
};
// clang-format on

struct str ledger_kind_name(enum ledger_kind kind)
{
    return kind_names[kind];
}

bool ledger_kind_is_receipted(enum ledger_kind kind)
{
    return kinds[kind].is_receipted;
}

bool ledger_kind_has_objects(enum ledger_kind kind)
{
    return kinds[kind].has_commitments;
}

struct str ledger_outcome_name(enum ledger_outcome outcome)
{
    return outcomes[outcome];
}

struct str ledger_disposition_name(enum ledger_disposition disposition)
{
    return dispositions[disposition];
}

// The members of an entry of that kind, in JCS order. Returns their number.
static size_t entry_fields(enum ledger_kind kind, struct schema_field out[static FIELDS_MAX])
{
    size_t n = 0;
    out[n++] = agreement_field;
    out[n++] = kinds[kind].body;
    if (kinds[kind].has_commitments)
        out[n++] = committed_field;
    if (kinds[kind].has_handling)
        out[n++] = handling_field;
    for (size_t i = 0; i < LEN(last_fields); i++)
        out[n++] = last_fields[i];
    return n;
}

static const char *receipt_flaw(const struct ledger_receipt *receipt)
{
    if ((receipt->disposition == LEDGER_ACCEPTED) != (receipt->why.len == 0))
        return "a receipt has a reason unless it accepts";
    return NULL;
}

static const char *recall_flaw(const struct ledger_recall *recall)
{
    for (size_t i = 0; i < recall->leaves.n; i++) {
        if (recall->leaves.items[i] >= LEDGER_COMMITMENTS_MAX)
            return "a leaf number over 255";
        if (i && recall->leaves.items[i] <= recall->leaves.items[i - 1])
            return "leaf numbers rise";
    }
    return NULL;
}

static const char *recall_ack_flaw(const struct ledger_recall_ack *ack)
{
    for (size_t i = 0; i < ack->results.n; i++)
        if (ack->results.items[i].n >= LEDGER_COMMITMENTS_MAX)
            return "a leaf number over 255";
    return NULL;
}

static const char *grant_flaw(const struct ledger_grant *grant)
{
    size_t characters = 0;
    for (size_t at = 0; at < grant->terms.len; characters++)
        utf8_next(grant->terms, &at);
    if (characters > LEDGER_TERMS_MAX)
        return "terms of more than 2,000 characters";
    if (grant->what.has_object == (grant->what.type.len > 0))
        return "a grant names one object or one class";
    return NULL;
}

static const char *key_change_flaw(const struct ledger_key_change *change)
{
    bool is_epoch = str_eq(change->statement.reason, STR("epoch"));
    if (!is_epoch && (change->last.len || change->peer_last.len))
        return "only a new epoch names the end of the former one";
    return NULL;
}

// What one field cannot say alone; NULL when all is well.
static const char *entry_flaw(const struct ledger_entry *e)
{
    struct ledger_hash empty = ledger_empty_root();
    if (e->peer.size == 0 && !ledger_hash_eq(&e->peer.root, &empty))
        return "an empty log with a root";
    switch (e->kind) {
    case LEDGER_RELEASE:
        return e->release.priority == LEDGER_FLASH_FIRST ? "only a flash goes first" : NULL;
    case LEDGER_FLASH:
        return e->release.priority != LEDGER_FLASH_FIRST ? "a flash goes first" : NULL;
    case LEDGER_RECEIPT:
        return receipt_flaw(&e->receipt);
    case LEDGER_RECALL:
        return recall_flaw(&e->recall);
    case LEDGER_RECALL_ACK:
        return recall_ack_flaw(&e->recall_ack);
    case LEDGER_GRANT:
        return grant_flaw(&e->grant);
    case LEDGER_KEY_CHANGE:
        return key_change_flaw(&e->key_change);
    case LEDGER_KINDS:
        break;
    }
    return "no such kind";
}

static enum err kind_parse(
    struct arena *a, struct json v, enum ledger_kind *out, struct ledger_fault *fault)
{
    struct json kind;
    struct str name;
    if (!json_get(v, STR("k"), &kind) || !json_is(kind, JSON_STRING))
        return ledger_fault_set(
            fault, ERR_INVALID, LEDGER_CODE_FIELD, json_at(v), "an entry has a kind");
    TRY(json_string(a, kind, &name));
    for (unsigned i = 0; i < LEDGER_KINDS; i++) {
        if (str_eq(kind_names[i], name)) {
            *out = i;
            return ERR_OK;
        }
    }
    return ledger_fault_set(
        fault, ERR_INVALID, LEDGER_CODE_UNKNOWN_KIND, json_at(kind), "unknown kind of entry");
}

static enum err key_change_read(
    struct arena *a, struct ledger_key_change *change, struct ledger_fault *fault)
{
    struct ledger_agreement agreement;
    bool signed_by[2] = {false, false};
    const char *why = "a statement about a key, or an agreement";
    if ((change->note.len > 0) == (change->agreement.len > 0))
        return ledger_fault_set(fault, ERR_INVALID, LEDGER_CODE_FIELD, 0, why);
    if (change->note.len &&
        ledger_statement_read(a, change->note, &change->statement, NULL) != ERR_OK)
        return ledger_fault_set(fault, ERR_INVALID, LEDGER_CODE_FIELD, 0, why);
    if (change->note.len)
        return ERR_OK;
    enum err e = ledger_agreement_open(a, change->agreement, &agreement, signed_by, NULL);
    if (e == ERR_LIMIT)
        return ledger_fault_set(fault, e, LEDGER_CODE_FIELD, 0, "no memory for an agreement");
    return e == ERR_OK && signed_by[0] && signed_by[1]
               ? ERR_OK
               : ledger_fault_set(fault, ERR_INVALID, LEDGER_CODE_FIELD, 0,
                     "an agreement that not both roots have signed");
}

enum err ledger_entry_parse(
    struct arena *a, struct str bytes, struct ledger_entry *out, struct ledger_fault *fault)
{
    struct json v;
    struct ledger_entry entry = {0};
    struct schema_field fields[FIELDS_MAX];
    if (bytes.len > LEDGER_ENTRY_BYTES_MAX)
        return ledger_fault_set(fault, ERR_LIMIT, LEDGER_CODE_SIZE, LEDGER_ENTRY_BYTES_MAX,
            "an entry is at most 65,535 bytes");
    TRY(schema_json(a, bytes, &v, fault));
    TRY(kind_parse(a, v, &entry.kind, fault));
    TRY(schema_parse(a, v, fields, entry_fields(entry.kind, fields), &entry, fault));
    if (entry.kind == LEDGER_KEY_CHANGE)
        TRY(key_change_read(a, &entry.key_change, fault));
    const char *why = entry_flaw(&entry);
    if (why)
        return ledger_fault_set(fault, ERR_INVALID, LEDGER_CODE_FIELD, 0, why);
    if (kinds[entry.kind].has_commitments &&
        (entry.committed.size < 1 || entry.committed.size > LEDGER_COMMITMENTS_MAX))
        return ledger_fault_set(
            fault, ERR_INVALID, LEDGER_CODE_COMMIT, 0, "an entry covers 1 to 256 objects");
    *out = entry;
    return ERR_OK;
}

enum err ledger_entry_compose(struct arena *a, const struct ledger_entry *entry,
    struct str *out, struct ledger_fault *fault)
{
    struct schema_field fields[FIELDS_MAX];
    if (entry->kind >= LEDGER_KINDS)
        return ledger_fault_set(
            fault, ERR_INVALID, LEDGER_CODE_UNKNOWN_KIND, 0, "unknown kind of entry");
    struct buf b = buf_in(a, LEDGER_ENTRY_BYTES_MAX);
    struct json_out o = json_out(&b);
    schema_put(&o, fields, entry_fields(entry->kind, fields), entry);
    struct str text;
    if (buf_end(&b, &text) != ERR_OK)
        return ledger_fault_set(fault, ERR_LIMIT, LEDGER_CODE_SIZE, LEDGER_ENTRY_BYTES_MAX,
            "an entry is at most 65,535 bytes");
    // One rule for both directions: what we send is what we would accept.
    struct ledger_entry back;
    TRY(ledger_entry_parse(a, text, &back, fault));
    *out = text;
    return ERR_OK;
}

struct ledger_hash ledger_handling_hash(struct str handling)
{
    struct ledger_hash out;
    hash_sha256(handling, out.bytes);
    return out;
}
