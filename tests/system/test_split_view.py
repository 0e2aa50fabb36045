# SPDX-License-Identifier: Apache-2.0
"""Usage: test_split_view.py BONGSU

The split-view matrix over real nodes: a partner, with the true keys and certificate, forks its
log, rolls it back, repeats numbers, leaves gaps, or asks for cosignatures that it must not get.
SV2's recovery and SV6 are tested with the parts that they belong to; SV9, SV11, SV12, SV14,
SV15 have tables of their own in tests/ledger."""
import contextlib
import hashlib
import json
import os
import socket
import sqlite3
import struct
import subprocess
import sys
import threading
import time

import hostile
import look
import made
import tap
from pair import Node

HOUR_US = 3600 * 1000000


def send(node, other, name, level="clear"):
    row = made.indicator(name, level)
    node.json("import", "-", data=made.bundle([row]))
    node.json("release", row["id"], "--to", other)
    return row


def release(node, row):
    """Also when it is held, which is exit code 3."""
    done = node.run("release", row["id"], "--to", "kr", "--json", check=False)
    return json.loads(done.stdout)


class Matrix:
    """gb is attacked by whoever holds kr's keys; kr's own node sleeps meanwhile."""

    def __init__(self, pair):
        self.pair, self.gb, self.kr = pair, pair.gb, pair.kr
        self.kr_at = pair.kr.address.split("//")[1]
        self.rows = [send(self.gb, "kr", "to-kr-%d" % n) for n in range(3)]
        self.rows += [send(self.kr, "gb", "to-gb-%d" % n) for n in range(3)]
        pair.wait_settled()
        self.gb.run("recall", self.rows[0]["id"])
        pair.wait_settled()
        self.kr.stop()
        self.author = hostile.Author(self.kr, self.gb)
        self.size = len(self.author.entries)
        self.before = look.counts(self.gb)
        self.frozen = 0

    def calm(self):
        """Nothing is frozen, and nothing was stored."""
        assert self.gb.link_to("kr")["state"] == "live", self.gb.link_to("kr")
        assert look.counts(self.gb) == self.before

    def expect_frozen(self, code, shown=None):
        """Frozen, durably, with both notes kept; until somebody decides."""
        self.frozen += 1
        link = self.gb.link_to("kr")
        assert (link["state"], link["frozen_code"]) == ("frozen", code), link
        assert link["contradictions"] == self.frozen, link
        held, kept = look.query(self.gb, "SELECT held, shown FROM link_evidence WHERE n = ?",
                                self.frozen)[0]
        assert held.split("\n")[0] in (self.author.origin, self.author.theirs), held
        assert shown is None or kept.encode() == shown, kept
        audit = look.query(self.gb, "SELECT action, detail FROM audit ORDER BY seq DESC"
                           " LIMIT 1")
        assert audit == [("link.freeze", code)], audit
        assert look.counts(self.gb) == self.before
        text = self.gb.run("status").stdout
        assert b"FROZEN" in text, text
        with open(self.gb.log, "rb") as log:
            assert b"link.frozen" in log.read()

    def decide(self):
        self.gb.run("link", "unfreeze", "kr")
        self.calm()
        self.before = look.counts(self.gb)

    # The cases

    def the_truth(self):
        status, body = self.author.push(self.author.batch(self.size))
        assert status == 200, body
        self.calm()

    def fork(self):
        other = self.author.copy()
        other.entries[-1] = other.entry(number=self.size - 1, t="2026-01-01T00:00:00.000000Z")
        other.append()
        data = other.batch(self.size - 1)
        status, body = other.push(data)
        assert status == 422 and b"LE-SEQ-DUP" in body, (status, body)
        self.expect_frozen("LE-SEQ-DUP", other.note())
        kept = look.one(self.gb, "SELECT bytes FROM link_evidence WHERE n = ?", self.frozen)
        assert data.startswith(kept) and other.entries[-1] in kept

    def frozen_stays(self):
        """Both directions stand still, over a restart; a release holds, a recall waits."""
        status, body = self.author.push(self.author.batch(self.size))
        assert status == 409 and b"frozen" in body, (status, body)
        assert self.author.submit(self.size, self.author.note())[0] == 503
        for args in (["export", "kr", "--out", self.pair.path("x")], ["resume", "kr"],
                     ["pause", "kr"]):
            done = self.gb.run("link", *args, check=False)
            assert done.returncode != 0 and b"frozen" in done.stderr, done
        self.gb.run("link", "add", self.pair.path("agreement"), "--address", self.kr.address)
        self.gb.stop()
        self.gb.start(listen=self.gb.address.split("//")[1])
        assert self.gb.link_to("kr")["state"] == "frozen"
        self.gb.run("link", "remove", "kr")
        assert self.gb.json("status")["links"] == []
        self.gb.run("link", "add", self.pair.path("agreement"), "--address", self.kr.address)
        assert self.gb.link_to("kr")["state"] == "frozen", "removed and added, it was live"
        row = made.indicator("held-while-frozen", "clear")
        self.gb.json("import", "-", data=made.bundle([row]))
        answer = release(self.gb, row)
        assert answer["released"] == 0, answer
        assert answer["withheld"][0]["code"] == "link-frozen", answer
        assert answer["withheld"][0]["result"] == "HOLD", answer
        recalled = self.gb.json("recall", self.rows[1]["id"])
        assert recalled["demands"] == 1, recalled
        self.before = look.counts(self.gb)
        self.decide()
        done = self.gb.run("link", "unfreeze", "kr", check=False)
        assert done.returncode != 0 and b"not frozen" in done.stderr, done
        assert release(self.gb, row)["released"] == 1
        self.before = look.counts(self.gb)

    def longer_fork(self):
        """From before what is held, and longer: no entry is repeated, but the root tells."""
        other = self.author.copy()
        other.entries[0] = other.entry(number=0, kind=json.loads(other.entries[0])["k"],
                                       t="2026-01-01T00:00:00.000000Z")
        other.append()
        status, body = other.push(other.batch(self.size))
        assert status == 422, (status, body)
        self.expect_frozen("LE-CP-CONS", other.note())
        self.decide()

    def false_peer(self):
        """An entry says that our log had another root, or entries that it never had."""
        own = int(look.one(self.gb, "SELECT size FROM log WHERE is_ours = 1"))
        for size in (2, own + 50):
            other = self.author.copy()
            other.append(x={"n": str(size), "r": "11" * 32})
            if size == 2:  # x falls: refused, and no fork
                status, body = other.push(other.batch(self.size))
                assert status == 400, (status, body)
                self.calm()
                continue
            status, body = other.push(other.batch(self.size))
            assert status == 422, (status, body)
            self.expect_frozen("LE-X-FALSE", other.note())
            self.decide()

    def false_cosignature(self):
        """Our own key under a history that our log does not have: we were rolled back, or our
        key is not ours alone."""
        key = hostile.Key(os.path.join(self.gb.folder, "keys", "log-kr-1.key"))
        thief = self.author.copy()
        thief.key = key
        note = thief.note(size=2, top=b"\x22" * 32, origin=key.name)
        data = self.author.batch(self.size, self.author.cosigned(note, int(time.time())))
        status, body = self.author.push(data)
        assert status == 422 and b"FORK" in body, (status, body)
        self.expect_frozen("LE-CP-CONS")
        self.decide()

    def same_size_other_root(self):
        note = self.author.note(top=b"\x33" * 32)
        status, _ = self.author.submit(self.size, note)
        assert status == 422, status
        self.expect_frozen("LE-CP-CONS", note)
        self.decide()

    def repeated_number(self):
        other = self.author.copy()
        other.append()
        other.entries.append(other.entry(number=self.size))
        status, body = other.push(other.batch(self.size))
        assert status in (400, 422) and b"LE-SEQ-DUP" in body + self.last_log(), (status, body)
        self.expect_frozen("LE-SEQ-DUP")
        self.decide()

    def last_log(self):
        with open(self.gb.log, "rb") as log:
            return log.read()[-2000:]

    def carried_fork(self):
        """Carried by hand: what the courier can have made is refused and stops nothing; what
        only the partner can have signed stops the pair."""
        path = self.pair.path("carried.batch")
        other = self.author.copy()
        other.append(t="2026-01-01T00:00:00.000000Z")
        note = other.note()
        other.entries[-1] = other.entry(number=self.size, t="2026-02-01T00:00:00.000000Z")
        with open(path, "wb") as file:
            file.write(other.batch(self.size, note=note))  # not what the note signs
        done = self.gb.run("link", "import", path, check=False)
        assert done.returncode == 4, done
        self.calm()
        other = self.author.copy()
        other.entries[-1] = other.entry(number=self.size - 1, t="2026-01-01T00:00:00.000000Z")
        with open(path, "wb") as file:
            file.write(other.batch(self.size - 1))
        done = self.gb.run("link", "import", path, check=False)
        assert done.returncode == 4, done
        self.expect_frozen("LE-CP-CONS", other.note())
        self.decide()

    def gap(self):
        other = self.author.copy()
        other.append().append()
        status, body = other.push(other.batch(self.size + 1))
        assert status == 409 and b"LE-SEQ-GAP" in body, (status, body)
        self.calm()

    def rolled_back(self):
        """An older state shown again, as a log that was restored does, changes nothing."""
        other = self.author.copy()
        other.entries = other.entries[:-2]
        for first in range(len(other.entries) + 1):
            status, body = other.push(other.batch(first))
            assert status == 200, (status, body)
        self.calm()
        status, body = other.submit(len(other.entries), other.note())
        assert (status, body) == (409, b"%d\n" % self.size), (status, body)
        self.calm()

    def other_realm(self):
        """Entries, headers and checkpoints of an exercise, signed with the live key."""
        exercise = self.author.origin.replace("/live/", "/exercise-2026/")
        theirs = self.author.theirs.replace("/live/", "/exercise-2026/")
        tries = [self.author.batch(self.size, **{"from": exercise}),
                 self.author.batch(self.size, **{"from": exercise, "to": theirs}),
                 self.author.batch(self.size, note=self.author.note(origin=exercise))]
        other = self.author.copy()
        other.append(o=exercise, p=theirs)
        tries.append(other.batch(self.size))
        for data in tries:
            status, body = self.author.push(data)
            assert status in (400, 403, 404), (status, body)
        assert self.author.submit(self.size, self.author.note(origin=exercise))[0] == 404
        assert self.author.read(exercise, "checkpoint")[0] == 404
        self.calm()

    def submissions(self):
        """add-checkpoint, by the table of C2SP tlog-witness."""
        note, leaves = self.author.note(), self.author.leaves()
        longer = self.author.copy().append()
        proof = hostile.consistency(self.size, longer.leaves())
        bad = note[:-6] + (b"AAAA" if note[-6:-2] != b"AAAA" else b"BBBB") + note[-2:]
        for why, answer, want in (
                ("same again", self.author.submit(self.size, note), 200),
                ("SV14 old size larger", self.author.submit(self.size + 1, note), 400),
                ("no body", self.author.submit(self.size, b""), 400),
                ("bad signature", self.author.submit(self.size, bad), 403),
                ("old size differs", self.author.submit(0, note), 409),
                ("SV15 proof from 0", self.author.submit(0, note, [leaves[0]]), 409),
                ("bad proof", self.author.submit(self.size, longer.note(), [b"\1" * 32]), 422),
                ("SV16 not held", self.author.submit(self.size, longer.note(), proof), 503)):
            assert answer[0] == want, (why, answer)
        status, body = self.author.submit(self.size, note)
        assert body.startswith("\u2014 node.gb.example/live/cosign ".encode()), body
        status, body = self.author.read(self.author.origin, "checkpoint")
        assert status == 200 and note in body and body.count("\u2014".encode()) == 2, body
        self.calm()

    def racing(self):
        """Sizes submitted at once, smaller ones among them: what was cosigned never falls."""
        sizes, seen = [self.size, self.size - 1, self.size, self.size - 2] * 4, []

        def submit(size):
            seen.append(self.author.submit(self.size, self.author.note(size))[0])
        threads = [threading.Thread(target=submit, args=(size,)) for size in sizes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert set(seen) <= {200, 400, 503}, seen
        status, body = self.author.read(self.author.origin, "checkpoint")
        assert status == 200 and body.split(b"\n")[1] == b"%d" % self.size, body
        self.calm()

    def clocks_differ(self):
        """A cosignature from the future says how far, and nothing of when."""
        _, note = self.author.read(self.author.theirs, "checkpoint/cosigned")
        note = note.split("\n\u2014 ".encode())[0].rstrip(b"\n") + b"\n\n" + [
            line for line in note.split(b"\n") if b"node.gb.example/live/ledger" in line
            and line.startswith("\u2014".encode())][0] + b"\n"
        left = self.gb.link_to("kr")["fail_closed_s"]
        late = self.author.cosigned(note, int(time.time()) + 7200)
        status, body = self.author.push(self.author.batch(self.size, late))
        assert status == 200, (status, body)
        after = self.gb.link_to("kr")["fail_closed_s"]
        assert after <= left, (left, after)
        with open(self.gb.log, "rb") as log:
            assert b"link.clock" in log.read()
        status, body = self.author.push(self.author.batch(
            self.size, self.author.cosigned(note, int(time.time()))))
        assert status == 200 and self.gb.link_to("kr")["fail_closed_s"] >= after

    def tiles(self):
        """Both logs, read by the partner as C2SP says, before and after a kill."""
        read = self.author.read
        status, entries = read(self.author.origin, "tile/entries/000.p/%d" % self.size)
        assert status == 200
        found, rest = [], entries
        while rest:
            size = struct.unpack(">H", rest[:2])[0]
            found.append(rest[2:2 + size])
            rest = rest[2 + size:]
        assert found == self.author.entries
        status, tile = read(self.author.origin, "tile/0/000.p/%d" % self.size)
        assert (status, tile) == (200, b"".join(self.author.leaves()))
        assert read(self.author.origin, "tile/0/000.p/2") == (200, tile[:64])
        for path in ("tile/0/000", "tile/0/000.p/%d" % (self.size + 1), "tile/0/001.p/1",
                     "tile/1/000.p/1", "tile/0/000.p/0", "tile/64/000", "tile/0/0", "tile/",
                     "tile/entries/001.p/1", "tile/0/x000/000.p/1", "tile/0/000.p/02"):
            assert read(self.author.origin, path)[0] == 404, path
        _, ours = read(self.author.theirs, "checkpoint")
        width = int(ours.split(b"\n")[1])
        before = read(self.author.theirs, "tile/0/000.p/%d" % width)
        assert before[0] == 200 and len(before[1]) == 32 * width
        self.gb.kill()
        self.gb.start(listen=self.gb.address.split("//")[1])
        assert read(self.author.theirs, "tile/0/000.p/%d" % width) == before
        for origin in ("node.gb.example/live/ledger/us/1", "node.gb.example", "x"):
            assert read(origin, "checkpoint") == read("y", "checkpoint")
        assert read(self.author.theirs, "checkpoint", certificate=False)[0] == 403

    def any_time(self):
        """Entries an hour early and an hour late are as good as any. From here on the true
        partner's log is behind its own, so this comes last."""
        self.kr.stop()
        other = hostile.Author(self.kr, self.gb)
        size = len(other.entries)
        other.append(t="2020-01-01T00:00:00.000000Z").append(t="2040-01-01T00:00:00.000000Z")
        status, body = other.push(other.batch(size))
        assert status == 200, (status, body)
        assert self.gb.link_to("kr")["peer_size"] == size + 2

    def end(self):
        """The true partner comes back: all that waited is delivered, and nothing forked."""
        self.kr.start(listen=self.kr_at)
        self.pair.wait_settled()
        assert not look.two_roots(self.gb) and not look.two_roots(self.kr)
        for found in look.verify(self.pair):
            assert found["unreceipted"] == 0, found


def third_party(folder):
    """Another partner of the same node learns nothing of this pair, not even that it is."""
    with tap.linked(folder, sys.argv[1], "third") as pair:
        send(pair.gb, "kr", "not-for-us")
        pair.wait_settled()
        us = Node(sys.argv[1], pair.path("us"), "us", "USA").start()
        try:
            agreement = pair.path("agreement.us")
            for node, other in ((pair.gb, "us"), (us, "gb")):
                node.run("link", "offer", "--to", other, "--out",
                         pair.path(node.party + ".with"))
            us.run("link", "agree", pair.path("gb.with"), pair.path("us.with"), "--out",
                   agreement)
            for node in (pair.gb, us):
                node.run("link", "sign", agreement)
            pair.gb.run("link", "add", agreement)
            theirs = look.certificate_of(us)

            def read(origin, path):
                name = hashlib.sha256(origin.encode()).hexdigest()
                return look.ask(pair.gb, "GET", "/link/v1/ledger/%s/%s" % (name, path), None,
                                theirs)
            for path in ("checkpoint", "checkpoint/cosigned", "tile/0/000.p/1",
                         "tile/entries/000.p/1"):
                none = read("no such log", path)
                assert none[0] == 404, none
                for origin in ("node.gb.example/live/ledger/kr/1",
                               "node.kr.example/live/ledger/gb/1"):
                    assert read(origin, path) == none, (origin, path)
            author = hostile.Author(pair.kr, pair.gb)
            author.certificate = theirs
            assert author.submit(len(author.entries), author.note())[0] == 404
            assert author.push(author.batch(0))[0] == 400
            assert pair.gb.link_to("kr")["state"] == pair.gb.link_to("us")["state"] == "live"
        finally:
            us.kill()


def signer_refuses(pair):
    """The signer alone, asked for what must not be signed."""
    pair.stop()
    journal = os.path.join(pair.gb.folder, "signer.journal")
    with open(journal, "rb") as file:
        before = file.read()
    lines = [line for line in before.split(b"\n") if b"gb.example" in line]
    origin, size, _ = lines[-1].split()
    size = int(size)
    ours, theirs = socket.socketpair()
    with subprocess.Popen([pair.gb.program, "signer", "-n", pair.gb.folder],
                          preexec_fn=lambda: os.dup2(theirs.fileno(), 3), close_fds=False,
                          stderr=subprocess.DEVNULL) as signer:
        theirs.close()
        for old, new in ((size, size), (size, size - 1), (size, size + 1), (0, size),
                         (size - 1, size)):
            body = struct.pack(">I", len(origin)) + origin + struct.pack(">QQ", old, new)
            body += b"\x44" * 32 + struct.pack(">I", 32) + b"\x55" * 32
            ours.sendall(struct.pack(">IB", len(body), 2) + body)
            head = ours.recv(5, socket.MSG_WAITALL)
            length, kind = struct.unpack(">IB", head)
            answer = ours.recv(length, socket.MSG_WAITALL)
            assert kind == 65, (old, new, kind, answer)
        ours.close()
        assert signer.wait(10) == 0
    with open(journal, "rb") as file:
        assert file.read() == before


def silent_partner(folder):
    """No answer for T: above CLEAR is held, CLEAR goes on, and it ends without a restart."""
    with tap.linked(folder, sys.argv[1], "silent") as pair:
        send(pair.gb, "kr", "before-the-silence")
        pair.wait_settled()
        listen = pair.kr.address.split("//")[1]
        pair.kr.stop()
        pair.gb.stop()
        with contextlib.closing(sqlite3.connect(pair.gb.folder + "/store.db")) as db:
            db.execute("UPDATE checkpoint SET at_us = at_us - ?", (5 * HOUR_US,))
            db.commit()
        pair.gb.start(listen=pair.gb.address.split("//")[1])
        green, clear = made.indicator("green", "green"), made.indicator("clear", "clear")
        pair.gb.json("import", "-", data=made.bundle([green, clear]))
        answer = release(pair.gb, green)
        assert answer["released"] == 0, answer
        assert answer["withheld"][0]["code"] == "cosignature-stale", answer
        assert release(pair.gb, clear)["released"] == 1
        link = pair.gb.link_to("kr")
        assert link["fail_closed_s"] == 0 and link["unreceipted"], link
        assert not link["receipt_overdue"], link
        assert b"ALARM" in pair.gb.run("status").stdout
        with open(pair.gb.log, "rb") as log:
            assert b"link.failclosed" in log.read()
        pair.kr.start(listen=listen)
        pair.gb.run("link", "add", pair.path("agreement"), "--address", pair.kr.address)
        pair.wait_settled()
        assert pair.gb.link_to("kr")["fail_closed_s"] > 14000
        assert release(pair.gb, green)["released"] == 1
        pair.wait_settled()


def main():
    run = tap.Tap()
    with tap.folder() as folder:
        with tap.linked(folder, sys.argv[1]) as pair:
            matrix = Matrix(pair)
            for name, case in (
                    ("the true partner is believed", matrix.the_truth),
                    ("L1 SV1 a fork freezes the pair, both notes kept", matrix.fork),
                    ("L1 a frozen pair stays so until it is decided", matrix.frozen_stays),
                    ("L1 SV1 a longer fork freezes the pair", matrix.longer_fork),
                    ("L1 SV2 a head that we never signed freezes the pair",
                     matrix.false_peer),
                    ("L1 SV2 a cosigned head that our log has not freezes the pair",
                     matrix.false_cosignature),
                    ("L1 SV2 a partner rolled back changes nothing", matrix.rolled_back),
                    ("L1 SV4 the same size with another root freezes the pair",
                     matrix.same_size_other_root),
                    ("L1 SV7 a number used twice freezes the pair", matrix.repeated_number),
                    ("L1 a courier cannot freeze a pair, a fork in a file does",
                     matrix.carried_fork),
                    ("L2 SV8 a gap is refused, and its entries come again", matrix.gap),
                    ("L1 SV10 what was cosigned never falls", matrix.racing),
                    ("SV13 a cosignature of the future counts as absent",
                     matrix.clocks_differ),
                    ("L1 SV14 SV15 SV16 add-checkpoint follows its table",
                     matrix.submissions),
                    ("L1 SV5 both logs can be read, and read the same after a kill",
                     matrix.tiles),
                    ("R1 SV18 nothing of another realm is taken", matrix.other_realm),
                    ("L1 L2 L3 the true partner goes on after all that", matrix.end),
                    ("SV13 an author's clock does not matter", matrix.any_time)):
                run.case(name, case)
            run.case("L1 SV17 the signer refuses what is not consistent", signer_refuses, pair)
        run.case("V1 a third party is told nothing of the pair", third_party, folder)
        run.case("SV3 a silent partner stops what is above CLEAR", silent_partner, folder)
    run.end()


if __name__ == "__main__":
    main()
