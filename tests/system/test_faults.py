# SPDX-License-Identifier: Apache-2.0
"""Usage: test_faults.py BONGSU FAULT_LIBRARY [SCHEDULES] [SEED]

Two nodes through a bad network, while they are killed at durable steps, their disks fail,
their clocks are wrong, batches are carried by hand, again and in any order, and old backups
are put in the place of lost stores. After healing: nothing acknowledged is lost that anybody
can still have, both hold the same ledgers and the same objects, each entry has one receipt. A
schedule is its seed: the same one gives the same steps and the same fates of connections.
Without SEED the seeds are 1, 2, 3 ..."""
import contextlib
import errno
import glob
import json
import os
import random
import subprocess
import sys
import time

import faults
import look
import tap
from pair import Pair
from proxy import Proxy
from test_crash import (acknowledged_recalls, ledgers_verify, one_receipt_each,
                        one_root_a_size, whole_objects)

STEPS = 14
SIZES = (1, 1, 3, 30, 300)
DOWN = 5  # the exit code when the node does not answer, or its disk failed


class Side:
    """One party: its node, what it has had acknowledged, and its faults."""

    def __init__(self, node, other, chance, folder, library):
        self.node, self.other, self.random, self.library = node, other, chance, library
        self.path = os.path.join(folder, node.party + ".control")
        self.control = faults.Control(self.path)
        self.skew_s = 0
        self.number = 0
        self.imported, self.released, self.recalled = set(), set(), set()
        self.batches = []
        self.backup = None
        self.gone = set()  # what nobody has any more, once a backup was put back

    def start(self):
        """On the port that is known, as an operator would: again until it serves."""
        self.node.environment = faults.environment(self.library, self.path, self.skew_s)
        listen = self.node.address.split("//")[1] if self.node.address else "127.0.0.1:0"
        for _ in range(100):
            with contextlib.suppress(RuntimeError):
                return self.node.start(listen=listen)
            time.sleep(0.1)
        raise AssertionError("%s does not start; %s" % (self.node.party, self.tail()))

    def tail(self):
        with open(self.node.log, encoding="utf-8", errors="replace") as log:
            return "".join(log.readlines()[-8:])

    def restart(self):
        self.control.off()
        self.node.kill()
        self.start()

    def ask(self, *args, good=(0,), data=None):
        """The answer of a command; None when the node was down or its disk failed, and then it
        is started again."""
        done = self.node.run(*args, data=data, check=False)
        if done.returncode in good:
            return json.loads(done.stdout) if "--json" in args else done
        if done.returncode != DOWN:
            raise AssertionError("%s: exit %d: %s" % (args, done.returncode, done.stderr))
        self.restart()
        return None

    def indicator(self):
        self.number += 1
        made = "2026-01-01T00:00:%02d.%03dZ" % (self.number // 1000 % 60, self.number % 1000)
        name = "%s-%d.example.com" % (self.node.party, self.number)
        return {"type": "indicator", "spec_version": "2.1", "created": made, "modified": made,
                "id": "indicator--%08x-0000-4000-8000-%012x" % (self.random.getrandbits(32),
                                                               self.number),
                "name": "DEMO " + name, "pattern": "[domain-name:value = '%s']" % name,
                "pattern_type": "stix", "valid_from": made}

    def bring(self):
        """An import."""
        rows = [self.indicator() for _ in range(self.random.choice(SIZES))]
        data = "\n".join(json.dumps(row) for row in rows).encode()
        if self.ask("import", "-", "--handling", "green", data=data):
            self.imported.update(row["id"] for row in rows)

    def release(self):
        if not self.imported:
            return
        ids, args = set(self.imported), ["--all"]
        if self.random.random() < 0.7:
            ids = set(self.random.sample(sorted(ids), min(len(ids), 20)))
            args = sorted(ids)
        urgent = ["--priority", "urgent"] if self.random.random() < 0.3 else []
        answer = self.ask("release", *args, *urgent, "--to", self.other, "--json", good=(0, 3))
        if answer:
            self.released.update(ids - {row["id"] for row in answer["withheld"]})

    def recall(self):
        if self.released:
            chosen = self.random.choice(sorted(self.released))
            if self.ask("recall", chosen, good=(0, 1)):
                self.recalled.add(chosen)

    def carry_out(self):
        path = "%s.batch.%d" % (self.path, len(self.batches))
        if self.ask("link", "export", self.other, "--out", path):
            self.batches.append(path)


    def back_up(self):
        path = "%s.backup.%d" % (self.path, self.number)
        if self.backup != path and self.ask("backup", path):
            self.backup = path

    def put_back(self):
        """The store is lost, and perhaps the journal too. The backup does not know what came
        later, and what was never released since is lost; the partner knows the rest."""
        self.node.kill()
        for path in glob.glob(self.node.folder + "/store.db*"):
            os.unlink(path)
        if self.random.random() < 0.3:
            os.unlink(self.node.folder + "/signer.journal")
        self.node.run("restore", self.backup, self.node.folder)
        self.node.run("recover")
        held = ids_from(self.node, self.node.party)
        self.gone |= self.imported - held
        self.imported &= held
        self.released &= held
        self.start()


class Schedule:
    """One run."""

    def __init__(self, program, library, folder, seed):
        self.random = random.Random(seed)
        self.pair = Pair(program, folder)
        self.proxies = {name: Proxy(self.random.getrandbits(32)) for name in ("gb", "kr")}
        self.sides = [Side(node, other, random.Random(self.random.getrandbits(32)), folder,
                           library)
                      for node, other in ((self.pair.gb, "kr"), (self.pair.kr, "gb"))]
        self.said = []

    def begin(self):
        for side in self.sides:
            side.start()
        for proxy, side in zip(self.proxies.values(), self.sides):
            proxy.aim(side.node.address)
            proxy.start()
        self.pair.tokens()
        self.pair.link([proxy.address for proxy in self.proxies.values()])
        for side in self.sides:
            side.back_up()

    def step(self):
        steps = ((self.import_, 20), (self.release, 22), (self.recall, 8), (self.spoil, 10),
                 (self.heal, 5), (self.kill, 7), (self.kill_at_sync, 10), (self.disk_error, 6),
                 (self.skew, 5), (self.carry_out, 6), (self.carry_in, 8), (self.wait, 5),
                 (self.back_up, 4), (self.put_back, 6))
        step = self.random.choices([s for s, _ in steps], [w for _, w in steps])[0]
        side = self.random.choice(self.sides)
        self.said.append("%s %s" % (side.node.party, step.__name__.strip("_")))
        step(side)

    @staticmethod
    def import_(side):
        side.bring()

    @staticmethod
    def release(side):
        side.release()

    @staticmethod
    def recall(side):
        side.recall()

    def spoil(self, side):
        self.proxies[side.node.party].spoil()

    def heal(self, side):
        self.proxies[side.node.party].heal()

    @staticmethod
    def kill(side):
        side.restart()

    @staticmethod
    def kill_at_sync(side):
        """kill -9 of node or signer right before or after one of its next durable steps."""
        side.control.order(faults.SYNC, side.random.choice((faults.KILL_BEFORE,
                                                            faults.KILL_AFTER)),
                           side.random.randint(1, 8))
        side.bring()
        side.release()
        if side.control.off()[1]:
            side.restart()

    @staticmethod
    def disk_error(side):
        """A call to disk fails: what was not acknowledged is absent, and an operator starts the
        node again."""
        side.control.order(faults.WRITE | faults.SYNC, faults.ERROR,
                           side.random.randint(1, 40),
                           side.random.choice((errno.EIO, errno.ENOSPC)))
        side.bring()
        side.release()
        if side.control.off()[1]:
            side.restart()

    @staticmethod
    def skew(side):
        side.skew_s = side.random.choice((-3600, -301, 0, 301, 3600))
        side.restart()

    @staticmethod
    def carry_out(side):
        side.carry_out()

    def carry_in(self, side):
        """Any batch that was ever written, perhaps again, perhaps cut or changed."""
        giver = self.sides[0] if side is self.sides[1] else self.sides[1]
        if not giver.batches:
            return
        with open(giver.random.choice(giver.batches), "rb") as file:
            data = bytearray(file.read())
        harm = giver.random.choice(("none", "none", "cut", "bit"))
        if harm == "cut":
            del data[giver.random.randrange(len(data)):]
        elif harm == "bit":
            data[giver.random.randrange(len(data))] ^= 1 << giver.random.randrange(8)
        path = giver.path + ".carried"
        with open(path, "wb") as file:
            file.write(data)
        before = None if harm == "none" else look.counts(side.node)
        done = side.node.run("link", "import", path, check=False)
        assert done.returncode < 100, (done.returncode, done.stderr)
        if done.returncode == DOWN:
            side.restart()
        elif harm != "none":
            assert done.returncode != 0 or before == look.counts(side.node), harm

    @staticmethod
    def back_up(side):
        side.back_up()

    def put_back(self, side):
        """What was signed and never delivered cannot be recovered (test_recover shows that):
        everything is delivered before the store is lost."""
        if side.backup:
            self.settle()
            side.put_back()

    @staticmethod
    def wait(side):
        time.sleep(side.random.uniform(0.05, 0.5))

    def settle(self):
        """The network comes back, the clocks are right, disks are well."""
        for proxy in self.proxies.values():
            proxy.heal()
        for side in self.sides:
            side.control.off()
            side.skew_s = 0
            side.node.kill()
        for side in self.sides:
            side.start()
        for side in self.sides:
            side.bring()
            side.release()
        self.pair.wait_settled(120)

    def agree(self):
        one_receipt_each(self.pair)
        one_root_a_size(self.pair)
        whole_objects(self.pair)
        for side in self.sides:
            lost = side.imported - ids_from(side.node, side.node.party)
            assert not lost, "%s lost %d imports" % (side.node.party, len(lost))
        for side, receiver in zip(self.sides, reversed(self.sides)):
            there = ids_from(receiver.node, side.node.party)
            lost = side.released - side.recalled - there  # recalled before it went: not sent
            assert not lost, "%d of %d releases lost" % (len(lost), len(side.released))
            more = there - ids_from(side.node, side.node.party) - side.gone
            assert not more, "%s holds what was never here" % receiver.node.party
            same_bytes(side, receiver)
        acknowledged_recalls(self.pair, [WorkerView(side) for side in self.sides])
        ledgers_verify(self.pair)

    def stop(self):
        for side in self.sides:
            side.node.kill()
            side.control.close()
        for proxy in self.proxies.values():
            if proxy.is_alive():
                proxy.end()


class WorkerView:
    """What test_crash's checks ask of a worker."""

    def __init__(self, side):
        self.node, self.recalled = side.node, side.recalled & side.released


def ids_from(node, source):
    return {name for (name,) in look.query(
        node, "SELECT id FROM object_version WHERE source = ?", source)}


def same_bytes(side, receiver):
    """What was received is, byte for byte, what was sent."""
    sql = """SELECT v.id, b.bytes FROM object_version v JOIN object_bytes b ON b.seq = v.seq
        WHERE v.source = ?"""
    ours = dict(look.query(side.node, sql, side.node.party))
    theirs = dict(look.query(receiver.node, sql, side.node.party))
    other = [name for name, data in theirs.items() if ours.get(name) != data]
    assert not other, "%d objects differ" % len(other)


def run_schedule(program, library, seed):
    with tap.folder() as folder:
        schedule = Schedule(program, library, folder, seed)
        try:
            schedule.begin()
            for _ in range(STEPS):
                schedule.step()
            schedule.settle()
            schedule.agree()
        except Exception:
            tap.say("seed %d: %s" % (seed, ", ".join(schedule.said)))
            for proxy in schedule.proxies.values():
                tap.say("connections: %s" % " ".join(proxy.fates))
            for side in schedule.sides:
                tap.say(side.tail().replace("\n", "\n# "))
            raise
        finally:
            schedule.stop()


def main(program, library, schedules="50", seed=None):
    cases = tap.Tap()
    first = int(seed) if seed else 1
    for number in range(first, first + int(schedules)):
        cases.case("L1 L2 S1 schedule %d" % number, run_schedule, program,
                   os.path.abspath(library), number)
    cases.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
