// SPDX-License-Identifier: Apache-2.0
#include "ledger/agreement.h"

#include "crypto/sign.h"
#include "hash/hash.h"
#include "ledger/names.h"
#include "ledger/schema_priv.h"

#define REALM_BYTES_MAX 64u
#define URL_BYTES_MAX   255u
#define NAME_BYTES_MAX  128u
#define LIST_ITEMS_MAX  64u

// Clocks that a link starts with, and the range of the first one.
#define STALE_S         14400u
#define STALE_S_MIN     600u
#define STALE_S_MAX     172800u
#define RECALL_S        86400u
#define RECEIPT_ALARM_S 3600u

// What the text holds: two parties stand in a list there.
struct form {
    struct ledger_agreement body;
    struct ledger_party *parties;
    size_t n_parties;
};

// clang-format off
#define FIELD(name, type, record, member) \
    .key = STR_INIT(name), .kind = SCHEMA_##type, .at = offsetof(struct record, member)
#define UP_TO(n)     .max = (n)
#define FIELDS(list) .fields = (list), .max = LEN(list)
#define ITEMS(one, bytes) .item = &(one), .item_bytes = (bytes)
#define NOTE_KEY     .max = LEDGER_TYPE_NOTE
#define COSIGN_KEY   .max = LEDGER_TYPE_COSIGNATURE
#define VERSION      .key = STR_INIT("v"), .kind = SCHEMA_VERSION

static const struct schema_field offer_fields[] = {
    {FIELD("cert", BYTES, ledger_offer, party.certificate), UP_TO(LEDGER_CERTIFICATE_BYTES_MAX)},
    {FIELD("cosign", KEY, ledger_offer, party.cosign), COSIGN_KEY},
    {FIELD("country", TEXT, ledger_offer, party.country), UP_TO(3)},
    {FIELD("log", KEY, ledger_offer, party.log), NOTE_KEY},
    {FIELD("node", ORIGIN, ledger_offer, party.node)},
    {FIELD("not_after", TIME, ledger_offer, not_after_us)},
    {FIELD("party", PARTY, ledger_offer, party.id)},
    {FIELD("realm", PARTY, ledger_offer, realm), UP_TO(REALM_BYTES_MAX)},
    {FIELD("refusal", KEY, ledger_offer, party.refusal), NOTE_KEY},
    {FIELD("root", KEY, ledger_offer, party.root), NOTE_KEY},
    {FIELD("spki", HASH, ledger_offer, party.spki)},
    {FIELD("url", TEXT, ledger_offer, url), UP_TO(URL_BYTES_MAX)},
    {VERSION},
};

static const struct schema_field party_fields[] = {
    {FIELD("cert", BYTES, ledger_party, certificate), UP_TO(LEDGER_CERTIFICATE_BYTES_MAX)},
    {FIELD("cosign", KEY, ledger_party, cosign), COSIGN_KEY},
    {FIELD("country", TEXT, ledger_party, country), UP_TO(3)},
    {FIELD("id", PARTY, ledger_party, id)},
    {FIELD("log", KEY, ledger_party, log), NOTE_KEY},
    {FIELD("node", ORIGIN, ledger_party, node)},
    {FIELD("refusal", KEY, ledger_party, refusal), NOTE_KEY},
    {FIELD("root", KEY, ledger_party, root), NOTE_KEY},
    {FIELD("spki", HASH, ledger_party, spki)},
};

static const struct schema_field clock_fields[] = {
    {FIELD("T", UINT, ledger_agreement, stale_s)},
    {FIELD("recall", UINT, ledger_agreement, recall_s)},
    {FIELD("receipt", UINT, ledger_agreement, receipt_alarm_s)},
};

static const struct schema_field word = {.kind = SCHEMA_TEXT, .max = NAME_BYTES_MAX};
static const struct schema_field party_id = {.kind = SCHEMA_PARTY};
static const struct schema_field party = {.kind = SCHEMA_OBJECT, FIELDS(party_fields)};
static const struct schema_field purpose_fields[] = {
    {FIELD("name", TEXT, ledger_purpose, name), UP_TO(NAME_BYTES_MAX)},
    {FIELD("types", LIST, ledger_purpose, types), UP_TO(LIST_ITEMS_MAX),
        ITEMS(word, sizeof(struct str))},
};
static const struct schema_field purpose = {.kind = SCHEMA_OBJECT, FIELDS(purpose_fields)};

