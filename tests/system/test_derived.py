# SPDX-License-Identifier: Apache-2.0
"""Usage: test_derived.py BONGSU

What was made from other objects may go no further than they may (H9, H11), whatever its author
wrote on it. Three nodes: kr originates, gb makes more of it, us would like to have that."""
import json
import os
import sys

import look
import made
import tap


def derived(name, source, target, *markings):
    return made.relate(name, source, target, *markings, verb="derived-from")


def sighting(name, of, *markings):
    return made.make("sighting", name, *markings, sighting_of_ref=of["id"], count=1)


class Derived:
    def __init__(self, pair):
        self.gb, self.kr, self.pair = pair.gb, pair.kr, pair
        mark = made.releasability("nobody-else", orcon=True)
        self.amber = made.indicator("amber", "amber")
        self.clear = made.indicator("clear", "clear")
        self.tight = [made.indicator("tight", "green", mark["id"]), mark]
        self.of_amber = made.malware("of-amber", "clear")
        self.of_made = made.malware("of-made", "clear")
        self.of_clear = made.malware("of-clear", "clear")
        self.of_tight = made.malware("of-tight", "clear")
        self.seen = sighting("seen", self.amber, "clear")
        self.secret = made.indicator("secret", "amber")
        self.of_secret = made.malware("of-secret", "green")
        self.circle = [made.malware("circle-%d" % i, "clear") for i in range(2)]
        self.free = made.malware("free", "clear")

    def ready(self):
        self.kr.json("import", "-", data=made.lines([self.amber, self.clear]))
        self.kr.json("release", self.amber["id"], self.clear["id"], "--to", "gb")
        self.pair.wait_settled()
        self.gb.json("import", "-", data=made.lines([
            *self.tight, self.of_amber, self.of_made, self.of_clear, self.of_tight, self.seen,
            self.secret, self.of_secret, *self.circle, self.free,
            derived("one", self.of_amber, self.amber, "clear"),
            derived("two", self.of_made, self.of_amber, "clear"),
            derived("three", self.of_clear, self.clear, "clear"),
            derived("four", self.of_tight, self.tight[0], "clear"),
            derived("five", self.of_secret, self.secret, "green"),
            derived("six", self.circle[0], self.circle[1], "clear"),
            derived("seven", self.circle[1], self.circle[0], "clear")]))

    def decided(self, row, to):
        done = self.gb.run("explain", row["id"], "--to", to, "--json", check=False)
        (found,) = json.loads(done.stdout)["rows"]
        return found["result"], found["rule"], found["handling"]

    def third_party(self):
        """Without a derivation each of these is CLEAR, which anybody may have."""
        assert self.decided(self.free, "us")[0] == "PERMIT"
        for row in (self.of_amber, self.of_made, self.seen):
            result, rule, handling = self.decided(row, "us")
            assert (result, rule) == ("DENY", "R5"), (row["id"], rule)
            assert handling["tlp"] == "amber" and handling["cav"] == ["ORIG:kr"], handling
        assert self.decided(self.of_clear, "us")[0] == "PERMIT"
        for row in self.circle:
            assert self.decided(row, "us")[0] == "PERMIT", "a circle ends"

    def goes_home(self):
        """To whom it came from it goes under the label of its author alone."""
        for row in (self.of_amber, self.of_made, self.seen):
            result, _, handling = self.decided(row, "kr")
            assert result == "PERMIT" and handling["tlp"] == "clear", (result, handling)

    def own_too(self):
        """Our own originator control holds for what we make, also toward a partner."""
        result, rule, handling = self.decided(self.of_tight, "kr")
        assert (result, rule) == ("HOLD", "R9") and handling["orcon"], (result, rule, handling)
        assert self.decided(self.of_secret, "kr")[2]["tlp"] == "amber"

    def as_released(self):
        """What goes carries what it was made from."""
        self.gb.json("release", self.of_secret["id"], "--to", "kr")
        self.pair.wait_settled()
        row = self.kr.json("show", self.of_secret["id"])["rows"][0]
        assert row["handling"]["tlp"] == "amber", row
        assert row["object"] == self.of_secret, "the bytes are the author's"

    def foreign_word(self):
        """A partner cannot make what is ours stricter by saying that it is made from his."""
        theirs = made.malware("theirs", "amber")
        claim = derived("claim", self.free, theirs, "green")
        self.kr.json("import", "-", data=made.lines([theirs, claim, self.free]))
        self.kr.json("release", theirs["id"], claim["id"], self.free["id"], "--to", "gb")
        self.pair.wait_settled()
        assert look.one(self.gb, "SELECT count(*) FROM derived_from d JOIN object_version v ON"
                                 " v.seq = d.by_seq WHERE v.source = 'kr'") == 1
        done = self.gb.run("explain", self.free["id"], "--to", "us", "--json", check=False)
        rows = {row["source"]: row for row in json.loads(done.stdout)["rows"]}
        assert rows["gb"]["result"] == "PERMIT", rows["gb"]
        assert rows["kr"]["result"] == "DENY", rows["kr"]  # of his own row it is his word

    def tightened(self):
        """H6 of what was made from it."""
        self.gb.json("tighten", self.secret["id"], "--handling", "red")
        proposed = self.gb.json("recall", "--proposed")["proposals"]
        assert self.of_secret["id"] in [row["id"] for row in proposed], proposed
        assert self.decided(self.of_secret, "kr")[2]["tlp"] == "red"


def main(program):
    from pair import Node, Pair  # found through the path of tap
    cases = tap.Tap()
    with tap.folder() as path, tap.linked(path, program) as pair:
        us = Node(program, os.path.join(path, "us"), "us", "USA")
        other = Pair.of(os.path.join(path, "gb-us"), pair.gb, us)
        try:
            us.start()
            other.link()
            run = Derived(pair)
            for name, step in (
                    ("objects, and what gb makes of them", run.ready),
                    ("V2 H9 H11 it goes no further than what it was made from",
                     run.third_party),
                    ("V2 H9 it goes home", run.goes_home),
                    ("V2 H9 our own restrictions count too", run.own_too),
                    ("V2 H9 it carries them", run.as_released),
                    ("H9 only who made it, or we, say so", run.foreign_word),
                    ("H6 tightening proposes what was made of it", run.tightened)):
                cases.case(name, step)
        finally:
            us.stop()
    cases.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
