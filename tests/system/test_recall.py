# SPDX-License-Identifier: Apache-2.0
"""Usage: test_recall.py BONGSU

Recalls between three nodes: passed on to those who got the object from us, answered by choice,
overdue for both sides to see, and followed into what was made from the object."""
import json
import os
import sys

import look
import made
import tap


def shown(node, name):
    done = node.run("show", name, "--json", check=False)
    return json.loads(done.stdout)["rows"] if done.returncode == 0 else []


def state(node, name):
    return look.query(node, "SELECT coalesce(s.state, 'in-force') FROM object_version o LEFT"
                      " JOIN object_state s ON s.seq = o.seq WHERE o.id = ?", name)[0][0]


def entries(node, kind):
    """(party, entry) of each entry of that kind in the node's own logs."""
    rows = look.query(node, "SELECT l.party, e.bytes FROM ledger_entry e JOIN log l"
                      " ON l.id = e.log_id WHERE l.is_ours = 1 ORDER BY e.log_id, e.idx")
    found = [(party, json.loads(text)) for party, text in rows]
    return [(party, entry) for party, entry in found if entry["k"] == kind]


def proposed(node):
    return sorted(row["id"] for row in node.json("recall", "--proposed")["proposals"])


class Recall:
    def __init__(self, pair, onward):
        self.gb, self.kr, self.us = pair.gb, pair.kr, onward.kr
        self.pair, self.onward = pair, onward

    def settle(self):
        self.pair.wait_settled()
        self.onward.wait_settled()
        self.pair.wait_settled()

    def share(self, *rows):
        """From gb to kr, and on to us."""
        names = [row["id"] for row in rows]
        self.gb.json("import", "-", data=made.lines(rows))
        self.gb.json("release", *names, "--to", "kr")
        self.pair.wait_settled()
        assert self.kr.json("release", *names, "--to", "us")["released"] == len(rows)
        self.onward.wait_settled()

    def passed_on(self):
        rows = [made.indicator("onward %d" % i, "clear") for i in range(3)]
        self.share(*rows)
        assert shown(self.us, rows[0]["id"])
        self.gb.json("recall", rows[0]["id"])
        self.settle()
        for node in (self.kr, self.us):
            assert state(node, rows[0]["id"]) == "destroyed", node.party
            assert state(node, rows[1]["id"]) == "in-force", node.party
        acks = [entry["b"] for _, entry in entries(self.kr, "recall-ack")]
        assert len(acks) == 1 and acks[0]["down"] == "1", acks
        assert acks[0]["downstream_notified"] is True and acks[0]["left"] == "0", acks
        down = [(party, entry["b"]) for party, entry in entries(self.kr, "recall")]
        assert [party for party, _ in down] == ["us"], down
        theirs = [entry["b"] for _, entry in entries(self.gb, "recall")]
        assert down[0][1]["id"] != theirs[0]["id"]  # nothing ties the two demands together
        acks = [entry["b"] for _, entry in entries(self.us, "recall-ack")]
        assert len(acks) == 1 and acks[0]["down"] == "0", acks
        assert acks[0]["downstream_notified"] is False, acks

    def asked(self):
        row = made.indicator("asked", "clear")
        self.share(row)
        self.kr.run("recall", "--choose", "ask", "--from", "gb")
        self.gb.json("recall", row["id"], "--reason", "wrong")
        self.settle()
        # Not used any more, by anybody, and not destroyed yet.
        assert state(self.kr, row["id"]) == "recalled" and not shown(self.kr, row["id"])
        assert state(self.us, row["id"]) == "destroyed"
        assert self.kr.run("lookup", "asked.example.org", check=False).returncode == 1
        for node, other, ours in ((self.gb, "kr", True), (self.kr, "gb", False)):
            found = node.json("recall", "--open")["recalls"]
            assert len(found) == 1, found
            assert (found[0]["party"], found[0]["ours"], found[0]["left"]) == (other, ours, 1)
            assert found[0]["reason"] == "wrong" and not found[0]["overdue"], found
            assert node.json("status")["recalls_overdue"] == 0
        done = self.kr.run("recall", row["id"], "--answer", "retained-legal", check=False)
        assert done.returncode == 4, done  # needs why
        self.kr.run("recall", row["id"], "--answer", "retained-legal", "--why", "court order 7")
        self.settle()
        assert state(self.kr, row["id"]) == "recalled" and not shown(self.kr, row["id"])
        ack = entries(self.kr, "recall-ack")[-1][1]["b"]
        assert ack["res"][0]["st"] == "retained-legal" and ack["down"] == "1", ack
        assert "court" not in json.dumps(entries(self.kr, "recall-ack"))
        for node in (self.gb, self.kr):
            assert node.json("recall", "--open")["recalls"] == []
        done = self.kr.run("recall", row["id"], "--answer", "destroyed", check=False)
        assert done.returncode == 1, done  # it was answered

    def quarantined(self):
        row = made.indicator("kept apart", "clear")
        self.share(row)
        self.gb.json("recall", row["id"])
        self.settle()
        self.kr.run("recall", row["id"], "--answer", "quarantined")
        self.settle()
        assert state(self.kr, row["id"]) == "quarantined"
        sql = "SELECT count(*) FROM recall_item WHERE state = 'quarantined'"
        assert look.one(self.gb, sql) == look.one(self.kr, sql) == 1

    def overdue(self):
        row = made.indicator("overdue", "clear")
        self.share(row)
        self.gb.json("recall", row["id"], "--hours", "1")
        self.settle()
        for node in (self.gb, self.kr):
            look.write(node, "UPDATE recall SET deadline_us = 1000000 WHERE EXISTS (SELECT 1"
                       " FROM recall_item i WHERE i.log_id = recall.log_id"
                       " AND i.idx = recall.idx AND i.state = 'open')")  # it has passed
            assert node.json("status")["recalls_overdue"] == 1, node.party
            assert node.json("recall", "--open")["recalls"][0]["overdue"], node.party
            assert b"OVERDUE" in node.run("recall", "--open").stdout
        self.kr.run("recall", row["id"], "--answer", "destroyed")
        self.settle()
        assert state(self.kr, row["id"]) == "destroyed"
        assert self.gb.json("status")["recalls_overdue"] == 0
        self.kr.run("recall", "--choose", "destroy", "--from", "gb")

    def cascade(self):
        row = made.indicator("origin", "clear")
        self.share(row)
        mine = made.malware("made from it", "clear")
        verb = made.relate("says so", mine, row, "clear", verb="derived-from")
        seen = made.make("sighting", "seen it", "clear", sighting_of_ref=row["id"])
        further = made.malware("made from that", "clear")
        again = made.relate("says so too", further, mine, "clear", verb="derived-from")
        other = made.malware("not made from it", "clear")
        rows = [mine, verb, seen, further, again, other]
        self.kr.json("import", "-", data=made.lines(rows))
        self.kr.json("release", mine["id"], seen["id"], "--to", "us")
        self.onward.wait_settled()
        self.gb.json("recall", row["id"])
        self.settle()
        assert proposed(self.kr) == sorted([mine["id"], seen["id"], further["id"]])
        assert state(self.kr, seen["id"]) == "quarantined"  # a machine made it
        assert state(self.kr, mine["id"]) == state(self.kr, other["id"]) == "in-force"
        # The officer decides on each.
        self.kr.run("recall", further["id"], "--decline")
        assert self.kr.json("recall", mine["id"])["parties"] == ["us"]
        assert self.kr.json("recall", seen["id"])["parties"] == ["us"]
        self.settle()
        assert state(self.us, mine["id"]) == "destroyed"
        assert proposed(self.kr) == [further["id"]]  # by its own origin, this time
        self.kr.run("recall", further["id"])
        assert state(self.kr, further["id"]) == "recalled"
        assert proposed(self.kr) == []

    def many(self):
        """More answers than one entry holds; each demand is a part of one release entry."""
        rows = [made.indicator("many %d" % i, "clear") for i in range(40)]
        report = self.gb.json("import", "-", data=made.lines(rows))
        self.gb.json("release", *[row["id"] for row in rows], "--to", "kr")
        self.pair.wait_settled()
        self.kr.json("release", *[row["id"] for row in rows[:20]], "--to", "us")
        self.onward.wait_settled()
        self.gb.json("import", "undo", str(report["import"]), "--destroy")
        for row in rows:
            self.gb.json("recall", row["id"])
        self.settle()
        assert {state(self.kr, row["id"]) for row in rows} == {"destroyed"}
        assert {state(self.us, row["id"]) for row in rows[:20]} == {"destroyed"}
        for node in (self.gb, self.kr, self.us):
            assert node.json("recall", "--open")["recalls"] == []

    def counted(self):
        """H5: of all that went anywhere and was recalled, nothing is left without an answer."""
        for node in (self.gb, self.kr):
            sql = "SELECT count(*) FROM recall_item i JOIN log l ON l.id = i.log_id" \
                " WHERE l.is_ours = 1 AND i.state = 'open'"
            assert look.one(node, sql) == 0, node.party
        actions = {action for (action,) in look.query(self.kr, "SELECT action FROM audit")}
        assert {"recall.answer", "recall.choose", "recall.decline"} <= actions, actions
        for node, is_ours in ((self.gb, True), (self.us, False)):
            assert look.unreceipted(node, is_ours) == [], node.party


def main(program):
    cases = tap.Tap()
    with tap.folder() as path, tap.linked(path, program) as pair:
        from pair import Node, Pair  # found through the path set by tap
        us = Node(program, os.path.join(path, "n", "us"), "us", "USA")
        try:
            us.start()
            us.run("token", "create", "demo", "--rights",
                   "read,import,release,recall,carry", "--save")
            onward = Pair.of(os.path.join(path, "n", "onward"), pair.kr, us)
            onward.link()
            run = Recall(pair, onward)
            for name, step in (
                    ("H5 a recall goes on to those who got the object from us", run.passed_on),
                    ("a receiver that wants to be asked answers later, with its reason",
                     run.asked),
                    ("a receiver may quarantine instead of destroying", run.quarantined),
                    ("an overdue recall is seen by both sides", run.overdue),
                    ("what was made from a recalled object goes to an officer", run.cascade),
                    ("many answers are split over entries", run.many),
                    ("H5 every recipient in the ledger has answered", run.counted)):
                cases.case(name, step)
            cases.case("L3 the ledgers of each pair verify offline", look.verify, pair)
            cases.case("the third node ends well", lambda: us.stop() == 0 or 1 / 0)
        finally:
            us.kill()
    cases.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
