# SPDX-License-Identifier: Apache-2.0
"""The request gate by raw bytes: for each row the status, and whether a second request that
follows on the same connection is served. Run with the path of gate_server."""

import hashlib
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import unittest

SECOND = b"GET / HTTP/1.1\r\nHost: second\r\n\r\n"
LENGTH_OF_SECOND = str(len(SECOND)).encode()


def head(line, *headers):
    return b"\r\n".join((line, b"Host: a") + headers) + b"\r\n\r\n"


def post(*headers):
    return head(b"POST /echo HTTP/1.1", *headers)


CHUNKED = b"Transfer-Encoding: chunked"
CHUNKS = b"3\r\nabc\r\n0\r\n\r\n"

# why, first request, status, whether the second is served; the second follows at once
ROWS = [
    ("GET", head(b"GET / HTTP/1.1"), 200, True),
    ("HEAD", head(b"HEAD / HTTP/1.1"), 200, True),
    ("DELETE with a zero length", head(b"DELETE / HTTP/1.1", b"Content-Length: 0"), 200,
     True),
    ("POST with a length", post(b"Content-Length: 3") + b"abc", 200, True),
    ("PUT with a length", head(b"PUT /echo HTTP/1.1", b"Content-Length: 3") + b"abc", 200,
     True),
    ("POST in chunks", post(CHUNKED) + CHUNKS, 200, True),
    ("POST of nothing", post(b"Content-Length: 0"), 200, True),
    ("a job", head(b"POST /job HTTP/1.1", b"Content-Length: 3") + b"abc", 200, True),
    ("not found", head(b"GET /no HTTP/1.1"), 404, True),
    ("no memory left", head(b"GET /full HTTP/1.1"), 413, True),
    ("refused by the route", head(b"POST /refused HTTP/1.1", b"Content-Length: 3") + b"abc",
     401, True),
    ("no such method", head(b"BREW / HTTP/1.1"), 501, True),

    ("length and encoding", post(b"Content-Length: 3", CHUNKED) + CHUNKS, 400, False),
    ("encoding and length", post(CHUNKED, b"Content-Length: 3") + CHUNKS, 400, False),
    ("two equal lengths", post(b"Content-Length: 3", b"Content-Length: 3") + b"abc", 400,
     False),
    ("two lengths", post(b"Content-Length: 0", b"Content-Length: " + LENGTH_OF_SECOND), 400,
     False),
    ("two encodings", post(CHUNKED, CHUNKED) + CHUNKS, 400, False),
    ("identity", post(b"Transfer-Encoding: identity"), 400, False),
    ("gzip, chunked", post(b"Transfer-Encoding: gzip, chunked") + CHUNKS, 400, False),
    ("chunked twice in one", post(b"Transfer-Encoding: chunked, chunked") + CHUNKS, 400, False),
    ("space before the colon", post(b"Content-Length : " + LENGTH_OF_SECOND), 400, False),
    ("space before the colon, and a length",
     post(b"Content-Length: 0", b"Content-Length : " + LENGTH_OF_SECOND), 400, False),
    ("folded length", post(b"Content-Length:\r\n " + LENGTH_OF_SECOND), 400, False),
    ("folded length, and a length",
     post(b"Content-Length: 0", b"Content-Length:\r\n " + LENGTH_OF_SECOND), 400, False),
    ("folded encoding", post(b"Transfer-Encoding:\r\n chunked") + CHUNKS, 400, False),
    ("name longer than a framing name", post(b"Content-Length: 0", b"Content-Length36: x"), 400,
     False),
    ("name longer than Host", head(b"GET / HTTP/1.1", b"Hostname: x"), 400, False),
    ("empty value", head(b"GET / HTTP/1.1", b"X-A:"), 400, False),
    ("control character", head(b"GET / HTTP/1.1", b"X-A: a\x01b"), 400, False),
    ("bare carriage return", head(b"GET / HTTP/1.1", b"X-A: a\rX-B: b"), 400, False),
    ("not a token", head(b"GET / HTTP/1.1", b"X(A): a"), 400, False),
    ("leading space", head(b"GET / HTTP/1.1", b"X-A: a", b" X-B: b"), 400, False),
    ("no Host", b"GET / HTTP/1.1\r\nX-A: a\r\n\r\n", 400, False),
    ("two Hosts", head(b"GET / HTTP/1.1", b"Host: b"), 400, False),
    ("HTTP/1.0", head(b"GET / HTTP/1.0"), 400, False),
    ("HTTP/1.0 kept alive", head(b"GET / HTTP/1.0", b"Connection: keep-alive"), 400, False),
    ("HTTP/1.9", head(b"GET / HTTP/1.9"), 400, False),
    ("POST without framing", post(), 411, False),
    ("PUT without framing", head(b"PUT /echo HTTP/1.1"), 411, False),
    ("PATCH without framing", head(b"PATCH /echo HTTP/1.1"), 411, False),
    ("GET with a length", head(b"GET / HTTP/1.1", b"Content-Length: 3") + b"abc", 400, False),
    ("GET in chunks", head(b"GET / HTTP/1.1", CHUNKED) + CHUNKS, 400, False),
    ("DELETE with a length", head(b"DELETE / HTTP/1.1", b"Content-Length: 3") + b"abc", 400,
     False),
    ("GET with two zero lengths",
     head(b"GET / HTTP/1.1", b"Content-Length: 0", b"Content-Length: 0"), 400, False),

    # What the parser itself refuses must stay so in each new version of it.
    ("list of lengths", post(b"Content-Length: 3, 3") + b"abc", 400, False),
    ("signed length", post(b"Content-Length: +3") + b"abc", 400, False),
    ("hexadecimal length", post(b"Content-Length: 0x3") + b"abc", 400, False),
    ("empty length", post(b"Content-Length:") + b"abc", 400, False),
    ("length over 2^64", post(b"Content-Length: 18446744073709551617") + b"abc", 413, False),
    ("signed chunk", post(CHUNKED) + b"+3\r\nabc\r\n0\r\n\r\n", 400, False),
    ("chunk with 0x", post(CHUNKED) + b"0x3\r\nabc\r\n0\r\n\r\n", 400, False),
    ("no line end after a chunk", post(CHUNKED) + b"3\r\nabc0\r\n\r\n", 400, False),
    ("line without a colon", head(b"GET / HTTP/1.1", b"X-A"), 400, False),
    ("HTTP/2.0", head(b"GET / HTTP/2.0"), 505, False),

    ("too many headers", head(b"GET / HTTP/1.1", *[b"X-A: a"] * 64), 431, False),
    ("escaped slash", head(b"GET /a%2fb HTTP/1.1"), 400, True),
    ("parameter twice", head(b"GET /?a=1&a=2 HTTP/1.1"), 400, True),
    ("body over the limit by its length", post(b"Content-Length: 2000000"), 413, False),
    ("body on a route without one",
     head(b"POST / HTTP/1.1", b"Content-Length: 3") + b"abc", 413, True),
    ("body over the limit in chunks",
     post(CHUNKED) + b"3e8\r\n" + b"a" * 1000 + b"\r\n1\r\nb\r\n0\r\n\r\n", 413, True),
]