static const struct schema_field form_fields[] = {
    {FIELD("addressees", LIST, form, body.addressees), UP_TO(LIST_ITEMS_MAX),
        ITEMS(party_id, sizeof(struct str))},
    {FIELD("clocks", OBJECT, form, body), FIELDS(clock_fields)},
    {FIELD("community", LIST, form, body.community), UP_TO(LIST_ITEMS_MAX),
        ITEMS(party_id, sizeof(struct str))},
    {FIELD("not_after", TIME, form, body.not_after_us)},
    {FIELD("parties", LIST, form, parties), UP_TO(2), ITEMS(party, sizeof(struct ledger_party))},
    {FIELD("purposes", LIST, form, body.purposes), UP_TO(LIST_ITEMS_MAX),
        ITEMS(purpose, sizeof(struct ledger_purpose))},
    {FIELD("realm", PARTY, form, body.realm), UP_TO(REALM_BYTES_MAX)},
    {VERSION},
};
// clang-format on

// The party that the log is for; empty when the name is another.
static struct str log_partner(const struct ledger_party *p, struct str realm)
{
    struct str partner;
    uint64_t epoch;
    return ledger_log_name(p->log.name, p->node, realm, &partner, &epoch) ? partner : STR("");
}

static bool keys_differ(const struct ledger_party *a, const struct ledger_party *b)
{
    const struct ledger_key *ours[] = {&a->root, &a->log, &a->cosign, &a->refusal};
    const struct ledger_key *theirs[] = {&b->root, &b->log, &b->cosign, &b->refusal};
    for (size_t i = 0; i < LEN(ours); i++)
        for (size_t j = 0; j < LEN(theirs); j++)
            if ((a != b || i != j) && str_eq(ours[i]->public_key, theirs[j]->public_key))
                return false;
    return true;
}

static bool is_country(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < 'A' || s.ptr[i] > 'Z')
            return false;
    return s.len == 3;
}

// NULL when the names of the keys are what they must be.
static const char *party_flaw(const struct ledger_party *p, struct str realm)
{
    const struct str root[] = {p->node, STR("root")};
    const struct str cosign[] = {p->node, realm, STR("cosign")};
    const struct str refusal[] = {p->node, realm, STR("refusal")};
    struct str partner = log_partner(p, realm);
    if (str_index(p->node, '/') < p->node.len)
        return "a node name has no slash";
    if (!is_country(p->country))
        return "a country is three capital letters";
    if (!ledger_name_is(p->root.name, root, LEN(root)) ||
        !ledger_name_is(p->cosign.name, cosign, LEN(cosign)) ||
        !ledger_name_is(p->refusal.name, refusal, LEN(refusal)))
        return "a key is not named after its node, realm and role";
    if (partner.len == 0 || str_eq(partner, p->id))
        return "the log's name does not name node, realm, partner and epoch";
    if (!keys_differ(p, p))
        return "one key in two roles";
    return NULL;
}

static const char *pair_flaw(const struct ledger_party parties[2], struct str realm)
{
    for (size_t i = 0; i < 2; i++) {
        const char *why = party_flaw(&parties[i], realm);
        if (why)
            return why;
        if (!str_eq(log_partner(&parties[i], realm), parties[1 - i].id))
            return "a log that is not for the other party";
    }
    if (str_cmp(parties[0].id, parties[1].id) >= 0)
        return "the parties are not in order of their ids";
    return keys_differ(&parties[0], &parties[1]) ? NULL : "one key for both parties";
}

void ledger_offer_put(struct buf *b, const struct ledger_offer *offer)
{
    struct json_out o = json_out(b);
    schema_put(&o, offer_fields, LEN(offer_fields), offer);
    buf_put_byte(b, '\n');
}

static bool is_secret_of(const struct ledger_key *key, const struct sign_key *secret)
{
    struct str public_key = {(const char *)secret->public_key, SIGN_PUBLIC_BYTES};
    return str_eq(key->public_key, public_key);
}

