# SPDX-License-Identifier: Apache-2.0
"""A TAXII 2.1 client for the system tests: one account of a node, over one TLS connection."""
import base64
import collections
import http.client
import json
import ssl
import urllib.parse

import look
import made

MEDIA = "application/taxii+json;version=2.1"
ROOT = "/taxii2/main/"
Answer = collections.namedtuple("Answer", "status headers body")


class Account:
    def __init__(self, node, name, recipient, certificate=None):
        """A new account; with a certificate (file, key file) it has no password."""
        more = ["--certificate", certificate[0]] if certificate else []
        made = node.json("taxii", "account", "add", name, "--recipient", recipient, *more)
        self.node, self.name, self.certificate = node, name, certificate
        self.password = made.get("password")
        self.connection = None

    def header(self):
        if self.certificate:
            return {}
        pair = "%s:%s" % (self.name, self.password)
        return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}

    def connect(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        if self.certificate:
            context.load_cert_chain(*self.certificate)
        host, port = self.node.address.split("//")[1].rsplit(":", 1)
        return http.client.HTTPSConnection(host, int(port), context=context, timeout=60)

    def ask(self, method, path, body=None, headers=None, **parameters):
        """One request; the parameters of `match` are given as match_id and so on."""
        if parameters:
            path += "?" + urllib.parse.urlencode(
                {"match[%s]" % key[6:] if key.startswith("match_") else key: value
                 for key, value in parameters.items()})
        send = {"Accept": MEDIA, **self.header(), **(headers or {})}
        send = {name: value for name, value in send.items() if value is not None}
        if method == "POST" and "Content-Type" not in send:
            send["Content-Type"] = MEDIA
        if not self.connection:
            self.connection = self.connect()
        try:
            self.connection.request(method, path, body=body, headers=send)
            got = self.connection.getresponse()
            return Answer(got.status, dict(got.getheaders()), got.read())
        except (http.client.HTTPException, OSError):
            self.connection.close()
            self.connection = None
            raise

    def get(self, path, **parameters):
        """The JSON of an answer that has to be good."""
        got = self.ask("GET", path, **parameters)
        assert got.status == 200, (path, parameters, got)
        assert got.headers["Content-Type"] == MEDIA, got.headers
        return json.loads(got.body)

    def refused(self, path, status, method="GET", body=None, headers=None, **parameters):
        """The error resource of an answer that has to be refused."""
        got = self.ask(method, path, body=body, headers=headers, **parameters)
        assert got.status == status, (path, parameters, got)
        assert got.headers["Content-Type"] == MEDIA, got.headers
        error = json.loads(got.body)
        assert error["title"] and error["http_status"] == str(status), error
        return got

    def pages(self, path, **parameters):
        """Every page of a collection, by `next`."""
        while True:
            page = self.get(path, **parameters)
            yield page
            if not page.get("more"):
                return
            parameters["next"] = page["next"]

    def all(self, path, **parameters):
        return [row for page in self.pages(path, **parameters)
                for row in page.get("objects", [])]


class Shelf:
    """A node with an API root, a view, two inboxes and three accounts: `soc` has all of
    them, `firm` may write into one, `none` has nothing."""
    def __init__(self, node, folder):
        self.node, self.folder = node, folder
        node.run("token", "create", "demo", "--rights", "read,import,release,recall", "--save")
        for name in ("soc", "firm", "none"):
            node.run("recipient", "add", name)
        node.run("taxii", "root", "add", "main", "--title", "Main root")
        self.view = self.collection("--title", "Indicators", "--alias", "iocs", "--page", "50")
        self.inbox = self.collection("--title", "Reports", "--kind", "inbox",
                                     "--handling", "amber")
        self.apart = self.collection("--title", "Apart", "--kind", "inbox",
                                     "--handling", "quarantine")
        self.share(self.view, "soc")
        self.share(self.inbox, "soc", "both")
        self.share(self.apart, "soc", "both")
        self.share(self.inbox, "firm", "write")
        self.soc = Account(node, "soc-tool", "soc")
        self.firm = Account(node, "firm-tool", "firm")
        self.none = Account(node, "none-tool", "none")
        self.rows = [made.indicator("row-%d" % n, "green") for n in range(7)]
        self.put(self.rows)
        self.wait(7)

    def restart(self):
        self.node.stop()
        self.node.start()
        for account in (self.soc, self.firm, self.none):
            account.connection = None

    def collection(self, *options):
        return self.node.json("taxii", "collection", "add", "main", *options)["id"]

    def share(self, collection, to, may="read"):
        self.node.run("taxii", "collection", "share", collection, "--to", to, "--may", may)

    def put(self, rows, handling="green"):
        return self.node.json("import", "-", "--handling", handling, data=made.lines(rows))

    def path(self, *rest, of=None):
        return ROOT + "collections/%s/" % (of or self.view) + "".join(r + "/" for r in rest)

    def ids(self, **parameters):
        return [row["id"] for row in self.soc.all(self.path("objects"), **parameters)]

    def wait(self, n, **parameters):
        look.wait_until(lambda: len(self.ids(**parameters)) >= n)

    def settled(self):
        """The worker has looked at every row."""
        look.wait_until(lambda: look.one(self.node, """SELECT count(*) FROM taxii_share s
            JOIN taxii_collection c ON c.id = s.collection WHERE NOT c.is_inbox
            AND s.at_seq < (SELECT max(seq) FROM object_version)""") == 0)
