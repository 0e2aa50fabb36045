# SPDX-License-Identifier: Apache-2.0
"""Usage: test_bad_partner.py BONGSU [FLIPS] [SEED]

What comes from the other side is not what it should be: batches that were changed, cut,
swapped or sent before, and certificates of somebody else or past their time."""
import json
import os
import random
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time

import look
import made
import tap
from batches import frames_of, sealed

TEMPLATE = """cn = "node.kr.example"
activation_date = "%s"
expiration_date = "%s"
tls_www_server
tls_www_client
"""


class Batches:
    def __init__(self, pair, flips, seed):
        self.pair, self.gb, self.kr = pair, pair.gb, pair.kr
        self.flips, self.chance = flips, random.Random(seed)
        self.path = pair.path("changed.batch")
        self.first = self.second = b""

    def make(self, name, count):
        rows = [made.indicator("%s-%s-%d" % (name, level, n), level)
                for level in ("green", "clear") for n in range(count)]
        self.gb.json("import", "-", data=made.lines(rows))
        self.gb.json("release", "--all", "--to", "kr")
        path = self.pair.path(name + ".batch")
        self.gb.run("link", "export", "kr", "--out", path)
        with open(path, "rb") as file:
            return file.read()

    def prepare(self):
        for node, other in ((self.gb, "kr"), (self.kr, "gb")):
            node.run("link", "pause", other)
        self.first = self.make("first", 3)
        assert len([kind for kind, _ in frames_of(self.first)[1] if kind == 6]) == 6

    def refused(self, data, why, codes=(4,)):
        with open(self.path, "wb") as file:
            file.write(data)
        before = look.counts(self.kr)
        done = self.kr.run("link", "import", self.path, check=False)
        assert done.returncode in codes, (why, done.returncode, done.stderr)
        assert done.stderr.count(b"\n") == 1 and not done.stdout, (why, done)
        assert look.counts(self.kr) == before, why

    def flipped(self):
        for _ in range(self.flips):
            at = self.chance.randrange(len(self.first))
            data = bytearray(self.first)
            data[at] ^= 1 << self.chance.randrange(8)
            self.refused(bytes(data), "byte %d" % at)

    def flipped_and_sealed(self):
        """The same with the digest that belongs to it: whoever changes a file can do that.
        1 and 3: the change named another link or another signer."""
        magic, frames = frames_of(self.first)
        for _ in range(self.flips):
            kind, text = frames[place := self.chance.randrange(len(frames))]
            if not text:
                continue
            data = bytearray(text)
            data[at := self.chance.randrange(len(data))] ^= 1 << self.chance.randrange(8)
            changed = frames[:place] + [(kind, bytes(data))] + frames[place + 1:]
            self.refused(sealed(magic, changed), "frame %d, byte %d" % (place, at), (1, 3, 4))

    def cut(self):
        for _ in range(50):
            at = self.chance.randrange(len(self.first))
            self.refused(self.first[:at], "cut at %d" % at)
        self.refused(self.first + b"x", "longer")

    def rearranged(self):
        magic, frames = frames_of(self.first)
        payloads = [place for place, (kind, _) in enumerate(frames) if kind == 6]
        entries = [place for place, (kind, _) in enumerate(frames) if kind == 3]

        def swap(one, other, part=slice(None)):
            new = list(frames)
            mine, theirs = bytearray(frames[one][1]), bytearray(frames[other][1])
            mine[part], theirs[part] = theirs[part], mine[part]
            new[one], new[other] = (new[one][0], bytes(mine)), (new[other][0], bytes(theirs))
            return sealed(magic, new)

        first = payloads[0]
        without = frames[:first] + frames[first + 1:]
        twice = frames[:first] + [frames[first]] + frames[first:]
        for why, data in (("two payloads swapped", swap(first, payloads[1])),
                          ("two objects swapped", swap(first, payloads[1], slice(42, None))),
                          ("objects of two entries swapped",
                           swap(first, payloads[-1], slice(42, None))),
                          ("two entries swapped", swap(entries[0], entries[1])),
                          ("one payload left out", sealed(magic, without)),
                          ("one payload twice", sealed(magic, twice)),
                          ("no entry", sealed(magic, [frame for frame in frames
                                                      if frame[0] != 3])),
                          ("no checkpoint", sealed(magic, [frame for frame in frames
                                                           if frame[0] != 5])),
                          ("nothing in it", sealed(magic, []))):
            self.refused(data, why)

    def strangers(self):
        """Batches that are true, and of somebody else."""
        own = self.pair.path("own.batch")
        self.kr.run("link", "export", "gb", "--out", own)
        with open(own, "rb") as file:
            self.refused(file.read(), "the node's own batch", (1, 3, 4))
        with open(os.path.join(self.kr.folder, "store.db"), "rb") as file:
            self.refused(file.read(100000), "a file of another kind")

    def too_early(self):
        """The second batch alone is whole here, since the partner repeats what is not
        cosigned; a gap appears when its beginning is left out."""
        self.second = self.make("second", 1)
        magic, frames = frames_of(self.second)
        head = json.loads(frames[0][1])
        later = dict(head, first=str(int(head["first"]) + 1))
        text = json.dumps(later, separators=(",", ":")).encode()
        first = next(place for place, (kind, _) in enumerate(frames) if kind == 3)
        gap = [(1, text)] + frames[1:first] + frames[first + 1:]
        self.refused(sealed(magic, gap), "a gap", (3, 4))

    def true_file(self):
        with open(self.path, "wb") as file:
            file.write(self.first)
        answer = self.kr.json("link", "import", self.path)
        assert answer["objects"] == 6 and answer["entries"] == 2, answer

    def replayed(self):
        before = look.counts(self.kr)
        for _ in range(2):
            answer = self.kr.json("link", "import", self.path)
            assert answer["objects"] == answer["entries"] == 0, answer
        assert look.counts(self.kr) == before
        newer = self.pair.path("second.batch")
        assert self.kr.json("link", "import", newer)["objects"] == 2
        before = look.counts(self.kr)
        self.kr.run("link", "import", self.path)
        self.kr.run("link", "import", newer)
        assert look.counts(self.kr) == before

    def answered(self):
        for node, other in ((self.gb, "kr"), (self.kr, "gb")):
            node.run("link", "resume", other)
        self.pair.wait_settled()
        for found in look.verify(self.pair):
            assert found["unreceipted"] == 0, found