enum err ledger_offer_sign(struct arena *a, const struct ledger_offer *offer,
    const struct sign_key *root, struct str *note)
{
    if (!is_secret_of(&offer->party.root, root))
        return ERR_INVALID;
    struct buf text = buf_in(a, AGREEMENT_BYTES_MAX), line = buf_in(a, KIB);
    struct buf b = buf_in(a, AGREEMENT_BYTES_MAX);
    ledger_offer_put(&text, offer);
    TRY(text.err);
    ledger_note_sign(&line, &offer->party.root, root, buf_str(&text));
    TRY(line.err);
    ledger_note_put(&b, buf_str(&text), buf_str(&line));
    struct str made;
    TRY(buf_end(&b, &made));
    struct ledger_offer back;
    TRY(ledger_offer_open(a, made, &back, NULL));
    *note = made;
    return ERR_OK;
}

// A note whose text is one line. The line comes without its newline.
static enum err line_open(struct arena *a, struct str bytes, struct ledger_note *note,
    struct str *line, struct ledger_fault *fault)
{
    struct fault where = {0};
    if (bytes.len > AGREEMENT_BYTES_MAX)
        return ledger_fault_set(
            fault, ERR_LIMIT, LEDGER_CODE_PARSE, AGREEMENT_BYTES_MAX, "the file is too long");
    enum err e = ledger_note_parse(a, bytes, note, &where);
    if (e != ERR_OK)
        return ledger_fault_set(fault, e, LEDGER_CODE_PARSE, where.at, where.why);
    *line = str_to(note->text, note->text.len - 1);
    return ERR_OK;
}

enum err ledger_offer_open(
    struct arena *a, struct str note, struct ledger_offer *out, struct ledger_fault *fault)
{
    struct ledger_note parsed;
    struct ledger_offer offer = {0};
    struct str line;
    struct json v;
    TRY(line_open(a, note, &parsed, &line, fault));
    TRY(schema_json(a, line, &v, fault));
    TRY(schema_parse(a, v, offer_fields, LEN(offer_fields), &offer, fault));
    const char *why = party_flaw(&offer.party, offer.realm);
    if (why)
        return ledger_fault_set(fault, ERR_INVALID, LEDGER_CODE_FIELD, 0, why);
    enum err e = ledger_note_verify(a, &parsed, &offer.party.root, 1, NULL);
    if (e != ERR_OK)
        return ledger_fault_set(fault, e, LEDGER_CODE_KEY, parsed.text.len + 1,
            "not signed by the root key that it names");
    *out = offer;
    return ERR_OK;
}

static enum err form_put(struct arena *a, const struct form *form, struct str *out)
{
    struct buf b = buf_in(a, AGREEMENT_BYTES_MAX);
    struct json_out o = json_out(&b);
    schema_put(&o, form_fields, LEN(form_fields), form);
    return buf_end(&b, out);
}

enum err ledger_agreement_build(struct arena *a, const struct ledger_offer *first,
    const struct ledger_offer *second, struct ledger_agreement *out, struct ledger_fault *fault)
{
    bool is_sorted = str_cmp(first->party.id, second->party.id) < 0;
    struct ledger_party parties[2] = {first->party, second->party};
    struct str all = STR("*"), ids[2];
    if (!is_sorted) {
        parties[0] = second->party;
        parties[1] = first->party;
    }
    for (size_t i = 0; i < 2; i++)
        ids[i] = parties[i].id;
    struct ledger_purpose one = {STR("threat-intelligence"), &all, 1};
    struct form form = {.parties = parties, .n_parties = 2};
    form.body = (struct ledger_agreement){.realm = first->realm,
        .purposes = &one,
        .n_purposes = 1,
        .community = ids,
        .n_community = 2,
        .addressees = ids,
        .n_addressees = 2,
        .stale_s = STALE_S,
        .recall_s = RECALL_S,
        .receipt_alarm_s = RECEIPT_ALARM_S,
        .not_after_us = first->not_after_us < second->not_after_us ? first->not_after_us
                                                                   : second->not_after_us};
    if (!str_eq(first->realm, second->realm))
        return ledger_fault_set(
            fault, ERR_INVALID, LEDGER_CODE_FIELD, 0, "the offers are of two realms");
    struct str text;
    TRY(form_put(a, &form, &text));
    return ledger_agreement_parse(a, text, out, fault);
}

