# SPDX-License-Identifier: Apache-2.0
"""Usage: test_withheld.py BONGSU

V1: nothing of what is withheld is in the partner's files, in the batch, or in an answer that
the partner can get; and what it gets does not depend on what is withheld."""
import glob
import hashlib
import json
import os
import re
import struct
import sys

import look
import made
import tap

PAST, FUTURE = "2020-01-01T00:00:00Z", "2120-01-01T00:00:00Z"
RULES = {"red": "R8", "british": "R7", "foreign": "R7", "expired": "R2", "embargoed": "R2",
         "controlled": "R9", "third": "R5", "unknown": "R1", "two-tlps": "R1",
         "related": "R10", "from-withheld": "R10", "sighted": "R8",
         "by-envelope": "R8", "observed": "R8"}


def released_rows():
    rows = [made.indicator("open-%d" % n, level)
            for n, level in enumerate(("clear", "green", "amber", "strict"))]
    rows.append(made.malware("open-malware", "green"))
    rows.append(made.relate("open-relation", rows[0], rows[4], "green"))
    rows.append(made.report("open-report", rows[:2], "green"))
    allied = made.releasability("open-allied", permitted_nationalities=["GBR", "KOR"])
    return rows + [allied, made.indicator("open-both", "green", allied["id"])]


def varied_rows(secret):
    """They go with a part taken out, under ids of the partner's own. The part is another one in
    each store, and what the report names besides is held in one of them only."""
    part = [{"selectors": ["description"], "marking_ref": made.TLP["red"]}]
    red = made.indicator("withheld-red", "red")
    return [made.indicator("varied-part", "green", granular_markings=part, description=secret),
            made.report("varied-report", [released_rows()[4], red], "clear")]


def withheld_rows():
    """Name of the case -> rows that exist for it. The row that gives the case its name has the
    decision's rule in RULES; a marking goes nowhere without what it marks."""
    marks = {"british": {"permitted_nationalities": ["GBR"]},
             "foreign": {"formal_determination": ["NF"]}, "expired": {"expires": PAST},
             "embargoed": {"embargo_until": FUTURE}, "controlled": {"orcon": True}}
    cases = {"red": [made.indicator("withheld-red", "red")]}
    for name, what in marks.items():
        mark = made.releasability("withheld-mark-" + name, **what)
        cases[name] = [made.indicator("withheld-" + name, "green", mark["id"]), mark]
    unknown = made.identify("marking-definition", "withheld-nobody-has-it")
    red, open_one = cases["red"][0], released_rows()[4]
    cases["unknown"] = [made.indicator("withheld-unknown", "green", unknown)]
    cases["two-tlps"] = [made.indicator("withheld-two-tlps", "green", "clear")]
    cases["related"] = [made.relate("withheld-related", red, open_one, "green")]
    cases["from-withheld"] = [made.relate("withheld-from", open_one, red, "green", verb="uses")]
    cases["sighted"] = [made.make("sighting", "withheld-sighted", "green", count=1,
                                  sighting_of_ref=red["id"])]
    return cases


def envelope_rows():
    """Unmarked: what restricts them is in the importer's word only."""
    name = {"type": "domain-name", "spec_version": "2.1",
            "id": made.identify("domain-name", "withheld-observed"),
            "value": "withheld-observed.example.org"}
    return {"by-envelope": [made.indicator("withheld-by-envelope")], "observed": [name]}


def third_rows():
    return {"third": [made.indicator("withheld-third", "green")]}


def needles(rows):
    """Everything that would betray a row: ids, names, values, digests."""
    found = set()
    for row in rows:
        found.add(row["id"].split("--")[1].encode())
        for key in ("name", "value", "description"):
            if key in row:
                found.add(row[key].replace("DEMO ", "").encode())
        digest = hashlib.sha256(json.dumps(row, ensure_ascii=False).encode())
        found.update((digest.digest(), digest.hexdigest().encode()))
    return found


def search(data, wanted, where):
    seen = sorted(needle for needle in wanted if needle in data)
    assert not seen, "%s holds %r" % (where, seen[:3])


def files_of(pair, party):
    for path in sorted(glob.glob(pair.path(party + "*"))):
        if os.path.isdir(path):
            for name in sorted(os.listdir(path)):
                if os.path.isfile(os.path.join(path, name)):
                    yield os.path.join(path, name)
        else:
            yield path


def read_batch(data):
    """[(frame type, content)] of a batch, everything random or dated taken out."""
    magic, rest = data.split(b"\n", 1)
    assert magic == b"bongsu-batch/1", magic
    frames = []
    while rest:
        kind, size = struct.unpack(">BI", rest[:5])
        body, rest = rest[5:5 + size], rest[5 + size:]
        if kind in (1, 3):  # header, entry
            body = plain(json.loads(body))
        elif kind == 5:  # checkpoint: origin and size
            body = body.split(b"\n")[:2]
        elif kind == 6:  # payload: index, leaf, 32 bytes of salt, object
            body = (body[:10], body[42:])
        elif kind in (0, 2):  # digest, cosigned note: there, and no more
            body = None
        frames.append((kind, body))
    return frames


