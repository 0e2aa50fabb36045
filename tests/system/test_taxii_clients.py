# SPDX-License-Identifier: Apache-2.0
"""Usage: test_taxii_clients.py BONGSU

A thousand clients page while objects are added and recalled: each sees every object of its view
exactly once, in order, and nothing else."""
import concurrent.futures
import json
import os
import sys
import threading
import time

import look
import made
import pair
import tap
import taxii

CLIENTS, AT_ONCE, ROWS = 1000, 48, 300


class Suite:
    def __init__(self, node):
        self.node = node
        node.run("token", "create", "demo", "--rights", "read,import,release,recall", "--save")
        for name in ("one", "other"):
            node.run("recipient", "add", name)
        node.run("taxii", "root", "add", "main", "--title", "Main root")
        self.view = node.json("taxii", "collection", "add", "main", "--title", "All",
                              "--types", "indicator")["id"]
        self.path = "/taxii2/main/collections/%s/objects/" % self.view
        for name in ("one", "other"):
            node.run("taxii", "collection", "share", self.view, "--to", name)
        self.account = taxii.Account(node, "tool", "one")
        self.stays = [made.indicator("stays-%d" % n, "green") for n in range(ROWS)]
        self.denied = [made.indicator("denied-%d" % n, "red") for n in range(50)]
        self.leaves = [made.indicator("leaves-%d" % n, "green") for n in range(60)]
        between = self.leaves + self.denied * 5
        mixed = [row for three in zip(self.stays, between, self.denied * 6) for row in three]
        self.put(mixed + self.stays)
        look.wait_until(lambda: len(self.account.all(self.path)) >= ROWS + 60)

    def put(self, rows):
        self.node.json("import", "-", "--handling", "green", data=made.lines(rows))

    def walk(self, number):
        """One client from the first page to the last: the ids it was given, with what it saw
        of the order."""
        client = taxii.Account.__new__(taxii.Account)
        client.__dict__.update(self.account.__dict__, connection=None)
        ids, last, query = [], "", {"limit": 7 + number % 50}
        while True:
            got = client.ask("GET", self.path, **query)
            assert got.status == 200, got
            page = json.loads(got.body)
            if page:
                first = got.headers["X-TAXII-Date-Added-First"]
                assert last < first, "pages go on where the one before ended"
                last = got.headers["X-TAXII-Date-Added-Last"]
                ids += [row["id"] for row in page["objects"]]
            if not page.get("more"):
                client.connection.close()
                return ids
            query["next"] = page["next"]

    def change(self, stop, added):
        """Objects come and go until the clients have ended."""
        number = 0
        while not stop.is_set():
            rows = [made.indicator("added-%d" % (number + n), "green") for n in range(5)]
            self.put(rows + [made.indicator("more-denied-%d" % number, "red")])
            added.update(row["id"] for row in rows)
            if self.leaves:
                self.node.run("tighten", self.leaves.pop()["id"], "--handling", "red")
            number += 5
            stop.wait(0.05)

    def page_while_it_changes(self):
        stays = [row["id"] for row in self.stays]
        leaves = {row["id"] for row in self.leaves}
        stop, added = threading.Event(), set()
        changing = threading.Thread(target=self.change, args=(stop, added))
        changing.start()
        begun = time.monotonic()
        try:
            with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
                walks = list(pool.map(self.walk, range(CLIENTS)))
        finally:
            stop.set()
            changing.join()
        tap.say("%d clients in %.1f s, %d objects added meanwhile" % (
            CLIENTS, time.monotonic() - begun, len(added)))
        for ids in walks:
            assert len(ids) == len(set(ids)), "an object came twice"
            assert [i for i in ids if i in set(stays)] == stays, "one is missing, or moved"
            assert set(ids) <= set(stays) | leaves | added, "something else was shown"

    def as_if_never_held(self, other_node):
        """The second node never held what is denied here: the same answers but for dates and
        for what is signed with a key."""
        other = Suite.__new__(Suite)
        other.node = other_node
        other_node.run("token", "create", "demo", "--rights", "read,import,release", "--save")
        other_node.run("recipient", "add", "one")
        other_node.run("taxii", "root", "add", "main", "--title", "Main root")
        other.view = other_node.json("taxii", "collection", "add", "main", "--title",
                                     "V1")["id"]
        here = self.node.json("taxii", "collection", "add", "main", "--title", "V1",
                              "--source", "fr")["id"]
        for node, view in ((other_node, other.view), (self.node, here)):
            node.run("taxii", "collection", "share", view, "--to", "one")
        rows = [made.indicator("v1-%d" % n, "green") for n in range(20)]
        target = made.malware("v1-hidden", "red")
        hidden = [target, made.relate("v1-link", rows[3], target, "green")]
        for node, brought in ((other_node, rows), (self.node, hidden[:1] + rows + hidden[1:])):
            node.json("import", "-", "--handling", "green", "--originator", "fr",
                      data=made.lines(brought))
        accounts = (taxii.Account(other_node, "tool-v1", "one"),
                    taxii.Account(self.node, "tool-v1", "one"))
        answers = []
        for account, view in zip(accounts, (other.view, here)):
            path = "/taxii2/main/collections/%s/" % view
            look.wait_until(lambda a=account, p=path: len(a.all(p + "objects/")) >= 20)
            time.sleep(0.5)
            found = []
            for end in ("objects/", "objects/?limit=7", "manifest/", "manifest/?limit=20",
                        "objects/%s/" % target["id"], "objects/%s/versions/" % target["id"],
                        "objects/?match[type]=malware", "objects/?limit=0"):
                got = account.ask("GET", path + end)
                body = json.loads(got.body)
                body.pop("next", None)
                for row in body.get("objects", []):
                    row.pop("date_added", None)
                headers = sorted((name, len(value)) for name, value in got.headers.items())
                found.append((got.status, headers, body))
            answers.append(found)
        assert answers[0] == answers[1]
        seqs = [look.query(node, "SELECT seq FROM membership WHERE view = ? ORDER BY seq", view)
                for node, view in ((other_node, other.view), (self.node, here))]
        assert seqs[0] == seqs[1] == [(n,) for n in range(1, 21)], seqs


def main():
    suite = tap.Tap()
    with tap.folder() as path:
        nodes = [pair.Node(sys.argv[1], os.path.join(path, name), "gb", "GBR").start()
                 for name in ("gb", "other")]
        try:
            run = Suite(nodes[0])
            suite.case("V1 TAXII P2 A23 a thousand clients page while it changes",
                       run.page_while_it_changes)
            suite.case("V1 TAXII F1 as if the denied had never been held", run.as_if_never_held,
                       nodes[1])
        finally:
            for node in nodes:
                node.stop()
    suite.end()


main()
