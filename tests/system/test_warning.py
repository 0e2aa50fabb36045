# SPDX-License-Identifier: Apache-2.0
"""Usage: test_warning.py BONGSU

Warning lists over a real node: adding, switching, removing, what a look-up says, and all the
lists that MISP publishes, against a reader that shares no code with the node's."""
import gzip
import ipaddress
import json
import os
import random
import sys
import threading
import time

import look
import made
import tap

LISTS = os.path.join(tap.DATA, "lists", "warninglists", "lists")
SITES = {"name": "DEMO sites", "version": 2, "type": "hostname", "description": "",
         "matching_attributes": ["domain", "hostname", "url"],
         "list": [".example.org", "update.example.com"]}
NETS = {"name": "DEMO nets: https://example.net/x y", "version": 1, "type": "cidr",
        "matching_attributes": ["ip-src", "ip-dst"],
        "list": ["192.0.2.0/24", "2001:DB8::/32", "no network"]}
PATTERNS = {"name": "DEMO patterns", "version": 1, "type": "regex",
            "matching_attributes": ["email-src"],
            "list": ["/^(abuse|soc)\\@.*\\..*$/i", "(b+)+$", "/(/"]}
HELD = made.make("indicator", "warned", "green", name="DEMO", pattern_type="stix",
                 pattern="[ipv4-addr:value = '192.0.2.7']", valid_from=made.MADE)
BAD = (
    (b"", "byte 0"), (b"[]", "JSON object"), (b'{"name":"a"', "byte"),
    (b'{"version":1}', "name"),
    (b'{"name":"a","list":[]}', "version"), (b'{"name":"a","version":1}', "list"),
    (b'{"name":"a","version":1,"list":[1]}', "texts"),
    (b'{"name":"a","version":1,"type":"magic","list":[]}', "type"),
    (b'{"name":"a","name":"b","version":1,"list":[]}', "byte"),
)


def text(rows):
    return json.dumps(rows).encode()


