// SPDX-License-Identifier: Apache-2.0
#include "ledger/statement.h"

#include "crypto/sign.h"
#include "ledger/names.h"
#include "ledger/schema_priv.h"

#define REALM_BYTES_MAX  64u
#define NAME_BYTES_MAX   128u
#define REASON_BYTES_MAX 64u

static const struct str acts[] = {STR_INIT("add"), STR_INIT("retire"), STR_INIT("revoke")};
static const struct str roles[LEDGER_ROLES] = {
    [LEDGER_COSIGN_KEY] = STR_INIT("cosign"),
    [LEDGER_LOG_KEY] = STR_INIT("log"),
    [LEDGER_OFFICER_KEY] = STR_INIT("officer"),
    [LEDGER_PARTY_KEY] = STR_INIT("party"),
    [LEDGER_REFUSAL_KEY] = STR_INIT("refusal"),
    [LEDGER_TLS_KEY] = STR_INIT("tls"),
};

// clang-format off
#define FIELD(name, type, member) \
    .key = STR_INIT(name), .kind = SCHEMA_##type, .at = offsetof(struct ledger_statement, member)
#define HAS(member)  .has_at = offsetof(struct ledger_statement, member)
#define UP_TO(n)     .max = (n)
#define WORDS(list)  .words = (list), .max = LEN(list)

static const struct schema_field fields[] = {
    {FIELD("act", WORD, act), WORDS(acts)},
    {FIELD("from", TIME, from_us)},
    {FIELD("name", TEXT, name), UP_TO(NAME_BYTES_MAX), .is_optional = true},
    {FIELD("node", ORIGIN, node)},
    {FIELD("not_after", TIME, not_after_us)},
    {FIELD("realm", PARTY, realm), UP_TO(REALM_BYTES_MAX)},
    {FIELD("reason", TEXT, reason), UP_TO(REASON_BYTES_MAX)},
    {FIELD("role", WORD, role), WORDS(roles)},
    {FIELD("spki", HASH, spki), HAS(has_spki)},
    {.key = STR_INIT("v"), .kind = SCHEMA_VERSION},
    {FIELD("vkey", KEY, key), HAS(has_key)},
};
// clang-format on

struct str ledger_act_name(enum ledger_act act)
{
    return acts[act];
}

struct str ledger_role_name(enum ledger_role role)
{
    return roles[role];
}

enum ledger_role ledger_role_parse(struct str name)
{
    enum ledger_role role = 0;
    while (role < LEDGER_ROLES && !str_eq(roles[role], name))
        role++;
    return role;
}

// Whether the key's name is one that the role gives, in that node and realm.
static bool is_named(const struct ledger_statement *s)
{
    const struct str scope[] = {s->node, s->realm, roles[s->role]};
    const struct str root[] = {s->node, STR("root")};
    struct str name = s->key.name, party, tail;
    uint64_t epoch;
    switch (s->role) {
    case LEDGER_COSIGN_KEY:
    case LEDGER_REFUSAL_KEY:
        return ledger_name_is(name, scope, LEN(scope));
    case LEDGER_OFFICER_KEY:
        tail = str_from(name, s->node.len + s->realm.len + sizeof "/officer");
        return tail.len > 1 && ledger_name_is(str_to(name, name.len - tail.len), scope, 3) &&
               tail.ptr[0] == '/';
    case LEDGER_PARTY_KEY:
        return ledger_name_is(name, root, LEN(root));
    case LEDGER_LOG_KEY:
        return ledger_log_name(name, s->node, s->realm, &party, &epoch) && epoch > 0;
    case LEDGER_TLS_KEY:
    case LEDGER_ROLES:
        break;
    }
    return false;
}

// What one member cannot say alone; NULL when all is well.
static const char *statement_flaw(const struct ledger_statement *s)
{
    bool is_tls = s->role == LEDGER_TLS_KEY;
    uint8_t type = s->role == LEDGER_COSIGN_KEY ? LEDGER_TYPE_COSIGNATURE : LEDGER_TYPE_NOTE;
    if (s->has_spki != is_tls || s->has_key == is_tls)
        return "a TLS key is named by its spki, every other by its vkey";
    if (str_index(s->node, '/') < s->node.len)
        return "a node name has no slash";
    if (s->has_key && (s->key.type != type || !is_named(s)))
        return "the key's type or name is not that of its node, realm and role";
    if ((s->role == LEDGER_OFFICER_KEY) != (s->name.len > 0))
        return "an officer's statement names the person, no other does";
    return s->from_us <= s->not_after_us ? NULL : "it ends before it begins";
}

