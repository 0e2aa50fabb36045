// SPDX-License-Identifier: Apache-2.0
// Imports generated objects durably, with all indexes, once through the store and once by a
// bare loop over SQLite with the same tables, each in a process of its own so that memory and
// CPU can be told apart. `store_import [objects [folder]]`.
#define BANNED_EXCEPT_SYSTEM // CPU time
#include "base/limits.h"
#include "base/str.h"
#include "base/time.h"
#include "store/object.h"
#include "sys/clock.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define SMALL_OBJECTS  200000u
#define LARGE_OBJECTS  1000000u
#define BATCH_OBJECTS  5000u // of the bare loop
#define SMALL_BAR      10000.0
#define LARGE_BAR      5000.0
#define RATIO_BAR      0.7
#define MEMORY_BAR_MIB 256.0
#define REFS           2
#define ID_BYTES       47
#define NUMBERS        80u    // words of an object
#define VOCABULARY     20000u // all words but those of one object alone
#define BODY_BYTES     900
#define ID             "indicator--00000000-0000-4000-8000-000000000000"
#define HANDLING       "{\"originator\":\"gb\",\"tlp\":\"GREEN\"}"

struct object {
    char id[ID_BYTES + 1];
    char refs[REFS][ID_BYTES + 1];
    char value[40];
    char body[BODY_BYTES + 1];
    unsigned char digest[STORE_DIGEST_BYTES];
    uint32_t numbers[NUMBERS];
};

static uint64_t mix(uint64_t n)
{
    n = (n + 1) * UINT64_C(0x9e3779b97f4a7c15);
    n = (n ^ n >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    n = (n ^ n >> 27) * UINT64_C(0x94d049bb133111eb);
    return n ^ n >> 31;
}

static void put_hex(char *at, uint64_t n, int digits)
{
    for (int i = 0; i < digits; i++, n >>= 4)
        at[i] = "0123456789abcdef"[n & 15];
}

static void id_of(uint64_t n, char id[static ID_BYTES + 1])
{
    memcpy(id, ID, ID_BYTES + 1);
    put_hex(id + 11, mix(n), 8);
    put_hex(id + 35, mix(n) >> 32, 8);
}

// Ids, values and targets are spread evenly, which is the worst for their indexes.
static void object_of(uint64_t n, struct object *o)
{
    id_of(n, o->id);
    for (uint64_t i = 0; i < REFS; i++)
        id_of(mix(n * REFS + i) % LARGE_OBJECTS, o->refs[i]);
    memcpy(o->value, "domain:0000000000000000.demo.example", 37);
    put_hex(o->value + 7, mix(n ^ UINT64_MAX), 16);
    memset(o->body, 'x', BODY_BYTES);
    memcpy(o->body, o->id, ID_BYTES);
    memcpy(o->digest, o->body, sizeof o->digest);
    o->body[BODY_BYTES] = 0;
    for (uint64_t i = 0; i < NUMBERS; i++)
        o->numbers[i] =
            (uint32_t)mix(i < 4 ? mix(n * NUMBERS + i) : mix(n * NUMBERS + i) % VOCABULARY);
}

struct result {
    uint32_t objects[2]; // at the two marks
    double seconds[2];
    double cpu_us[2]; // per object so far
    double peak_mib;
    bool is_complete;
};

static double cpu_us(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static double peak_mib(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)u.ru_maxrss / 1024;
}

static void mark(struct result *r, int at, uint32_t objects, int64_t began_us)
{
    r->objects[at] = objects;
    r->seconds[at] = (double)(clock_monotonic_us() - began_us) / 1e6;
    r->cpu_us[at] = cpu_us() / objects;
    r->peak_mib = peak_mib();
}

// The store's side.
struct import {
    uint32_t next;
    uint32_t end;
    uint32_t done; // by the last call
};

static enum err import_work(struct store_txn *t, void *context)
{
    struct import *import = context;
    uint32_t n = import->next;
    for (; n < import->end && !store_should_yield(t); n++) {
        struct object o;
        object_of(n, &o);
        struct str values[] = {str_of(o.value)};
        struct str refs[] = {str_of(o.refs[0]), str_of(o.refs[1])};
        struct store_object_in in = {
            .id = str_of(o.id),
            .type = STR("indicator"),
            .source = STR("gb"),
            .originator = STR("gb"),
            .bytes = {o.body, BODY_BYTES},
            .handling = STR(HANDLING),
            .values = values,
            .refs = refs,
            .values_n = LEN(values),
            .refs_n = LEN(refs),
            .numbers = o.numbers,
            .numbers_n = NUMBERS,
            .version_us = 1,
            .received_us = n,
            .import_id = 1,
            .has_version = true,
        };
        memcpy(in.digest, o.digest, sizeof in.digest);
        struct store_put_result result;
        TRY(store_object_put(t, &in, &result));
    }
    import->done = n - import->next;
    return ERR_OK;
}

static enum err import_to(struct store *s, uint32_t from, uint32_t end)
{
    struct import import = {.next = from, .end = end};
    while (import.next < end) {
        TRY(store_write(s, import_work, &import, STORE_BULK));
        import.next += import.done;
    }
    return ERR_OK;
}

static void run_store(const char *path, const uint32_t marks[2], struct result *r)
{
    struct store *s;
    struct store_config config = {.path = path};
    int64_t began_us = clock_monotonic_us();
    if (store_open(&config, &s, NULL) != ERR_OK || import_to(s, 0, marks[0]) != ERR_OK)
        return;
    mark(r, 0, marks[0], began_us);
    if (import_to(s, marks[0], marks[1]) != ERR_OK)
        return;
    mark(r, 1, marks[1], began_us);
    store_close(s);
    r->is_complete = true;
}

// The bare loop: the tables of the store that an import writes, nothing else.
static const char schema[] =
    "PRAGMA page_size=16384; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    "PRAGMA cache_size=-65536;"
    "CREATE TABLE object_version (seq INTEGER PRIMARY KEY, id TEXT NOT NULL,"
    " version_us INTEGER NOT NULL, source TEXT NOT NULL, originator TEXT NOT NULL,"
    " type TEXT NOT NULL, received_us INTEGER NOT NULL, import_id INTEGER NOT NULL,"
    " digest BLOB NOT NULL, size INTEGER NOT NULL, handling TEXT NOT NULL,"
    " UNIQUE (id, source, version_us)) STRICT;"
    "CREATE INDEX object_by_type ON object_version (type, seq);"
    "CREATE INDEX object_by_received ON object_version (received_us);"
    "CREATE TABLE object_bytes (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;"
    "CREATE TABLE value_index (value TEXT NOT NULL, object_seq INTEGER NOT NULL,"
    " PRIMARY KEY (value, object_seq)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX value_by_object ON value_index (object_seq);"
    "CREATE TABLE ref_index (target TEXT NOT NULL, object_seq INTEGER NOT NULL,"
    " PRIMARY KEY (target, object_seq)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX ref_by_object ON ref_index (object_seq);"
    "CREATE TABLE words (seq INTEGER PRIMARY KEY, numbers BLOB NOT NULL) STRICT;";

// The bare loop keeps the words of each object and makes no index of them.
enum { BEGIN, COMMIT, VERSION, BYTES, VALUE, REF, WORDS, STATEMENTS };
static const char *const texts[STATEMENTS] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [VERSION] = "INSERT INTO object_version VALUES (?1, ?2, 1, 'gb', 'gb', 'indicator', ?1, 1,"
                " ?3, ?4, '" HANDLING "')",
    [BYTES] = "INSERT INTO object_bytes VALUES (?1, ?2)",
    [VALUE] = "INSERT INTO value_index VALUES (?1, ?2)",
    [REF] = "INSERT OR IGNORE INTO ref_index VALUES (?1, ?2)",
    [WORDS] = "INSERT INTO words VALUES (?1, ?2)",
};

