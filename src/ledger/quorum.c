// SPDX-License-Identifier: Apache-2.0
#include "ledger/quorum.h"

#include "base/reader.h"
#include "ledger/keyring.h"

#define WORDS_MAX (QUORUM_WITNESSES_MAX + QUORUM_GROUPS_MAX + 3u) // of one line

struct ledger_quorum_member {
    struct str name;
    size_t *parts; // of a group: earlier members, each in no other group
    size_t n_parts;
    size_t threshold; // of a group; 0 for a witness
    size_t witness;   // of a witness: index into the keys
    bool is_in_group;
};

// One line, cut into words.
struct line {
    struct str words[WORDS_MAX];
    size_t n;
};

struct quorum_reader {
    struct arena *arena;
    struct ledger_quorum q;
    size_t n_groups;
    bool has_quorum;
    const char *why; // of the last refusal
};

static enum err refuse(struct quorum_reader *r, enum err e, const char *why)
{
    r->why = why;
    return e;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static enum err line_split(struct str text, struct line *line)
{
    line->n = 0;
    for (size_t at = 0; at < text.len;) {
        size_t end = at;
        while (end < text.len && !is_blank(text.ptr[end]))
            end++;
        if (end > at && line->n == WORDS_MAX)
            return ERR_LIMIT;
        if (end > at)
            line->words[line->n++] = str_to(str_from(text, at), end - at);
        at = end + 1;
    }
    return ERR_OK;
}

static size_t member_find(const struct ledger_quorum *q, struct str name)
{
    for (size_t i = 0; i < q->n_members; i++)
        if (str_eq(q->members[i].name, name))
            return i;
    return q->n_members;
}

// A key of that type which no line before has named, under whatever name.
static enum err key_add(
    struct quorum_reader *r, struct str vkey, uint8_t type, struct ledger_key *out)
{
    enum err e = ledger_key_parse(r->arena, vkey, out);
    if (e != ERR_OK || out->type != type)
        return refuse(r, e == ERR_LIMIT ? e : ERR_INVALID, "not a key of the right type");
    for (size_t i = 0; i < r->q.n_logs; i++)
        if (str_eq(r->q.logs[i].key.public_key, out->public_key))
            return refuse(r, ERR_INVALID, "the same key twice");
    for (size_t i = 0; i < r->q.n_witnesses; i++)
        if (str_eq(r->q.witnesses[i].public_key, out->public_key))
            return refuse(r, ERR_INVALID, "the same key twice");
    return ERR_OK;
}

static enum err log_line(struct quorum_reader *r, const struct line *line)
{
    if (line->n < 2 || line->n > 3)
        return refuse(r, ERR_INVALID, "log takes a key and at most an address");
    if (r->q.n_logs == QUORUM_LOGS_MAX)
        return refuse(r, ERR_LIMIT, "too many logs");
    struct ledger_quorum_log log = {0};
    TRY(key_add(r, line->words[1], LEDGER_TYPE_NOTE, &log.key));
    if (line->n == 3)
        log.url = line->words[2];
    r->q.logs[r->q.n_logs++] = log;
    return ERR_OK;
}

static enum err name_check(struct quorum_reader *r, struct str name)
{
    if (str_eq(name, STR("none")) || member_find(&r->q, name) < r->q.n_members)
        return refuse(r, ERR_INVALID, "the name is taken");
    return ERR_OK;
}

static enum err witness_line(struct quorum_reader *r, const struct line *line)
{
    if (line->n < 3 || line->n > 4)
        return refuse(r, ERR_INVALID, "witness takes a name, a key and at most an address");
    if (r->q.n_witnesses == QUORUM_WITNESSES_MAX)
        return refuse(r, ERR_LIMIT, "too many witnesses");
    TRY(name_check(r, line->words[1]));
    struct ledger_key key;
    TRY(key_add(r, line->words[2], LEDGER_TYPE_COSIGNATURE, &key));
    r->q.members[r->q.n_members++] =
        (struct ledger_quorum_member){.name = line->words[1], .witness = r->q.n_witnesses};
    r->q.witnesses[r->q.n_witnesses++] = key;
    return ERR_OK;
}

static enum err threshold_parse(struct str word, size_t n_parts, size_t *out)
{
    uint64_t k = 0;
    if (str_eq(word, STR("any")))
        k = 1;
    else if (str_eq(word, STR("all")))
        k = n_parts;
    else
        TRY(str_to_u64(word, &k));
    if (k < 1 || k > n_parts)
        return ERR_INVALID;
    *out = (size_t)k;
    return ERR_OK;
}

static enum err group_line(struct quorum_reader *r, const struct line *line)
{
    if (line->n < 4)
        return refuse(r, ERR_INVALID, "group takes a name, a number and members");
    if (r->n_groups == QUORUM_GROUPS_MAX)
        return refuse(r, ERR_LIMIT, "too many groups");
    TRY(name_check(r, line->words[1]));
    struct ledger_quorum_member group = {.name = line->words[1], .n_parts = line->n - 3};
    if (threshold_parse(line->words[2], group.n_parts, &group.threshold) != ERR_OK)
        return refuse(r, ERR_INVALID, "not all, any, or a number of members");
    group.parts = NEW_N(r->arena, size_t, group.n_parts);
    if (!group.parts)
        return refuse(r, ERR_LIMIT, "no room for the group");
    for (size_t i = 0; i < group.n_parts; i++) {
        size_t part = member_find(&r->q, line->words[3 + i]);
        if (part == r->q.n_members)
            return refuse(r, ERR_INVALID, "a member that is not defined above");
        if (r->q.members[part].is_in_group)
            return refuse(r, ERR_INVALID, "a member that is in a group already");
        r->q.members[part].is_in_group = true;
        group.parts[i] = part;
    }
    r->n_groups++;
    r->q.members[r->q.n_members++] = group;
    return ERR_OK;
}

static enum err quorum_line(struct quorum_reader *r, const struct line *line)
{
    if (line->n != 2 || r->has_quorum)
        return refuse(r, ERR_INVALID, "exactly one quorum line with one name is needed");
    r->q.root = member_find(&r->q, line->words[1]);
    bool is_none = str_eq(line->words[1], STR("none"));
    if (r->q.root == r->q.n_members && !is_none)
        return refuse(r, ERR_INVALID, "a quorum that is not defined above");
    if (is_none)
        r->q.root = SIZE_MAX;
    r->has_quorum = true;
    return ERR_OK;
}

static const struct {
    struct str word;
    enum err (*read)(struct quorum_reader *r, const struct line *line);
} line_kinds[] = {
    {STR_INIT("log"), log_line},
    {STR_INIT("witness"), witness_line},
    {STR_INIT("group"), group_line},
    {STR_INIT("quorum"), quorum_line},
};

static enum err line_read(struct quorum_reader *r, struct str text)
{
    struct line line;
    if (line_split(text, &line) != ERR_OK)
        return refuse(r, ERR_LIMIT, "too many words");
    if (line.n == 0 || str_starts(line.words[0], STR("#")))
        return ERR_OK;
    for (size_t i = 0; i < LEN(line_kinds); i++)
        if (str_eq(line.words[0], line_kinds[i].word))
            return line_kinds[i].read(r, &line);
    return refuse(r, ERR_INVALID, "a line of unknown kind");
}

static size_t control_at(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if ((c < 0x20 && c != '\t' && c != '\n') || c == 0x7F)
            return i;
    }
    return text.len;
}

