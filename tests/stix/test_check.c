// SPDX-License-Identifier: Apache-2.0
// A row breaks one rule, at one path, and no other rule that is an error; a rule without a row
// fails. In the texts ' stands for " and ` for '.
#include "base/buf.h"
#include "base/limits.h"
#include "stix/check.h"
#include "test.h"

#define UUID    "8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"
#define AT      "'created':'2016-04-06T20:03:48.000Z','modified':'2016-04-06T20:03:48.000Z'"
#define ID(t)   "'" t "--" UUID "'"
#define BARE(t) "{'type':'" t "','spec_version':'2.1','id':" ID(t)
#define SDO(t)  BARE(t) "," AT
#define SCO(t)  "{'type':'" t "','id':" ID(t)
#define TOOL    SDO("tool") ",'name':'VNC'"
#define FILE    SCO("file") ",'name':'a'"
#define NET     SCO("network-traffic") ",'protocols':['tcp'],'src_ref':" ID("ipv4-addr")
#define MARK    BARE("marking-definition") ",'created':'2016-04-06T20:03:48.000Z'"
#define EXTDEF(types)                                                                        \
    SDO("extension-definition")                                                              \
    ",'created_by_ref':" ID("identity") ",'name':'n',"                                       \
                                        "'description':'d','schema':'s','version':'1.0.0','" \
                                        "extension_types':[" types "]"
#define INDICATOR(more)                                    \
    SDO("indicator")                                       \
    ",'name':'n','description':'d','pattern':'[a:b = 1]'," \
    "'pattern_type':'stix','valid_from':'2016-04-06T20:03:48Z'" more "}"
#define OBSERVED(times, more) SDO("observed-data") ",'number_observed':1," times "," more "}"
#define TIMES                 "'first_observed':'2016-04-06T20:03:48Z','last_observed':'2016-04-06T20:03:49Z'"
#define LINK(t)         \
    SDO("relationship") \
    ",'relationship_type':'" t "','source_ref':" ID("malware") ",'target_ref':"
#define LATE                       ",'first_seen':'2016-04-06T20:03:49Z','last_seen':'2016-04-06T20:03:48Z'}"
#define MD5                        "'MD5':'d41d8cd98f00b204e9800998ecf8427e'"
#define XREF(more)                 TOOL ",'external_references':[{'source_name':'a'" more "}]}"
#define EXTENDED(type, name, body) SCO(type) ",'extensions':{'" name "':" body "}}"
#define GRANULAR(selector) \
    TOOL ",'labels':['a'],'granular_markings':[{'lang':'ko','selectors':['" selector "']}]}"

