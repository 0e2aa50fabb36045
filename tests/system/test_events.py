# SPDX-License-Identifier: Apache-2.0
"""Usage: test_events.py BONGSU

Server-sent events: in order and each once over breaks, kills and restarts; only what the caller
may see; bounded whatever a client does."""
import http.client
import json
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.parse

import look
import made
import tap


class Stream:
    """One client of /api/v1/events over TLS that reads in a thread."""

    def __init__(self, node, token, after=None, header=None, kind=None):
        host, port = node.address.replace("https://", "").split(":")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self.http = http.client.HTTPSConnection(host, int(port), context=context, timeout=60)
        given = {"after": after, "kind": kind}
        query = urllib.parse.urlencode(
            {key: value for key, value in given.items() if value is not None})
        headers = {"Authorization": "Bearer " + token}
        if header is not None:
            headers["Last-Event-ID"] = str(header)
        self.http.request("GET", "/api/v1/events" + ("?" + query if query else ""),
                          headers=headers)
        self.answer = self.http.getresponse()
        self.status = self.answer.status
        self.events, self.ended, self.last = [], False, None
        if self.status == 200:
            assert self.answer.getheader("Content-Type") == "text/event-stream"
            self.thread = threading.Thread(target=self.read, daemon=True)
            self.thread.start()

    def read(self):
        event = {}
        try:
            for line in self.answer:
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name:
                    event[name] = value
                    continue
                self.last = event.get("id", self.last)
                if "data" in event:
                    data = json.loads(event["data"])
                    assert str(data["id"]) == event["id"] and data["kind"] == event["event"]
                    self.events.append(data)
                event = {}
        except (OSError, http.client.HTTPException, ValueError, AttributeError):
            pass  # the connection was closed, here or there
        self.ended = True

    def wait(self, n, wait_s=30):
        look.wait_until(lambda: len(self.events) >= n, wait_s)
        return self.events

    def close(self):
        try:
            self.http.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.http.close()


