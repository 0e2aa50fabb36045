# SPDX-License-Identifier: Apache-2.0
"""Usage: test_taxii_views.py BONGSU [large]

What comes into the view of a TAXII collection, under which name, and when what could not come
at first."""
import datetime
import os
import sys

import look
import made
import pair
import tap
import taxii


def later(row, day, **more):
    return dict(row, modified="2026-02-%02dT00:00:00.000Z" % day, **more)


class Suite(taxii.Shelf):
    def shown(self, **parameters):
        return {row.get("name") or row["id"]: row
                for row in self.soc.all(self.path("objects"), **parameters)}

    def waiting(self):
        return look.one(self.node, "SELECT count(*) FROM taxii_wait")

    def idle(self):
        """Every row was looked at, and none is due."""
        self.settled()
        look.wait_until(lambda: look.one(self.node, "SELECT count(*) FROM taxii_wait"
                                         " WHERE due_us < 9223372036854775807") == 0)

    def marked(self):
        row = made.indicator("unmarked")
        self.put([row], handling="amber")
        self.wait(8)
        got = self.shown()[row["name"]]
        assert got["object_marking_refs"] == [made.TLP["amber"]], got
        assert got["id"] != row["id"] and got["id"].startswith("indicator--"), got
        assert {key: got[key] for key in row if key not in ("id", "modified")} == {
            key: row[key] for key in row if key not in ("id", "modified")}, got
        self.soc.refused(self.path("objects", row["id"]), 404)
        assert self.soc.get(self.path("objects", got["id"]))["objects"] == [got]
        assert self.soc.all(self.path("objects"), match_id=got["id"]) == [got]
        manifest = [one for one in self.soc.get(self.path("manifest"))["objects"]
                    if one["id"] == got["id"]]
        assert len(manifest) == 1 and manifest[0]["version"][:19] == got["modified"][:19]
        assert row["id"] not in str(self.soc.get(self.path("manifest")))

    def again(self):
        row = made.indicator("unmarked")
        before = self.shown()[row["name"]]
        self.put([row], handling="amber")
        same_words = later(row, 1)
        self.put([same_words], handling="amber")
        self.idle()
        assert self.shown()[row["name"]] == before, "nothing new is said"
        assert self.waiting() == 0
        self.put([later(row, 2, confidence=80)], handling="amber")
        look.wait_until(lambda: self.shown()[row["name"]].get("confidence") == 80)
        now = self.shown()[row["name"]]
        assert now["id"] == before["id"] and now["modified"] > before["modified"], now
        versions = self.soc.get(self.path("objects", now["id"], "versions"))["versions"]
        assert len(versions) == 2 and versions == sorted(versions), versions
        old = self.soc.all(self.path("objects"), match_id=now["id"], match_version="first")
        assert old == [before], old

    def renamed(self):
        family = made.malware("unmarked-family")
        sign = made.indicator("marked-sign", "green")
        link = made.relate("marked-link", sign, family, "green")
        self.put([family, sign, link], handling="green")
        look.wait_until(lambda: family["name"] in self.shown())
        self.idle()
        rows = self.soc.all(self.path("objects"), match_type="relationship")
        shown = self.shown()[family["name"]]
        assert [row["target_ref"] for row in rows] == [shown["id"]], rows
        assert rows[0]["source_ref"] == sign["id"] and rows[0]["id"] != link["id"], rows
        assert rows[0]["object_marking_refs"] == [made.TLP["green"]]

    def observable(self):
        row = {"type": "domain-name", "spec_version": "2.1", "value": "unmarked.example.org",
               "id": "domain-name--1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed"}
        self.put([row], handling="green")
        look.wait_until(lambda: self.soc.all(self.path("objects"), match_type="domain-name"))
        got, = self.soc.all(self.path("objects"), match_type="domain-name")
        assert got["value"] == row["value"] and got["id"] != row["id"], got
        entry, = self.soc.get(self.path("manifest"), match_id=got["id"])["objects"]
        assert entry["version"] == entry["date_added"], "F5: it has no version of its own"

    def gone(self):
        row = made.indicator("unmarked-recalled")
        self.put([row], handling="amber")
        look.wait_until(lambda: row["name"] in self.shown())
        named = self.shown()[row["name"]]["id"]
        self.node.run("recall", row["id"], check=False)
        look.wait_until(lambda: row["name"] not in self.shown(), 10)
        self.soc.refused(self.path("objects", named), 404)

    def statement(self):
        said = {"type": "marking-definition", "spec_version": "2.1", "created": made.MADE,
                "id": made.identify("marking-definition", "said"),
                "definition_type": "statement", "definition": {"statement": "DEMO of all"}}
        unused = dict(said, id=made.identify("marking-definition", "unused"))
        row = made.indicator("stated", said["id"])
        self.put([row, said, unused], handling="green")
        look.wait_until(lambda: row["name"] in self.shown())
        self.idle()
        marks = self.shown()[row["name"]]["object_marking_refs"]
        got, = self.soc.all(self.path("objects"), match_type="marking-definition")
        assert marks == [made.TLP["green"], got["id"]], marks
        assert got["object_marking_refs"] == [made.TLP["green"]], got
        assert got["definition"] == said["definition"] and got["id"] != said["id"]

    def more_than_a_level(self):
        row = made.indicator("unmarked-nations")
        done = self.put([row], handling="amber")
        look.wait_until(lambda: row["name"] in self.shown())
        self.node.run("import", "undo", str(done["import"]), "--nations", "GBR")
        self.idle()
        self.share(self.view, "soc")
        self.idle()
        assert row["name"] not in self.shown(), "a marking that no row of the view carries"

    def ends_later(self):
        first, second = made.indicator("late-a", "green"), made.malware("late-b", "green")
        link = made.relate("early", first, second, "green")
        over = made.report("over", [link, first], "green")
        for rows in ([over], [link], [first], [second]):
            assert link["id"] not in self.ids() and over["id"] not in self.ids()
            self.put(rows)
            self.settled()
        look.wait_until(lambda: {link["id"], over["id"]} <= set(self.ids()), 10)
        self.idle()
        ids = self.ids()
        assert ids.index(link["id"]) < ids.index(over["id"]), "a report after what it names"
        assert len(ids) == len(set(ids))

    def successor(self):
        """What waits is the newest version, not each of them."""
        before, end = self.waiting(), made.indicator("end-of-none")
        link = made.relate("successor", made.indicator("row-1"), end, "green")
        for day in (1, 2, 3):
            self.put([later(link, day)])
            self.idle()
            assert self.waiting() == before + 1, day
        self.put([made.indicator("end-of-none", "green")])
        look.wait_until(lambda: link["id"] in self.ids(), 10)
        self.idle()
        assert self.waiting() == before

    def marking_later(self):
        late = {"type": "marking-definition", "spec_version": "2.1", "created": made.MADE,
                "id": made.identify("marking-definition", "late"),
                "definition_type": "statement", "definition": {"statement": "DEMO"}}
        row = made.indicator("marked-late", "green")
        row["object_marking_refs"].append(late["id"])
        self.put([row])
        self.idle()
        assert row["id"] not in self.ids()
        self.put([late], handling="clear")
        look.wait_until(lambda: row["id"] in self.ids(), 10)

    def embargo(self):
        end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=4)
        until = made.releasability("embargo",
                                   embargo_until=end.strftime("%Y-%m-%dT%H:%M:%SZ"))
        row = made.indicator("embargoed", "green", until["id"])
        self.put([until], handling="clear")
        self.put([row])
        self.settled()
        assert row["id"] not in self.ids()
        look.wait_until(lambda: row["id"] in self.ids(), 20)
        dates = [one["date_added"] for one in self.soc.get(self.path("manifest"))["objects"]]
        assert dates == sorted(dates) and self.ids(match_type="indicator")[-1] == row["id"]

    def quarantined(self):
        rows = [made.indicator("apart-%d" % n, "green") for n in range(3)]
        done = self.node.json("import", "-", "--quarantine", "--handling", "green",
                              data=made.lines(rows))
        self.idle()
        assert not {row["id"] for row in rows} & set(self.ids())
        listed = self.node.json("quarantine", "list", "--import", str(done["import"]))["rows"]
        assert [row["id"] for row in listed] == [row["id"] for row in reversed(rows)], listed
        assert all(row["may_be_accepted"] and row["why"] for row in listed), listed
        assert self.node.json("quarantine", "accept", rows[0]["id"]) == {
            "accepted": 1, "left": 0}
        look.wait_until(lambda: rows[0]["id"] in self.ids(), 10)
        assert rows[1]["id"] not in self.ids()
        assert self.node.json("quarantine", "accept", "--import", str(done["import"])) == {
            "accepted": 2, "left": 0}
        look.wait_until(lambda: {row["id"] for row in rows} <= set(self.ids()), 10)
        for args, code in ((("accept", rows[0]["id"]), 1), (("accept",), 2),
                           (("accept", rows[0]["id"], "--import", "1"), 2),
                           (("list", "--limit", "0"), 4), (("accept", "--import", "x"), 4)):
            assert self.node.run("quarantine", *args, check=False).returncode == code, args

    def other_source(self):
        row = made.indicator("said-by-two", "green")
        self.put([row])
        self.wait(1, match_id=row["id"])
        other = dict(row, name="DEMO said by another")
        self.node.json("import", "-", "--handling", "green", "--originator", "fr",
                       data=made.lines([other]))
        self.idle()
        assert self.soc.all(self.path("objects"), match_id=row["id"]) == [row]
        ours = look.one(self.node, "SELECT import_id FROM object_version WHERE id = '%s'"
                        " AND source = 'gb'" % row["id"])
        self.node.run("import", "undo", str(ours), "--destroy")
        look.wait_until(lambda: self.soc.all(self.path("objects"), match_id=row["id"])
                        == [other], 10)

    def parts(self):
        row = made.indicator("with-a-part", "green", description="DEMO for few",
                             granular_markings=[{"marking_ref": made.TLP["red"],
                                                 "selectors": ["description"]}])
        self.put([row])
        look.wait_until(lambda: row["name"] in self.shown())
        got = self.shown()[row["name"]]
        assert "description" not in got and "granular_markings" not in got, got
        assert got["id"] != row["id"]

    def large(self):
        """A page of the largest objects is more than fits into memory at once."""
        rows = [made.malware("large-%d" % i, description=("%07d" % i) * 1000000)
                for i in range(42)]
        self.put(rows)
        look.wait_until(lambda: self.node.json("taxii", "collection", "list")["collections"][0]
                        ["shares"][0]["objects"] == 7 + len(rows), 600)

    def restarted(self):
        before = self.soc.all(self.path("objects"))
        self.restart()
        assert self.soc.all(self.path("objects")) == before
        link = made.relate("waits-over-a-restart", made.indicator("row-1"),
                           made.malware("after-restart"), "green")
        self.put([link])
        self.settled()
        self.restart()
        self.put([made.malware("after-restart", "green")])
        look.wait_until(lambda: link["id"] in self.ids(), 10)


