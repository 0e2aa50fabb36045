# SPDX-License-Identifier: Apache-2.0
"""Usage: test_agency_walk.py BONGSU [WALKS [SEED]]

P1: two nodes that differ only in what is withheld from an agency answer it alike. One holds the
withheld rows of every kind, among the others; the other never held them. A seeded walk over all
that the agency may ask compares status, headers and bodies byte by byte. Times are those of two
clocks: each is replaced by its rank among all times that the walk has seen, and names of equal
length stand for them, so that order, equality and lengths are compared still."""
import http.client
import json
import random
import re
import ssl
import sys
import urllib.parse

import made
import tap

STEPS = 300
TIME = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
LEVELS = ("green", "green", "amber", "strict")


def newer(row):
    """A later version that goes nowhere."""
    return dict(row, description="DEMO withheld", modified="2026-02-02T00:00:00.000Z",
                object_marking_refs=[made.TLP["red"]])


def observed(name):
    return {"type": "domain-name", "spec_version": "2.1",
            "id": made.identify("domain-name", name), "value": name + ".example.org"}


class Story:
    """What happens on the nodes, in order: (does the other node do it too, what, with what,
    and before it with what on the one node)."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.steps, self.released, self.withheld = [], [], []
        self.kept = []  # of what was released, what the agency still has
        self.n = 0

    def name(self, kind):
        self.n += 1
        return "walk-%s-%d" % (kind, self.n)

    def some(self, kind, number, ends):
        """Rows of one fate: some hold values, some refer to rows of the same fate."""
        rows = []
        for _ in range(number):
            level = self.chance.choice(LEVELS)
            what = self.chance.randrange(5)
            name = self.name(kind)
            old = ends + rows
            tied = [row for row in old if row["type"] in ("indicator", "malware")]
            if what == 0 and len(tied) > 1:
                one, two = self.chance.sample(tied, 2)
                rows.append(made.relate(name, one, two, level))
            elif what == 1 and old:
                rows.append(made.report(name, self.chance.sample(old, 1), level))
            elif what == 2:
                rows.append(observed(name))
            elif what == 3:
                rows.append(made.malware(name, level))
            else:
                rows.append(made.indicator(name, level))
        return rows

    def withhold(self):
        """Rows that the agency is denied, or never released."""
        red = made.indicator(self.name("red"), "red")
        past = made.releasability(self.name("mark"), expires="2020-01-01T00:00:00Z")
        rows = [red, past, made.indicator(self.name("past"), "green", past["id"]),
                made.indicator(self.name("two"), "green", "clear")]
        known = [row for row in self.kept if row["type"] != "relationship"]
        if known:
            known = self.chance.choice(known)
            rows.append(made.relate(self.name("tied"), known, red, "green"))
            rows.append(made.report(self.name("told"), [known, red], "green"))
            # The same value, the same id from a third party, a newer version.
            rows.append(dict(made.malware(self.name("same"), "red"), name="DEMO same"))
            if "modified" in known:
                self.steps.append((False, "import", [newer(known)]))
        denied = rows + self.some("denied", 3, rows[:1])
        self.chance.shuffle(denied)
        self.withheld += denied
        self.steps.append((False, "import", denied))
        tried = [row for row in denied if row in rows and row is not past]
        self.steps.append((False, "try", tried))
        self.steps.append((False, "foreign", [made.indicator(self.name("kr"), "strict")]))
        self.steps.append((False, "other", [self.chance.choice(denied)] +
                           self.some("brought", 2, [])))

    def give(self):
        """Some rows go by name, others because a report that goes names them. On one node a
        withheld report names one of them too, and is asked for first."""
        rows = self.some("given", self.chance.randrange(4, 9), self.kept)
        holder = made.report(self.name("holds"), self.chance.sample(rows, len(rows)), "clear")
        red = made.report(self.name("knows"), self.chance.sample(rows, 1), "red")
        self.steps.append((True, "import", rows + [holder]))
        self.steps.append((False, "import", [red]))
        self.steps.append((True, "release", rows[:1] + [holder], [red]))
        self.released += rows + [holder]
        self.kept += rows + [holder]
        self.withheld.append(red)

    def tell(self):
        for _ in range(self.chance.randrange(4, 7)):
            self.withhold()
            self.give()
            if self.chance.randrange(3) == 0:
                mine = self.some("mine", 2, [])
                self.steps.append((True, "mine", mine))
            if self.chance.randrange(3) == 0:
                gone = self.kept.pop(self.chance.randrange(len(self.kept)))
                self.steps.append((True, "recall", [gone]))
            if self.chance.randrange(3) == 0:
                self.steps.append((False, "recall", [self.chance.choice(self.withheld)]))
        return self


class Side:
    """One node with the agency's token, on one connection."""

    def __init__(self, node):
        self.node = node
        node.start()
        node.run("token", "create", "officer", "--save", "--rights",
                 "read,import,release,recall")
        self.tokens = {}
        for name in ("ncsc", "nca"):
            node.run("recipient", "add", name)
            self.tokens[name] = node.json("token", "create", name, "--rights", "read,import",
                                          "--recipient", name)["token"]
        self.pages = []  # (status, headers, body) as they came
        self.received = []
        self.next = 0
        self.connect()

    def connect(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        host, port = self.node.address.split("//")[1].rsplit(":", 1)
        self.connection = http.client.HTTPSConnection(host, int(port), context=context,
                                                      timeout=60)

    def do(self, what, rows):
        ids, data = [row["id"] for row in rows], made.lines(rows)
        if what == "import":
            self.node.json("import", "-", "--handling", "green", data=data)
        elif what == "foreign":
            self.node.json("import", "-", "--originator", "kr", data=data)
        elif what in ("mine", "other"):
            name = "ncsc" if what == "mine" else "nca"
            self.ask("POST", "/api/v1/imports?handling=green", data, name)
        elif what in ("release", "try"):
            self.node.run("release", *ids, "--to", "gb/ncsc", "--json", check=False)
            self.node.run("release", *ids, "--to", "gb/nca", "--json", check=False)
        elif what == "recall":
            self.node.run("recall", *ids, check=False)
        else:
            raise ValueError(what)

    def ask(self, method, path, body=None, name="ncsc"):
        headers = {"Authorization": "Bearer " + self.tokens[name]}
        if method == "POST" and body is None:
            headers["Content-Length"] = "0"
        try:
            self.connection.request(method, path, body=body, headers=headers)
            answer = self.connection.getresponse()
        except (http.client.HTTPException, OSError):
            self.connect()
            self.connection.request(method, path, body=body, headers=headers)
            answer = self.connection.getresponse()
        data = answer.read()
        fields = [(key, value) for key, value in answer.getheaders() if key != "Date"]
        if name == "ncsc":
            self.pages.append((answer.status, fields, data))
            self.learn(data)
        return data

    def learn(self, data):
        """What a reader can use in its next question: times and the number of the next page."""
        self.received += [at for at in TIME.findall(data) if at not in self.received]
        found = re.search(rb'"next":(\d+)', data)
        self.next = int(found[1]) if found else 0

    def walk(self, step):
        method, path, parameters, body = step
        parameters = dict(parameters)
        if "since" in parameters:
            at = sorted(self.received)
            parameters["since"] = at[parameters["since"] % len(at)].decode() if at else ""
        if parameters.get("after") == "next":
            parameters["after"] = self.next
        given = urllib.parse.urlencode({key: value for key, value in parameters.items()
                                        if value != ""})
        self.ask(method, path + ("?" + given if given else ""), body)

    def normal(self):
        times = sorted({at for _, _, body in self.pages for at in TIME.findall(body)})
        names = {at: b"time-%022d" % n for n, at in enumerate(times)}
        return [(status, fields, TIME.sub(lambda at: names[at[0]], body))
                for status, fields, body in self.pages]


def questions(story, seed):
    """The walk: every route that answers the agency, asked about what it has, what it has not,
    and what nobody has."""
    chance = random.Random(seed)
    rows = story.released + story.withheld + [made.indicator("walk-nobody", "green")]
    for _ in range(STEPS):
        row = chance.choice(rows)
        value = "walk-%s-%d.example.org" % (chance.choice(("given", "denied", "red", "mine")),
                                             chance.randrange(story.n + 2))
        kind = chance.randrange(9)
        path = "/api/v1/objects"
        if kind == 0:
            yield "GET", path + "/" + row["id"], {
                "source": chance.choice(("", "gb", "kr", "gb/ncsc", "gb/nca"))}, None
        elif kind == 1:
            yield "GET", path + "/" + row["id"] + "/decision", {
                "to": chance.choice(("gb/ncsc", "ncsc", "gb/nca", "kr", "gb", ""))}, None
        elif kind == 2:
            values = [value, row["id"], row.get("value", "x"), "no[.]such"]
            yield "POST", "/api/v1/lookup", {}, "\n".join(values).encode()
        elif kind == 3:
            yield "GET", path, {"value": value, "limit": chance.randrange(4)}, None
        elif kind == 4:
            yield "GET", path, {"ref": row["id"]}, None
        elif kind == 5:
            yield "GET", path, {"since": chance.randrange(50),
                                "type": chance.choice(("", "indicator", "report"))}, None
        elif kind == 6:
            yield "GET", "/api/v1/status", {}, None
        else:
            yield "GET", path, {"limit": chance.randrange(5), "after": chance.choice(
                ("", "next", "next", 1, 7, 40, 100)), "type": chance.choice(
                    ("", "", "malware", "relationship", "domain-name")),
                "source": chance.choice(("", "", "gb", "gb/ncsc", "gb/nca", "kr"))}, None
    again = story.released[:3] + [story.withheld[0]]
    yield "POST", "/api/v1/imports", {"handling": "green"}, made.lines(again)
    for other in ("/api/v1/imports", "/api/v1/ledgers/kr/policy", "/api/v1/recipients",
                  "/api/v1/objects?misspelt=1", "/api/v1/nothing"):
        yield "GET", other, {}, None
    yield "GET", "/api/v1/objects", {"limit": 0}, None


def compare(full, bare):
    full, bare = full.normal(), bare.normal()
    assert len(full) == len(bare), (len(full), len(bare))
    for number, (one, other) in enumerate(zip(full, bare)):
        assert one == other, "answer %d:\n%r\n%r" % (number, one, other)
    answered = [status for status, _, _ in full]
    assert answered.count(200) > STEPS / 3 and 404 in answered and 403 in answered, answered


def walk(path, program, seed):
    story = Story(seed).tell()
    with tap.nodes(path, program, "walk-%d" % seed) as pair:
        pair.kr = type(pair.gb)(program, pair.path("bare"), "gb", "GBR")
        full, bare = Side(pair.gb), Side(pair.kr)
        for both, what, rows, *more in story.steps:
            full.do(what, sum(more, []) + rows)
            if both:
                bare.do(what, rows)
        for step in questions(story, seed):
            full.walk(step)
            bare.walk(step)
        compare(full, bare)
        held = [json.loads(side.node.run("status", "--json").stdout)["objects"]
                for side in (full, bare)]
        assert held[0] > held[1] + 20, held  # they do differ


def main():
    walks = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    first = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    suite = tap.Tap()
    with tap.folder() as path:
        for seed in range(first, first + walks):
            suite.case("V1 H3 a node that never held the rest answers alike, seed %d" % seed,
                       walk, path, sys.argv[1], seed)
    suite.end()


main()
