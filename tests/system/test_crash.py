# SPDX-License-Identifier: Apache-2.0
"""Usage: test_crash.py BONGSU [POINTS] [SEED]

kill -9 of either node at random points while both import, release and recall; then: nothing
acknowledged is lost, both ledgers verify, every entry has one receipt."""
import json
import random
import sys
import threading
import time
import uuid

import look
import tap

SIZES = (1, 1, 5, 40, 400)  # objects of one import; the last is more than one batch of the link


class Worker(threading.Thread):
    """One party's day: it imports, releases and recalls, and notes what was acknowledged."""

    def __init__(self, node, other, seed):
        super().__init__(daemon=True)
        self.node, self.other = node, other
        self.random = random.Random(seed)
        self.is_over = threading.Event()
        self.number = 0
        self.imported, self.released, self.recalled = set(), set(), set()
        self.done = {"import": 0, "release": 0, "recall": 0}
        self.error = None

    def run(self):
        try:
            while not self.is_over.is_set():
                self.step()
        except Exception as error:  # pylint: disable=broad-except
            self.error = error

    def step(self):
        pick = self.random.random()
        if pick < 0.45 or not self.imported:
            self.import_some()
        elif pick < 0.8 or not self.released:
            self.release_some()
        else:
            self.recall_one()

    def ask(self, *args, good, data=None):
        """True when acknowledged. While the node is down, 5 is the one other answer."""
        done = self.node.run(*args, data=data, check=False)
        if done.returncode in good:
            return done.returncode == good[0]
        if done.returncode != 5:
            raise AssertionError("%s: exit %d: %s" % (args[0], done.returncode, done.stderr))
        self.is_over.wait(0.05)
        return None

    def indicator(self):
        self.number += 1
        made = "2026-01-01T00:00:%02d.%03dZ" % (self.number // 1000 % 60, self.number % 1000)
        name = "%s-%d.example.com" % (self.node.party, self.number)
        return {"type": "indicator", "spec_version": "2.1", "created": made, "modified": made,
                "id": "indicator--%s" % uuid.UUID(int=self.random.getrandbits(128), version=4),
                "name": "DEMO " + name, "pattern": "[domain-name:value = '%s']" % name,
                "pattern_type": "stix", "valid_from": made}

    def import_some(self):
        rows = [self.indicator() for _ in range(self.random.choice(SIZES))]
        data = "\n".join(json.dumps(row) for row in rows).encode()
        if self.ask("import", "-", "--handling", "green", data=data, good=(0,)):
            self.imported.update(row["id"] for row in rows)
            self.done["import"] += 1

    def release_some(self):
        if self.random.random() < 0.3:
            ids, args = set(self.imported), ["--all"]
        else:
            some = min(len(self.imported), self.random.randint(1, 20))
            ids = set(self.random.sample(sorted(self.imported), some))
            args = sorted(ids)
        # 3: what was recalled meanwhile is withheld, the rest goes
        done = self.ask("release", *args, "--to", self.other, good=(0, 3))
        if done is not None:
            self.released.update(ids - self.recalled)
            self.done["release"] += 1

    def recall_one(self):
        chosen = self.random.choice(sorted(self.released))
        # 1: recalled before, though no answer came
        if self.ask("recall", chosen, good=(0, 1)) is not None:
            self.recalled.add(chosen)
            self.done["recall"] += 1


def start_again(node):
    """On the port that the partner knows."""
    listen = node.address.split("//")[1]
    until = time.monotonic() + 20
    while True:
        try:
            return node.start(listen=listen)
        except RuntimeError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def kill_and_start(pair, chance):
    time.sleep(chance.uniform(0.05, 0.7))
    both = [node for node in pair.both() if chance.random() < 0.5]
    if len(both) != 1:  # one of the two in most points, both at once in the others
        both = list(pair.both()) if chance.random() < 0.2 else [chance.choice(pair.both())]
    for node in both:
        assert node.is_running(), "%s had ended by itself; see its log" % node.party
        node.kill()
    for node in both:
        start_again(node)


def rows_of(node, source):
    return dict(look.query(node, "SELECT id, seq FROM object_version WHERE source = ?", source))


def acknowledged_imports(workers):
    for worker in workers:
        assert worker.error is None, worker.error
        held = rows_of(worker.node, worker.node.party)
        lost = worker.imported - set(held)
        assert not lost, "%d of %d imports lost" % (len(lost), len(worker.imported))
        assert worker.done["import"], "%s imported nothing" % worker.node.party


def whole_objects(pair):
    for node in pair.both():
        bare = look.query(node, """SELECT v.id FROM object_version v
            LEFT JOIN object_bytes b ON b.seq = v.seq LEFT JOIN object_state s ON s.seq = v.seq
            WHERE b.seq IS NULL AND coalesce(s.state, '') <> 'destroyed'""")
        lost = look.query(node, """SELECT v.id FROM object_version v
            JOIN object_bytes b ON b.seq = v.seq
            LEFT JOIN value_index i ON i.object_seq = v.seq WHERE i.value IS NULL""")
        assert not bare and not lost, (node.party, bare[:3], lost[:3])
        assert look.one(node, "PRAGMA integrity_check") == "ok"


def acknowledged_releases(pair, workers):
    for worker, receiver in zip(workers, (pair.kr, pair.gb)):
        held = rows_of(receiver, worker.node.party)
        lost = worker.released - worker.recalled - set(held)  # recalled before it went
        assert not lost, "%d of %d releases lost" % (len(lost), len(worker.released))
        assert worker.done["release"], "%s released nothing" % worker.node.party


def acknowledged_recalls(pair, workers):
    for worker, receiver in zip(workers, (pair.kr, pair.gb)):
        held = rows_of(receiver, worker.node.party)
        kept = {seq for (seq,) in look.query(receiver, "SELECT seq FROM object_bytes")}
        left = [name for name in worker.recalled if held.get(name) in kept]
        assert not left, "%d of %d recalls undone" % (len(left), len(worker.recalled))
    for node in pair.both():
        assert not look.query(node, "SELECT * FROM recall_item WHERE state = 'open'")
        assert not look.query(node, """SELECT r.log_id, r.idx FROM recall r LEFT JOIN recall_ack
            a ON a.recall_log_id = r.log_id AND a.recall_idx = r.idx GROUP BY r.log_id, r.idx
            HAVING count(a.idx) <> 1""")


def one_receipt_each(pair):
    for node in pair.both():
        for is_ours in (True, False):
            assert not look.unreceipted(node, is_ours), node.party
    for ours, theirs in (pair.both(), reversed(pair.both())):
        sent = look.query(ours, "SELECT idx, leaf_hash FROM ledger_entry WHERE log_id = ?",
                          look.log_id(ours, True))
        got = look.query(theirs, "SELECT idx, leaf_hash FROM ledger_entry WHERE log_id = ?",
                         look.log_id(theirs, False))
        assert sorted(sent) == sorted(got), "the partner holds another ledger"


def one_root_a_size(pair):
    for node in pair.both():
        assert not look.two_roots(node), look.two_roots(node)


def ledgers_verify(pair):
    for found in look.verify(pair):
        assert found["unreceipted"] == found["gaps"] == 0, found
        assert found["recalls"] == found["acks"], found


def main(program, points="20", seed=None):
    cases = tap.Tap()
    seed = int(seed) if seed else random.SystemRandom().randrange(1 << 32)
    tap.say("seed %d" % seed)
    chance = random.Random(seed)
    with tap.folder() as path, tap.linked(path, program) as pair:
        workers = [Worker(pair.gb, "kr", seed + 1), Worker(pair.kr, "gb", seed + 2)]
        for worker in workers:
            worker.start()
        for point in range(int(points)):
            if not cases.case("S1 kill %d: the node starts again" % (point + 1),
                              kill_and_start, pair, chance):
                break
        for worker in workers:
            worker.is_over.set()
            worker.join(120)
            tap.say("%s: %s acknowledged" % (worker.node.party, worker.done))
        cases.case("the link settles", pair.wait_settled, 240)
        cases.case("S1 no acknowledged import is lost", acknowledged_imports, workers)
        cases.case("S1 every object is whole", whole_objects, pair)
        cases.case("S1 no acknowledged release is lost", acknowledged_releases, pair, workers)
        cases.case("S3 no acknowledged recall is undone", acknowledged_recalls, pair, workers)
        cases.case("L2 every entry has exactly one receipt", one_receipt_each, pair)
        cases.case("L1 no size is signed with two roots", one_root_a_size, pair)
        cases.case("L3 both ledgers verify offline", ledgers_verify, pair)
    cases.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
