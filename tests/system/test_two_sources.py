# SPDX-License-Identifier: Apache-2.0
"""Usage: test_two_sources.py BONGSU

Objects of one id from two sources stay apart: rows, decisions, receipts and recalls."""
import json
import sys

import look
import made
import tap


def rows_of(node, name):
    return {row["source"]: row for row in node.json("show", name)["rows"]}


def by_explain(node, name, to):
    done = node.run("explain", name, "--to", to, "--json", check=False)
    return done.returncode, {row["source"]: row for row in json.loads(done.stdout)["rows"]}


class TwoSources:
    def __init__(self, pair):
        self.gb, self.kr, self.pair = pair.gb, pair.kr, pair
        self.both = made.indicator("both", "green")
        self.id = self.both["id"]
        # The same id and version, another content: whose is right is not for the store to say.
        self.other = dict(self.both, name="DEMO both, as us tells it")

    def two_rows(self):
        """At gb: from us, which gb imports, and from kr, which releases its own."""
        self.kr.json("import", "-", data=made.lines([self.both]))
        self.gb.json("import", "-", "--originator", "us", data=made.lines([self.other]))
        assert self.kr.json("release", self.id, "--to", "gb")["released"] == 1
        self.pair.wait_settled()
        rows = rows_of(self.gb, self.id)
        assert sorted(rows) == ["kr", "us"], sorted(rows)
        assert rows["us"]["object"] == self.other and rows["kr"]["object"] == self.both
        sql = "SELECT count(*) FROM object_version WHERE id = ?"
        assert look.one(self.gb, sql, self.id) == 2

    def shown_apart(self):
        for source, want in (("us", self.other), ("kr", self.both)):
            shown = self.gb.run("show", self.id, "--source", source).stdout
            assert json.loads(shown) == want, (source, shown)
        assert self.gb.run("show", self.id).stdout.count(b"\n") == 2
        found = self.gb.json("lookup", "both.example.org")["objects"]
        assert sorted(row["source"] for row in found) == ["kr", "us"], found
        found = self.gb.json("find", "--source", "us")["objects"]
        assert [row["id"] for row in found] == [self.id], found

    def own_row_too(self):
        """A third row, of gb's own: only it may go to kr, and it does not replace kr's."""
        mine = dict(self.both, name="DEMO both, as gb tells it")
        report = self.gb.json("import", "-", data=made.lines([mine]))
        assert report["new"] == 1 and report["conflict"] == 0, report
        assert sorted(rows_of(self.gb, self.id)) == ["gb", "kr", "us"]

    def decisions_name_rows(self):
        code, rows = by_explain(self.gb, self.id, "kr")
        assert sorted(rows) == ["gb", "kr", "us"], rows
        assert code == 1, code  # one of them may not go
        assert rows["us"]["rule"] == "R5" and rows["us"]["result"] == "DENY", rows["us"]
        assert rows["gb"]["result"] == "PERMIT", rows["gb"]
        assert rows["kr"]["held"] is True, rows["kr"]

    def release_takes_one(self):
        done = self.gb.run("release", self.id, "--to", "kr", "--json", check=False)
        answer = json.loads(done.stdout)
        assert done.returncode == 3 and answer["released"] == 1, (done.returncode, answer)
        assert [(row["source"], row["rule"]) for row in answer["withheld"]] == [("us", "R5")]
        self.pair.wait_settled()
        assert sorted(rows_of(self.kr, self.id)) == ["gb", "kr"]
        assert rows_of(self.kr, self.id)["kr"]["object"] == self.both
        recorded = [json.loads(text)["row"] for (text,) in
                    look.query(self.gb, "SELECT record FROM decision")]
        assert [row["source"] for row in recorded] == ["gb"], recorded

    def recall_takes_one(self):
        self.kr.json("recall", self.id)
        self.pair.wait_settled()
        assert sorted(rows_of(self.gb, self.id)) == ["gb", "us"]
        assert rows_of(self.gb, self.id)["us"]["object"] == self.other
        found = self.gb.json("lookup", "both.example.org")["objects"]
        assert sorted(row["source"] for row in found) == ["gb", "us"], found
        # What gb released itself is still there at kr; kr's own row is recalled.
        assert sorted(rows_of(self.kr, self.id)) == ["gb"]

    def markings_apart(self):
        """A marking of one id means in each source what that source says, in whatever order
        the rows are looked at."""
        open_to_all = made.releasability("shared-id", permitted_nationalities=["GBR", "KOR"])
        tight = made.releasability("shared-id", orcon=True)
        assert open_to_all["id"] == tight["id"]
        theirs = made.malware("marked-by-us", "green", tight["id"])
        ours = made.malware("marked-by-gb", "green", tight["id"])
        self.gb.json("import", "-", "--originator", "us",
                     data=made.lines([open_to_all, theirs]))
        self.gb.json("import", "-", data=made.lines([tight, ours]))
        for order in ([theirs["id"], ours["id"]], [ours["id"], theirs["id"]]):
            done = self.gb.run("release", *order, "--to", "kr", "--json", check=False)
            held = {row["id"]: row for row in json.loads(done.stdout)["withheld"]}
            assert held[ours["id"]]["code"] == "needs-officers", held
            assert held[ours["id"]]["handling"]["orcon"], held
            assert not held[theirs["id"]]["handling"]["orcon"], held

    def revoked(self):
        """Revoked is final within a source; another source is not touched by it."""
        first = made.indicator("revoked", "green")
        gone = dict(first, modified="2026-02-01T00:00:00.000Z", revoked=True)
        late = dict(first, modified="2026-03-01T00:00:00.000Z")
        early = dict(first, modified="2026-01-15T00:00:00.000Z")
        for node in (self.gb, self.kr):
            node.json("import", "-", data=made.lines([first, gone, early]))
            for _ in range(2):
                done = node.run("import", "-", "--json", data=made.lines([late]), check=False)
                report = json.loads(done.stdout)
                assert done.returncode == 4 and report["conflict"] == 1, report
            shown = node.json("show", first["id"])["rows"]
            assert [row["object"] for row in shown] == [gone], shown
        report = self.gb.json("import", "-", "--originator", "us", data=made.lines([late]))
        assert report["new"] == 1, report

    def same_again(self):
        report = self.gb.json("import", "-", "--originator", "us",
                              data=made.lines([self.other]))
        assert (report["new"], report["same"]) == (0, 1), report
        self.conflict()  # is noted once, as an event of the row that stays
        before = look.counts(self.gb)
        self.conflict()
        assert look.counts(self.gb) == before
        assert rows_of(self.gb, self.id)["us"]["object"] == self.other

    def conflict(self):
        """Another content of the same version from the same source."""
        done = self.gb.run("import", "-", "--originator", "us", "--json",
                           data=made.lines([self.both]), check=False)
        report = json.loads(done.stdout)
        assert done.returncode == 4 and report["conflict"] == 1, (done.returncode, report)
        assert done.stderr.count(b"\n") == 1, done.stderr


def main(program):
    cases = tap.Tap()
    with tap.folder() as path, tap.linked(path, program) as pair:
        run = TwoSources(pair)
        for name, step in (("one id from two sources is two rows", run.two_rows),
                           ("show, lookup and find keep the sources apart", run.shown_apart),
                           ("the node's own row stands beside them", run.own_row_too),
                           ("each decision names its row", run.decisions_name_rows),
                           ("a release takes the row that may go", run.release_takes_one),
                           ("the recall of one source leaves the others", run.recall_takes_one),
                           ("V2 each source's markings are its own", run.markings_apart),
                           ("revoked is final within its source", run.revoked),
                           ("S2 the same from its source again changes nothing",
                            run.same_again)):
            cases.case(name, step)
        cases.case("L3 both ledgers verify offline", look.verify, pair)
    cases.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
