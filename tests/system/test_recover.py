# SPDX-License-Identifier: Apache-2.0
"""Usage: test_recover.py BONGSU

SV2 and the start table of the ledger: a node whose store, journal or both went back is not
served, and after `recover` goes on where it was, without a fork, as the partner holds it."""
import contextlib
import glob
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys

import batches
import look
import made
import tap
from officers import Desk
from test_bad_system import one_line
from test_backup import files_of, found_in

SAME = ("ledger_entry", "ledger_node", "object_version", "object_bytes", "object_state",
        "value_index", "ref_index", "receipt", "recall", "recall_item", "recall_ack", "payload",
        "received_payload")


def port(node):
    return node.address.split("//")[1]


def ledger(node, is_ours):
    return look.query(node, "SELECT idx, bytes FROM ledger_entry WHERE log_id = ? ORDER BY idx",
                      look.log_id(node, is_ours))


def agree(pair):
    """Each holds the other's ledger, whole; nothing forked; every entry has its receipt."""
    for one, other in ((pair.gb, pair.kr), (pair.kr, pair.gb)):
        assert ledger(one, True) == ledger(other, False), one.party
        assert not look.two_roots(one)
        assert not look.unreceipted(one, True) and not look.unreceipted(one, False)
        found = json.loads(one.run("check", "--json", check=False).stdout)
        assert found["problems"] == [], (one.party, found)
    for found in look.verify(pair):
        assert found["unreceipted"] == found["gaps"] == 0, found


def held(node):
    """What the node knows of each object, without its own numbers and times. The handling of
    a row that came back is that of its entry: the fold of what row and markings said."""
    return set(look.query(node, """SELECT v.id, v.version_us, v.source, v.originator,
        hex(v.digest), coalesce(s.state, 'in-force'), hex(b.bytes) FROM object_version v
        LEFT JOIN object_state s ON s.seq = v.seq LEFT JOIN object_bytes b ON b.seq = v.seq"""))


def members(node):
    return set(look.query(node, """SELECT m.recipient, v.id FROM membership m
        JOIN object_version v ON v.seq = m.object_seq WHERE m.removed_seq IS NULL"""))


