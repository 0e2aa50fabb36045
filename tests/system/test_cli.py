# SPDX-License-Identifier: Apache-2.0
"""Usage: test_cli.py BONGSU

The command line: wrong use, help in two languages, JSON, tokens and rights, what a preview and
an explanation promise, and that every change leaves an audit event."""
import hashlib
import json
import os
import re
import subprocess
import sys

import look
import made
import tap

COMMANDS = ("init", "serve", "signer", "status", "token", "link", "import", "show", "find",
            "lookup", "explain", "release", "recall", "ledger", "stix",
            "pattern")
RIGHTS = ("read", "import", "release", "recall", "carry")

# arguments, exit code, what the line says; {id} is an object that is held, {no} one that is not
WRONG_USE = [
    (["nonsense"], 2, "no subcommand nonsense"), (["help", "nonsense"], 2, "nonsense"),
    (["import"], 2, "missing"), (["import", "x", "--colour"], 2, "--colour"),
    (["import", "x", "--handling"], 2, "needs a value"), (["status", "x"], 2, "too many"),
    (["status", "--json", "--json=1"], 2, "--json"), (["show"], 2, "missing"),
    (["show", "{id}", "{id}"], 2, "too many"), (["status", "-n"], 2, "needs a value"),
    (["import", "-", "--handling", "green", "--handling", "red"], 2, "twice"),
    (["import", "-", "--handling", "purple"], 4, "handling is"),
    (["import", "-", "--originator", "Great Britain"], 4, "originator"),
    (["token", "create"], 2, "missing"), (["token", "paint", "x"], 2, "paint"),
    (["token", "create", "x", "--rights", "everything"], 4, "rights"),
    (["token", "create", "x" * 65], 4, "name"), (["token", "revoke", "nobody"], 1, "no token"),
    (["link", "paint"], 2, "paint"), (["link", "offer"], 2, "--to"),
    (["link", "offer", "--to", "KR!"], 2, "--to"), (["link", "agree", "a", "b"], 2, "--out"),
    (["link", "add", "/nonexistent"], 4, "/nonexistent"), (["link", "pause", "xx"], 1, "link"),
    (["link", "export", "xx"], 1, "link"), (["link", "import", "/dev/null"], 4, "byte 0"),
    (["find", "--limit", "many"], 4, "limit"), (["find", "--since", "yesterday"], 4, "since"),
    (["find", "--value", "a.example", "--ref", "{id}"], 4, "together"),
    (["explain", "{id}"], 2, "--to"), (["explain", "{no}", "--to", "kr"], 1, "no such object"),
    (["explain", "{id}", "--to", "xx"], 1, "link"), (["show", "{no}"], 1, "no such object"),
    (["release", "--to", "kr"], 2, "--all"), (["release", "{id}"], 2, "--to"),
    (["release", "{id}", "--all", "--to", "kr"], 2, "not both"),
    (["release", "{no}", "--to", "kr"], 1, "{no}"),
    (["release", "{id}", "--to", "xx"], 1, "link"),
    (["release", "{id}", "--to", "kr", "--priority", "now"], 4, "priority"),
    (["recall", "{no}"], 1, "released"),
    (["recall", "{id}", "--reason", "NO GOOD"], 4, "reason"),
    (["recall", "{id}", "--hours", "soon"], 4, "hours"), (["ledger", "paint", "x"], 2, "paint"),
    (["ledger", "evidence", "xx"], 1, "link"), (["ledger", "verify", "x"], 2, "--policy"),
    (["ledger", "verify", "/dev/null", "--policy", "/dev/null"], 4, "byte 0"),
    (["stix", "paint", "x"], 2, "paint"),
    (["stix", "check", "/nonexistent"], 4, "/nonexistent"),
    (["pattern", "paint", "x"], 2, "paint"), (["pattern", "check"], 2, "missing"),
    (["pattern", "check", "[a:b = ]"], 1, "byte 7"),
]

