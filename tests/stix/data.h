// SPDX-License-Identifier: Apache-2.0
// Published files beside the repository, read in tests when they are there.
#pragma once

#include "base/buf.h"
#include "base/limits.h"
#include "test.h"

#include <dirent.h>
#include <stdio.h>

// Ends the test that calls it when the data is absent. Not by cmocka's skip(), which prints a
// line that TAP readers take for a failure.
#define DATA_OR_RETURN()                                              \
    do {                                                              \
        DIR *data_dir = opendir(DATA_DIR);                            \
        if (!data_dir) {                                              \
            print_message("# skipped: ../shared/data not present\n"); \
            return;                                                   \
        }                                                             \
        closedir(data_dir);                                           \
    } while (0)

// The whole file, unpacked when its name ends in .gz.
static inline struct str data_read(struct arena *a, const char *path)
{
    char command[1024];
    bool is_packed = str_ends(str_of(path), STR(".gz"));
    snprintf(command, sizeof command, "%s '%s'", is_packed ? "gzip -dc" : "cat", path);
    FILE *f = popen(command, "r");
    assert_non_null(f);
    struct buf b = buf_in(a, 256 * MIB);
    char chunk[1 << 16];
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, f)) > 0;)
        buf_put(&b, (struct str){chunk, n});
    assert_int_equal(pclose(f), 0);
    assert_int_equal(b.err, ERR_OK);
    return buf_str(&b);
}
