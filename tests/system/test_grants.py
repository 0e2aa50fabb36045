# SPDX-License-Identifier: Apache-2.0
"""Usage: test_grants.py BONGSU

Three nodes: kr originates, gb holds, us would like to have. gb passes on what kr has marked
only with a grant of kr, which two officers of kr have approved and kr's ledger says."""
import datetime
import json
import os
import sys
import time

import look
import made
import tap
from officers import Desk


def later(seconds):
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class Grants:
    def __init__(self, pair, other, path):
        self.gb, self.kr, self.us = pair.gb, pair.kr, other.kr
        self.pair, self.other = pair, other
        self.desk = Desk(self.kr, os.path.join(path, "desk"))
        mark = made.releasability("mine-to-give", orcon=True)
        self.plain = made.indicator("plain", "green")
        self.second = made.malware("second", "green")
        self.third = made.malware("third", "green")
        self.tight = made.indicator("tight", "green", mark["id"])
        self.rows = [self.plain, self.second, self.third, self.tight, mark]

    def ready(self):
        self.desk.register("kim", "park")
        self.kr.json("import", "-", data=made.lines(self.rows))
        ids = [row["id"] for row in self.rows]
        order = self.desk.preview("release", *ids, "--to", "gb")
        done = self.kr.json("release", *ids, "--to", "gb",
                            *self.desk.approve(order, "kim", "park"))
        assert done["released"] == len(ids), done
        self.pair.wait_settled()

    def decided(self, row):
        done = self.gb.run("explain", row["id"], "--to", "us", "--json", check=False)
        (found,) = json.loads(done.stdout)["rows"]
        return found["result"], found["rule"]

    def denied_without(self):
        for row in (self.plain, self.second, self.tight):
            assert self.decided(row) == ("DENY", "R5"), (row, self.decided(row))

    def grant(self, *what, officers=("kim", "park"), **more):
        ask = ["grant", "--to", "gb", "--for", more.get("party", "us"), *what, "--until",
               more.get("until") or later(3600)]
        options = self.desk.approve(self.desk.preview(*ask), *officers)
        done = self.kr.run(*ask, *options, "--json", check=False)
        if done.returncode == 0:
            self.pair.wait_settled()
        return done

    def needs_two(self):
        for officers in ((), ("kim",), ("kim", "kim")):
            done = self.grant("--object", self.plain["id"], officers=officers)
            assert done.returncode == 3 and b"two different" in done.stderr, done
        assert self.kr.json("grant", "list")["grants"] == []

    def not_for_others(self):
        """A grant for another party, purpose or object permits nothing."""
        for what, more in ((("--object", self.plain["id"]), {"party": "jp"}),
                           (("--object", self.plain["id"], "--purpose", "exercise"), {}),
                           (("--object", self.second["id"]), {}),
                           (("--class", "malware"), {"party": "jp"})):
            done = self.grant(*what, **more)
            assert done.returncode == 0, done
        assert self.decided(self.plain) == ("DENY", "R5")
        assert self.decided(self.tight) == ("DENY", "R5")
        assert self.decided(self.third) == ("DENY", "R5")
        assert self.decided(self.second)[0] == "PERMIT"  # the third of them names it

    def expires(self):
        done = self.grant("--object", self.plain["id"], until=later(4))
        assert done.returncode == 0, done
        assert self.decided(self.plain)[0] == "PERMIT"
        until = time.monotonic() + 20
        while self.decided(self.plain)[0] == "PERMIT" and time.monotonic() < until:
            time.sleep(0.2)
        assert self.decided(self.plain) == ("DENY", "R5")
        done = self.kr.run("grant", "--to", "gb", "--for", "us", "--object", self.plain["id"],
                           "--until", "2020-01-01T00:00:00Z", "--preview", "--out",
                           self.desk.path("past"), check=False)
        assert done.returncode == 4, done

    def class_is_not_enough(self):
        """A class passes what is only marked; originator control wants the object named."""
        assert self.grant("--class", "indicator").returncode == 0
        assert self.decided(self.plain)[0] == "PERMIT"
        assert self.decided(self.tight)[0] == "DENY", self.decided(self.tight)

    def both_sides_list(self):
        ours, theirs = (node.json("grant", "list")["grants"] for node in (self.kr, self.gb))
        assert ours == theirs and len(ours) == 6, (ours, theirs)
        assert {row["by"] for row in ours} == {"kr"}
        entries = [json.loads(text) for (text,) in look.query(
            self.gb, "SELECT e.bytes FROM ledger_entry e JOIN grant_entry USING (log_id, idx)")]
        assert len(entries) == 6 and all(len(entry["b"]["by"]) == 2 for entry in entries)

    def passed_on(self):
        done = self.gb.json("release", self.plain["id"], self.second["id"], "--to", "us")
        assert done["released"] == 2, done
        self.other.wait_settled()
        assert json.loads(self.us.run("show", self.plain["id"]).stdout) == self.plain
        facts = look.one(self.gb, "SELECT count(*) FROM decision")
        assert facts == 2, facts

    def only_what_went(self):
        fresh = made.indicator("fresh", "green")
        self.kr.json("import", "-", data=made.lines([fresh]))
        done = self.kr.run("grant", "--to", "gb", "--for", "us", "--object", fresh["id"],
                           "--until", later(60), "--preview", "--out", self.desk.path("none"),
                           check=False)
        assert done.returncode == 1 and b"has not been released" in done.stderr, done


def main(program):
    from pair import Node, Pair  # found through the path of tap
    cases = tap.Tap()
    with tap.folder() as path, tap.linked(path, program) as pair:
        us = Node(program, os.path.join(path, "us"), "us", "USA")
        other = Pair.of(os.path.join(path, "gb-us"), pair.gb, us)
        try:
            us.start()
            us.run("token", "create", "demo", "--rights", "read,import,release,recall,carry",
                   "--save")
            other.link()
            run = Grants(pair, other, path)
            for name, step in (
                    ("kr's information is at gb", run.ready),
                    ("V2 without a grant it goes no further", run.denied_without),
                    ("a grant needs two officers", run.needs_two),
                    ("V2 a grant for another party, purpose or object permits nothing",
                     run.not_for_others),
                    ("V2 a grant ends", run.expires),
                    ("originator control wants a grant that names the object",
                     run.class_is_not_enough),
                    ("both sides hold the same grants", run.both_sides_list),
                    ("what was granted is passed on", run.passed_on),
                    ("only what the partner has can be granted", run.only_what_went)):
                cases.case(name, step)
            cases.case("L3 both ledgers verify offline", look.verify, pair)
        finally:
            us.stop()
    cases.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
