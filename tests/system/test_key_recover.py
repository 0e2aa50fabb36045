# SPDX-License-Identifier: Apache-2.0
"""Usage: test_key_recover.py BONGSU

What a backup does not know: keys that changed, an agreement that was renewed, an epoch that was
opened after it. A recovery brings all of it back, and `check` finds nothing."""
import contextlib
import glob
import os
import shutil
import sys
import threading
import time

import look
import made
import tap
from test_bad_system import one_line
from test_keys import (epoch_statements, goes_both_ways, holds, new_agreement, root_of, rotate,
                       tls_is_switched, verify)
from test_recover import port

LEDGERS = (
    "SELECT l.origin, e.idx, e.bytes FROM ledger_entry e JOIN log l ON l.id = e.log_id",
    "SELECT l.origin, k.idx FROM key_entry k JOIN log l ON l.id = k.log_id",
    "SELECT l.origin, s.note FROM log_start s JOIN log l ON l.id = s.log_id",
    "SELECT party, seq, digest FROM agreement",
    "SELECT party, digest FROM link",
    "SELECT l.origin, r.idx, r.disposition FROM receipt r JOIN log l ON l.id = r.log_id",
)


def state(node):
    return [sorted(look.query(node, sql)) for sql in LEDGERS]


def whole(pair):
    for node in pair.both():
        found = node.json("check")
        assert found["problems"] == [], (node.party, found)


