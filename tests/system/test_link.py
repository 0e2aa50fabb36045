# SPDX-License-Identifier: Apache-2.0
"""Usage: test_link.py BONGSU

What a link does at its edges: paused, added again, with an older agreement, with a partner that
sends what it should not."""
import contextlib
import json
import os
import shutil
import sqlite3
import sys
import time

import made
import tap


def send(node, other, row, *options):
    node.json("import", "-", *options, data=made.bundle([row]))
    return node.json("release", row["id"], "--to", other)


def holds(node, row):
    return node.run("show", row["id"], check=False).returncode == 0


def paused_answers_nothing(pair):
    """A push of the partner must not carry home what waits on a paused link."""
    pair.gb.run("link", "pause", "kr")
    ours, theirs = made.indicator("paused-ours", "clear"), made.indicator("their", "clear")
    send(pair.gb, "kr", ours)
    send(pair.kr, "gb", theirs)
    time.sleep(2)
    assert not holds(pair.kr, ours), "a paused link handed out an object"
    assert "paused" in pair.kr.link_to("gb")["last"], pair.kr.link_to("gb")
    pair.gb.run("link", "resume", "kr")
    pair.wait_settled()
    assert holds(pair.kr, ours) and holds(pair.gb, theirs)


def added_again_stays_paused(pair):
    pair.gb.run("link", "pause", "kr")
    pair.gb.run("link", "add", pair.path("agreement"), "--address", pair.kr.address)
    pair.gb.stop()
    pair.gb.start()
    assert pair.gb.link_to("kr")["state"] == "paused"
    pair.gb.run("link", "resume", "kr")


def quiet_link_stays_fresh(folder):
    """A link over which nothing went before its clock T ran out still takes a release."""
    with tap.linked(folder, sys.argv[1], "quiet") as pair:
        pair.gb.stop()
        with contextlib.closing(sqlite3.connect(pair.gb.folder + "/store.db")) as db:
            db.execute("UPDATE link SET added_us = added_us - 86400000000")
            db.commit()
        pair.gb.start(listen=pair.gb.address.split("//")[1])
        time.sleep(1)
        row = made.indicator("after-a-quiet-day", "amber")
        assert send(pair.gb, "kr", row)["released"] == 1
        pair.wait_settled()
        assert holds(pair.kr, row)


def other_tls_key_does_not_stop_the_node(folder):
    """As with an agreement that is over: the link is of no use, everything else is."""
    with tap.nodes(folder, sys.argv[1], "renewed") as pair:
        pair.start()
        pair.tokens()
        pair.link()
        pair.gb.stop()
        other = os.path.join(folder, "other")
        pair.gb.run("init", other, "--party", "gb", "--node", "node.gb.example", "--country",
                    "GBR", with_node=False)
        for name in ("tls.crt", "tls.key"):
            shutil.copy(os.path.join(other, "keys", name), pair.gb.folder + "/keys/" + name)
        pair.gb.start()
        assert pair.gb.link_to("kr")["party"] == "kr"
        done = pair.gb.run("link", "add", pair.path("agreement"), check=False)
        assert done.returncode != 0 and b"TLS key" in done.stderr, done.stderr


def verify(pair):
    for node, other in ((pair.gb, "kr"), (pair.kr, "gb")):
        evidence, policy = pair.path("evidence"), pair.path("policy")
        node.run("ledger", "policy", other, "--out", policy)
        node.run("ledger", "evidence", other, "--out", evidence)
        done = node.run("ledger", "verify", evidence, "--policy", policy, check=False)
        assert done.returncode == 0, done.stderr


def two_sources_keep_the_evidence(pair):
    """Two bodies of one version reach the partner as of one source. The second is quarantined
    with what came in its entry, and the evidence of both nodes still verifies."""
    first = made.indicator("two-sources", "clear")
    second, beside = dict(first, name="DEMO another body"), made.indicator("beside", "clear")
    send(pair.gb, "kr", first)
    pair.wait_settled()
    pair.gb.run("import", "-", "--originator", "us", data=made.bundle([second, beside]))
    pair.gb.run("release", second["id"], beside["id"], "--to", "kr")
    pair.wait_settled()
    shown = pair.kr.json("show", first["id"])["rows"]
    assert [row["object"]["name"] for row in shown] == [first["name"]]
    found = pair.kr.run("lookup", "beside.example.org", check=False)
    assert found.returncode == 1, "in force, but its receipt says quarantined"
    verify(pair)
    pair.gb.run("recall", beside["id"])
    pair.gb.run("recall", first["id"])
    link = pair.wait_settled()[0]
    assert link["recalled"] == link["recalls_answered"] == 3, link
    verify(pair)


def equal_bytes_keep_the_evidence(pair):
    """The same object with other spaces is the same object, not the same bytes."""
    row = made.indicator("respelt", "clear")
    text = json.dumps(row).encode()
    spaced = json.dumps(row, indent=1).encode()
    for data, options in ((text, ()), (spaced, ("--originator", "us"))):
        pair.gb.run("import", "-", *options, data=data)
    pair.gb.run("release", row["id"], "--to", "kr")
    pair.wait_settled()
    verify(pair)


def lost_journal_stops_the_node(folder):
    with tap.linked(folder, sys.argv[1], "lost") as pair:
        send(pair.gb, "kr", made.indicator("before-the-loss", "clear"))
        pair.wait_settled()
        for node in pair.both():  # GB signed its log; KR cosigned it
            node.stop()
            path = node.folder + "/signer.journal"
            with open(path, "rb") as file:
                text = file.read()
            with open(path, "wb") as file:
                file.writelines(line for line in text.splitlines(True) if b"/kr/1" not in line)
            done = node.run("serve", check=False)
            assert done.returncode != 0 and b"L1" in done.stderr, done.stderr


def main():
    run = tap.Tap()
    with tap.folder() as folder, tap.linked(folder, sys.argv[1]) as pair:
        run.case("a paused link answers no push", paused_answers_nothing, pair)
        run.case("a paused link that is added again stays paused", added_again_stays_paused,
                 pair)
        run.case("two bodies of one version", two_sources_keep_the_evidence, pair)
        run.case("one object in two spellings", equal_bytes_keep_the_evidence, pair)
        run.case("a link that was quiet from its first day releases", quiet_link_stays_fresh,
                 folder)
        run.case("a node with a link of no use serves", other_tls_key_does_not_stop_the_node,
                 folder)
        run.case("L1 a node whose journal was lost does not serve", lost_journal_stops_the_node,
                 folder)
    run.end()


if __name__ == "__main__":
    main()
