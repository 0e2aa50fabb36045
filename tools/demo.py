# SPDX-License-Identifier: Apache-2.0
"""The main job, step by step, between two nodes on loopback. Called by ./run."""
import argparse
import json
import os
import signal
import sys
import threading
import time
import uuid

from pair import Failed, Pair


class Ticking:
    """On a terminal, a step that takes long says every second that it is at work."""

    def __init__(self, line, demo):
        self.line, self.demo = line, demo
        self.done = threading.Event()
        self.thread = threading.Thread(target=self.tick, daemon=True)

    def tick(self):
        began = time.monotonic()
        while not self.done.wait(1):
            passed = "%.0f s %s" % (time.monotonic() - began, self.demo.detail)
            print("\r%s%-40s" % (self.line, passed), end="\r" + self.line, flush=True)

    def __enter__(self):
        self.demo.detail = ""
        if sys.stdout.isatty():
            self.thread.start()

    def __exit__(self, *_):
        self.done.set()
        if self.thread.is_alive():
            self.thread.join()


class Demo:
    def __init__(self, program, folder, files, label):
        self.pair = Pair(program, folder)
        self.gb, self.kr = self.pair.both()
        self.files, self.label = files, label
        self.started = time.monotonic()
        self.number = 0
        self.detail = ""
        self.total = {
            "imported": 0,
            "refused": 0,
            "released": 0,
            "withheld": 0,
            "received": 0,
            "receipts": 0,
            "sightings": 0,
            "recalled": 0,
            "ledger": "unverified",
        }

    def step(self, what, run):
        """One line: number, what, result, time. A step that does not hold ends it all."""
        self.number += 1
        began = time.monotonic()
        print("%2d. %-52s " % (self.number, what), end="", flush=True)
        try:
            with Ticking("%2d. %-52s " % (self.number, what), self):
                result = run() or "done"
        except (Failed, RuntimeError, AssertionError) as error:
            print("FAILED")
            raise SystemExit("step %d (%s): %s" % (self.number, what, error)) from error
        print("%-40s %7.2f s" % (result, time.monotonic() - began), flush=True)

    def import_files(self):
        """Imports each file into GB; one that is refused as a whole is reported and counted."""
        unmarked, handling = 0, None
        for path in self.files:
            done = self.gb.run("import", path, "--json", check=False)
            if done.returncode not in (0, 4):
                raise Failed(["import", path], done)
            if not done.stdout.strip():
                self.total["refused"] += 1
                print("\n      %s" % done.stderr.decode().strip(), end="")
                continue
            report = json.loads(done.stdout)
            self.total["imported"] += report["new"] + report["same"]
            self.total["refused"] += report["refused"] + report["conflict"]
            unmarked += report["unmarked"]
            handling = report["handling"]
            for problem in report["problems"][:3]:
                print("\n      %s: %s" % (os.path.basename(path), problem["text"]), end="")
        if self.total["imported"] == 0:
            raise RuntimeError("nothing could be imported, %d refused" % self.total["refused"])
        note = ", %d unmarked took TLP:%s" % (unmarked, handling.upper()) if unmarked else ""
        return "%d in, %d refused%s" % (self.total["imported"], self.total["refused"], note)

    def preview(self):
        answer = self.gb.json("release", "--all", "--to", "kr", "--preview")
        self.total["withheld"] = len(answer["withheld"])
        reasons = {}
        for row in answer["withheld"]:
            reasons[row["rule"]] = reasons.get(row["rule"], 0) + 1
        self.permitted = answer["objects"]
        why = " ".join("%s:%d" % pair for pair in sorted(reasons.items()))
        return "%d may go, %d withheld %s" % (len(self.permitted), len(answer["withheld"]), why)

    def release(self):
        answer = self.gb.json("release", "--all", "--to", "kr")
        self.total["released"] += answer["released"]
        assert answer["released"] == len(self.permitted), "the release differs from its preview"
        return "%d objects under %d entries" % (answer["released"], answer["entries"])

    def settle(self):
        def progress(links):
            self.detail = "%d waiting" % (links[0]["waiting"] + links[1]["waiting"])

        links = self.pair.wait_settled(wait_s=600, progress=progress)
        self.total["received"] = links[1]["received"]
        self.total["receipts"] = links[0]["receipts"]
        assert links[0]["receipts"] == links[0]["to_receipt"], "a release has no receipt"
        return "%d objects at KR, %d receipts at GB" % (
            links[1]["received"],
            links[0]["receipts"],
        )

    def held_value(self):
        """A value of something that was released: a cyber-observable's, or an indicator's."""
        rows = [row for row in self.permitted if row["values"]]
        rows.sort(key=lambda row: row["type"] != "indicator")
        return rows[0]["values"][0].split(":", 1)[1] if rows else None

    def lookup(self):
        value = self.held_value()
        if value is None:
            return "nothing with a value was released"
        answer = json.loads(
            self.kr.run("lookup", "-", "--json", data=value.encode() + b"\n").stdout
        )
        assert answer["objects"], "KR does not know %s" % value
        return "%s: %d objects" % (value[:28], len(answer["objects"]))

    def sighting(self):
        """KR saw it too: a sighting of a released object goes back to GB, DEMO by label."""
        rank = {"indicator": 0, "malware": 1, "tool": 1}
        domain = [row for row in self.permitted if row["kind"] == "sdo"]
        if not domain:
            return "nothing that can be sighted was released"
        of = min(domain, key=lambda row: rank.get(row["type"], 2))["id"]
        now = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
        sighting = {
            "type": "sighting",
            "spec_version": "2.1",
            "id": "sighting--%s" % uuid.uuid4(),
            "created": now,
            "modified": now,
            "count": 1,
            "sighting_of_ref": of,
            "description": "DEMO: seen in Korea / 데모: 국내에서 관측됨",
            "labels": ["demo"],
        }
        text = json.dumps(sighting, ensure_ascii=False).encode()
        self.kr.json("import", "-", "--handling", "green", data=text)
        answer = self.kr.json("release", sighting["id"], "--to", "gb")
        assert answer["released"] == 1, "the sighting was not released: %s" % answer
        self.pair.wait_settled()
        found = self.gb.json("find", "--ref", of, "--type", "sighting")["objects"]
        assert any(
            row["id"] == sighting["id"] for row in found
        ), "GB does not have the sighting"
        self.total["sightings"] = 1
        return "of %s" % of[:37]

    def recall(self):
        if not self.permitted:
            return "nothing was released"
        indicators = [row for row in self.permitted if row["type"] == "indicator"]
        row = (indicators or self.permitted)[-1]
        self.gb.json("recall", row["id"], "--reason", "error")
        self.pair.wait_settled()
        link = self.gb.link_to("kr")
        assert link["recalled"] == link["recalls_answered"] > 0
        done = self.kr.run("show", row["id"], check=False)
        assert done.returncode == 1, "KR still shows the recalled object"
        self.total["recalled"] = link["recalls_answered"]
        return "%s destroyed at KR" % row["id"][:28]

    def carry(self):
        """The network is cut: one more object travels as a file, and the answer as another."""
        for node, other in ((self.gb, "kr"), (self.kr, "gb")):
            node.run("link", "pause", other)
        now = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
        warning = {
            "type": "indicator",
            "spec_version": "2.1",
            "id": "indicator--%s" % uuid.uuid4(),
            "created": now,
            "modified": now,
            "name": "DEMO warning carried by hand / 데모 경보",
            "labels": ["demo"],
            "pattern": "[domain-name:value = 'carried.example.com']",
            "pattern_type": "stix",
            "valid_from": now,
        }
        self.gb.json(
            "import",
            "-",
            "--handling",
            "amber+strict",
            data=json.dumps(warning, ensure_ascii=False).encode(),
        )
        answer = self.gb.json("release", warning["id"], "--to", "kr", "--priority", "urgent")
        assert answer["released"] == 1
        hops = ((self.gb, self.kr), (self.kr, self.gb), (self.gb, self.kr))
        for n, (sender, receiver) in enumerate(hops):
            path = self.pair.path("carried-%d.batch" % (n + 1))
            sender.run("link", "export", receiver.party, "--out", path)
            receiver.run("link", "import", path)
        found = json.loads(
            self.kr.run("lookup", "-", "--json", data=b"carried[.]example[.]com\n").stdout
        )
        assert found["objects"], "KR does not know the carried value"
        link = self.gb.link_to("kr")
        assert link["receipts"] == link["to_receipt"], "the receipt did not come back"
        self.total.update(
            released=self.total["released"] + 1,
            imported=self.total["imported"] + 1,
            receipts=link["receipts"],
            received=self.kr.link_to("gb")["received"],
        )
        for node, other in ((self.gb, "kr"), (self.kr, "gb")):
            node.run("link", "resume", other)
        self.pair.wait_settled()
        return "1 released, receipted through files"

    def evidence(self):
        counts = []
        for node, other in ((self.gb, "kr"), (self.kr, "gb")):
            path = self.pair.path("%s.evidence" % node.party)
            policy = self.pair.path("%s.policy" % node.party)
            node.run("ledger", "evidence", other, "--out", path)
            node.run("ledger", "policy", other, "--out", policy)
            done = node.run(
                "ledger", "verify", path, "--policy", policy, "--json", with_node=False
            )
            counts.append(json.loads(done.stdout))
        assert all(count["consistent"] for count in counts)
        self.total["ledger"] = "consistent"
        return "%d entries verified offline" % sum(count["entries"] for count in counts)

    def run(self):
        self.step("start two nodes, gb and kr", self.pair.start)
        self.step("give the analysts their tokens", self.pair.tokens)
        self.step(
            "link them: offers, one agreement, two signatures",
            lambda: "agreement %s..." % self.pair.link()[:16],
        )
        self.step("GB imports %s" % self.label, self.import_files)
        self.step("GB previews what may go to KR", self.preview)
        self.step("GB releases it", self.release)
        self.step("KR verifies, stores and receipts", self.settle)
        self.step("an analyst at KR looks a value up", self.lookup)
        self.step("KR sends a sighting back", self.sighting)
        self.step("GB recalls one object, KR answers", self.recall)
        self.step("network cut: the same by a file carried across", self.carry)
        self.step("evidence of both ledgers, verified offline", self.evidence)

    def summary(self):
        return json.dumps(dict(self.total, seconds=round(time.monotonic() - self.started, 2)))


