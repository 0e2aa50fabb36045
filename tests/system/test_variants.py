# SPDX-License-Identifier: Apache-2.0
"""Usage: test_variants.py BONGSU

An object whose parts are withheld goes as a variant: under an id of the recipient's own, with
references rewritten, in a new version only when its own words change."""
import json
import sys

import look
import made
import tap

LATER = ["2026-02-01T00:00:00.000Z", "2026-03-01T00:00:00.000Z", "2026-04-01T00:00:00.000Z"]


def held(node, kind):
    """The newest objects of a type at a node, as it shows them."""
    found = node.json("find", "--type", kind)["objects"]
    names = sorted({row["id"] for row in found})
    rows = []
    for name in names:
        done = node.run("show", name, "--json", check=False)
        rows += json.loads(done.stdout)["rows"] if done.returncode == 0 else []
    return [row["object"] for row in rows]


class Variants:
    def __init__(self, pair):
        self.gb, self.kr, self.pair = pair.gb, pair.kr, pair
        self.part = [{"selectors": ["description"], "marking_ref": made.TLP["red"]}]
        self.row = made.malware("varied", "green", description="DEMO hidden words one",
                                granular_markings=self.part)
        self.theirs = None  # its id at the partner

    def take(self, *rows, **more):
        return self.gb.json("import", "-", data=made.lines(rows), **more)

    def release(self, *names):
        done = self.gb.json("release", *names, "--to", "kr")
        self.pair.wait_settled()
        return done

    def cut(self):
        self.take(self.row)
        preview = self.gb.json("release", self.row["id"], "--to", "kr", "--preview")
        assert len(preview["objects"]) == 1, preview
        text = preview["objects"][0]["bytes"]
        assert self.release(self.row["id"])["released"] == 1
        got = held(self.kr, "malware")
        assert len(got) == 1, got
        self.theirs = got[0]["id"]
        assert self.theirs != self.row["id"] and self.theirs.startswith("malware--")
        assert self.theirs.split("-")[4][0] == "8", self.theirs  # a UUID of version 8
        assert "description" not in got[0] and "granular_markings" not in got[0], got
        assert got[0]["name"] == self.row["name"]
        assert self.kr.run("show", self.theirs).stdout == text.encode() + b"\n"
        shown = json.loads(self.gb.run("show", self.row["id"]).stdout)
        assert shown == self.row  # the original stays as it came

    def hidden_change(self):
        entries = look.one(self.gb, "SELECT count(*) FROM ledger_entry")
        for n, later in enumerate(LATER[:2]):
            self.take(dict(self.row, modified=later, description="DEMO hidden words %d" % n))
            done = self.gb.json("release", self.row["id"], "--to", "kr")
            assert (done["released"], done["already"]) == (0, 1), done
            preview = self.gb.json("release", self.row["id"], "--to", "kr", "--preview")
            assert preview["objects"] == [], preview
        self.pair.wait_settled()
        assert look.one(self.gb, "SELECT count(*) FROM ledger_entry") == entries
        assert look.one(self.kr, "SELECT count(*) FROM object_version") == 1

    def seen_change(self):
        self.row = dict(self.row, modified=LATER[2], name="DEMO varied, seen")
        self.take(self.row)
        assert self.release(self.row["id"])["released"] == 1
        got = held(self.kr, "malware")
        assert [row["id"] for row in got] == [self.theirs], got
        assert got[0]["name"] == self.row["name"] and got[0]["modified"][:10] == LATER[2][:10]
        assert look.one(self.kr, "SELECT count(*) FROM object_version") == 2
        assert look.one(self.gb, "SELECT count(*) FROM variant") == 2

    def references(self):
        """In the same release, and in a later one."""
        other = made.indicator("varied ref", "green")
        same = made.malware("same release", "green", description="DEMO hidden words",
                            granular_markings=self.part)
        one = made.relate("to the earlier", other, self.row, "green")
        two = made.relate("to the same", other, same, "green")
        self.take(other, same, one, two)
        assert self.release(one["id"], two["id"])["released"] == 4
        got = {row["target_ref"]: row for row in held(self.kr, "relationship")}
        names = {row["name"]: row["id"] for row in held(self.kr, "malware")}
        assert set(got) == {self.theirs, names[same["name"]]}, got
        assert names[same["name"]] != same["id"]
        for row in got.values():
            assert row["source_ref"] == other["id"]  # that one went as received
            assert row["id"] not in (one["id"], two["id"]), row  # it says another one's new id
        hidden = [self.row["id"], same["id"]]
        for table, column in (("object_bytes", "bytes"), ("ref_index", "target")):
            for (text,) in look.query(self.kr, "SELECT %s FROM %s" % (column, table)):
                text = text.decode() if isinstance(text, bytes) else text
                assert not any(name in text for name in hidden), text

    def required(self):
        row = made.indicator("needs its pattern", "green", granular_markings=[
            {"selectors": ["pattern"], "marking_ref": made.TLP["red"]}])
        self.take(row)
        done = self.gb.run("release", row["id"], "--to", "kr", "--json", check=False)
        found = json.loads(done.stdout)["withheld"]
        assert done.returncode == 3 and found[0]["rule"] == "R10", found
        assert found[0]["result"] == "DENY", found

    def leaks(self):
        secret = made.indicator("withheld-leak", "red")
        telling = made.malware("telling", "green",
                               description="DEMO it calls withheld-leak[.]example[.]org home")
        self.take(secret, telling)
        done = self.gb.run("release", telling["id"], secret["id"], "--to", "kr", "--json",
                           check=False)
        found = {row["id"]: row for row in json.loads(done.stdout)["withheld"]}
        assert found[telling["id"]]["result"] == "HOLD", found[telling["id"]]
        assert found[telling["id"]]["code"] == "names-withheld", found[telling["id"]]
        # Known to the partner from elsewhere: nothing is told.
        known = {"type": "domain-name", "spec_version": "2.1", "object_marking_refs":
                 [made.TLP["clear"]], "id": made.identify("domain-name", "withheld-leak"),
                 "value": "withheld-leak.example.org"}
        self.take(known)
        self.release(known["id"])
        done = self.gb.run("release", telling["id"], secret["id"], "--to", "kr", "--json",
                           check=False)
        assert json.loads(done.stdout)["released"] == 1, done.stdout

    def restarted(self):
        """The ids stay the same for ever: the key is in the store."""
        key = look.one(self.gb, "SELECT key FROM variant_key WHERE recipient = 'kr'")
        for node in self.pair.both():
            node.stop()
            node.start(listen=node.address.split("//")[1])
        assert look.one(self.gb, "SELECT count(*) FROM variant_key") == 1
        assert look.one(self.gb, "SELECT key FROM variant_key WHERE recipient = 'kr'") == key
        done = self.gb.json("release", self.row["id"], "--to", "kr")
        assert (done["released"], done["already"]) == (0, 1), done

    def tightened(self):
        """The same words under another label are another version."""
        before = look.one(self.gb, "SELECT count(*) FROM variant")
        self.gb.json("tighten", self.row["id"], "--handling", "amber")
        assert self.release(self.row["id"])["released"] == 1
        got = [row for row in held(self.kr, "malware") if row["id"] == self.theirs][0]
        assert got["object_marking_refs"] == [made.TLP["amber"]], got
        assert got["modified"] > LATER[2], got
        assert look.one(self.gb, "SELECT count(*) FROM variant") == before + 1
        self.gb.run("recall", self.row["id"], "--decline")

    def recalled(self):
        self.gb.json("recall", self.row["id"])
        self.pair.wait_settled()
        assert self.kr.run("show", self.theirs, check=False).returncode == 1
        states = look.query(self.kr, "SELECT DISTINCT s.state FROM object_version o LEFT JOIN"
                            " object_state s ON s.seq = o.seq WHERE o.id = ?", self.theirs)
        assert states == [("destroyed",)], states

    def destroyed(self):
        number = look.one(self.gb, "SELECT import_id FROM object_version WHERE id = ? ORDER BY"
                          " version_us LIMIT 1", self.row["id"])
        variants = "SELECT count(*) FROM variant v JOIN object_version o ON o.seq =" \
            " v.object_seq WHERE o.import_id = ? AND (v.bytes IS NOT NULL" \
            " OR v.hash IS NOT NULL)"
        assert look.one(self.gb, variants, number) == 1
        self.gb.json("import", "undo", str(number), "--destroy")
        assert look.one(self.gb, variants, number) == 0

    def replayed(self):
        done = self.gb.run("ledger", "replay", "kr", "--json", check=False)
        found = json.loads(done.stdout)
        assert done.returncode == 0 and found["mismatches"] == 0, found


def main(program):
    cases = tap.Tap()
    with tap.folder() as path, tap.linked(path, program) as pair:
        run = Variants(pair)
        for name, step in (
                ("H14 a part that is withheld is cut, and the id is the recipient's", run.cut),
                ("V1 a change of what is withheld shows nothing", run.hidden_change),
                ("a change of what is seen is a new version", run.seen_change),
                ("H8 references name what the recipient has", run.references),
                ("a part that the object needs keeps it back", run.required),
                ("words that name what is withheld wait for an officer", run.leaks),
                ("the recipient's key outlives a restart", run.restarted),
                ("V2 a stricter label is a new version", run.tightened),
                ("V3 P6 decisions on variants are taken again", run.replayed),
                ("H5 a recall by the original's id takes the variants", run.recalled),
                ("S3 a destroyed object has no variants left", run.destroyed),
                ("V3 P6 also after that", run.replayed)):
            cases.case(name, step)
        cases.case("L3 both ledgers verify offline", look.verify, pair)
    cases.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
