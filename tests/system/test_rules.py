# SPDX-License-Identifier: Apache-2.0
"""Usage: test_rules.py BONGSU

Standing rules: sightings of a partner's indicators go home by themselves, once each, and
nothing else does."""
import json
import os
import sys
import time

import look
import made
import tap
from officers import Desk
from test_flash import make_stale
from test_keys import new_agreement
from test_status import alarms


def sighting(name, of, *markings):
    return made.make("sighting", name, *markings, count=1, sighting_of_ref=of["id"])


class Rules:
    def __init__(self, pair, path):
        self.gb, self.kr, self.pair = pair.gb, pair.kr, pair
        self.desk = Desk(pair.gb, os.path.join(path, "desk"))
        self.theirs = made.indicator("theirs", "green")
        self.ours = made.indicator("ours", "green")
        self.rule = self.options = None
        self.expected = set()
        self.addresses = [node.address.split("//")[1] for node in pair.both()]

    def ready(self):
        self.desk.register("kim", "park")
        self.kr.json("import", "-", data=made.lines([self.theirs]))
        self.kr.json("release", self.theirs["id"], "--to", "gb")
        self.pair.wait_settled()
        before = sighting("before", self.theirs, "green")
        self.gb.json("import", "-", data=made.lines([self.ours, before]))

    def needs_officers(self):
        ask = ("rule", "add", "--to", "kr", "--types", "sighting")
        order = self.desk.preview(*ask)
        for officers in ((), ("kim",), ("park", "park")):
            options = self.desk.approve(order, *officers)
            done = self.gb.run(*ask, *options, check=False)
            assert done.returncode == 3 and b"two different" in done.stderr, done
        options = self.desk.approve(order, "kim", "park")
        done = self.gb.run("rule", "add", "--to", "kr", "--types", "sighting,indicator",
                           *options, check=False)
        assert done.returncode == 3 and b"another order" in done.stderr, done
        done = self.gb.run(*ask, "--max-tlp", "red", *options, check=False)
        assert done.returncode == 4, done
        self.rule = self.gb.json(*ask, *options)["rule"]
        assert [row["rule"] for row in self.gb.json("rule", "list")["rules"]] == [self.rule]

    def arrived(self):
        return {name for (name,) in look.query(
            self.kr, "SELECT id FROM object_version WHERE source = 'gb'")}

    def wait_for(self, rows, wait_s=30):
        self.expected |= {row["id"] for row in rows}
        until = time.monotonic() + wait_s
        while self.arrived() != self.expected and time.monotonic() < until:
            time.sleep(0.1)
        assert self.arrived() == self.expected, (self.arrived() ^ self.expected)
        self.pair.wait_settled()

    def goes_home(self):
        rows = [sighting("seen-%d" % n, self.theirs, "green") for n in range(20)]
        self.gb.json("import", "-", data=made.lines(rows))
        self.wait_for(rows)
        detail = look.one(self.gb, "SELECT detail FROM audit WHERE action = 'release'"
                                   " ORDER BY seq DESC LIMIT 1")
        assert json.loads(detail)["rule"] == self.rule, detail

    def nothing_else(self):
        """V1: what the rule does not match stays, and what a sighting names is not pulled
        along; a rule asks no officer and lifts nothing."""
        mark = made.releasability("tight", orcon=True)
        rows = [sighting("of-ours", self.ours, "green"), sighting("red", self.theirs, "red"),
                sighting("amber", self.theirs, "amber"), made.malware("other", "clear"),
                mark, sighting("tight", self.theirs, "green", mark["id"])]
        last = sighting("last", self.theirs, "clear")
        self.gb.json("import", "-", data=made.lines(rows))
        self.gb.json("import", "-", data=made.lines([last]))
        self.wait_for([last])

    def only_the_newest(self):
        old = sighting("twice", self.theirs, "green")
        new = dict(old, modified="2026-03-01T00:00:00.000Z", count=2)
        self.gb.json("import", "-", data=made.lines([old, new]))
        self.wait_for([old])
        assert json.loads(self.kr.run("show", old["id"]).stdout) == new

    def after_a_kill(self):
        """S1 S2: killed at any time, each goes once."""
        rows = []
        for turn in range(4):
            more = [sighting("killed-%d-%d" % (turn, n), self.theirs, "green")
                    for n in range(60)]
            self.gb.json("import", "-", data=made.lines(more))
            time.sleep(0.25 * turn)
            self.gb.kill()
            self.gb.start(listen=self.addresses[0])
            rows += more
        self.wait_for(rows)
        twice = look.query(self.gb, "SELECT object_seq FROM payload GROUP BY object_seq"
                                    " HAVING count(*) > 1")
        assert twice == [], twice
        assert look.unreceipted(self.gb, True) == []

    def waits_for_the_link(self):
        """What the fail-closed rule holds up goes when the partner is back."""
        self.kr.stop()
        self.gb.stop()
        make_stale(self.gb)
        self.gb.start(listen=self.addresses[0])
        row = sighting("held-up", self.theirs, "green")
        self.gb.json("import", "-", data=made.lines([row]))
        time.sleep(2.5)
        assert look.one(self.gb, "SELECT count(*) FROM decision d JOIN object_version o ON"
                                 " o.seq = d.object_seq WHERE o.id = ?", row["id"]) == 0
        self.kr.start(listen=self.addresses[1])
        self.gb.run("link", "resume", "kr")
        self.wait_for([row])

    def stops_with_the_agreement(self):
        """Approved under one agreement, it releases nothing under the next, and says so;
        approved again it begins behind what came meanwhile."""
        path, _ = new_agreement(self.pair, "next", "700")
        assert "RULE_STOPPED" not in alarms(self.gb)
        self.gb.run("link", "renew", path)
        look.wait_until(lambda: "RULE_STOPPED" in alarms(self.gb))
        assert alarms(self.gb)["RULE_STOPPED"]["detail"] == self.rule
        row = sighting("under-the-next", self.theirs, "green")
        self.gb.json("import", "-", data=made.lines([row]))
        time.sleep(2.5)
        assert row["id"] not in self.arrived()
        self.gb.run("rule", "remove", self.rule)
        assert "RULE_STOPPED" not in alarms(self.gb)
        ask = ("rule", "add", "--to", "kr", "--types", "sighting")
        self.options = self.desk.approve(self.desk.preview(*ask), "kim", "park")
        self.rule = self.gb.json(*ask, *self.options)["rule"]
        row = sighting("approved-again", self.theirs, "green")
        self.gb.json("import", "-", data=made.lines([row]))
        self.wait_for([row])

    def removed(self):
        self.gb.run("rule", "remove", self.rule)
        assert self.gb.run("rule", "remove", self.rule, check=False).returncode == 1
        ask = ("rule", "add", "--to", "kr", "--types", "sighting")
        done = self.gb.run(*ask, *self.options, check=False)
        assert done.returncode == 3 and b"used before" in done.stderr, done
        row = sighting("after", self.theirs, "green")
        self.gb.json("import", "-", data=made.lines([row]))
        time.sleep(2.5)
        assert row["id"] not in self.arrived()


def main(program):
    cases = tap.Tap()
    with tap.folder() as path, tap.linked(path, program) as pair:
        run = Rules(pair, path)
        for name, step in (
                ("a partner's indicator", run.ready),
                ("a rule needs two officers", run.needs_officers),
                ("sightings go home by themselves", run.goes_home),
                ("V1 nothing else goes", run.nothing_else),
                ("of two versions the newest goes", run.only_the_newest),
                ("S1 S2 after kill -9 each goes once", run.after_a_kill),
                ("a rule waits for a link that is held up", run.waits_for_the_link),
                ("a rule ends with the agreement it was approved under",
                 run.stops_with_the_agreement),
                ("a rule that was removed releases nothing", run.removed)):
            cases.case(name, step)
        cases.case("L3 both ledgers verify offline", look.verify, pair)
    cases.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
