# SPDX-License-Identifier: Apache-2.0
"""An HTTPS server for the tests of feeds, good or hostile as told, with authorities of its own
made by openssl. Standard library only."""
import base64
import collections
import http.server
import json
import os
import ssl
import subprocess
import threading
import urllib.parse

NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
MEDIA = "application/taxii+json;version=2.1"
Asked = collections.namedtuple("Asked", "method path query headers body")
Reply = collections.namedtuple("Reply", "status headers body")


def openssl(*args):
    subprocess.run(["openssl", *args], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.PIPE)


class Authority:
    """An authority, and certificates that it signed, as files in a folder."""

    def __init__(self, folder, name):
        self.folder, self.name = folder, name
        self.key, self.pem = self.path("ca.key"), self.path("ca.pem")
        openssl("req", "-x509", *NEW_KEY, "-keyout", self.key, "-out", self.pem, "-days", "30",
                "-subj",
                "/CN=DEMO " + name, "-addext", "basicConstraints=critical,CA:TRUE",
                "-addext", "keyUsage=critical,keyCertSign")

    def path(self, name):
        return os.path.join(self.folder, self.name + "-" + name)

    def sign(self, name, alternative, days="30"):
        """(certificate, key) of a name such as IP:127.0.0.1."""
        key, ask, pem, more = (self.path(name + end)
                                for end in (".key", ".csr", ".pem", ".ext"))
        openssl("req", *NEW_KEY, "-keyout", key, "-out", ask, "-subj", "/CN=" + name)
        with open(more, "w", encoding="utf-8") as text:
            text.write("subjectAltName=%s\nbasicConstraints=CA:FALSE\n" % alternative)
        openssl("x509", "-req", "-in", ask, "-CA", self.pem, "-CAkey", self.key,
                "-CAcreateserial", "-out", pem, "-days", days, "-extfile", more)
        return pem, key


class Server:
    """Answers each request by `answer(asked)`: a Reply, or None when it wrote by itself."""

    def __init__(self, identity, clients=None, version=ssl.TLSVersion.TLSv1_2):
        outer = self
        self.asked, self.answer = [], lambda asked: Reply(404, {}, b"")

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                n = int(self.headers.get("Content-Length", 0))
                parts = urllib.parse.urlsplit(self.path)
                asked = Asked(self.command, parts.path,
                              dict(urllib.parse.parse_qsl(parts.query)), self.headers,
                              self.rfile.read(n))
                outer.asked.append(asked)
                outer.send(self, outer.answer(asked))

            do_POST = do_GET

            def log_message(self, *args):
                pass

        class Listener(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                pass

        self.http = Listener(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = context.maximum_version = version
        context.load_cert_chain(*identity)
        if clients:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(clients)
        self.http.socket = context.wrap_socket(
            self.http.socket, server_side=True, do_handshake_on_connect=False)
        self.url = "https://127.0.0.1:%d" % self.http.server_address[1]
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    @staticmethod
    def send(handler, reply):
        if callable(reply):
            reply(handler)
            return
        handler.send_response(reply.status)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        if "Content-Length" not in reply.headers:
            handler.send_header("Content-Length", str(len(reply.body)))
        handler.end_headers()
        handler.wfile.write(reply.body)

    def close(self):
        self.http.shutdown()
        self.http.server_close()


def taxii(value, status=200, **headers):
    return Reply(status, {"Content-Type": MEDIA,
                          **{name.replace("_", "-"): text for name, text in headers.items()}},
                 json.dumps(value).encode())


class Shelf:
    """One collection as TAXII 2.1 wants it; `change(asked, reply)` may answer otherwise."""

    ID = "91a7b528-80eb-42ed-a74d-c6fbd5a26116"

    def __init__(self, rows=(), page=2, by_next=True, login=None):
        self.rows = [("2026-02-01T00:00:00.%06dZ" % n, row) for n, row in enumerate(rows)]
        self.page, self.by_next, self.login = page, by_next, login
        self.change = lambda asked, reply: reply
        self.posted, self.most = [], 3000  # bytes of one envelope

    def __call__(self, asked):
        return self.change(asked, self.reply(asked))

    def reply(self, asked):
        want = self.login and "Basic " + base64.b64encode(self.login.encode()).decode()
        if want and asked.headers.get("Authorization") != want:
            return taxii({"title": "who?"}, 401, WWW_Authenticate="Basic realm=x")
        if asked.headers.get("Accept") != MEDIA:
            return taxii({"title": "accept"}, 406)
        collection = {"id": self.ID, "title": "Wares", "can_read": True, "can_write": True,
                      "x_unknown": {"a": [1]}}
        places = {
            "/taxii2/": {"title": "Server", "default": "/api/", "api_roots": ["/api/"]},
            "/api/": {"title": "Root", "versions": [MEDIA], "max_content_length": self.most},
            "/api/collections/": {"collections": [collection]},
        }
        if asked.path in places:
            return taxii(places[asked.path])
        if asked.path != "/api/collections/%s/objects/" % self.ID:
            return taxii({"title": "nothing"}, 404)
        return self.post(asked) if asked.method == "POST" else self.objects(asked)

    def post(self, asked):
        assert len(asked.body) <= self.most, len(asked.body)
        rows = json.loads(asked.body)["objects"]
        self.posted.append(rows)
        return taxii({"id": "s%d" % len(self.posted), "status": "complete",
                      "total_count": len(rows), "success_count": len(rows), "failure_count": 0,
                      "pending_count": 0}, 202)

    def objects(self, asked):
        after = asked.query.get("added_after", "")
        begin = int(asked.query.get("next", "0"))
        rows = [pair for pair in self.rows if pair[0] > after]
        some = rows[begin:begin + self.page]
        envelope = {"x_unknown": 1}
        if some:
            envelope["objects"] = [row for _, row in some]
        if begin + self.page < len(rows):
            envelope["more"] = True
            if self.by_next:
                envelope["next"] = str(begin + self.page)
        dates = {"X_TAXII_Date_Added_Last": some[-1][0]} if some else {}
        return taxii(envelope, **dates)