class Stranger(threading.Thread):
    """A TLS server under some certificate that keeps what it is sent."""

    def __init__(self, certificate):
        super().__init__(daemon=True)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(*certificate)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.socket.settimeout(0.2)
        self.received, self.calls, self.is_over = b"", 0, False

    def run(self):
        while not self.is_over:
            try:
                plain, _ = self.socket.accept()
            except socket.timeout:
                continue
            self.calls += 1
            try:
                plain.settimeout(5)
                with self.context.wrap_socket(plain, server_side=True) as connection:
                    self.received += connection.recv(65536)
            except OSError:
                pass

    def address(self):
        return "https://127.0.0.1:%d" % self.socket.getsockname()[1]

    def end(self):
        self.is_over = True
        self.join(10)
        self.socket.close()


class Certificates:
    def __init__(self, pair):
        self.pair, self.gb, self.kr = pair, pair.gb, pair.kr

    def make(self, name, key, begin, end):
        """A certificate signed by itself, over a key that is there or a new one."""
        if not shutil.which("certtool"):
            raise tap.Skip("certtool is not installed (gnutls-bin)")
        template, crt = self.pair.path(name + ".template"), self.pair.path(name + ".crt")
        with open(template, "w", encoding="ascii") as file:
            file.write(TEMPLATE % (begin, end))
        if not key:
            key = self.pair.path(name + ".key")
            self.tool("--generate-privkey", "--key-type", "ecdsa", "--curve", "secp256r1",
                      "--outfile", key)
        self.tool("--generate-self-signed", "--load-privkey", key, "--template", template,
                  "--outfile", crt)
        return crt, key

    @staticmethod
    def tool(*args):
        subprocess.run(("certtool",) + args, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, timeout=60)

    def other(self):
        return self.make("other", None, "2026-01-01 00:00:00 UTC", "2046-01-01 00:00:00 UTC")

    def expired(self, begin="2020-01-01 00:00:00 UTC", end="2020-02-01 00:00:00 UTC"):
        return self.make("expired", look.certificate_of(self.kr)[1], begin, end)

    def pushes(self, certificate, want):
        path = self.pair.path("push.batch")
        self.kr.run("link", "export", "gb", "--out", path)
        with open(path, "rb") as file:
            status, body = look.ask(self.gb, "POST", "/link/v1/batch", file.read(), certificate)
        assert status == want, (status, body[:200])

    def no_old_tls(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        host, port = self.gb.address.split("//")[1].split(":")
        try:
            with context.wrap_socket(socket.create_connection((host, int(port)))):
                pass
        except (ssl.SSLError, ConnectionError):
            return
        raise AssertionError("TLS 1.2 was accepted")

    def refuses_server(self, certificate):
        """gb pushes to a server that shows this certificate: it must say nothing to it."""
        server = Stranger(certificate)
        server.start()
        agreement = self.pair.path("agreement")
        try:
            self.gb.run("link", "add", agreement, "--address", server.address())
            row = made.indicator("to-%s" % server.address(), "green")
            self.gb.json("import", "-", data=made.lines([row]))
            self.gb.json("release", row["id"], "--to", "kr")
            until = time.monotonic() + 20
            while "certificate" not in self.gb.link_to("kr")["last"]:
                assert time.monotonic() < until, self.gb.link_to("kr")
                time.sleep(0.05)
            assert self.gb.link_to("kr")["waiting"] > 0
        finally:
            server.end()
            self.gb.run("link", "add", agreement, "--address", self.kr.address)
        assert server.calls > 0 and server.received == b"", server.received[:200]
        self.pair.wait_settled()


def main(program, flips="200", seed=None):
    cases = tap.Tap()
    seed = int(seed) if seed else random.SystemRandom().randrange(1 << 32)
    tap.say("seed %d" % seed)
    with tap.folder() as path, tap.linked(path, program) as pair:
        run = Batches(pair, int(flips), seed)
        for name, step in (("a batch to carry", run.prepare),
                           ("a byte flipped is refused", run.flipped),
                           ("a byte flipped under its digest is refused",
                            run.flipped_and_sealed),
                           ("a batch that is cut is refused", run.cut),
                           ("parts in another order, left out or twice are refused",
                            run.rearranged),
                           ("a batch of somebody else is refused", run.strangers),
                           ("a gap is refused", run.too_early),
                           ("the true batch is accepted after all that", run.true_file),
                           ("a batch again changes nothing", run.replayed),
                           ("L2 and all is receipted", run.answered)):
            cases.case(name, step)
        tls = Certificates(pair)
        for name, step in (
                ("the partner's certificate pushes",
                 lambda: tls.pushes(look.certificate_of(pair.kr), 200)),
                ("another certificate is refused", lambda: tls.pushes(tls.other(), 403)),
                ("the right key in an expired certificate is refused",
                 lambda: tls.pushes(tls.expired(), 403)),
                ("the right key in a certificate of the future is refused",
                 lambda: tls.pushes(tls.expired("2090-01-01 00:00:00 UTC",
                                                "2091-01-01 00:00:00 UTC"), 403)),
                ("no certificate is refused", lambda: tls.pushes(None, 403)),
                ("TLS 1.2 is refused", tls.no_old_tls),
                ("a server with another certificate is told nothing",
                 lambda: tls.refuses_server(tls.other())),
                ("a server with an expired certificate is told nothing",
                 lambda: tls.refuses_server(tls.expired()))):
            cases.case(name, step)
    cases.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
