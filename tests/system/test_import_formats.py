# SPDX-License-Identifier: Apache-2.0
"""Usage: test_import_formats.py BONGSU

Documents of other formats: packed, STIX 2.0, tables and text, each counted by a second reader;
previews; what cannot be read is refused as a whole."""
import csv
import glob
import gzip
import io
import json
import os
import re
import sys
import zlib

import look
import made
import tap

GOOD = json.dumps(made.indicator("packed", "green")).encode()
OLD = {"type": "bundle", "id": made.identify("bundle", "old"), "spec_version": "2.0",
       "objects": [
           {"type": "malware", "id": made.identify("malware", "old"), "name": "DEMO",
            "created": "2018-01-01T00:00:00.000Z", "modified": "2018-01-01T00:00:00.000Z",
            "labels": ["trojan"], "object_marking_refs": [
                "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"]},
           {"type": "observed-data", "id": made.identify("observed-data", "old"),
            "created": "2018-01-01T00:00:00.000Z", "modified": "2018-01-01T00:00:00.000Z",
            "first_observed": "2018-01-01T00:00:00Z", "last_observed": "2018-01-01T00:00:00Z",
            "number_observed": 1,
            "granular_markings": [{
                "marking_ref": "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed",
                "selectors": ["objects.0.value"]}],
            "objects": {
                "0": {"type": "ipv4-addr", "value": "203.0.113.1", "resolves_to_refs": ["1"]},
                "1": {"type": "mac-addr", "value": "00:00:5e:00:53:af"},
                "2": {"type": "network-traffic", "protocols": ["tcp"], "src_ref": "0",
                      "dst_ref": "9"},
                "3": {"type": "file", "name": "a.exe", "created": "2018-01-01T00:00:00Z",
                      "is_encrypted": False}}}]}
TEXT = """Seen at hxxps://evil[.]example[.]com/a?b=1 (and 203.0.113[.]7:443), 198.51.100.0/24,
version 1.2.3.4 of setup.exe and README.md on 2026.01.02; mail bad[at]evil[.]kr, evil2.kr에서,
２０３．０．１１３．９, CVE-2024-12345. MD5:d41d8cd98f00b204e9800998ecf8427e 2001:db8::1
evil2[.]kr again.
"""
FOUND = {("url", "https://evil.example.com/a?b=1"), ("ipv4-addr", "203.0.113.7"),
         ("ipv4-addr", "198.51.100.0/24"), ("email-addr", "bad@evil.kr"),
         ("domain-name", "evil2.kr"), ("ipv4-addr", "203.0.113.9"),
         ("vulnerability", "CVE-2024-12345"), ("file", "d41d8cd98f00b204e9800998ecf8427e"),
         ("ipv6-addr", "2001:db8::1")}
TABLE = """Indicator,Type,Description,TLP,Tags,colour
evil[.]example[.]net,domain,"said ""bad"",
on two lines",AMBER,"apt, c2",red
203.0.113.20,ip,,green,,
# a remark
not an address,ip,,,,
203.0.113.21,ip,,secret,,
"d41d8cd98f00b204e9800998ecf8427e,da39a3ee5e6b4b0d3255bfef95601890afd80709",file,,,,
a,b,c,d,e,f,g
"""
HOST = re.compile(r"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.[A-Za-z]{2,}$")
HASH = re.compile(r"^([0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64})$")