def wait_for_interrupt(demo):
    gb, kr = demo.pair.both()
    print("\nBoth nodes are up:")
    for node in (gb, kr):
        print(
            "  %s  %s  process %d   bongsu -n %s status"
            % (node.party, node.address, node.process.pid, node.folder)
        )
    print(
        "Stop them with Ctrl-C here, or: kill %d %d" % (gb.process.pid, kr.process.pid),
        flush=True,
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        while gb.is_running() and kr.is_running():
            time.sleep(0.2)
    except KeyboardInterrupt:
        print("\nstopping")


def main():
    parser = argparse.ArgumentParser(prog="./run", description=__doc__)
    parser.add_argument("--once", action="store_true", help="stop the nodes at the end")
    parser.add_argument("--program", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--folder", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--sample", required=True, help=argparse.SUPPRESS)
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="STIX 2.1 files, instead of the sample"
    )
    args = parser.parse_args()
    label = "%d files" % len(args.files) if args.files else "the 3CX sample"
    demo = Demo(args.program, args.folder, args.files or [args.sample], label)
    try:
        demo.run()
        if not args.once:
            wait_for_interrupt(demo)
    finally:
        clean = demo.pair.stop()
    if not clean:
        sys.exit("a node did not stop cleanly; see %s" % args.folder)
    print(demo.summary())


if __name__ == "__main__":
    main()
