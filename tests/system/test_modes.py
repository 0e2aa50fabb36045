# SPDX-License-Identifier: Apache-2.0
"""Usage: test_modes.py BONGSU

How batches travel: pushed, asked for by the side that cannot be reached, or carried by hand;
what waits through an outage; and the alarm when receipts stay out."""
import json
import shutil
import sys
import time

import look
import made
import tap


def send(node, other, name, *options):
    row = made.indicator(name, "clear")
    node.json("import", "-", data=made.bundle([row]))
    assert node.json("release", row["id"], "--to", other, *options)["released"] == 1
    return row


def holds(node, row):
    return node.run("show", row["id"], check=False).returncode == 0


def pulled(pair):
    """gb has no address of kr and kr asks: everything goes both ways all the same."""
    pair.gb.run("link", "add", pair.path("agreement"))
    pair.kr.run("link", "mode", "gb", "pull")
    assert pair.kr.link_to("gb")["mode"] == "pull"
    began = time.monotonic()
    row = send(pair.gb, "kr", "pulled", "--priority", "urgent")
    pair.wait_settled(20)
    tap.say("pulled and receipted after %.1f s" % (time.monotonic() - began))
    assert holds(pair.kr, row)
    back = send(pair.kr, "gb", "pushed-back")
    pair.wait_settled(20)
    assert holds(pair.gb, back)
    calls = look.counts(pair.kr), look.counts(pair.gb)
    time.sleep(2.5)  # asking with nothing to say writes nothing
    assert (look.counts(pair.kr), look.counts(pair.gb)) == calls


def forwarded(pair):
    """What is released while the other side is away goes when it is back, urgent first."""
    pair.kr.stop()
    rows = [send(pair.gb, "kr", "stored-%d" % n, "--priority", "bulk") for n in range(3)]
    rows.append(send(pair.gb, "kr", "stored-urgent", "--priority", "urgent"))
    pair.gb.stop()
    pair.gb.start(listen=pair.gb.address.split("//")[1])
    pair.kr.start(listen=pair.kr.address.split("//")[1])
    assert pair.kr.link_to("gb")["mode"] == "pull"
    pair.wait_settled(20)
    assert all(holds(pair.kr, row) for row in rows)
    order = look.query(pair.kr, "SELECT id FROM object_version WHERE id IN (%s) ORDER BY seq"
                       % ",".join("?" * 4), *[row["id"] for row in rows])
    assert order[0][0] == rows[3]["id"], order


def carried(pair):
    """Nobody calls anybody; two files do."""
    for node, other in ((pair.gb, "kr"), (pair.kr, "gb")):
        node.run("link", "mode", other, "file")
    pair.gb.run("link", "add", pair.path("agreement"), "--address", pair.kr.address)
    assert pair.gb.link_to("kr")["mode"] == "file", "adding again keeps the mode"
    row = send(pair.gb, "kr", "by-hand")
    time.sleep(2)
    assert not holds(pair.kr, row)
    for here, there, other in ((pair.gb, pair.kr, "kr"), (pair.kr, pair.gb, "gb"),
                               (pair.gb, pair.kr, "kr")):
        path = pair.path("carried.batch")
        here.run("link", "export", other, "--out", path)
        there.run("link", "import", path)
    assert holds(pair.kr, row)
    assert not look.unreceipted(pair.gb, True)
    for node, other in ((pair.gb, "kr"), (pair.kr, "gb")):
        node.run("link", "mode", other, "push")
    pair.wait_settled()
    done = pair.gb.run("link", "mode", "kr", "pigeon", check=False)
    assert done.returncode == 4 and b"push, pull or file" in done.stderr, done


def overdue(folder):
    """An agreement whose receipt clock is a second: the alarm rings, and stops."""
    with tap.nodes(folder, sys.argv[1], "overdue") as pair:
        pair.start()
        pair.tokens()
        for node, other in ((pair.gb, "kr"), (pair.kr, "gb")):
            node.run("link", "offer", "--to", other, "--out", pair.path(node.party + ".offer"))
        path = pair.path("agreement")
        pair.gb.run("link", "agree", pair.path("gb.offer"), pair.path("kr.offer"), "--out",
                    path)
        with open(path, encoding="utf-8") as file:
            text = json.loads(file.read())
        text["clocks"]["receipt"] = "1"
        with open(path, "w", encoding="utf-8") as file:
            file.write(json.dumps(text, sort_keys=True, separators=(",", ":")) + "\n\n")
        for node in pair.both():
            node.run("link", "sign", path)
        shutil.copy(path, pair.path("agreement.both"))
        pair.gb.run("link", "add", path, "--address", pair.kr.address)
        send(pair.gb, "kr", "unreceipted")
        until = time.monotonic() + 20
        while not pair.gb.link_to("kr")["receipt_overdue"]:
            assert time.monotonic() < until, pair.gb.link_to("kr")
            time.sleep(0.1)
        assert b"ALARM" in pair.gb.run("status").stdout
        assert "\uacbd\ubcf4".encode() in pair.gb.run("status", "--lang", "ko").stdout
        while b"link.unreceipted party=kr state=alarm" not in log_of(pair.gb):
            assert time.monotonic() < until
            time.sleep(0.1)
        pair.kr.run("link", "add", path, "--address", pair.gb.address)
        pair.wait_settled()
        assert not pair.gb.link_to("kr")["receipt_overdue"]


def log_of(node):
    with open(node.log, "rb") as file:
        return file.read()


def main():
    run = tap.Tap()
    with tap.folder() as folder:
        with tap.linked(folder, sys.argv[1]) as pair:
            for name, case in (("L2 a side that cannot be reached asks", pulled),
                               ("L2 what is stored through an outage is forwarded", forwarded),
                               ("L2 by hand only", carried)):
                run.case(name, case, pair)
            for found in look.verify(pair):
                assert found["unreceipted"] == 0, found
        run.case("L2 an entry without its receipt is an alarm", overdue, folder)
    run.end()


if __name__ == "__main__":
    main()