static bool step(sqlite3_stmt *q)
{
    int code = sqlite3_step(q);
    sqlite3_reset(q);
    return code == SQLITE_DONE;
}

static bool insert_pair(sqlite3_stmt *q, const char *text, uint32_t seq)
{
    sqlite3_bind_text(q, 1, text, -1, SQLITE_STATIC);
    sqlite3_bind_int64(q, 2, seq);
    return step(q);
}

static bool insert_object(sqlite3_stmt *const q[STATEMENTS], uint32_t n)
{
    struct object o;
    object_of(n, &o);
    uint32_t seq = n + 1;
    sqlite3_bind_int64(q[VERSION], 1, seq);
    sqlite3_bind_text(q[VERSION], 2, o.id, ID_BYTES, SQLITE_STATIC);
    sqlite3_bind_blob(q[VERSION], 3, o.digest, sizeof o.digest, SQLITE_STATIC);
    sqlite3_bind_int(q[VERSION], 4, BODY_BYTES);
    sqlite3_bind_int64(q[BYTES], 1, seq);
    sqlite3_bind_blob(q[BYTES], 2, o.body, BODY_BYTES, SQLITE_STATIC);
    sqlite3_bind_int64(q[WORDS], 1, seq);
    sqlite3_bind_blob(q[WORDS], 2, o.numbers, sizeof o.numbers, SQLITE_STATIC);
    return step(q[VERSION]) && step(q[BYTES]) && step(q[WORDS]) &&
           insert_pair(q[VALUE], o.value, seq) && insert_pair(q[REF], o.refs[0], seq) &&
           insert_pair(q[REF], o.refs[1], seq);
}

