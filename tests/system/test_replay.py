# SPDX-License-Identifier: Apache-2.0
"""Usage: test_replay.py BONGSU

Every decision behind a ledger is taken again from the facts that were kept (V3, P6): it comes
out the same, also after the objects were tightened or destroyed; what was changed is found."""
import json
import os
import sqlite3
import sys

import look
import made
import tap


def replay(node, party):
    done = node.run("ledger", "replay", party, "--json", check=False)
    return done.returncode, json.loads(done.stdout)


class Replay:
    def __init__(self, pair):
        self.gb, self.kr, self.pair = pair.gb, pair.kr, pair
        self.rows = []

    def same(self):
        only = made.releasability("only", permitted_nationalities=["GBR", "KOR"])
        marks = [("clear",), ("green",), ("amber",), ("green", only["id"])] * 5
        self.rows = [only] + [made.indicator("replay %d" % i, *mark)
                              for i, mark in enumerate(marks)]
        self.gb.json("import", "-", data=made.lines(self.rows))
        self.gb.json("import", "-", "--handling", "green",
                     data=made.lines([made.indicator("unmarked")]))
        self.gb.run("release", "--all", "--to", "kr")
        self.pair.wait_settled()
        code, found = replay(self.gb, "kr")
        sent = look.one(self.gb, "SELECT count(*) FROM payload")
        assert sent >= 22, sent
        assert (code, found["decisions"], found["mismatches"]) == (0, sent, 0), found
        assert replay(self.kr, "gb")[0] == 0
        # Many rows of a release share their facts.
        assert look.one(self.gb, "SELECT count(*) FROM decision_facts") < sent

    def later(self):
        """What happens to the objects afterwards changes no decision that was taken."""
        self.gb.json("tighten", self.rows[1]["id"], "--noforn")
        self.gb.json("recall", self.rows[2]["id"])
        self.gb.json("import", "undo", "1", "--destroy")
        self.gb.run("link", "pause", "kr")
        self.gb.run("link", "resume", "kr")
        code, found = replay(self.gb, "kr")
        assert (code, found["mismatches"]) == (0, 0), found

    def changed(self):
        """One thing at a time is changed in a stopped node's store."""
        self.gb.stop()
        path = os.path.join(self.gb.folder, "store.db")
        with open(path, "rb") as file:
            whole = file.read()
        facts = "SELECT hash, facts FROM decision_facts LIMIT 1"
        for what, want in (
                ("UPDATE decision_facts SET facts = replace(facts, '\"green\"', '\"clear\"')",
                 "something else"),
                ("DELETE FROM decision_facts", "not in the store"),
                ("UPDATE decision_facts SET facts = replace(facts, '\"live\":true',"
                 " '\"live\":false')", "otherwise"),
                ("UPDATE decision SET record = replace(record, '\"R10\"', '\"R8\"')",
                 "otherwise"),
                ("UPDATE decision SET record = replace(record, 'nothing-stands', 'x')"
                 " || ' '", "record"),
                ("UPDATE payload SET commitment = zeroblob(32) WHERE n = 0", "objects"),
                ("DELETE FROM decision", "not in the store")):
            store = sqlite3.connect(path)
            assert store.execute(facts).fetchone()
            with store:
                store.execute(what)
            store.close()
            self.gb.start()
            code, found = replay(self.gb, "kr")
            assert code == 1 and found["mismatches"] > 0, (what, found)
            assert any(want in row["why"] for row in found["problems"]), (what, found)
            done = self.gb.run("ledger", "replay", "kr", check=False)
            assert done.returncode == 1 and done.stderr, done
            self.gb.stop()
            with open(path, "wb") as file:
                file.write(whole)
        self.gb.start()
        assert replay(self.gb, "kr")[0] == 0
        assert self.gb.run("ledger", "replay", "us", check=False).returncode == 1


def main(program):
    cases = tap.Tap()
    with tap.folder() as path, tap.linked(path, program) as pair:
        run = Replay(pair)
        cases.case("V3 P6 every decision comes out of its facts again", run.same)
        cases.case("V3 P6 also when the objects are tightened, recalled, destroyed", run.later)
        cases.case("V3 what was changed in the store is found and named", run.changed)
    cases.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
