# SPDX-License-Identifier: Apache-2.0
"""Usage: test_officers.py BONGSU

Two officers approve what is RED or under originator control: over the exact bytes, outside the
node, and nobody's right stands in for them."""
import json
import os
import sys

import look
import made
import tap
from officers import Desk


def refused(node, *args, codes=(3,)):
    done = node.run(*args, "--json", check=False)
    assert done.returncode in codes, (done.returncode, done.stdout, done.stderr)
    return done.stderr.decode()


class Officers:
    def __init__(self, pair, path):
        self.gb, self.kr, self.pair = pair.gb, pair.kr, pair
        self.desk = Desk(pair.gb, os.path.join(path, "desk"))
        self.theirs = Desk(pair.kr, os.path.join(path, "theirs"))
        self.marking = made.releasability("controlled", orcon=True)
        self.secret = made.indicator("controlled", "green", self.marking["id"])
        self.red = made.indicator("for-eyes", "red")
        self.used = []

    def import_rows(self, *rows):
        return self.gb.json("import", "-", data=made.lines(rows))

    def register(self):
        self.desk.register("kim", "park", "lee")
        listed = {row["name"]: row for row in self.gb.json("officer", "list")["officers"]}
        assert sorted(listed) == ["kim", "lee", "park"], listed
        shown = self.desk.offline("officer", "show", self.desk.path("kim"), "--json")
        assert json.loads(shown.stdout)["kid"] == listed["kim"]["kid"]
        assert listed["kim"]["state"] == "in-office"

    def only_the_root_certifies(self):
        self.desk.key("mallory")
        other = os.path.join(self.kr.folder, "keys", "root.key")
        why = refused(self.gb, "officer", "add", self.desk.certify("mallory", root=other))
        assert "root" in why, why
        own = self.desk.certify("mallory", realm="exercise-1")
        refused(self.gb, "officer", "add", own, codes=(4,))
        cert = open(self.desk.certify("mallory"), encoding="utf-8").read()
        with open(self.desk.path("forged"), "w", encoding="utf-8") as file:
            file.write(cert.replace("mallory", "malloru"))
        refused(self.gb, "officer", "add", self.desk.path("forged"), codes=(3, 4))
        names = [row["name"] for row in self.gb.json("officer", "list")["officers"]]
        assert "mallory" not in names and "malloru" not in names

    def held_without(self):
        self.import_rows(self.marking, self.secret)
        done = self.gb.run("release", self.secret["id"], "--to", "kr", "--json", check=False)
        answer = json.loads(done.stdout)
        assert done.returncode == 3 and answer["released"] == 0
        assert [row["rule"] for row in answer["withheld"]] == ["R9"], answer
        assert answer["withheld"][0]["result"] == "HOLD"

    def preview_shows_bytes(self):
        out = self.desk.path("look")
        done = self.gb.run("release", self.secret["id"], "--to", "kr", "--preview", "--out",
                           out)
        shown = [json.loads(line) for line in done.stdout.splitlines()]
        order = json.loads(open(out, encoding="utf-8").read())
        assert sorted(row["id"] for row in shown) == sorted(
            row["id"] for row in order["objects"]), order
        assert order["to"] == "kr" and order["act"] == "release"

    def one_officer_is_not_two(self):
        order = self.desk.preview("release", self.secret["id"], "--to", "kr")
        once = self.desk.approve(order, "kim")
        twice = self.desk.approve(order, "kim", "kim")
        for options in (once, twice):
            done = self.gb.run("release", self.secret["id"], "--to", "kr", *options, "--json",
                               check=False)
            answer = json.loads(done.stdout)
            assert done.returncode == 3 and answer["released"] == 0, answer
            assert [row["rule"] for row in answer["withheld"]] == ["R9"], answer

    def strangers_do_not_count(self):
        self.theirs.key("cho")
        order = self.desk.preview("release", self.secret["id"], "--to", "kr")
        mine, theirs = self.desk.approve(order, "kim"), self.theirs.approve(order, "cho")
        why = refused(self.gb, "release", self.secret["id"], "--to", "kr", *mine, *theirs)
        assert "register of officers" in why, why
        forged = self.desk.path("forged-approval")
        text = json.loads(open(self.desk.approve(order, "park")[1], encoding="utf-8").read())
        text["kid"] = json.loads(open(mine[1], encoding="utf-8").read())["kid"]
        with open(forged, "w", encoding="utf-8") as file:
            json.dump(text, file, separators=(",", ":"), sort_keys=True)
        why = refused(self.gb, "release", self.secret["id"], "--to", "kr", "--approval", forged)
        assert "signature" in why, why

    def another_order(self):
        """Approved for one thing, asked for another: other objects, other priority."""
        more = made.indicator("more", "green")
        self.import_rows(more)
        order = self.desk.preview("release", self.secret["id"], "--to", "kr")
        options = self.desk.approve(order, "kim", "park")
        for ask in ((self.secret["id"], more["id"]), (self.secret["id"], "--priority", "bulk")):
            why = refused(self.gb, "release", *ask, "--to", "kr", *options)
            assert "another order" in why, why

    def new_version(self):
        """H2, digest: what was approved is these bytes, not whatever comes under the id."""
        order = self.desk.preview("release", self.secret["id"], "--to", "kr")
        options = self.desk.approve(order, "kim", "park")
        newer = dict(self.secret, name="DEMO controlled again",
                     modified="2026-02-01T00:00:00.000Z")
        self.import_rows(newer)
        why = refused(self.gb, "release", self.secret["id"], "--to", "kr", *options)
        assert "another order" in why, why
        self.secret = newer
        assert look.one(self.gb, "SELECT count(*) FROM release") == 0

    def retired_officer(self):
        order = self.desk.preview("release", self.secret["id"], "--to", "kr")
        before = self.desk.approve(order, "kim", "lee")
        self.gb.run("officer", "retire", "lee")
        after = self.desk.approve(order, "lee")
        why = refused(self.gb, "release", self.secret["id"], "--to", "kr", *before[:2], *after)
        assert "retired" in why, why
        self.used = before  # lee signed while in office

    def two_officers(self):
        done = self.gb.json("release", self.secret["id"], "--to", "kr", *self.used)
        assert done["released"] == 2 and done["withheld"] == [], done  # and its marking
        self.pair.wait_settled()
        shown = json.loads(self.kr.run("show", self.secret["id"]).stdout)
        assert shown == self.secret
        signed = look.query(self.gb, "SELECT o.name FROM approval a JOIN officer o USING"
                                     " (key_id) ORDER BY 1")
        assert [name for (name,) in signed] == ["kim", "lee"], signed
        kid = look.one(self.gb, "SELECT key_id FROM officer WHERE name = 'kim'")
        detail = look.one(self.gb, "SELECT detail FROM audit WHERE action = 'release'"
                                   " ORDER BY seq DESC LIMIT 1")
        assert kid in json.loads(detail)["approved_by"], detail

    def red_needs_persons(self):
        self.import_rows(self.red)
        order = self.desk.preview("release", self.red["id"], "--to", "kr")
        assert json.loads(open(order, encoding="utf-8").read())["objects"] == []
        why = refused(self.gb, "release", self.red["id"], "--to", "kr", "--person", "choi")
        assert "register" in why, why
        self.gb.run("person", "add", "choi", "--of", "kr")
        self.gb.run("person", "add", "han min", "--of", "kr")
        self.gb.run("person", "retire", "han min", "--of", "kr")
        listed = self.gb.json("person", "list")["persons"]
        assert [row["name"] for row in listed] == ["choi"], listed
        refused(self.gb, "release", self.red["id"], "--to", "kr", "--person", "han min")

    def red_to_persons(self):
        ask = ("release", self.red["id"], "--to", "kr", "--person", "choi")
        options = self.desk.approve(self.desk.preview(*ask), "kim", "park")
        refused(self.gb, "release", self.red["id"], "--to", "kr", *options)
        done = self.gb.json(*ask, *options)
        assert done["released"] == 1, done
        self.pair.wait_settled()
        entries = [json.loads(row) for (row,) in look.query(
            self.kr, "SELECT bytes FROM ledger_entry")]
        named = [entry["b"]["persons"] for entry in entries if "persons" in entry["b"]]
        assert named == [["choi"]], named

    def revoked_key(self):
        """A stolen key could sign any past: after revoking, nothing that it signed counts."""
        more = made.indicator("controlled-two", "green", self.marking["id"])
        self.import_rows(more)
        order = self.desk.preview("release", more["id"], "--to", "kr")
        options = self.desk.approve(order, "kim", "park")
        self.gb.run("officer", "retire", "park", "--revoke")
        why = refused(self.gb, "release", more["id"], "--to", "kr", *options)
        assert "revoked" in why, why

    def rights(self):
        """The operator keeps the register and releases nothing; a token with every right
        cannot touch the register, and no parameter goes around the officers."""
        token = self.gb.json("token", "create", "clerk", "--rights",
                             "read,import,release,recall,carry")["token"]
        headers = {"Authorization": "Bearer " + token}
        for method, path in (("POST", "officers"), ("DELETE", "officers/kim"),
                             ("POST", "persons?party=kr&name=x"),
                             ("DELETE", "persons/kr/choi")):
            status = look.ask(self.gb, method, "/api/v1/" + path, headers=headers)[0]
            assert status == 403, (method, path, status)
        for more in ("force=1", "approved=1"):
            status = look.ask(self.gb, "POST", "/api/v1/releases?to=kr&" + more,
                              body=b'{"ids":[]}', headers=headers)[0]
            assert status == 400, (more, status)
        assert look.one(self.gb, "SELECT count(*) FROM officer WHERE retired_us = 0") == 1

    def wrong_passphrase(self):
        order = self.desk.preview("release", self.red["id"], "--to", "kr")
        with open(self.desk.path("wrong"), "w", encoding="utf-8") as file:
            file.write("another passphrase\n")
        done = self.desk.offline("approve", order, "--key", self.desk.path("kim"), "--yes",
                                 "--passphrase-file", self.desk.path("wrong"), "--out",
                                 self.desk.path("none"), check=False)
        assert done.returncode == 3 and not os.path.exists(self.desk.path("none")), done
        done = self.desk.offline("approve", order, "--key", self.desk.path("kim"),
                                 "--passphrase-file", self.desk.secret, "--out",
                                 self.desk.path("none"), data=b"no\n", check=False)
        assert done.returncode == 1 and not os.path.exists(self.desk.path("none")), done


def main(program):
    cases = tap.Tap()
    with tap.folder() as path, tap.linked(path, program) as pair:
        run = Officers(pair, path)
        for name, step in (
                ("officers are certified by the root and registered", run.register),
                ("H2 no other root, realm or changed statement registers one",
                 run.only_the_root_certifies),
                ("originator control holds without officers", run.held_without),
                ("the preview shows the bytes of the order", run.preview_shows_bytes),
                ("one officer who signs twice is one", run.one_officer_is_not_two),
                ("an officer of nobody's register, or a forged approval, is refused",
                 run.strangers_do_not_count),
                ("an approval is of one order only", run.another_order),
                ("a new version after the preview is not what was approved", run.new_version),
                ("a retired officer's later signature does not count", run.retired_officer),
                ("two officers permit, and their keys are kept", run.two_officers),
                ("RED needs registered persons", run.red_needs_persons),
                ("RED goes to the persons that were approved", run.red_to_persons),
                ("what a revoked key signed does not count", run.revoked_key),
                ("U1 H2 no right stands in for officers", run.rights),
                ("a wrong passphrase, or no, signs nothing", run.wrong_passphrase)):
            cases.case(name, step)
        cases.case("L3 both ledgers verify offline", look.verify, pair)
    cases.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
