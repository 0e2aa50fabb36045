# SPDX-License-Identifier: Apache-2.0
"""Usage: test_taxii.py BONGSU

TAXII 2.1 as a client sees it. The ids are those of docs/formats/taxii.md."""
import base64
import json
import os
import re
import socket
import ssl
import sys
import warnings

import look
import made
import pair
import tap
import taxii
from taxii import ROOT

STAMP = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")


def version(row, day):
    return dict(row, modified="2026-01-%02dT00:00:00.000Z" % day)


class Suite(taxii.Shelf):
    def transport(self):
        host, port = self.node.address.split("//")[1].rsplit(":", 1)
        for most, works in ((ssl.TLSVersion.TLSv1_3, True), (ssl.TLSVersion.TLSv1_1, False)):
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                context.maximum_version = most
            try:
                with socket.create_connection((host, int(port))) as plain:
                    with context.wrap_socket(plain) as tls:
                        assert works and tls.version() == "TLSv1.3", tls.version()
            except ssl.SSLError:
                assert not works
        with socket.create_connection((host, int(port)), timeout=10) as plain:
            plain.sendall(b"GET /taxii2/ HTTP/1.1\r\nHost: a\r\n\r\n")
            assert b"200" not in plain.recv(4096)

    def media_types(self):
        good = ("*/*", taxii.MEDIA, "application/taxii+json", "application/*",
                "text/html, application/taxii+json; version=2.1;q=0.5",
                'application/taxii+json ; version="2.1"', "APPLICATION/TAXII+JSON;VERSION=2.1",
                "application/taxii+json;q=0.1;version=2.1", None)
        bad = ("application/json", "application/taxii+json;version=2.0", "text/html",
               "application/taxii+json;version=2.1;q=0", "application/*;q=0.0",
               "application/taxii+json;version=2.1;q=0, */*", "nonsense", ",")
        for accept in good:
            got = self.soc.ask("GET", "/taxii2/", headers={"Accept": accept})
            assert got.status == 200, (accept, got)
            assert got.headers["Content-Type"] == taxii.MEDIA
        for accept in bad:
            for path in ("/taxii2/", ROOT, self.path(), self.path("objects")):
                self.soc.refused(path, 406, headers={"Accept": accept})

    def content_types(self):
        body = json.dumps({"objects": []}).encode()
        for kind in ("application/json", "application/taxii+json;version=2.0", "text/plain",
                     "application/stix+json;version=2.1", "application/vnd.oasis.taxii+json"):
            self.soc.refused(self.path("objects", of=self.inbox), 415, "POST", body,
                             headers={"Content-Type": kind})
        for kind in (taxii.MEDIA, "application/taxii+json",
                     "application/taxii+json; version=2.1; charset=utf-8"):
            got = self.soc.ask("POST", self.path("objects", of=self.inbox), body,
                               headers={"Content-Type": kind})
            assert got.status == 202, (kind, got)

    def slashes(self):
        for path in ("/taxii2", ROOT[:-1], self.path()[:-1], self.path("objects")[:-1],
                     self.path("manifest")[:-1]):
            self.soc.refused(path, 404)

    def certificates(self):
        other = pair.Node(self.node.program, os.path.join(self.folder, "tool"), "fr", "FRA")
        tool = taxii.Account(self.node, "cert-tool", "soc", look.certificate_of(other))
        assert len(tool.all(self.path("objects"))) >= 7
        wrong = {"Authorization": "Basic " + base64.b64encode(b"cert-tool:x").decode()}
        tool.refused("/taxii2/", 401, headers=wrong)
        self.node.run("taxii", "account", "remove", "cert-tool")
        tool.refused("/taxii2/", 401)

    def discovery(self):
        found = self.soc.get("/taxii2/")
        assert found["title"] and found["default"] in found["api_roots"], found
        assert found["api_roots"] == [ROOT], found
        assert self.none.get("/taxii2/") == {"title": found["title"]}

    def root(self):
        found = self.soc.get(ROOT)
        assert found["title"] == "Main root" and found["versions"] == [taxii.MEDIA], found
        assert found["max_content_length"] == 8 * 1024 * 1024, found
        missing = self.soc.refused("/taxii2/nothing/", 404).body
        assert self.none.refused(ROOT, 404).body == missing

    def collections(self):
        found = self.soc.get(ROOT + "collections/")["collections"]
        assert [row["id"] for row in found] == [self.view, self.inbox, self.apart], found
        assert (found[0]["can_read"], found[0]["can_write"], found[0]["alias"]) == (
            True, False, "iocs")
        assert (found[1]["can_read"], found[1]["can_write"]) == (True, True)
        firm = self.firm.get(ROOT + "collections/")["collections"]
        assert [(row["id"], row["can_read"], row["can_write"]) for row in firm] == [
            (self.inbox, False, True)], firm
        one = self.soc.get(self.path())
        assert one == found[0] and self.soc.get(self.path(of="iocs")) == one
        assert one["media_types"] == ["application/stix+json;version=2.1"]
        unknown = self.firm.refused(ROOT + "collections/%s/" % made.identify("x", "y")[3:], 404)
        assert self.firm.refused(self.path(), 404).body == unknown.body
        self.firm.refused(self.path("objects"), 404)

    def objects(self):
        found = self.soc.get(self.path("objects"))
        assert found["objects"] == self.rows and found["more"] is False, found
        assert "next" not in found
        got = self.soc.ask("GET", self.path("objects"))
        assert got.body.count(json.dumps(self.rows[0]).encode()) == 1  # the bytes received
        first, last = (got.headers["X-TAXII-Date-Added-" + end] for end in ("First", "Last"))
        assert STAMP.match(first) and STAMP.match(last) and first < last, got.headers
        manifest = self.soc.get(self.path("manifest"))["objects"]
        assert (manifest[0]["date_added"], manifest[-1]["date_added"]) == (first, last)
        assert self.soc.get(self.path("objects", of="iocs")) == found

    def manifest(self):
        found = self.soc.get(self.path("manifest"))
        assert [row["id"] for row in found["objects"]] == [row["id"] for row in self.rows]
        for row in found["objects"]:
            assert set(row) == {"id", "date_added", "version", "media_type"}, row
            assert STAMP.match(row["date_added"]) and STAMP.match(row["version"])
            assert row["media_type"] == "application/stix+json;version=2.1"
            assert row["version"] == "2026-01-01T00:00:00.000000Z"
        dates = [row["date_added"] for row in found["objects"]]
        assert dates == sorted(set(dates)), "each has a date of its own, in order"

    def one_object(self):
        row = self.rows[3]
        assert self.soc.get(self.path("objects", row["id"]))["objects"] == [row]
        missing = self.soc.refused(self.path("objects", made.identify("indicator", "no")), 404)
        held = made.indicator("held-back", "red")
        self.put([held])
        self.settled()
        assert self.soc.refused(self.path("objects", held["id"]), 404).body == missing.body
        assert self.soc.get(self.path("objects", row["id"]),
                            match_version="2020-01-01T00:00:00Z") == {}

    def versions(self):
        row = made.indicator("changing", "green")
        for day in (1, 2, 3):
            self.put([version(row, day)])
            self.wait(day, match_id=row["id"], match_version="all")
        path = self.path("objects", row["id"])
        stamps = ["2026-01-%02dT00:00:00.000000Z" % day for day in (1, 2, 3)]
        assert self.soc.get(self.path("objects", row["id"], "versions")) == {
            "versions": stamps, "more": False}

        def days(**parameters):
            return [int(found["modified"][8:10]) for found in self.soc.all(path, **parameters)]

        assert days() == [3] and days(match_version="last") == [3]
        assert days(match_version="first") == [1] and days(match_version="all") == [1, 2, 3]
        assert days(match_version="first,last") == [1, 3]
        assert days(match_version=stamps[1]) == [2]
        assert days(match_version="2026-01-02T00:00:00Z,first") == [1, 2]
        for wrong in ("latest", "2026", ",", "last,", "2026-01-01"):
            self.soc.refused(path, 400, match_version=wrong)
        unknown = made.identify("indicator", "no")
        self.soc.refused(self.path("objects", unknown, "versions"), 404)
        assert len(self.soc.get(self.path("objects", row["id"], "versions"),
                                limit=2)["versions"]) == 2

    def posts(self):
        good, bad = made.malware("posted", "green"), made.malware("broken", "green")
        del bad["is_family"]
        bad["created"] = "yesterday"
        plain = made.malware("plain")
        envelope = {"objects": [good, bad, plain], "x_other": 1}
        got = self.soc.ask("POST", self.path("objects", of=self.inbox), json.dumps(envelope))
        assert got.status == 202 and got.headers["Content-Type"] == taxii.MEDIA, got
        status = json.loads(got.body)
        assert (status["status"], status["total_count"], status["success_count"],
                status["failure_count"], status["pending_count"]) == (
                    "complete", 3, 2, 1, 0), status
        assert STAMP.match(status["request_timestamp"])
        assert [row["id"] for row in status["successes"]] == [good["id"], plain["id"]]
        assert status["failures"][0]["id"] == bad["id"] and status["failures"][0]["message"]
        assert self.soc.get(ROOT + "status/%s/" % status["id"]) == status
        self.firm.refused(ROOT + "status/%s/" % status["id"], 404)
        self.soc.refused(ROOT + "status/nothing/", 404)
        rows = look.query(self.node, "SELECT id, source, handling FROM object_version"
                                     " WHERE type = 'malware' ORDER BY seq")
        assert [(row[0], row[1]) for row in rows] == [
            (good["id"], "gb/soc"), (plain["id"], "gb/soc")], rows
        assert '"tlp":"amber"' in rows[1][2], rows
        assert self.soc.all(self.path("objects", of=self.inbox)) == [good, plain]
        again = json.loads(self.soc.ask("POST", self.path("objects", of=self.inbox),
                                        json.dumps({"objects": [good]})).body)
        assert (again["success_count"], again["failure_count"]) == (1, 0), again
        other = dict(good, name="DEMO other words")
        clash = json.loads(self.soc.ask("POST", self.path("objects", of=self.inbox),
                                        json.dumps({"objects": [other]})).body)
        assert clash["failures"][0]["id"] == good["id"], clash
        assert clash["failures"][0]["version"] == good["modified"]
        assert len(self.soc.all(self.path("objects", of=self.inbox))) == 2

    def quarantined(self):
        row = made.malware("suspect", "green")
        got = self.soc.ask("POST", self.path("objects", of=self.apart),
                           json.dumps({"objects": [row]}))
        assert got.status == 202, got
        assert look.one(self.node, """SELECT state FROM object_state s JOIN object_version o
            ON o.seq = s.seq WHERE o.id = ?""", row["id"]) == "quarantined"
        assert self.soc.get(self.path("objects", of=self.apart)) == {}
        self.node.run("quarantine", "accept", row["id"])
        assert self.soc.get(self.path("objects", of=self.apart))["objects"] == [row]

    def deletes(self):
        rows = [version(made.malware("deleted", "green"), day) for day in (1, 2)]
        path = self.path("objects", of=self.inbox)
        for row in rows:
            assert self.soc.ask("POST", path, json.dumps({"objects": [row]})).status == 202
        one = self.path("objects", rows[0]["id"], of=self.inbox)
        self.soc.refused(self.path("objects", self.rows[0]["id"]), 403, "DELETE")
        got = self.soc.ask("DELETE", one, match_version="2026-01-01T00:00:00Z")
        assert got.status == 200, got
        assert self.soc.all(one, match_version="all") == [rows[1]]
        assert self.soc.ask("DELETE", one).status == 200
        self.soc.refused(one, 404)
        self.soc.refused(one, 404, "DELETE")
        assert look.one(self.node, "SELECT count(*) FROM object_version WHERE id = ?",
                        rows[0]["id"]) == 2
        self.restart()
        self.soc.refused(one, 404)
        assert self.soc.ask("POST", path, json.dumps({"objects": [rows[1]]})).status == 202
        assert self.soc.all(one) == [rows[1]]

    def filters(self):
        rows = [made.indicator("mixed", "green"), made.malware("mixed", "green"),
                made.make("tool", "mixed", "green", name="DEMO tool")]
        self.put(rows)
        ids = [row["id"] for row in rows]
        self.wait(3, match_id=",".join(ids))
        for path in (self.path("objects"), self.path("manifest")):
            def asked(**parameters):
                page = self.soc.get(path, **parameters)
                return [row["id"] for row in page.get("objects", [])]
            assert asked(match_id=",".join(reversed(ids))) == ids
            assert asked(match_id=ids[0], match_type="malware") == []
            assert asked(match_type="malware,tool", match_id=",".join(ids)) == ids[1:]
            assert asked(match_type="MALWARE") == [] and asked(match_type="mal") == []
            assert asked(match_spec_version="2.1", match_id=ids[0]) == ids[:1]
            assert asked(match_spec_version="2.0") == []
            assert asked(match_spec_version="2.0,2.1", match_id=ids[0]) == ids[:1]
            for name in ("match[foo]", "matchid", "match", "before"):
                self.soc.refused(path + "?%s=x" % name, 400)
            self.soc.refused(path + "?limit=1&limit=2", 400)
            self.soc.refused(path + "?match[id]=", 400)
        assert self.soc.get(self.path("objects"), match_type="campaign") == {}

    def added_after(self):
        manifest = self.soc.get(self.path("manifest"), limit=50)["objects"]
        for n in (0, 3, len(manifest) - 1):
            at = manifest[n]["date_added"]
            after = self.soc.get(self.path("manifest"), added_after=at).get("objects", [])
            assert [row["id"] for row in after] == [row["id"] for row in manifest[n + 1:]], n
        for text in ("2020-01-01T00:00:00Z", "2020-01-01T00:00:00.123456789Z"):
            assert self.soc.get(self.path("objects"), added_after=text)["objects"]
        assert self.soc.get(self.path("objects"), added_after="2999-01-01T00:00:00Z") == {}
        for wrong in ("yesterday", "2020-01-01", "2020-01-01T00:00:00", "2020-13-01T00:00:00Z",
                      "2020-01-01T00:00:00+09:00", "2020-01-01T00:00:00.Z"):
            self.soc.refused(self.path("objects"), 400, added_after=wrong)

    def limits(self):
        for wrong in ("0", "-1", "many", "1.5", "0x10", "99999999999999999999", "01"):
            for end in ("objects", "manifest"):
                self.soc.refused(self.path(end), 400, limit=wrong)
        every = self.ids()
        for n in (1, 2, len(every) - 1, len(every), len(every) + 1):
            page = self.soc.get(self.path("objects"), limit=n)
            assert len(page["objects"]) == min(n, len(every))
            assert page["more"] == (n < len(every)) == ("next" in page), (n, len(every))
            assert self.ids(limit=n) == every
        by_date, at = [], None
        while True:
            more = {"added_after": at} if at else {}
            got = self.soc.ask("GET", self.path("objects"), limit=3, **more)
            page = json.loads(got.body)
            if not page:
                break
            by_date += [row["id"] for row in page["objects"]]
            at = got.headers["X-TAXII-Date-Added-Last"]
        assert by_date == every

    def cursors(self):
        page = self.soc.get(self.path("objects"), limit=2)
        then = page["next"]
        assert re.match(r"^[A-Za-z0-9_-]+$", then)
        same = self.soc.get(self.path("objects"), limit=3, next=then)
        assert [row["id"] for row in same["objects"]] == self.ids()[2:5]
        for more in ({"match_type": "indicator"}, {"added_after": "2020-01-01T00:00:00Z"},
                     {"match_version": "all"}, {"match_id": "a"}):
            self.soc.refused(self.path("objects"), 400, next=then, **more)
        self.soc.refused(self.path("manifest"), 400, next=then)
        self.soc.refused(self.path("objects", of=self.inbox), 400, next=then)
        changed = [then[:i] + ("A" if then[i] != "A" else "B") + then[i + 1:]
                   for i in range(len(then))]
        for wrong in changed + ["", "x", then + "A", then[:-1], "é", "+" * len(then)]:
            self.soc.refused(self.path("objects"), 400, next=wrong)
        self.restart()
        assert self.soc.get(self.path("objects"), limit=3, next=then) == same
        late = made.indicator("late", "green")
        self.put([late])
        self.wait(1, match_id=late["id"])
        assert late["id"] not in self.ids(next=then), "a cursor ends where its first page did"
        assert late["id"] in self.ids()

    def decided(self):
        rows = {name: made.indicator("level-" + name, name)
                for name in ("clear", "green", "amber", "strict", "red")}
        plain = made.indicator("level-unmarked")
        clear = made.indicator("level-unmarked-clear")
        orcon = made.releasability("closed", releasability={"rel_to": []})
        self.put(list(rows.values()) + [plain], handling="green")
        self.put([clear], handling="clear")
        self.settled()
        got = set(self.ids(match_type="indicator", limit=50))
        assert {name for name, row in rows.items() if row["id"] in got} == {
            "clear", "green", "amber", "strict"}, "the view's level"
        assert plain["id"] not in got, "no envelope: what is unmarked above CLEAR is a variant"
        assert clear["id"] in got
        assert orcon["id"] not in got

    def relations(self):
        a, b = made.indicator("end-a", "green"), made.malware("end-b", "green")
        hidden = made.malware("end-hidden", "red")
        good, bad = made.relate("good", a, b, "green"), made.relate("bad", a, hidden, "green")
        self.put([good, bad, a, b, hidden])
        self.settled()
        ids = set(self.ids())
        assert {a["id"], b["id"], good["id"]} <= ids
        assert bad["id"] not in ids and hidden["id"] not in ids

    def leaves(self):
        rows = [made.indicator("leaving-%d" % n, "green") for n in range(4)]
        self.put(rows)
        self.wait(4, match_id=",".join(row["id"] for row in rows))
        before = self.ids()
        self.node.run("recall", rows[0]["id"], check=False)
        self.node.run("tighten", rows[1]["id"], "--handling", "red")
        undone = made.indicator("undone", "green")
        done = self.put([undone])
        self.wait(1, match_id=undone["id"])
        self.node.run("import", "undo", str(done["import"]), "--destroy")
        self.settled()
        gone = {rows[0]["id"], rows[1]["id"], undone["id"]}
        look.wait_until(lambda: not gone & set(self.ids()), 10)
        assert [i for i in self.ids() if i not in gone] == [i for i in before if i not in gone]
        for row in rows[:2] + [undone]:
            self.soc.refused(self.path("objects", row["id"]), 404)
            self.soc.refused(self.path("objects", row["id"], "versions"), 404)

    def observables(self):
        row = {"type": "domain-name", "spec_version": "2.1", "value": "sco.example.org",
               "id": made.identify("domain-name", "sco"),
               "object_marking_refs": [made.TLP["green"]]}
        self.put([row])
        self.wait(1, match_id=row["id"])
        record = self.soc.get(self.path("manifest"), match_id=row["id"])["objects"][0]
        assert record["version"] == record["date_added"], record
        assert self.soc.get(self.path("objects", row["id"]),
                            match_version=record["version"])["objects"] == [row]

    def two_sources(self):
        row = made.indicator("said-twice", "green")
        other = dict(row, name="DEMO of another")
        self.put([row])
        self.wait(1, match_id=row["id"])
        self.node.json("import", "-", "--handling", "green", "--originator", "fr",
                       data=made.lines([other]))
        self.settled()
        assert self.soc.all(self.path("objects"), match_id=row["id"],
                            match_version="all") == [row]

    def shares_end(self):
        self.share(self.view, "firm")
        look.wait_until(lambda: len(self.firm.all(self.path("objects"))) > 5)
        self.node.run("taxii", "collection", "unshare", self.view, "--to", "gb/firm")
        self.firm.refused(self.path("objects"), 404)
        assert self.firm.get(ROOT + "collections/")["collections"][0]["id"] == self.inbox
        self.node.run("recipient", "retire", "firm")
        self.firm.refused("/taxii2/", 401)

    def configuration(self):
        view = ("collection", "add", "main", "--title", "x")
        for args, code in ((("root", "add", "Main", "--title", "x"), 4),
                           (("root", "add", "main", "--title", "x"), 3),
                           (("root", "add", "other"), 4),
                           (("root", "add", "other", "--title", "x", "--max-bytes", "9"), 4),
                           (("root", "remove", "nothing"), 1),
                           (("collection", "add", "nothing", "--title", "x"), 1),
                           (view + ("--page", "0"), 4), (view + ("--page", "1001"), 4),
                           (view + ("--max-tlp", "red"), 4), (view + ("--alias", "iocs"), 3),
                           (view + ("--types", "A,"), 4), (view + ("--kind", "box"), 4),
                           (("collection", "share", "nothing", "--to", "soc"), 1),
                           (("collection", "share", self.view, "--to", "nobody"), 1),
                           (("account", "add", "soc-tool", "--recipient", "soc"), 3),
                           (("account", "add", "a:b", "--recipient", "soc"), 4),
                           (("account", "add", "more", "--recipient", "nobody"), 1),
                           (("account", "remove", "nobody"), 1), (("thing", "add", "x"), 2)):
            done = self.node.run("taxii", *args, check=False)
            assert done.returncode == code and done.stderr, (args, done)
        actions = {row[0] for row in look.query(self.node, "SELECT action FROM audit")}
        assert {"taxii.root.add", "taxii.collection.add", "taxii.share", "taxii.unshare",
                "taxii.account.add", "taxii.post", "taxii.delete"} <= actions
        listed = self.node.run("taxii", "collection", "list").stdout.decode()
        assert self.view in listed and "gb/soc" in listed
        self.node.run("check")


