# SPDX-License-Identifier: Apache-2.0
"""Usage: test_keys.py BONGSU

Keys and agreements of a link change while it runs: each role, each crash, and what must not be
accepted."""
import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time

import look
import made
import tap


def send(node, other, name, handling="clear"):
    row = made.indicator(name, handling)
    node.json("import", "-", data=made.bundle([row]))
    return row, node.run("release", row["id"], "--to", other, check=False)


def holds(node, row):
    return node.run("show", row["id"], check=False).returncode == 0


def root_of(node):
    return os.path.join(node.folder, "keys", "root.key")


def rotate(node, role, check=True):
    options = ["--for", "kr" if node.party == "gb" else "gb"] if role == "log" else []
    return node.run("key", "rotate", role, "--root", root_of(node), *options, check=check)


def verify(pair, keys=None):
    for node, other in ((pair.gb, "kr"), (pair.kr, "gb")):
        evidence, policy = pair.path("evidence"), pair.path("policy")
        node.run("ledger", "policy", other, "--out", policy)
        node.run("ledger", "evidence", other, "--out", evidence)
        done = node.json("ledger", "verify", evidence, "--policy", policy)
        assert done["consistent"] and done["agreements"], done
        assert keys is None or done["keys"] == keys, done
    return done


def goes_both_ways(pair, name):
    ours, done = send(pair.gb, "kr", name + "-ours")
    assert done.returncode == 0, done.stderr
    theirs, done = send(pair.kr, "gb", name + "-theirs")
    assert done.returncode == 0, done.stderr
    pair.wait_settled()
    assert holds(pair.kr, ours) and holds(pair.gb, theirs)


class Bulk(threading.Thread):
    """GB releases without a pause."""

    def __init__(self, node):
        super().__init__(daemon=True)
        self.node, self.is_over, self.rows, self.error = node, threading.Event(), [], None

    def run(self):
        try:
            while not self.is_over.is_set():
                rows = [made.indicator("bulk-%d-%d" % (len(self.rows), i), "clear")
                        for i in range(20)]
                self.node.json("import", "-", data=made.bundle(rows))
                self.node.run("release", *[row["id"] for row in rows], "--to", "kr")
                self.rows += rows
        except Exception as error:  # pylint: disable=broad-except
            self.error = error


def each_role_while_bulk_runs(pair):
    bulk = Bulk(pair.gb)
    bulk.start()
    for role in ("log", "cosign", "refusal", "tls"):
        rotate(pair.gb, role)
        rotate(pair.kr, role)
        time.sleep(0.5)
    bulk.is_over.set()
    bulk.join()
    assert bulk.error is None, bulk.error
    pair.wait_settled()
    assert all(holds(pair.kr, row) for row in bulk.rows[-40:])
    goes_both_ways(pair, "rotated")
    verify(pair, 8)


def tls_is_switched(pair):
    until = time.monotonic() + 20
    while any(os.path.exists(node.folder + "/keys/tls-new.crt") for node in pair.both()):
        for node in pair.both():
            node.run("key", "list")
        assert time.monotonic() < until, "the new TLS key is not shown"
        time.sleep(0.1)
    goes_both_ways(pair, "switched")


def old_tls_key_is_retired(pair, old_pin):
    pair.gb.run("key", "end", "tls", old_pin, "--out", pair.path("end"))
    pair.gb.run("key", "statement", pair.path("end"), "--root", root_of(pair.gb), "--out",
                pair.path("end.signed"))
    pair.gb.run("key", "install", pair.path("end.signed"))
    goes_both_ways(pair, "retired")


def forged_statement(pair):
    other = pair.path("forger")
    pair.gb.run("init", other, "--party", "gb", "--node", "node.gb.example", "--country", "GBR",
                with_node=False)
    size = pair.gb.link_to("kr")["size"]
    done = pair.gb.run("key", "rotate", "cosign", "--root", other + "/keys/root.key",
                       check=False)
    assert done.returncode == 3 and b"root" in done.stderr, done.stderr
    assert pair.gb.link_to("kr")["size"] == size
    os.remove(pair.gb.folder + "/keys/cosign-new.key")


