# SPDX-License-Identifier: Apache-2.0
"""Usage: test_search.py BONGSU

Search in Korean and English over a real node: spellings, filters, what a recipient sees, what
was destroyed, and the same index after a rebuild."""
import json
import os
import sqlite3
import sys
import unicodedata
import urllib.parse

import look
import made
import tap

ACTOR = made.make("identity", "search-author", "green", name="DEMO 합동분석반",
                  identity_class="group")
KOREAN = made.make(
    "report", "search-korean", "green", name="DEMO 북한 해킹조직의 공급망 공격", published=made.MADE,
    description="한·영 합동 보안권고: 라자루스 조직이 보안인증 소프트웨어 취약점을 악용했다. "
    "사이버 안보 관계기관은 hxxps://update[.]example[.]org 접속을 차단한다.",
    labels=["권고"], created_by_ref=ACTOR["id"], object_refs=[ACTOR["id"]])
ENGLISH = made.make("malware", "search-english", "amber", name="DEMO MagicLine4NX loader",
                    is_family=False, description="Used by Lazarus against the supply chain, "
                    "see CVE-2023-45797.", labels=["loader"])
SET = made.make("intrusion-set", "search-set", "green", name="DEMO Dubious Heron",
                aliases=["수상한 왜가리", "DH-7"])
NOTE = made.make("note", "search-note", "green", content="왜가리 조사: DH-7 인프라",
                 object_refs=[SET["id"]])
ALL = [ACTOR, KOREAN, ENGLISH, SET, NOTE]