def main():
    suite = tap.Tap()
    with tap.folder() as path:
        node = pair.Node(sys.argv[1], os.path.join(path, "gb"), "gb", "GBR").start()
        try:
            run = Suite(node, path)
            for name, case in (
                    ("TAXII T1 TLS and nothing else", run.transport),
                    ("TAXII T2 T3 what Accept lets be sent", run.media_types),
                    ("TAXII T3 what a post has to be", run.content_types),
                    ("TAXII T4 every path ends with a slash", run.slashes),
                    ("TAXII T5 A11 a certificate for an account", run.certificates),
                    ("TAXII E1 discovery", run.discovery),
                    ("TAXII E2 an API root", run.root),
                    ("V1 TAXII E4 E5 collections of the account", run.collections),
                    ("TAXII E7 F1 T7 P4 A12 objects as they came, in order", run.objects),
                    ("TAXII E6 A9 P3 a manifest, each with a date of its own", run.manifest),
                    ("V1 TAXII E9 one object; withheld is as unknown", run.one_object),
                    ("TAXII E11 F4 versions", run.versions),
                    ("TAXII E8 E3 T8 A3 A5 posts and their status", run.posts),
                    ("TAXII E8 an inbox that quarantines", run.quarantined),
                    ("TAXII E10 A8 deleting from an inbox, never from a view", run.deletes),
                    ("TAXII F2 F4 T9 A21 A24 filters", run.filters),
                    ("TAXII F3 T7 A19 A20 added_after is exclusive", run.added_after),
                    ("TAXII P1 P2 A10 A22 limits and page boundaries", run.limits),
                    ("TAXII P2 A2 cursors hold for their query, also after a restart",
                     run.cursors),
                    ("V1 TAXII H4 only what the gate permits is in a view", run.decided),
                    ("V1 TAXII relations go with both ends or not", run.relations),
                    ("S3 TAXII what is recalled, tightened or undone leaves", run.leaves),
                    ("TAXII F5 observables have the date as their version", run.observables),
                    ("TAXII F5 two sources, one member", run.two_sources),
                    ("V1 TAXII a share that ends", run.shares_end),
                    ("U1 TAXII configuration that cannot be", run.configuration)):
                suite.case(name, case)
        finally:
            node.stop()
    suite.end()


main()
