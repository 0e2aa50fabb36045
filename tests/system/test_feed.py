# SPDX-License-Identifier: Apache-2.0
"""Usage: test_feed.py BONGSU [PART OF A NAME]

Feeds, and TAXII 2.1 as a client, against servers that are good and servers that are not."""
import email.utils
import gzip
import json
import os
import ssl
import sys
import threading
import time

import feed_server
import look
import made
import tap
import taxii as taxii_client
from feed_server import Reply, Server, Shelf, taxii


class Suite:
    def __init__(self, pair, folder):
        self.node, self.pair, self.folder = pair.gb, pair, folder
        self.node.run("token", "create", "demo", "--rights", "read,import", "--save")
        self.good = feed_server.Authority(folder, "good")
        self.bad = feed_server.Authority(folder, "bad")
        self.identity = self.good.sign("server", "IP:127.0.0.1")
        self.server = Server(self.identity)
        self.number = 0

    def path(self, name):
        return os.path.join(self.folder, name)

    def rows(self, n):
        self.number += 1
        return [made.indicator("feed-%d-%d" % (self.number, i), "green") for i in range(n)]

    def add(self, url, *options, kind="taxii", every="0", ca=None):
        self.number += 1
        name = "f%d" % self.number
        self.node.run("feed", "add", name, url, "--kind", kind, "--every", every,
                      "--originator", "xx", "--ca", ca or self.good.pem, *options)
        return name

    def run(self, name):
        done = self.node.run("feed", "run", name, "--json", check=False)
        return json.loads(done.stdout)

    def failed(self, name, words):
        got = self.run(name)
        assert got["outcome"] == "failed" and words in got["why"], got
        return got

    def serve(self, shelf):
        self.server.answer = shelf
        self.server.asked.clear()
        return shelf

    def has(self, rows):
        """Each is there once, from our source."""
        for row in rows:
            got = look.query(self.node, "SELECT source FROM object_version WHERE id = ?",
                             row["id"])
            assert got == [("xx",)], (row["id"], got)

    def pages(self):
        return [asked for asked in self.server.asked if asked.path.endswith("/objects/")]

    def pulls(self):
        rows = self.rows(7)
        shelf = self.serve(Shelf(rows))
        name = self.add(self.server.url + "/taxii2/", "--collection", "Wares")
        got = self.run(name)
        assert (got["outcome"], got["new"], got["refused"]) == ("done", 7, 0), got
        self.has(rows)
        assert all("added_after" not in asked.query for asked in self.pages())  # P3
        more = self.rows(2)
        shelf.rows += [("2026-03-01T00:00:00.%06dZ" % n, row) for n, row in enumerate(more)]
        self.server.asked.clear()
        got = self.run(name)
        assert (got["new"], got["read"]) == (2, 2), got
        assert self.pages()[0].query["added_after"] == "2026-02-01T00:00:00.000006Z"
        self.has(more)
        name = look.one(self.node, "SELECT name FROM import_batch ORDER BY id DESC LIMIT 1")
        assert name.endswith("%s/taxii2/ Wares" % self.server.url), name

    def by_time(self):
        rows = self.rows(7)
        self.serve(Shelf(rows, by_next=False))
        got = self.run(self.add(self.server.url + "/api/"))
        assert (got["outcome"], got["new"]) == ("done", 7), got
        asked = [page.query.get("added_after") for page in self.pages()]
        assert len(set(asked)) == 4 and not any("next" in page.query for page in self.pages())

    def cursor(self):
        """The cursor of a run that was broken off is forgotten by the server."""
        rows = self.rows(6)
        shelf = self.serve(Shelf(rows))
        broken = taxii({"title": "broken"}, 500)
        shelf.change = lambda asked, reply: broken if asked.query.get("next") == "4" else reply
        name = self.add(self.server.url + "/api/")
        self.failed(name, "500")
        self.has(rows[:4])
        place = look.query(self.node, "SELECT place_after, place_next FROM feed WHERE name = ?",
                           name)
        assert place == [("", "4")], place
        shelf.change = lambda asked, reply: (taxii({"title": "old"}, 400)
                                             if "next" in asked.query and
                                             len(self.pages()) == 1 else reply)
        self.server.asked.clear()
        got = self.run(name)
        assert (got["outcome"], got["new"], got["same"]) == ("done", 2, 4), got

    def patience(self):
        rows = self.rows(3)
        shelf = self.serve(Shelf(rows))
        refusals = [("429", "1"), ("503", "1"), ("429", None),
                    ("503", email.utils.formatdate(time.time() + 2, usegmt=True))]

        def change(asked, reply):
            if not asked.path.endswith("/objects/") or not refusals:
                return reply
            status, after = refusals.pop()
            return Reply(int(status), {"Retry-After": after} if after else {}, b"")

        shelf.change = change
        begun = time.monotonic()
        got = self.run(self.add(self.server.url + "/api/"))
        assert (got["outcome"], got["new"]) == ("done", 3) and not refusals, got
        assert time.monotonic() - begun > 4
        shelf.change = lambda asked, reply: Reply(503, {"Retry-After": "7200"}, b"")
        name = self.add(self.server.url + "/api/", every="5")
        look.wait_until(lambda: self.node.json("feed", "show", name)["outcome"] == "failed")
        last = look.query(self.node, "SELECT next_us - ended_us, failures FROM feed"
                                     " WHERE name = ?", name)
        assert last == [(7200 * 1000000, 1)], last
        alarms = [row for row in self.node.json("status")["alarms"] if row["code"] == "FEED"]
        assert alarms, alarms
        self.node.run("feed", "remove", name)

    def repeats(self):
        rows = self.rows(4)
        shelf = self.serve(Shelf(rows))

        def inclusive(asked, reply):
            if not asked.path.endswith("/objects/"):
                return reply
            return taxii({"more": True, "objects": rows[2:]},
                         X_TAXII_Date_Added_Last="2026-02-01T00:00:00.000003Z")

        shelf.change = inclusive
        name = self.add(self.server.url + "/api/")
        got = self.failed(name, "repeats a page")
        assert got["new"] == 2 and len(self.pages()) == 2, got
        shelf.change = lambda asked, reply: (
            taxii({"more": True, "next": "%d" % time.time_ns(), "objects": rows[:2]})
            if asked.path.endswith("/objects/") else reply)
        self.failed(self.add(self.server.url + "/api/"), "repeats a page")
        shelf.change = lambda asked, reply: (taxii({"more": True, "next": "1"})
                                             if asked.path.endswith("/objects/") else reply)
        self.failed(self.add(self.server.url + "/api/"), "sends nothing")
        shelf.change = lambda asked, reply: (taxii({"more": True, "objects": rows[:1]})
                                             if asked.path.endswith("/objects/") else reply)
        self.failed(self.add(self.server.url + "/api/"), "not where")

    def endless(self):
        shelf = self.serve(Shelf([]))
        kept = self.rows(1)[0]

        def change(asked, reply):
            if not asked.path.endswith("/objects/"):
                return reply
            n = int(asked.query.get("next", "0"))
            row = dict(kept, modified="2026-01-01T00:00:%02d.%03dZ" % (n // 1000, n % 1000))
            return taxii({"more": True, "next": str(n + 1), "objects": [row]})

        shelf.change = change
        name = self.add(self.server.url + "/api/")
        got = self.run(name)
        assert (got["outcome"], got["new"]) == ("more", 1000), got
        assert len(self.pages()) == 1000
        # What the cursor has come to is where the next run goes on.
        assert look.one(self.node, "SELECT place_next FROM feed WHERE name = ?", name) == "1000"
        self.node.run("feed", "remove", name)

    def strange(self):
        rows = self.rows(2)
        shelf = self.serve(Shelf(rows))
        whole = taxii({"objects": rows}).body

        def of(reply):
            return lambda asked, good: reply if asked.path.endswith("/objects/") else good

        def cut(handler):
            handler.send_response(200)
            handler.send_header("Content-Type", feed_server.MEDIA)
            handler.send_header("Content-Length", str(len(whole)))
            handler.end_headers()
            handler.wfile.write(whole[:-20])
            handler.close_connection = True

        kind = {"Content-Type": feed_server.MEDIA}
        for reply, words in (
                (Reply(200, {"Content-Type": "text/html"}, whole), "no TAXII 2.1"),
                (Reply(200, {"Content-Type": "application/json"}, whole), "no TAXII 2.1"),
                (Reply(200, {}, whole), "no TAXII 2.1"),
                (Reply(200, kind, whole[:-20]), "cannot be read"),
                (Reply(200, kind, b""), "cannot be read"),
                (Reply(200, kind, b"[]"), "cannot be read"),
                (Reply(200, kind, whole + whole), "cannot be read"),
                (Reply(200, kind, b'{"more":1}'), "cannot be read"),
                (Reply(200, kind, b'{"objects":[' + b"[" * 100000), "cannot be read"),
                (cut, "objects/"),
                (Reply(302, {"Location": "https://127.0.0.1:1/"}, b""), "moved"),
                (Reply(403, {}, b""), "refuses this account"),
                (Reply(500, {}, b"x" * 100000), "500")):
            shelf.change = of(reply)
            got = self.failed(self.add(self.server.url + "/api/"), words)
            assert got["new"] == 0, got
        shelf.change = of(Reply(200, kind, b'{"objects":[1,null,{},"x",%s]}'
                                % json.dumps(rows[0]).encode()))
        got = self.run(self.add(self.server.url + "/api/"))
        assert (got["new"], got["refused"], got["outcome"]) == (1, 4, "done"), got
        shelf.change = of(Reply(200, kind, b"{}"))
        got = self.run(self.add(self.server.url + "/api/"))
        assert (got["outcome"], got["read"]) == ("done", 0), got

    def places(self):
        shelf = self.serve(Shelf([]))
        for path, value, words in (
                ("/api/", {"title": "x"}, "give the root's address"),
                ("/api/", {"title": "x", "default": "https://example.org/api/"},
                 "another server"),
                ("/api/", {"title": "x", "default": "ftp:"}, "https://"),
                ("/api/", {"title": "x", "versions": ["application/taxii+json;version=9"]},
                 "does not speak"),
                ("/api/collections/", {}, "not just one collection"),
                ("/api/collections/", {"collections": [{"id": "../../x", "can_read": True}]},
                 "id is none"),
                ("/api/collections/", {"collections": [{"id": "x", "can_read": False}]},
                 "may not be read"),
                ("/api/collections/", {"collections": {}}, "cannot be read")):
            shelf.change = lambda asked, reply: taxii(value) if asked.path == path else reply
            self.failed(self.add(self.server.url + "/api/"), words)

    def large(self):
        def huge(handler):
            handler.send_response(200)
            handler.send_header("Content-Type", feed_server.MEDIA)
            handler.end_headers()
            handler.close_connection = True
            try:
                for _ in range(300):
                    handler.wfile.write(b" " * (1024 * 1024))
            except OSError:
                pass

        shelf = self.serve(Shelf([]))
        shelf.change = lambda asked, reply: huge if asked.path.endswith("/objects/") else reply
        self.failed(self.add(self.server.url + "/api/"), "larger than its limit")
        shelf.change = lambda asked, reply: huge
        self.failed(self.add(self.server.url + "/api/"), "larger than its limit")
        assert not os.listdir(os.path.join(self.node.folder, "spool"))

    def slow(self):
        shelf = self.serve(Shelf([]))
        released = threading.Event()
        shelf.change = lambda asked, reply: lambda handler: released.wait(90)
        begun = time.monotonic()
        got = self.run(self.add(self.server.url + "/api/"))
        released.set()
        assert got["outcome"] == "failed" and time.monotonic() - begun < 60, got

    def trust(self):
        rows = self.rows(1)
        shelf = Shelf(rows)
        for identity, ca, words in (
                (self.identity, self.bad.pem, "certificate"),
                (self.bad.sign("server", "IP:127.0.0.1"), None, "certificate"),
                (self.good.sign("other", "DNS:other.example"), None, "certificate"),
                (self.good.sign("old", "IP:127.0.0.1", days="-1"), None, "certificate")):
            server = Server(identity)
            server.answer = shelf
            self.failed(self.add(server.url + "/api/", ca=ca), words)
            assert not server.asked
            server.close()
        server = Server(self.identity)
        server.answer = shelf
        self.number += 1
        name = "f%d" % self.number
        self.node.run("feed", "add", name, server.url + "/api/", "--every", "0",
                      "--originator", "xx")
        self.failed(name, "certificate")  # the system knows no such authority
        server.close()
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            server = Server(self.identity, version=version)
            server.answer = shelf
            assert self.run(self.add(server.url + "/api/"))["outcome"] == "done"
            server.close()

    def login(self):
        rows = self.rows(2)
        secret, wrong = self.path("secret"), self.path("wrong")
        for path, text in ((secret, "pass:wörd\n"), (wrong, "no\n")):
            with open(path, "w", encoding="utf-8") as out:
                out.write(text)
        pem, key = self.good.sign("client", "DNS:client.example")
        server = Server(self.identity, clients=self.good.pem)
        server.answer = Shelf(rows, login="soc:pass:wörd")
        url = server.url + "/api/"
        both = ["--certificate", pem, "--key", key, "--user", "soc", "--secret-file"]
        self.failed(self.add(url, "--user", "soc", "--secret-file", secret), "")
        self.failed(self.add(url, *both, wrong), "a name and a password")
        name = self.add(url, *both, secret)
        got = self.run(name)
        assert (got["outcome"], got["new"]) == ("done", 2), got
        server.close()
        with open(key, encoding="utf-8") as text:
            key = text.read().split("\n")[1]
        with open(self.node.log, encoding="utf-8", errors="replace") as text:
            log = text.read()
        shown = "".join(self.node.run("feed", verb, *rest, *more).stdout.decode()
                        for verb, rest in (("list", []), ("show", [name]))
                        for more in ([], ["--json"]))
        audit = repr(look.query(self.node, "SELECT action, target, detail FROM audit"))
        for text in (shown, log, audit):
            assert "wörd" not in text and key not in text

    def crash(self):
        rows = self.rows(120)
        shelf = self.serve(Shelf(rows))
        reached, go = threading.Event(), threading.Event()

        def change(asked, reply):
            if asked.query.get("next") == "60":
                reached.set()
                go.wait(30)
            return reply

        shelf.change = change
        name = self.add(self.server.url + "/api/", every="60")
        assert reached.wait(30)
        self.node.kill()
        shelf.change = lambda asked, reply: reply
        go.set()
        self.server.asked.clear()
        self.node.start()
        look.wait_until(lambda: self.node.json("feed", "show", name)["outcome"] == "done")
        self.has(rows)
        assert self.pages()[0].query == {"limit": "1000", "next": "40"}, self.pages()[0]
        got = self.node.json("feed", "show", name)
        assert got["reached"] == "2026-02-01T00:00:00.000119Z", got
        self.node.run("feed", "remove", name)

    def stops(self):
        """A node that is told to stop does not wait for a server."""
        shelf = self.serve(Shelf([]))
        reached, released = threading.Event(), threading.Event()

        def hang(handler):
            reached.set()
            released.wait(60)

        shelf.change = lambda asked, reply: hang
        name = self.add(self.server.url + "/api/", every="60")
        assert reached.wait(30)
        begun = time.monotonic()
        assert self.node.stop() == 0 and time.monotonic() - begun < 10
        released.set()
        self.node.start()
        self.node.run("feed", "remove", name)

    def filters(self):
        self.serve(Shelf(self.rows(1)))
        got = self.run(self.add(self.server.url + "/api/", "--types", "indicator,malware",
                                "--since", "2026-01-31T00:00:00Z"))
        assert got["new"] == 1, got
        query = self.pages()[0].query
        assert query == {"limit": "1000", "match[type]": "indicator,malware",
                         "added_after": "2026-01-31T00:00:00Z"}, query

    def previews(self):
        rows = self.rows(3)
        self.serve(Shelf(rows))
        name = self.add(self.server.url + "/api/")
        imports = look.one(self.node, "SELECT count(*) FROM import_batch")
        got = self.node.json("feed", "preview", name)
        assert (got["outcome"], got["read"], got["new"]) == ("preview", 3, 0), got
        assert look.one(self.node, "SELECT count(*) FROM import_batch") == imports
        assert self.run(name)["new"] == 3
        shot = self.rows(2)
        self.serve(Shelf(shot))
        done = self.node.json("taxii", "pull", self.server.url + "/api/", "--originator", "xx",
                              "--ca", self.good.pem)
        assert done["new"] == 2, done
        self.has(shot)
        assert not [row for row in self.node.json("feed", "list")["feeds"]
                    if row["name"].startswith("pull")]

    def quarantined(self):
        rows = self.rows(1)
        self.serve(Shelf(rows))
        self.run(self.add(self.server.url + "/api/", "--handling", "quarantine"))
        assert look.one(self.node, """SELECT state FROM object_state s JOIN object_version o
            ON o.seq = s.seq WHERE o.id = ?""", rows[0]["id"]) == "quarantined"

    def plain(self):
        """A document at an address: asked for again only when it changed."""
        rows, asked = self.rows(3), []
        body = gzip.compress(json.dumps({"type": "bundle", "id": made.identify("bundle", "b"),
                                         "objects": rows}).encode())

        def answer(request):
            asked.append(request.headers)
            if request.headers.get("If-None-Match") == '"one"':
                return Reply(304, {"ETag": '"one"'}, b"")
            return Reply(200, {"ETag": '"one"', "Last-Modified":
                               "Mon, 02 Feb 2026 00:00:00 GMT"}, body)

        self.server.answer = answer
        name = self.add(self.server.url + "/list.json.gz?key=hidden", kind="url")
        assert self.run(name)["new"] == 3
        self.has(rows)
        got = self.run(name)
        assert (got["outcome"], got["read"]) == ("done", 0), got
        assert asked[1]["If-Modified-Since"] == "Mon, 02 Feb 2026 00:00:00 GMT"
        self.server.answer = lambda request: Reply(200, {"ETag": '"two"'}, body)
        imports = look.one(self.node, "SELECT count(*) FROM import_batch")
        assert self.run(name)["read"] == 0  # the same bytes
        assert look.one(self.node, "SELECT count(*) FROM import_batch") == imports
        self.server.answer = lambda request: Reply(
            200, {}, b"value,type\nevil.example,domain\n")
        assert self.run(name)["new"] >= 1
        assert "hidden" not in json.dumps(self.node.json("feed", "show", name))
        assert not look.query(self.node,
                              "SELECT 1 FROM import_batch WHERE name LIKE '%hidden%'")
        self.server.answer = lambda request: Reply(200, {}, b"PK\x03\x04")
        self.failed(name, "zip")

    def misp(self):
        """Events that are new or were changed, each once."""
        uuids = ["5a8b1e5c-0000-4000-8000-00000000000%d" % n for n in range(3)]
        stamps = dict.fromkeys(uuids, "1700000000")

        def event(uuid):
            return {"Event": {"uuid": uuid, "info": "DEMO", "date": "2026-01-01",
                              "timestamp": stamps[uuid], "threat_level_id": "1",
                              "analysis": "2", "Orgc": {"name": "DEMO", "uuid": uuids[0]},
                              "Attribute": [{"uuid": uuid[:-1] + "a", "type": "domain",
                                             "category": "Network activity", "to_ids": True,
                                             "value": "m%s.example" % uuid[-1],
                                             "timestamp": stamps[uuid]}]}}

        def answer(request):
            if request.path == "/misp/manifest.json":
                return Reply(200, {}, json.dumps(
                    {uuid: {"timestamp": stamp, "info": "DEMO"}
                     for uuid, stamp in stamps.items()}).encode())
            uuid = request.path[len("/misp/"):-len(".json")]
            return Reply(200, {}, json.dumps(event(uuid)).encode())

        self.server.answer = answer
        self.server.asked.clear()
        name = self.add(self.server.url + "/misp/", kind="misp")
        got = self.run(name)
        assert got["outcome"] == "done" and got["new"] >= 3, got
        stamps[uuids[1]] = 1700000001
        self.server.asked.clear()
        assert self.run(name)["outcome"] == "done"
        assert [asked.path for asked in self.server.asked] == [
            "/misp/manifest.json", "/misp/%s.json" % uuids[1]]

    def bad_events(self):
        """Many that cannot be had, before one that can."""
        uuids = ["5a8b1e5c-0000-4000-8000-0000000001%02d" % n for n in range(40)]
        bad = {uuid: Reply(200, {}, b"{") if n % 3 else Reply(500 if n % 2 else 404, {}, b"")
               for n, uuid in enumerate(uuids[:-1])}
        event = {"Event": {"uuid": uuids[-1], "info": "DEMO the last", "date": "2026-01-01",
                           "timestamp": "1700000000", "Attribute": [
                               {"uuid": uuids[-1][:-1] + "f", "type": "domain",
                                "category": "Network activity", "value": "last.example",
                                "to_ids": True, "timestamp": "1700000000"}]}}

        def answer(request):
            if request.path.endswith("/manifest.json"):
                return Reply(200, {}, json.dumps(
                    {uuid: {"timestamp": "1700000000"} for uuid in uuids}).encode())
            uuid = request.path.rsplit("/", 1)[1][:-len(".json")]
            return bad.get(uuid) or Reply(200, {}, json.dumps(event).encode())

        self.server.answer = answer
        name = self.add(self.server.url + "/misp/", kind="misp")
        got = self.failed(name, "39 events were not taken")
        assert got["new"] >= 1 and look.query(
            self.node, "SELECT 1 FROM object_version WHERE id LIKE ?", "%" + uuids[-1]), got
        bad.update((uuid, Reply(200, {}, json.dumps(event).encode())) for uuid in bad)
        again = self.run(name)
        assert again["outcome"] == "done", again

    def beside(self):
        """A feed that hangs keeps no other waiting, and is not run twice."""
        shelf, rows = Shelf([]), self.rows(3)
        reached, released = threading.Semaphore(0), threading.Event()

        def hang(handler):
            reached.release()
            released.wait(60)

        self.serve(shelf)
        shelf.change = lambda asked, reply: hang
        stuck = self.add(self.server.url + "/api/", every="60")
        assert reached.acquire(timeout=30)
        other = Server(self.identity)
        other.answer = Shelf(rows)
        begun = time.monotonic()
        got = self.run(self.add(other.url + "/api/"))
        assert got["outcome"] == "done" and time.monotonic() - begun < 15, got
        self.has(rows)
        assert not reached.acquire(blocking=False)
        released.set()
        self.node.run("feed", "remove", stuck)
        other.close()

    def manifests(self):
        name = self.add(self.server.url + "/misp/", kind="misp")
        for body in (b"", b"[]", b"{", b'{"x":{"timestamp":1}}', b'{"../x":{}}',
                     b'{"5a8b1e5c-0000-4000-8000-000000000000":{"timestamp":"yesterday"}}'):
            self.server.answer = lambda request: Reply(200, {}, body)
            self.failed(name, "manifest.json")

    def refused(self):
        for more, words in ((["http://127.0.0.1/"], "https://"),
                            (["https://u:p@127.0.0.1/"], "user"),
                            (["https://127.0.0.1/", "--kind", "ftp"], "kind"),
                            (["https://127.0.0.1/", "--originator", "Bad One"], "originator"),
                            (["https://127.0.0.1/", "--handling", "pink"], "handling"),
                            (["https://127.0.0.1/", "--since", "yesterday"], "after"),
                            (["https://127.0.0.1/", "--every", "999999999"], "every"),
                            (["https://127.0.0.1/", "--user", "a:b"], "colon"),
                            (["https://127.0.0.1/", "--key", self.identity[1]], "fit"),
                            (["https://127.0.0.1/", "--ca", self.identity[1]], "PEM")):
            done = self.node.run("feed", "add", "wrong", "--originator", "xx", *more,
                                 check=False)
            assert done.returncode in (2, 4) and words in done.stderr.decode(), (more, done)
        assert self.node.run("feed", "run", "nothing", check=False).returncode != 0
        status, _ = look.ask(self.node, "POST", "/api/v1/feeds", b"{}")
        assert status in (401, 403), status

    def pushes(self):
        rows = self.rows(20)
        shelf = self.serve(Shelf(login="soc:pw"))
        path, secret = self.path("push.json"), self.path("pw")
        with open(path, "w", encoding="utf-8") as out:
            json.dump({"type": "bundle", "id": made.identify("bundle", "p"), "objects": rows},
                      out)
        with open(secret, "w", encoding="utf-8") as out:
            out.write("pw")
        refusals, pendings = [429], [2, 1, 0]

        def change(asked, reply):
            if asked.method == "POST" and refusals:
                shelf.posted.pop()
                return Reply(refusals.pop(), {"Retry-After": "1"}, b"")
            if asked.method == "POST" and len(shelf.posted) == 1:
                return taxii({"id": "slow", "status": "pending", "total_count": 1,
                              "success_count": 0, "failure_count": 0, "pending_count": 1}, 202)
            if asked.path == "/api/status/slow/":
                left = pendings.pop(0)
                n = len(shelf.posted[0])
                return taxii({"id": "slow", "status": "pending" if left else "complete",
                              "total_count": n, "success_count": 0 if left else n - 1,
                              "failure_count": 0 if left else 1, "pending_count": left,
                              "failures": [{"id": rows[0]["id"], "version": made.MADE,
                                            "message": "no thanks"}]})
            return reply

        shelf.change = change
        done = self.node.run("taxii", "push", self.server.url + "/api/", path, "--user", "soc",
                             "--secret-file", secret, "--ca", self.good.pem, "--json",
                             check=False)
        got = json.loads(done.stdout)
        assert got == {"sent": 20, "taken": 19, "refused": 1} and done.returncode == 4, done
        assert b"no thanks" in done.stderr
        assert [row for rows in shelf.posted for row in rows] == rows, len(shelf.posted)
        assert len(shelf.posted) >= 3 and not pendings, (len(shelf.posted), pendings)
        shelf.posted, shelf.most = [], 700  # the least counts, too: an object at a time
        shelf.change = lambda asked, reply: reply
        done = self.node.run("taxii", "push", self.server.url + "/api/", path, "--user", "soc",
                             "--secret-file", secret, "--ca", self.good.pem, "--json")
        assert json.loads(done.stdout)["taken"] == 20 and len(shelf.posted) > 9, done

    def second_node(self):
        """From another node, whose certificate is known by itself."""
        other = self.pair.kr
        other.start()
        other.run("token", "create", "demo", "--rights", "read,import,release", "--save")
        other.run("recipient", "add", "soc")
        other.run("taxii", "root", "add", "main", "--title", "Main")
        view = other.json("taxii", "collection", "add", "main", "--title", "All", "--page",
                          "10")["id"]
        inbox = other.json("taxii", "collection", "add", "main", "--title", "In", "--kind",
                           "inbox", "--handling", "amber")["id"]
        other.run("taxii", "collection", "share", view, "--to", "soc")
        other.run("taxii", "collection", "share", inbox, "--to", "soc", "--may", "both")
        account = taxii_client.Account(other, "tool", "soc")
        rows = self.rows(25)
        other.run("import", "-", "--handling", "green", data=made.lines(rows))
        objects = "/taxii2/main/collections/%s/objects" % view
        look.wait_until(lambda: len(account.all(objects + "/")) == 25)
        secret = self.path("second")
        with open(secret, "w", encoding="utf-8") as out:
            out.write(account.password)
        host, port = other.address.split("//")[1].rsplit(":", 1)
        pem = self.path("second.pem")
        with open(pem, "w", encoding="utf-8") as out:
            out.write(ssl.get_server_certificate((host, int(port))))
        access = ["--peer", pem, "--user", "tool", "--secret-file", secret]
        self.number += 1
        name = "f%d" % self.number
        self.node.run("feed", "add", name, other.address + "/taxii2/", "--every", "0",
                      "--originator", "xx", "--collection", "All", *access)
        assert self.run(name)["new"] == 25
        self.has(rows)
        more = self.rows(3)
        other.run("import", "-", "--handling", "green", data=made.lines(more))
        look.wait_until(lambda: len(account.all(objects + "/")) == 28)
        got = self.run(name)
        assert (got["read"], got["new"]) == (3, 3), got
        path = self.path("out.json")
        posted = self.rows(4)
        with open(path, "wb") as out:
            out.write(made.lines(posted))
        done = self.node.json("taxii", "push", other.address + "/taxii2/main/", path,
                              "--collection", "In", *access)
        assert done["taken"] == 4, done
        assert look.one(other, "SELECT count(*) FROM object_version"
                               " WHERE source = 'kr/soc'") == 4


def main():
    cases = tap.Tap()
    with tap.folder() as folder, tap.nodes(folder, sys.argv[1]) as pair:
        pair.gb.start()
        suite = Suite(pair, folder)
        for name, run in (
                ("TAXII C1 C6 P3 a collection is pulled, and then what is new", suite.pulls),
                ("TAXII P3 A18 without next the time goes on", suite.by_time),
                ("TAXII C6 a cursor that the server forgot is given up", suite.cursor),
                ("TAXII C4 A13 Retry-After is waited for", suite.patience),
                ("TAXII A19 a server that repeats itself is left", suite.repeats),
                ("TAXII A19 a run ends, and the next goes on", suite.endless),
                ("B1 TAXII C7 T2 strange answers bring nothing", suite.strange),
                ("TAXII C1 C7 strange servers are refused with a reason", suite.places),
                ("B1 huge answers are left", suite.large),
                ("slow answers are left", suite.slow),
                ("TAXII T1 C5 the server's certificate must be good", suite.trust),
                ("TAXII C5 A17 password and certificate together, shown to nobody",
                 suite.login),
                ("S1 TAXII C6 kill -9 in the middle loses nothing", suite.crash),
                ("a stop does not wait for a server", suite.stops),
                ("types and a first time are asked for", suite.filters),
                ("a preview stores nothing, a pull leaves no feed", suite.previews),
                ("what comes can be quarantined", suite.quarantined),
                ("a plain address is taken when it changed", suite.plain),
                ("MISP events are taken when they changed", suite.misp),
                ("MISP events that cannot be had keep none away", suite.bad_events),
                ("a feed that hangs keeps no other waiting", suite.beside),
                ("B1 MISP manifests that are none", suite.manifests),
                ("U1 feeds that cannot be are refused", suite.refused),
                ("TAXII C2 C3 C4 a push is split, waited for and reported", suite.pushes),
                ("TAXII C1 from a second node, and to it", suite.second_node)):
            if len(sys.argv) < 3 or sys.argv[2] in name:
                cases.case(name, run)
    cases.end()


main()
