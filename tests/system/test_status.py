# SPDX-License-Identifier: Apache-2.0
"""Usage: test_status.py BONGSU

What status says when something has to be looked at: the certificate, the disk, the partner's
clock, what is overdue, what was lost; in both languages."""
import email.utils
import http.server
import os
import shutil
import sqlite3
import ssl
import subprocess
import sys
import threading
import time

import look
import made
import tap
from test_bad_system import disk
from test_keys import new_agreement, root_of


def alarms(node):
    return {row["code"]: row for row in node.json("status")["alarms"]}


def text(node, language):
    return node.run("status", "--lang", language).stdout.decode()


class Ahead(http.server.BaseHTTPRequestHandler):
    """A partner that answers nothing useful, by a clock of its own."""
    seconds = 0

    def do_POST(self):  # pylint: disable=invalid-name
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self):  # pylint: disable=invalid-name
        self.send_error(404)

    def date_time_string(self, timestamp=None):
        return email.utils.formatdate(time.time() + self.seconds, usegmt=True)

    def log_message(self, *_):  # pylint: disable=arguments-differ
        pass


class Status:
    def __init__(self, pair):
        self.pair, self.gb, self.kr = pair, pair.gb, pair.kr

    def calm(self):
        self.pair.wait_settled()
        found = self.gb.json("status")
        assert found["alarms"] == [], found["alarms"]
        assert 390 < found["certificate"]["days_left"] <= 397, found["certificate"]
        assert found["disk"]["free_bytes"] > found["disk"]["store_bytes"] > 0
        assert abs(found["links"][0]["clock_skew_s"]) <= 1, found["links"]
        assert "TLS certificate" in text(self.gb, "en") and "ALARM" not in text(self.gb, "en")
        assert "인증서" in text(self.gb, "ko")

    def certificate(self):
        if not shutil.which("openssl"):
            raise tap.Skip("skipped: no openssl to make a short-lived certificate with")
        self.gb.stop()
        crt, key = look.certificate_of(self.gb)
        subprocess.run(["openssl", "req", "-x509", "-key", key, "-out", crt, "-days", "9",
                        "-subj", "/CN=node.gb.example"], check=True, stderr=subprocess.PIPE)
        self.gb.start()
        assert alarms(self.gb)["CERTIFICATE"]["detail"] in ("8", "9")
        self.gb.run("key", "renew", "tls")
        look.wait_until(lambda: "CERTIFICATE" not in alarms(self.gb))
        assert self.gb.json("status")["certificate"]["days_left"] > 390

    def agreement(self):
        """Both sides are told of what both stand on; a key is its party's to follow."""
        path, _ = new_agreement(self.pair, "short", "5")
        self.gb.run("link", "renew", path)
        look.wait_until(lambda: "AGREEMENT" in alarms(self.kr))
        assert alarms(self.gb)["AGREEMENT"]["detail"] in ("4", "5")
        self.gb.run("key", "rotate", "cosign", "--root", root_of(self.gb), "--days", "6")
        look.wait_until(lambda: "KEY" in alarms(self.kr))
        found = alarms(self.kr)["KEY"]
        assert found["party"] == "gb" and found["detail"].startswith("cosign "), found
        path, _ = new_agreement(self.pair, "long", "700")
        self.kr.run("link", "renew", path)
        self.gb.run("key", "rotate", "cosign", "--root", root_of(self.gb))
        look.wait_until(lambda: not alarms(self.gb) and not alarms(self.kr))

    def full(self):
        with disk(self.pair.path("small"), 24) as path:
            node = type(self.gb)(self.gb.program, os.path.join(path, "n"), "gb", "GBR")
            node.start()
            assert set(alarms(node)) == {"DISK_LOW"}
            assert node.json("status")["disk"]["low"] is True
            assert node.stop() == 0

    def clock(self, seconds, is_alarm):
        Ahead.seconds = seconds
        server = http.server.HTTPServer(("127.0.0.1", 0), Ahead)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*look.certificate_of(self.kr))
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            self.gb.run("link", "add", self.pair.path("agreement"), "--address",
                        "https://127.0.0.1:%d" % server.server_port)
            row = made.indicator("tick%d" % seconds, "green")
            self.gb.json("import", "-", data=made.lines([row]))
            self.gb.json("release", row["id"], "--to", "kr")
            look.wait_until(
                lambda: abs(self.gb.link_to("kr")["clock_skew_s"] - seconds) < 5)
            assert ("CLOCK" in alarms(self.gb)) == is_alarm, alarms(self.gb)
        finally:
            server.shutdown()
            server.server_close()
            self.gb.run("link", "add", self.pair.path("agreement"), "--address",
                        self.kr.address)
        self.pair.wait_settled()
        assert "CLOCK" not in alarms(self.gb)

    def recall(self):
        row = made.indicator("overdue", "green")
        self.gb.json("import", "-", data=made.lines([row]))
        self.gb.json("release", row["id"], "--to", "kr")
        self.pair.wait_settled()
        port = self.kr.address.split("//")[1]
        self.kr.stop()
        self.gb.json("recall", row["id"])
        assert "RECALL_OVERDUE" not in alarms(self.gb)
        gb_port = self.gb.address.split("//")[1]
        self.gb.stop()
        store = sqlite3.connect(self.gb.folder + "/store.db")
        with store:
            store.execute("UPDATE recall SET deadline_us = 1")
        store.close()
        self.gb.start(listen=gb_port)
        assert alarms(self.gb)["RECALL_OVERDUE"]["detail"] == "1"
        assert "ALARM" in text(self.gb, "en") and "기한" in text(self.gb, "ko")
        self.kr.start(listen=port)
        self.pair.wait_settled()
        assert "RECALL_OVERDUE" not in alarms(self.gb)

    def lost(self):
        self.gb.stop()
        store = sqlite3.connect(self.gb.folder + "/store.db")
        with store:
            store.execute("UPDATE payload SET object_seq = 0, salt = NULL"
                          " WHERE idx = (SELECT max(idx) FROM payload)")
        store.close()
        self.gb.start()
        assert alarms(self.gb)["LOST"]["detail"] == "1"


def main(program):
    cases = tap.Tap()
    with tap.folder() as path, tap.linked(path, program) as pair:
        run = Status(pair)
        cases.case("a calm node has no alarm", run.calm)
        cases.case("a certificate that ends soon is an alarm", run.certificate)
        cases.case("a disk that is nearly full is an alarm", run.full)
        pair.kr.run("link", "add", pair.path("agreement"), "--address", pair.gb.address)
        cases.case("an agreement or a key that ends soon is an alarm", run.agreement)
        shutil.copy(pair.path("long"), pair.path("agreement"))
        cases.case("a clock that is ahead is an alarm", run.clock, 4000, True)
        cases.case("a clock that is behind is an alarm", run.clock, -310, True)
        cases.case("clocks differ a little", run.clock, 200, False)
        cases.case("an overdue recall is an alarm", run.recall)
        cases.case("L2 what was lost stays an alarm", run.lost)
    cases.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
