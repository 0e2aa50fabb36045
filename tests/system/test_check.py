# SPDX-License-Identifier: Apache-2.0
"""Usage: test_check.py BONGSU

`check` finds each of a table of damages and says what mends it; `rebuild` makes the derived
rows again, the same ones, and mends what check calls derived."""
import glob
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

import look
import made
import tap
from officers import Desk

DERIVED = ("object_state", "object_handling", "value_index", "ref_index", "derived_from",
           "text_waiting", "text_part", "ledger_node", "log")
OWN = "log_id = (SELECT id FROM log WHERE is_ours = 1)"
SAMPLE = os.path.join(tap.ROOT, "samples")

# what is done to a whole store, what check calls it, what mends it
DAMAGES = (
    ("a byte of an object", "BYTES_DIFFER", "restore", """UPDATE object_bytes SET bytes =
        CAST(replace(CAST(bytes AS TEXT), 'DEMO', 'DEMA') AS BLOB) WHERE seq = (SELECT min(seq)
        FROM object_bytes WHERE instr(CAST(bytes AS TEXT), 'DEMO'))"""),
    ("the bytes of an object", "BYTES_MISSING", "restore",
     "DELETE FROM object_bytes WHERE seq = 3"),
    ("an object's row", "ROW_DIFFERS", "restore",
     "UPDATE object_version SET type = 'malware' WHERE seq = 2"),
    ("a last object's row", "ROW_MISSING", "restore", """DELETE FROM object_version WHERE seq =
        (SELECT max(seq) - 1 FROM object_version)"""),
    ("an audit event", "ROW_MISSING", "restore", "DELETE FROM audit WHERE seq = 2"),
    ("a row of the value index", "VALUES", "rebuild", """DELETE FROM value_index WHERE value =
        (SELECT min(value) FROM value_index)"""),
    ("a value too many", "VALUES", "rebuild",
     "INSERT INTO value_index VALUES ('domain:invented.example', 1)"),
    ("a row of the reference index", "REFERENCES", "rebuild", """DELETE FROM ref_index WHERE
        target = (SELECT min(target) FROM ref_index)"""),
    ("a word of the index", "TEXT", "rebuild", "DELETE FROM text_waiting WHERE seq = 1"),
    ("a word too many", "TEXT", "rebuild",
     """UPDATE text_waiting SET numbers = CAST(numbers || x'00000001' AS BLOB)
        WHERE seq = 1"""),
    ("an index of words of another form", "TEXT", "rebuild",
     "UPDATE text_form SET version = 0"),
    ("an index row of nothing", "INDEX_ORPHAN", "rebuild",
     "INSERT INTO value_index VALUES ('domain:invented.example', 100000)"),
    ("a state without event", "STATE", "rebuild",
     "INSERT INTO object_state VALUES (1, 'quarantined')"),
    ("an event without state", "STATE", "rebuild",
     "DELETE FROM object_state WHERE state = 'recalled'"),
    ("a handling without event", "HANDLING", "rebuild",
     "INSERT INTO object_handling VALUES (1, '{}')"),
    ("an event without handling", "HANDLING", "rebuild", "DELETE FROM object_handling"),
    ("an origin forgotten", "DERIVED", "rebuild", "DELETE FROM derived_from"),
    ("a byte of a variant", "PAYLOAD", "restore", """UPDATE variant SET bytes =
        CAST(replace(CAST(bytes AS TEXT), 'DEMO', 'DEMA') AS BLOB)"""),
    ("the end of a variant", "PAYLOAD", "restore",
     "UPDATE variant SET bytes = substr(bytes, 2)"),
    ("a leaf hash", "ENTRY_DIFFERS", "restore",
     "UPDATE ledger_entry SET leaf_hash = zeroblob(32) WHERE idx = 1 AND " + OWN),
    ("an entry's text", "ENTRY_DIFFERS", "restore", """UPDATE ledger_entry SET bytes =
        CAST(replace(CAST(bytes AS TEXT), '"v":1', '"v":2') AS BLOB)
        WHERE idx = 1 AND """ + OWN),
    ("the last entry", "STORE_OLD", "recover", """DELETE FROM ledger_entry WHERE idx = (SELECT
        max(idx) FROM ledger_entry WHERE %s) AND %s""" % (OWN, OWN)),
    ("the frontier", "FRONTIER", "rebuild", "UPDATE log SET size = size - 1 WHERE is_ours = 1"),
    ("the frontier's bytes", "FRONTIER", "rebuild",
     "UPDATE log SET frontier = x'00' WHERE is_ours = 1"),
    ("a tile hash", "NODES", "rebuild",
     "INSERT INTO ledger_node SELECT id, 1, 0, zeroblob(32) FROM log WHERE is_ours = 1"),
    ("a checkpoint's root", "CHECKPOINT", "recover",
     "UPDATE checkpoint SET root = zeroblob(32) WHERE kind = 0 AND " + OWN),
    ("a receipt", "RECEIPT", "restore", """DELETE FROM receipt WHERE idx =
        (SELECT min(idx) FROM receipt)"""),
    ("a receipt's word", "RECEIPT", "restore", "UPDATE receipt SET disposition = 'refused'"),
    ("a payload's row", "PAYLOAD", "restore",
     "DELETE FROM payload WHERE idx = (SELECT max(idx) FROM payload)"),
    ("a salt", "PAYLOAD", "restore", """UPDATE payload SET salt = randomblob(32) WHERE idx =
        (SELECT max(idx) FROM payload) AND n = 0"""),
    ("a decision", "DECISION", "restore", """UPDATE decision SET hash = zeroblob(32) WHERE
        object_seq = (SELECT max(object_seq) FROM decision)"""),
    ("a delivery undone", "DELIVERY", "restore",
     "UPDATE payload SET state = 0 WHERE idx = (SELECT min(idx) FROM payload)"),
    ("a recall", "RECALL", "restore",
     "DELETE FROM recall_ack; DELETE FROM recall_item; DELETE FROM recall"),
    ("a grant", "GRANT", "restore", "DELETE FROM grant_entry"),
    ("a grant's recipient", "GRANT", "restore", "UPDATE grant_entry SET recipient = 'jp'"),
    ("a grant's object", "GRANT", "restore", "UPDATE grant_entry SET object = 'aa'"),
    ("a grant's end", "GRANT", "restore", "UPDATE grant_entry SET not_after_us = 1"),
    ("a recipient too many", "MEMBERSHIP", "restore",
     """INSERT INTO membership (recipient, view, seq,
        object_seq, added_us) VALUES ('xx', 'link', 1, 1, 1)"""),
)