def main():
    suite = tap.Tap()
    with tap.folder() as folder:
        node = pair.Node(sys.argv[1], os.path.join(folder, "gb"), "gb", "GBR").start()
        try:
            run = Suite(node, folder)
            if sys.argv[2:] == ["large"]:
                suite.case("TAXII objects of the largest size come in, too", run.large)
                return
            for name, case in (
                    ("H10 TAXII unmarked above CLEAR goes as a marked variant", run.marked),
                    ("TAXII F5 a variant has a new version when it says more", run.again),
                    ("TAXII what names a variant is a variant", run.renamed),
                    ("TAXII F5 an observable as a variant", run.observable),
                    ("S3 TAXII a variant leaves with its object", run.gone),
                    ("H10 TAXII a statement marks, and is marked", run.statement),
                    ("V2 TAXII what a level cannot say stays out", run.more_than_a_level),
                    ("TAXII F1 both ends come later", run.ends_later),
                    ("TAXII only the newest version waits", run.successor),
                    ("TAXII a marking comes later", run.marking_later),
                    ("TAXII an embargo is over", run.embargo),
                    ("TAXII quarantine is lifted", run.quarantined),
                    ("TAXII F5 the other source enters when the first leaves",
                     run.other_source),
                    ("V1 TAXII a part that must not go is cut out", run.parts),
                    ("S1 TAXII what waits waits over a restart", run.restarted)):
                suite.case(name, case)
        finally:
            node.stop()
            suite.end()


main()
