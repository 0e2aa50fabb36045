# SPDX-License-Identifier: Apache-2.0
"""Usage: test_handling.py BONGSU

Handling only becomes stricter: the same bytes again under another handling, tightening by
hand, and the undoing of a mislabelled import."""
import json
import sys
import threading
import time

import look
import made
import tap


def handling(node, name):
    return node.json("show", name)["rows"][0]["handling"]


def explain(node, name, to):
    done = node.run("explain", name, "--to", to, "--json", check=False)
    row = json.loads(done.stdout)["rows"][0]
    return row["result"], row["rule"], row["held"]


def proposed(node):
    return [row["id"] for row in node.json("recall", "--proposed")["proposals"]]


class Handling:
    def __init__(self, pair):
        self.gb, self.kr, self.pair = pair.gb, pair.kr, pair

    def imported_again(self):
        row = made.indicator("again")
        self.gb.json("import", "-", "--handling", "green", data=made.lines([row]))
        assert handling(self.gb, row["id"])["tlp"] == "green"
        before = look.counts(self.gb)
        self.gb.json("import", "-", "--handling", "clear", data=made.lines([row]))
        assert handling(self.gb, row["id"])["tlp"] == "green"
        assert look.counts(self.gb) == before
        self.gb.json("import", "-", "--handling", "red", data=made.lines([row]))
        assert handling(self.gb, row["id"])["tlp"] == "red"
        assert explain(self.gb, row["id"], "kr")[1] in ("R8", "R9")
        # Another spelling of the same object is the same object.
        self.gb.json("import", "-", "--handling", "amber",
                     data=json.dumps(row, indent=1, sort_keys=True).encode())
        assert handling(self.gb, row["id"])["tlp"] == "red"
        received = look.one(self.gb, "SELECT handling FROM object_version WHERE id = ?",
                            row["id"])
        assert json.loads(received)["tlp"] == "green", received  # the row stays as it came

    def received_again(self):
        row = made.indicator("sent twice")
        self.gb.json("import", "-", "--handling", "green", data=made.lines([row]))
        assert self.gb.json("release", row["id"], "--to", "kr")["released"] == 1
        self.pair.wait_settled()
        assert handling(self.kr, row["id"])["tlp"] == "green"
        self.gb.json("tighten", row["id"], "--handling", "amber", "--nations", "GBR,KOR")
        assert proposed(self.gb) == [row["id"]]
        # The officer rather sends it again, under the stricter handling.
        assert explain(self.gb, row["id"], "kr") == ("PERMIT", "R10", False)
        assert self.gb.json("release", row["id"], "--to", "kr")["released"] == 1
        self.pair.wait_settled()
        got = handling(self.kr, row["id"])
        assert (got["tlp"], got["relto"]) == ("amber", ["GBR", "KOR"]), got
        assert look.one(self.kr, "SELECT count(*) FROM object_version WHERE id = ?",
                        row["id"]) == 1
        self.gb.run("recall", row["id"], "--decline")
        assert proposed(self.gb) == []
        done = self.gb.run("recall", row["id"], "--decline", check=False)
        assert done.returncode == 1, done

    def receiver_tightens(self):
        row = made.indicator("held tighter", "green")
        self.gb.json("import", "-", data=made.lines([row]))
        self.gb.json("release", row["id"], "--to", "kr")
        self.pair.wait_settled()
        done = self.kr.json("tighten", row["id"], "--handling", "red", "--noforn")
        assert (done["rows"], done["tightened"], done["proposals"]) == (1, 1, 0), done
        assert self.kr.json("tighten", row["id"], "--handling", "green")["tightened"] == 0
        got = handling(self.kr, row["id"])
        assert got["tlp"] == "red" and got["noforn"], got

    def while_released(self):
        """Tightened between decision and commit: what has not gone stays, what has gone is
        proposed for recall. Never neither."""
        rows = [made.indicator("racing-%d" % i, "green") for i in range(4000)]
        self.gb.json("import", "-", data=made.lines(rows))
        last = rows[-1]["id"]
        went = "SELECT count(*) FROM payload p JOIN object_version v ON v.seq = p.object_seq"
        before = look.one(self.gb, went)
        bulk = threading.Thread(target=self.gb.run, args=(
            "release", "--all", "--to", "kr", "--json"), kwargs={"check": False})
        bulk.start()
        until = time.monotonic() + 60
        while look.one(self.gb, went) == before:  # decided, and not written to the end
            assert time.monotonic() < until
        self.gb.json("tighten", last, "--handling", "red")
        bulk.join()
        self.pair.wait_settled()
        assert look.one(self.gb, went) > before + 3000
        has_gone = look.one(self.gb, went + " WHERE v.id = ?", last) == 1
        tap.say("tightened %s it went" % ("after" if has_gone else "before"))
        assert has_gone == (last in proposed(self.gb)), has_gone

    def narrowed(self):
        row = made.indicator("narrowed", "green")
        self.gb.json("import", "-", data=made.lines([row]))
        self.gb.json("release", row["id"], "--to", "kr")
        self.pair.wait_settled()
        self.gb.json("tighten", row["id"], "--nations", "GBR")
        assert explain(self.gb, row["id"], "kr") == ("DENY", "R7", False)
        assert proposed(self.gb) == [row["id"]]
        status = self.gb.json("status")
        assert status["recalls_proposed"] == 1, status
        members = "SELECT count(*) FROM membership m JOIN object_version o ON o.seq =" \
            " m.object_seq WHERE o.id = ? AND m.removed_seq IS NULL"
        assert look.one(self.gb, members, row["id"]) == 0
        self.gb.run("recall", row["id"])
        self.pair.wait_settled()
        assert proposed(self.gb) == []
        assert self.kr.run("show", row["id"], check=False).returncode == 1
        assert self.gb.run("recall", row["id"], check=False).returncode == 1  # all demanded

    def bad_words(self):
        row = made.indicator("bad words", "green")
        self.gb.json("import", "-", data=made.lines([row]))
        before = look.counts(self.gb)
        for words in (["--handling", "purple"], ["--nations", "gbr"], ["--nations", "GBR,GBR"],
                      ["--expires", "soon"], ["--handling", "clear"], []):
            done = self.gb.run("tighten", row["id"], *words, check=False)
            assert done.returncode == 4 and done.stderr.count(b"\n") == 1, (words, done)
        done = self.gb.run("tighten", made.identify("malware", "none"), "--noforn", check=False)
        assert done.returncode == 1, done
        for words in (["0", "--destroy"], ["x", "--destroy"], ["1"],
                      ["1", "--destroy", "--noforn"]):
            done = self.gb.run("import", "undo", *words, check=False)
            assert done.returncode in (1, 4), (words, done)
        assert look.counts(self.gb) == before

    def rights(self):
        self.gb.run("token", "create", "reader", "--rights", "read,import")
        token = self.gb.json("token", "create", "other", "--rights", "read,import")["token"]
        for method, path in (("GET", "/api/v1/imports"), ("GET", "/api/v1/recalls/proposed"),
                             ("POST", "/api/v1/imports/1/undo?destroy=1"),
                             ("POST", "/api/v1/objects/x/tighten?noforn=1")):
            status, _ = look.ask(self.gb, method, path, body=b"" if method == "POST" else None,
                                 headers={"Authorization": "Bearer " + token})
            assert status == 403, (path, status)
        actions = {action for (action,) in look.query(self.gb, "SELECT action FROM audit")}
        assert {"object.tighten", "recall.decline", "import.undo", "recall"} <= actions, actions