class Suite:
    def __init__(self, node, path):
        self.node = node
        self.path = path

    def add(self, *lists):
        files = []
        for row in lists:
            number = len(os.listdir(self.path))
            files.append(os.path.join(self.path, "list%d" % number))
            with open(files[-1], "wb") as out:
                out.write(gzip.compress(text(row)) if number % 2 else text(row))
        return self.node.run("warning", "add", *files).stdout.decode()

    def check(self, *values, options=()):
        done = self.node.run("warning", "check", "-", "--json", *options, check=False,
                             data="\n".join(values).encode())
        assert done.returncode in (0, 1), done
        return [[(one["list"], one["entry"], one["why"]) for one in json.loads(line)["warning"]]
                for line in done.stdout.decode().splitlines()]

    def rows(self):
        return {row["name"]: row for row in self.node.json("warning", "list")["warninglists"]}

    def added(self):
        said = self.add(SITES, NETS, PATTERNS)
        assert "DEMO sites: version 2, 2 entries, 0 of them" in said, said
        rows = self.rows()
        assert [rows[row["name"]]["unmatched"] for row in (SITES, NETS, PATTERNS)] == [0, 1, 1]
        assert all(row["enabled"] for row in rows.values())
        assert rows["DEMO sites"]["type"] == "hostname" and rows["DEMO sites"]["version"] == 2
        said = self.add(SITES)
        assert "already" in said, said
        said = self.node.run("warning", "list", "--lang", "ko").stdout.decode()
        assert "DEMO nets: https://example.net/x y" in said and "항목 3개" in said, said

    def asked(self):
        nets, sites = NETS["name"], SITES["name"]
        assert self.check("WWW.Example[.]org", "example.org", "example.com",
                          "hxxp://example.org/", "192.0.2.255", "192.0.2.128/25",
                          "2001:db8::7", "192.0.3.1") == [
            [(sites, "example.org", "below")], [(sites, "example.org", "equal")], [],
            [(sites, "example.org", "host")], [(nets, "192.0.2.0/24", "inside")],
            [(nets, "192.0.2.0/24", "inside")], [(nets, "2001:db8::/32", "inside")], []]
        assert self.check("abuse@example.net", "a.abuse@example.net", "abuse.example.net",
                          "b" * 40 + "!@example.net") == [
            [(PATTERNS["name"], PATTERNS["list"][0], "pattern")], [], [],
            [(PATTERNS["name"], PATTERNS["list"][1], "undecided")]]
        done = self.node.run("warning", "check", "soc@example.net", "--lang", "ko")
        assert "정규식에 일치" in done.stdout.decode(), done
        done = self.node.run("warning", "check", "192.0.2.1")
        assert b'on the warning list "DEMO nets' in done.stdout, done
        done = self.node.run("warning", "check", "192.0.2.1", "198.51.100.1", "--lang", "ko",
                             check=False)
        assert done.returncode == 1 and "경고 목록에 없음" in done.stdout.decode(), done

    def looked_up(self):
        self.node.json("import", "-", data=made.lines([HELD]))
        done = self.node.run("lookup", "192.0.2.7", "198.51.100.9", "--json", check=False)
        first, second = [json.loads(line) for line in done.stdout.decode().splitlines()]
        assert first["found"] and first["warning"] == [
            {"list": NETS["name"], "entry": "192.0.2.0/24", "why": "inside"}], first
        assert not second["found"] and second["warning"] == [], second
        done = self.node.run("lookup", "192.0.2.7", "--lang", "ko")
        assert "경고 목록" in done.stdout.decode() and HELD["id"] in done.stdout.decode(), done

    def previewed(self):
        """What an import would bring, and which of it is on a list."""
        report = b"Seen: 192[.]0[.]2[.]33 and hxxp://www.example[.]org/x, not 198.51.100.3"
        told = self.node.json("import", "-", "--preview", data=report)
        listed = {row["value"]: [one["why"] for one in row["warning"]]
                  for row in told["objects"] if "warning" in row}
        assert listed == {"192.0.2.33": ["inside"], "http://www.example.org/x": ["host"]}, told
        done = self.node.run("import", "-", "--preview", "--lang", "ko", data=report)
        assert "경고 목록" in done.stdout.decode(), done

    def switched(self):
        for name in (NETS["name"], str(self.rows()[NETS["name"]]["id"])):
            self.node.run("warning", "disable", name)
            assert self.check("192.0.2.1") == [[]]
            assert not self.rows()[NETS["name"]]["enabled"]
            self.node.run("warning", "enable", name)
            assert self.check("192.0.2.1") != [[]]

    def replaced(self):
        """A list is replaced as a whole, stays as enabled as it was, and never goes back."""
        self.node.run("warning", "disable", "DEMO sites")
        self.add(dict(SITES, version=3, list=["other.example"]))
        assert self.rows()["DEMO sites"]["version"] == 3
        assert not self.rows()["DEMO sites"]["enabled"]
        self.node.run("warning", "enable", "DEMO sites")
        assert self.check("example.org", "a.other.example") == [
            [], [("DEMO sites", "other.example", "below")]]
        done = self.node.run("warning", "add", "-", data=text(SITES), check=False)
        assert done.returncode == 3 and b"later version" in done.stderr, done
        assert self.rows()["DEMO sites"]["version"] == 3

    def bad_input(self):
        before = self.rows()
        for body, what in BAD:
            done = self.node.run("warning", "add", "-", data=body, check=False)
            assert done.returncode == 4 and what.encode() in done.stderr, (body, done)
            assert len(done.stderr.splitlines()) == 1, done
        assert self.rows() == before
        cut = os.path.join(self.path, "cut.gz")
        with open(cut, "wb") as out:
            out.write(gzip.compress(text(SITES))[:-9])
        for args, code in ((("add", cut), 4), (("add", cut + ".not"), 4),
                           (("remove", "nothing"), 4), (("check",), 2), (("add",), 2),
                           (("enable", "99999"), 4), (("burn", "x"), 2), (("list", "x"), 2)):
            done = self.node.run("warning", *args, check=False)
            assert done.returncode == code, (args, done)

    def refused(self):
        """U1: reading is for who may read, changing for who may import."""
        token = self.node.json("token", "create", "warn-reader", "--rights", "read")["token"]
        header = {"Authorization": "Bearer " + token}
        number = self.rows()["DEMO sites"]["id"]
        path = "/api/v1/warninglists"
        for method, where, want in (("GET", "", 200), ("POST", "", 403),
                                    ("DELETE", "/%d" % number, 403),
                                    ("POST", "/%d/enable" % number, 403),
                                    ("POST", "/%d/disable" % number, 403),
                                    ("POST", "/check", 200)):
            body = b"192.0.2.1" if want == 200 and method == "POST" else None
            status, answer = look.ask(self.node, method, path + where, body=body,
                                      headers=header)
            assert status == want, (method, where, status, answer)

    def audited(self):
        """U1: every change has its event, what changes nothing has none."""
        events = [row[0] for row in look.query(
            self.node, "SELECT action FROM audit WHERE target = 'DEMO sites' ORDER BY seq")]
        assert events == ["warning." + what for what in (
            "put", "disable", "put", "enable")], events

    def kept(self):
        self.node.stop()
        self.node.start()
        assert self.check("192.0.2.1") == [[(NETS["name"], "192.0.2.0/24", "inside")]]
        for name in list(self.rows()):
            self.node.run("warning", "remove", name)
        assert self.rows() == {} and self.check("192.0.2.1") == [[]]

    def together(self):
        """Look-ups while lists change see the lists before or after, never a part."""
        both, ended = [], []
        names = ["DEMO %d" % i for i in range(2)]

        def ask():
            while not ended:
                both.append(len(self.check("a.example")[0]))
        self.add(dict(SITES, name=names[0], list=["example"]))
        asking = [threading.Thread(target=ask) for _ in range(3)]
        for one in asking:
            one.start()
        for _ in range(10):
            self.add(dict(SITES, name=names[1], list=["example"]))
            self.node.run("warning", "remove", names[1])
        ended.append(True)
        for one in asking:
            one.join()
        assert both and set(both) <= {1, 2}, set(both)
        self.node.run("warning", "remove", names[0])