class Formats:
    def __init__(self, node, path):
        self.node, self.path = node, path

    def write(self, data, name="document"):
        path = os.path.join(self.path, name)
        with open(path, "wb") as file:
            file.write(data if isinstance(data, bytes) else data.encode())
        return path

    def load(self, data, *more, code=0):
        done = self.node.run("import", self.write(data), "--json", *more, check=False)
        assert done.returncode == code, (done.returncode, done.stderr[-500:])
        return json.loads(done.stdout)

    def counts(self):
        return look.counts(self.node, look.TABLES + ("audit", "import_batch"))

    def held(self, kind):
        return [json.loads(data) for (data,) in look.query(
            self.node, """SELECT b.bytes FROM object_bytes b JOIN object_version USING (seq)
            WHERE type = ?""", kind)]

    def refused(self, data, said, *more):
        before = self.counts()
        done = self.node.run("import", self.write(data), *more, check=False)
        lines = done.stderr.decode().splitlines()
        assert done.returncode == 4 and len(lines) == 1 and said in lines[0], lines
        assert not done.stdout and self.counts() == before
        assert not os.listdir(os.path.join(self.node.folder, "spool"))

    def packed(self):
        assert self.load(gzip.compress(GOOD))["new"] == 1
        rows = [json.dumps(made.indicator("member-%d" % n)).encode() + b"\n" for n in range(9)]
        assert self.load(b"".join(map(gzip.compress, rows)))["new"] == 9
        # One frame of Zstandard that is not compressed: its header, then raw blocks of a size.
        raw = b"\n".join(rows)
        frame = b"\x28\xb5\x2f\xfd\xa0" + len(raw).to_bytes(4, "little")
        frame += (len(raw) << 3 | 1).to_bytes(3, "little") + raw
        assert self.load(frame)["same"] == 9

    def from_pipe(self):
        done = self.node.run("import", "-", "--json", data=gzip.compress(GOOD))
        assert json.loads(done.stdout)["same"] == 1

    def bad_packed(self):
        packed = gzip.compress(GOOD)
        self.refused(packed[:-9], "cut short")
        self.refused(packed[:40] + b"\xff" * 20 + packed[60:], "damaged")
        self.refused(packed + b"trailing", "damaged")
        self.refused(b"\x28\xb5\x2f\xfd" + b"\xff" * 40, "zstd")

    def bomb(self):
        """A gigabyte of blanks in a megabyte."""
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        blanks = b" " * (1 << 20)
        data = b"".join(packer.compress(blanks) for _ in range(1024)) + packer.flush()
        self.refused(data, "200 times its size")

    def upgraded(self):
        report = self.load(json.dumps(OLD))
        assert (report["read"], report["new"], report["refused"]) == (6, 6, 0), report
        fields = sorted(loss["field"] for loss in report["losses"])
        assert fields == ["granular_markings", "is_encrypted", "is_family", "objects"], fields
        malware, = [row for row in self.held("malware")
                    if row["id"] == OLD["objects"][0]["id"]]
        assert malware["malware_types"] == ["trojan"] and malware["is_family"] is True
        assert malware["spec_version"] == "2.1" and "labels" not in malware
        observed = next(row for row in self.held("observed-data"))
        address, = [row for row in self.held("ipv4-addr") if row["value"] == "203.0.113.1"]
        mac, = self.held("mac-addr")
        traffic, = self.held("network-traffic")
        file, = [row for row in self.held("file") if row.get("name") == "a.exe"]
        assert observed["object_refs"] == [row["id"] for row in (address, mac, traffic, file)]
        assert address["resolves_to_refs"] == [mac["id"]], address
        assert traffic["src_ref"] == address["id"] and "dst_ref" not in traffic
        assert file["ctime"] == "2018-01-01T00:00:00Z" and "is_encrypted" not in file
        for row in (address, mac, traffic, file):  # V2: a part was red, so each is
            assert row["object_marking_refs"] == [
                "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"], row
        assert "granular_markings" not in observed and "objects" not in observed

    def kept_original(self):
        name = OLD["objects"][0]["id"]
        done = self.node.run("show", name, "--original")
        assert json.loads(done.stdout) == OLD["objects"][0]
        report = self.load(json.dumps(OLD))
        assert report["new"] == 0 and report["same"] == 6, report
        number = look.one(self.node, "SELECT min(import_id) FROM object_version WHERE id = ?",
                          name)
        originals = self.counts()["object_original"]
        self.node.run("import", "undo", str(number), "--destroy")
        assert self.node.run("show", name, "--original", check=False).returncode != 0
        assert self.counts()["object_original"] == originals - 6

    def strict_when_told(self):
        report = self.load(json.dumps(OLD), "--format", "stix", code=4)
        assert report["new"] == 0 and report["refused"] == 2, report

    def text(self):
        before = self.counts()
        preview = self.load(TEXT, "--preview")
        assert self.counts() == before
        got = {(row["type"], row["value"]) for row in preview["objects"]}
        assert got - {("grouping", os.path.join(self.path, "document"))} == FOUND, got
        for row in preview["objects"]:
            if row["type"] != "grouping":
                data = TEXT.encode()[row["at"]:]
                assert data.startswith(row["from"].encode()), row
        report = self.load(TEXT)
        assert report["new"] == len(FOUND) + 1 and report["format"] == "text", report
        group, = self.held("grouping")
        assert len(group["object_refs"]) == len(set(group["object_refs"])) == len(FOUND)
        again = self.load(TEXT)
        assert again["new"] == 0 and again["same"] == len(FOUND) + 1, again

    def preview_in_words(self):
        done = self.node.run("import", self.write("hxxp://evil[.]kr/x 203.0.113.3\n"),
                             "--preview")
        lines = done.stdout.decode().splitlines()
        assert ":0: url  http://evil.kr/x  from hxxp://evil[.]kr/x" in lines[0], lines
        assert len(lines) == 4 and "nothing was stored" in lines[3], lines

    def thousand_lines(self):
        """S2: a thousand mixed lines give a typed row each, and again nothing."""
        rows = []
        for n in range(250):
            rows += ["host-%d[.]evil[.]example" % n, "203.0.%d[.]%d" % (n, n + 1),
                     "hxxp://evil-%d[.]example/x" % n, "%032x" % (n + 1)]
        report = self.load("\n".join(rows) + "\n", "--preview")
        kinds = [row["type"] for row in report["objects"]]
        assert [kinds.count(kind) for kind in (
            "domain-name", "ipv4-addr", "url", "file", "grouping")] == [250] * 4 + [1]

    def table(self):
        report = self.load(TABLE, "--indicators", code=4)
        assert report["format"] == "csv" and report["refused"] == 3, report
        assert report["new"] == 6, report
        refused = [loss["why"] for loss in report["losses"] if loss["outcome"] == "refused"]
        assert [why.split(":")[0] for why in refused] == ["line 6", "line 7", "line 9"], refused
        dropped = [loss["field"] for loss in report["losses"] if loss["outcome"] == "dropped"]
        assert dropped == ["colour"], dropped
        host, = [row for row in self.held("indicator")
                 if row.get("name") == "evil.example.net"]
        assert host["description"] == 'said "bad",\non two lines', host
        assert host["labels"] == ["apt", "c2"] and host["object_marking_refs"] == [
            made.TLP["amber"]], host
        assert host["pattern"] == "[domain-name:value = 'evil.example.net']"
        file, = [row for row in self.held("file") if "SHA-1" in row.get("hashes", {})]
        assert set(file["hashes"]) == {"MD5", "SHA-1"}, file
        again = self.load(TABLE, "--indicators", code=4)
        assert again["new"] == 0 and again["same"] == 6, again

    def not_known(self):
        for data, said in ((b"PK\x03\x04" + bytes(50), "zip"), ('{"a":1}', "neither"),
                           ('{"type":"x","Event":{}}', "say which"),
                           ("a.example,x\nb.example,y\nc.example,z\nd.example,u\n", "--format"),
                           ("nothing to see here\n", "nothing was found"),
                           ("value,type\n\"evil.example", "does not end")):
            self.refused(data, said if said != "--format" else "say which")
        self.refused("a,b\n1,2\n", "no column of values", "--format", "csv")

    def quarantined(self):
        report = self.load("quarantined.example.kr\n", "--quarantine")
        assert report["new"] == 2
        assert look.one(self.node, """SELECT count(*) FROM object_state
            WHERE state = 'quarantined'""") == 2
        known = json.loads(self.node.run("lookup", "quarantined.example.kr", "--json",
                                         check=False).stdout)
        assert known["found"] is False, known