def partner_is_offline(pair):
    pair.kr.stop()
    rotate(pair.gb, "log")
    rotate(pair.gb, "cosign")
    rotate(pair.gb, "tls")
    rows = [send(pair.gb, "kr", "offline-%d" % i)[0] for i in range(3)]
    pair.kr.start(listen=pair.kr.address.split("//")[1])
    pair.wait_settled()
    assert all(holds(pair.kr, row) for row in rows)
    tls_is_switched(pair)
    verify(pair)


def killed_at_each_step(pair):
    """new, statement, install; the node and the command are killed in between."""
    listen = pair.gb.address.split("//")[1]
    for role in ("log", "cosign", "tls"):
        options = ["--for", "kr"] if role == "log" else []
        request, signed = pair.path("request"), pair.path("signed")
        pair.gb.run("key", "new", role, *options, "--out", request)
        pair.gb.kill()
        pair.gb.start(listen=listen)
        pair.gb.run("key", "new", role, *options, "--out", request)  # the same key again
        pair.gb.run("key", "statement", request, "--root", root_of(pair.gb), "--out", signed)
        names = sorted(os.listdir(pair.gb.folder + "/keys"))
        saved = {}
        for name in names:
            with open(pair.gb.folder + "/keys/" + name, "rb") as file:
                saved[name] = file.read()
        pair.gb.run("key", "install", signed)
        pair.gb.kill()
        if role != "tls":  # as if the command had died before it moved the files
            for name in os.listdir(pair.gb.folder + "/keys"):
                os.remove(pair.gb.folder + "/keys/" + name)
            for name, data in saved.items():
                with open(pair.gb.folder + "/keys/" + name, "wb") as file:
                    file.write(data)
        pair.gb.start(listen=listen)
        goes_both_ways(pair, "killed-" + role)
        size = pair.gb.link_to("kr")["size"]
        pair.gb.run("key", "install", signed)
        assert pair.gb.link_to("kr")["size"] == size, "installed twice"
        if role != "tls":
            assert not os.path.exists(pair.gb.folder + "/keys/%s-new.key" % (
                "log-kr-1" if role == "log" else role))
    tls_is_switched(pair)
    pair.kr.kill()
    pair.kr.start(listen=pair.kr.address.split("//")[1])
    goes_both_ways(pair, "killed-all")
    verify(pair)


def certificate_is_renewed(pair):
    """The node is confined and cannot open its keys: the command hands it the new pair."""
    before = look_at(pair.gb, "certificate")
    pair.gb.run("key", "renew", "tls", "--days", "900")
    until = time.monotonic() + 10
    while look_at(pair.gb, "certificate")["not_after"] == before["not_after"]:
        assert time.monotonic() < until, "the renewed certificate is not shown"
        time.sleep(0.1)
    with open(pair.gb.log, encoding="utf-8") as log:
        text = log.read()
    assert text.count("node.confined") == text.count("node.up"), "the node is not confined"
    assert text.rindex("identity.change") > text.rindex("node.confined")
    goes_both_ways(pair, "renewed")
    pair.gb.stop()
    pair.gb.start(listen=pair.gb.address.split("//")[1])
    goes_both_ways(pair, "renewed-again")


def look_at(node, role):
    return [row for row in node.json("key", "list")["keys"] if row["role"] == role][0]


def new_agreement(pair, name, days):
    for node, other in ((pair.gb, "kr"), (pair.kr, "gb")):
        node.run("link", "offer", "--to", other, "--days", days, "--out",
                 pair.path(name + node.party))
    pair.gb.run("link", "agree", pair.path(name + "gb"), pair.path(name + "kr"), "--out",
                pair.path(name))
    pair.gb.run("link", "sign", pair.path(name))
    half = pair.path(name + ".half")
    shutil.copy(pair.path(name), half)
    pair.kr.run("link", "sign", pair.path(name))
    return pair.path(name), half