class Suite:
    def __init__(self, node):
        self.node = node
        self.tokens = {}

    def ask(self, path="/api/v1/search", token=None, **parameters):
        path += "?" + urllib.parse.urlencode(parameters)
        token = token or self.token("analyst")
        status, answer = look.ask(self.node, "GET", path,
                                  headers={"Authorization": "Bearer " + token})
        return status, answer

    def token(self, name, *options):
        if name not in self.tokens:
            self.tokens[name] = self.node.json("token", "create", name, "--rights",
                                               "read,import", *options)["token"]
        return self.tokens[name]

    def search(self, q="", token=None, **parameters):
        status, answer = self.ask(token=token, q=q, **parameters)
        assert status == 200, (status, answer)
        return json.loads(answer)

    def ids(self, *args, **parameters):
        return [row["id"] for row in self.search(*args, **parameters)["objects"]]

    def check(self, query, *rows, **parameters):
        found = self.ids(query, **parameters)
        assert sorted(found) == sorted(row["id"] for row in rows), (query, parameters, found)

    def bring(self):
        self.node.json("import", "-", "--handling", "green", data=made.lines(ALL))
        self.check("해킹조직", KOREAN)

    def spellings(self):
        for query in ("해킹", "해킹조직", "공격 북한", "한영", "한-영", "한ㆍ영", "한∙영 합동",
                      "사이버안보", "사이버 안보", "보안 권고", "北 공격", "라자루스 소프트웨어",
                      "update.example.org", "hxxps://update[.]example[.]org", "example.org 차단",
                      '"해킹조직의 공급망"', "권고"):
            assert KOREAN["id"] in self.ids(query), query
        for query in ("magicline4nx", "ＭＡＧＩＣＬＩＮＥ４ＮＸ", "CVE-2023-45797",
                      "cve–2023–45797", "supply chain"):
            assert ENGLISH["id"] in self.ids(query), query
        for query in ("해킹조각", '"공격 북한"', "magicl", "CVE-2023-4579", "ample.org", "없는말"):
            self.check(query)

    def normal_forms(self):
        for query in ("해킹조직", "사이버안보"):
            self.check(unicodedata.normalize("NFD", query), KOREAN)
        row = made.malware("search-nfd", "green")
        row["name"] = unicodedata.normalize("NFD", "DEMO 국가사이버안보센터 사칭")
        self.node.json("import", "-", data=made.lines([row]))
        self.check("국가사이버안보센터", row)
        hit, = self.search("사칭")["objects"]
        assert hit["title"] == row["name"] and hit["snippet"][1] == unicodedata.normalize(
            "NFD", "사칭"), hit

    def both_languages(self):
        for query in ("라자루스", "Lazarus", "LAZARUS", "공급망", "supply chain"):
            self.check(query, KOREAN, ENGLISH)
        self.check("매직라인", ENGLISH)
        self.check("랜섬웨어")

    def aliases(self):
        self.check("Dubious Heron", SET)
        self.check("DEMO Dubious Heron", SET, NOTE)
        self.check("DH-7", SET, NOTE)
        self.check("수상한 왜가리", SET, NOTE)

    def filters(self):
        self.check("라자루스", KOREAN, type="report")
        self.check("라자루스", ENGLISH, marking="amber")
        self.check("", ENGLISH, marking="amber")
        self.check("라자루스", ENGLISH, label="LOADER")
        self.check("", KOREAN, author=ACTOR["id"])
        self.check("", KOREAN, author="DEMO 합동분석반")
        self.check("", author="DEMO nobody here")
        self.check("라자루스", KOREAN, ENGLISH, source="gb")
        self.check("라자루스", source="kr")
        self.check("라자루스", since="2100-01-01T00:00:00Z")
        self.check("라자루스", KOREAN, ENGLISH, until="2100-01-01T00:00:00Z")
        self.check("라자루스", until="2020-01-01T00:00:00Z")
        row = made.indicator("search-value", "green")
        self.node.json("import", "-", data=made.lines([row]))
        self.check("", row, value="search-value[.]example.org")
        self.check("DEMO", row, value="search-value.example.org")

    def snippets(self):
        hit, = self.search("한영")["objects"]
        assert hit["field"] == "description" and hit["snippet"][:2] == ["", "한·영"], hit
        assert "".join(hit["snippet"]) in KOREAN["description"], hit
        hit, = self.search("사이버안보 관계기관")["objects"]
        assert "사이버 안보" in hit["snippet"], hit

    def pages(self):
        rows = [made.malware("page-%04d" % i, "green", description="쪽번호 시험")
                for i in range(250)]
        self.node.json("import", "-", data=made.lines(rows))
        seen, after = [], ""
        while True:
            page = self.search("쪽번호", limit=40, after=after)
            seen += [row["id"] for row in page["objects"]]
            if "next" not in page:
                break
            after = page["next"]
        assert seen == [row["id"] for row in reversed(rows)], len(seen)

    def versions(self):
        old = made.malware("search-version", "green", description="옛낱말")
        new = dict(old, description="새낱말", modified="2026-02-01T00:00:00.000Z")
        self.node.json("import", "-", data=made.lines([old]))
        self.check("옛낱말", old)
        self.node.json("import", "-", data=made.lines([new]))
        self.check("옛낱말")
        self.check("새낱말", new)

    def bad_input(self):
        for parameters in ({"q": "북"}, {"q": "對"}, {"q": "..."}, {"marking": "secret"},
                           {"since": "now"}, {"limit": "0"}, {"limit": "1001"},
                           {"after": "x"}, {"q": " ".join(["낱말%d" % i for i in range(20)])},
                           {"label": b"\xff"}, {"q": b"\xff\xfe"}, {"author": b"\xff"}):
            status, answer = self.ask(**parameters)
            assert status == 400 and json.loads(answer), (parameters, status, answer)
        assert self.ask(other="x")[0] == 400

    def inside(self):
        """What is not released changes no byte of the answers of a recipient."""
        node = self.node
        node.run("recipient", "add", "ncsc")
        token = self.token("inside", "--recipient", "ncsc")
        questions = [dict(q="라자루스"), dict(q="DEMO"), dict(q="수상한 왜가리"), dict(q="DH-7"),
                     dict(marking="green"), dict(q="DEMO", limit=1), dict(type="malware"),
                     dict(author="DEMO 합동분석반"), dict(value="denied.example.org")]
        assert all(self.search(token=token, **question) == {"objects": []}
                   for question in questions)
        node.run("release", KOREAN["id"], ACTOR["id"], "--to", "gb/ncsc",
                 check=False)
        before = [self.ask(token=token, **question) for question in questions]
        assert sorted(self.ids("DEMO", token=token)) == sorted(
            [KOREAN["id"], ACTOR["id"]]), self.ids("DEMO", token=token)
        assert self.ids("수상한 왜가리", token=token) == []
        denied = [made.indicator("denied", "green"),
                  made.make("intrusion-set", "denied-set", "green", name="DEMO 라자루스",
                            aliases=["DH-7", "합동", "왜가리 조사"]),
                  dict(KOREAN, modified="2026-03-01T00:00:00.000Z", name="DEMO 라자루스 새판")]
        node.json("import", "-", data=made.lines(denied))
        after = [self.ask(token=token, **question) for question in questions]
        assert before == after, (before, after)

    def get(self, path, token=None, **parameters):
        status, answer = self.ask(path, token=token, **parameters)
        return json.loads(answer) if status == 200 else status

    def graph(self):
        """a -uses-> b -targets-> c, d refers to c; e holds a value of f."""
        a, b, c = (made.malware("graph-" + name, "green") for name in "abc")
        ab, bc = made.relate("ab", a, b, verb="uses"), made.relate("bc", b, c, verb="targets")
        d = made.report("graph-d", [c], "green")
        e = made.indicator("graph-e", "green")
        f = made.make("domain-name", "graph-f", value="graph-e.example.org")
        del f["created"], f["modified"]
        self.node.json("import", "-", data=made.lines([a, b, c, ab, bc, d, e, f]))
        near = self.get("/api/v1/objects/%s/neighbours" % b["id"])["neighbours"]
        assert sorted((row["id"], row["relation"], row["via"], row["direction"])
                      for row in near) == sorted([
                          (a["id"], "uses", ab["id"], "in"),
                          (c["id"], "targets", bc["id"], "out")]), near
        near = self.get("/api/v1/objects/%s/neighbours" % c["id"], type="report")
        assert [(row["id"], row["direction"]) for row in near["neighbours"]] == [
            (d["id"], "in")], near
        path = self.get("/api/v1/paths", **{"from": a["id"], "to": d["id"]})
        assert path["found"] and [(row["id"], row["direction"]) for row in path["steps"]] == [
            (b["id"], "out"), (c["id"], "out"), (d["id"], "in")], path
        back = self.get("/api/v1/paths", **{"from": d["id"], "to": a["id"]})
        assert [row["id"] for row in back["steps"]] == [c["id"], b["id"], a["id"]], back
        near = self.get("/api/v1/paths", depth=2, **{"from": a["id"], "to": d["id"]})
        assert not near["found"], near
        assert not self.get("/api/v1/paths", **{"from": a["id"], "to": e["id"]})["found"]
        same = self.get("/api/v1/objects/%s/correlations" % e["id"])["values"]
        assert [(row["value"], [item["id"] for item in row["objects"]]) for row in same] == [
            ("domain:graph-e.example.org", [f["id"]])], same
        for path in ("/api/v1/objects/%s/neighbours" % made.identify("tool", "none"),
                     "/api/v1/objects/nothing/correlations"):
            assert self.get(path) == 404, path
        assert self.get("/api/v1/paths", depth=7, **{"from": a["id"], "to": c["id"]}) == 400
        done = self.node.run("path", a["id"], d["id"])
        assert done.stdout.decode().count("\n") == 3, done
        assert ab["id"] in self.node.run("neighbours", a["id"]).stdout.decode()
        assert f["id"] in self.node.run("correlate", e["id"]).stdout.decode()
        return a, b, c, d, ab, bc

    def correlated_pages(self):
        rows = [made.indicator("many", "green", description="%d" % i) for i in range(1)]
        rows += [dict(made.indicator("many"), id=made.identify("indicator", "many-%d" % i))
                 for i in range(60)]
        self.node.json("import", "-", data=made.lines(rows))
        seen, after = [], ""
        while True:
            page = self.get("/api/v1/objects/%s/correlations" % rows[0]["id"], limit=7,
                            after=after)
            seen += [item["id"] for row in page["values"] for item in row["objects"]]
            if "next" not in page:
                break
            after = page["next"]
        assert seen == [row["id"] for row in rows[1:]], len(seen)

    def graph_inside(self):
        """Paths and neighbours of a recipient go through what it reads alone."""
        a, b, c, d, ab, bc = self.graph()
        self.node.run("recipient", "add", "police")
        token = self.token("police", "--recipient", "police")
        ends = {"from": a["id"], "to": d["id"]}
        assert self.get("/api/v1/paths", token=token, **ends) == 404
        for rows in ([a], [d], [ab]):
            self.node.run("release", rows[0]["id"], "--to", "gb/police", check=False)
        path = self.get("/api/v1/paths", token=token, **ends)
        held = {row["id"] for row in self.get("/api/v1/objects", token=token)["objects"]}
        through = {row["id"] for row in path["steps"]}
        assert through <= held, (through, held)
        if bc["id"] not in held:
            assert not path["found"], path

    def kept(self):
        self.node.run("query", "add", "북한 공격", "라자루스", "--type", "report")
        assert [row["name"] for row in self.node.json("query", "list")["queries"]] == [
            "북한 공격"]
        found = self.node.json("query", "run", "북한 공격")
        assert [row["id"] for row in found["objects"]] == [KOREAN["id"]], found
        other = self.token("other")
        assert self.get("/api/v1/queries", token=other) == {"queries": []}
        assert self.node.run("query", "add", "bad", "북", check=False).returncode == 4
        self.node.run("query", "remove", "북한 공격")
        assert self.node.json("query", "list") == {"queries": []}
        assert self.node.run("query", "run", "북한 공격", check=False).returncode != 0
        actions = [row[0] for row in look.query(
            self.node, "SELECT action FROM audit WHERE action LIKE 'query.%' ORDER BY seq")]
        assert actions == ["query.put", "query.remove"], actions

    def looked_up(self):
        values = ["v%06d.example.org" % i for i in range(100000)]
        values[77777] = "search-value.example.org"
        token = self.token("analyst")
        status, answer = look.ask(
            self.node, "POST", "/api/v1/lookup", "\n".join(values).encode(),
            headers={"Authorization": "Bearer " + token})
        lines = answer.decode().splitlines()
        assert status == 200 and len(lines) == 100000, (status, len(lines))
        assert [i for i, line in enumerate(lines) if json.loads(line)["found"]] == [77777]

    def destroyed(self):
        """No term of a destroyed row is left, in a full block or in one that fills."""
        many = [made.malware("fill-%04d" % i, "green", description="채움말%d" % (i % 7))
                for i in range(1500)]
        gone = made.malware("search-gone", "green", description="지워질말 uniqueterm")
        self.node.json("import", "-", data=made.lines(many[:100] + [gone] + many[100:]))
        late = made.malware("search-late", "green", description="늦은말 lateterm")
        self.node.json("import", "-", data=made.lines([late]))
        self.check("지워질말", gone)
        parts = look.one(self.node, "SELECT count(*) FROM text_part")
        assert parts >= 128, parts
        for number in sorted((row["import"] for row in self.node.json(
                "imports", "--limit", "2")["imports"])):
            self.node.json("import", "undo", str(number), "--destroy")
        self.check("지워질말")
        self.check("늦은말")
        assert self.ids("채움말3") == []
        assert look.one(self.node, "SELECT sum(length(entries)) FROM text_part") > 0

    def harm(self, script):
        """Damage of the index is found, and is nothing else: a rebuild mends it."""
        store = sqlite3.connect(os.path.join(self.node.folder, "store.db"))
        assert store.execute(script).rowcount == 1
        store.commit()
        store.close()
        done = self.node.run("check", "--json", check=False)
        codes = {problem["code"] for problem in json.loads(done.stdout)["problems"]}
        assert done.returncode == 1 and codes == {"TEXT"}, done

    def fill_a_node(self):
        """Blocks enough for a node above them, and rows in it that go again (S3)."""
        rare = [made.malware("node-%d" % i, "green", description="마디말 nodeterm%d" % i)
                for i in range(50)]
        first = self.node.json("import", "-", data=made.lines(rare))["import"]
        self.node.json("import", "-", data=made.lines(
            [made.malware("level-%d" % i, "green", description="켜켜이%d" % (i % 5))
             for i in range(18000)]))
        assert look.one(self.node, "SELECT count(*) FROM text_part WHERE id >= 1 << 56") > 100
        assert len(self.search("마디말")["objects"]) == 50
        self.node.run("import", "undo", str(first), "--destroy")
        self.check("마디말")
        self.check("nodeterm7")

    def rebuilt(self):
        """S2: rebuild makes the same rows and terms."""
        self.fill_a_node()
        tables = ("text_part", "text_waiting")
        def rows():
            return [look.query(self.node, "SELECT * FROM %s ORDER BY 1" % table)
                    for table in tables]
        before, found = rows(), self.search("DEMO", limit=1000)
        self.node.stop()
        done = self.node.run("check", check=False)
        assert done.returncode == 0, done
        self.harm("UPDATE text_part SET entries = substr(entries, 7) WHERE id ="
                  " (SELECT max(id) FROM text_part)")
        self.harm("INSERT INTO text_part VALUES ((1 << 57) + 5, x'000000000100')")
        self.harm("UPDATE text_part SET entries = x'0000' WHERE id ="
                  " (SELECT min(id) FROM text_part)") # no entry; a level is made of it
        self.node.run("rebuild")
        for was, now in zip(before, rows()):
            assert was == now, (len(was), len(now), [
                (one[0], one[1].hex()[:200], two[0], two[1].hex()[:200])
                for one, two in zip(was, now) if one != two][:3])
        self.node.start()
        assert self.search("DEMO", limit=1000) == found

    def command(self):
        done = self.node.run("search", "사이버안보", "--lang", "ko")
        assert KOREAN["id"] in done.stdout.decode() and "[사이버 안보]" in done.stdout.decode()
        assert self.node.run("search", "없는말", check=False).returncode == 1
        done = self.node.run("search", "북", check=False)
        assert done.returncode == 4 and b"syllable" in done.stderr, done
        found = self.node.json("search", "라자루스", "--type", "report")
        assert [row["id"] for row in found["objects"]] == [KOREAN["id"]], found


