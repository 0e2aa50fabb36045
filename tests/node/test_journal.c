// SPDX-License-Identifier: Apache-2.0
#include "node/journal.h"
#include "sys/file.h"
#include "test.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROOT_LINE(size) "x " #size " AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n"

static char path[] = "/tmp/bongsu-journal-XXXXXX";

static struct ledger_head head_of(uint64_t size)
{
    struct ledger_head head = {.size = size};
    memset(head.root.bytes, (int)size, sizeof head.root.bytes);
    return head;
}

static off_t size_of_file(void)
{
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    return st.st_size;
}

static void L1_the_newest_head_of_each_origin_survives_reopening(void **state)
{
    struct arena a;
    struct journal *j;
    arena_init(&a, 1 << 22);
    CHECK_ERR("open", journal_open(&a, path, &j), ERR_OK);
    assert_int_equal(journal_latest(j, STR("node/live/ledger/kr/1")).size, 0);
    for (uint64_t size = 1; size <= 100; size++) {
        struct ledger_head head = head_of(size), other = head_of(size / 2);
        CHECK_ERR("append", journal_append(j, STR("node/live/ledger/kr/1"), &head), ERR_OK);
        CHECK_ERR("append", journal_append(j, STR("other"), &other), ERR_OK);
    }
    CHECK_ERR("reopen", journal_open(&a, path, &j), ERR_OK);
    struct ledger_head head = journal_latest(j, STR("node/live/ledger/kr/1")),
                       want = head_of(100);
    assert_int_equal(head.size, 100);
    assert_memory_equal(head.root.bytes, want.root.bytes, sizeof head.root.bytes);
    assert_int_equal(journal_latest(j, STR("other")).size, 50);
    arena_release(&a);
}

static void S1_a_line_cut_by_a_crash_is_dropped(void **state)
{
    struct arena a;
    struct journal *j;
    arena_init(&a, 1 << 22);
    off_t whole = size_of_file();
    for (off_t cut = whole - 1; cut > whole - 60; cut--) {
        assert_int_equal(truncate(path, cut), 0);
        CHECK_ERR("open", journal_open(&a, path, &j), ERR_OK);
        assert_true(journal_latest(j, STR("other")).size >= 49);
        assert_true(size_of_file() <= cut);
    }
    struct ledger_head head = head_of(101);
    CHECK_ERR("append", journal_append(j, STR("other"), &head), ERR_OK);
    CHECK_ERR("reopen", journal_open(&a, path, &j), ERR_OK);
    assert_int_equal(journal_latest(j, STR("other")).size, 101);
    arena_release(&a);
}

static void L1_a_journal_that_shrinks_or_is_none_is_refused(void **state)
{
    struct arena a;
    struct journal *j;
    arena_init(&a, 1 << 22);
    static const char shrinks[] = ROOT_LINE(2) ROOT_LINE(1);
    static const char *const bad[] = {shrinks, ROOT_LINE(two), "x 1 AQ==\n", "nonsense\n"};
    for (size_t i = 0; i < LEN(bad); i++) {
        CHECK_ERR("write", file_write(path, str_of(bad[i]), 0600), ERR_OK);
        CHECK_ERR(bad[i], journal_open(&a, path, &j), ERR_CORRUPT);
    }
    unlink(path);
    arena_release(&a);
}

// The first signer outlives its node for a moment, and journals one more head.
static void hold_and_append(int started)
{
    struct arena a;
    struct journal *j;
    struct ledger_head head = head_of(7);
    const struct timespec pause = {.tv_nsec = 200 * 1000 * 1000};
    arena_init(&a, 1 << 22);
    bool ok = journal_open(&a, path, &j) == ERR_OK && write(started, "x", 1) == 1 &&
              nanosleep(&pause, NULL) == 0 && journal_append(j, STR("late"), &head) == ERR_OK;
    _exit(ok ? 0 : 1);
}

static void L1_a_second_signer_waits_for_the_end_of_the_first(void **state)
{
    struct arena a;
    struct journal *j;
    int ends[2], status;
    char byte;
    arena_init(&a, 1 << 22);
    unlink(path);
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0)
        hold_and_append(ends[1]);
    assert_int_equal(read(ends[0], &byte, 1), 1);
    CHECK_ERR("open", journal_open(&a, path, &j), ERR_OK);
    assert_int_equal(journal_latest(j, STR("late")).size, 7);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    unlink(path);
    arena_release(&a);
}

int main(void)
{
    int fd = mkstemp(path);
    if (fd < 0)
        return 1;
    close(fd);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(L1_the_newest_head_of_each_origin_survives_reopening),
        cmocka_unit_test(S1_a_line_cut_by_a_crash_is_dropped),
        cmocka_unit_test(L1_a_journal_that_shrinks_or_is_none_is_refused),
        cmocka_unit_test(L1_a_second_signer_waits_for_the_end_of_the_first),
    };
    return RUN_TESTS(tests);
}