# what the row's own marking says, the importer's word, result, rule; to kr
HANDLINGS = [
    ("clear", {}, None, "PERMIT", "R10"), ("green", {}, None, "PERMIT", "R10"),
    ("amber", {}, None, "PERMIT", "R10"), ("strict", {}, None, "PERMIT", "R10"),
    ("red", {}, None, "DENY", "R8"), (None, {}, "green", "PERMIT", "R10"),
    (None, {}, "red", "DENY", "R8"), ("clear", {}, "red", "PERMIT", "R10"),
    ("green", {"permitted_nationalities": ["GBR", "KOR"]}, None, "PERMIT", "R10"),
    ("green", {"permitted_nationalities": ["GBR", "USA"]}, None, "DENY", "R7"),
    ("green", {"permitted_nationalities": []}, None, "DENY", "R7"),
    ("green", {"formal_determination": ["NF"]}, None, "DENY", "R7"),
    ("green", {"orcon": True}, None, "HOLD", "R9"),
    ("green", {"expires": "2020-01-01T00:00:00Z"}, None, "DENY", "R2"),
    ("green", {"expires": "2120-01-01T00:00:00Z"}, None, "PERMIT", "R10"),
    ("green", {"embargo_until": "2120-01-01T00:00:00Z"}, None, "DENY", "R2"),
    ("green", {"embargo_until": "2020-01-01T00:00:00Z"}, None, "PERMIT", "R10"),
    ("green", {"caveats": ["EYES"]}, None, "PERMIT", "R10"),
    ("green", {"colour": "blue"}, None, "QUARANTINE", "R1"),
    ("green", {"permitted_nationalities": "KOR"}, None, "QUARANTINE", "R1"),
]