def plain(value):
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()
                if key not in ("t", "id", "deadline")}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return "hash" if isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value) else value


class Side:
    """A pair of nodes whose GB holds the released rows and, if asked, the withheld ones."""

    def __init__(self, pair, with_withheld):
        self.pair, self.gb, self.kr = pair, pair.gb, pair.kr
        self.cases = {}
        self.batch = pair.path("released.batch")
        if with_withheld:
            self.cases = {**withheld_rows(), **envelope_rows(), **third_rows()}
        self.rows = [row for rows in self.cases.values() for row in rows]
        self.varied = varied_rows("withheld-text-%d" % bool(with_withheld))
        self.needles = needles(self.rows) | {b"withheld-text"} | {
            row["id"].split("--")[1].encode() for row in self.varied}

    def fill(self):
        """The withheld rows stand between the others, before and behind them."""
        rows = released_rows() + self.varied
        if self.cases:
            marked = [row for case in withheld_rows().values() for row in case]
            rows = marked[::2] + rows[:4] + marked[1::2] + rows[4:]
            for case, how in ((envelope_rows(), ("--handling", "red")),
                              (third_rows(), ("--originator", "us"))):
                data = made.lines(row for rows in case.values() for row in rows)
                self.gb.run("import", "-", *how, data=data)
        self.gb.run("import", "-", data=made.bundle(rows))

        look.write(self.gb, "INSERT INTO variant_key VALUES ('kr', ?)", b"k" * 32)

    def release_by_file(self):
        for node, other in ((self.gb, "kr"), (self.kr, "gb")):
            node.run("link", "pause", other)
        answer = self.gb.json("release", "--all", "--to", "kr")
        assert answer["released"] == len(released_rows()) + 2, answer
        self.gb.run("link", "export", "kr", "--out", self.batch)
        self.kr.run("link", "import", self.batch)
        self.gb.run("link", "resume", "kr")  # KR stays paused: only the tests push to GB
        return answer


def reasons(side, answer):
    found = {row["id"]: row["rule"] for row in answer["withheld"]}
    for name, rule in RULES.items():
        want, got = rule, found.get(side.cases[name][0]["id"])
        assert want == got, "%s: %s, not %s" % (name, got, want)


def in_the_open(side):
    """The search finds what is there: else its silence would prove nothing."""
    home = b"".join(open(path, "rb").read() for path in files_of(side.pair, "gb"))
    for needle in side.needles:
        is_digest = len(needle) in (32, 64) and b"." not in needle and b"-" not in needle
        assert is_digest or needle in home, needle
    away = b"".join(open(path, "rb").read() for path in files_of(side.pair, "kr"))
    for row in released_rows():
        assert row["id"].encode() in away, row["id"]
    assert b"varied-part" in away and b"varied-report" in away


def not_in_files(side):
    for path in list(files_of(side.pair, "kr")) + [side.batch]:
        with open(path, "rb") as file:
            search(file.read(), side.needles, path)


def not_at_the_partner(side):
    for row in side.rows:
        assert side.kr.run("show", row["id"], check=False).returncode == 1, row["id"]
        assert side.kr.run("find", "--ref", row["id"], check=False).returncode in (0, 1)
        for text in (row.get("value"), row.get("name", "").replace("DEMO ", "")):
            if text:
                done = side.kr.run("lookup", text, text + ".example.org", check=False)
                assert done.returncode == 1, (text, done.stdout)
    for args in (("find", "--json"), ("status", "--json"), ("ledger", "evidence", "gb"),
                 ("release", "--all", "--to", "gb", "--preview", "--json")):
        done = side.kr.run(*args, check=False)
        search(done.stdout + done.stderr, side.needles, args[0])


def only_the_batch_answers(side, certificate, name):
    """Requests of somebody with a certificate, or with none, to every route over TCP."""
    for method, pattern in look.routes():
        for segment in ("kr", "gb", side.cases["red"][0]["id"]):
            path = pattern.replace("{}", segment).replace("{*}", "0/000")
            for headers in ({}, {"Authorization": "Bearer nonsense"}):
                headers = dict(headers, **({"Content-Length": "0"} if method == "POST" else {}))
                status, body = look.ask(side.gb, method, path, None, certificate, headers)
                search(body, side.needles, "%s %s" % (method, path))
                is_ours = certificate and path.startswith("/link/v1/")
                want = (401, 403) if not is_ours else (400,) if method == "POST" else (404,)
                if path == "/healthz":  # for anybody, and one word
                    assert body == b"ok\n", body
                    want = (200,)
                assert status in want, "%s: %s %s: %d" % (name, method, path, status)