def copy_of(node, where):
    shutil.rmtree(where, ignore_errors=True)
    look.copy_folder(node, where)
    other = type(node)(node.program, where, node.party, "GBR")
    return other


def harm(node, script):
    store = sqlite3.connect(os.path.join(node.folder, "store.db"))
    for (name,) in store.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'"):
        store.execute("DROP TRIGGER " + name)
    store.commit()
    before = store.total_changes
    store.executescript("BEGIN; %s; COMMIT" % script)
    assert store.total_changes > before, "no harm was done"
    store.close()


def checked(node, *args):
    done = node.run("check", *args, "--json", check=False)
    assert done.returncode in (0, 1), done
    found = json.loads(done.stdout)
    assert len(found["problems"]) == found["found"]
    assert (done.returncode == 1) == bool(found["problems"])
    return found["problems"]


def dump(node):
    return {table: sorted(look.query(node, "SELECT * FROM " + table)) for table in DERIVED}


class Check:
    def __init__(self, pair):
        self.pair, self.gb = pair, pair.gb
        self.copy = pair.path("copy")

    def fill(self):
        """A day of both nodes: imports, releases, sightings of each other, a recall."""
        rows = [made.indicator("one-%d" % i, "green") for i in range(30)]
        rows += [made.malware("two-%d" % i, "green") for i in range(5)]
        rows += [made.relate("three-%d" % i, rows[i], rows[30 + i], "green") for i in range(5)]
        self.gb.json("import", "-", data=made.lines(rows))
        self.gb.run("import", *glob.glob(SAMPLE + "/*.json"), check=False)
        self.gb.run("release", "--all", "--to", "kr", check=False)
        self.pair.kr.json("import", "-", data=made.lines([made.indicator("back", "green")]))
        self.pair.kr.json("release", made.indicator("back", "green")["id"], "--to", "gb")
        self.pair.wait_settled()
        self.gb.json("recall", rows[3]["id"])
        self.pair.wait_settled()
        made_from = made.relate("four", rows[1], rows[2], "green", verb="derived-from")
        varied = made.indicator("five", "green", description="DEMO for few", granular_markings=[
            {"marking_ref": made.TLP["red"], "selectors": ["description"]}])
        self.gb.json("import", "-", data=made.lines([made_from, varied]))
        self.gb.run("release", varied["id"], "--to", "kr")
        self.gb.run("tighten", rows[4]["id"], "--handling", "amber")
        self.pair.wait_settled()
        assert look.one(self.gb, "SELECT count(*) FROM variant") > 0
        desk = Desk(self.gb, self.pair.path("desk"))
        desk.register("kim", "park")
        ask = ["grant", "--to", "kr", "--for", "us", "--object", rows[1]["id"], "--until",
               "2099-01-01T00:00:00Z"]
        self.gb.json(*ask, *desk.approve(desk.preview(*ask), "kim", "park"))
        self.pair.wait_settled()

    def clean(self):
        for node in self.pair.both():
            assert checked(node) == [], "beside the running node"
        self.pair.stop()
        for node in self.pair.both():
            assert checked(node) == [], "of the stopped node"
        told = self.gb.run("check").stdout
        assert told.startswith(b"whole: ") and told.count(b"\n") == 1, told

    def damage(self, code, repair, script):
        node = copy_of(self.gb, self.copy)
        harm(node, script)
        found = checked(node)
        assert any(row["code"] == code and row["repair"] == repair for row in found), found
        assert all(row["where"] and row["why"] and row["why_ko"] for row in found), found
        mends = {row["repair"] for row in found}
        done = node.run("rebuild", check=False)
        after = {row["repair"] for row in checked(node)}
        assert after == mends - {"rebuild"}, (done, mends, after)
        if repair == "rebuild":
            assert dump(node) == dump(self.gb)

    def journal(self, keep, code):
        node = copy_of(self.gb, self.copy)
        path = os.path.join(node.folder, "signer.journal")
        with open(path, "rb") as file:
            lines = file.read().splitlines(keepends=True)
        with open(path, "wb") as file:
            file.write(b"".join(keep(lines)))
        found = checked(node)
        assert found and {row["code"] for row in found} == {code}, found

    def pages(self):
        """Bytes of the file itself, overwritten here and there: never a crash, never silence
        about what the engine cannot read."""
        path = os.path.join(self.gb.folder, "store.db")
        size = os.path.getsize(path)
        seen = 0
        step = max(1, size // 16384 // 24)
        tried = range(1, size // 16384, step)
        for page in tried:
            node = copy_of(self.gb, self.copy)
            with open(os.path.join(self.copy, "store.db"), "r+b") as file:
                file.seek(page * 16384)
                file.write(b"\xa5" * 600)
            done = node.run("check", check=False)
            assert done.returncode in (0, 1, 4, 5), done
            seen += done.returncode != 0
        assert seen > len(tried) // 2, (seen, len(tried))

    def same_rows(self, node):
        before = dump(node)
        for _ in range(2):
            node.run("rebuild")
            assert dump(node) == before
        assert checked(node) == []

    def killed(self):
        """kill -9 while it works: the old rows or the new ones, and again it works."""
        node = copy_of(self.gb, self.copy)
        harm(node, "DELETE FROM value_index WHERE object_seq > 10")
        half = dump(node)
        for wait_s in (0.01, 0.02, 0.03, 0.05, 0.08):
            job = subprocess.Popen(node.command("rebuild"), stdout=subprocess.DEVNULL)
            time.sleep(wait_s)
            job.send_signal(signal.SIGKILL)
            job.wait()
            assert dump(node) in (half, dump(self.gb))
        node.run("rebuild")
        assert dump(node) == dump(self.gb) and checked(node) == []

    def not_served(self):
        self.gb.start()
        done = self.gb.run("rebuild", check=False)
        assert done.returncode == 3 and b"runs" in done.stderr, done
        self.gb.stop()

    def published(self):
        """S2 over every published STIX file."""
        tap.needs_data()
        files = [path for kind in ("json", "jsonl")
                 for path in glob.glob(tap.DATA + "/stix/**/*." + kind, recursive=True)
                 if os.path.getsize(path) < 8_000_000]
        assert files
        self.gb.start()
        for path in files:
            self.gb.run("import", path, check=False)
        self.gb.stop()
        self.same_rows(self.gb)


def main(program):
    cases = tap.Tap()
    with tap.folder() as path, tap.linked(path, program) as pair:
        run = Check(pair)
        run.fill()
        cases.case("L2 S2 a store as it should be has no problem", run.clean)
        for what, code, repair, script in DAMAGES:
            cases.case("check finds damage of %s" % what, run.damage, code, repair, script)
        cases.case("L1 a lost journal is found", run.journal, lambda lines: [], "JOURNAL_OLD")
        cases.case("L1 a cut journal is found", run.journal, lambda lines: lines[:-4],
                   "JOURNAL_OLD")
        cases.case("L1 a journal of another history is found", run.journal, lambda lines: [
            line.rsplit(b" ", 1)[0] + b" " + b"A" * 43 + b"=\n" for line in lines], "FORKED")
        cases.case("B1 overwritten pages are found or harmless", run.pages)
        cases.case("S2 rebuild gives the same rows", run.same_rows, pair.gb)
        cases.case("S1 kill -9 of a rebuild leaves old rows or new", run.killed)
        cases.case("rebuild is refused beside a running node", run.not_served)
        cases.case("S2 rebuild of the published STIX gives the same rows", run.published)
        pair.kr.start()
    cases.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