class CommandLine:
    def __init__(self, pair):
        self.pair, self.gb, self.kr = pair, pair.gb, pair.kr
        self.held = made.indicator("held", "green")
        self.none = made.identify("indicator", "not-held")
        self.gb.json("import", "-", data=made.lines([self.held]))

    def fill(self, text):
        return text.replace("{id}", self.held["id"]).replace("{no}", self.none)

    def wrong(self, args, code, said):
        done = self.gb.run("-n", self.gb.folder, *[self.fill(arg) for arg in args], data=b"{}",
                           check=False, with_node=False)
        lines = done.stderr.decode().splitlines()
        assert done.returncode == code, (done.returncode, lines)
        assert len(lines) == 1 and self.fill(said) in lines[0], lines
        assert lines[0].startswith("bongsu") and not done.stdout, (lines, done.stdout)

    def plain(self, *args, **env):
        """Without -n and with a bare environment."""
        return subprocess.run([self.gb.program, *args], stdout=subprocess.PIPE, check=False,
                              stderr=subprocess.PIPE, timeout=60, env=env)

    def which_node(self):
        done = self.plain("status")
        assert done.returncode == 2 and b"BONGSU_NODE" in done.stderr, done
        done = self.plain("status", "--json", BONGSU_NODE=self.kr.folder)
        assert json.loads(done.stdout)["party"] == "kr", done
        done = self.plain("status", "--json", "-n", self.gb.folder, BONGSU_NODE=self.kr.folder)
        assert json.loads(done.stdout)["party"] == "gb", done
        done = self.plain("-n", self.gb.folder, "--json", "status")
        assert json.loads(done.stdout)["party"] == "gb", done
        done = self.plain("status", "-n", self.pair.path("x" * 120))
        assert done.returncode == 2 and b"too long" in done.stderr, done

    def help_in_two_languages(self):
        overview = self.plain("help").stdout.decode()
        for name in COMMANDS:
            assert re.search(r"^  %s +\S" % name, overview, re.M), name
            texts = {}
            for language in ("en", "ko"):
                ways = [self.plain("help", name, "--lang", language),
                        self.plain(name, "--help", "--lang", language),
                        self.plain("help", name, BONGSU_LANG=language),
                        self.plain("help", name, LANG=language + "_XX.UTF-8")]
                assert all(way.returncode == 0 and not way.stderr for way in ways), ways
                assert len({way.stdout for way in ways}) == 1, ways
                texts[language] = ways[0].stdout.decode()
            assert texts["en"].isascii() and "\n  " in texts["en"], texts["en"]
            assert re.search("[\uac00-\ud7a3]", texts["ko"]), texts["ko"]
            assert re.findall("--[a-z-]+", texts["en"]) == re.findall("--[a-z-]+", texts["ko"])
        assert self.plain("--lang", "ko", "help").stdout.decode() != overview

    def messages_in_korean(self):
        for args in (("show", self.none), ("nonsense",), ("release", "--to", "kr")):
            done = self.plain(*args, "-n", self.gb.folder, "--lang", "ko")
            english = self.plain(*args, "-n", self.gb.folder)
            assert done.returncode == english.returncode != 0, (args, done)
        done = self.plain("nonsense", "--lang", "ko")
        assert re.search("[\uac00-\ud7a3]", done.stderr.decode()), done.stderr

    def all_json(self):
        """With --json standard output is empty or JSON, a document a line."""
        path, made_node = self.pair.path("json.stix"), self.pair.path("third")
        with open(path, "wb") as file:
            file.write(made.lines([made.indicator("json", "green")]))
        out = ("--out", self.pair.path("json.out"))
        rows = [["init", made_node, "--party", "xx", "--node", "n", "--country", "GBR"],
                ["status"], ["token", "create", "json"], ["token", "revoke", "json"],
                ["import", path], ["import", path], ["stix", "check", path, path],
                ["show", self.held["id"]], ["find"], ["find", "--type", "none"],
                ["lookup", "held.example.org", "other.example.org"],
                ["explain", self.held["id"], "--to", "kr"],
                ["release", self.held["id"], "--to", "kr", "--preview"],
                ["link", "offer", "--to", "us", *out], ["link", "export", "kr", *out],
                ["link", "pause", "kr"], ["link", "resume", "kr"],
                ["link", "agree", self.pair.path("gb.offer"), self.pair.path("kr.offer"), *out],
                ["link", "sign", out[1]],
                ["link", "add", self.pair.path("agreement"), "--address", self.kr.address],
                ["release", self.held["id"], "--to", "kr"], ["recall", self.held["id"]],
                ["ledger", "policy", "kr", *out]]
        silent = {"offer", "export", "policy"}  # their result is the file
        for row in rows:
            done = self.gb.run(*row, "--json", check=False)
            assert done.returncode in (0, 1), (row, done)
            found = [json.loads(line) for line in done.stdout.splitlines()]
            assert found or silent & set(row), row
            assert all(isinstance(item, dict) for item in found), row
        self.pair.wait_settled()

    def rights(self):
        """Each right opens its own routes and no others; without a token, with a wrong one and
        with a revoked one nothing but the operator's calls is open."""
        row = made.indicator("rights", "green")
        self.gb.json("import", "-", data=made.lines([row]))
        calls = [("read", ["show", row["id"]]), ("read", ["find"]),
                 ("read", ["lookup", "rights.example.org"]),
                 ("read", ["explain", row["id"], "--to", "kr"]), ("import", ["import", "-"]),
                 ("release", ["release", row["id"], "--to", "kr", "--preview"]),
                 ("release", ["release", row["id"], "--to", "kr"]),
                 ("recall", ["recall", row["id"]]), ("carry", ["link", "export", "kr"]),
                 ("carry", ["ledger", "evidence", "kr"])]
        tokens = {"none": "", "wrong": "bm9uc2Vuc2U="}
        for right in RIGHTS:
            tokens[right] = self.gb.json("token", "create", "only-" + right, "--rights",
                                         right)["token"]
        tokens["revoked"] = self.gb.json("token", "create", "gone", "--rights",
                                         ",".join(RIGHTS))["token"]
        self.gb.run("token", "revoke", "gone")
        # Without BONGSU_TOKEN and without the file there is none.
        os.rename(os.path.join(self.gb.folder, "token"), self.pair.path("token"))
        try:
            self.try_tokens(tokens, calls, made.lines([row]))
        finally:
            os.rename(self.pair.path("token"), os.path.join(self.gb.folder, "token"))
        self.pair.wait_settled()

    def try_tokens(self, tokens, calls, data):
        for name, token in tokens.items():
            for right, args in calls:
                done = self.with_token(token, *args, data=data)
                if name == right:
                    assert done.returncode == 0, (name, args, done)
                    continue
                assert done.returncode == 3, (name, args, done)
                assert done.stderr.count(b"\n") == 1 and b"token" in done.stderr, done
                assert not done.stdout, done

    def with_token(self, token, *args, data=None):
        env = dict(os.environ, BONGSU_LANG="en", **({"BONGSU_TOKEN": token} if token else {}))
        return subprocess.run(self.gb.command(*args), input=data, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False, timeout=60, env=env)

    def every_route_has_a_right(self):
        """Over TCP, without a token and with one that has every right: none of the routes of
        the operator or the partner opens."""
        everything = self.gb.json("token", "create", "everything", "--rights",
                                  ",".join(RIGHTS))["token"]
        bearer = {"Authorization": "Bearer " + everything}
        operator = {("POST", "/api/v1/tokens"), ("DELETE", "/api/v1/tokens/{}"),
                    ("POST", "/api/v1/recipients"), ("DELETE", "/api/v1/recipients/{}"),
                    ("POST", "/api/v1/officers"), ("DELETE", "/api/v1/officers/{}"),
                    ("POST", "/api/v1/persons"), ("DELETE", "/api/v1/persons/{}/{}"),
                    ("POST", "/api/v1/links"), ("POST", "/api/v1/links/{}/state"),
                     ("POST", "/api/v1/links/{}/unfreeze"), ("POST", "/api/v1/links/{}/mode"),
                     ("DELETE", "/api/v1/links/{}"), ("POST", "/api/v1/links/{}/epoch"),
                     ("POST", "/api/v1/keys"), ("POST", "/api/v1/certificate"),
                     ("POST", "/api/v1/taxii/roots"), ("DELETE", "/api/v1/taxii/roots/{}"),
                     ("POST", "/api/v1/taxii/accounts"), ("POST", "/api/v1/feeds"),
                     ("DELETE", "/api/v1/feeds/{}"), ("POST", "/api/v1/feeds/{}/run")}
        routes = look.routes()
        operator |= {route for route in routes
                     if route[1].startswith(("/link/v1/", "/taxii2/"))}
        assert operator <= set(routes), operator - set(routes)
        for method, pattern in routes:
            if pattern == "/healthz":
                continue  # for anybody: one word
            path = pattern.replace("{}", "everything").replace("{*}", "0/000")
            path += "?after=nowhere" if path.endswith("/events") else ""  # else it has no end
            length = {"Content-Length": "0"} if method == "POST" else {}
            status, body = look.ask(self.gb, method, path, headers=length)
            assert status in (401, 403), (method, path, status)
            status, body = look.ask(self.gb, method, path, headers=dict(length, **bearer))
            closed = (method, pattern) in operator
            assert (status in (401, 403)) == closed, (method, path, status, body[:200])
        # The socket of somebody else's folder is not theirs: rights are by token there too.
        assert self.gb.json("status")["party"] == "gb"

    def preview_is_what_arrives(self):
        rows = [made.indicator("preview-%d" % n, "green", description="DEMO 미리 보기 \u2028 é")
                for n in range(30)]
        rows.append(made.report("preview-report", rows[:5], "amber"))
        allied = made.releasability("preview-allied", permitted_nationalities=["KOR", "GBR"])
        rows += [made.indicator("preview-allied-one", allied["id"]), allied,
                 made.indicator("preview-red", "red")]
        # Spacing, order and escapes are the sender's own: they arrive as they are.
        spaced = json.dumps(rows[0], indent=3, ensure_ascii=True).encode()
        self.gb.json("import", "-", data=spaced + b"\n" + made.lines(rows[1:]))
        ids = [row["id"] for row in rows if row is not allied]
        done = self.gb.run("release", *ids, "--to", "kr", "--preview")
        shown = done.stdout
        assert b"preview-red" not in shown and done.stderr.count(b"\n") == 1, done.stderr
        before = look.counts(self.gb)
        order = self.pair.path("order")
        answer = self.gb.json("release", *ids, "--to", "kr", "--preview", "--out", order)
        assert look.counts(self.gb) == before, "a preview changed something"
        seq = look.one(self.kr, "SELECT coalesce(max(seq), 0) FROM object_version")
        assert self.gb.run("release", *ids, "--to", "kr", check=False).returncode == 3
        self.pair.wait_settled()
        arrived = [data for (data,) in look.query(
            self.kr, "SELECT bytes FROM object_bytes WHERE seq > ? ORDER BY seq", seq)]
        rest = shown
        for data in sorted(arrived, key=len, reverse=True):
            assert data + b"\n" in rest, data[:200]
            rest = rest.replace(data + b"\n", b"", 1)
        assert rest == b"" and len(arrived) == len(rows) - 1, (rest[:200], len(arrived))
        with open(order, "rb") as file:
            text = file.read().rstrip(b"\n")
        digest = hashlib.sha256(b"bongsu-order-v1\n" + text).hexdigest()
        assert answer["digest"] == digest and answer["order"].encode() == text, answer

    def explained(self, number, row):
        level, marking, word, result, rule = row
        marks = [level] if level else []
        rows = []
        if marking:
            rows.append(made.releasability("explain-mark-%d" % number, **marking))
            marks.append(rows[0]["id"])
        rows.append(made.indicator("explain-%d" % number, *marks))
        how = ("--handling", word) if word else ()
        self.gb.json("import", "-", *how, data=made.lines(rows))
        name = rows[-1]["id"]
        done = self.gb.run("explain", name, "--to", "kr", "--json", check=False)
        (found,) = json.loads(done.stdout)["rows"]
        assert (found["result"], found["rule"]) == (result, rule), found
        assert done.returncode == (0 if result == "PERMIT" else 1), done.returncode
        text = self.gb.run("explain", name, "--to", "kr", check=False).stdout.decode()
        assert text == "%s by %s: %s (from gb)\n" % (result, rule, found["why"]), text
        text = self.gb.run("explain", name, "--to", "kr", "--lang", "ko", check=False).stdout
        assert found["why_ko"] in text.decode(), text
        # What is explained is what a release does.
        done = self.gb.run("release", name, "--to", "kr", "--json", check=False)
        answer = json.loads(done.stdout)
        assert done.returncode == (0 if result == "PERMIT" else 3), done.returncode
        assert [item["rule"] for item in answer["withheld"]] == [rule] * (result != "PERMIT")

    def asked_for_by_name(self):
        """A marking definition that is named goes, whatever it came along with."""
        mark = made.releasability("named-mark", permitted_nationalities=["GBR"])
        row = made.indicator("named", "green", mark["id"])
        self.gb.json("import", "-", data=made.lines([row, mark]))
        done = self.gb.run("release", row["id"], mark["id"], "--to", "kr", "--json",
                           check=False)
        answer = json.loads(done.stdout)
        assert answer["released"] == 1 and len(answer["withheld"]) == 1, answer

    def lookups(self):
        """Values one a line, defanged or not; one JSON line each, in order."""
        row = made.make("indicator", "lookup", "green", name="DEMO lookup", pattern_type="stix",
                        valid_from=made.MADE,
                        pattern="[url:value = 'http://find.example.org/a']"
                        " OR [ipv4-addr:value = '198.51.100.7']")
        self.gb.json("import", "-", data=made.lines([row]))
        values = ["hxxp://find[.]example[.]org/a", "198.51.100[.]7",
                  "http://find.example.org/a", "198.51.100.8", "한국.example"]
        done = self.gb.run("lookup", "-", "--json", data="\n".join(values).encode(),
                           check=False)
        found = [json.loads(line) for line in done.stdout.splitlines()]
        assert [item["value"] for item in found] == values, found
        assert [item["found"] for item in found] == [True, True, True, False, False], found
        assert done.returncode == 1
        assert self.gb.run("lookup", values[0], values[1]).returncode == 0
        done = self.gb.run("lookup", "-", data=b"\xff\xfe\n", check=False)
        assert done.returncode == 4 and b"value number 1" in done.stderr, done

    def audited(self):
        """U1: each change leaves an audit event that names its action."""
        row = made.indicator("audited", "green")
        batch = self.pair.path("audit.batch")
        steps = [("token.add", ["token", "create", "audited"]),
                 ("recipient.add", ["recipient", "add", "audited"]),
                 ("recipient.retire", ["recipient", "retire", "audited"]),
                 ("token.revoke", ["token", "revoke", "audited"]),
                 ("import.end", ["import", "-"]),
                 ("link.state", ["link", "pause", "kr"]),
                 ("link.mode", ["link", "mode", "kr", "push"]),
                 ("release", ["release", row["id"], "--to", "kr"]),
                 ("link.export", ["link", "export", "kr", "--out", batch]),
                 ("recall", ["recall", row["id"]]), ("link.state", ["link", "resume", "kr"]),
                 ("link.add", ["link", "add", self.pair.path("agreement"), "--address",
                               self.kr.address])]
        for action, args in steps:
            last = look.one(self.gb, "SELECT max(seq) FROM audit")
            self.gb.run(*args, data=made.lines([row]))
            events = look.query(self.gb, "SELECT action FROM audit WHERE seq > ?", last)
            assert (action,) in events, (args, events)
        self.pair.wait_settled()
        last = look.one(self.kr, "SELECT max(seq) FROM audit")
        self.gb.json("import", "-", data=made.lines([made.indicator("audited-2", "green")]))
        self.gb.run("release", made.identify("indicator", "audited-2"), "--to", "kr")
        self.pair.wait_settled()
        events = look.query(self.kr, "SELECT action, target FROM audit WHERE seq > ?", last)
        assert ("link.receive", "gb") in events, events

    def standard_output_is_full(self):
        """A result that cannot be written is a failure, not a success with less."""
        if not os.path.exists("/dev/full"):
            raise tap.Skip("there is no /dev/full here")
        with open("/dev/full", "wb") as full:
            done = subprocess.run(self.gb.command("find", "--json"), stdout=full, timeout=60,
                                  stderr=subprocess.PIPE, check=False)
        assert done.returncode == 5, done

    def refusals_in_korean(self):
        """What the node says is in the reader's language, with what it is about."""
        nothing = "indicator--00000000-0000-4000-8000-000000000000"
        for args, words in ((("neighbours", nothing), "그런 객체를 가지고 있지 않습니다"),
                            (("search", "DEMO", "--since", "x"), "같은 시각입니다"),
                            (("recall", nothing), "배포된 적이 없거나"),
                            (("query", "run", "none"), "보관하고 있지 않습니다")):
            done = self.gb.run(*args, "--lang", "ko", check=False)
            assert done.returncode and words in done.stderr.decode(), (args, done)
            assert words not in self.gb.run(
                *args, check=False).stderr.decode(), args

    def not_running(self):
        self.kr.stop()
        done = self.kr.run("status", check=False)
        assert done.returncode == 5 and self.kr.folder.encode() in done.stderr, done
        self.kr.start(listen=self.kr.address.split("//")[1])


