// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz target over every file of its corpus folder, and over every prefix of the small
// ones.
#define BANNED_EXCEPT_SYSTEM
#include "fuzz.h"

#include <dirent.h>

static void replay_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return;
    fseek(f, 0, SEEK_END);
    size_t n = (size_t)ftell(f);
    rewind(f);
    uint8_t *data = malloc(n ? n : 1);
    if (!data || fread(data, 1, n, f) != n)
        abort();
    fclose(f);
    for (size_t cut = n < 2048 ? 0 : n; cut <= n; cut++) {
        uint8_t *exact = malloc(cut ? cut : 1); // so that a read past the end is seen
        if (!exact)
            abort();
        memcpy(exact, data, cut);
        LLVMFuzzerTestOneInput(exact, cut);
        free(exact);
    }
    free(data);
}

int main(int argc, char **argv)
{
    DIR *dir = argc == 2 ? opendir(argv[1]) : NULL;
    if (!dir) {
        fprintf(stderr, "usage: replay_TARGET CORPUS-FOLDER\n");
        return 2;
    }
    size_t n = 0;
    for (struct dirent *e; (e = readdir(dir));) {
        char path[4096];
        if (e->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", argv[1], e->d_name);
        replay_file(path);
        n++;
    }
    closedir(dir);
    printf("%zu corpus files replayed\n", n);
    return n ? 0 : 1;
}