void ledger_statement_put(struct buf *b, const struct ledger_statement *statement)
{
    struct json_out o = json_out(b);
    schema_put(&o, fields, LEN(fields), statement);
}

enum err ledger_statement_parse(
    struct arena *a, struct str text, struct ledger_statement *out, struct ledger_fault *fault)
{
    struct ledger_statement statement = {0};
    struct json v;
    if (text.len > LEDGER_STATEMENT_BYTES_MAX)
        return ledger_fault_set(fault, ERR_LIMIT, LEDGER_CODE_PARSE, LEDGER_STATEMENT_BYTES_MAX,
            "the statement is too long");
    TRY(schema_json(a, text, &v, fault));
    TRY(schema_parse(a, v, fields, LEN(fields), &statement, fault));
    const char *why = statement_flaw(&statement);
    if (why)
        return ledger_fault_set(fault, ERR_INVALID, LEDGER_CODE_FIELD, 0, why);
    *out = statement;
    return ERR_OK;
}

static bool is_root_of(const struct ledger_key *root, struct str node)
{
    const struct str name[] = {node, STR("root")};
    return root->type == LEDGER_TYPE_NOTE && ledger_name_is(root->name, name, LEN(name));
}

enum err ledger_statement_sign(struct arena *a, const struct ledger_statement *statement,
    const struct ledger_key *root, const struct sign_key *secret, struct str *note)
{
    struct str public_key = {(const char *)secret->public_key, SIGN_PUBLIC_BYTES};
    struct buf text = buf_in(a, LEDGER_STATEMENT_BYTES_MAX + 1), line = buf_in(a, KIB);
    struct buf b = buf_in(a, 2 * LEDGER_STATEMENT_BYTES_MAX);
    struct ledger_statement back;
    struct str made;
    if (!is_root_of(root, statement->node) || !str_eq(root->public_key, public_key))
        return ERR_INVALID;
    ledger_statement_put(&text, statement);
    TRY(text.err);
    buf_put_byte(&text, '\n');
    TRY(text.err);
    ledger_note_sign(&line, root, secret, buf_str(&text));
    TRY(line.err);
    ledger_note_put(&b, buf_str(&text), buf_str(&line));
    TRY(buf_end(&b, &made));
    // One rule for both directions: what we sign is what we would accept.
    TRY(ledger_statement_open(a, made, root, &back, NULL));
    *note = made;
    return ERR_OK;
}

static enum err note_read(struct arena *a, struct str bytes, struct ledger_note *note,
    struct ledger_statement *out, struct ledger_fault *fault)
{
    struct fault where = {0};
    if (bytes.len > LEDGER_STATEMENT_BYTES_MAX)
        return ledger_fault_set(fault, ERR_LIMIT, LEDGER_CODE_PARSE, LEDGER_STATEMENT_BYTES_MAX,
            "the statement is too long");
    enum err e = ledger_note_parse(a, bytes, note, &where);
    if (e != ERR_OK)
        return ledger_fault_set(fault, e, LEDGER_CODE_PARSE, where.at, where.why);
    return ledger_statement_parse(a, str_to(note->text, note->text.len - 1), out, fault);
}

enum err ledger_statement_read(
    struct arena *a, struct str note, struct ledger_statement *out, struct ledger_fault *fault)
{
    struct ledger_note parsed;
    return note_read(a, note, &parsed, out, fault);
}

enum err ledger_statement_open(struct arena *a, struct str note, const struct ledger_key *root,
    struct ledger_statement *out, struct ledger_fault *fault)
{
    struct ledger_note parsed;
    struct ledger_statement statement;
    TRY(note_read(a, note, &parsed, &statement, fault));
    enum err e = is_root_of(root, statement.node)
                     ? ledger_note_verify(a, &parsed, root, 1, NULL)
                     : ERR_DENIED;
    if (e != ERR_OK)
        return ledger_fault_set(fault, e, LEDGER_CODE_KEY, parsed.text.len + 1,
            "not signed by the party root of its node");
    *out = statement;
    return ERR_OK;
}