def main():
    suite = tap.Tap()
    with tap.folder() as path, tap.nodes(path, sys.argv[1]) as pair:
        pair.start()
        pair.tokens()
        run = Suite(pair.gb)
        suite.case("what is imported is found", run.bring)
        suite.case("spellings of one thing are one", run.spellings)
        suite.case("composed and decomposed text find each other", run.normal_forms)
        suite.case("a word finds its pair in the other language", run.both_languages)
        suite.case("a name finds the other names", run.aliases)
        suite.case("filters and words together", run.filters)
        suite.case("what is meant is shown as it is written", run.snippets)
        suite.case("pages follow each other, newest first", run.pages)
        suite.case("only the newest version is found", run.versions)
        suite.case("bad input is one clear answer", run.bad_input)
        suite.case("the command", run.command)
        suite.case("neighbours, paths and shared values", run.graph)
        suite.case("shared values are listed to the end", run.correlated_pages)
        suite.case("V1 a recipient's paths go through what it reads", run.graph_inside)
        suite.case("U1 queries are kept for each who asks", run.kept)
        suite.case("100,000 values are looked up at once", run.looked_up)
        suite.case("V1 a recipient's answers hold nothing of the rest", run.inside)
        suite.case("S3 words of what was destroyed are gone", run.destroyed)
        suite.case("S2 rebuild makes the same index", run.rebuilt)
    suite.end()


main()