class KeyRecover:
    def __init__(self, pair):
        self.pair, self.gb, self.kr = pair, pair.gb, pair.kr
        self.backup = pair.path("backup")
        self.address = None

    def lose(self, *names):
        """The store is gone, and what is named beside it; the backup is put back."""
        self.gb.stop()
        self.address = port(self.gb)
        for name in glob.glob(self.gb.folder + "/store.db*"):
            os.unlink(name)
        for name in names:
            os.unlink(os.path.join(self.gb.folder, name))
        self.gb.run("restore", self.backup, self.gb.folder)

    def recovered(self, *names, lost=0):
        self.pair.wait_settled()
        before = state(self.gb)
        self.lose(*names)
        one_line(self.gb.run("serve", check=False, wait_s=30), 4, "L1", "recover")
        told = self.gb.json("recover")
        assert len(told["lost"]) == lost, told
        assert state(self.gb) == before
        assert self.gb.json("check")["problems"] == []
        self.gb.start(listen=self.address)
        self.pair.wait_settled()
        return told

    def keys(self):
        """Each role, on both sides, in the tail that is lost."""
        goes_both_ways(self.pair, "first")
        self.gb.run("backup", self.backup)
        for role in ("log", "cosign", "refusal"):
            rotate(self.gb, role)
            rotate(self.kr, role)
            goes_both_ways(self.pair, "after-" + role)
        self.recovered()
        goes_both_ways(self.pair, "again")
        verify(self.pair, 6)
        whole(self.pair)

    def journal_too(self):
        self.recovered("signer.journal")
        goes_both_ways(self.pair, "journal")
        whole(self.pair)

    def agreement(self):
        """KR's key changes while GB, which does not know of it, renews: neither is stopped."""
        digests = look.query(self.gb, "SELECT digest FROM agreement")
        path, _ = new_agreement(self.pair, "renewed", "700")
        self.gb.run("link", "pause", "kr")
        rotate(self.kr, "cosign")
        self.gb.run("link", "renew", path)
        rotate(self.gb, "cosign")
        self.gb.run("link", "resume", "kr")
        goes_both_ways(self.pair, "renewed")
        goes_both_ways(self.pair, "under-it")
        assert len(look.query(self.kr, "SELECT digest FROM agreement")) == len(digests) + 1
        self.recovered()
        goes_both_ways(self.pair, "under-it-again")
        assert verify(self.pair)["agreements"] == 2
        whole(self.pair)

    def epoch(self):
        """The backup is of the first epoch; its end is lost, and the whole second one."""
        gb, kr = epoch_statements(self.pair, "2")
        row, _ = made_row(self.gb, "kr", "of-epoch-one")
        self.pair.wait_settled()
        self.gb.run("link", "epoch", "kr", gb, kr)
        self.kr.run("link", "epoch", "gb", kr, gb)
        goes_both_ways(self.pair, "second")
        rotate(self.gb, "log")
        rotate(self.kr, "cosign")
        goes_both_ways(self.pair, "second-rotated")
        self.recovered()
        goes_both_ways(self.pair, "second-again")
        verify(self.pair)
        whole(self.pair)
        self.recalled(row)
        self.recovered(lost=1)  # what was recalled, and nobody holds
        assert not holds(self.kr, row)
        whole(self.pair)

    def recalled(self, row):
        """What the first epoch brought is demanded, and answered for, in the second."""
        theirs, _ = made_row(self.kr, "gb", "of-epoch-two")
        self.pair.wait_settled()
        told = self.gb.json("recall", row["id"])
        assert told["demands"] == 1, told
        self.kr.run("recall", theirs["id"])
        self.pair.wait_settled()
        assert not holds(self.kr, row)
        assert look.one(self.gb, """SELECT state FROM recall_item i JOIN recall r
            ON r.log_id = i.log_id AND r.idx = i.idx WHERE r.of_log_id <> r.log_id
            """) == "destroyed"
        goes_both_ways(self.pair, "recalled")
        verify(self.pair)
        whole(self.pair)

    def tls(self):
        """The partner shows a TLS key that the backup does not know."""
        request, signed = self.pair.path("tls"), self.pair.path("tls.signed")
        self.kr.run("key", "new", "tls", "--out", request)
        self.kr.run("key", "statement", request, "--root", root_of(self.kr), "--out", signed)
        self.kr.run("key", "install", signed)
        tls_is_switched(self.pair)
        self.pair.wait_settled()
        self.lose()
        done = self.gb.run("recover", check=False)
        assert done.returncode != 0, "an unknown key was believed"
        party = ["recover", "--party", "kr", "--address", self.kr.address, "--statement"]
        done = self.gb.run(*party, self.pair.path("epoch.kr"), check=False)
        assert done.returncode != 0 and b"TLS" in done.stderr, done
        self.gb.run(*party, signed)
        self.gb.start(listen=self.address)
        goes_both_ways(self.pair, "shown")
        whole(self.pair)

    def sealed(self, secret):
        """Sealed keys come back from a backup as they are, and need their secret."""
        self.gb.run("key", "lock")
        self.gb.run("token", "create", "again", "--rights", "read,import,release,recall,carry",
                    "--save")
        with open(self.gb.folder + "/token", "rb") as file:
            token = file.read()
        self.backup = self.pair.path("sealed")
        self.gb.run("backup", self.backup, "--with-keys")
        goes_both_ways(self.pair, "sealed")
        self.address = port(self.gb)
        self.gb.stop()
        shutil.rmtree(self.gb.folder)
        self.gb.run("restore", self.backup, self.gb.folder, with_node=False)
        for name in os.listdir(self.gb.folder + "/keys"):
            with open(os.path.join(self.gb.folder, "keys", name), "rb") as file:
                assert name.endswith(".crt") or file.read().startswith(b"bongsu-sealed "), name
        del os.environ["BONGSU_UNLOCK_FILE"]
        one_line(self.gb.run("recover", check=False), 3, "unlock")
        os.environ["BONGSU_UNLOCK_FILE"] = secret
        self.gb.run("recover")
        with open(self.gb.folder + "/token", "wb") as file:
            file.write(token)
        self.gb.start(listen=self.address)
        goes_both_ways(self.pair, "unsealed")
        rotate(self.gb, "cosign")
        goes_both_ways(self.pair, "sealed-rotated")
        whole(self.pair)

    def moving(self):
        """Keys change their places while backups are made: no key is missing in any."""
        def keys(folder):
            found = set()
            for name in os.listdir(folder):
                with contextlib.suppress(FileNotFoundError):
                    if not name.startswith("tls"):
                        with open(os.path.join(folder, name), "rb") as file:
                            found.add(file.read())
            return found

        is_over = threading.Event()

        def turn():
            while not is_over.is_set():
                rotate(self.gb, "cosign")
                time.sleep(0.2)

        thread = threading.Thread(target=turn)
        thread.start()
        try:
            for number in range(8):
                path = self.pair.path("moving%d" % number)
                before = keys(self.gb.folder + "/keys") | keys(self.gb.folder + "/keys")
                self.gb.run("backup", path, "--with-keys")
                assert before <= keys(path + "/keys")
        finally:
            is_over.set()
            thread.join()
        goes_both_ways(self.pair, "moved")

    def rebuilt(self):
        """The list of key entries is made again from the entries."""
        self.pair.wait_settled()
        before = state(self.gb)
        self.gb.stop()
        look.write(self.gb, "DELETE FROM key_entry WHERE idx > 0")
        look.write(self.gb, "INSERT INTO key_entry SELECT min(log_id), 1 FROM ledger_entry")
        found = self.gb.run("check", "--json", check=False)
        assert b'"KEY_ENTRY"' in found.stdout and found.returncode == 1, found
        self.gb.run("rebuild")
        assert state(self.gb) == before
        self.gb.start(listen=self.address)
        goes_both_ways(self.pair, "rebuilt")
        whole(self.pair)

    def removed(self):
        """A link that was removed needs no partner to recover."""
        self.pair.wait_settled()
        self.gb.run("link", "remove", "kr")
        self.backup = self.pair.path("removed")
        self.gb.run("backup", self.backup)
        self.kr.stop()
        self.lose()
        self.gb.run("recover")
        self.gb.start(listen=self.address)
        assert self.gb.json("status")["links"] == []
        self.kr.start(listen=self.kr.address.split("//")[1])
        self.gb.run("link", "add", self.pair.path("renewed"), "--address", self.kr.address)
        goes_both_ways(self.pair, "back")
        whole(self.pair)


def made_row(node, other, name):
    row = made.indicator(name, "clear")
    node.json("import", "-", data=made.bundle([row]))
    return row, node.run("release", row["id"], "--to", other)


def main():
    run = tap.Tap()
    with tap.folder() as folder, tap.linked(folder, sys.argv[1]) as pair:
        secret = os.path.join(folder, "unlock")
        with open(secret, "w", encoding="ascii") as file:
            file.write("DEMO a long secret that nobody uses\n")
        os.environ["BONGSU_UNLOCK_FILE"] = secret
        t = KeyRecover(pair)
        run.case("L1 SV6 keys that changed after the backup come back", t.keys)
        run.case("L1 with the journal lost too", t.journal_too)
        run.case("L1 an agreement that was renewed comes back", t.agreement)
        run.case("L1 a new epoch comes back, and is recalled from", t.epoch)
        run.case("L1 the partner's root speaks for its new TLS key", t.tls)
        run.case("S2 the list of key entries is rebuilt", t.rebuilt)
        run.case("keys that move are in a backup", t.moving)
        run.case("L1 sealed keys are restored sealed", t.sealed, secret)
        run.case("a removed link is left alone", t.removed)
    run.end()


if __name__ == "__main__":
    main()
