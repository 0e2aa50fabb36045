# SPDX-License-Identifier: Apache-2.0
"""A TAXII 2.1 client for the system tests: one account of a node, over one TLS connection."""
import base64
import collections
import http.client
import json
import ssl
import urllib.parse

MEDIA = "application/taxii+json;version=2.1"
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
