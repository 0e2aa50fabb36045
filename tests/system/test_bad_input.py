# SPDX-License-Identifier: Apache-2.0
"""Usage: test_bad_input.py BONGSU

Bad input from files: the right exit code, one clear line with a position, nothing half-stored;
and what is good beside it lands."""
import json
import os
import sys

import look
import made
import tap

GOOD = made.indicator("good", "green")
TEXT = json.dumps(GOOD)
PINNED = {"type": "marking-definition", "spec_version": "2.1", "id": made.TLP["red"],
          "created": "2022-10-01T00:00:00.000Z", "name": "TLP:RED", "extensions": {
              "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d": {
                  "extension_type": "property-extension", "tlp_2_0": "red"}}}


def changed(row, **what):
    return json.dumps({key: value for key, value in dict(row, **what).items()
                       if value is not None})


def in_bundle(*texts):
    return '{"type":"bundle","id":"bundle--%s","objects":[%s]}' % (
        GOOD["id"].split("--")[1], ",".join(texts))


def upper(row):
    kind, name = row["id"].split("--")
    return changed(row, id=kind + "--" + name.upper())


def forged(word):
    """A pinned identifier with another body."""
    row = json.loads(json.dumps(PINNED))
    row["extensions"]["extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"][
        "tlp_2_0"] = word
    return json.dumps(row)


def near_id(row):
    """An identifier that is not the pinned one in one place, with a body that says TLP."""
    return changed(row, id=row["id"][:-1] + ("2" if row["id"][-1] != "2" else "3"))


# why, the file, objects that must land, what the line must say. No object: nothing may change.
WHOLE = [
    ("cut short", in_bundle(TEXT)[:-3], "byte"),
    ("cut in an object", in_bundle(TEXT, TEXT)[:-90], "byte"),
    ("text behind the end", in_bundle(TEXT) + "x", "byte %d" % len(in_bundle(TEXT))),
    ("nested too deep around the objects",
     '{"type":"bundle","x":' + "[" * 100000 + "]" * 100000 + ',"objects":[%s]}' % TEXT,
     "byte"),
    ("nested too deep in an object", in_bundle(TEXT, changed(GOOD, x="deep").replace(
        '"deep"', "[" * 300 + "]" * 300)), "byte"),
    ("nested without an end", "[" * 5000000, "byte"),
    ("a key twice in the bundle", '{"type":"bundle","type":"bundle","objects":[%s]}' % TEXT,
     "byte"),
    ("two lists of objects", '{"objects":[%s],"objects":[]}' % TEXT, "byte"),
    ("bytes that are not UTF-8", b'{"type":"bundle","id":"\xff","objects":[]}', "byte"),
    ("a byte order mark", b"\xef\xbb\xbf" + TEXT.encode(), "byte 0"),
    ("UTF-16", TEXT.encode("utf-16"), "byte"),
    ("nothing", b"", "byte 0"),
    ("blanks", b" \n\n ", "byte"),
    ("not JSON", b"indicators of 2023, see attachment\n", "byte 0"),
    ("a damaged gzip file", b"\x1f\x8b\x08\x00" + bytes(100), "the gzip file is damaged"),
    ("zeros", bytes(4096), "byte 0"),
]

# why, the text of the one bad object, what the line must say. The good one beside it lands.
OBJECTS = [
    ("a key twice", TEXT[:-1] + ',"name":"DEMO again"}', "a key appears twice"),
    ("bytes that are not UTF-8", TEXT.encode().replace(b"DEMO", b"DEMO \xc3\x28"), "byte"),
    ("a lone surrogate", TEXT.replace("DEMO", "\\ud800"), "byte"),
    ("a number too long", TEXT[:-1] + ',"x_n":%s}' % ("1" * 1000), "byte"),
    ("the id of another type", changed(GOOD, id=GOOD["id"].replace("indicator", "malware")),
     "id: the id is of another type"),
    ("an id in upper case", upper(GOOD), "id: not an identifier"),
    ("no id", changed(GOOD, id=None), "id"),
    ("an id that is a number", changed(GOOD, id=7), "id"),
    ("no type", changed(GOOD, type=None), "type"),
    ("STIX 2.0", changed(GOOD, spec_version="2.0"), "STIX 2.0"),
    ("no pattern", changed(GOOD, pattern=None), "pattern"),
    ("a time without a zone", changed(GOOD, created="2026-01-01T00:00:00"), "created"),
    ("modified before created", changed(GOOD, modified="2025-01-01T00:00:00Z"), "modified"),
    ("a pinned TLP id with another level", forged("clear"), "R1-forged-marking"),
    ("a pinned TLP id with another name", changed(PINNED, name="TLP:CLEAR"),
     "R1-forged-marking"),
    ("a look-alike id with a TLP body", near_id(PINNED), "R1-forged-marking"),
    ("a look-alike name", changed(PINNED, id=made.identify("marking-definition", "x"),
                                  extensions=None, definition_type="statement",
                                  definition={"statement": "x"}, name="tlp:clear"),
     "R1-forged-marking"),
    ("a marking above the ceiling", json.dumps(made.releasability(
        "above", national_marking=["SECRET"])), "R1-above-ceiling"),
    ("a bundle in a bundle", in_bundle(changed(GOOD, id=made.identify("indicator", "inner"))),
     "a bundle is not an object of a bundle"),
    ("a number for an object", "77777777777", "not a JSON object"),
]


