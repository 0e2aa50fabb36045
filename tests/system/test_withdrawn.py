# SPDX-License-Identifier: Apache-2.0
"""Usage: test_withdrawn.py BONGSU

What is recalled or destroyed before it was delivered never arrives, and still its entry is
delivered, receipted once, and the recall answered."""
import contextlib
import os
import sqlite3
import sys

import batches
import look
import made
import tap


def send(pair, names, level="green"):
    """Releases objects that fit one entry, while nothing can be delivered."""
    rows = [made.indicator(name, level) for name in names]
    pair.gb.run("link", "pause", "kr")
    pair.gb.json("import", "-", data=made.lines(rows))
    answer = pair.gb.json("release", *[row["id"] for row in rows], "--to", "kr")
    assert (answer["released"], answer["entries"]) == (len(rows), 1), answer
    return rows


def deliver(pair):
    pair.gb.run("link", "resume", "kr")
    link = pair.wait_settled()[0]
    assert not look.unreceipted(pair.gb, True) and not look.unreceipted(pair.kr, False)
    assert link["recalled"] == link["recalls_answered"], link
    for found in look.verify(pair):
        assert found["unreceipted"] == 0, found


def holds(node, row):
    return node.run("show", row["id"], check=False).returncode == 0


def is_nowhere(node, name):
    for place, _, files in os.walk(node.folder):
        for file in files:
            path = os.path.join(place, file)
            if os.path.isfile(path):
                with open(path, "rb") as data:
                    assert name.encode() not in data.read(), "%s in %s" % (name, path)


def recalled_first(pair):
    rows = send(pair, ["stays-1", "withdrawn-first", "stays-2"])
    pair.gb.run("recall", rows[1]["id"])
    salts = look.query(pair.gb, "SELECT salt IS NULL FROM payload ORDER BY log_id, idx, n")
    assert sorted(salts) == [(0,), (0,), (1,)], salts
    deliver(pair)
    assert [holds(pair.kr, row) for row in rows] == [True, False, True]
    is_nowhere(pair.kr, "withdrawn-first")


def recalled_whole(pair):
    rows = send(pair, ["whole-1", "whole-2"])
    for row in rows:
        pair.gb.run("recall", row["id"])
    deliver(pair)
    assert not any(holds(pair.kr, row) for row in rows)
    is_nowhere(pair.kr, "whole-1")


def destroyed_first(pair):
    """As a destruction leaves it: no bytes, no salt, no recall entry of ours."""
    rows = send(pair, ["kept", "gone"])
    pair.gb.stop()
    with contextlib.closing(sqlite3.connect(pair.gb.folder + "/store.db")) as db:
        seq = db.execute("SELECT seq FROM object_version WHERE id = ?",
                         (rows[1]["id"],)).fetchone()[0]
        db.execute("DELETE FROM object_bytes WHERE seq = ?", (seq,))
        db.execute("UPDATE payload SET salt = NULL, state = 2 WHERE object_seq = ?", (seq,))
        db.execute("INSERT INTO object_state (seq, state) VALUES (?, 'destroyed')", (seq,))
        db.commit()
    pair.gb.start(listen=pair.gb.address.split("//")[1])
    deliver(pair)
    assert [holds(pair.kr, row) for row in rows] == [True, False]
    audit = look.query(pair.gb, "SELECT action FROM audit WHERE action = 'link.withdraw'")
    assert len(audit) == 1, audit


def carried(pair):
    """By hand: a withdrawn leaf travels in a file; one that was not is not believed."""
    rows = send(pair, ["carried-1", "carried-2"])
    pair.kr.run("link", "pause", "gb")
    path = pair.path("whole.batch")
    pair.gb.run("link", "export", "kr", "--out", path)
    with open(path, "rb") as file:
        magic, frames = batches.frames_of(file.read())
    place = [at for at, (kind, _) in enumerate(frames) if kind == batches.PAYLOAD][0]
    frames[place] = (batches.PAYLOAD, batches.bare(frames[place][1]))
    cut = pair.path("cut.batch")
    with open(cut, "wb") as file:
        file.write(batches.sealed(magic, frames))
    before = look.counts(pair.kr)
    done = pair.kr.run("link", "import", cut, check=False)
    assert done.returncode == 4 and b"has not recalled" in done.stderr, done.stderr
    assert look.counts(pair.kr) == before
    pair.gb.run("recall", rows[0]["id"])
    pair.gb.run("link", "export", "kr", "--out", path)
    answer = pair.kr.json("link", "import", path)
    assert answer["objects"] == 1, answer
    # The batch from before the recall comes late: it changes nothing.
    before = look.counts(pair.kr)
    pair.gb.run("link", "export", "kr", "--out", path)
    pair.kr.run("link", "import", path)
    assert look.counts(pair.kr) == before
    pair.kr.run("link", "resume", "gb")
    deliver(pair)
    assert [holds(pair.kr, row) for row in rows] == [False, True]


def main():
    run = tap.Tap()
    with tap.folder() as folder, tap.linked(folder, sys.argv[1]) as pair:
        run.case("L2 S3 what is recalled before it was delivered never arrives",
                 recalled_first, pair)
        run.case("L2 an entry of which nothing is left is receipted", recalled_whole, pair)
        run.case("L2 S3 what is destroyed before it was delivered never arrives",
                 destroyed_first, pair)
        run.case("L2 a courier cannot leave out what was not recalled", carried, pair)
    run.end()


if __name__ == "__main__":
    main()