static enum err reader_make(struct arena *a, struct quorum_reader *out)
{
    struct quorum_reader r = {.arena = a};
    r.q.logs = NEW_N(a, struct ledger_quorum_log, QUORUM_LOGS_MAX);
    r.q.witnesses = NEW_N(a, struct ledger_key, QUORUM_WITNESSES_MAX);
    r.q.members =
        NEW_N(a, struct ledger_quorum_member, QUORUM_WITNESSES_MAX + QUORUM_GROUPS_MAX);
    if (!r.q.logs || !r.q.witnesses || !r.q.members)
        return ERR_LIMIT;
    *out = r;
    return ERR_OK;
}

enum err ledger_quorum_parse(
    struct arena *a, struct str text, struct ledger_quorum *out, struct fault *fault)
{
    if (text.len > QUORUM_BYTES_MAX)
        return fault_set(fault, ERR_LIMIT, QUORUM_BYTES_MAX, "the policy file is too long");
    size_t at = control_at(text);
    if (at < text.len)
        return fault_set(fault, ERR_INVALID, at, "a control character");
    struct quorum_reader r;
    if (reader_make(a, &r) != ERR_OK)
        return fault_set(fault, ERR_LIMIT, 0, "no room for the policy");
    struct reader lines = reader_of(text);
    while (!reader_at_end(&lines)) {
        at = lines.at;
        struct str line = read_line(&lines);
        if (lines.err != ERR_OK)
            return fault_set(fault, lines.err, at, "the last line has no newline");
        enum err e = line_read(&r, line);
        if (e != ERR_OK)
            return fault_set(fault, e, at, r.why);
    }
    if (!r.has_quorum)
        return fault_set(fault, ERR_INVALID, text.len, "no quorum line");
    if (r.q.root == SIZE_MAX)
        r.q.root = r.q.n_members;
    *out = r.q;
    return ERR_OK;
}