def read_lists():
    """Every list that MISP publishes, by Python's own reader."""
    found = []
    for folder in sorted(os.listdir(LISTS)):
        for name in os.listdir(os.path.join(LISTS, folder)):
            path = os.path.join(LISTS, folder, name)
            with (gzip.open if name.endswith(".gz") else open)(path, "rb") as data:
                found.append(json.loads(data.read()))
    return found


class Oracle:
    """What the lists say of host names and addresses, with sets and Python's ipaddress."""

    def __init__(self, lists):
        self.names, self.below, self.nets = [], [], []
        for row in lists:
            about = set(row["matching_attributes"])
            entries = {entry.strip().lower() for entry in row["list"]}
            if about & {"domain", "hostname", "domain|ip"}:
                if row["type"] == "string":
                    self.names.append((row["name"], entries))
                elif row["type"] == "hostname":
                    self.below.append((row["name"], {one.lstrip(".") for one in entries}))
            if row["type"] == "cidr":
                nets = {}
                for net in [ipaddress.ip_network(one, strict=False) for one in row["list"]]:
                    if net.version == 6 and net.network_address.ipv4_mapped:
                        net = ipaddress.ip_network(
                            (int(net.network_address) & 0xffffffff, net.prefixlen - 96))
                    nets.setdefault((net.version, net.prefixlen), set()).add(
                        int(net.network_address))
                self.nets.append((row["name"], nets))

    def of_name(self, name):
        labels = name.split(".")
        above = {".".join(labels[i:]) for i in range(len(labels))}
        return ({title for title, entries in self.names if name in entries} |
                {title for title, entries in self.below if above & entries})

    def of_address(self, address):
        bits = address.max_prefixlen
        return {title for title, nets in self.nets for (version, length), starts in nets.items()
                if version == address.version and
                (int(address) >> (bits - length) << (bits - length)) in starts}


