// SPDX-License-Identifier: Apache-2.0
#include "cli/output.h"

#include "sys/file.h"

enum exit_code cli_write_out(struct cli *cli, struct str bytes)
{
    const char *path = cli_option(cli, "out");
    if (!path) {
        cli_print(bytes);
        return EXIT_DONE;
    }
    if (file_write(path, bytes, 0600) != ERR_OK)
        return FAIL(cli, EXIT_SYSTEM, MSG_CANNOT_WRITE, .args = {str_of(path)});
    if (!cli->json)
        SAY(cli, MSG_WRITTEN, .args = {str_of(path), cli_number(cli, bytes.len)});
    return EXIT_DONE;
}

enum exit_code cli_read_file(
    struct cli *cli, const char *path, size_t max_bytes, struct str *out)
{
    enum err e = file_read(&cli->arena, path, max_bytes, out);
    if (e == ERR_OK)
        return EXIT_DONE;
    return FAIL(cli, e == ERR_IO ? EXIT_SYSTEM : EXIT_BAD_INPUT,
        e == ERR_LIMIT ? MSG_TOO_LARGE : MSG_CANNOT_READ, .args = {str_of(path)});
}