static const struct {
    enum stix_rule rule;
    const char *text, *path;
} broken[] = {
    {STIX_RULE_JSON, TOOL, ""},
    {STIX_RULE_JSON, "[]", ""},
    {STIX_RULE_BINARY, SCO("artifact") ",'payload_bin':'AA='}", "payload_bin"},
    {STIX_RULE_BOOLEAN, TOOL ",'revoked':1}", "revoked"},
    {STIX_RULE_DICTIONARY, TOOL ",'extensions':{}}", "extensions"},
    {STIX_RULE_DICTIONARY, TOOL ",'kill_chain_phases':['a']}", "kill_chain_phases[0]"},
    {STIX_RULE_DICTIONARY_KEY, NET ",'ipfix':{'a b':1}}", "ipfix.a b"},
    {STIX_RULE_DICTIONARY_VALUE, NET ",'ipfix':{'a':true}}", "ipfix.a"},
    {STIX_RULE_DICTIONARY_VALUE, SCO("process") ",'environment_variables':{'a':1}}",
        "environment_variables.a"},
    {STIX_RULE_DICTIONARY_VALUE,
        SCO("email-message") ",'is_multipart':false,'additional_header_fields':{'a':'b'}}",
        "additional_header_fields.a"},
    {STIX_RULE_DICTIONARY_CASE, NET ",'ipfix':{'aB':1}}", "ipfix.aB"},
    {STIX_RULE_ENUMERATION, SDO("opinion") ",'opinion':'maybe','object_refs':[" ID("tool") "]}",
        "opinion"},
    {STIX_RULE_ENUMERATION, SCO("windows-registry-key") ",'values':[{'data_type':'REG_X'}]}",
        "values[0].data_type"},
    {STIX_RULE_EXTERNAL, XREF(""), "external_references[0].description"},
    {STIX_RULE_EXTERNAL_HASHES, XREF(",'url':'a:b','hashes':{'CRC32':'0'}"),
        "external_references[0].hashes.CRC32"},
    {STIX_RULE_FLOAT, SDO("location") ",'country':'KR','latitude':1e400,'longitude':1}",
        "latitude"},
    {STIX_RULE_FLOAT, SDO("location") ",'country':'KR','latitude':'1','longitude':1}",
        "latitude"},
    {STIX_RULE_HASHES, FILE ",'hashes':{}}", "hashes"},
    {STIX_RULE_HASH_KEY, FILE ",'hashes':{'a b':'0'}}", "hashes.a b"},
    {STIX_RULE_HASH_KEY, FILE ",'hashes':{'ab':'0'}}", "hashes.ab"},
    {STIX_RULE_HASH_VALUE, FILE ",'hashes':{'SHA-256':'d41d8cd98f00b204e9800998ecf8427e'}}",
        "hashes.SHA-256"},
    {STIX_RULE_HASH_VALUE, FILE ",'hashes':{'SSDEEP':'3;4'}}", "hashes.SSDEEP"},
    {STIX_RULE_HASH_VALUE, FILE ",'hashes':{'TLSH':'T1'}}", "hashes.TLSH"},
    {STIX_RULE_HASH_ALGORITHM, FILE ",'hashes':{'CRC32':'0'}}", "hashes.CRC32"},
    {STIX_RULE_HASH_SHA_256, FILE ",'hashes':{" MD5 "}}", "hashes"},
    {STIX_RULE_HEX, FILE ",'magic_number_hex':'abc'}", "magic_number_hex"},
    {STIX_RULE_IDENTIFIER, "{'type':'tool','id':'tool-1'}", "id"},
    {STIX_RULE_IDENTIFIER, TOOL ",'created_by_ref':'me'}", "created_by_ref"},
    {STIX_RULE_IDENTIFIER, TOOL ",'x_new':{'some_refs':['me']}}", "x_new.some_refs[0]"},
    {STIX_RULE_TARGET, TOOL ",'created_by_ref':" ID("tool") "}", "created_by_ref"},
    {STIX_RULE_TARGET, LINK("uses") ID("bundle") "}", "target_ref"},
    {STIX_RULE_TARGET, LINK("uses") ID("sighting") "}", "target_ref"},
    {STIX_RULE_TARGET, SDO("sighting") ",'sighting_of_ref':" ID("file") "}", "sighting_of_ref"},
    {STIX_RULE_ID_VERSION,
        "{'type':'url','id':'url--018f2e2d-17d4-7cbf-938f-98ee46b3cd3f','value':'a:b'}", "id"},
    {STIX_RULE_ID_VERSION,
        "{'type':'url','id':'url--018f2e2d-17d4-4cbf-038f-98ee46b3cd3f','value':'a:b'}", "id"},
    {STIX_RULE_ID_RANDOM,
        "{'type':'tool','spec_version':'2.1','id':'tool--8e2e2d2b-17d4-1cbf-938f-"
        "98ee46b3cd3f'," AT ",'name':'x'}",
        "id"},
    {STIX_RULE_ID_RANDOM,
        "{'type':'process','id':'process--8e2e2d2b-17d4-5cbf-938f-98ee46b3cd3f','pid':1}",
        "id"},
    {STIX_RULE_INTEGER, FILE ",'size':1.5}", "size"},
    {STIX_RULE_INTEGER, FILE ",'size':9007199254740992}", "size"},
    {STIX_RULE_NEGATIVE, FILE ",'size':-1}", "size"},
    {STIX_RULE_KILL_CHAIN,
        TOOL ",'kill_chain_phases':[{'kill_chain_name':'A B','phase_name':'c'}]}",
        "kill_chain_phases[0].kill_chain_name"},
    {STIX_RULE_LIST, TOOL ",'labels':[]}", "labels"},
    {STIX_RULE_LIST, TOOL ",'labels':'a'}", "labels"},
    {STIX_RULE_CONTAINER, OBSERVED(TIMES, "'objects':{'0':{'value':'a.b'}}"), "objects.0"},
    {STIX_RULE_CONTAINER, OBSERVED(TIMES, "'objects':{'0':{'type':'tool'}}"), "objects.0"},
    {STIX_RULE_CONTAINER, OBSERVED(TIMES, "'objects':[]"), "objects"},
    {STIX_RULE_CONTAINER_REFERENCE,
        OBSERVED(TIMES, "'objects':{'0':{'type':'domain-name','value':'a.b',"
                        "'resolves_to_refs':['1']}}"),
        "objects.0.resolves_to_refs[0]"},
    {STIX_RULE_CONTAINER_REFERENCE,
        OBSERVED(TIMES, "'objects':{'0':{'type':'domain-name','value':'a.b',"
                        "'resolves_to_refs':['1']},'1':{'type':'mutex','name':'m'}}"),
        "objects.0.resolves_to_refs[0]"},
    {STIX_RULE_VOCABULARY, TOOL ",'tool_types':['hammer']}", "tool_types[0]"},
    {STIX_RULE_VOCABULARY_FORM, TOOL ",'tool_types':['Big Hammer']}", "tool_types[0]"},
    {STIX_RULE_STRING, SDO("tool") ",'name':1}", "name"},
    {STIX_RULE_STRING, FILE ",'hashes':{'MD5':1}}", "hashes.MD5"},
    {STIX_RULE_STRING, "{'type':1}", "type"},
    {STIX_RULE_TIMESTAMP, INDICATOR(",'valid_until':'2016-02-30T20:03:48Z'"), "valid_until"},
    {STIX_RULE_TYPE_NAME, "{'type':'A'}", "type"},
    {STIX_RULE_PROPERTY_NAME, TOOL ",'x_Name':1}", "x_Name"},
    {STIX_RULE_REQUIRED, SDO("tool") "}", "name"},
    {STIX_RULE_REQUIRED, BARE("tool") ",'name':'x','created':'2016-04-06T20:03:48.000Z'}",
        "modified"},
    {STIX_RULE_REQUIRED, FILE ",'extensions':{'archive-ext':{'comment':'x'}}}",
        "extensions.archive-ext.contains_refs"},
    {STIX_RULE_WANTED,
        SDO("indicator") ",'name':'n','pattern':'[a:b = 1]',"
                         "'pattern_type':'stix','valid_from':'2016-04-06T20:03:48Z'}",
        "description"},
    {STIX_RULE_NOT_APPLICABLE, MARK ",'extensions':{'a-ext':{'b':1}},'confidence':1}",
        "confidence"},
    {STIX_RULE_NOT_APPLICABLE, FILE ",'labels':['a']}", "labels"},
    {STIX_RULE_NOT_APPLICABLE, TOOL ",'defanged':true}", "defanged"},
    {STIX_RULE_ID_TYPE, "{'type':'tool','id':" ID("malware") "}", "id"},
    {STIX_RULE_SPEC_VERSION, "{'type':'tool','spec_version':'3.0','id':" ID("tool") "}",
        "spec_version"},
    {STIX_RULE_STIX_2_0, "{'type':'tool','id':" ID("tool") "," AT ",'name':'x'}", ""},
    {STIX_RULE_CONFIDENCE, TOOL ",'confidence':101}", "confidence"},
    {STIX_RULE_PRECISION,
        BARE("tool") ",'name':'x','created':'2016-04-06T20:03:48.00Z',"
                     "'modified':'2016-04-06T20:03:48.000Z'}",
        "created"},
    {STIX_RULE_LANGUAGE, TOOL ",'lang':'한국어'}", "lang"},
    {STIX_RULE_OBSERVABLE_ID,
        "{'type':'url','id':'url--8e2e2d2b-17d4-5cbf-938f-98ee46b3cd3f','value':'a:b'}", "id"},
    {STIX_RULE_OBSERVABLE_RANDOM, SCO("url") ",'value':'a:b'}", "id"},
    {STIX_RULE_MODIFIED,
        BARE("tool") ",'name':'x','created':'2016-04-06T20:03:48.001Z',"
                     "'modified':'2016-04-06T20:03:48.000Z'}",
        "modified"},
    {STIX_RULE_RESERVED, TOOL ",'severity':'high'}", "severity"},
    {STIX_RULE_RESERVED, SDO("course-of-action") ",'name':'x','action':'y'}", "action"},
    {STIX_RULE_DEPRECATED,
        SCO("ipv4-addr") ",'value':'1.2.3.4','belongs_to_refs':[" ID("autonomous-system") "]}",
        "belongs_to_refs"},
    {STIX_RULE_CAPEC,
        SDO("attack-pattern") ",'name':'x','external_references':[{'source_name':'capec',"
                              "'external_id':'163'}]}",
        "external_references[0].external_id"},
    {STIX_RULE_CAMPAIGN_SEEN, SDO("campaign") ",'name':'x'" LATE, "last_seen"},
    {STIX_RULE_PATTERN,
        SDO("indicator") ",'name':'n','description':'d','pattern':'[a:b = ','pattern_type':"
                         "'stix','valid_from':'2016-04-06T20:03:48Z'}",
        "pattern"},
    {STIX_RULE_VALID_UNTIL, INDICATOR(",'valid_until':'2016-04-06T20:03:48.000Z'"),
        "valid_until"},
    {STIX_RULE_INFRASTRUCTURE_SEEN, SDO("infrastructure") ",'name':'x'" LATE, "last_seen"},
    {STIX_RULE_INTRUSION_SEEN, SDO("intrusion-set") ",'name':'x'" LATE, "last_seen"},
    {STIX_RULE_PLACE, SDO("location") ",'city':'Seoul'}", "region"},
    {STIX_RULE_LATITUDE, SDO("location") ",'latitude':1}", "latitude"},
    {STIX_RULE_LONGITUDE, SDO("location") ",'country':'KR','longitude':1}", "longitude"},
    {STIX_RULE_PLACE_PRECISION, SDO("location") ",'country':'KR','precision':1}", "precision"},
    {STIX_RULE_DEGREES, SDO("location") ",'latitude':90.5,'longitude':1}", "latitude"},
    {STIX_RULE_DEGREES, SDO("location") ",'latitude':90,'longitude':-180.1}", "longitude"},
    {STIX_RULE_COUNTRY, SDO("location") ",'country':'Korea'}", "country"},
    {STIX_RULE_MALWARE_SEEN, SDO("malware") ",'is_family':false" LATE, "last_seen"},
    {STIX_RULE_FAMILY, SDO("malware") ",'is_family':true}", "is_family"},
    {STIX_RULE_ANALYSIS_RESULT, SDO("malware-analysis") ",'product':'x'}", "result"},
    {STIX_RULE_LAST_OBSERVED,
        OBSERVED("'first_observed':'2016-04-06T20:03:48Z','last_observed':"
                 "'2016-04-06T20:03:47Z'",
            "'object_refs':[" ID("file") "]"),
        "last_observed"},
    {STIX_RULE_OBSERVED_OBJECTS, OBSERVED(TIMES, "'confidence':1"), "objects"},
    {STIX_RULE_OBSERVED_SCO, OBSERVED(TIMES, "'object_refs':[" ID("relationship") "]"),
        "object_refs"},
    {STIX_RULE_NUMBER_OBSERVED,
        SDO("observed-data") ",'number_observed':0," TIMES ",'object_refs':[" ID("file") "]}",
        "number_observed"},
    {STIX_RULE_ACTOR_SEEN, SDO("threat-actor") ",'name':'x'" LATE, "last_seen"},
    {STIX_RULE_CVE,
        SDO("vulnerability") ",'name':'x','external_references':[{'source_name':'cve',"
                             "'external_id':'2023-29059'}]}",
        "external_references[0].external_id"},
    {STIX_RULE_RELATIONSHIP_TYPE, LINK("Uses it") ID("tool") "}", "relationship_type"},
    {STIX_RULE_STOP_TIME,
        LINK("uses") ID("tool") ",'start_time':'2016-04-06T20:03:48Z',"
                                "'stop_time':'2016-04-06T20:03:48Z'}",
        "stop_time"},
    {STIX_RULE_RELATIONSHIP, LINK("mitigates") ID("tool") "}", "relationship_type"},
    {STIX_RULE_RELATIONSHIP, LINK("derived-from") ID("tool") "}", "relationship_type"},
    {STIX_RULE_SIGHTING_SEEN, SDO("sighting") ",'sighting_of_ref':" ID("tool") LATE,
        "last_seen"},
    {STIX_RULE_COUNT, SDO("sighting") ",'sighting_of_ref':" ID("tool") ",'count':1000000000}",
        "count"},
    {STIX_RULE_PAYLOAD, SCO("artifact") ",'mime_type':'a/b'}", "payload_bin"},
    {STIX_RULE_PAYLOAD_HASHES, SCO("artifact") ",'url':'a:b'}", "url"},
    {STIX_RULE_DECRYPTION_KEY, SCO("artifact") ",'payload_bin':'AAAA','decryption_key':'x'}",
        "decryption_key"},
    {STIX_RULE_MIME_TYPE, FILE ",'mime_type':'exe'}", "mime_type"},
    {STIX_RULE_DOMAIN, SCO("domain-name") ",'value':'http://a.b/'}", "value"},
    {STIX_RULE_DOMAIN, SCO("domain-name") ",'value':'a..b'}", "value"},
    {STIX_RULE_EMAIL, SCO("email-addr") ",'value':'Kim <kim@a.b>'}", "value"},
    {STIX_RULE_BODY, SCO("email-message") ",'is_multipart':true,'body':'x'}", "body"},
    {STIX_RULE_BODY_MULTIPART,
        SCO("email-message") ",'is_multipart':false,'body_multipart':[{'body':'x'}]}",
        "body_multipart"},
    {STIX_RULE_MIME_PART,
        SCO("email-message") ",'is_multipart':true,'body_multipart':[{'content_type':'x'}]}",
        "body_multipart[0].body"},
    {STIX_RULE_FILE_NAMED, SCO("file") ",'size':1}", "hashes"},
    {STIX_RULE_FILE_NAME_ENC, SCO("file") ",'hashes':{" MD5 "},'name_enc':'utf-8'}",
        "name_enc"},
    {STIX_RULE_EXTENSION_EMPTY,
        SCO("file") ",'name':'a','extensions':{'windows-pebinary-ext':{'pe_type':'exe'}}}",
        "extensions.windows-pebinary-ext.pe_type"},
    {STIX_RULE_EXTENSION_EMPTY,
        SCO("file") ",'name':'a','extensions':{'pdf-ext':{'other':'x'}}}",
        "extensions.pdf-ext"},
    {STIX_RULE_ENTROPY,
        SCO("file") ",'name':'a','extensions':{'windows-pebinary-ext':{'pe_type':'exe',"
                    "'sections':[{'name':'.text','entropy':8.1}]}}}",
        "extensions.windows-pebinary-ext.sections[0].entropy"},
    {STIX_RULE_IPV4, SCO("ipv4-addr") ",'value':'1.2.3.256'}", "value"},
    {STIX_RULE_IPV4, SCO("ipv4-addr") ",'value':'::1'}", "value"},
    {STIX_RULE_IPV6, SCO("ipv6-addr") ",'value':'1.2.3.4'}", "value"},
    {STIX_RULE_MAC, SCO("mac-addr") ",'value':'D2:FB:49:24:37:18'}", "value"},
    {STIX_RULE_TRAFFIC_ENDS, SCO("network-traffic") ",'protocols':['tcp']}", "src_ref"},
    {STIX_RULE_TRAFFIC_END, NET ",'start':'2016-04-06T20:03:49Z','end':'2016-04-06T20:03:48Z'}",
        "end"},
    {STIX_RULE_TRAFFIC_ACTIVE, NET ",'is_active':true,'end':'2016-04-06T20:03:48Z'}", "end"},
    {STIX_RULE_PORT, NET ",'src_port':65536}", "src_port"},
    {STIX_RULE_PROTOCOL,
        SCO("network-traffic") ",'protocols':['TCP'],'src_ref':" ID("ipv4-addr") "}",
        "protocols[0]"},
    {STIX_RULE_HTTP_LOWER,
        NET ",'extensions':{'http-request-ext':{'request_method':'GET','request_value':'/'}}}",
        "extensions.http-request-ext.request_method"},
    {STIX_RULE_PROCESS_EMPTY, SCO("process") ",'defanged':true}", ""},
    {STIX_RULE_PRIORITY, EXTENDED("process", "windows-process-ext", "{'priority':'HIGH'}"),
        "extensions.windows-process-ext.priority"},
    {STIX_RULE_CPE, SCO("software") ",'name':'x','cpe':'cpe:/a:b:c'}", "cpe"},
    {STIX_RULE_URL, SCO("url") ",'value':'www.example.com/a b'}", "value"},
    {STIX_RULE_ACCOUNT_EMPTY, SCO("user-account") "}", ""},
    {STIX_RULE_REGISTRY_EMPTY, SCO("windows-registry-key") "}", ""},
    {STIX_RULE_REGISTRY_HIVE, SCO("windows-registry-key") ",'key':'HKLM\\\\System'}", "key"},
    {STIX_RULE_CERTIFICATE_EMPTY, SCO("x509-certificate") "}", ""},
    {STIX_RULE_TRANSLATION_KEY,
        SDO("language-content") ",'object_ref':" ID("tool") ",'contents':{'k_':{'name':'x'}}}",
        "contents.k_"},
    {STIX_RULE_TRANSLATION,
        SDO("language-content") ",'object_ref':" ID("tool") ",'contents':{'ko':'x'}}",
        "contents.ko"},
    {STIX_RULE_DEFINITION, MARK "}", "definition_type"},
    {STIX_RULE_DEFINITION_TYPE, MARK ",'definition_type':'statement'}", "definition_type"},
    {STIX_RULE_STATEMENT, MARK ",'definition_type':'statement','definition':{'x':'y'}}",
        "definition"},
    {STIX_RULE_TLP, MARK ",'definition_type':'tlp','definition':{'tlp':'red'}}", "definition"},
    {STIX_RULE_MARKS_ITSELF,
        MARK ",'definition_type':'statement','definition':{'statement':'x'},"
             "'object_marking_refs':[" ID("marking-definition") "]}",
        "object_marking_refs"},
    {STIX_RULE_GRANULAR, TOOL ",'granular_markings':[{'selectors':['name']}]}",
        "granular_markings[0].marking_ref"},
    {STIX_RULE_SELECTOR, GRANULAR("description"), "granular_markings[0].selectors[0]"},
    {STIX_RULE_SELECTOR, GRANULAR("name.[0]"), "granular_markings[0].selectors[0]"},
    {STIX_RULE_SELECTOR, GRANULAR("labels.name"), "granular_markings[0].selectors[0]"},
    {STIX_RULE_SELECTOR, GRANULAR("labels.[1]"), "granular_markings[0].selectors[0]"},
    {STIX_RULE_SELECTOR, GRANULAR("labels.[-1]"), "granular_markings[0].selectors[0]"},
    {STIX_RULE_SELECTOR, GRANULAR(""), "granular_markings[0].selectors[0]"},
    {STIX_RULE_SELECTOR, GRANULAR("name."), "granular_markings[0].selectors[0]"},
    {STIX_RULE_EXTENSION, TOOL ",'extensions':{'extension-definition--" UUID "':{}}}",
        "extensions.extension-definition--" UUID},
    {STIX_RULE_EXTENSION_TYPE, TOOL ",'extensions':{'extension-definition--" UUID "':{'a':1}}}",
        "extensions.extension-definition--" UUID ".extension_type"},
    {STIX_RULE_EXTENSION_PROPERTIES,
        EXTDEF("'property-extension'") ",'extension_properties':['abc']}",
        "extension_properties"},
    {STIX_RULE_EXTENSION_NAMES, EXTDEF("'toplevel-property-extension'") "}",
        "extension_properties"},
    {STIX_RULE_EXTENSION_VERSION,
        SDO("extension-definition") ",'created_by_ref':" ID(
            "identity") ",'name':'n',"
                        "'schema':'s','version':'one','extension_types':['new-sdo']}",
        "version"},
    {STIX_RULE_BUNDLE_INSIDE, "{'type':'bundle','id':" ID("bundle") "}", "type"},
    {STIX_RULE_CUSTOM_PROPERTY, TOOL ",'x_own':1}", "x_own"},
    {STIX_RULE_CUSTOM_OBJECT, SDO("x-own") "}", "type"},
    {STIX_RULE_CUSTOM_EXTENSION,
        SCO("file") ",'name':'a','extensions':{'tcp-ext':{'src_flags_hex':'00'}}}",
        "extensions.tcp-ext"},
};