def no_other_route(side, certificate):
    for path in ("/", "/api", "/api/v1", "/api/v1/objects/", "/link/v1", "/link/v1/batch/kr",
                 "/../store.db", "/store.db", "/api/v2/objects"):
        status, body = look.ask(side.gb, "GET", path, None, certificate)
        search(body, side.needles, path)
        assert status in (400, 401, 403, 404, 405), (path, status)
    status, _ = look.ask(side.gb, "GET", "/link/v1/batch", None, certificate)
    assert status == 405, status


def the_logs_themselves(side, certificate):
    """The pair's two logs by the hashes of their origins: entries say nothing of an object."""
    for origin in ("node.gb.example/live/ledger/kr/1", "node.kr.example/live/ledger/gb/1"):
        base = "/link/v1/ledger/%s/" % hashlib.sha256(origin.encode()).hexdigest()
        width = 0
        for path in ("checkpoint", "checkpoint/cosigned"):
            status, body = look.ask(side.gb, "GET", base + path, None, certificate)
            assert status == 200 and body.startswith(origin.encode()), (path, status)
            search(body, side.needles, path)
            width = int(body.split(b"\n")[1])
        for path in ("tile/0/000.p/%d", "tile/entries/000.p/%d"):
            status, body = look.ask(side.gb, "GET", base + path % width, None, certificate)
            assert status == 200 and body, (path, width, status)
            search(body, side.needles, path)
            status, _ = look.ask(side.gb, "GET", base + path % width, None, None)
            assert status == 403, status


def the_batch_itself(side, certificate):
    """What a partner may do: push its batch. The answer, and refusals, betray nothing."""
    path = side.pair.path("answer.batch")
    side.kr.run("link", "export", "gb", "--out", path)
    with open(path, "rb") as file:
        data = file.read()
    status, body = look.ask(side.gb, "POST", "/link/v1/batch", data, certificate)
    assert status == 200 and body.startswith(b"bongsu-batch/1\n"), (status, body[:200])
    search(body, side.needles, "the answer")
    for broken in (data[:-1], data[:60], data.replace(b"live", b"dead"), b"x"):
        status, body = look.ask(side.gb, "POST", "/link/v1/batch", broken, certificate)
        assert status in (400, 403, 409, 422), (status, body)
        search(body, side.needles, "a refusal")


def same_batch(one, other):
    texts = []
    for side in (one, other):
        with open(side.batch, "rb") as file:
            texts.append(file.read())
    first, second = (read_batch(text) for text in texts)
    payloads = [row for row in first if row[0] == 6]
    assert len(payloads) == len(released_rows()) + 2, len(payloads)
    assert len(texts[0]) == len(texts[1]), [len(text) for text in texts]
    for mine, theirs in zip(first, second):
        assert mine == theirs, (mine, theirs)


def same_partner(one, other):
    """The two partners hold the same: rows, their order, what they say when asked."""
    for table in look.TABLES:
        assert look.counts(one.kr, [table]) == look.counts(other.kr, [table]), table
    found = []
    for side in (one, other):
        rows = look.query(side.kr, """SELECT v.seq, v.id, v.source, v.originator, v.handling,
            b.bytes FROM object_version v JOIN object_bytes b ON b.seq = v.seq
            ORDER BY v.seq""")
        status = side.kr.json("status")["links"][0]
        found.append((rows, {key: status[key] for key in status if key not in (
            "contact", "address", "fail_closed_s")}))
    assert found[0] == found[1], found


def main(program):
    cases = tap.Tap()
    with tap.folder() as path, tap.linked(path, program, "a") as first, \
            tap.linked(path, program, "b") as second:
        side, bare = Side(first, True), Side(second, False)
        answers = []
        for one in (side, bare):
            cases.case("import, release and carry across", lambda now=one: (
                now.fill(), answers.append(now.release_by_file())))
        if cases.failed:
            cases.end()
        theirs = look.certificate_of(first.kr)
        rows = (("V1 each row is withheld by its rule", reasons, side, answers[0]),
                ("the search finds what is there", in_the_open, side),
                ("V1 H1 not in the partner's files, nor in the batch", not_in_files, side),
                ("V1 not in any answer of the partner's node", not_at_the_partner, side),
                ("V1 the batch is the same without what is withheld", same_batch, side, bare),
                ("V1 the partner is the same without what is withheld",
                 same_partner, side, bare),
                ("V1 U1 with the partner's certificate only the link answers",
                 only_the_batch_answers, side, theirs, "partner"),
                ("V1 U1 without a certificate nothing answers",
                 only_the_batch_answers, side, None, "nobody"),
                ("V1 no other address answers", no_other_route, side, theirs),
                ("V1 a pushed batch is answered without it", the_batch_itself, side, theirs))
        for name, run, *args in rows:
            cases.case(name, run, *args)
        for node, other in ((side.gb, "kr"), (side.kr, "gb")):
            node.run("link", "resume", other)
        cases.case("the link settles", first.wait_settled)
        cases.case("V1 nor in the partner's files after that", not_in_files, side)
        cases.case("V1 nor in the pair's logs as the partner may read them",
                   the_logs_themselves, side, theirs)
    cases.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