def agreement_is_renewed(pair):
    whole, half = new_agreement(pair, "second", "700")
    done = pair.gb.run("link", "renew", half, check=False)
    assert done.returncode == 3, done.stderr
    done = pair.gb.run("link", "add", whole, check=False)
    assert done.returncode == 3 and b"renew" in done.stderr, (done.returncode, done.stderr)
    before = look.one(pair.kr, "SELECT digest FROM link")
    pair.gb.run("link", "renew", whole)
    pair.gb.run("link", "renew", whole)  # again: nothing
    goes_both_ways(pair, "under-two")
    until = time.monotonic() + 10
    while look.one(pair.kr, "SELECT digest FROM link") == before:
        assert time.monotonic() < until, "KR has not taken the agreement over"
        time.sleep(0.1)
    pair.kr.run("link", "renew", whole)
    goes_both_ways(pair, "under-two-again")
    digests = look.query(pair.kr, "SELECT digest FROM agreement ORDER BY seq")
    for node in pair.both():
        for party in ("gb", "kr"):
            last = look.query(node, """SELECT e.bytes FROM ledger_entry e JOIN log l
                ON l.id = e.log_id WHERE l.origin LIKE ? ORDER BY l.id, e.idx DESC LIMIT 1""",
                              "node.%s.%%" % party)
            assert digests[-1][0].hex().encode() in last[0][0], "still under the old one"
    assert verify(pair)["agreements"] == 2
    assert look_at(pair.gb, "agreement")["days_left"] > 600


def link_is_removed_and_added(pair):
    pair.gb.run("link", "remove", "kr")
    _, done = send(pair.gb, "kr", "removed")
    assert done.returncode != 0, "released over no link"
    assert not pair.gb.json("status")["links"]
    verify(pair)  # the history stays
    row, done = send(pair.kr, "gb", "to-nobody")
    time.sleep(1)
    assert not holds(pair.gb, row)
    pair.gb.stop()
    pair.gb.start(listen=pair.gb.address.split("//")[1])
    assert not pair.gb.json("status")["links"]
    done = pair.gb.run("link", "remove", "kr", check=False)
    assert done.returncode != 0
    pair.gb.run("link", "add", pair.path("second"), "--address", pair.kr.address)
    goes_both_ways(pair, "added-again")
    assert holds(pair.gb, row)
    verify(pair)


