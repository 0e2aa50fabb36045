// SPDX-License-Identifier: Apache-2.0
// An import by request: the body waits in a file.
#include "api/call.h"
#include "api/import_preview.h"
#include "policy/handling.h"
#include "stix/marking.h"
#include "sys/file.h"

static void put_problems(struct json_out *o, const struct importing_result *result)
{
    json_put_key(o, STR("problems"));
    json_begin_array(o);
    for (const struct importing_problem *p = result->problems; p; p = p->next) {
        json_begin_object(o);
        json_member_int(o, STR("at"), (int64_t)p->at);
        json_member_string(o, STR("rule"), p->rule);
        json_member_string(o, STR("text"), p->text);
        json_end_object(o);
    }
    json_end_array(o);
}

static void put_losses(struct json_out *o, const struct importing_result *result)
{
    json_member_int(o, STR("losses_n"), (int64_t)result->n_losses);
    json_put_key(o, STR("losses"));
    json_begin_array(o);
    for (const struct importing_loss *l = result->losses; l; l = l->next) {
        json_begin_object(o);
        json_member_int(o, STR("at"), (int64_t)l->loss.at);
        json_member_string(o, STR("id"), l->loss.id);
        json_member_string(o, STR("field"), l->loss.field);
        json_member_string(o, STR("outcome"), l->loss.outcome);
        json_member_string(o, STR("why"), l->loss.why);
        json_end_object(o);
    }
    json_end_array(o);
}

static void answer(struct call *call, const struct importing *in,
    const struct importing_result *result, struct str preview)
{
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    if (call->recipient.len == 0 && !in->is_preview) // the number counts others' imports too
        json_member_int(&o, STR("import"), result->import);
    json_member_string(&o, STR("format"), format_kind_name(result->format));
    json_member_int(&o, STR("read"), (int64_t)result->read);
    json_member_int(&o, STR("new"), (int64_t)result->added);
    json_member_int(&o, STR("same"), (int64_t)result->same);
    json_member_int(&o, STR("conflict"), (int64_t)result->conflicts);
    json_member_int(&o, STR("refused"), (int64_t)result->refused);
    json_member_int(&o, STR("unmarked"), (int64_t)result->unmarked);
    json_member_string(&o, STR("handling"), in->handling);
    json_member_string(&o, STR("originator"), in->originator);
    if (in->is_preview)
        json_member_raw(&o, STR("objects"), preview);
    put_problems(&o, result);
    put_losses(&o, result);
    json_end_object(&o);
    call_answer_json(call, &b);
}

static const char *check(struct call *call, struct importing *in)
{
    enum stix_tlp level;
    struct str format = call_parameter(call, "format");
    if (policy_party_check(in->originator) != ERR_OK)
        return "originator is a party id: 2 to 16 of a-z 0-9 and hyphen";
    if (stix_tlp_parse(in->handling, &level) != ERR_OK)
        return "handling is clear, green, amber, amber+strict or red";
    in->has_format = format.len > 0;
    if (format.len && format_kind_parse(format, &in->format) != ERR_OK)
        return "format is stix, stix20, misp, csv or text";
    return NULL;
}

static bool is_set(const struct call *call, const char *name)
{
    return str_eq(call_parameter(call, name), STR("1"));
}

static void preview(struct call *call, struct importing *in)
{
    struct importing_result result;
    struct import_preview lines;
    struct warnings_held *warnings;
    struct str why, text;
    enum err e = warnings_hold(call->node, &warnings);
    if (e != ERR_OK) {
        call_fail(call, e, STR(""));
        return;
    }
    import_preview_begin(&lines, call->arena, warnings_set(warnings));
    in->told = import_preview_tell;
    in->ctx = &lines;
    e = importing_run(in, &result, &why);
    enum err ended = import_preview_end(&lines, &text);
    warnings_drop(call->node, warnings);
    if (e == ERR_OK && ended != ERR_OK) {
        e = ended;
        why = STR("a preview shows less than this; preview a part of the document");
    }
    if (e != ERR_OK)
        call_fail(call, e, why);
    else
        answer(call, in, &result, text);
}

void api_import(struct call *call)
{
    struct importing_result result;
    struct str why, level = call_parameter(call, "handling"),
                    originator = call_parameter(call, "originator");
    struct importing in = {.store = call->node->store,
        .arena = call->arena,
        .fd = http_request_body_fd(call->request),
        .name = call_parameter(call, "name"),
        .originator = originator.len ? originator : call->node->party,
        .handling = level.len ? level : call->node->handling,
        .country = call->node->country,
        .reader = call->recipient,
        .principal = call->principal,
        .wants_indicators = is_set(call, "indicators"),
        .is_quarantined = is_set(call, "quarantine"),
        .is_preview = is_set(call, "preview")};
    // What a recipient inside our Participant imports is its own: apart from the node's rows.
    in.source = call->recipient.len ? call->recipient : in.originator;
    const char *flaw = check(call, &in);
    if (flaw) {
        call_fail(call, ERR_INVALID, str_of(flaw));
        return;
    }
    if (path_join(call->arena, call->node->dir, "spool", &in.spool) != ERR_OK) {
        call_fail(call, ERR_LIMIT, STR(""));
        return;
    }
    if (in.is_preview) {
        preview(call, &in);
        return;
    }
    enum err e = importing_run(&in, &result, &why);
    if (e != ERR_OK)
        call_fail(call, e, why);
    else
        answer(call, &in, &result, STR(""));
}
