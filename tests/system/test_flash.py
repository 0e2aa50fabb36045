# SPDX-License-Identifier: Apache-2.0
"""Usage: test_flash.py BONGSU

A flash: one officer, one language, before everything, also when the partner has long been
silent; reviewed afterwards by another officer."""
import contextlib
import json
import os
import sqlite3
import sys
import time

import look
import made
import tap
from officers import Desk


def make_stale(node):
    """The partner's last cosignature is a day old. The node is stopped."""
    with contextlib.closing(sqlite3.connect(os.path.join(node.folder, "store.db"))) as store:
        store.execute("UPDATE checkpoint SET at_us = ? WHERE kind = 1",
                      (int((time.time() - 86400) * 1e6),))
        store.commit()


class Flash:
    def __init__(self, pair, path):
        self.gb, self.kr, self.pair = pair.gb, pair.kr, pair
        self.desk = Desk(pair.gb, os.path.join(path, "desk"))
        self.warning = made.indicator("warning", "green")
        self.clear = made.indicator("clear", "clear")
        mark = made.releasability("tight", orcon=True)
        self.tight = [made.indicator("tight", "green", mark["id"]), mark]
        self.bulk = [made.indicator("bulk-%d" % n, "clear") for n in range(400)]
        self.address = pair.kr.address.split("//")[1]
        self.sent = None

    def flash(self, *ids, officer="kim", check=True):
        return self.gb.run("flash", *ids, "--to", "kr", "--in", "ko", "--key",
                           self.desk.path(officer), "--passphrase-file", self.desk.secret,
                           "--yes", "--json", check=check)

    def ready(self):
        self.desk.register("kim", "park")
        self.gb.json("import", "-", data=made.lines([made.indicator("first", "green")]))
        self.gb.json("release", made.identify("indicator", "first"), "--to", "kr")
        self.pair.wait_settled()
        self.kr.stop()
        self.gb.stop()
        make_stale(self.gb)
        self.gb.start()
        self.gb.json("import", "-", data=made.lines(
            [self.warning, self.clear, *self.tight, *self.bulk]))

    def fails_closed(self):
        done = self.gb.run("release", self.warning["id"], "--to", "kr", "--json", check=False)
        (row,) = json.loads(done.stdout)["withheld"]
        assert done.returncode == 3 and row["code"] == "cosignature-stale", row
        assert self.gb.json("release", self.clear["id"], "--to", "kr")["released"] == 1
        ids = [row["id"] for row in self.bulk]
        for start in range(0, len(ids), 50):
            self.gb.json("release", *ids[start:start + 50], "--to", "kr", "--priority",
                         "bulk" if start else "urgent")

    def needs_its_officer(self):
        self.desk.key("stranger")
        done = self.flash(self.warning["id"], officer="stranger", check=False)
        assert done.returncode == 3 and b"register of officers" in done.stderr, done
        with open(os.path.join(self.gb.folder, "token"), encoding="utf-8") as file:
            bearer = {"Authorization": "Bearer " + file.read().strip()}
        body = json.dumps({"ids": [self.warning["id"]]}).encode()
        status, answer = look.ask(self.gb, "POST", "/api/v1/flashes?to=kr&lang=ko", body=body,
                                  headers=bearer)
        assert status == 403, answer
        assert look.one(self.gb, "SELECT count(*) FROM flash") == 0

    def lifts_nothing_else(self):
        """One officer is enough for a warning, not for what its originator controls."""
        done = self.flash(self.tight[0]["id"], check=False)
        answer = json.loads(done.stdout)
        assert done.returncode == 3 and answer["released"] == 0, answer
        assert [row["code"] for row in answer["withheld"]] == ["needs-officers"], answer

    def goes(self):
        done = json.loads(self.flash(self.warning["id"]).stdout)
        assert done["released"] == 1, done
        self.sent = done["release"]
        entry = json.loads(look.one(
            self.gb, "SELECT bytes FROM ledger_entry ORDER BY idx DESC LIMIT 1"))
        kid = look.one(self.gb, "SELECT key_id FROM officer WHERE name = 'kim'")
        assert entry["k"] == "flash" and entry["b"]["pr"] == "flash", entry
        assert entry["b"]["lang"] == "ko" and entry["b"]["by"]["kid"] == kid, entry

    def first_of_all(self):
        """L2: what was sent last arrives first, and has its receipt."""
        self.kr.start(listen=self.address)
        self.gb.run("link", "resume", "kr")  # need not wait until it tries again by itself
        self.pair.wait_settled()
        order = [name for (name,) in look.query(
            self.kr, "SELECT id FROM object_version ORDER BY seq")]
        assert order[1] == self.warning["id"], order.index(self.warning["id"])
        assert len(order) == 2 + 1 + len(self.bulk), len(order)
        with open(self.kr.log, encoding="utf-8") as log:
            assert "flash.received" in log.read()
        assert look.unreceipted(self.gb, True) == []

    def review(self, officer):
        return self.gb.run("flash", "review", self.sent, "--key", self.desk.path(officer),
                           "--passphrase-file", self.desk.secret, "--yes", check=False)

    def reviewed(self):
        waiting = [row for row in self.gb.json("status")["alarms"]
                   if row["code"] == "FLASH_REVIEW"]
        assert self.sent in [row["detail"] for row in waiting], waiting
        opened = self.gb.json("flash", "review")["flashes"]
        assert self.sent in [row["flash"] for row in opened], opened
        done = self.review("kim")
        assert done.returncode == 3 and b"does not review" in done.stderr, done
        assert self.review("park").returncode == 0
        assert self.sent not in [row["flash"] for row in
                                 self.gb.json("flash", "review")["flashes"]]
        assert self.review("park").returncode == 3
        (row,) = [row for row in self.gb.json("flash", "list")["flashes"]
                  if row["flash"] == self.sent]
        assert row["reviewed"], row
        acts = [act for (act,) in look.query(self.gb, "SELECT act FROM officer_order")]
        assert sorted(acts)[-1] == "flash-review" and "flash" in acts, acts

    def recalled(self):
        self.gb.json("recall", self.warning["id"])
        self.pair.wait_settled()
        assert self.kr.run("show", self.warning["id"], check=False).returncode == 1


def main(program):
    cases = tap.Tap()
    with tap.folder() as path, tap.linked(path, program) as pair:
        run = Flash(pair, path)
        for name, step in (
                ("a partner that has long been silent", run.ready),
                ("above CLEAR nothing goes to it", run.fails_closed),
                ("a flash needs an officer in office", run.needs_its_officer),
                ("a flash lifts no other rule", run.lifts_nothing_else),
                ("a flash goes all the same", run.goes),
                ("L2 it arrives before everything that waited", run.first_of_all),
                ("another officer reviews it, once", run.reviewed),
                ("a flash can be recalled", run.recalled)):
            cases.case(name, step)
        cases.case("L3 both ledgers verify offline", look.verify, pair)
    cases.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