def lines_of(done):
    return done.stderr.decode().splitlines()


class BadFiles:
    def __init__(self, pair):
        self.gb, self.path = pair.gb, pair.path("bad.json")

    def import_text(self, text, *more):
        with open(self.path, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
        return self.gb.run("import", self.path, *more, check=False)

    def whole(self, text, said):
        before = look.counts(self.gb, look.TABLES + ("audit", "import_batch"))
        done = self.import_text(text)
        assert done.returncode == 4, (done.returncode, done.stderr[-500:])
        assert len(lines_of(done)) == 1 and said in lines_of(done)[0], lines_of(done)
        assert lines_of(done)[0].startswith("bongsu import: "), lines_of(done)
        assert not done.stdout, done.stdout
        assert look.counts(self.gb, look.TABLES + ("audit", "import_batch")) == before

    def one_object(self, number, text, said):
        """The bad object stands between two good ones, which land."""
        text = text if isinstance(text, bytes) else text.encode()
        good = [json.dumps(made.indicator("beside-%d-%d" % (number, n), "green")).encode()
                for n in (1, 2)]
        data = in_bundle("%s").encode().replace(b"%s", good[0] + b"," + text + b"," + good[1])
        before = look.one(self.gb, "SELECT count(*) FROM object_version")
        done = self.import_text(data, "--json")
        report = json.loads(done.stdout)
        assert done.returncode == 4, done.returncode
        assert (report["new"], report["refused"]) == (2, 1), report
        assert len(lines_of(done)) == 1 and said in lines_of(done)[0], lines_of(done)
        first = data.index(text)
        assert first <= report["problems"][0]["at"] <= first + len(text), (first, report)
        assert "byte %d" % report["problems"][0]["at"] in lines_of(done)[0], lines_of(done)
        assert look.one(self.gb, "SELECT count(*) FROM object_version") == before + 2

    def one_in_ten_thousand(self):
        rows = [json.dumps(made.indicator("many-%d" % n, "green")) for n in range(10000)]
        rows[6789] = upper(json.loads(rows[6789]))
        data = in_bundle(*rows)
        before = look.one(self.gb, "SELECT count(*) FROM object_version")
        done = self.import_text(data, "--json")
        report = json.loads(done.stdout)
        assert done.returncode == 4 and len(lines_of(done)) == 1, lines_of(done)
        assert (report["new"], report["refused"]) == (9999, 1), report
        at = data.index(rows[6789])
        assert at < report["problems"][0]["at"] < at + len(rows[6789]), (at, report)
        assert "byte %d:" % report["problems"][0]["at"] in lines_of(done)[0], lines_of(done)
        assert look.one(self.gb, "SELECT count(*) FROM object_version") == before + 9999

    def many_bad(self):
        """The first hundred are told one by one, the others counted."""
        rows = [upper(made.indicator("worse-%d" % n)) for n in range(1000)]
        done = self.import_text("\n".join(rows), "--json")
        assert json.loads(done.stdout)["refused"] == 1000 and done.returncode == 4
        assert len(lines_of(done)) == 100, len(lines_of(done))

    def too_long(self):
        text = TEXT[:-1] + ',"description":"' + "x" * (9 << 20) + '"}'
        self.whole(in_bundle(text), "byte")

    def unreadable(self):
        for path in ("/nonexistent/x.json", self.path + ".not"):
            done = self.gb.run("import", path, check=False)
            assert done.returncode == 4 and len(lines_of(done)) == 1, (path, done)
            assert path in lines_of(done)[0], lines_of(done)
        done = self.gb.run("import", os.path.dirname(self.path), check=False)
        assert done.returncode in (4, 5) and len(lines_of(done)) == 1, done

    def others_go_on(self):
        """Of several files each is tried; the exit code is the worst."""
        good = self.path + ".good"
        with open(good, "w", encoding="utf-8") as file:
            file.write(changed(GOOD, id=made.identify("indicator", "behind")))
        with open(self.path, "w", encoding="utf-8") as file:
            file.write("x")
        done = self.gb.run("import", self.path, good, self.path + ".not", check=False)
        assert done.returncode == 4 and len(lines_of(done)) == 2, (done.returncode, done.stderr)
        assert self.gb.run("show", made.identify("indicator", "behind")).returncode == 0

    def checked_offline(self):
        """`stix check` says the same without a node."""
        for why, text, _ in WHOLE:
            with open(self.path, "wb") as file:
                file.write(text if isinstance(text, bytes) else text.encode())
            done = self.gb.run("stix", "check", self.path, check=False, with_node=False)
            assert done.returncode == 4 and len(lines_of(done)) == 1, (why, done)
            assert "byte" in lines_of(done)[0], (why, done.stderr)


def main(program):
    cases = tap.Tap()
    with tap.folder() as path, tap.linked(path, program) as pair:
        run = BadFiles(pair)
        for why, text, said in WHOLE:
            cases.case("B1 refused whole: " + why, run.whole, text, said)
        for number, (why, text, said) in enumerate(OBJECTS):
            cases.case("B1 refused alone: " + why, run.one_object, number, text, said)
        cases.case("an object over the limit", run.too_long)
        cases.case("one bad object in ten thousand", run.one_in_ten_thousand)
        cases.case("a thousand bad objects", run.many_bad)
        cases.case("files that cannot be read", run.unreadable)
        cases.case("a bad file does not stop the next", run.others_go_on)
        cases.case("stix check refuses the same", run.checked_offline)
    cases.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
