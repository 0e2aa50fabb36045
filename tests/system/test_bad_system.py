# SPDX-License-Identifier: Apache-2.0
"""Usage: test_bad_system.py BONGSU

A full disk, a folder that cannot be written, a port in use, a second process: one clear line,
the right exit code, and nothing half-stored."""
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys

import look
import made
import tap
from pair import Node


@contextlib.contextmanager
def disk(path, megabytes):
    """A file system of its own. It needs the right to mount."""
    os.mkdir(path)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=%dm,mode=700" % megabytes,
                           "tmpfs", path], stderr=subprocess.PIPE, check=False)
    if done.returncode != 0:
        raise tap.Skip("a file system cannot be mounted here: this needs root")
    try:
        yield path
    finally:
        subprocess.run(["umount", "-l", path], check=False)


@contextlib.contextmanager
def node_in(program, folder):
    node = Node(program, folder, "gb", "GBR")
    try:
        yield node
    finally:
        node.kill()


def one_line(done, code, *words):
    """The exit code, and one line of the command's own that says all the words. A node's log
    goes to the same place; its lines begin with a date."""
    said = [line for line in done.stderr.decode().splitlines() if line.startswith("bongsu ")]
    assert done.returncode == code, (done.returncode, done.stderr)
    assert len(said) == 1 and all(word in said[0] for word in words), (words, done.stderr)


def fill(folder, leave):
    """A file that takes all room but `leave` bytes."""
    path = os.path.join(folder, "ballast")
    room = shutil.disk_usage(folder).free - leave
    with open(path, "wb") as file:
        file.write(bytes(max(room, 0)))
    return path


def rows(name, count):
    return [made.indicator("%s-%d" % (name, n), "green", description="DEMO " + "x" * 300)
            for n in range(count)]


class FullDisk:
    """A node on a small file system that fills up in the middle of an import."""

    def __init__(self, folder, node):
        self.folder, self.node = folder, node
        self.before, self.more = rows("before", 2000), rows("more", 8000)
        self.ballast = None

    def import_rows(self, some):
        return self.node.run("import", "-", "--json", data=made.lines(some), check=False)

    def no_room_for_the_body(self):
        """What does not even fit in front of the store leaves the store as it was."""
        assert self.import_rows(self.before).returncode == 0
        self.ballast = fill(self.folder, 1 << 20)
        counts = look.counts(self.node)
        one_line(self.import_rows(self.more), 5)
        assert look.counts(self.node) == counts
        os.unlink(self.ballast)

    def fails(self):
        body = len(made.lines(self.more))
        self.ballast = fill(self.folder, body + (3 << 20))
        one_line(self.import_rows(self.more), 5, "read-only")

    def says_so(self):
        assert self.node.json("status")["readonly"] is True
        assert b"READ-ONLY" in self.node.run("status").stdout
        one_line(self.import_rows(self.before[:1]), 5)

    def still_reads(self):
        answer = self.node.json("lookup", "before-7.example.org")
        assert answer["found"] is True, answer

    def whole(self):
        """With room again: every object that is there is whole, all that was acknowledged is
        there, and the import can be done again."""
        self.node.stop()
        os.unlink(self.ballast)
        self.node.start()
        assert self.node.json("status")["readonly"] is False
        assert look.one(self.node, "PRAGMA integrity_check") == "ok"
        held = look.query(self.node, """SELECT v.id, b.bytes, i.value FROM object_version v
            LEFT JOIN object_bytes b ON b.seq = v.seq
            LEFT JOIN value_index i ON i.object_seq = v.seq""")
        assert all(data and value for _, data, value in held)
        found = {name: json.loads(data) for name, data, _ in held}
        assert all(found.get(row["id"]) == row for row in self.before)
        done = self.import_rows(self.more)
        report = json.loads(done.stdout)
        assert done.returncode == 0 and report["new"] + report["same"] == 8000, report
        assert report["new"] == 8000 - (len(held) - 2000), (report, len(held))


def full_disk(cases, path, program):
    with disk(os.path.join(path, "full"), 40) as folder, \
            node_in(program, os.path.join(folder, "gb")) as node:
        node.start()
        node.run("token", "create", "t", "--rights", "read,import", "--save")
        run = FullDisk(folder, node)
        for name, step in (("a body without room is refused", run.no_room_for_the_body),
                           ("a full disk fails the import", run.fails),
                           ("the node says that it is read-only", run.says_so),
                           ("what it holds can still be looked up", run.still_reads),
                           ("S1 with room again all is whole", run.whole)):
            cases.case("full disk: " + name, step)