// Without an error, and without the warning when there is one.
static const struct {
    const char *why, *text;
    enum stix_rule without;
} good[] = {
#include "good_objects.h"
};

static struct str text_of(struct arena *a, const char *quoted)
{
    struct buf b = buf_in(a, MIB);
    for (const char *p = quoted; *p; p++)
        buf_put_byte(&b, *p == '\'' ? '"' : *p == '`' ? '\'' : *p);
    return buf_str(&b);
}

static bool has(const struct stix_findings *all, enum stix_rule rule, const char *path)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->items[i].rule == rule && (!path || str_eq(all->items[i].path, str_of(path))))
            return true;
    return false;
}

static void fail_with(const char *why, const struct stix_findings *all)
{
    for (size_t i = 0; i < all->n; i++)
        print_message(
            "# %s %.*s\n", stix_rule_text(all->items[i].rule)->id, STR_ARG(all->items[i].path));
    fail_msg("%s", why);
}

static void each_rule_is_told_apart_with_its_path(void **state)
{
    struct arena request;
    arena_init(&request, 4 * MIB);
    for (size_t i = 0; i < LEN(broken); i++) {
        struct stix_findings all;
        struct str text = text_of(&request, broken[i].text);
        CHECK_ERR(broken[i].text, stix_check(&request, text, &all), ERR_OK);
        if (!has(&all, broken[i].rule, broken[i].path))
            fail_with(broken[i].text, &all);
        for (size_t k = 0; k < all.n; k++) {
            const struct stix_rule_text *rule = stix_rule_text(all.items[k].rule);
            if (rule->level == STIX_ERROR && all.items[k].rule != broken[i].rule)
                fail_with(broken[i].text, &all);
            CHECK("position", all.items[k].at <= text.len);
        }
    }
    arena_release(&request);
}