static bool insert_to(sqlite3_stmt *const q[STATEMENTS], uint32_t from, uint32_t end)
{
    bool is_well = true;
    for (uint32_t n = from; is_well && n < end;) {
        uint32_t stop = end - n < BATCH_OBJECTS ? end : n + BATCH_OBJECTS;
        is_well = step(q[BEGIN]);
        while (is_well && n < stop)
            is_well = insert_object(q, n++);
        is_well = is_well && step(q[COMMIT]);
    }
    return is_well;
}

static void run_bare(const char *path, const uint32_t marks[2], struct result *r)
{
    sqlite3 *db;
    sqlite3_stmt *q[STATEMENTS];
    int64_t began_us = clock_monotonic_us();
    if (sqlite3_open(path, &db) != SQLITE_OK ||
        sqlite3_exec(db, schema, NULL, NULL, NULL) != SQLITE_OK)
        return;
    for (int i = 0; i < STATEMENTS; i++)
        if (sqlite3_prepare_v2(db, texts[i], -1, &q[i], NULL) != SQLITE_OK)
            return;
    if (!insert_to(q, 0, marks[0]))
        return;
    mark(r, 0, marks[0], began_us);
    if (!insert_to(q, marks[0], marks[1]))
        return;
    mark(r, 1, marks[1], began_us);
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(q[i]);
    sqlite3_close(db);
    r->is_complete = true;
}

typedef void (*side_run)(const char *path, const uint32_t marks[2], struct result *r);

static struct result run_side(side_run run, const char *path, const uint32_t marks[2])
{
    struct result none = {0}, *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
                                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return none;
    pid_t child = fork();
    if (child == 0) {
        run(path, marks, shared);
        _exit(0);
    }
    int status;
    waitpid(child, &status, 0);
    struct result r = *shared;
    munmap(shared, sizeof *shared);
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < LEN(ends); i++) {
        char name[300];
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
    return r;
}

static double fdatasync_ms(const char *path)
{
    enum { TIMES = 64 };
    static char page[4096];
    int fd = open(path, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
    int64_t began_us = clock_monotonic_us();
    for (int i = 0; i < TIMES; i++)
        if (write(fd, page, sizeof page) != sizeof page || fdatasync(fd) != 0)
            break;
    double ms = (double)(clock_monotonic_us() - began_us) / 1e3 / TIMES;
    close(fd);
    unlink(path);
    return ms;
}

static double rate(const struct result *r, int at)
{
    return r->objects[at] / r->seconds[at];
}

static void print_side(const char *name, const struct result *r)
{
    for (int i = 0; i < 2; i++)
        printf("%-6s %8u objects: %7.0f objects/s, %5.1f us CPU per object\n", name,
            r->objects[i], rate(r, i), r->cpu_us[i]);
    printf("%-6s peak memory %.0f MiB\n", name, r->peak_mib);
}

static bool judge(const char *what, double got, bool holds)
{
    printf("%-44s %9.2f %s\n", what, got, holds ? "holds" : "MISSED");
    return holds;
}

int main(int argc, char **argv)
{
    uint64_t objects = LARGE_OBJECTS;
    const char *folder = argc > 2 ? argv[2] : ".";
    char path[256];
    if (argc > 1 && str_to_u64(str_of(argv[1]), &objects) != ERR_OK)
        return 2;
    if (objects < 2 || objects > UINT32_MAX - BATCH_OBJECTS)
        return 2;
    uint32_t large = (uint32_t)objects;
    const uint32_t marks[2] = {large < SMALL_OBJECTS ? large / 2 : SMALL_OBJECTS, large};
    snprintf(path, sizeof path, "%s/bongsu-bench-import.db", folder);
    printf("fdatasync of a page: %.2f ms\n", fdatasync_ms(path));
    struct result bare = run_side(run_bare, path, marks);
    struct result store = run_side(run_store, path, marks);
    if (!bare.is_complete || !store.is_complete) {
        printf("a side did not end\n");
        return 1;
    }
    print_side("bare", &bare);
    print_side("store", &store);
    double ratio[2] = {rate(&store, 0) / rate(&bare, 0), rate(&store, 1) / rate(&bare, 1)};
    bool holds =
        judge("small, objects/s (>= 10,000)", rate(&store, 0), rate(&store, 0) >= SMALL_BAR);
    holds &=
        judge("large, objects/s (>= 5,000)", rate(&store, 1), rate(&store, 1) >= LARGE_BAR);
    holds &= judge("small, store / bare (>= 0.7)", ratio[0], ratio[0] >= RATIO_BAR);
    holds &= judge("large, store / bare (>= 0.7)", ratio[1], ratio[1] >= RATIO_BAR);
    holds &=
        judge("peak memory, MiB (<= 256)", store.peak_mib, store.peak_mib <= MEMORY_BAR_MIB);
    return holds ? 0 : 1;
}
