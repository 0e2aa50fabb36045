// SPDX-License-Identifier: Apache-2.0
// A process gives up what it does not need, for ever: system calls by seccomp, files by
// Landlock. What is refused answers EPERM or EACCES to the process itself.
#pragma once

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sandbox_access {
    SANDBOX_READ,   // a file, or a folder with all below it
    SANDBOX_WRITE,  // read and write the file as it is now: not one put in its place
    SANDBOX_FOLDER, // read, write and make plain files below it
    SANDBOX_SOCKET, // make sockets below it
};
struct sandbox_path {
    const char *path; // one that does not exist gives nothing
    enum sandbox_access access;
};

struct sandbox_state {
    int landlock; // the kernel's interface version; 0: it has none, and files are not confined
    bool is_off;  // a build with a sanitizer, whose run-time part needs more than the program
};

// For a server: files as listed, sockets of IP and of this machine, threads; no new program, no
// new process, no code that was not loaded at start. Call it before the first thread.
enum err sandbox_server(
    const struct sandbox_path *paths, size_t n, struct sandbox_state *out) MUST_USE;
// For a process that only computes on descriptors that it has: no file, no socket, no thread.
enum err sandbox_worker(struct sandbox_state *out) MUST_USE;
