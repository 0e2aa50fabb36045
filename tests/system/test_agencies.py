# SPDX-License-Identifier: Apache-2.0
"""Usage: test_agencies.py BONGSU

Recipients inside one Participant: each agency sees what was released to it and what it brought
itself, and nothing tells it of the rest."""
import datetime
import json
import os
import re
import subprocess
import sys
import time
import urllib.parse

import look
import made
import tap

AGENCY_ROUTES = {("GET", "/healthz"), ("GET", "/api/v1/status"), ("GET", "/api/v1/events"),
                 ("POST", "/api/v1/imports"),
                 ("GET", "/api/v1/objects/{}"), ("GET", "/api/v1/objects"),
                 ("GET", "/api/v1/search"), ("GET", "/api/v1/objects/{}/neighbours"),
                 ("GET", "/api/v1/objects/{}/correlations"), ("GET", "/api/v1/paths"),
                 ("GET", "/api/v1/queries"), ("GET", "/api/v1/queries/{}"),
                 ("PUT", "/api/v1/queries/{}"), ("DELETE", "/api/v1/queries/{}"),
                 ("POST", "/api/v1/lookup"), ("GET", "/api/v1/objects/{}/decision"),
                 ("GET", "/api/v1/warninglists"), ("POST", "/api/v1/warninglists/check")}


def hour(offset_s):
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=offset_s)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def value_of(name):
    return name + ".example.org"


class Agency:
    """One recipient of GB with its token, over TCP and by the command line."""

    def __init__(self, node, name, *options):
        self.node, self.key = node, "gb/" + name
        node.run("recipient", "add", name, *options)
        self.token = node.json("token", "create", name, "--rights", "read,import",
                               "--recipient", name)["token"]

    def ask(self, method, path, body=None, **parameters):
        if parameters:
            path += "?" + urllib.parse.urlencode(parameters)
        headers = {"Authorization": "Bearer " + self.token}
        if method == "POST" and body is None:
            headers["Content-Length"] = "0"
        status, answer = look.ask(self.node, method, path, body, headers=headers)
        return status, answer

    def get(self, path, **parameters):
        status, answer = self.ask("GET", path, **parameters)
        return json.loads(answer) if status == 200 else status

    def find(self, **parameters):
        return [row["id"] for row in self.get("/api/v1/objects", **parameters)["objects"]]

    def show(self, row):
        found = self.get("/api/v1/objects/" + row["id"])
        return found if isinstance(found, int) else [item["object"] for item in found["rows"]]

    def has(self, row):
        """Whether it sees a row; every way of asking gives the same answer."""
        shown = self.show(row) != 404
        assert (row["id"] in self.find(limit=10000)) == shown, row["id"]
        _, answer = self.ask("POST", "/api/v1/lookup", value_of(row["name"][5:]).encode())
        assert json.loads(answer)["found"] == shown, answer
        decision = self.get("/api/v1/objects/%s/decision" % row["id"], to=self.key)
        assert (decision != 404) == shown, decision
        return shown

    def import_rows(self, rows, **parameters):
        status, answer = self.ask("POST", "/api/v1/imports", made.lines(rows), **parameters)
        assert status == 200, answer
        return json.loads(answer)

    def run(self, *args, data=None):
        return subprocess.run(self.node.command(*args), input=data, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False, timeout=60,
                              env=dict(os.environ, BONGSU_LANG="en", BONGSU_TOKEN=self.token))


def release(node, rows, to):
    """The rules of what was withheld, by id."""
    ids = [row["id"] for row in rows]
    done = node.run("release", *ids, "--to", to, "--json", check=False)
    assert done.returncode in (0, 3), done
    return {row["id"]: row["rule"] for row in json.loads(done.stdout)["withheld"]}


