# SPDX-License-Identifier: Apache-2.0
"""Usage: test_confine.py BONGSU INJECT

The confined processes of a running node are made to do what an intruder in them would try, one
system call at a time (tests/system/inject.c). Each must be refused, and the node go on."""
import errno
import os
import platform
import subprocess
import sys
import time

import look
import tap
from pair import Node

AT_FDCWD = 0xFFFFFFFFFFFFFF9C
READ_ONLY, WRITE_ONLY, CREATE = 0, 1, 0o100
PROT_READ, PROT_WRITE, PROT_EXEC = 1, 2, 4
MAP_PRIVATE_ANONYMOUS = 0x22
# Numbers of x86-64, from the kernel's table.
OPENAT, SOCKET, FORK, EXECVE, PTRACE, KILL = 257, 41, 57, 59, 101, 62
MMAP, MPROTECT, SETUID, MOUNT, BPF, READV_OF = 9, 10, 105, 165, 321, 310
CLONE, RENAME, UNLINK, CHMOD, GETPID, CONNECT, IO_URING = 56, 82, 87, 90, 39, 42, 425
KEYCTL, PERSONALITY, UNSHARE, LINK, MKDIR, SYMLINK, TRUNCATE = 250, 135, 272, 86, 83, 88, 76
REFUSED = (-errno.EPERM, -errno.EACCES, -errno.EXDEV)


class Tries:
    """One node, its signer, and the program that makes them do things."""

    def __init__(self, program, inject, folder):
        self.inject = inject
        self.node = Node(program, os.path.join(folder, "gb"), "gb", "GBR")
        self.node.start()
        starter = look.children(self.node.process.pid)
        assert len(starter) == 1, starter
        signer = look.children(starter[0])
        assert len(signer) == 1, signer
        self.pids = {"node": self.node.process.pid, "signer": signer[0]}
        until = time.monotonic() + 10
        while "signer.confined" not in self.log() and time.monotonic() < until:
            time.sleep(0.01)  # it reads its keys first, while the node goes on

    def log(self):
        with open(self.node.log, encoding="utf-8") as log:
            return log.read()

    def path(self, *names):
        return "s:" + os.path.join(self.node.folder, *names)

    def do(self, role, *call):
        done = subprocess.run([self.inject, str(self.pids[role]), *map(str, call)],
                              stdout=subprocess.PIPE, check=False, timeout=30)
        if done.returncode == 77:
            raise tap.Skip("processes cannot be traced here")
        assert done.returncode == 0, done
        return int(done.stdout)

    def refused(self, role, *call):
        answer = self.do(role, *call)
        assert answer in REFUSED, (role, call, answer)

    def is_confined(self, role):
        """What the kernel itself says of the process."""
        with open("/proc/%d/status" % self.pids[role], encoding="utf-8") as status:
            lines = dict(line.split(":\t", 1) for line in status.read().splitlines()
                         if ":\t" in line)
        assert lines["NoNewPrivs"] == "1" and lines["Seccomp"] == "2", lines

    def reaches(self, role):
        """The way of trying works: what is allowed is done."""
        assert self.do(role, GETPID) == self.pids[role]

    def still_works(self):
        self.node.run("token", "create", "after", "--rights", "read")
        assert self.node.process.poll() is None
        assert all(os.path.exists("/proc/%d" % pid) for pid in self.pids.values())


