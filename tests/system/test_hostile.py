# SPDX-License-Identifier: Apache-2.0
"""Usage: test_hostile.py BONGSU

A partner with a valid certificate that means harm: too much, too slow, half of it, packed, in
somebody else's name, or nothing at all. Each is refused, logged and bounded, changes nothing,
and leaves room for others."""
import gzip
import json
import os
import socket
import ssl
import sys
import threading
import time

import hostile
import look
import made
import tap

MIB = 1 << 20


def context_of(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.load_cert_chain(*certificate)
    return context


class Answerer(threading.Thread):
    """The partner's address, with its certificate, in the hands of somebody else."""

    def __init__(self, certificate, answer):
        super().__init__(daemon=True)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(*certificate)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.answer, self.calls, self.ends = answer, 0, threading.Event()

    def address(self):
        return "https://127.0.0.1:%d" % self.socket.getsockname()[1]

    def run(self):
        while not self.ends.is_set():
            try:
                plain, _ = self.socket.accept()
                threading.Thread(target=self.talk, args=(plain,), daemon=True).start()
            except OSError:
                return

    def talk(self, plain):
        try:
            with self.context.wrap_socket(plain, server_side=True) as tls:
                head = b""
                while b"\r\n\r\n" not in head:
                    head += tls.recv(65536)
                self.calls += 1
                if self.answer is None:
                    self.ends.wait(60)
                else:
                    tls.sendall(self.answer)
        except OSError:
            pass

    def end(self):
        self.ends.set()
        self.socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self.socket.close()


def http_answer(body, headers=b""):
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n%s\r\n" % (len(body), headers) + body


class Hostile:
    def __init__(self, pair):
        self.pair, self.gb, self.kr = pair, pair.gb, pair.kr
        self.kr_at = pair.kr.address.split("//")[1]
        for node, other in ((self.gb, "kr"), (self.kr, "gb")):
            row = made.indicator("from-" + node.party, "clear")
            node.json("import", "-", data=made.bundle([row]))
            node.json("release", row["id"], "--to", other)
        pair.wait_settled()
        self.kr.stop()
        self.author = hostile.Author(self.kr, self.gb)
        self.size = len(self.author.entries)
        self.good = self.author.batch(self.size)
        self.before = look.counts(self.gb)

    def calm(self):
        assert self.gb.link_to("kr")["state"] == "live", self.gb.link_to("kr")
        assert look.counts(self.gb) == self.before
        status, body = self.author.push(self.good)
        assert status == 200, body

    def connect(self):
        host, port = self.gb.address.split("//")[1].split(":")
        plain = socket.create_connection((host, int(port)), timeout=60)
        return context_of(self.author.certificate).wrap_socket(plain)

    def head(self, size):
        return b"POST /link/v1/batch HTTP/1.1\r\nHost: gb\r\nContent-Length: %d\r\n\r\n" % size

    def resident_kib(self):
        with open("/proc/%d/status" % self.gb.process.pid, encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))

    # The cases

    def packed(self):
        bomb = gzip.compress(bytes(64 * MIB))
        for headers in ({"Content-Encoding": "gzip"}, {"Content-Encoding": "identity"}):
            status, body = self.author.push(bomb, headers)
            assert status == 415, (status, body)
        status, body = self.author.push(bomb)
        assert status == 400, (status, body)
        self.calm()

    def too_large(self):
        with self.connect() as tls:
            tls.sendall(self.head(65 * MIB))
            assert b" 413 " in tls.recv(4096)
        with self.connect() as tls:
            tls.sendall(self.head(0).replace(b"Content-Length: 0",
                                             b"Transfer-Encoding: chunked"))
            chunk = b"%x\r\n" % MIB + bytes(MIB) + b"\r\n"
            try:
                for _ in range(80):
                    tls.sendall(chunk)
            except OSError:
                pass
        other = self.author.copy()
        for _ in range(4100):
            other.entries.append(b"{}")
        status, body = self.author.push(other.batch(self.size))
        assert status == 413 and b"4,096" in body, (status, body)
        status, _ = self.author.submit(self.size, b"x" * 600000)
        assert status == 413
        self.calm()

    def cut(self):
        for size in (1, len(self.good) // 2, len(self.good) - 1):
            with self.connect() as tls:
                tls.sendall(self.head(len(self.good)) + self.good[:size])
            status, body = self.author.push(self.good[:size])
            assert status in (400, 422), (status, body)
        self.calm()

    def mis_signed(self):
        """Under the true names, with other keys; and under names that look alike."""
        entries, note = self.author.entries, self.author.note()
        wrong = self.author.copy()
        wrong.key = hostile.Key(os.path.join(self.kr.folder, "keys", "cosign.key"))
        alike = ["node.kr.example/live/ledger/us/1", "node.kr.examp1e/live/ledger/gb/1",
                 "NODE.kr.example/live/ledger/gb/1", "node.kr.example/live/ledger/gb/2",
                 "node.kr.example/live/ledger/gb/01", "node.\u043ar.example/live/ledger/gb/1",
                 "node.kr.example/live/ledger/gb/1/", "node.us.example/live/ledger/gb/1",
                 self.author.theirs]
        tries = [self.author.batch(self.size, note=wrong.note(origin=self.author.origin)),
                 self.author.batch(self.size, note=note.replace(
                     b"\n%d\n" % len(entries), b"\n%d\n" % (len(entries) + 1)))]
        for name in alike:
            tries += [self.author.batch(self.size, **{"from": name}),
                      self.author.batch(self.size, to=name),
                      self.author.batch(self.size, note=self.author.note(origin=name)),
                      self.author.copy().append(kind="receipt", o=name).batch(self.size),
                      self.author.copy().append(kind="receipt", agr="00" * 32).batch(self.size)]
        for data in tries:
            if data == self.good:  # the victim's own name, where it belongs
                continue
            status, body = self.author.push(data)
            assert status in (400, 403, 404, 422), (status, body)
        self.calm()

    def greedy(self):
        """Twelve connections with a body of 60 MiB each: four are taken, the rest told so at
        once, and everybody else is served meanwhile."""
        start, taken, refused = self.resident_kib(), [], 0
        for _ in range(12):
            tls = self.connect()
            tls.sendall(self.head(60 * MIB))
            tls.settimeout(0.3)
            try:
                answer = tls.recv(4096)
                assert b" 503 " in answer, answer
                refused += 1
                tls.close()
            except TimeoutError:
                taken.append(tls)
        assert len(taken) == 4 and refused == 8, (len(taken), refused)
        for tls in taken:
            tls.settimeout(60)
            for _ in range(59):
                tls.sendall(bytes(MIB))
        grown = self.resident_kib() - start
        assert grown < 300 * 1024, grown
        began = time.monotonic()
        self.gb.json("status")
        assert time.monotonic() - began < 2
        for tls in taken:
            tls.close()
        until = time.monotonic() + 10
        while self.author.push(self.good)[0] == 503:
            assert time.monotonic() < until
            time.sleep(0.05)
        tap.say("4 bodies of 60 MiB: %d KiB more" % grown)
        self.calm()

    def flooded(self):
        """Recalls without end of one entry whose objects never come."""
        other = self.author.copy()
        like = json.loads([row for row in other.entries if b'"k":"release"' in row][-1])
        like.update(s=str(self.size), x=json.loads(other.entries[-1])["x"])
        other.entries.append(hostile.jcs(like))
        body = {"deadline": like["t"], "id": like["b"]["id"], "reason": "error", "of": {
            "i": str(self.size), "lh": hostile.leaf(other.entries[-1]).hex(), "o": like["o"]}}
        for _ in range(257):
            demand = {key: like[key] for key in ("agr", "h", "o", "p", "t", "v", "x")}
            demand.update(k="recall", s=str(len(other.entries)), b=body)
            other.entries.append(hostile.jcs(demand))
        status, text = other.push(other.batch(self.size))
        assert status == 413 and b"recalls" in text, (status, text)
        self.calm()

    def answers(self):
        """What comes back to our own push is believed no more than what is pushed."""
        forked = self.author.copy()
        forked.entries[-1] = forked.entry(number=self.size - 1, kind=json.loads(
            forked.entries[-1])["k"], t="2026-01-01T00:00:00.000000Z")
        tries = (("nonsense", http_answer(b"nonsense"), "not a file"),
                 ("packed", http_answer(gzip.compress(self.good),
                                        b"Content-Encoding: gzip\r\n"), "not a file"),
                 ("endless", b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n" +
                  bytes(70 * MIB), "limit"),
                 ("a redirect", b"HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:1/\r\n"
                  b"Content-Length: 0\r\n\r\n", ""),
                 ("a fork", http_answer(forked.batch(self.size - 1)), "FORK"))
        for name, answer, why in tries:
            server = Answerer(self.author.certificate, answer)
            server.start()
            try:
                self.gb.run("link", "add", self.pair.path("agreement"), "--address",
                            server.address())
                row = made.indicator("answer-%s" % name.replace(" ", "-"), "clear")
                self.gb.json("import", "-", data=made.bundle([row]))
                self.gb.json("release", row["id"], "--to", "kr")
                until = time.monotonic() + 20
                while server.calls == 0 or why not in self.gb.link_to("kr")["last"]:
                    assert time.monotonic() < until, (name, self.gb.link_to("kr"))
                    time.sleep(0.05)
                assert self.gb.link_to("kr")["waiting"] > 0
            finally:
                server.end()
        assert self.gb.link_to("kr")["frozen_code"], self.gb.link_to("kr")
        self.gb.run("link", "unfreeze", "kr")

    def hanging(self):
        """A partner that takes the batch and never answers does not hold up a stop."""
        server = Answerer(self.author.certificate, None)
        server.start()
        try:
            self.gb.run("link", "add", self.pair.path("agreement"), "--address",
                        server.address())
            until = time.monotonic() + 20
            while server.calls == 0:
                assert time.monotonic() < until
                time.sleep(0.05)
            began = time.monotonic()
            assert self.gb.stop() == 0
            took = time.monotonic() - began
            assert took < 5, took
            tap.say("stopped in %.1f s" % took)
        finally:
            server.end()
        self.gb.start(listen=self.gb.address.split("//")[1])

    def end(self):
        self.kr.start(listen=self.kr_at)
        self.gb.run("link", "add", self.pair.path("agreement"), "--address", self.kr.address)
        self.pair.wait_settled()
        for found in look.verify(self.pair):
            assert found["unreceipted"] == 0, found


def main():
    run = tap.Tap()
    with tap.folder() as folder, tap.linked(folder, sys.argv[1]) as pair:
        side = Hostile(pair)
        for name, case in (("B1 a packed batch is refused, not unpacked", side.packed),
                           ("B1 a batch that is too large is refused", side.too_large),
                           ("B1 a batch that is cut is refused", side.cut),
                           ("L1 R1 a batch of a look-alike is refused", side.mis_signed),
                           ("B1 bodies of one partner are bounded", side.greedy),
                           ("B1 recalls of one entry are bounded", side.flooded),
                           ("L1 answers are believed no more than batches", side.answers),
                           ("a partner that hangs does not hold up a stop", side.hanging),
                           ("L2 L3 the true partner goes on after all that", side.end)):
            run.case(name, case)
    run.end()


if __name__ == "__main__":
    main()