class Recover:
    def __init__(self, pair):
        self.pair, self.gb, self.kr, self.number = pair, pair.gb, pair.kr, 0
        self.mark = self.backup = None

    def rows(self, n, name="r"):
        self.number += 1
        return [made.indicator("%s-%d-%d" % (name, self.number, i), "green") for i in range(n)]

    def release(self, node, to, n=3):
        rows = self.rows(n, node.party)
        node.json("import", "-", data=made.lines(rows))
        node.json("release", *[row["id"] for row in rows], "--to", to)
        return rows

    def settle(self):
        self.pair.wait_settled()

    def day(self):
        """All kinds of entries in both directions, before a backup and after it."""
        ours, theirs = self.release(self.gb, "kr", 5), self.release(self.kr, "gb", 4)
        more, late = self.release(self.gb, "kr", 2), self.release(self.kr, "gb", 2)
        self.settle()
        self.gb.json("recall", ours[0]["id"])
        self.kr.json("recall", theirs[0]["id"])
        self.settle()
        self.backup = self.pair.path("backup%d" % self.number)
        self.gb.run("backup", self.backup)
        self.before = held(self.gb), members(self.gb)
        self.gb.json("recall", ours[1]["id"])
        self.kr.json("recall", theirs[1]["id"])
        self.settle()
        new, new_theirs = self.release(self.gb, "kr", 6), self.release(self.kr, "gb", 7)
        self.settle()
        self.gb.json("recall", new[0]["id"])
        self.gb.json("recall", more[0]["id"])
        self.kr.json("recall", new_theirs[0]["id"])
        self.kr.json("recall", late[1]["id"])
        self.settle()
        self.gone = (theirs[1], new_theirs[0], late[1])

    def lose(self, journal=False):
        """The store is gone; the backup is put in its place."""
        self.gb.stop()
        self.address = port(self.gb)
        for name in glob.glob(self.gb.folder + "/store.db*"):
            os.unlink(name)
        if journal:
            os.unlink(self.gb.folder + "/signer.journal")
        self.gb.run("restore", self.backup, self.gb.folder)

    def not_served(self, *words):
        one_line(self.gb.run("serve", check=False, wait_s=30), 4, "L1", *words)

    def serve(self):
        self.gb.start(listen=self.address)
        self.settle()

    def restored(self, journal=False):
        self.day()
        self.gb.stop()
        known, had = held(self.gb), members(self.gb)
        receipts = look.query(self.gb, "SELECT * FROM receipt")
        self.gb.start(listen=port(self.gb))
        self.lose(journal)
        self.not_served("recover")
        told = self.gb.json("recover")
        assert told["links"][0]["objects"] == 11, told
        # The one that came after the backup and that the partner had to destroy since.
        assert [row["objects"] for row in told["lost"]] == [1], told
        # Of what the partners have destroyed meanwhile nothing comes back, not even a row.
        missing = sorted(row[5] for row in known - held(self.gb))
        assert missing == ["destroyed", "recalled"], missing
        assert held(self.gb) <= known
        assert members(self.gb) == had
        assert look.query(self.gb, "SELECT * FROM receipt") == receipts
        self.serve()
        agree(self.pair)
        for row in self.gone:
            assert not found_in(self.gb.folder, row["name"]), "S3: it came back"
        self.goes_on()

    def goes_on(self):
        self.release(self.gb, "kr")
        theirs = self.release(self.kr, "gb")
        self.settle()
        self.kr.json("recall", theirs[0]["id"])
        self.settle()
        agree(self.pair)

    def recall_after(self):
        """What was released after the backup can be recalled after the recovery."""
        self.day()
        rows = self.release(self.gb, "kr")
        self.settle()
        self.lose()
        self.gb.run("recover")
        self.serve()
        self.gb.json("recall", rows[1]["id"])
        self.settle()
        assert not found_in(self.kr.folder, rows[1]["name"])
        agree(self.pair)

    def twice(self):
        """A node that lacks nothing loses nothing, and nothing is added."""
        self.gb.stop()
        before = {table: look.query(self.gb, "SELECT * FROM " + table) for table in SAME}
        journal = open(self.gb.folder + "/signer.journal", "rb").read()
        for _ in range(2):
            told = self.gb.json("recover")
            assert told["links"] == [{"party": "kr", "entries": 0, "peer_entries": 0,
                                      "objects": 0, "lost": 0}], told
        for table, rows in before.items():
            assert look.query(self.gb, "SELECT * FROM " + table) == rows, table
        assert open(self.gb.folder + "/signer.journal", "rb").read() == journal
        self.serve()

    def beside(self):
        one_line(self.gb.run("recover", check=False), 3, "runs")

    def ahead(self):
        """The store is ahead of the journal: committed, not yet signed."""
        self.kr.stop()
        kr_port = port(self.kr)
        self.gb.json("link", "pause", "kr")
        self.release(self.gb, "kr")
        self.gb.kill()
        self.gb.start(listen=self.address)
        self.kr.start(listen=kr_port)
        self.gb.json("link", "resume", "kr")
        self.settle()
        agree(self.pair)

    def journal_lost(self):
        self.gb.stop()
        os.unlink(self.gb.folder + "/signer.journal")
        self.not_served("journal")
        self.gb.run("recover")
        self.serve()
        agree(self.pair)
        self.goes_on()

    def journal_old(self):
        path = self.gb.folder + "/signer.journal"
        old = open(path, "rb").read()
        self.goes_on()
        self.gb.stop()
        with open(path, "wb") as file:
            file.write(old)
        self.not_served("journal")
        self.gb.run("recover")
        self.serve()
        agree(self.pair)

    def both_back(self):
        """Store and journal from one old copy: they agree with each other, but the partner
        has cosigned more."""
        self.gb.stop()
        old = self.pair.path("old")
        look.copy_folder(self.gb, old)
        self.gb.start(listen=self.address)
        self.goes_on()
        self.gb.stop()
        for name in ("store.db", "store.db-wal", "store.db-shm", "signer.journal"):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(os.path.join(self.gb.folder, name))
            with contextlib.suppress(FileNotFoundError):
                shutil.copy(os.path.join(old, name), self.gb.folder)
        shutil.rmtree(old)
        self.not_served("cosigned", "recover")
        self.gb.run("recover")
        self.serve()
        agree(self.pair)
        self.goes_on()

    def damaged(self):
        """Not consistent: neither served nor recovered; officers decide."""
        self.gb.stop()
        copy = self.pair.path("whole")
        look.copy_folder(self.gb, copy)
        store = sqlite3.connect(self.gb.folder + "/store.db")
        with store:
            store.execute("DROP TRIGGER ledger_entry_as_is")
            store.execute("UPDATE ledger_entry SET leaf_hash = zeroblob(32) WHERE log_id = ?",
                          (look.log_id(self.gb, True),))
        store.close()
        self.not_served()
        before = files_of(self.gb.folder)
        journal = open(self.gb.folder + "/signer.journal", "rb").read()
        one_line(self.gb.run("recover", check=False), 4, "L1", "epoch")
        self.not_served()
        assert files_of(self.gb.folder) == before
        assert open(self.gb.folder + "/signer.journal", "rb").read() == journal
        shutil.rmtree(self.gb.folder)
        shutil.copytree(copy, self.gb.folder)
        self.serve()

    def unknown_signed(self):
        """Signed, never delivered, and lost: no partner has it, so nothing can go on."""
        self.gb.stop()
        copy = self.pair.path("before-loss")
        look.copy_folder(self.gb, copy)
        path = self.gb.folder + "/signer.journal"
        with open(path, "ab") as file:
            last = [line for line in open(path, "rb").read().splitlines()
                    if b"node.gb" in line][-1].split()
            file.write(b"%s %d %s\n" % (last[0], int(last[1]) + 3, last[2]))
        self.not_served("older")
        one_line(self.gb.run("recover", check=False), 4, "neither", "epoch")
        shutil.rmtree(self.gb.folder)
        shutil.copytree(copy, self.gb.folder)
        self.serve()

    def away(self):
        """The partner does not answer: said, and nothing changed; later it works."""
        self.day()
        self.lose()
        kr_port = port(self.kr)
        self.kr.stop()
        journal = open(self.gb.folder + "/signer.journal", "rb").read()
        one_line(self.gb.run("recover", check=False), 5, "kr")
        self.not_served("recover")
        assert open(self.gb.folder + "/signer.journal", "rb").read() == journal
        self.kr.start()
        one_line(self.gb.run("recover", check=False), 5, "kr")
        one_line(self.gb.run("recover", "--party", "kr", check=False), 2, "address")
        self.gb.run("recover", "--party", "kr", "--address", self.kr.address)
        self.kr.stop()
        self.kr.start(listen=kr_port)
        self.serve()
        agree(self.pair)

    def killed(self):
        """kill -9 at growing delays, again and again, until one gets through."""
        self.day()
        self.lose(journal=True)
        wait_s, kills = 0.003, 0
        while True:
            job = subprocess.Popen(self.gb.command("recover"), stdout=subprocess.DEVNULL)
            with contextlib.suppress(subprocess.TimeoutExpired):
                job.wait(wait_s)
            if job.poll() is not None:
                assert job.returncode == 0, job.returncode
                break
            job.send_signal(signal.SIGKILL)
            job.wait()
            kills += 1
            wait_s *= 1.3
        tap.say("killed %d times" % kills)
        assert kills > 3
        self.serve()
        agree(self.pair)

    def lost(self):
        """An entry was delivered, its objects never were: they are named, and stay named."""
        self.day()
        self.gb.json("link", "pause", "kr")
        rows = self.rows(2, "lost")
        self.gb.json("import", "-", data=made.lines(rows))
        self.gb.json("release", *[row["id"] for row in rows], "--to", "kr")
        file = self.pair.path("without-objects")
        self.gb.run("link", "export", "kr", "--out", file)
        magic, frames = batches.frames_of(look.read_file(file))
        with open(file, "wb") as out:
            out.write(batches.sealed(magic, [f for f in frames if f[0] != batches.PAYLOAD]))
        self.kr.json("link", "import", file)
        self.lose()
        lost = [row["objects"] for row in self.gb.json("recover")["lost"]]
        assert lost == [1, 2], lost  # 1: see above
        self.gb.start(listen=self.address)
        assert json.loads(self.gb.run("check", "--json", check=False).stdout)["problems"] == []
        self.gb.json("link", "resume", "kr")
        self.gb.json("import", "-", data=made.lines(rows))
        self.gb.json("release", *[row["id"] for row in rows], "--to", "kr")
        look.wait_until(lambda: found_in(self.kr.folder, rows[1]["name"]))
        look.wait_until(lambda: len(look.unreceipted(self.gb, True)) == 1)
        assert ledger(self.gb, True) == ledger(self.kr, False)

    def grant(self, node, desk, to, row):
        ask = ["grant", "--to", to, "--for", "us", "--object", row["id"], "--until",
               "2099-01-01T00:00:00Z"]
        node.json(*ask, *desk.approve(desk.preview(*ask), "kim", "park"))

    def officers(self):
        """What stands beside grants and flashes comes back with their entries; a flash is to
        be reviewed again."""
        desks = [Desk(node, self.pair.path("desk-" + node.party)) for node in self.pair.both()]
        for desk in desks:
            desk.register("kim", "park")
        ours, theirs = self.release(self.gb, "kr", 1), self.release(self.kr, "gb", 1)
        self.settle()
        self.backup = self.pair.path("backup-officers")
        self.gb.run("backup", self.backup)
        self.grant(self.gb, desks[0], "kr", ours[0])
        self.grant(self.kr, desks[1], "gb", theirs[0])
        (warning,) = self.rows(1, "flash")
        self.gb.json("import", "-", data=made.lines([warning]))
        key = ["--key", desks[0].path("kim"), "--passphrase-file", desks[0].secret, "--yes"]
        self.gb.json("flash", warning["id"], "--to", "kr", "--in", "en", *key)
        self.settle()
        tables = ("SELECT * FROM grant_entry",
                  "SELECT id, party, at_us, key_id, lang FROM flash",
                  "SELECT idx, priority FROM payload WHERE priority = -1")
        before = [look.query(self.gb, table) for table in tables]
        assert [len(rows) for rows in before] == [2, 1, 1], before
        self.lose()
        assert look.query(self.gb, tables[0]) == [], "the backup is older"
        self.gb.run("recover")
        assert [look.query(self.gb, table) for table in tables] == before
        self.serve()
        agree(self.pair)
        (flash,) = self.gb.json("flash", "review")["flashes"]
        key[1] = desks[0].path("park")
        self.gb.run("flash", "review", flash["flash"], *key)
        assert self.gb.json("flash", "review")["flashes"] == []

    def elsewhere(self):
        """Onto a new machine: a folder, keys and nothing else."""
        self.day()
        with_keys = self.pair.path("with-keys")
        self.gb.run("backup", with_keys, "--with-keys")
        self.release(self.gb, "kr")
        self.settle()
        self.gb.stop()
        shutil.move(self.gb.folder, self.pair.path("burnt"))
        self.gb.run("restore", with_keys, self.gb.folder, with_node=False)
        self.not_served("recover")
        self.gb.run("recover")
        self.pair.gb.start(listen=self.address)
        self.gb.run("token", "create", "again", "--rights", "read,import,release,recall,carry",
                    "--save")
        self.settle()
        agree(self.pair)
        self.goes_on()

    def strangers(self):
        """V1: only the pair's own; whatever else is asked for is not there."""
        mine = look.certificate_of(self.gb)
        for origin, want in (("node.kr.example/live/ledger/gb/1", 200),
                             ("node.kr.example/live/ledger/fr/1", 404), ("x", 404)):
            name = hashlib.sha256(origin.encode()).hexdigest()
            idx = min(row[0] for row in look.query(
                self.kr, "SELECT idx FROM payload"))
            path = "/link/v1/ledger/%s/payloads/%d" % (name, idx)
            assert look.ask(self.kr, "GET", path, certificate=mine)[0] == want, origin
            assert look.ask(self.kr, "GET", path)[0] == 403
            for bad in ("99999999", "x", "-1", "0x1"):
                there = path.rsplit("/", 1)[0] + "/" + bad
                assert look.ask(self.kr, "GET", there, certificate=mine)[0] == 404, there

    def recalled_stays(self):
        """S3: what we have recalled is not given back by this route."""
        rows = self.release(self.kr, "gb", 1)
        self.settle()
        self.kr.json("recall", rows[0]["id"])
        self.settle()
        name = hashlib.sha256(b"node.kr.example/live/ledger/gb/1").hexdigest()
        idx = look.one(self.kr, """SELECT p.idx FROM payload p JOIN object_version v ON
            v.seq = p.object_seq WHERE v.id = ?""", rows[0]["id"])
        status, body = look.ask(self.kr, "GET", "/link/v1/ledger/%s/payloads/%d" % (name, idx),
                                certificate=look.certificate_of(self.gb))
        assert status == 200 and rows[0]["name"].encode() not in body