class Undo:
    def __init__(self, pair):
        self.gb, self.kr, self.pair = pair.gb, pair.kr, pair

    def make(self, name, n):
        rows = [made.indicator("%s-%d" % (name, i)) for i in range(n)]
        report = self.gb.json("import", "-", "--handling", "green", data=made.lines(rows))
        assert report["new"] == n, report
        return report["import"], rows

    def tightened(self):
        number, rows = self.make("mislabelled", 450)
        other, others = self.make("labelled", 3)
        self.gb.json("release", rows[7]["id"], others[1]["id"], "--to", "kr")
        self.pair.wait_settled()
        done = self.gb.json("import", "undo", str(number), "--handling", "amber+strict")
        assert (done["rows"], done["proposals"]) == (450, 1), done
        assert proposed(self.gb) == [rows[7]["id"]]
        levels = {json.loads(text)["tlp"] for (text,) in look.query(
            self.gb, "SELECT h.handling FROM object_handling h JOIN object_version o"
            " ON o.seq = h.seq WHERE o.import_id = ?", number)}
        assert levels == {"amber+strict"}, levels
        assert handling(self.gb, others[0]["id"])["tlp"] == "green"
        listed = self.gb.json("imports")["imports"]
        assert [row["import"] for row in listed[:2]] == [other, number], listed
        assert listed[1]["undone"] and not listed[0]["undone"], listed
        before = look.counts(self.gb)
        again = self.gb.json("import", "undo", str(number), "--handling", "amber+strict")
        assert (again["rows"], again["proposals"]) == (450, 0), again
        assert look.counts(self.gb) == before
        self.gb.run("recall", rows[7]["id"])
        self.pair.wait_settled()
        assert self.kr.run("show", rows[7]["id"], check=False).returncode == 1

    def destroyed(self):
        number, rows = self.make("wrong", 300)
        self.gb.json("release", rows[0]["id"], "--to", "kr")
        self.pair.wait_settled()
        done = self.gb.json("import", "undo", str(number), "--destroy")
        assert (done["rows"], done["proposals"]) == (300, 1), done
        assert self.gb.run("show", rows[5]["id"], check=False).returncode == 1
        assert self.gb.run("lookup", "wrong-5.example.org", check=False).returncode == 1
        assert proposed(self.gb) == [rows[0]["id"]]
        assert self.gb.json("recall", rows[0]["id"])["demands"] == 1
        self.pair.wait_settled()
        assert self.kr.run("show", rows[0]["id"], check=False).returncode == 1
        # The same file again does not bring back what was destroyed.
        report = self.gb.json("import", "-", data=made.lines(rows))
        assert (report["new"], report["same"]) == (0, 300), report


def main(program):
    cases = tap.Tap()
    with tap.folder() as path, tap.linked(path, program) as pair:
        run, undo = Handling(pair), Undo(pair)
        for name, step in (
                ("V2 equal bytes imported again take the stricter handling",
                 run.imported_again),
                ("V2 H10 equal bytes received again take the stricter handling",
                 run.received_again),
                ("V2 a receiver holds what it got more strictly, never less",
                 run.receiver_tightens),
                ("H6 narrowing what was released proposes its recall", run.narrowed),
                ("V2 tightened while it is released", run.while_released),
                ("B1 a handling that is malformed changes nothing", run.bad_words),
                ("H6 a mislabelled import is tightened as a whole, once", undo.tightened),
                ("S3 a wrong import is destroyed as a whole", undo.destroyed),
                ("U1 tightening and undoing need their rights and leave their events",
                 run.rights)):
            cases.case(name, step)
        cases.case("L3 both ledgers verify offline", look.verify, pair)
    cases.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
