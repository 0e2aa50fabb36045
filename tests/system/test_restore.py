# SPDX-License-Identifier: Apache-2.0
"""Usage: test_restore.py BONGSU

L1: a node whose store is older than what it has signed, or other than that, does not serve."""
import os
import shutil
import sqlite3
import sys

import look
import made
import tap

STORE = ("store.db", "store.db-wal", "store.db-shm")


def save(node, where):
    os.makedirs(where)
    for name in STORE:
        if os.path.exists(os.path.join(node.folder, name)):
            shutil.copy2(os.path.join(node.folder, name), where)


def put_back(node, where):
    for name in STORE:
        there, here = os.path.join(where, name), os.path.join(node.folder, name)
        if os.path.exists(here):
            os.unlink(here)
        if os.path.exists(there):
            shutil.copy2(there, here)


class Restore:
    def __init__(self, pair):
        self.pair, self.gb, self.kr = pair, pair.gb, pair.kr
        self.number = 0
        self.address = None  # that the partner knows

    def release_one(self, node, to):
        self.number += 1
        row = made.indicator("released-%d" % self.number, "green")
        node.json("import", "-", data=made.lines([row]))
        node.json("release", row["id"], "--to", to)
        self.pair.wait_settled()

    def from_before_the_link(self):
        """Such a copy knows of no link, so it serves; the link cannot be made over again."""
        put_back(self.gb, self.pair.path("unlinked"))
        self.gb.start()
        done = self.gb.run("link", "add", self.pair.path("agreement"), check=False)
        assert done.returncode == 4 and b"L1" in done.stderr, done
        assert self.gb.json("status")["links"] == []
        assert self.gb.stop() == 0

    def copies(self):
        """An older and a newer copy of gb's store, each taken while the node is stopped."""
        for name in ("older", "newer"):
            self.release_one(self.gb, "kr")
            self.release_one(self.kr, "gb")
            assert self.gb.stop() == 0
            save(self.gb, self.pair.path(name))
            self.gb.start(listen=self.gb.address.split("//")[1])
            self.pair.wait_settled()
        assert self.gb.stop() == 0
        self.address = self.gb.address.split("//")[1]

    def refused(self, *words):
        """One line on standard error that says why, and the node ends by itself."""
        done = self.gb.run("serve", "--listen", "127.0.0.1:0", check=False, wait_s=30)
        said = [line for line in done.stderr.decode().splitlines()
                if line.startswith("bongsu serve: ")]
        assert done.returncode in (4, 5), (done.returncode, done.stderr)
        assert len(said) == 1 and all(word in said[0] for word in words), done.stderr

    def older(self):
        put_back(self.gb, self.pair.path("older"))
        before = open(os.path.join(self.gb.folder, "signer.journal"), "rb").read()
        self.refused("L1", "older")
        assert open(os.path.join(self.gb.folder, "signer.journal"), "rb").read() == before

    def nothing(self):
        """No store at all: a new empty one must not pass for the lost one."""
        put_back(self.gb, self.pair.path("nothing"))
        self.refused("store.db")
        assert not os.path.exists(os.path.join(self.gb.folder, "store.db"))

    def other(self):
        """The right size, another history: the hashes of the ledger are others."""
        put_back(self.gb, self.pair.path("newer"))
        store = sqlite3.connect(os.path.join(self.gb.folder, "store.db"))
        with store:
            store.execute("DROP TRIGGER ledger_entry_as_is")
            store.execute("UPDATE ledger_entry SET leaf_hash = zeroblob(32) WHERE log_id = ?",
                          (look.log_id(self.gb, True),))
        store.close()
        self.refused("L1")

    def newer(self):
        put_back(self.gb, self.pair.path("newer"))
        self.gb.start(listen=self.address)
        self.release_one(self.gb, "kr")
        self.release_one(self.kr, "gb")
        assert not look.two_roots(self.gb) and not look.two_roots(self.kr)
        look.verify(self.pair)


def main(program):
    cases = tap.Tap()
    with tap.folder() as path, tap.nodes(path, program) as pair:
        run = Restore(pair)
        pair.start()
        pair.tokens()
        pair.gb.stop()
        save(pair.gb, pair.path("unlinked"))
        pair.gb.start()
        pair.link()
        cases.case("two copies of a store", run.copies)
        cases.case("L1 a store from an older copy is refused", run.older)
        cases.case("L1 a node without its store is refused", run.nothing)
        cases.case("L1 a store from before the link cannot link again",
                   run.from_before_the_link)
        cases.case("L1 a store with another history is refused", run.other)
        cases.case("L1 the newer store serves, and goes on", run.newer)
    cases.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
