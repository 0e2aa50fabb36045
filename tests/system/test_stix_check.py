# SPDX-License-Identifier: Apache-2.0
"""Usage: test_stix_check.py BONGSU

stix check and pattern check without a node, over all published data, against what Python
counts, and over files whose findings have a known place."""
import json
import os
import re
import resource
import subprocess
import sys

import look
import made
import tap

OBJECTS, IDS, PATTERNS, DISTINCT = 38370, 37911, 4483, 4423  # as the data pack says
GOOD = made.indicator("good", "green")
# Published schemas, not objects; and files that are made not to be JSON.
SCHEMAS = re.compile(r"/(schemas/schemas|oasis-open|patterns|(auto|manually_)\w*/schemas)/|"
                     r"schema-2|/schemas/(?!examples)")
VERDICTS = {"v21/test_examples/" + name: code for name, code in {
    "identity.json": 0, "identity_custom.json": 0, "identity_unicode.json": 0,
    "identity_warning.json": 0, "tool.json": 0, "tlp-amber.json": 0, "invalid_braces.json": 4,
    "invalid_comma.json": 4, "invalid_identity.json": 4, "invalid_timestamp.json": 4}.items()}


def files():
    for top, folders, names in os.walk(os.path.join(tap.DATA, "stix")):
        folders.sort()
        for name in sorted(names):
            if name.endswith((".json", ".gz", ".stix2")):
                yield os.path.join(top, name)