class Events:
    def __init__(self, node):
        self.node = node
        self.token = node.json("token", "create", "watcher", "--rights", "read")["token"]
        self.number = 0

    def happen(self, n=1):
        """n events of one kind."""
        for _ in range(n):
            self.number += 1
            self.node.run("token", "create", "made-%d" % self.number, "--rights", "read")

    def listen(self, *args, **more):
        return Stream(self.node, self.token, *args, **more)

    def in_order(self):
        before = look.one(self.node, "SELECT max(seq) FROM audit")
        now = self.listen()
        self.happen(3)
        got = now.wait(3)
        assert [row["id"] for row in got] == [before + 1, before + 2, before + 3], got
        assert got[0]["kind"] == "token.add" and "target" not in got[0], got
        now.close()
        whole = self.listen(after="0")
        rows = look.query(self.node, "SELECT seq, action, target FROM audit ORDER BY seq")
        got = whole.wait(len(rows))
        assert [(row["id"], row["kind"]) for row in got] == [row[:2] for row in rows]
        whole.close()
        done = self.node.run("watch", "--after", "0", "--json", "--count", str(len(rows)))
        got = [json.loads(line) for line in done.stdout.splitlines()]
        assert [(row["id"], row["kind"], row["target"]) for row in got] == rows

    def soon(self):
        """A client that is there gets an event while it happens, not after a timeout."""
        stream = self.listen()
        begun = time.monotonic()
        self.happen()
        stream.wait(1)
        assert time.monotonic() - begun < 10
        stream.close()

    def brought(self):
        stream = self.listen(kind="import.")
        self.node.run("import", "-", data=made.lines([made.indicator("brought", "green")]))
        got = stream.wait(2)
        assert [row["kind"] for row in got] == ["import.begin", "import.end"], got
        assert json.loads(got[1]["detail"])["new"] == 1 and "target" not in got[0], got
        stream.close()

    def seen(self):
        """What an event is about is for those who may read the same elsewhere."""
        place = look.one(self.node, "SELECT max(seq) FROM audit")
        self.node.run("import", "-", data=made.lines([made.indicator("seen", "green")]))
        self.node.run("recipient", "add", "seen")
        self.node.run("release", made.identify("indicator", "seen"), "--to", "gb/seen")
        self.happen()
        for rights, kinds in (("read", {"recipient.add"}),
                              ("read,import", {"recipient.add", "import.begin", "import.end"}),
                              ("read,release", {"recipient.add", "release"})):
            name = rights.replace(",", "-")
            token = self.node.json("token", "create", name, "--rights", rights)["token"]
            stream = Stream(self.node, token, after=place)
            got = stream.wait(5)
            assert {row["kind"] for row in got if "target" in row} == kinds, (rights, got)
            assert all(("who" in row) == ("target" in row) for row in got), got
            stream.close()

    def resumed(self):
        """S1: across breaks, a stop and kills, each event once and in order."""
        first = look.one(self.node, "SELECT max(seq) FROM audit")
        got, place = [], first
        for how in ("break", "kill", "stop", "break", "kill"):
            stream = self.listen(header=place)
            self.happen(2)
            stream.wait(1)
            if how == "kill":
                self.node.kill()
            elif how == "stop":
                assert self.node.stop() == 0
            stream.close()
            stream.thread.join()
            got += stream.events
            place = got[-1]["id"]
            if how != "break":
                self.node.start()
        stream = self.listen(header=place)
        last = look.one(self.node, "SELECT max(seq) FROM audit")
        look.wait_until(lambda: (got + stream.events)[-1]["id"] >= last)
        got += stream.events
        stream.close()
        assert [row["id"] for row in got] == list(range(first + 1, last + 1)), got

    def filtered(self):
        stream = self.listen(after="0", kind="recipient,query.")
        self.happen(2)
        self.node.run("recipient", "add", "watched")
        got = stream.wait(1)
        assert {row["kind"] for row in got} == {"recipient.add"}, got
        stream.close()

    def refused(self):
        last = look.one(self.node, "SELECT max(seq) FROM audit")
        for header, status in (("-1", 400), ("x", 400), ("1.5", 400), (str(last + 1), 409),
                               ("9" * 30, 400)):
            assert self.listen(header=header).status == status, header
        assert look.ask(self.node, "GET", "/api/v1/events")[0] == 401
        bearer = {"Authorization": "Bearer " + self.token}
        assert look.ask(self.node, "GET", "/api/v1/events?x=1", headers=bearer)[0] == 400
        assert look.ask(self.node, "POST", "/api/v1/events", b"", headers=bearer)[0] == 405

    def many(self):
        """A caller has eight streams, and others have room beside it."""
        time.sleep(1)  # those of the cases before are seen to be gone
        streams = [self.listen() for _ in range(8)]
        assert {stream.status for stream in streams} == {200}
        ninth = self.listen()
        assert ninth.status == 503 and ninth.answer.getheader("Retry-After"), ninth.status
        other = self.node.json("token", "create", "other-watcher", "--rights", "read")["token"]
        beside = Stream(self.node, other)
        assert beside.status == 200
        for stream in streams + [beside]:
            stream.close()
        look.wait_until(lambda: self.listen().status == 200, 5)

    def revoked(self):
        token = self.node.json("token", "create", "gone", "--rights", "read")["token"]
        stream = Stream(self.node, token)
        self.node.run("token", "revoke", "gone")
        look.wait_until(lambda: stream.ended)
        assert all(row["kind"] != "token.revoke" for row in stream.events), stream.events

    def slow(self):
        """A client that reads nothing keeps nobody waiting and costs no memory."""
        host, port = self.node.address.replace("https://", "").split(":")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        raw = socket.create_connection((host, int(port)))
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf = context.wrap_socket(raw)
        deaf.sendall(("GET /api/v1/events?after=0 HTTP/1.1\r\nHost: x\r\n"
                      "Authorization: Bearer %s\r\n\r\n" % self.token).encode())
        look.write(self.node, """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
            WHERE i < 50000) INSERT INTO audit (at_us, principal, action, target, detail)
            SELECT 1, 0, 'made', hex(zeroblob(100)), '' FROM n""")
        last = look.one(self.node, "SELECT max(seq) FROM audit")
        self.happen()  # a commit of the node's own wakes the streams
        before = self.memory()
        stream = self.listen(header=last)
        self.happen(3)
        stream.wait(3)
        assert self.memory() - before < 64 << 20
        whole = self.listen(after="0")
        look.wait_until(lambda: whole.events and whole.events[-1]["id"] > last, 60)
        assert [row["id"] for row in whole.events] == list(range(1, len(whole.events) + 1))
        for each in (stream, whole):
            each.close()
        deaf.close()

    def memory(self):
        with open("/proc/%d/statm" % self.node.process.pid, encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def agencies(self):
        """V1: a recipient hears of what it is a member of, and of what was taken from it."""
        self.node.run("recipient", "add", "soc")
        token = self.node.json("token", "create", "soc", "--rights", "read,import",
                               "--recipient", "soc")["token"]
        rows = [made.indicator("heard-%d" % n, "green") for n in range(3)]
        hidden = made.indicator("unheard", "green")
        stream = Stream(self.node, token)
        self.node.run("import", "-", data=made.lines(rows + [hidden]))
        self.node.run("release", rows[0]["id"], rows[1]["id"], "--to", "gb/soc")
        got = stream.wait(2)
        assert [(row["kind"], row["object"]) for row in got] == [
            ("object.added", row["id"]) for row in rows[:2]], got
        assert [row["id"] for row in got] == [1, 2] and "who" not in got[0], got
        number = self.node.json("imports")["imports"][0]["import"]
        self.node.run("import", "undo", str(number), "--destroy")
        got = stream.wait(4)
        assert {(row["kind"], row["object"]) for row in got[2:]} == {
            ("object.removed", row["id"]) for row in rows[:2]}, got
        again = Stream(self.node, token, after="0")
        got = again.wait(2)
        time.sleep(0.5)
        assert {row["kind"] for row in again.events} == {"object.removed"}, again.events
        self.node.run("recipient", "retire", "soc")
        look.wait_until(lambda: stream.ended and again.ended)

    def command(self):
        """bongsu watch: prints, counts, and goes on over a restart."""
        place = str(look.one(self.node, "SELECT max(seq) FROM audit"))
        with subprocess.Popen(self.node.command("watch", "--after", place, "--count", "3",
                                                "--json"), stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as watch:
            self.happen()
            first = json.loads(watch.stdout.readline())
            self.node.kill()
            self.node.start()
            self.happen(2)
            rest = [json.loads(line) for line in watch.stdout]
            said = watch.stderr.read().decode()
            assert watch.wait(60) == 0 and "again" in said, said
        assert [row["id"] - int(place) for row in [first] + rest] == [1, 2, 3], (first, rest)
        done = self.node.run("watch", "--after", "99999999", check=False)
        assert done.returncode != 0 and b"after=0" in done.stderr, done
        done = self.node.run("watch", "--count", "x", check=False)
        assert done.returncode == 2, done

    def stops(self):
        streams = [self.listen() for _ in range(5)]
        begun = time.monotonic()
        assert self.node.stop() == 0
        assert time.monotonic() - begun < 4
        look.wait_until(lambda: all(stream.ended for stream in streams))
        self.node.start()


def main(program):
    cases = tap.Tap()
    with tap.folder() as path:
        with tap.nodes(path, program) as pair:
            pair.start()
            pair.tokens()
            work = Events(pair.gb)
            for name, run in (
                    ("U1 every event, in order", work.in_order),
                    ("an event arrives as it happens", work.soon),
                    ("what an import brought", work.brought),
                    ("U1 who may see what an event is about", work.seen),
                    ("S1 each event once, over breaks and kills", work.resumed),
                    ("kinds", work.filtered),
                    ("B1 places that are none", work.refused),
                    ("B1 streams are counted", work.many),
                    ("U1 a revoked token hears nothing more", work.revoked),
                    ("V1 recipients hear of their own objects", work.agencies),
                    ("the command", work.command),
                    ("a stop ends every stream", work.stops),
                    ("B1 a client that does not read", work.slow)):
                cases.case(name, run)
    cases.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