class Published:
    def __init__(self, suite):
        self.suite = suite
        self.node = suite.node
        self.lists = []

    def loaded(self):
        tap.needs_data()
        self.lists = read_lists()
        began = time.monotonic()
        for at in range(0, len(self.lists), 40):
            self.suite.add(*self.lists[at:at + 40])
        added = time.monotonic()
        self.suite.check("example.org")
        made_in = time.monotonic()
        rows = self.suite.rows()
        assert len(rows) == len(self.lists) == 134, len(rows)
        for row in self.lists:
            held = rows[row["name"]]
            assert (held["entries"], held["version"], held["type"]) == (
                len(row["list"]), row["version"], row["type"]), held
        entries = sum(row["entries"] for row in rows.values())
        assert entries == sum(len(row["list"]) for row in self.lists) == 444188, entries
        unmatched = {name: row["unmatched"] for name, row in rows.items() if row["unmatched"]}
        tap.say("134 lists, %d entries added in %.1f s, the first question after %.2f s, "
                "%d KiB resident; match nothing: %s" % (entries, added - began, made_in - added,
                                                 resident_kib(self.node), unmatched))
        assert rows["Unattributed phone number."]["unmatched"] == 0
        assert resident_kib(self.node) < 512 * 1024

    def agreed(self):
        tap.needs_data()
        oracle, chance = Oracle(self.lists), random.Random(20261124)
        names = sorted({one.strip(".").lower() for row in self.lists
                        if row["type"] in ("string", "hostname") and
                        "domain" in row["matching_attributes"] for one in row["list"]})
        names = [name for name in names if name.isascii() and "." in name]
        values = chance.sample(names, 3000)
        values += ["host%d.%s" % (chance.randrange(9), chance.choice(names))
                   for _ in range(3000)]
        values += ["x" + chance.choice(names) for _ in range(1000)]
        addresses = [ipaddress.ip_address(chance.randrange(1 << 32)) for _ in range(3000)]
        nets = [one for row in self.lists if row["type"] == "cidr" for one in row["list"]]
        for one in chance.sample(nets, 3000):
            net = ipaddress.ip_network(one, strict=False)
            if net.version == 6 and net.network_address.ipv4_mapped:
                continue
            addresses.append(net[chance.randrange(net.num_addresses)])
        found = self.suite.check(*values, *[str(one) for one in addresses])
        parts = {row["name"] for row in self.lists if row["type"] == "substring"}
        hits = 0
        for value, got in zip(values + addresses, found):
            want = (oracle.of_name(value) if isinstance(value, str) else
                    oracle.of_address(value))
            have = {one[0] for one in got} - parts
            assert have == want, (value, have ^ want)
            hits += bool(want)
        assert hits > 5000, hits

    def looked_up(self):
        tap.needs_data()
        values = "\n".join("host%d.example%d.net" % (i, i % 97) for i in range(100000)).encode()
        began = time.monotonic()
        done = self.node.run("lookup", "-", "--json", data=values, check=False)
        took = time.monotonic() - began
        assert done.stdout.count(b"\n") == 100000, done.stderr
        tap.say("100,000 values looked up in %.2f s beside all lists" % took)


def resident_kib(node):
    with open("/proc/%d/status" % node.process.pid, encoding="ascii") as status:
        for line in status:
            if line.startswith("VmRSS"):
                return int(line.split()[1])
    return 0


def main():
    suite = tap.Tap()
    with tap.folder() as path, tap.nodes(path, sys.argv[1]) as pair:
        pair.start()
        pair.tokens()
        os.mkdir(os.path.join(path, "lists"))
        run = Suite(pair.gb, os.path.join(path, "lists"))
        suite.case("lists are added, the same again changes nothing", run.added)
        suite.case("values are on lists, and it is said why", run.asked)
        suite.case("a look-up says it too", run.looked_up)
        suite.case("a preview of an import says it", run.previewed)
        suite.case("a list is switched off and on, by name or number", run.switched)
        suite.case("a later version replaces the whole list", run.replaced)
        suite.case("U1 who may change lists", run.refused)
        suite.case("U1 every change has its audit event", run.audited)
        suite.case("bad input is one clear answer", run.bad_input)
        suite.case("lists are kept, and removed", run.kept)
        suite.case("look-ups beside changes see whole lists", run.together)
        all_lists = Published(run)
        suite.case("all published lists load with an independent reader's counts",
                   all_lists.loaded)
        suite.case("names and addresses are on the lists that another reader says",
                   all_lists.agreed)
        suite.case("100,000 values beside all lists", all_lists.looked_up)
    suite.end()


main()
