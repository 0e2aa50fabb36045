# SPDX-License-Identifier: Apache-2.0
"""Usage: test_main_job.py BONGSU [NAME]

The main job on every STIX 2.1 file of the data pack: import, release, receipt, lookup, import
again, evidence. With a name: only the runs whose title contains it."""
import json
import os
import re
import sys

import look
import tap

BIG = 300  # objects; such a file has two nodes of its own, all others share two
VALUE = re.compile(r"^\[(?:domain-name|ipv4-addr|url):value\s*=\s*'([^'\\]+)'\]$")
PLAIN = ("domain-name", "ipv4-addr", "ipv6-addr", "url", "email-addr")


class Source:
    """One file of the data pack, as Python reads it."""

    def __init__(self, path):
        self.name = os.path.relpath(path, os.path.join(tap.DATA, "stix"))
        self.data = look.read_file(path)
        self.documents = look.documents(self.data)
        self.objects = look.stix_objects(self.documents)
        self.is_2_0 = bool(self.objects) and all(
            document.get("spec_version") == "2.0" for document in self.documents)
        self.is_2_1 = bool(self.objects) and not self.is_2_0 and any(
            row.get("spec_version") == "2.1" for row in self.objects)
        # An object of 2.0 on its own; test_import_formats.py has the upgrades.
        self.has_2_0 = any("created" in row and "spec_version" not in row
                           for row in self.objects or [])


def sources():
    root = os.path.join(tap.DATA, "stix")
    for top, folders, names in os.walk(root):
        folders.sort()
        for name in sorted(names):
            yield Source(os.path.join(top, name))


def import_source(pair, source, *more):
    path = pair.path("input.json")
    with open(path, "wb") as file:
        file.write(source.data)
    done = pair.gb.run("import", path, "--json", *more, check=False)
    assert done.returncode in (0, 4), (source.name, done.returncode, done.stderr[-300:])
    return done


def counted(source, done):
    """The node's counts, which must add up to what Python counts."""
    report = json.loads(done.stdout)
    total = sum(report[key] for key in ("new", "same", "refused", "conflict"))
    assert total == report["read"] == len(source.objects), (source.name, report)
    bad = report["refused"] + report["conflict"]
    assert (done.returncode == 4) == (bad > 0), (source.name, done.returncode, report)
    return report


def value_to_look_up(rows):
    """(value, id) of a received object, found without the product's own normaliser."""
    for data in rows:
        row = json.loads(data)
        if row["type"] in PLAIN and "'" not in row.get("value", "'"):
            return row["value"], row["id"]
        match = VALUE.match(row.get("pattern", ""))
        if match:
            return match[1], row["id"]
    return None