static void good_objects_have_no_error(void **state)
{
    struct arena request;
    arena_init(&request, 4 * MIB);
    for (size_t i = 0; i < LEN(good); i++) {
        struct stix_findings all;
        CHECK_ERR(
            good[i].why, stix_check(&request, text_of(&request, good[i].text), &all), ERR_OK);
        if (all.errors || (good[i].without && has(&all, good[i].without, NULL)))
            fail_with(good[i].why, &all);
    }
    arena_release(&request);
}

static const struct {
    enum stix_rule rule;
    const char *text;
    uint64_t objects;
} bundles[] = {
    {STIX_RULES, "{'type':'bundle','id':" ID("bundle") ",'objects':null}", 1},
    {STIX_RULES, "{'objects':null,'more':false}", 0},
    {STIX_RULE_BUNDLE_ID, "{'type':'bundle','objects':null}", 1},
    {STIX_RULE_BUNDLE_ID, "{'type':'bundle','id':" ID("tool") ",'objects':null}", 1},
    {STIX_RULE_BUNDLE_OBJECTS, "{'type':'bundle','id':" ID("bundle") ",'objects':null}", 0},
    {STIX_RULE_BUNDLE_VERSION,
        "{'type':'bundle','spec_version':'2.1','id':" ID("bundle") ",'objects':null}", 1},
};

