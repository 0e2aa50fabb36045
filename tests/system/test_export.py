# SPDX-License-Identifier: Apache-2.0
"""Usage: test_export.py BONGSU

Exports: the same for stores that differ in what is denied, marked, complete, read back by
another reader and by the node itself, and never wider than what went in."""
import csv
import io
import json
import os
import re
import sys

import look
import made
import misp
import tap

FORMATS = ("stix", "misp", "csv", "text")


class Exports:
    def __init__(self, node, other, path):
        self.node, self.other, self.path = node, other, path
        for each in (node, other):
            each.run("recipient", "add", "ncsc")

    def load(self, rows, node=None, *more):
        data = made.lines(rows) if isinstance(rows, list) else json.dumps(rows).encode()
        return (node or self.node).json("import", "-", *more, data=data)

    def export(self, form, *what, node=None, code=0, to="gb/ncsc"):
        done = (node or self.node).run("export", *(what or ("--all",)), "--to", to, "--format",
                                       form, check=False)
        assert done.returncode == code, (done.returncode, done.stderr[-600:])
        return done.stdout.decode(), done.stderr.decode()

    @staticmethod
    def varied():
        """Denied to the recipient, and named by what is not."""
        red = made.indicator("denied", "red")
        mark = made.releasability("mark", orcon=True)
        kept = made.indicator("orcon", "green", mark["id"])
        return [red, mark, kept, made.relate("denied-r", red, made.malware("open-m"), "green"),
                made.indicator("unknown", "green", made.identify("marking-definition", "none"))]

    def noninterference(self):
        """V1 P1: byte for byte the same with and without what is denied."""
        red = self.varied()[0]
        rows = [made.indicator("open", "green"), made.malware("open-m", "amber"),
                made.relate("open-r", made.indicator("open"), made.malware("open-m"), "green"),
                made.report("mixed", [made.indicator("open"), red], "green")]
        self.load(rows[:2])
        self.load(self.varied())
        self.load(rows[2:])
        self.load(rows, self.other)
        for form in FORMATS:
            first, _ = self.export(form)
            second, _ = self.export(form, node=self.other)
            # What lost a part goes under an id of the recipient's own, which its node makes.
            hide = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f-]{16}"
                              r"|bundle--[0-9a-f-]{36}")
            assert hide.sub("*", first) == hide.sub("*", second), form
            assert "denied" not in first and "unknown" not in first and "orcon" not in first
        assert "open.example.org" in first

    def parts(self):
        """More than one document may hold goes as several, each object in one of them."""
        whole, _ = self.export("text", "--all", "--type", "indicator")
        values, after, documents = [], "0", 0
        while after:
            document, said = self.export("text", "--all", "--type", "indicator", "--limit", "3",
                                         "--after", after)
            values += [line for line in document.splitlines() if not line.startswith("#")]
            documents += 1
            found = re.search(r"--after (\d+)", said)
            after = found.group(1) if found else None
        assert documents > 2 and sorted(values) == sorted(
            line for line in whole.splitlines() if not line.startswith("#")), values
        for option in ("--limit", "0"), ("--limit", "x"), ("--since", "today"):
            self.export("text", "--all", *option, code=4)
        assert "open.example.org" not in self.export(
            "text", "--all", "--since", "2100-01-01T00:00:00Z")[0]

    def stix(self):
        document, said = self.export("stix", made.identify("indicator", "open"))
        bundle = json.loads(document)
        assert bundle["type"] == "bundle" and len(bundle["objects"]) == 1, bundle
        assert bundle["objects"][0] == made.indicator("open", "green"), bundle
        assert "1 objects for gb/ncsc as stix" in said, said
        got = self.load(bundle)
        assert got["new"] == 0 and got["same"] == 1, got

    def unmarked(self):
        """H10: above CLEAR nothing leaves unmarked."""
        self.load([made.indicator("bare")], None, "--handling", "amber")
        document, said = self.export("stix", made.identify("indicator", "bare"))
        row, = json.loads(document)["objects"]
        assert row["object_marking_refs"] == [made.TLP["amber"]], row
        assert row["id"] != made.identify("indicator", "bare"), row
        assert "variant" in said, said
        again, _ = self.export("stix", made.identify("indicator", "bare"))
        assert again == document
        got, = look.query(self.node, "SELECT handling FROM object_version WHERE id = ?",
                          made.identify("indicator", "bare"))
        assert "amber" in got[0], got

    def table(self):
        rows = [made.make("indicator", "formula", "green", name="=cmd|'x'!A1",
                          valid_from=made.MADE, pattern_type="stix", labels=["a b", 'q"q'],
                          pattern="[ipv4-addr:value = '203.0.113.44' OR "
                                  "file:hashes.MD5 = '%s']" % ("ab" * 16)),
                made.make("indicator", "joint", "green", valid_from=made.MADE, name="x",
                          pattern_type="stix", pattern="[url:value = 'https://a.example/x' AND "
                                                       "file:name = 'notepad.exe']"),
                made.make("indicator", "gone", "green", valid_from=made.MADE, revoked=True,
                          pattern_type="stix", pattern="[url:value = 'https://gone.example/']"),
                made.make("indicator", "over", "green", valid_from=made.MADE,
                          valid_until="2026-01-02T00:00:00Z", pattern_type="stix",
                          pattern="[domain-name:value = 'over.example']", name="x")]
        self.load(rows)
        document, said = self.export("csv", *[row["id"] for row in rows])
        got = list(csv.DictReader(io.StringIO(document, newline="")))
        assert [(row["value"], row["type"], row["tlp"]) for row in got] == [
            ("ab" * 16, "md5", "green"), ("203.0.113.44", "ip", "green"),
            ("over.example", "domain", "green")], got
        assert got[0]["name"] == "'=cmd|'x'!A1" and got[0]["labels"] == 'a b q"q', got
        assert "joint" not in document and rows[1]["id"] in said and rows[2]["id"] in said, said
        back = self.node.json("import", "-", data=document.encode())
        assert back["refused"] == 0 and back["unmarked"] == 0, back
        document, _ = self.export("text", *[row["id"] for row in rows])
        assert document.splitlines() == [
            "# TLP:GREEN, the strictest of all that is in this list", "# hash", "ab" * 16,
            "# ip", "203.0.113.44"], document

    def at_home(self):
        """What is for our own nation only is so again when it comes back."""
        row = misp.attribute("home", "domain", "home.example", distribution="0",
                             Tag=misp.tags("tlp:green"))
        self.load(misp.event("home-event", row, Tag=misp.tags("tlp:green")))
        indicator = "indicator--" + row["uuid"]
        document, _ = self.export("csv", indicator)
        got, = csv.DictReader(io.StringIO(document, newline=""))
        assert got["releasable_to"] == "GBR", got
        assert self.other.json("import", "-", data=document.encode())["new"] == 1
        held = [json.loads(data) for (data,) in look.query(
            self.other, "SELECT handling FROM object_version WHERE type = 'domain-name'")]
        assert [each["relto"] for each in held] == [["GBR"]], held

    def warned(self):
        path = os.path.join(self.path, "list.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"name": "DEMO common", "version": 1, "type": "hostname",
                       "matching_attributes": ["domain"], "list": ["warned.example.org"]}, file)
        self.node.run("warning", "add", path)
        self.load([made.indicator("warned", "green")])
        held = made.identify("indicator", "warned")
        for form in ("csv", "text"):
            document, said = self.export(form, held)
            assert "warned.example.org" not in document and "warning list" in said, document
            document, _ = self.export(form, held, "--warned")
            assert "warned.example.org" in document, document
        assert "warned.example.org" in self.export("stix", held)[0]

    def events(self):
        """MISP in, out and in again: nothing new, no conflict, every marking as it was."""
        inner = misp.thing(
            "round-file", "file",
            ("sha256", misp.attribute("round-sha", "sha256", "ab" * 32,
                                      Tag=misp.tags("tlp:amber", "round:inner"))),
            ("filename", misp.attribute("round-name", "filename", "a.exe", to_ids=False)))
        inner["ObjectReference"] = [
            {"uuid": misp.name_uuid("round-ref"), "relationship_type": "drops", "comment": "c",
             "referenced_uuid": misp.name_uuid("round-a"), "timestamp": str(misp.AT)}]
        first = misp.attribute("round-a", "ip-dst|port", "203.0.113.5|443", comment="why",
                               first_seen="2026-01-01T09:00:00.000000+09:00",
                               Tag=misp.tags("round:label"))
        first["Sighting"] = [{"uuid": misp.name_uuid("round-sight"), "type": "0",
                              "source": "s", "date_sighting": str(misp.AT)}]
        document = misp.event(
            "round", first, misp.attribute("round-b", to_ids=False),
            misp.attribute("round-c", "text", "글 \\ \"q\"", to_ids=False),
            misp.attribute("round-d", "vulnerability", "CVE-2026-0002", to_ids=False),
            misp.attribute("round-e", "yara", "rule x { condition: true }"),
            misp.attribute("round-gone", deleted=True), Object=[inner],
            Tag=misp.tags("tlp:green", "round:event"), distribution="5",
            Galaxy=[{"type": "ransomware", "GalaxyCluster": [
                {"uuid": misp.name_uuid("round-g"), "type": "ransomware", "value": "DEMO LOCK",
                 "description": "d", "meta": {"synonyms": ["L"]}}]}],
            EventReport=[{"uuid": misp.name_uuid("round-n"), "name": "r", "content": "c",
                          "timestamp": str(misp.AT)}])
        self.load(document)
        before = look.counts(self.node, ("object_version", "handling_event"))
        text, said = self.export("misp", "report--" + misp.name_uuid("round"))
        event, = [row["Event"] for row in json.loads(text)["response"]]
        assert event["uuid"] == misp.name_uuid("round") and event["distribution"] == "0", event
        assert {row["uuid"]: row["value"] for row in event["Attribute"]} == {
            row["uuid"]: row["value"] for row in document["Event"]["Attribute"]}, event
        tags = {tag["name"] for row in event["Object"][0]["Attribute"] for tag in row["Tag"]}
        assert "tlp:amber" in tags and "round:inner" in tags, tags
        back = self.load(json.loads(text))
        assert back["new"] == 0 and back["conflict"] == 0 and back["refused"] == 0, (back, said)
        assert look.counts(self.node, ("object_version", "handling_event")) == before

    def to_misp(self):
        """STIX to MISP and back: every marking stays or is said to be lost."""
        rows = [made.indicator("out-green", "green"), made.indicator("out-amber", "amber"),
                made.indicator("out-clear", "clear"), made.malware("out-m", "green"),
                made.make("indicator", "out-complex", "green", name="x", pattern_type="stix",
                          valid_from=made.MADE,
                          pattern="[file:name = 'a' AND file:size > 3] FOLLOWEDBY "
                                  "[url:value = 'https://x.example/']")]
        rows.append(made.report("out-report", rows, "green"))
        self.load(rows)
        text, said = self.export("misp", rows[-1]["id"])
        back = self.other.json("import", "-", data=text.encode())
        assert back["refused"] == 0, back
        levels = {level: at for at, level in enumerate(made.TLP.values())}
        for row in rows[:5]:
            got = self.other.json("show", row["id"])["rows"][0]["object"]
            was, now = (max(levels[ref] for ref in each["object_marking_refs"])
                        for each in (row, got))
            assert now >= was, (row["id"], was, now)
            assert now == was or row["id"] in said, (row["id"], said)
        got = self.other.json("show", rows[4]["id"])["rows"][0]["object"]
        assert got["pattern"] == rows[4]["pattern"], got

    def refused(self):
        indicator = made.identify("indicator", "open")
        before = look.counts(self.node)
        for what, said in (
                (("export", indicator, "--to", "kr", "--format", "csv"), "link"),
                (("export", indicator, "--to", "gb/nobody", "--format", "csv"), "recipient"),
                (("export", indicator, "--to", "gb/ncsc", "--format", "pdf"), "format"),
                (("export", indicator, "--to", "gb/ncsc", "--format", "stix20"), "format"),
                (("export", "indicator--x", "--to", "gb/ncsc", "--format", "csv"), "no such"),
                (("export", "--to", "gb/ncsc", "--format", "csv"), "--all"),
                (("export", indicator, "--to", "gb/ncsc"), "format")):
            done = self.node.run(*what, check=False)
            assert done.returncode in (1, 2, 4) and said in done.stderr.decode(), (what, done)
            assert not done.stdout
        self.export("csv", made.identify("indicator", "denied"), code=3)
        done = self.node.run("export", made.identify("indicator", "denied"), "--to", "gb/ncsc",
                             "--format", "csv", "--json", check=False)
        report = json.loads(done.stdout)
        assert report["withheld"] == 1 and "export" not in report, report
        assert done.returncode == 3, done
        assert look.counts(self.node) == before

    def previews(self):
        before = look.counts(self.node)
        text, _ = self.export("csv", made.identify("indicator", "open"), "--preview")
        assert "open.example.org" in text and look.counts(self.node) == before

    def recalled(self):
        """What was exported is known, and a recall takes it out of every export's view."""
        view = """SELECT count(*) FROM membership m JOIN object_version v
            ON m.object_seq = v.seq WHERE v.id = ? AND m.view NOT IN ('read', 'link')"""
        held = made.identify("indicator", "out-green")
        assert look.one(self.node, view, held) >= 1
        actions = {row[0] for row in look.query(
            self.node, "SELECT detail FROM audit WHERE action = 'release'")}
        assert any("export misp" in (detail or "") for detail in actions), actions
        self.node.run("recall", held)
        assert look.one(self.node, view + " AND m.removed_seq IS NULL", held) == 0


def main(program):
    cases = tap.Tap()
    with tap.folder() as path:
        with tap.nodes(path, program) as pair:
            pair.start()
            pair.tokens()
            pair.kr.stop()
            other = tap.nodes(path, program, "m")
            with other as second:
                second.start()
                second.tokens()
                work = Exports(pair.gb, second.gb, path)
                for name, run in (
                        ("V1 P1 the same with and without what is denied",
                         work.noninterference),
                        ("a bundle comes back as it was", work.stix),
                        ("V2 H10 nothing above clear leaves unmarked", work.unmarked),
                        ("tables and lists of values", work.table),
                        ("V2 what is for one nation stays so", work.at_home),
                        ("values on warning lists are held back", work.warned),
                        ("a large export goes in parts", work.parts),
                        ("S2 MISP, in, out and in again", work.events),
                        ("V2 STIX to MISP and back", work.to_misp),
                        ("U1 exports that cannot be are refused", work.refused),
                        ("a preview writes nothing", work.previews),
                        ("H5 what was exported is known", work.recalled)):
                    cases.case(name, run)
    cases.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