class Run:
    """The main job between two nodes, on one or more files."""

    def __init__(self, pair, found):
        self.pair, self.gb, self.kr = pair, pair.gb, pair.kr
        self.sources = found

    def imports(self):
        new = 0
        for source in self.sources:
            new += counted(source, import_source(self.pair, source))["new"]
        held = look.one(self.gb, "SELECT count(*) FROM object_version")
        assert held == new, "%d rows after %d new objects" % (held, new)

    def kept_as_received(self):
        texts = [source.data for source in self.sources]
        for (data,) in look.query(self.gb, "SELECT bytes FROM object_bytes"):
            assert any(data in text for text in texts), data[:200]

    def releases(self):
        preview = self.gb.json("release", "--all", "--to", "kr", "--preview")
        answer = self.gb.json("release", "--all", "--to", "kr")
        assert answer["released"] == len(preview["objects"])
        told = {row["id"] for row in preview["objects"] + answer["withheld"]}
        held = {name for (name,) in look.query(self.gb, "SELECT id FROM object_version")}
        # a marking definition goes with what it marks, or stays without a word
        silent = {name for name in held - told if not name.startswith("marking-definition--")}
        assert not silent and told <= held, (silent, told - held)
        assert all(row["rule"] and row["why"] and row["why_ko"] for row in answer["withheld"])
        links = self.pair.wait_settled(wait_s=300)
        assert links[0]["receipts"] == links[0]["to_receipt"]
        assert links[1]["received"] == links[0]["released"] == answer["released"]

    def same_bytes(self):
        # What names objects that are not held goes as a variant.
        sent = look.query(self.gb, """SELECT p.idx, p.n, coalesce(v.bytes, b.bytes)
            FROM payload p JOIN object_bytes b ON b.seq = p.object_seq
            LEFT JOIN variant v ON v.seq = p.variant_seq ORDER BY p.idx, p.n""")
        got = look.query(self.kr, """SELECT p.idx, p.n, b.bytes FROM received_payload p
            JOIN object_bytes b ON b.seq = p.object_seq ORDER BY p.idx, p.n""")
        assert sent == got, "%d sent, %d received" % (len(sent), len(got))
        rows = look.one(self.kr, "SELECT count(*) FROM object_version")
        assert rows == len(sent), "%d rows at kr, %d payloads" % (rows, len(sent))
        for (data,) in look.query(self.kr, "SELECT bytes FROM object_bytes LIMIT 20"):
            shown = self.kr.run("show", json.loads(data)["id"]).stdout
            assert shown == data + b"\n", shown[:200]

    def one_receipt_each(self):
        assert not look.unreceipted(self.gb, True)
        assert not look.unreceipted(self.kr, False)

    def lookup(self):
        found = value_to_look_up(
            row for (row,) in look.query(self.kr, "SELECT bytes FROM object_bytes"))
        if not found:
            raise tap.Skip("nothing with a plain value was released")
        value, known = found
        answer = json.loads(self.kr.run("lookup", value, "--json").stdout)
        assert known in [row["id"] for row in answer["objects"]], (value, known, answer)

    def again(self):
        before = [look.counts(node) for node in self.pair.both()]
        for source in self.sources:
            report = counted(source, import_source(self.pair, source))
            assert report["new"] == 0, (source.name, report)
        answer = self.gb.json("release", "--all", "--to", "kr")
        assert answer["released"] == 0, answer
        self.pair.wait_settled()
        after = [look.counts(node) for node in self.pair.both()]
        for old, now in zip(before, after):
            old["release"] = now["release"]  # the second release is an event of its own
            assert old == now, (old, now)

    def evidence(self):
        if look.counts(self.gb, ["ledger_entry"])["ledger_entry"] == 0:
            raise tap.Skip("nothing was released, so there is no ledger yet")
        for found in look.verify(self.pair):
            assert found["unreceipted"] == found["gaps"] == 0, found

    def all(self, cases, title):
        steps = (("the counts are those of another reader", self.imports),
                 ("objects are kept as received", self.kept_as_received),
                 ("each object is released or withheld for a reason", self.releases),
                 ("the partner holds the same bytes", self.same_bytes),
                 ("L2 every release has one receipt", self.one_receipt_each),
                 ("a released value is found at the partner", self.lookup),
                 ("S2 importing and releasing again changes nothing", self.again),
                 ("L3 both ledgers verify offline", self.evidence))
        for name, run in steps:
            cases.case("%s: %s" % (title, name), run)


def others_store_nothing(pair, found):
    """Schemas, lists of patterns and broken examples: one clear line, and no row."""
    for source in found:
        done = import_source(pair, source)
        assert done.returncode == 4 and b"byte " in done.stderr, (source.name, done.stderr)
        if source.documents is None:
            assert done.stderr.count(b"\n") == 1, (source.name, done.stderr)
    assert look.one(pair.gb, "SELECT count(*) FROM object_version") == 0


def main(program, only=""):
    cases = tap.Tap()
    if not os.path.isdir(tap.DATA):
        cases.case("the main job on real data", tap.needs_data)
        cases.end()
    found = list(sources())
    current = [source for source in found if source.is_2_1]
    runs = [("small files", [row for row in current if len(row.objects) < BIG])]
    runs += [(row.name, [row]) for row in current if len(row.objects) >= BIG]
    with tap.folder() as path:
        for number, (title, group) in enumerate(runs):
            if only not in title:
                continue
            tap.say("%s: %d files, %d objects" %
                    (title, len(group), sum(len(row.objects) for row in group)))
            with tap.linked(path, program, "r%d" % number) as pair:
                Run(pair, group).all(cases, title)
        if only:
            cases.end()
        with tap.linked(path, program, "old") as pair:
            others = [row for row in found
                      if not row.is_2_0 and not row.is_2_1 and not row.has_2_0]
            cases.case("files without STIX store nothing", others_store_nothing, pair, others)
    cases.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
