# SPDX-License-Identifier: Apache-2.0
"""Looking at a node from outside, with readers that share no code with it: Python's JSON and
SQLite, and the journal's text."""
import collections
import gzip
import http.client
import json
import os
import re
import shutil
import sqlite3
import ssl
import time

import tap

# What importing or receiving the same again must leave as it is. An import is itself an event:
# its own row and its audit rows are not among these.
TABLES = ("object_version", "object_bytes", "object_original", "object_state", "handling_event",
          "value_index",
          "ref_index", "text_waiting", "text_part", "log", "ledger_entry", "ledger_node",
          "release", "decision", "payload", "received_payload",
          "receipt", "membership", "recall", "recall_item", "recall_ack")


def query(node, sql, *values):
    """Rows of a node's store; the node may be running."""
    path = os.path.join(node.folder, "store.db")
    store = sqlite3.connect("file:%s?mode=ro" % path, uri=True, timeout=30)
    try:
        return store.execute(sql, values).fetchall()
    finally:
        store.close()


def wait_until(is_so, wait_s=30):
    until = time.monotonic() + wait_s
    while not is_so():
        assert time.monotonic() < until, "it did not happen in %d s" % wait_s
        time.sleep(0.02)


def copy_folder(node, where):
    """Of a stopped node, without its socket."""
    shutil.copytree(node.folder, where, ignore=shutil.ignore_patterns("node.sock"))
def write(node, sql, *values):
    """Changes a row of a node's store from outside; the node may be running."""
    store = sqlite3.connect(os.path.join(node.folder, "store.db"), timeout=30)
    try:
        with store:
            store.execute(sql, values)
    finally:
        store.close()


def one(node, sql, *values):
    return query(node, sql, *values)[0][0]


def counts(node, tables=TABLES):
    return {table: one(node, "SELECT count(*) FROM " + table) for table in tables}


def log_id(node, is_ours):
    return one(node, "SELECT id FROM log WHERE is_ours = ?", int(is_ours))


def unreceipted(node, is_ours):
    """Entries of a log that want a receipt and do not have exactly one."""
    return query(node, """SELECT e.idx, count(r.idx) FROM ledger_entry e
        LEFT JOIN receipt r ON r.log_id = e.log_id AND r.idx = e.idx
        WHERE e.log_id = ? AND e.wants_receipt = 1 GROUP BY e.idx HAVING count(r.idx) <> 1""",
        log_id(node, is_ours))


def two_roots(node):
    """(origin, size) pairs that the signer's journal holds with more than one root."""
    roots = collections.defaultdict(set)
    with open(os.path.join(node.folder, "signer.journal"), encoding="ascii") as journal:
        for line in journal:
            origin, size, root = line.split()
            roots[origin, int(size)].add(root)
    return {place: found for place, found in roots.items() if len(found) > 1}


def verify(pair):
    """Both nodes' evidence, verified offline; gives the counts of each."""
    found = []
    for node, other in ((pair.gb, "kr"), (pair.kr, "gb")):
        evidence, policy = (pair.path(node.party + end) for end in (".evidence", ".policy"))
        node.run("ledger", "evidence", other, "--out", evidence)
        node.run("ledger", "policy", other, "--out", policy)
        done = node.run("ledger", "verify", evidence, "--policy", policy, "--json",
                        with_node=False)
        found.append(json.loads(done.stdout))
        assert found[-1]["consistent"], found[-1]
    return found


def read_file(path):
    with open(path, "rb") as file:
        data = file.read()
    return gzip.decompress(data) if path.endswith(".gz") else data


def documents(data):
    """The JSON documents of a text: one, or one a line. None when it is neither."""
    try:
        return [json.loads(data)]
    except ValueError:
        pass
    try:
        return [json.loads(line) for line in data.splitlines() if line.strip()]
    except ValueError:
        return None


def stix_objects(found):
    """The STIX objects of documents; None when something in them is no STIX."""
    objects = []
    for document in found or [None]:
        if not isinstance(document, dict) or not isinstance(document.get("type"), str):
            return None
        if document["type"] == "bundle":
            objects += document.get("objects", [])
        elif "id" in document:
            objects.append(document)
        else:
            return None
    if not all(isinstance(row, dict) for row in objects):
        return None
    return objects


def routes():
    """(method, path) of every route of the node, from its two tables."""
    found = []
    for name in ("routes.c", "routes_peer.c"):
        with open(os.path.join(tap.ROOT, "src", "api", name), encoding="utf-8") as file:
            found += re.findall(r'\.method = HTTP_(\w+),\s*\.path = STR_INIT\("([^"]+)"\)',
                                file.read())
    assert len(found) > 10 and ("POST", "/link/v1/batch") in found, found
    return found


def ask(node, method, path, body=None, certificate=None, headers=None):
    """One request to a node's TCP address: (status, body). The certificate is a (file, key
    file) pair that we show, or None."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if certificate:
        context.load_cert_chain(*certificate)
    host, port = node.address.split("//")[1].rsplit(":", 1)
    connection = http.client.HTTPSConnection(host, int(port), context=context, timeout=30)
    try:
        connection.request(method, path, body=body, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def certificate_of(node):
    return tuple(os.path.join(node.folder, "keys", name) for name in ("tls.crt", "tls.key"))


def children(pid):
    """The processes that a process started."""
    with open("/proc/%d/task/%d/children" % (pid, pid), encoding="ascii") as numbers:
        return [int(number) for number in numbers.read().split()]