static void what_is_around_the_objects_is_checked(void **state)
{
    struct arena request;
    arena_init(&request, MIB);
    for (size_t i = 0; i < LEN(bundles); i++) {
        struct stix_findings all;
        CHECK_ERR(bundles[i].text,
            stix_check_bundle(
                &request, text_of(&request, bundles[i].text), bundles[i].objects, &all),
            ERR_OK);
        if (all.n != (bundles[i].rule != STIX_RULES) ||
            (all.n && !has(&all, bundles[i].rule, NULL)))
            fail_with(bundles[i].text, &all);
    }
    arena_release(&request);
}

static void an_object_over_the_limit_is_one_finding(void **state)
{
    struct arena request;
    arena_init(&request, 32 * MIB);
    char *blanks = NEW_N(&request, char, STIX_OBJECT_BYTES_MAX + 1);
    struct stix_findings all;
    assert_non_null(blanks);
    memset(blanks, ' ', STIX_OBJECT_BYTES_MAX + 1);
    struct str text = {blanks, STIX_OBJECT_BYTES_MAX + 1};
    CHECK_ERR("too long", stix_check(&request, text, &all), ERR_OK);
    CHECK("one", all.n == 1 && all.items[0].rule == STIX_RULE_LIMIT);
    arena_release(&request);
}

