# SPDX-License-Identifier: Apache-2.0
"""Usage: test_operate.py BONGSU

What operators and scripts rely on: health, metrics, and the API as its document says it."""
import json
import os
import re
import sys

import look
import made
import pair
import tap

SAMPLE = re.compile(r'^([a-z_]+)(\{[a-z]+="[^"\\]*"\})? ([0-9]+(\.[0-9]+)?)$')


class Suite:
    def __init__(self, node):
        self.node = node
        self.token = node.json("token", "create", "all", "--rights",
                               "read,import,release,recall,carry")["token"]
        self.node.environment = {}
        node.run("token", "create", "demo", "--rights", "read,import", "--save")
        node.json("import", "-", "--handling", "green",
                  data=made.lines([made.indicator("one", "green")]))
        with open(os.path.join(tap.ROOT, "docs", "openapi.json"), encoding="utf-8") as file:
            self.document = json.load(file)

    def ask(self, method, path, with_token=True):
        headers = {"Authorization": "Bearer " + self.token} if with_token else {}
        if method in ("POST", "PUT"):
            headers["Content-Length"] = "0"
        return look.ask(self.node, method, path, headers=headers)

    def health(self):
        assert self.ask("GET", "/healthz", with_token=False) == (200, b"ok\n")
        assert self.ask("GET", "/healthz?x=1", with_token=False)[0] == 400
        assert self.ask("GET", "/metrics", with_token=False)[0] == 401

    def samples(self):
        """Every sample, by name and labels; the format is checked line by line."""
        status, text = self.ask("GET", "/metrics")
        assert status == 200
        kinds, found = {}, {}
        for line in text.decode("ascii").splitlines():
            if line.startswith("# TYPE "):
                _, _, name, kind = line.split()
                assert kind in ("gauge", "counter", "histogram") and name not in kinds, line
                kinds[name] = kind
            elif not line.startswith("# HELP "):
                name, label, value, _ = SAMPLE.match(line).groups()
                base = re.sub("_(bucket|sum|count)$", "", name)
                assert base in kinds or name in kinds, "%s has no type" % name
                assert (name, label) not in found, line
                found[name, label] = float(value)
        return found

    def metrics(self):
        before = self.samples()
        assert before["bongsu_objects", None] == 1 and before["bongsu_readonly", None] == 0
        for _ in range(5):
            self.ask("GET", "/api/v1/status")
        self.ask("GET", "/api/v1/nothing")
        counted = [("bongsu_requests_total", '{class="2xx"}'),
                   ("bongsu_requests_total", '{class="4xx"}')]

        def more(key):
            return self.samples()[key] - before[key]

        # A request is counted when it has ended: a little after its client has the answer.
        look.wait_until(lambda: more(counted[0]) >= 6 and more(counted[1]) == 1)
        after = self.samples()
        assert after["bongsu_request_seconds_bucket", '{le="+Inf"}'] == \
            after["bongsu_request_seconds_count", None] >= 6
        buckets = [after["bongsu_request_seconds_bucket", '{le="%s"}' % le]
                   for le in ("0.001", "0.01", "0.1", "1", "10", "+Inf")]
        assert buckets == sorted(buckets) and after["bongsu_request_seconds_sum", None] > 0

    def routes(self):
        """The document and the table name the same addresses."""
        table = {(method, path) for method, path in look.routes()
                 if path.startswith(("/api/v1/", "/healthz", "/metrics"))}
        told = {(method.upper(), re.sub(r"{\w+}", "{}", path))
                for path, methods in self.document["paths"].items() for method in methods}
        assert table == told, table ^ told

    def answers(self):
        """What the document says of an address is so: its rights, its kind, its errors."""
        for path, methods in self.document["paths"].items():
            for method, what in methods.items():
                address = re.sub(r"{\w+}", "x", path)
                status, body = self.ask(method.upper(), address + "?no_such_parameter=1")
                is_operator = "operator" in what["x-right"] and "read" not in what["x-right"]
                assert status == (403 if is_operator else 400), (method, path, status)
                error = json.loads(body)["error"]
                assert set(error) == {"code", "message"} and error["message"]
                if what["security"]:
                    assert self.ask(method.upper(), address, False)[0] in (401, 403), path
        for path in ("/api/v1/status", "/api/v1/objects", "/api/v1/recipients"):
            status, body = self.ask("GET", path)
            assert status == 200 and isinstance(json.loads(body), dict)

    def limits(self):
        """Every list refuses a limit that is none."""
        tried = 0
        for path, methods in self.document["paths"].items():
            names = [p["name"] for p in methods.get("get", {}).get("parameters", [])]
            if "limit" not in names:
                continue
            address = re.sub(r"{\w+}", "x", path)
            for wrong in ("0", "-1", "many", "1.5", "99999999999999999999", "1000000"):
                status, _ = self.ask("GET", address + "?limit=" + wrong)
                # A kept query that is not there is not found, whatever the limit.
                assert status == 400 or (status == 404 and "queries" in path), (path, wrong)
                tried += 1
        assert tried > 20


def main():
    suite = tap.Tap()
    with tap.folder() as path:
        node = pair.Node(sys.argv[1], os.path.join(path, "gb"), "gb", "GBR").start()
        try:
            run = Suite(node)
            suite.case("U1 health is for anybody, metrics are not", run.health)
            suite.case("metrics in the text format, and they count", run.metrics)
            suite.case("the document has every route, and no other", run.routes)
            suite.case("U1 each address is as the document says", run.answers)
            suite.case("limits that cannot be", run.limits)
        finally:
            node.stop()
    suite.end()


main()