static struct ledger_hash agreement_digest(struct str text)
{
    struct hash_sha256 h;
    struct ledger_hash out;
    hash_sha256_begin(&h);
    hash_sha256_add(&h, STR("bongsu-agreement-v1\n"));
    hash_sha256_add(&h, text);
    hash_sha256_end(&h, out.bytes);
    return out;
}

enum err ledger_agreement_parse(
    struct arena *a, struct str text, struct ledger_agreement *out, struct ledger_fault *fault)
{
    struct form form = {0};
    struct json v;
    if (text.len > AGREEMENT_BYTES_MAX)
        return ledger_fault_set(fault, ERR_LIMIT, LEDGER_CODE_PARSE, AGREEMENT_BYTES_MAX,
            "the agreement is too long");
    TRY(schema_json(a, text, &v, fault));
    TRY(schema_parse(a, v, form_fields, LEN(form_fields), &form, fault));
    const char *why = NULL;
    if (form.n_parties != 2)
        why = "an agreement has two parties";
    else if (form.body.stale_s < STALE_S_MIN || form.body.stale_s > STALE_S_MAX)
        why = "the clock T is 600 to 172800 seconds";
    else
        why = pair_flaw(form.parties, form.body.realm);
    if (why)
        return ledger_fault_set(fault, ERR_INVALID, LEDGER_CODE_FIELD, 0, why);
    memcpy(form.body.parties, form.parties, sizeof form.body.parties);
    form.body.text = text;
    form.body.digest = agreement_digest(text);
    *out = form.body;
    return ERR_OK;
}

static void put_text(struct buf *b, const struct ledger_agreement *agreement)
{
    buf_put(b, agreement->text);
    buf_put_byte(b, '\n');
}

enum err ledger_agreement_sign(struct buf *line, const struct ledger_agreement *agreement,
    const struct ledger_party *signer, const struct sign_key *root)
{
    if (!is_secret_of(&signer->root, root))
        return ERR_INVALID;
    struct buf text = buf_in(line->arena, AGREEMENT_BYTES_MAX + 1);
    put_text(&text, agreement);
    TRY(text.err);
    ledger_note_sign(line, &signer->root, root, buf_str(&text));
    return line->err;
}

void ledger_agreement_put(
    struct buf *b, const struct ledger_agreement *agreement, struct str lines)
{
    put_text(b, agreement);
    buf_put_byte(b, '\n');
    buf_put(b, lines);
}

enum err ledger_agreement_open(struct arena *a, struct str note, struct ledger_agreement *out,
    bool signed_by[2], struct ledger_fault *fault)
{
    struct ledger_note parsed;
    struct ledger_agreement agreement;
    struct str line;
    bool has_signed[2];
    TRY(line_open(a, note, &parsed, &line, fault));
    TRY(ledger_agreement_parse(a, line, &agreement, fault));
    struct ledger_key roots[2] = {agreement.parties[0].root, agreement.parties[1].root};
    enum err e = ledger_note_verify(a, &parsed, roots, 2, has_signed);
    if (e != ERR_OK && e != ERR_DENIED)
        return ledger_fault_set(
            fault, e, LEDGER_CODE_KEY, parsed.text.len + 1, "a root's signature is wrong");
    *out = agreement;
    signed_by[0] = has_signed[0];
    signed_by[1] = has_signed[1];
    return ERR_OK;
}

static size_t party_index(const struct ledger_agreement *agreement, struct str id)
{
    return str_eq(agreement->parties[0].id, id)   ? 0
           : str_eq(agreement->parties[1].id, id) ? 1
                                                  : 2;
}

const struct ledger_party *ledger_agreement_party(
    const struct ledger_agreement *agreement, struct str id)
{
    size_t i = party_index(agreement, id);
    return i < 2 ? &agreement->parties[i] : NULL;
}

const struct ledger_party *ledger_agreement_other(
    const struct ledger_agreement *agreement, struct str id)
{
    size_t i = party_index(agreement, id);
    return i < 2 ? &agreement->parties[1 - i] : NULL;
}