def two_adds_make_one_thread(pair):
    pair.gb.run("link", "remove", "kr")
    done = []

    def add():
        done.append(pair.gb.run("link", "add", pair.path("second"), "--address",
                                pair.kr.address, check=False).returncode)

    threads = [threading.Thread(target=add) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [0] * 6, done
    assert len(pair.gb.json("status")["links"]) == 1
    goes_both_ways(pair, "one-thread")


def epoch_statements(pair, number):
    for node, other in ((pair.gb, "kr"), (pair.kr, "gb")):
        request = pair.path("epoch.%s.request" % node.party)
        node.run("key", "new", "log", "--for", other, "--epoch", number, "--out", request)
        node.run("key", "statement", request, "--root", root_of(node), "--out",
                 pair.path("epoch." + node.party))
    return pair.path("epoch.gb"), pair.path("epoch.kr")


def a_new_epoch_begins(pair):
    gb, kr = epoch_statements(pair, "2")
    old = look.query(pair.gb, "SELECT origin, size FROM log ORDER BY origin")
    for ours, theirs in ((gb, gb), (kr, gb), (kr, kr)):
        done = pair.gb.run("link", "epoch", "kr", ours, theirs, check=False)
        assert done.returncode != 0, "an epoch of the wrong statements"
    before = pair.path("before")
    pair.gb.run("ledger", "evidence", "kr", "--out", before)
    pair.gb.run("ledger", "policy", "kr", "--out", before + ".policy")
    pair.gb.run("link", "epoch", "kr", gb, kr)
    pair.kr.run("link", "epoch", "gb", kr, gb)
    goes_both_ways(pair, "epoch-two")
    for origin, size in old:
        assert look.one(pair.gb, "SELECT size FROM log WHERE origin = ?", origin) == size
    verify(pair)
    pair.gb.json("ledger", "verify", before, "--policy", before + ".policy")
    for node in pair.both():
        node.kill()
        node.start(listen=node.address.split("//")[1])
    rotate(pair.gb, "log")
    goes_both_ways(pair, "epoch-two-again")
    verify(pair)


def locked_keys(folder):
    secret = os.path.join(folder, "unlock")
    with open(secret, "w", encoding="ascii") as file:
        file.write("DEMO a long secret that nobody uses\n")
    os.environ["BONGSU_UNLOCK_FILE"] = secret
    try:
        with tap.linked(folder, sys.argv[1], "locked") as pair:
            pair.gb.run("key", "lock")
            for name in os.listdir(pair.gb.folder + "/keys"):
                with open(pair.gb.folder + "/keys/" + name, "rb") as file:
                    text = file.read()
                assert name.endswith(".crt") or text.startswith(b"bongsu-sealed "), name
            listen = pair.gb.address.split("//")[1]
            pair.gb.stop()
            pair.gb.start(listen=listen)
            goes_both_ways(pair, "locked")
            for role in ("cosign", "log", "tls"):
                rotate(pair.gb, role)
            tls_is_switched(pair)
            pair.gb.stop()
            wrong_secrets(pair, folder)
            os.environ["BONGSU_UNLOCK_FILE"] = secret
            pair.gb.start(listen=listen)
            goes_both_ways(pair, "locked-again")
            made_locked(pair, folder)
    finally:
        del os.environ["BONGSU_UNLOCK_FILE"]


def wrong_secrets(pair, folder):
    wrong = os.path.join(folder, "wrong")
    with open(wrong, "w", encoding="ascii") as file:
        file.write("another")
    for path in (wrong, os.path.join(folder, "nowhere")):
        os.environ["BONGSU_UNLOCK_FILE"] = path
        done = pair.gb.run("serve", check=False)
        assert done.returncode == 3 and b"unlock" in done.stderr, done.stderr
        assert len(done.stderr.splitlines()) == 1, done.stderr


def made_locked(pair, folder):
    home = os.path.join(folder, "sealed")
    pair.gb.run("init", home, "--party", "us", "--node", "node.us.example", "--country", "USA",
                "--encrypt-keys", "--unlock-file", os.environ["BONGSU_UNLOCK_FILE"],
                with_node=False)
    with open(home + "/keys/root.key", "rb") as file:
        assert file.read().startswith(b"bongsu-sealed ")


def pin_of(node):
    public = subprocess.run(
        ["openssl", "x509", "-in", node.folder + "/keys/tls.crt", "-pubkey", "-noout"],
        stdout=subprocess.PIPE, check=True).stdout
    der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=public,
                         stdout=subprocess.PIPE, check=True).stdout
    return hashlib.sha256(der).hexdigest()


def main():
    run = tap.Tap()
    with tap.folder() as folder, tap.linked(folder, sys.argv[1]) as pair:
        pin = pin_of(pair.gb)
        run.case("SV6 each role while bulk runs", each_role_while_bulk_runs, pair)
        run.case("a new TLS key is shown without a restart", tls_is_switched, pair)
        run.case("the old TLS key is retired", old_tls_key_is_retired, pair, pin)
        run.case("a forged statement changes nothing", forged_statement, pair)
        run.case("the partner was offline meanwhile", partner_is_offline, pair)
        run.case("S1 killed at each step", killed_at_each_step, pair)
        run.case("a certificate is renewed", certificate_is_renewed, pair)
        run.case("an agreement is renewed", agreement_is_renewed, pair)
        run.case("a link is removed and added again", link_is_removed_and_added, pair)
        run.case("adds at the same time make one link", two_adds_make_one_thread, pair)
        run.case("L1 a new epoch begins, the old one stays", a_new_epoch_begins, pair)
        run.case("locked keys", locked_keys, folder)
    run.end()


if __name__ == "__main__":
    main()
