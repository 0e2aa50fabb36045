// SPDX-License-Identifier: Apache-2.0
#include "node/journal.h"
#include "sys/file.h"
#include "test.h"

#include <stdlib.h>
#include <sys/stat.h>
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
    };
    return RUN_TESTS(tests);
}