class Data(Formats):
    """The data pack, counted by Python."""

    def attack(self):
        tap.needs_data()
        new, found = 0, []
        for path in sorted(glob.glob(os.path.join(tap.DATA, "stix", "attack", "*"))):
            found += json.loads(look.read_file(path))["objects"]
            report = self.node.json("import", path)
            assert report["refused"] == report["conflict"] == 0, report
            new += report["new"] + report["same"]
        assert new == len(found) == 24771, (new, len(found))
        held = {}
        for (data,) in look.query(self.node, "SELECT bytes FROM object_bytes"):
            row = json.loads(data)
            held[row["id"]] = row
        originals = {json.loads(data)["id"]: data for (data,) in look.query(
            self.node, "SELECT bytes FROM object_original WHERE instr(bytes, '\"id\"')")}
        for row in found:
            if row["type"] == "marking-definition" and row["id"] not in held:
                continue
            same = {key: value for key, value in row.items() if key != "labels"}
            assert held[row["id"]]["spec_version"] == "2.1"
            assert {key: held[row["id"]].get(key) for key in same} == same, row["id"]
            assert json.loads(originals[row["id"]]) == row
        again = [self.node.json("import", path)["new"] for path in sorted(
            glob.glob(os.path.join(tap.DATA, "stix", "attack", "*")))]
        assert sum(again) == 0, again

    def observed(self):
        tap.needs_data()
        pattern = os.path.join(tap.DATA, "stix", "misp_stix", "tests", "*stix20.json")
        for path in sorted(glob.glob(pattern)):
            rows = json.loads(look.read_file(path))["objects"]
            inside = sum(len(row["objects"]) for row in rows if row["type"] == "observed-data")
            report = self.node.json("import", path, "--preview")
            assert report["read"] == len(rows) + inside, (path, report["read"])
            assert report["refused"] == 0, (path, report["problems"])

    def lists(self):
        """One value a line: as many as there are different lines."""
        tap.needs_data()
        checked = 0
        for path in sorted(glob.glob(os.path.join(tap.DATA, "ioc", "amnesty", "**", "*.txt"),
                                     recursive=True)):
            lines = {line.strip().lower().rstrip(".") for line in
                     look.read_file(path).decode().splitlines() if line.strip()}
            if not all(HOST.match(line) or HASH.match(line) for line in lines):
                continue
            report = self.node.json("import", path, "--preview", "--format", "text")
            assert report["read"] == len(lines) + 1, (path, report["read"], len(lines))
            checked += len(lines)
        assert checked > 3000, checked

    def tables(self):
        tap.needs_data()
        rows = 0
        for path in sorted(glob.glob(os.path.join(tap.DATA, "ioc", "zeek_intel", "*"))):
            text = look.read_file(path).decode()
            lines = [line for line in text.splitlines() if line and not line.startswith("#")]
            done = self.node.run("import", path, "--preview", "--json", check=False)
            assert json.loads(done.stdout)["read"] == len(lines), path
            rows += len(lines)
        assert rows == 36163, rows
        for path in sorted(glob.glob(os.path.join(tap.DATA, "ioc", "volexity", "**", "i*.csv"),
                                     recursive=True)):
            text = look.read_file(path).decode("utf-8-sig")
            lines = [row for row in csv.reader(io.StringIO(text)) if any(row)]
            if "value" not in lines[0]:
                continue
            done = self.node.run("import", path, "--preview", "--json", check=False)
            report = json.loads(done.stdout)
            assert report["read"] == len(lines) - 1, (path, report["read"], len(lines))


