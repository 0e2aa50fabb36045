# SPDX-License-Identifier: Apache-2.0
"""Search and lookup in a whole node, over TLS: latency of pages of 100 at each size, beside
grep over the same objects as lines and LIKE over the same texts in SQLite. Arguments: the
program, and how many objects (default 10,000 and 1,000,000)."""
import http.client
import json
import os
import random
import shutil
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.parse
import uuid

import sample

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from pair import Node  # noqa: E402

WORDS = ("북한 해킹 조직 공격 공급망 취약점 악성코드 보안 인증 소프트웨어 탐지 권고 기관 정보 국가 "
         "서버 주소 분석 사이버 안보 금융 가상자산 탈취 접속 차단 유포 문서 첨부 메일 계정").split()
LATIN = "loader backdoor campaign phishing server malware initial access remote tool".split()
QUERIES = (("two syllables, frequent", "북한"), ("two syllables, in one of 10,000", "왜란"),
           ("two syllables, in none", "쀍뙗"), ("two words, frequent", "해킹 공격"),
           ("a Latin word, frequent", "backdoor"), ("a rare value", None))


def row(n, chance):
    words = chance.choices(WORDS, k=24) + chance.choices(LATIN, k=6)
    if n % 10000 == 17:
        words[5] = "왜란"
    name = "v%08d.example.org" % n
    return {"type": "indicator", "spec_version": "2.1", "created": "2026-01-01T00:00:00.000Z",
            "modified": "2026-01-01T00:00:00.000Z", "name": "DEMO " + " ".join(words[:4]),
            "id": "indicator--%s" % uuid.UUID(int=chance.getrandbits(128), version=4),
            "description": " ".join(words), "pattern_type": "stix",
            "pattern": "[domain-name:value = '%s']" % name,
            "valid_from": "2026-01-01T00:00:00.000Z"}


def write(path, begin, end, table):
    chance = random.Random(begin)
    texts = []
    with open(path, "w", encoding="utf-8") as file:
        for n in range(begin, end):
            item = row(n, chance)
            file.write(json.dumps(item, ensure_ascii=False) + "\n")
            texts.append((item["name"] + " " + item["description"] + " " + item["pattern"],))
            if len(texts) == 10000 or n == end - 1:
                table.executemany("INSERT INTO texts (text) VALUES (?)", texts)
                texts.clear()
    table.commit()


class Client:
    def __init__(self, node, token):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        host, port = node.address.split("//")[1].rsplit(":", 1)
        self.connection = http.client.HTTPSConnection(host, int(port), context=context,
                                                      timeout=120)
        self.headers = {"Authorization": "Bearer " + token}

    def ask(self, method, path, body=None, **parameters):
        if parameters:
            path += "?" + urllib.parse.urlencode(parameters)
        began = time.perf_counter()
        self.connection.request(method, path, body=body, headers=self.headers)
        answer = self.connection.getresponse()
        data = answer.read()
        assert answer.status == 200, data
        return (time.perf_counter() - began) * 1000, data


def percentiles(times):
    times = sorted(times)
    return times[len(times) // 2], times[min(len(times) - 1, len(times) * 99 // 100)]


def timed(run):
    began = time.perf_counter()
    run()
    return (time.perf_counter() - began) * 1000


def search(client, table, lines, count):
    ok = True
    for what, word in QUERIES:
        if word:
            asked, needle = {"q": word}, word.split()[0]
        else:
            needle = "v%08d.example.org" % (count // 3)
            asked = {"value": needle}
        took = [client.ask("GET", "/api/v1/search", limit=100, **asked)[0] for _ in range(60)]
        middle, high = percentiles(took)
        like = timed(lambda: table.execute(
            "SELECT rowid FROM texts WHERE text LIKE ? ORDER BY rowid DESC LIMIT 100",
            ("%" + needle + "%",)).fetchall())
        grep = timed(lambda: subprocess.run(["grep", "-cF", needle, *lines], check=False,
                                            env={"LC_ALL": "C"}, stdout=subprocess.PIPE))
        ok &= sample.bar("%s: p50 %.1f ms, p99 %.1f ms (bar: <= 50); LIKE %.1f ms (%.1fx), "
                         "grep %.0f ms (%.0fx)" % (what, middle, high, like, like / middle,
                                                   grep, grep / middle), high <= 50)
    return ok


def lookup(client, count):
    chance, ok = random.Random(4), True
    for what, known in (("none known", 0), ("one of 100 known", 100)):
        values = ["u%08d.example.net" % chance.randrange(10**8) for _ in range(100000)]
        if known:
            values[::known] = ["v%08d.example.org" % chance.randrange(count)
                               for _ in values[::known]]
        body = "\n".join(values).encode()
        took = sorted(client.ask("POST", "/api/v1/lookup", body=body)[0] for _ in range(3))
        ok &= sample.bar("lookup of 100,000 values, %s: %.0f ms (bar: <= 1000)" %
                         (what, took[1]), took[1] <= 1000)
    return ok


def main():
    program, counts = sys.argv[1], [int(n) for n in sys.argv[2:]] or [10000, 1000000]
    folder = tempfile.mkdtemp(prefix="bongsu-")
    node = Node(program, os.path.join(folder, "gb"), "gb", "GBR").start()
    table = sqlite3.connect(os.path.join(folder, "peer.db"))
    table.execute("CREATE TABLE texts (text TEXT)")
    ok, held, lines = True, 0, []
    try:
        node.run("token", "create", "cli", "--rights", "read,import", "--save")
        token = node.json("token", "create", "bench", "--rights", "read")["token"]
        for count in counts:
            lines.append(os.path.join(folder, "%d.ndjson" % count))
            write(lines[-1], held, count, table)
            began = time.perf_counter()
            node.json("import", lines[-1])
            rate = (count - held) / (time.perf_counter() - began)
            print("  %d objects held, import %.0f/s, memory %.0f MB, store %.0f MB" % (
                count, rate, sample.memory_mib(node.process.pid, "VmRSS"),
                os.path.getsize(os.path.join(node.folder, "store.db")) / 1e6), flush=True)
            held, client = count, Client(node, token)
            ok &= search(client, table, lines, count)
            ok &= lookup(client, count)
    finally:
        node.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