def cases(t):
    """What must fail: name, role, call."""
    both = [
        ("read the party's root key", OPENAT, AT_FDCWD, t.path("keys", "root.key"), READ_ONLY),
        ("read the cosigner's key", OPENAT, AT_FDCWD, t.path("keys", "cosign.key"), READ_ONLY),
        ("write to the journal", OPENAT, AT_FDCWD, t.path("signer.journal"), WRITE_ONLY),
        ("empty the journal", TRUNCATE, t.path("signer.journal"), 0),
        ("remove the journal", UNLINK, t.path("signer.journal")),
        ("put another journal in its place", RENAME, t.path("node.conf"),
         t.path("signer.journal")),
        ("make a file in the node's folder", OPENAT, AT_FDCWD, t.path("new"),
         WRITE_ONLY | CREATE, 0o600),
        ("make a folder", MKDIR, t.path("folder"), 0o700),
        ("make a link to a key", LINK, t.path("keys", "root.key"), t.path("spool", "key")),
        ("make a symbolic link", SYMLINK, t.path("keys", "root.key"), t.path("spool", "key")),
        ("change the configuration", OPENAT, AT_FDCWD, t.path("node.conf"), WRITE_ONLY),
        ("make a key readable by all", CHMOD, t.path("keys", "root.key"), 0o644),
        ("read another program's memory", OPENAT, AT_FDCWD, "s:/proc/1/mem", READ_ONLY),
        ("read its own keys through its memory file", OPENAT, AT_FDCWD, "s:/proc/self/mem",
         READ_ONLY),
        ("write outside the folder", OPENAT, AT_FDCWD, "s:/tmp/bongsu-confine",
         WRITE_ONLY | CREATE, 0o600),
        ("start a program", EXECVE, "s:/bin/sh", 0, 0),
        ("start itself", EXECVE, "s:/proc/self/exe", 0, 0),
        ("make a process", FORK),
        ("make a process by clone", CLONE, 17, 0, 0, 0, 0),
        ("trace a process", PTRACE, 16, os.getpid(), 0, 0),
        ("read a process's memory", READV_OF, os.getpid(), 0, 0, 0, 0, 0),
        ("signal a process", KILL, os.getpid(), 0),
        ("take memory for code", MMAP, 0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE_ANONYMOUS,
         0xFFFFFFFFFFFFFFFF, 0),
        ("make written memory code", MPROTECT, 0, 4096, PROT_WRITE | PROT_EXEC),
        ("become another user", SETUID, 1),
        ("mount", MOUNT, "s:none", "s:/mnt", "s:tmpfs", 0, 0),
        ("leave its namespaces", UNSHARE, 0x10000000),
        ("load a program into the kernel", BPF, 0, 0, 0),
        ("queue calls past the filter", IO_URING, 8, 0),
        ("use the kernel's keys", KEYCTL, 0, 0, 0),
        ("change its personality", PERSONALITY, 0x0040000),
        ("open a raw socket", SOCKET, 2, 3, 1),
        ("open a packet socket", SOCKET, 17, 3, 0),
    ]
    signer = [
        ("open a socket", SOCKET, 2, 1, 0),
        ("open a local socket", SOCKET, 1, 1, 0),
        ("connect", CONNECT, 3, 0, 0),
        ("read the store", OPENAT, AT_FDCWD, t.path("store.db"), READ_ONLY),
        ("read the system's files", OPENAT, AT_FDCWD, "s:/etc/passwd", READ_ONLY),
        ("make a thread", CLONE, 0x10F00, 0, 0, 0, 0),
    ]
    for role in ("node", "signer"):
        for name, *call in both:
            yield name, role, call
    for name, *call in signer:
        yield name, "signer", call


def main():
    run = tap.Tap()
    program, inject = sys.argv[1:]
    with tap.folder() as folder:
        if platform.machine() != "x86_64":
            run.case("the confined processes", tap.skip, "calls are tried on x86-64 only")
            run.end()
        t = Tries(program, inject, folder)
        try:
            for role in t.pids:
                run.case("the %s is confined" % role, t.is_confined, role)
                run.case("a call can be tried in the %s" % role, t.reaches, role)
            for name, role, call in cases(t):
                run.case("the %s cannot %s" % (role, name), t.refused, role, *call)
            run.case("the node goes on", t.still_works)
        finally:
            t.node.kill()
    run.end()


if __name__ == "__main__":
    main()