def main(program):
    cases = tap.Tap()
    with tap.folder() as path:
        with tap.nodes(path, program) as pair:
            pair.start()
            pair.tokens()
            work = Formats(pair.gb, path)
            for name, run in (
                    ("gzip, members one after another, and zstd", work.packed),
                    ("standard input, packed", work.from_pipe),
                    ("B1 packed files that are cut or damaged", work.bad_packed),
                    ("B1 a bomb stops at its ratio", work.bomb),
                    ("V2 STIX 2.0 becomes 2.1 and its parts stay as strict", work.upgraded),
                    ("S2 S3 the original is kept, and destroyed with its object",
                     work.kept_original),
                    ("2.0 is refused when 2.1 was said", work.strict_when_told),
                    ("S2 observables of a text, with their places", work.text),
                    ("a preview in words", work.preview_in_words),
                    ("a thousand mixed lines", work.thousand_lines),
                    ("S2 rows of a table", work.table),
                    ("B1 what is not known is refused whole", work.not_known),
                    ("an import into quarantine", work.quarantined)):
                cases.case(name, run)
            data = Data(pair.kr, path)
            for name, run in (
                    ("S2 ATT&CK in STIX 2.0, as another reader counts it", data.attack),
                    ("observed-data of other tools", data.observed),
                    ("lists, as another reader counts them", data.lists),
                    ("tables, as another reader counts them", data.tables)):
                cases.case(name, run)
    cases.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