def main(program):
    cases = tap.Tap()
    with tap.folder() as path, tap.linked(path, program) as pair:
        run = CommandLine(pair)
        for args, code, said in WRONG_USE:
            cases.case("exit %d: %s" % (code, " ".join(args)[:60]), run.wrong, args, code, said)
        for name, step in (("the node is named by -n or BONGSU_NODE", run.which_node),
                           ("help in English and Korean", run.help_in_two_languages),
                           ("messages in Korean", run.messages_in_korean),
                           ("refusals in Korean", run.refusals_in_korean),
                           ("--json is JSON everywhere", run.all_json),
                           ("U1 each right opens its own routes", run.rights),
                           ("U1 every route has a right", run.every_route_has_a_right),
                           ("a preview is what arrives, byte by byte",
                            run.preview_is_what_arrives),
                           ("what is named is not left out in silence", run.asked_for_by_name),
                           ("lookup of values one a line", run.lookups),
                           ("a full standard output", run.standard_output_is_full),
                           ("U1 every change leaves an audit event", run.audited),
                           ("a node that does not run", run.not_running)):
            cases.case(name, step)
        for number, row in enumerate(HANDLINGS):
            cases.case("explain names the rule: %s %s %s" % (row[0], row[1], row[2] or ""),
                       run.explained, number, row)
    cases.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