void ledger_quorum_put_pair(
    struct buf *b, const struct ledger_key *log, const struct ledger_key *cosigner)
{
    buf_put(b, STR("log "));
    ledger_key_put(b, log);
    buf_put(b, STR("\nwitness partner "));
    ledger_key_put(b, cosigner);
    buf_put(b, STR("\nquorum partner\n"));
}

static void put_logs(struct buf *b, const struct ledger_keyring *author)
{
    for (size_t i = 0; i < author->n; i++) {
        if (author->rows[i].role != LEDGER_LOG_KEY)
            continue;
        buf_put(b, STR("log "));
        ledger_key_put(b, &author->rows[i].key);
        buf_put_byte(b, '\n');
    }
}

// partner, partner-2, partner-3 ...
static void put_witness(struct buf *b, size_t number)
{
    buf_put(b, STR(" partner"));
    if (number == 1)
        return;
    buf_put_byte(b, '-');
    buf_put_u64(b, number);
}

void ledger_quorum_put_keyrings(
    struct buf *b, const struct ledger_keyring *author, const struct ledger_keyring *cosigner)
{
    size_t n = 0;
    put_logs(b, author);
    for (size_t i = 0; i < cosigner->n; i++) {
        if (cosigner->rows[i].role != LEDGER_COSIGN_KEY)
            continue;
        buf_put(b, STR("witness"));
        put_witness(b, ++n);
        buf_put_byte(b, ' ');
        ledger_key_put(b, &cosigner->rows[i].key);
        buf_put_byte(b, '\n');
    }
    if (n == 1) {
        buf_put(b, STR("quorum partner\n"));
        return;
    }
    buf_put(b, STR("group any-partner any"));
    for (size_t i = 1; i <= n; i++)
        put_witness(b, i);
    buf_put(b, STR("\nquorum any-partner\n"));
}

bool ledger_quorum_met(const struct ledger_quorum *q, const bool *signed_by)
{
    bool met[QUORUM_WITNESSES_MAX + QUORUM_GROUPS_MAX];
    if (q->root == q->n_members)
        return true;
    // Members name earlier ones only, so one pass in order is enough.
    for (size_t i = 0; i <= q->root; i++) {
        const struct ledger_quorum_member *m = &q->members[i];
        size_t n_met = 0;
        for (size_t j = 0; j < m->n_parts; j++)
            n_met += met[m->parts[j]];
        met[i] = m->threshold ? n_met >= m->threshold : signed_by[m->witness];
    }
    return met[q->root];
}

// A log that changed its key stands in the policy once per key; one signature is enough, but no
// known one may be wrong.
static enum err log_verify(struct arena *a, const struct ledger_quorum *q, struct str origin,
    const struct ledger_note *note)
{
    enum err result = ERR_NOT_FOUND;
    for (size_t i = 0; i < q->n_logs; i++) {
        if (!str_eq(q->logs[i].key.name, origin))
            continue;
        enum err e = ledger_note_verify(a, note, &q->logs[i].key, 1, NULL);
        if (e != ERR_OK && e != ERR_DENIED)
            return e;
        if (result != ERR_OK)
            result = e;
    }
    return result;
}

enum err ledger_quorum_open(struct arena *a, const struct ledger_quorum *q, struct str note,
    struct ledger_checkpoint *out, struct fault *fault)
{
    struct ledger_note parsed;
    struct ledger_checkpoint c;
    bool signed_by[QUORUM_WITNESSES_MAX];
    TRY(ledger_note_parse(a, note, &parsed, fault));
    TRY(ledger_checkpoint_parse(parsed.text, &c, fault));
    size_t at = parsed.text.len + 1;
    enum err e = log_verify(a, q, c.origin, &parsed);
    if (e == ERR_NOT_FOUND)
        return fault_set(fault, e, 0, "the policy does not know this log");
    if (e != ERR_OK)
        return fault_set(fault, e, at, "the log's signature is missing or wrong");
    e = ledger_note_verify(a, &parsed, q->witnesses, q->n_witnesses, signed_by);
    if (e != ERR_OK && e != ERR_DENIED)
        return fault_set(fault, e, at, "a cosignature is wrong");
    if (!ledger_quorum_met(q, signed_by))
        return fault_set(fault, ERR_DENIED, at, "the quorum of cosignatures is not met");
    *out = c;
    return ERR_OK;
}