class Checks:
    def __init__(self, program, path):
        self.program, self.path = program, path
        self.patterns, self.normal = [], []

    def run(self, *args, data=None, **more):
        done = subprocess.run([self.program, *args], input=data, capture_output=True,
                              check=False, timeout=300, **more)
        assert done.returncode in (0, 1, 2, 4), (args, done.returncode, done.stderr[-500:])
        return done

    def check(self, data, *args):
        done = self.run("stix", "check", "-", "--json", *args, data=data)
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]

    def published(self):
        """Every file: as many objects as Python reads; what is refused says why."""
        tap.needs_data()
        objects, ids, old = 0, set(), 0
        for path in files():
            data = look.read_file(path)
            rows = look.stix_objects(look.documents(data)) or []
            if SCHEMAS.search(path) or not rows:
                continue
            code, lines = self.check(data, "--errors")
            total = lines[-1]
            assert total["objects"] == len(rows), (path, total, len(rows))
            assert (code == 4) == (total["errors"] > 0), (path, code, total)
            assert total["errors"] == len(lines) - 1, (path, total)
            assert total["refused"] == total["stix_2_0"] or path.endswith(
                "schemas/examples/infrastructure.json") or "/invalid_" in path, (
                    path, lines[:3])
            is_bundle = b'"bundle"' in data or path.endswith("l.gz")
            objects += len(rows) if is_bundle else 0
            ids |= {row.get("id") for row in rows} if is_bundle else set()
            old += total["stix_2_0"]
            self.patterns += [row["pattern"] for row in rows if row.get("type") == "indicator"
                              and row.get("pattern_type", "stix") == "stix" and is_bundle]
        tap.say("%d objects, %d ids, %d of STIX 2.0, %d patterns" % (
            objects, len(ids), old, len(self.patterns)))
        assert (objects, len(ids)) == (OBJECTS, IDS), (objects, len(ids))
        assert len(self.patterns) == PATTERNS, len(self.patterns)
        assert len(set(self.patterns)) == DISTINCT, len(set(self.patterns))

    def pattern_lines(self, patterns):
        with open(self.path, "w", encoding="utf-8") as file:
            file.write("".join(pattern.replace("\n", " ") + "\n" for pattern in patterns))
        done = self.run("pattern", "check", "--file", self.path, "--print")
        assert done.returncode == 0, done.stderr[:500]
        return done.stdout.decode().splitlines()

    def all_patterns(self):
        """Each parses, and what is printed for it prints the same."""
        tap.needs_data()
        self.normal = self.pattern_lines(self.patterns)
        assert len(self.normal) == PATTERNS
        assert self.pattern_lines(self.normal) == self.normal

    def verdicts(self):
        tap.needs_data()
        folder = os.path.join(tap.DATA, "stix/validator_examples/stix2validator/test")
        for name, want in VERDICTS.items():
            done = self.run("stix", "check", os.path.join(folder, name))
            assert done.returncode == want, (name, done)

    def places(self):
        """Paths, bytes and lines agree with the text, however long the file is."""
        for many in (1, 3000):
            bad = dict(GOOD, confidence=101)
            rows = [json.dumps(dict(GOOD, id=made.identify("indicator", str(n))), indent=1)
                    for n in range(many)] + [json.dumps(bad, indent=1)]
            text = ('{"type":"bundle",\n"id":"bundle--%s","objects":[%s],\n'
                    '"spec_version":"2.1"}' % (GOOD["id"].split("--")[1], ",\n\n".join(rows)))
            code, lines = self.check(text.encode())
            found = [line for line in lines[:-1] if line["level"] == "error"]
            assert code == 4 and len(found) == 1, (many, found)
            at = text.index("101", text.index('"confidence"'))
            assert found[0]["path"] == "objects[%d].confidence" % many, found
            assert found[0]["byte"] == len(text[:at].encode()), (found, at)
            assert found[0]["line"] == text[:at].count("\n") + 1, found
            around = [line for line in lines if line.get("rule") == "STIX-8-spec-version"]
            assert around[0]["byte"] == len(text.encode()) - 6, around

    def several(self):
        """All findings of one object; two bundles in a file; an empty bundle."""
        bad = {"type": "tool", "spec_version": "2.1", "id": "tool--1", "name": 1}
        code, lines = self.check(json.dumps(bad).encode())
        assert code == 4 and lines[0]["path"] == "id", lines
        bad.update(id=made.identify("tool", "x"), created="2023", revoked="no")
        code, lines = self.check(json.dumps(bad).encode())
        errors = {(line["rule"], line["path"]) for line in lines[:-1]
                  if line["level"] == "error"}
        assert {("STIX-2.15-string", "name"), ("STIX-2.16-timestamp", "created"),
                ("STIX-2.2-boolean", "revoked"), ("STIX-3.2-required", "modified")} <= errors
        bundle = b'{"type":"bundle","objects":[]}\n'
        code, lines = self.check(2 * bundle)
        assert code == 4 and lines[-1]["errors"] == 4 and lines[-1]["objects"] == 0, lines

    def warnings(self):
        row = dict(GOOD, x_own=1, description="DEMO")
        code, lines = self.check(json.dumps(row).encode())
        assert code == 0 and [line["path"] for line in lines[:-1]] == ["x_own"], lines
        code, lines = self.check(json.dumps(row).encode(), "--errors", "--lang", "ko")
        assert code == 0 and len(lines) == 1 and lines[0]["warnings"] == 1, lines

    def stix_2_0(self):
        old = {key: GOOD[key] for key in GOOD if key != "spec_version"}
        done = self.run("stix", "check", "-", data=json.dumps([old, old, GOOD]).encode())
        text = done.stdout.decode()
        assert done.returncode == 4 and text.count("STIX-3.2-stix-2.0") == 2, text
        assert "2 objects are of STIX 2.0" in text, text

    def memory(self):
        """A bundle of 200 MB, in a process that may not have 150."""
        def limit():
            resource.setrlimit(resource.RLIMIT_AS, (150 << 20, 150 << 20))
        plain = subprocess.run([self.program, "help"], capture_output=True, check=False,
                               preexec_fn=limit)
        if plain.returncode != 0:
            tap.skip("a sanitizer's run-time part takes more by itself")
        many = 20000
        row = json.dumps(dict(GOOD, description="x" * 10000)).encode()
        with open(self.path, "wb") as file:
            file.write(b'{"type":"bundle","id":"bundle--%s","objects":[' %
                       GOOD["id"].split("--")[1].encode())
            file.write(b",".join([row] * many) + b"]}")
        done = self.run("stix", "check", self.path, "--json", preexec_fn=limit)
        assert done.returncode == 0, (done.stdout[:300], done.stderr[:300])
        assert json.loads(done.stdout.splitlines()[-1])["objects"] == many

    def patterns_by_hand(self):
        for text, code, said in (
                ("[a:b=1]", 0, ""), ("[a:b=]", 1, "byte 5"), ("a:b = 1", 1, "byte 0"),
                ("[a:b = 1] WITHIN 5 MINUTES", 1, "byte 19"), ("", 1, "byte 0")):
            done = self.run("pattern", "check", text)
            assert done.returncode == code, (text, done)
            assert said in done.stderr.decode() and bool(said) == bool(done.stderr), done
        done = self.run("pattern", "check", "[a:b IN(1,2)]", "[x:y!=h'AB']", "--print")
        assert done.stdout == b"[a:b IN (1, 2)]\n[x:y != h'ab']\n", done
        done = self.run("pattern", "check", "[a:b=1]", "[", "--json")
        first, second = (json.loads(line) for line in done.stdout.splitlines())
        assert done.returncode == 1 and first["valid"] and not second["valid"]
        assert first["normal"] == "[a:b = 1]" and second["byte"] == 1, (first, second)
        with open(self.path, "w", encoding="utf-8") as file:
            file.write("[a:b=1]\n\n[a:b=\n")
        done = self.run("pattern", "check", "--file", self.path)
        assert done.returncode == 1 and b":3: byte 5" in done.stderr, done
        assert self.run("pattern", "check").returncode == 2
        assert self.run("pattern", "paint", "x").returncode == 2
        assert self.run("pattern", "check", "--file", "/nonexistent").returncode == 4


def main(program):
    cases = tap.Tap()
    with tap.folder() as path:
        run = Checks(program, os.path.join(path, "input"))
        cases.case("B1 every published object is judged, and counted as Python does",
                   run.published)
        cases.case("every published pattern parses, and prints to a fixpoint",
                   run.all_patterns)
        cases.case("published good and bad objects are told apart", run.verdicts)
        cases.case("a finding has its path, byte and line", run.places)
        cases.case("every finding of an object, every bundle of a file", run.several)
        cases.case("a warning is no error", run.warnings)
        cases.case("STIX 2.0 is refused by name and counted", run.stix_2_0)
        cases.case("B1 a large bundle takes little memory", run.memory)
        cases.case("patterns are judged without a node", run.patterns_by_hand)
    cases.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
