// SPDX-License-Identifier: Apache-2.0
// Parses and validates STIX objects of a mixed corpus, beside the bare JSON readers, in one run
// on one core. Each object is taken alone, as an import does. Best of five, process CPU time.
// Exits 1 when the bar does not hold.
#define BANNED_EXCEPT_SYSTEM // CPU time
#include "peers/peers.h"
#include "stix/check.h"
#include "stix/object.h"
#include "json/json.h"

#include "base/limits.h"

#define OBJECTS       20000u
#define ROUNDS        5
#define BAR_OBJECTS   100000
#define PADDING_BYTES 64 // simdjson reads so far behind the text

#define UUID "8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"
#define HEAD(t)                                                             \
    "{\"type\":\"" t "\",\"spec_version\":\"2.1\",\"id\":\"" t "--" UUID    \
    "\",\"created_by_ref\":\"identity--" UUID "\",\"created\":\"2023-03-30" \
    "T09:15:00.000Z\",\"modified\":\"2023-04-11T22:41:07.123Z\","
#define TAIL                                                                     \
    ",\"confidence\":85,\"external_references\":[{\"source_name\":\"report\","   \
    "\"url\":\"https://reports.example/2023/supply-chain/\"}],"                  \
    "\"object_marking_refs\":[\"marking-definition--bab4a63c-aed9-4cf5-a766-"    \
    "dfca5abac2bb\"],\"granular_markings\":[{\"selectors\":[\"confidence\"],"    \
    "\"marking_ref\":\"marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb" \
    "\"}]}"
#define SHA_256 "fe90a7e910cb3a4739bed9180e807e93fa70c90f25a8915476f5e4bfbac681db"

static const struct str kinds[] = {
    STR_INIT(
        HEAD("indicator") "\"name\":\"공급망 공격에 쓰인 파일 DEMO\",\"description\":\"second "
                          "stage, seen in the installer's traffic\",\"indicator_types\":["
                          "\"malicious-activity\"],\"pattern\":\"[file:hashes.'SHA-256' = "
                          "'" SHA_256 "' OR domain-name:value IN ('a.example', "
                          "'b.example')]\",\"pattern_type\":\"stix\",\"valid_from\":"
                          "\"2023-03-30T09:15:00Z\"" TAIL),
    STR_INIT(HEAD("relationship") "\"relationship_type\":\"indicates\",\"source_ref\":"
                                  "\"indicator--" UUID "\",\"target_ref\":\"malware--" UUID
                                  "\",\"start_time\":\"2023-03-30T09:15:00Z\",\"stop_time\":"
                                  "\"2023-04-30T09:15:00Z\"" TAIL),
    STR_INIT(
        HEAD("malware") "\"name\":\"DEMO\",\"is_family\":true,\"malware_types\":[\"trojan\","
                        "\"downloader\"],\"kill_chain_phases\":[{\"kill_chain_name\":"
                        "\"mitre-attack\",\"phase_name\":\"execution\"}],\"capabilities\":["
                        "\"anti-vm\",\"communicates-with-c2\"],\"first_seen\":"
                        "\"2023-01-01T00:00:00Z\"" TAIL),
    STR_INIT(
        "{\"type\":\"file\",\"spec_version\":\"2.1\",\"id\":\"file--" UUID
        "\",\"hashes\":{\"MD5\":\"d41d8cd98f00b204e9800998ecf8427e\",\"SHA-256\":\"" SHA_256
        "\"},\"name\":\"setup.exe\",\"size\":123456,\"mime_type\":\"application/x-dosexec\","
        "\"extensions\":{\"windows-pebinary-ext\":{\"pe_type\":\"exe\",\"sections\":[{\"name\":"
        "\".text\",\"entropy\":6.5},{\"name\":\".data\",\"size\":512}]}}}"),
    STR_INIT("{\"type\":\"domain-name\",\"spec_version\":\"2.1\",\"id\":\"domain-name--"
             "bedb4899-d24b-5401-bc86-8f6b4cc18ec7\",\"value\":\"example.com\"}"),
};

static struct str objects[OBJECTS];
static size_t corpus_bytes;

static void make_corpus(struct arena *a)
{
    for (unsigned i = 0; i < OBJECTS; i++) {
        struct buf b = buf_in(a, MIB);
        buf_put(&b, kinds[i % (sizeof kinds / sizeof *kinds)]);
        objects[i] = buf_str(&b);
        for (unsigned k = 0; k < PADDING_BYTES; k++)
            buf_put_byte(&b, '\0');
        objects[i].ptr = b.ptr;
        corpus_bytes += objects[i].len;
    }
}

static bool read_one(struct arena *a, struct str text)
{
    struct stix_object o;
    struct stix_problem problem;
    return stix_object_read(a, text, &o, &problem) == ERR_OK;
}

static bool check_one(struct arena *a, struct str text)
{
    struct stix_findings all;
    return stix_check(a, text, &all) == ERR_OK && all.errors == 0;
}

static bool parse_one(struct arena *a, struct str text)
{
    struct json v;
    return json_parse(a, text, &v, NULL) == ERR_OK;
}

#ifdef PEER_SIMDJSON
static bool simdjson_one(struct arena *a, struct str text)
{
    return peer_simdjson(text.ptr, text.len);
}
#endif
#ifdef PEER_JANSSON
static bool jansson_one(struct arena *a, struct str text)
{
    return peer_jansson(text.ptr, text.len);
}
#endif

static const struct {
    const char *name;
    bool (*take)(struct arena *a, struct str text);
} sides[] = {
    {"parse and validate", read_one},
    {"with all warnings", check_one},
    {"our JSON reader alone", parse_one},
#ifdef PEER_SIMDJSON
    {"simdjson DOM, JSON alone", simdjson_one},
#endif
#ifdef PEER_JANSSON
    {"jansson, JSON alone", jansson_one},
#endif
};

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

// Objects a second of the best round; 0 when an object was refused.
static double measure(struct arena *a, bool (*take)(struct arena *a, struct str text))
{
    double best = 1e9;
    for (unsigned round = 0; round < ROUNDS; round++) {
        double from = cpu_seconds();
        for (unsigned i = 0; i < OBJECTS; i++) {
            struct arena_mark mark = arena_mark(a);
            if (!take(a, objects[i]))
                return 0;
            arena_rewind(a, mark);
        }
        double seconds = cpu_seconds() - from;
        best = seconds < best ? seconds : best;
    }
    return OBJECTS / best;
}

int main(void)
{
    struct arena process, a;
    arena_init(&process, 512 * MIB);
    arena_init(&a, 64 * MIB);
    make_corpus(&process);
    if (!NEW(&a, char)) // keeps the first block when the arena is rewound
        return 1;
    printf("%u objects, %zu bytes each\n", OBJECTS, corpus_bytes / OBJECTS);
    double ours = 0;
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
        double rate = measure(&a, sides[i].take);
        if (!(rate > 0)) {
            printf("%s refused the corpus\n", sides[i].name);
            return 1;
        }
        ours = i ? ours : rate;
        printf("%-28s %10.0f objects/s %8.2f us an object, ours takes %.2f x as long\n",
            sides[i].name, rate, 1e6 / rate, rate / ours);
    }
    bool holds = ours >= BAR_OBJECTS;
    printf("bar: parse and validate >= %d objects/s on one core: %s\n", BAR_OBJECTS,
        holds ? "holds" : "missed");
    arena_release(&a);
    arena_release(&process);
    return holds ? 0 : 1;
}