def received(connection):
    """Everything up to the end of the stream or two seconds of silence."""
    data = b""
    connection.settimeout(5)
    try:
        while piece := connection.recv(65536):
            data += piece
    except (ConnectionResetError, BrokenPipeError, socket.timeout, ssl.SSLError):
        pass
    return data


def statuses(data, has_bodies=True):
    """The status of each answer in the stream, by its Content-Length."""
    found = []
    while data:
        top, separator, rest = data.partition(b"\r\n\r\n")
        lines = top.split(b"\r\n")
        if not separator or not lines[0].startswith(b"HTTP/1.1 "):
            raise AssertionError("not an answer: %r" % data[:200])
        status = int(lines[0].split()[1])
        fields = dict(line.lower().split(b": ", 1) for line in lines[1:])
        found.append((status, fields))
        data = rest[int(fields.get(b"content-length", 0)) if has_bodies else 0:]
        has_bodies = True
    return found


class Gate(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="gate")
        cls.dir = cls.folder.name
        cls.server = subprocess.Popen([PROGRAM, cls.dir], stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE)
        cls.port = int(cls.server.stdout.readline())

    @classmethod
    def tearDownClass(cls):
        cls.server.stdin.close()
        cls.status = cls.server.wait(timeout=30)
        cls.server.stdout.close()
        cls.folder.cleanup()
        assert cls.status == 0, "the server ended with %d" % cls.status

    def local(self):
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(os.path.join(self.dir, "socket"))
        return connection

    def tls(self, change=lambda context: None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.load_verify_locations(os.path.join(self.dir, "node.pem"))
        change(context)
        plain = socket.create_connection(("127.0.0.1", self.port))
        return context.wrap_socket(plain)

    def ask(self, connection, data):
        with connection:
            connection.sendall(data)
            return received(connection)

    def test_each_row_of_the_gate(self):
        for why, first, status, is_served in ROWS:
            with self.subTest(why):
                last = SECOND.replace(b"second\r\n", b"second\r\nConnection: close\r\n")
                data = self.ask(self.local(), first + last)
                if is_served:
                    got = statuses(data, has_bodies=not first.startswith(b"HEAD"))
                    self.assertEqual([s for s, _ in got], [status, 200])
                    continue
                # The parser's own refusals repeat their head in the body; ours do not.
                self.assertTrue(data.startswith(b"HTTP/1.1 %d " % status), data)
                self.assertIn(b"\r\nConnection: close\r\n", data.partition(b"\r\n\r\n")[0])
                self.assertNotIn(b"HTTP/1.1 200", data)

    def test_a_gate_refusal_is_a_json_error(self):
        data = self.ask(self.local(), head(b"GET / HTTP/1.1", b"Host: b"))
        self.assertTrue(data.endswith(
            b'{"error":{"code":"framing","message":"exactly one Host is needed"}}'), data)
        data = self.ask(self.local(), head(b"GET /refused HTTP/1.1", b"Connection: close"))
        self.assertTrue(data.endswith(
            b'{"error":{"code":"token","message":"no \\"token\\"\\u000a"}}'), data)

    def test_over_tls_a_request_with_a_body_ends_its_connection(self):
        data = self.ask(self.tls(), post(b"Content-Length: 3") + b"abc" + SECOND)
        self.assertEqual([s for s, _ in statuses(data)], [200])
        self.assertEqual(statuses(data)[0][1][b"connection"], b"close")
        self.assertEqual(statuses(data)[0][1][b"x-gate"], b"open")
        last = head(b"GET / HTTP/1.1", b"Connection: close")
        data = self.ask(self.tls(), head(b"GET / HTTP/1.1") + last)
        self.assertEqual([s for s, _ in statuses(data)], [200, 200])

    def test_a_length_over_the_limit_is_refused_before_the_body(self):
        data = self.ask(self.tls(), post(b"Content-Length: 2000000"))
        self.assertEqual([s for s, _ in statuses(data)], [413])

    def test_a_client_that_asks_first_is_refused_before_the_body(self):
        for limit in (b"1001", b"2000000"):
            request = post(b"Content-Length: " + limit, b"Expect: 100-continue")
            self.assertEqual([s for s, _ in statuses(self.ask(self.local(), request))], [413])

    def test_a_client_that_asks_first_is_told_to_go_on(self):
        with self.local() as connection:
            connection.sendall(post(b"Content-Length: 3", b"Expect: 100-continue",
                                    b"Connection: close"))
            self.assertEqual(connection.recv(1000).split()[1], b"100")
            connection.sendall(b"abc")
            self.assertTrue(received(connection).endswith(b"abc"))

    def test_chunks_without_end_are_cut_off(self):
        sent = 0
        with self.local() as connection:
            connection.settimeout(10)
            connection.sendall(post(CHUNKED))
            with self.assertRaises((BrokenPipeError, ConnectionResetError)):
                while sent < 64 << 20:
                    connection.sendall(b"10000\r\n" + b"a" * 65536 + b"\r\n")
                    sent += 65536
        self.assertLess(sent, 8 << 20)

    def test_only_tls_1_3_is_spoken(self):
        def older(context):
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            context.maximum_version = ssl.TLSVersion.TLSv1_2
        with self.assertRaises((ssl.SSLError, ConnectionResetError)):
            self.tls(older)
        with self.tls() as connection:
            self.assertEqual(connection.version(), "TLSv1.3")

    def test_a_client_certificate_is_optional_and_its_pin_is_read(self):
        request = head(b"GET /peer HTTP/1.1", b"Connection: close")
        self.assertTrue(self.ask(self.tls(), request).endswith(b"tls none"))
        pem, key = (os.path.join(self.dir, name) for name in ("client.pem", "client.key"))
        with open(pem) as f:
            der = ssl.PEM_cert_to_DER_cert(f.read())
        # The key of a P-256 certificate is the only place with this algorithm identifier.
        at = der.index(bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107"))
        pin = hashlib.sha256(der[at:at + 91]).hexdigest().encode()
        data = self.ask(self.tls(lambda c: c.load_cert_chain(pem, key)), request)
        self.assertTrue(data.endswith(b"tls " + pin), data)

    def test_the_unix_socket_is_for_its_owner_and_tells_the_uid(self):
        data = self.ask(self.local(), head(b"GET /peer HTTP/1.1", b"Connection: close"))
        self.assertTrue(data.endswith(b"local %d" % os.getuid()), data)
        self.assertEqual(os.stat(os.path.join(self.dir, "socket")).st_mode & 0o777, 0o600)

    def test_a_head_that_never_ends_is_closed(self):
        with self.local() as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n")
            self.assertEqual(received(connection), b"")

    def test_a_head_that_is_too_large_is_refused(self):
        data = self.ask(self.local(), head(b"GET / HTTP/1.1", b"X-A: " + b"a" * 70000))
        self.assertIn(statuses(data)[0][0], (400, 413, 431))

    def peak_kib(self):
        with open("/proc/%d/status" % self.server.pid) as f:
            return next(int(line.split()[1]) for line in f if line.startswith("VmHWM"))

    def test_a_large_body_is_spooled_without_memory(self):
        block = b"a" * (1 << 20)
        before = self.peak_kib()
        with self.local() as connection:
            connection.settimeout(60)
            connection.sendall(head(b"PUT /file HTTP/1.1", b"Content-Length: %d" % (64 << 20),
                                    b"Connection: close"))
            for _ in range(64):
                connection.sendall(block)
            self.assertTrue(received(connection).endswith(b"%d" % (64 << 20)))
        self.assertLess(self.peak_kib() - before, 8 << 10)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