def main(program):
    cases = tap.Tap()
    with tap.folder() as path, tap.linked(path, program) as pair:
        run = Recover(pair)
        run.address = port(pair.gb)
        cases.case("L1 L2 SV2 a restored store gets its tail back and goes on", run.restored)
        cases.case("L1 a node that lacks nothing is left as it is", run.twice)
        cases.case("L1 recover is refused beside a running node", run.beside)
        cases.case("L1 a store ahead of the journal is signed, then served", run.ahead)
        cases.case("L1 a lost journal is written again from the partner", run.journal_lost)
        cases.case("L1 an old journal is brought up to date", run.journal_old)
        cases.case("L1 SV2 store and journal put back together do not start", run.both_back)
        cases.case("L1 a damaged ledger is neither served nor recovered", run.damaged)
        cases.case("L1 what was signed and nobody holds needs a new epoch", run.unknown_signed)
        cases.case("L1 SV2 store and journal lost: both come back", run.restored, True)
        cases.case("L1 an unreachable partner changes nothing", run.away)
        cases.case("S1 kill -9 of a recover, again and again", run.killed)
        cases.case("H5 what came back can be recalled", run.recall_after)
        cases.case("L2 grants and flashes come back with their entries", run.officers)
        cases.case("L1 a new machine takes the node over", run.elsewhere)
        cases.case("V1 objects are given back to whom they were released", run.strangers)
        cases.case("S3 what was recalled is not given back", run.recalled_stays)
        cases.case("L2 what nobody holds any more is named", run.lost)
    cases.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
