# SPDX-License-Identifier: Apache-2.0
"""Usage: test_destroyed.py BONGSU [KILLS]

What was destroyed is nowhere (S3): every file of the data directory and the node's log are
searched for the object's text, its values, its salt and the digests of its variants, after a
recall, after the undoing of an import, after a restart, and after kill -9 in the middle."""
import os
import random
import sys
import threading
import time

import look
import made
import tap

SECRET = "kukulcan"


def rows_of(name, n):
    """Objects whose every part says a word of its own."""
    rows = []
    for i in range(n):
        word = "%s-%s-%03d" % (SECRET, name, i)
        rows.append(made.indicator(word, "green", description="prose of " + word,
                                   labels=["label-of-" + word]))
        rows.append({"type": "domain-name", "spec_version": "2.1", "value": word + ".example",
                     "id": made.identify("domain-name", word)})
    return rows


def needles(node, rows):
    """What must be found before, and nowhere after: words of the text, and salts."""
    found = set()
    for row in rows:
        word = row["value"][:-len(".example")] if "value" in row else row["name"][5:]
        found.add(word.encode())
        for table in ("payload", "received_payload"):
            found.update(salt for (salt,) in look.query(
                node, "SELECT p.salt FROM %s p JOIN object_version o ON o.seq = p.object_seq"
                " WHERE o.id = ? AND p.salt IS NOT NULL" % table, row["id"]))
    return found


def search(node, wanted):
    """The needles that stand anywhere in the node's files."""
    found, paths = {}, [node.log]
    for top, _, names in os.walk(node.folder):
        paths += [os.path.join(top, name) for name in names]
    for path in paths:
        if not os.path.isfile(path):
            continue
        with open(path, "rb") as file:
            data = file.read()
        for needle in wanted:
            if needle in data:
                found.setdefault(os.path.basename(path), []).append(needle)
    return found


def wait_gone(node, wanted, wait_s=30):
    """The log is emptied after the commit, by a thread of its own."""
    until = time.monotonic() + wait_s
    while True:
        found = search(node, wanted)
        if not found or time.monotonic() > until:
            assert not found, (node.party, {k: v[:3] for k, v in found.items()})
            return
        time.sleep(0.1)


class Destroyed:
    def __init__(self, pair, program):
        self.gb, self.kr, self.pair, self.program = pair.gb, pair.kr, pair, program

    def take(self, rows):
        data = made.lines(rows)
        return self.gb.json("import", "-", "--handling", "green", data=data)["import"]

    def share(self, rows):
        number = self.take(rows)
        self.gb.json("release", *[row["id"] for row in rows], "--to", "kr")
        self.pair.wait_settled()
        return number

    def recalled(self):
        rows = rows_of("recalled", 20)
        self.share(rows)
        wanted = needles(self.kr, rows)
        salts = [needle for needle in wanted if len(needle) == 32]
        assert len(salts) == 40, len(salts)
        assert search(self.kr, wanted), "the search finds nothing: it proves nothing"
        for row in rows:
            self.gb.json("recall", row["id"])
        self.pair.wait_settled()
        wait_gone(self.kr, wanted)
        # Who recalled it keeps the object; the salts of what went are needed for evidence.
        assert search(self.gb, {rows[0]["name"][5:].encode()})

    def undone(self):
        rows = rows_of("undone", 150)
        number = self.take(rows)
        self.gb.json("release", *[row["id"] for row in rows[:40]], "--to", "kr")
        self.pair.wait_settled()
        wanted = needles(self.gb, rows)
        assert len(wanted) >= 150 + 40
        self.gb.json("import", "undo", str(number), "--destroy")
        wait_gone(self.gb, wanted)
        for row in rows[:40]:
            self.gb.json("recall", row["id"])
        self.pair.wait_settled()
        wait_gone(self.kr, wanted)

    def restarted(self):
        rows = rows_of("restarted", 10)
        number = self.share(rows)
        wanted = needles(self.gb, rows) | needles(self.kr, rows)
        self.gb.json("import", "undo", str(number), "--destroy")
        for row in rows:
            self.gb.json("recall", row["id"])
        self.pair.wait_settled()
        for node in self.pair.both():
            assert node.stop() == 0
            assert not search(node, wanted), node.party
        self.pair.start()
        for node in self.pair.both():
            wait_gone(node, wanted)

    def killed(self, kills):
        """kill -9 while an import is undone; the command is given again after the start."""
        for round_no in range(kills):
            rows = rows_of("killed%d" % round_no, 250)
            number = self.take(rows)
            wanted = needles(self.gb, rows)
            killer = random.Random(round_no)
            later = threading.Timer(killer.uniform(0.0, 0.08), self.gb.process.kill)
            later.start()
            self.gb.run("import", "undo", str(number), "--destroy", check=False)
            later.join()
            self.gb.kill()
            self.gb.start()
            listed = self.gb.json("imports", "--limit", "1")["imports"][0]
            assert listed["import"] == number, listed
            again = self.gb.json("import", "undo", str(number), "--destroy")
            assert again["rows"] == 500, again
            states = look.query(self.gb, "SELECT s.state, count(*) FROM object_version o"
                                " JOIN object_state s ON s.seq = o.seq WHERE o.import_id = ?"
                                " GROUP BY 1", number)
            assert states == [("destroyed", 500)], states
            events = look.one(self.gb, "SELECT max(n) FROM (SELECT count(*) AS n FROM"
                              " handling_event e JOIN object_version o ON o.seq = e.object_seq"
                              " WHERE o.import_id = ? GROUP BY e.object_seq)", number)
            assert events == 1, events
            wait_gone(self.gb, wanted)


def main(program, kills="3"):
    cases = tap.Tap()
    with tap.folder() as path, tap.linked(path, program) as pair:
        run = Destroyed(pair, program)
        for name, step, *more in (
                ("S3 what was recalled is nowhere at the receiver", run.recalled),
                ("S3 what an undone import brought is nowhere", run.undone),
                ("S3 nor is it after a stop and a start", run.restarted),
                ("S1 S3 an undoing that was killed is finished by giving it again", run.killed,
                 int(kills))):
            cases.case(name, step, *more)
    cases.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