def read_only(path, program):
    with disk(os.path.join(path, "ro"), 20) as folder:
        there = os.path.join(folder, "gb")
        with node_in(program, there) as node:
            subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
            one_line(node.run("serve", check=False, wait_s=30), 5, there)
            new = os.path.join(folder, "new")
            done = node.run("init", new, "--party", "gb", "--node", "n", "--country", "GBR",
                            check=False, with_node=False)
            one_line(done, 5, new)


def no_such_folder(path, program):
    with node_in(program, os.path.join(path, "some")) as node:
        done = node.run("init", os.path.join(path, "no", "such"), "--party", "gb",
                        "--node", "n", "--country", "GBR", check=False, with_node=False)
        one_line(done, 5, "no/such")
        done = node.run("init", node.folder, "--party", "gb", "--node", "n", "--country", "GBR",
                        check=False, with_node=False)
        one_line(done, 3, node.folder)
        for command in ("serve", "status"):
            done = node.run(command, "-n", os.path.join(path, "no"), check=False,
                            with_node=False, wait_s=30)
            one_line(done, 2 if command == "serve" else 5, os.path.join(path, "no"))


def port_in_use(path, program):
    with node_in(program, os.path.join(path, "port")) as node, \
            socket.create_server(("127.0.0.1", 0)) as taken:
        address = "127.0.0.1:%d" % taken.getsockname()[1]
        one_line(node.run("serve", "--listen", address, check=False, wait_s=30), 5, address)
        for wrong in ("127.0.0.1", "127.0.0.1:99999", "nowhere:1", ":", "192.0.2.1:0"):
            done = node.run("serve", "--listen", wrong, check=False, wait_s=30)
            assert done.returncode in (2, 5), (wrong, done)
            one_line(done, done.returncode, wrong)


def second_process(path, program):
    with node_in(program, os.path.join(path, "twice")) as node:
        node.start()
        one_line(node.run("serve", "--listen", "127.0.0.1:0", check=False, wait_s=30), 3,
                 node.folder)
        assert node.is_running() and node.json("status")["party"] == "gb"


def broken_conf(path, program):
    with node_in(program, os.path.join(path, "conf")) as node:
        conf = os.path.join(node.folder, "node.conf")
        with open(conf, encoding="utf-8") as file:
            text = file.read()
        for broken, word in ((text + "colour = red\n", "line"), ("party = GB\n", "line 1"),
                             (text + "realm\n", "line"), ("", "party"), ("\0", "line 1")):
            with open(conf, "w", encoding="utf-8") as file:
                file.write(broken)
            one_line(node.run("serve", check=False, wait_s=30), 4, conf, word)


def lost_keys(path, program):
    """Without its keys a node does not serve, or serves and signs nothing; it never makes new
    ones in silence."""
    with node_in(program, os.path.join(path, "keys")) as node:
        for name in ("tls.key", "tls.crt"):
            key = os.path.join(node.folder, "keys", name)
            os.rename(key, key + ".away")
            one_line(node.run("serve", check=False, wait_s=30), 5, "tls")
            os.rename(key + ".away", key)


def signer_dies(path, program):
    """The signer is started again by itself, and goes on from its journal."""
    with tap.linked(path, program, "sig") as pair:
        for number in range(3):
            row = made.indicator("signed-%d" % number, "green")
            pair.gb.json("import", "-", data=made.lines([row]))
            pair.gb.json("release", row["id"], "--to", "kr")
            for node in pair.both():
                for starter in look.children(node.process.pid):
                    for signer in look.children(starter):
                        os.kill(signer, 9)
            pair.wait_settled(20)  # less than the minute after which a quiet link looks again
        look.verify(pair)
        assert not look.two_roots(pair.gb) and not look.two_roots(pair.kr)


def main(program):
    cases = tap.Tap()
    with tap.folder() as path:
        try:
            full_disk(cases, path, program)
        except tap.Skip as why:
            cases.case("a full disk", tap.skip, str(why))
        for name, run in (("a folder that cannot be written", read_only),
                          ("folders that are not there, or there already", no_such_folder),
                          ("a port in use, and addresses that are none", port_in_use),
                          ("a second process on one folder", second_process),
                          ("a node.conf that is wrong", broken_conf),
                          ("keys that are gone", lost_keys),
                          ("L1 a signer that dies", signer_dies)):
            cases.case(name, run, path, program)
    cases.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
