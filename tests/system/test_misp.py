# SPDX-License-Identifier: Apache-2.0
"""Usage: test_misp.py BONGSU

MISP events: counted by a second reader, marked as they say and never wider, the same when they
come again, and refused with a place when they are none."""
import collections
import gzip
import json
import os
import sys

import look
import made
import misp
import tap

DATA = ("ioc/eset/nukesped_lazarus/lazarus_3cx.json.gz",
        "ioc/stalkerware/generated/misp_event.json.gz")


class Events:
    def __init__(self, node, path):
        self.node, self.path = node, path

    def load(self, document, *more, code=0):
        path = os.path.join(self.path, "event.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(document, file)
        done = self.node.run("import", path, "--json", *more, check=False)
        assert done.returncode == code, (done.returncode, done.stderr[-500:])
        return json.loads(done.stdout)

    def get(self, kind, name):
        return self.node.json("show", "%s--%s" % (kind, misp.name_uuid(name)))["rows"][0]

    def object(self, kind, name):
        return self.get(kind, name)["object"]

    def shape(self):
        """What each kind of piece becomes."""
        first = misp.attribute("shape-ip", "ip-dst|port", "203.0.113.7|8443", comment="c2",
                               first_seen="2026-01-01T19:30:00.000000+09:30",
                               Tag=misp.tags("tlp:green", "kill-chain:c2"))
        first["Sighting"] = [{"uuid": misp.name_uuid("shape-sight"), "type": "0",
                              "date_sighting": str(misp.AT + 5)},
                             {"uuid": misp.name_uuid("shape-false"), "type": "1",
                              "date_sighting": str(misp.AT + 6)}]
        file = misp.thing(
            "shape-file", "file",
            ("md5", misp.attribute("shape-md5", "md5", "0123456789abcdef" * 2)),
            ("filename", misp.attribute("shape-name", "filename", "a'b.exe", to_ids=False)),
            ("size", misp.attribute("shape-size", "size-in-bytes", "12", to_ids=False)),
            ObjectReference=[{"uuid": misp.name_uuid("shape-ref"), "comment": "",
                              "referenced_uuid": first["uuid"], "timestamp": str(misp.AT),
                              "relationship_type": "Communicates With"}])
        cluster = {"type": "threat-actor", "GalaxyCluster": [
            {"uuid": misp.name_uuid("shape-actor"), "type": "threat-actor",
             "value": "DEMO BEAR",
             "description": "x", "meta": {"synonyms": ["APT0"], "external_id": ["G9999"]}}]}
        document = misp.event(
            "shape", first, misp.attribute("shape-as", "AS", "64500", to_ids=False),
            misp.attribute("shape-text", "text", "글", to_ids=False),
            misp.attribute("shape-cve", "vulnerability", "CVE-2026-0001", to_ids=False),
            misp.attribute("shape-yara", "yara", "rule x { condition: true }"),
            misp.attribute("shape-gone", value="gone.example", deleted=True),
            Object=[file], Galaxy=[cluster], Tag=misp.tags("tlp:green", "type:OSINT"),
            EventReport=[{"uuid": misp.name_uuid("shape-report"), "name": "r",
                          "content": "# words", "timestamp": str(misp.AT)}],
            ShadowAttribute=[{"uuid": misp.name_uuid("shape-shadow"), "type": "ip-dst",
                              "old_uuid": first["uuid"], "value": "203.0.113.8",
                              "category": "Network activity", "timestamp": str(misp.AT)}])
        got = self.load(document)
        assert got["format"] == "misp" and got["refused"] == 0 and got["conflict"] == 0, got
        ip = self.object("indicator", "shape-ip")
        assert ip["pattern"] == ("[(network-traffic:dst_ref.value = '203.0.113.7' AND "
                                 "network-traffic:dst_port = 8443)]"), ip
        assert ip["description"] == "c2" and ip["labels"] == ["kill-chain:c2"], ip
        assert ip["object_marking_refs"] == [made.TLP["green"]], ip
        assert ip["valid_from"] == "2026-01-01T10:00:00.000000Z", ip
        assert ip["modified"] == "2026-01-02T00:00:00.000000Z", ip
        assert ip["created"] == "2026-01-01T00:00:00.000000Z", ip
        md5 = self.object("indicator", "shape-file")
        assert md5["pattern"] == "[file:hashes.MD5 = '0123456789abcdef0123456789abcdef']", md5
        assert [row["object_relation"] for row in md5["x_misp_attributes"]] == [
            "md5", "filename", "size"], md5
        assert self.object("observed-data", "shape-as")["number_observed"] == 1
        assert self.object("x-misp-attribute", "shape-text")["x_misp_value"] == "글"
        assert self.object("vulnerability", "shape-cve")["name"] == "CVE-2026-0001"
        assert self.object("indicator", "shape-yara")["pattern_type"] == "yara"
        assert self.object("indicator", "shape-gone")["revoked"] is True
        assert self.object("sighting", "shape-sight")["sighting_of_ref"] == ip["id"]
        assert self.object("opinion", "shape-false")["object_refs"] == [ip["id"]]
        assert self.object("relationship", "shape-ref")["relationship_type"] == (
            "communicates-with")
        assert self.object("relationship", "shape-ref")["target_ref"] == ip["id"]
        actor = self.object("threat-actor", "shape-actor")
        assert actor["name"] == "DEMO BEAR" and actor["aliases"] == ["APT0"], actor
        assert self.object("note", "shape-report")["content"] == "# words"
        assert "203.0.113.8" in self.object("note", "shape-shadow")["content"]
        report = self.object("report", "shape")
        for row in (ip, md5, actor):
            assert row["id"] in report["object_refs"], report
        assert report["labels"] == ["type:OSINT"], report
        found = self.node.run("lookup", "203.0.113.7").stdout.decode()
        assert ip["id"] in found or "indicator" in found, found
        for kind in ("domain-name", "ipv4-addr"):
            rows = [json.loads(data) for (data,) in look.query(
                self.node, "SELECT b.bytes FROM object_bytes b JOIN object_version USING (seq) "
                "WHERE type = ?", kind)]
            assert "gone.example" not in [row["value"] for row in rows], rows

    def marked(self):
        """(event's tags, attribute's tags, event's and attribute's distribution) -> the levels
        that the object names, and whether nobody outside may have it."""
        green, amber, red, clear = "green", "amber", "red", "clear"
        cases = [
            ((), (), "3", "5", [], False),
            (("tlp:green",), (), "3", "5", [green], False),
            (("TLP:GREEN",), (), 2, 5, [green], False),
            (("tlp:white",), (), "3", "5", [clear], False),
            (("tlp:green",), ("tlp:red",), "3", "5", [red], False),
            (("tlp:red",), ("tlp:green",), "3", "5", [red], False),
            (("tlp:amber+strict",), ("tlp:amber",), "3", "5", ["strict"], False),
            (("tlp:green", "tlp:amber"), (), "3", "5", [green, amber], False),
            (("tlp:green",), ("tlp:clear", "tlp:red"), "3", "5", [clear, green, red], False),
            (("tlp:ex:chr",), (), "3", "5", [], True),
            ((), (), "0", "5", [], True),
            ((), (), "1", "5", [], True),
            ((), (), "4", "5", [], True),
            ((), (), "3", "0", [], True),
            (("tlp:green",), (), "3", "4", [green], True),
            (("tlp:green",), (), "5", "3", [green], False),
        ]
        for n, (above, own, wide, near, levels, at_home) in enumerate(cases):
            name = "marked-%d" % n
            row = misp.attribute(name, distribution=near, Tag=misp.tags(*own))
            got = self.load(misp.event(name + "-event", row, Tag=misp.tags(*above),
                                       distribution=wide, uuid=misp.name_uuid(name + "-e")))
            held = self.get("indicator", name)
            want = sorted(made.TLP[level] for level in levels)
            assert sorted(held["object"].get("object_marking_refs", [])) == want, (n, held)
            assert (held["handling"]["relto"] == ["GBR"]) == at_home, (n, held["handling"])
            is_told = bool(got["losses_n"])
            assert is_told or (str(wide), str(near)) == ("5", "5"), (n, got)

    def roaming(self):
        row = misp.attribute("roaming")
        group = {"uuid": misp.name_uuid("group"), "name": "x", "roaming": True}
        got = self.load(misp.event("roaming-event", row, distribution="4", SharingGroup=group))
        assert "roaming" in got["losses"][0]["why"], got
        assert self.get("indicator", "roaming")["handling"]["relto"] == ["GBR"]

    def shared_observable(self):
        """One value in two attributes: the observable is as strict as the stricter."""
        rows = [misp.attribute("twice-%d" % n, value="twice.example", Tag=misp.tags(tag))
                for n, tag in enumerate(("tlp:green", "tlp:red"))]
        self.load(misp.event("twice", *rows))
        seen = [json.loads(data) for (data,) in look.query(
            self.node, "SELECT b.bytes FROM object_bytes b JOIN object_version USING (seq) "
            "WHERE type = 'domain-name'")]
        seen, = [row for row in seen if row["value"] == "twice.example"]
        assert seen["object_marking_refs"] == [made.TLP["red"]], seen

    def again(self):
        row = misp.attribute("again")
        untimed = misp.attribute("again-untimed", at=0)
        document = misp.event("again-event", row, untimed, timestamp=None)
        assert self.load(document)["new"] > 0
        before = look.counts(self.node)
        assert self.load(document)["new"] == 0
        assert look.counts(self.node) == before
        row.update(timestamp=str(misp.AT + 60), comment="more")
        untimed["comment"] = "more"
        got = self.load(document)
        assert got["new"] == 2 and got["conflict"] == 0, got
        assert self.object("indicator", "again")["description"] == "more"
        assert self.object("indicator", "again-untimed")["description"] == "more"

    def forms(self):
        """The wrappers that MISP and its feeds use."""
        for n, wrap in enumerate((
                lambda row: row, lambda row: row["Event"], lambda row: [row],
                lambda row: {"response": [row]}, lambda row: {"response": row},
                lambda row: [row["Event"], row])):
            name = "form-%d" % n
            document = wrap(misp.event(name, misp.attribute(name + "-a")))
            got = self.load(document)
            assert got["format"] == "misp" and got["new"] >= 3, (n, got)
            assert self.object("report", name)["name"] == "DEMO " + name

    def refused(self):
        before = look.counts(self.node)
        whole = json.dumps(misp.event("bad", misp.attribute("bad"))).encode()
        cases = [(whole[:-9], "cut off"), (whole + b"x", "behind the document"),
                 (b'{"Event": 1}', "no MISP event"), (b'{"response": []}', "no MISP event"),
                 (whole.replace(b'"comment": ""', b'"comment": "", "comment": ""'), "byte"),
                 (whole.replace(b"bad.example", b"\xff"), "UTF-8"),
                 (b'{"Event": ' + b"[" * 100 + b"]" * 100 + b"}", "nested")]
        for data, said in cases:
            path = os.path.join(self.path, "bad.json")
            with open(path, "wb") as file:
                file.write(data)
            done = self.node.run("import", path, "--format", "misp", check=False)
            assert done.returncode == 4 and said in done.stderr.decode(), (data[:60], done)
        assert look.counts(self.node) == before

    def partly(self):
        """A bad piece is refused alone."""
        rows = [misp.attribute("part-good"), misp.attribute("part-empty", value=""),
                misp.attribute("part-bad", "sha256", "zz", to_ids=True),
                misp.attribute("part-large", "text", "x" * (9 << 20))]
        rows[1]["value"] = ""
        got = self.load(misp.event("part", *rows), code=4)
        assert got["refused"] == 2, got
        assert self.object("x-misp-attribute", "part-bad")["x_misp_to_ids"] is True
        assert any("not of its type" in loss["why"] for loss in got["losses"]), got

    def large(self):
        """30,000 attributes: pieces are read one by one, and a report of too many is split."""
        rows = [misp.attribute("large-%d" % n, to_ids=False, comment="x" * 300)
                for n in range(30000)]
        got = self.load(misp.event("large", *rows))
        assert got["refused"] == 0 and got["new"] >= 60000, got
        report = self.object("report", "large")
        assert len(report["object_refs"]) == 2, len(report["object_refs"])
        parts = [self.node.json("show", ref)["rows"][0]["object"]
                 for ref in report["object_refs"]]
        assert sum(len(part["object_refs"]) for part in parts) == 60001


class Data:
    """The given events, as another reader counts them."""

    def __init__(self, node):
        self.node = node

    def count(self, name):
        path = os.path.join(tap.DATA, name)
        tap.needs_data()
        with gzip.open(path) as file:
            want, values = misp.count(json.load(file))
        got = self.node.json("import", path)
        assert got["refused"] == 0 and got["conflict"] == 0, got
        rows = [json.loads(data) for (data,) in look.query(
            self.node, """SELECT b.bytes FROM object_bytes b JOIN object_version v USING (seq)
            WHERE v.import_id = ?""", got["import"])]
        kinds = collections.Counter(row["type"] for row in rows)
        kinds["custom"] = kinds["x-misp-attribute"] + kinds["x-misp-object"]
        assert {kind: kinds[kind] for kind in want} == want, (kinds, want)
        held = set()
        for row in rows:
            if row["type"] in ("domain-name", "url"):
                held.add((row["type"], row["value"]))
            if row["type"] in ("ipv4-addr", "ipv6-addr"):
                held.add(("ip", row["value"]))
            if row["type"] == "file":
                held |= {("file", text) for text in row.get("hashes", {}).values()}
                held |= {("file", row["name"])} if "name" in row else set()
        assert held == {pair for pair in values if pair[0] != "url"} | {
            pair for pair in held if pair[0] == "url"}, held ^ values
        assert sum(pair[0] == "url" for pair in held) == sum(
            pair[0] == "url" for pair in values)
        again = self.node.json("import", path)
        assert again["new"] == 0 and again["conflict"] == 0, again


def main(program):
    cases = tap.Tap()
    with tap.folder() as path:
        with tap.nodes(path, program) as pair:
            pair.start()
            pair.tokens()
            work = Events(pair.gb, path)
            for name, run in (
                    ("S2 each kind of piece", work.shape),
                    ("V2 markings as they are said, never wider", work.marked),
                    ("H4 a roaming sharing group reaches nobody", work.roaming),
                    ("V2 an observable is as strict as the strictest", work.shared_observable),
                    ("S2 the same again changes nothing, a change is a version", work.again),
                    ("the wrappers of events", work.forms),
                    ("B1 what is no event is refused whole", work.refused),
                    ("B1 a bad piece is refused alone", work.partly),
                    ("B1 a large event", work.large)):
                cases.case(name, run)
            data = Data(pair.kr)
            for name in DATA:
                cases.case("S2 %s, as another reader counts it" % os.path.basename(name),
                           data.count, name)
    cases.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
