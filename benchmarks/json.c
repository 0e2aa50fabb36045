// SPDX-License-Identifier: Apache-2.0
// Reads, canonicalises and splits a corpus of STIX-like objects, beside other readers, in one
// run on one core. Each object is read alone, as an import does. Best of five, process CPU
// time. Exits 1 when the bar does not hold.
#define BANNED_EXCEPT_SYSTEM // CPU time
#include "peers/peers.h"
#include "json/canonical.h"
#include "json/split.h"
#include "json/write.h"

#include "base/limits.h"

#define OBJECTS       20000
#define ROUNDS        5
#define CHUNK_BYTES   (64 * KIB)
#define BAR_MB        400
#define PADDING_BYTES 64 // simdjson reads so far behind the text

static struct str objects[OBJECTS];
static struct str bundle; // all of them

static void put_references(struct json_out *o, unsigned n)
{
    json_put_key(o, STR("external_references"));
    json_begin_array(o);
    json_begin_object(o);
    json_member_string(o, STR("source_name"), STR("open source report DEMO"));
    json_member_string(o, STR("url"), STR("https://reports.example/2023/supply-chain/"));
    json_member_int(o, STR("x_page"), n % 100);
    json_end_object(o);
    json_end_array(o);
    json_put_key(o, STR("object_marking_refs"));
    json_begin_array(o);
    json_put_string(o, STR("marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"));
    json_end_array(o);
}

static void put_object(struct json_out *o, unsigned n)
{
    char id[] = "indicator--00000000-17d4-4cbf-938f-98ee46b3cd3f";
    for (unsigned i = 0, rest = n; i < 8; i++, rest /= 10)
        id[18 - i] = (char)('0' + rest % 10);
    json_begin_object(o);
    json_member_string(o, STR("type"), STR("indicator"));
    json_member_string(o, STR("spec_version"), STR("2.1"));
    json_member_string(o, STR("id"), str_of(id));
    json_member_string(
        o, STR("created_by_ref"), STR("identity--f431f809-377b-45e0-aa1c-6a4751cae5ff"));
    json_member_string(o, STR("created"), STR("2023-03-30T09:15:00.000Z"));
    json_member_string(o, STR("modified"), STR("2023-04-11T22:41:07.123Z"));
    json_member_string(o, STR("name"), STR("공급망 공격에 쓰인 도메인 DEMO"));
    json_member_string(o, STR("description"),
        STR("Domain contacted by the second stage; seen in \"installer\" traffic.\n"
            "두 번째 단계가 접속한 도메인으로, 설치 프로그램의 통신에서 관측되었다."));
    json_put_key(o, STR("indicator_types"));
    json_begin_array(o);
    json_put_string(o, STR("malicious-activity"));
    json_put_string(o, STR("attribution"));
    json_end_array(o);
    json_member_string(o, STR("pattern"), STR("[domain-name:value = 'demo.example']"));
    json_member_string(o, STR("pattern_type"), STR("stix"));
    json_member_string(o, STR("valid_from"), STR("2023-03-30T09:15:00Z"));
    json_member_int(o, STR("confidence"), n % 101);
    json_member_bool(o, STR("revoked"), false);
    put_references(o, n);
    json_end_object(o);
}

static void make_corpus(struct arena *a)
{
    static size_t ends[OBJECTS + 1];
    struct buf b = buf_in(a, 256 * MIB);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_string(&o, STR("type"), STR("bundle"));
    json_put_key(&o, STR("objects"));
    json_begin_array(&o);
    for (unsigned i = 0; i < OBJECTS; i++) {
        ends[i] = b.len + (i > 0); // behind the comma
        put_object(&o, i);
    }
    ends[OBJECTS] = b.len + 1;
    json_end_array(&o);
    json_end_object(&o);
    bundle = buf_str(&b);
    for (unsigned i = 0; i < PADDING_BYTES; i++)
        buf_put_byte(&b, '\0');
    for (unsigned i = 0; i < OBJECTS; i++)
        objects[i] = (struct str){b.ptr + ends[i], ends[i + 1] - ends[i] - 1};
    bundle.ptr = b.ptr;
}