class Suite:
    def __init__(self, pair):
        self.pair, self.gb, self.kr = pair, pair.gb, pair.kr
        self.ncsc = Agency(self.gb, "ncsc")
        self.firm = Agency(self.gb, "firm", "--client")
        self.person = Agency(self.gb, "kim", "--kind", "person")

    def bring(self, rows, node=None, handling="green"):
        (node or self.gb).json("import", "-", "--handling", handling, data=made.lines(rows))
        return rows

    def each_sees_its_own(self):
        one, two, none = self.bring([made.indicator(name, "green")
                                     for name in ("own-one", "own-two", "own-none")])
        assert release(self.gb, [one], "gb/ncsc") == {}
        assert release(self.gb, [two], "gb/firm") == {}
        assert (self.ncsc.has(one), self.ncsc.has(two), self.ncsc.has(none)) == (
            True, False, False)
        assert (self.firm.has(one), self.firm.has(two), self.firm.has(none)) == (
            False, True, False)
        assert self.ncsc.show(one) == [one]
        status = self.ncsc.get("/api/v1/status")
        assert status == {"party": "gb", "node": "node.gb.example", "realm": "live",
                          "recipient": "gb/ncsc", "objects": 1}, status
        assert self.gb.json("status")["objects"] > 1
        row = self.ncsc.get("/api/v1/objects")["objects"][0]
        added = look.one(self.gb, "SELECT added_us FROM membership WHERE recipient = 'gb/ncsc'")
        at = datetime.datetime.fromisoformat(row["received"].replace("Z", "+00:00"))
        assert row["seq"] == 1 and round(at.timestamp() * 1e6) == added, row
        again = self.gb.json("release", one["id"], "--to", "gb/ncsc")
        assert (again["released"], again["already"]) == (0, 1), again

    def command_line(self):
        row, = self.bring([made.indicator("by-command", "green")])
        release(self.gb, [row], "gb/ncsc")
        done = self.ncsc.run("show", row["id"])
        assert done.returncode == 0 and json.loads(done.stdout) == row, done
        assert self.ncsc.run("lookup", value_of("by-command")).returncode == 0
        assert self.ncsc.run("lookup", value_of("own-none")).returncode == 1
        assert row["id"].encode() in self.ncsc.run("find", "--type", "indicator").stdout
        assert self.ncsc.run("explain", row["id"], "--to", "gb/ncsc").returncode == 0
        for args in (["explain", row["id"], "--to", "kr"], ["recall", row["id"]],
                     ["release", row["id"], "--to", "kr"], ["link", "export", "kr"]):
            done = self.ncsc.run(*args)
            assert done.returncode == 3 and not done.stdout, (args, done)
        done = self.ncsc.run("status")
        assert done.returncode == 0 and b"node.gb.example" in done.stdout, done

    def routes_are_closed(self):
        """U1: with the token of a recipient, only the routes that have a rule for it answer."""
        for method, pattern in look.routes():
            path = pattern.replace("{}", "everything")
            opens = (method, pattern) in AGENCY_ROUTES
            more = {}
            if path.endswith("/decision"):
                more = {"to": "gb/ncsc"}
            elif path.endswith("/events"):
                more = {"after": "nowhere"}  # else it has no end
            status, body = self.ncsc.ask(method, path, **more)
            assert (status not in (401, 403)) == opens, (method, path, status, body)
            assert b"gb/firm" not in body and b"kr" not in body.lower(), body
        for rights in ("release", "recall", "carry", "read,release"):
            done = self.gb.run("token", "create", "more", "--rights", rights, "--recipient",
                               "ncsc", check=False)
            assert done.returncode == 4 and b"read and import" in done.stderr, done

    def reach(self):
        """Level and originator -> the rule that keeps it from an agency, a client, a person."""
        free, foreign = ("", "", ""), ("R5", "R5", "R5")
        cases = {("clear", "gb"): free, ("green", "gb"): free, ("amber", "gb"): free,
                 ("strict", "gb"): ("", "R8", ""), ("red", "gb"): ("R8", "R8", "R9"),
                 ("clear", "kr"): free, ("green", "kr"): free, ("amber", "kr"): free,
                 ("strict", "kr"): foreign, ("red", "kr"): foreign}
        for (level, owner), wanted in cases.items():
            name = "reach-%s-%s" % (level, owner)
            row, = self.bring([made.indicator(name, level)], getattr(self, owner))
            if owner == "kr":
                self.gb.json("import", "-", "--originator", "kr", data=made.lines([row]))
            for to, rule in zip((self.ncsc, self.firm, self.person), wanted):
                withheld = release(self.gb, [row], to.key)
                assert withheld.get(row["id"], "") == rule, (name, to.key, withheld)
                assert to.has(row) == (rule == ""), (name, to.key)

    def marks(self):
        """Originator control, lists of nations, caveats of time, unknown markings."""
        cases = {"orcon": ({"orcon": True}, "R9"), "past": ({"expires": hour(-3600)}, "R2"),
                 "later": ({"embargo_until": hour(3600)}, "R2"),
                 "none": ({"permitted_nationalities": ["KOR"]}, "R7"),
                 "british": ({"permitted_nationalities": ["GBR"]}, "")}
        for name, (what, rule) in cases.items():
            mark = made.releasability("mark-" + name, **what)
            row, _ = self.bring([made.indicator("marked-" + name, "green", mark["id"]), mark])
            assert release(self.gb, [row], "gb/ncsc").get(row["id"], "") == rule, name
            assert self.ncsc.has(row) == (rule == ""), name
        row, = self.bring([made.indicator("marked-unknown", "green", made.identify(
            "marking-definition", "nobody-has-it"))])
        assert release(self.gb, [row], "gb/ncsc") == {row["id"]: "R1"}
        foreign = Agency(self.gb, "guest", "--nation", "KOR")
        row = made.indicator("marked-british", "green")
        assert release(self.gb, [row], foreign.key) == {row["id"]: "R7"}

    def references(self):
        """A relationship goes with its ends, and not without one of them."""
        red = made.malware("tied-red", "red")
        ends = [made.indicator("tied-one", "green"), made.malware("tied-two", "green"), red]
        ties = [made.relate("tie-good", ends[0], ends[1], "green"),
                made.relate("tie-bad", ends[0], red, "green")]
        self.bring(ends + ties)
        withheld = release(self.gb, ties, "gb/firm")
        assert withheld == {ties[1]["id"]: "R10"}, withheld
        assert self.firm.show(ties[0]) == [ties[0]] and self.firm.show(ends[0]) == [ends[0]]
        assert self.firm.show(ties[1]) == 404 and self.firm.show(red) == 404
        assert ties[0]["id"] in self.firm.find(ref=ends[1]["id"])
        assert self.firm.find(ref=red["id"]) == []

    def imports(self):
        """What an agency brings has the agency as source, and nobody else reads it there."""
        row = made.indicator("brought", "green")
        told = self.ncsc.import_rows([row])
        assert told["new"] == 1 and told["originator"] == "gb" and "import" not in told, told
        assert self.ncsc.import_rows([row])["same"] == 1
        assert self.ncsc.has(row) and not self.firm.has(row)
        found = self.gb.json("show", row["id"])["rows"]
        assert [item["source"] for item in found] == ["gb/ncsc"], found
        assert self.ncsc.get("/api/v1/objects/%s/decision" % row["id"],
                             to="ncsc")["rows"][0]["rule"] == "R4"
        # The same id of the node's own is another row: neither replaces the other.
        other = dict(row, name="DEMO of the node", modified="2026-02-01T00:00:00.000Z")
        self.bring([other])
        assert self.ncsc.show(row) == [row]
        assert len(self.gb.json("show", row["id"])["rows"]) == 2
        assert self.firm.import_rows([other])["new"] == 1
        assert self.firm.show(row) == [other] and self.ncsc.show(row) == [row]
        # Stricter handling takes back what was released, not what somebody brought himself.
        tight = made.indicator("brought-tight", "green")
        self.ncsc.import_rows([tight])
        assert release(self.gb, [tight], "gb/firm") == {}
        assert self.firm.has(tight)
        self.gb.run("tighten", tight["id"], "--handling", "amber+strict")
        assert self.ncsc.has(tight) and not self.firm.has(tight)
        # Its row goes on by an officer's release only.
        self.gb.run("release", row["id"], "--to", "gb/kim", check=False)
        assert {item["source"] for item in
                self.person.get("/api/v1/objects/" + row["id"])["rows"]} == {
                    "gb", "gb/firm", "gb/ncsc"}
        passed, = [made.indicator("brought-for-kr", "green")]
        self.ncsc.import_rows([passed])
        assert release(self.gb, [passed], "kr") == {}
        self.pair.wait_settled()
        assert self.kr.json("show", passed["id"])["rows"][0]["originator"] == "gb"

    def versions(self):
        """A newer version that was not released leaves the older one as it is."""
        old = made.indicator("versioned", "green")
        new = dict(old, description="DEMO newer", modified="2026-03-01T00:00:00.000Z")
        self.bring([old])
        release(self.gb, [old], "gb/ncsc")
        self.bring([new])
        assert self.ncsc.show(old) == [old]
        release(self.gb, [new], "gb/ncsc")
        assert self.ncsc.show(old) == [new]

    def recalled(self):
        """H5: what is recalled leaves every view at once, ours and the partner's doing."""
        own = made.indicator("recall-own", "green")
        foreign = made.indicator("recall-kr", "green")
        self.bring([own])
        self.bring([foreign], self.kr)
        self.kr.run("release", foreign["id"], "--to", "gb")
        self.pair.wait_settled()
        for row in (own, foreign):
            assert release(self.gb, [row], "gb/ncsc") == {}
            assert self.ncsc.has(row)
        told = self.gb.json("recall", own["id"])
        assert told["demands"] == 0 and not self.ncsc.has(own), told
        self.kr.run("recall", foreign["id"])
        self.pair.wait_settled()
        assert not self.ncsc.has(foreign)
        left = look.one(self.gb, """SELECT count(*) FROM membership m JOIN object_version o
            ON o.seq = m.object_seq WHERE o.id IN (?, ?) AND m.removed_seq IS NULL""",
            own["id"], foreign["id"])
        assert left == 0, left
        done = self.gb.run("recall", made.identify("indicator", "own-none"), check=False)
        assert done.returncode == 1, done

    def expires(self):
        """When its time is over it is read by nobody; the tombstone is written later."""
        until = int(time.time()) + 4
        mark = made.releasability("mark-soon", expires=datetime.datetime.fromtimestamp(
            until, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"))
        row, _ = self.bring([made.indicator("soon-over", "green", mark["id"]), mark])
        assert release(self.gb, [row], "gb/ncsc") == {}
        assert self.ncsc.has(row)
        time.sleep(max(0.0, until - time.time()) + 0.1)
        assert not self.ncsc.has(row)
        open_row = """SELECT count(*) FROM membership m JOIN object_version o ON
            o.seq = m.object_seq WHERE o.id = ? AND m.removed_seq IS NULL"""
        assert look.one(self.gb, open_row, row["id"]) == 1
        self.gb.stop()
        self.gb.start()
        wait_until = time.monotonic() + 20
        while look.one(self.gb, open_row, row["id"]) and time.monotonic() < wait_until:
            time.sleep(0.05)
        assert look.one(self.gb, open_row, row["id"]) == 0
        removed = look.one(self.gb, """SELECT removed_us FROM membership m JOIN object_version o
            ON o.seq = m.object_seq WHERE o.id = ?""", row["id"])
        assert removed == until * 1000000, (removed, until)
        assert look.one(self.gb,
                        "SELECT count(*) FROM audit WHERE action = 'membership.expire'") == 1
        assert not self.ncsc.has(row)

    def survives(self):
        """Reading is the same after kill -9."""
        before = self.ncsc.ask("GET", "/api/v1/objects", limit=10000)
        self.gb.kill()
        self.gb.start()
        assert self.ncsc.ask("GET", "/api/v1/objects", limit=10000) == before
        assert len(json.loads(before[1])["objects"]) > 5

    def register(self):
        cases = [(["add", "ncsc"], 3, b"given once"), (["add", "NCSC"], 4, b"a-z"),
                 (["add", "a/b"], 4, b"a-z"), (["add", "x"], 4, b"2 to 32"),
                 (["add", "new", "--kind", "ship"], 4, b"agency, person or sensor"),
                 (["add", "new", "--nation", "gbr"], 4, b"alpha-3"),
                 (["add", "new", "--purposes", "a b"], 4, b"commas"),
                 (["add", "new", "--purposes", "law,"], 4, b"commas"),
                 (["retire", "nobody"], 1, b"no recipient"), (["list", "more"], 2, b"list"),
                 (["add"], 2, b"add"), (["rename", "ncsc"], 2, b"rename")]
        for args, code, text in cases:
            done = self.gb.run("recipient", *args, check=False)
            assert done.returncode == code and text in done.stderr, (args, done)
            assert done.stderr.count(b"\n") == 1 and not done.stdout, (args, done)
        listed = self.gb.json("recipient", "list")["recipients"]
        assert "new" not in str(listed) and listed == sorted(listed, key=lambda r: r["name"])
        done = self.gb.run("recipient", "list", "--lang", "ko")
        assert "고객".encode() in done.stdout, done

    def retired(self):
        row, = self.bring([made.indicator("for-retired", "green")])
        old = Agency(self.gb, "old")
        release(self.gb, [row], "gb/old")
        assert old.has(row)
        self.gb.run("recipient", "retire", "old")
        assert old.get("/api/v1/objects/" + row["id"]) == 401
        assert old.get("/api/v1/status") == 401
        for code, args in ((3, ["recipient", "add", "old"]),
                           (1, ["release", row["id"], "--to", "gb/old"]),
                           (3, ["token", "create", "again", "--recipient", "old"])):
            done = self.gb.run(*args, check=False)
            assert done.returncode == code and done.stderr, (args, done)
        assert any(item["name"] == "gb/old" and item["retired"]
                   for item in self.gb.json("recipient", "list")["recipients"])

    def nothing_in_the_ledger(self):
        """A release inside is recorded and audited, and leaves no entry for the partner."""
        before = look.counts(self.gb, ("ledger_entry", "payload", "decision", "release"))
        row, = self.bring([made.indicator("inside-only", "green")])
        shown = self.gb.run("release", row["id"], "--to", "gb/ncsc", "--preview").stdout
        assert json.loads(shown) == row
        release(self.gb, [row], "gb/ncsc")
        after = look.counts(self.gb, ("ledger_entry", "payload", "decision", "release"))
        assert after == dict(before, decision=before["decision"] + 1,
                             release=before["release"] + 1), (before, after)
        record = json.loads(look.one(self.gb, """SELECT record FROM decision JOIN object_version
            ON seq = object_seq WHERE id = ?""", row["id"]))
        assert (record["to"], record["name"], record["rule"], record["ch"]) == (
            "gb", "ncsc", "R10", "console"), record
        assert re.search("release.*gb/ncsc", str(look.query(
            self.gb, "SELECT action, target FROM audit ORDER BY seq DESC LIMIT 1")))


def main():
    suite = tap.Tap()
    with tap.folder() as path, tap.linked(path, sys.argv[1]) as pair:
        run = Suite(pair)
        suite.case("V1 each agency sees what was released to it", run.each_sees_its_own)
        suite.case("the commands with an agency's token", run.command_line)
        suite.case("U1 only routes with a rule for recipients answer", run.routes_are_closed)
        suite.case("how far each level reaches inside", run.reach)
        suite.case("H4 markings decide inside too", run.marks)
        suite.case("what a released row refers to", run.references)
        suite.case("what an agency imports is its own", run.imports)
        suite.case("a newer version that was not released", run.versions)
        suite.case("H5 recall leaves every view", run.recalled)
        suite.case("a release inside leaves no entry", run.nothing_in_the_ledger)
        suite.case("the register refuses what cannot be", run.register)
        suite.case("a retired recipient is let in no more", run.retired)
        suite.case("S1 the same answers after kill -9", run.survives)
        suite.case("time ends a membership", run.expires)
    suite.end()


main()