static void every_rule_has_a_row_and_both_languages(void **state)
{
    for (enum stix_rule rule = 0; rule < STIX_RULES; rule++) {
        const struct stix_rule_text *text = stix_rule_text(rule);
        bool has_row = rule == STIX_RULE_LIMIT;
        for (size_t i = 0; i < LEN(broken); i++)
            has_row |= broken[i].rule == rule;
        for (size_t i = 0; i < LEN(bundles); i++)
            has_row |= bundles[i].rule == rule;
        if (!has_row)
            fail_msg("%s has no row", text->id);
        CHECK(text->id, text->en[0] && text->ko[0] &&
                            str_find(str_of(text->id), str_of(text->section)) <
                                strlen(text->id) + (text->section[0] == '-'));
        for (enum stix_rule other = 0; other < rule; other++)
            CHECK(text->id, strcmp(stix_rule_text(other)->id, text->id) != 0);
    }
}

static void a_full_arena_is_a_limit(void **state)
{
    for (size_t limit = 0; limit < MIB; limit += 512) {
        struct arena own, small;
        struct stix_findings all;
        arena_init(&own, MIB);
        arena_init(&small, limit);
        struct str text = text_of(&own, broken[LEN(broken) - 1].text);
        enum err e = stix_check(&small, text, &all);
        bool is_done = e == ERR_OK && !has(&all, STIX_RULE_LIMIT, NULL);
        arena_release(&small);
        arena_release(&own);
        if (is_done)
            return;
        CHECK("below the need", e == ERR_LIMIT || e == ERR_OK);
    }
    fail();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_is_told_apart_with_its_path),
        cmocka_unit_test(good_objects_have_no_error),
        cmocka_unit_test(what_is_around_the_objects_is_checked),
        cmocka_unit_test(an_object_over_the_limit_is_one_finding),
        cmocka_unit_test(every_rule_has_a_row_and_both_languages),
        cmocka_unit_test(a_full_arena_is_a_limit),
    };
    return RUN_TESTS(tests);
}