// Each reads the whole corpus; false when it refused something.
static bool run_reader(struct arena *a)
{
    bool taken = true;
    for (unsigned i = 0; i < OBJECTS; i++) {
        struct arena_mark mark = arena_mark(a);
        struct json v;
        taken &= json_parse(a, objects[i], &v, NULL) == ERR_OK;
        arena_rewind(a, mark);
    }
    return taken;
}

static bool run_canonical(struct arena *a)
{
    bool taken = true;
    for (unsigned i = 0; i < OBJECTS; i++) {
        struct arena_mark mark = arena_mark(a);
        struct json v;
        struct str text;
        taken &= json_parse(a, objects[i], &v, NULL) == ERR_OK &&
                 json_canonical(a, v, &text) == ERR_OK;
        arena_rewind(a, mark);
    }
    return taken;
}

static bool run_splitter(struct arena *a)
{
    struct arena own;
    arena_init(&own, 64 * MIB);
    struct json_splitter *s;
    size_t n = 0;
    bool made = json_splitter_new(&own, STIX_OBJECT_BYTES_MAX, &s) == ERR_OK;
    for (size_t at = 0; made && at < bundle.len; at += CHUNK_BYTES) {
        struct str element;
        uint64_t position;
        json_splitter_feed(s, str_to(str_from(bundle, at), CHUNK_BYTES));
        while (json_splitter_next(s, &element, &position) == JSON_SPLIT_ELEMENT)
            n++;
    }
    bool taken = made && json_splitter_end(s, NULL) == ERR_OK && n == OBJECTS;
    arena_release(&own);
    return taken;
}

#define PEER_RUN(peer)                                            \
    static bool run_##peer(struct arena *a)                       \
    {                                                             \
        bool taken = true;                                        \
        for (unsigned i = 0; i < OBJECTS; i++)                    \
            taken &= peer_##peer(objects[i].ptr, objects[i].len); \
        return taken;                                             \
    }
#ifdef PEER_SIMDJSON
PEER_RUN(simdjson)
#endif
#ifdef PEER_JANSSON
PEER_RUN(jansson)
#endif
#ifdef PEER_JSON_C
PEER_RUN(json_c)
#endif

static const struct {
    const char *name;
    bool (*run)(struct arena *a);
} sides[] = {
    {"our reader", run_reader},
    {"our reader and canonical form", run_canonical},
    {"our splitter", run_splitter},
#ifdef PEER_SIMDJSON
    {"simdjson, DOM", run_simdjson},
#endif
#ifdef PEER_JANSSON
    {"jansson, no duplicate keys", run_jansson},
#endif
#ifdef PEER_JSON_C
    {"json-c", run_json_c},
#endif
};

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(void)
{
    struct arena process, a;
    arena_init(&process, 512 * MIB);
    arena_init(&a, 64 * MIB);
    make_corpus(&process);
    if (!NEW(&a, char)) // keeps the first block when the arena is rewound
        return 1;
    printf("%u objects, %zu bytes each\n", OBJECTS, bundle.len / OBJECTS);
    double reader_mb = 0;
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
        double best = 1e9;
        for (unsigned round = 0; round < ROUNDS; round++) {
            double from = cpu_seconds();
            if (!sides[i].run(&a)) {
                printf("%s refused the corpus\n", sides[i].name);
                return 1;
            }
            double seconds = cpu_seconds() - from;
            best = seconds < best ? seconds : best;
        }
        double mb = (double)bundle.len / best / 1e6;
        reader_mb = i ? reader_mb : mb;
        printf(
            "%-32s %8.0f MB/s %8.2f us an object\n", sides[i].name, mb, best * 1e6 / OBJECTS);
    }
    bool holds = reader_mb >= BAR_MB;
    printf("bar: reader >= %d MB/s on one core: %s\n", BAR_MB, holds ? "holds" : "missed");
    arena_release(&a);
    arena_release(&process);
    return holds ? 0 : 1;
}
