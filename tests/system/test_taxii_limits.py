# SPDX-License-Identifier: Apache-2.0
"""Usage: test_taxii_limits.py BONGSU

TAXII 2.1 and clients that ask for what they may not have, for too much, or too slowly."""
import base64
import json
import os
import random
import socket
import ssl
import sys
import time

import look
import made
import pair
import tap
import taxii


class Suite(taxii.Shelf):
    def who(self):
        for header in (None, "Basic", "Basic ????", "Bearer abc",
                       "Basic " + base64.b64encode(b"soc-tool:wrong").decode(),
                       "Basic " + base64.b64encode(
                           ("firm-tool:" + self.soc.password).encode()).decode(),
                       "Basic " + base64.b64encode(b"nobody:" + b"x" * 4000).decode()):
            got = self.soc.refused("/taxii2/", 401, headers={"Authorization": header})
            assert got.headers["WWW-Authenticate"].startswith("Basic "), got.headers
        token = self.node.json("token", "create", "other", "--rights", "read",
                               "--recipient", "soc")["token"]
        other = "Basic " + base64.b64encode(("other:" + token).encode()).decode()
        self.soc.refused("/taxii2/", 401, headers={"Authorization": other})
        self.soc.refused("/taxii2/", 401, headers={"Authorization": "Bearer " + token})
        for header in ("Bearer ", "bearer  "):  # the password as a token names the account
            got = self.soc.ask("GET", "/taxii2/",
                               headers={"Authorization": header + self.soc.password})
            assert got.status == 200, got
        listed = self.node.json("taxii", "account", "list")["accounts"]
        assert {"name": "soc-tool", "recipient": "gb/soc", "has_certificate": False,
                "in_force": True} == {key: value for row in listed
                                      for key, value in row.items()
                                      if row["name"] == "soc-tool" and key != "added"}, listed
        status, _ = look.ask(self.node, "GET", "/api/v1/objects",
                             headers={"Authorization": "Bearer " + self.soc.password})
        assert status in (401, 403), status

    def heads(self):
        """HEAD is GET without the body; what is no method at all is an error resource."""
        for path in ("/taxii2/", self.path(), self.path("objects"), self.path("manifest")):
            whole, head = self.soc.ask("GET", path), self.soc.ask("HEAD", path)
            assert head.status == whole.status == 200 and head.body == b"", (path, head)
            for name in ("Content-Type", "Content-Length", "X-TAXII-Date-Added-First"):
                assert head.headers.get(name) == whole.headers.get(name), (path, name, head)
        self.soc.refused(self.path("objects"), 501, "OPTIONS")

    def bad_posts(self):
        path = self.path("objects", of=self.inbox)
        for body, status in ((b"", 400), (b"{", 400), (b"[]", 422), (b"{}", 422),
                             (b'{"objects":{}}', 422), (b'{"objects":[1]', 400),
                             (b'\xff', 400), (b'{"objects":[],"objects":[]}', 400)):
            self.soc.refused(path, status, "POST", body)
        odd = json.loads(self.soc.ask("POST", path, b'{"objects":[1,null,{},[[]]]}').body)
        assert odd["failure_count"] == 4, odd
        self.node.run("taxii", "root", "add", "small", "--title", "s", "--max-bytes", "2000")
        small = self.node.json("taxii", "collection", "add", "small", "--title", "in",
                               "--kind", "inbox")["id"]
        self.share(small, "soc", "write")
        path = "/taxii2/small/collections/%s/objects/" % small
        assert self.soc.get("/taxii2/small/")["max_content_length"] == 2000
        body = json.dumps({"objects": [], "x_pad": "a" * 2000})
        self.soc.refused(path, 413, "POST", body)
        try:  # the server does not read all of it
            self.soc.refused(self.path("objects", of=self.inbox), 413, "POST",
                             b" " * (17 * 1024 * 1024))
        except OSError:
            pass
        self.soc.refused(self.path("objects"), 403, "POST", b'{"objects":[]}')
        self.firm.refused(self.path("objects", of=self.inbox), 403)

    def mutated_posts(self):
        """Whatever a post holds, it is taken or refused, and the node goes on."""
        chance = random.Random(7)
        path = self.path("objects", of=self.apart)
        seed = json.dumps({"objects": [made.malware("mutated-%d" % n, "green")
                                       for n in range(2)]}).encode()
        seen = set()
        for _ in range(400):
            body = bytearray(seed)
            for _ in range(chance.randint(1, 4)):
                at = chance.randrange(len(body))
                if chance.random() < 0.5:
                    body[at] = chance.choice(b'{}[]",:\\\x00\xff019eE-.tfn')
                else:
                    del body[at:at + chance.randint(1, 30)]
            got = self.soc.ask("POST", path, bytes(body))
            assert got.status in (202, 400, 422), (got, bytes(body))
            assert got.headers["Content-Type"] == taxii.MEDIA
            seen.add(got.status)
        assert seen >= {202, 400}, seen

    def same_again(self):
        """Equal is by bytes or by canonical form, also after a restart and in one envelope."""
        row = made.malware("same", "green")
        path = self.path("objects", of=self.inbox)
        turned = json.dumps(dict(reversed(list(row.items()))), indent=1)
        bodies = [json.dumps({"objects": [row, row]}), '{"objects":[%s]}' % turned]
        for number in range(3):
            for body in bodies:
                status = json.loads(self.soc.ask("POST", path, body).body)
                assert (status["failure_count"], status["success_count"]) == (
                    0, status["total_count"]), status
            if number == 1:
                self.restart()
        assert self.soc.all(path, match_id=row["id"], match_version="all") == [row]

    def rights(self):
        """What an account may do is said for each collection."""
        body = json.dumps({"objects": [made.malware("rights", "green")]})
        inbox, one = (self.path("objects", *more, of=self.inbox)
                      for more in ((), (made.identify("malware", "rights"),)))
        for end in ("objects", "manifest"):
            self.firm.refused(self.path(end, of=self.inbox), 403)
        self.firm.refused(one, 403)
        self.firm.refused(one + "versions/", 403)
        self.firm.refused(one, 403, "DELETE")
        self.soc.refused(self.path("objects"), 403, "POST", body)
        missing = self.firm.refused(self.path("objects"), 404).body
        assert self.firm.refused(self.path("objects"), 404, "POST", body).body == missing
        assert self.none.refused(inbox, 404, "POST", body).body == missing
        got = self.firm.ask("POST", inbox, body)
        assert got.status == 202, got
        assert made.identify("malware", "rights") not in [
            row["id"] for row in self.soc.all(inbox)], "each reads what it posted itself"

    def page_sizes(self):
        """100 if nothing is asked for, the collection's own at most, 1000 at the very most."""
        box, wide = (self.collection("--title", "Many", "--kind", "inbox", "--handling",
                                     "green", *more) for more in ((), ("--page", "1000")))
        rows = [made.malware("many-%d" % n, "green") for n in range(1001)]
        for where, most in ((box, 100), (wide, 1000)):
            self.share(where, "soc", "both")
            path = self.path("objects", of=where)
            got = self.soc.ask("POST", path, json.dumps({"objects": rows}))
            assert json.loads(got.body)["success_count"] == 1001, got
            for asked in ({}, {"limit": 1001}, {"limit": 999999}, {"limit": most}):
                page = self.soc.get(path, **asked)
                assert len(page["objects"]) == most and page["more"], (most, asked)
            assert self.soc.all(path) == rows
            assert len(self.soc.get(self.path("manifest", of=where))["objects"]) == most

    def asked_again(self):
        """A page that was sent before is sent again, but never to somebody else, and never
        after something has changed."""
        path = self.path("objects")
        row = made.indicator("asked-again", "green")
        self.put([row])
        self.wait(1, match_id=row["id"])
        once = self.soc.ask("GET", path, match_id=row["id"])
        for _ in range(3):
            got = self.soc.ask("GET", path, match_id=row["id"])
            assert (got.status, got.body) == (200, once.body)
            assert {k: v for k, v in got.headers.items() if k != "Date"} == {
                k: v for k, v in once.headers.items() if k != "Date"}
        for header in (None, "Basic " + base64.b64encode(b"soc-tool:wrong").decode()):
            self.soc.refused(path, 401, headers={"Authorization": header}, match_id=row["id"])
        self.firm.refused(path, 404, match_id=row["id"])
        self.soc.refused(path, 406, headers={"Accept": "text/html"}, match_id=row["id"])
        guest = taxii.Account(self.node, "guest-tool", "soc")
        assert guest.get(path, match_id=row["id"])["objects"] == [row]
        self.node.run("tighten", row["id"], "--handling", "red")
        assert self.soc.get(path, match_id=row["id"]) == {}
        assert guest.get(path, limit=1) == guest.get(path, limit=1)
        self.node.run("taxii", "account", "remove", "guest-tool")
        guest.refused(path, 401, limit=1)

    def slow_clients(self):
        """Connections that send a byte now and then keep nobody else waiting."""
        host, port = self.node.address.split("//")[1].rsplit(":", 1)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        head = "POST %s HTTP/1.1\r\nHost: a\r\nAccept: %s\r\nAuthorization: %s\r\n" % (
            self.path("objects", of=self.inbox), taxii.MEDIA,
            self.soc.header()["Authorization"])
        body = head + "Content-Type: %s\r\nContent-Length: 999\r\n\r\n{" % taxii.MEDIA
        slow = []
        for number in range(90):
            plain = socket.create_connection((host, int(port)), timeout=60)
            tls = context.wrap_socket(plain)
            tls.sendall((head[:40], head, body)[number % 3].encode())
            slow.append(tls)
        for _ in range(20):
            began = time.monotonic()
            assert self.soc.get(self.path("objects"), limit=1)["objects"]
            assert time.monotonic() - began < 5, "others wait for the slow ones"
            for tls in slow[::3]:
                tls.sendall(b"a")
        for tls in slow:
            tls.close()
        assert self.soc.get(self.path("objects"), limit=2)["objects"]

    def methods(self):
        for method, path in (("PUT", self.path("objects")), ("DELETE", "/taxii2/"),
                             ("POST", self.path()), ("POST", self.path("manifest"))):
            got = self.soc.ask(method, path, b"{}" if method != "DELETE" else None)
            assert got.status == 405, (method, path, got)
            assert got.headers["Content-Type"] == taxii.MEDIA and json.loads(got.body)["title"]
            allowed = {"/taxii2/": "GET, HEAD", self.path(): "GET, HEAD",
                       self.path("manifest"): "GET, HEAD",
                       self.path("objects"): "GET, HEAD, POST"}
            assert got.headers["Allow"] == allowed[path], got.headers


def main():
    suite = tap.Tap()
    with tap.folder() as path:
        node = pair.Node(sys.argv[1], os.path.join(path, "gb"), "gb", "GBR").start()
        try:
            run = Suite(node, path)
            for name, case in (
                    ("TAXII T5 E12 who is let in", run.who),
                    ("TAXII E12 HEAD, and methods that are none", run.heads),
                    ("TAXII E8 E12 A7 posts that cannot be", run.bad_posts),
                    ("B1 TAXII E8 A7 posts that were changed by chance", run.mutated_posts),
                    ("S2 TAXII E8 A3 A4 what is posted again is a success", run.same_again),
                    ("TAXII E12 A6 rights are for each collection", run.rights),
                    ("TAXII E12 T6 methods that no address takes", run.methods),
                    ("TAXII P1 A10 page sizes", run.page_sizes),
                    ("V1 TAXII E7 a page that is asked for again", run.asked_again),
                    ("TAXII E12 slow clients keep nobody waiting", run.slow_clients)):
                suite.case(name, case)
        finally:
            node.stop()
    suite.end()


main()
