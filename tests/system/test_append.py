# SPDX-License-Identifier: Apache-2.0
"""Usage: test_append.py BONGSU FAULT_LIBRARY

One append: an import, its release, the signature, the push, the receipt. Each call to disk or
socket that it takes fails once, and each of its durable steps is the last one of the process
once, before it and after it. Each time the node is started again, and everything is consistent:
what was acknowledged is there, what was not is whole or absent."""
import errno
import os
import sys
import time

import faults
import look
import made
import tap
from test_crash import one_receipt_each, one_root_a_size, start_again, whole_objects

CALLS_MAX = 2000


class Appends:
    """A linked pair whose first node has the library, and one new indicator for each try."""

    def __init__(self, pair, library, folder):
        self.pair, self.node = pair, pair.gb
        self.control = faults.Control(os.path.join(folder, "control"))
        self.node.environment = faults.environment(os.path.abspath(library),
                                                   os.path.join(folder, "control"))
        self.number = 0
        self.restart()

    def restart(self):
        self.control.off()
        self.node.kill()
        start_again(self.node)
        self.pair.wait_settled()

    def append(self):
        """True for each step that was acknowledged."""
        self.number += 1
        row = made.indicator("append-%d" % self.number, "green")
        done = [self.node.run("import", "-", data=made.lines([row]), check=False).returncode]
        if done[0] == 0:
            done.append(self.node.run("release", row["id"], "--to", "kr",
                                      check=False).returncode)
        # The engine takes a read that fails with EIO for damage (4), not for a full disk (5).
        assert all(code in (0, 4, 5) for code in done), (done, self.control.off())
        return row, [code == 0 for code in done]

    def quiet(self):
        """Waits until signature, push and receipt have been made, or cannot be."""
        count = -1
        while True:
            time.sleep(0.15)
            now = faults.FORM.unpack(self.control.map[:])[4]
            if now == count:
                return
            count = now

    def count(self, classes):
        """The calls of one append that goes well."""
        self.control.order(classes)
        self.append()
        self.quiet()
        return self.control.off()[0]

    def fail_at(self, classes, action, number, error=0):
        """One append with one fault. False when it needed fewer calls than that."""
        self.control.order(classes, action, number, error)
        row, done = self.append()
        self.quiet()
        count, hits, name = self.control.off()
        if not hits:
            return None
        self.restart()
        self.check(row, done, "call %d of %d, %s" % (number, count, name))
        return name

    def check(self, row, done, where):
        held = look.query(self.node, "SELECT seq FROM object_version WHERE id = ?", row["id"])
        there = look.query(self.pair.kr, "SELECT seq FROM object_version WHERE id = ?",
                           row["id"])
        assert held or not done[0], "%s: an acknowledged import is gone" % where
        assert there or done != [True, True], "%s: an acknowledged release is gone" % where
        assert held or not there, "%s: the partner holds what was never here" % where
        whole_objects(self.pair)
        one_receipt_each(self.pair)
        one_root_a_size(self.pair)


def each_call_fails(appends, classes, error, at_least):
    names = {}
    for number in range(1, CALLS_MAX):
        name = appends.fail_at(classes, faults.ERROR, number, error)
        if name is None:
            break
        names[name] = names.get(name, 0) + 1
    tap.say("failed: %s" % ", ".join("%s %d" % pair for pair in sorted(names.items())))
    assert sum(names.values()) >= at_least, names


def each_step_is_the_last(appends, action, at_least):
    for number in range(1, CALLS_MAX):
        if appends.fail_at(faults.SYNC, action, number) is None:
            break
    assert number - 1 >= at_least, number


def ledgers_verify(pair):
    for found in look.verify(pair):
        assert found["unreceipted"] == found["gaps"] == 0, found


def main(program, library):
    cases = tap.Tap()
    with tap.folder() as folder, tap.linked(folder, program) as pair:
        appends = Appends(pair, library, folder)
        tap.say("an append takes %d durable steps, %d calls to disk, %d to sockets" % (
            appends.count(faults.SYNC),
            appends.count(faults.SYNC | faults.WRITE | faults.READ),
            appends.count(faults.SOCKET)))
        for name, action in (("before", faults.KILL_BEFORE), ("after", faults.KILL_AFTER)):
            cases.case("S1 killed %s each durable step of an append" % name,
                       each_step_is_the_last, appends, action, 3)
        cases.case("S1 L1 each call to disk of an append fails with an I/O error",
                   each_call_fails, appends, faults.SYNC | faults.WRITE | faults.READ,
                   errno.EIO, 50)
        cases.case("S1 L1 each writing call of an append fails as the disk is full",
                   each_call_fails, appends, faults.SYNC | faults.WRITE, errno.ENOSPC, 20)
        cases.case("L2 each call to a socket of an append fails", each_call_fails, appends,
                   faults.SOCKET, errno.ECONNRESET, 3)
        cases.case("L3 both ledgers verify offline", ledgers_verify, pair)
        appends.control.close()
    cases.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
